"""Places: degrees on the globe, or metres on a plane, and never one for the other."""

import numpy as np
from numpy.typing import NDArray

from ecostat.errors import EcostatError
from ecostat.gates.numbers import alike, numbers

Floats = NDArray[np.float64]


def lonlat(
    lon: object, lat: object, *, names: tuple[str, str] = ("lon", "lat"), missing: bool = True
) -> tuple[Floats, Floats]:
    """Two columns of degrees, longitude -180 to 360, latitude -90 to 90; a pair with one missing is missing."""
    x, y = (degrees(name, v, missing=missing) for name, v in zip(names, (lon, lat), strict=True))
    alike(**{names[0]: x, names[1]: y})
    wrong = ((x < -180) | (x > 360) | (np.abs(y) > 90)) & ~(np.isnan(x) | np.isnan(y))
    if wrong.any():
        i = int(np.flatnonzero(wrong)[0])
        raise impossible(float(x[i]), float(y[i]), names)
    lost = np.isnan(x) != np.isnan(y)
    if lost.any():
        x, y = np.where(lost, np.nan, x), np.where(lost, np.nan, y)
    nowhere(x, y, names)
    return x, y


def degrees(name: str, values: object, *, missing: bool = True) -> Floats:
    """One column of degrees; half-precision floats, which round longitudes to kilometres, are refused."""
    if getattr(values, "dtype", None) == np.float16:
        raise EcostatError(f"{name} is in half precision (float16), which rounds places to some 6 km")
    return numbers(name, values, missing=missing, infinite=True)


def nowhere(lon: Floats, lat: Floats, names: tuple[str, str] = ("lon", "lat")) -> None:
    """Refuses 0, 0 among places that all lie 5 degrees or more from it: it stands for no place at all."""
    zero = (lon == 0) & (lat == 0)
    if not zero.any():
        return
    others = ~zero & ~np.isnan(lon) & ~np.isnan(lat)
    if others.any() and np.maximum(np.abs(lon[others]), np.abs(lat[others])).min() >= 5:
        raise EcostatError(
            f"{names[0]} 0, {names[1]} 0 (row {int(np.flatnonzero(zero)[0])}) lies far from all other places: "
            "write NaN where the place is unknown"
        )


def impossible(lon: float, lat: float, names: tuple[str, str] = ("lon", "lat")) -> EcostatError:
    """The refusal of a place that is not on the globe."""
    return EcostatError(
        f"{names[0]} {lon:g}, {names[1]} {lat:g}: longitude {lon:g}, latitude {lat:g} is no place on the "
        "globe: longitude runs from -180 to 360, latitude from -90 to 90; are they swapped or in metres?"
    )


def planar(
    name: str, at: object, *, reach: float | None = None, reach_name: str = "reach", missing: bool = False
) -> Floats:
    """Places (n, 2) in metres on a plane.

    `reach`: a distance in metres of the same call. Several places that would all lie within a few steps of it,
    at fractions and inside the range of degrees, are degrees: refused.
    """
    out = numbers(name, at, dims=2, missing=missing)
    if out.shape[1] != 2:
        raise EcostatError(f"{name} must have two columns, x and y in metres; it has {out.shape[1]}")
    if reach is not None and like_degrees(out, reach):
        raise EcostatError(
            f"{name} look like degrees ({out[0, 0]:g}, {out[0, 1]:g}), and {reach_name} of {reach:g} is in "
            "metres: project the places to metres first"
        )
    return out


def like_degrees(at: Floats, reach: float) -> bool:
    """Whether places can hardly be metres: all on the globe, at fractions, within a hundredth of `reach`."""
    known = at[~np.isnan(at).any(axis=1)]
    if not len(known) or (np.abs(known[:, 0]) > 360).any() or (np.abs(known[:, 1]) > 90).any():
        return False
    if (known % 1 == 0).all():
        return False
    spread = float(np.ptp(known, axis=0).max())
    return len(np.unique(known, axis=0)) > 1 and spread < reach / 100
