"""Teams, patrols with their legs, and the signs found on them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from baoton.kit.place import Located
from baoton.kit.record import Record
from baoton.observations.models import Event
from baoton.plan.models import ServesTask

STANDING = Q(withdrawn__isnull=True)


class Transport(models.TextChoices):
    """How a leg was gone."""

    FOOT = "foot", _("đi bộ")
    MOTORBIKE = "motorbike", _("xe máy")
    CAR = "car", _("ô tô")
    BOAT = "boat", _("thuyền, xuồng")
    OTHER = "other", _("cách khác")


class Team(Record):
    """Who patrols together."""

    name = models.CharField(_("tên tổ"), max_length=200)
    leader = models.CharField(_("tổ trưởng"), max_length=200, blank=True, default="")
    members = models.TextField(_("thành viên"), blank=True, default="")
    note = models.TextField(_("ghi chú"), blank=True, default="")

    class Meta(Record.Meta):
        indexes: ClassVar = [models.Index(fields=["name", "id"], name="team_name")]

    def __str__(self) -> str:
        return self.name


class Patrol(Located, ServesTask):
    """One patrol from its plan to its report. Its place is the way that was planned; what was walked are its legs.

    `metres` and `hours` are the sums of its legs, unknown where no leg knows them.
    """

    class Status(models.TextChoices):
        PLANNED = "planned", _("đã lên kế hoạch")
        DONE = "done", _("đã tuần tra")
        CANCELLED = "cancelled", _("không đi")

    code = models.CharField(_("mã tuần tra"), max_length=120, blank=True, default="")
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("tổ"), related_name="patrols"
    )
    day_start = models.DateField(_("từ ngày"))
    day_end = models.DateField(_("đến ngày"), null=True, blank=True)
    objective = models.CharField(_("mục đích"), max_length=300, blank=True, default="")
    transport = models.CharField(_("đi bằng"), max_length=10, choices=Transport, default=Transport.FOOT)
    people = models.PositiveIntegerField(_("số người"), null=True, blank=True)
    leader = models.CharField(_("người dẫn đầu"), max_length=200, blank=True, default="")
    members = models.TextField(_("người tham gia"), blank=True, default="")
    locality = models.CharField(_("khu vực, tiểu khu"), max_length=300, blank=True, default="")
    report = models.TextField(_("kết quả"), blank=True, default="")
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.PLANNED)
    metres = models.PositiveIntegerField(_("quãng đường (m)"), null=True, blank=True, editable=False)
    hours = models.FloatField(_("số giờ"), null=True, blank=True, editable=False)
    visit = models.OneToOneField(
        Event, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("đợt quan trắc"),
    )  # fmt: skip

    place_words: ClassVar = ("locality", "objective", "report")
    mended_while: ClassVar = Q(status="planned")
    span: ClassVar = ("day_start", "day_end")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["day_start", "id"], name="patrol_day", condition=STANDING),
            models.Index(fields=["area_path", "day_start", "id"], name="patrol_area", condition=STANDING),
            models.Index(
                fields=["shown_area_path", "day_start", "id"], name="patrol_shown", condition=STANDING
            ),
            models.Index(fields=["cell"], name="patrol_cell"),
            models.Index(fields=["shown_cell"], name="patrol_shown_cell"),
            models.Index(fields=["task"], name="patrol_task", condition=Q(task__isnull=False)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "code"],
                name="patrol_once",
                condition=~Q(code=""),
                violation_error_message=_("Cơ quan đã có cuộc tuần tra mang mã này."),
            ),
            models.CheckConstraint(
                name="patrol_ends_after_it_began",
                condition=Q(day_end__isnull=True) | Q(day_end__gte=models.F("day_start")),
                violation_error_message=_("Ngày kết thúc không thể trước ngày bắt đầu."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code or self.objective or _('tuần tra')} {self.day_start:%d/%m/%Y}"


class Leg(Located):
    """One day's walk of a patrol: its track as it was recorded, or at least how far was gone."""

    patrol = models.ForeignKey(
        Patrol, on_delete=models.PROTECT, verbose_name=_("cuộc tuần tra"), related_name="legs"
    )
    code = models.CharField(_("mã chặng"), max_length=120, blank=True, default="")
    day = models.DateField(_("ngày"))
    transport = models.CharField(_("đi bằng"), max_length=10, choices=Transport, default=Transport.FOOT)
    hours = models.FloatField(_("số giờ"), null=True, blank=True)
    said_km = models.FloatField(_("số km (khi không có vết đi)"), null=True, blank=True)
    metres = models.PositiveIntegerField(_("quãng đường (m)"), null=True, blank=True, editable=False)
    note = models.TextField(_("ghi chú"), blank=True, default="")

    place_words: ClassVar = ("note",)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["day", "id"], name="leg_day", condition=STANDING),
            models.Index(fields=["area_path", "day", "id"], name="leg_area", condition=STANDING),
            models.Index(fields=["shown_area_path", "day", "id"], name="leg_shown", condition=STANDING),
            models.Index(fields=["cell"], name="leg_cell"),
            models.Index(fields=["shown_cell"], name="leg_shown_cell"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="leg_hours_of_a_day",
                condition=Q(hours__isnull=True) | Q(hours__gt=0, hours__lte=24),
                violation_error_message=_("Số giờ của một ngày phải lớn hơn 0 và không quá 24."),
            ),
            models.CheckConstraint(
                name="leg_km_known",
                condition=Q(said_km__isnull=True) | Q(said_km__gte=0),
                violation_error_message=_("Số km không thể âm."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_transport_display()} {self.day:%d/%m/%Y}"


class Square(models.Model):
    """What a leg covers of one square of the province's grid, kept so that a page adds up and reads no track."""

    leg = models.ForeignKey(Leg, on_delete=models.CASCADE, related_name="squares")
    square = models.IntegerField(db_index=True)
    metres = models.FloatField()
    hours = models.FloatField(null=True)

    def __str__(self) -> str:
        return f"{self.square}: {self.metres:.0f} m"


class SignKind(Record):
    """A kind of sign that rangers note; the office adds its own, and ends one by its last day."""

    class Group(models.TextChoices):
        TRAP = "trap", _("bẫy")
        WEAPON = "weapon", _("vũ khí")
        PEOPLE = "people", _("người, lán, phương tiện")
        FOREST = "forest", _("rừng bị tác động")
        FIRE = "fire", _("cháy")
        WILDLIFE = "wildlife", _("động vật bị hại")
        CAMERA = "camera", _("máy bẫy ảnh")
        OTHER = "other", _("khác")

    code = models.CharField(_("mã"), max_length=40)
    label = models.CharField(_("tên gọi"), max_length=200)
    label_en = models.CharField(_("tên tiếng Anh"), max_length=200, blank=True, default="")
    group = models.CharField(_("nhóm"), max_length=10, choices=Group)
    unit = models.CharField(_("đếm bằng"), max_length=40, blank=True, default="")
    since = models.DateField(_("dùng từ ngày"), null=True, blank=True)
    until = models.DateField(_("dùng đến ngày"), null=True, blank=True)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code"],
                name="sign_kind_once",
                violation_error_message=_("Đã có loại dấu hiệu mang mã này."),
            )
        ]

    def __str__(self) -> str:
        english = (get_language() or "vi").startswith("en")
        return self.label_en if english and self.label_en else self.label


