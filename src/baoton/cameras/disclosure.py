"""Where a camera stands is told to whoever may know true places alone: cameras are stolen, and stand where animals
walk. What a camera saw is blurred at least as far as its place must be, and further where a species asks it."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from baoton.cameras.models import Deployment
from baoton.kit.place import Disclosure
from baoton.places import queries as places


def settle(records: Sequence[Any]) -> None:
    """Deployments carry their commune; where they stand is withheld."""
    places.settle(records, [int(Disclosure.WITHHELD)] * len(records))
    for record in records:  # the commune is no secret to whoever may see the row: it is where its people work
        record.shown_area_path = record.area_path


def visits_of_cameras(events: Collection[UUID]) -> set[UUID]:
    """Those of the visits that are a camera's: their place is a camera's place."""
    found: set[UUID] = set()
    keys = list(events)
    for start in range(0, len(keys), 500):
        rows = Deployment.objects.filter(visit__in=keys[start : start + 500])
        found |= set(rows.values_list("visit_id", flat=True))
    return found
