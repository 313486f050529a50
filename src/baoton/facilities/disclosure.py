"""Where a facility is: by its drawn place, else by the commune somebody wrote; told to whoever may see facilities."""

from collections.abc import Sequence
from typing import Any

from baoton.places import queries as places


def settle(records: Sequence[Any]) -> None:
    """A facility without a drawn place stays in the commune that was written."""
    written = [r.area_path for r in records]
    places.settle(records)
    for record, area in zip(records, written, strict=True):
        if record.geom is None:
            record.area_path = record.shown_area_path = area
