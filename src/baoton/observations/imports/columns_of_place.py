"""Points from the columns of a table: decimal degrees, the source's own X and Y, or both in one cell."""

from typing import Any

import numpy as np
import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from numpy.typing import NDArray

from baoton.kit.importing.chunk import Chunk, mask_of
from baoton.kit.importing.values import without_words
from baoton.observations.imports.metres import Pair, to_degrees
from baoton.observations.imports.trying import MOST, in_country
from formats import coordinates, crs, datum_names, pairs
from rulebook.country import load_country

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
NOUGHT = 1e-6  # smaller numbers of degrees are a zero that went through a computer
NEAR_LINE = 5.0
_UNKNOWN = gettext_lazy("Không rõ hệ toạ độ “%(name)s”; toạ độ được coi là WGS84.")
REFUSED = {
    "missing_half": gettext_lazy("Chỉ có một nửa toạ độ; điền nốt, hoặc để trống cả hai."),
    "half_zero": gettext_lazy(
        "Số 0 ở ô này là chỗ trống bị điền số không; điền toạ độ, hoặc để trống cả hai."
    ),
    "zero_zero": gettext_lazy("Toạ độ (0, 0) là chỗ trống bị điền số không; để trống nếu chưa biết."),
    "out_of_range": gettext_lazy("Toạ độ ngoài giới hạn: vĩ độ −90 đến 90, kinh độ −180 đến 180."),
    "swapped": gettext_lazy("Kinh độ và vĩ độ có vẻ đổi chỗ."),
    "sign_lost": gettext_lazy("Có vẻ mất dấu âm."),
}


def points(chunk: Chunk, rows: Mask) -> tuple[Floats, Floats]:
    """Longitude and latitude (WGS84) of the rows asked, NaN unknown; bad ones refuse their rows."""
    lon, lat = np.full(chunk.n, np.nan), np.full(chunk.n, np.nan)
    for take in (_decimal, _verbatim, _one_cell):
        open_ = rows & np.isnan(lon) & ~chunk.problems.refused
        pair = take(chunk, open_)
        if pair is None:
            continue
        x, y, moved = to_degrees(chunk, pair, open_ & np.isfinite(pair.x) & np.isfinite(pair.y))
        _diagnose(chunk, pair, x, y, open_, moved)
        _keep_words(chunk, pair, moved & ~chunk.problems.refused)
        good = open_ & np.isfinite(x) & np.isfinite(y) & ~chunk.problems.refused
        lon[good], lat[good] = x[good], y[good]
    return lon, lat


def _decimal(chunk: Chunk, rows: Mask) -> Pair | None:
    if not chunk.has("decimalLongitude") and not chunk.has("decimalLatitude"):
        return None
    return _pair(chunk, "decimalLongitude", "decimalLatitude", rows, ("geodeticDatum",), only=False)


def _verbatim(chunk: Chunk, rows: Mask) -> Pair | None:
    if not (chunk.has("verbatimLongitude") and chunk.has("verbatimLatitude")):
        return None
    beside = chunk.has("decimalLongitude") or chunk.has("decimalLatitude")
    return _pair(chunk, "verbatimLongitude", "verbatimLatitude", rows,
                 ("verbatimSRS", "verbatimCoordinateSystem", "geodeticDatum"), only=beside)  # fmt: skip


def _pair(chunk: Chunk, x_term: str, y_term: str, rows: Mask, by: tuple[str, ...], only: bool) -> Pair:
    """Two columns as numbers; `only` says another pair is the main one, so that what is unread is only told."""
    x, y = _read(chunk, x_term, "lon", rows, only), _read(chunk, y_term, "lat", rows, only)
    _thousands(chunk, x_term, y_term, x, y)
    half = rows & (np.isfinite(x) != np.isfinite(y)) & ~chunk.problems.refused
    for axis, term in ((x, x_term), (y, y_term)):
        blank = half & np.isnan(axis)
        if only:
            chunk.note("coordinates_unread", term, blank, _("Dòng có toạ độ ở cột này mà không đọc được."))
        else:
            chunk.refuse(blank, term, "missing_half", str(REFUSED["missing_half"]))
    x[half] = y[half] = np.nan
    return Pair(x, y, x_term, y_term, _systems(chunk, by, x, y))


