"""What the evidence stream tells the plan: records, species, visits, and how often cameras meet animals."""

import hashlib
import re
from collections.abc import Mapping

import numpy as np
from django.utils.translation import gettext_lazy as _
from scipy.stats import chi2

from baoton.kit.access import System
from baoton.observations.models import Event
from baoton.observations.registers import occurrence
from baoton.plan.queries import Figure, distinct, indicator, tally
from ecostat.events import independent

BOOK = "observations.occurrence"
GAP_MINUTES = 30


def counted(year: int, **more: str) -> dict[str, str]:
    """The filters that open the year's records that count."""
    return {"status": "verified", "presence": "present", "area": "12", "when": str(year), **more}


@indicator(
    "observations.records",
    _("Ghi nhận loài đã xác minh"),
    _("ghi nhận"),
    task=5,
    register=BOOK,
    section="survey",
)
def records(year: int) -> Mapping[str, Figure]:
    """Verified records of any species in the province."""
    return tally(BOOK, counted(year))


@indicator(
    "observations.species", _("Loài đã ghi nhận"), _("loài"), task=4, register=BOOK, section="biodiversity"
)
def species(year: int) -> Mapping[str, Figure]:
    """Different accepted taxa among them."""
    return tally(BOOK, counted(year, named="1"), distinct, ("taxon_id",))


@indicator(
    "observations.protected_records",
    _("Ghi nhận loài ưu tiên bảo vệ, nhóm IA, IB"),
    _("ghi nhận"),
    task=3,
    register=BOOK,
    section="species_habitats",
)
def protected_records(year: int) -> Mapping[str, Figure]:
    """Verified records of taxa whose places are guarded by the law's lists."""
    return tally(BOOK, counted(year, protected="1"))


@indicator(
    "observations.protected_species",
    _("Loài ưu tiên bảo vệ, nhóm IA, IB đã ghi nhận"),
    _("loài"),
    task=3,
    register=BOOK,
    section="species_habitats",
)
def protected_species(year: int) -> Mapping[str, Figure]:
    """Different taxa among them."""
    return tally(BOOK, counted(year, protected="1"), distinct, ("taxon_id",))


@indicator(
    "observations.events",
    _("Đợt điều tra, quan trắc"),
    _("đợt"),
    task=5,
    register="observations.event",
    section="survey",
)
def events(year: int) -> Mapping[str, Figure]:
    """Visits whose records were verified."""
    return tally("observations.event", {"status": "verified", "area": "12", "when": str(year)})


@indicator(
    "observations.camera_rate",
    _("Lần gặp độc lập trên 100 ngày bẫy ảnh"),
    _("lần/100 ngày"),
    task=5,
    register=BOOK,
    section="survey",
    method=f"ecostat.events.independent, {GAP_MINUTES} phút, v1",
)
def camera_rate(year: int) -> Mapping[str, Figure]:
    """Independent photo events per 100 camera-nights with exact Poisson 95 % limits, all species together."""
    asked = counted(year, basis="MachineObservation")
    rows = list(
        occurrence.filtered(occurrence.door(System()), asked)
        .filter(event__isnull=False)
        .values_list("id", "event_id", "taxon_id", "event_date")
    )
    count = occurrence.filtered(occurrence.door(System()), asked).count()
    nights = camera_nights({r[1] for r in rows})
    if not rows or not nights:
        why = _("chưa có ảnh bẫy đã xác minh") if not rows else _("chưa rõ số ngày đặt bẫy")
        return {"": Figure(None, count, asked, why_unknown=why)}
    when = np.array([np.datetime64(r[3][:19]) for r in rows])
    station = np.array([str(r[1]) for r in rows])
    kind = np.array([str(r[2]) for r in rows])
    kept = independent(when, minutes=GAP_MINUTES, station=station, species=kind)
    n = int(kept.n)
    low = chi2.ppf(0.025, 2 * n) / 2 if n else 0.0
    high = chi2.ppf(0.975, 2 * n + 2) / 2
    per = 100 / nights
    text = "\n".join(sorted(f"{r[0]} {r[1]} {r[2]} {r[3]}" for r in rows)) + f"\n{nights}"
    return {
        "": Figure(n * per, count, asked, low * per, high * per, hashlib.sha256(text.encode()).hexdigest())
    }


def camera_nights(events: set[object]) -> float:
    """The stated camera-nights of the deployments; a deployment that states none adds none."""
    total = 0.0
    for effort in Event.objects.filter(pk__in=list(events)).values_list("sampling_effort", flat=True):
        found = re.match(r"\s*(\d+(?:[.,]\d+)?)\s*(?:ngày|đêm|trap|camera)", effort)
        total += float(found.group(1).replace(",", ".")) if found else 0.0
    return total
