"""Who may do and see what: one predicate, built from explicit grants, used by every door.

A grant says verb, area, organisation and taxon group; what it reaches is a `Reach`: all rows, none, or those of
a test. `<register>.see` opens a record at its shown place, `<register>.see_precise` at its true one; the `Door`
built from them is the only way to a register's rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, Case, Model, Q, QuerySet, Value, When
from django.utils.translation import gettext_noop

from baoton.kit.models import Overlap

EVERYWHERE = ""
OF_ONE_BODY: set[str] = set()
"""Books of which each record belongs to one body: a grant that names none reaches those of its holder's own."""
WHOLE = 0.9999
"""From this share on a shape lies in one area alone."""


@dataclass(frozen=True)
class Scope:
    """Where one granted verb holds: an area path, an owner, a taxon group; empty means any."""

    area_path: str = EVERYWHERE
    organisation: str = ""
    taxon_group: str = ""

    def covers(self, row: Mapping[str, Any]) -> bool:
        """Whether the scope holds for a row known only by its columns, as a stored list of them keeps it."""
        path = row.get("area_path") or ""
        return (
            (not self.area_path or path == self.area_path or path.startswith(f"{self.area_path}/"))
            and (not self.organisation or row.get("organisation", "") == self.organisation)
            and (not self.taxon_group or row.get("taxon_group") == self.taxon_group)
        )


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


@dataclass(frozen=True)
class Anybody:
    """Every row as anybody may be shown it, and no true place: figures told to all are counted with these eyes."""

    actor_name: str = gettext_noop("công chúng")
    actor_id: str = "anybody"

    def scopes(self, verb: str) -> Sequence[Scope]:
        return () if verb.endswith(".see_precise") else (Scope(),)


class Denied(PermissionDenied):
    """The actor lacks the verb, or lacks it for this record; says which."""

    def __init__(self, actor: Actor, verb: str, record: object = None) -> None:
        self.verb = verb
        super().__init__(f"{actor.actor_name}: {verb} {record if record is not None else ''}".strip())


@dataclass(frozen=True)
class Reach:
    """Which rows a right covers: all (`Q()`), none (None), or those of a test."""

    q: Q | None

    @property
    def all(self) -> bool:
        return self.q is not None and not self.q

    @property
    def none(self) -> bool:
        return self.q is None

    def __or__(self, other: "Reach") -> "Reach":
        if self.all or other.none:
            return self
        if other.all or self.none or self.q is None or other.q is None:
            return other
        return Reach(self.q | other.q)

    @property
    def test(self) -> Q:
        """The same as a test for a query; where nothing is covered, one that no row passes."""
        return Q(pk__in=[]) if self.q is None else self.q

    @property
    def flag(self) -> Any:
        """The same as a column of a query: true where the row is covered."""
        if self.q is None or not self.q:
            return Value(self.q is not None, BooleanField())
        return Case(When(self.q, then=Value(True)), default=Value(False), output_field=BooleanField())

    def rows(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        """Those of the rows that are covered."""
        if self.q is None:
            return rows.none()
        return rows.filter(self.q) if self.q else rows

    def choose(self, inside: Q, outside: Q) -> Q:
        """The first test where the right covers the row, the second where it does not.

        That one of the two holds is said before, so that an index answers.
        """
        if self.q is None:
            return outside
        exactly = (self.q & inside) | (~self.q & outside)
        return (inside | outside) & exactly if self.q else inside

    def holds(self, record: Model) -> bool:
        """Whether it covers the record as the database has it now: asked of the database, never guessed."""
        if self.q is None or not self.q:
            return self.q is not None
        return type(record)._default_manager.filter(self.q, pk=record.pk).exists()


ALL, NONE = Reach(Q()), Reach(None)


def within_body(verb: str, scopes: Sequence[Scope], body: str) -> Sequence[Scope]:
    """The scopes as a person of this body holds them: over a book of one body's records only those of his own body,
    unless a grant names another. Whoever has no body then holds nothing there."""
    if verb.rpartition(".")[0] not in OF_ONE_BODY:
        return scopes
    return [replace(one, organisation=one.organisation or body) for one in scopes if one.organisation or body]


def under(path: str, column: str = "area_path") -> Q:
    """Rows at or below an area path; a commune is a leaf, so its test is an equality an index serves."""
    if not path:
        return Q()
    if "/" in path:
        return Q(**{column: path})
    return Q(**{column: path}) | Q(**{f"{column}__startswith": f"{path}/"})


def in_area(path: str, model: type[Model], column: str = "area_path") -> Q:
    """Rows of a model in an area: those that lie in it, and shapes that lie in it with a part.

    A shape over several communes carries the unit that holds it whole; its communes stand in the table of
    overlaps. By the shown place only an unguarded shape is found so.
    """
    inside = under(path, column)
    if "/" not in path or not has(model, "geom"):
        return inside
    parts = Overlap.objects.filter(register=model._meta.label_lower, area_path=path, share__lt=WHOLE)
    if not parts.exists():
        return inside
    partly = Q(pk__in=parts.values("record"))
    return inside | (partly & Q(disclosure=0) if column.startswith("shown") else partly)


def reach_of(
    scopes: Iterable[Scope], model: type[Model], area_column: str = "area_path", of_group: Q | None = None
) -> Reach:
    """What any of the scopes covers of a model's rows; a scope over a column the model lacks covers nothing.

    `of_group` is a further test for scopes that hold for one taxon group alone.
    """
    union = NONE
    for scope in scopes:
        if scope == Scope():
            return ALL
        if scope.taxon_group and not has(model, "taxon_group"):
            continue
        part = in_area(scope.area_path, model, area_column)
        if scope.organisation:
            part &= Q(organisation=scope.organisation)
        if scope.taxon_group:
            part &= Q(taxon_group=scope.taxon_group) & (of_group or Q())
        union = union | Reach(part)
    return union


def person_of(actor: Actor) -> str:
    """The key of the person who acts; empty for the public, the programme and every stand-in."""
    try:
        return str(UUID(actor.actor_id))
    except ValueError:
        return ""


def own(actor: Actor, verb: str, model: type[Model]) -> Reach:
    """The rows on which the actor holds the verb for being who he is, beyond any grant, as the model says.

    A model says it in `theirs(actor, verb)`: what a person reported, what was given to his body.
    """
    theirs = getattr(model, "theirs", None)
    return NONE if theirs is None else Reach(theirs(actor, verb))


def may(actor: Actor, verb: str, record: Model | None = None) -> bool:
    """Whether the actor holds the verb: at all, or for this record as it stands."""
    scopes = actor.scopes(verb)
    if record is None:
        return bool(scopes)
    return reach_of(scopes, type(record)).holds(record) or own(actor, verb, type(record)).holds(record)


def require(actor: Actor, verb: str, record: Model | None = None) -> None:
    """The actor holds the verb, or `Denied` is raised."""
    if not may(actor, verb, record):
        raise Denied(actor, verb, record)


def explain(actor: Actor, name: str, record: Model) -> list[tuple[str, Scope]]:
    """Every grant that lets the actor see this record, as (verb, scope): "vì sao người này xem được"."""
    model = type(record)
    shown_area = "shown_area_path" if has(model, "shown_area_path") else "area_path"
    return [
        (f"{name}.{verb}", scope)
        for verb, area in (("see_precise", "area_path"), ("see", shown_area))
        for scope in actor.scopes(f"{name}.{verb}")
        if reach_of([scope], model, area).holds(record)
    ]


def has(model: type[Model], column: str) -> bool:
    return any(f.attname == column for f in model._meta.concrete_fields)
