"""A column of dates read as one: its cells prove the order of day and month, or the doubtful ones are asked about."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from baoton.kit.importing.chunk import Chunk
from baoton.kit.importing.contract import Reads
from formats import dates
from formats.source import Findings

REAL = r"^\d{4}-\d{2}-\d{2}(T|$)"
SCHEMA = {"start": pl.Date, "end": pl.Date, "code": pl.String, "precision": pl.String, "iso": pl.String,
          "ambiguous": pl.Boolean, "only": pl.String}  # fmt: skip
MANY = 3  # so many real dates, none after the 12th, are no chance (one in sixteen)
NEAR = 31
SINCE = 1980  # two figures beside a named month are this century unless the column goes further back


@dataclass
class Habits:
    """How one column writes its dates, found once for a whole file. `order` is "" until its cells are asked."""

    order: str = ""
    evidence: dates.Evidence = field(default_factory=dates.Evidence)
    real_days: int = 0
    """cells that are real dates of a workbook and could have day and month changed places"""
    real_sure: int = 0
    texts: tuple[dt.date, dt.date] | None = None
    """the first and last day that the texts of one order tell"""

    @property
    def swapped(self) -> bool:
        """Texts of one order only, beside real dates that all could be swapped: the workbook may have read the
        others the other way."""
        return bool(self.real_days) and not self.real_sure and self.evidence.order in ("dmy", "mdy")

    def doubtful(self, start: pl.Series) -> pl.Series:
        """Real dates nearer the texts with day and month changed places, or as near and too many to be chance."""
        if not self.swapped or self.texts is None:
            return pl.Series([False]).new_from_index(0, len(start))
        first, last = (t + dt.timedelta(days=by) for t, by in zip(self.texts, (-NEAR, NEAR), strict=True))
        turned = pl.date(pl.col("d").dt.year(), pl.col("d").dt.day(), pl.col("d").dt.month())
        table = pl.DataFrame({"d": start.set(~_may_swap(start.to_frame("start")), None)})
        inside = table.select(here=pl.col("d").is_between(first, last), there=turned.is_between(first, last))
        many = self.real_days >= MANY
        return (inside["there"] & (~inside["here"] | many)).fill_null(False)


def read(chunk: Chunk, term: str, text: pl.Series) -> pl.DataFrame:
    """For each cell the columns of `SCHEMA`; `only` is the sole order that makes a date of it."""
    chosen = chunk.plan.date_order
    found = _parsed(chunk.run, chunk.plan.table, text, chosen or "dmy")
    odd = found["ambiguous"] | found["code"].is_in(["other_order", "buddhist_era", "short_year"])
    mixed = _is_mixed(chunk, term)
    if not mixed and not odd.fill_null(False).any():
        return found
    habits = _habits(chunk, term, text)
    if not chosen and habits.evidence.order == "mdy":
        found = _parsed(chunk.run, chunk.plan.table, text, "mdy")
        chunk.note(
            "month_first", term, found["ambiguous"].fill_null(False),
            _("Cột này viết tháng trước, ngày sau (ô “%(cell)s” chỉ đọc được như thế), nên cả cột được đọc như thế.")
            % {"cell": habits.evidence.month_first_cell},
        )  # fmt: skip
    return found


def refuse_doubtful(
    chunk: Chunk, term: str, text: pl.Series, found: pl.DataFrame, settled: Any = None
) -> None:
    """Cells that may mean two days refuse their rows, unless another column settles it; what is understood is told."""
    _refuse_years(chunk, term, found)
    doubtful = found["ambiguous"].fill_null(False) & found["start"].is_not_null()
    if settled is not None:
        doubtful = doubtful & ~settled
    habits = habits_of(chunk, term)
    if habits is None or chunk.plan.date_order:
        chunk.note(
            "ambiguous", term, doubtful, _("Ngày và tháng có thể đảo nhau; được đọc theo thứ tự đã chọn.")
        )
        return
    told = {"a": habits.evidence.day_first_cell, "b": habits.evidence.month_first_cell}
    if habits.evidence.order == "both":
        chunk.refuse(
            doubtful, term, "ambiguous_date",
            _("Đọc được hai cách: cột này có cả ô ngày trước (“%(a)s”) lẫn ô tháng trước (“%(b)s”). Viết như "
              "2025-05-03, hoặc chọn thứ tự ngày, tháng ở bước cột.") % told,
        )  # fmt: skip
    elif habits.evidence.order == "":
        chunk.note(
            "ambiguous",
            term,
            doubtful,
            _("Ngày và tháng có thể đảo nhau; được đọc ngày trước, tháng sau. Nếu sai, chọn lại ở bước cột."),
        )
    if habits.swapped and _is_mixed(chunk, term):
        real = text.str.contains(REAL).fill_null(False) & habits.doubtful(found["start"])
        if settled is not None:
            real = real & ~settled
        chunk.refuse(
            real, term, "swapped_by_excel",
            _("Cột trộn ô ngày thật của Excel với chữ (“%(cell)s”): Excel có thể đã đảo ngày và tháng của ô này. "
              "Xem lại bản gốc và viết cả cột như 2025-05-03, hoặc chọn thứ tự ngày, tháng ở bước cột.")
            % {"cell": told["a"] or told["b"]},
        )  # fmt: skip


def _refuse_years(chunk: Chunk, term: str, found: pl.DataFrame) -> None:
    code = found["code"]
    rules = {
        "future": _("Ngày ở tương lai; kiểm tra lại năm."),
        "too_old": _("Năm quá xa (trước 1500), thường do ô trống bị điền số; sửa lại hoặc để trống."),
        "two_digit_year": _(
            "Năm viết hai chữ số, không rõ thế kỷ nào; viết đủ bốn chữ số, hoặc chọn thế kỷ ở bước cột."
        ),
    }
    for rule, told in rules.items():
        chunk.refuse((code == rule).fill_null(False), term, rule, told)
    habits = habits_of(chunk, term)
    short = (code == "short_year").fill_null(False)
    if short.any():
        far = short & ((found["start"].dt.year() < 2000).fill_null(True) | (_oldest(habits) < SINCE))
        chunk.refuse(far, term, "two_digit_year", rules["two_digit_year"])
        chunk.note("short_year", term, short & ~far, _("Năm viết hai chữ số được hiểu là thế kỷ này."))
    buddhist = (code == "buddhist_era").fill_null(False)
    if habits is not None and habits.evidence.other_years:
        chunk.refuse(buddhist, term, "buddhist_era",
                     _("Năm có vẻ theo Phật lịch, các ô khác theo dương lịch; trừ đi 543 rồi nhập lại."))  # fmt: skip
    else:
        chunk.note("buddhist_era", term, buddhist, _("Cả cột viết năm Phật lịch; đã trừ 543."))
    chunk.note("excel_serial", term, (code == "excel_serial").fill_null(False),
               _("Số ngày kiểu Excel được đổi thành ngày."))  # fmt: skip


def _oldest(habits: Habits | None) -> int:
    return 9999 if habits is None else habits.evidence.oldest


def with_century(chunk: Chunk, term: str, found: pl.DataFrame) -> pl.DataFrame:
    """Two-digit years in the century a person chose for the file, and told so."""
    chosen = chunk.plan.short_years
    short = found["code"].is_in(["two_digit_year", "short_year"]).fill_null(False)
    if chosen not in {"1900", "2000", "pivot"} or not short.any():
        return found
    year = pl.col("start").dt.year()
    move = (pl.lit(0) if chosen == "pivot" else int(chosen) + year % 100 - year).cast(pl.Int32)
    moved = moved_years(found.with_columns(_by=move), short, pl.col("_by")).drop("_by")
    ahead = short & (moved["start"] > dt.date.today()).fill_null(False)
    chunk.note("century_chosen", term, short, _("Năm viết hai chữ số; lấy thế kỷ đã chọn cho tệp."))
    return moved.with_columns(
        code=pl.when(ahead).then(pl.lit("future")).when(short).then(pl.lit("century")).otherwise("code")
    )


def moved_years(found: pl.DataFrame, where: pl.Series, by: pl.Expr) -> pl.DataFrame:
    """The rows' days some years later; their words in ISO 8601 with them."""
    days = [
        pl.when(where).then(pl.col(c).dt.offset_by(pl.format("{}y", by))).otherwise(c).alias(c)
        for c in ("start", "end")
    ]
    moved = found.with_columns(days)
    tail = pl.col("iso").str.slice(4)
    whole = pl.when(where & (pl.col("precision") != "range")).then(
        pl.concat_str(pl.col("start").dt.strftime("%Y"), tail)
    )
    spans = pl.when(where).then(
        pl.concat_str(
            pl.col("start").dt.strftime("%Y-%m-%d"), pl.lit("/"), pl.col("end").dt.strftime("%Y-%m-%d")
        )
    )
    return moved.with_columns(iso=pl.coalesce(whole, spans, "iso"))


