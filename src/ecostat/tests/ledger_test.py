"""Breeding ledgers: bounds against plain counting and against every history of toy ledgers."""

import datetime
from functools import cache
from itertools import combinations

import numpy as np
import pytest

from ecostat.errors import EcostatError
from ecostat.ledger import Biology, Entry, Stock, implausible, max_offspring

PORCUPINE = Biology(litter_max=2, litter_interval_months=4, first_litter_months=10)
SLOW = Biology(litter_max=1, litter_interval_months=12, first_litter_months=48, gestation_months=6)


def test_a_stock_bears_litters_times_females_when_daughters_are_too_young() -> None:
    found = max_offspring(10, PORCUPINE, 10)
    assert found.offspring == 10 * 3 * 2  # at months 0, 4 and 8
    assert (found.litters, sum(found.by_month), len(found.by_month)) == (30, 60, 10)


def test_daughters_breed_once_old_enough() -> None:
    # 1 female: litters at 0, 4, 8, 12; her first two daughters bear 2 each at 10, her second two at 14
    assert max_offspring(1, PORCUPINE, 10).offspring == 6
    assert max_offspring(1, PORCUPINE, 11).offspring == 6 + 4
    half = Biology(litter_max=2, litter_interval_months=4, first_litter_months=10, female_share=0.5)
    assert max_offspring(1, half, 11).offspring == 6 + 2


@pytest.mark.parametrize("seed", range(10))
def test_the_bound_is_that_of_following_every_female(seed: int) -> None:
    rng = np.random.default_rng(seed)
    b = Biology(
        litter_max=int(rng.integers(1, 3)),
        litter_interval_months=int(rng.integers(2, 6)),
        first_litter_months=int(rng.integers(4, 9)),
    )
    months, females, young = int(rng.integers(1, 20)), int(rng.integers(0, 3)), int(rng.integers(0, 3))
    due = [0] * females + [max(0, int(b.first_litter_months) - 3)] * young
    born = 0
    for month in range(months):
        for i in range(len(due)):
            if due[i] == month:
                born += b.litter_max
                due[i] += int(b.litter_interval_months)
                due += [month + int(b.first_litter_months)] * b.litter_max
    assert max_offspring(Stock(females, young=((3, young),)), b, months).offspring == born


def test_no_female_no_offspring_and_no_male_only_the_litter_she_carries() -> None:
    assert max_offspring(0, PORCUPINE, 120).offspring == 0
    assert max_offspring(5, PORCUPINE, 0).offspring == 0
    assert max_offspring(Stock(3, males=0), PORCUPINE, 24).offspring == 6
    assert max_offspring(Stock(3, males=1), PORCUPINE, 5).offspring == 12


@pytest.mark.parametrize(
    "wrong",
    [{"litter_max": 0}, {"litter_interval_months": 0}, {"first_litter_months": np.nan}, {"female_share": 2}],
)
def test_a_biology_that_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(EcostatError):
        Biology(**{"litter_max": 2, "litter_interval_months": 4, "first_litter_months": 10, **wrong})  # type: ignore[arg-type]


def test_an_honest_ledger_gives_no_reason() -> None:
    ledger = [
        Entry(datetime.date(2025, 1, 5), "opening", 3),
        Entry(datetime.date(2025, 2, 1), "birth", 4),
        Entry(datetime.date(2025, 6, 30), "out", 2),
        Entry(datetime.date(2025, 7, 1), "count", 5),
    ]
    assert implausible(ledger, PORCUPINE) == ()
    assert implausible([], PORCUPINE) == ()


def test_more_births_than_the_females_can_bear_need_an_origin() -> None:
    ledger = [
        Entry(datetime.date(2025, 1, 5), "opening", 2, "f"),
        Entry(datetime.date(2025, 1, 5), "opening", 1, "m"),
        Entry(datetime.date(2025, 3, 1), "birth", 9),
    ]
    (reason,) = implausible(ledger, PORCUPINE)
    assert (reason.rule, reason.entries, reason.animals) == ("births", (2,), 5)
    assert "9 births in 2025-03" in reason.sentence and "4 of them" in reason.sentence


