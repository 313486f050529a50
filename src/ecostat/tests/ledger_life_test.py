"""Whole lives of ledgers: any book gives finite answers or a named error, whatever the order of a day's lines."""

import datetime
import math
import random

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from ecostat.errors import EcostatError
from ecostat.ledger import (
    Biology,
    Entry,
    Stock,
    implausible,
    max_offspring,
    older_than_can_be,
    too_few_deaths,
)

DAY = datetime.date
CIVET = Biology(litter_max=6, litter_interval_months=5, first_litter_months=9, gestation_months=2)
BEAR = Biology(litter_max=4, litter_interval_months=12, first_litter_months=36, gestation_months=6.5)
NUMBER = st.one_of(
    st.none(), st.integers(0, 60), st.integers(-3, 200_000), st.floats(allow_nan=True), st.text(max_size=3)
)
MONTH = st.one_of(
    st.integers(-12, 40),
    st.dates(DAY(1990, 1, 1), DAY(2030, 12, 31)),
    st.sampled_from([202601, float("nan"), None, "2026-01"]),
)
KIND = st.sampled_from(["opening", "in", "birth", "out", "death", "count", "gift"])
SEX = st.sampled_from([None, "f", "m", "x"])
AGE = st.one_of(st.none(), st.floats(-1, 600), st.just(float("inf")))
LINE = st.builds(
    Entry,
    month=st.integers(0, 18),
    kind=st.sampled_from(["opening", "in", "birth", "out", "death", "count"]),
    number=st.one_of(st.none(), st.integers(0, 12)),
    sex=st.sampled_from([None, "f", "m"]),
    age_months=st.sampled_from([None, 0, 7]),
)
SPECIES = st.builds(
    Biology,
    litter_max=st.integers(1, 5),
    litter_interval_months=st.sampled_from([1, 2.5, 6]),
    first_litter_months=st.sampled_from([1, 4.5, 9]),
    gestation_months=st.sampled_from([0, 2]),
    needs_male=st.booleans(),
)


def shares(found: object) -> list[tuple[str, int]]:
    """How many animals each rule finds without origin: which line is blamed may be any of a month."""
    told: dict[str, int] = {}
    for reason in found:  # type: ignore[attr-defined]
        told[reason.rule] = told.get(reason.rule, 0) + reason.animals
    return sorted(told.items())


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(MONTH, KIND, NUMBER, SEX, AGE), max_size=5))
def test_any_ledger_gives_finite_answers_or_an_error_with_a_name(rows: list[tuple]) -> None:
    try:
        ledger = [Entry(*row) for row in rows]
        found = implausible(ledger, CIVET, time_limit=5)
    except EcostatError as error:
        assert str(error)
        return
    for reason in found:
        assert math.isfinite(reason.animals) and reason.animals >= 0
        assert reason.sentence and all(0 <= i < len(ledger) for i in reason.entries)


@settings(max_examples=60, deadline=None)
@given(st.lists(LINE, max_size=8), SPECIES, st.randoms())
def test_the_order_of_the_lines_of_a_month_changes_no_number(
    ledger: list[Entry], species: Biology, chance: random.Random
) -> None:
    ledger = [e for e in ledger if e.kind != "count"]  # a count starts the balance anew where it stands
    mixed = ledger[:]
    chance.shuffle(mixed)
    assert shares(implausible(ledger, species)) == shares(implausible(mixed, species))


@settings(max_examples=60, deadline=None)
@given(st.lists(LINE, max_size=8), SPECIES)
def test_an_animal_more_at_the_opening_explains_no_less(ledger: list[Entry], species: Biology) -> None:
    ledger = [e for e in ledger if e.kind != "count"]
    before = dict(shares(implausible(ledger, species)))
    after = dict(shares(implausible([*ledger, Entry(0, "opening", 1)], species)))
    assert after.get("balance", 0) <= before.get("balance", 0)
    if before.get("balance", 0) == 0:
        assert after.get("births", 0) <= before.get("births", 0)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 20), st.integers(0, 6000).map(lambda n: n / 100), SPECIES)
def test_the_bound_is_finite_and_grows_with_time_and_stock(
    females: int, months: float, species: Biology
) -> None:
    one = max_offspring(females, species, months).offspring
    assert 0 <= one <= max_offspring(females + 1, species, months).offspring
    assert one <= max_offspring(females, species, months + 1).offspring


