"""The map of forest and other habitats in versions, its parcels, and what each version amounts to."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baoton.habitats.models.asked import asked
from baoton.habitats.models.effectiveness import Effectiveness
from baoton.habitats.models.growth import Acceptance, Care, Counted, PhotoPoint, Plot, Regrowth
from baoton.habitats.models.harvest import Harvest, HarvestArea, Licence, NurseryLot, Seedling
from baoton.habitats.models.look import Gap
from baoton.habitats.models.works import Planting, Restored, Work
from baoton.kit.access import Actor
from baoton.kit.place import Located
from baoton.kit.record import Record

__all__ = [
    "Acceptance",
    "Care",
    "Counted",
    "Effectiveness",
    "Gap",
    "Harvest",
    "HarvestArea",
    "Licence",
    "NurseryLot",
    "PhotoPoint",
    "Planting",
    "Plot",
    "Regrowth",
    "Restored",
    "Seedling",
    "Work",
]
STANDING = Q(withdrawn__isnull=True)


class Function(models.TextChoices):
    """What forest land is planned for."""

    SPECIAL = "special", _("rừng đặc dụng")
    PROTECTION = "protection", _("rừng phòng hộ")
    PRODUCTION = "production", _("rừng sản xuất")
    OUTSIDE = "outside", _("ngoài quy hoạch lâm nghiệp")


class Origin(models.TextChoices):
    """How a forest came to be; land without forest says so."""

    NATURAL = "natural", _("rừng tự nhiên")
    PLANTED = "planted", _("rừng trồng")
    NONE = "none", _("chưa có rừng")


class ForestClass(models.TextChoices):
    """What stands on the parcel."""

    RICH = "rich", _("rừng giàu")
    MEDIUM = "medium", _("rừng trung bình")
    POOR = "poor", _("rừng nghèo")
    DEPLETED = "depleted", _("rừng nghèo kiệt")
    REGROWTH = "regrowth", _("rừng phục hồi")
    BAMBOO = "bamboo", _("rừng tre nứa")
    MIXED = "mixed", _("rừng hỗn giao gỗ và tre nứa")
    PALM = "palm", _("rừng cau dừa")
    PLANTATION = "plantation", _("rừng trồng đã thành rừng")
    YOUNG = "young", _("đã trồng, chưa thành rừng")
    SHRUB = "shrub", _("đất trống có cây gỗ tái sinh")
    BARE = "bare", _("đất trống không có cây gỗ tái sinh")
    FARM = "farm", _("đất nông nghiệp")
    WATER = "water", _("mặt nước")
    OTHER = "other", _("đất khác")


NATURAL = ("rich", "medium", "poor", "depleted", "regrowth", "bamboo", "mixed", "palm")
FORESTED = (*NATURAL, "plantation")


class Version(Record):
    """The map as it was at one time: a published status or a survey. Published ones of one area never overlap."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("đang nạp")
        PUBLISHED = "published", _("đã công bố")

    title = models.CharField(_("tên bản đồ"), max_length=200)
    source = models.CharField(_("nguồn"), max_length=300)
    scale = models.PositiveIntegerField(_("mẫu số tỷ lệ"), null=True, blank=True)
    tolerance = models.FloatField(
        _("sửa hình được làm đổi diện tích một lô nhiều nhất (%)"), default=1.0,
        validators=[MinValueValidator(0), MaxValueValidator(10)],
    )  # fmt: skip
    valid_from = models.DateField(_("có giá trị từ ngày"))
    valid_to = models.DateField(_("có giá trị đến ngày"), null=True, blank=True)
    note = models.TextField(_("ghi chú"), blank=True, default="")
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.DRAFT)
    looked = models.JSONField(null=True, editable=False)

    class Meta(Record.Meta):
        indexes: ClassVar = [models.Index(fields=["valid_from", "id"], name="habitat_version_day")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="habitat_version_ends_later",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                violation_error_message=_("Ngày kết thúc không thể trước ngày bắt đầu."),
            ),
            models.UniqueConstraint(
                fields=["title"],
                condition=STANDING,
                name="habitat_version_title",
                violation_error_message=_("Đã có bản đồ mang tên này."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Parcel(Located):
    """One parcel of one version; its geodesic area stands beside the area of the sheet it came from."""

    class Tenure(models.TextChoices):
        BOARD = "board", _("ban quản lý rừng")
        COMPANY = "company", _("doanh nghiệp")
        COMMUNITY = "community", _("cộng đồng dân cư")
        HOUSEHOLD = "household", _("hộ gia đình, cá nhân")
        PEOPLE = "people", _("Uỷ ban nhân dân xã")
        ARMED = "armed", _("lực lượng vũ trang")
        OTHER = "other", _("tổ chức khác")

    class Flaw(models.TextChoices):
        NONE = "none", _("không")
        RING = "ring", _("đường bao tự cắt, đã sửa")
        OVERLAP = "overlap", _("chồng lên lô khác, đã cắt")
        SLIVER = "sliver", _("dải hẹp")
        BORDER = "border", _("vượt ranh giới tỉnh")
        MIXED = "mixed", _("lẫn điểm hoặc đường, đã bỏ")

    version = models.ForeignKey(
        Version, verbose_name=_("bản đồ"), on_delete=models.PROTECT, related_name="parcels"
    )
    code = models.CharField(_("mã lô"), max_length=80)
    compartment = models.CharField(_("tiểu khu"), max_length=20, blank=True, default="")
    block = models.CharField(_("khoảnh"), max_length=20, blank=True, default="")
    plot = models.CharField(_("lô"), max_length=20, blank=True, default="")
    function = models.CharField(_("chức năng"), max_length=12, choices=Function, blank=True, default="")
    origin = models.CharField(_("nguồn gốc"), max_length=10, choices=Origin, blank=True, default="")
    forest_class = models.CharField(
        _("trạng thái"), max_length=12, choices=ForestClass, blank=True, default=""
    )
    ecosystem = models.CharField(_("hệ sinh thái"), max_length=120, blank=True, default="")
    tenure = models.CharField(_("chủ rừng"), max_length=12, choices=Tenure, blank=True, default="")
    stated_ha = models.FloatField(_("diện tích ghi trong tờ bản đồ (ha)"), null=True, blank=True)
    hectares = models.FloatField(_("diện tích đo trên ellipsoid (ha)"), null=True, editable=False)
    flaw = models.CharField(_("lỗi hình"), max_length=10, choices=Flaw, default=Flaw.NONE, editable=False)
    flaw_note = models.CharField(_("lỗi gì, ở đâu"), max_length=400, blank=True, default="", editable=False)
    flaw_ha = models.FloatField(_("sửa làm đổi diện tích (ha)"), null=True, editable=False)
    source_hash = models.BigIntegerField(null=True, editable=False)

    class Meta(Located.Meta):
        indexes: ClassVar = [
            models.Index(fields=["cell"], name="parcel_hidden_cell", condition=Q(disclosure__gt=0)),
            models.Index(fields=["shown_cell"], name="parcel_shown_cell"),
            models.Index(fields=["version", "area_path", "id"], name="parcel_version_area"),
            models.Index(fields=["flaw", "id"], name="parcel_flaw", condition=~Q(flaw="none")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "code"],
                condition=STANDING,
                name="parcel_code_in_version",
                violation_error_message=_("Bản đồ này đã có lô mang mã đó."),
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def difference(self) -> float | None:
        """Hectares measured less those of the sheet; None where the sheet says none."""
        if self.hectares is None or self.stated_ha is None:
            return None
        return round(self.hectares - self.stated_ha, 4)


class Extent(Record):
    """What a published version amounts to in one commune: square metres of one function, origin and class."""

    version = models.ForeignKey(
        Version, verbose_name=_("bản đồ"), on_delete=models.PROTECT, related_name="extents"
    )
    function = models.CharField(_("chức năng"), max_length=12, choices=Function, blank=True, default="")
    origin = models.CharField(_("nguồn gốc"), max_length=10, choices=Origin, blank=True, default="")
    forest_class = models.CharField(
        _("trạng thái"), max_length=12, choices=ForestClass, blank=True, default=""
    )
    forest = models.CharField(
        _("có rừng"), max_length=8, default="unknown",
        choices=(("yes", _("có rừng")), ("no", _("không có rừng")), ("unknown", _("chưa rõ"))),
    )  # fmt: skip
    m2 = models.BigIntegerField(_("diện tích (m²)"))
    parcels = models.PositiveIntegerField(_("số lô"))
    day = models.DateField(_("có giá trị từ ngày"))
    until = models.DateField(_("đến ngày"), null=True, blank=True)

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["day", "id"], name="extent_day"),
            models.Index(fields=["area_path", "day", "id"], name="extent_area"),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.get_forest_class_display() or _('chưa rõ')}"


class Comparison(Record):
    """Two published maps laid on each other: what became of each hectare."""

    before = models.ForeignKey(
        Version, verbose_name=_("bản đồ trước"), on_delete=models.PROTECT, related_name="+"
    )
    after = models.ForeignKey(
        Version, verbose_name=_("bản đồ sau"), on_delete=models.PROTECT, related_name="+"
    )
    counted = models.BigIntegerField(_("tính lúc"), null=True, editable=False)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["before", "after"],
                condition=STANDING,
                name="comparison_once",
                violation_error_message=_("Hai bản đồ này đã được so sánh."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class Change(Located):
    """A piece of one commune that was of one class and is of another; what stayed as it was is one row a class,
    without a shape."""

    class Turn(models.TextChoices):
        GAIN = "gain", _("thành rừng")
        LOSS = "loss", _("mất rừng")
        SHIFT = "shift", _("đổi trạng thái")
        SAME = "same", _("giữ nguyên")
        LEFT = "left", _("không có trên bản đồ sau")
        NEW = "new", _("không có trên bản đồ trước")

    comparison = models.ForeignKey(
        Comparison, verbose_name=_("so sánh"), on_delete=models.PROTECT, related_name="changes"
    )
    was = models.CharField(_("trước là"), max_length=12, choices=ForestClass, blank=True, default="")
    became = models.CharField(_("nay là"), max_length=12, choices=ForestClass, blank=True, default="")
    turn = models.CharField(_("thay đổi"), max_length=8, choices=Turn)
    m2 = models.BigIntegerField(_("diện tích (m²)"))

    class Meta(Located.Meta):
        indexes: ClassVar = [models.Index(fields=["comparison", "turn", "id"], name="change_turn")]

    def __str__(self) -> str:
        unknown = _("chưa rõ")
        return f"{self.get_was_display() or unknown} → {self.get_became_display() or unknown}"

    @property
    def hectares(self) -> float:
        """The piece in hectares."""
        return round(self.m2 / 10_000, 4)


class Proposal(Record):
    """A protected area that is to be founded, from the proposal to its management plan."""

    class Kind(models.TextChoices):
        RESERVE = "reserve", _("khu dự trữ thiên nhiên")
        SPECIES = "species", _("khu bảo tồn loài – sinh cảnh")
        LANDSCAPE = "landscape", _("khu bảo vệ cảnh quan")
        CORRIDOR = "corridor", _("hành lang đa dạng sinh học")
        WETLAND = "wetland", _("đất ngập nước quan trọng")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("đề xuất")
        INVENTORY = "inventory", _("đang điều tra hiện trạng")
        DRAFT = "draft", _("đang lập dự án")
        CONSULTING = "consulting", _("đang lấy ý kiến")
        COMPLETE = "complete", _("hồ sơ đủ, đang kiểm tra")
        APPRAISAL = "appraisal", _("đang thẩm định")
        DECIDING = "deciding", _("chờ quyết định")
        FOUNDED = "founded", _("đã có quyết định")
        MARKED = "marked", _("đã cắm mốc")
        BOARD = "board", _("đã có ban quản lý")
        MANAGED = "managed", _("đã có phương án quản lý")

    title = models.CharField(_("tên khu"), max_length=200)
    kind = models.CharField(_("loại khu"), max_length=12, choices=Kind)
    invented = models.BooleanField(_("ranh giới giả định để trình diễn"), default=False)
    why = models.TextField(_("lý do đề xuất"), blank=True, default="")
    day = models.DateField(_("đề xuất ngày"))
    people = models.TextField(
        _("dân cư, kinh tế - xã hội trong và quanh khu (ghi nguồn)"), blank=True, default=""
    )
    nature = models.TextField(_("điều kiện tự nhiên (ghi nguồn)"), blank=True, default="")
    programme = models.TextField(_("chương trình, giải pháp, tổ chức thực hiện"), blank=True, default="")
    money = models.TextField(_("khái toán đầu tư, phân kỳ"), blank=True, default="")
    appraisal = models.TextField(_("ý kiến hội đồng thẩm định"), blank=True, default="")
    decision = models.CharField(_("quyết định số"), max_length=120, blank=True, default="")
    decided_on = models.DateField(_("ngày quyết định"), null=True, blank=True)
    board = models.CharField(_("ban quản lý"), max_length=200, blank=True, default="")
    plan = models.CharField(
        _("phương án quản lý rừng bền vững: số, ngày"), max_length=200, blank=True, default=""
    )
    status = models.CharField(_("bước"), max_length=12, choices=Status, default=Status.PROPOSED)
    planned_m2 = models.BigIntegerField(_("diện tích phương án được chọn (m²)"), null=True, editable=False)

    class Meta(Record.Meta):
        indexes: ClassVar = [models.Index(fields=["day", "id"], name="proposal_day")]

    @classmethod
    def theirs(cls, actor: Actor, verb: str) -> Q | None:
        """It is read where it is asked about."""
        return asked(actor, verb, "pk")

    def __str__(self) -> str:
        return self.title


class Option(Record):
    """One way to draw the area; one of them is chosen."""

    proposal = models.ForeignKey(
        Proposal, verbose_name=_("đề xuất"), on_delete=models.PROTECT, related_name="options"
    )
    name = models.CharField(_("tên phương án"), max_length=120)
    chosen = models.BooleanField(_("được chọn"), default=False)
    note = models.TextField(_("ghi chú"), blank=True, default="")

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["proposal"],
                condition=STANDING & Q(chosen=True),
                name="one_option_chosen",
                violation_error_message=_("Đã chọn một phương án khác; bỏ chọn phương án đó trước."),
            )
        ]

    @classmethod
    def theirs(cls, actor: Actor, verb: str) -> Q | None:
        """It is read where it is asked about."""
        return asked(actor, verb, "proposal")

    def __str__(self) -> str:
        return f"{self.proposal}: {self.name}"


