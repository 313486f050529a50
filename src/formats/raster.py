"""A GeoTIFF of one layer: where its cells lie, what they hold, and which of them lie in each of many polygons.

A cell belongs to a polygon where its middle lies inside. Cells beyond the picture and cells of no data are unknown.
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
from PIL import Image, UnidentifiedImageError

from formats import crs
from formats.source import FormatError

MOST_CELLS = 150_000_000
PART = 20_000
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


def read_raster(path: Path, system: str = "") -> Raster:
    """The GeoTIFF, in the system somebody chose, else its own.

    Raises `FormatError`: not a TIFF of one layer, turned or sheared, without a place or a system, too many cells.
    """
    try:
        Image.MAX_IMAGE_PIXELS = None
        with Image.open(path) as picture:
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
            values = np.asarray(picture)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise FormatError(
            "broken_raster", f"Không đọc được “{path.name}” như ảnh GeoTIFF.", f"{path.name} is no GeoTIFF."
        ) from error
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
    if scale is None or tie is None or scale[0] <= 0 or scale[1] <= 0:
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


def cells_in(raster: Raster, shapes: Sequence[Any]) -> Iterator[tuple[Whole, Whole, Whole]]:
    """The cells of each polygon (longitude, latitude), in parts: number of the polygon, row, column."""
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
        yield _filled(along[a], down[a], along[b], down[b], owner[a] + start)


def _filled(x0: Floats, y0: Floats, x1: Floats, y1: Floats, owner: Whole) -> tuple[Whole, Whole, Whole]:
    """Cells whose middles (at whole numbers) lie between the crossings of each row with the sides, two and two."""
    low, high = np.ceil(np.minimum(y0, y1)).astype(np.int64), np.ceil(np.maximum(y0, y1)).astype(np.int64)
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
