"""The place of an observation, however the file says it: columns, a shape, its commune; or its event's place."""

from collections import Counter
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
from baoton.kit.pages.areas import areas as drawing
from baoton.kit.pages.charts import Row
from baoton.kit.place import Disclosure
from baoton.observations.imports import communes, countries, shapes, uncertainty
from baoton.observations.imports.columns_of_place import points
from baoton.observations.imports.shapes import Places
from baoton.observations.imports.trying import proposed
from baoton.places.queries import NO_CELL, holder, outlines, place_columns, shares, unit_name

TERMS = (
    Field("decimalLongitude", gettext_lazy("kinh độ")),
    Field("decimalLatitude", gettext_lazy("vĩ độ")),
    Field("verbatimLongitude", gettext_lazy("kinh độ hoặc X (nguyên văn)")),
    Field("verbatimLatitude", gettext_lazy("vĩ độ hoặc Y (nguyên văn)")),
    Field("verbatimCoordinates", gettext_lazy("toạ độ trong một ô")),
    Field("geodeticDatum", gettext_lazy("hệ toạ độ của kinh độ, vĩ độ")),
    Field("verbatimSRS", gettext_lazy("hệ toạ độ của nguồn")),
    Field("verbatimCoordinateSystem", gettext_lazy("kiểu toạ độ của nguồn")),
    Field("footprintWKT", gettext_lazy("hình (WKT)")),
    Field("coordinateUncertaintyInMeters", gettext_lazy("sai số toạ độ (m)")),
    Field("municipality", gettext_lazy("xã, phường")),
    Field("county", gettext_lazy("huyện")),
    Field("stateProvince", gettext_lazy("tỉnh")),
    Field("country", gettext_lazy("nước")),
    Field("countryCode", gettext_lazy("mã nước")),
)
KEPT = ("verbatimLongitude", "verbatimLatitude", "verbatimCoordinates", "verbatimSRS", "verbatimCoordinateSystem",
        "municipality", "county", "stateProvince", "country", "countryCode")  # fmt: skip
SAYING = ("decimalLongitude", "decimalLatitude", "verbatimCoordinates", "footprintWKT")
SAID_BY = ("decimalLatitude", "municipality")
PAIR = r"\d{1,3}[.,]\d{3,}\D{1,6}\d{1,3}[.,]\d{3,}|\d{1,3}\s*°\s*\d+"
DRAWN = 500
KIND = r"(?i)\b(xã|xa|phường|phuong|thị trấn|thi tran|tt|x|p)\.? "
Floats = NDArray[np.float64]


def put_places(chunk: Chunk, lent: pl.DataFrame | None = None) -> Places | None:
    """The chunk has its geometry and box; None where neither the file nor an event says anything of places."""
    uncertainty.put(chunk)
    grid = chunk.has("verbatimLongitude") and chunk.has("verbatimLatitude")
    columns = grid or any(chunk.has(t) for t in SAYING)
    if not columns and chunk.wkb is None and lent is None and not chunk.has("municipality"):
        _tell_of_locality(chunk, pl.Series([None], dtype=pl.Binary).new_from_index(0, chunk.n))
        return None
    drawn = mask_of(chunk.wkb.is_not_null()) if chunk.wkb is not None else np.zeros(chunk.n, bool)
    lon, lat = points(chunk, ~drawn)
    countries.check(chunk, lon, lat)
    lon[chunk.problems.refused] = lat[chunk.problems.refused] = np.nan
    places = shapes.of_points(lon, lat)
    geom = shapes.wkb_points(lon, lat)
    if chunk.wkb is not None:
        geom = shapes.of_map(chunk, geom, places)
        _refuse_unplaced_shapes(chunk, places)
    if chunk.has("footprintWKT"):
        geom = shapes.of_words(chunk, geom, places)
    if lent is not None and "geom" in lent.columns:
        _borrow(chunk, lent, places)
        geom = geom.fill_null(lent["geom"])
    _tell_of_locality(chunk, geom)
    chunk.put("geom", geom)
    for name, values in zip(("min_x", "min_y", "max_x", "max_y"), places.boxes, strict=True):
        chunk.put(name, pl.Series(name, values, nan_to_null=True))
    return places


def _tell_of_locality(chunk: Chunk, geom: pl.Series) -> None:
    """Rows without a place whose locality holds a pair of coordinates are told."""
    if not chunk.has("locality") or chunk.by_program:
        return
    pair = chunk.text("locality").str.contains(PAIR).fill_null(False) & geom.is_null()
    told = _(
        "Cột địa điểm có toạ độ mà dòng chưa có vị trí; chọn nghĩa “toạ độ trong một ô” cho cột, hoặc tách ra."
    )
    chunk.note("coordinates_in_words", "locality", pair, told)


def _refuse_unplaced_shapes(chunk: Chunk, places: Places) -> None:
    """Shapes in a system nobody stated have no place: their rows are refused with the likeliest systems."""
    table = next((t for t in chunk.run.source.tables if t.name == chunk.plan.table), None)
    raw = table.metadata.get("raw") if table is not None else None
    if not raw:
        return
    held = chunk.run.held
    name = f"trial {chunk.plan.table}"
    if name not in held:
        x, y = np.array(raw, float).T
        degrees = (np.abs(x) <= 180).all() and (np.abs(y) <= 90).all()
        held[name] = _("Các số có vẻ là độ: chọn WGS84 nếu đúng thế.") if degrees else proposed(x, y)
    told = _("Lớp bản đồ không nói hệ toạ độ (thiếu tệp .prj); chọn hệ toạ độ ở bước cột rồi kiểm tra lại.")
    chunk.refuse(np.isnan(places.lon), "_wkb", "no_system", f"{told} {held[name]}".strip())


