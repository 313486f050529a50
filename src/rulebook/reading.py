"""Files of the rulebook are read from inside the package, wherever it is installed."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml

from rulebook.errors import BadData

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader, in C where PyYAML was built with it: the tables of decisions take seconds without."""


OURS = "lai_chau"
"""The province whose folder comes with the package."""
_home: list[str] = [OURS]
_elsewhere: dict[str, Path] = {}


def folder(*parts: str) -> Traversable:
    """The folder of data under `rulebook/`, e.g. `folder("vn", "lists")`; that of a province may lie elsewhere."""
    if len(parts) > 1 and parts[0] == "vn" and parts[1] in _elsewhere:
        return _elsewhere[parts[1]].joinpath(*parts[2:])
    return files("rulebook").joinpath(*parts)


def home() -> str:
    """The province that is meant where none is named."""
    return _home[0]


def live_in(key: str, place: Path | None = None) -> str:
    """From now on this province is meant where none is named; its folder lies at `place`, or in the package."""
    if place is not None:
        _elsewhere[key] = place
    _home[0] = key
    return key


def entries(place: Traversable, suffix: str) -> Iterator[Traversable]:
    """The files of a folder with this suffix, in order of name; none when there is no folder."""
    if place.is_dir():
        yield from sorted((f for f in place.iterdir() if f.name.endswith(suffix)), key=lambda f: f.name)


def read_yaml(file: Traversable) -> Any:
    """The content of a YAML file."""
    try:
        return yaml.load(file.read_text(encoding="utf-8"), Loader=LOADER)
    except yaml.YAMLError as error:
        raise BadData(f"Không đọc được tệp {file.name}: {error}") from error


def read_csv(file: Traversable) -> list[dict[str, str]]:
    """The rows of a CSV file by column name; a row with a missing or extra cell is refused."""
    rows: list[dict[str, str]] = []
    for number, row in enumerate(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))), start=2):
        if None in row or None in row.values():
            raise BadData(f"Tệp {file.name}, dòng {number}: số ô không khớp với dòng tiêu đề.")
        rows.append(row)
    return rows


def a_date(text: object) -> date | None:
    """The day written as YYYY-MM-DD (or already a date); None for an empty cell."""
    if text is None or text == "":
        return None
    if isinstance(text, date):
        return text
    return date.fromisoformat(str(text))


def said(day: date) -> str:
    """The day as Vietnamese offices write it, e.g. 01/7/2025."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"
