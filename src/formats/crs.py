"""Vietnam's coordinate systems to longitude and latitude (WGS84) and back, whole arrays at a time.

VN-2000 uses the WGS84 ellipsoid with an origin of its own. The seven parameters to WGS84 are those of the
ministry's decision 05/2007/QĐ-BTNMT as EPSG 6960 has them (coordinate frame: dX −191.90441429 m,
dY −39.30318279 m, dZ −111.45032835 m, rX −0.00928836″, rY 0.01975479″, rZ −0.00427372″,
scale 0.252906278 ppm); EPSG states 1 m, so a converted place carries that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyproj

# the projection library wants position-vector rotations, whose signs are the opposite
SHIFT = "-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278"
SHIFT_SOURCE = "05/2007/QĐ-BTNMT; EPSG:6960"
SHIFT_ACCURACY_M = 1.0
# meridians of the 3° zones in use in the provinces; which province uses which is printed by each province
MERIDIANS = (103.0, 104.0, 104.5, 104.75, 105.0, 105.5, 105.75, 106.0, 106.25, 106.5, 107.0, 107.25, 107.5,
             107.75, 108.0, 108.25, 108.5)  # fmt: skip
LAI_CHAU = 103.0


@dataclass(frozen=True)
class Shift:
    """Metres from a datum's centre to WGS84's, how sure, and where they come from."""

    metres: tuple[float, float, float]
    accuracy_m: float
    source: str


# the library uses these where they were measured (the south of Viet Nam, Thailand), and elsewhere none at all
SHIFTS = {
    "indian 1960": Shift((198.0, 881.0, 317.0), 44.0, "EPSG:1542"),
    "indian 1954": Shift((217.0, 823.0, 299.0), 21.0, "EPSG:1153"),
    "indian 1975": Shift((210.0, 814.0, 289.0), 5.0, "EPSG:1304"),
    "hanoi 1972": Shift((-17.51, -108.32, -62.39), 5.0, "EPSG:1544"),
}
ZONES_6 = (105.0, 111.0, 117.0)


@dataclass(frozen=True)
class System:
    """One coordinate system a file may be in; x is east, y is north."""

    code: str
    vi: str
    en: str
    kind: str
    central_meridian: float | None
    accuracy_m: float
    note: str
    definition: str


def vn2000(meridian: float = LAI_CHAU, zone: int = 3) -> System:
    """VN-2000 in a zone of 3° (k0 0.9999) or 6° (0.9996) about that central meridian."""
    if zone not in (3, 6):
        raise ValueError("a VN-2000 zone is 3 or 6 degrees wide")
    if not 100 <= meridian <= 120:
        raise ValueError("a central meridian of Vietnam lies between 100 and 120 degrees east")
    scale = 0.9999 if zone == 3 else 0.9996
    shown = f"{int(meridian)}°{round(meridian % 1 * 60):02d}′"
    return System(
        f"vn2000-{meridian:g}-{zone}",
        f"VN-2000, kinh tuyến trục {shown}, múi {zone}°",
        f"VN-2000, central meridian {shown}, {zone}° zone",
        "projected",
        meridian,
        SHIFT_ACCURACY_M,
        "Kinh tuyến trục của tỉnh Lai Châu" if meridian == LAI_CHAU and zone == 3 else "",
        f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k={scale} +x_0=500000 +y_0=0 +ellps=WGS84 "
        f"+towgs84={SHIFT} +units=m +no_defs +type=crs",
    )


def _utm(zone: int) -> System:
    name = f"WGS84 / UTM {zone}N"
    return System(f"utm{zone}n", name, name, "projected", zone * 6 - 183, 0.0, "", f"EPSG:{32600 + zone}")


@cache
def systems() -> tuple[System, ...]:
    """Every system offered to a person, the likeliest for Lai Châu first."""
    wgs84 = System(
        "wgs84",
        "WGS84 (kinh độ, vĩ độ)",
        "WGS84 (longitude, latitude)",
        "geographic",
        None,
        0.0,
        "",
        "EPSG:4326",
    )
    degrees = System(
        "vn2000",
        "VN-2000 (kinh độ, vĩ độ)",
        "VN-2000 (longitude, latitude)",
        "geographic",
        None,
        SHIFT_ACCURACY_M,
        "",
        f"+proj=longlat +ellps=WGS84 +towgs84={SHIFT} +no_defs +type=crs",
    )
    three = tuple(vn2000(m, 3) for m in MERIDIANS)
    six = tuple(vn2000(m, 6) for m in ZONES_6)
    return (wgs84, three[0], _utm(48), _utm(47), degrees, *three[1:], *six)


def system(code: str | System) -> System:
    """The system of that code; a VN-2000 code may name any meridian ("vn2000-104.75-3")."""
    if isinstance(code, System):
        return code
    for known in systems():
        if known.code == code.lower():
            return known
    parts = code.lower().split("-")
    if len(parts) == 3 and parts[0] == "vn2000":
        return vn2000(float(parts[1]), int(parts[2]))
    try:
        found = pyproj.CRS.from_user_input(code)
    except pyproj.exceptions.CRSError as error:
        raise ValueError(f"no coordinate system is called {code!r}") from error
    return _other(found, code)


def in_zone(code: str, zone: int) -> System:
    """A system of degrees (by its EPSG code) projected in a UTM zone."""
    base = pyproj.CRS.from_user_input(code)
    operation = pyproj.crs.coordinate_operation.UTMConversion(str(zone))
    found = pyproj.crs.ProjectedCRS(operation, name=f"{base.name} / UTM zone {zone}N", geodetic_crs=base)
    return _other(found, found.to_wkt())


def _other(found: pyproj.CRS, code: str) -> System:
    """Any system the library knows, with the shift to WGS84 put in where the library has none for Viet Nam."""
    kind = "geographic" if found.is_geographic else "projected" if found.is_projected else "other"
    if own := _ours(found):
        note = f"Tệp .prj ghi WGS84 nhưng tham số là của {own.vi}."
        return System(
            own.code, own.vi, own.en, own.kind, own.central_meridian, own.accuracy_m, note, own.definition
        )
    base = (found.geodetic_crs or found).name if found.geodetic_crs is not None else found.name
    shift = next((s for name, s in SHIFTS.items() if name in base.lower().replace("_", " ")), None)
    if shift is None or isinstance(found, pyproj.crs.BoundCRS) or found.is_bound:
        return System(code, found.name, found.name, kind, None, 0.0, "", code)
    moved = pyproj.crs.BoundCRS(
        found,
        pyproj.CRS("EPSG:4326"),
        pyproj.crs.coordinate_operation.ToWGS84Transformation(found.geodetic_crs, *shift.metres),
    )
    note = f"Chuyển sang WGS84 theo {shift.source}: sai số {shift.accuracy_m:g} m nơi đo, nơi khác có thể lớn hơn."
    return System(code, found.name, found.name, kind, None, shift.accuracy_m, note, moved.to_wkt())


def _ours(found: pyproj.CRS) -> System | None:
    """VN-2000 where a system calls itself WGS84 and has the scale of a VN-2000 zone, which no WGS84 grid has."""
    if not found.is_projected or found.coordinate_operation is None or found.geodetic_crs is None:
        return None
    names = f"{found.geodetic_crs.name} {found.datum.name if found.datum else ''}".lower()
    if "wgs" not in names and "world geodetic" not in names:
        return None
    params = found.coordinate_operation.params
    values = {
        p.name.lower().replace("_", " "): float(p.value or 0)
        for p in params
        if isinstance(p.value, int | float)
    }
    scale = values.get("scale factor at natural origin", values.get("scale factor"))
    meridian = values.get("longitude of natural origin", values.get("central meridian"))
    east = values.get("false easting")
    if scale is None or meridian is None or abs(scale - 0.9999) > 1e-7 or east != 500_000:
        return None
    return vn2000(round(float(meridian) * 60) / 60, 3) if 100 <= meridian <= 110 else None


def unshifted(code: str | System) -> bool:
    """Whether the library knows no shift from the system's datum to WGS84 in Viet Nam and takes them as one."""
    chosen = system(code)
    run = _pair(chosen.definition, back=True)
    run.transform(103.0, 22.3)
    try:
        return "ballpark" in run.get_last_used_operation().description.lower()
    except pyproj.exceptions.ProjError:
        return False