def _borrow(chunk: Chunk, lent: pl.DataFrame, places: Places) -> None:
    """Rows without a place of their own stand where their event stands."""
    lon, lat, boxes, is_point = places.lon, places.lat, places.boxes, places.is_point
    need = np.isnan(lon) & ~chunk.problems.refused & mask_of(lent["geom"].is_not_null())
    if not need.any():
        return
    for box, name in zip(boxes, ("min_x", "min_y", "max_x", "max_y"), strict=True):
        box[need] = lent[name].to_numpy()[need]
    lon[need], lat[need] = (boxes[0][need] + boxes[2][need]) / 2, (boxes[1][need] + boxes[3][need]) / 2
    wide = need & ((boxes[0] != boxes[2]) | (boxes[1] != boxes[3]))
    is_point[wide] = False
    if wide.any():
        drawn = shapely.from_wkb(np.array(lent["geom"].filter(pl.Series(wide)).to_list(), object))
        inside = shapely.point_on_surface(drawn)
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
        {"rows": 0, "placed": 0, "box": [180.0, 90.0, -180.0, -90.0], "areas": Counter(), "points": {}},
    )
    held["rows"] += int((~chunk.problems.refused).sum())
    held["placed"] += int(good.sum())
    named = ~good & ~chunk.problems.refused & (areas != "") & (areas != None)  # noqa: E711  (element by element)
    held["areas"].update(areas[named].tolist())
    if good.any():
        lon, lat, (w, s, e, n) = places.lon[good], places.lat[good], held["box"]
        held["box"] = [min(w, lon.min()), min(s, lat.min()), max(e, lon.max()), max(n, lat.max())]
        held["areas"].update(areas[good].tolist())
        if (room := DRAWN - len(held["points"])) > 0:
            some = np.unique(np.column_stack([lon, lat]).round(4), axis=0)[:room]
            held["points"].update(dict.fromkeys(map(tuple, some.tolist())))


def places(name: str, run: Run) -> dict[str, Any]:
    """What a drawing of the file needs: how many rows lie in each commune, and the first places."""
    held = run.held.get(f"places {name}")
    if not held or not (held["placed"] or held["areas"]):
        return {}
    return {
        "areas": {p: n for p, n in held["areas"].items() if p},
        "points": [list(p) for p in held["points"]],
        "drawn": min(len(held["points"]), DRAWN),
    }


def draw(told: dict[str, Any]) -> Any:
    """The communes by how many rows lie in each, with the places on them; None where no commune has a shape."""
    shapes = outlines()
    if not shapes:
        return None
    rows = {p: Row(unit_name(p), told["areas"].get(p, 0)) for p in shapes}
    title = _("Các dòng nằm ở đâu")
    if told["drawn"] >= DRAWN:
        title = _("Các dòng nằm ở đâu (%(n)d vị trí đầu tiên được vẽ)") % {"n": DRAWN}
    return drawing(title, rows, shapes, _("dòng"), [(x, y) for x, y in told["points"]])


def summary(name: str, run: Run) -> list[tuple[str, str]]:
    """How many rows have a place, the box around them, and the communes they fall in, most first."""
    held = run.held.get(f"places {name}")
    if not held or not (held["placed"] or held["areas"]):
        return []
    if (held["placed"] and not any(held["areas"])) or set(held["areas"]) == {None}:
        table = ", ".join(t.table for t in run.plan.tables if t.target == name)
        told = _(
            "Mọi vị trí của tệp đều nằm ngoài tỉnh: kiểm tra hệ toạ độ, trục X Y, dấu của toạ độ, hoặc tệp không "
            "phải của tỉnh này."
        )
        run.notes.add("outside_area", table, "", told, n=held["placed"])
    areas = "; ".join(
        f"{unit_name(p) if p else _('ngoài tỉnh')}: {k}" for p, k in held["areas"].most_common()
    )
    if not held["placed"]:
        return [(_("thuộc xã"), areas)]
    w, s, e, n = (round(float(v), 5) for v in held["box"])
    return [
        (_("có vị trí"), _("%(n)d trên %(all)d dòng") % {"n": held["placed"], "all": held["rows"]}),
        (
            _("phạm vi toạ độ"),
            _("kinh độ %(w)s đến %(e)s, vĩ độ %(s)s đến %(n)s") % {"w": w, "e": e, "s": s, "n": n},
        ),
        (_("thuộc xã"), areas),
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
        for at in np.flatnonzero(shape):
            wkb = chunk.out["geom"][int(at)]
            home = "" if wkb is None else holder(shares([shapely.from_wkb(wkb)])[0])
            found["area_path"][at], found["area_path_then"][at] = home, ""
            if levels[at] == Disclosure.AS_IS:
                found["shown_area_path"][at] = home
    communes.put(chunk, places.lon, levels, found)
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
