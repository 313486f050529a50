"""The optimiser finds the same top from anywhere, and refuses what has none."""

import numpy as np
import pytest

from ecostat.errors import EcostatError, NotConverged, Separation, TooFewData
from ecostat.likelihood import Boundary, bootstrap, climb, design, differenced, maximise, predict, standard


def logistic(x, y):
    def loglik(theta):
        eta = x @ theta
        return float(y @ eta - np.logaddexp(0, eta).sum()), x.T @ (y - 1 / (1 + np.exp(-eta)))

    return loglik


@pytest.fixture
def data():
    rng = np.random.default_rng(1)
    x = np.column_stack([np.ones(300), rng.normal(size=300)])
    return x, (rng.random(300) < 1 / (1 + np.exp(-x @ [0.5, -1.0]))).astype(float)


def test_start_values_do_not_matter(data):
    loglik = logistic(*data)
    first = maximise(loglik, [[0, 0]], ["a", "b"])
    for start in ([8.0, 8.0], [-9.0, 3.0], [0.0, -12.0]):
        assert maximise(loglik, [start], ["a", "b"]).theta == pytest.approx(first.theta, abs=1e-7)
    assert np.abs(first.gradient).max() < 1e-4


def test_the_covariance_is_that_of_the_textbook(data):
    x, y = data
    best = maximise(logistic(x, y), [[0, 0]], ["a", "b"])
    p = 1 / (1 + np.exp(-x @ best.theta))
    assert best.vcov == pytest.approx(np.linalg.inv(x.T @ ((p * (1 - p))[:, None] * x)), rel=1e-6)


def test_it_leaves_a_saddle_uphill():
    def hills(theta):
        a, b = theta
        return -((a**2 - 1) ** 2) - b**2, np.array([-4 * a * (a**2 - 1), -2 * b])

    assert abs(maximise(hills, [[1e-3, 1.0]], ["a", "b"]).theta[0]) == pytest.approx(1)


def test_separation_is_named(data):
    x, _ = data
    with pytest.raises(Separation, match="slope"):
        maximise(logistic(x, (x[:, 1] > 0).astype(float)), [[0, 0]], ["intercept", "slope"])


def test_a_stated_limit_warns_and_keeps_the_rest(data):
    x, _ = data
    x = np.column_stack([np.repeat([1.0, 0.0], 150), np.repeat([0.0, 1.0], 150)])
    y = np.r_[np.ones(150), np.arange(150) % 2]
    with pytest.warns(Boundary, match="always"):
        best = maximise(logistic(x, y), [[0, 0]], ["a", "b"], limits={"a": "always seen"})
    assert best.at_boundary == ("a",) and np.isnan(best.se[0])
    assert np.isnan(best.vcov[0]).all() and np.isnan(best.vcov[:, 0]).all()
    assert best.se[1] == pytest.approx(2 / np.sqrt(150), rel=1e-4)


def test_a_parameter_the_data_do_not_touch_is_refused(data):
    loglik = logistic(*data)
    with pytest.raises(TooFewData, match="loose"):
        maximise(
            lambda t: (loglik(t[:2])[0], np.append(loglik(t[:2])[1], 0.0)), [[0, 0, 0]], ["a", "b", "loose"]
        )


def test_a_likelihood_without_a_top_is_not_converged():
    with pytest.raises(NotConverged):
        maximise(lambda t: (float(t[0]), np.ones(1)), [[0.0]], ["a"], iterations=30)
    with pytest.raises(NotConverged, match="finite"):
        maximise(lambda t: (-np.inf, np.zeros(1)), [[0.0]], ["a"])
    assert climb(lambda t: (-np.inf, np.zeros(1)), [[0.0]]) == []


def test_the_differenced_hessian_has_many_digits(data):
    x, y = data
    theta = np.array([0.2, -0.4])
    p = 1 / (1 + np.exp(-x @ theta))
    assert differenced(logistic(x, y), theta) == pytest.approx(-x.T @ ((p * (1 - p))[:, None] * x), rel=1e-7)


def test_a_design_is_spread_over_visits_and_its_holes_are_known():
    x, known = design(np.array([[1.0, 2.0], [1.0, np.nan]]), (2, 3), "p")
    assert x.shape == (2, 3, 2) and known.tolist() == [[True] * 3, [False] * 3] and x[1, 0, 1] == 0
    with pytest.raises(EcostatError, match="shape"):
        design(np.ones((3, 2)), (2, 3), "p")


def test_columns_that_repeat_each_other_are_refused():
    x = np.column_stack([np.ones(5), np.arange(5.0), 2 * np.arange(5.0) + 1])
    with pytest.raises(EcostatError, match="repeat"):
        standard(x, "psi")


def test_limits_are_made_on_the_link_scale():
    got = predict(np.array([3.0]), np.array([[4.0]]), np.ones((1, 1)), "logit")
    assert 0 < got.lower[0] < got.estimate[0] < got.upper[0] < 1


def test_resamples_that_fail_are_counted():
    def mean(who):
        if 0 in who:
            raise TooFewData("zero was drawn")
        return who.mean()

    result = bootstrap(mean, 10, 200, np.random.default_rng(1))
    assert result.failed + len(result.values) == 200 and result.failed > 50
    assert result.reasons == ("zero was drawn",) and result.interval().shape == (1, 2)
