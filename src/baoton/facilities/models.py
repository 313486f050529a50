"""Facilities and their codes, what they hold, the books of what came and went, and who looks after that."""

import re
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baoton.kit.place import Located
from baoton.kit.record import Record
from baoton.kit.writing.ledger import Entry as LedgerEntry
from baoton.taxa.models import Taxon


class Owner(Record):
    """Who owns a facility: personal data, seen by few, and whoever opens it is written down."""

    class Kind(models.TextChoices):
        PERSON = "person", _("cá nhân")
        HOUSEHOLD = "household", _("hộ gia đình")
        ORGANISATION = "organisation", _("tổ chức")

    kind = models.CharField(_("loại chủ cơ sở"), max_length=12, choices=Kind)
    name = models.CharField(_("tên chủ cơ sở"), max_length=200)
    identity = models.CharField(_("số định danh"), max_length=40, blank=True, default="")
    phone = models.CharField(_("điện thoại"), max_length=40, blank=True, default="")
    address = models.CharField(_("địa chỉ"), max_length=300, blank=True, default="")

    opening_is_audited: ClassVar[bool] = True

    class Meta:
        indexes: ClassVar = [models.Index(fields=["name", "id"], name="owner_name")]

    def __str__(self) -> str:
        return self.name


class Facility(Located):
    """A place where listed or ordinary wildlife is bred, planted or kept."""

    class Kind(models.TextChoices):
        BREEDING = "breeding", _("nuôi sinh sản, sinh trưởng")
        PLANTING = "planting", _("trồng cấy nhân tạo")
        KEEPING = "keeping", _("bảo tồn: nuôi, trồng loài ưu tiên bảo vệ")
        RESCUE = "rescue", _("bảo tồn: cứu hộ")
        GENE = "gene", _("bảo tồn: lưu giữ nguồn gen, giống")
        ORDINARY = "ordinary", _("nuôi động vật rừng thông thường")

    class Status(models.TextChoices):
        OPEN = "open", _("đang hoạt động")
        SUSPENDED = "suspended", _("tạm dừng")
        CLOSED = "closed", _("đã đóng")

    name = models.CharField(_("tên cơ sở"), max_length=200)
    kind = models.CharField(_("loại cơ sở"), max_length=12, choices=Kind)
    owner = models.ForeignKey(Owner, on_delete=models.PROTECT, verbose_name=_("chủ cơ sở"))
    village = models.CharField(_("bản, tổ, đường"), max_length=200, blank=True, default="")
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.OPEN)
    code = models.CharField(_("mã số"), max_length=40, blank=True, default="", editable=False)
    code_from = models.DateField(_("mã số từ ngày"), null=True, blank=True, editable=False)
    search_text = models.TextField(default="", editable=False)

    class Meta:
        verbose_name = _("cơ sở")
        indexes: ClassVar = [
            models.Index(fields=["name", "id"], name="fac_name"),
            models.Index(fields=["status", "name", "id"], name="fac_status"),
            models.Index(fields=["kind", "name", "id"], name="fac_kind"),
            models.Index(fields=["area_path", "name", "id"], name="fac_area"),
            models.Index(fields=["shown_area_path", "name", "id"], name="fac_shown"),
            models.Index(fields=["code"], name="fac_code"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})" if self.code else self.name


