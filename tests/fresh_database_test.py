"""An empty database is made at once from the models: it must be the very one to which all steps lead."""

import re
import subprocess
import sys
from pathlib import Path

from tests.installation import Installation, database_of_its_own

COLUMNS = (
    "select table_name, column_name, data_type, is_nullable, column_default, character_maximum_length, is_identity "
    "from information_schema.columns where table_schema = 'public'"
)
CONSTRAINTS = "select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint"
INDEXES = "select indexname, indexdef from pg_indexes where schemaname = 'public'"
TABLES = "select tablename from pg_tables where schemaname = 'public'"
OTHERWISE = {"django_migrations", "kit_secret", "sqlite_sequence", "auth_permission"}
"""Moments, a drawn key, counters and numbers of kinds differ between any two."""


def parts(words: str) -> tuple[str, ...]:
    """What stands between the outer brackets of a table, at whatever place."""
    inner = re.search(r"\((.*)\)", words, re.S)
    assert inner
    found, depth, one = [], 0, ""
    for sign in inner[1]:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            found, one = [*found, one.strip()], ""
        else:
            one += sign
    return tuple(sorted([*found, one.strip()]))


def described(site: Installation) -> set[tuple[str, ...]]:
    """Every table with its columns, index, constraint, trigger, and what rows stand in it."""
    if site.database:
        told = {tuple(map(str, row)) for sql in (COLUMNS, CONSTRAINTS, INDEXES) for row in site.rows(sql)}
        tables = [row[0] for row in site.rows(TABLES)]
    else:
        lines = site.rows("select type, name, sql from sqlite_master")
        told = {(k, n, *(parts(s) if k == "table" and "VIRTUAL" not in s else [str(s)])) for k, n, s in lines}
        tables = [n for k, n, s in lines if k == "table"]
    for table in set(tables) - OTHERWISE:
        hold = sorted(
            str(row[1:]) for row in site.rows(f'select * from "{table}"')
        )  # all but the number drawn
        told.add(("rows", table, *hold))
    told.add(("steps", *sorted(f"{a}.{n}" for a, n in site.rows("select app, name from django_migrations"))))
    told.add(("keys", str(site.one("select count(*) from kit_secret"))))
    return told


def made(folder: Path, database: str, *words: str) -> set[tuple[str, ...]]:
    site = Installation(folder, database)
    command = [sys.executable, "-m", "django", "migrate", "-v0", *words]
    told = subprocess.run(command, env=site.env, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr[-2000:]
    return described(site)


def test_a_database_made_at_once_is_the_one_that_all_steps_lead_to(tmp_path: Path) -> None:
    for name in ("once", "steps"):
        (tmp_path / name).mkdir()
    with database_of_its_own() as first, database_of_its_own() as second:
        at_once = made(tmp_path / "once", first)
        step_by_step = made(tmp_path / "steps", second, "--step-by-step")
    assert len(at_once) > 1000
    assert at_once == step_by_step
