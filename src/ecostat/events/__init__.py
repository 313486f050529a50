"""From photos to events: independence, the hours a species keeps, and clocks put right."""

from ecostat.events.activity import Activity, Overlap, activity, overlap
from ecostat.events.clock import ClockOffset, RepairedClock, clock_offset, clock_segments, repair_clock
from ecostat.events.sun import sun_elevation
from ecostat.events.thinning import Independent, independent

__all__ = [
    "Activity",
    "ClockOffset",
    "Independent",
    "Overlap",
    "RepairedClock",
    "activity",
    "clock_offset",
    "clock_segments",
    "independent",
    "overlap",
    "repair_clock",
    "sun_elevation",
]
