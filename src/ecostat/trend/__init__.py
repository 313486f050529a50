"""How numbers changed over the years (TRIM, smooth and Living Planet indices), the speed of a front, changed shares."""

from ecostat.trend.front import FrontSpeed, front_speed
from ecostat.trend.living import LivingPlanet, living_planet
from ecostat.trend.loglinear import Trim, trim
from ecostat.trend.series import LogSlope, log_slope
from ecostat.trend.shares import ShareChange, share_change
from ecostat.trend.sites import SiteSlope, slope_over_sites
from ecostat.trend.slope import Slope
from ecostat.trend.smooth import SmoothIndex, smooth_index

gam = smooth_index

__all__ = [
    "FrontSpeed",
    "LivingPlanet",
    "LogSlope",
    "ShareChange",
    "SiteSlope",
    "Slope",
    "SmoothIndex",
    "Trim",
    "front_speed",
    "gam",
    "living_planet",
    "log_slope",
    "share_change",
    "slope_over_sites",
    "smooth_index",
    "trim",
]
