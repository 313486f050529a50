"""Geometry of records: points as WKB, the shapes of a map file, and shapes written as WKT."""

from dataclasses import dataclass

import numpy as np
import polars as pl
import shapely
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from numpy.typing import NDArray

from baoton.kit.importing.chunk import Chunk, mask_of

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
APART = 0.5  # degrees between a point and a shape said to be its place, beyond which they contradict


@dataclass
class Places:
    """Points of a chunk (NaN unknown); a shape stands at its representative point and is no point."""

    lon: Floats
    lat: Floats
    is_point: Mask
    boxes: list[Floats]


def of_points(lon: Floats, lat: Floats) -> Places:
    return Places(lon, lat, np.ones(len(lon), bool), [lon.copy(), lat.copy(), lon.copy(), lat.copy()])


def wkb_points(lon: Floats, lat: Floats) -> pl.Series:
    """Little-endian WKB of points, null where there is none."""
    n = len(lon)
    known = np.isfinite(lon)
    raw = np.zeros((n, 21), np.uint8)
    raw[:, 0] = raw[:, 1] = 1
    raw[:, 5:13] = np.ascontiguousarray(lon, "<f8").view(np.uint8).reshape(n, 8)
    raw[:, 13:21] = np.ascontiguousarray(lat, "<f8").view(np.uint8).reshape(n, 8)
    data = raw.tobytes()
    return pl.Series(
        "geom",
        [data[i * 21 : i * 21 + 21] if k else None for i, k in enumerate(known.tolist())],
        dtype=pl.Binary,
    )


TURNED = gettext_lazy("Kinh độ và vĩ độ có vẻ đổi chỗ: trong hình, kinh độ đứng trước.")


def of_map(chunk: Chunk, geom: pl.Series, places: Places) -> pl.Series:
    """Geometry of a map file; a multipoint of one point is that point."""
    assert chunk.wkb is not None
    shapes = shapely.from_wkb(np.array(chunk.wkb.to_list(), object))
    return _put(chunk, shapes, "_wkb", geom, places)


def of_words(chunk: Chunk, geom: pl.Series, places: Places) -> pl.Series:
    """Shapes written as WKT; one far from the row's own point is a contradiction, told and not used."""
    text = chunk.text("footprintWKT").str.replace(r"(?i)^SRID=\d+;\s*", "")
    if text.null_count() == chunk.n:
        return geom
    shapes = shapely.from_wkt(np.array(text.to_list(), object), on_invalid="ignore")
    unread = mask_of(text.is_not_null()) & shapely.is_missing(shapes)
    placed = np.isfinite(places.lon)
    told = _(
        "Không đọc được hình; viết dạng WKT như POLYGON ((103.1 22.1, 103.2 22.1, 103.2 22.2, 103.1 22.1))."
    )
    chunk.refuse(unread & ~placed, "footprintWKT", "broken_shape", told)
    chunk.note("shape_unread", "footprintWKT", unread & placed, _("Hình không đọc được; giữ điểm của dòng."))
    taken = chunk.wkb is not None
    own = mask_of(geom.is_not_null()) & taken & ~places.is_point
    bounds = shapely.bounds(shapes)
    with np.errstate(invalid="ignore"):
        mad = (np.abs(bounds[:, [0, 2]]) > 180).any(axis=1) | (np.abs(bounds[:, [1, 3]]) > 90).any(axis=1)
        far = placed & (
            (places.lon < bounds[:, 0] - APART) | (places.lon > bounds[:, 2] + APART)
            | (places.lat < bounds[:, 1] - APART) | (places.lat > bounds[:, 3] + APART)
        )  # fmt: skip
    turned = mad & ~placed & _turned(bounds)
    chunk.refuse(turned, "footprintWKT", "swapped", str(TURNED))
    chunk.refuse(mad & ~placed & ~turned, "footprintWKT", "out_of_range",
                 _("Hình ngoài giới hạn kinh độ, vĩ độ; ghi bằng độ WGS84, kinh độ trước."))  # fmt: skip
    far |= mad & placed
    chunk.note(
        "shape_elsewhere",
        "footprintWKT",
        far,
        _("Hình nằm xa điểm của dòng; giữ điểm, hình được giữ nguyên văn."),
    )
    point = shapely.get_type_id(shapes) == 0
    unused = far | (unread & placed) | (point & placed)
    if unused.any():
        chunk.extra["footprintWKT"] = chunk.text("footprintWKT").set(pl.Series(~unused), None)
    shapes[far | own | mad | (point & placed)] = None
    return _put(chunk, shapes, "footprintWKT", geom, places)


def _turned(bounds: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where a shape out of bounds would be within them with its coordinates changed about."""
    with np.errstate(invalid="ignore"):
        return np.asarray(
            (np.abs(bounds[:, [0, 2]]) <= 90).all(axis=1) & (np.abs(bounds[:, [1, 3]]) <= 180).all(axis=1)
        )


def _put(chunk: Chunk, shapes: NDArray[np.object_], term: str, geom: pl.Series, places: Places) -> pl.Series:
    lone = (shapely.get_type_id(shapes) == 4) & (shapely.get_num_geometries(shapes) == 1)
    shapes[lone] = shapely.get_geometry(shapes[lone], 0)
    given = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes)) & ~chunk.problems.refused
    bounds = shapely.bounds(shapes)
    wild = given & ~np.isfinite(bounds).all(axis=1)
    chunk.refuse(wild, term, "broken_shape", _("Hình có toạ độ vô hạn; vẽ lại hình."))
    given &= ~wild
    with np.errstate(invalid="ignore"):
        mad = given & (
            (np.abs(bounds[:, [0, 2]]) > 180).any(axis=1) | (np.abs(bounds[:, [1, 3]]) > 90).any(axis=1)
        )
    turned = mad & _turned(bounds)
    chunk.refuse(turned, term, "swapped", str(TURNED))
    told = _("Hình nằm ngoài giới hạn kinh độ, vĩ độ: có vẻ tính bằng mét. Chọn hệ toạ độ ở bước cột.")
    chunk.refuse(mad & ~turned, term, "out_of_range", told)
    given &= ~mad
    points = given & (shapely.get_type_id(shapes) == 0)
    other = given & ~points
    middle = np.full(chunk.n, None, object)
    middle[other] = shapely.point_on_surface(shapes[other])
    for array, values in ((places.lon, shapely.get_x), (places.lat, shapely.get_y)):
        array[points] = values(shapes[points])
        array[other] = values(middle[other])
    zero = points & (np.abs(places.lon) < 1e-6) & (np.abs(places.lat) < 1e-6)
    chunk.refuse(
        zero, term, "zero_zero", _("Toạ độ (0, 0) là chỗ trống bị điền số không; để trống nếu chưa biết.")
    )
    for i, box in enumerate(places.boxes):
        box[given] = bounds[given, i]
    places.is_point[points] = True
    places.is_point[other] = False
    encoded = np.full(chunk.n, None, object)
    encoded[given] = shapely.to_wkb(shapes[given])
    return pl.Series("geom", list(encoded), dtype=pl.Binary).fill_null(geom)
