"""How many were seen, as people write it: a number, or words that are kept with the least they surely mean."""

import re

import polars as pl
from django.utils.translation import gettext as _

from baoton.kit.importing.chunk import Chunk
from baoton.kit.importing.values import without_words
from formats.dwc import plain

TERM = "individualCount"
WORDS = "verbatimIndividualCount"
UNITS = {"don vi", "dvt", "don vi tinh", "unit", "units", "don vi do"}
SINGLE = {
    "con",
    "ca the",
    "cay",
    "than",
    "individual",
    "individuals",
    "ind",
    "inds",
    "indiv",
    "animal",
    "animals",
}
MOST = 2_147_483_647
_UNIT = r"(?:con|cá thể|ca the|cây|cay|individuals?|ind\.?|indiv\.?|pcs|chiếc)"
_EXACT = re.compile(rf"(\d+)\s*{_UNIT}", re.I)
_RANGE = re.compile(rf"(\d+)\s*(?:-|–|—|đến|to|~)\s*(\d+)\s*{_UNIT}?", re.I)
_LEAST = re.compile(
    rf"(?:>|≥|>=|=>|trên|hơn|ít nhất|tối thiểu|at least|min\.?)\s*(\d+)\s*{_UNIT}?|(\d+)\s*\+\s*{_UNIT}?",
    re.I,
)
_THOUSANDS = re.compile(r"[+]?\d{1,3}(?:[., ]\d{3})+")
_PRESENT = {"x", "có", "co", "present", "p", "+", "✓", "v", "yes", "c"}
_NONE = re.compile(
    r"(?:không|khong|ko|k)(?: (?:có|co|thấy|thay|gặp|gap|phát hiện|con nào|con|cá thể|gì))*|"
    r"absent|none(?: seen)?|nil|vắng",
    re.I,
)


def least(text: str) -> tuple[int | None, str]:
    """The least a text surely means, and how it is read: exact, range, thousands, present or words."""
    plain = " ".join(text.split())
    if plain.lower() in _PRESENT:
        return None, "present"
    if _NONE.fullmatch(plain):
        return 0, "none"
    if found := _EXACT.fullmatch(plain):
        return int(found[1]), "exact"
    if _THOUSANDS.fullmatch(plain):
        return int(re.sub(r"\D", "", plain)), "thousands"
    if found := re.fullmatch(r"[+]?(\d+)[.,]0+", plain):
        return int(found[1]), "exact"
    if (found := _RANGE.fullmatch(plain)) and int(found[1]) <= int(found[2]):
        return int(found[1]), "range"
    if found := _LEAST.fullmatch(plain):
        return int(found[1] or found[2]), "range"
    return None, "words"


def put(chunk: Chunk) -> None:
    """The chunk has its counts; a negative one refuses its row, words are kept beside the least they mean."""
    if not chunk.has(TERM):
        return
    text = without_words(chunk, TERM, chunk.text(TERM))
    value = text.cast(pl.Int64, strict=False)
    odd = (text.is_not_null() & value.is_null()).fill_null(False)
    if odd.any():
        value = _odd(chunk, text, value, odd)
    value = _of_units(chunk, text, value)
    chunk.refuse((value < 0).fill_null(False), TERM, "negative", _("Số cá thể không thể âm."))
    chunk.refuse((value > MOST).fill_null(False), TERM, "too_big", _("Số quá lớn."))
    chunk.put("individual_count", value.set((value.abs() > MOST).fill_null(False), None))


def _of_units(chunk: Chunk, text: pl.Series, value: pl.Series) -> pl.Series:
    """Counts beside a column of units that says herds or nests are no counts of animals: the words are kept."""
    column = next((c for c in chunk.extra if plain(c) in UNITS), None)
    if column is None:
        return value
    unit = chunk.extra[column].str.strip_chars()
    words = unit.drop_nulls().unique().to_list()
    other = unit.is_in([w for w in words if plain(w) not in SINGLE]).fill_null(False) & value.is_not_null()
    if not other.any():
        return value
    told = _(
        "Đơn vị của dòng không phải con, cá thể, cây (%(units)s); số cá thể để trống, lời được giữ nguyên."
    )
    units = ", ".join(unit.filter(other).unique(maintain_order=True).to_list()[:5])
    chunk.note("count_of_units", TERM, other, told % {"units": units})
    kept = chunk.extra.get(WORDS)
    asis = (text + " " + unit).set(~other, None)
    chunk.extra[WORDS] = asis if kept is None else asis.fill_null(kept)
    return value.set(other, None)


def _odd(chunk: Chunk, text: pl.Series, value: pl.Series, odd: pl.Series) -> pl.Series:
    """Cells that are no plain whole number."""
    minus = odd & text.str.contains(r"^[-−]\s*\d+([.,]\d+)?$").fill_null(False)
    chunk.refuse(minus, TERM, "negative", _("Số cá thể không thể âm."))
    odd = odd & ~minus
    words = text.filter(odd).unique().to_list()
    meant = {w: least(w) for w in words}
    number = text.set(~odd, None).replace_strict(
        {w: m[0] for w, m in meant.items()}, default=None, return_dtype=pl.Int64
    )
    how = text.set(~odd, None).replace_strict(
        {w: m[1] for w, m in meant.items()}, default=None, return_dtype=pl.String
    )
    value = value.zip_with(~odd, number)
    told = {
        "thousands": _("Dấu chấm, phẩy được hiểu là ngăn hàng nghìn."),
        "exact": _("Số cá thể viết kèm chữ; được đọc ra số."),
        "range": _("Số cá thể là khoảng hoặc “ít nhất”; lấy số nhỏ nhất, lời được giữ nguyên."),
        "present": _("Số cá thể chỉ ghi là có; được hiểu là có mặt, số để trống, lời được giữ nguyên."),
        "none": _("Số cá thể ghi là không có; được hiểu là 0, lời được giữ nguyên."),
        "words": _("Số cá thể không đọc được ra số; số để trống, lời được giữ nguyên."),
    }
    for name, sentence in told.items():
        chunk.note(f"count_{name}", TERM, (how == name).fill_null(False), sentence)
    kept = how.is_in(["exact", "range", "present", "none", "words"]).fill_null(False)
    chunk.extra[WORDS] = text.set(~kept, None)
    return value
