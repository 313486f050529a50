"""A register: one declaration of a book the office keeps, from which every door to it is built."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from baoton.kit.access import Actor, explain
from baoton.kit.place import Located, Settle
from baoton.kit.reading.columns import Column, Text
from baoton.kit.reading.door import Door
from baoton.kit.reading.filters import Filter
from baoton.kit.record import Record
from baoton.kit.writing.action import declare

REGISTERS: dict[str, "Register"] = {}


@dataclass(frozen=True, eq=False)
class Register:
    """One book: its model, what a list shows, what a form asks, who may read it without a grant.

    `name` is `app.thing`, the stem of its verbs; `slug` its place in addresses. `order` names columns that
    are never null, newest first with a minus; the key breaks ties. `settle` gives located rows their
    commune and shown place: a model with geometry and without it refuses to start. `panels` are further
    parts of the record page as (template, context function).
    """

    name: str
    model: type[Record]
    label: Text
    one: Text
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    fields: Sequence[str] = ()
    order: Sequence[str] = ("-id",)
    public: Q | None = None
    settle: Settle | None = None
    prepare: Callable[[Any], None] | None = None
    export: Sequence[Column] = ()
    panels: Sequence[tuple[str, Callable[[Actor, Any], Mapping[str, Any]]]] = ()
    verbs: Sequence[str] = ("create", "edit", "withdraw")
    actions: Sequence[str] = ()
    help: Text = ""
    menu: str = ""

    def __post_init__(self) -> None:
        if issubclass(self.model, Located) and self.settle is None:
            raise ImproperlyConfigured(f"{self.name} has a place but nothing that decides its shown place")
        if self.name in REGISTERS:
            raise ImproperlyConfigured(f"register {self.name} is declared twice")
        REGISTERS[self.name] = self
        declare(f"{self.name}.see", format_lazy("{}: {}", _("xem"), self.label))
        if self.located:
            declare(f"{self.name}.see_precise", format_lazy("{}: {}", _("xem đúng vị trí"), self.label))
        for verb, word in (("create", _("thêm")), ("edit", _("sửa")), ("withdraw", _("rút"))):
            if verb in self.verbs:
                declare(f"{self.name}.{verb}", format_lazy("{}: {}", word, self.label))

    @property
    def slug(self) -> str:
        return self.name.replace(".", "-")

    @property
    def located(self) -> bool:
        return issubclass(self.model, Located)

    def door(self, actor: Actor) -> Door:
        """What the actor may read here."""
        return Door.of(actor, self.name, self.model, self.public)

    def filtered(self, door: Door, asked: Mapping[str, str]) -> "QuerySet[Any]":
        """The readable rows that answer to the declared filters in an address; others are ignored."""
        rows = door.rows()
        for one in self.filters:
            value = asked.get(one.name, "").strip()
            if value:
                rows = rows.filter(one.q(value, door))
        return rows

    def opened(self, door: Door, asked: Mapping[str, str] | None = None) -> "QuerySet[Any]":
        """The filtered rows as objects the actor may know, joined as the columns need."""
        return self.joined(door.open(self.filtered(door, asked or {})))

    def joined(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        """The rows with the relations the columns read, so that a list costs one query."""
        fetch = {c.fetch for c in (*self.columns, *self.export) if c.fetch}
        return rows.select_related(*sorted(fetch)) if fetch else rows

    def in_order(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        last = "-id" if self.order and self.order[0].startswith("-") else "id"
        return rows.order_by(*self.order, *(() if self.order[-1].lstrip("-") == "id" else (last,)))

    def get(self, actor: Actor, pk: Any) -> Any:
        """The record as the actor may know it, or the model's `DoesNotExist` whether hidden or absent."""
        return self.opened(self.door(actor)).get(pk=pk)

    def why(self, actor: Actor, record: Any) -> list[tuple[str, Any]]:
        """The grants that let the actor see the record; empty where it is public or hidden."""
        return explain(actor, self.name, record)

    def url(self, record: Any = None) -> str:
        if record is None:
            return reverse("register", args=[self.slug])
        return reverse("record", args=[self.slug, record.pk])

    def file_columns(self) -> Sequence[Column]:
        """The columns of a file: those declared for it, else the list's and then the form's."""
        if self.export:
            return self.export
        shown = {c.name for c in self.columns}
        return [*self.columns, *(Column(n) for n in self.fields if n not in shown)]


def by_slug(slug: str) -> Register | None:
    return REGISTERS.get(slug.replace("-", ".", 1))


def of_model(model: type) -> Register | None:
    """The register that keeps rows of this model."""
    return next((r for r in REGISTERS.values() if r.model is model), None)


def all_registers() -> Iterable[Register]:
    return REGISTERS.values()
