"""Survival: published tables, a truth that is found again, and input that tells little."""

import numpy as np
import pytest
from scipy import stats

from ecostat.errors import EcostatError, TooFewData
from ecostat.survival import kaplan_meier, kaplan_meier_by, logrank, restricted_mean

# Freireich et al. (1963) Blood 21:699, remission of leukaemia in weeks, as in Klein & Moeschberger (2003)
# Survival Analysis, 2nd ed., Table 1.1; the estimates are those of their Table 4.1A and section 4.5.
MP = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
MP_EVENT = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
BOTH = (MP + PLACEBO, MP_EVENT + [1] * 21, ["6-MP"] * 21 + ["placebo"] * 21)
RNG = np.random.default_rng(11)


def test_the_table_of_klein_and_moeschberger_is_found_again():
    curve = kaplan_meier(MP, MP_EVENT)
    assert curve.time.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert curve.died.tolist() == [3, 1, 1, 1, 1, 1, 1]
    assert curve.survival == pytest.approx([0.857, 0.807, 0.753, 0.690, 0.628, 0.538, 0.448], abs=6e-4)
    assert curve.se == pytest.approx([0.076, 0.087, 0.096, 0.107, 0.114, 0.128, 0.135], abs=6e-4)
    assert (curve.n, curve.deaths, curve.longest, curve.median) == (21, 9, 35, 23)
    assert curve.censored.tolist() == [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]


def test_the_log_log_limits_are_those_of_the_usual_software():
    curve = kaplan_meier(MP, MP_EVENT)  # SAS PROC LIFETEST, CONFTYPE=LOGLOG
    assert curve.lower == pytest.approx([0.6197, 0.5631, 0.5032, 0.4316, 0.3675, 0.2678, 0.1881], abs=6e-5)
    assert curve.upper == pytest.approx([0.9516, 0.9228, 0.8894, 0.8491, 0.8049, 0.7468, 0.6801], abs=6e-5)
    assert curve.median_ci[0] == 13 and np.isnan(curve.median_ci[1])


def test_the_restricted_mean_of_klein_and_moeschberger_is_found_again():
    told = restricted_mean(kaplan_meier(MP, MP_EVENT))  # section 4.5: 23.29 weeks, variance 7.993
    assert (told.mean, told.se**2) == (pytest.approx(23.287, abs=1e-3), pytest.approx(7.993, abs=3e-3))
    assert (told.lower, told.upper) == (pytest.approx(17.75, abs=0.01), pytest.approx(28.83, abs=0.01))


def test_the_log_rank_test_of_the_trial_is_found_again():
    told = logrank(*BOTH)  # R survival::survdiff: expected 19.3 and 10.7, chi-squared 16.8
    assert told.observed.tolist() == [9, 21] and told.n.tolist() == [21, 21]
    assert told.expected == pytest.approx([19.25, 10.75], abs=0.005)
    assert (told.chi2, told.df) == (pytest.approx(16.793, abs=1e-3), 1)
    assert told.p == pytest.approx(4.17e-5, rel=2e-3)


def test_groups_come_in_order_and_each_is_its_own_curve():
    first, second = kaplan_meier_by(*BOTH)
    assert (first.group, second.group, second.median) == ("6-MP", "placebo", 8)
    np.testing.assert_array_equal(first.survival, kaplan_meier(MP, MP_EVENT).survival)
    assert second.survival[-1] == 0 and np.isnan(second.se[-1]) and "nobody was left" in second.message


def test_scipy_agrees_on_random_data():
    for _ in range(5):
        time, event = RNG.integers(1, 15, 40).astype(float), RNG.random(40) < 0.6
        curve = kaplan_meier(time, event)
        other = stats.ecdf(stats.CensoredData.right_censored(time, ~event))
        assert curve.at(time) == pytest.approx(other.sf.evaluate(time), nan_ok=True)
        half = np.arange(40) < 20
        one, two = (stats.CensoredData.right_censored(time[g], ~event[g]) for g in (half, ~half))
        assert logrank(time, event, half).chi2 == pytest.approx(stats.logrank(one, two).statistic ** 2)


def test_a_late_entry_is_at_risk_only_from_then_on():
    # by hand: at 3 animals 1, 2 are at risk; at 5 animals 2, 3; at 8 animals 3, 4
    curve = kaplan_meier([3, 5, 8, 9], [1, 1, 1, 0], entry=[0, 0, 4, 5])
    assert curve.at_risk.tolist() == [2, 2, 2]
    assert curve.survival == pytest.approx([1 / 2, 1 / 4, 1 / 8])
    assert curve.se[0] == pytest.approx(0.5 * np.sqrt(1 / 2))


def test_following_an_animal_in_two_pieces_changes_nothing():
    time, event = RNG.integers(2, 30, 50).astype(float), RNG.random(50) < 0.5
    cut = np.minimum(RNG.integers(1, 30, 50), time - 1)
    whole = kaplan_meier(time, event)
    pieces = kaplan_meier(
        np.r_[cut[cut > 0], time], np.r_[np.zeros((cut > 0).sum()), event], entry=np.r_[0 * cut[cut > 0], cut]
    )
    np.testing.assert_allclose(pieces.survival, whole.survival)
    np.testing.assert_allclose(pieces.se, whole.se)
    group = RNG.integers(0, 3, 50)
    twice = logrank(
        np.r_[cut[cut > 0], time],
        np.r_[np.zeros((cut > 0).sum()), event],
        np.r_[group[cut > 0], group],
        entry=np.r_[0 * cut[cut > 0], cut],
    )
    assert twice.chi2 == pytest.approx(logrank(time, event, group).chi2)


