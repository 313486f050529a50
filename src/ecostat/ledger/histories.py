"""The history that explains most of a ledger; what even it leaves unexplained is the reason to look."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ecostat import gates
from ecostat.errors import EcostatError
from ecostat.ledger.biology import Biology
from ecostat.ledger.entries import MANY, Entry
from ecostat.ledger.plain import explained
from ecostat.ledger.program import Program


@dataclass(frozen=True)
class Reason:
    """Something no history explains: its `rule`, positions of `entries`, number of `animals`, a sentence.

    Where it is not `proven`, the time ran out before it was sure that no better history exists.
    """

    rule: str
    entries: tuple[int, ...]
    animals: int
    sentence: str
    proven: bool = True


def implausible(entries: Sequence[Entry], biology: Biology, *, time_limit: float = 30) -> tuple[Reason, ...]:
    """Every entry no history explains, in order of entry; empty when some history explains them all.

    Sexes, ages and choices of who left that the entries leave open are all tried, by an integer program:
    first for the fewest departures of animals never recorded, then for the fewest births no recorded female
    can have borne. Reasons to look, not verdicts.
    """
    if not isinstance(entries, Sequence) and getattr(entries, "ndim", 0) != 1:
        raise EcostatError("entries are the lines of a ledger: a list of Entry(…)")
    entries = list(entries)
    odd = [i for i, e in enumerate(entries) if not isinstance(e, Entry)]
    if odd:
        raise EcostatError(f"entries[{odd[0]}] is {type(entries[odd[0]]).__name__}, not an Entry(…)")
    if not isinstance(biology, Biology):
        raise EcostatError(f"biology is a Biology(…), not {type(biology).__name__}")
    time_limit = gates.number("time_limit", time_limit, above=0)
    kept = sorted(range(len(entries)), key=lambda i: (entries[i].at, _ORDER[entries[i].kind]))
    come = [i for i in kept if entries[i].kind in ("opening", "in", "birth")]
    leave = [i for i in kept if entries[i].kind in ("out", "death")]
    born = [i for i in come if entries[i].kind == "birth"]
    reasons = [
        Reason("number_missing", (i,), 0, f"The number of the {e.kind} of {e.spoken} cannot be read.")
        for i, e in enumerate(entries)
        if e.number is None
    ]
    if (come or leave) and not _plain(entries, biology, kept):
        reasons += _unexplained(entries, biology, come, leave, born, time_limit)
    reasons += _counts(entries, kept)
    return tuple(sorted(reasons, key=lambda r: r.entries))


def _plain(entries: Sequence[Entry], biology: Biology, kept: Sequence[int]) -> bool:
    """Whether a history told line by line explains everything, as it does for most honest books."""
    ready = [_ready(e, biology) for e in entries]
    by_month: dict[int, int] = {}
    litters = []
    for e in entries:
        if e.kind == "birth" and e.at not in by_month:
            by_month[e.at] = _most_litters(entries, biology, e.at)
        litters.append(by_month.get(e.at, 0))
    return explained(entries, biology, kept, ready, litters)


_ORDER = {"opening": 0, "in": 1, "birth": 2, "out": 3, "death": 4, "count": 5}


def _unexplained(
    entries: Sequence[Entry],
    biology: Biology,
    come: list[int],
    leave: list[int],
    born: list[int],
    time_limit: float,
) -> list[Reason]:
    p = Program()
    # of each group that came: how many, and how many of them are female
    size = {k: p.number() for k in come}
    female = {k: p.number() for k in come}
    for k in come:
        e = entries[k]
        if e.number is not None:
            p.require({size[k]: 1}, e.number, e.number)
        if e.sex:
            p.require({female[k]: 1.0} | ({size[k]: -1.0} if e.sex == "f" else {}), 0, 0)
        elif e.kind == "birth" and e.number is not None:
            p.require({female[k]: 1}, 0, biology.daughters(e.number))
        p.require({size[k]: 1, female[k]: -1}, 0, math.inf)

    # of each group that left: the males, the females out of each group that came, those never there
    males_gone = {j: p.number(whole=False) for j in leave if entries[j].sex != "f"}
    females_gone: dict[int, dict[int, int]] = {}
    never = {j: p.number() for j in leave}
    for j in leave:
        e = entries[j]
        from_ = [k for k in come if entries[k].at <= e.at] if e.sex != "m" else []
        females_gone[j] = {k: p.number(whole=False) for k in from_}
        terms = [never[j], *females_gone[j].values(), *([males_gone[j]] if j in males_gone else [])]
        p.require(dict.fromkeys(terms, 1.0), e.number or 0, math.inf if e.number is None else e.number)
    for t in sorted({entries[j].at for j in leave}):
        males = {size[k]: 1.0 for k in come if entries[k].at <= t}
        males |= {female[k]: -1.0 for k in come if entries[k].at <= t}
        p.require(males | {v: -1.0 for j, v in males_gone.items() if entries[j].at <= t}, 0, math.inf)

    # females of each group still there when each month with births begins
    months = sorted({entries[k].at for k in born})
    there: dict[tuple[int, float], int] = {}
    for k in come:
        marks = [-math.inf, *months, math.inf]
        held = [female[k], *(p.number(whole=False) for _ in marks[1:])]
        there |= {(k, t): held[i] for i, t in enumerate(marks)}
        for (a, b), (before, after) in zip(pairwise(marks), pairwise(held), strict=True):
            gone = {
                females_gone[j][k]: -1.0 for j in leave if k in females_gone[j] and a <= entries[j].at < b
            }
            p.require({before: 1, after: -1} | gone, 0, 0)

    # births come in litters of females old enough and there, each no sooner than her last allows
    litter = {t: p.number() for t in months}
    foundling = {k: p.number() for k in born}
    for t in months:
        p.require({litter[t]: 1}, 0, _most_litters(entries, biology, t))
        row: dict[int, float] = {litter[t]: biology.litter_max}
        for k in born:
            if entries[k].at == t:
                row |= {foundling[k]: 1, size[k]: -1}
                p.require({size[k]: 1, foundling[k]: -1}, 0, math.inf)
        p.require(row, 0, math.inf)
    every = biology.litter_interval_months
    longest = every if every == int(every) else 5 * every  # whole intervals say it all in one
    for a, b in ((a, b) for b in months for a in months if a <= b and b - a + 1 <= max(1, longest)):
        each = biology.litters(b - a + 1)
        room: dict[int, float] = {litter[t]: -1.0 for t in months if a <= t <= b}
        for k in come:
            if _ready(entries[k], biology) <= b:
                room[there[k, a] if entries[k].at < a else female[k]] = each
        p.require(room, 0, math.inf)

    # first every departure from recorded animals that can be, then the births; of equal answers the one
    # that blames the latest entries, earlier ones being dearer by a trifle
    dearer = {i: 1 + 1e-4 * (1 - rank / len(entries)) for rank, i in enumerate(sorted(come + leave))}
    values, proven = p.least({v: dearer[j] for j, v in never.items()}, time_limit / 2)
    p.require(dict.fromkeys(never.values(), 1.0), 0, int(sum(values[v] for v in never.values())))
    values, also = p.least({v: dearer[i] for i, v in (foundling | never).items()}, time_limit / 2)
    proven = proven and also
    open_ = "" if proven else " (time ran out: a history with fewer may exist)"
    reasons = []
    for k, place in foundling.items():
        if values[place]:
            e = entries[k]
            said = (
                f"{values[size[k]]} births in {e.spoken}: the females that can have been there explain "
                f"{values[size[k]] - values[place]} of them, {values[place]} have no explained origin{open_}."
            )
            reasons.append(Reason("births", (k,), int(values[place]), said, proven))
    for j, place in never.items():
        if values[place]:
            e = entries[j]
            verb = "died" if e.kind == "death" else "left"
            said = f"{e.number} {verb} in {e.spoken}, {values[place]} more than can have been there{open_}."
            reasons.append(Reason("balance", (j,), int(values[place]), said, proven))
    return reasons


def _ready(e: Entry, biology: Biology) -> int:
    """The first month in which a female of this group can bear."""
    if e.kind != "birth" and e.age_months is None:
        return e.at  # may be adult, and with young
    return e.at + max(0, math.floor(biology.first_litter_months - (e.age_months or 0)))


def _most_litters(entries: Sequence[Entry], biology: Biology, month: int) -> int:
    """No limit where a male can have mated in time; else the females that can have come already mated."""
    if not biology.needs_male:
        return MANY
    mated = month - math.ceil(biology.gestation_months)
    came = [e for e in entries if e.kind in ("opening", "in") and e.at <= month]
    could_sire = any(
        e.sex != "f" and e.number != 0 and e.kind in ("opening", "in", "birth") and e.at <= mated
        for e in entries
    )
    if could_sire:
        return MANY
    return sum(MANY if e.number is None else e.number for e in came if e.sex != "m")


def _counts(entries: Sequence[Entry], kept: list[int]) -> list[Reason]:
    """Stock-takes that differ from the running balance; the balance then goes on from the count."""
    balance: int | None = 0
    reasons = []
    for i in kept:
        e = entries[i]
        if e.kind == "count":
            if e.sex is None and e.number is not None:
                if balance is not None and e.number != balance:
                    more = "more" if e.number > balance else "fewer"
                    gap = abs(e.number - balance)
                    said = f"{e.number} counted in {e.spoken}, {gap} {more} than the ledger's {balance}."
                    reasons.append(Reason("count", (i,), gap, said))
                balance = e.number
        elif e.number is None:
            balance = None
        elif balance is not None:
            balance = max(0, balance + (-e.number if e.kind in ("out", "death") else e.number))
    return reasons
