"""Where animals were found, released and seen again is told to whoever may know true places, and to who reported it."""

from collections.abc import Sequence
from typing import Any

from baoton.kit.place import Disclosure
from baoton.places import queries as places
from baoton.places.queries import province_path


def settle(records: Sequence[Any]) -> None:
    """The place is withheld whatever the species: where one was caught or let go, others may be caught.

    The commune is told to whoever may see the row: the law has it post a notice for each stray animal. One that
    somebody wrote stands, for an animal is taken in by the commune to which it was brought.
    """
    written = [r.area_path for r in records]
    places.settle(records, [int(Disclosure.WITHHELD)] * len(records))
    for record, said in zip(records, written, strict=True):
        if said not in ("", province_path()):
            record.area_path = said
        record.shown_area_path = record.area_path
