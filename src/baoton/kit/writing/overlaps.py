"""In which areas a shape lies: kept when it is written, so that no page has to intersect anything."""

from collections.abc import Iterable, Mapping
from typing import Any

import shapely
from django.db.models import F, Model, Q

from baoton.kit.kinds.area import units
from baoton.kit.models import Overlap
from baoton.kit.place import Located

PART = 500


def wide(row: Mapping[str, Any]) -> bool:
    """Whether the row, by its columns, holds a line or a polygon: a point lies in one area and has no overlaps."""
    return any(row.get(f"min_{a}") != row.get(f"max_{a}") for a in "xy")


def keep(model: type[Model], keys: Iterable[Any]) -> int:
    """The table of overlaps says of each of these rows what its shape says now; how many overlaps stand."""
    if not issubclass(model, Located):
        return 0
    asked, label, made = list(keys), model._meta.label_lower, 0
    for start in range(0, len(asked), PART):
        part = asked[start : start + PART]
        Overlap.objects.filter(register=label, record__in=part).delete()
        placed = model._default_manager.filter(pk__in=part, geom__isnull=False)
        rows: list[tuple[Any, Any]] = list(
            placed.filter(~Q(min_x=F("max_x")) | ~Q(min_y=F("max_y"))).values_list("pk", "geom")
        )
        told = units().shares([shapely.from_wkb(bytes(geom)) for _pk, geom in rows]) if rows else []
        fresh = [
            Overlap(register=label, record=pk, area_path=path, share=share, measure=measure)
            for (pk, _geom), shares in zip(rows, told, strict=True)
            for path, share, measure in shares
        ]
        Overlap.objects.bulk_create(fresh)
        made += len(fresh)
    return made
