"""What is open to everybody: the datasets with their verified records, licences and ways to take them."""

from dataclasses import dataclass

from django.db.models import Count
from django.utils.http import urlencode

from baoton.kit.access import Public
from baoton.kit.reading.exporting import KINDS
from baoton.kit.reading.register import REGISTERS
from baoton.observations.models import Dataset
from baoton.sharing.describing import citation, open_licence
from baoton.sharing.selection import DATASET, EVENT, OCCURRENCE, select


@dataclass(frozen=True)
class Open:
    """One dataset as the public may take it; without a stated open licence there is no archive."""

    dataset: Dataset
    records: int
    events: int
    blurred: int
    licence: str
    citation: str
    loose: bool

    @property
    def query(self) -> str:
        return urlencode({"dataset": str(self.dataset.pk), "status": "verified"})

    @property
    def kinds(self) -> list[str]:
        return list(KINDS)


def open_datasets() -> list[Open]:
    """Every dataset that anybody may know of, in the order of its code."""
    found = []
    counts = {name: _counts(name) for name in (OCCURRENCE, EVENT)}
    hidden = _counts(OCCURRENCE, disclosure__gt=0)
    for dataset in REGISTERS[DATASET].door(Public()).rows().order_by("code"):
        records, events = counts[OCCURRENCE].get(dataset.pk, 0), counts[EVENT].get(dataset.pk, 0)
        if records or events:
            blurred = hidden.get(dataset.pk, 0)
            licence, loose = open_licence(dataset.licence), select(Public(), {}, [dataset]).loose.exists()
            found.append(Open(dataset, records, events, blurred, licence, citation(dataset), loose))
    return found


def _counts(name: str, **more: int) -> dict[object, int]:
    rows = REGISTERS[name].door(Public()).rows().filter(**more)
    return dict(rows.order_by().values("dataset_id").annotate(n=Count("pk")).values_list("dataset_id", "n"))
