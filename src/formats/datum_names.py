"""Coordinate systems as people name them: "VN-2000, KTT 103°", "UTM 48N", "Indian 1960"."""

from __future__ import annotations

import re

from formats import crs, dwc
from formats.crs import System

_UNSAID = {
    "",
    "unknown",
    "not recorded",
    "none",
    "na",
    "n a",
    "khong ro",
    "khong",
    "null",
    "notrecorded",
    "unspecified",
}
_WGS84 = re.compile(r"wgs ?(19)?84|epsg ?4326|^4326$|^gps$|world geodetic system( 1984)?|crs ?84")
_VN2000 = re.compile(r"vn ?2000|epsg ?4756|^4756$")
_CODE = re.compile(r"(?:epsg|crs)\W*:*\s*(\d{4,6})|^(\d{4,5})$", re.I)
_MERIDIAN = re.compile(
    r"(?:ktt|kinh tuyen(?: truc)?|cm|tm 3|mui 3|zone 3|central meridian)\D{0,12}(10\d)(?: ?(\d{2})\b| (\d) )?"
)
_DECIMAL = re.compile(r"(10\d)[.,](\d+)")
_MINUTES = re.compile(r"(10\d)\s*[°º˚o]\s*(\d{1,2})\s*['’′]?")
_ALONE = re.compile(r"\b(10[2-9])\b")
_UTM = re.compile(r"utm\D{0,8}(4[6-9]|50)|\b(4[6-9]|50) ?(?:n|q|p)\b")
_OLD = (
    (re.compile(r"(?:indian|an do) ?(?:datum )?(?:19)?60|epsg ?4131|^4131$"), "EPSG:4131"),
    (re.compile(r"(?:indian|an do) ?(?:datum )?(?:19)?75|epsg ?4240|^4240$"), "EPSG:4240"),
    (re.compile(r"(?:indian|india|an do) ?(?:datum )?(?:19)?54|epsg ?4239|^4239$"), "EPSG:4239"),
    (re.compile(r"h(?:a ?)?n(?:oi)? ?(?:19)?72|epsg ?4147|^4147$"), "EPSG:4147"),
    (re.compile(r"pulkovo ?(?:19)?42|krasov|krassov|epsg ?4284|^4284$"), "EPSG:4284"),
    (re.compile(r"nad ?(?:19)?27"), "EPSG:4267"),
    (re.compile(r"nad ?(?:19)?83"), "EPSG:4269"),
    (re.compile(r"etrs ?(?:19)?89"), "EPSG:4258"),
    (re.compile(r"wgs ?(?:19)?72"), "EPSG:4322"),
)  # fmt: skip


def unsaid(text: str | None) -> bool:
    """Whether the cell says nothing of a system."""
    return text is None or dwc.plain(text) in _UNSAID


def named(text: str, meridian: float = crs.LAI_CHAU) -> System | None:
    """The system a text names, in degrees or metres as it says; None where it names none that is known.

    VN-2000 with a zone or metres but no meridian is taken in the province's own, `meridian`.
    """
    plain = dwc.plain(text)
    if _VN2000.search(plain):
        return _vn2000(text, plain, meridian)
    for form, code in _OLD:
        if form.search(plain):
            zone = _zone(plain)
            return crs.in_zone(code, zone) if zone else crs.system(code)
    if zone := _zone(plain):
        return crs.system(f"utm{zone}n") if zone in (47, 48) else crs.system(f"EPSG:{32600 + zone}")
    if _WGS84.search(plain):
        return crs.system("wgs84")
    if found := _CODE.search(text.strip()):
        try:
            return crs.system(f"EPSG:{found[1] or found[2]}")
        except ValueError:
            return None
    return None


def _zone(plain: str) -> int | None:
    found = _UTM.search(plain)
    return int(found[1] or found[2]) if found else None


def _vn2000(text: str, plain: str, meridian: float) -> System:
    without = re.sub(r"vn ?2000", " ", plain)
    wide = re.search(r"\b(?:mui|zone|tm)? ?6 ?(?:do)?\b", without) is not None or "k0 0 9996" in without
    if _zone(without):
        return crs.vn2000(float((_zone(without) or 48) * 6 - 183), 6)
    if found := _MINUTES.search(text):
        return _zoned(float(found[1]) + int(found[2]) / 60, wide)
    if found := _DECIMAL.search(text):
        return _zoned(float(f"{found[1]}.{found[2]}"), wide)
    if found := _MERIDIAN.search(without):
        minutes = int(found[2]) / 60 if found[2] and int(found[2]) in (15, 30, 45) else 0.0
        return _zoned(float(found[1]) + minutes, wide)
    if found := _ALONE.search(without):
        return _zoned(float(found[1]), wide)
    if re.search(r"\b(mui|zone|ktt|tm|met|m|x|y|e|n)\b", without):
        return _zoned(meridian, wide)
    return crs.system("vn2000")


def _zoned(meridian: float, wide: bool) -> System:
    if not wide:
        return crs.vn2000(meridian, 3)
    return crs.vn2000(meridian if meridian in crs.ZONES_6 else 105.0, 6)
