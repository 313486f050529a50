"""Some thousands of rows on their way from a file into a table: their words, their columns, what is wrong with them."""

import json
from typing import Any

import numpy as np
import polars as pl
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from baoton.kit.importing.contract import Reads
from baoton.kit.importing.plan import OURS, PROGRAM, TablePlan
from baoton.kit.importing.target import LEFT_OUT, Target
from baoton.kit.kinds.tidy import tidy
from formats.cell_words import NOTHING, as_above

Mask = NDArray[np.bool_]
LONGEST = 20_000
LONGEST_KEPT = 1_000_000
OVER = "_extra"
FAULT = "_fault"
"""A column in which an app that read the file itself says what is wrong with a row: JSON `[column, cell, rule, why]`;
the rule `LEFT` leaves the row out as no data."""
LEFT = "not_filled"


def mask_of(where: Any) -> Mask:
    """A polars or numpy test as numpy, unknown counting as no."""
    if isinstance(where, pl.Series):
        return where.fill_null(False).to_numpy().astype(bool, copy=False)
    return np.asarray(where, bool)


class Problems:
    """Why rows are not written: the first reason decides the rule, every reason is told.

    A row that is `omitted` is no data at all (a section, a total, an empty picture): it is left out, not refused.
    """

    def __init__(self, n: int) -> None:
        self.refused: Mask = np.zeros(n, bool)
        self.omitted: Mask = np.zeros(n, bool)
        self.found: list[tuple[int, str, str | None, str, str]] = []

    def add(
        self, where: Mask, column: str, values: list[Any] | None, rule: str, told: str | list[str]
    ) -> None:
        at = np.flatnonzero(where)
        self.refused |= where
        if self.omitted.any():
            keep = ~self.omitted[at]
            at, values = (
                at[keep],
                None if values is None else [v for v, k in zip(values, keep, strict=True) if k],
            )
            told = told if isinstance(told, str) else [t for t, k in zip(told, keep, strict=True) if k]
        for k, i in enumerate(at):
            value = None if values is None else values[k]
            self.found.append((int(i), column, value, rule, told if isinstance(told, str) else told[k]))

    def omit(self, where: Mask, column: str, values: list[Any] | None, rule: str, told: str) -> None:
        """The rows are left out for this one reason, whatever else is wrong with them."""
        self.found = [f for f in self.found if not where[f[0]]]
        self.add(where, column, values, rule, told)
        self.omitted |= where

    def table(self) -> pl.DataFrame:
        """One line a row that is not written: at, column, value, rule, message."""
        schema = {"at": pl.UInt32, "column": pl.String, "value": pl.String, "rule": pl.String,
                  "message": pl.String}  # fmt: skip
        frame = pl.DataFrame(self.found, schema=schema, orient="row")
        return (
            frame.group_by("at", maintain_order=True)
            .agg(
                pl.first("column"),
                pl.first("value"),
                pl.first("rule"),
                pl.when(pl.col("column") == pl.first("column"))
                .then(pl.col("message"))
                .otherwise(pl.concat_str("column", pl.lit(": "), "message", ignore_nulls=True))
                .unique(maintain_order=True)
                .alias("message"),
            )
            .with_columns(pl.col("message").list.join(" · "))
        )


