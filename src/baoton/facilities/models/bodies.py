"""Rows that an owner sees because they are about his facility, though another body wrote them."""

from django.db.models import Q

from baoton.kit.access import Actor


def of_bodies(actor: Actor, verb: str, wanted: str, path: str, **more: str) -> Q | None:
    """Rows whose `path` names a body to which a grant of the actor is limited; None for any other verb or grant."""
    if verb != wanted:
        return None
    bodies = {s.organisation for s in actor.scopes(verb) if s.organisation and not s.area_path}
    return Q(**{f"{path}__in": sorted(bodies)}, **more) if bodies else None
