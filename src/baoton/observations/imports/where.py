"""The place of an observation, however the file says it: degrees, metres of a grid, a shape; or its event's place."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import shapely
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from numpy.typing import NDArray

from baoton.kit.cells import box_keys
from baoton.kit.importing.chunk import Chunk, mask_of
from baoton.kit.importing.run import Run
from baoton.kit.importing.target import Field
from baoton.kit.importing.values import without_words
from baoton.places.queries import NO_CELL, place_columns, unit_name
from formats import coordinates, crs

TERMS = (
    Field("decimalLongitude", gettext_lazy("kinh độ")),
    Field("decimalLatitude", gettext_lazy("vĩ độ")),
    Field("verbatimLongitude", gettext_lazy("kinh độ hoặc X (nguyên văn)")),
    Field("verbatimLatitude", gettext_lazy("vĩ độ hoặc Y (nguyên văn)")),
    Field(
        "coordinateUncertaintyInMeters",
        gettext_lazy("sai số toạ độ (m)"),
        "coordinate_uncertainty_m",
        "number",
    ),
)
KEPT = ("verbatimLongitude", "verbatimLatitude")
REFUSED = {
    "missing_half": gettext_lazy("Chỉ có một nửa toạ độ; điền nốt, hoặc để trống cả hai."),
    "zero_zero": gettext_lazy("Toạ độ (0, 0) là chỗ trống bị điền số không; để trống nếu chưa biết."),
    "out_of_range": gettext_lazy("Toạ độ ngoài giới hạn: vĩ độ −90 đến 90, kinh độ −180 đến 180."),
    "swapped": gettext_lazy("Kinh độ và vĩ độ có vẻ đổi chỗ."),
    "sign_lost": gettext_lazy("Có vẻ mất dấu âm."),
    "looks_projected": gettext_lazy(
        "Số quá lớn so với độ; có vẻ là toạ độ mét (VN-2000 hoặc UTM). Chọn hệ toạ độ ở bước cột."
    ),
}
KIND = r"(?i)\b(xã|xa|phường|phuong|thị trấn|thi tran|tt|x|p)\.? "
Floats = NDArray[np.float64]


@dataclass
class Places:
    """Points of a chunk (NaN unknown); a shape stands at its representative point and is no point."""

    lon: Floats
    lat: Floats
    is_point: NDArray[np.bool_]


def put_places(chunk: Chunk, lent: pl.DataFrame | None = None) -> Places | None:
    """The chunk has its geometry and box; None where neither the file nor an event says anything of places."""
    degrees = chunk.has("decimalLongitude") or chunk.has("decimalLatitude")
    grid = chunk.has("verbatimLongitude") and chunk.has("verbatimLatitude")
    if not degrees and not grid and chunk.wkb is None and lent is None:
        return None
    lon, lat = _numbers(chunk, degrees, grid)
    known = np.isfinite(lon)
    geom = _wkb_points(lon, lat, known)
    boxes = [lon.copy(), lat.copy(), lon.copy(), lat.copy()]
    is_point = np.ones(chunk.n, bool)
    if chunk.wkb is not None:
        geom = _shapes(chunk, lon, lat, geom, boxes, is_point)
    if lent is not None and "geom" in lent.columns:
        _borrow(chunk, lent, lon, lat, boxes, is_point)
        geom = geom.fill_null(lent["geom"])
    chunk.put("geom", geom)
    for name, values in zip(("min_x", "min_y", "max_x", "max_y"), boxes, strict=True):
        chunk.put(name, pl.Series(name, values, nan_to_null=True))
    return Places(lon, lat, is_point)


def _numbers(chunk: Chunk, degrees: bool, grid: bool) -> tuple[Floats, Floats]:
    """Longitude and latitude in degrees; bad pairs refuse their rows and become unknown."""
    nothing = np.full(chunk.n, np.nan)
    if degrees:
        x_term, y_term = "decimalLongitude", "decimalLatitude"
    elif grid:
        x_term, y_term = "verbatimLongitude", "verbatimLatitude"
    else:
        return nothing, nothing.copy()
    projected = chunk.plan.crs != "wgs84"
    x = _read(chunk, x_term, None if projected else "lon")
    y = _read(chunk, y_term, None if projected else "lat")
    half = np.isfinite(x) != np.isfinite(y)
    if projected:
        chunk.refuse(half & ~chunk.problems.refused, x_term, "missing_half", str(REFUSED["missing_half"]))
        x[half] = y[half] = np.nan
        x, y = crs.to_lonlat(x, y, chunk.plan.crs)
        x[~np.isfinite(x)] = np.nan
        y[~np.isfinite(x)] = np.nan
    west_south_east_north: Any = tuple(chunk.plan.extent) if chunk.plan.extent else None
    found = coordinates.diagnose(x, y, west_south_east_north)
    codes = np.asarray(found.codes, str)
    for code, told in REFUSED.items():
        at = (codes == code) & ~chunk.problems.refused
        if at.any():
            chunk.refuse(at, y_term if code != "missing_half" or np.isnan(y[at]).all() else x_term, code,
                         [_hint(str(told), found, i) for i in np.flatnonzero(at).tolist()])  # fmt: skip
    outside = codes == "outside_extent"
    chunk.note(
        "outside_extent",
        y_term,
        outside,
        _("Vị trí ngoài Việt Nam trong khi phần lớn tệp nằm trong; kiểm tra lại."),
    )
    bad = chunk.problems.refused | ~np.isfinite(x) | ~np.isfinite(y)
    lon, lat = x.copy(), y.copy()
    lon[bad] = lat[bad] = np.nan
    return lon, lat


def _hint(told: str, found: coordinates.Diagnosis, i: int) -> str:
    if np.isfinite(found.lon[i]) and np.isfinite(found.lat[i]):
        return _("%(told)s Có lẽ là kinh độ %(x)s, vĩ độ %(y)s.") % {
            "told": told, "x": round(float(found.lon[i]), 6), "y": round(float(found.lat[i]), 6),
        }  # fmt: skip
    return told


def _read(chunk: Chunk, term: str, axis: str | None) -> Floats:
    text = without_words(chunk, term, chunk.text(term))
    fast = text.cast(pl.Float64, strict=False)
    rest = text.is_not_null() & fast.is_null()
    if not rest.any():
        return fast.to_numpy().astype(float, copy=True)
    parsed = coordinates.parse(text.to_arrow().cast("string"), axis=axis)
    codes = pl.Series(list(parsed.codes), dtype=pl.String)
    chunk.refuse(
        codes == "unreadable",
        term,
        "unreadable_coordinate",
        _("Không đọc được toạ độ; viết như 22.3961 hoặc 22°23'46\"B."),
    )
    chunk.refuse(
        codes == "wrong_axis",
        term,
        "wrong_axis",
        _("Chữ chỉ hướng không hợp với cột này (B/N cho vĩ độ, Đ/T cho kinh độ)."),
    )
    return np.array(parsed.values, float)


def _wkb_points(lon: Floats, lat: Floats, known: NDArray[np.bool_]) -> pl.Series:
    """Little-endian WKB of points, null where there is none."""
    n = len(lon)
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


def _shapes(
    chunk: Chunk, lon: Floats, lat: Floats, geom: pl.Series, boxes: list[Floats], is_point: NDArray[np.bool_]
) -> pl.Series:
    """Geometry of a map file; a multipoint of one point is that point."""
    assert chunk.wkb is not None
    shapes = shapely.from_wkb(np.array(chunk.wkb.to_list(), object))
    lone = (shapely.get_type_id(shapes) == 4) & (shapely.get_num_geometries(shapes) == 1)
    shapes[lone] = shapely.get_geometry(shapes[lone], 0)
    given = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    wild = given & ~np.isfinite(shapely.bounds(shapes)).all(axis=1)
    given &= ~wild
    points = given & (shapely.get_type_id(shapes) == 0)
    other = given & ~points
    middle = np.full(chunk.n, None, object)
    middle[given] = shapely.point_on_surface(shapes[given])
    for array, values in ((lon, shapely.get_x), (lat, shapely.get_y)):
        array[points] = values(shapes[points])
        array[other] = values(middle[other])
    zero = points & (lon == 0) & (lat == 0)
    chunk.refuse(zero, "_wkb", "zero_zero", str(REFUSED["zero_zero"]))
    chunk.refuse(wild, "_wkb", "broken_shape", _("Hình có toạ độ vô hạn; vẽ lại hình."))
    bounds = shapely.bounds(shapes)
    for i, box in enumerate(boxes):
        box[given] = bounds[given, i]
    is_point[other] = False
    encoded = np.full(chunk.n, None, object)
    encoded[given] = shapely.to_wkb(shapes[given])
    return pl.Series("geom", list(encoded), dtype=pl.Binary).fill_null(geom)


def _borrow(
    chunk: Chunk,
    lent: pl.DataFrame,
    lon: Floats,
    lat: Floats,
    boxes: list[Floats],
    is_point: NDArray[np.bool_],
) -> None:
    """Rows without a place of their own stand where their event stands."""
    need = np.isnan(lon) & ~chunk.problems.refused & mask_of(lent["geom"].is_not_null())
    if not need.any():
        return
    for box, name in zip(boxes, ("min_x", "min_y", "max_x", "max_y"), strict=True):
        box[need] = lent[name].to_numpy()[need]
    lon[need], lat[need] = (boxes[0][need] + boxes[2][need]) / 2, (boxes[1][need] + boxes[3][need]) / 2
    wide = need & ((boxes[0] != boxes[2]) | (boxes[1] != boxes[3]))
    is_point[wide] = False
    if wide.any():
        shapes = shapely.from_wkb(np.array(lent["geom"].filter(pl.Series(wide)).to_list(), object))
        inside = shapely.point_on_surface(shapes)
        lon[wide], lat[wide] = shapely.get_x(inside), shapely.get_y(inside)
    if "coordinate_uncertainty_m" in lent.columns:
        own = chunk.out.get("coordinate_uncertainty_m")
        far = lent["coordinate_uncertainty_m"].cast(pl.Float64).set(~pl.Series(need), None)
        chunk.put("coordinate_uncertainty_m", far if own is None else own.fill_null(far))


def _tally(chunk: Chunk, places: Places, areas: NDArray[np.object_]) -> None:
    """Where the file's good rows lie, gathered over all batches for the page to show before anything is written."""
    good = np.isfinite(places.lon) & ~chunk.problems.refused
    held = chunk.run.held.setdefault(
        f"places {chunk.target.name}",
        {"rows": 0, "placed": 0, "box": [180.0, 90.0, -180.0, -90.0], "areas": Counter()},
    )
    held["rows"] += int((~chunk.problems.refused).sum())
    held["placed"] += int(good.sum())
    if good.any():
        lon, lat, (w, s, e, n) = places.lon[good], places.lat[good], held["box"]
        held["box"] = [min(w, lon.min()), min(s, lat.min()), max(e, lon.max()), max(n, lat.max())]
        held["areas"].update(areas[good].tolist())


