"""Where a tip is: known to its body and its officer; everybody else who may see the tip is told its commune alone."""

from collections.abc import Sequence
from typing import Any

from baoton.kit.place import Disclosure
from baoton.places import queries as places


def settle(records: Sequence[Any]) -> None:
    """Tips carry their commune, else the whole province; the place is withheld, for it may tell who saw it."""
    places.settle(records, [int(Disclosure.WITHHELD)] * len(records))
    for record in records:
        record.outside = record.geom is not None and not record.area_path
        record.area_path = record.area_path or places.province_path()
        record.shown_area_path = record.area_path