def transformer(code: str | System) -> Callable[[np.ndarray], np.ndarray]:
    """A function from an n × 2 array of east and north to longitude and latitude."""
    chosen = system(code)

    def lonlat(xy: np.ndarray) -> np.ndarray:
        return np.column_stack(to_lonlat(xy[:, 0], xy[:, 1], chosen))

    return lonlat


def to_lonlat(x: np.ndarray, y: np.ndarray, code: str | System) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude (WGS84) of places in that system; blank (nan) stays blank."""
    return _run(x, y, _pair(system(code).definition, back=False))


def from_lonlat(lon: np.ndarray, lat: np.ndarray, code: str | System) -> tuple[np.ndarray, np.ndarray]:
    """East and north in that system of places in longitude and latitude; blank (nan) stays blank."""
    return _run(lon, lat, _pair(system(code).definition, back=True))


@cache
def _pair(definition: str, *, back: bool) -> pyproj.Transformer:
    ours, world = pyproj.CRS.from_user_input(definition), pyproj.CRS("EPSG:4326")
    ends = (world, ours) if back else (ours, world)
    return pyproj.Transformer.from_crs(*ends, always_xy=True)


def _run(a: np.ndarray, b: np.ndarray, transformer: pyproj.Transformer) -> tuple[np.ndarray, np.ndarray]:
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    first, second = (np.asarray(v, dtype=np.float64) for v in transformer.transform(a, b))
    gone = ~(np.isfinite(a) & np.isfinite(b) & np.isfinite(first) & np.isfinite(second))
    return np.where(gone, np.nan, first), np.where(gone, np.nan, second)
