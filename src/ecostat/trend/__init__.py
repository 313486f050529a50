"""How numbers changed over the years: TRIM indices, a smooth index, the Living Planet Index, the speed of a front."""

from ecostat.trend.front import FrontSpeed, front_speed
from ecostat.trend.living import LivingPlanet, living_planet
from ecostat.trend.loglinear import Trim, trim
from ecostat.trend.series import LogSlope, log_slope
from ecostat.trend.sites import SiteSlope, slope_over_sites
from ecostat.trend.slope import Slope
from ecostat.trend.smooth import SmoothIndex, smooth_index

gam = smooth_index

__all__ = [
    "FrontSpeed",
    "LivingPlanet",
    "LogSlope",
    "SiteSlope",
    "Slope",
    "SmoothIndex",
    "Trim",
    "front_speed",
    "gam",
    "living_planet",
    "log_slope",
    "slope_over_sites",
    "smooth_index",
    "trim",
]
