"""What a commune may read of an area because it is asked about it."""

from django.apps import apps
from django.db.models import Q

from baoton.kit.access import Actor, reach_of


def asked(actor: Actor, verb: str, path: str) -> Q | None:
    """The rows of proposals about which a commune of the actor's was asked; None where there are none.

    `path` leads from the row to its proposal. Only reading, and only for whoever may read such rows somewhere.
    """
    if verb.rpartition(".")[2] not in {"see", "see_precise"} or not actor.scopes(verb):
        return None
    model = apps.get_model("habitats", "Consultation")
    reach = reach_of(actor.scopes("habitats.consultation.see"), model)
    if reach.none or reach.all:
        return None
    rows = model._default_manager.filter(reach.test, withdrawn__isnull=True)
    return Q(**{f"{path}__in": rows.values("proposal")})
