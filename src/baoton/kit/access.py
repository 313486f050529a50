"""Who may do and see what: one predicate, built from explicit grants, used by every door.

A reader gets, per row, either the true place or the shown one. Whoever may not see the true place
filters, counts, sorts and exports by the shown one alone: the `door_*` annotations carry the choice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, Case, F, Model, Q, QuerySet, Value, When
from django.db.models.fields import BinaryField, CharField, TextField

from baoton.kit.place import Disclosure, Located

EVERYWHERE = ""


@dataclass(frozen=True)
class Scope:
    """Where one granted verb holds: an area path, an owner, a taxon group; empty means any."""

    area_path: str = EVERYWHERE
    organisation: str = ""
    taxon_group: str = ""


class Actor(Protocol):
    """Whoever acts: a person, the public, or the system itself."""

    @property
    def actor_id(self) -> str: ...

    @property
    def actor_name(self) -> str: ...

    def scopes(self, verb: str) -> Sequence[Scope]:
        """Where this actor holds the verb today; empty means nowhere."""
        ...


@dataclass(frozen=True)
class System:
    """The programme itself (simulation, scheduled work): holds every verb everywhere, and is named in the audit."""

    actor_name: str = "hệ thống"
    actor_id: str = "system"

    def scopes(self, verb: str) -> Sequence[Scope]:
        return (Scope(),)


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
    """The rows of a model that any of the scopes covers; no scope covers nothing."""
    nothing = Q(pk__in=[])
    union = nothing
    for scope in scopes:
        if scope == Scope():
            return Q()
        part = under(scope.area_path, area_column)
        if scope.organisation:
            part &= Q(organisation=scope.organisation)
        if scope.taxon_group:
            part &= Q(taxon_group=scope.taxon_group) if _has(model, "taxon_group") else nothing
        union = part if union is nothing else union | part
    return union


def covers(scope: Scope, record: Model) -> bool:
    """Whether one scope holds for one record's present state: the same rule as `predicate`, in Python."""
    path = getattr(record, "area_path", "")
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


def readable(rows: "QuerySet[Any]", actor: Actor, name: str, public: Q | None) -> "QuerySet[Any]":
    """The rows of the register `name` that the actor may read, each carrying the place the actor may see.

    Readable = granted by `<name>.see` (judged by the shown place), granted by `<name>.see_precise`
    (judged by the true place), or public. Located rows gain `door_precise`, `door_x`, `door_y`,
    `door_cell`, `door_area_path`, `door_geom` and a `door_` twin of each of their `place_words`.
    """
    model = rows.model
    if not issubclass(model, Located):
        seen = predicate(actor.scopes(f"{name}.see"), model)
        return rows.filter(seen | public if public is not None else seen)
    precise = predicate(actor.scopes(f"{name}.see_precise"), model)
    seen = predicate(actor.scopes(f"{name}.see"), model, "shown_area_path") | precise
    if not seen:  # everything
        pass
    else:
        rows = rows.filter(seen | public if public is not None else seen)
    return with_doors(rows, precise)


def with_doors(rows: "QuerySet[Any]", precise: Q) -> "QuerySet[Any]":
    """The rows, each with the `door_*` columns that tell its place as the holder of `precise` may know it."""
    model = rows.model
    if not precise:  # the whole register in full precision
        doors: dict[str, Any] = {
            "door_precise": Value(True, BooleanField()),
            "door_x": (F("min_x") + F("max_x")) / 2.0,
            "door_y": (F("min_y") + F("max_y")) / 2.0,
            "door_cell": F("cell"),
            "door_area_path": F("area_path"),
            "door_area_path_then": F("area_path_then"),
            "door_geom": F("geom"),
        }
        doors |= {f"door_{word}": F(word) for word in model.place_words}
        return rows.annotate(**doors)
    open_ = Q(disclosure=Disclosure.AS_IS) | precise

    def choose(true: Any, shown: Any, **kw: Any) -> Case:
        return Case(When(precise, then=true), default=shown, **kw)

    doors = {
        "door_precise": Case(
            When(open_, then=Value(True)), default=Value(False), output_field=BooleanField()
        ),
        "door_x": choose((F("min_x") + F("max_x")) / 2.0, F("shown_x")),
        "door_y": choose((F("min_y") + F("max_y")) / 2.0, F("shown_y")),
        "door_cell": choose(F("cell"), F("shown_cell")),
        "door_area_path": choose(F("area_path"), F("shown_area_path")),
        "door_area_path_then": Case(
            When(open_, then=F("area_path_then")), default=Value(""), output_field=CharField()
        ),
        "door_geom": Case(When(open_, then=F("geom")), default=Value(None), output_field=BinaryField()),
    }
    for word in model.place_words:
        doors[f"door_{word}"] = Case(
            When(open_, then=F(word)), default=Value(""), output_field=TextField()
        )
    return rows.annotate(**doors)


def explain(actor: Actor, name: str, record: Model) -> list[tuple[str, Scope]]:
    """Every grant that lets the actor see this record, as (verb, scope): the page "vì sao người này xem được"."""
    found = []
    for verb in (f"{name}.see", f"{name}.see_precise"):
        found += [(verb, scope) for scope in actor.scopes(verb) if covers(scope, record)]
    return found


def _has(model: type[Model], column: str) -> bool:
    return any(f.attname == column for f in model._meta.concrete_fields)
