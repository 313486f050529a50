"""Units with validity dates and mergers, and the protected areas and sites of the programme."""

from typing import ClassVar

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from baoton.kit.place import Located
from baoton.kit.record import Record


class Unit(models.Model):
    """A province, former district, former or present commune, valid from a day to a day.

    `path` is what records carry (`97/00123`); geometry is WKB on WGS84, official or schematic.
    """

    class Kind(models.TextChoices):
        PROVINCE = "province", _("tỉnh")
        DISTRICT = "district", _("huyện")
        CITY = "city", _("thành phố")
        COMMUNE = "commune", _("xã")
        WARD = "ward", _("phường")
        TOWN = "town", _("thị trấn")

    class Shape(models.TextChoices):
        NONE = "none", _("chưa có ranh giới")
        SCHEMATIC = "schematic", _("sơ đồ")
        OFFICIAL = "official", _("ranh giới chính thức")

    path = models.CharField(primary_key=True, max_length=40)
    code = models.CharField(_("mã"), max_length=20)
    name = models.CharField(_("tên"), max_length=120)
    kind = models.CharField(_("loại"), max_length=12, choices=Kind.choices)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    former_district = models.CharField(max_length=40, blank=True, default="")
    valid_from = models.DateField(_("từ ngày"), null=True)
    valid_to = models.DateField(_("đến ngày"), null=True)
    area_km2 = models.FloatField(_("diện tích (km²)"), null=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    geom = models.BinaryField(null=True)
    shape = models.CharField(max_length=12, choices=Shape.choices, default=Shape.NONE)
    source = models.CharField(_("nguồn"), max_length=300, blank=True, default="")
    certainty = models.CharField(_("độ chắc chắn"), max_length=20, blank=True, default="")
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar = ["path"]
        indexes: ClassVar = [models.Index(fields=["kind", "valid_to"], name="unit_kind")]

    def __str__(self) -> str:
        """The kind and the name in the order of the reader's language: Xã Mù Cả, Mù Cả Commune."""
        kind = self.get_kind_display().capitalize()
        return f"{self.name} {kind}" if get_language() == "en" else f"{kind} {self.name}"


class Boundary(Record):
    """The official boundary of one unit as a file gave it; the unit stands on it until it is withdrawn."""

    unit = models.OneToOneField(
        Unit, on_delete=models.PROTECT, related_name="boundary", verbose_name=_("đơn vị")
    )
    geom = models.BinaryField(_("hình"))
    area_km2 = models.FloatField(_("diện tích đo được (km²)"), null=True)
    source = models.CharField(_("nguồn"), max_length=300, blank=True, default="")

    def __str__(self) -> str:
        return str(self.unit)


class Village(Located):
    """A village (bản, tổ dân phố, thôn) as the office's own list has it; without a point it lies in its commune."""

    name = models.CharField(_("tên bản"), max_length=120)
    other_names = models.CharField(_("tên gọi khác"), max_length=200, blank=True, default="")
    source = models.CharField(_("nguồn"), max_length=300, blank=True, default="")

    def __str__(self) -> str:
        return self.name


class Merge(models.Model):
    """A former unit (or part of it) went into a present one."""

    old = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="went_into")
    new = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="made_of")
    part = models.BooleanField(default=False)
    source = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["old", "new"], name="merge_once")]


class ProtectedArea(models.Model):
    """A protected area or conservation site, existing or proposed; it overlaps communes, it has none."""

    code = models.CharField(primary_key=True, max_length=40)
    name = models.CharField(_("tên"), max_length=200)
    kind = models.CharField(_("loại"), max_length=60)
    status = models.CharField(_("tình trạng"), max_length=60)
    area_ha = models.FloatField(_("diện tích (ha)"), null=True)
    geom = models.BinaryField(null=True)
    shape = models.CharField(max_length=12, choices=Unit.Shape.choices, default=Unit.Shape.NONE)
    source = models.CharField(max_length=300, blank=True, default="")

    def __str__(self) -> str:
        return self.name
