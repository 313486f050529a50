"""One page of a register: by cursor, never by offset, with a count that stays honest and cheap."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from baoton.kit.reading import walk
from baoton.kit.reading.register import Register

PAGE = 50
COUNT_LIMIT = walk.MANY


class BadCursor(ValueError):
    """The cursor in the address was not made here."""


@dataclass(frozen=True)
class Page:
    """The records of one page and the cursors beside it; None where there is no such page."""

    records: Sequence[Any]
    following: str | None
    previous: str | None


def page(
    register: Register,
    rows: "QuerySet[Any]",
    cursor: str = "",
    size: int = PAGE,
    sort: str = "",
    counted: "Count | None" = None,
    order: Sequence[str] = (),
) -> Page:
    """The page that the cursor names; without one, the first. `counted` helps to find the rows by the better index;
    `order` stands instead of the book's own."""
    ordered = rows.order_by(*order) if order else register.in_order(rows, sort)
    columns = [str(c) for c in ordered.query.order_by]
    seal = Signer(salt=f"{register.name} {' '.join(columns)}")
    backwards, values = _read(cursor, seal) if cursor else (False, None)
    if backwards:
        columns = [c[1:] if c.startswith("-") else f"-{c}" for c in columns]
        ordered = ordered.order_by(*columns)
    if values is not None:
        ordered = ordered.filter(_after(columns, values))
    nothing = counted is not None and counted.exact and not counted.number
    found = [] if nothing else _found(ordered, size + 1, counted)
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    names = [c.lstrip("-") for c in columns]
    first = _write(True, found[0], names, seal) if found else None
    last = _write(False, found[-1], names, seal) if found else None
    if backwards:
        return Page(found, last if cursor else None, first if more else None)
    return Page(found, last if more else None, first if cursor else None)


def _found(ordered: "QuerySet[Any]", n: int, counted: "Count | None") -> list[Any]:
    """The first n rows: their keys alone are looked for in the order, and only these rows are joined and read."""
    keys = walk.first(ordered, n, None if counted is None else counted.number + (not counted.exact))
    by_key = {record.pk: record for record in ordered.filter(pk__in=keys).order_by()}
    return [by_key[key] for key in keys if key in by_key]


def _after(columns: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows strictly after the values in this order, said so that an index on the columns serves it."""
    name, op = columns[0].lstrip("-"), "lt" if columns[0].startswith("-") else "gt"
    if len(columns) == 1:
        return Q(**{f"{name}__{op}": values[0]})
    beyond = Q(**{f"{name}__{op}": values[0]}) | _after(columns[1:], values[1:])
    return Q(**{f"{name}__{op}e": values[0]}) & beyond


def _write(backwards: bool, record: Any, names: Sequence[str], seal: Signer) -> str:
    values = [getattr(record, n) for n in names]
    plain = [str(v) if isinstance(v, UUID | date) else v for v in values]
    return seal.sign_object([backwards, plain], compress=True)


def _read(cursor: str, seal: Signer) -> tuple[bool, list[Any]]:
    """What the cursor says; only one made here, for this register in this order, is read at all."""
    try:
        backwards, values = seal.unsign_object(cursor)
        return bool(backwards), list(values)
    except (BadSignature, ValueError, TypeError, zlib.error) as error:
        raise BadCursor(_("Trang này không còn; bắt đầu lại từ trang đầu.")) from error


@dataclass(frozen=True)
class Count:
    """How many rows: exact up to a limit, beyond it only that there are more."""

    number: int
    exact: bool


def count(rows: "QuerySet[Any]", exact: bool = False) -> Count:
    """Counts to 10,000 and then stops, unless the exact number is asked for."""
    plain = rows.order_by().values("pk")
    if exact:
        return Count(plain.count(), True)
    number = plain[: COUNT_LIMIT + 1].count()
    return Count(min(number, COUNT_LIMIT), number <= COUNT_LIMIT)
