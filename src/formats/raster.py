"""A GeoTIFF of one layer: where its cells lie, what they hold, and which of them lie in each of many polygons.

A cell belongs to a polygon where its middle lies inside. Cells beyond the picture and cells of no data are unknown.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from formats import crs
from formats.source import FormatError

MOST_CELLS = 150_000_000
PART = 20_000
WINDOW = 2_000_000
"""About so many cells are told at once."""
SCALE, TIE, MATRIX, KEYS, NODATA = 33550, 33922, 34264, 34735, 42113
Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Raster:
    """Cells from north to south; `west`, `north` is the outer corner, `step_x`, `step_y` a cell, in its system."""

    values: NDArray[Any]
    west: float
    north: float
    step_x: float
    step_y: float
    system: crs.System
    nodata: float | None

    def known(self, values: NDArray[Any]) -> NDArray[np.bool_]:
        """Which values say something: neither no data nor no number."""
        good = ~np.isnan(values) if values.dtype.kind == "f" else np.ones(values.shape, bool)
        return good if self.nodata is None else good & (values != self.nodata)

    def m2(self, row: Whole, column: Whole) -> Floats:
        """Square metres of each cell on the WGS84 ellipsoid; one cell stands for its block of 32 × 32."""
        many = 1 << 31
        blocks, which = np.unique((row // 32) * many + column // 32 + many // 2, return_inverse=True)
        x = self.west + ((blocks % many - many // 2) * 32 + 16) * self.step_x
        y = self.north - (blocks // many * 32 + 16) * self.step_y
        half_x, half_y = self.step_x / 2, self.step_y / 2
        around = np.stack([(x - half_x, y - half_y), (x + half_x, y - half_y), (x + half_x, y + half_y),
                           (x - half_x, y + half_y)])  # fmt: skip
        lon, lat = crs.to_lonlat(around[:, 0].ravel(), around[:, 1].ravel(), self.system)
        lon, lat, geod = lon.reshape(4, -1), lat.reshape(4, -1), pyproj.Geod(ellps="WGS84")
        sizes = [abs(geod.polygon_area_perimeter(lon[:, i], lat[:, i])[0]) for i in range(len(blocks))]
        return np.asarray(sizes, float)[which]

    def at(self, row: Whole, column: Whole) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """The value of each cell, and whether it is known; beyond the picture nothing is."""
        high, wide = self.values.shape
        inside = (row >= 0) & (row < high) & (column >= 0) & (column < wide)
        values = np.zeros(len(row), self.values.dtype)
        values[inside] = self.values[row[inside], column[inside]]
        return values, inside & self.known(values)


def read_raster(path: Path, system: str = "", over: Sequence[Any] = (), name: str = "") -> Raster:
    """The GeoTIFF, in the system somebody chose, else its own; `name` is what its sender calls the file.

    Its cells are read only after all else is known to be good. Raises `FormatError`: not a TIFF of one layer, turned or
    sheared, without a place or a system, too many cells; with polygons to count `over` (longitude, latitude) also where
    the picture lies on none of them, or its cells are so small that they would hold more than `MOST_CELLS`.
    """
    name = name or path.name
    try:
        Image.MAX_IMAGE_PIXELS = None
        with Image.open(path) as picture:
            if picture.format != "TIFF":
                raise FormatError(
                    "no_geotiff", f"“{name}” là ảnh {picture.format}, không phải GeoTIFF; xuất lại dạng GeoTIFF (.tif) "
                    "từ phần mềm bản đồ rồi nạp lại.", f"{name} is a {picture.format} picture, no GeoTIFF.",
                )  # fmt: skip
            tags: Any = getattr(picture, "tag_v2", {})
            if picture.width * picture.height > MOST_CELLS:
                n = MOST_CELLS // 1_000_000
                raise FormatError(
                    "too_large", f"Ảnh có {picture.width} × {picture.height} ô, nhiều hơn {n} triệu ô đọc được; cắt "
                    "theo khung của tỉnh hoặc gộp ô rồi nạp lại.", f"The raster has more than {n} million cells.",
                )  # fmt: skip
            west, north, step_x, step_y = _place(tags)
            chosen = _system(tags, system)
            if len(picture.getbands()) != 1:
                raise FormatError(
                    "many_bands", f"Ảnh có {len(picture.getbands())} lớp màu; xuất riêng một lớp (mã lớp phủ, độ tàn "
                    "che hoặc độ cao) rồi nạp lại.", "The raster has more than one band.",
                )  # fmt: skip
            if len(over):
                _fits(picture.width, picture.height, (west, north, step_x, step_y), chosen, over)
            values = np.asarray(picture)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, TypeError, LookupError, OverflowError,
            struct.error) as error:  # fmt: skip
        raise FormatError(
            "broken_raster", f"Không đọc được “{name}”: tệp hỏng hoặc không phải ảnh GeoTIFF; xuất lại từ phần mềm "
            "bản đồ rồi nạp lại.", f"{name} cannot be read: it is broken or no GeoTIFF.",
        ) from error  # fmt: skip
    if values.dtype == bool:
        values = values.astype(np.uint8)
    return Raster(values, west, north, step_x, step_y, chosen, _nodata(tags))


def _place(tags: Any) -> tuple[float, float, float, float]:
    matrix, scale, tie = tags.get(MATRIX), tags.get(SCALE), tags.get(TIE)
    if matrix is not None and len(matrix) >= 8:
        if abs(matrix[1]) > 1e-12 or abs(matrix[4]) > 1e-12:
            raise FormatError(
                "turned_raster", "Ảnh bị xoay so với hướng bắc; nắn về lưới thẳng (north up) rồi nạp lại.",
                "The raster is turned.",
            )  # fmt: skip
        scale, tie = (matrix[0], -matrix[5], 0), (0, 0, 0, matrix[3], matrix[7], 0)
    good = scale is not None and tie is not None and len(scale) >= 2 and len(tie) >= 5
    if not (good and np.isfinite([*scale[:2], *tie[:5]]).all() and scale[0] > 0 and scale[1] > 0):
        raise FormatError(
            "no_place",
            "Ảnh không ghi nằm ở đâu; xuất lại dạng GeoTIFF từ phần mềm bản đồ.",
            "The raster has no place.",
        )
    shift = 0.5 if _keys(tags).get(1025) == 2 else 0.0  # its corner is the middle of the first cell
    west = tie[3] - (tie[0] + shift) * scale[0]
    north = tie[4] + (tie[1] + shift) * scale[1]
    return float(west), float(north), float(scale[0]), float(scale[1])


def _keys(tags: Any) -> dict[int, int]:
    keys = tags.get(KEYS) or ()
    return dict(zip(keys[4::4], keys[7::4], strict=False))


def _system(tags: Any, chosen: str) -> crs.System:
    keys = _keys(tags)
    code = keys.get(3072 if keys.get(1024) == 1 else 2048)
    try:
        if chosen:
            return crs.system(chosen)
        if code and code < 32767:
            return crs.system(f"EPSG:{code}")
    except (ValueError, pyproj.exceptions.CRSError):
        pass
    raise FormatError(
        "no_crs", "Ảnh không ghi hệ toạ độ mà máy biết; chọn hệ toạ độ ở ô bên dưới rồi nạp lại.",
        "The raster names no known coordinate system.",
    )  # fmt: skip


def _nodata(tags: Any) -> float | None:
    try:
        return float(str(tags.get(NODATA, "")).strip("\0 "))
    except ValueError:
        return None


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
        n = MOST_CELLS // 1_000_000
        raise FormatError(
            "tiny_cells", f"Ô ảnh nhỏ bất thường: các nơi cần tính chứa hơn {n} triệu ô như thế. Kiểm tra hệ toạ độ và "
            "cỡ ô của ảnh, hoặc gộp ô rồi nạp lại.", f"The cells are so small that over {n} million would be counted.",
        )  # fmt: skip
    if cells < 1 and len(xy):
        raise FormatError(
            "huge_cells", "Ô ảnh lớn bất thường: một ô rộng hơn cả các nơi cần tính. Kiểm tra hệ toạ độ và cỡ ô của "
            "ảnh rồi nạp lại.", "One cell is larger than all the ground asked for.",
        )  # fmt: skip


def _corners(shapes: Any, system: crs.System) -> tuple[Floats, Floats, Floats, Whole]:
    """The corners of all rings in degrees and in the system, and the ring of each."""
    rings = shapely.get_rings(np.array([*shapes, None], dtype=object)[:-1])
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    x, y = crs.from_lonlat(xy[:, 0], xy[:, 1], system)
    return xy, x, y, ring


def cells_in(raster: Raster, shapes: Sequence[Any]) -> Iterator[tuple[Whole, Whole, Whole]]:
    """The cells of each polygon (longitude, latitude), in parts: number of the polygon, row, column.

    A part is some rows of some polygons, about `WINDOW` cells; `read_raster(…, over=shapes)` has bounded them all.
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
