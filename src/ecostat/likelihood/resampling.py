"""Uncertainty by drawing whole units anew."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.errors import EcostatError, TooFewData
from ecostat.floats import Floats
from ecostat.likelihood.cautions import Boundary


@dataclass(frozen=True)
class Bootstrap:
    """`values` (kept, m): the statistic of each resample that could be fitted; `failed` says how many could
    not, and `reasons` why."""

    values: Floats
    failed: int
    reasons: tuple[str, ...]

    @property
    def se(self) -> Floats:
        """Standard deviation over the resamples."""
        return self.values.std(axis=0, ddof=1)

    def interval(self, level: float = 0.95) -> Floats:
        """Percentile limits, shape (m, 2)."""
        tail = (1 - level) / 2
        return np.quantile(self.values, [tail, 1 - tail], axis=0).T


def bootstrap(
    statistic: Callable[[NDArray[np.intp]], ArrayLike], units: int, times: int, rng: np.random.Generator
) -> Bootstrap:
    """`statistic` was computed on `times` resamples of the unit numbers 0…units-1 with replacement; resamples
    that cannot be fitted are counted, never replaced in silence."""
    units, times = gates.whole("units", units, low=1), gates.whole("times", times, low=2)
    rng = gates.generator("rng", rng)
    values, reasons = [], []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Boundary)
        for _ in range(times):
            try:
                values.append(np.atleast_1d(np.asarray(statistic(rng.integers(units, size=units)), float)))
            except EcostatError as error:
                reasons.append(str(error))
    if len(values) < 2:
        raise TooFewData(f"Of {times} resamples {len(values)} could be fitted: {'; '.join(set(reasons))}")
    return Bootstrap(np.array(values), len(reasons), tuple(sorted(set(reasons))))
