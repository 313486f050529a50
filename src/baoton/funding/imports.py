"""Vouchers from the office's own sheet: each row is held against what its line still has, together with rows above."""

import bisect
from datetime import date
from typing import Any
from uuid import UUID

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baoton.funding import registers  # noqa: F401
from baoton.funding.actions import dong, fold, shut_by
from baoton.funding.models import STANDING, Line, Movement, Payment
from baoton.kit.importing import generic
from baoton.kit.importing.chunk import Chunk
from baoton.kit.importing.rules import RULES
from baoton.kit.importing.target import Key
from baoton.kit.models import LedgerDay
from baoton.kit.reading.register import REGISTERS

LEDGER = Movement._meta.label_lower


class Room:
    """What a class of a line holds from day to day, while the rows of a file spend of it."""

    def __init__(self, line: Any, kind: str) -> None:
        rows = LedgerDay.objects.filter(ledger=LEDGER, book=line, kind=kind).order_by("day")
        self.days: list[date] = []
        self.held: list[int] = []
        for day, held in rows.values_list("day", "held"):
            self.days.append(day)
            self.held.append(held)

    def left(self, day: date) -> int:
        """The most that may be spent on a day without any later day falling short."""
        at = bisect.bisect_right(self.days, day) - 1
        return min([0 if at < 0 else self.held[at], *self.held[at + 1 :]])

    def spend(self, day: date, amount: int) -> None:
        at = bisect.bisect_left(self.days, day)
        if at == len(self.days) or self.days[at] != day:
            self.days.insert(at, day)
            self.held.insert(at, self.held[at - 1] if at else 0)
        for i in range(at, len(self.held)):
            self.held[i] -= amount


def check(chunk: Chunk) -> None:
    """Rows whose line has not enough money, or whose year is shut, are refused with what is left and what to do."""
    rooms: dict[tuple[str, str], Room] = chunk.run.held.setdefault("funding rooms", {})
    stood = standing(chunk)
    names = ("line_id", "day", "amount", "commitment_id", "once")
    out: dict[str, list[Any]] = {
        n: chunk.out[n].to_list() if n in chunk.out else [None] * chunk.n for n in names
    }
    keys = {str(k) for k in out["line_id"] if k}
    lines = {str(one.pk): one for one in Line.objects.filter(pk__in=keys)}
    shut = {key: shut_by(one) for key, one in lines.items()}
    told: dict[int, tuple[str, str]] = {}

    def room(line: str, kind: str) -> Room:
        if (line, kind) not in rooms:
            rooms[line, kind] = Room(line, kind)
        return rooms[line, kind]

    for i in range(chunk.n):
        if chunk.problems.refused[i]:
            continue
        line, day, amount = str(UUID(str(out["line_id"][i]))), a_day(out["day"][i]), int(out["amount"][i])
        kind = "committed" if out["commitment_id"][i] else "free"
        before = stood.get(out["once"][i])
        if before == (line, kind, day, amount):
            continue
        if shut.get(line) is not None:
            words = _("Sổ năm %(year)s đã khoá; ghi vào dòng của năm đang mở, hoặc đề nghị mở lại sổ.")
            told[i] = ("year_shut", words % {"year": lines[line].year})
            continue
        if before is not None:
            room(*before[:2]).spend(before[2], -before[3])
        left = room(line, kind).left(day)
        if amount > left:
            words = _("Dòng %(code)s chỉ còn %(left)s tính đến ngày chi; bớt số tiền, hoặc giao thêm trước.")
            told[i] = ("overdrawn", words % {"code": lines[line].code, "left": dong(max(left, 0))})
            continue
        room(line, kind).spend(day, amount)
    for rule in RULES_OURS:
        where = pl.Series([told.get(i, ("",))[0] == rule for i in range(chunk.n)])
        chunk.refuse(where, "amount", rule, [words for name, words in told.values() if name == rule])


def a_day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


def standing(chunk: Chunk) -> dict[str, tuple[str, str, date, int]]:
    """The vouchers of these rows that stand already: line, class, day and amount by what tells them apart."""
    rows = Payment.objects.filter(
        STANDING, once__in=sorted(once for once in chunk.out["once"].to_list() if once)
    )
    found = rows.values_list("once", "line", "commitment", "day", "amount")
    return {o: (str(line), "committed" if c else "free", day, n) for o, line, c, day, n in found}


def same_voucher(chunk: Chunk, ids: pl.Series) -> pl.Series:
    """The same number to the same payee is the same voucher."""
    numbers, payees = chunk.text("number").to_list(), chunk.text("payee").to_list()
    once = [f"{fold(n or '')}|{fold(p or '')}" for n, p in zip(numbers, payees, strict=True)]
    rows = Payment.objects.filter(STANDING, once__in=sorted(set(once))).values_list("once", "pk")
    known = {key: pk.hex for key, pk in rows}
    return pl.Series("id", [known.get(key) for key in once], dtype=pl.String).fill_null(ids).alias("id")


def same_line(chunk: Chunk, ids: pl.Series) -> pl.Series:
    """A line of the same number is the same line."""
    codes = chunk.text("code").to_list()
    rows = Line.objects.filter(STANDING, code__in=sorted({c for c in codes if c})).values_list("code", "pk")
    known = {code: pk.hex for code, pk in rows}
    return pl.Series("id", [known.get(c) for c in codes], dtype=pl.String).fill_null(ids).alias("id")


RULES["overdrawn"] = gettext_lazy("vượt số còn lại của dòng kinh phí")
RULES["year_shut"] = gettext_lazy("năm đã khoá sổ")
RULES_OURS = ("overdrawn", "year_shut")
generic.of(REGISTERS["funding.payment"], key=Key(identify=same_voucher), after=check)
generic.of(REGISTERS["funding.line"], key=Key(identify=same_line))
