"""Cases: what was done, by whom, with what, and where it stands."""

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baoton.enforcement.models import proceeding
from baoton.enforcement.models.bound import BoundFile
from baoton.enforcement.models.circumstances import Circumstances, choices
from baoton.enforcement.models.paper import Paper
from baoton.enforcement.models.sharing import Grant
from baoton.facilities.models import Facility
from baoton.kit.access import Actor
from baoton.kit.place import Located
from baoton.kit.record import Record
from baoton.patrols.models import Patrol
from baoton.taxa.models import Taxon
from baoton.tips.models import Tip
from baoton.together.models import Operation

__all__ = ["Act", "BoundFile", "Case", "Circumstances", "Grant", "Item", "Paper", "Person", "Tool"]


class Case(Located, proceeding.Proceeding):
    """One case; it belongs to one body, and others read what that body lends them."""

    class Source(models.TextChoices):
        TIP = "tip", _("tin báo")
        PATROL = "patrol", _("tuần tra")
        INSPECTION = "inspection", _("kiểm tra")
        BODY = "body", _("cơ quan khác chuyển đến")
        OTHER = "other", _("nguồn khác")

    Status = proceeding.Status

    of_one_body = True

    code = models.CharField(_("số vụ việc"), max_length=60, blank=True, default="")
    title = models.CharField(_("tóm tắt"), max_length=300)
    source = models.CharField(_("nguồn"), max_length=12, choices=Source, default=Source.OTHER)
    day = models.DateField(_("ngày xảy ra hành vi"), null=True, blank=True)
    hour = models.CharField(_("giờ xảy ra"), max_length=5, blank=True, default="")
    opened = models.DateField(_("ngày mở vụ việc"), default=timezone.localdate)
    tip = models.ForeignKey(
        Tip, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("từ tin báo"), related_name="+"
    )
    patrol = models.ForeignKey(
        Patrol,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name=_("từ chuyến tuần tra"),
        related_name="+",
    )
    operation = models.ForeignKey(
        Operation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name=_("đợt phối hợp"),
        related_name="+",
    )
    investigator = models.CharField(_("người thụ lý"), max_length=200, blank=True, default="")
    locality = models.CharField(_("nơi xảy ra"), max_length=300, blank=True, default="")
    status = models.CharField(
        _("tình trạng"), max_length=12, choices=proceeding.Status, default=proceeding.Status.OPENED
    )

    place_words: ClassVar = ("locality",)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["status", "id"], name="case_status"),
            models.Index(fields=["day", "id"], name="case_day"),
            models.Index(fields=["opened", "id"], name="case_opened"),
            models.Index(fields=["decided", "id"], name="case_decided"),
            models.Index(fields=["sent", "id"], name="case_sent"),
            models.Index(fields=["source", "id"], name="case_source"),
            models.Index(fields=["area_path", "id"], name="case_area"),
            models.Index(fields=["shown_area_path", "id"], name="case_shown"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "code"],
                name="case_code",
                condition=Q(withdrawn__isnull=True),
                violation_error_message=_("Cơ quan đã có vụ việc mang số này."),
            ),
            *proceeding.Proceeding.Meta.constraints,
        ]

    def __str__(self) -> str:
        return " · ".join(word for word in (self.code, self.title) if word)

    @classmethod
    def theirs(cls, actor: Actor, verb: str) -> Q | None:
        """What another body lends of its cases; who opened one has no right of his own beside that of his body."""
        from baoton.enforcement import reach

        return reach.theirs(actor, verb, "facts", "pk")


class OfCase(Record):
    """A row that belongs to one case, to its body and its commune, and is lent with one part of it."""

    of_one_body = True
    part: ClassVar[str] = "facts"

    class Meta:
        abstract = True

    @classmethod
    def theirs(cls, actor: Actor, verb: str) -> Q | None:
        """It is lent with its part of the case."""
        from baoton.enforcement import reach

        return reach.theirs(actor, verb, cls.part, "case")


