"""The keys of the first rows in an order, by the index that finds them soonest.

A database guesses how many rows answer. Where it guesses wrong it walks a million rows in order to find the three that
answer, or sorts half a million that answer to give fifty. Who counted them (to ten thousand) knows better.
"""

import re
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce

SOON, MANY = 2_000, 10_000
"""So many rows are sorted in a moment, whatever the index; more than MANY are not sorted at all."""
SORT = "TEMP B-TREE FOR ORDER BY"


def first(ordered: "QuerySet[Any]", n: int, answer: int | None) -> list[Any]:
    """The keys of the first n rows; `answer` tells how many rows answer (`MANY` and more are one; None: unknown)."""
    keys = ordered.values_list("pk", flat=True)
    if answer is None:
        return list(keys[:n])
    if answer <= SOON or (answer <= MANY and _walks(keys)):
        return list(_sorted(keys)[:n])
    if answer <= MANY:
        return list(keys[:n])
    index = _index(keys) if connection.vendor == "sqlite" else ""
    if not index or SORT not in keys[:n].explain():
        return list(keys[:n])
    table = connection.ops.quote_name(keys.model._meta.db_table)
    sql, given = keys[:n].query.sql_with_params()
    sql = sql.replace(f"FROM {table}", f"FROM {table} INDEXED BY {connection.ops.quote_name(index)}", 1)
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return [keys.model._meta.pk.to_python(row[0]) for row in cursor.fetchall()]


def _walks(keys: "QuerySet[Any]") -> bool:
    """Whether SQLite would walk the whole order."""
    return connection.vendor == "sqlite" and bool(re.match(r".*\bSCAN\b.*\bINDEX\b", keys.explain()))


def _sorted(keys: "QuerySet[Any]") -> "QuerySet[Any]":
    """The same order said so that no index gives it: the rows that answer are found first and then sorted."""
    order = [str(column) for column in keys.query.order_by]
    said = [
        OrderBy(Coalesce(F(c.lstrip("-")), F(c.lstrip("-"))), descending=c.startswith("-")) for c in order
    ]
    return keys.order_by(*said)


def _index(keys: "QuerySet[Any]") -> str:
    """The index of the rows' own order; empty where there is none."""
    column = str(keys.query.order_by[0]).lstrip("-")
    for index in keys.model._meta.indexes:
        if index.fields[:1] == [column]:
            return str(index.name)
    return ""
