"""How numbers changed over the years: TRIM indices, a smooth index, and the Living Planet Index."""

from ecostat.trend.living import LivingPlanet, living_planet
from ecostat.trend.loglinear import Trim, trim
from ecostat.trend.series import LogSlope, log_slope
from ecostat.trend.sites import SiteSlope, slope_over_sites
from ecostat.trend.slope import Slope
from ecostat.trend.smooth import SmoothIndex, smooth_index

gam = smooth_index

__all__ = [
    "LivingPlanet",
    "LogSlope",
    "SiteSlope",
    "Slope",
    "SmoothIndex",
    "Trim",
    "gam",
    "living_planet",
    "log_slope",
    "slope_over_sites",
    "smooth_index",
    "trim",
]
