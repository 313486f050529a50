"""Occupancy: where a species is, when it is not always seen where it is, or reported where it is not."""

from ecostat.occupancy.dynamic import Dynamic, dynamic
from ecostat.occupancy.false_positive import FalsePositive, false_positive
from ecostat.occupancy.royle_nichols import RoyleNichols, royle_nichols
from ecostat.occupancy.single import Occupancy, occu

__all__ = [
    "Dynamic",
    "FalsePositive",
    "Occupancy",
    "RoyleNichols",
    "dynamic",
    "false_positive",
    "occu",
    "royle_nichols",
]