class Act(OfCase):
    """One act of which the case speaks."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="acts", verbose_name=_("vụ việc"))
    act = models.CharField(_("hành vi"), max_length=30, choices=choices("acts"))
    hour = models.CharField(_("giờ xảy ra"), max_length=5, blank=True, default="")
    note = models.CharField(_("ghi chú"), max_length=300, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "act"], name="act_once", condition=Q(withdrawn__isnull=True),
                violation_error_message=_("Hành vi này đã ghi trong vụ việc."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.get_act_display())


class Person(OfCase):
    """Somebody of whom the case speaks. Few see the number he is known by, and every opening is written down."""

    class Role(models.TextChoices):
        OFFENDER = "offender", _("người vi phạm")
        WITNESS = "witness", _("người chứng kiến")
        OWNER = "owner", _("chủ tang vật, phương tiện")
        OTHER = "other", _("người liên quan khác")

    opening_is_audited = True
    part = "persons"

    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="persons", verbose_name=_("vụ việc")
    )
    role = models.CharField(_("vai trò"), max_length=10, choices=Role, default=Role.OFFENDER)
    kind = models.CharField(
        _("cá nhân hay tổ chức"), max_length=12, choices=choices("offender"), blank=True, default=""
    )
    name = models.CharField(_("họ tên, tên tổ chức"), max_length=200)
    identity = models.CharField(_("số định danh"), max_length=20, blank=True, default="")
    born = models.PositiveSmallIntegerField(_("năm sinh"), null=True, blank=True)
    address = models.CharField(_("nơi ở, trụ sở"), max_length=300, blank=True, default="")
    note = models.CharField(_("ghi chú"), max_length=300, blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["case", "id"], name="case_person"),
            models.Index(fields=["identity"], name="person_identity"),
        ]

    def __str__(self) -> str:
        return self.name


class Item(OfCase):
    """One line of the goods: an animal, a part, wood, a plant."""

    part = "items"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="items", verbose_name=_("vụ việc"))
    name = models.CharField(_("tên như đã ghi"), max_length=200)
    taxon = models.ForeignKey(
        Taxon, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("loài"), related_name="+"
    )
    group = models.CharField(
        _("nhóm do người ghi"), max_length=10, choices=choices("group"), blank=True, default="",
        help_text=_("Để trống: lấy theo danh mục của ngày xảy ra hành vi."),
    )  # fmt: skip
    kind = models.CharField(
        _("loại tang vật"), max_length=14, choices=choices("kind"), blank=True, default=""
    )
    state = models.CharField(_("tình trạng"), max_length=10, choices=choices("state"), blank=True, default="")
    sort = models.CharField(
        _("ngà, sừng, voi, tê giác, gấu, hổ"), max_length=16, choices=choices("sort"), blank=True, default=""
    )
    origin = models.CharField(
        _("nguồn gốc"), max_length=10, choices=choices("origin"), blank=True, default=""
    )
    mark = models.CharField(_("số thẻ, vòng, dấu riêng"), max_length=80, blank=True, default="")
    number = models.PositiveIntegerField(_("số lượng (cá thể)"), null=True, blank=True)
    kg = models.FloatField(_("khối lượng (kg)"), null=True, blank=True, validators=[MinValueValidator(0)])
    wood_m3 = models.FloatField(
        _("gỗ quy tròn (m³)"), null=True, blank=True, validators=[MinValueValidator(0)]
    )
    value = models.PositiveBigIntegerField(_("trị giá (đồng)"), null=True, blank=True)
    valued_by = models.CharField(_("ai định giá"), max_length=200, blank=True, default="")
    lot = models.ForeignKey(
        "custody.Lot",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name=_("lô tang vật đang giữ"),
        related_name="+",
    )
    facility = models.ForeignKey(
        Facility,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name=_("cơ sở nuôi, trồng"),
        related_name="+",
    )
    note = models.CharField(_("ghi chú"), max_length=300, blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["case", "id"], name="case_item"),
            models.Index(fields=["mark"], name="item_mark"),
        ]

    def __str__(self) -> str:
        return self.name


class Tool(OfCase):
    """A tool or a vehicle of the act."""

    class Kind(models.TextChoices):
        TOOL = "tool", _("công cụ, dụng cụ")
        VEHICLE = "vehicle", _("phương tiện")

    part = "items"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tools", verbose_name=_("vụ việc"))
    kind = models.CharField(_("loại"), max_length=8, choices=Kind, default=Kind.TOOL)
    name = models.CharField(_("tên"), max_length=200)
    mark = models.CharField(_("biển số, số khung, dấu riêng"), max_length=80, blank=True, default="")
    number = models.PositiveIntegerField(_("số lượng"), default=1)
    value = models.PositiveBigIntegerField(_("trị giá (đồng)"), null=True, blank=True)
    note = models.CharField(_("ghi chú"), max_length=300, blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["case", "id"], name="case_tool"),
            models.Index(fields=["mark"], name="tool_mark"),
        ]

    def __str__(self) -> str:
        return self.name