class Sign(Located):
    """What was found or checked in the forest beside species: a snare, a camp, a felled tree, a camera.

    Its place is told to nobody but whoever may know true places and the person who reported it.
    """

    class Age(models.TextChoices):
        FRESH = "fresh", _("mới (vài ngày)")
        OLD = "old", _("cũ")
        UNKNOWN = "unknown", _("không rõ")

    class Done(models.TextChoices):
        REMOVED = "removed", _("đã tháo, thu giữ")
        LEFT = "left", _("để nguyên tại chỗ")
        REPORTED = "reported", _("đã báo kiểm lâm, công an")
        CHANGED = "changed", _("đã thay pin, thẻ")
        BROKEN = "broken", _("máy hỏng, mất")

    class Status(models.TextChoices):
        DRAFT = "draft", _("mới báo")
        HANDLED = "handled", _("đã xử lý")

    patrol = models.ForeignKey(
        Patrol,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name=_("cuộc tuần tra"),
        related_name="signs",
    )
    kind = models.ForeignKey(SignKind, on_delete=models.PROTECT, verbose_name=_("loại"), related_name="+")
    code = models.CharField(_("mã trong nguồn"), max_length=120, blank=True, default="", editable=False)
    day = models.DateField(_("ngày"))
    count = models.PositiveIntegerField(_("số lượng"), null=True, blank=True)
    age = models.CharField(_("mới hay cũ"), max_length=10, choices=Age, blank=True, default="")
    done = models.CharField(_("đã làm gì"), max_length=10, choices=Done, blank=True, default="")
    what = models.CharField(_("thấy gì"), max_length=300, blank=True, default="")
    locality = models.CharField(_("bản, địa điểm"), max_length=300, blank=True, default="")
    note = models.TextField(_("ghi chú"), blank=True, default="")
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.DRAFT)
    square = models.IntegerField(null=True, editable=False, db_index=True)

    place_words: ClassVar = ("locality", "what", "note")
    mended_while: ClassVar = Q(status="draft")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["day", "id"], name="found_day", condition=STANDING),
            models.Index(fields=["area_path", "day", "id"], name="found_area", condition=STANDING),
            models.Index(fields=["shown_area_path", "day", "id"], name="found_shown", condition=STANDING),
            models.Index(fields=["cell"], name="found_cell"),
            models.Index(fields=["shown_cell"], name="found_shown_cell"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.day:%d/%m/%Y}"