class Code(Record):
    """A code that a facility bears or bore; once given to one it is never given to another."""

    facility = models.ForeignKey(
        Facility, on_delete=models.PROTECT, related_name="codes", verbose_name=_("cơ sở")
    )
    text = models.CharField(_("mã số"), max_length=40, unique=True)
    key = models.CharField(max_length=40, unique=True, editable=False)
    group = models.CharField(_("nhóm"), max_length=4)
    since = models.DateField(_("từ ngày"))
    until = models.DateField(_("đến ngày"), null=True, blank=True)
    why_ended = models.CharField(_("vì sao hết hiệu lực"), max_length=300, blank=True, default="")
    certainty = models.CharField(_("căn cứ của dạng mã"), max_length=400, blank=True, default="")

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A code is found however its parts are set apart."""
        self.key = code_key(self.text)
        super().save(*args, **kwargs)


def code_key(written: str) -> str:
    """How a code is compared: capital letters and digits, without spaces, dots and dashes."""
    return re.sub(r"[\s.\-]", "", written).upper()


class Stock(Record):
    """What a facility holds of one species in one form of book; the book is this row, its balances are sums."""

    class Form(models.TextChoices):
        BREEDING = "breeding", _("sổ nuôi (19 cột)")
        PLANTING = "planting", _("sổ trồng")
        ORDINARY = "ordinary", _("sổ động vật rừng thông thường")

    facility = models.ForeignKey(
        Facility, on_delete=models.PROTECT, related_name="stocks", verbose_name=_("cơ sở")
    )
    taxon = models.ForeignKey(Taxon, on_delete=models.PROTECT, related_name="+", verbose_name=_("loài"))
    form = models.CharField(_("mẫu sổ"), max_length=10, choices=Form)
    purpose = models.CharField(_("mục đích"), max_length=1)
    unit = models.CharField(_("đơn vị tính"), max_length=20, default="con")
    generation = models.CharField(_("thế hệ nuôi"), max_length=4, blank=True, default="")
    capacity = models.PositiveIntegerField(_("sức chứa"), null=True, blank=True)
    since = models.DateField(_("mở sổ ngày"))
    balance = models.IntegerField(_("số dư"), default=0, editable=False)
    unchecked = models.BooleanField(default=True, editable=False, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["facility", "taxon", "form"],
                name="stock_once",
                condition=models.Q(withdrawn__isnull=True),
                violation_error_message=_("Cơ sở đã có sổ của loài này theo mẫu này."),
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["since", "id"], name="stock_since"),
            models.Index(fields=["taxon", "since", "id"], name="stock_taxon"),
            models.Index(fields=["purpose", "since", "id"], name="stock_purpose"),
        ]

    def __str__(self) -> str:
        return f"{self.taxon.vernacular_vi.split(';')[0].strip() or self.taxon.scientific_name} · {self.facility}"


CLASSES = {
    Stock.Form.BREEDING: ("sire", "dam", "male", "female", "unsexed"),
    Stock.Form.PLANTING: ("mother", "seedling", "plant"),
    Stock.Form.ORDINARY: ("male", "female", "unsexed"),
}


class Entry(LedgerEntry):
    """One line of a book: so many of one class in or out on one day, why, with whom and on which paper."""

    KINDS = (
        ("sire", _("bố mẹ: đực")),
        ("dam", _("bố mẹ: cái")),
        ("male", _("đực khác")),
        ("female", _("cái khác")),
        ("unsexed", _("chưa rõ giới tính")),
        ("mother", _("cây mẹ")),
        ("seedling", _("cây giống")),
        ("plant", _("cá thể trồng")),
    )

    class Movement(models.TextChoices):
        OPENING = "opening", _("đầu kỳ")
        BORN = "born", _("sinh ra, nhân giống")
        BOUGHT = "bought", _("mua, nhận về")
        TAKEN = "taken", _("khai thác từ tự nhiên")
        ARRIVED = "arrived", _("chuyển đến từ cơ sở có mã số")
        DIED = "died", _("chết")
        SOLD = "sold", _("bán, cho, xuất đi")
        LEFT = "left", _("chuyển đi tới cơ sở có mã số")
        LOST = "lost", _("thoát, mất")
        GREW = "grew", _("chuyển lớp trong đàn")
        REVERSED = "reversed", _("đảo dòng ghi nhầm")

    book = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="entries", verbose_name=_("sổ"))
    kind = models.CharField(_("lớp"), max_length=40, choices=KINDS)
    movement = models.CharField(_("biến động"), max_length=10, choices=Movement)
    partner = models.CharField(_("bên giao, bên nhận"), max_length=300, blank=True, default="")
    paper = models.CharField(_("giấy tờ, biên bản"), max_length=200, blank=True, default="")
    entered = models.DateField(_("ngày ghi"), default=timezone.localdate, editable=False)
    verified_on = models.DateField(_("xác nhận ngày"), null=True, blank=True)
    verified_by = models.CharField(_("người xác nhận"), max_length=200, blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["book", "day", "position"], name="entry_book"),
            models.Index(fields=["book", "kind", "day"], name="entry_class"),
            models.Index(fields=["day", "id"], name="entry_day"),
            models.Index(fields=["movement", "day", "id"], name="entry_movement"),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}: {self.amount:+d} {dict(self.KINDS).get(self.kind, self.kind)}"


class Transfer(Record):
    """Animals or plants that one coded facility says it gave to another: stands when the other says so too."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("chờ bên nhận")
        ACCEPTED = "accepted", _("bên nhận đã ghi sổ")
        DISPUTED = "disputed", _("bên nhận không đồng ý")
        RETURNED = "returned", _("bên giao đã nhận lại")

    giver = models.ForeignKey(
        Stock, on_delete=models.PROTECT, related_name="given", verbose_name=_("sổ bên giao")
    )
    receiver = models.ForeignKey(
        Stock, on_delete=models.PROTECT, related_name="received", verbose_name=_("sổ bên nhận")
    )
    day = models.DateField(_("ngày giao"))
    amounts = models.JSONField(_("số lượng theo lớp"), default=dict)
    paper = models.CharField(_("giấy tờ"), max_length=200, blank=True, default="")
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.PROPOSED)
    answer = models.CharField(_("ý kiến bên nhận"), max_length=300, blank=True, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["status", "day", "id"], name="transfer_status")]

    def __str__(self) -> str:
        return f"{self.giver} → {self.receiver}"


