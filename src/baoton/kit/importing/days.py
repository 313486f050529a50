"""A column of dates in a file: read as one, the doubtful cells refused with the reason, what is understood told."""

from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from baoton.kit.importing.chunk import Chunk
from formats import date_columns
from formats.date_columns import Habits
from formats.source import Findings

SINCE = 1980  # two figures beside a named month are this century unless the column goes further back


def read(chunk: Chunk, term: str, text: pl.Series) -> pl.DataFrame:
    """For each cell the columns of `date_columns.read`."""
    chosen = chunk.plan.date_order
    found = _parsed(chunk, text, chosen or "dmy")
    odd = found["ambiguous"] | found["code"].is_in(["other_order", "buddhist_era", "short_year"])
    mixed = _is_mixed(chunk, term)
    if not mixed and not odd.fill_null(False).any():
        return found
    habits = _habits(chunk, term, text)
    if not chosen and habits.settled == "mdy" and not habits.evidence.order:
        found = _parsed(chunk, text, "mdy")
        told = _("Tiêu đề cột nói tháng trước, ngày sau; được đọc như thế.")
        chunk.note("month_first", term, found["ambiguous"].fill_null(False), told)
    elif not chosen and habits.settled == "mdy":
        found = _parsed(chunk, text, "mdy")
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
    header = chunk.column_of(term)
    told = {"a": habits.evidence.day_first_cell or header, "b": habits.evidence.month_first_cell or header}
    if habits.settled == "both":
        chunk.refuse(
            doubtful, term, "ambiguous_date",
            _("Đọc được hai cách: cột này có cả ô ngày trước (“%(a)s”) lẫn ô tháng trước (“%(b)s”). Viết như "
              "2025-05-03, hoặc chọn thứ tự ngày, tháng ở bước cột.") % told,
        )  # fmt: skip
    elif habits.settled == "":
        chunk.note(
            "ambiguous",
            term,
            doubtful,
            _("Ngày và tháng có thể đảo nhau; được đọc ngày trước, tháng sau. Nếu sai, chọn lại ở bước cột."),
        )
    if habits.swapped and _is_mixed(chunk, term):
        real = text.str.contains(date_columns.REAL).fill_null(False) & habits.doubtful(found["start"])
        if settled is not None:
            real = real & ~settled
        chunk.refuse(
            real, term, "swapped_by_excel",
            _("Cột trộn ô ngày thật của Excel với chữ (“%(cell)s”): Excel có thể đã đảo ngày và tháng của ô này. "
              "Xem lại bản gốc và viết cả cột như 2025-05-03, hoặc chọn thứ tự ngày, tháng ở bước cột.")
            % {"cell": habits.evidence.day_first_cell or habits.evidence.month_first_cell},
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
    if chosen not in date_columns.CENTURIES or not short.any():
        return found
    chunk.note("century_chosen", term, short, _("Năm viết hai chữ số; lấy thế kỷ đã chọn cho tệp."))
    return date_columns.in_century(found, short, chosen)


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
    table, column = _table(chunk), chunk.column_of(term)
    habits = Habits(stated=date_columns.stated_order(column))
    mixed = _is_mixed(chunk, term)
    if table is None or column not in table.columns or table.count() == chunk.n:
        habits.take(text.drop_nulls().unique(maintain_order=True), mixed, _since_1904(table))
    else:
        for batch in table.read(50_000, Findings()):
            cells = pl.Series(batch.column(column)).str.strip_chars()
            habits.take(cells.drop_nulls().unique(maintain_order=True), mixed, _since_1904(table))
    chunk.run.held[name] = habits
    return habits


def _since_1904(table: Any) -> bool:
    return bool(table is not None and table.metadata.get("since_1904"))


def _parsed(chunk: Chunk, text: pl.Series, order: str) -> pl.DataFrame:
    """Each spelling is read once in a whole file."""
    since_1904 = _since_1904(_table(chunk))
    name, held = f"days {order} {since_1904}", chunk.run.held
    known: pl.DataFrame | None = held.get(name)
    kinds = pl.DataFrame({"text": text.unique()})
    fresh = kinds if known is None else kinds.join(known, on="text", how="anti", nulls_equal=True)
    if len(fresh):
        found = date_columns.read(fresh["text"], order, since_1904)
        known = held[name] = found if known is None else pl.concat([known, found])
    assert known is not None
    return (
        text.to_frame("text")
        .join(known, on="text", how="left", nulls_equal=True, maintain_order="left")
        .drop("text")
    )
