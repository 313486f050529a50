"""A link to a row of another book: found through that book's door, so nobody links to what he may not see."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

import polars as pl
from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from baoton.kit.access import Actor
from baoton.kit.kinds import cells
from baoton.kit.kinds.base import Kind, page_of

if TYPE_CHECKING:
    from baoton.kit.reading.filters import Filter
    from baoton.kit.reading.register import Register

FEW = 200


class Chooser(forms.Select):
    """A list in which a row is chosen by the value of its option or by its key, as an address names it."""

    def __init__(self, also: Mapping[str, str], **more: Any) -> None:
        self.also = dict(also)
        super().__init__(**more)

    def format_value(self, value: Any) -> list[str]:
        told: list[str] = super().format_value(value)
        return [self.also.get(one, one) for one in told]


@dataclass(frozen=True, eq=False)
class Link(Kind):
    """A row of the book `to`, written as its key or as the text of one of the columns `by`.

    A form offers few rows as a list and many as they are typed; a file names them the same way. A row that the
    actor may not see, or that was withdrawn, is answered exactly like one that is not there.
    """

    to: str = ""
    by: tuple[str, ...] = ()

    word: ClassVar[str] = "link"

    @property
    def book(self) -> "Register":
        from baoton.kit.reading.register import REGISTERS

        return REGISTERS[self.to]

    def rows(self, actor: Actor) -> Any:
        """The rows that may be linked to: seen, standing."""
        return self.book.door(actor).rows()

    def shown(self, actor: Actor) -> Any:
        """The same rows as the actor may know them: what is read aloud of them tells no guarded place."""
        return self.book.door(actor).open(self.rows(actor))

    def named(self, actor: Actor) -> Any:
        """Those of them that may be found and told by name: where the name tells the place, whoever may know it."""
        rows, model = self.rows(actor), self.book.model
        if not set(self.by) & set(getattr(model, "place_words", ())):
            return rows
        return self.book.door(actor).open(rows).filter(door_precise=True)

    def offered(self, actor: Actor) -> Any:
        """The rows that a form offers to choose from."""
        return self.named(actor)

    def read(self, text: pl.Series, tell: cells.Tell, actor: Actor) -> pl.Series:
        words = text.unique().drop_nulls().to_list()
        found = self.found(words, actor)
        none = [w for w in words if not found.get(w)]
        many = [w for w in words if len(found.get(w, ())) > 1]
        book = {"book": self.book.label}
        told = _("Không có trong sổ “%(book)s” (hoặc bạn không được xem); ghi đúng mã hoặc tên.")
        tell.refuse(text.is_in(none).fill_null(False), "unknown_value", told % book)
        told = _("Nhiều dòng trong sổ “%(book)s” cùng tên này; ghi mã thay cho tên.")
        tell.refuse(text.is_in(many).fill_null(False), "ambiguous_value", told % book)
        keys = {w: next(iter(k)) for w, k in found.items() if len(k) == 1}
        return text.replace_strict(keys, default=None, return_dtype=pl.String)

    def found(self, words: list[str], actor: Actor) -> dict[str, set[str]]:
        """For each text the keys of the rows it names, as 32 hex digits; a key wins over a name."""
        told: dict[str, set[str]] = {}
        rows = self.rows(actor)
        keys = {w: k for w in words if (k := key_of(w)) is not None}
        for part in _parts(sorted(set(keys.values()))):
            here = {pk.hex for pk in rows.filter(pk__in=part).values_list("pk", flat=True)}
            told |= {w: {k.hex} for w, k in keys.items() if k.hex in here}
        named = self.named(actor)
        for column in self.by:
            rest = [w for w in words if w not in told]
            for part in _parts(rest):
                for word, pk in named.filter(**{f"{column}__in": part}).values_list(column, "pk"):
                    told.setdefault(word, set()).add(pk.hex)
        return told

    def cell(self, written: Any, actor: Actor) -> Any:
        found = super().cell(written, actor)
        return None if found is None else UUID(found)

    def text(self, record: Any) -> str:
        if self.said is not None or self.source:
            return super().text(record)
        linked = getattr(record, self.name)
        return "" if linked is None else str(linked)

    def address(self, record: Any) -> str:
        linked = None if self.source or self.said else getattr(record, self.name)
        return super().address(record) if linked is None else page_of(linked)

    @property
    def path(self) -> str:
        if self.source or self.column is None:
            return super().path
        return f"{self.name}__{self.by[0] if self.by else 'pk'}"

    def value(self, record: Any) -> Any:
        """What a file holds: the text a file can be read by, else the key."""
        if self.source:
            return super().value(record)
        linked = getattr(record, self.name)
        return None if linked is None else str(getattr(linked, self.by[0])) if self.by else str(linked.pk)

    @property
    def fetch(self) -> str:
        return super().fetch or ("" if self.source else self.name)

    def written(self, record: Any) -> dict[str, Any]:
        key = getattr(record, self.attname)
        if key is None or not self.by:
            return {self.name: key}
        linked = getattr(record, self.name)
        return {self.name: _told(linked, self.by)}

    def _chooser(self, actor: Actor, offered: list[Any], stored: Any) -> forms.Widget:
        """A list of few rows, each under its name, or under its key where two are called alike."""
        names = [_told(r, self.by) for r in offered]
        seen = Counter(names)
        values = [
            name if seen[name] == 1 and name else str(r.pk) for name, r in zip(names, offered, strict=True)
        ]
        also = {str(r.pk): value for r, value in zip(offered, values, strict=True)}
        if stored is not None and self.by:
            also[_told(stored, self.by)] = also[str(stored.pk)]
        known = {r.pk: r for r in self.shown(actor).filter(pk__in=[r.pk for r in offered])}
        words = [str(known.get(r.pk) or _("một dòng bạn không được xem")) for r in offered]
        return Chooser(also, choices=[("", "—"), *zip(values, words, strict=True)])

    def widget(self, actor: Actor, record: Any) -> forms.Widget:
        rows = self.offered(actor)
        if len(rows.order_by().values_list("pk")[: FEW + 1]) <= FEW:  # keys alone: very many are never read
            offered = list(rows)
            stored = None if getattr(record, self.attname, None) is None else getattr(record, self.name)
            offered += [stored] if stored is not None and stored not in offered else []
            return self._chooser(actor, offered, stored)
        address = reverse("register-suggest", args=[self.book.slug])
        by = self.by[0] if self.by else "id"
        return forms.TextInput(attrs={"data-suggest": f"{address}?by={by}", "autocomplete": "off"})

    def filter(self, key: str) -> "Filter":
        from baoton.kit.reading.filters import Related

        return Related(key, self.heading, self.attname, link=self)

    def schema(self) -> dict[str, Any]:
        return {"type": "string"}


def _told(row: Any, by: tuple[str, ...]) -> str:
    """What a form calls a row: its name, or its key where it has none or the name would tell a guarded place."""
    guarded = set(by) & set(getattr(row, "place_words", ())) and row.disclosure
    return str(row.pk) if guarded or not by else str(getattr(row, by[0]))


def key_of(word: str) -> UUID | None:
    """The key that a text is, if it is one."""
    try:
        return UUID(word)
    except ValueError:
        return None


def _parts(words: list[Any]) -> Iterable[list[Any]]:
    return (words[i : i + 500] for i in range(0, len(words), 500))
