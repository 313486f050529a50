"""Area of occupancy and number of locations: how few cells of an equal-area grid hold every record."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.compiled import compiled, warmed
from ecostat.errors import EcostatError, TooFewPoints
from ecostat.extent.grid import SHIFTS, fewest_cells, fewest_cells_alone, needed_cells
from ecostat.extent.places import distinct, equal_area, located, one_spelling, unwrapped

Floats = NDArray[np.float64]
Origins = Literal["exact"] | int
EXACT_UP_TO = 10_000


@dataclass(frozen=True)
class Aoo:
    """Area of occupancy: `cells` occupied cells of side `cell_m` metres make `km2`.

    `origin`: where the grid starts in EPSG:6933, metres; `exact`: no other start gives fewer cells;
    `n_places`: distinct places; `at_least`: cells that every grid needs, `cells` where that is exact.
    """

    km2: float
    cells: int
    cell_m: float
    origin: tuple[float, float]
    exact: bool
    n_places: int
    at_least: int

    def __float__(self) -> float:
        return self.km2


@dataclass(frozen=True)
class LocationCells:
    """Locations as cells of one threat: `count` of them, and in `label` (n,) the cell of each record.

    A record without coordinates has label -1. `exact`: no other start of the grid gives fewer.
    """

    count: int
    label: NDArray[np.int64]
    origin: tuple[float, float]
    exact: bool


def aoo(
    lon: ArrayLike,
    lat: ArrayLike,
    cell_m: float = 2000,
    origins: Origins = "exact",
    *,
    exact_up_to: int = EXACT_UP_TO,
) -> Aoo:
    """Occupied cells times their area on EPSG:6933, with the grid laid where it needs fewest.

    `lon`, `lat`: (n,) degrees; over the antimeridian the grid runs on past 180°. `origins="exact"` tries every
    grid up to `exact_up_to` distinct places, and beyond it evenly spread ones with a bound under all others;
    an integer n tries n × n even shifts. Raises TooFewPoints without one located record. IUCN Guidelines 4.10.
    """
    cell, shifts = side("cell_m", cell_m), grid_shifts(origins)
    most = gates.whole("exact_up_to", exact_up_to, low=0, high=100_000)
    x, y = distinct(*located(lon, lat))
    if x.size == 0:
        raise TooFewPoints(
            "lon and lat: no record has coordinates; the area of occupancy is unknown, not zero"
        )
    return least_occupied(x, y, cell, shifts, most)


def least_occupied(lon: Floats, lat: Floats, cell: float, shifts: int, exact_up_to: int) -> Aoo:
    """The same for distinct places."""
    east_m, north_m = projected(unwrapped(lon)[0], lat)
    tried = SHIFTS if shifts == 0 and lon.size > exact_up_to else shifts
    cells, east, north = fewest_cells_alone(east_m, north_m, cell, tried)
    exact = tried == 0 or cells == 1
    at_least = cells if exact else needed_cells(east_m, north_m, cell)
    return Aoo(
        cells * cell**2 / 1e6, cells, cell, (east, north), exact or at_least == cells, lon.size, at_least
    )


def fewest(lon: Floats, lat: Floats, cell: float, shifts: int, exact_up_to: int) -> tuple[int, bool]:
    """Fewest cells of distinct places, and whether no grid could do better, as `occupied` tells it."""
    tried = SHIFTS if shifts == 0 and lon.size > exact_up_to else shifts
    cells, _, _ = fewest_cells_alone(*projected(unwrapped(lon)[0], lat), cell, tried)
    return cells, tried == 0 or cells == 1


def locations(lon: ArrayLike, lat: ArrayLike, threat_m: float) -> int:
    """The least number of threat_m × threat_m cells that hold every record.

    One event of that reach would strike everything in a cell: the locations of IUCN Guidelines 4.11.
    """
    return aoo(lon, lat, cell_m=side("threat_m", threat_m)).cells


def location_cells(lon: ArrayLike, lat: ArrayLike, threat_m: float) -> LocationCells:
    """The same locations, with the cell each record lies in."""
    threat_m = side("threat_m", threat_m)
    found = aoo(lon, lat, cell_m=threat_m)
    x, y = gates.lonlat(lon, lat)
    here = ~np.isnan(x)
    label = np.full(x.size, -1, dtype=np.int64)
    east, north = projected(unwrapped(one_spelling(x[here], y[here]))[0], y[here])
    cell = np.column_stack(
        [before(east, found.origin[0], threat_m), before(north, found.origin[1], threat_m)]
    )
    label[here] = np.unique(cell, axis=0, return_inverse=True)[1].reshape(-1)
    return LocationCells(found.cells, label, found.origin, found.exact)


def before(metres: Floats, start: float, cell: float) -> NDArray[np.int64]:
    """The cell each coordinate lies in on a grid that starts at `start`, rounded as `fewest_cells` rounds."""
    k = np.floor(metres / cell)
    return (k - (metres - k * cell < start)).astype(np.int64)


def side(name: str, cell: float) -> float:
    """The side of a cell in metres."""
    found = gates.number(name, cell)
    if not 10 <= found < 1e8:
        raise EcostatError(
            f"{name}: a cell of {found:g} m is no cell; give its side in metres, at least 10 (was it in km?)"
        )
    return found


def grid_shifts(origins: Origins) -> int:
    """How many shifts a side are tried, 0 standing for every grid."""
    if isinstance(origins, str):
        gates.choice("origins", origins, ("exact",))
        return 0
    return gates.whole("origins", origins, low=1, high=1000)


@warmed(lambda lon, *_: 12 * lon.size)
def _project(lon: Floats, lat: Floats, x: Floats, y: Floats) -> None:
    for i in range(lon.size):
        x[i], y[i] = equal_area(lon[i], lat[i])


def projected(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Metres east and north on EPSG:6933 of each pair of degrees."""
    x, y = np.empty(lon.size), np.empty(lon.size)
    _project(lon, lat, x, y)
    return x, y


@compiled
def occupied(
    lon: Floats, lat: Floats, n: int, cell: float, shifts: int, exact_up_to: int
) -> tuple[int, float, float, bool]:
    """Fewest cells for n distinct places, the grid's start, and whether no grid could do better."""
    x, y = np.empty(n), np.empty(n)
    for i in range(n):
        x[i], y[i] = equal_area(lon[i], lat[i])
    if shifts == 0 and n > exact_up_to:
        cells, east, north = fewest_cells(x, y, n, cell, SHIFTS)
        return cells, east, north, cells == 1
    cells, east, north = fewest_cells(x, y, n, cell, shifts)
    return cells, east, north, shifts == 0 or cells == 1
