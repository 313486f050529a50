"""Where to survey and how much: spatially balanced samples, their variance, power and sample size."""

from ecostat.sampling.balanced import halton, sample_areas
from ecostat.sampling.frame import Sample
from ecostat.sampling.grts import sample_lines, sample_points
from ecostat.sampling.next_survey import NextSurvey, Share, next_estimate, next_survey
from ecostat.sampling.pivotal import sample_balanced, sample_pivotal
from ecostat.sampling.power import (
    OccupancyDesign,
    Power,
    occupancy_design,
    occupancy_power,
    occupancy_se,
    occupancy_sites,
    occupancy_sites_for_change,
)
from ecostat.sampling.trendpower import simulate_trend_power, trend_power, trend_sites
from ecostat.sampling.variance import Estimate, local_variance, spatial_balance

__all__ = [
    "Estimate",
    "NextSurvey",
    "OccupancyDesign",
    "Power",
    "Sample",
    "Share",
    "halton",
    "local_variance",
    "next_estimate",
    "next_survey",
    "occupancy_design",
    "occupancy_power",
    "occupancy_se",
    "occupancy_sites",
    "occupancy_sites_for_change",
    "sample_areas",
    "sample_balanced",
    "sample_lines",
    "sample_pivotal",
    "sample_points",
    "simulate_trend_power",
    "spatial_balance",
    "trend_power",
    "trend_sites",
]
