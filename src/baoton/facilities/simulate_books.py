"""Books of a few years as keepers write them: each animal lives, bears and dies by itself; or one fraud is planted."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from baoton.facilities.models import Entry, Stock
from baoton.kit.ids import source_id
from rulebook.biology import Biology, biology

FRAUDS = ("births", "no_deaths", "too_young", "season", "sex_ratio", "never_ages", "one_day", "over_capacity")
"""Kinds that the lines of a book alone hold; the demonstration plants one of each."""
SEASONAL = ("Macaca mulatta", "Python bivittatus", "Naja atra")
FEW = 6
"""Litters are simulated no larger than this, or a book of pythons would hold thousands."""
MONTH = 30.4375
M = Entry.Movement


@dataclass
class Habit:
    """How one keeper breeds, loses and writes: drawn once for a book."""

    dying: float
    young_dying: float
    bearing: float
    sexes_told: bool
    one_line_a_month: bool
    writes_every: int


@dataclass
class Animal:
    """One animal of the book: its class, when it was born (None: grown at the opening), when it may bear again."""

    kind: str
    born: date | None
    ready: date
    male: bool


@dataclass
class Pen:
    """The animals and the lines written of them."""

    animals: list[Animal] = field(default_factory=list)
    lines: list[tuple[date, str, str, int]] = field(default_factory=list)

    def write(self, day: date, movement: str, kind: str, amount: int) -> None:
        if amount:
            self.lines.append((day, movement, kind, amount))


def habit_of(rng: np.random.Generator) -> Habit:
    """An honest keeper: one adult in seven to thirty dies a year, some write late, some in one go each quarter."""
    return Habit(
        dying=float(rng.uniform(0.03, 0.15)),
        young_dying=float(rng.uniform(0.08, 0.3)),
        bearing=0.0 if rng.random() < 0.03 else float(rng.uniform(0.4, 0.9)),  # some keep the sexes apart
        sexes_told=bool(rng.random() < 0.3),
        one_line_a_month=bool(rng.random() < 0.3),
        writes_every=int(rng.choice([1, 1, 1, 1, 1, 1, 7, 31, 31, 92])),
    )


def book_of(
    rng: np.random.Generator,
    stock: Stock,
    today: date,
    fraud: str = "",
    large: tuple[int, int] = (20, 80),
) -> list[Entry]:
    """The lines of one book from its opening until a day: honest but for the one fraud asked for.

    `large`: males and females of the books whose fraud is that nothing dies or nothing happens.
    """
    habit = habit_of(rng)
    if stock.form == Stock.Form.PLANTING:
        lines = _garden(rng, stock.since, today)
    else:
        lines = _pen(rng, stock, today, fraud, habit, large)
    return _entries(rng, stock, lines, today, fraud, habit)


def _garden(rng: np.random.Generator, since: date, today: date) -> list[tuple[date, str, str, int]]:
    lines = [(since, str(M.OPENING), "mother", int(rng.integers(20, 60)))]
    stands, day = 0, since + timedelta(days=int(rng.integers(60, 150)))
    while day < today - timedelta(days=20):
        sown = int(rng.integers(50, 300))
        lines.append((day, M.BORN, "seedling", sown))
        died = int((stands + sown) * rng.uniform(0.05, 0.2))
        lines.append((day + timedelta(40), M.DIED, "seedling", -died))
        sold = int((stands + sown - died) * 0.6)
        lines.append((day + timedelta(90), M.SOLD, "seedling", -sold))
        stands += sown - died - sold
        day += timedelta(days=int(rng.integers(150, 240)))
    kept = [x for x in lines if x[0] <= today]
    return sorted(kept, key=lambda x: x[0])


def _pen(
    rng: np.random.Generator, stock: Stock, today: date, fraud: str, habit: Habit, large: tuple[int, int]
) -> list[tuple[date, str, str, int]]:
    known = biology(stock.taxon.scientific_name)
    ordinary = stock.form == Stock.Form.ORDINARY
    sire, dam = ("male", "female") if ordinary else ("sire", "dam")
    many = fraud in {"no_deaths", "never_ages"}
    males, females = large if many else (int(rng.integers(1, 4)), int(rng.integers(4, 10)))
    pen = Pen()
    for kind, n in ((sire, males), (dam, females)):
        pen.write(stock.since, M.OPENING, kind, n)
        pen.animals += [
            Animal(kind, None, stock.since + timedelta(int(rng.integers(20, 240))), kind == sire)
            for _i in range(n)
        ]
    if fraud == "never_ages":
        return pen.lines
    for day in _months(stock.since, today, rng):
        _die(rng, pen, day, habit, silent=fraud == "no_deaths")
        _bear(rng, pen, day, known, habit, fraud, dam)
        _grow(rng, pen, day, known, fraud, sire, dam)
        _sell(rng, pen, day, 30 + males + females, fraud)
    return sorted(pen.lines, key=lambda x: x[0])


def _months(since: date, today: date, rng: np.random.Generator) -> Iterator[date]:
    day = since + timedelta(days=int(rng.integers(25, 36)))
    while day < today - timedelta(days=12):
        yield day
        day += timedelta(days=int(rng.integers(27, 34)))


def _die(rng: np.random.Generator, pen: Pen, day: date, habit: Habit, *, silent: bool) -> None:
    if silent:  # the dead are replaced by others, and nobody writes a line
        return
    dead = []
    for one in pen.animals:
        young = one.born is not None and (day - one.born).days < 92
        rate = habit.young_dying / 3 if young else habit.dying / 12
        if rng.random() < rate:
            dead.append(one)
    for one in dead:
        pen.animals.remove(one)
    for kind, n in Counter(one.kind for one in dead).items():
        pen.write(day, M.DIED, kind, -n)


def _bear(
    rng: np.random.Generator, pen: Pen, day: date, known: Biology | None, habit: Habit, fraud: str, dam: str
) -> None:
    most = min((known.litter_max if known else None) or 2, FEW)
    pause = (known.litter_interval_months if known else None) or 9.0
    season = known.season if known else None
    if season and fraud not in {"season", "every_month"}:
        late = rng.random() < 0.01  # a birth outside the season now and then
        if day.month not in season and not late:
            return
    if fraud == "season" and (not season or day.month in season):
        return
    mothers = [a for a in pen.animals if a.kind == dam and a.ready <= day]
    sires = any(a.male for a in pen.animals)
    litters = [
        1 + int(rng.binomial(most - 1, 0.5)) for a in mothers if sires and rng.random() < habit.bearing
    ]
    for a in mothers[: len(litters)]:
        a.ready = day + timedelta(days=int(pause * MONTH * float(rng.uniform(1.02, 1.5))))
    if fraud == "every_month":
        litters = litters or [1]
    if fraud == "births":  # animals from the forest come in as births
        litters.append(int((known.litter_max if known else None) or 6) * max(4, len(mothers)))
    if fraud == "sex_ratio":
        litters = [n + 2 for n in litters]
    dates = [day] if habit.one_line_a_month else [day + timedelta(int(rng.integers(0, 9))) for _n in litters]
    for i, size in enumerate(litters):
        male = [bool(fraud == "sex_ratio" or rng.random() < 0.5) for _j in range(size)]
        on = dates[min(i, len(dates) - 1)]
        told = habit.sexes_told or fraud == "sex_ratio"
        for sex in (True, False):
            kind = ("male" if sex else "female") if told else "unsexed"
            pen.animals += [Animal(kind, on, date.max, sex) for m in male if m == sex]
        if told:
            pen.write(on, M.BORN, "male", sum(male))
            pen.write(on, M.BORN, "female", size - sum(male))
        else:
            pen.write(on, M.BORN, "unsexed", size)


def _grow(
    rng: np.random.Generator, pen: Pen, day: date, known: Biology | None, fraud: str, sire: str, dam: str
) -> None:
    """Grown young take the place of breeders; in a fraud, animals do so that cannot be grown."""
    ripe = ((known.first_litter_months if known else None) or 24.0) * MONTH * 1.1
    hurried = fraud in {"too_young", "sold_young"}
    able = [
        a
        for a in pen.animals
        if a.born is not None
        and a.kind not in {sire, dam}
        and a.born < day
        and ((day - a.born).days > ripe or (hurried and (day - a.born).days > 20))
    ]
    wanted = max(0, 9 - sum(a.kind == dam for a in pen.animals)) if not hurried else 6
    for one in able[: wanted if hurried or rng.random() < 0.5 else 0]:
        into = dam if hurried or not one.male else sire
        pen.write(day, M.GREW, one.kind, -1)
        pen.write(day, M.GREW, into, 1)
        one.kind, one.ready = into, day + timedelta(60)


def _sell(rng: np.random.Generator, pen: Pen, day: date, room: int, fraud: str) -> None:
    if fraud == "sold_young":
        made = [a for a in pen.animals if a.born is not None and a.kind in {"dam", "sire"}]
        for one in made[:5]:
            pen.animals.remove(one)
            pen.write(day, M.SOLD, one.kind, -1)
    sellable = [
        a
        for a in pen.animals
        if a.born is not None and a.kind not in {"sire", "dam"} and (day - a.born).days > 80
    ]
    n = min(len(sellable), max(0, len(pen.animals) - room) + int(rng.integers(0, 1 + len(sellable) // 2)))
    gone = sellable[:n]
    for one in gone:
        pen.animals.remove(one)
    for kind, k in Counter(one.kind for one in gone).items():
        pen.write(day, M.SOLD, kind, -k)


def _entries(
    rng: np.random.Generator,
    stock: Stock,
    lines: list[tuple[date, str, str, int]],
    today: date,
    fraud: str,
    habit: Habit,
) -> list[Entry]:
    late = today - timedelta(days=5)
    written: Callable[[date], date] = lambda day: _written(rng, day, habit, today)  # noqa: E731
    told: list[Entry] = []
    for day, movement, kind, amount in sorted(lines, key=lambda x: x[0]):
        entered = late if fraud == "one_day" and movement != M.OPENING else written(day)
        told.append(
            Entry(
                id=source_id("simulated.entry", f"{stock.pk} {len(told)}"), book=stock, day=day, kind=kind,
                amount=amount, movement=movement, position=len(told) + 1, area_path=stock.area_path,
                organisation=stock.organisation, paper="BB" if movement == M.DIED else "",
                entered=max(day, stock.since if movement == M.OPENING else entered),
            )
        )  # fmt: skip
    return told


def _written(rng: np.random.Generator, day: date, habit: Habit, today: date) -> date:
    if habit.writes_every == 1:
        return min(today, day + timedelta(int(rng.integers(0, 5))))
    return min(today, day + timedelta(habit.writes_every - day.toordinal() % habit.writes_every))


__all__ = ["FRAUDS", "SEASONAL", "book_of"]
