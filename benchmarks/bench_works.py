"""Hectares of 20,000 works counted once: what each adds to their union, beside one union of all."""

import os
from typing import Any

import numpy as np

from benchmarks.table import Row, best_of

N = 20_000


def works(n: int = N) -> list[Any]:
    """Round works strewn over a province, of which most overlap others."""
    import shapely

    rng = np.random.default_rng(1)
    x, y = rng.uniform(102.4, 104, n), rng.uniform(21.8, 22.8, n)
    return list(shapely.buffer(shapely.points(x, y), rng.uniform(0.001, 0.006, n), quad_segs=8))


def rows() -> list[Row]:
    """The result table of this module."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baoton.site.settings")
    import django

    django.setup()
    import shapely

    from baoton.habitats.works.ground import cut

    shapes = works()
    whole = best_of(lambda: shapely.union_all(shapes), 1)
    ours = best_of(lambda: cut(shapes), 1)
    share = sum(part.area for part in cut(shapes)) / shapely.union_all(shapes).area
    note = f"{N:,} works; the parts add up to {share:.12f} of the union"
    return [
        Row("what each work adds to the union", ours, "shapely.union_all", whole, target="≤ 5 s", note=note)
    ]
