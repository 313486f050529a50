"""How much of the world a species holds: extent of occurrence, area of occupancy, locations, decline."""

from ecostat.extent.bulk import ExtentBy, aoo_by, eoo_by, extent_by
from ecostat.extent.cells import Aoo, LocationCells, aoo, location_cells, locations
from ecostat.extent.decline import Decline, decline
from ecostat.extent.hull import eoo, eoo_polygon
from ecostat.extent.maps import aoo_cells
from ecostat.extent.places import AroundTheWorld, Unlocated

__all__ = [
    "Aoo",
    "AroundTheWorld",
    "Decline",
    "ExtentBy",
    "LocationCells",
    "Unlocated",
    "aoo",
    "aoo_by",
    "aoo_cells",
    "decline",
    "eoo",
    "eoo_by",
    "eoo_polygon",
    "extent_by",
    "location_cells",
    "locations",
]
