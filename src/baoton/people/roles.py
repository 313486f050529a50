"""The one table of roles: which verbs a role holds, read from `roles.csv`."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from django.utils.translation import get_language

from baoton.kit.writing.verb import ACTIONS


@cache
def table() -> Mapping[str, frozenset[str]]:
    """Verbs by role, as written, one a row: a verb ending in `.*` stands for every verb with that stem."""
    roles: dict[str, set[str]] = {}
    text = (files("baoton.people") / "roles.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        roles.setdefault(row["role"], set()).add(row["verb"])
    return {role: frozenset(verbs) for role, verbs in roles.items()}


@cache
def verbs_of(role: str) -> frozenset[str]:
    """Every declared verb the role holds; an unknown role holds none."""
    held: set[str] = set()
    for written in table().get(role, ()):
        if written.endswith(".*"):
            held |= {verb for verb in ACTIONS if verb.startswith(written[:-1])}
        else:
            held.add(written)
    return frozenset(held)


def names() -> Mapping[str, str]:
    """What each role is called in the office, in the reader's language."""
    return _names("name_en" if get_language() == "en" else "name")


@cache
def _names(column: str) -> Mapping[str, str]:
    text = (files("baoton.people") / "role_names.csv").read_text(encoding="utf-8")
    return {row["role"]: row[column] for row in csv.DictReader(text.splitlines())}
