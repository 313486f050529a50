"""Density of a species from the distances at which it was seen along transects (Buckland et al. 2001)."""

import warnings
from collections.abc import Hashable, Mapping
from datetime import date
from typing import Any

import numpy as np
from django.utils.translation import gettext_noop

from baoton.kit.estimates import why_none
from baoton.observations.queries import verified
from baoton.surveys.models import Campaign, Method, Visit

FEWEST, ENOUGH = 40, 60
"""Fewer distances than these give no density; fewer than those are mostly the curve, and the figure says so."""
DISTANCE, ANGLE = "khoang_cach", "goc"
FAR = 0.95
"""The farthest twentieth of the distances is set aside, as the method asks (Buckland et al. 2001, 4.3)."""
TOO_FEW = gettext_noop("cần ít nhất 40 lần thấy có khoảng cách và góc")
FEW_SEEN = gettext_noop("ít hơn 60 khoảng cách: mật độ dựa nhiều vào dạng đường cong")


def density(taxon_id: Any, until: date) -> dict[str, Any]:
    """Animals per km² with 95 % limits from verified sightings on transects up to a day; {} where none was walked
    for it, `why` where they do not carry one. Walked lines without a sighting count too."""
    seen = list(
        verified()
        .filter(taxon_id=taxon_id, day_start__lte=until, event__isnull=False)
        .order_by("id")
        .values_list("event_id", "individual_count", "extra")
    )
    about = Visit.objects.filter(event__in=[s[0] for s in seen], protocol__method=Method.TRANSECT)
    campaigns = set(about.filter(withdrawn__isnull=True).values_list("campaign", flat=True))
    sought = Campaign.objects.filter(taxon=taxon_id, protocol__method=Method.TRANSECT, withdrawn__isnull=True)
    campaigns |= set(sought.values_list("pk", flat=True))
    if not campaigns:
        return {}
    walked = Visit.objects.filter(
        campaign__in=campaigns, protocol__method=Method.TRANSECT, withdrawn__isnull=True, day__lte=until,
        effort__gt=0, effort_unit="km",
    )  # fmt: skip
    lines = {v[0]: (str(v[1]), v[2]) for v in walked.values_list("event_id", "site_id", "effort")}
    effort: dict[Hashable, float] = {}
    for site, km in lines.values():
        effort[site] = effort.get(site, 0.0) + float(km or 0)
    rows = [
        (lines[event][0], off, count or 1)
        for event, count, extra in seen
        if event in lines and (off := across(extra or {})) is not None
    ]
    if not lines:
        return {}
    told: dict[str, Any] = {
        "n": len(rows), "lines": len(effort), "km": round(sum(effort.values()), 2),
        "uncounted": sum(1 for event, count, _extra in seen if event in lines and count is None),
    }  # fmt: skip
    if len(rows) < FEWEST:
        return told | {"why": TOO_FEW}
    return told | _estimated(rows, effort)


def across(extra: dict[str, Any]) -> float | None:
    """Metres from the line to the animal, from the distance and the angle that were read where it was seen."""
    try:
        far, angle = float(extra[DISTANCE]), float(extra[ANGLE])
    except (KeyError, TypeError, ValueError):
        return None
    return far * abs(float(np.sin(np.radians(angle))))


def _estimated(rows: list[tuple[str, float, int]], effort: Mapping[Hashable, float]) -> dict[str, Any]:
    """The better of two detection functions by AIC and what it says; `why` where neither can be fitted."""
    from ecostat.distance import fit
    from ecostat.errors import EcostatError

    off = np.array([r[1] for r in rows])
    cut = float(np.quantile(off, FAR))
    best, why = None, ""
    for key in ("hn", "hr"):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                model = fit(off, key, truncation=cut)
                found = model.density(
                    effort, sample=[r[0] for r in rows], size=[r[2] for r in rows], convert=1e-3
                )
        except (EcostatError, ValueError, np.linalg.LinAlgError) as error:
            why = why_none(error)
            continue
        if best is None or model.aic < best[0].aic:
            best = (model, found, key)
    if best is None:
        return {"why": why}
    model, found, key = best
    return {
        "value": float(found.density), "low": float(found.lower), "high": float(found.upper), "key": key,
        "used": int(found.n), "cut": round(cut, 1), "p": round(float(model.p), 3),
        "caution": FEW_SEEN if len(rows) < ENOUGH else "",
    }  # fmt: skip
