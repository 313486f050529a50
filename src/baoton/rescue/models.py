"""Animals that were found, handed over or seized: their keeping, their release, and what became of them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baoton.custody.models import Lot
from baoton.enforcement.models import Case
from baoton.facilities.models import Facility
from baoton.kit.access import Actor
from baoton.kit.place import Located
from baoton.kit.record import Record
from baoton.kit.writing.ledger import Entry
from baoton.plan.models import ServesTask
from baoton.taxa.models import Group, Taxon
from baoton.tips.models import Tip

STANDING = Q(withdrawn__isnull=True)


class Programme(Record):
    """A reintroduction of one species: several releases with targets, and when to stop."""

    class Status(models.TextChoices):
        OPEN = "open", _("đang thực hiện")
        STOPPED = "stopped", _("đã dừng")
        DONE = "done", _("đã kết thúc")

    name = models.CharField(_("tên chương trình"), max_length=200)
    taxon = models.ForeignKey(Taxon, on_delete=models.PROTECT, verbose_name=_("loài"), related_name="+")
    since = models.DateField(_("bắt đầu ngày"))
    until = models.DateField(_("kết thúc ngày"), null=True, blank=True)
    target_animals = models.PositiveIntegerField(_("mục tiêu số con thả"), null=True, blank=True)
    target_releases = models.PositiveIntegerField(_("mục tiêu số đợt thả"), null=True, blank=True)
    target_days = models.PositiveIntegerField(_("mục tiêu: sống sót sau (ngày)"), null=True, blank=True)
    target_share = models.PositiveIntegerField(_("mục tiêu: tỷ lệ sống (%)"), null=True, blank=True)
    objective = models.TextField(_("mục tiêu chung"), blank=True, default="")
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.OPEN)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["since", "id"], name="programme_since")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="programme_share_known",
                condition=Q(target_share__isnull=True) | Q(target_share__lte=100),
                violation_error_message=_("Tỷ lệ sống là phần trăm, không quá 100."),
            ),
            models.CheckConstraint(
                name="programme_ends_after_it_began",
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                violation_error_message=_("Ngày kết thúc không thể trước ngày bắt đầu."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Release(Located, ServesTask):
    """One release of one or more animals, from its plan to what was seen of them after. Its place is told to few."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("đang lập phương án")
        DONE = "done", _("đã thả")
        CANCELLED = "cancelled", _("không thả")

    code = models.CharField(_("mã đợt thả"), max_length=120, blank=True, default="")
    programme = models.ForeignKey(
        Programme, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("chương trình"),
        related_name="releases",
    )  # fmt: skip
    planned = models.DateField(_("ngày dự kiến"))
    day = models.DateField(_("ngày thả"), null=True, blank=True, editable=False)
    locality = models.CharField(_("nơi thả (tiểu khu, khoảnh)"), max_length=300, blank=True, default="")
    method = models.TextField(_("cách thả"), blank=True, default="")
    forest_owner = models.CharField(_("chủ rừng"), max_length=200, blank=True, default="")
    decided_by = models.CharField(_("cơ quan quyết định"), max_length=200, blank=True, default="")
    decision = models.CharField(_("số quyết định"), max_length=120, blank=True, default="")
    team = models.TextField(_("người thả"), blank=True, default="")
    monitoring = models.TextField(_("theo dõi sau thả"), blank=True, default="")
    stop_days = models.PositiveIntegerField(_("quy tắc dừng: sau (ngày)"), null=True, blank=True)
    stop_share = models.PositiveIntegerField(_("quy tắc dừng: còn sống dưới (%)"), null=True, blank=True)
    report = models.TextField(_("kết quả"), blank=True, default="")
    number = models.CharField(_("số biên bản"), max_length=120, blank=True, default="", editable=False)
    paper = models.CharField(_("biên bản thả"), max_length=64, blank=True, default="", editable=False)
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.PLANNED)

    place_words: ClassVar = ("locality", "method", "forest_owner", "monitoring", "report")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["planned", "id"], name="release_day", condition=STANDING),
            models.Index(fields=["day", "id"], name="release_done", condition=STANDING),
            models.Index(fields=["area_path", "planned", "id"], name="release_area", condition=STANDING),
            models.Index(
                fields=["shown_area_path", "planned", "id"], name="release_shown", condition=STANDING
            ),
            models.Index(fields=["cell"], name="release_cell"),
            models.Index(fields=["shown_cell"], name="release_shown_cell"),
            models.Index(fields=["task"], name="release_task", condition=Q(task__isnull=False)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "code"],
                name="release_once",
                condition=~Q(code=""),
                violation_error_message=_("Cơ quan đã có đợt thả mang mã này."),
            ),
            models.CheckConstraint(
                name="release_stop_rule_whole",
                condition=Q(stop_days__isnull=True, stop_share__isnull=True)
                | Q(
                    stop_days__isnull=False,  # what is not known would pass every other test
                    stop_share__isnull=False,
                    stop_days__gt=0,
                    stop_share__gt=0,
                    stop_share__lte=100,
                ),
                violation_error_message=_(
                    "Quy tắc dừng cần cả số ngày (lớn hơn 0) và tỷ lệ sống (1 đến 100 phần trăm), hoặc để trống cả hai."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code or _('đợt thả')} {self.day or self.planned:%d/%m/%Y}"


class Point(Record):
    """One line of the checklist of a release; an open line says why."""

    class Topic(models.TextChoices):
        ORIGIN = "origin", _("nguồn gốc con vật rõ ràng")
        LAW = "law", _("đã hết thời hạn tìm chủ, có quyết định của cơ quan có thẩm quyền")
        RANGE = "range", _("nơi thả thuộc vùng phân bố tự nhiên của loài")
        HABITAT = "habitat", _("sinh cảnh đủ thức ăn, nước, chỗ trú; mối đe doạ đã được kiểm soát")
        HEALTH = "health", _("đã khám bệnh, hết cách ly, không mang mầm bệnh")
        GENETICS = "genetics", _("không lai tạp, hợp nguồn gen với quần thể tại chỗ")
        BEHAVIOUR = "behaviour", _("tự kiếm ăn, tránh người và thú săn mồi")
        CONSENT = "consent", _("chủ rừng đồng ý")
        PEOPLE = "people", _("người dân quanh nơi thả được hỏi ý kiến, an toàn cho người")
        MONITORING = "monitoring", _("có kế hoạch, người và kinh phí theo dõi sau thả")
        EXIT = "exit", _("có quy tắc dừng và cách xử lý khi thất bại")

    class State(models.TextChoices):
        UNANSWERED = "", _("chưa xem xét")
        MET = "met", _("đạt")
        OPEN = "open", _("chưa đạt")
        APART = "apart", _("không áp dụng")

    release = models.ForeignKey(
        Release, on_delete=models.PROTECT, verbose_name=_("đợt thả"), related_name="points"
    )
    topic = models.CharField(_("nội dung"), max_length=12, choices=Topic)
    position = models.PositiveSmallIntegerField(default=0, editable=False)
    state = models.CharField(_("kết quả"), max_length=6, choices=State, blank=True, default=State.UNANSWERED)
    why = models.TextField(_("căn cứ, lý do"), blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["release", "topic"],
                name="point_once",
                violation_error_message=_("Đợt thả đã có nội dung này."),
            ),
            models.CheckConstraint(
                name="point_open_says_why",
                condition=~Q(state__in=["open", "apart"]) | ~Q(why=""),
                violation_error_message=_("Nội dung chưa đạt hoặc không áp dụng phải ghi lý do."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_topic_display())


class Animal(Located, ServesTask):
    """One animal from the word that it is there to what became of it.

    `area_path` is the commune that takes it in: its notice names it, so it is no secret; where exactly it was found
    is told to few. `status` alone says its fate, so it can have no two; `ended` is the day it left our keeping.
    """

    class Source(models.TextChoices):
        STRAY = "stray", _("lạc, bị thương, người dân báo")
        GIVEN = "given", _("chủ nuôi tự nguyện giao nộp")
        SEIZED = "seized", _("thu giữ trong vụ vi phạm")
        TIP = "tip", _("tin báo đã kiểm tra")
        MOVED = "moved", _("cơ sở khác chuyển đến")

    class Status(models.TextChoices):
        TOLD = "told", _("được báo, chờ tiếp nhận")
        RECEIVED = "received", _("đã tiếp nhận")
        KEEPING = "keeping", _("đang cứu hộ")
        READY = "ready", _("chờ thả")
        DEAD = "dead", _("đã chết, chờ xử lý xác")
        RELEASED = "released", _("đã thả về tự nhiên")
        RETURNED = "returned", _("đã trả chủ nuôi hợp pháp")
        TRANSFERRED = "transferred", _("đã chuyển cơ sở khác")
        ESCAPED = "escaped", _("thoát, mất")
        SCIENCE = "science", _("chết, chuyển nghiên cứu khoa học")
        MUSEUM = "museum", _("chết, chuyển bảo tàng")
        DESTROYED = "destroyed", _("chết, đã tiêu huỷ")
        MISTAKEN = "mistaken", _("báo nhầm, không có con vật")

    class Health(models.TextChoices):
        HEALTHY = "healthy", _("khoẻ mạnh")
        HURT = "hurt", _("bị thương, ốm yếu")
        DEAD = "dead", _("đã chết")

    class Sex(models.TextChoices):
        MALE = "male", _("đực")
        FEMALE = "female", _("cái")
        UNKNOWN = "unknown", _("chưa rõ")

    class Age(models.TextChoices):
        ADULT = "adult", _("trưởng thành")
        SUBADULT = "subadult", _("gần trưởng thành")
        YOUNG = "young", _("con non")
        UNKNOWN = "unknown", _("chưa rõ")

    class After(models.TextChoices):
        ALIVE = "alive", _("còn thấy sống")
        DEAD = "dead", _("đã chết")
        LOST = "lost", _("mất tín hiệu")
        CAUGHT = "caught", _("đã bắt lại")

    code = models.CharField(_("mã con vật"), max_length=120, blank=True, default="")
    source = models.CharField(_("từ đâu"), max_length=10, choices=Source, default=Source.STRAY)
    written = models.CharField(_("loài (như người báo gọi)"), max_length=200, blank=True, default="")
    taxon = models.ForeignKey(
        Taxon, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("loài"), related_name="+"
    )
    taxon_group = models.CharField(
        _("nhóm loài"), max_length=20, choices=Group, default=Group.OTHER, editable=False
    )
    checked_on = models.DateField(_("xác định loài ngày"), null=True, blank=True)
    checked_by = models.CharField(_("người xác định loài"), max_length=200, blank=True, default="")
    sex = models.CharField(_("giới tính"), max_length=10, choices=Sex, default=Sex.UNKNOWN)
    age = models.CharField(_("tuổi"), max_length=10, choices=Age, default=Age.UNKNOWN)
    marks = models.CharField(_("dấu, thẻ, đặc điểm"), max_length=300, blank=True, default="")
    told_on = models.DateField(_("ngày được báo"))
    found_on = models.DateField(_("ngày tìm thấy"), null=True, blank=True)
    locality = models.CharField(_("nơi tìm thấy (bản, địa điểm)"), max_length=300, blank=True, default="")
    brought_by = models.CharField(_("người giao"), max_length=200, blank=True, default="")
    phone = models.CharField(_("điện thoại người giao"), max_length=40, blank=True, default="")
    reference = models.CharField(_("số tin báo, vụ việc"), max_length=120, blank=True, default="")
    lot = models.ForeignKey(
        Lot, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("tang vật"), related_name="+"
    )
    case = models.ForeignKey(
        Case, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("vụ vi phạm"), related_name="+"
    )
    tip = models.ForeignKey(
        Tip, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("tin báo"), related_name="+"
    )
    former = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("lần cứu hộ trước"),
        related_name="later",
    )  # fmt: skip
    received_on = models.DateField(_("ngày tiếp nhận"), null=True, blank=True)
    receiver = models.CharField(_("người nhận"), max_length=200, blank=True, default="")
    health = models.CharField(_("sức khoẻ"), max_length=10, choices=Health, blank=True, default="")
    noticed_on = models.DateField(_("thông báo tìm chủ ngày"), null=True, blank=True)
    quarantine_until = models.DateField(_("cách ly đến ngày"), null=True, blank=True)
    quarantine_ended = models.DateField(_("hết cách ly ngày"), null=True, blank=True)
    facility = models.ForeignKey(
        Facility,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name=_("nơi nuôi giữ"),
        related_name="+",
    )
    decided_by = models.CharField(_("cơ quan quyết định"), max_length=200, blank=True, default="")
    decision = models.CharField(_("số quyết định"), max_length=120, blank=True, default="")
    release = models.ForeignKey(
        Release,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name=_("đợt thả"),
        related_name="animals",
    )
    released_on = models.DateField(_("ngày thả"), null=True, blank=True, editable=False)
    died_on = models.DateField(_("ngày chết"), null=True, blank=True, editable=False)
    cause = models.CharField(_("nguyên nhân chết"), max_length=300, blank=True, default="")
    ended = models.DateField(_("kết thúc nuôi giữ ngày"), null=True, blank=True, editable=False)
    ended_how = models.TextField(_("giao cho ai, xử lý thế nào"), blank=True, default="")
    after = models.CharField(
        _("sau khi thả"), max_length=8, choices=After, blank=True, default="", editable=False
    )
    after_on = models.DateField(_("thấy lần cuối ngày"), null=True, blank=True, editable=False)
    note = models.TextField(_("ghi chú"), blank=True, default="")
    status = models.CharField(_("tình trạng"), max_length=12, choices=Status, default=Status.TOLD)

    place_words: ClassVar = ("locality", "note")
    mended_while: ClassVar = Q(status="told")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["told_on", "id"], name="animal_told", condition=STANDING),
            models.Index(fields=["status", "told_on", "id"], name="animal_status", condition=STANDING),
            models.Index(fields=["received_on", "id"], name="animal_received", condition=STANDING),
            models.Index(fields=["released_on", "id"], name="animal_released", condition=STANDING),
            models.Index(fields=["died_on", "id"], name="animal_died", condition=STANDING),
            models.Index(fields=["area_path", "told_on", "id"], name="animal_area", condition=STANDING),
            models.Index(
                fields=["shown_area_path", "told_on", "id"], name="animal_shown", condition=STANDING
            ),
            models.Index(fields=["cell"], name="animal_cell"),
            models.Index(fields=["shown_cell"], name="animal_shown_cell"),
            models.Index(fields=["task"], name="animal_task", condition=Q(task__isnull=False)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "code"],
                name="animal_once",
                condition=~Q(code=""),
                violation_error_message=_("Cơ quan đã có con vật mang mã này."),
            ),
            models.CheckConstraint(
                name="animal_received_after_told",
                condition=Q(received_on__isnull=True) | Q(received_on__gte=models.F("told_on")),
                violation_error_message=_("Ngày tiếp nhận không thể trước ngày được báo."),
            ),
            models.CheckConstraint(
                name="animal_told_after_found",
                condition=Q(found_on__isnull=True) | Q(found_on__lte=models.F("told_on")),
                violation_error_message=_("Ngày tìm thấy không thể sau ngày được báo."),
            ),
            models.CheckConstraint(
                name="animal_ended_after_received",
                condition=Q(ended__isnull=True)
                | Q(received_on__isnull=True)
                | Q(ended__gte=models.F("received_on")),
                violation_error_message=_("Ngày kết thúc không thể trước ngày tiếp nhận."),
            ),
            models.CheckConstraint(
                name="animal_not_released_and_dead",
                condition=Q(released_on__isnull=True) | Q(died_on__isnull=True),
                violation_error_message=_("Một con vật không thể vừa thả vừa chết khi đang nuôi giữ."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.code}".strip()

    @property
    def name(self) -> str:
        """What it is called: the Vietnamese name of its species, else as it was written."""
        taxon = self.taxon
        if taxon is None:
            return self.written
        return taxon.vernacular_vi.split(";")[0].strip() or taxon.scientific_name

    @classmethod
    def theirs(cls, actor: Actor, verb: str) -> Q | None:
        """What a person reported, and for a keeper the animals that live at his facility."""
        mine = super().theirs(actor, verb)
        bodies = {s.organisation for s in actor.scopes(verb) if s.organisation and not s.area_path}
        if not bodies or not verb.startswith("rescue.animal."):
            return mine
        here = Q(facility__organisation__in=sorted(bodies))
        return here if mine is None else mine | here


LIVING = (Animal.Status.TOLD, Animal.Status.RECEIVED, Animal.Status.KEEPING, Animal.Status.READY)
HERE = (Animal.Status.RECEIVED, Animal.Status.KEEPING, Animal.Status.READY)
REMAINS = (Animal.Status.DEAD, Animal.Status.SCIENCE, Animal.Status.MUSEUM, Animal.Status.DESTROYED)


class Care(Entry):
    """One line of the care of an animal: what was done and what it cost; only added, a mistake is reversed.

    `amount` is the cost in whole đồng and nought where nothing was paid or nobody knows; `cost` tells the two apart.
    """

    KINDS = (
        ("food", _("thức ăn")),
        ("treatment", _("khám, điều trị")),
        ("weight", _("cân")),
        ("check", _("theo dõi, phục hồi")),
        ("other", _("chi phí khác")),
    )
    book = models.ForeignKey(Animal, on_delete=models.PROTECT, related_name="care", verbose_name=_("con vật"))
    kind = models.CharField(_("việc"), max_length=40, choices=KINDS)
    what = models.CharField(_("cho ăn gì, làm gì"), max_length=300, blank=True, default="")
    weight_g = models.IntegerField(_("cân nặng (g)"), null=True, blank=True)
    cost = models.BigIntegerField(_("chi phí (đồng)"), null=True, blank=True)
    by = models.CharField(_("người làm"), max_length=200, blank=True, default="")

    unchangeable: ClassVar = Entry.unchangeable | {"cost", "weight_g", "what"}

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["book", "day", "position"], name="care_book"),
            models.Index(fields=["day", "id"], name="care_day"),
            models.Index(fields=["kind", "day", "id"], name="care_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}: {dict(self.KINDS).get(self.kind, self.kind)}"

    @classmethod
    def theirs(cls, actor: Actor, verb: str) -> Q | None:
        """A keeper sees and mends the lines of the animals at his facility."""
        bodies = {s.organisation for s in actor.scopes(verb) if s.organisation and not s.area_path}
        if not bodies or not verb.startswith("rescue.care."):
            return None
        return Q(book__facility__organisation__in=sorted(bodies))


class Sighting(Located):
    """A released animal was seen, heard or fixed again, or found dead. Where is told to few."""

    class Kind(models.TextChoices):
        FIX = "fix", _("định vị từ thiết bị")
        SEEN = "seen", _("nhìn thấy")
        CAMERA = "camera", _("máy bẫy ảnh")
        TRACE = "trace", _("dấu vết, tiếng kêu")
        LOST = "lost", _("mất tín hiệu")
        CAUGHT = "caught", _("bắt lại được")
        DEAD = "dead", _("tìm thấy chết")

    animal = models.ForeignKey(
        Animal, on_delete=models.PROTECT, related_name="sightings", verbose_name=_("con vật")
    )
    day = models.DateField(_("ngày"))
    kind = models.CharField(_("cách biết"), max_length=8, choices=Kind)
    locality = models.CharField(_("địa điểm"), max_length=300, blank=True, default="")
    note = models.TextField(_("ghi chú"), blank=True, default="")

    place_words: ClassVar = ("locality", "note")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["day", "id"], name="sighting_day", condition=STANDING),
            models.Index(fields=["animal", "day", "id"], name="sighting_animal", condition=STANDING),
            models.Index(fields=["area_path", "day", "id"], name="sighting_area", condition=STANDING),
            models.Index(fields=["shown_area_path", "day", "id"], name="sighting_shown", condition=STANDING),
            models.Index(fields=["cell"], name="sighting_cell"),
            models.Index(fields=["shown_cell"], name="sighting_shown_cell"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.day:%d/%m/%Y}"


class Paper(Record):
    """A document that was issued about an animal, as it was issued; it names who gave it, and no exact place."""

    class Kind(models.TextChoices):
        HANDOVER = "handover", _("biên bản giao nhận động vật")
        NOTICE = "notice", _("thông báo tìm chủ nuôi")
        REMAINS = "remains", _("biên bản xử lý động vật chết")

    kind = models.CharField(_("loại văn bản"), max_length=12, choices=Kind)
    number = models.CharField(_("số văn bản"), max_length=120, blank=True, default="")
    day = models.DateField(_("ngày phát hành"))
    animal = models.ForeignKey(
        Animal,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="papers",
        verbose_name=_("con vật"),
    )
    paper = models.CharField(_("mã băm của tệp"), max_length=64, editable=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["day", "id"], name="rescue_paper_day")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()
