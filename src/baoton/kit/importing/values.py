"""The cells of a file's column read as its field's kind says; problems and notes go to the batch."""

import polars as pl

from baoton.kit.importing import days
from baoton.kit.importing.chunk import Chunk
from baoton.kit.importing.target import Field
from baoton.kit.kinds import cells


class Telling:
    """What a kind says of one column's cells, told to the batch under the column's own name."""

    def __init__(self, chunk: Chunk, term: str) -> None:
        self.chunk, self.term = chunk, term

    def refuse(self, where: pl.Series, rule: str, told: str) -> None:
        self.chunk.refuse(where, self.term, rule, told)

    def note(self, code: str, where: pl.Series, told: str) -> None:
        self.chunk.note(code, self.term, where, told)


def read(chunk: Chunk, field: Field) -> None:
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
        text = cells.without_words(text, tell)
        found = days.with_century(chunk, field.term, days.read(chunk, field.term, text))
        values = cells.days(text, tell, found)
        days.refuse_doubtful(chunk, field.term, text, found)
    else:
        values = cells.codes(text, tell, field.values)
    chunk.put(field.column, values)


def numbers(chunk: Chunk, term: str, text: pl.Series) -> pl.Series:
    """Numbers of a column, as `cells.numbers` reads them."""
    return cells.numbers(text, Telling(chunk, term))


def integers(chunk: Chunk, term: str, text: pl.Series) -> pl.Series:
    """Whole numbers of a column, as `cells.integers` reads them."""
    return cells.integers(text, Telling(chunk, term))


def without_words(chunk: Chunk, term: str, text: pl.Series) -> pl.Series:
    """The column with words for 'unknown' made blank."""
    return cells.without_words(text, Telling(chunk, term))
