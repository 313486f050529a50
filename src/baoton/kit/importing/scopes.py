"""Where an import right holds, asked of many rows at once: the same rule as a `Reach` asks the database."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
import shapely

from baoton.kit.access import Scope
from baoton.kit.importing.chunk import Mask, mask_of
from baoton.kit.kinds.area import units


def covered(scopes: Sequence[Scope], columns: Mapping[str, pl.Series], n: int) -> Mask:
    """For each row whether any scope holds for it; a missing column counts as an empty one."""
    if Scope() in scopes:
        return np.ones(n, bool)
    union = np.zeros(n, bool)
    for scope in scopes:
        here = np.ones(n, bool)
        if scope.area_path:
            area = columns.get("area_path")
            here &= (
                _none(n)
                if area is None
                else mask_of((area == scope.area_path) | area.str.starts_with(f"{scope.area_path}/"))
            )
        for name in ("organisation", "taxon_group"):
            wanted = getattr(scope, name)
            if wanted:
                column = columns.get(name)
                here &= _none(n) if column is None else mask_of(column == wanted)
        union |= here
    return union


def covered_in_part(
    scopes: Sequence[Scope], columns: Mapping[str, pl.Series], geom: pl.Series, asked: Mask
) -> Mask:
    """Of the asked rows those whose shape lies with a part in an area that some scope covers."""
    found = np.zeros(len(asked), bool)
    for i in np.flatnonzero(asked):
        wkb = geom[int(i)]
        shape = None if wkb is None else shapely.from_wkb(wkb)
        if shape is None or shape.geom_type == "Point":
            continue
        row = {n: columns[n][int(i)] for n in ("organisation", "taxon_group") if n in columns}
        parts = [row | {"area_path": path} for path, _share, _measure in units().shares([shape])[0]]
        found[i] = any(scope.covers(part) for scope in scopes for part in parts)
    return found


def _none(n: int) -> Mask:
    return np.zeros(n, bool)
