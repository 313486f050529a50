"""What one version of a protocol asks, and the check of columns of answers: the same for form, file and phone."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from uuid import UUID

import polars as pl
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from baoton.kit.access import System
from baoton.kit.kinds import Choice, Count, Day, Number, Text, YesNo
from baoton.kit.kinds.base import Kind
from baoton.kit.kinds.words import as_text
from baoton.kit.text import fold
from baoton.surveys.models import Protocol, Question

SITE, ROUND, DAY = "diem", "luot", "ngay"
OF_SITE, OF_ROUND, OF_PROTOCOL = "surveySite", "surveyRound", "surveyProtocol"
"""What an event of a campaign says of itself among its other columns: site, round, key of the protocol version."""
TAKEN = {"diem", "luot", "ngay", "vi_tri", "dong", "bat_dau", "ket_thuc", "bt_protocol", "id", "key"}
"""Columns that every form has of its own."""
CLOCK = re.compile(
    r"^(?:\d{4}-\d\d-\d\d[ T])?([01]?\d|2[0-3])[:hg.]([0-5]\d)?(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?$"
)
UNITS = {
    "giờ": pgettext_lazy("đơn vị", "giờ"), "phút": pgettext_lazy("đơn vị", "phút"), "độ": pgettext_lazy("đơn vị", "độ"),
    "lít": pgettext_lazy("đơn vị", "lít"), "người": pgettext_lazy("đơn vị", "người"),
    "đêm bẫy": pgettext_lazy("đơn vị", "đêm bẫy"), "đêm máy": pgettext_lazy("đơn vị", "đêm máy"),
    "m·giờ": pgettext_lazy("đơn vị", "m·giờ"),
}  # fmt: skip


def unit_said(unit: str) -> str:
    """A unit as the reader's language has it; one that no seed names is told as it was written."""
    return str(UNITS.get(unit, unit))


def name_of(text: str, longest: int = 40) -> str:
    """A text as a name of a column: letters without marks, digits, low lines."""
    return re.sub(r"[^a-z0-9]+", "_", fold(text).replace("đ", "d")).strip("_")[:longest] or "muc"


@dataclass(frozen=True)
class Asked:
    """One column: what it is called, its kind, unit, values, limits, when it must be filled, what it means."""

    name: str
    label: str
    kind: str = "text"
    unit: str = ""
    among: Mapping[str, str] = field(default_factory=dict)
    least: float | None = None
    most: float | None = None
    required: bool = False
    when: tuple[str, str] | None = None
    means: str = ""
    hint: str = ""
    labels: tuple[str, ...] = ()
    """The label in each language, as files of either may carry it."""
    when_words: tuple[str, str] | None = None

    @property
    def heading(self) -> str:
        """The words over a column of a sheet."""
        return self.over(self.label)

    def over(self, label: str) -> str:
        """A label with its unit, in the reader's language."""
        return f"{label} ({unit_said(self.unit)})" if self.unit else label

    @property
    def says(self) -> str:
        """What it may hold, in words: kind or values, limits, whether it must be filled."""
        told = (
            ["; ".join(self.among.values())] if self.among else [str(dict(Question.Kind.choices)[self.kind])]
        )
        if self.least is not None:
            told.append(_("từ %(n)s") % {"n": as_text(whole(self.least))})
        if self.most is not None:
            told.append(_("đến %(n)s") % {"n": as_text(whole(self.most))})
        if self.required:
            told.append(_("bắt buộc"))
        if self.when:
            name, value = self.when_words or self.when
            told.append(_("bắt buộc khi “%(name)s” là “%(value)s”") % {"name": name, "value": value})
        return ", ".join(told)

    @cached_property
    def read_by(self) -> Kind:
        """The kind of the machine that reads its cells."""
        if self.kind == "integer":
            return Count(self.name, least=self.least, most=self.most)
        if self.kind == "number":
            return Number(self.name, least=self.least, most=self.most)
        if self.kind == "day":
            return Day(self.name)
        if self.kind == "choice":
            return Choice(self.name, among=tuple(self.among.items()))
        return YesNo(self.name) if self.kind == "yesno" else Text(self.name)


@dataclass(frozen=True)
class Form:
    """A version of a protocol: what is asked once a visit (site, round and day first) and on every row."""

    key: UUID
    code: str
    version: int
    name: str
    method: str
    row_label: str
    steps: str
    source: str
    visit: Sequence[Asked]
    rows: Sequence[Asked]

    def meaning(self, means: str, level: str = "visit") -> Asked | None:
        """The question that means this in the evidence stream."""
        return next((a for a in (self.visit if level == "visit" else self.rows) if a.means == means), None)


def whole(value: float) -> float:
    """A limit as it is told: a whole number without its zero."""
    return int(value) if value == int(value) else value


