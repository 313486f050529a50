"""How numbers changed over the years: TRIM indices, a smooth index, and the Living Planet Index."""

from ecostat.trend.living import LivingPlanet, living_planet
from ecostat.trend.loglinear import Trim, trim
from ecostat.trend.series import LogSlope, log_slope
from ecostat.trend.slope import Slope
from ecostat.trend.smooth import SmoothIndex, smooth_index

gam = smooth_index

__all__ = [
    "LivingPlanet",
    "LogSlope",
    "Slope",
    "SmoothIndex",
    "Trim",
    "gam",
    "living_planet",
    "log_slope",
    "smooth_index",
    "trim",
]
