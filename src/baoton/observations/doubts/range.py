"""Doubts about where a species may live: far from all places where it was verified, or higher or lower than there."""

import math

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from pyproj import Geod

from baoton.observations.doubts.known import height, heights, of_species
from baoton.observations.models import Occurrence
from baoton.observations.queries import check

ENOUGH, FAR_KM = 10, 40.0
"""From so many known places on, a record farther than this from every one of them is looked at again."""
HEIGHTS, BEYOND_M = 10, 300.0
EARTH = Geod(ellps="WGS84")


def told_of(record: Occurrence) -> bool:
    """Whether anything may be told of where the record lies among others: of a guarded species or place, nothing."""
    taxon = record.taxon
    return not (taxon is None or taxon.sensitivity or record.disclosure or record.masked)


@check
def far_from_all(record: Occurrence) -> str:
    """No open verified record of the species lies near."""
    if (
        not told_of(record)
        or record.lon is None
        or record.lat is None
        or record.occurrence_status == "absent"
    ):
        return ""
    known = of_species(record.taxon_id)
    if known.placed < ENOUGH and known.whole:
        return ""
    far = _nearest_km(record.lon, record.lat, known.places)
    if far > FAR_KM and not known.whole:
        known = of_species(record.taxon_id, whole=True)
        far = _nearest_km(record.lon, record.lat, known.places)
    if far <= FAR_KM or known.placed < ENOUGH:
        return ""
    return _("cách nơi gần nhất đã xác minh %(km)d km") % {"km": round(far)}


def _nearest_km(lon: float, lat: float, places: NDArray[np.float64]) -> float:
    """Kilometres to the nearest of the places; 0 where one is so near that nobody measures."""
    x, y = places[:, 0], places[:, 1]
    if not len(x):
        return math.inf
    if bool(np.any((abs(x - lon) < 0.2) & (abs(y - lat) < 0.2))):
        return 0.0
    return float(EARTH.inv(np.full(len(x), lon), np.full(len(x), lat), x, y)[2].min()) / 1000


@check
def other_height(record: Occurrence) -> str:
    """Higher or lower than the species was ever verified, where both heights are known."""
    here = height(record.extra) if told_of(record) else None
    if here is None:
        return ""
    known = heights(record.taxon_id)
    if known.n and known.low - BEYOND_M <= here <= known.high + BEYOND_M:
        return ""
    if not known.whole:
        known = heights(record.taxon_id, whole=True)
    if known.n < HEIGHTS or known.low - BEYOND_M <= here <= known.high + BEYOND_M:
        return ""
    return _("độ cao %(here)d m, các ghi nhận đã xác minh ở %(low)d–%(high)d m") % {
        "here": round(here), "low": round(known.low), "high": round(known.high),
    }  # fmt: skip
