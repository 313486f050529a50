"""Fire danger from the day's weather, and fires from satellite hotspots."""

from ecostat.fire.canadian import Fwi, fwi
from ecostat.fire.clusters import Hotspots, hotspots
from ecostat.fire.vietnamese import danger_level, nesterov, p_index, saturation_deficit

__all__ = [
    "Fwi",
    "Hotspots",
    "danger_level",
    "fwi",
    "hotspots",
    "nesterov",
    "p_index",
    "saturation_deficit",
]
