"""What the assessment adds to the page of a species: its newest status, with extent and cells drawn."""

import json
from collections.abc import Mapping
from typing import Any

import shapely
from django.urls import reverse
from django.utils.translation import gettext as _

from baoton.assessment.models import SpeciesStatus
from baoton.assessment.queries import latest
from baoton.kit.access import Actor
from baoton.kit.reading.register import REGISTERS
from baoton.observations.queries import verified
from baoton.taxa.models import Taxon
from baoton.taxa.queries import species_panel


@species_panel("assessment/on_species.html")
def on_species(actor: Actor, taxon: Taxon) -> Mapping[str, Any]:
    """The newest status; its polygon and cells only for whoever may know every true place they rest on."""
    status = latest(taxon.pk)
    if status is None:
        return {"status": None, "missing": [_("Chưa tính phạm vi phân bố và diện tích cư trú.")]}
    open_ = may_know_every_place(actor, taxon)
    return {
        "status": status,
        "address": reverse("record", args=["assessment-status", status.pk]),
        "drawn": open_,
        "overlay": drawing(status) if open_ else [],
        "missing": [status.why_unknown] if status.why_unknown else [],
    }


def may_know_every_place(actor: Actor, taxon: Taxon) -> bool:
    """Whether no verified record of the taxon is generalised or withheld for this reader."""
    door = REGISTERS["observations.occurrence"].door(actor)
    rows = verified().filter(taxon_id=taxon.pk, geom__isnull=False)
    return not door.open(rows).filter(door_precise=False).exists()


def drawing(status: SpeciesStatus) -> list[dict[str, Any]]:
    """The hull and the occupied cells as the map draws them."""
    found = []
    for name, kind, wkb in ((_("EOO"), "hull", status.hull), (_("AOO"), "cells", status.cells)):
        if wkb is not None:
            shape = shapely.from_wkb(bytes(wkb))
            found.append({"name": name, "kind": kind, "geometry": json.loads(shapely.to_geojson(shape))})
    return found
