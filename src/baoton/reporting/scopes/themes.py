"""Thematic reports: each is a row of `themes.yaml`, a list of sections with their indicators, and no code."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

from baoton.plan.queries import INDICATORS
from baoton.reporting.queries import Section, Told

FILE = Path(__file__).parent / "themes.yaml"
YEARLY = "yearly"
"""The kind of a report that tells of everything."""


@dataclass(frozen=True)
class Theme:
    """A report of one thing: its name, and its sections as (key, title, in English, indicators)."""

    key: str
    vi: str
    en: str
    sections: Sequence[tuple[str, str, str, tuple[str, ...]]]

    @property
    def name(self) -> str:
        """As a title says it, in the language that is read."""
        return self.en if get_language() == "en" else self.vi

    @property
    def indicators(self) -> set[str]:
        return {name for _k, _v, _e, names in self.sections for name in names}


@lru_cache(maxsize=1)
def themes() -> dict[str, Theme]:
    """The themes by key; `ValueError` where one names an indicator that nobody tells."""
    told = {}
    for one in yaml.safe_load(FILE.read_text(encoding="utf-8")):
        sections = [(_key(s), s["vi"], s["en"], tuple(s["indicators"])) for s in one["sections"]]
        theme = Theme(one["key"], one["vi"], one["en"], sections)
        if strange := sorted(theme.indicators - set(INDICATORS)):
            raise ValueError(f"{FILE.name}, {theme.key}: {', '.join(strange)}")
        told[theme.key] = theme
    return told


def _key(section: dict[str, Any]) -> str:
    return str(section.get("key", "theme"))


def sections(theme: str, told: Sequence[Told]) -> list[Section]:
    """The sections of a theme, each with those of the figures that it names, in its order."""
    known = {one.name: one for one in told}
    return [
        Section(n, key, vi, en, [known[name] for name in names if name in known], [])
        for n, (key, vi, en, names) in enumerate(themes()[theme].sections, 1)
    ]
