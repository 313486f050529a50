"""Works that restore a habitat, the species planted in them, and what each adds to the year's hectares."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baoton.kit.access import Actor, reach_of
from baoton.kit.place import Located
from baoton.kit.record import Record
from baoton.plan.models import ServesTask
from baoton.taxa.models import Taxon

STANDING = Q(withdrawn__isnull=True)


class WorkKind(models.TextChoices):
    """How a habitat is restored."""

    REGENERATION = "regeneration", _("khoanh nuôi tái sinh tự nhiên")
    ASSISTED = "assisted", _("khoanh nuôi tái sinh có trồng bổ sung")
    ENRICHMENT = "enrichment", _("làm giàu rừng")
    NATIVE = "native", _("trồng cây bản địa")
    AGROFORESTRY = "agroforestry", _("nông lâm kết hợp")
    CORRIDOR = "corridor", _("phục hồi hành lang")
    WETLAND = "wetland", _("phục hồi đất ngập nước")


PLANTS = (WorkKind.ASSISTED, WorkKind.ENRICHMENT, WorkKind.NATIVE, WorkKind.AGROFORESTRY)


class Work(Located, ServesTask):
    """One work on one piece of ground: planned, approved once its species were looked up, done on a day.

    Where one of its species is guarded, its place is told to few."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("dự kiến")
        APPROVED = "approved", _("đã duyệt")
        DONE = "done", _("đã làm")
        DROPPED = "dropped", _("không làm")

    class Season(models.TextChoices):
        SPRING = "spring", _("vụ xuân")
        SUMMER = "summer", _("vụ hè thu")
        ALL = "all", _("cả năm")

    name = models.CharField(_("tên công trình"), max_length=200)
    kind = models.CharField(_("loại công trình"), max_length=12, choices=WorkKind)
    year = models.PositiveSmallIntegerField(
        _("năm của vụ"), validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    season = models.CharField(_("mùa vụ"), max_length=8, choices=Season, default=Season.SPRING)
    owner = models.CharField(_("chủ rừng, chủ đất"), max_length=200, blank=True, default="")
    contractor = models.CharField(_("đơn vị thi công"), max_length=200, blank=True, default="")
    contract = models.CharField(_("số hợp đồng"), max_length=120, blank=True, default="")
    contract_day = models.DateField(_("ký ngày"), null=True, blank=True)
    contract_file = models.ForeignKey(
        "kit.StoredFile", verbose_name=_("hợp đồng"), null=True, blank=True, on_delete=models.PROTECT
    )
    earlier = models.ForeignKey(
        "self", verbose_name=_("làm lại phần hỏng của"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="again",
    )  # fmt: skip
    note = models.TextField(_("ghi chú"), blank=True, default="")
    hectares = models.FloatField(_("diện tích đo được (ha)"), null=True, editable=False)
    day = models.DateField(_("làm xong ngày"), null=True, blank=True, editable=False)
    despite = models.TextField(_("lý do duyệt dù còn câu hỏi về loài"), blank=True, default="")
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.PLANNED)

    place_words: ClassVar = ("name", "owner", "note", "hectares", "contract")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["year", "id"], name="restore_year", condition=STANDING),
            models.Index(fields=["day", "id"], name="restore_day", condition=STANDING),
            models.Index(fields=["area_path", "year", "id"], name="restore_area", condition=STANDING),
            models.Index(fields=["shown_area_path", "year", "id"], name="restore_shown", condition=STANDING),
            models.Index(fields=["cell"], name="restore_cell"),
            models.Index(fields=["shown_cell"], name="restore_shown_cell"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="restore_done_on_a_day",
                condition=~Q(status="done") | Q(day__isnull=False),
                violation_error_message=_("Công trình đã làm thì phải có ngày làm xong."),
            )
        ]

    def __str__(self) -> str:
        return self.name or f"{self.get_kind_display()} {self.year}"

    @property
    def plants(self) -> bool:
        """Whether something must be planted for it to be this kind of work."""
        return self.kind in PLANTS


class Planting(Record):
    """One species of a work: how many, how dense, and where its seed comes from."""

    work = models.ForeignKey(
        Work, verbose_name=_("công trình"), on_delete=models.PROTECT, related_name="plantings"
    )
    taxon = models.ForeignKey(Taxon, verbose_name=_("loài trồng"), on_delete=models.PROTECT, related_name="+")
    count = models.PositiveIntegerField(_("số cây trồng"))
    density = models.PositiveIntegerField(_("mật độ (cây/ha)"), null=True, blank=True)
    source = models.CharField(_("nguồn giống, vườn ươm"), max_length=300)
    certificate = models.CharField(_("số chứng nhận nguồn giống"), max_length=120, blank=True, default="")
    day = models.DateField(_("trồng xong ngày"), null=True, editable=False)

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["day", "id"], name="planting_day", condition=STANDING),
            models.Index(fields=["work", "id"], name="planting_work", condition=STANDING),
            models.Index(fields=["taxon", "id"], name="planting_taxon", condition=STANDING),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="planting_of_some",
                condition=Q(count__gt=0),
                violation_error_message=_("Số cây trồng phải lớn hơn 0."),
            ),
            models.UniqueConstraint(
                fields=["work", "taxon", "source", "certificate"],
                condition=STANDING,
                name="planting_once",
                violation_error_message=_("Loài này, nguồn giống này đã ghi ở công trình; sửa dòng đã có."),
            ),
        ]

    def __str__(self) -> str:
        return self.taxon.vernacular_vi.split(";")[0] or self.taxon.scientific_name

    @property
    def certified(self) -> bool:
        return bool(self.certificate)


class Restored(Record):
    """What one work adds in one commune to the hectares of its year: ground that another work of the year has
    already told is left out, so that the rows of a year add up to their union."""

    work = models.ForeignKey(
        Work, verbose_name=_("công trình"), on_delete=models.PROTECT, related_name="restored"
    )
    kind = models.CharField(_("loại công trình"), max_length=12, choices=WorkKind)
    day = models.DateField(_("làm xong ngày"))
    m2 = models.BigIntegerField(_("tính một lần trong loại (m²)"))
    m2_once = models.BigIntegerField(_("tính một lần trong mọi loại (m²)"))

    @classmethod
    def barred(cls, actor: Actor) -> Q | None:
        """What a work told to few adds depends on where it lies: only whoever may know its place reads it."""
        precise = reach_of(actor.scopes("habitats.work.see_precise"), cls)
        guarded = Q(work__disclosure__gt=0)
        return None if precise.all else guarded if precise.none else guarded & ~precise.test

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["day", "id"], name="restored_day"),
            models.Index(fields=["area_path", "day", "id"], name="restored_area"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.day:%d/%m/%Y}"

    @property
    def hectares(self) -> float:
        return round(self.m2 / 10_000, 4)

    @property
    def hectares_once(self) -> float:
        return round(self.m2_once / 10_000, 4)
