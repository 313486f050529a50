"""Signals: what an honest history of a book does not easily explain, each in words with the lines it rests on.

A signal is a reason to look, never a verdict. Where the rulebook knows too little of a species, or time runs out, the
rule says that it cannot judge, and the page of the book tells the officer so. What chance might write is named by
Holm's steps, so that an honest book is hardly ever named (`benchmarks/forensics.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy, override

from baoton.facilities.models import Entry, Signal, Stock
from baoton.facilities.rules import ages, births, keeping, marks
from baoton.facilities.rules.found import RULES, SCORES, Book, Chance, Found, Rule, Unjudged, parameter
from baoton.kit import jobs
from baoton.kit.writing import outbox
from rulebook.biology import biology

EVERY: tuple[Rule, ...] = (
    *births.RULES_HERE,
    *ages.RULES_HERE,
    *keeping.RULES_HERE,
    *marks.RULES_HERE,
)
AT_ONCE, SHORT, LONG = 20, 2.0, 30.0
"""Books looked at together by day; seconds the births of one may take by day, and by night where that was too few."""

GROWING, ANSWERED = (
    {"births", "balance", "too_young", "sold_young"},
    {Signal.Status.ANSWERED, Signal.Status.LOOKED},
)


@dataclass(frozen=True)
class Judgement:
    """What was found in a book, and for each rule that could not judge it the key of the reason."""

    found: Sequence[Found]
    unjudged: dict[str, str]


def judge(stock: Stock, on: date, seconds: float = SHORT, by: date | None = None) -> Judgement:
    """Every rule asked of a book as it stands on a day, or of its lines of no later than `by`."""
    rows = Entry.objects.filter(book=stock, withdrawn__isnull=True)
    if by is not None:
        rows = rows.filter(day__lte=by)
    lines = list(rows.order_by("day", "position"))
    undone = {e.reverses_id for e in lines if e.reverses_id}
    lines = [e for e in lines if e.reverses_id is None and e.pk not in undone]
    book = Book(stock, lines, biology(stock.taxon.scientific_name), on, seconds)
    found: list[Found] = []
    chances: list[Chance] = []
    unjudged: dict[str, str] = {}
    for rule in EVERY:
        for told in rule(book):
            if isinstance(told, Unjudged):
                unjudged.setdefault(told.rule, told.why)
            elif isinstance(told, Chance):
                chances.append(told)
            else:
                found.append(told)
    return Judgement([*found, *_beyond_chance(chances)], unjudged)


def _beyond_chance(chances: Sequence[Chance]) -> list[Found]:
    """Those that all of them together allow to name: Holm over the rules, Bonferroni over the looks of a year."""
    from ecostat.ledger import holm

    level = parameter("named_share") / parameter("looks_a_year")
    named = holm([c.p for c in chances], level)
    return [c.found for c, yes in zip(chances, named, strict=True) if yes]


def look(stock: Stock, on: date, by: date | None = None) -> list[Found]:
    """Every signal of a book as it stands on a day, or by its lines of no later than `by`."""
    return list(judge(stock, on, by=by).found)


def recheck(stock: Stock, on: date | None = None, seconds: float = SHORT) -> int:
    """The signals of a book say what they say now; what a person answered stays, what no longer holds is gone.

    Where time ran out before a rule could judge, what it had said before stays as it was.
    """
    on = on or timezone.localdate()
    with transaction.atomic():
        # first of all, and it locks the book: a line written from here on asks for another look
        Stock.objects.filter(pk=stock.pk).update(unchecked=False)
        stock.refresh_from_db(fields=["balance", "capacity"])
        with override("vi"):
            told = judge(stock, on, seconds)
        Stock.objects.filter(pk=stock.pk).update(unjudged=told.unjudged, looked_on=on)
        found = {f"{f.rule} {f.about}".strip(): f for f in told.found}
        late = {rule for rule, why in told.unjudged.items() if why == "time"}
        late |= {"balance"} if "births" in late else set()
        stood = {s.key: s for s in Signal.objects.filter(stock=stock)}
        fresh = [
            Signal(
                stock=stock, key=key, rule=f.rule, words=f.words, entries=list(f.entries), found=on,
                score=SCORES.get(f.rule, 1), organisation=stock.organisation, area_path=stock.area_path,
            )
            for key, f in found.items() if key not in stood
        ]  # fmt: skip
        changed = []
        for key, s in stood.items():
            f = found.get(key)
            if f is None and s.rule in late:
                continue
            was = (s.status, s.words, s.entries)
            if f is None and s.status in {Signal.Status.OPEN, Signal.Status.ANSWERED}:
                s.status = Signal.Status.GONE
            elif f is not None and s.status == Signal.Status.GONE:
                s.status = Signal.Status.OPEN
            if f is not None:
                if f.rule in GROWING and s.status in ANSWERED and set(f.entries) - set(s.entries):
                    s.status = (
                        Signal.Status.OPEN
                    )  # there is more to explain than what was answered or looked at
                s.words, s.entries = f.words, list(f.entries)
            if (s.status, s.words, s.entries) != was:
                changed.append(s)
        with outbox.changing(Signal, [s.pk for s in (*fresh, *changed)]):
            Signal.objects.bulk_create(fresh)
            Signal.objects.bulk_update(changed, ["status", "words", "entries"])
    return len(found)


@jobs.chore
def recheck_changed() -> int:
    """The worker looks again at books that changed since they were looked at, a few at a time."""
    some = list(
        Stock.objects.filter(unchecked=True, withdrawn__isnull=True).select_related("taxon", "facility")[
            :AT_ONCE
        ]
    )
    for stock in some:
        recheck(stock)
    return len(some)


@jobs.nightly("facilities.books", gettext_lazy("Xét lại mọi sổ nuôi, trồng"))
def recheck_all(progress: jobs.Progress) -> str:
    """Every book is looked at again: days pass over books that nobody writes in. There is no page of its own.

    A book whose births took too long by day is given more time.
    """
    keys = list(Stock.objects.filter(withdrawn__isnull=True).order_by("pk").values_list("pk", flat=True))
    for done, key in enumerate(keys):
        if done % AT_ONCE == 0:
            progress(done, len(keys))
        stock = Stock.objects.select_related("taxon", "facility").filter(pk=key).first()
        if stock is not None:
            recheck(stock, seconds=LONG if "time" in stock.unjudged.values() else SHORT)
    return ""


__all__ = ["RULES", "Found", "Judgement", "judge", "look", "recheck", "recheck_all", "recheck_changed"]
