"""Who may do and see what: one predicate, built from explicit grants, used by every door.

A grant says verb, area, organisation and taxon group. `<register>.see` opens a record at its shown place,
`<register>.see_precise` at its true one; the `Door` built from them is the only way to a register's rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q
from django.utils.translation import gettext_noop

EVERYWHERE = ""
NOTHING = Q(pk__in=[])


@dataclass(frozen=True)
class Scope:
    """Where one granted verb holds: an area path, an owner, a taxon group; empty means any."""

    area_path: str = EVERYWHERE
    organisation: str = ""
    taxon_group: str = ""


class Actor(Protocol):
    """Whoever acts: a person, the public, or the programme itself."""

    @property
    def actor_id(self) -> str: ...

    @property
    def actor_name(self) -> str: ...

    def scopes(self, verb: str) -> Sequence[Scope]:
        """Where this actor holds the verb today; empty means nowhere."""
        ...


@dataclass(frozen=True)
class System:
    """The programme itself (simulation, scheduled work): holds every verb, and is named in the audit."""

    actor_name: str = gettext_noop("hệ thống")
    actor_id: str = "system"

    def scopes(self, verb: str) -> Sequence[Scope]:
        return (Scope(),)


@dataclass(frozen=True)
class Public:
    """Anybody, not logged in: holds no verb, reads what is public."""

    actor_name: str = gettext_noop("công chúng")
    actor_id: str = "public"

    def scopes(self, verb: str) -> Sequence[Scope]:
        return ()


class Denied(PermissionDenied):
    """The actor lacks the verb, or lacks it for this record; says which."""

    def __init__(self, actor: Actor, verb: str, record: object = None) -> None:
        self.verb = verb
        super().__init__(f"{actor.actor_name}: {verb} {record if record is not None else ''}".strip())


def under(path: str, column: str = "area_path") -> Q:
    """Rows at or below an area path; a commune is a leaf, so its test is an equality an index serves."""
    if not path:
        return Q()
    if "/" in path:
        return Q(**{column: path})
    return Q(**{column: path}) | Q(**{f"{column}__startswith": f"{path}/"})


def predicate(scopes: Iterable[Scope], model: type[Model], area_column: str = "area_path") -> Q:
    """The rows of a model that any of the scopes covers: `Q()` is everything, `NOTHING` nothing."""
    union = NOTHING
    for scope in scopes:
        if scope == Scope():
            return Q()
        part = under(scope.area_path, area_column)
        if scope.organisation:
            part &= Q(organisation=scope.organisation)
        if scope.taxon_group:
            part &= Q(taxon_group=scope.taxon_group) if _has(model, "taxon_group") else NOTHING
        union = part if union is NOTHING else union | part
    return union


def covers(scope: Scope, record: Any, area: str = "area_path") -> bool:
    """Whether one scope holds for one record's present state: the same rule as `predicate`, in Python."""
    path = getattr(record, area, "")
    return (
        (not scope.area_path or path == scope.area_path or path.startswith(f"{scope.area_path}/"))
        and (not scope.organisation or getattr(record, "organisation", "") == scope.organisation)
        and (not scope.taxon_group or getattr(record, "taxon_group", None) == scope.taxon_group)
    )


def may(actor: Actor, verb: str, record: Model | None = None) -> bool:
    """Whether the actor holds the verb: at all, or for this record."""
    scopes = actor.scopes(verb)
    return bool(scopes) if record is None else any(covers(s, record) for s in scopes)


def require(actor: Actor, verb: str, record: Model | None = None) -> None:
    """The actor holds the verb, or `Denied` is raised."""
    if not may(actor, verb, record):
        raise Denied(actor, verb, record)


def explain(actor: Actor, name: str, record: Model) -> list[tuple[str, Scope]]:
    """Every grant that lets the actor see this record, as (verb, scope): "vì sao người này xem được"."""
    found: list[tuple[str, Scope]] = []
    precise, shown = f"{name}.see_precise", f"{name}.see"
    area = "shown_area_path" if _has(type(record), "shown_area_path") else "area_path"
    found += [(precise, scope) for scope in actor.scopes(precise) if covers(scope, record)]
    found += [(shown, scope) for scope in actor.scopes(shown) if covers(scope, record, area)]
    return found


def _has(model: type[Model], column: str) -> bool:
    return any(f.attname == column for f in model._meta.concrete_fields)


def everything(q: Q) -> bool:
    """Whether a predicate from here covers all rows."""
    return not q and q is not NOTHING