def _read(chunk: Chunk, term: str, axis: str, rows: Mask, only: bool) -> Floats:
    text = without_words(chunk, term, chunk.text(term))
    fast = text.cast(pl.Float64, strict=False)
    rest = text.is_not_null() & fast.is_null()
    if not rest.any():
        found = fast.to_numpy().astype(float, copy=True)
    else:
        parsed = coordinates.parse(text.to_arrow().cast("string"), axis=axis)
        codes = pl.Series(list(parsed.codes), dtype=pl.String)
        unread = mask_of(codes.is_in(["unreadable", "wrong_axis"])) & rows
        if only:
            chunk.note("coordinates_unread", term, unread, _("Dòng có toạ độ ở cột này mà không đọc được."))
        else:
            chunk.refuse(mask_of(codes == "unreadable") & rows, term, "unreadable_coordinate",
                         _("Không đọc được toạ độ; viết như 22.3961 hoặc 22°23'46\"B."))  # fmt: skip
            chunk.refuse(mask_of(codes == "wrong_axis") & rows, term, "wrong_axis",
                         _("Chữ chỉ hướng không hợp với cột này (B/N cho vĩ độ, Đ/T cho kinh độ)."))  # fmt: skip
        found = np.array(parsed.values, float)
    found[~rows | ~np.isfinite(found)] = np.nan
    found[np.abs(found) < NOUGHT] = 0.0
    return found


def _thousands(chunk: Chunk, x_term: str, y_term: str, x: Floats, y: Floats) -> None:
    """ "547.001" beside 2.484.123 is 547001 metres."""
    with np.errstate(invalid="ignore"):
        odd = ((np.abs(x) < 1_000) & (np.abs(y) >= 100_000)) | ((np.abs(y) < 1_000) & (np.abs(x) >= 100_000))
    for i in np.flatnonzero(odd).tolist():
        one, two = coordinates.thousands(x[i], y[i], chunk.text(x_term)[i], chunk.text(y_term)[i])
        x[i], y[i] = (np.nan if v is None else v for v in (one, two))


def _one_cell(chunk: Chunk, rows: Mask) -> Pair | None:
    """Both coordinates in one cell; a form's own accuracy fills a blank uncertainty."""
    if not chunk.has("verbatimCoordinates"):
        return None
    text = without_words(chunk, "verbatimCoordinates", chunk.text("verbatimCoordinates"))
    text = text.set(~pl.Series(rows), None)
    found = pairs.parse(text.to_list())
    unread = mask_of(pl.Series(found.codes, dtype=pl.String) == "unreadable")
    if any(chunk.has(t) for t in ("decimalLongitude", "verbatimLongitude")) or chunk.by_program:
        chunk.note("coordinates_unread", "verbatimCoordinates", unread,
                   _("Dòng có toạ độ ở cột này mà không đọc được."))  # fmt: skip
    else:
        chunk.refuse(unread, "verbatimCoordinates", "unreadable_coordinate",
                     _("Không đọc được toạ độ; viết như “22.3961, 103.4567” (vĩ độ trước), 22°23'46\"B "
                       "103°27'24\"Đ, hoặc “48Q 341234 2449876”."))  # fmt: skip
    x, y = found.x.copy(), found.y.copy()
    systems = _systems(chunk, ("verbatimSRS", "verbatimCoordinateSystem", "geodeticDatum"), x, y)
    for i, code in enumerate(found.systems):
        if code and (systems[i] is None or systems[i].kind == "geographic"):
            base = systems[i].code if systems[i] is not None else "wgs84"
            zone = int(code[3:-1])
            systems[i] = crs.system(code) if base == "wgs84" else _in_zone(base, zone)
    accurate = pl.Series(found.accuracy, nan_to_null=True)
    accurate = accurate.set((accurate == 0).fill_null(False), None)  # a form's way to say it had none
    if accurate.is_not_null().any():
        own = chunk.out.get("coordinate_uncertainty_m")
        chunk.put("coordinate_uncertainty_m", accurate if own is None else own.fill_null(accurate))
    return Pair(x, y, "verbatimCoordinates", "verbatimCoordinates", systems)


def _in_zone(code: str, zone: int) -> crs.System:
    return crs.vn2000(zone * 6 - 183, 6) if code.startswith("vn2000") else crs.in_zone(code, zone)


def _systems(chunk: Chunk, terms: tuple[str, ...], x: Floats, y: Floats) -> NDArray[np.object_]:
    """The system of each row: what its own cell names, else what was chosen or the header says for the table."""
    chosen = crs.system(chunk.plan.crs) if chunk.plan.crs else None
    systems = np.full(chunk.n, None, object)
    said = np.zeros(chunk.n, bool)
    strange: dict[str, tuple[Mask, list[str]]] = {}
    for term in terms:
        if not chunk.has(term):
            continue
        text = chunk.text(term)
        for word in text.drop_nulls().unique(maintain_order=True).to_list():
            if datum_names.unsaid(word):
                continue
            here = mask_of(text == word) & ~said
            system = datum_names.named(word)
            if system is None:
                if term != "verbatimCoordinateSystem":
                    where, words = strange.setdefault(term, (np.zeros(chunk.n, bool), []))
                    where |= here & np.isfinite(x) & np.isfinite(y)
                    words.append(word)
                continue
            said |= here
            systems[here] = system
    for term, (where, words) in strange.items():
        chunk.note("datum_unknown", term, where, _UNKNOWN % {"name": ", ".join(words[:5])})
    with np.errstate(invalid="ignore"):
        big = (np.abs(x) >= 1_000) & (np.abs(y) >= 1_000)
    if chosen is not None:
        systems[~said] = chosen
        if chosen.kind != "geographic":
            plain = np.array([s is not None and s.code in ("wgs84", "EPSG:4326", "vn2000") for s in systems])
            systems[plain & big] = chosen
    ours = np.array([s is not None and s.code == "vn2000" for s in systems])
    systems[ours & big] = crs.vn2000()
    return systems