def test_litters_come_no_faster_than_the_species_can() -> None:
    ledger = [Entry(0, "opening", 1, "f"), Entry(0, "opening", 1, "m")]
    ledger += [Entry(t, "birth", 1) for t in (1, 13, 20, 25)]
    assert sum(r.animals for r in implausible(ledger, SLOW)) == 1


def test_an_interval_between_whole_months_counts_over_the_year() -> None:
    quick = Biology(litter_max=1, litter_interval_months=2.4, first_litter_months=60, needs_male=False)
    assert max_offspring(1, quick, 12).offspring == 5
    ledger = [Entry(0, "opening", 1, "f"), *(Entry(t, "birth", 1, "m") for t in range(12))]
    assert sum(r.animals for r in implausible(ledger, quick)) == 12 - 5


def test_more_sales_than_animals_need_an_origin() -> None:
    ledger = [Entry(0, "opening", 3), Entry(1, "out", 2), Entry(2, "death", 4)]
    (reason,) = implausible(ledger, PORCUPINE)
    assert (reason.rule, reason.entries, reason.animals) == ("balance", (2,), 3)


def test_sexes_are_kept_apart_where_the_ledger_names_them() -> None:
    ledger = [Entry(0, "opening", 1, "f"), Entry(0, "opening", 4, "m"), Entry(1, "out", 2, "f")]
    assert [r.animals for r in implausible(ledger, PORCUPINE)] == [1]


def test_a_count_that_differs_is_named_and_the_ledger_goes_on_from_it() -> None:
    ledger = [Entry(0, "opening", 5), Entry(3, "count", 9), Entry(4, "count", 9), Entry(5, "count", 7)]
    found = implausible(ledger, PORCUPINE)
    assert [(r.rule, r.entries, r.animals) for r in found] == [("count", (1,), 4), ("count", (3,), 2)]


def test_births_without_a_father_are_those_the_mothers_brought_along() -> None:
    ledger = [Entry(0, "opening", 2, "f"), Entry(2, "birth", 2), Entry(30, "birth", 2, "f")]
    assert sum(r.animals for r in implausible(ledger, SLOW)) == 0  # unsexed births may have sired
    ledger[1] = Entry(2, "birth", 2, "f")
    late = [*ledger[:2], Entry(30, "birth", 3)]
    assert sum(r.animals for r in implausible(late, SLOW)) == 1


def test_an_unreadable_number_is_said_and_read_in_favour() -> None:
    ledger = [Entry(0, "opening", None), Entry(1, "birth", 50), Entry(2, "out", None)]
    found = implausible(ledger, PORCUPINE)
    assert [(r.rule, r.animals) for r in found] == [("number_missing", 0)] * 2


def test_a_line_that_cannot_be_is_refused() -> None:
    for wrong in ({"kind": "gift"}, {"number": -2}, {"number": 1.5}, {"sex": "male"}, {"age_months": -1}):
        with pytest.raises(EcostatError):
            Entry(**{"month": 1, "kind": "in", "number": 1, **wrong})  # type: ignore[arg-type]
    with pytest.raises(EcostatError):
        implausible([Entry(np.datetime64("NaT"), "in", 1)], PORCUPINE)


