"""Where patrols go and what they find is told to whoever may know true places, and to who reported it."""

from collections.abc import Sequence
from typing import Any

from baoton.kit.place import Disclosure
from baoton.places import queries as places


def settle(records: Sequence[Any]) -> None:
    """Plans, tracks and signs carry their commune; where they are is withheld: a way tells poachers where none goes,
    a camera or a snare where animals walk."""
    places.settle(records, [int(Disclosure.WITHHELD)] * len(records))
    for record in records:  # the commune is no secret to whoever may see the row: it is where its people work
        record.shown_area_path = record.area_path
