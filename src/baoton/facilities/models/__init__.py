"""Facilities and their codes, what they hold, the books of what came and went, and who looks after that."""

import re
import unicodedata
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baoton.facilities.models.bodies import of_bodies
from baoton.facilities.models.classes import KINDS
from baoton.facilities.models.dossiers import Application, Notice
from baoton.facilities.models.inventory import Canvass, Planted
from baoton.facilities.models.papers import Document
from baoton.facilities.models.visits import Campaign, Counted, Finding, Inspection, Signal
from baoton.kit.access import Actor
from baoton.kit.place import Located
from baoton.kit.record import Record
from baoton.kit.writing.ledger import Entry as LedgerEntry
from baoton.taxa.models import Taxon

__all__ = [
    "CLASSES", "Application", "Campaign", "Canvass", "Code", "Counted", "Document", "Entry", "Facility", "Finding",
    "Individual", "Inspection", "Mark", "Notice", "Owner", "Planted", "Signal", "Stock", "Transfer", "code_key",
]  # fmt: skip


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
    kind = models.CharField(_("loại cơ sở"), max_length=12, choices=Facility.Kind, default="", editable=False)
    since = models.DateField(_("từ ngày"))
    until = models.DateField(_("đến ngày"), null=True, blank=True)
    why_ended = models.CharField(_("vì sao hết hiệu lực"), max_length=300, blank=True, default="")
    certainty = models.CharField(_("căn cứ của dạng mã"), max_length=400, blank=True, default="")

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A code is found however its parts are set apart, and counted with the kind of its facility."""
        self.key, self.kind = code_key(self.text), self.kind or self.facility.kind
        super().save(*args, **kwargs)


def code_key(written: str) -> str:
    """How a code is compared: capital letters and digits, full-width ones as plain, nothing between them."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", written)).upper()


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
    looked_on = models.DateField(null=True, editable=False)
    unjudged = models.JSONField(default=dict, editable=False)

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

    KINDS = KINDS

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
    animals: Any = models.ManyToManyField("Individual", related_name="lines", editable=False)
    """The marked animals that the line is about, where it names any."""

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

    @classmethod
    def theirs(cls, actor: Actor, verb: str) -> models.Q | None:
        """Whoever gave sees what became of it."""
        return of_bodies(actor, verb, "facilities.transfer.see", "giver__organisation")


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
    seen_on = models.DateField(_("đọc thấy dấu ngày"), null=True, blank=True, editable=False)
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
    """A mark that was once given; no other animal in the province ever bears it, unless its giving was taken back."""

    individual = models.ForeignKey(
        Individual, on_delete=models.PROTECT, related_name="marks", verbose_name=_("cá thể")
    )
    key = models.CharField(max_length=80, editable=False)
    mark_kind = models.CharField(_("loại dấu"), max_length=8, choices=Individual.MarkKind)
    mark = models.CharField(_("số dấu"), max_length=60)
    since = models.DateField(_("từ ngày"))
    until = models.DateField(_("đến ngày"), null=True, blank=True)
    why = models.CharField(_("vì sao thay dấu"), max_length=300, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key"],
                name="mark_once",
                condition=models.Q(withdrawn__isnull=True),
                violation_error_message=_("Số hiệu này đã đánh dấu cho một cá thể khác."),
            )
        ]

    def __str__(self) -> str:
        return self.mark
