"""Files of the rulebook are read from inside the package, wherever it is installed."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from rulebook.errors import BadData

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader, in C where PyYAML was built with it: the tables of decisions take seconds without."""


def folder(*parts: str) -> Traversable:
    """The folder of data under `rulebook/`, e.g. `folder("vn", "lists")`."""
    return files("rulebook").joinpath(*parts)


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
