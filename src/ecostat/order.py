"""Sorting inside compiled loops, written out: numpy's own sort takes a second to compile, this a tenth."""

import numpy as np
from numpy.typing import NDArray

from ecostat.compiled import compiled


@compiled
def ranked(first: NDArray[np.float64], second: NDArray[np.float64], order: NDArray[np.int64], n: int) -> None:
    """The n numbers in `order` are sorted by `first`, ties by `second`, further ties left as they were."""
    spare = np.empty(n, np.int64)
    width = 1
    while width < n:
        for start in range(0, n, 2 * width):
            middle, end = min(start + width, n), min(start + 2 * width, n)
            a, b = start, middle
            for at in range(start, end):
                left = b >= end
                if not left and a < middle:
                    p, q = order[a], order[b]
                    left = first[p] < first[q] or (first[p] == first[q] and second[p] <= second[q])
                if left:
                    spare[at] = order[a]
                    a += 1
                else:
                    spare[at] = order[b]
                    b += 1
        for at in range(n):
            order[at] = spare[at]
        width *= 2
