"""Cells read as numbers, days, codes: what cannot be read for sure is refused with the way to mend it."""

from typing import TYPE_CHECKING, Any

import polars as pl
from django.utils.translation import gettext as _

from baoton.kit.importing.target import Field
from baoton.kit.importing.tidy import blanks, fold
from formats import dates

if TYPE_CHECKING:
    from baoton.kit.importing.chunk import Chunk

PLAIN = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
COMMA = r"^[+-]?\d+,\d+$"
THOUSANDS = r"^[+-]?\d{1,3}([., ]\d{3})+$"
TRUE = {"true", "yes", "y", "1", "co", "dung", "x", "t"}
FALSE = {"false", "no", "n", "0", "khong", "sai", "f"}


def read(chunk: "Chunk", field: Field) -> None:
    """The chunk's model column holds the field's values; cells that cannot be read refuse their rows."""
    text = chunk.text(field.term)
    if field.kind == "text":
        chunk.put(field.column, _fitting(chunk, field, text))
    elif field.kind == "integer":
        chunk.put(field.column, integers(chunk, field.term, text))
    elif field.kind == "number":
        chunk.put(field.column, numbers(chunk, field.term, text))
    elif field.kind == "boolean":
        chunk.put(field.column, _booleans(chunk, field, text))
    elif field.kind == "day":
        chunk.put(field.column, _days(chunk, field, text))
    else:
        chunk.put(field.column, codes(chunk, field, text))


def _fitting(chunk: "Chunk", field: Field, text: pl.Series) -> pl.Series:
    most = chunk.target.longest(field.column)
    if most is not None:
        long = (text.str.len_chars() > most).fill_null(False)
        if long.any():
            told = _("Dài quá %(most)d ký tự; rút ngắn rồi nhập lại.") % {"most": most}
            chunk.refuse(long, field.term, "too_long", told)
    return text


def without_words(chunk: "Chunk", term: str, text: pl.Series) -> pl.Series:
    """The column with words for 'unknown' made blank, which is told once for the file."""
    said = blanks(text)
    if not said.any():
        return text
    chunk.note("read_as_blank", term, said, _("Ô ghi “không rõ”, “NA”… được hiểu là để trống."))
    return text.zip_with(~said, pl.Series([None], dtype=pl.String).new_from_index(0, len(text)))


def numbers(chunk: "Chunk", term: str, text: pl.Series) -> pl.Series:
    """Numbers with a point or a decimal comma; `1,234` may mean two things and is refused."""
    text = without_words(chunk, term, text)
    value = text.cast(pl.Float64, strict=False)
    odd = (text.is_not_null() & (value.is_null() | ~value.is_finite())).fill_null(False)
    if not odd.any():
        return value
    comma = odd & text.str.contains(COMMA) & ~(text.str.contains(THOUSANDS) & ~text.str.contains(r"^[+-]?0,"))
    if comma.any():
        value = value.zip_with(
            ~comma, text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
        )
        chunk.note("decimal_comma", term, comma, _("Dấu phẩy được hiểu là dấu thập phân."))
    unread = odd & ~comma
    unsure = unread & text.str.contains(THOUSANDS)
    chunk.refuse(
        unsure,
        term,
        "ambiguous_number",
        _(
            "Không rõ dấu phẩy là thập phân hay hàng nghìn; viết số bằng dấu chấm thập phân, không ngăn hàng nghìn."
        ),
    )
    chunk.refuse(unread & ~unsure, term, "not_a_number", _("Không phải số; ghi một số hoặc để trống."))
    return value


def integers(chunk: "Chunk", term: str, text: pl.Series) -> pl.Series:
    """Whole numbers; groups of three digits are read as thousands, since a count has no fraction."""
    text = without_words(chunk, term, text)
    value = text.cast(pl.Int64, strict=False)
    odd = (text.is_not_null() & value.is_null()).fill_null(False)
    if odd.any():
        grouped = odd & text.str.contains(THOUSANDS)
        if grouped.any():
            joined = text.str.replace_all("[., ]", "").cast(pl.Int64, strict=False)
            value = value.zip_with(~grouped, joined)
            chunk.note("thousands", term, grouped, _("Dấu chấm, phẩy được hiểu là ngăn hàng nghìn."))
        whole = odd & ~grouped & text.str.contains(r"^[+-]?\d+[.,]0+$")
        value = value.zip_with(~whole, text.str.extract(r"^([+-]?\d+)").cast(pl.Int64, strict=False))
        unread = odd & ~grouped & ~whole
        chunk.refuse(
            unread, term, "not_an_integer", _("Không phải số nguyên; ghi một số nguyên hoặc để trống.")
        )
    big = (value.abs() > 2_147_483_647).fill_null(False)
    chunk.refuse(big, term, "too_big", _("Số quá lớn."))
    return value


def _booleans(chunk: "Chunk", field: Field, text: pl.Series) -> pl.Series:
    folded = fold(text)
    yes, no = folded.is_in(list(TRUE)).fill_null(False), folded.is_in(list(FALSE)).fill_null(False)
    chunk.refuse(text.is_not_null() & ~yes & ~no, field.term, "not_yes_no", _("Ghi “có” hoặc “không”."))
    return (
        yes.to_frame("y")
        .with_columns(known=yes | no)
        .select(pl.when("known").then("y").otherwise(None))
        .to_series()
    )


def codes(chunk: "Chunk", field: Field, text: pl.Series) -> pl.Series:
    """Stored values of coded cells; an unknown one refuses its row and names the values there are."""
    kinds = text.unique().drop_nulls()
    known = {w: field.values.get(f) for w, f in zip(kinds, fold(kinds), strict=True)}
    strange = [w for w, v in known.items() if v is None]
    if strange:
        allowed = ", ".join(dict.fromkeys(str(v) for v in field.values.values()))
        told = _("Giá trị không có trong danh sách: %(allowed)s. Sửa ô, hoặc chỉ rõ nghĩa ở bước giá trị.")
        chunk.refuse(
            text.is_in(strange).fill_null(False), field.term, "unknown_value", told % {"allowed": allowed}
        )
    return text.replace_strict(known, default=None, return_dtype=pl.String)


def _days(chunk: "Chunk", field: Field, text: pl.Series) -> pl.Series:
    read_ = days(chunk, text)
    bad = text.is_not_null() & read_["start"].is_null()
    chunk.refuse(
        bad, field.term, "unreadable_date", _("Không đọc được ngày; viết như 2026-01-31 hoặc 31/01/2026.")
    )
    wide = (read_["start"] != read_["end"]).fill_null(False)
    chunk.refuse(
        wide, field.term, "not_one_day", _("Cần đúng một ngày, không phải một tháng hay một khoảng.")
    )
    told_dates(chunk, field.term, read_["code"])
    return read_["start"]


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
