"""Distance sampling: density from the distances at which animals were seen from lines, points or cameras."""

from ecostat.distance.camera import camera_density
from ecostat.distance.density import Assumed, Density, StratumDensity
from ecostat.distance.detection import Detection
from ecostat.distance.fitting import fit
from ecostat.distance.selection import Selection, select

__all__ = [
    "Assumed",
    "Density",
    "Detection",
    "Selection",
    "StratumDensity",
    "camera_density",
    "fit",
    "select",
]
