"""A raster of one layer: where its cells lie, what they hold, and which of them lie in each of many polygons.

A cell belongs to a polygon where its middle lies inside. Cells beyond the picture and cells of no data are unknown.
Cells are read in windows, so that the largest picture takes no more memory than a small one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from formats import crs
from formats.raster_opening import grid, opened, reading, system_of
from formats.source import FormatError

MOST_CELLS = 400_000_000
PART = 20_000
WINDOW = 1_000_000
"""About so many cells are told at once."""
BOX = 4 * WINDOW
"""So many cells of the picture are read at once."""
Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Raster:
    """An open picture, its rows from north to south; `west`, `north` is the outer corner, `step_x`, `step_y` a cell, in
    its system. It is closed by `with`."""

    picture: Any
    name: str
    west: float
    north: float
    step_x: float
    step_y: float
    system: crs.System

    def __enter__(self) -> Raster:
        return self

    def __exit__(self, *_error: Any) -> None:
        self.picture.close()

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.picture.height, self.picture.width

    def m2(self, row: Whole, column: Whole) -> Floats:
        """Square metres of each cell on the WGS84 ellipsoid; one cell stands for its block of 32 × 32."""
        if not len(row):
            return np.empty(0)
        down, along = row // 32, column // 32
        top, left = int(down.min()), int(along.min())
        wide, high = int(along.max()) - left + 1, int(down.max()) - top + 1
        block = (down - top) * wide + (along - left)
        if wide * high <= BOX:
            seen = np.zeros(wide * high, bool)
            seen[block] = True
            blocks = np.flatnonzero(seen)
            which = (np.cumsum(seen) - 1)[block]
        else:
            blocks, which = np.unique(block, return_inverse=True)
        x = self.west + ((blocks % wide + left) * 32 + 16) * self.step_x
        y = self.north - ((blocks // wide + top) * 32 + 16) * self.step_y
        half_x, half_y = self.step_x / 2, self.step_y / 2
        around = np.stack([(x - half_x, y - half_y), (x + half_x, y - half_y), (x + half_x, y + half_y),
                           (x - half_x, y + half_y)])  # fmt: skip
        lon, lat = crs.to_lonlat(around[:, 0].ravel(), around[:, 1].ravel(), self.system)
        lon, lat, geod = lon.reshape(4, -1), lat.reshape(4, -1), pyproj.Geod(ellps="WGS84")
        sizes = [abs(geod.polygon_area_perimeter(lon[:, i], lat[:, i])[0]) for i in range(len(blocks))]
        told: Floats = np.asarray(sizes, float)[which]
        return told

    def at(self, row: Whole, column: Whole) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """The value of each cell, and whether it is known; beyond the picture nothing is."""
        high, wide = self.shape
        inside = np.flatnonzero((row >= 0) & (row < high) & (column >= 0) & (column < wide))
        values, known = np.zeros(len(row)), np.zeros(len(row), bool)
        for which, (top, bottom, left, right) in self._boxes(inside, row[inside], column[inside]):
            told, good = self.read(top, bottom, left, right)
            r, c = row[which] - top, column[which] - left
            values[which], known[which] = told[r, c], good[r, c]
        return values, known

    def _boxes(
        self, which: Whole, row: Whole, column: Whole
    ) -> Iterator[tuple[Whole, tuple[int, int, int, int]]]:
        """The cells as groups, each with a box of the picture that holds it and is small enough to be read."""
        if not len(which):
            return
        top, bottom, left, right = row.min(), row.max() + 1, column.min(), column.max() + 1
        if (bottom - top) * (right - left) <= BOX:
            yield which, (int(top), int(bottom), int(left), int(right))
            return
        deep, wide = grid(self.picture, BOX)
        block = row // deep * (self.shape[1] // wide + 1) + column // wide
        order = np.argsort(block, kind="stable")
        for part in np.split(order, np.flatnonzero(np.diff(block[order])) + 1):
            r, c = row[part], column[part]
            yield which[part], (int(r.min()), int(r.max()) + 1, int(c.min()), int(c.max()) + 1)

    def read(
        self, top: int, bottom: int, left: int, right: int, most: int = 0
    ) -> tuple[Floats, NDArray[np.bool_]]:
        """The values of a box of the picture, and which are known; with `most` at most so many of a row or column, one
        for `thinned` of them each way. Raises `FormatError` where the file is broken there."""
        from rasterio.enums import MaskFlags
        from rasterio.windows import Window

        thin = thinned(bottom - top, right - left, most)
        shape = max((bottom - top) // thin, 1), max((right - left) // thin, 1)
        high, wide = (shape[0] * thin, shape[1] * thin) if thin > 1 else (bottom - top, right - left)
        window = Window(left, top, min(wide, right - left), min(high, bottom - top))
        with reading(self.name):
            raw = self.picture.read(1, window=window, out_shape=shape)
            masked = MaskFlags.per_dataset in self.picture.mask_flag_enums[0]
            seen = self.picture.read_masks(1, window=window, out_shape=shape) > 0 if masked else True
        good = (~np.isnan(raw) if raw.dtype.kind == "f" else np.ones(raw.shape, bool)) & seen
        if self.picture.nodata is not None:
            good &= raw != self.picture.nodata
        scale, offset = self.picture.scales[0], self.picture.offsets[0]
        values: Floats = raw.astype(np.float64)
        if (scale, offset) != (1.0, 0.0):
            values = values * scale + offset
        return values, good


def thinned(rows: int, columns: int, most: int) -> int:
    """Of how many rows and columns one is told, so that at most `most` are; 0 is all."""
    return max(1, -(-max(rows, columns) // most)) if most else 1


def open_raster(path: Path, system: str = "", over: Sequence[Any] = (), name: str = "") -> Raster:
    """The picture, in the system somebody chose, else its own; `name` is what its sender calls the file.

    No cell is read yet. Raises `FormatError`: no GeoTIFF or text grid of one layer, turned, without a place or a
    system; with polygons to count `over` (longitude, latitude) also where the picture lies on none of them, or its
    cells are so small that they would hold more than `MOST_CELLS`.
    """
    name = name or path.name
    picture = opened(path, name)
    try:
        place = picture.transform
        west, north, step_x, step_y = place.c, place.f, place.a, -place.e
        chosen = system_of(picture.crs, system)
        if len(over):
            _fits(picture.width, picture.height, (west, north, step_x, step_y), chosen, over)
    except BaseException:
        picture.close()
        raise
    return Raster(picture, name, west, north, step_x, step_y, chosen)


def _fits(wide: int, high: int, place: tuple[float, ...], system: crs.System, over: Sequence[Any]) -> None:
    """Nothing where the picture lies on the polygons and its cells in them can be counted, else a `FormatError`."""
    west, north, step_x, step_y = place
    xy, x, y, owner = _corners(over, system)
    east, south = west + wide * step_x, north - high * step_y
    good = np.isfinite(x) & np.isfinite(y)
    touches = good.all() and x.min() < east and x.max() > west and y.min() < north and y.max() > south
    if len(xy) and not touches:
        raise FormatError(
            "elsewhere", "Ảnh không nằm trong tỉnh: kiểm tra hệ toạ độ (hệ ghi trong ảnh hay hệ đã chọn ở ô bên dưới).",
            "The raster does not lie on the ground asked for: check its coordinate system.",
        )  # fmt: skip
    same = owner[1:] == owner[:-1]
    a, b = np.flatnonzero(same), np.flatnonzero(same) + 1
    # twice the ground of each ring about its own middle, so that nothing is lost to far zeros
    rings = np.abs(
        np.bincount(owner[a], (x[a] - x.mean()) * (y[b] - y.mean()) - (x[b] - x.mean()) * (y[a] - y.mean()))
    )
    with np.errstate(over="ignore", divide="ignore"):
        cells = float(rings.sum() / 2 / step_x / step_y)
        rows = float(np.abs(y[b] - y[a]).sum() / step_y)
    if not max(cells, rows) <= MOST_CELLS:
        raise _tiny(max(cells, rows))
    if cells < 1 and len(xy):
        raise FormatError(
            "huge_cells", "Ô ảnh lớn bất thường: một ô rộng hơn cả các nơi cần tính. Kiểm tra hệ toạ độ và cỡ ô của "
            "ảnh rồi nạp lại.", "One cell is larger than all the ground asked for.",
        )  # fmt: skip


def _tiny(cells: float) -> FormatError:
    n, times = MOST_CELLS // 1_000_000, float(np.sqrt(cells / MOST_CELLS))
    if not times < 100:
        return FormatError(
            "tiny_cells", f"Ô ảnh nhỏ bất thường: các nơi cần tính chứa hơn {n} triệu ô như thế. Kiểm tra hệ toạ độ và "
            "cỡ ô của ảnh rồi nạp lại.", f"The cells are so small that over {n} million would be counted.",
        )  # fmt: skip
    times = int(np.ceil(times))
    return FormatError(
        "many_cells", f"Ô ảnh quá nhỏ để tính cả các nơi một lần (hơn {n} triệu ô). Gộp ô cho cạnh lớn gấp {times} lần "
        "trở lên rồi nạp lại.", f"The cells are too small to be counted at once (over {n} million). Make their sides "
        f"at least {times} times as long and send the file again.",
    )  # fmt: skip


def _corners(shapes: Any, system: crs.System) -> tuple[Floats, Floats, Floats, Whole]:
    """The corners of all rings in degrees and in the system, and the ring of each."""
    rings = shapely.get_rings(np.array([*shapes, None], dtype=object)[:-1])
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    x, y = crs.from_lonlat(xy[:, 0], xy[:, 1], system)
    return xy, x, y, ring


def cells_in(raster: Raster, shapes: Sequence[Any]) -> Iterator[tuple[Whole, Whole, Whole]]:
    """The cells of each polygon (longitude, latitude), in parts: number of the polygon, row, column.

    A part is some rows of some polygons, about `WINDOW` cells; `open_raster(…, over=shapes)` has bounded them all.
    """
    given = np.array([*shapes, None], dtype=object)[:-1]
    for start in range(0, len(given), PART):
        part = given[start : start + PART]
        lines, of = shapely.get_parts(shapely.boundary(part), return_index=True)
        xy, line = shapely.get_coordinates(lines, return_index=True)
        owner = of[line]
        x, y = crs.from_lonlat(xy[:, 0], xy[:, 1], raster.system)
        along, down = (x - raster.west) / raster.step_x - 0.5, (raster.north - y) / raster.step_y - 0.5
        same = line[1:] == line[:-1]
        a, b = np.flatnonzero(same), np.flatnonzero(same) + 1
        for low, high in _windows(along[a], down[a], along[b], down[b], line[a]):
            yield _filled(along[a], down[a], along[b], down[b], owner[a] + start, low, high)


def _windows(x0: Floats, y0: Floats, x1: Floats, y1: Floats, ring: Whole) -> Iterator[tuple[int, int]]:
    """Runs of rows, from the first to before the last, that hold about `WINDOW` cells each."""
    if not len(x0):
        return
    first, last = int(np.ceil(np.minimum(y0, y1).min())), int(np.ceil(np.maximum(y0, y1).max()))
    middle = x0.mean(), y0.mean()
    twice = (x0 - middle[0]) * (y1 - middle[1]) - (x1 - middle[0]) * (y0 - middle[1])
    cells = np.abs(np.bincount(ring, twice)).sum() / 2 + np.abs(y1 - y0).sum()
    step = max(-(-(last - first) // max(int(cells / WINDOW), 1)), 1)
    for low in range(first, last, step):
        yield low, min(low + step, last)


def _filled(
    x0: Floats, y0: Floats, x1: Floats, y1: Floats, owner: Whole, since: int, until: int
) -> tuple[Whole, Whole, Whole]:
    """Cells of the rows `since` to before `until` whose middles (at whole numbers) lie between the crossings of each
    row with the sides, two and two."""
    low, high = np.ceil(np.minimum(y0, y1)).astype(np.int64), np.ceil(np.maximum(y0, y1)).astype(np.int64)
    low, high = np.maximum(low, since), np.minimum(high, until)
    n = np.maximum(high - low, 0)
    side = np.repeat(np.arange(len(n)), n)
    row = low[side] + np.arange(len(side)) - np.repeat(np.cumsum(n) - n, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        x = x0[side] + (row - y0[side]) * (x1[side] - x0[side]) / (y1[side] - y0[side])
    order = np.lexsort((x, row, owner[side]))
    x, row, who = x[order], row[order], owner[side][order]
    first, last = np.ceil(x[0::2]).astype(np.int64), np.ceil(x[1::2]).astype(np.int64)
    wide = np.maximum(last - first, 0)
    run = np.repeat(np.arange(len(wide)), wide)
    column = first[run] + np.arange(len(run)) - np.repeat(np.cumsum(wide) - wide, wide)
    return who[0::2][run], row[0::2][run], column
