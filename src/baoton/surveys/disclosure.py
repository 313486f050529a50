"""Where a survey goes is told to whoever may know true places: a camera, a net or a list of sites leads to animals."""

from collections.abc import Sequence
from typing import Any

from baoton.kit.place import Disclosure
from baoton.places import queries as places


def settle(records: Sequence[Any]) -> None:
    """Campaigns and sites carry their commune; where exactly they lie is withheld, as it is of guarded records."""
    places.settle(records, [int(Disclosure.WITHHELD)] * len(records))
    for record in records:  # the commune is no secret to whoever may see the row: it is where its people work
        record.shown_area_path = record.area_path
