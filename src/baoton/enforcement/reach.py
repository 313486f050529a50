"""What of a case an actor may read: all of his own body's, and of another's exactly the parts that it lends today.

This is the one place that says so. The models ask it for the rows they open beyond grants (`lent_cases`), and what
stands on a case (photos, papers, history, remarks) asks it through `kit.lent`.
"""

from typing import Any

from django.db.models import Q, QuerySet

from baoton.enforcement.models.sharing import Grant, in_force
from baoton.kit import lent
from baoton.kit.access import Actor, reach_of


def lent_cases(actor: Actor, part: str) -> "QuerySet[Any] | None":
    """The keys of the cases of which this part is lent to the actor's body today; None for whoever has no body."""
    held = in_force(actor)
    return None if held is None else Grant.objects.filter(held, **{part: True}).values("case")


def theirs(actor: Actor, verb: str, part: str, path: str) -> Q | None:
    """The rows that a model opens to the actor because their case is lent in this part; None: there are none.

    `path` leads from the row to its case. Only reading is lent, and only to whoever may read some case at all.
    """
    if verb.rpartition(".")[2] not in {"see", "see_precise"} or not actor.scopes(verb):
        return None
    cases = lent_cases(actor, part)
    return None if cases is None else Q(**{f"{path}__in": cases})


def readable(model: Any, name: str, path: str, *parts: str) -> lent.Readable:
    """Of which rows of a model what stands on them may be read: his own body's, and lent ones of which these parts are
    all lent, documents among them. Only papers and photos are ever lent; history and remarks stay with the owner."""

    def rows(actor: Actor, what: str) -> "QuerySet[Any]":
        own = reach_of(actor.scopes(f"{name}.see"), model).test
        cases = [lent_cases(actor, part) for part in parts] if what == lent.EVIDENCE else []
        if not cases or None in cases:
            return model._default_manager.filter(own)  # type: ignore[no-any-return]
        lent_too = Q()
        for some in cases:
            lent_too &= Q(**{f"{path}__in": some})
        return model._default_manager.filter(own | lent_too)  # type: ignore[no-any-return]

    return rows
