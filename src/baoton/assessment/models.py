"""The status of a species in the province, computed from verified records and adopted by a person."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from baoton.kit.record import Record
from baoton.taxa.models import Taxon


class SpeciesStatus(Record):
    """What everybody may know of one species up to a day; unknown figures are null with their reason.

    The extents come from the places that may be shown: of `records`, `blurred` count at the centre of their
    square and `withheld` not at all, and an area of occupancy is told only where there are none of these.
    What the true places say stands in `TrueExtent`. `category` stays 'chưa đánh giá' until a person adopts one.
    """

    class Status(models.TextChoices):
        COMPUTED = "computed", _("đã tính, chờ thông qua")
        ADOPTED = "adopted", _("đã thông qua")
        SUPERSEDED = "superseded", _("đã thay bằng bản mới")

    taxon = models.ForeignKey(Taxon, on_delete=models.PROTECT, related_name="statuses")
    taxon_group = models.CharField(_("nhóm loài"), max_length=20, default="other")
    on = models.DateField(_("tính đến ngày"))
    records = models.PositiveIntegerField(_("số ghi nhận"))
    years = models.PositiveSmallIntegerField(_("số năm có ghi nhận"))
    blurred = models.PositiveIntegerField(_("số ghi nhận làm mờ vị trí"), default=0)
    withheld = models.PositiveIntegerField(_("số ghi nhận không công bố vị trí"), default=0)
    places = models.PositiveIntegerField(_("số vị trí khác nhau"), null=True)
    eoo_km2 = models.FloatField(_("phạm vi phân bố (km²)"), null=True)
    aoo_km2 = models.FloatField(_("diện tích cư trú (km²)"), null=True)
    why_unknown = models.CharField(max_length=300, blank=True, default="")
    hull = models.BinaryField(null=True)
    cells = models.BinaryField(null=True)
    legal = models.JSONField(default=dict)
    category = models.CharField(_("hạng"), max_length=40, blank=True, default="")
    indicated = models.CharField(_("hạng hệ thống gợi ý"), max_length=40, blank=True, default="")
    because = models.TextField(_("lý do"), blank=True, default="")
    input_hash = models.CharField(max_length=64)
    method = models.CharField(max_length=80)
    status = models.CharField(_("tình trạng"), max_length=12, choices=Status, default=Status.COMPUTED)
    adopted_by = models.CharField(_("người thông qua"), max_length=200, blank=True, default="")
    adopted_on = models.DateField(_("ngày thông qua"), null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["taxon", "on"], name="status_taxon")]

    def __str__(self) -> str:
        return f"{self.taxon} – {self.on:%d/%m/%Y}"

    @property
    def guarded(self) -> bool:
        """Whether the figures rest on less than the true places."""
        return bool(self.blurred or self.withheld)


class TrueExtent(models.Model):
    """The other edition of a status: what the true places say, for whoever may know every one of them.

    `rests_on` are the areas, bodies and groups of its records as they stood then: a reader's grants must cover
    all of them, for a record that was open then may be guarded today.
    """

    status = models.OneToOneField(
        SpeciesStatus, on_delete=models.CASCADE, primary_key=True, related_name="true_extent"
    )
    places = models.PositiveIntegerField()
    eoo_km2 = models.FloatField(null=True)
    aoo_km2 = models.FloatField(null=True)
    why_unknown = models.CharField(max_length=300, blank=True, default="")
    hull = models.BinaryField(null=True)
    cells = models.BinaryField(null=True)
    indicated = models.CharField(max_length=40, blank=True, default="")
    rests_on = models.JSONField(default=list)
