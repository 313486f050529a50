"""How a column of written cells is read as numbers, days, codes; a form's one cell is a column of one.

Each function takes the tidied text and a `Tell`, and gives the values, null where nothing is known. What cannot
be read for sure is refused with the way to mend it; what was understood in one of several ways is noted.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import polars as pl
from django.utils.translation import gettext as _

from formats import dates

COMMA = r"^[+-]?\d+,\d+$"
THOUSANDS = r"^[+-]?\d{1,3}([., ]\d{3})+$"
TRUE = {"true", "yes", "y", "1", "co", "dung", "x", "t"}
FALSE = {"false", "no", "n", "0", "khong", "sai", "f"}
BLANKS = frozenset({"unknown", "na", "n/a", "null", "none", "nan", "-", "--", "?", "không rõ", "khong ro"})
BIGGEST = 2_147_483_647


class Tell(Protocol):
    """Whoever reads a column hears what is wrong with its cells, and what was understood of odd ones."""

    def refuse(self, where: pl.Series, rule: str, told: str) -> None: ...

    def note(self, code: str, where: pl.Series, told: str) -> None: ...


def fold(column: pl.Series) -> pl.Series:
    """Lower case without diacritics or signs, for looking coded values up."""
    bare = column.str.to_lowercase().str.normalize("NFD").str.replace_all(r"\p{M}", "")
    return bare.str.replace_all("đ", "d").str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()


def blanks(column: pl.Series) -> pl.Series:
    """Where the cell says in words that nothing is known."""
    said = column.str.to_lowercase().is_in(list(BLANKS))
    return (said | column.str.contains(r"^[+-]\d\d:\d\d$")).fill_null(False)  # an hour of a zone is no time


def empty(n: int) -> pl.Series:
    return pl.Series([None], dtype=pl.String).new_from_index(0, n)


def fitting(text: pl.Series, tell: Tell, most: int | None) -> pl.Series:
    """The words themselves; one longer than the table holds is refused, never cut."""
    if most is not None:
        long = (text.str.len_chars() > most).fill_null(False)
        tell.refuse(long, "too_long", _("Dài quá %(most)d ký tự; rút ngắn rồi nhập lại.") % {"most": most})
    return text


def without_words(text: pl.Series, tell: Tell) -> pl.Series:
    """The column with words for 'unknown' made blank, which is told once for the file."""
    said = blanks(text)
    if not said.any():
        return text
    tell.note("read_as_blank", said, _("Ô ghi “không rõ”, “NA”… được hiểu là để trống."))
    return text.zip_with(~said, empty(len(text)))


def numbers(text: pl.Series, tell: Tell) -> pl.Series:
    """Numbers with a point or a decimal comma; `1,234` may mean two things and is refused."""
    text = without_words(text, tell)
    value = text.cast(pl.Float64, strict=False)
    odd = (text.is_not_null() & (value.is_null() | ~value.is_finite())).fill_null(False)
    if not odd.any():
        return value
    comma = odd & text.str.contains(COMMA) & ~(text.str.contains(THOUSANDS) & ~text.str.contains(r"^[+-]?0,"))
    if comma.any():
        point = text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
        value = value.zip_with(~comma, point)
        tell.note("decimal_comma", comma, _("Dấu phẩy được hiểu là dấu thập phân."))
    unread = odd & ~comma
    unsure = unread & text.str.contains(THOUSANDS)
    told = _(
        "Không rõ dấu phẩy là thập phân hay hàng nghìn; viết số bằng dấu chấm thập phân, không ngăn hàng nghìn."
    )
    tell.refuse(unsure, "ambiguous_number", told)
    tell.refuse(unread & ~unsure, "not_a_number", _("Không phải số; ghi một số hoặc để trống."))
    return value


def integers(text: pl.Series, tell: Tell, biggest: int = BIGGEST) -> pl.Series:
    """Whole numbers; groups of three digits are read as thousands, since a count has no fraction."""
    text = without_words(text, tell)
    value = text.cast(pl.Int64, strict=False)
    odd = (text.is_not_null() & value.is_null()).fill_null(False)
    if odd.any():
        grouped = odd & text.str.contains(THOUSANDS)
        if grouped.any():
            joined = text.str.replace_all("[., ]", "").cast(pl.Int64, strict=False)
            value = value.zip_with(~grouped, joined)
            tell.note("thousands", grouped, _("Dấu chấm, phẩy được hiểu là ngăn hàng nghìn."))
        whole = odd & ~grouped & text.str.contains(r"^[+-]?\d+[.,]0+$")
        value = value.zip_with(~whole, text.str.extract(r"^([+-]?\d+)").cast(pl.Int64, strict=False))
        unread = odd & ~grouped & ~whole
        tell.refuse(unread, "not_an_integer", _("Không phải số nguyên; ghi một số nguyên hoặc để trống."))
    tell.refuse((value.abs() > biggest).fill_null(False), "too_big", _("Số quá lớn."))
    return value


def within(value: pl.Series, tell: Tell, least: float | None, most: float | None) -> pl.Series:
    """The values, those below the least or above the most refused with the limit named."""
    if least is not None:
        told = _("Không được nhỏ hơn %(least)s.") % {"least": f"{least:g}"}
        tell.refuse((value < least).fill_null(False), "too_small", told)
    if most is not None:
        told = _("Không được lớn hơn %(most)s.") % {"most": f"{most:g}"}
        tell.refuse((value > most).fill_null(False), "too_big", told)
    return value


def booleans(text: pl.Series, tell: Tell) -> pl.Series:
    """Yes or no in either language; anything else is refused."""
    folded = fold(text)
    yes, no = folded.is_in(list(TRUE)).fill_null(False), folded.is_in(list(FALSE)).fill_null(False)
    tell.refuse(text.is_not_null() & ~yes & ~no, "not_yes_no", _("Ghi “có” hoặc “không”."))
    table = yes.to_frame("y").with_columns(known=yes | no)
    return table.select(pl.when("known").then("y").otherwise(None)).to_series()


def codes(text: pl.Series, tell: Tell, values: Mapping[str, Any], labels: Sequence[str] = ()) -> pl.Series:
    """Stored values of coded cells by their folded spelling; an unknown one names the values there are, by `labels`
    where they have words."""
    kinds = text.unique().drop_nulls()
    known = {w: values.get(f) for w, f in zip(kinds, fold(kinds), strict=True)}
    strange = [w for w, v in known.items() if v is None]
    if strange:
        allowed = ", ".join(labels or dict.fromkeys(str(v) for v in values.values()))
        told = _("Giá trị không có trong danh sách: %(allowed)s. Sửa ô, hoặc chỉ rõ nghĩa ở bước giá trị.")
        tell.refuse(text.is_in(strange).fill_null(False), "unknown_value", told % {"allowed": allowed})
    return text.replace_strict(known, default=None, return_dtype=pl.String)


def days(text: pl.Series, tell: Tell, read: pl.DataFrame | None = None) -> pl.Series:
    """Single days; a month or a span is refused. `read` holds start, end and code where a file was read as one."""
    if read is None:
        found = dates.parse(text.to_list(), order="dmy")
        read = pl.DataFrame(
            {"start": pl.Series(found.start).cast(pl.Date), "end": pl.Series(found.end).cast(pl.Date)}
        )
    bad = text.is_not_null() & read["start"].is_null()
    tell.refuse(bad, "unreadable_date", _("Không đọc được ngày; viết như 2026-01-31 hoặc 31/01/2026."))
    wide = (read["start"] != read["end"]).fill_null(False)
    tell.refuse(wide, "not_one_day", _("Cần đúng một ngày, không phải một tháng hay một khoảng."))
    return read["start"]
