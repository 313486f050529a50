"""Opening a raster: what is no raster of one layer, or says not where it lies, is told in one sentence.

GeoTIFF of any size and packing, and text grids (.asc), which are first written anew as GeoTIFF beside them.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from math import isfinite, isqrt
from pathlib import Path
from typing import Any

import pyproj
from PIL import Image

from formats import crs
from formats.source import FormatError
from formats.text_grid import as_tiff, is_text_grid

CACHE_MB = 48
MOST_BLOCK = 128 * 1024 * 1024
"""Bytes of the largest tile or strip that is unpacked whole."""
OPTIONS = {
    "GDAL_CACHEMAX": CACHE_MB, "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_PAM_ENABLED": "NO",
    "GDAL_NUM_THREADS": "1",
}  # fmt: skip


def _broken(name: str) -> FormatError:
    if name.lower().endswith(".asc"):
        return FormatError(
            "broken_grid",
            f"Không đọc được “{name}”: tệp .asc phải mở đầu bằng các dòng “ncols …”, “nrows …”; xuất lại từ phần mềm "
            "bản đồ rồi nạp lại.",
            f"{name} cannot be read: a text grid begins with “ncols …”, “nrows …”.",
        )
    return FormatError(
        "broken_raster", f"Không đọc được “{name}”: tệp hỏng hoặc không phải ảnh GeoTIFF; xuất lại từ phần mềm "
        "bản đồ rồi nạp lại.", f"{name} cannot be read: it is broken or no GeoTIFF.",
    )  # fmt: skip


@contextmanager
def reading(name: str) -> Iterator[None]:
    """What the library says of a broken file is one sentence."""
    import rasterio
    from rasterio._err import CPLE_BaseError

    try:
        with rasterio.Env(**OPTIONS):
            yield
    except (rasterio.errors.RasterioError, CPLE_BaseError, OSError, ValueError, TypeError) as error:
        raise _broken(name) from error


def opened(path: Path, name: str) -> Any:
    """The open dataset of one layer whose rows go from north to south; raises `FormatError`."""
    import rasterio

    text = is_text_grid(path)
    if text:
        path = as_tiff(path, name)
    with reading(name), warnings.catch_warnings():
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)  # told by `_look`
        try:
            picture = rasterio.open(path, driver="GTiff")
        except rasterio.errors.RasterioIOError as error:
            raise _other(path, name) or _broken(name) from error
        finally:
            if text:
                path.unlink()
    try:
        _look(picture, name)
    except FormatError:
        picture.close()
        raise
    return picture


def _other(path: Path, name: str) -> FormatError | None:
    """What kind of picture it is, where it is another."""
    try:
        with Image.open(path) as image:
            kind = image.format
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    if kind == "TIFF":
        return None
    return FormatError(
        "no_geotiff", f"“{name}” là ảnh {kind}, không phải GeoTIFF; xuất lại dạng GeoTIFF (.tif) từ phần mềm bản đồ "
        "rồi nạp lại.", f"{name} is a {kind} picture, no GeoTIFF.",
    )  # fmt: skip


def _look(picture: Any, name: str) -> None:
    if picture.count != 1:
        raise FormatError(
            "many_bands", f"Ảnh có {picture.count} lớp màu; xuất riêng một lớp (mã lớp phủ, độ tàn che hoặc độ cao) "
            "rồi nạp lại.", "The raster has more than one band.",
        )  # fmt: skip
    if "complex" in picture.dtypes[0]:
        raise _broken(name)
    place = picture.transform
    numbers = (place.a, place.b, place.c, place.d, place.e, place.f)
    placed = all(map(isfinite, numbers)) and numbers != (1, 0, 0, 0, 1, 0) and place.a and place.e
    if placed and (abs(place.b) > 1e-12 or abs(place.d) > 1e-12 or place.a < 0 or place.e > 0):
        raise FormatError(
            "turned_raster", "Ảnh bị xoay hoặc lật so với hướng bắc; nắn về lưới thẳng (north up) rồi nạp lại.",
            "The raster is turned or upside down.",
        )  # fmt: skip
    if not placed:
        raise FormatError(
            "no_place", "Ảnh không ghi nằm ở đâu; xuất lại dạng GeoTIFF từ phần mềm bản đồ.",
            "The raster has no place.",
        )  # fmt: skip
    deep, wide = picture.block_shapes[0]
    if deep * wide * max(1, _bytes(picture)) > MOST_BLOCK:
        raise FormatError(
            "large_block", f"Ảnh được lưu thành khối {wide} × {deep} ô, quá lớn để đọc từng phần; xuất lại dạng chia ô "
            "nhỏ (tiled) rồi nạp lại.", f"The raster is stored in blocks of {wide} × {deep} cells, too large to read.",
        )  # fmt: skip


def _bytes(picture: Any) -> int:
    import numpy as np

    return int(np.dtype(picture.dtypes[0]).itemsize)


def grid(picture: Any, cells: int) -> tuple[int, int]:
    """Rows and columns of the pieces in which the picture is best read: whole tiles or strips, about so many cells."""
    deep, wide = picture.block_shapes[0]
    if wide >= picture.width:
        return max(1, cells // (deep * wide)) * deep, picture.width
    k = max(1, isqrt(cells // (deep * wide)))
    return deep * k, wide * k


def system_of(found: Any, chosen: str) -> crs.System:
    """The system somebody chose, else the one that the file names; raises `FormatError` where neither is known."""
    try:
        if chosen:
            return crs.system(chosen)
        if found is not None and (found.is_geographic or found.is_projected):
            code = found.to_authority(confidence_threshold=100)
            if code:
                return crs.system(":".join(code))
            own = crs.system(found.to_wkt())
            if not crs.unshifted(own):
                return own
    except (ValueError, pyproj.exceptions.CRSError):
        pass
    raise FormatError(
        "no_crs", "Ảnh không ghi hệ toạ độ mà máy biết; chọn hệ toạ độ ở ô bên dưới rồi nạp lại.",
        "The raster names no known coordinate system.",
    )  # fmt: skip
