"""What a look at a map's shapes found: the gaps between its parcels."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from baoton.kit.place import Located


class Gap(Located):
    """Ground that no parcel of a map covers and that parcels enclose."""

    version = models.ForeignKey(
        "habitats.Version", verbose_name=_("bản đồ"), on_delete=models.PROTECT, related_name="gaps"
    )
    m2 = models.BigIntegerField(_("diện tích (m²)"))

    class Meta(Located.Meta):
        indexes: ClassVar = [
            models.Index(fields=["version", "m2", "id"], name="gap_version"),
            models.Index(fields=["cell"], name="gap_cell"),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.m2} m²"
