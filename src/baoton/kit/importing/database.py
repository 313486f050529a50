"""Bulk reading and writing in the words of each engine: one statement for a whole batch, never a row at a time."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl
from django.db import connection
from django.db.models import Field, Model

from baoton.kit.record import plain


def postgres() -> bool:
    return connection.vendor == "postgresql"


def pragma(name: str, value: int | None) -> int | None:
    """A setting of this SQLite connection; the old one, to be put back afterwards. Nothing on PostgreSQL."""
    if postgres() or value is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        row = cursor.fetchone()
        cursor.execute(f"PRAGMA {name}={int(value)}")
    return int(row[0]) if row else None


def quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


def table_of(model: type[Model]) -> str:
    return quoted(model._meta.db_table)


def fields_of(model: type[Model]) -> "dict[str, Field[Any, Any]]":
    """Every stored field by the name of its column in Python."""
    return {f.attname: f for f in model._meta.concrete_fields}


def columns_of(model: type[Model], names: Iterable[str], prefix: str = "") -> str:
    known = fields_of(model)
    return ", ".join(f"{prefix}{quoted(str(known[n].column))}" for n in names)


def select_by(
    model: type[Model],
    names: Sequence[str],
    by: str,
    values: Sequence[str],
    where: dict[str, Any] | None = None,
    more: str = "",
    join: str = "",
) -> list[tuple[Any, ...]]:
    """The named columns of every row whose `by` is one of the values: one statement, driven by the index."""
    if not values:
        return []
    known = fields_of(model)
    uuid = known[by].get_internal_type() in {"UUIDField", "ForeignKey"}
    column = f"t.{quoted(str(known[by].column))}"
    tests, given = [], []
    for name, value in (where or {}).items():
        tests.append(f"AND t.{quoted(str(known[name].column))} = %s")
        given.append(value)
    shown = columns_of(model, names, "t.") + more
    if postgres():
        kind = "uuid" if uuid else "text"
        sql = (
            f"SELECT {shown} FROM unnest(%s::{kind}[]) AS j(v) JOIN {table_of(model)} t ON {column} = j.v "
            f"{' '.join(tests)} {join}"
        )
        first: Any = list(values)
    else:
        sql = (
            f"SELECT {shown} FROM json_each(%s) j CROSS JOIN {table_of(model)} t ON {column} = j.value "
            f"{' '.join(tests)} {join}"
        )
        first = json.dumps(list(values))
    with connection.cursor() as cursor:
        cursor.execute(sql, [first, *given])
        return list(cursor.fetchall())


def storable(model: type[Model], frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with every column as the engine's driver takes it."""
    exprs = []
    for name, kind in frame.schema.items():
        if kind == pl.Date:
            exprs.append(pl.col(name).cast(pl.String))
        elif kind == pl.Binary and postgres():
            exprs.append((pl.lit("\\x") + pl.col(name).bin.encode("hex")).alias(name))
        elif kind == pl.Boolean:
            exprs.append(pl.col(name) if postgres() else pl.col(name).cast(pl.Int8))
    return frame.with_columns(exprs) if exprs else frame


def insert(model: type[Model], frame: pl.DataFrame) -> None:
    """The rows stand in the table: COPY on PostgreSQL, one prepared statement on SQLite."""
    if frame.is_empty():
        return
    names = frame.columns
    ready = storable(model, frame)
    with connection.cursor() as cursor:
        if postgres():
            sql = f"COPY {table_of(model)} ({columns_of(model, names)}) FROM STDIN (FORMAT csv, NULL '\\N')"
            with connection.wrap_database_errors, cursor.copy(sql) as copy:
                copy.write(
                    ready.write_csv(
                        None, include_header=False, null_value="\\N", quote_style="non_numeric"
                    ).encode()
                )
        else:
            marks = ", ".join(["%s"] * len(names))
            sql = f"INSERT INTO {table_of(model)} ({columns_of(model, names)}) VALUES ({marks})"
            cursor.executemany(sql, ready.iter_rows())  # type: ignore[arg-type]


def update(model: type[Model], frame: pl.DataFrame, expected: str = "_was") -> int:
    """The rows with this id and still this revision carry the frame's values; how many there were."""
    if frame.is_empty():
        return 0
    names = [n for n in frame.columns if n not in {"id", expected}]
    known = fields_of(model)
    ready = storable(model, frame).select(*names, "id", expected)
    sets = ", ".join(f"{quoted(str(known[n].column))} = %s{cast(known[n])}" for n in names)
    key = "%s::uuid" if postgres() else "%s"
    sql = f"UPDATE {table_of(model)} SET {sets} WHERE {quoted('id')} = {key} AND {quoted('revision')} = %s"
    with connection.cursor() as cursor:
        cursor.executemany(sql, ready.rows())
        return int(cursor.rowcount)


def put(model: type[Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Rows given as values with the key last carry these values, whatever they held."""
    known = fields_of(model)
    sets = ", ".join(f"{quoted(str(known[n].column))} = %s{cast(known[n])}" for n in names)
    key = "%s::uuid" if postgres() else "%s"
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table_of(model)} SET {sets} WHERE {quoted('id')} = {key}", rows)


def cast(field: "Field[Any, Any]") -> str:
    """What PostgreSQL must be told of a value given as text."""
    if not postgres():
        return ""
    kind = str(field.db_type(connection)).split("(")[0]
    return f"::{kind}" if kind in {"uuid", "jsonb", "date", "bytea", "timestamp with time zone"} else ""


def defaults(model: type[Model]) -> dict[str, Any]:
    """What each column holds when nothing is said of it, as the driver takes it."""
    held: dict[str, Any] = {}
    for name, field in fields_of(model).items():
        value = field.get_default() if not field.primary_key else None
        if isinstance(value, dict | list):
            value = json.dumps(value)
        held[name] = value
    return held


def as_kept(field: "Field[Any, Any]", value: Any) -> Any:
    """A value as the driver gave it, as JSON keeps it until an undo."""
    if field.get_internal_type() == "JSONField" and isinstance(value, str):
        return json.loads(value)
    if value is not None and not isinstance(
        value, bool | int | float | str | dict | list | bytes | memoryview
    ):
        return value.hex if hasattr(value, "hex") else str(value)
    return plain(field, value)


def as_driver(field: "Field[Any, Any]", value: Any) -> Any:
    """What was kept as JSON, as the driver takes it."""
    if value is None:
        return None
    kind = field.get_internal_type()
    if kind == "JSONField":
        return json.dumps(value, ensure_ascii=False)
    if kind == "BinaryField":
        return bytes.fromhex(value)
    return value
