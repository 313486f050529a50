"""Occupancy with covariates and standard errors, against one numpy pass a step and unmarked's own figures."""

import time
from collections.abc import Callable

import numpy as np

from benchmarks.table import Row, best_of, markdown
from ecostat.likelihood import bootstrap
from ecostat.occupancy import dynamic, occu, royle_nichols


def survey(sites: int, visits: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Histories of a simulated species with two covariates of place and two of visit."""
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(sites), rng.normal(size=(sites, 2))])
    w = np.concatenate([np.ones((sites, visits, 1)), rng.normal(size=(sites, visits, 2))], axis=2)
    z = rng.random(sites) < 1 / (1 + np.exp(-x @ [0.3, 0.8, -0.5]))
    p = 1 / (1 + np.exp(-w @ [-0.7, 0.5, 0.3]))
    return (z[:, None] & (rng.random((sites, visits)) < p)).astype(float), x, w


def numpy_likelihood(y: np.ndarray, x: np.ndarray, w: np.ndarray, theta: np.ndarray) -> float:
    """The log-likelihood alone, as plain array expressions."""
    eta, nu = x @ theta[:3], w @ theta[3:]
    logged = (y * nu - np.logaddexp(0, nu)).sum(axis=1)
    found = y.any(axis=1)
    seen = eta - np.logaddexp(0, eta) + logged
    return float(np.where(found, seen, np.logaddexp(seen, -np.logaddexp(0, eta))).sum())


def single(work: Callable[[], object]) -> float:
    """The seconds of one run of something already compiled."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def processor(work: Callable[[], object], times: int = 3) -> str:
    """The processor time of the best of a few runs: what the seconds are where the machine has other work."""
    seconds = []
    for _ in range(times):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return f"{min(seconds):.3g} s of processor time"


def rows() -> list[Row]:
    """The result table of this module."""
    y, x, w = survey(5000, 10)
    fit = occu(y, x, w)
    once = best_of(lambda: numpy_likelihood(y, x, w, fit.coef), 9)
    steps = int(fit.message.split(" Newton")[0].split()[-1])
    ours = best_of(lambda: occu(y, x, w), 9)
    note = processor(lambda: occu(y, x, w))
    name = "occupancy 5,000 × 10, 6 coefficients, with standard errors"
    floor = f"{steps} numpy evaluations of the likelihood alone"
    table = [
        Row(name, ours, floor, once * steps, "unmarked TMB", 0.97, "≥ 10 × faster", note),
        Row(name, ours, floor, once * steps, "unmarked", 3.74),
    ]
    small = survey(130, 3)

    def resamples() -> object:
        rng = np.random.default_rng(1)
        return bootstrap(lambda i: occu(small[0][i], small[1][i], small[2][i]).coef, 130, 1000, rng)

    table.append(Row("1,000 bootstraps of 130 × 3, 6 coefficients", single(resamples), target="seconds"))
    y, x, w = survey(1000, 10)
    seconds = best_of(lambda: royle_nichols(y, x, w), 5)
    note = processor(lambda: royle_nichols(y, x, w)) + "; peer: 6 × the 0.380 s of our first version, one run"
    name = "Royle-Nichols 1,000 × 10, K = 25, 6 coefficients"
    table.append(Row(name, seconds, "", None, "unmarked occuRN", 2.28, "≥ 15 × faster", note))
    rng = np.random.default_rng(1)
    z = rng.random((1000, 5)) < 0.5
    seasons = (z[:, :, None] & (rng.random((1000, 5, 4)) < 0.4)).reshape(1000, 20).astype(float)
    table.append(Row("dynamic 1,000 × 5 seasons × 4 visits", best_of(lambda: dynamic(seasons, 5), 3)))
    return table


if __name__ == "__main__":
    print(markdown(rows()))
