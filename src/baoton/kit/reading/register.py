"""A register: one declaration of a book the office keeps, from which every door to it is built."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from baoton.kit.access import OF_ONE_BODY, Actor, explain
from baoton.kit.kinds.base import Kind, tell_pages
from baoton.kit.kinds.words import Text
from baoton.kit.place import Located, Settle
from baoton.kit.reading import sorting, terms
from baoton.kit.reading.door import Door
from baoton.kit.reading.filters import BadFilter, Box, Filter
from baoton.kit.record import Record
from baoton.kit.writing.verb import Verb, declare

REGISTERS: dict[str, "Register"] = {}
HOMES: dict[str, Callable[[Any], str]] = {}
"""Books whose records have a page of their own, made by their app: a list and every link lead there."""
BASIC = {"create": _("thêm"), "edit": _("sửa"), "withdraw": _("rút"), "import": _("nhập từ tệp")}
Find = Filter | str | tuple[str, str] | tuple[str, str, Text]


@dataclass(frozen=True)
class Part:
    """A child book shown on a record's page, and added from it: rows of `book` whose link `by` is the record."""

    book: str
    by: str


@dataclass(frozen=True)
class Panel:
    """A part of the record page that an app draws itself: a template and what it is given.

    `on` is `desk` for what only the desk shows; there `map_query` among what is given narrows the map.
    """

    template: str
    given: Callable[[Actor, Any], Mapping[str, Any]]
    on: str = ""