class Individual(Record):
    """A marked animal: known by its marks for life, in one place at a time."""

    class Status(models.TextChoices):
        HERE = "here", _("đang ở cơ sở")
        ENDED = "ended", _("đã ra khỏi sổ")

    class MarkKind(models.TextChoices):
        CHIP = "chip", _("chip điện tử")
        RING = "ring", _("vòng chân")
        TAG = "tag", _("thẻ tai")
        TATTOO = "tattoo", _("xăm số")
        OTHER = "other", _("dấu khác")

    stock = models.ForeignKey(
        Stock, on_delete=models.PROTECT, related_name="individuals", verbose_name=_("đang ở sổ")
    )
    kind = models.CharField(_("lớp"), max_length=40, choices=Entry.KINDS)
    mark_kind = models.CharField(_("loại dấu"), max_length=8, choices=MarkKind)
    mark = models.CharField(_("số dấu"), max_length=60)
    born = models.DateField(_("ngày sinh"), null=True, blank=True)
    father = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("bố")
    )
    mother = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("mẹ")
    )
    status = models.CharField(_("tình trạng"), max_length=6, choices=Status, default=Status.HERE)
    ended_on = models.DateField(_("ra khỏi sổ ngày"), null=True, blank=True)
    ended_how = models.CharField(
        _("ra khỏi sổ vì"), max_length=10, choices=Entry.Movement, blank=True, default=""
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["stock", "status", "kind"], name="individual_stock"),
            models.Index(fields=["status", "mark", "id"], name="individual_status"),
            models.Index(fields=["mark", "id"], name="individual_mark"),
        ]

    def __str__(self) -> str:
        return f"{self.get_mark_kind_display()} {self.mark}"


class Mark(Record):
    """A mark that was once given; no other animal in the province ever bears it."""

    individual = models.ForeignKey(
        Individual, on_delete=models.PROTECT, related_name="marks", verbose_name=_("cá thể")
    )
    key = models.CharField(max_length=80, unique=True, editable=False)
    mark_kind = models.CharField(_("loại dấu"), max_length=8, choices=Individual.MarkKind)
    mark = models.CharField(_("số dấu"), max_length=60)
    since = models.DateField(_("từ ngày"))
    until = models.DateField(_("đến ngày"), null=True, blank=True)
    why = models.CharField(_("vì sao thay dấu"), max_length=300, blank=True, default="")

    def __str__(self) -> str:
        return self.mark


