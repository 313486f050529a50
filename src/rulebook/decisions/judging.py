"""Whether a row holds for the facts: yes, no, or not to be said because a fact (or the law's text) is missing.

Items that a row speaks of are added up. An item of which it is not known whether the row speaks of it, or
whose amount is not known, makes the sum a range; the row is judged when the whole range lies on one side.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rulebook.decisions.facts import ITEM_CHOICES, ITEM_MEASURES, Facts, Item
from rulebook.decisions.tables import Band, Row, settled
from rulebook.decisions.words import amount, fact, said_as

ITEM_BANDS = (*ITEM_MEASURES, "items")


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that is needed and not known; `item` names the line of the list, empty for the case itself."""

    name: str
    item: str = ""

    @property
    def said(self) -> str:
        """As a page asks for it."""
        return f"{fact(self.name)} (tang vật “{self.item}”)" if self.item else fact(self.name)


@dataclass(frozen=True, slots=True)
class Judgement:
    """`met` is None when it cannot be said: then `missing` names the facts, or the row's text was not read."""

    met: bool | None
    missing: tuple[Missing, ...] = ()
    used: tuple[str, ...] = ()
    """The facts the row rests on, in words."""
    items: tuple[int, ...] = ()
    """The lines of the list that were added up, by their place."""


NO = Judgement(False)


@dataclass(slots=True)
class _Sum:
    """What is known of a sum: at least `low`, at most `high` (None: no end known)."""

    low: Decimal
    high: Decimal | None
    sure: bool
    """True when at least one item is certainly meant."""

    def met(self, band: Band) -> bool | None:
        if self.sure and not band.below(self.low) and (self.high is not None and not band.above(self.high)):
            return True
        if self.sure and band.high is None and not band.below(self.low):
            return True
        if band.above(self.low) or (self.high is not None and band.below(self.high)):
            return False
        return None


def _label(item: Item, place: int) -> str:
    return item.name or f"mục {place + 1}"


def _meant(
    row_when: list[tuple[str, tuple]], item: Item, place: int
) -> tuple[bool | None, tuple[Missing, ...]]:
    """Whether the row speaks of the item, and what must be known to tell."""
    missing = []
    for name, values in row_when:
        known = item.known(name)
        if known is None:
            missing.append(Missing(name, _label(item, place)))
        elif known not in values:
            return False, ()
    return (None if missing else True), tuple(missing)


def _least(measure: str, item: Item) -> Decimal:
    """What an item amounts to at least when its amount is not known: an animal found is one at least."""
    whole = measure == "number" and item.kind == "animal" and item.state in ("alive", "dead")
    return Decimal(1 if whole else 0)


def _added(
    measure: str, meant: list[tuple[int, Item, bool | None, tuple[Missing, ...]]]
) -> tuple[_Sum, list[Missing]]:
    total = _Sum(Decimal(0), Decimal(0), any(sure for _, _, sure, _ in meant))
    missing: list[Missing] = []
    for place, item, sure, doubts in meant:
        known = Decimal(1) if measure == "items" else item.known(measure)
        missing.extend(doubts)
        if known is None:
            missing.append(Missing(measure, _label(item, place)))
            total.high = None
            total.low += _least(measure, item) if sure else 0
            continue
        if sure:
            total.low += known
        if total.high is not None:
            total.high += known
    return total, missing


def _of_items(row: Row, facts: Facts, day: date) -> Judgement:
    when = [(name, values) for name, values in row.when if name in ITEM_CHOICES]
    bands = [(name, settled(band, day)) for name, band in row.bands if name in ITEM_BANDS]
    meant: list[tuple[int, Item, bool | None, tuple[Missing, ...]]] = []
    for place, item in enumerate(facts.items):
        sure, doubts = _meant(when, item, place)
        if sure is not False:
            meant.append((place, item, sure, doubts))
    if not meant:
        return NO
    unsure: list[Missing] = []
    used = [said_as(name, values[0]) for name, values in when if len(values) == 1]
    for measure, band in bands:
        total, missing = _added(measure, meant)
        met = total.met(band)
        if met is False:
            return NO
        if met is None:
            unsure += missing
        elif measure != "items":
            more = "" if total.high == total.low else "ít nhất "
            used.append(f"{fact(measure)} {more}{amount(measure, total.low)}")
    if unsure:
        return Judgement(None, tuple(dict.fromkeys(unsure)))
    return Judgement(True, used=tuple(used), items=tuple(p for p, _, sure, _ in meant if sure))


def _of_case(row: Row, facts: Facts, day: date) -> Iterator[Judgement]:
    for name, values in row.when:
        if name in ITEM_CHOICES:
            continue
        known = facts.known(name)
        if known is None:
            yield Judgement(None, (Missing(name),))
        elif known not in values:
            yield NO
        else:
            yield Judgement(True, used=(fact(name) if known is True else _choice(name, known),))
    for name, told in row.bands:
        if name in ITEM_BANDS:
            continue
        known, band = facts.known(name), settled(told, day)
        if known is None:
            yield Judgement(None, (Missing(name),))
        elif not band.holds(known):
            yield NO
        else:
            yield Judgement(True, used=(f"{fact(name)} {amount(name, known)}",))


def _choice(name: str, known: object) -> str:
    if known is False:
        return f"không: {fact(name)}"
    return said_as(name, str(known))


def judge(row: Row, facts: Facts, day: date) -> Judgement:
    """Whether the row holds for the facts on a day of its law; acts that it does not speak of are a no."""
    if row.acts is not None and not row.acts & facts.acts:
        return NO
    parts = list(_of_case(row, facts, day))
    if any(name in ITEM_CHOICES for name, _ in row.when) or any(name in ITEM_BANDS for name, _ in row.bands):
        parts.append(_of_items(row, facts, day))
    if any(part.met is False for part in parts):
        return NO
    missing = tuple(dict.fromkeys(m for part in parts for m in part.missing))
    used = tuple(dict.fromkeys(word for part in parts for word in part.used))
    items = tuple(place for part in parts for place in part.items)
    met = None if missing or row.unread else True
    return Judgement(met, missing, used, items)
