"""What files may bring into the evidence stream: events, occurrences, measurements, or all three at once."""

from baoton.observations.imports.event import EVENT
from baoton.observations.imports.measurement import MEASUREMENT
from baoton.observations.imports.occurrence import OCCURRENCE
from baoton.observations.imports.rules import OWN
from baoton.observations.imports.source import keep_source

__all__ = ["EVENT", "MEASUREMENT", "OCCURRENCE", "OWN", "keep_source"]
