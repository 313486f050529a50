"""A place written in one cell: two numbers, degrees with letters, a UTM or grid reference, WKT, a form's geopoint."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from formats import coordinates, mgrs

_WKT = re.compile(r"(?:SRID=\d+;)?\s*POINT\s*(?:Z|M|ZM)?\s*\(\s*([-+\d.eE]+)\s+([-+\d.eE]+)[^)]*\)", re.I)
_GEOJSON = re.compile(r'"coordinates"\s*:\s*\[\s*([-+\d.eE]+)\s*,\s*([-+\d.eE]+)')
_LINK = re.compile(
    r"(?:^geo:|https?://\S*?(?:[@=/]|%40|[?&](?:q|ll|query|center|loc)=(?:loc:)?))(-?\d{1,2}\.\d{3,})(?:,|%2C|\+)+(-?\d{1,3}\.\d{3,})",
    re.I,
)
_UTM = re.compile(
    r"(?:UTM|WGS\s*-?84|múi|zone|\s|,)*(\d{2})\s*([C-HJ-NP-X])?[\s,;:]+(?:E\s*[:=]?\s*)?0*(\d{5,7}(?:[.,]\d+)?)\s*(?:m?E)?"
    r"[\s,;]+(?:N\s*[:=]?\s*)?0*(\d{6,7}(?:[.,]\d+)?)\s*(?:m?N)?",
    re.I,
)
_LABEL = r"(?:X|Y|E|N|Đ|B|lat(?:itude)?|lon(?:g|gitude)?|lng|kinh\s*độ|vĩ\s*độ|kđ|vđ)"
_LABELLED = re.compile(rf"({_LABEL})\s*[:=]\s*(.+?)[\s,;|/-]+({_LABEL})\s*[:=]\s*(.+)", re.I)
_LABELLED_BARE = re.compile(
    r"(kinh\s*độ|vĩ\s*độ|lat|long?)\s+(.+?)[\s,;|/-]+(kinh\s*độ|vĩ\s*độ|lat|long?)\s+(.+)", re.I
)
_NORTH = ("y", "n", "b", "lat", "latitude", "vĩđộ", "vđ")
_SEPARATORS = (";", "|", "\n", "/", ", ", " - ", " – ", ",", " ")
_SECOND_LETTER = re.compile(r"(?<=[NSBEWĐT])[\s,;/|-]+(?=\d)|[\s,;/|-]+(?=[NSBEWĐT]\s*\d)")
_LETTERED = re.compile(r"[NSBEWĐT]")


@dataclass(frozen=True)
class Pairs:
    """East and north (or first and second, in metres) of each text, nan where not read.

    `systems` names the UTM zone where the text does, `accuracy` is a form's own in metres, `codes` is None,
    "blank" or "unreadable".
    """

    x: np.ndarray
    y: np.ndarray
    systems: list[str | None]
    accuracy: np.ndarray
    codes: list[str | None]


_One = tuple[float, float, str | None, float]


def parse(texts: Iterable[str | None]) -> Pairs:
    """Each text as one place; latitude is taken to come first where neither letters nor size tell."""
    given = list(texts)
    found = [_one(t) if t and t.strip() else None for t in given]
    codes = [
        None if f else "unreadable" if t and t.strip() else "blank" for f, t in zip(found, given, strict=True)
    ]
    rows = [f or (np.nan, np.nan, None, np.nan) for f in found]
    return Pairs(
        np.array([r[0] for r in rows], float),
        np.array([r[1] for r in rows], float),
        [r[2] for r in rows],
        np.array([r[3] for r in rows], float),
        codes,
    )


def _one(text: str) -> _One | None:
    plain = " ".join(coordinates.plainly(text).split()).strip("()[]{} .;,")
    if m := _LINK.search(plain):
        return float(m[2]), float(m[1]), None, np.nan
    if m := _WKT.search(text) or _GEOJSON.search(text):
        return float(m[1]), float(m[2]), None, np.nan
    if grid := mgrs.read(plain):
        return grid[1], grid[2], f"utm{grid[0]}n", np.nan
    if (m := _UTM.fullmatch(plain)) and int(m[1]) in (47, 48, 49, 50) and (m[2] or "N").upper() >= "N":
        return _number(m[3]), _number(m[4]), f"utm{m[1]}n", np.nan
    if m := _LABELLED.fullmatch(plain) or _LABELLED_BARE.fullmatch(plain):
        return _labelled(m)
    if _LETTERED.search(plain.upper()):
        return _lettered(plain)
    return _numbers(plain)


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _labelled(m: re.Match[str]) -> _One | None:
    """ "X: 2484123; Y: 547001", "Lat: 22.4, Long: 103.4"."""
    parts = m[2].strip(" ,;"), m[4].strip(" ,;")
    first, second = coordinates.both(parts[0], parts[1])
    if first is None or second is None:
        return None
    north = [re.sub(r"\s", "", m[i].lower()) in _NORTH for i in (1, 3)]
    if north[0] == north[1]:
        return None
    return (second, first, None, np.nan) if north[0] else (first, second, None, np.nan)


def _lettered(text: str) -> _One | None:
    """Two parts, each with its hemisphere."""
    text = text.replace("º", "°")
    cuts = [(m.start(), m.end()) for m in _SECOND_LETTER.finditer(text)]
    cuts += [m.span() for m in re.finditer(r"\s*[;|/]\s*|,\s+", text)]
    for start, end in cuts:
        parts = text[:start].strip(" ,;"), text[end:].strip(" ,;")
        axes = [coordinates.axis(p) for p in parts]
        values = [coordinates.read(p) for p in parts]
        if sorted(map(str, axes)) == ["lat", "lon"] and None not in values:
            first, second = float(values[0] or 0), float(values[1] or 0)
            return (second, first, None, np.nan) if axes[0] == "lat" else (first, second, None, np.nan)
    return _numbers(text)


def _numbers(text: str) -> _One | None:
    """Two numbers, or the four of a form's geopoint: latitude, longitude, height, accuracy."""
    four = re.fullmatch(
        r"([-+]?\d+\.\d+)[, ] ?([-+]?\d+\.\d+)[, ] ?(-?\d+(?:\.\d+)?)[, ] ?(\d+(?:\.\d+)?)", text
    )
    if four:
        return _ordered(float(four[1]), float(four[2]), float(four[4]))
    for separator in _SEPARATORS:
        parts = [p.strip() for p in text.split(separator)]
        if len(parts) != 2 or not all(parts):
            continue
        first, second = coordinates.both(parts[0], parts[1])
        if first is None or second is None or not all(re.search(r"[.,]\d|\d{4}|°", p) for p in parts):
            continue
        return _ordered(first, second, np.nan)
    return None


def _ordered(first: float, second: float, accuracy: float) -> _One | None:
    """Degrees by size, latitude first where both fit; metres as they stand."""
    if abs(first) >= 1_000 and abs(second) >= 1_000:
        return first, second, None, accuracy
    if abs(first) > 180 or abs(second) > 180 or min(abs(first), abs(second)) > 90:
        return None
    if abs(first) > 90 or (102 <= first <= 110 and 8 <= second <= 24):
        return first, second, None, accuracy
    return second, first, None, accuracy