def habits_of(chunk: Chunk, term: str) -> Habits | None:
    """What the column's cells proved, where they had to be asked."""
    found: Habits | None = chunk.run.held.get(_name(chunk.plan.table, chunk.column_of(term)))
    return found


def _name(table: str, column: str) -> str:
    return f"habits of {table} {column}"


def _is_mixed(chunk: Chunk, term: str) -> bool:
    table = _table(chunk)
    return table is not None and table.kinds.get(chunk.column_of(term)) == "mixed"


def _table(chunk: Chunk) -> Any:
    return next((t for t in chunk.run.source.tables if t.name == chunk.plan.table), None)


def _habits(chunk: Chunk, term: str, text: pl.Series) -> Habits:
    """The whole column asked once: this batch where it is the whole table, else every batch of the file."""
    name = _name(chunk.plan.table, chunk.column_of(term))
    if name in chunk.run.held:
        return chunk.run.held[name]
    habits, table, column = Habits(), _table(chunk), chunk.column_of(term)
    mixed = _is_mixed(chunk, term)
    if table is None or column not in table.columns or table.count() == chunk.n:
        _ask(habits, chunk, text.drop_nulls().unique(maintain_order=True), mixed)
    else:
        for batch in table.read(50_000, Findings()):
            cells = pl.Series(batch.column(column)).str.strip_chars()
            _ask(habits, chunk, cells.drop_nulls().unique(maintain_order=True), mixed)
    chunk.run.held[name] = habits
    return habits