class Chunk:
    """One batch of one table. `text(term)` is what the file says, `put(column, …)` what the table will hold."""

    def __init__(self, run: Reads, plan: TablePlan, target: Target, frame: pl.DataFrame) -> None:
        self.run, self.plan, self.target = run, plan, target
        self.rows: NDArray[np.int64] = frame["_row"].to_numpy()
        self.wkb = frame["_wkb"] if "_wkb" in frame.columns else None
        self.n = len(frame)
        self.keys = pl.Series("key", [None], dtype=pl.String).new_from_index(0, self.n)
        self.problems = Problems(self.n)
        self.out: dict[str, pl.Series] = {}
        self.hold: dict[str, pl.Series] = {}
        self.derived: set[str] = set()
        self.words: dict[str, pl.Series] = {}
        self.extra: dict[str, pl.Series] = {}
        self.columns: dict[str, str] = {}
        self.bars: list[tuple[Mask, str, str]] = []
        self._take(frame)
        self._refuse_long(frame)
        if FAULT in frame.columns:
            self._faults(frame[FAULT])

    def _faults(self, told: pl.Series) -> None:
        """Rows are refused, or left out, as the app that read the file says."""
        for i in told.is_not_null().arg_true().to_list():
            where = np.zeros(self.n, bool)
            where[i] = True
            for column, cell, rule, why in json.loads(told[i]):
                put = self.problems.omit if rule == LEFT else self.problems.add
                put(where, column, [cell], rule, why)

    def _refuse_long(self, frame: pl.DataFrame) -> None:
        """A row longer than the header has shifted cells, so none can be believed; nor can a cell be endless."""
        if OVER in frame.columns and frame[OVER].null_count() < self.n:
            told = _("Dòng có nhiều ô hơn dòng tiêu đề nên các ô có thể đã lệch cột; đặt ô có dấu phân cách trong "
                     "ngoặc kép, hoặc xoá ô thừa.")  # fmt: skip
            where = mask_of(frame[OVER].is_not_null())
            self.problems.add(where, _("(ô thừa)"), frame[OVER].drop_nulls().to_list(), "long_row", told)
        for cells, most in ((self.words, LONGEST), (self.extra, LONGEST_KEPT)):
            for term, series in cells.items():
                if term.endswith("WKT") or (series.str.len_bytes().max() or 0) <= most:  # type: ignore[operator]
                    continue
                long = (series.str.len_chars() > most).fill_null(False)
                shown = [f"{v[:80]}…" for v in series.filter(long).to_list()]
                told = _("Ô dài quá %(most)d ký tự; rút ngắn rồi nhập lại.") % {"most": most}
                self.problems.add(mask_of(long), self.column_of(term), shown, "too_long", told)
                cells[term] = series.set(long, None)

    def _take(self, frame: pl.DataFrame) -> None:
        fields = {f.term: f for f in self.target.fields}
        wanted = {self.plan.id_column: "_core", self.plan.core_id_column: "_core"}
        first = {
            c: n for n, c in enumerate(self.plan.columns)
        }  # of two columns of a term the one named first leads
        for column in sorted(frame.columns, key=lambda c: first.get(c, len(first))):
            if column in {"_row", "_wkb", OVER, FAULT}:
                continue
            series = frame[column]
            if column in self.plan.spare:
                continue
            if column in wanted:
                self.words["_core"] = tidy(series)[0]
            term = self.plan.columns.get(column, column)
            plain_id = column in wanted and term == column and self.run.source.kind == "dwca"
            if term == LEFT_OUT or term in self.target.rest.derived or plain_id:
                continue
            if term in self.columns and term in fields:
                self._second(term, column, series)
            elif term in fields:
                self.columns[term] = column
                self.words[term] = self._as_above(term, self._tidied(term, fields[term].column, series))
                if term in self.target.rest.also:
                    self.extra[term] = self._above_kept(term, series)
            else:
                self.extra[term] = self._above_kept(term, series)
        for column, term in self.plan.spare.items():
            if column in frame.columns:
                clean = tidy(frame[column])[0]
                given = self.words.get(term)
                self.words[term] = clean if given is None else given.fill_null(clean)
                self.columns.setdefault(term, column)
        for term, value in self.plan.constants.items():
            constant = pl.Series(term, [value], dtype=pl.String).new_from_index(0, self.n)
            if term in fields:
                given = self.words.get(term)
                self.words[term] = constant if given is None else given.fill_null(value)
            else:
                self.extra[term] = constant

    def _tidied(self, term: str, column: str, series: pl.Series) -> pl.Series:
        lines = bool(column) and self.target.longest(column) is None
        clean, changed = tidy(series, lines)
        if changed:
            self.run.notes.tidied(self.plan.table, self.column_of(term), changed)
        nothing = clean.is_in(NOTHING).fill_null(False)
        if nothing.any():
            told = _("Ô ghi “không rõ”, “NA”… được hiểu là để trống.")
            self.run.notes.add(
                "read_as_blank", self.plan.table, self.column_of(term), told, self.rows[mask_of(nothing)]
            )
            clean = clean.set(nothing, None)
        meant = self.plan.values.get(term)
        if meant:
            clean = clean.replace(meant)
            clean = clean.replace("", None)
        return clean

    def _second(self, term: str, column: str, series: pl.Series) -> None:
        """A second column of a term fills the blanks of the first, and is kept under its own name."""
        clean = tidy(series)[0]
        blank = self.words[term].is_null() & clean.is_not_null()
        self.words[term] = self.words[term].fill_null(clean)
        self.note("second_column", term, blank, _("Ô trống lấy giá trị của cột “%(c)s”.") % {"c": column})
        self.extra[column] = series

    def _as_above(self, term: str, words: pl.Series) -> pl.Series:
        """Cells that say "as above" hold what the cell above holds, also over batches; told once for the file."""
        if self.by_program:  # a program repeats what it means
            return words
        above: dict[tuple[str, str], str | None] = self.run.held.setdefault("above", {})
        place = (self.plan.table, term)
        same = words.is_in(as_above(term)).fill_null(False)
        if same.any():
            first = pl.Series([above.get(place)], dtype=pl.String)
            filled = pl.concat([first, words.set(same, None)]).forward_fill()[1:]
            words = words.zip_with(~same, filled)
            self.note("as_above", term, same, _("Ô ghi “nt”, “//”… được hiểu là như dòng trên."))
        if len(words):
            above[place] = words[-1]
        return words

    def _above_kept(self, term: str, series: pl.Series) -> pl.Series:
        """What is kept as it came, save that a cell "as above" holds what is above it: rows do not stay in order."""
        if self.by_program or series.dtype != pl.String:
            return series
        above: dict[tuple[str, str], str | None] = self.run.held.setdefault("kept above", {})
        place = (self.plan.table, term)
        same = series.str.strip_chars().is_in(as_above("")).fill_null(False)
        if same.any():
            first = pl.Series([above.get(place)], dtype=pl.String)
            filled = pl.concat([first, series.set(same, None)]).forward_fill()[1:]
            series = series.zip_with(~(same & filled.is_not_null()), filled)
        if len(series):
            above[place] = series[-1]
        return series

    @property
    def by_program(self) -> bool:
        """Whether a program wrote the table for another (an archive, a file of ours): nobody typed notes into it."""
        return self.run.source.kind == "dwca" or self.plan.known in {OURS, PROGRAM}

    def text(self, term: str) -> pl.Series:
        """The tidied cells of a term; all blank where the file has no such column."""
        if term not in self.words:
            self.words[term] = pl.Series(term, [None], dtype=pl.String).new_from_index(0, self.n)
        return self.words[term].alias(term)

    def has(self, term: str) -> bool:
        """Whether the file (or the plan, as a constant) gives this term at all."""
        return term in self.columns or term in self.plan.constants

    def put(self, column: str, values: Any, derived: bool = False) -> None:
        """The table's column will hold these values; a derived one follows from others and is never compared."""
        series = values if isinstance(values, pl.Series) else pl.Series(column, values)
        self.out[column] = series.alias(column)
        if derived:
            self.derived.add(column)

    def carry(self, name: str, values: pl.Series) -> None:
        """The values travel beside the row until `finish`, under a name with a leading underscore."""
        self.hold[name] = values.alias(name)

    def first_day(self) -> pl.Series | None:
        """The first column of days that the table will hold, where it holds one."""
        kinds = {f.attname: f.get_internal_type() for f in self.target.model._meta.concrete_fields}
        return next((s for c, s in self.out.items() if kinds.get(c) == "DateField"), None)

    def column_of(self, term: str) -> str:
        """What the file calls the column of a term; the field's words where a program of ours named it by the term."""
        name = self.columns.get(term, term)
        if name == "_wkb":
            return _("hình")
        if name == term and self.plan.known == PROGRAM:
            return next((str(f.label) for f in self.target.fields if f.term == term), name)
        return name

    def refuse(self, where: Any, term: str, rule: str, told: str | list[str]) -> None:
        """The rows are refused, each with its cell, the rule and how to mend it."""
        mask = mask_of(where)
        if mask.any():
            given = self.words.get(term)
            values = None if given is None else given.filter(pl.Series(mask)).to_list()
            self.problems.add(mask, self.column_of(term), values, rule, told)

    def bar(self, where: Any, term: str, column: str) -> None:
        """These rows point by `term` at a record that the actor may not change: they are refused if they would be
        new, or if `column` would change; what stands so already may stay."""
        mask = mask_of(where)
        if mask.any():
            self.bars.append((mask, term, column))

    def omit(self, where: Any, term: str, rule: str, told: str) -> None:
        """The rows are no data: they are left out, each with its cell and the reason."""
        mask = mask_of(where) & ~self.problems.omitted
        if mask.any():
            given = self.words.get(term, self.extra.get(term))
            values = None if given is None else given.filter(pl.Series(mask)).to_list()
            self.problems.omit(mask, self.column_of(term), values, rule, told)

    def note(self, code: str, term: str, where: Any, vi: str) -> None:
        """Something was understood in one of several ways; the file's page says so with a count."""
        mask = mask_of(where) & ~self.problems.omitted
        if mask.any():
            self.run.notes.add(code, self.plan.table, self.column_of(term), vi, self.rows[mask])

    def keep(self, term: str) -> None:
        """The term's cells are kept as written among the other terms."""
        if term in self.columns:
            self.extra[term] = self.words[term]
