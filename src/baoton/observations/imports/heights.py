"""Elevations and depths, kept as the source wrote them and checked: possible on Earth, the lower not above."""

import re

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baoton.kit.importing.chunk import Chunk
from baoton.kit.importing.target import Field
from baoton.kit.importing.values import without_words

TERMS = (
    Field("minimumElevationInMeters", gettext_lazy("độ cao thấp nhất (m)")),
    Field("maximumElevationInMeters", gettext_lazy("độ cao cao nhất (m)")),
    Field("minimumDepthInMeters", gettext_lazy("độ sâu nhỏ nhất (m)")),
    Field("maximumDepthInMeters", gettext_lazy("độ sâu lớn nhất (m)")),
)
KEPT = tuple(f.term for f in TERMS)
LIMITS = {"Elevation": (-430.0, 8_850.0), "Depth": (0.0, 11_000.0)}
_METRES = re.compile(r"([-−]?\d+(?:[.,]\d+)?)\s*(?:m|met|mét|m\.?a\.?s\.?l\.?|masl)?\.?", re.I)


def metres(text: str) -> float | None:
    """The metres of a text such as "900 m" or "1.250,5", None where it is no one number."""
    plain = " ".join(text.split())
    if re.fullmatch(r"\d{1,2}\.\d{3}", plain):
        return float(plain.replace(".", ""))  # heights are not given to the millimetre
    found = _METRES.fullmatch(plain)
    return float(found[1].replace("−", "-").replace(",", ".")) if found else None


def check(chunk: Chunk) -> None:
    """Heights no place on Earth has, and a lower limit above the higher, refuse their rows."""
    for kind, (lowest, highest) in LIMITS.items():
        found = {}
        for end in ("minimum", "maximum"):
            term = f"{end}{kind}InMeters"
            if not chunk.has(term):
                continue
            text = without_words(chunk, term, chunk.text(term))
            words = text.drop_nulls().unique().to_list()
            value = text.replace_strict({w: metres(w) for w in words}, default=None, return_dtype=pl.Float64)
            found[end] = value
            chunk.note("height_in_words", term, text.is_not_null() & value.is_null(),
                       _("Ô này không phải một số mét; được giữ nguyên văn."))  # fmt: skip
            told = _("Phải từ %(least)s đến %(most)s m; xem lại số, hoặc để trống.")
            words_ = told % {"least": f"{lowest:g}", "most": f"{highest:g}"}
            chunk.refuse(
                ((value < lowest) | (value > highest)).fill_null(False), term, "height_out_of_range", words_
            )
        if len(found) == 2:
            turned = (found["minimum"] > found["maximum"]).fill_null(False)
            chunk.refuse(turned, f"minimum{kind}InMeters", "heights_turned",
                         _("Số nhỏ nhất lớn hơn số lớn nhất; đổi lại thứ tự."))  # fmt: skip
