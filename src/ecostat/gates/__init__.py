"""The one way in: every public call reads each of its arguments through the gate of its kind.

A gate gives an array the analyses can rest on, missing values as NaN, or an EcostatError that names the
argument. What lies behind a gate needs no further check of type, shape or range.
"""

from ecostat.gates.choices import choice, flag, generator, instance, instances, keep, mask, selection
from ecostat.gates.covariates import design
from ecostat.gates.labels import labels, numbered
from ecostat.gates.numbers import alike, counted, number, numbers, pick, rows, share, uncoded, whole
from ecostat.gates.places import degrees, impossible, like_degrees, lonlat, nowhere, planar
from ecostat.gates.times import are_dates, like, resolution, seconds, years

__all__ = [
    "alike",
    "are_dates",
    "choice",
    "counted",
    "degrees",
    "design",
    "flag",
    "generator",
    "impossible",
    "instance",
    "instances",
    "keep",
    "labels",
    "like",
    "like_degrees",
    "lonlat",
    "mask",
    "nowhere",
    "number",
    "numbered",
    "numbers",
    "pick",
    "planar",
    "resolution",
    "rows",
    "seconds",
    "selection",
    "share",
    "uncoded",
    "whole",
    "years",
]
