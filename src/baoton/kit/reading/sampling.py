"""Rows of a table picked by chance, for maps that would otherwise let people wait; the same rows every time."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import BooleanField, Model
from django.db.models.expressions import RawSQL

SIZE = 10_000
"""How many rows are looked at."""


@dataclass(frozen=True)
class Sample:
    """A test that only the picked rows pass, and for how many rows of the table each of them stands."""

    test: Any
    each: float


def of(model: type[Model]) -> Sample:
    """About `SIZE` rows of the table, every row with the same chance.

    SQLite picks row numbers; PostgreSQL picks pages, so its rows lie together as they were written.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [model._meta.db_table])
            share = min(1.0, SIZE / max(1.0, float(cursor.fetchone()[0])))
            picked = f"SELECT ctid FROM {table} TABLESAMPLE SYSTEM (%s) REPEATABLE (1)"
            return Sample(_test(f"{table}.ctid = ANY(ARRAY({picked}))", [share * 100]), 1 / share)
        cursor.execute(f"SELECT max(rowid) FROM {table}")
        last = cursor.fetchone()[0] or 1
    numbers = np.random.default_rng(1).integers(1, last + 1, SIZE) if last > SIZE else np.arange(1, last + 1)
    numbers = np.unique(numbers)
    told = f"[{','.join(map(str, numbers.tolist()))}]"
    sql = f"{table}.rowid IN (SELECT value FROM json_each(%s))"
    return Sample(_test(sql, [told]), last / len(numbers))


def _test(sql: str, given: list[Any]) -> RawSQL:
    return RawSQL(sql, given, output_field=BooleanField())
