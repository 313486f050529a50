"""Protocols with what they ask, campaigns with their sites, visits, and who may send results from outside."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baoton.kit.ids import new_id
from baoton.kit.place import Located
from baoton.kit.record import Record
from baoton.observations.models import Dataset, Event
from baoton.plan.models import ServesTask
from baoton.taxa.models import Group, Taxon

STANDING = Q(withdrawn__isnull=True)


class Method(models.TextChoices):
    """How something is looked for in the field."""

    TRANSECT = "transect", _("tuyến có đo khoảng cách")
    POINTS = "points", _("điểm đếm")
    CAMERAS = "cameras", _("lưới bẫy ảnh")
    POSTS = "posts", _("điểm nghe tiếng hót")
    PLOTS = "plots", _("ô tiêu chuẩn cây, tái sinh")
    NETS = "nets", _("lưới mờ, bẫy thụ cầm")
    TRAPS = "traps", _("bẫy bắt thả")
    EDNA = "edna", _("ADN môi trường")
    INTERVIEW = "interview", _("phỏng vấn")
    FISH = "fish", _("thu mẫu cá")
    SIGNS = "signs", _("tìm dấu vết")


class Protocol(Record):
    """One version of how to do a survey; once in use it never changes: a change is the next version."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("đang soạn")
        USED = "used", _("đang dùng")
        ENDED = "ended", _("thôi dùng")

    code = models.CharField(_("mã quy trình"), max_length=60)
    version = models.PositiveIntegerField(_("phiên bản"), default=1, editable=False)
    name = models.CharField(_("tên quy trình"), max_length=200)
    method = models.CharField(_("cách làm"), max_length=12, choices=Method)
    steps = models.TextField(_("các bước ngoài thực địa"), blank=True, default="")
    row_label = models.CharField(_("mỗi dòng là"), max_length=120, blank=True, default="")
    source = models.CharField(_("căn cứ, tài liệu"), max_length=400, blank=True, default="")
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.DRAFT)

    class Meta(Record.Meta):
        indexes: ClassVar = [models.Index(fields=["name", "id"], name="protocol_name", condition=STANDING)]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "code", "version"],
                name="protocol_once",
                violation_error_message=_("Cơ quan đã có quy trình mang mã và phiên bản này."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class Question(Record):
    """One thing a protocol asks: once a visit, or on every row of it."""

    class Level(models.TextChoices):
        VISIT = "visit", _("một lần mỗi lượt")
        ROW = "row", _("mỗi dòng")

    class Kind(models.TextChoices):
        TEXT = "text", _("chữ")
        INTEGER = "integer", _("số nguyên")
        NUMBER = "number", _("số")
        TIME = "time", _("giờ, phút")
        DAY = "day", _("ngày")
        CHOICE = "choice", _("một trong danh sách")
        YESNO = "yesno", _("có hoặc không")
        SPECIES = "species", _("loài")

    class Means(models.TextChoices):
        """What the answer is in the evidence stream; one that means nothing there is kept under its own name."""

        NOTHING = "", _("giữ nguyên")
        EFFORT = "effort", _("công sức của lượt")
        OBSERVERS = "observers", _("người điều tra")
        WEATHER = "remarks", _("ghi chú")
        NAME = "name", _("tên loài")
        COUNT = "count", _("số cá thể")
        SEX = "sex", _("giới tính")
        STAGE = "stage", _("giai đoạn tuổi")

    protocol = models.ForeignKey(
        Protocol, on_delete=models.PROTECT, verbose_name=_("quy trình"), related_name="questions"
    )
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)
    level = models.CharField(_("hỏi khi nào"), max_length=8, choices=Level, default=Level.ROW)
    name = models.CharField(_("tên cột"), max_length=40)
    label = models.CharField(_("câu hỏi"), max_length=200)
    label_en = models.CharField(_("câu hỏi bằng tiếng Anh"), max_length=200, blank=True, default="")
    kind = models.CharField(_("kiểu"), max_length=10, choices=Kind, default=Kind.TEXT)
    unit = models.CharField(_("đơn vị"), max_length=30, blank=True, default="")
    among = models.TextField(_("danh sách giá trị"), blank=True, default="")
    least = models.FloatField(_("nhỏ nhất"), null=True, blank=True)
    most = models.FloatField(_("lớn nhất"), null=True, blank=True)
    required = models.BooleanField(_("bắt buộc"), default=False)
    required_when = models.CharField(_("bắt buộc khi"), max_length=120, blank=True, default="")
    means = models.CharField(_("nghĩa trong ghi nhận"), max_length=10, choices=Means, blank=True, default="")
    hint = models.CharField(_("lời nhắc"), max_length=200, blank=True, default="")

    class Meta(Record.Meta):
        indexes: ClassVar = [models.Index(fields=["protocol", "position"], name="question_order")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["protocol", "name"],
                name="question_once",
                condition=STANDING,
                violation_error_message=_("Quy trình đã hỏi cột này."),
            ),
            models.CheckConstraint(
                name="question_limits",
                condition=Q(least__isnull=True) | Q(most__isnull=True) | Q(most__gte=models.F("least")),
                violation_error_message=_("Giá trị lớn nhất không thể nhỏ hơn giá trị nhỏ nhất."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Campaign(Located, ServesTask):
    """A question put to the field: about what, where, when, how, by whom and for how much."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("đang thiết kế")
        AGREED = "agreed", _("đã duyệt")
        DONE = "done", _("đã kết thúc")
        CANCELLED = "cancelled", _("không làm")

    code = models.CharField(_("mã chiến dịch"), max_length=60, blank=True, default="")
    name = models.CharField(_("tên chiến dịch"), max_length=200)
    question = models.CharField(_("câu hỏi cần trả lời"), max_length=400)
    taxon = models.ForeignKey(
        Taxon, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("loài"), related_name="+"
    )
    target = models.CharField(_("nhóm loài"), max_length=20, choices=Group, blank=True, default="")
    protocol = models.ForeignKey(
        Protocol, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("quy trình"),
        related_name="campaigns",
    )  # fmt: skip
    day_start = models.DateField(_("từ ngày"))
    day_end = models.DateField(_("đến ngày"))
    teams = models.CharField(_("các tổ"), max_length=300, blank=True, default="")
    visits_each = models.PositiveSmallIntegerField(_("số lượt mỗi điểm"), default=1)
    cost_site = models.BigIntegerField(_("chi phí mỗi điểm"), null=True, blank=True)
    cost_visit = models.BigIntegerField(_("chi phí mỗi lượt"), null=True, blank=True)
    budget = models.BigIntegerField(_("kinh phí được duyệt"), null=True, blank=True)
    budget_line = models.CharField(_("mục chi"), max_length=200, blank=True, default="")
    contract = models.CharField(_("hợp đồng"), max_length=200, blank=True, default="")
    drawing = models.TextField(_("cách rút mẫu"), blank=True, default="", editable=False)
    reason = models.TextField(_("cỡ mẫu và lý do"), blank=True, default="")
    note = models.TextField(_("ghi chú"), blank=True, default="")
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.DRAFT)
    dataset = models.OneToOneField(
        Dataset, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("bộ dữ liệu"),
    )  # fmt: skip

    place_words: ClassVar = ("note", "drawing")
    mended_while: ClassVar = Q(status="draft")
    span: ClassVar = ("day_start", "day_end")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["day_start", "id"], name="campaign_day", condition=STANDING),
            models.Index(fields=["area_path", "day_start", "id"], name="campaign_area", condition=STANDING),
            models.Index(fields=["cell"], name="campaign_cell"),
            models.Index(fields=["shown_cell"], name="campaign_shown_cell"),
            models.Index(fields=["task"], name="campaign_task", condition=Q(task__isnull=False)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "code"],
                name="campaign_once",
                condition=~Q(code=""),
                violation_error_message=_("Cơ quan đã có chiến dịch mang mã này."),
            ),
            models.CheckConstraint(
                name="campaign_ends_after_it_began",
                condition=Q(day_end__gte=models.F("day_start")),
                violation_error_message=_("Ngày kết thúc không thể trước ngày bắt đầu."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Site(Located):
    """One place of a campaign's sample, in the order of the drawing; its chance to be drawn stays with it."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("phải đi")
        RESERVE = "reserve", _("dự phòng")
        REPLACED = "replaced", _("đã thay")

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, verbose_name=_("chiến dịch"), related_name="sites"
    )
    code = models.CharField(_("mã điểm"), max_length=40)
    stratum = models.CharField(_("tầng"), max_length=120, blank=True, default="")
    position = models.PositiveIntegerField(_("thứ tự rút"), default=0)
    inclusion = models.FloatField(_("xác suất được rút"), null=True, blank=True, editable=False)
    team = models.CharField(_("tổ"), max_length=120, blank=True, default="")
    due = models.DateField(_("hạn đi"), null=True, blank=True)
    reason = models.CharField(_("lý do thay"), max_length=300, blank=True, default="")
    replaced_by = models.OneToOneField(
        "self", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="replaces",
        verbose_name=_("thay bằng điểm"),
    )  # fmt: skip
    note = models.TextField(_("ghi chú"), blank=True, default="")
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.PLANNED)
    visited = models.PositiveIntegerField(_("số lượt đã đi"), default=0, editable=False)

    place_words: ClassVar = ("note", "reason")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["campaign", "position", "id"], name="survey_site_order", condition=STANDING),
            models.Index(fields=["area_path", "id"], name="survey_site_area", condition=STANDING),
            models.Index(fields=["cell"], name="survey_site_cell"),
            models.Index(fields=["shown_cell"], name="survey_site_shown"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "code"],
                name="survey_site_once",
                condition=STANDING,
                violation_error_message=_("Chiến dịch đã có điểm mang mã này."),
            )
        ]

    def __str__(self) -> str:
        return self.code


