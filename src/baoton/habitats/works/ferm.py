"""Restoration works in the table of FERM, FAO's Framework for Ecosystem Restoration Monitoring.

The first ten columns are those of the sample feature table of the FERM registry, the last four are named as in its
public polygons, and words are those of its menus (github.com/sgiaccio/fao-ferm-registry, 26 May 2025). What we do not
hold stays blank. A registry is public, so a work whose place is guarded is never in the table.
"""

from typing import Any

import pyarrow as pa
from django.db.models import Q, QuerySet

from baoton.habitats.models import Work
from baoton.habitats.models.works import WorkKind
from baoton.kit.access import Actor
from baoton.kit.place import Disclosure
from baoton.kit.reading.register import REGISTERS

K, S = WorkKind, Work.Status
ACTIVITIES = {
    K.REGENERATION: "Assisted natural regeneration", K.ASSISTED: "Assisted natural regeneration, Tree planting",
    K.ENRICHMENT: "Enrichment planting", K.NATIVE: "Tree planting", K.AGROFORESTRY: "Agroforestry",
    K.WETLAND: "Wetland construction or rehabilitation",
}  # fmt: skip
ECOSYSTEMS = {
    **dict.fromkeys((K.REGENERATION, K.ASSISTED, K.ENRICHMENT, K.NATIVE), "forest"), K.WETLAND: "wetland",
}  # fmt: skip
STATUSES = {
    S.PLANNED: "In preparation",
    S.APPROVED: "In preparation",
    S.DONE: "Post-completion monitoring",
}
TEXTS = ("layer", "ID_CODE", "Restor_eco", "Restor_typ", "Category", "Ownership", "Source", "area_ha", "Restor_str",
         "Restor_end", "restorationStatus", "startYear", "endYear", "countries")  # fmt: skip
OF = {"area_ha": pa.float64(), "startYear": pa.int64(), "endYear": pa.int64()}


def works(actor: Actor) -> "tuple[QuerySet[Any], int]":
    """The drawn works that the actor may see and everybody may, and how many he sees that are left out as guarded."""
    door = REGISTERS["habitats.work"].door(actor)
    rows = door.rows().filter(geom__isnull=False).exclude(status=S.DROPPED)
    guarded = ~Q(disclosure=Disclosure.AS_IS)
    return rows.exclude(guarded).order_by("year", "id"), rows.filter(guarded).count()


def table(rows: "QuerySet[Any]", shapes: bool) -> pa.RecordBatch:
    """A work a row; with `shapes` its outline in longitude and latitude too."""
    found = [_row(one) for one in rows]
    columns = {name: pa.array([f[name] for f in found], OF.get(name, pa.string())) for name in TEXTS}
    if shapes:
        columns["geometry"] = pa.array([bytes(one.geom) for one in rows], pa.binary())
    return pa.RecordBatch.from_pydict(columns)


def _row(one: Work) -> dict[str, Any]:
    return {
        "layer": str(one), "ID_CODE": str(one.pk), "Restor_eco": ECOSYSTEMS.get(WorkKind(one.kind), ""),
        "Restor_typ": ACTIVITIES.get(WorkKind(one.kind), ""), "Category": "", "Ownership": "", "Source": "",
        "area_ha": one.hectares, "Restor_str": f"{one.contract_day:%d/%m/%Y}" if one.contract_day else "",
        "Restor_end": f"{one.day:%d/%m/%Y}" if one.day else "", "restorationStatus": STATUSES[S(one.status)],
        "startYear": one.year, "endYear": one.day.year if one.day else None, "countries": "VNM",
    }  # fmt: skip