class Application(Record):
    """A dossier handed in: what is asked, which steps it went, the clock, and how it was decided."""

    class Kind(models.TextChoices):
        GRANT = "grant", _("cấp mã số")
        CHANGE = "change", _("thay đổi mã số, loài, quy mô")
        REISSUE = "reissue", _("cấp lại mã số")
        REVOKE = "revoke", _("thu hồi mã số theo yêu cầu")
        CERTIFICATE = "certificate", _("giấy chứng nhận cơ sở bảo tồn")
        TAKING = "taking", _("khai thác từ tự nhiên")
        RELEASE = "release", _("tái thả cá thể gây nuôi")
        GIFT = "gift", _("trao đổi, tặng cho mẫu vật")

    class Status(models.TextChoices):
        HANDED_IN = "handed_in", _("mới nộp")
        CHECKING = "checking", _("đang xem xét")
        WAITING = "waiting", _("chờ bổ sung")
        SCHEDULED = "scheduled", _("đã hẹn kiểm tra thực tế")
        CHECKED = "checked", _("đã kiểm tra thực tế")
        PROPOSED = "proposed", _("đã trình")
        GRANTED = "granted", _("đã chấp thuận")
        REFUSED = "refused", _("không chấp thuận")
        WITHDRAWN = "withdrawn", _("chủ cơ sở rút")

    class Result(models.TextChoices):
        FIT = "fit", _("đủ điều kiện")
        UNFIT = "unfit", _("chưa đủ điều kiện")

    facility = models.ForeignKey(
        Facility, on_delete=models.PROTECT, related_name="applications", verbose_name=_("cơ sở")
    )
    kind = models.CharField(_("đề nghị"), max_length=12, choices=Kind)
    received = models.DateField(_("ngày nhận hồ sơ"), null=True, blank=True)
    field_check = models.BooleanField(_("phải kiểm tra thực tế"), default=True)
    old_rule = models.BooleanField(
        _("giải quyết theo quy định cũ"), default=False,
        help_text=_("Hồ sơ nộp trước ngày quy định mới có hiệu lực, chủ cơ sở không chọn quy định mới."),
    )  # fmt: skip
    papers = models.TextField(_("giấy tờ đã nộp"), blank=True, default="")
    missing = models.TextField(_("phải bổ sung"), blank=True, default="")
    check_day = models.DateField(_("ngày kiểm tra thực tế"), null=True, blank=True)
    check_result = models.CharField(
        _("kết quả kiểm tra"), max_length=6, choices=Result, blank=True, default=""
    )
    check_note = models.TextField(_("nội dung kiểm tra"), blank=True, default="")
    proposal = models.TextField(_("ý kiến trình"), blank=True, default="")
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.HANDED_IN)
    number = models.CharField(_("số văn bản"), max_length=120, blank=True, default="")
    paper = models.CharField(_("văn bản"), max_length=64, blank=True, default="", editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["status", "id"], name="application_status"),
            models.Index(fields=["kind", "id"], name="application_kind"),
            models.Index(fields=["area_path", "id"], name="application_area"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.facility.name}"


class Notice(Record):
    """Ordinary wildlife brought in: what the keeper told the rangers, and what guidance was given."""

    class Status(models.TextChoices):
        TOLD = "told", _("đã báo")
        RECEIVED = "received", _("đã nhận, đã hướng dẫn")

    facility = models.ForeignKey(
        Facility, on_delete=models.PROTECT, related_name="notices", verbose_name=_("cơ sở")
    )
    taxon = models.ForeignKey(Taxon, on_delete=models.PROTECT, related_name="+", verbose_name=_("loài"))
    amount = models.PositiveIntegerField(_("số lượng"))
    brought = models.DateField(_("ngày đưa về nuôi"))
    told = models.DateField(_("ngày báo kiểm lâm"))
    days_taken = models.PositiveIntegerField(_("số ngày làm việc đến khi báo"), null=True, editable=False)
    late = models.BooleanField(_("báo quá hạn"), null=True, editable=False)
    papers = models.CharField(_("giấy tờ nguồn gốc"), max_length=300, blank=True, default="")
    guidance = models.TextField(_("đã hướng dẫn"), blank=True, default="")
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.TOLD)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["told", "id"], name="notice_told"),
            models.Index(fields=["status", "told", "id"], name="notice_status"),
        ]

    def __str__(self) -> str:
        return f"{self.taxon.vernacular_vi or self.taxon.scientific_name} · {self.facility.name}"


