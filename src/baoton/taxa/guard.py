"""Records follow the level of their taxon: withheld at once when it changes, then settled again one by one.

A record is touched when it names the taxon, and so is whatever stands beside it: the visit it was made at
and what else was seen there, since one place would betray the other.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import ForeignKey, Model, Q

from baoton.kit.jobs import Progress
from baoton.kit.place import WAITING, Disclosure, Located
from baoton.kit.reading.register import Register, all_registers
from baoton.kit.writing.bulk import update_rows
from baoton.kit.writing.outbox import changing, drain
from baoton.taxa.models import Taxon

CHUNK = 2_000
HIDDEN = {
    "disclosure": Disclosure.WITHHELD,
    "shown_x": None,
    "shown_y": None,
    "shown_cell": None,
    "shown_area_path": "",
    "shown_uncertainty_m": None,
    "guarded_for": WAITING,
}
PLACE = (*HIDDEN, "area_path", "area_path_then")


def located() -> dict[type[Located], Register]:
    """The models with a place, each with the register that settles it."""
    return {r.model: r for r in all_registers() if issubclass(r.model, Located)}


def touched(taxa: Sequence[UUID]) -> dict[type[Located], Q]:
    """The records of each model that name one of the taxa (or a synonym), or stand beside one that does."""
    models = located()
    direct: dict[type[Located], Q] = {}
    for model in models:
        for key in _keys(model, Taxon):
            direct[model] = direct.get(model, Q()) | Q(**{f"{key}__in": taxa})
            direct[model] |= Q(**{f"{key}__accepted__in": taxa})
    rows: dict[type[Located], Q] = dict(direct)
    for model, q in direct.items():
        for visit in models:
            for key in _keys(model, visit):
                visits = model._default_manager.filter(q).exclude(**{key: None}).values(key)
                rows[visit] = rows.get(visit, Q(pk__in=[])) | Q(pk__in=visits)
                rows[model] |= Q(**{f"{key}__in": visits})
    return rows


def _keys(model: type[Model], target: type[Model]) -> list[str]:
    return [
        f.name for f in model._meta.concrete_fields if isinstance(f, ForeignKey) and f.related_model is target
    ]


def withhold(taxa: Sequence[UUID]) -> int:
    """Nothing is told of the places of what the taxa touch until `settle` says otherwise; how many rows."""
    hidden = 0
    for model, q in touched(taxa).items() if taxa else ():
        rows = model._default_manager.filter(q).exclude(disclosure=Disclosure.WITHHELD)
        for chunk in _chunks(rows.values_list("pk", flat=True)):
            with changing(model, chunk):
                model._default_manager.filter(pk__in=chunk).update(**HIDDEN)
            hidden += len(chunk)
    drain()  # no count may tell of a withheld place, not even for a moment
    return hidden


def waiting() -> list[UUID]:
    """Taxa with records that are withheld until somebody settles them."""
    found: set[UUID] = set()
    for model in located():
        for key in _keys(model, Taxon):
            held = model._default_manager.filter(disclosure=Disclosure.WITHHELD, guarded_for=WAITING)
            found |= set(held.exclude(**{key: None}).values_list(key, flat=True).distinct())
    return sorted(found)


def settle(taxa: Sequence[UUID], progress: Progress | None = None) -> int:
    """What the taxa touch is shown as its register's own `settle` decides; how many rows."""
    done, progress = 0, progress or Progress()
    for model, q in touched(taxa).items() if taxa else ():
        decide = located()[model].settle
        assert decide is not None
        for chunk in _chunks(model._default_manager.filter(q).values_list("pk", flat=True)):
            some = list(model._default_manager.filter(pk__in=chunk))
            with changing(model, chunk):
                decide(some)
                update_rows(model, PLACE, ([r.pk, *(getattr(r, c) for c in PLACE)] for r in some))
            done += len(some)
            progress(done)
    return done


def _chunks(keys: Iterable[Any]) -> Iterable[list[Any]]:
    every = list(keys)
    return (every[i : i + CHUNK] for i in range(0, len(every), CHUNK))
