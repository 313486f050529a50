"""Exports of known programs, recognised by their own headers: what each column means and what their rows are known by.

The headers, the terms and where they were read are data (`known_exports.csv`, `known_rows.csv`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ENOUGH = 2


@dataclass(frozen=True)
class Known:
    """A recognised export: the term of each column, the columns that make its key, rows that are no data."""

    name: str
    columns: dict[str, str]
    key: tuple[str, ...]
    id_column: str | None
    parent_column: str | None
    left_out: tuple[tuple[str, tuple[str, ...], str], ...]
    silent: frozenset[str] = field(default_factory=frozenset)
    """Columns of the export that no term takes: they are kept, and not taken for anything else."""


@dataclass(frozen=True)
class _Line:
    header: str
    term: str
    roles: frozenset[str]


@cache
def exports() -> dict[str, tuple[_Line, ...]]:
    """The headers of each export in the order of preference."""
    found: dict[str, list[_Line]] = {}
    for row in _rows("known_exports.csv"):
        line = _Line(row["header"], row["term"], frozenset(row["role"].split()))
        found.setdefault(row["export"], []).append(line)
    return {name: tuple(lines) for name, lines in found.items()}


def recognise(columns: Iterable[str]) -> Known | None:
    """The export whose signature the headers bear most of; None where none is borne enough."""
    by_header = {c.strip().lower(): c for c in columns}
    best: tuple[int, str] | None = None
    for name, lines in exports().items():
        signs = [line for line in lines if "sign" in line.roles]
        borne = sum(line.header.lower() in by_header for line in signs)
        if borne >= min(ENOUGH, len(signs)) and (best is None or borne > best[0]):
            best = borne, name
    return None if best is None else _of(best[1], by_header)


def _of(name: str, by_header: dict[str, str]) -> Known:
    terms: dict[str, str] = {}
    here = [line for line in exports()[name] if line.header.lower() in by_header]
    for line in here:
        if line.term and line.term not in terms.values():
            terms[by_header[line.header.lower()]] = line.term

    def of_role(role: str) -> list[str]:
        return [by_header[line.header.lower()] for line in here if role in line.roles]

    left_out = tuple(
        (by_header[r["column"].lower()], tuple(r["values"].split(";")), r["reason_vi"])
        for r in _rows("known_rows.csv")
        if r["export"] == name and r["column"].lower() in by_header
    )
    key, ids, parents = of_role("key"), of_role("id"), of_role("parent")
    silent = frozenset(by_header[line.header.lower()] for line in here) - set(terms)
    return Known(
        name,
        terms,
        tuple(key) if "occurrenceID" not in terms.values() else (),
        ids[0] if ids else None,
        parents[0] if parents else None,
        left_out,
        silent,
    )


def in_english(reason: str) -> str:
    """The reason why rows of an export are left out, in English; the reason itself where nobody wrote one."""
    return next((r["reason_en"] for r in _rows("known_rows.csv") if r["reason_vi"] == reason), reason)


@cache
def _rows(name: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
