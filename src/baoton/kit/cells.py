"""The cell key: a quadtree address of Web Mercator in one signed integer, `level << 46 | morton >> 2(22 - level)`.

Points sit at level 22, so that every map tile is one contiguous range of keys; polygons sit at the deepest
level whose cell is at least as long as the longer side of their box, at the cell of its lower-left corner.
Never used for an area: latitudes beyond ±85.05° clamp the key only.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

LEVEL = 22
SIDE = 1 << LEVEL
MAX_LAT = 85.0511287798066
_SHIFT = 46
_MASK = (1 << _SHIFT) - 1

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def to_world(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """Web Mercator as fractions of the world, x east and y south, each in [0, 1)."""
    x = np.asarray(lon, float) / 360.0 + 0.5
    phi = np.radians(np.clip(np.asarray(lat, float), -MAX_LAT, MAX_LAT))
    y = 0.5 - np.log(np.tan(np.pi / 4 + phi / 2)) / (2 * np.pi)
    top = np.nextafter(1.0, 0.0)
    return np.clip(x, 0.0, top), np.clip(y, 0.0, top)


def _spread(v: Ints) -> Ints:
    v = v & 0x3FFFFF
    v = (v | (v << 16)) & 0x0000FFFF0000FFFF
    v = (v | (v << 8)) & 0x00FF00FF00FF00FF
    v = (v | (v << 4)) & 0x0F0F0F0F0F0F0F0F
    v = (v | (v << 2)) & 0x3333333333333333
    return (v | (v << 1)) & 0x5555555555555555


def _gather(v: Ints) -> Ints:
    v = v & 0x5555555555555555
    v = (v | (v >> 1)) & 0x3333333333333333
    v = (v | (v >> 2)) & 0x0F0F0F0F0F0F0F0F
    v = (v | (v >> 4)) & 0x00FF00FF00FF00FF
    v = (v | (v >> 8)) & 0x0000FFFF0000FFFF
    return (v | (v >> 16)) & 0x3FFFFF


def morton(x: Ints, y: Ints) -> Ints:
    """Column and row at level 22, interleaved: x in the even bits, y in the odd ones."""
    return _spread(np.asarray(x, np.int64)) | (_spread(np.asarray(y, np.int64)) << 1)


def point_keys(lon: ArrayLike, lat: ArrayLike) -> Ints:
    """The keys of points, shape (n,); the caller keeps missing coordinates out."""
    x, y = to_world(lon, lat)
    code = morton((x * SIDE).astype(np.int64), (y * SIDE).astype(np.int64))
    return (np.int64(LEVEL) << _SHIFT) | code


def box_keys(min_x: ArrayLike, min_y: ArrayLike, max_x: ArrayLike, max_y: ArrayLike) -> Ints:
    """The keys of boxes in lon and lat: level from the longer side, cell of the lower-left corner."""
    west, south = to_world(min_x, min_y)
    east, north = to_world(max_x, max_y)
    longest = np.maximum(east - west, south - north)
    with np.errstate(divide="ignore"):
        level = np.where(longest > 0, np.floor(-np.log2(longest)), LEVEL)
    level = np.clip(level, 0, LEVEL).astype(np.int64)
    code = morton((west * SIDE).astype(np.int64), (south * SIDE).astype(np.int64))
    return (level << _SHIFT) | (code >> (2 * (LEVEL - level)))


def level_of(key: int) -> int:
    return key >> _SHIFT


def tile_range(z: int, x: int, y: int) -> tuple[int, int]:
    """The first and last level-22 key inside a map tile, both included."""
    code = int(morton(np.array([x << (LEVEL - z)]), np.array([y << (LEVEL - z)]))[0])
    first = (LEVEL << _SHIFT) | code
    return first, first + (1 << (2 * (LEVEL - z))) - 1


def cell_xy(key: ArrayLike, z: int) -> tuple[Ints, Ints]:
    """Column and row at level z of level-22 keys."""
    code = (np.asarray(key, np.int64) & _MASK) >> (2 * (LEVEL - z))
    return _gather(code), _gather(code >> 1)


def cover(
    min_x: float,
    min_y: float,
    max_x: float,
    max_y: float,
    level: int = LEVEL,
    most: int = 16,
    loose: bool = False,
) -> list[tuple[int, int]]:
    """At most `most` key ranges at one level that cover a box; they may cover more, never less.

    `loose` asks for boxes instead of points: the asked box is first widened by one cell to the west and
    south, since a loose quadtree keys a box by its lower-left corner.
    """
    west, north = (float(v[0]) for v in to_world([min_x], [max_y]))
    east, south = (float(v[0]) for v in to_world([max_x], [min_y]))
    if loose:
        west, south = max(0.0, west - 1 / (1 << level)), min(1.0 - 1e-12, south + 1 / (1 << level))

    def meets(z: int, x: int, y: int) -> bool:
        side = 1 / (1 << z)
        return x * side <= east and (x + 1) * side >= west and y * side <= south and (y + 1) * side >= north

    parts = [(0, 0, 0)]
    ready: list[tuple[int, int, int]] = []
    while parts:
        parts.sort()
        z, x, y = parts.pop(0)
        side = 1 / (1 << z)
        inside = x * side >= west and (x + 1) * side <= east and y * side >= north and (y + 1) * side <= south
        inner = [(z + 1, 2 * x + i, 2 * y + j) for i in (0, 1) for j in (0, 1)]
        inner = [part for part in inner if meets(*part)]
        if inside or z == level or len(parts) + len(ready) + len(inner) > most:
            ready.append((z, x, y))
        else:
            parts += inner
    ranges = []
    for z, x, y in ready:
        code = int(morton(np.array([x << (LEVEL - z)]), np.array([y << (LEVEL - z)]))[0])
        code >>= 2 * (LEVEL - level)
        first = (level << _SHIFT) | code
        ranges.append((first, first + (1 << (2 * (level - z))) - 1))
    return merge(ranges)


def merge(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same keys in the fewest ranges, in order."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined
