"""Whether snares and other signs grow or shrink, told apart from how far one walked and how well one looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from baoton.kit.access import Actor
from baoton.patrols.models import SignKind, Square
from baoton.patrols.queries import known

QUARTERS = 3 * 366
"""Days up to which a trend is told by quarters; a longer time is told by years."""


@dataclass(frozen=True)
class Season:
    """One quarter or year: what was walked, what was found on it, and what that says of the squares.

    `share` is the share of visited squares with signs, corrected for effort, with its 95 % limits; `seen` the bare
    share; `rate` the finds per kilometre of patrols with its limits. None where it cannot be told.
    """

    name: str
    km: float
    squares: int
    seen: float | None
    share: float | None
    lower: float | None
    upper: float | None
    patrols: int
    rate: float | None
    rate_lower: float | None
    rate_upper: float | None


@dataclass(frozen=True)
class Trend:
    """The seasons in their order, the trend of the share (logit a year) with its 95 % limits, and how it was told.

    `detection` is the chance to find a sign in a square that has one on one kilometre; `stray` signs lie where their
    patrol has no track and count nowhere here; `why_not` says why no corrected share can be told.
    """

    seasons: Sequence[Season]
    slope: float | None
    lower: float | None
    upper: float | None
    meaning: str
    detection: float | None
    visits: int
    stray: int
    why_not: str
    message: str


def season_of(day: date, quarters: bool) -> float:
    """The season of a day as a number of years."""
    return day.year + ((day.month - 1) // 3) / 4 if quarters else float(day.year)


def name_of(season: float, quarters: bool) -> str:
    year, part = int(season), round((season - int(season)) * 4)
    return _("quý %(q)d/%(year)d") % {"q": part + 1, "year": year} if quarters else str(year)


def trend(actor: Actor, first: date, last: date, area: str = "", kind: str = "") -> Trend:
    """What the patrols of a time say of signs of a kind (its code; all threats without), as the actor may know them."""
    from ecostat.effort import threat_trend
    from ecostat.errors import EcostatError

    quarters = (last - first).days <= QUARTERS
    legs = known(actor, "patrols.leg").filter(day__range=(first, last), patrol__isnull=False)
    legs = legs.filter(area_path=area) if area else legs
    walked = Square.objects.filter(leg__in=legs.order_by().values("pk"))
    visits: dict[tuple[Any, int, float], float] = {}
    rows = walked.values_list("leg__patrol", "square", "leg__day").annotate(m=Sum("metres"))
    for patrol, square, day, metres in rows.order_by("leg__patrol", "square", "leg__day"):
        key = (patrol, square, season_of(day, quarters))
        visits[key] = visits.get(key, 0.0) + metres / 1000
    finds = known(actor, "patrols.sign").filter(day__range=(first, last), patrol__isnull=False)
    finds = finds.filter(kind__code=kind) if kind else finds.exclude(kind__group=SignKind.Group.CAMERA)
    finds = finds.filter(area_path=area) if area else finds
    told = finds.order_by().values_list("patrol", "square", "day").annotate(n=Count("pk"))
    hits: set[tuple[Any, int, float]] = set()
    counted: dict[tuple[Any, float], int] = {}
    stray = 0
    for patrol, square, day, n in told:
        at = season_of(day, quarters)
        if (patrol, square, at) in visits:
            counted[patrol, at] = counted.get((patrol, at), 0) + n
            hits.add((patrol, square, at))
        else:
            stray += n
    keys = list(visits)
    seasons = sorted({key[2] for key in keys})
    why, fitted = "", None
    try:
        fitted = threat_trend(
            [key in hits for key in keys], [visits[key] for key in keys], [key[1] for key in keys],
            [key[2] for key in keys],
        )  # fmt: skip
    except EcostatError as error:
        why = str(error)
    rates = _rates(visits, counted)
    out = [_season(s, quarters, visits, hits, rates, fitted) for s in seasons]
    slope = None if fitted is None or not np.isfinite(fitted.trend) else float(fitted.trend)
    reach = 1.96 * float(fitted.trend_se) if fitted is not None and slope is not None else 0.0
    return Trend(
        out, slope, None if slope is None else slope - reach, None if slope is None else slope + reach,
        fitted.meaning if fitted is not None and slope is not None else "",
        None if fitted is None else float(1 - np.exp(-fitted.detection)), len(keys), stray, why,
        "" if fitted is None else fitted.message,
    )  # fmt: skip


def _rates(visits: dict[Any, float], counted: dict[Any, int]) -> dict[float, tuple[float, float, float, int]]:
    """Finds per kilometre in each season, one row a patrol, with limits by how patrols differ."""
    from ecostat.effort import encounter_rate
    from ecostat.errors import EcostatError

    km: dict[tuple[Any, float], float] = {}
    for (patrol, _square, at), walked in visits.items():
        km[patrol, at] = km.get((patrol, at), 0.0) + walked
    found = {}
    for at in {key[1] for key in km}:
        own = [key for key in km if key[1] == at and km[key] > 0]
        try:
            told = encounter_rate([counted.get(k, 0) for k in own], [km[k] for k in own], [0] * len(own))
        except EcostatError:
            continue
        found[at] = (float(told.rate[0]), float(told.lower[0]), float(told.upper[0]), int(told.patrols[0]))
    return found


def _season(
    at: float, quarters: bool, visits: dict[Any, float], hits: set[Any], rates: dict[Any, Any], fitted: Any
) -> Season:
    squares = {key[1] for key in visits if key[2] == at}
    seen = {key[1] for key in hits if key[2] == at}
    rate, low, high, patrols = rates.get(at, (None, None, None, 0))
    i = None if fitted is None else int(np.flatnonzero(fitted.season == at)[0])
    share = [None] * 3 if i is None else [_told(v[i]) for v in (fitted.occupancy, fitted.lower, fitted.upper)]
    return Season(
        name_of(at, quarters), sum(km for key, km in visits.items() if key[2] == at), len(squares),
        len(seen) / len(squares) if squares else None, share[0], share[1], share[2], patrols, _told(rate), _told(low),
        _told(high),
    )  # fmt: skip


def _told(value: Any) -> float | None:
    return None if value is None or not np.isfinite(value) else float(value)