def least_unexplained(ledger: list[Entry], b: Biology) -> tuple[int, int]:
    """Departures, then births: walks every history of which females bore, each newborn's sex, who left."""
    order = {"opening": 0, "in": 1, "birth": 2, "out": 3, "death": 4}
    events = sorted(ledger, key=lambda e: (e.at, order[e.kind]))

    @cache
    def walk(at: int, stock: tuple[tuple[str, int], ...]) -> tuple[int, int]:
        if at == len(events):
            return 0, 0
        e, n = events[at], events[at].number or 0
        best = (10**6, 0)
        if e.kind in ("out", "death"):
            able = [i for i, (sex, _) in enumerate(stock) if e.sex in (None, sex)]
            for missing in range(max(0, n - len(able)), n + 1):
                for gone in set(combinations([stock[i] for i in able], n - missing)):
                    rest = list(stock)
                    for animal in gone:
                        rest.remove(animal)
                    left, births = walk(at + 1, tuple(sorted(rest)))
                    best = min(best, (missing + left, births))
            return best
        ready = e.at if e.kind != "birth" and e.age_months is None else e.at + int(b.first_litter_months)
        sexes = [n] if e.sex == "f" else [0] if e.sex == "m" else range(n + 1)
        bearers: set[tuple[tuple[str, int], ...]] = {()}
        if e.kind == "birth":
            able = [i for i, (sex, due) in enumerate(stock) if sex == "f" and due <= e.at]
            for k in range(1, min(len(able), -(-n // b.litter_max)) + 1):
                bearers |= set(combinations([stock[i] for i in able], k))
        for mothers in bearers:
            cost = max(0, n - b.litter_max * len(mothers)) if e.kind == "birth" else 0
            rest = list(stock)
            for mother in mothers:
                rest.remove(mother)
                rest.append(("f", e.at + int(b.litter_interval_months)))
            for f in sexes:
                new = [("f", ready)] * f + [("m", 0)] * (n - f)
                left, births = walk(at + 1, tuple(sorted(rest + new)))
                best = min(best, (left, cost + births))
        return best

    return walk(0, ())


@pytest.mark.parametrize("seed", range(60))
def test_the_least_unexplained_is_that_of_walking_every_history(seed: int) -> None:
    rng = np.random.default_rng(seed)
    b = Biology(
        litter_max=int(rng.integers(1, 3)),
        litter_interval_months=int(rng.integers(2, 5)),
        first_litter_months=int(rng.integers(3, 6)),
        needs_male=False,
    )
    sexes = (None, None, "f", "m")
    ledger = [Entry(0, "opening", int(rng.integers(0, 3)), sexes[rng.integers(4)])]  # type: ignore[arg-type]
    for month in np.sort(rng.integers(0, 14, rng.integers(2, 6))):
        kind = ("birth", "birth", "birth", "out", "in", "death")[rng.integers(6)]
        age = 0.0 if kind == "in" and rng.random() < 0.5 else None
        ledger.append(Entry(int(month), kind, int(rng.integers(1, 4)), sexes[rng.integers(4)], age))  # type: ignore[arg-type]
    found = implausible(ledger, b)
    assert least_unexplained(ledger, b) == tuple(
        sum(r.animals for r in found if r.rule == rule) for rule in ("balance", "births")
    )


def true_ledger(months: int, seed: int) -> list[Entry]:
    """What an honest keeper writes down while real animals breed, die and are sold; sexes left out."""
    rng = np.random.default_rng(seed)
    b = PORCUPINE
    stock = [("f", 0)] * 5 + [("m", 0)] * 3
    ledger = [Entry(0, "opening", len(stock))]
    for month in range(1, months):
        born = 0
        for i, (sex, due) in enumerate(stock):
            if sex == "f" and due <= month and rng.random() < 0.7:
                born += int(rng.integers(1, b.litter_max + 1))
                stock[i] = ("f", month + int(b.litter_interval_months))
        age = month + int(b.first_litter_months)
        stock += [("f" if rng.random() < 0.5 else "m", age) for _ in range(born)]
        if born:
            ledger.append(Entry(month, "birth", born))
        out = int(rng.integers(0, len(stock) - 7)) if len(stock) > 12 else 0
        for _ in range(out):
            stock.pop(int(rng.integers(len(stock))))
        if out:
            ledger.append(Entry(month, "out", out))
        ledger.append(Entry(month, "count", len(stock)))
    return ledger


@pytest.mark.parametrize("seed", range(8))
def test_an_honest_keeper_is_never_suspected(seed: int) -> None:
    assert implausible(true_ledger(40, seed), PORCUPINE) == ()


def test_a_laundered_batch_in_ten_years_of_entries_is_found() -> None:
    ledger = true_ledger(120, 3)
    assert implausible(ledger, PORCUPINE) == ()
    held = ledger[-1].number
    assert held is not None
    batch = 2 * held + 500  # were every animal held a female with a full litter, 500 remain
    ledger += [Entry(120, "birth", batch), Entry(120, "out", batch)]
    found = [r for r in implausible(ledger, PORCUPINE) if r.rule == "births"]
    assert 500 <= sum(r.animals for r in found) < batch
