"""What is asked of a fitted detection function: density, and how sure it is."""

import warnings
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.distance.density import Density, Scaling, density
from ecostat.distance.fitted import Fitted, Goodness, PerSample, drawn
from ecostat.distance.lines import lines
from ecostat.distance.resampling import resample
from ecostat.errors import EcostatError, TooFewData
from ecostat.likelihood import Bootstrap

Strata = Mapping[Hashable, Hashable] | Sequence[Hashable] | NDArray | None


@dataclass(frozen=True, kw_only=True)
class Detection(Fitted):
    """A fitted detection function that turns detections into density (see `Fitted` for its fields).

    `refit` fits the same curve to other distances, `reselect` chooses the number of terms anew.
    """

    refit: Callable[..., Fitted] = field(repr=False, compare=False)
    reselect: Callable[..., Fitted] = field(repr=False, compare=False)

    def density(
        self,
        effort: PerSample | float,
        area: PerSample | float | None = None,
        strata: Strata = None,
        *,
        sample: Sequence[Hashable] | NDArray | None = None,
        size: ArrayLike | None = None,
        convert: float = 1.0,
        encounter: str | None = None,
        multiplier: float = 1.0,
        multiplier_se: float = 0.0,
        level: float = 0.95,
    ) -> Density:
        """Density, and abundance where areas are given, with variance and limits.

        `effort`: line lengths, or visits to points; a mapping from the label in `sample`, or an array that
        `sample` numbers from 0; one total when `sample` is None (its variance is then assumed Poisson).
        `sample`: the line of each distance given to `fit`. `strata`: stratum of each line, by label or in
        its order; `area`: of each stratum, by label or in sorted order. The other arguments: see `Scaling`.
        """
        scaling = Scaling(size, convert, encounter, multiplier, multiplier_se, level)
        return density(self, lines(self, effort, area, strata, sample), scaling)

    def goodness(self, *, times: int = 0, rng: np.random.Generator | None = None) -> Goodness:
        """How well the fitted curve follows the distances: Cramér-von Mises, or chi-square of the bands.

        For exact distances the parameters were fitted to the same data, which brings curve and data together: the
        p-value is too large unless `times` sets of distances are drawn from the curve and fitted anew.
        """
        found = super().goodness()
        times = gates.whole("times", times, low=0, high=1_000_000)
        if not times or self.breaks is not None:
            return found
        dice, larger, fitted = gates.generator("rng", rng), 0, 0
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for _ in range(times):
                try:
                    again = self.refit(drawn(self, dice), covariates=self.scale_rows)
                except EcostatError:
                    continue
                fitted += 1
                larger += Fitted.goodness(again).statistic >= found.statistic
        if fitted < times / 2:
            raise TooFewData(f"Only {fitted} of {times} draws could be fitted: there is no p-value.")
        return replace(found, p_value=(1 + larger) / (1 + fitted))

    def bootstrap(
        self,
        effort: PerSample,
        area: PerSample | float | None = None,
        strata: Strata = None,
        *,
        sample: Sequence[Hashable] | NDArray,
        times: int = 1000,
        rng: np.random.Generator,
        convert: float = 1.0,
        multiplier: float = 1.0,
        reselect: bool = False,
    ) -> Bootstrap:
        """Densities of resampled lines or points (within strata), each with a curve refitted to it
        (`reselect`: with the number of terms chosen again)."""
        ground = lines(self, effort, area, strata, sample)
        again = self.reselect if reselect else self.refit
        return resample(self, ground, again, convert * multiplier, times, rng)
