"""Camera traps: where one stood and when, its pictures, the sequences they make, what was said of them, its clock."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baoton.kit.access import Actor
from baoton.kit.kinds.moment import told
from baoton.kit.place import Located
from baoton.kit.record import Record
from baoton.observations.models import Event, Occurrence
from baoton.taxa.models import Taxon

STANDING = Q(withdrawn__isnull=True)


class Kind(models.TextChoices):
    """What a picture shows, in the words of Camtrap DP."""

    ANIMAL = "animal", _("động vật")
    HUMAN = "human", _("người")
    VEHICLE = "vehicle", _("xe cộ")
    BLANK = "blank", _("ảnh trống")
    UNKNOWN = "unknown", _("không nhận ra")
    UNCLASSIFIED = "unclassified", _("chưa xem")


class Deployment(Located):
    """One camera at one place from the day it was set up to the day it was taken away.

    Moments are milliseconds since 1970; `zone` is the zone its times were stated in, minutes east. `nights` is what it
    worked, its gaps left out; `shift_ms` what repairs of its clock have added to all its times so far.
    """

    class Feature(models.TextChoices):
        """What the camera looks at, in the words of Camtrap DP."""

        ROAD = "roadDirt", _("đường đất")
        PAVED = "roadPaved", _("đường nhựa, bê tông")
        HIKING = "trailHiking", _("đường mòn người đi")
        GAME = "trailGame", _("lối thú đi")
        WATER = "waterSource", _("nguồn nước, vũng khoáng")
        FRUIT = "fruitingTree", _("cây đang có quả")
        BURROW = "burrow", _("hang")
        NEST = "nestSite", _("nơi làm tổ")
        CARCASS = "carcass", _("xác con vật")
        UNDERPASS = "roadUnderpass", _("hầm chui")
        OVERPASS = "roadOverpass", _("cầu vượt cho thú")
        BRIDGE = "roadBridge", _("cầu đường bộ")
        CULVERT = "culvert", _("cống")

    code = models.CharField(_("mã đợt đặt máy"), max_length=160)
    camera = models.CharField(_("máy số"), max_length=120, blank=True, default="")
    model = models.CharField(_("loại máy"), max_length=120, blank=True, default="")
    card = models.CharField(_("thẻ nhớ"), max_length=120, blank=True, default="")
    height_m = models.FloatField(_("độ cao đặt máy (m)"), null=True, blank=True)
    delay_s = models.FloatField(_("nghỉ giữa hai lần chụp (giây)"), null=True, blank=True)
    heading = models.FloatField(_("hướng máy (độ)"), null=True, blank=True)
    bait = models.BooleanField(_("có mồi"), null=True, blank=True)
    feature = models.CharField(_("đặt ở"), max_length=20, choices=Feature, blank=True, default="")
    habitat = models.CharField(_("sinh cảnh"), max_length=300, blank=True, default="")
    locality = models.CharField(_("điểm đặt"), max_length=300, blank=True, default="")
    setup_by = models.CharField(_("người đặt"), max_length=200, blank=True, default="")
    groups = models.CharField(_("nhóm máy, đợt điều tra"), max_length=300, blank=True, default="")
    started = models.BigIntegerField(_("bắt đầu"))
    ended = models.BigIntegerField(_("kết thúc"), null=True, blank=True)
    zone = models.SmallIntegerField(_("múi giờ của máy (phút)"), default=420)
    gaps = models.TextField(_("quãng máy không chạy"), blank=True, default="")
    day_start = models.DateField(_("từ ngày"), null=True, editable=False)
    day_end = models.DateField(_("đến ngày"), null=True, editable=False)
    nights = models.FloatField(_("số ngày máy"), null=True, editable=False)
    whole_nights = models.IntegerField(_("số ngày máy, làm tròn"), null=True, editable=False)
    shift_ms = models.BigIntegerField(_("đồng hồ đã chỉnh"), default=0, editable=False)
    uncertainty_m = models.FloatField(_("sai số vị trí (m)"), null=True, blank=True)
    note = models.TextField(_("ghi chú"), blank=True, default="")
    extra = models.JSONField(_("các mục khác"), default=dict, blank=True)
    visit = models.OneToOneField(
        Event, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("đợt quan trắc"),
    )  # fmt: skip

    place_words: ClassVar = ("locality", "habitat", "note", "groups", "uncertainty_m", "extra")
    span: ClassVar = ("day_start", "day_end")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["started", "id"], name="deployment_start", condition=STANDING),
            models.Index(fields=["day_start", "id"], name="deployment_day", condition=STANDING),
            models.Index(fields=["area_path", "started", "id"], name="deployment_area", condition=STANDING),
            models.Index(fields=["shown_area_path", "started", "id"], name="deployment_shown", condition=STANDING),
            models.Index(fields=["cell"], name="deployment_cell"),
            models.Index(fields=["shown_cell"], name="deployment_shown_cell"),
            models.Index(fields=["code"], name="deployment_code"),
        ]  # fmt: skip
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "code"],
                name="deployment_once",
                violation_error_message=_("Cơ quan đã có đợt đặt máy mang mã này."),
            ),
            models.CheckConstraint(
                name="deployment_ends_after_it_began",
                condition=Q(ended__isnull=True) | Q(ended__gte=models.F("started")),
                violation_error_message=_("Máy có giờ kết thúc trước giờ bắt đầu; sửa một trong hai."),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class OfDeployment(Record):
    """A row of a deployment, of its body and its commune; `last_repair` is the one that moved its times."""

    deployment = models.ForeignKey(
        Deployment, on_delete=models.PROTECT, verbose_name=_("đợt đặt máy"), related_name="+", db_index=False
    )
    last_repair = models.UUIDField(null=True, editable=False)

    class Meta:
        abstract = True


class Media(OfDeployment):
    """One picture or film: where its file lies, when it was taken. A picture with people in it is nobody's to see."""

    media_id = models.TextField(_("mã ảnh (mediaID)"))
    taken = models.BigIntegerField(_("chụp lúc"))
    path = models.TextField(_("đường dẫn tệp"))
    name = models.CharField(_("tên tệp"), max_length=300, blank=True, default="")
    mediatype = models.CharField(_("loại tệp"), max_length=60, blank=True, default="image/jpeg")
    method = models.CharField(_("chụp do"), max_length=20, blank=True, default="")
    sha256 = models.CharField(_("mã sha256 của tệp"), max_length=64, blank=True, default="", editable=False)
    note = models.TextField(_("ghi chú"), blank=True, default="")
    people = models.BooleanField(_("có người trong ảnh"), default=False)
    dark = models.BooleanField(_("ảnh chụp đêm (đèn hồng ngoại)"), null=True, blank=True)
    extra = models.JSONField(_("các mục khác"), default=dict, blank=True)
    source_hash = models.BigIntegerField(null=True, editable=False)

    @classmethod
    def barred(cls, actor: Actor) -> Q | None:
        """Pictures of people leave by no door, whatever was granted."""
        return Q(people=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["deployment", "taken", "id"], name="media_of_deployment"),
            models.Index(fields=["media_id"], name="media_id"),
            models.Index(fields=["path"], name="media_path"),
            models.Index(fields=["batch"], name="media_batch", condition=Q(batch__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name or self.media_id


class Sequence(OfDeployment):
    """Pictures of one camera taken shortly one after the other: what a person looks at and names as one."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("chờ xem")
        SECOND = "second", _("chờ người thứ hai")
        DIFFER = "differ", _("hai người nói khác nhau")
        DONE = "done", _("đã xem")

    started = models.BigIntegerField(_("bắt đầu"))
    ended = models.BigIntegerField(_("kết thúc"))
    day = models.DateField(_("ngày chụp"), null=True, editable=False)
    photos = models.PositiveIntegerField(_("số ảnh"), default=0)
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.WAITING)
    first_by = models.CharField(max_length=60, blank=True, default="", editable=False)
    second_by = models.CharField(max_length=60, blank=True, default="", editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["status", "started", "id"], name="sequence_status", condition=STANDING),
            models.Index(fields=["deployment", "started", "id"], name="sequence_of", condition=STANDING),
            models.Index(fields=["started", "id"], name="sequence_start", condition=STANDING),
            models.Index(fields=["day", "id"], name="sequence_day", condition=STANDING),
            models.Index(fields=["area_path", "started", "id"], name="sequence_area", condition=STANDING),
            models.Index(fields=["batch"], name="sequence_batch", condition=Q(batch__isnull=False)),
        ]

    def __str__(self) -> str:
        return gettext("loạt ảnh lúc %(when)s") % {"when": told(self.started)}


class Answer(OfDeployment):
    """What a person or a machine said a sequence, or one picture, shows. What a machine says is a suggestion."""

    class Method(models.TextChoices):
        HUMAN = "human", _("người xem")
        MACHINE = "machine", _("máy gợi ý")

    answer_id = models.TextField(_("mã nhận định (observationID)"))
    sequence = models.ForeignKey(
        Sequence, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("loạt ảnh"),
        related_name="answers",
    )  # fmt: skip
    media_id = models.TextField(_("mã ảnh (mediaID)"), blank=True, default="")
    event_id = models.TextField(_("mã loạt trong nguồn (eventID)"), blank=True, default="")
    level = models.CharField(_("nói về"), max_length=6, default="event")
    started = models.BigIntegerField(_("bắt đầu"))
    ended = models.BigIntegerField(_("kết thúc"), null=True, blank=True)
    kind = models.CharField(_("thấy"), max_length=12, choices=Kind)
    taxon = models.ForeignKey(
        Taxon, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("loài"), related_name="+"
    )
    scientific_name = models.CharField(_("tên ghi trong nguồn"), max_length=300, blank=True, default="")
    count = models.PositiveIntegerField(_("số con"), null=True, blank=True)
    life_stage = models.CharField(_("giai đoạn"), max_length=60, blank=True, default="")
    sex = models.CharField(_("giới tính"), max_length=40, blank=True, default="")
    behaviour = models.CharField(_("tập tính"), max_length=300, blank=True, default="")
    method = models.CharField(_("ai nói"), max_length=8, choices=Method, default=Method.HUMAN)
    by = models.CharField(_("người hay máy"), max_length=200, blank=True, default="")
    probability = models.FloatField(_("độ chắc"), null=True, blank=True)
    round = models.PositiveSmallIntegerField(_("lần xem"), default=1, editable=False)
    note = models.TextField(_("ghi chú"), blank=True, default="")
    extra = models.JSONField(_("các mục khác"), default=dict, blank=True)
    source_hash = models.BigIntegerField(null=True, editable=False)
    occurrence = models.ForeignKey(
        Occurrence, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("ghi nhận loài"),
        related_name="+",
    )  # fmt: skip

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["deployment", "started", "id"], name="answer_of_deployment"),
            models.Index(fields=["started", "id"], name="answer_start", condition=STANDING),
            models.Index(fields=["kind", "started", "id"], name="answer_kind", condition=STANDING),
            models.Index(fields=["answer_id"], name="answer_id"),
            models.Index(fields=["batch"], name="answer_batch", condition=Q(batch__isnull=False)),
        ]

    def __str__(self) -> str:
        what = self.scientific_name or (str(self.taxon) if self.taxon_id else "") or self.get_kind_display()
        return f"{what} {told(self.started)}"


class Repair(OfDeployment):
    """A clock put right over a whole deployment: what was added to every time, why, and whether it was taken back."""

    class Evidence(models.TextChoices):
        WATCH = "watch", _("ảnh chụp đồng hồ")
        SUN = "sun", _("ảnh đêm và độ cao mặt trời")
        LOGBOOK = "logbook", _("sổ thực địa")
        ZONE = "zone", _("đặt sai múi giờ")

    class Status(models.TextChoices):
        STANDS = "stands", _("đang dùng")
        UNDONE = "undone", _("đã trả lại giờ cũ")

    shown = models.BigIntegerField(_("máy ghi"))
    truth = models.BigIntegerField(_("giờ đúng"))
    shift_ms = models.BigIntegerField(_("đã cộng (mili giây)"), editable=False)
    evidence = models.CharField(_("căn cứ"), max_length=8, choices=Evidence)
    reason = models.TextField(_("lý do"))
    status = models.CharField(_("tình trạng"), max_length=8, choices=Status, default=Status.STANDS)
    ends = models.BooleanField(_("giờ đặt, giờ thu máy cũng theo đồng hồ này"), default=False)
    moved = models.PositiveIntegerField(_("số dòng đã chỉnh"), default=0, editable=False)
    before = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["deployment", "id"], name="repair_of_deployment")]

    def __str__(self) -> str:
        return gettext("chỉnh đồng hồ: %(shown)s thành %(truth)s") % {
            "shown": told(self.shown), "truth": told(self.truth),
        }  # fmt: skip
