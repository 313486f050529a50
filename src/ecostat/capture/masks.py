"""The ground around an array where the animals it can detect may be."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial import cKDTree

from ecostat.errors import EcostatError
from ecostat.fit import Floats


def buffer_mask(posts: ArrayLike, buffer: float, spacing: float) -> tuple[Floats, float]:
    """Centres (points, 2) of the square cells within `buffer` of a detector, and the area of one cell, in the
    unit of the coordinates (planar, such as UTM). Wide enough when detection at the buffer is negligible."""
    xy = np.asarray(posts, float)
    if xy.ndim != 2 or xy.shape[1] != 2 or not len(xy) or not np.all(np.isfinite(xy)):
        raise EcostatError("posts must hold the planar x and y of each detector.")
    if not (buffer > 0 and 0 < spacing <= buffer):
        raise EcostatError("buffer and spacing are positive, and the spacing is not wider than the buffer.")
    low, high = xy.min(axis=0) - buffer, xy.max(axis=0) + buffer
    axes = [np.arange(a + spacing / 2, b + spacing / 2, spacing) for a, b in zip(low, high, strict=True)]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 2)
    near = cKDTree(xy).query(grid)[0] <= buffer
    return grid[near], spacing**2