def summary(name: str, run: Run) -> list[tuple[str, str]]:
    """How many rows have a place, the box around them, and the communes they fall in, most first."""
    held = run.held.get(f"places {name}")
    if not held or not held["placed"]:
        return []
    w, s, e, n = (round(float(v), 5) for v in held["box"])
    areas = "; ".join(
        f"{unit_name(p) if p else _('ngoài tỉnh')}: {k}" for p, k in held["areas"].most_common()
    )
    return [
        (_("có vị trí"), _("%(n)d trên %(all)d dòng") % {"n": held["placed"], "all": held["rows"]}),
        (
            _("hộp bao"),
            _("kinh độ %(w)s đến %(e)s, vĩ độ %(s)s đến %(n)s") % {"w": w, "e": e, "s": s, "n": n},
        ),
        (_("rơi vào"), areas),
    ]


def _naming(locality: pl.Series) -> pl.Series:
    """The locality where it may name a commune with its kind, else nothing: most rows need not be listened to."""
    return locality.fill_null("").set(~locality.str.contains(KIND).fill_null(False), "")


def put_areas(chunk: Chunk, places: Places, levels: NDArray[np.int8]) -> None:
    """The chunk has communes, cells and shown places, as the level of each row allows."""
    end = chunk.out.get("day_end")
    days = None if end is None else end.to_numpy().astype("datetime64[D]")
    locality = chunk.out.get("locality")
    words = None if locality is None else _naming(locality).to_list()
    found = place_columns(places.lon, places.lat, levels, days, words)
    shape = ~places.is_point
    if shape.any():
        box = [chunk.out[n].to_numpy()[shape] for n in ("min_x", "min_y", "max_x", "max_y")]
        found["cell"][shape] = box_keys(*box)
        for name in ("area_path", "area_path_then", "shown_area_path"):
            found[name][shape] = ""
    _tally(chunk, places, found["area_path"])
    for name, values in found.items():
        if values.dtype == object:
            chunk.put(name, pl.Series(name, values.tolist(), dtype=pl.String), derived=True)
        elif values.dtype == np.int64:
            series = pl.Series(name, values)
            chunk.put(name, series.set(series == NO_CELL, None), derived=True)
        else:
            chunk.put(name, pl.Series(name, values, nan_to_null=True), derived=True)
    chunk.put("disclosure", pl.Series("disclosure", levels.astype(np.int64)), derived=True)
