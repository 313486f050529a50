"""Columns as the XML of a sheet's rows, all cells of a column at once: text stays text, dates stay dates."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from formats.rendering import text

HEAD, DAY, MOMENT = 1, 2, 3  # the styles of xlsx_parts
_EXACT = 2**53  # whole numbers from here on are not told apart by a workbook
_EPOCH = 25_569  # the number of 1 January 1970, days counted as Excel does
_BEGINS = 61  # 1 March 1900: earlier days are counted differently by different programs
_ODD = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]|_x[0-9A-Fa-f]{4}_"
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_MARKUP = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;"))


def rows_xml(columns: list[pa.Array], first: int, style: int = 0) -> pa.Buffer | None:
    """The rows as UTF-8 XML, the first of them numbered `first`; None where there are none.

    Texts must fit a cell. A cell that holds nothing is not written.
    """
    count = len(columns[0]) if columns else 0
    if not count:
        return None
    number = pa.array(range(first, first + count)).cast(pa.string())
    cells: list[pa.Array] = []
    for index, column in enumerate(columns):
        where = f'<c r="{letters(index)}'
        for kind, own, values in _typed(column):
            if values.null_count == count:
                continue
            look = f' s="{own or style}"' if own or style else ""
            before, after = (
                (f'"{look} t="inlineStr"><is><t xml:space="preserve">', "</t></is></c>")
                if kind == "inlineStr"
                else (f'"{look} t="{kind}"><v>', "</v></c>")
                if kind
                else (f'"{look}><v>', "</v></c>")
            )
            cells.append(pc.binary_join_element_wise(where, number, before, values, after, ""))
    lines = pc.binary_join_element_wise('<row r="', number, '">', *cells, "</row>", "", null_handling="skip")
    return lines.buffers()[2]


def _typed(column: pa.Array) -> Iterator[tuple[str, int, pa.Array]]:
    """What the file calls the cells ("" for a number), their style, and their text; null where a cell is not so."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        yield from _typed(column.dictionary_decode())
    elif pa.types.is_boolean(kind):
        yield "b", 0, pc.if_else(column, "1", "0")
    elif pa.types.is_integer(kind):
        exact = (
            pc.and_(pc.less(column, _EXACT), pc.greater(column, -_EXACT)) if kind.bit_width == 64 else None
        )
        yield from _split(column, exact, column.cast(pa.string()), 0)
    elif pa.types.is_floating(kind):
        value = column.cast(pa.float64())
        yield from _split(column, pc.less(pc.abs(value), float(_EXACT)), value.cast(pa.string()), 0)
    elif pa.types.is_date(kind):
        day = pc.add(column.cast(pa.date32()).cast(pa.int32()), _EPOCH)
        yield from _split(column, pc.greater_equal(day, _BEGINS), day.cast(pa.string()), DAY)
    elif pa.types.is_timestamp(kind) and kind.tz is None:
        moment = column.cast(pa.timestamp("us"), safe=False).cast(pa.int64())
        serial = pc.add(pc.divide(moment.cast(pa.float64(), safe=False), 86_400e6), float(_EPOCH))
        known = pc.greater_equal(serial, float(_BEGINS))
        yield from _split(column, known, serial.cast(pa.string()), MOMENT)
    else:
        yield "inlineStr", 0, _escaped(_as_text(column))


def _split(
    column: pa.Array, holds: pa.Array | None, number: pa.Array, style: int
) -> Iterator[tuple[str, int, pa.Array]]:
    """Cells that a workbook holds as they are, as numbers; the others as text."""
    if holds is None or pc.all(holds).as_py() is not False:
        yield "", style, number
        return
    nothing = pa.scalar(None, pa.string())
    yield "", style, pc.if_else(holds, number, nothing)
    other = text(column.filter(pc.invert(holds)))
    yield (
        "inlineStr",
        0,
        pc.replace_with_mask(pa.nulls(len(column), pa.string()), _sure(pc.invert(holds)), other),
    )


def _sure(mask: pa.Array) -> pa.Array:
    return pc.fill_null(mask, False)


def _as_text(column: pa.Array) -> pa.Array:
    kind = column.type
    if pa.types.is_string(kind):
        return column
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return column.cast(pa.string())
    return text(column)


def _escaped(words: pa.Array) -> pa.Array:
    """The same with what XML cannot hold written as `_x0001_`, as Excel reads it."""
    odd = _sure(pc.match_substring_regex(words, _ODD))
    if pc.any(odd).as_py():
        mended = [_mended(w) for w in words.filter(odd).to_pylist()]
        words = pc.replace_with_mask(words, odd, pa.array(mended, pa.string()))
    for sign, written in _MARKUP:
        if pc.any(pc.match_substring(words, sign)).as_py():
            words = pc.replace_substring(words, sign, written)
    return words


def _mended(word: str) -> str:
    word = _LIKE_AN_ESCAPE.sub("_x005F_", word)
    return _UNWRITABLE.sub(lambda m: f"_x{ord(m[0]):04X}_", word)


def letters(index: int) -> str:
    """ "A" for 0, "AB" for 27."""
    name, left = "", index + 1
    while left:
        left, rest = divmod(left - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
