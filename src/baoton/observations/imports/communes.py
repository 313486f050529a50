"""Rows that name a commune: placed by it where they have no coordinates, and held against it where they have."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from baoton.kit.importing.chunk import Chunk, mask_of
from baoton.kit.importing.values import without_words
from baoton.observations.imports.countries import is_other_country
from baoton.places.queries import commune, is_other_province, shown_of_name

FIRST = 20
TERMS = ("municipality", "county", "stateProvince")


def put(
    chunk: Chunk, lon: NDArray[np.float64], levels: NDArray[np.int8], found: Mapping[str, NDArray[Any]]
) -> None:
    """The area columns `found` of rows without a point hold the commune that the row names; odd names are told."""
    _regions(chunk, lon, found)
    if not chunk.has("municipality"):
        return
    said = {t: without_words(chunk, t, chunk.text(t)) for t in TERMS}
    words = pl.DataFrame({t: s.fill_null("") for t, s in said.items()})
    day = chunk.out.get("day_end")
    none = pl.Series([None], dtype=pl.Date).new_from_index(0, chunk.n)
    words = words.with_columns(on=none if day is None else day)
    placed = np.isfinite(lon)
    notes: dict[str, list[int]] = {}
    known: dict[tuple[Any, ...], Any] = {}
    for at, row in enumerate(words.iter_rows()):
        if not row[0] or chunk.problems.refused[at]:
            continue
        if row not in known:
            known[row] = commune(*row)
        named, here = known[row], str(found["area_path"][at])
        if placed[at]:
            apart = named.now and here != named.now and not (here and named.now.startswith(f"{here}/"))
            code = "commune_against_place" if apart else ""
        elif named.code:
            code = f"commune_{named.code}"
        else:
            code = "placed_by_commune"
            if named.odd:
                notes.setdefault("commune_other_district", []).append(at)
            found["area_path"][at], found["area_path_then"][at] = named.now, named.then
            found["shown_area_path"][at] = shown_of_name(named.now, int(levels[at]))
        if code:
            notes.setdefault(code, []).append(at)
    for code, rows in notes.items():
        where = np.zeros(chunk.n, bool)
        where[rows] = True
        names = ", ".join(dict.fromkeys(words["municipality"].gather(rows[:FIRST]).to_list()))
        chunk.note(code, "municipality", where, _told(code) % {"names": names})


def _regions(chunk: Chunk, lon: NDArray[np.float64], found: Mapping[str, NDArray[Any]]) -> None:
    """Points in a commune of the province whose row names another province or another country are told."""
    inside = np.isfinite(lon) & (found["area_path"] != "") & ~chunk.problems.refused
    for term in ("stateProvince", "country", "countryCode"):
        if not chunk.has(term) or not inside.any():
            continue
        text = chunk.text(term)
        words = text.filter(pl.Series(inside)).drop_nulls().unique(maintain_order=True).to_list()
        other = [
            w for w in words if (is_other_province(w) if term == "stateProvince" else is_other_country(w))
        ]
        if other:
            told = _(
                "Toạ độ rơi vào tỉnh này trong khi ô ghi nơi khác (%(names)s); hãy kiểm tra. Toạ độ được giữ."
            )
            where = inside & mask_of(text.is_in(other))
            chunk.note("region_against_place", term, where, told % {"names": ", ".join(other[:5])})


def _told(code: str) -> str:
    return {
        "placed_by_commune": _("Dòng không có toạ độ được xếp vào xã, phường ghi ở cột này (%(names)s)."),
        "commune_other_district": _("Xã, phường này (%(names)s) không thuộc huyện ghi cùng dòng; dòng vẫn được xếp "
                                    "theo tên xã, hãy kiểm tra."),
        "commune_unknown": _("Tỉnh không có xã, phường này, nay hay trước sáp nhập (%(names)s); dòng chưa được xếp vào "
                             "xã nào."),
        "commune_ambiguous": _("Tên của nhiều xã, thị trấn (%(names)s): ghi thêm huyện cũ; dòng chưa được xếp."),
        "commune_elsewhere": _("Xã, phường của tỉnh khác (%(names)s); dòng chưa được xếp vào xã nào."),
        "commune_against_place": _("Toạ độ rơi vào xã khác với xã ghi ở cột này (%(names)s); hãy kiểm tra. Toạ độ được "
                                   "giữ."),
    }[code]  # fmt: skip
