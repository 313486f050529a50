"""Where an import right holds, asked of many rows at once: the same rule as `kit.access.covers`."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from baoton.kit.access import Scope
from baoton.kit.importing.chunk import Mask, mask_of


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


def _none(n: int) -> Mask:
    return np.zeros(n, bool)
