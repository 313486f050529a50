"""Editions of a report by who receives it: each is a row of `editions.yaml`, the same figures in another frame."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import rulebook
from baoton.reporting import queries
from baoton.reporting.communes import Communes

FILE = Path(__file__).parent / "editions.yaml"
ANNEXES = ("communes", "species", "details", "sources")
NUMERALS = ("I", "II", "III", "IV")


@dataclass(frozen=True)
class Edition:
    """Who receives it, who signs it and how much it tells; the one without a key is whole."""

    key: str = ""
    vi: str = ""
    en: str = ""
    to: str = ""
    receivers: Sequence[str] = ()
    above: bool = False
    annexes: Sequence[str] = ANNEXES
    brief: bool = False
    public: bool = False
    guarded: Sequence[str] = ()

    @property
    def name(self) -> str:
        """As a page says it, in the language that is read."""
        if not self.key:
            return _("bản đầy đủ")
        return self.en if get_language() == "en" else self.vi

    @property
    def signs(self) -> str:
        """The body that signs it: the lead body of the plan, or the one above it where the province names one."""
        lead = queries.lead()
        known = {one.key: one.parent for one in rulebook.province(settings.PROVINCE).bodies}
        return (known.get(lead) if self.above else "") or lead

    def annex(self, name: str) -> str:
        """The number of an annex among those it has: `II`; empty where it has none such."""
        has = [one for one in ANNEXES if one in self.annexes]
        return NUMERALS[has.index(name)] if name in has else ""

    def columns(self, told: Communes) -> Communes:
        """The annex by commune without what could lead to a guarded place."""
        if not self.guarded:
            return told
        columns = [one for one in told.columns if one.name.partition(".")[0] not in self.guarded]
        names = {one.name for one in columns}
        return Communes(columns, told.rows, {k: v for k, v in told.cells.items() if k[1] in names})


WHOLE = Edition()


@lru_cache(maxsize=1)
def editions() -> dict[str, Edition]:
    """The editions by key; `ValueError` where one has an annex that no report has."""
    told = {}
    for row in yaml.safe_load(FILE.read_text(encoding="utf-8")):
        if strange := sorted(set(row["annexes"]) - set(ANNEXES)):
            raise ValueError(f"{FILE.name}, {row['key']}: {', '.join(strange)}")
        told[row["key"]] = Edition(**_frozen(row))
    return told


def _frozen(row: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}


def edition(key: str) -> Edition:
    """The edition of that key, the whole one for none; `ValueError` where there is none such."""
    if key and key not in editions():
        raise ValueError(key)
    return editions()[key] if key else WHOLE
