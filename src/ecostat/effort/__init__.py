"""What patrols covered and what their finds mean: effort per cell, rates, threat corrected for effort, hotspots."""

from ecostat.effort.coverage import Coverage, coverage
from ecostat.effort.hotspots import Hotspots, hotspots
from ecostat.effort.rates import EncounterRates, encounter_rate
from ecostat.effort.threat import ThreatTrend, threat_trend

__all__ = [
    "Coverage",
    "EncounterRates",
    "Hotspots",
    "ThreatTrend",
    "coverage",
    "encounter_rate",
    "hotspots",
    "threat_trend",
]
