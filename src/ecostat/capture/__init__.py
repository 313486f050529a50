"""Density from detectors at known places: calls heard from posts, animals known by sight, and camera
rates."""

from ecostat.capture.encounters import EncounterRate, encounter_rate
from ecostat.capture.masks import buffer_mask
from ecostat.capture.rem import RandomEncounter, rem, rem_bootstrap
from ecostat.capture.secr import SpatialCapture, secr
from ecostat.capture.surveys import ArraySurvey, survey

__all__ = [
    "ArraySurvey",
    "EncounterRate",
    "RandomEncounter",
    "SpatialCapture",
    "buffer_mask",
    "encounter_rate",
    "rem",
    "rem_bootstrap",
    "secr",
    "survey",
]
