"""1,000 parametric bootstraps of each family that can be checked, 500 sites × 5 visits or more."""

import time
import warnings
from collections.abc import Callable

import numpy as np

from benchmarks.table import Row, markdown
from ecostat.abundance import distsamp, nmixture, removal
from ecostat.fit import ModelFit
from ecostat.models import goodness
from ecostat.occupancy import dynamic, occu, royle_nichols

SITES, TIMES = 500, 1000


def expit(x: np.ndarray) -> np.ndarray:
    """The logistic function."""
    return 1 / (1 + np.exp(-x))


def fits() -> dict[str, Callable[[], ModelFit]]:
    """One fit of each family with a covariate of place, and where it has one a covariate of visit."""
    rng = np.random.default_rng(1)
    x = np.column_stack([np.ones(SITES), rng.normal(size=SITES)])
    w = np.stack([np.ones((SITES, 5)), rng.normal(size=(SITES, 5))], -1)
    z = rng.random(SITES) < expit(x @ [0.3, 0.8])
    p = expit(w @ [-0.3, 0.5])
    y = (z[:, None] & (rng.random((SITES, 5)) < p)).astype(float)
    n = rng.poisson(np.exp(x @ [0.8, 0.5]))
    counts = rng.binomial(n[:, None], p).astype(float)
    clumped = rng.binomial(rng.poisson(rng.gamma(2, n / 2 + 0.1))[:, None], p).astype(float)
    heard = (rng.random((SITES, 5)) < 1 - 0.75 ** n[:, None]).astype(float)
    bands = rng.poisson([6, 5, 3, 1], (SITES, 4)).astype(float)
    length = np.full(SITES, 1000.0)
    there = rng.random((SITES, 5)) < 0.5
    seasons = (np.repeat(there, 3, axis=1) & (rng.random((SITES, 15)) < 0.4)).astype(float)
    cuts = [0, 5, 10, 15, 20]
    return {
        "occupancy 500 × 5, 4 coefficients": lambda: occu(y, x, w),
        "Royle-Nichols 500 × 5, K = 25, 4 coefficients": lambda: royle_nichols(heard, x, w),
        "N-mixture P 500 × 5, K = largest + 100, 4 coefficients": lambda: nmixture(counts, x, w),
        "N-mixture NB 500 × 5, K = largest + 100, 5 coefficients": lambda: nmixture(
            clumped, x, w, mixture="NB"
        ),
        "dynamic 500 × 5 seasons × 3 visits, 4 coefficients": lambda: dynamic(seasons, 5),
        "distance bands hn, 500 × 4, 3 coefficients": lambda: distsamp(bands, cuts, x, length=length),
        "distance bands hr, 500 × 4, 4 coefficients": lambda: distsamp(
            bands, cuts, x, length=length, key="hr"
        ),
        "removal 500 × 4, 3 coefficients": lambda: removal(bands, x),
    }


def rows() -> list[Row]:
    """The result table of this module."""
    out = []
    for name, make in fits().items():
        fit, rng = make(), np.random.default_rng(2)
        goodness(fit, times=3, rng=rng)
        begin, busy = time.perf_counter(), time.process_time()
        result = goodness(fit, times=TIMES, rng=rng)
        seconds, worked = time.perf_counter() - begin, time.process_time() - busy
        note = f"{worked:.3g} s of processor time; {result.failed} draws not fitted"
        out.append(Row(f"1,000 parametric bootstraps, {name}", seconds, target="≤ 20 s", note=note))
    return out


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    print(markdown(rows()))
