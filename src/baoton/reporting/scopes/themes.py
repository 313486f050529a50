"""Thematic reports: each is a row of `themes.yaml`, a list of sections with their indicators, and no code."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

from baoton.plan.queries import INDICATORS
from baoton.reporting.counts import COUNTS
from baoton.reporting.queries import Section, Told

FILE = Path(__file__).parent / "themes.yaml"
YEARLY = "yearly"
"""The kind of a report that tells of everything."""


@dataclass(frozen=True)
class Heading:
    """A section as it is declared: a chapter says a sentence, a part of one is numbered within it."""

    key: str
    vi: str
    en: str
    indicators: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    says: str = ""
    number: int = 0
    part: int = 0


@dataclass(frozen=True)
class Theme:
    """A report of one thing: its name and its headings; one with a `title` is no report on the plan."""

    key: str
    vi: str
    en: str
    headings: Sequence[Heading]
    title: str = ""
    grounds: tuple[str, ...] = ()
    species: bool = False

    @property
    def name(self) -> str:
        """As a title says it, in the language that is read."""
        return self.en if get_language() == "en" else self.vi

    @property
    def indicators(self) -> set[str]:
        return {name for one in self.headings for name in one.indicators}


@lru_cache(maxsize=1)
def themes() -> dict[str, Theme]:
    """The themes by key; `ValueError` where one names an indicator or a count that nobody tells."""
    told = {}
    for one in yaml.safe_load(FILE.read_text(encoding="utf-8")):
        headings = tuple(_headings(one))
        grounds = tuple(one.get("grounds", ()))
        theme = Theme(
            one["key"],
            one["vi"],
            one["en"],
            headings,
            one.get("title", ""),
            grounds,
            one.get("species", False),
        )
        counts = {name for h in headings for name in h.counts}
        if strange := sorted((theme.indicators - set(INDICATORS)) | (counts - set(COUNTS))):
            raise ValueError(f"{FILE.name}, {theme.key}: {', '.join(strange)}")
        told[theme.key] = theme
    return told


def _headings(theme: dict[str, Any]) -> Iterator[Heading]:
    for n, one in enumerate(theme["sections"], 1):
        yield _heading(theme["key"], one, n, 0)
        for i, part in enumerate(one.get("parts", ()), 1):
            yield _heading(theme["key"], part, n, i)


def _heading(theme: str, one: dict[str, Any], n: int, part: int) -> Heading:
    return Heading(
        str(one.get("key", f"{theme}.{n}.{part}")), one["vi"], one["en"], tuple(one.get("indicators", ())),
        tuple(one.get("counts", ())), one.get("says", ""), n, part,
    )  # fmt: skip


def sections(theme: str, told: Sequence[Told]) -> list[Section]:
    """The sections of a theme, each with those of the figures that it names, in its order."""
    known = {one.name: one for one in told}
    return [
        Section(
            h.number, h.key, h.vi, h.en, [known[name] for name in h.indicators if name in known],
            [COUNTS[name][0] for name in h.counts], h.part, h.says, h.counts,
        )
        for h in themes()[theme].headings
    ]  # fmt: skip
