"""Occupancy: where a species is, when it is not always seen where it is."""

from ecostat.occupancy.dynamic import Dynamic, dynamic
from ecostat.occupancy.royle_nichols import RoyleNichols, royle_nichols
from ecostat.occupancy.single import Occupancy, occu

__all__ = ["Dynamic", "Occupancy", "RoyleNichols", "dynamic", "occu", "royle_nichols"]
