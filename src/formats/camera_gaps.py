"""Stretches in which a camera did not work, as they are written, and the time that is left between them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

WRITTEN = re.compile(r"\s*(\d{4}-\d\d-\d\d)\s*/\s*(\d{4}-\d\d-\d\d)\s*")


def stretches(text: str) -> list[tuple[date, date]]:
    """The stretches of 2026-03-01/2026-03-09; 2026-03-20/2026-03-22, the first first; a `ValueError` with the part that
    is none."""
    found = []
    for part in filter(None, (p.strip() for p in text.replace("\n", ";").split(";"))):
        told = WRITTEN.fullmatch(part)
        try:
            first, last = (date.fromisoformat(told[i]) for i in (1, 2)) if told else (date.max, date.min)
        except ValueError:
            raise ValueError(part) from None
        if last < first:
            raise ValueError(part)
        found.append((first, last))
    return sorted(found)


def left(start: int, end: int, gaps: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is left from start to end without the gaps, which are sorted and may lie over each other or outside."""
    parts, at = [], start
    for first, last in gaps:
        if first >= end:
            break
        if first > at:
            parts.append((at, first))
        at = max(at, last)
    if at < end:
        parts.append((at, end))
    return parts