# — ten odd books —


def test_a_book_of_nothing_but_an_opening_has_nothing_to_explain() -> None:
    assert implausible([Entry(DAY(2026, 1, 5), "opening", 12)], CIVET) == ()


def test_a_book_whose_every_line_was_reversed_is_an_empty_book() -> None:
    # a reversed line and its reversal are no lines of a history: both are left out before it is asked
    lines = [("birth", 4), ("birth", -4), ("out", 2), ("out", -2)]
    standing = [Entry(3, "birth", n) for kind, n in lines if sum(m for k, m in lines if k == kind)]
    assert implausible(standing, CIVET) == ()


def test_a_leap_day_is_a_day_of_february() -> None:
    ledger = [Entry(DAY(2024, 1, 31), "opening", 2, "f"), Entry(DAY(2024, 1, 31), "opening", 1, "m")]
    ledger += [Entry(DAY(2024, 2, 29), "birth", 13)]
    [reason] = implausible(ledger, CIVET)
    assert (reason.animals, "2024-02" in reason.sentence) == (1, True)
    with pytest.raises(ValueError):
        Entry(DAY(2023, 2, 29), "birth", 1)


def test_two_species_of_one_genus_are_judged_each_by_its_own_biology() -> None:
    ledger = [Entry(0, "opening", 4, "f"), Entry(0, "opening", 1, "m"), Entry(1, "birth", 20)]
    black = BEAR  # litters of four; its cousin bears two at most
    sun = Biology(litter_max=2, litter_interval_months=12, first_litter_months=36)
    assert [r.animals for r in implausible(ledger, black)] == [4]
    assert [r.animals for r in implausible(ledger, sun)] == [12]


def test_forty_years_of_a_bear_farm_add_up() -> None:
    ledger = [Entry(DAY(1986, 1, 5), "opening", 6, "f"), Entry(DAY(1986, 1, 5), "opening", 2, "m")]
    for year in range(1987, 2027):
        ledger += [Entry(DAY(year, 1, 20), "birth", 4), Entry(DAY(year, 9, 1), "death", 3)]
    assert implausible(ledger, BEAR) == ()
    # of 8 + 4 * 40 animals 120 died: with the oldest first none need be older than 44 years, nor 30
    came = [(40.0, 8), *((float(2026 - y), 4) for y in range(1987, 2027))]
    assert older_than_can_be(came, 120, 30) == 0
    assert older_than_can_be(came, 20, 30) == 8 + 4 * 9 - 20  # those of 1987–1995 are past thirty
    assert too_few_deaths(120, 40 * 30, 44) > 0.99


def test_plants_told_by_area_are_numbers_of_no_animals() -> None:
    # an area is a balance in square metres: sums hold, fractions are refused with the name of the field
    assert [r.rule for r in implausible([Entry(0, "opening", 500), Entry(1, "out", 700)], CIVET)] == [
        "balance"
    ]
    with pytest.raises(EcostatError, match="number"):
        Entry(0, "opening", 500.5)  # type: ignore[arg-type]


def test_births_before_anything_stood_have_no_mother() -> None:
    [reason] = implausible([Entry(0, "birth", 3), Entry(1, "opening", 5, "f")], CIVET)
    assert (reason.rule, reason.animals) == ("births", 3)


def test_a_book_of_males_alone_bears_nothing() -> None:
    found = implausible([Entry(0, "opening", 9, "m"), Entry(6, "birth", 2)], CIVET)
    assert [(r.rule, r.animals) for r in found] == [("births", 2)]


def test_lines_of_no_animals_say_nothing() -> None:
    assert implausible([Entry(0, "opening", 0), Entry(1, "birth", 0), Entry(2, "out", 0)], CIVET) == ()


def test_one_female_with_young_brings_one_litter_without_a_male() -> None:
    ledger = [Entry(0, "in", 1, "f", 12.0), Entry(1, "birth", 6, "f")]
    assert implausible(ledger, CIVET) == ()
    again = [*ledger, Entry(20, "birth", 1, "f")]
    assert shares(implausible(again, CIVET)) == shares(implausible(again[::-1], CIVET))
    assert max_offspring(Stock(1, males=0), CIVET, 60).offspring == 6
