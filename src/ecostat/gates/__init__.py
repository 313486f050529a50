"""The one way in: every public call reads each of its arguments through the gate of its kind.

A gate gives an array the analyses can rest on, missing values as NaN, or an EcostatError that names the
argument. What lies behind a gate needs no further check of type, shape or range.
"""

from ecostat.gates.choices import choice, flag, generator, mask, selection
from ecostat.gates.covariates import design
from ecostat.gates.labels import labels, numbered
from ecostat.gates.numbers import alike, number, numbers, pick, share, whole
from ecostat.gates.places import impossible, like_degrees, lonlat, planar
from ecostat.gates.times import are_dates, like, seconds, years

__all__ = [
    "alike",
    "are_dates",
    "choice",
    "design",
    "flag",
    "generator",
    "impossible",
    "labels",
    "like",
    "like_degrees",
    "lonlat",
    "mask",
    "number",
    "numbered",
    "numbers",
    "pick",
    "planar",
    "seconds",
    "selection",
    "share",
    "whole",
    "years",
]
