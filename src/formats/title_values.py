"""What a form says once above its table: "Ngày: 15/3/2025", "Người điều tra: …", for all rows under it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache

from formats import dates, dwc, pairs

SURE = 0.6
DATED = ("eventDate", "startDate", "endDate")
TAKEN = {
    *DATED, "recordedBy", "municipality", "county", "stateProvince", "locality", "samplingProtocol", "habitat",
    "eventTime", "verbatimCoordinates",
}  # fmt: skip
LONGEST = 200
PLACED = re.compile(r"itude$|^verbatimCoordinates$|^footprintWKT$|^_wkb$")
_COLON = re.compile(r"\s*[:：]\s*")
_BREAKS = re.compile(r"[;,|\t\n]|\s{2,}|\s[-–]\s")


def said(rows: Iterable[Sequence[str | None]]) -> dict[str, tuple[str, str]]:
    """Of each term the heading and the value that the rows above a table give it; the first of several stands."""
    found: dict[str, tuple[str, str]] = {}
    for row in rows:
        cells = [" ".join((c or "").split()) for c in row]
        for heading, value in _pairs([c for c in cells if c]):
            term = _term(heading)
            value = value.strip(" .;,_…")
            if term and value and len(value) <= LONGEST and term not in found and _fits(term, value):
                found[term] = heading, value
    if "eventDate" in found:
        found.pop("startDate", None)
        found.pop("endDate", None)
    return found


def beside(found: Mapping[str, tuple[str, str]], terms: Collection[str]) -> dict[str, tuple[str, str]]:
    """What is said above a table that has columns of these `terms`: a column of days or communes is believed alone."""
    columns, left_out = set(terms), set(terms)
    if columns & {"eventDate", "startDate", "year", "verbatimEventDate"}:
        left_out |= {"eventDate", "startDate", "endDate"}
    if columns & {"municipality", "county"}:
        left_out |= {"municipality", "county", "stateProvince"}
    if any(PLACED.search(t) for t in columns):
        left_out.add("verbatimCoordinates")
    return {t: v for t, v in found.items() if t not in left_out}


def _pairs(cells: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Headings with what follows them in their cell or in the next one."""
    for at, cell in enumerate(cells):
        parts = _COLON.split(re.sub(r"(?<=\d):(?=\d)", "\ue000", cell))
        parts = [p.replace("\ue000", ":") for p in parts]
        if len(parts) == 1:
            if at + 1 < len(cells) and at % 2 == 0 and _term(cell) in DATED:
                yield cell, cells[at + 1]
            continue
        heading, left = _heading(parts[0])
        del left
        for k, part in enumerate(parts[1:], 1):
            following, value = _heading(part) if k < len(parts) - 1 else ("", part)
            if not value.strip() and not following and at + 1 < len(cells) and ":" not in cells[at + 1]:
                value = cells[at + 1]
            yield heading, value
            heading = following


def _heading(text: str) -> tuple[str, str]:
    """The heading that a text ends with, the longest that is known, and what stands before it."""
    last = _BREAKS.split(text)[-1]
    words = last.split()
    for start in range(max(0, len(words) - 6), len(words)):
        some = " ".join(words[start:])
        if _term(some):
            cut = text.rfind(some)
            return some, text[:cut].rstrip(" ;,|-–")
    cut = len(text) - len(last)
    return last.strip(), text[:cut].rstrip(" ;,|-–")


@lru_cache(10_000)
def _term(heading: str) -> str | None:
    if not heading or len(heading) > 60:
        return None
    span = dwc.span([heading])
    if span:
        return next(iter(span.values()))
    told = dwc.propose([heading])[0]
    return told.term if told.term in TAKEN and told.confidence >= SURE else None


def _fits(term: str, value: str) -> bool:
    """A date must be one; anything else needs a letter."""
    if term in DATED:
        code = dates.parse([value]).codes[0]
        return code not in ("unreadable", "blank", "too_old")
    if term == "verbatimCoordinates":
        return pairs.parse([value]).codes[0] is None
    return bool(re.search(r"[^\W\d_]", value)) or term == "eventTime"
