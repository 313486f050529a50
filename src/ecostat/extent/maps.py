"""Occupied cells as polygons in degrees, to be drawn."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Transformer

from ecostat.extent.cells import EXACT_UP_TO, Origins, aoo, before, projected
from ecostat.extent.places import distinct, located, unwrapped

Floats = NDArray[np.float64]
_PER_DEGREE = 17367530.44516138 / 180  # metres east in one degree of longitude on EPSG:6933


def aoo_cells(
    lon: ArrayLike,
    lat: ArrayLike,
    cell_m: float = 2000,
    origins: Origins = "exact",
    *,
    exact_up_to: int = EXACT_UP_TO,
) -> Floats:
    """The cells that `aoo` counts, as closed rings (cells, 5, 2) of longitude and latitude, counter-clockwise.

    Over the antimeridian longitudes run on past 180, as those of `eoo_polygon` do.
    """
    found = aoo(lon, lat, cell_m, origins, exact_up_to=exact_up_to)
    x, y = distinct(*located(lon, lat))
    cell = cells_of(x, y, found.origin, found.cell_m)
    low = np.unique(cell, axis=0) * found.cell_m + np.array(found.origin)
    corner = np.array([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]) * found.cell_m
    return degrees(low[:, None, :] + corner)


def cells_of(lon: Floats, lat: Floats, origin: tuple[float, float], cell_m: float) -> NDArray[np.int64]:
    """Column and row (n, 2) of the cell each place lies in."""
    east, north = projected(unwrapped(lon)[0], lat)
    return np.column_stack([before(east, origin[0], cell_m), before(north, origin[1], cell_m)])


def degrees(metres: Floats) -> Floats:
    """Longitude and latitude of metres (…, 2) on EPSG:6933, without turning back at 180°."""
    back = Transformer.from_crs(6933, 4326, always_xy=True)
    # the cell at a pole may reach past it
    north = np.clip(metres[..., 1], -7314540.83, 7314540.83)
    _, lat = back.transform(np.zeros(north.size), north.ravel())
    return np.stack([metres[..., 0] / _PER_DEGREE, np.reshape(lat, north.shape)], axis=-1)
