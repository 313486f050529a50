"""Pairs of coordinates to longitude and latitude: degrees of any datum, metres of a zone, X north or east."""

from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from baoton.kit.importing.chunk import Chunk
from baoton.observations.imports.trying import in_country, proposed, zoned
from formats import crs
from formats.crs import System

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass
class Pair:
    """Two columns of a chunk as numbers, the terms they came under, and the system stated for each row (or None)."""

    x: Floats
    y: Floats
    x_term: str
    y_term: str
    systems: NDArray[np.object_]


def to_degrees(chunk: Chunk, pair: Pair, rows: Mask) -> tuple[Floats, Floats, Mask]:
    """Longitude, latitude and where they were converted; what cannot be is refused, never left without a place."""
    lon, lat = pair.x.copy(), pair.y.copy()
    moved = np.zeros(chunk.n, bool)
    with np.errstate(invalid="ignore"):
        big = rows & (np.abs(pair.x) >= 1_000) & (np.abs(pair.y) >= 1_000)
    stated = np.array([s is not None and s.kind != "geographic" for s in pair.systems])
    unknown = big & ~stated
    if unknown.any():
        _ask(chunk, pair, unknown)
    for system in {s for s in pair.systems[rows] if s is not None}:
        mine = rows & (pair.systems == system) & ~chunk.problems.refused
        if system.kind == "geographic":
            _degrees(chunk, pair, system, mine & ~big, lon, lat, moved)
        else:
            _metres(chunk, pair, system, mine, lon, lat, moved)
    bad = rows & chunk.problems.refused
    lon[bad] = lat[bad] = np.nan
    return lon, lat, moved


def _ask(chunk: Chunk, pair: Pair, where: Mask) -> None:
    told = _("Số quá lớn so với độ; đây là toạ độ mét (VN-2000 hoặc UTM). Chọn hệ toạ độ ở bước cột.")
    held = chunk.run.held
    name = f"trial {chunk.plan.table} {pair.x_term}"
    if name not in held:
        held[name] = proposed(pair.x[where], pair.y[where])
    chunk.refuse(where, pair.y_term, "looks_projected", f"{told} {held[name]}".strip())


def _degrees(
    chunk: Chunk, pair: Pair, system: System, mine: Mask, lon: Floats, lat: Floats, moved: Mask
) -> None:
    """Degrees of another datum, shifted to WGS84."""
    with np.errstate(invalid="ignore"):
        good = mine & (np.abs(pair.x) <= 180) & (np.abs(pair.y) <= 90)
    if system.code in ("wgs84", "EPSG:4326") or not good.any():
        return
    lon[good], lat[good] = crs.to_lonlat(pair.x[good], pair.y[good], system)
    moved |= good
    chunk.note(f"datum {system.code}", pair.y_term, good, _converted(system))
    if crs.unshifted(system):
        chunk.note("datum_unshifted", pair.y_term, good, _("Chưa có tham số chuyển %(system)s sang WGS84 ở Việt Nam; "
                   "vị trí có thể lệch vài trăm mét.") % {"system": system.vi})  # fmt: skip


def _converted(system: System) -> str:
    told = _("Toạ độ ở hệ %(system)s được chuyển sang WGS84.") % {"system": system.vi}
    return f"{told} {system.note}" if system.accuracy_m > 1 else told


def _metres(
    chunk: Chunk, pair: Pair, system: System, mine: Mask, lon: Floats, lat: Floats, moved: Mask
) -> None:
    """Metres of a zone; which axis is north is told by size, for Viet Nam's northings exceed every easting."""
    given = mine & np.isfinite(pair.x) & np.isfinite(pair.y)
    if not given.any():
        return
    with np.errstate(invalid="ignore"):
        nought = given & (pair.x == 0) & (pair.y == 0)
        degrees = given & (np.abs(pair.x) <= 180) & (np.abs(pair.y) <= 180) & ~nought
        swapped = given & (pair.x > 900_000) & (pair.x < 10_000_000) & (pair.y <= 900_000)
    chunk.refuse(nought, pair.x_term, "zero_zero",
                 _("Toạ độ (0, 0) là chỗ trống bị điền số không; để trống nếu chưa biết."))  # fmt: skip
    if degrees.any():
        chunk.refuse(
            degrees, pair.x_term, "degrees_among_metres",
            _("Hệ toạ độ đã chọn tính bằng mét mà ô này ghi độ; để dòng này ở một tệp riêng, hoặc chọn lại hệ."),
        )  # fmt: skip
    east, north = np.where(swapped, pair.y, pair.x), np.where(swapped, pair.x, pair.y)
    given &= ~degrees & ~nought
    _refuse_zone(chunk, pair, given & ~zoned(east, north), swapped, east)
    good = given & zoned(east, north)
    if not good.any():
        return
    x, y = crs.to_lonlat(east[good], north[good], system)
    lon[good], lat[good] = x, y
    lost = good & ~(np.isfinite(lon) & np.isfinite(lat))
    chunk.refuse(lost, pair.x_term, "not_convertible",
                 _("Không chuyển được toạ độ này sang kinh độ, vĩ độ; xem lại số và hệ toạ độ."))  # fmt: skip
    out = good & ~lost & ~in_country(lon, lat, 1.0)
    if system.code.startswith("vn2000"):
        told = _("Theo hệ đã chọn, điểm này nằm ngoài Việt Nam; xem lại số và hệ toạ độ.")
        chunk.refuse(
            out, pair.x_term, "outside_viet_nam", f"{told} {proposed(pair.x[out], pair.y[out])}".strip()
        )
    moved |= good & ~lost
    chunk.note("x_is_north", pair.x_term, swapped & good,
               _("X là hướng bắc, Y là hướng đông (thói quen đo đạc ở Việt Nam); được đọc như thế."))  # fmt: skip
    chunk.note(f"datum {system.code}", pair.y_term, good & ~lost, _converted(system))


def _refuse_zone(chunk: Chunk, pair: Pair, out: Mask, swapped: Mask, east: Floats) -> None:
    """Eastings and northings that no zone has, each under the cell that is wrong."""
    with np.errstate(invalid="ignore"):
        wrong_east = out & ~((east >= 100_000) & (east <= 900_000))
        rest = out & ~wrong_east
        zone = np.floor(east / 1_000_000)
        prefixed = wrong_east & np.isin(zone, (18, 19, 47, 48, 49)) & (east % 1_000_000 >= 100_000)
    told = _("Toạ độ hướng đông phải từ 100.000 đến 900.000 m; xem lại số, thứ tự X, Y và hệ toạ độ.")
    hint = _("Hai số đầu có vẻ là số múi: bỏ đi còn %(rest)s.")
    for turned in (False, True):
        where = wrong_east & (swapped == turned)
        term = pair.y_term if turned else pair.x_term
        words = [
            f"{told} {hint % {'rest': f'{e % 1_000_000:g}'}}" if p else told
            for e, p in zip(east[where].tolist(), prefixed[where].tolist(), strict=True)
        ]
        chunk.refuse(where, term, "easting_out_of_zone", words)
        where = rest & (swapped == turned)
        chunk.refuse(
            where, pair.x_term if turned else pair.y_term, "northing_out_of_zone",
            _("Toạ độ hướng bắc phải từ 0 đến 10.000.000 m; xem lại số, thứ tự X, Y và hệ toạ độ."),
        )  # fmt: skip
