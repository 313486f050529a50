"""What other apps may ask of the evidence stream."""

from collections.abc import Callable, Iterable
from importlib import import_module

import numpy as np
from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from baoton.observations.models import Occurrence, Status

Check = Callable[[Occurrence], str]
CHECKS: list[Check] = []


def check(work: Check) -> Check:
    """The decorated function says in one sentence why a record needs a second look, or an empty text."""
    CHECKS.append(work)
    return work


def discover_checks() -> None:
    """Every app's `checks.py` has been read, so reasons from above reach the queue."""
    for config in apps.get_app_configs():
        if config.name.startswith("baoton."):
            try:
                import_module(f"{config.name}.checks")
            except ModuleNotFoundError as error:
                if error.name != f"{config.name}.checks":
                    raise


def doubts(record: Occurrence) -> list[str]:
    """Every reason to look twice before the record is verified."""
    return [told for told in (work(record) for work in CHECKS) if told]


@check
def unknown_name(record: Occurrence) -> str:
    """The written name matches nothing in the list of taxa."""
    if record.taxon_id is None:
        return _("tên “%(name)s” chưa khớp với loài nào trong danh lục") % {"name": record.scientific_name}
    return ""


@check
def no_place(record: Occurrence) -> str:
    """A record without a place cannot count for a commune."""
    return "" if record.geom else _("chưa có toạ độ")


@check
def coarse_place(record: Occurrence) -> str:
    """A position less sure than 5 km says little about a commune."""
    far = record.coordinate_uncertainty_m
    if far is not None and far > 5000:
        return _("sai số toạ độ %(far)s m, lớn hơn 5 km") % {"far": round(far)}
    return ""


def verified() -> "QuerySet[Occurrence]":
    """The records that count: standing, verified, present."""
    return Occurrence.objects.filter(
        withdrawn__isnull=True, status=Status.VERIFIED, occurrence_status=Occurrence.Presence.PRESENT
    )


def in_province(rows: "QuerySet[Occurrence]", province: str = "12") -> "QuerySet[Occurrence]":
    """The rows that fall in a commune of the province."""
    return rows.filter(Q(area_path=province) | Q(area_path__startswith=f"{province}/"))


def points_of(
    taxon_ids: Iterable[object], until: object = None
) -> tuple[NDArray[np.float64], NDArray[np.float64], list[int | None], list[str]]:
    """True longitude, latitude, year and key of a species' verified records in key order, for computing alone."""
    rows = verified().filter(taxon_id__in=list(taxon_ids), geom__isnull=False)
    if until is not None:
        rows = rows.filter(day_start__lte=until)
    found = list(rows.order_by("id").values_list("min_x", "max_x", "min_y", "max_y", "year", "id"))
    box = np.array([r[:4] for r in found], np.float64).reshape(-1, 4)
    lon, lat = (box[:, 0] + box[:, 1]) / 2, (box[:, 2] + box[:, 3]) / 2
    return lon, lat, [r[4] for r in found], [str(r[5]) for r in found]