class Visit(Record):
    """One survey of one site: the event of the evidence stream, the protocol version it was made with, its effort.

    It follows its event (`actions.follow`): nobody writes it by hand.
    """

    event = models.OneToOneField(
        Event, on_delete=models.PROTECT, verbose_name=_("đợt điều tra"), related_name="+"
    )
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, verbose_name=_("chiến dịch"), related_name="visits"
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, verbose_name=_("điểm"), related_name="visits")
    protocol = models.ForeignKey(
        Protocol, on_delete=models.PROTECT, verbose_name=_("quy trình"), related_name="visits"
    )
    day = models.DateField(_("ngày"))
    round = models.PositiveSmallIntegerField(_("lượt thứ"), default=1)
    effort = models.FloatField(_("công sức"), null=True, blank=True)
    effort_unit = models.CharField(_("đơn vị công sức"), max_length=60, blank=True, default="")

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["day", "id"], name="visit_day", condition=STANDING),
            models.Index(fields=["area_path", "day", "id"], name="visit_area", condition=STANDING),
            models.Index(fields=["campaign", "site", "round"], name="visit_of_site", condition=STANDING),
        ]

    def __str__(self) -> str:
        return f"{self.site.code} {self.day:%d/%m/%Y}"


class Contributor(Record):
    """A person who may send results of one campaign until a day, and reads nothing else."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, verbose_name=_("chiến dịch"), related_name="contributors"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("người gửi"), related_name="+"
    )
    until = models.DateField(_("đến hết ngày"))

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "person"],
                name="contributor_once",
                condition=STANDING,
                violation_error_message=_("Người này đã được gửi kết quả của chiến dịch."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.until:%d/%m/%Y}"


class Proposal(models.Model):
    """Where the next survey tells most, as it was told to one person with his rights; nobody else reads it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    actor_id = models.CharField(max_length=60, db_index=True)
    made = models.DateTimeField(default=timezone.now)
    asked = models.JSONField(default=dict)
    told = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.made:%d/%m/%Y %H:%M}"