def _keep_words(chunk: Chunk, pair: Pair, moved: Mask) -> None:
    """What was converted is kept as the source wrote it, with the source's system."""
    if not moved.any():
        return
    where = pl.Series(moved)
    names = pl.Series([None if s is None else s.vi for s in pair.systems], dtype=pl.String)
    for term in ("geodeticDatum", "verbatimCoordinateSystem"):
        if chunk.has(term):
            names = chunk.text(term).fill_null(names)
    _fill(chunk, "verbatimSRS", names, where)
    if pair.x_term == "decimalLongitude":
        _fill(chunk, "verbatimLongitude", chunk.text(pair.x_term), where)
        _fill(chunk, "verbatimLatitude", chunk.text(pair.y_term), where)


def _fill(chunk: Chunk, term: str, words: pl.Series, where: pl.Series) -> None:
    words = words.set(~where, None)
    kept = chunk.extra.get(term)
    chunk.extra[term] = words if kept is None else kept.fill_null(words)


def _diagnose(chunk: Chunk, pair: Pair, x: Floats, y: Floats, rows: Mask, moved: Mask) -> None:
    """Pairs that cannot be meant refuse their rows, each under the cell that is wrong."""
    placed = rows & np.isfinite(x) & np.isfinite(y) & ~chunk.problems.refused
    if not placed.any():
        return
    _half_zero(chunk, pair, x, y, placed & ~moved)
    found = coordinates.diagnose(
        np.where(placed, x, np.nan), np.where(placed, y, np.nan), _extent(chunk, x, y, placed)
    )
    codes = np.asarray(found.codes, str)
    for code in ("zero_zero", "out_of_range", "swapped", "sign_lost"):
        at = (codes == code) & ~chunk.problems.refused
        if not at.any():
            continue
        with np.errstate(invalid="ignore"):
            of_x = (np.abs(x) > 180) if code == "out_of_range" else (found.lat == y) & (found.lon != x)
        for term, where in ((pair.x_term, at & of_x), (pair.y_term, at & ~of_x)):
            told = [_hint(str(REFUSED[code]), found, i) for i in np.flatnonzero(where).tolist()]
            chunk.refuse(where, term, code, told)
    chunk.note("outside_extent", pair.y_term, codes == "outside_extent",
               _("Vị trí ngoài Việt Nam trong khi phần lớn tệp nằm trong; kiểm tra lại."))  # fmt: skip


def _half_zero(chunk: Chunk, pair: Pair, x: Floats, y: Floats, placed: Mask) -> None:
    """A lone zero is a blank filled in, unless the file has other places near the equator or the prime meridian."""
    sane = placed & (np.abs(x) <= 180) & (np.abs(y) <= 90)
    for axis, other, term in ((x, y, pair.x_term), (y, x, pair.y_term)):
        near = (np.abs(axis[placed]) < NEAR_LINE) & (axis[placed] != 0)
        if not near.any():
            chunk.refuse(sane & (axis == 0) & (other != 0), term, "half_zero", str(REFUSED["half_zero"]))


def _extent(chunk: Chunk, x: Floats, y: Floats, placed: Mask) -> Any:
    """The country's box where most of the first batch lies in it, so that swapped pairs stand out; else no limit."""
    if chunk.plan.extent:
        return tuple(chunk.plan.extent)
    name = f"extent {chunk.plan.table}"
    if name not in chunk.run.held:
        inside = in_country(x[placed], y[placed])
        chunk.run.held[name] = load_country().extent if inside.mean() >= MOST else None
    return chunk.run.held[name]


def _hint(told: str, found: coordinates.Diagnosis, i: int) -> str:
    if np.isfinite(found.lon[i]) and np.isfinite(found.lat[i]):
        return _("%(told)s Có lẽ là kinh độ %(x)s, vĩ độ %(y)s.") % {
            "told": told, "x": round(float(found.lon[i]), 6), "y": round(float(found.lat[i]), 6),
        }  # fmt: skip
    return told
