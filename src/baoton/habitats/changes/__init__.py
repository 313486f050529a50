"""Two maps laid on each other: pieces that changed, what stayed, and what only one of them shows."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.db import transaction
from django.urls import reverse

from baoton.habitats.models import FORESTED, Change, Comparison, Parcel, Version
from baoton.habitats.topology import area_m2
from baoton.kit import jobs
from baoton.kit.kinds import moment
from baoton.kit.models import Overlap
from baoton.kit.writing import overlaps
from baoton.kit.writing.outbox import changed_much
from baoton.places.queries import holder, outlines, settle, shares

PART = 5_000
NOTHING_M2 = 100.0
"""What one map shows and the other does not is told from so many square metres on: below lies rounding."""
T = Change.Turn
Key = tuple[str, str, str]


@dataclass
class Side:
    """The parcels of one map: class, commune (or what holds it) and outline of each."""

    kinds: list[str]
    areas: list[str]
    wkb: list[bytes]
    m2: list[float]


def side(version: Version) -> Side:
    rows = Parcel.objects.filter(version=version, withdrawn__isnull=True, geom__isnull=False).order_by("id")
    found = Side([], [], [], [])
    for kind, area, geom, ha in rows.values_list("forest_class", "area_path", "geom", "hectares").iterator(
        PART
    ):
        found.kinds.append(kind)
        found.areas.append(area)
        found.wkb.append(bytes(geom or b""))
        found.m2.append((ha or 0.0) * 10_000)
    return found


def turn(was: str, became: str) -> str:
    """Whether forest came, went, or the class alone changed; what is unknown never counts as forest lost."""
    if was == became:
        return T.SAME
    if was and became and (was in FORESTED) != (became in FORESTED):
        return T.GAIN if became in FORESTED else T.LOSS
    return T.SHIFT


def compare(comparison: Comparison) -> int:
    """The comparison's rows stand anew; how many pieces changed."""
    one, two = side(comparison.before), side(comparison.after)
    sums: dict[Key, float] = defaultdict(float)
    pieces: list[tuple[str, str, str, Any, float]] = []
    met = pairs(one, two)
    across = [n for n, (i, _j, shape, _m2) in enumerate(met) if shape is not None and "/" not in one.areas[i]]
    lain = dict(zip(across, shares([met[n][2] for n in across]), strict=True))
    for n, (i, j, shape, m2) in enumerate(met):
        was, became = one.kinds[i], two.kinds[j]
        for area, part, size in in_communes(shape, m2, lain[n]) if n in lain else [(one.areas[i], shape, m2)]:
            sums[area, was, became] += size
            if was != became:
                pieces.append((area, was, became, part, size))
    made = [_row(comparison, area, was, became, m2, shape) for area, was, became, shape, m2 in pieces]
    same = [
        _row(comparison, area, was, became, m2)
        for (area, was, became), m2 in sorted(sums.items())
        if was == became
    ]
    made += same + _of_one_alone(comparison, sums)
    settle([m for m in made if m.geom is not None])
    for m in made:
        m.shown_area_path = m.area_path
    with transaction.atomic():
        old = list(Change.objects.filter(comparison=comparison).values_list("pk", flat=True))
        Overlap.objects.filter(register=Change._meta.label_lower, record__in=old).delete()
        Change.objects.filter(comparison=comparison).delete()
        Change.objects.bulk_create(made, batch_size=500)
        overlaps.keep(Change, [m.pk for m in made if m.geom is not None])
        Comparison.objects.filter(pk=comparison.pk).update(counted=moment.now())
        changed_much(Change)
    return len(pieces)


def pairs(one: Side, two: Side) -> list[tuple[int, int, Any, float]]:
    """What each two parcels share, as (before, after, shape, m²); equal outlines are found without cutting."""
    at = {wkb: i for i, wkb in enumerate(one.wkb)}
    equal = [(at[wkb], j) for j, wkb in enumerate(two.wkb) if wkb in at]
    found = [
        (i, j, shapely.from_wkb(one.wkb[i]) if one.kinds[i] != two.kinds[j] else None, one.m2[i])
        for i, j in equal
    ]
    done_one, done_two = {i for i, _j in equal}, {j for _i, j in equal}
    left = [i for i in range(len(one.wkb)) if i not in done_one]
    right = [j for j in range(len(two.wkb)) if j not in done_two]
    if not left or not right:
        return found
    mine = np.asarray(shapely.from_wkb([one.wkb[i] for i in left]), dtype=object)
    theirs = np.asarray(shapely.from_wkb([two.wkb[j] for j in right]), dtype=object)
    k, m = shapely.STRtree(theirs).query(mine)
    for start in range(0, len(k), PART):
        a, b = k[start : start + PART], m[start : start + PART]
        shared = shapely.intersection(mine[a], theirs[b])
        m2 = area_m2(shared)
        for x, y, shape, size in zip(a.tolist(), b.tolist(), shared.tolist(), m2.tolist(), strict=True):
            if size > 1.0:
                found.append((left[x], right[y], _area(shape), size))
    return found


def _area(shape: Any) -> Any:
    if shape.geom_type in {"Polygon", "MultiPolygon"}:
        return shape
    return shapely.multipolygons([p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"])


def in_communes(shape: Any, m2: float, lain: list[tuple[str, float, float]]) -> list[tuple[str, Any, float]]:
    """The shape by the communes it lies in: whole where one holds it, else cut; outside all of them under no area."""
    if len(lain) == 1 and holder(lain) == lain[0][0]:
        return [(lain[0][0], shape, m2)]
    known = outlines()
    told = [(path, _area(shapely.intersection(shape, known[path])), size) for path, _s, size in lain]
    rest = m2 - sum(size for _p, _s, size in told)
    return [*told, ("", None, rest)] if rest > 1.0 else told


def _row(
    comparison: Comparison, area: str, was: str, became: str, m2: float, shape: Any = None, kind: str = ""
) -> Change:
    made = Change(
        comparison=comparison, area_path=area, was=was, became=became, turn=kind or turn(was, became), m2=round(m2),
        organisation=comparison.organisation,
    )  # fmt: skip
    if shape is not None:
        made.put(shape)
    return made


def _of_one_alone(comparison: Comparison, sums: dict[Key, float]) -> list[Change]:
    """What one of the two maps shows and the other does not, by commune and class."""
    told = []
    for version, number, kind in ((comparison.before, 1, T.LEFT), (comparison.after, 2, T.NEW)):
        whole: dict[tuple[str, str], float] = defaultdict(float)
        for extent in version.extents.filter(withdrawn__isnull=True):
            whole[extent.area_path, extent.forest_class] += extent.m2
        for key, m2 in sums.items():
            whole[key[0], key[number]] -= m2
        for (area, what), m2 in sorted(whole.items()):
            if m2 > NOTHING_M2 and area:
                was, became = (what, "") if number == 1 else ("", what)
                told.append(_row(comparison, area, was, became, m2, kind=kind))
    return told


@jobs.kind("habitats.compare")
def compare_as_job(progress: jobs.Progress) -> str:
    """A comparison of big maps; the page where it stands then."""
    if progress.job is None:
        raise ValueError("big maps are compared by a job")
    rows = Comparison.objects.select_related("before", "after")
    one = rows.get(pk=progress.job.arguments["comparison"])
    compare(one)
    return reverse("habitat-changes", args=[one.pk])
