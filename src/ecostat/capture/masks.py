"""The ground around an array where the animals it can detect may be."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial import cKDTree

from ecostat import gates
from ecostat.errors import EcostatError
from ecostat.floats import Floats

MOST = 10_000_000


def buffer_mask(posts: ArrayLike, buffer: float, spacing: float) -> tuple[Floats, float]:
    """Centres (points, 2) of the square cells within `buffer` of a detector, and the area of one cell, in the
    unit of the coordinates (planar, such as UTM). Wide enough when detection at the buffer is negligible."""
    buffer, spacing = gates.number("buffer", buffer, above=0), gates.number("spacing", spacing, above=0)
    if spacing > buffer:
        raise EcostatError("spacing is not wider than the buffer.")
    xy = gates.planar("posts", posts, reach=buffer, reach_name="buffer")
    if not len(xy):
        raise EcostatError("posts must hold the planar x and y of each detector.")
    cells = float(np.prod((np.ptp(xy, axis=0) + 2 * buffer) / spacing))
    if cells > MOST:
        raise EcostatError(
            f"spacing of {spacing:g} makes {cells:.2g} points: take a wider one, or look for posts far off."
        )
    low, high = xy.min(axis=0) - buffer, xy.max(axis=0) + buffer
    axes = [np.arange(a + spacing / 2, b + spacing / 2, spacing) for a, b in zip(low, high, strict=True)]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 2)
    near = cKDTree(xy).query(grid)[0] <= buffer
    return grid[near], spacing**2
