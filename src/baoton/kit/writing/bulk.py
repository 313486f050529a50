"""New values for many rows in a few statements: a temporary table by key, then one update from it."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

STAGE = "baoton_stage"


def update_rows(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Each given row (key first, then the values of `columns`) stands in the table; how many were given.

    Nothing else of the rows changes, no model method runs, and rows that are not there are left out.
    """
    fields: list[Any] = [model._meta.pk, *(model._meta.get_field(name) for name in columns)]
    quote = connection.ops.quote_name
    names = [quote(str(f.column)) for f in fields]
    typed = ", ".join(f"{n} {f.db_type(connection)}" for n, f in zip(names, fields, strict=True))
    table, given = quote(str(model._meta.db_table)), 0
    source = iter(rows)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {STAGE}")
        cursor.execute(f"CREATE TEMPORARY TABLE {STAGE} ({typed})")
        while chunk := list(islice(source, 20_000)):
            _fill(cursor, fields, chunk)
            given += len(chunk)
        if given:
            if connection.vendor == "postgresql":
                cursor.execute(f"ANALYZE {STAGE}")
            sets = ", ".join(f"{n} = {STAGE}.{n}" for n in names[1:])
            cursor.execute(
                f"UPDATE {table} SET {sets} FROM {STAGE} WHERE {table}.{names[0]} = {STAGE}.{names[0]}"
            )
        cursor.execute(f"DROP TABLE {STAGE}")
    return given


def _fill(cursor: Any, fields: Sequence[Any], chunk: Sequence[Sequence[Any]]) -> None:
    prepare = [f.get_db_prep_save for f in fields]
    ready = [tuple(p(v, connection) for p, v in zip(prepare, row, strict=True)) for row in chunk]
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {STAGE} FROM STDIN") as copy:
            for row in ready:
                copy.write_row(row)
        return
    marks = ", ".join(["%s"] * len(fields))
    cursor.executemany(f"INSERT INTO {STAGE} VALUES ({marks})", ready)
