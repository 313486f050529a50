"""What the evidence stream tells the plan: records, species, visits, and how often cameras meet animals."""

import re
from collections import defaultdict
from collections.abc import Mapping, Set
from typing import Any

import numpy as np
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baoton.observations.models import Event
from baoton.places.queries import province_path
from baoton.plan.queries import Distinct, Figure, Grouped, Indicator, tell

BOOK, VISITS = "observations.occurrence", "observations.event"
GAP_MINUTES = 30
COUNTED: Any = {"status": "verified", "presence": "present", "area": province_path}
GUARDED = COUNTED | {"protected": "1"}


def of_cameras(rows: "QuerySet[Any]", year: int) -> Mapping[str, float]:
    """Independent photo events of each species at each deployment, and each deployment's nights under its own key."""
    from ecostat.events import independent

    groups: dict[tuple[Any, Any], list[str]] = defaultdict(list)
    for event, taxon, day in rows.values_list("event_id", "taxon_id", "event_date").iterator():
        groups[event, taxon].append(day[:19])
    parts = {f"{event}": nights for event, nights in camera_nights({event for event, _ in groups}).items()}
    for (event, taxon), days in groups.items():
        one = np.zeros(len(days), int)
        kept = independent(np.array(days, "datetime64[s]"), minutes=GAP_MINUTES, station=one, species=one)
        parts[f"{event} {taxon}"] = float(kept.n)
    return parts


def camera_rate(parts: Mapping[str, float]) -> Figure:
    """Events per 100 camera-nights with exact Poisson 95 % limits, all species together."""
    from scipy.stats import chi2

    n = int(sum(v for k, v in parts.items() if " " in k))
    nights = sum(v for k, v in parts.items() if " " not in k)
    if not parts or not nights:
        why = _("chưa có ảnh bẫy đã xác minh") if not parts else _("chưa rõ số ngày đặt bẫy")
        return Figure(None, why_unknown=why)
    low = chi2.ppf(0.025, 2 * n) / 2 if n else 0.0
    high = chi2.ppf(0.975, 2 * n + 2) / 2
    per = 100 / nights
    return Figure(n * per, low * per, high * per)


def camera_nights(events: Set[Any]) -> dict[Any, float]:
    """The stated camera-nights of each deployment; none for one that states none."""
    nights: dict[Any, float] = dict.fromkeys(events, 0.0)
    asked = list(events)
    for i in range(0, len(asked), 500):
        for event, effort in Event.objects.filter(pk__in=asked[i : i + 500]).values_list(
            "pk", "sampling_effort"
        ):
            found = re.match(r"\s*(\d+(?:[.,]\d+)?)\s*(?:ngày|đêm|trap|camera)", effort)
            nights[event] = float(found.group(1).replace(",", ".")) if found else 0.0
    return nights


tell(
    Indicator(
        "observations.records",
        _("Ghi nhận loài đã xác minh"),
        _("ghi nhận"),
        BOOK,
        where=COUNTED,
        about="survey",
        section="survey",
    ),
    Indicator(
        "observations.species",
        _("Loài đã ghi nhận"),
        _("loài"),
        BOOK,
        where=COUNTED | {"named": "1"},
        measure=Distinct("taxon_id", met=True),
        about="biodiversity",
        section="biodiversity",
    ),
    Indicator(
        "observations.protected_records",
        _("Ghi nhận loài ưu tiên bảo vệ, nhóm IA, IB"),
        _("ghi nhận"),
        BOOK,
        where=GUARDED,
        about="species_habitats",
        section="species_habitats",
    ),
    Indicator(
        "observations.protected_species",
        _("Loài ưu tiên bảo vệ, nhóm IA, IB đã ghi nhận"),
        _("loài"),
        BOOK,
        where=GUARDED,
        measure=Distinct("taxon_id", met=True),
        about="species_habitats",
        section="species_habitats",
    ),
    Indicator(
        "observations.events",
        _("Đợt điều tra, quan trắc"),
        pgettext_lazy("đơn vị tính", "đợt"),
        VISITS,
        where={"status": "verified", "area": province_path},
        about="survey",
        section="survey",
    ),
    Indicator(
        "observations.camera_rate",
        _("Lần gặp độc lập trên 100 ngày bẫy ảnh"),
        _("lần/100 ngày"),
        BOOK,
        where=COUNTED | {"basis": "MachineObservation"},
        measure=Grouped(
            ("event_id", "taxon_id"),
            of_cameras,
            camera_rate,
            f"ecostat.events.independent, {GAP_MINUTES} phút, v2",
        ),
        about="survey",
        by_area=False,
        section="survey",
    ),
)