class Zone(Located):
    """One zone of an option; zones of one option share no ground."""

    class Kind(models.TextChoices):
        STRICT = "strict", _("phân khu bảo vệ nghiêm ngặt")
        RESTORATION = "restoration", _("phân khu phục hồi sinh thái")
        SERVICE = "service", _("phân khu dịch vụ, hành chính")
        BUFFER = "buffer", _("vùng đệm")

    option = models.ForeignKey(
        Option, verbose_name=_("phương án"), on_delete=models.PROTECT, related_name="zones"
    )
    kind = models.CharField(_("phân khu"), max_length=12, choices=Kind)
    hectares = models.FloatField(_("diện tích (ha)"), null=True, editable=False)

    class Meta(Located.Meta):
        indexes: ClassVar = [models.Index(fields=["option", "id"], name="zone_option")]

    @classmethod
    def theirs(cls, actor: Actor, verb: str) -> Q | None:
        """It is read where it is asked about, and by whoever drew it."""
        mine, here = super().theirs(actor, verb), asked(actor, verb, "option__proposal")
        return mine if here is None else here if mine is None else mine | here

    def __str__(self) -> str:
        return self.get_kind_display()


class Consultation(Record):
    """What one commune or village was asked, who came, and how many were for, against, or for on conditions."""

    proposal = models.ForeignKey(
        Proposal, verbose_name=_("đề xuất"), on_delete=models.PROTECT, related_name="consultations"
    )
    village = models.CharField(_("bản, cơ quan được hỏi"), max_length=200, blank=True, default="")
    invited_on = models.DateField(_("mời ngày"))
    invited = models.PositiveIntegerField(_("số người được mời"), null=True, blank=True)
    day = models.DateField(_("họp ngày"), null=True, blank=True)
    attended = models.PositiveIntegerField(_("số người dự"), null=True, blank=True)
    agreed = models.PositiveIntegerField(_("đồng ý"), null=True, blank=True)
    against = models.PositiveIntegerField(_("không đồng ý"), null=True, blank=True)
    conditional = models.PositiveIntegerField(_("đồng ý có điều kiện"), null=True, blank=True)
    silent = models.PositiveIntegerField(_("không có ý kiến"), null=True, blank=True)
    minutes = models.ForeignKey(
        "kit.StoredFile", verbose_name=_("biên bản"), null=True, blank=True, on_delete=models.PROTECT
    )

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["invited_on", "id"], name="consultation_day"),
            models.Index(fields=["day", "id"], name="consultation_held"),
        ]

    def __str__(self) -> str:
        return self.village or f"{self.invited_on:%d/%m/%Y}"


class Opinion(Record):
    """One opinion said at a consultation, and what was answered."""

    class Side(models.TextChoices):
        AGREED = "agreed", _("đồng ý")
        AGAINST = "against", _("không đồng ý")
        CONDITIONAL = "conditional", _("đồng ý có điều kiện")

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("cuộc lấy ý kiến"), on_delete=models.PROTECT, related_name="opinions"
    )
    side = models.CharField(_("ý kiến"), max_length=12, choices=Side)
    text = models.TextField(_("nói gì"))
    answer = models.TextField(_("trả lời"), blank=True, default="")

    def __str__(self) -> str:
        return self.text[:80]


class Post(Located):
    """A boundary post in the field."""

    proposal = models.ForeignKey(
        Proposal, verbose_name=_("khu"), on_delete=models.PROTECT, related_name="posts"
    )
    number = models.CharField(_("số mốc"), max_length=40)
    day = models.DateField(_("cắm ngày"))
    note = models.CharField(_("ghi chú"), max_length=300, blank=True, default="")

    class Meta(Located.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["proposal", "number"],
                condition=STANDING,
                name="post_number_once",
                violation_error_message=_("Khu này đã có mốc mang số đó."),
            )
        ]

    def __str__(self) -> str:
        return self.number
