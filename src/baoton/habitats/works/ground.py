"""Hectares counted once: what each work adds to the union of the works of its year, by kind and of all kinds.

Works stand in the order of their days; each counts the ground that none before it holds. So the rows of a year add
up to the union, whatever overlaps whatever, and a change touches its neighbours alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

import numpy as np
import shapely
from django.db.models import Q, QuerySet

from baoton.habitats.models import Restored, Work
from baoton.kit.ids import source_id
from baoton.kit.place import Located
from baoton.kit.writing.outbox import changing, followed_by
from baoton.places.queries import measure, shares

FEW = 200
"""So many touched works are looked at with their neighbours; of more, the whole year is."""
Box = tuple[float, float, float, float]


def cut(shapes: Sequence[Any]) -> list[Any]:
    """Each shape without the ground of those before it: together they are their union, and share nothing."""
    given = np.array([*shapes, None], dtype=object)[:-1]
    which, other = shapely.STRtree(given).query(given, predicate="intersects")
    before: dict[int, list[int]] = defaultdict(list)
    for a, b in zip(which.tolist(), other.tolist(), strict=True):
        if b < a:
            before[a].append(b)
    told = list(given)
    for a, found in before.items():
        told[a] = shapely.difference(given[a], shapely.union_all(given[found]))
    return told


def measured(record: Located) -> float | None:
    """Hectares of a polygon on the ellipsoid."""
    return None if record.geom is None else round(measure(shapely.from_wkb(bytes(record.geom))) / 10_000, 4)


def counting() -> "QuerySet[Work]":
    """The works that were done on a piece of ground."""
    return Work.objects.filter(
        withdrawn__isnull=True, status=Work.Status.DONE, day__isnull=False, geom__isnull=False
    )


def rows_of(works: Iterable[Work], wanted: set[Any] | None = None) -> list[Restored]:
    """The rows of works of one year; of all, or of those wanted, whose neighbours are all among the works.

    A work that is told to few stands last: what the others count says nothing of it.
    """
    found = sorted(works, key=lambda w: (w.disclosure > 0, w.day, str(w.pk)))
    if not found:
        return []
    shapes = [shapely.from_wkb(bytes(w.geom or b"")) for w in found]
    once, of_kind = cut(shapes), list(shapes)
    for kind in {w.kind for w in found}:
        mine = [i for i, w in enumerate(found) if w.kind == kind]
        for i, shape in zip(mine, cut([shapes[i] for i in mine]), strict=True):
            of_kind[i] = shape
    asked = [i for i, w in enumerate(found) if wanted is None or w.pk in wanted]
    by_kind, by_all = (shares([told[i] for i in asked]) for told in (of_kind, once))
    made = []
    for n, i in enumerate(asked):
        one = found[i]
        m2: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for column, told, shape in ((0, by_kind[n], of_kind[i]), (1, by_all[n], once[i])):
            left = measure(shape, "Polygon")
            for path, _share, size in told:
                m2[path if one.disclosure == 0 else one.shown_area_path][column] += size
                left -= size
            m2["" if one.disclosure == 0 else one.shown_area_path][column] += max(left, 0.0)
        made += [
            Restored(
                id=source_id("habitats.restored", f"{one.pk}/{path}"), work=one, kind=one.kind, day=one.day or date.min,
                m2=round(kind), m2_once=round(all_), area_path=path, organisation=one.organisation,
            )
            for path, (kind, all_) in sorted(m2.items())
            if round(kind) or path
        ]  # fmt: skip
    return made


def rebuild(years: Iterable[int] | None = None) -> int:
    """Every row stands anew; how many."""
    asked = set(counting().values_list("day__year", flat=True)) if years is None else set(years)
    old = Restored.objects.all() if years is None else Restored.objects.filter(day__year__in=asked)
    fresh = [row for year in sorted(asked) for row in rows_of(counting().filter(day__year=year))]
    _replace(old, fresh)
    return len(fresh)


@followed_by
def follow(label: str, before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> None:
    """A work that came, moved or went changes what its neighbours of the year count, in the same transaction."""
    if label != Work._meta.label_lower:
        return
    rows = [*before, *after]
    if not rows or len(rows) > FEW:
        rebuild()
        return
    touched = {r["id"] for r in rows}
    boxes = [_box(r) for r in rows if r["min_x"] is not None]
    years = {int(str(r["day"])[:4]) for r in rows if r["day"]}
    fresh: list[Restored] = []
    changed: set[Any] = set()
    for year in sorted(years):
        of_year = counting().filter(day__year=year)
        near = {w.pk: w for w in of_year.filter(_meeting(boxes))} if boxes else {}
        around = of_year.filter(_meeting([_box(vars(w)) for w in near.values()])) if near else []
        changed |= set(near)
        fresh += rows_of(around, set(near))
    _replace(Restored.objects.filter(Q(work__in=touched) | Q(work__in=changed)), fresh)


def _box(row: Any) -> Box:
    return row["min_x"], row["min_y"], row["max_x"], row["max_y"]


def _meeting(boxes: Sequence[Box]) -> Q:
    """Whatever has a box that meets one of these."""
    return reduce(or_, (Q(min_x__lte=e, max_x__gte=w, min_y__lte=n, max_y__gte=s) for w, s, e, n in boxes))


def _replace(old: "QuerySet[Restored]", fresh: Sequence[Restored]) -> None:
    gone = list(old.values_list("pk", flat=True))
    with changing(Restored, list({*gone, *(row.pk for row in fresh)})):
        Restored.objects.filter(pk__in=gone).delete()
        Restored.objects.bulk_create(fresh, batch_size=1000)
