"""Exact tails: against sums by hand, published examples, and honest books drawn by chance."""

import math
from itertools import product

import numpy as np
import pytest

from ecostat.errors import EcostatError
from ecostat.ledger import (
    holm,
    older_than_can_be,
    out_of_season,
    quiet,
    sexes_beyond_chance,
    too_few_deaths,
)


def test_few_deaths_are_a_poisson_tail_summed_by_hand() -> None:
    # 44 animal-years of a species that lives 22 years at most: two deaths expected
    assert too_few_deaths(0, 44, 22) == pytest.approx(math.exp(-2))
    assert too_few_deaths(2, 44, 22) == pytest.approx(math.exp(-2) * (1 + 2 + 2))
    assert too_few_deaths(0, 0, 22) == 1.0 == too_few_deaths(5, 0, 22)


def test_a_quiet_stretch_counts_every_stretch_that_might_have_been_quiet() -> None:
    assert quiet(20, 3, 30) == pytest.approx(math.exp(-2))
    assert quiet(20, 3, 30, windows=4) == pytest.approx(4 * math.exp(-2))
    assert quiet(20, 3, 30, windows=100) == 1.0 == quiet(0, 50, 30)


def test_the_sexes_of_arbuthnot_and_of_a_lady_tasting_are_those_of_the_books() -> None:
    # Arbuthnot 1710: more boys than girls christened in London in each of 82 years
    assert sexes_beyond_chance(0, 82) == pytest.approx(2 * 0.5**82)
    # ten of ten: 2/1024; nine of ten: 2 * 11/1024 (Fisher 1935 counts such tails by hand)
    assert sexes_beyond_chance(10, 0) == pytest.approx(2 / 1024)
    assert sexes_beyond_chance(1, 9) == pytest.approx(22 / 1024)
    assert sexes_beyond_chance(5, 5) == 1.0 == sexes_beyond_chance(0, 0)


def test_conover_s_exact_binomial_tail_is_reproduced() -> None:
    # Conover 1971, p. 97, the example of R's binom.test: 682 of 925 plants, three quarters expected: p = 0.3825
    # where both tails are weighed; twice the lower tail is never less
    assert 0.38 < sexes_beyond_chance(682, 243, (0.75, 0.75)) < 0.42


def test_a_share_that_the_species_may_have_suspects_nobody() -> None:
    assert sexes_beyond_chance(45, 55, (0.45, 0.55)) == 1.0
    assert sexes_beyond_chance(0, 20, (0.45, 0.55)) == pytest.approx(2 * 0.55**20)
    assert sexes_beyond_chance(20, 0, (0.0, 1.0)) == 1.0  # sex by the warmth of the nest


def test_births_out_of_season_are_a_binomial_tail() -> None:
    assert out_of_season(3, 3, 0.05) == pytest.approx(0.05**3)
    assert out_of_season(1, 2, 0.05) == pytest.approx(1 - 0.95**2)
    assert out_of_season(0, 9) == 1.0 == out_of_season(0, 0)


def test_a_stock_older_than_the_species_lives_is_counted_with_the_oldest_gone_first() -> None:
    # 8 came 25 years ago, 5 ten years ago; three left: five of the first must be there still, past twenty
    assert older_than_can_be([(25, 8), (10, 5)], 3, 20) == 5
    assert older_than_can_be([(25, 8), (10, 5)], 9, 20) == 0
    assert older_than_can_be([], 0, 20) == 0


def test_holm_names_as_the_step_down_table_does() -> None:
    # adjusted values of 0.01, 0.04, 0.03, 0.005 are 0.03, 0.06, 0.06, 0.02
    p = [0.01, 0.04, 0.03, 0.005]
    assert holm(p, 0.05) == (True, False, False, True)
    assert holm(p, 0.06) == (True, True, True, True)
    assert holm(p, 0.01) == (False, False, False, False)
    assert holm([], 0.05) == ()


def test_honest_books_are_named_no_more_often_than_the_level_says() -> None:
    rng, level, books = np.random.default_rng(12), 0.02, 4000
    named = 0
    for _book in range(books):
        years, births = 60.0, 40
        p = [
            too_few_deaths(int(rng.poisson(years / 12)), years, 12),
            sexes_beyond_chance(f := int(rng.binomial(births, 0.5)), births - f),
            out_of_season(int(rng.binomial(10, 0.05)), 10),
        ]
        named += any(holm(p, level))
    assert named / books < level + 3 * math.sqrt(level / books)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: too_few_deaths(-1, 5, 5),
        lambda: too_few_deaths(1, math.nan, 5),
        lambda: too_few_deaths(1, 5, 0),
        lambda: quiet(5, -1, 5),
        lambda: quiet(5, 1, 5, 0),
        lambda: sexes_beyond_chance(1, 2, (0.6, 0.4)),
        lambda: sexes_beyond_chance(1, 2, 0.5),  # type: ignore[arg-type]
        lambda: out_of_season(3, 2),
        lambda: out_of_season(1, 2, 1.5),
        lambda: older_than_can_be([1, 2], 0, 5),  # type: ignore[list-item]
        lambda: holm([0.1, 1.2], 0.05),
        lambda: holm([0.1, math.nan], 0.05),
    ],
)
def test_a_number_that_cannot_be_is_refused_with_its_name(wrong: object) -> None:
    with pytest.raises(EcostatError):
        wrong()  # type: ignore[operator]


def test_every_tail_lies_between_nothing_and_one_and_falls_with_what_is_odder() -> None:
    for n, k in product((0, 1, 7, 400, 10**6), repeat=2):
        assert 0 <= too_few_deaths(k, n, 10) <= 1
        assert 0 <= sexes_beyond_chance(n, k, (0.45, 0.55)) <= 1
        assert 0 <= out_of_season(min(n, k), max(n, k)) <= 1
    tails = [sexes_beyond_chance(k, 40 - k) for k in range(20, 41)]
    assert tails == sorted(tails, reverse=True)
