"""The cells of a file's column read as its field's kind says; problems and notes go to the batch."""

from typing import TYPE_CHECKING, Any

import polars as pl
from django.utils.translation import gettext as _

from baoton.kit.importing.target import Field
from baoton.kit.kinds import cells
from formats import dates

if TYPE_CHECKING:
    from baoton.kit.importing.chunk import Chunk


class Telling:
    """What a kind says of one column's cells, told to the batch under the column's own name."""

    def __init__(self, chunk: "Chunk", term: str) -> None:
        self.chunk, self.term = chunk, term

    def refuse(self, where: pl.Series, rule: str, told: str) -> None:
        self.chunk.refuse(where, self.term, rule, told)

    def note(self, code: str, where: pl.Series, told: str) -> None:
        self.chunk.note(code, self.term, where, told)


def read(chunk: "Chunk", field: Field) -> None:
    """The chunk's model column holds the field's values; cells that cannot be read refuse their rows."""
    text, tell = chunk.text(field.term), Telling(chunk, field.term)
    if field.kind == "text":
        values = cells.fitting(text, tell, chunk.target.longest(field.column))
    elif field.kind == "integer":
        values = cells.integers(text, tell)
    elif field.kind == "number":
        values = cells.numbers(text, tell)
    elif field.kind == "boolean":
        values = cells.booleans(text, tell)
    elif field.kind == "day":
        found = days(chunk, text)
        values = cells.days(text, tell, found)
        told_dates(chunk, field.term, found["code"])
    else:
        values = cells.codes(text, tell, field.values)
    chunk.put(field.column, values)


def numbers(chunk: "Chunk", term: str, text: pl.Series) -> pl.Series:
    """Numbers of a column, as `cells.numbers` reads them."""
    return cells.numbers(text, Telling(chunk, term))


def integers(chunk: "Chunk", term: str, text: pl.Series) -> pl.Series:
    """Whole numbers of a column, as `cells.integers` reads them."""
    return cells.integers(text, Telling(chunk, term))


def without_words(chunk: "Chunk", term: str, text: pl.Series) -> pl.Series:
    """The column with words for 'unknown' made blank."""
    return cells.without_words(text, Telling(chunk, term))


def days(chunk: "Chunk", text: pl.Series) -> pl.DataFrame:
    """Columns start, end (dates), code and precision for each cell; a spelling is read once in a whole file."""
    order = chunk.plan.date_order
    known: pl.DataFrame | None = chunk.run.held.get(f"days {order}")
    kinds = pl.DataFrame({"text": text.unique()})
    fresh = kinds if known is None else kinds.join(known, on="text", how="anti", nulls_equal=True)
    if len(fresh):
        found = dates.parse(fresh["text"].to_list(), order=order)
        table = fresh.with_columns(
            start=pl.Series(found.start).cast(pl.Date),
            end=pl.Series(found.end).cast(pl.Date),
            code=pl.Series(list(found.codes), dtype=pl.String),
            precision=pl.Series(list(found.precision), dtype=pl.String),
        )
        known = table if known is None else pl.concat([known, table])
        chunk.run.held[f"days {order}"] = known
    assert known is not None
    return text.to_frame("text").join(known, on="text", how="left", nulls_equal=True, maintain_order="left")


def told_dates(chunk: "Chunk", term: str, codes_: pl.Series) -> None:
    """What was understood of odd dates is told once for the file, with the rows it was seen on."""
    told: dict[str, Any] = {
        "ambiguous": _("Ngày và tháng có thể đảo nhau; được đọc theo thứ tự đã chọn."),
        "excel_serial": _("Số ngày kiểu Excel được đổi thành ngày."),
    }
    for code, vi in told.items():
        chunk.note(code, term, (codes_ == code).fill_null(False), vi)
