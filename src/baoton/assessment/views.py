"""What the assessment adds to the page of a species: its newest status, with extent and cells drawn."""

import json
from collections.abc import Mapping
from typing import Any

import shapely
from django.urls import reverse
from django.utils.translation import gettext as _

from baoton.assessment import measures
from baoton.assessment.models import SpeciesStatus, TrueExtent
from baoton.assessment.queries import edition, latest, reach, support
from baoton.kit.access import Actor
from baoton.kit.reading.retold import retold
from baoton.taxa.models import Taxon
from baoton.taxa.queries import species_panel


@species_panel("assessment/on_species.html")
def on_species(actor: Actor, taxon: Taxon) -> Mapping[str, Any]:
    """The newest status as everybody may know it, or as the true places tell it to whoever may know them all."""
    status = latest(taxon.pk)
    if status is None:
        return {"status": None, "missing": [_("Chưa tính phạm vi phân bố và diện tích cư trú.")]}
    told = edition(actor, status)
    return {
        "status": status,
        "told": told,
        "true": told is not status,
        "address": reverse("record", args=["assessment-status", status.pk]),
        "overlay": drawing(told),
        "support": support(told),
        "reach": reach(told),
        "measures": measures.of(actor, told.measures),
        "may_file": bool(actor.scopes("assessment.status.see")),
        "missing": [retold(told.why_unknown)] if told.why_unknown else [],
    }


def drawing(status: SpeciesStatus | TrueExtent) -> list[dict[str, Any]]:
    """The hull and the occupied cells as the map draws them."""
    found = []
    for name, kind, wkb in (
        (_("phạm vi phân bố (EOO)"), "hull", status.hull),
        (_("ô cư trú 2 × 2 km (AOO)"), "cells", status.cells),
    ):
        if wkb is not None:
            shape = shapely.from_wkb(bytes(wkb))
            found.append({"name": name, "kind": kind, "geometry": json.loads(shapely.to_geojson(shape))})
    return found
