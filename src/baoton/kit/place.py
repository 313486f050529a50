"""Where a record is: its true place, and the place that everybody may be shown."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from baoton.kit.record import Record


class Disclosure(models.IntegerChoices):
    """How much of the true place the shown place gives away."""

    AS_IS = 0, _("đúng vị trí")
    GENERALISED = 1, _("làm mờ theo ô lưới")
    WITHHELD = 2, _("không công bố vị trí")


class Located(Record):
    """A record with a place. Geometry is WKB (lon, lat on WGS84) with its box and cell key.

    The shown place is stored beside the true one; it equals it unless `disclosure` says otherwise.
    Only `kit.access` decides which of the two a reader gets; `place_words` are the text columns that
    would betray the true place and are hidden with it.
    """

    geom = models.BinaryField(null=True, editable=False)
    min_x = models.FloatField(null=True, editable=False)
    min_y = models.FloatField(null=True, editable=False)
    max_x = models.FloatField(null=True, editable=False)
    max_y = models.FloatField(null=True, editable=False)
    cell = models.BigIntegerField(null=True, editable=False)
    area_path_then = models.CharField(
        _("đơn vị hành chính lúc ghi nhận"), max_length=40, blank=True, default="", editable=False
    )
    disclosure = models.SmallIntegerField(
        _("mức công bố vị trí"), choices=Disclosure.choices, default=Disclosure.AS_IS, editable=False
    )
    shown_x = models.FloatField(null=True, editable=False)
    shown_y = models.FloatField(null=True, editable=False)
    shown_cell = models.BigIntegerField(null=True, editable=False)
    shown_area_path = models.CharField(max_length=40, blank=True, default="", editable=False)
    shown_uncertainty_m = models.FloatField(null=True, editable=False)

    place_words: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True
