"""The door to a register's rows: which rows, and per row the true place or the shown one.

Whoever may not see the true place filters, sorts, counts and exports by the shown one alone. A row that
comes through the door as an object already carries only what the actor may know; a query that reads
columns instead of objects must name the `door_*` columns.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, F, ForeignKey, Model, Q, QuerySet, Value, When
from django.db.models.fields import BinaryField, CharField, FloatField, TextField
from django.db.models.query import ModelIterable

from baoton.kit.access import NONE, Actor, Reach, own, person_of, reach_of
from baoton.kit.models import unfinished
from baoton.kit.place import Disclosure, Located
from baoton.kit.record import Record

Sees = Callable[[Any], bool]
TRUE_X, TRUE_Y = (F("min_x") + F("max_x")) / 2.0, (F("min_y") + F("max_y")) / 2.0


@dataclass(frozen=True)
class Door:
    """What one actor may read of one register: which rows are seen, and of which the true place is known.

    `rows` and `open` give what the actor may know; two doors that open alike are equal, whoever holds them.
    `mine` are the actor's own rows where the grants alone tell less of some of them, and `granted` is then the
    door of the grants alone.
    """

    model: type[Model]
    seen: Reach
    precise: Reach
    actor: Actor = field(compare=False)
    mine: Reach = NONE
    granted: "Door | None" = field(default=None, compare=False)
    sees: Sees = field(default=lambda linked: True, compare=False)
    unfinished: tuple[UUID, ...] = ()
    """Imports that are half written: none of their rows is shown to anybody."""

    @classmethod
    def of(
        cls, actor: Actor, name: str, model: type[Model], public: Q | None, sees: Sees = lambda linked: True
    ) -> "Door":
        """Readable = granted by `<name>.see`, granted by `<name>.see_precise`, or public.

        `sees` says of a row of another book that a row here links to whether its reader may see it.
        """
        located = issubclass(model, Located)
        area = "shown_area_path" if located else "area_path"
        scopes = actor.scopes(f"{name}.see_precise")
        group = model.guarded_by_itself() if issubclass(model, Located) else None
        precise = reach_of(scopes, model, of_group=group) if located else Reach(Q())
        seen = reach_of(actor.scopes(f"{name}.see"), model, area)
        if located:
            seen = seen | precise
        barred = model.barred(actor) if issubclass(model, Record) else None
        if barred is not None and seen.q is not None:
            seen = Reach(seen.q & ~barred)
        door = cls(
            model,
            seen | (NONE if public is None else Reach(public)),
            precise,
            actor,
            sees=sees,
            unfinished=unfinished(),
        )
        return door.with_own(own(actor, f"{name}.see", model))

    def with_own(self, mine: Reach) -> "Door":
        """The same door, open to the actor's own rows too, where it tells less of one than he himself reported."""
        if mine.none:
            return self
        if not issubclass(self.model, Located):
            return replace(self, seen=self.seen | mine)
        if self.all_precise or not self.model._default_manager.filter(mine.test).exists():
            return (
                self  # asked of the reporter alone: its index answers, even where all rows came in by files
            )
        less = self.model._default_manager.filter(mine.test, withdrawn__isnull=True)
        less = less.filter(Q(disclosure__gt=0) | ~self.seen.test)
        if not less.exists():
            return self
        return replace(self, seen=self.seen | mine, precise=self.precise | mine, mine=mine, granted=self)

    @property
    def all_precise(self) -> bool:
        return self.precise.all

    @property
    def none_precise(self) -> bool:
        return self.precise.none

    def where(self, true: Q, shown: Q) -> Q:
        """A test on the place: by the true one where the actor may know it, else by the shown one.

        That the rows stand is said with each, so that their indexes of standing rows answer.
        """
        standing = Q(withdrawn__isnull=True)
        return self.precise.choose(true & standing, shown & standing)

    def rows(self) -> "QuerySet[Any]":
        """The readable, standing rows, without the columns of the door: for counting and filtering."""
        rows = self.model._default_manager.filter(withdrawn__isnull=True)
        if self.unfinished:
            rows = rows.exclude(batch__in=self.unfinished)
        return self.seen.rows(rows)

    def open(self, rows: "QuerySet[Any] | None" = None) -> "QuerySet[Any]":
        """The rows as the actor may know them; objects are masked, columns are called `door_*`."""
        rows = self.rows() if rows is None else rows
        if issubclass(self.model, Located):
            rows = rows.annotate(**self.columns())
        elif any(isinstance(f, ForeignKey) for f in self.model._meta.concrete_fields):
            rows = rows.all()
        else:
            return rows
        rows._iterable_class = type(
            "Masked", (Masked,), {"actor": self.actor, "sees": staticmethod(self.sees)}
        )
        return rows

    def columns(self) -> dict[str, Any]:
        """`door_precise`, `door_x`, `door_y`, `door_area_path`, `door_geom`, and a twin of each place word."""
        words = getattr(self.model, "place_words", ())
        if self.all_precise:
            doors: dict[str, Any] = {
                "door_precise": Value(True, BooleanField()),
                "door_x": TRUE_X,
                "door_y": TRUE_Y,
                "door_area_path": F("area_path"),
                "door_area_path_then": F("area_path_then"),
                "door_geom": F("geom"),
            }
            return doors | {f"door_{word}": F(word) for word in words}
        open_ = Q(disclosure=Disclosure.AS_IS)
        if not self.none_precise:
            open_ |= self.precise.test

        def choose(true: Any, shown: Any, field: Any) -> Any:
            if self.none_precise:
                return shown
            return Case(When(self.precise.test, then=true), default=shown, output_field=field)

        def hide(column: str, instead: Any, field: Any) -> Case:
            return Case(When(open_, then=F(column)), default=Value(instead), output_field=field)

        doors = {
            "door_precise": Case(
                When(open_, then=Value(True)), default=Value(False), output_field=BooleanField()
            ),
            "door_x": choose(TRUE_X, F("shown_x"), FloatField()),
            "door_y": choose(TRUE_Y, F("shown_y"), FloatField()),
            "door_area_path": choose(F("area_path"), F("shown_area_path"), CharField()),
            "door_area_path_then": hide("area_path_then", "", CharField()),
            "door_geom": hide("geom", None, BinaryField()),
        }
        for word in words:
            field: Any = self.model._meta.get_field(word)
            if field.get_internal_type() in {"CharField", "TextField"}:
                doors[f"door_{word}"] = hide(word, "", TextField())
            else:
                none = Value({} if field.get_internal_type() == "JSONField" else None, field)
                doors[f"door_{word}"] = Case(When(open_, then=F(word)), default=none, output_field=field)
        return doors


