"""Sites of invasive species, surveys that found them or did not, treatments."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baoton.kit.place import Located
from baoton.kit.record import Record
from baoton.taxa.models import Taxon

STANDING = Q(withdrawn__isnull=True)
SOME = _("Diện tích phải lớn hơn 0; chưa đo thì để trống.")


class Cover(models.TextChoices):
    """How much of the ground the species covers, by the usual classes of a relevé."""

    TRACE = "trace", _("dưới 5 %")
    LOW = "low", _("5–25 %")
    HALF = "half", _("25–50 %")
    HIGH = "high", _("50–75 %")
    FULL = "full", _("trên 75 %")


class Site(Located):
    """One place where an invasive species grows or lives, until it is eradicated."""

    class Status(models.TextChoices):
        PRESENT = "present", _("đang có")
        ERADICATED = "eradicated", _("đã diệt trừ")

    taxon = models.ForeignKey(Taxon, verbose_name=_("loài"), on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("tên điểm"), max_length=200)
    day = models.DateField(_("thấy lần đầu ngày"))
    cover = models.CharField(_("độ che phủ của loài"), max_length=6, choices=Cover, blank=True, default="")
    hectares = models.FloatField(_("diện tích có loài (ha)"), null=True, blank=True)
    m2 = models.BigIntegerField(null=True, editable=False)
    source = models.CharField(_("nguồn"), max_length=300, blank=True, default="")
    ended = models.DateField(_("diệt trừ ngày"), null=True, blank=True, editable=False)
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.PRESENT)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["day", "id"], name="alien_day", condition=STANDING),
            models.Index(fields=["area_path", "day", "id"], name="alien_area", condition=STANDING),
            models.Index(fields=["taxon", "day", "id"], name="alien_taxon", condition=STANDING),
            models.Index(fields=["cell"], name="alien_cell"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="alien_on_some_ground",
                condition=Q(hectares__isnull=True) | Q(hectares__gt=0),
                violation_error_message=SOME,
            )
        ]

    def __str__(self) -> str:
        return self.name


class Survey(Located):
    """One search for a species: it was found, or it was not, which is worth as much."""

    class Found(models.TextChoices):
        YES = "yes", _("có thấy")
        NO = "no", _("không thấy")

    taxon = models.ForeignKey(Taxon, verbose_name=_("loài tìm"), on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(
        Site,
        verbose_name=_("ở điểm"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="surveys",
    )
    day = models.DateField(_("ngày"))
    found = models.CharField(_("kết quả"), max_length=3, choices=Found)
    cover = models.CharField(_("độ che phủ của loài"), max_length=6, choices=Cover, blank=True, default="")
    hectares = models.FloatField(_("diện tích có loài (ha)"), null=True, blank=True)
    searched_ha = models.FloatField(_("diện tích đã tìm (ha)"), null=True, blank=True)
    method = models.CharField(_("cách điều tra"), max_length=200, blank=True, default="")
    note = models.TextField(_("ghi chú"), blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["day", "id"], name="alien_survey_day", condition=STANDING),
            models.Index(fields=["area_path", "day", "id"], name="alien_survey_area", condition=STANDING),
            models.Index(fields=["cell"], name="alien_survey_cell"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="alien_survey_of_some_ground",
                condition=Q(hectares__isnull=True) | Q(hectares__gt=0),
                violation_error_message=SOME,
            ),
            models.CheckConstraint(
                name="nothing_found_covers_nothing",
                condition=Q(found="yes") | Q(hectares__isnull=True, cover=""),
                violation_error_message=_("Không thấy loài thì không ghi diện tích, độ che phủ của loài."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_found_display()} {self.day:%d/%m/%Y}"


class Treatment(Record):
    """One treatment of a site: how, who, over how much ground, at what cost, and when to look again."""

    class Method(models.TextChoices):
        CUT = "cut", _("chặt, nhổ")
        HAND = "hand", _("bắt, nhặt bằng tay")
        BURN = "burn", _("đốt")
        CHEMICAL = "chemical", _("hoá chất")
        BIOLOGICAL = "biological", _("sinh học")
        NATIVE = "native", _("trồng cây bản địa che bóng")

    site = models.ForeignKey(
        Site, verbose_name=_("điểm"), on_delete=models.PROTECT, related_name="treatments"
    )
    day = models.DateField(_("ngày"))
    method = models.CharField(_("cách xử lý"), max_length=12, choices=Method)
    hectares = models.FloatField(_("diện tích xử lý (ha)"))
    m2 = models.BigIntegerField(null=True, editable=False)
    who = models.CharField(_("ai làm"), max_length=300)
    cost = models.BigIntegerField(_("chi phí (đồng)"), null=True, blank=True)
    follow_up = models.DateField(_("kiểm tra lại ngày"), null=True, blank=True)
    note = models.TextField(_("ghi chú"), blank=True, default="")

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["day", "id"], name="alien_treated_day", condition=STANDING),
            models.Index(fields=["area_path", "day", "id"], name="alien_treated_area", condition=STANDING),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="alien_treated_some", condition=Q(hectares__gt=0), violation_error_message=SOME
            ),
            models.CheckConstraint(
                name="alien_looked_again_after",
                condition=Q(follow_up__isnull=True) | Q(follow_up__gte=models.F("day")),
                violation_error_message=_("Ngày kiểm tra lại không thể trước ngày xử lý."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()} {self.day:%d/%m/%Y}"