def _ask(habits: Habits, chunk: Chunk, cells: pl.Series, mixed: bool) -> None:
    real = cells.str.contains(REAL) if mixed else None
    read_ = dates.parse(cells.to_list(), since_1904=_since_1904(chunk.run, chunk.plan.table))
    habits.evidence.take(cells.to_list(), read_)
    if real is not None:
        days = pl.DataFrame({"start": pl.Series(read_.start).cast(pl.Date)}).filter(real)
        may = _may_swap(days)
        habits.real_days += int(may.sum())
        habits.real_sure += int((days["start"].dt.day() > 12).sum())
        told = pl.Series(read_.start).cast(pl.Date).filter(pl.Series(read_.orders) != "")
        if len(told):
            known = [*told.to_list(), *(habits.texts or ())]
            habits.texts = (min(known), max(known))


def _may_swap(found: pl.DataFrame) -> pl.Series:
    day, month = found["start"].dt.day(), found["start"].dt.month()
    return ((day <= 12) & (day != month)).fill_null(False)


def _since_1904(run: Reads, table: str) -> bool:
    known = next((t for t in run.source.tables if t.name == table), None)
    return bool(known is not None and known.metadata.get("since_1904"))


def _parsed(run: Reads, table: str, text: pl.Series, order: str) -> pl.DataFrame:
    """Each spelling is read once in a whole file."""
    since_1904 = _since_1904(run, table)
    name = f"days {order} {since_1904}"
    known: pl.DataFrame | None = run.held.get(name)
    kinds = pl.DataFrame({"text": text.unique()})
    fresh = kinds if known is None else kinds.join(known, on="text", how="anti", nulls_equal=True)
    if len(fresh):
        read_ = dates.parse(fresh["text"].to_list(), order=order, since_1904=since_1904)
        table_ = fresh.with_columns(
            start=pl.Series(read_.start).cast(pl.Date),
            end=pl.Series(read_.end).cast(pl.Date),
            code=pl.Series(read_.codes, dtype=pl.String),
            precision=pl.Series(read_.precision, dtype=pl.String),
            iso=pl.Series(read_.iso, dtype=pl.String),
            ambiguous=pl.Series(read_.ambiguous, dtype=pl.Boolean),
            only=pl.Series(read_.orders, dtype=pl.String),
        )
        known = table_ if known is None else pl.concat([known, table_])
        run.held[name] = known
    assert known is not None
    return (
        text.to_frame("text")
        .join(known, on="text", how="left", nulls_equal=True, maintain_order="left")
        .drop("text")
    )
