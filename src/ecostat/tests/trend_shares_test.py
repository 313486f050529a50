"""The change of a share: the published examples, how often the limits hold the truth, what is refused."""

import numpy as np
import pytest

from ecostat.errors import EcostatError
from ecostat.trend import share_change


@pytest.mark.parametrize(
    ("first", "second", "lower", "upper"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_it_gives_the_limits_of_the_paper(
    first: tuple[int, int], second: tuple[int, int], lower: float, upper: float
) -> None:
    """Newcombe (1998) table II, method 10, where the first sample's share is the larger."""
    told = share_change(*second, *first)
    assert (round(told.lower, 4), round(told.upper, 4)) == (lower, upper)
    assert told.sure == (lower > 0)


def test_its_limits_hold_the_truth_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(6)
    draws = zip(rng.binomial(40, 0.35, 2000).tolist(), rng.binomial(60, 0.6, 2000).tolist(), strict=True)
    held = [(t := share_change(a, 40, b, 60)).lower <= 0.25 <= t.upper for a, b in draws]
    assert 0.93 < np.mean(held) < 0.975


def test_a_wider_level_is_wider_and_a_turn_of_the_samples_turns_the_change() -> None:
    told, wide, turned = (
        share_change(30, 80, 50, 90), share_change(30, 80, 50, 90, 0.99), share_change(50, 90, 30, 80)
    )  # fmt: skip
    assert wide.lower < told.lower < told.change < told.upper < wide.upper
    assert turned.lower == pytest.approx(-told.upper) and turned.upper == pytest.approx(-told.lower)
    assert told.before == 30 / 80 and told.before_limits[0] < told.before < told.before_limits[1]


@pytest.mark.parametrize("asked", [(5, 4, 1, 2), (0, 0, 1, 2), (1, 2, -1, 2), (1.5, 2, 1, 2)])
def test_it_refuses_what_no_sample_can_be(asked: tuple[int, int, int, int]) -> None:
    with pytest.raises(EcostatError, match=r"count|n1"):
        share_change(*asked)
