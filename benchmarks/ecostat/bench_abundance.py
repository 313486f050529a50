"""N-mixture and distance-band models, against one numpy pass a step and unmarked's own figure."""

import time
from collections.abc import Callable

import numpy as np
from scipy.special import gammaln

from benchmarks.table import Row, best_of, markdown
from ecostat.abundance import distsamp, nmixture
from ecostat.likelihood import bootstrap


def counts(sites: int, visits: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Counts of a simulated species with one covariate of place and one of visit."""
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(sites), rng.normal(size=sites)])
    w = np.stack([np.ones((sites, visits)), rng.normal(size=(sites, visits))], axis=2)
    n = rng.poisson(np.exp(x @ [1.0, 0.5]))
    return rng.binomial(n[:, None], 1 / (1 + np.exp(-w @ [-0.3, 0.5]))).astype(float), x, w


def numpy_likelihood(y: np.ndarray, x: np.ndarray, w: np.ndarray, theta: np.ndarray, top: int) -> float:
    """The log-likelihood alone, summed over N as plain array expressions with the coefficients known."""
    n = np.arange(top + 1)
    eta = w @ theta[2:]
    log_miss = -np.logaddexp(0, eta)
    with np.errstate(divide="ignore", invalid="ignore"):
        c = (gammaln(n + 1) - gammaln(y[..., None] + 1) - gammaln(n - y[..., None] + 1)).sum(axis=1)
    c = np.where(n >= y.max(axis=1)[:, None], c - gammaln(n + 1), -np.inf)
    terms = c + n * (log_miss.sum(axis=1) + x @ theta[:2])[:, None]
    largest = terms.max(axis=1)
    total = largest + np.log(np.exp(terms - largest[:, None]).sum(axis=1))
    return float((total - np.exp(x @ theta[:2]) + (y * eta).sum(axis=1)).sum())


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
    y, x, w = counts(1000, 5)
    fit = nmixture(y, x, w, K=100)
    assert abs(numpy_likelihood(y, x, w, fit.coef, 100) - fit.loglik) < 20 + abs(fit.loglik)
    once = best_of(lambda: numpy_likelihood(y, x, w, fit.coef, 100), 5)
    steps = int(fit.message.split(" Newton")[0].split()[-1])
    floor = f"{steps} numpy evaluations of the likelihood alone"
    table = []
    for mixture, peer, target in (("P", 4.87, "≥ 15 × faster"), ("NB", None, ""), ("ZIP", None, "")):
        seconds = best_of(lambda m=mixture: nmixture(y, x, w, K=100, mixture=m), 5 if mixture == "P" else 1)
        name = f"N-mixture {mixture}, 1,000 × 5, K = 100, with standard errors"
        note = processor(lambda m=mixture: nmixture(y, x, w, K=100, mixture=m), 3 if mixture == "P" else 1)
        note += "; no excess zeros in these counts: climbs to the limit" if mixture == "ZIP" else ""
        table.append(Row(name, seconds, floor, once * steps, "unmarked" if peer else "", peer, target, note))
    small = counts(100, 3)

    def resamples() -> object:
        rng = np.random.default_rng(1)
        return bootstrap(lambda i: nmixture(small[0][i], small[1][i], small[2][i], K=40).coef, 100, 1000, rng)

    table.append(Row("1,000 bootstraps of 100 × 3, K = 40", single(resamples), target="seconds"))
    rng = np.random.default_rng(1)
    bands = rng.poisson([6, 5, 3, 1], (500, 4)).astype(float)
    length = np.full(500, 1000.0)
    z = np.column_stack([np.ones(500), rng.normal(size=500)])
    for key, first in (("hn", 0.009122), ("hr", 0.01765)):

        def fitted(key: str = key) -> object:
            return distsamp(bands, [0, 5, 10, 15, 20], lam=z, length=length, key=key)

        note = f"{processor(fitted)}; peer: 3 × the {first * 1000:.1f} ms of our first version, one run"
        name = f"distance bands {key}, 500 lines × 4 bands"
        seconds = best_of(fitted, 9)
        table.append(Row(name, seconds, "", None, "unmarked distsamp", 3 * first, "≥ 10 × faster", note))
    return table


if __name__ == "__main__":
    import warnings

    warnings.simplefilter("ignore")
    print(markdown(rows()))