@dataclass(frozen=True, eq=False)
class Register:
    """One book: `name` is `app.thing`, the stem of its verbs; `label` and `one` what the office calls it.

    Its ten options: `fields` (each said once), `show` (the columns of a list, by name), `find` (the filters: a
    field's name, a pair of address key and field, or a `Filter`), `parts` of the record page, `verbs` (`create`,
    `edit`, `withdraw`, `import` and own ones), `order` (columns that are never null, newest first with a minus),
    `public` (the rows that everybody may read), `settle` (gives located rows commune, level and shown place; a model
    with a place and without it refuses to start), `derive` (fills what follows from other columns), `help`.
    """

    name: str
    model: type[Record]
    label: Text
    one: Text
    fields: Sequence[Kind] = ()
    show: Sequence[str] = ()
    find: Sequence[Find] = ()
    parts: Sequence[Part | Panel] = ()
    verbs: Sequence[Verb | str] = ("create", "edit", "withdraw")
    order: Sequence[str] = ("-id",)
    public: Q | None = None
    settle: Settle | None = None
    derive: Callable[[Any], None] = field(default=lambda record: None)
    help: Text = ""

    def __post_init__(self) -> None:
        if self.located and self.settle is None:
            raise ImproperlyConfigured(f"{self.name} has a place but nothing that decides its shown place")
        if self.name in REGISTERS:
            raise ImproperlyConfigured(f"register {self.name} is declared twice")
        if "verbose_name" not in self.model._meta.original_attrs:
            setattr(self.model._meta, "verbose_name", self.one)  # noqa: B010  what Django calls a row when it refuses one
        if self.timed:
            object.__setattr__(self, "fields", (*self.fields, terms.Term(terms.FIELD, asked=False)))
        object.__setattr__(self, "fields", tuple(kind.bound(self.model) for kind in self.fields))
        strange = {*self.show} - {k.name for k in self.fields}
        if strange:
            raise ImproperlyConfigured(f"{self.name} shows fields it does not have: {sorted(strange)}")
        if not self.fields:
            raise ImproperlyConfigured(
                f"{self.name} has no field, so nothing by which a list could show a row"
            )
        told = [k.name for k in self.fields if k.personal and (k.filed or k.name in self.show)]
        if told:
            raise ImproperlyConfigured(
                f"{self.name} tells what is known of persons in lists or files: {told}"
            )
        REGISTERS[self.name] = self
        if self.model.of_one_body:
            OF_ONE_BODY.add(self.name)
        self._declare()

    def _declare(self) -> None:
        """Its rights are known to the table of roles."""
        declare(f"{self.name}.see", format_lazy("{}: {}", _("xem"), self.label))
        if self.located:
            declare(f"{self.name}.see_precise", format_lazy("{}: {}", _("xem đúng vị trí"), self.label))
        for verb in self.verbs:
            if isinstance(verb, str):
                declare(f"{self.name}.{verb}", format_lazy("{}: {}", BASIC[verb], self.label))
            else:
                declare(f"{self.name}.{verb.name}", verb.label)

    # — what was declared —

    def field(self, name: str) -> Kind | None:
        return next((k for k in self.fields if k.name == name), None)

    @cached_property
    def shown(self) -> Sequence[Kind]:
        """The columns of a list, in order."""
        by = {k.name: k for k in self.fields}
        return [*([by[n] for n in self.show] or self.fields[:6]), *([by[terms.FIELD]] if self.timed else [])]

    @cached_property
    def asked(self) -> Sequence[Kind]:
        """The fields that a form and a file ask for."""
        return [k for k in self.fields if k.asked]

    @cached_property
    def filed(self) -> Sequence[Kind]:
        """The columns of a file, in order."""
        return [k for k in self.fields if k.filed]

    @cached_property
    def filters(self) -> Sequence[Filter]:
        """The questions a list answers."""
        own = [self._filter(asked) for asked in self.find]
        own += [Box("box", _("khung trên bản đồ"))] if self.located else []
        return [*own, terms.Due(terms.FIELD, _("thời hạn"))] if self.timed else own

    def _filter(self, asked: Find) -> Filter:
        if isinstance(asked, Filter):
            return asked
        key, name, *label = (asked, asked) if isinstance(asked, str) else asked
        kind = self.field(name)
        found = None if kind is None else kind.filter(key)
        if found is None:
            raise ImproperlyConfigured(f"{self.name} cannot be filtered by {name}")
        return replace(found, label=label[0]) if label else found

    @cached_property
    def own_verbs(self) -> Sequence[Verb]:
        """The verbs beyond create, edit and withdraw."""
        return [v for v in self.verbs if isinstance(v, Verb)]

    def verb(self, name: str) -> Verb:
        """The verb of that name, or `KeyError`."""
        for one in self.own_verbs:
            if one.name == name:
                return one
        raise KeyError(f"{self.name}.{name}")

    @property
    def slug(self) -> str:
        return self.name.replace(".", "-")

    @property
    def located(self) -> bool:
        return issubclass(self.model, Located)

    @property
    def timed(self) -> bool:
        """Whether one of its verbs starts a clock: then list, page, filters and files tell what is due."""
        return any(v.starts is not None for v in self.own_verbs)

    # — reading —

    def door(self, actor: Actor) -> Door:
        """What the actor may read here."""
        return Door.of(actor, self.name, self.model, self.public, sees_of(actor))

    def filtered(self, door: Door, asked: Mapping[str, str]) -> "QuerySet[Any]":
        """The readable rows that answer to the declared filters in an address; others are ignored."""
        rows = door.rows()
        for one in self.filters:
            value = asked.get(one.name, "").strip()
            if value:
                try:
                    rows = rows.filter(one.q(value, door))
                except BadFilter:
                    raise
                except (ValueError, TypeError, OverflowError, ValidationError) as error:
                    told = _("“%(value)s” không dùng được cho bộ lọc “%(name)s”.")
                    raise BadFilter(str(told) % {"value": value[:60], "name": one.label}) from error
        return rows

    def opened(self, door: Door, asked: Mapping[str, str] | None = None) -> "QuerySet[Any]":
        """The filtered rows as objects the actor may know, joined as the columns need."""
        return self.joined(door.open(self.filtered(door, asked or {})))

    def joined(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        """The rows with the relations the columns read, so that a list costs one query."""
        fetch = {k.fetch for k in self.fields if k.fetch}
        rows = terms.with_clock(rows) if self.timed else rows
        return rows.select_related(*sorted(fetch)) if fetch else rows

    def in_order(self, rows: "QuerySet[Any]", sort: str = "") -> "QuerySet[Any]":
        """The rows in the book's order, or by what is due first."""
        if sort == terms.FIELD and self.timed:
            return terms.by_due(rows)
        kind = self.sort_of(sort)
        if kind is not None:
            return sorting.by(rows, kind, self.located, sort.startswith("-"))
        last = "-id" if self.order and self.order[0].startswith("-") else "id"
        return rows.order_by(*self.order, *(() if self.order[-1].lstrip("-") == "id" else (last,)))

    def sort_of(self, sort: str) -> Kind | None:
        """The field that a reader may ask the rows to be sorted by; None for any other word."""
        kind = self.field(sort.removeprefix("-")) if sort else None
        return kind if kind is not None and sorting.sortable(self.model, kind, self.located) else None

    def get(self, actor: Actor, pk: Any) -> Any:
        """The record as the actor may know it, or the model's `DoesNotExist` whether hidden or absent."""
        return self.opened(self.door(actor)).get(pk=pk)

    def judge(self, actor: Actor, record: Any, old: Mapping[str, Any] | None) -> None:
        """What this actor may not write here beyond his rights; raises `ValidationError` by field.

        It is asked before the table's own rules, `old` being the record as it stood. A book in which a key may hit a
        hidden row refuses the key itself (`unseen`).
        """

    def why(self, actor: Actor, record: Any) -> list[tuple[str, Any]]:
        """The grants that let the actor see the record; empty where it is public or hidden."""
        return explain(actor, self.name, record)

    def url(self, record: Any = None) -> str:
        if record is None:
            return reverse("register", args=[self.slug])
        home = HOMES.get(self.name)
        return home(record) if home else reverse("record", args=[self.slug, record.pk])


def by_slug(slug: str) -> Register | None:
    return REGISTERS.get(slug.replace("-", ".", 1))


def of_model(model: type) -> Register | None:
    """The register that keeps rows of this model."""
    return next((r for r in REGISTERS.values() if r.model is model), None)


def sees_of(actor: Actor) -> Callable[[Any], bool]:
    """Whether the actor may see a linked row; each is asked once."""
    known: dict[Any, bool] = {}
    doors: dict[type, Door | None] = {}

    def sees(linked: Any) -> bool:
        model = type(linked)
        if model not in doors:
            doors[model] = _narrow(of_model(model), actor)
        door = doors[model]
        if door is None:
            return True
        if linked.pk not in known:
            known[linked.pk] = door.rows().filter(pk=linked.pk).exists()
        return known[linked.pk]

    return sees


def _narrow(book: Register | None, actor: Actor) -> Door | None:
    """The door of a book of which the actor may not see every row; None where he may, or where it is no book."""
    if book is None or (book.public is not None and not book.public):
        return None
    door = book.door(actor)
    return None if door.seen.all and not door.unfinished else door


def all_registers() -> Iterable[Register]:
    return REGISTERS.values()


def page_of(record: Any) -> str:
    """The address of a record's page, or an empty text where it is no row of a book."""
    book = of_model(type(record))
    return "" if book is None else book.url(record)


tell_pages(page_of)
