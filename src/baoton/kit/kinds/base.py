"""A field of a register, said once: from it come form, list, filter, file column, import column and dictionary.

A kind reads one cell and a whole column with the same rules, so a form and a file cannot differ.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

import polars as pl
from django import forms
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Field, Model
from django.db.models.fields import NOT_PROVIDED
from django.utils.translation import gettext_lazy

from baoton.kit.access import Actor
from baoton.kit.kinds.cells import Tell
from baoton.kit.kinds.tidy import tidy
from baoton.kit.kinds.words import Text, as_text, masked

if TYPE_CHECKING:
    from baoton.kit.reading.filters import Filter

WORDS = {
    "text": gettext_lazy("chữ"),
    "integer": gettext_lazy("số nguyên"),
    "number": gettext_lazy("số"),
    "money": gettext_lazy("tiền, đồng chẵn"),
    "boolean": gettext_lazy("có hoặc không"),
    "day": gettext_lazy("ngày, như 31/01/2026"),
    "moment": gettext_lazy("ngày và giờ, như 05/03/2026 06:30"),
    "code": gettext_lazy("một trong các giá trị"),
    "area": gettext_lazy("xã, phường: tên hoặc mã"),
    "link": gettext_lazy("một dòng của sổ khác: tên hoặc mã"),
    "file": gettext_lazy("một tệp: tên hoặc mã sha256"),
    "files": gettext_lazy("ảnh, tệp kèm"),
    "shape": gettext_lazy("vị trí: điểm, đường hoặc vùng"),
}


@dataclass(frozen=True, eq=False)
class Kind:
    """One field, named after its model field; the label is the model's unless given.

    `term` is its name in files. `source` is a path from the record (`taxon.vernacular_vi`) for a field that is
    only read. `said` overrides how it reads on a page. `asked` says whether form and file ask it, `filed`
    whether files hold it. `required` overrides what the model says. `folded` fields wait behind “thêm chi tiết”
    in a form. A `personal` one (a number, a telephone) is in no file, order, search or list of columns; a history has
    its end alone, and so has a page unless whoever opens it is written down.
    """

    name: str
    label: Text = ""
    _: KW_ONLY
    term: str = ""
    source: str = ""
    said: Callable[[Any], Any] | None = None
    help: Text = ""
    asked: bool = True
    filed: bool = True
    italic: bool = False
    required: bool | None = None
    folded: bool = False
    personal: bool = False
    model: type[Model] | None = None

    word: ClassVar[str] = "text"
    numeric: ClassVar[bool] = False
    few: ClassVar[bool] = False
    """Whether its text follows from the stored value alone, of which there are few: said once for a page."""

    def bound(self, model: type[Model]) -> Self:
        """The same field, knowing its model; one that only reads is never asked."""
        return replace(self, model=model, asked=self.asked and not self.source)

    @property
    def column(self) -> "Field[Any, Any] | None":
        """The model's field, or None where the value comes by a path."""
        if self.model is None or self.source:
            return None
        try:
            found: Any = self.model._meta.get_field(self.name)
        except FieldDoesNotExist:
            return None
        return found

    @property
    def attname(self) -> str:
        """The stored column this field writes."""
        return self.column.attname if self.column is not None else self.name

    @property
    def fetch(self) -> str:
        """The relation to join so that a list costs one query."""
        return self.source.rsplit(".", 1)[0].replace(".", "__") if "." in self.source else ""

    @property
    def heading(self) -> Text:
        return self.label or (self.column.verbose_name if self.column is not None else self.name)

    @property
    def in_files(self) -> str:
        """What a file calls the column: the field's own term where there is one, else the label."""
        return self.term or str(self.heading)

    @property
    def needed(self) -> bool:
        """Whether a record without it is refused: by form and file alike."""
        if self.required is not None:
            return self.required
        field = self.column
        return field is not None and not field.blank and not field.null and field.default is NOT_PROVIDED

    @property
    def kind_name(self) -> Text:
        """What an office calls this kind of value."""
        return WORDS[self.word]

    @property
    def longest(self) -> int | None:
        """The most characters the table holds, or None where there is no limit."""
        return getattr(self.column, "max_length", None)

    # — reading what somebody wrote —

    def read(self, text: pl.Series, tell: Tell, actor: Actor) -> pl.Series:
        """The stored values of tidied cells, null where nothing is known; what cannot be read is refused."""
        raise NotImplementedError

    def cell(self, written: Any, actor: Actor) -> Any:
        """One typed cell by the rules of a column; raises `ValidationError` with the way to mend it."""
        clean, _changed = tidy(pl.Series("cell", [str(written)], dtype=pl.String), self.longest is None)
        told = OneCell()
        value = self.read(clean, told, actor)[0]
        if told.problems:
            raise ValidationError(told.problems)
        return value

    def put(self, record: Any, value: Any) -> None:
        """The record carries the value; nothing known is what the column holds for it."""
        field = self.column
        if value is None and field is not None and not field.null:
            value = field.get_default()
        setattr(record, self.attname, value)

    def saved(self, actor: Actor, record: Any, value: Any) -> None:
        """What is still to be done with the value once the record stands, in the same transaction."""

    # — showing —

    @property
    def path(self) -> str:
        """Where a query finds `value`; empty where only the record as an object tells it."""
        path = self.source or (self.attname if self.column is not None else "")
        model: Any = self.model
        for part in path.split(".") if path and model is not None else ():
            names = {f.attname: f for f in model._meta.concrete_fields} | {
                f.name: f for f in model._meta.concrete_fields
            }
            if part not in names:
                return ""
            model = names[part].related_model
        return path.replace(".", "__") if self.model is not None else ""

    def value(self, record: Any) -> Any:
        """The value itself, as files hold it."""
        here = record
        for part in (self.source or self.name).split("."):
            if here is None:
                return None
            here = getattr(here, part)
        return here

    def text(self, record: Any) -> str:
        """The value as a page shows it; an unknown one is an empty text, never a zero."""
        if self.said is not None:
            return str(self.said(record))
        if self.labels:
            value = getattr(record, self.attname)
            return "" if value is None else str(self.labels.get(value, value))
        whole = as_text(self.value(record))
        return (
            masked(whole) if self.personal and not getattr(self.model, "opening_is_audited", False) else whole
        )

    def texts(self, records: Sequence[Any]) -> list[str]:
        """The value of each record as a page shows it."""
        if self.said is not None or self.source or not self.few or self.column is None:
            return [self.text(record) for record in records]
        told: dict[Any, str] = {}
        values = [getattr(record, self.attname) for record in records]
        for value, record in zip(values, records, strict=True):
            if value not in told:
                told[value] = self.text(record)
        return [told[value] for value in values]

    @cached_property
    def labels(self) -> Mapping[Any, Text]:
        """What the model calls each value of the column; empty where it holds any."""
        return dict(getattr(self.column, "flatchoices", ()))

    def style(self, record: Any) -> str:
        """The classes a page draws the value in: a tag for a state, nothing for most."""
        return ""

    def address(self, record: Any) -> str:
        """Where the value leads to, if anywhere: what is read by a path leads to the record it is read from."""
        linked = getattr(record, self.source.split(".")[0], None) if "." in self.source else None
        return page_of(linked) if linked is not None and self.text(record) else ""

    # — asking —

    def form_fields(self, actor: Actor, record: Any) -> Mapping[str, forms.Field]:
        """What a form asks for this field: usually one box."""
        return {self.name: CellField(self, actor, self.widget(actor, record))}

    def widget(self, actor: Actor, record: Any) -> forms.Widget:
        return forms.TextInput(attrs={"maxlength": self.longest} if self.longest else {})

    def written(self, record: Any) -> Mapping[str, Any]:
        """What stands in the form's boxes for a record."""
        return {self.name: getattr(record, self.attname)}

    def fresh(self) -> Mapping[str, Any]:
        """What stands in the boxes of a question asked anew."""
        return {}

    def gathered(self, cleaned: Mapping[str, Any]) -> Any:
        """The value from the form's boxes."""
        return cleaned.get(self.name)

    def filter(self, key: str) -> "Filter | None":
        """The question a list answers about this field; None where it has none."""
        return None

    def options(self) -> Sequence[tuple[Any, Text]]:
        """The values it may hold, where they are few."""
        return ()

    @property
    def listed(self) -> Sequence[tuple[Any, Text]]:
        """The values a dictionary may print: those of the declaration, not rows of a table."""
        return self.options()

    def schema(self) -> dict[str, Any]:
        """What machines are told of it (JSON Schema)."""
        return {"type": "string"}


_pages: list[Callable[[Any], str]] = []


def tell_pages(address: Callable[[Any], str]) -> None:
    """The page of a record is at this address; told once, by the registers, which kinds know nothing of."""
    _pages[:] = [address]


def page_of(linked: Any) -> str:
    """The page of a linked record; none of one that the reader may not know, or that is no row of a book."""
    return "" if not _pages or getattr(linked, "masked", False) else _pages[0](linked)


class OneCell:
    """Hears what is wrong with one typed cell."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def refuse(self, where: pl.Series, rule: str, told: str) -> None:
        if where.any():
            self.problems.append(told)

    def note(self, code: str, where: pl.Series, told: str) -> None:
        """A form shows what it understood, so nothing needs telling."""


class CellField(forms.Field):
    """One box of a form, read by its kind; the value `kept` stands already and may stay, whatever it is."""

    def __init__(self, kind: Kind, actor: Actor, widget: forms.Widget, kept: str = "") -> None:
        self.kind, self.actor, self.kept = kind, actor, kept
        super().__init__(
            required=kind.needed, label=str(kind.heading), help_text=str(kind.help), widget=widget
        )

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        return value if self.kept and value == self.kept else self.kind.cell(value, self.actor)
