"""Detection functions of 4,964 distances, against one numpy pass a step and the figures of Distance."""

import time
from collections.abc import Callable

import numpy as np

from benchmarks.table import Row, best_of, markdown
from ecostat.distance import fit

N, EDGE = 4964, 80.0


def distances(n: int = N, seed: int = 3) -> np.ndarray:
    """n half-normal distances, none equal."""
    rng = np.random.default_rng(seed)
    d = np.abs(rng.normal(0, 30, 2 * n))
    return d[d < EDGE][:n]


def numpy_pass(d: np.ndarray, key: str) -> float:
    """One log-likelihood with a 100-point integral, as plain array expressions."""
    grid, weight = np.polynomial.legendre.leggauss(100)
    x = EDGE * (grid + 1) / 2

    def g(at: np.ndarray) -> np.ndarray:
        return np.exp(-(at**2) / 1800) if key == "hn" else -np.expm1(-((at / 30) ** -3.0))

    return float(np.log(g(d)).sum() - len(d) * np.log(g(x) @ weight * EDGE / 2))


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
    d = distances()
    table = []
    for key, peer in (("hn", 0.70), ("hr", 3.15)):
        model = fit(d, key, truncation=EDGE)
        steps = int(model.message.split(" Newton")[0].split()[-1])
        once = best_of(lambda k=key: numpy_pass(d, k), 9)
        seconds = best_of(lambda k=key: fit(d, k, truncation=EDGE), 9)
        note = processor(lambda k=key: fit(d, k, truncation=EDGE))
        floor = f"{steps} numpy evaluations of the likelihood alone"
        name = f"{key}, line, n = {N:,}, with standard errors"
        table.append(Row(name, seconds, floor, once * steps, "Distance", peer, "≥ 20 × faster", note))
    for key, adjust in (("hn", "cosine"), ("unif", "cosine"), ("hr", "poly")):
        seconds = best_of(lambda k=key, a=adjust: fit(d, k, a, EDGE), 2)
        table.append(Row(f"{key} + {adjust}, terms chosen by AIC, n = {N:,}", seconds))
    rng = np.random.default_rng(1)
    x = np.column_stack([np.ones(N), rng.normal(size=N)])
    name = f"hr, a covariate with {N:,} distinct values"
    table.append(Row(name, best_of(lambda: fit(d, "hr", truncation=EDGE, covariates=x), 1)))
    small = fit(distances(200), truncation=EDGE)
    line = rng.integers(0, 20, 200)
    effort = dict.fromkeys(range(20), 1.0)

    def resamples() -> object:
        return small.bootstrap(effort, sample=line, times=1000, rng=np.random.default_rng(1))

    table.append(Row("1,000 bootstraps of 20 lines, 200 distances, hn", single(resamples), target="seconds"))
    return table


if __name__ == "__main__":
    print(markdown(rows()))
