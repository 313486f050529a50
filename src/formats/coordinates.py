"""Coordinates as people write them read into numbers, and what is wrong with a pair of them.

Blank is blank: a blank or unreadable coordinate is nan, never 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Extent = tuple[float, float, float, float]

_PLAIN = re.compile(r"[-+−]?\d+(?:[.,]\d+)?")
_THOUSANDS = re.compile(r"[-+−]?\d{1,3}(?:([ .,'])\d{3})(?:\1\d{3})*(?:[.,]\d+)?")
_EXPONENT = re.compile(r"[-+]?\d(?:[.,]\d+)?e[+-]?\d{1,2}", re.I)
_METRES = re.compile(r"^(\d[\d .,]*\d)\s*(?:m|met|mét)\.?$", re.I)
_ONE_MARK = re.compile(r"\d{3}[.,]\d{3}")
_LETTERS = {
    "N": 1, "S": -1, "E": 1, "W": -1, "B": 1, "Đ": 1, "D": 1, "T": -1,
    "BẮC": 1, "NAM": -1, "ĐÔNG": 1, "TÂY": -1,
}  # fmt: skip
_LAT, _LON = {"N", "S", "B", "BẮC", "NAM"}, {"E", "W", "Đ", "D", "T", "ĐÔNG", "TÂY"}
_AXIS_WORDS = re.compile(r"(?:kinh|vĩ)\s*(?:độ|tuyến)\s*:?", re.I)
_SIGNS = str.maketrans(dict.fromkeys("⁰ᵒ", "°") | dict.fromkeys("˝ʺ〃", '"') | dict.fromkeys("ʹˊ`＇", "'"))
_SIXTIES = re.compile(
    r"""(?P<sign>[-+−])?\s*(?P<d>\d+(?:[.,]\d+)?)\s*(?:°|º|˚|o|độ|Độ|deg|d|\*|:|\s)\s*
    (?:(?P<m>\d+(?:[.,]\d+)?)\s*(?:['’′‘´]|phút|m|min|:|\s|$)\s*)?
    (?:(?P<s>\d+(?:[.,]\d+)?)\s*(?:["”″“]|''|’’|′′|giây|s|sec|$)?\s*)?""",
    re.X,
)


@dataclass(frozen=True)
class Parsed:
    """Numbers (nan where not read) and for each text None, "blank", "unreadable" or "wrong_axis"."""

    values: np.ndarray
    codes: list[str | None]


@dataclass(frozen=True)
class Diagnosis:
    """For each pair a code, a suggestion where there is one, and the pair it suggests (nan where none)."""

    codes: np.ndarray
    suggestions: list[str | None]
    lon: np.ndarray
    lat: np.ndarray


def parse(texts: Iterable[str | None] | pa.Array, axis: str | None = None) -> Parsed:
    """Each text as decimal degrees or metres: "22,3961", "22°23'46\"B", "N 22 23.766", "2 450 000"."""
    column = pa.array(texts, pa.string()) if not isinstance(texts, pa.Array) else texts
    plain = pc.fill_null(pc.match_substring_regex(column, r"^[-+]?\d+(?:[.,]\d+)?$"), False)
    numbers = pc.replace_substring(pc.if_else(plain, column, None), ",", ".")
    values = np.array(pc.cast(numbers, pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
    codes: list[str | None] = [None] * len(column)
    for index in np.flatnonzero(~plain.to_numpy(zero_copy_only=False)):
        value, codes[index] = _one(column[int(index)].as_py(), axis)
        values[index] = np.nan if value is None else value
    return Parsed(values, codes)


def _one(text: str | None, axis: str | None) -> tuple[float | None, str | None]:
    stripped = "" if text is None else _AXIS_WORDS.sub("", plainly(text)).strip()
    if not stripped:
        return None, "blank"
    if _PLAIN.fullmatch(stripped):
        return float(stripped.replace(",", ".").replace("−", "-")), None
    if _EXPONENT.fullmatch(stripped):
        return float(stripped.replace(",", ".")), None
    stripped = _METRES.sub(r"\1", stripped)
    if _PLAIN.fullmatch(stripped):
        return float(stripped.replace(",", ".").replace("−", "-")), None
    body, letter = _without_letter(stripped)
    if letter and axis and letter not in (_LAT if axis == "lat" else _LON):
        return None, "wrong_axis"
    sign = _LETTERS[letter] if letter else 1
    if _PLAIN.fullmatch(body):
        value = float(body.replace(",", ".").replace("−", "-"))
        return (value if value < 0 else sign * value), None
    if whole := _grouped(body):
        return sign * whole, None
    found = _SIXTIES.fullmatch(body)
    if found is None:
        return None, "unreadable"
    degrees, minutes, seconds = (float((found[p] or "0").replace(",", ".")) for p in "dms")
    if minutes >= 60 or seconds >= 60 or (found["m"] and degrees % 1) or (found["s"] and minutes % 1):
        return None, "unreadable"
    value = degrees + minutes / 60 + seconds / 3600
    return (-value if found["sign"] in ("-", "−") else sign * value), None


def plainly(text: str) -> str:
    """The text with the common signs for degrees, minutes and seconds."""
    return text.replace("\u00a0", " ").translate(_SIGNS)


def read(text: str) -> float | None:
    """One coordinate alone, or None where it cannot be read."""
    return _one(text, None)[0]


def both(one: str, other: str) -> tuple[float | None, float | None]:
    """Two coordinates, each None where it cannot be read."""
    return thousands(read(one), read(other), one, other)


def thousands(
    first: float | None, second: float | None, one: str | None, other: str | None
) -> tuple[float | None, float | None]:
    """Two coordinates in metres where one alone has a mark between thousands: "547.001" beside 2.484.123."""
    if first is None or second is None:
        return first, second
    for value, text, beside in ((first, one, second), (second, other, first)):
        if abs(value) < 1_000 <= abs(beside) / 100 and text and _ONE_MARK.fullmatch(text.strip()):
            return (first * 1_000, second) if value is first else (first, second * 1_000)
    return first, second


def axis(text: str) -> str | None:
    """ "lat" or "lon" as the hemisphere's letter says, else None."""
    _, letter = _without_letter(text.strip())
    return None if not letter else "lat" if letter in _LAT else "lon"


def _without_letter(text: str) -> tuple[str, str]:
    """The text without a leading or trailing hemisphere, and the hemisphere in capitals."""
    for letter in sorted(_LETTERS, key=len, reverse=True):
        # a small s or d is seconds or degrees, not south or east
        upper = text if letter in ("S", "D") else text.upper()
        if upper.endswith(letter) and (len(letter) > 1 or not upper[:-1][-1:].isalpha()):
            return text[: -len(letter)].strip(" .,"), letter
        if upper.startswith(letter) and not upper[len(letter) : len(letter) + 1].isalpha():
            return text[len(letter) :].strip(" .:,"), letter
    return text, ""


def _grouped(text: str) -> float | None:
    """A whole number of metres written with separators between thousands, such as 2.450.000."""
    found = _THOUSANDS.fullmatch(text)
    if not found:
        return None
    other = "." if found[1] == "," else ","
    if text.count(found[1]) < 2 and found[1] in ".," and other not in text:
        return None
    return float(text.replace(found[1], "").replace(",", ".").replace("−", "-"))


def diagnose(lon: np.ndarray, lat: np.ndarray, extent: Extent | None = None) -> Diagnosis:
    """What is wrong with each pair; `extent` (west, south, east, north) is where the records should lie."""
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    no_lon, no_lat = np.isnan(lon), np.isnan(lat)
    codes = np.full(lon.shape, "ok", dtype="<U15")
    fixed_lon, fixed_lat = np.full(lon.shape, np.nan), np.full(lat.shape, np.nan)

    def mark(mask: np.ndarray, code: str, to: tuple[np.ndarray, np.ndarray] | None = None) -> None:
        mask = mask & (codes == "ok")
        codes[mask] = code
        if to is not None:
            fixed_lon[mask], fixed_lat[mask] = to[0][mask], to[1][mask]

    mark(no_lon & no_lat, "blank")
    mark(no_lon | no_lat, "missing_half")
    mark((lon == 0) & (lat == 0), "zero_zero")
    if extent is not None:
        mark(_inside(lon, lat, extent), "within")
        mark(_inside(lat, lon, extent), "swapped", (lat, lon))
        for x, y in ((-lon, lat), (lon, -lat), (-lon, -lat)):
            mark(_inside(x, y, extent), "sign_lost", (x, y))
    outside = (np.abs(lon) > 180) | (np.abs(lat) > 90)
    metres = (np.abs(lon) >= 1_000) & (np.abs(lat) >= 1_000)
    mark(outside & metres, "looks_projected")
    mark(outside & (np.abs(lat) <= 180) & (np.abs(lon) <= 90), "swapped", (lat, lon))
    mark(outside, "out_of_range")
    if extent is not None:
        mark(np.ones(lon.shape, dtype=bool), "outside_extent")
        codes[codes == "within"] = "ok"
    return Diagnosis(codes, [_suggestion(c) for c in codes], fixed_lon, fixed_lat)


def _inside(x: np.ndarray, y: np.ndarray, extent: Extent) -> np.ndarray:
    west, south, east, north = extent
    return (x >= west) & (x <= east) & (y >= south) & (y <= north)


_SUGGESTIONS = {
    "missing_half": "Chỉ có một trong hai tọa độ; bổ sung tọa độ còn thiếu.",
    "zero_zero": "Tọa độ (0, 0) là ô trống bị ghi thành số 0; để trống nếu không biết vị trí.",
    "swapped": "Kinh độ và vĩ độ bị đổi chỗ; đổi lại.",
    "sign_lost": "Dấu của tọa độ không đúng bán cầu; sửa lại dấu.",
    "out_of_range": "Vĩ độ phải trong khoảng −90…90, kinh độ trong khoảng −180…180.",
    "looks_projected": "Đây là tọa độ phẳng tính bằng mét; chọn hệ tọa độ VN-2000 hoặc UTM khi nhập.",
    "outside_extent": "Vị trí nằm ngoài địa bàn; kiểm tra lại tọa độ.",
}


def _suggestion(code: str) -> str | None:
    return _SUGGESTIONS.get(str(code))