def test_neither_the_order_of_rows_nor_the_unit_of_time_matters():
    order = RNG.permutation(21)
    curve, other = (
        kaplan_meier(MP, MP_EVENT),
        kaplan_meier(np.array(MP)[order] * 7, np.array(MP_EVENT)[order]),
    )
    np.testing.assert_array_equal(curve.survival, other.survival)
    assert (other.median, restricted_mean(other).mean) == (
        161,
        pytest.approx(7 * restricted_mean(curve).mean),
    )


def test_without_losses_it_is_the_share_alive_and_the_mean_is_the_mean():
    curve = kaplan_meier(PLACEBO, [1] * 21)
    np.testing.assert_allclose(
        curve.survival, [(np.array(PLACEBO) > t).mean() for t in curve.time], atol=1e-12
    )
    told = restricted_mean(curve)
    assert told.mean == pytest.approx(np.mean(PLACEBO))
    assert told.se == pytest.approx(np.std(PLACEBO) / np.sqrt(21))


def test_the_limits_hold_the_truth_as_often_as_they_say():
    truth, held, area, n = np.exp(-1.0), 0, 0, 400
    for _ in range(n):
        life, watch, entry = (
            RNG.exponential(1, 120),
            RNG.uniform(0.5, 4, 120),
            RNG.uniform(0, 0.4, 120) * (RNG.random(120) < 0.5),
        )
        seen = (life > entry) & (watch > entry)
        time, event = np.minimum(life, watch)[seen], (life <= watch)[seen]
        curve = kaplan_meier(time, event, entry=entry[seen])
        last = np.searchsorted(curve.time, 1.0, side="right") - 1
        held += curve.lower[last] <= truth <= curve.upper[last]
        told = restricted_mean(curve, 1.0)
        area += told.lower <= 1 - truth <= told.upper
    assert 0.925 <= held / n <= 0.98 and 0.925 <= area / n <= 0.98


def test_a_test_of_groups_that_are_alike_errs_as_often_as_it_says():
    p = [
        logrank(RNG.exponential(1, 60).round(1), RNG.random(60) < 0.7, RNG.integers(0, 3, 60)).p
        for _ in range(400)
    ]
    assert 0.02 <= np.mean(np.array(p) < 0.05) <= 0.085


def test_survival_is_not_told_past_the_last_look():
    curve = kaplan_meier(MP, MP_EVENT)
    np.testing.assert_allclose(
        curve.at([0, 5.9, 6, 35, 35.1, np.nan]), [1, 1, 18 / 21, curve.survival[-1], np.nan, np.nan]
    )
    with pytest.raises(EcostatError, match="until = 36 lies past the last look at 35"):
        restricted_mean(curve, 36)
    assert kaplan_meier([1, 2], [1, 1]).at(9).tolist() == [0]


def test_when_nobody_died_survival_is_one_and_nothing_is_said_of_its_spread():
    curve = kaplan_meier([3, 4], [0, 0])
    assert curve.time.size == 0 and np.isnan(curve.median) and "nobody died" in curve.message
    told = restricted_mean(curve)
    assert (told.mean, told.until) == (4, 4) and np.isnan(told.se)
    with pytest.raises(TooFewData, match="nobody died"):
        logrank([3, 4], [0, 0], ["a", "b"])


def test_a_curve_that_falls_to_nothing_before_others_enter_says_so():
    curve = kaplan_meier([1, 5, 6], [1, 1, 0], entry=[0, 2, 2])
    assert curve.survival.tolist() == [0, 0] and "although others entered later" in curve.message


def test_groups_that_never_met_cannot_be_compared():
    with pytest.raises(TooFewData, match="at risk together"):
        logrank([1, 2, 8, 9], [1, 1, 1, 1], ["a", "a", "b", "b"], entry=[0, 0, 5, 5])


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: kaplan_meier([1, np.nan], [1, 0]), r"time\[1\] is missing"),
        (lambda: kaplan_meier([1, -2], [1, 0]), r"time\[1\] = -2 is negative"),
        (lambda: kaplan_meier([1, 2], [1, 2]), "event holds 2"),
        (lambda: kaplan_meier([1, 2], [1, np.nan]), r"event\[1\] is missing"),
        (lambda: kaplan_meier([1, 2, 3], [1, 0]), "time and event must be equally long"),
        (lambda: kaplan_meier([1, 2], [1, 0], entry=[0, 2]), r"entry\[1\] = 2 is not before time\[1\] = 2"),
        (lambda: kaplan_meier([1, 2], [1, 0], level=95), "level must lie between 0 and 1"),
        (lambda: kaplan_meier(["1", "2"], [1, 0]), "time holds text"),
        (lambda: kaplan_meier([], []), "time holds no animal"),
        (lambda: logrank([1, 2], [1, 0], ["a", "a"]), "group names 1 group"),
        (lambda: logrank([1, 2], [1, 0], ["a", None]), r"group\[1\] is missing"),
        (lambda: restricted_mean("curve"), "curve must be what survival.kaplan_meier gives"),
    ],
)
def test_odd_input_is_refused_by_name(call, said):
    with pytest.raises(EcostatError, match=said):
        call()
