"""How far off a place may be, as people write it ("5m", "±5", "<10", "5 - 10", "0,5 km"), in metres."""

import re

import polars as pl
from django.utils.translation import gettext as _

from baoton.kit.importing.chunk import Chunk
from baoton.kit.importing.values import without_words

TERM = "coordinateUncertaintyInMeters"
MOST = 20_037_508.0  # half way round the Earth
_NUMBER = r"(\d+(?:[.,]\d+)?)"
_UNIT = r"\s*(m|met|mét|meters?|metres?|km)?\.?"
_ONE = re.compile(
    rf"(?:±|\+\s*/?\s*-|~|≈|<|≤|<=|khoảng|khoang|about|ca\.?|approx\.?)?\s*{_NUMBER}{_UNIT}", re.I
)
_TWO = re.compile(rf"{_NUMBER}\s*(?:m\s*)?(?:-|–|đến|to)\s*{_NUMBER}{_UNIT}", re.I)


def metres(text: str) -> float | None:
    """The uncertainty a text tells, the larger of two; None where it tells none."""
    plain = " ".join(text.split())
    if re.fullmatch(r"\d{1,3},\d{3}", plain):
        return None  # a decimal comma or thousands
    found = _ONE.fullmatch(plain)
    if found:
        return _in_metres(found[1], found[2])
    found = _TWO.fullmatch(plain)
    if found is None:
        return None
    first, second = _in_metres(found[1], found[3]), _in_metres(found[2], found[3])
    return second if first <= second else None


def _in_metres(number: str, unit: str | None) -> float:
    return float(number.replace(",", ".")) * (1_000 if (unit or "").lower() == "km" else 1)


def put(chunk: Chunk) -> None:
    """The chunk has its uncertainty in metres; what cannot be one refuses its row."""
    if not chunk.has(TERM):
        return
    text = without_words(chunk, TERM, chunk.text(TERM))
    value = text.cast(pl.Float64, strict=False)
    odd = text.is_not_null() & (value.is_null() | ~value.is_finite().fill_null(False))
    if odd.any():
        words = text.filter(odd).unique().to_list()
        meant = {w: metres(w) for w in words}
        read = text.set(~odd, None).replace_strict(meant, default=None, return_dtype=pl.Float64)
        value = value.zip_with(~odd, read)
        unread = odd & value.is_null()
        negative = unread & text.str.contains(r"^\s*[-−]\s*\d").fill_null(False)
        chunk.refuse(negative, TERM, "negative", _("Sai số không thể âm; ghi số mét, hoặc để trống."))
        chunk.refuse(unread & ~negative, TERM, "not_a_number",
                     _("Không đọc được sai số; ghi số mét như 5, “±5 m” hoặc “5-10”, hoặc để trống."))  # fmt: skip
        chunk.note("uncertainty_in_words", TERM, odd & ~unread,
                   _("Sai số viết kèm chữ; được đọc ra mét (hai số thì lấy số lớn), lời được giữ nguyên."))  # fmt: skip
        chunk.extra["verbatimCoordinateUncertainty"] = text.set(~(odd & ~unread), None)
    chunk.refuse(
        (value < 0).fill_null(False), TERM, "negative", _("Sai số không thể âm; ghi số mét, hoặc để trống.")
    )
    chunk.refuse((value > MOST).fill_null(False), TERM, "too_big",
                 _("Sai số lớn hơn nửa vòng Trái Đất; ghi số mét, hoặc để trống."))  # fmt: skip
    nought = (value == 0).fill_null(False)
    chunk.note("uncertainty_zero", TERM, nought, _("Sai số 0 nghĩa là không biết; được coi là để trống."))
    value = value.set(nought, None)
    own = chunk.out.get("coordinate_uncertainty_m")
    chunk.put("coordinate_uncertainty_m", value if own is None else value.fill_null(own))