def form_of(protocol: Protocol) -> Form:
    """The version as its files and checks need it, in the reader's language."""
    english = (get_language() or "vi").startswith("en")
    standing = protocol.questions.filter(withdrawn__isnull=True).order_by("position", "id")
    told: dict[str, list[Asked]] = {"visit": [*_always()], "row": []}
    for one in standing:
        name, sign, value = one.required_when.partition("=")
        told[one.level].append(
            Asked(
                name=one.name, label=one.label_en if english and one.label_en else one.label, kind=one.kind,
                unit=one.unit, among=values_of(one.among), least=one.least, most=one.most, required=one.required,
                when=(name.strip(), value.strip()) if sign else None, means=one.means, hint=one.hint,
                labels=tuple(label for label in (one.label, one.label_en) if label),
            )
        )  # fmt: skip
    told = {level: [_worded(one, some) for one in some] for level, some in told.items()}
    return Form(
        key=protocol.pk, code=protocol.code, version=protocol.version, name=protocol.name,
        method=str(protocol.get_method_display()), row_label=protocol.row_label, steps=protocol.steps,
        source=protocol.source, visit=tuple(told["visit"]), rows=tuple(told["row"]),
    )  # fmt: skip


def _worded(one: Asked, others: Sequence[Asked]) -> Asked:
    """The column with the words of what it waits for, not the names of columns."""
    other = next((a for a in others if one.when and a.name == one.when[0]), None)
    if other is None or one.when is None:
        return one
    return replace(one, when_words=(other.label, other.among.get(one.when[1], one.when[1])))


def _always() -> tuple[Asked, ...]:
    """What every visit says: which site, which round, which day."""
    return (
        Asked(SITE, _("Mã điểm"), required=True),
        Asked(ROUND, _("Lượt"), "integer", least=1, most=100),
        Asked(DAY, _("Ngày"), "day", required=True),
    )


def values_of(text: str) -> dict[str, str]:
    """The values of a list, one a line, each with its words: `duet=hót đôi`, or a word that is its own value."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        value, sign, words = line.partition("=")
        if value.strip():
            found[value.strip()] = words.strip() if sign and words.strip() else value.strip()
    return found


@dataclass
class Checked:
    """The answers as they are kept (text, null where nothing is known), and what is wrong: row, column, cell, why."""

    values: dict[str, pl.Series]
    wrong: list[tuple[int, str, str, str]] = field(default_factory=list)


class _Tell:
    """Hears what a kind says of a column."""

    def __init__(self, into: Checked, asked: Asked, cells: pl.Series) -> None:
        self.into, self.asked, self.cells = into, asked, cells

    def refuse(self, where: Any, rule: str, told: str) -> None:
        for i in pl.Series(where).fill_null(False).arg_true().to_list():
            self.into.wrong.append((i, self.asked.heading, self.cells[i] or "", told))

    def note(self, code: str, where: Any, told: str) -> None:
        """Odd spellings are understood as a form understands them."""


def check(asked: Sequence[Asked], columns: Mapping[str, pl.Series], n: int) -> Checked:
    """Columns of written cells, by name, against what is asked; a column that is not there is blank."""
    blank = pl.Series("", [None], dtype=pl.String).new_from_index(0, n)
    told = Checked({})
    for one in asked:
        cells = columns.get(one.name, blank).str.strip_chars()
        cells = cells.set(cells == "", None)
        told.values[one.name] = _read(one, cells, told)
        if one.required:
            _missing(told, one, cells.is_null())
    for one in asked:
        if one.when is None:
            continue
        other = next((a for a in asked if a.name == one.when[0]), None)
        if other is None:
            continue
        wanted = {fold(one.when[1]), fold(other.among.get(one.when[1], one.when[1]))}
        said = told.values[other.name].fill_null("").map_elements(fold, return_dtype=pl.String)
        _missing(told, one, said.is_in(list(wanted)) & told.values[one.name].is_null())
    told.wrong.sort(key=lambda w: w[0])
    return told


def _missing(told: Checked, one: Asked, where: pl.Series) -> None:
    for i in where.fill_null(False).arg_true().to_list():
        told.wrong.append(
            (i, one.heading, "", _("Thiếu “%(what)s”; điền rồi nhập lại.") % {"what": one.label})
        )


def _read(one: Asked, cells: pl.Series, told: Checked) -> pl.Series:
    """The column as it is kept: days and numbers in one spelling, times as HH:MM, choices by their value."""
    tell = _Tell(told, one, cells)
    if one.kind == "time":
        clock = [None if v is None else CLOCK.match(v) for v in cells.to_list()]
        bad = pl.Series(
            [v is not None and m is None for v, m in zip(cells.to_list(), clock, strict=True)],
            dtype=pl.Boolean,
        )
        tell.refuse(bad, "clock", _("Giờ viết như 05:30."))
        return pl.Series([m and f"{int(m[1]):02d}:{m[2] or '00'}" for m in clock], dtype=pl.String)
    found = one.read_by.read(_day_alone(cells) if one.kind == "day" else cells, tell, System())
    if found.dtype == pl.String:
        return found
    return pl.Series([None if v is None else _plain(v) for v in found.to_list()], dtype=pl.String)


def _day_alone(cells: pl.Series) -> pl.Series:
    """A day that a telephone or a workbook wrote with its midnight."""
    return cells.str.replace(r"^(\d{4}-\d\d-\d\d)[ T]\d\d:\d\d.*$", "$1")


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else repr(value)
    return str(value)