class Inspection(Record):
    """One visit to look at a facility: why, by whom, what was counted beside the book, what was found."""

    class Kind(models.TextChoices):
        PLANNED = "planned", _("theo kế hoạch")
        UNANNOUNCED = "unannounced", _("đột xuất")
        FOLLOW_UP = "follow_up", _("kiểm tra lại")

    class Status(models.TextChoices):
        PLANNED = "planned", _("trong kế hoạch")
        STARTED = "started", _("đang kiểm tra")
        FINISHED = "finished", _("đã kiểm tra")

    facility = models.ForeignKey(
        Facility, on_delete=models.PROTECT, related_name="inspections", verbose_name=_("cơ sở")
    )
    kind = models.CharField(_("hình thức"), max_length=12, choices=Kind)
    day = models.DateField(_("ngày kiểm tra"))
    team = models.CharField(_("đoàn kiểm tra"), max_length=300, blank=True, default="")
    why = models.TextField(_("lý do đưa vào kế hoạch"), blank=True, default="")
    checklist = models.TextField(_("nội dung đã kiểm tra"), blank=True, default="")
    summary = models.TextField(_("kết luận"), blank=True, default="")
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.PLANNED)
    number = models.CharField(_("số biên bản"), max_length=120, blank=True, default="")
    paper = models.CharField(_("biên bản"), max_length=64, blank=True, default="", editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["day", "id"], name="inspection_day"),
            models.Index(fields=["status", "day", "id"], name="inspection_status"),
        ]

    def __str__(self) -> str:
        return f"{self.facility.name} {self.day:%d/%m/%Y}"


class Counted(Record):
    """What was counted of one class of one book, beside the balance that stood at the moment the visit began."""

    inspection = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, related_name="counts", verbose_name=_("cuộc kiểm tra")
    )
    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="+", verbose_name=_("sổ"))
    kind = models.CharField(_("lớp"), max_length=40, choices=Entry.KINDS)
    balance = models.IntegerField(_("số dư sổ"), editable=False)
    counted = models.PositiveIntegerField(_("đếm được"), null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["inspection", "stock", "kind"], name="counted_once")
        ]

    def __str__(self) -> str:
        return f"{self.stock}: {self.get_kind_display()}"


class Finding(Record):
    """Something an inspection found that must be mended by a day."""

    class Status(models.TextChoices):
        OPEN = "open", _("chưa khắc phục")
        CLOSED = "closed", _("đã khắc phục")

    inspection = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, related_name="findings", verbose_name=_("cuộc kiểm tra")
    )
    what = models.CharField(_("tồn tại"), max_length=400)
    due = models.DateField(_("hạn khắc phục"))
    status = models.CharField(_("tình trạng"), max_length=6, choices=Status, default=Status.OPEN)
    closed_on = models.DateField(_("khắc phục ngày"), null=True, blank=True)
    how = models.TextField(_("đã khắc phục thế nào"), blank=True, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["status", "due", "id"], name="finding_status")]

    def __str__(self) -> str:
        return self.what


class Signal(Record):
    """Something in a book that no honest history easily explains: a reason to look, never a verdict."""

    class Status(models.TextChoices):
        OPEN = "open", _("chưa có giải thích")
        ANSWERED = "answered", _("chủ cơ sở đã giải thích")
        LOOKED = "looked", _("đã đưa vào kiểm tra")
        GONE = "gone", _("không còn")

    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="signals", verbose_name=_("sổ"))
    rule = models.CharField(_("dấu hiệu"), max_length=40)
    key = models.CharField(max_length=80, editable=False)
    words = models.TextField(_("vì sao"))
    entries = models.JSONField(_("các dòng sổ"), default=list, editable=False)
    score = models.PositiveSmallIntegerField(_("mức"), default=1, editable=False)
    found = models.DateField(_("thấy ngày"))
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.OPEN)
    answer = models.TextField(_("giải thích của chủ cơ sở"), blank=True, default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["stock", "key"], name="signal_once")]
        indexes: ClassVar = [models.Index(fields=["status", "score", "id"], name="signal_status")]

    def __str__(self) -> str:
        return f"{self.rule} · {self.stock}"