class Masked(ModelIterable):
    """Objects without what the actor may not know: their true place, that of located rows fetched with them, and the
    words of other linked rows that he may not see."""

    actor: Actor
    sees: Sees

    def __iter__(self) -> Iterator[Any]:
        for record in super().__iter__():
            if not getattr(record, "door_precise", True):
                mask(record)
            for related in record._state.fields_cache.values():
                if not isinstance(related, Record):
                    continue
                if isinstance(related, Located):
                    if not related.masked and not self.knows(related):
                        mask(related)
                    if related.of_one_body and not self.sees(related):
                        forget(related)  # also where the record that names it has masked its place already
                elif not related.masked and not self.sees(related):
                    forget(related)
            yield record

    def knows(self, related: Located) -> bool:
        """Whether the actor may know where a record is that was fetched with another."""
        if related.disclosure == Disclosure.AS_IS or (
            related.reporter and related.reporter == person_of(self.actor)
        ):
            return True
        scopes = self.actor.scopes(f"{related._meta.label_lower}.see_precise")  # a book is named as its model
        row = {name: getattr(related, name, "") for name in ("area_path", "organisation", "taxon_group")}
        return any(scope.covers(row) for scope in scopes if not scope.taxon_group)


def mask(record: Any) -> None:
    """The object and the located records fetched with it carry the shown place alone, and cannot be saved."""
    for related in record._state.fields_cache.values():
        if isinstance(related, Located) and related.disclosure != Disclosure.AS_IS and not related.masked:
            mask(related)
    record.min_x = record.max_x = record.shown_x
    record.min_y = record.max_y = record.shown_y
    record.area_path, record.area_path_then = record.shown_area_path, ""
    record.geom, record.cell = None, record.shown_cell
    for word in record.place_words:
        value = getattr(record, word)
        setattr(record, word, {} if isinstance(value, dict) else "" if isinstance(value, str) else None)
    record.masked = True


def forget(record: Any) -> None:
    """A linked row that its reader may not see has no words, and cannot be saved."""
    for f in record._meta.concrete_fields:
        if f.get_internal_type() in {"CharField", "TextField"} and not f.primary_key:
            setattr(record, f.attname, "")
    record.masked = True
