"""The speed of a front: a line by hand, invasions whose speed is known, and what is too little to say."""

import numpy as np
import pytest

from ecostat.errors import EcostatError, TooFewData
from ecostat.trend import front_speed


def invasion(rng: np.random.Generator, speed: float, n: int = 40, years: float = 12.0) -> tuple:
    """Places strewn over the ground that a front of known speed reaches in some years; each is noticed some months
    after it came."""
    far = speed * years * np.sqrt(rng.random(n))
    return 2010 + far / speed + rng.exponential(0.25, n), far


def test_it_gives_the_line_and_the_error_that_a_hand_computes() -> None:
    year, distance = np.array([2018.0, 2019, 2020, 2021, 2022]), np.array([0.0, 2, 3, 6, 7])
    found = front_speed(year, distance)
    assert found.speed == pytest.approx(1.8)
    leverage = 0.2 + np.array([4, 1, 0, 1, 4]) / 10
    left = (distance - (3.6 + 1.8 * (year - 2020))) / (1 - leverage)
    error = np.sqrt((((year - 2020) / 10) ** 2 * left**2).sum())
    assert found.se == pytest.approx(error)
    assert found.upper - found.speed == pytest.approx(3.182446305 * error)
    assert (found.n, found.years) == (5, 5) and "1.8 a year" in found.message


def test_invasions_of_known_speed_are_recovered_and_their_limits_hold() -> None:
    rng = np.random.default_rng(20)
    found = [front_speed(*invasion(rng, 3.0)) for _ in range(400)]
    assert np.mean([one.speed for one in found]) == pytest.approx(3.0, rel=0.02)
    assert np.mean([one.lower <= 3.0 <= one.upper for one in found]) > 0.9


def test_later_records_behind_the_front_would_slow_it() -> None:
    rng = np.random.default_rng(3)
    year, far = invasion(rng, 3.0)
    behind = np.column_stack([year + 5, far])
    both = front_speed(np.r_[year, behind[:, 0]], np.r_[far, behind[:, 1]])
    assert both.speed < 0.8 * front_speed(year, far).speed


def test_too_few_years_are_unknown_and_a_standing_front_is_said_to_stand() -> None:
    with pytest.raises(TooFewData, match="at least 5 places and 4 years"):
        front_speed([2020, 2020.5, 2021, 2021.5, 2022, 2022.9], [0, 1, 2, 3, 4, 5])
    with pytest.raises(TooFewData, match="holds 4 places"):
        front_speed([2018, 2019, 2020, 2021, np.nan], [0, 1, 2, 3, 4])
    with pytest.raises(EcostatError, match="distance"):
        front_speed([2018, 2019, 2020, 2021, 2022], [0, -1, 2, 3, 4])
    standing = front_speed([2018, 2019, 2020, 2021, 2022, 2023], [2, 5, 1, 4, 2, 3])
    assert standing.lower < 0 < standing.upper and "no movement is shown" in standing.message
