"""Uncertainty by resampling whole lines or points, each time with a new detection function."""

import math
import warnings
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ecostat.distance.density import of_lines
from ecostat.distance.detection import Detection, PerSample
from ecostat.distance.fitting import fit
from ecostat.distance.lines import lines
from ecostat.errors import EcostatError
from ecostat.likelihood import Bootstrap, bootstrap


def resample(
    model: Detection,
    effort: PerSample,
    area: PerSample | float | None = None,
    strata: Mapping[Hashable, Hashable] | Sequence[Hashable] | NDArray | None = None,
    *,
    sample: Sequence[Hashable] | NDArray,
    times: int = 1000,
    rng: np.random.Generator,
    convert: float = 1.0,
    multiplier: float = 1.0,
    reselect: bool = False,
) -> Bootstrap:
    """The total density was estimated anew from `times` resamples of the lines within their strata.

    The detection function is refitted each time with the same key, truncation and adjustment orders
    (`reselect`: the number of terms is chosen again). Resamples that cannot be fitted are counted.
    """
    ground = lines(model, effort, area, strata, sample)
    assert ground.line is not None
    order = np.argsort(ground.line, kind="stable")
    begin = np.searchsorted(ground.line[order], np.arange(len(ground.effort) + 1))
    members = [order[begin[i] : begin[i + 1]] for i in range(len(ground.effort))]
    groups = [np.flatnonzero(ground.of == s) for s in range(len(ground.strata))]
    width = 2 * (model.truncation - model.left)
    if model.survey == "point":
        width = math.pi * (model.truncation**2 - model.left**2)
    unit = convert * multiplier * width
    settings = dict(model.options)
    free = settings.pop("free_orders")
    rows = settings.pop("covariates")
    settings.pop("terms")
    settings["truncation"] = None if settings["breaks"] is not None else model.truncation
    if model.adjust is None and not (reselect and free):
        settings["adjust"] = None
    elif not (reselect and free):
        settings["orders"] = model.orders

    def statistic(_: NDArray[np.intp]) -> float:
        drawn = np.concatenate([group[rng.integers(len(group), size=len(group))] for group in groups])
        who = np.concatenate([members[i] for i in drawn])
        line = np.repeat(np.arange(len(drawn)), [len(members[i]) for i in drawn])
        if len(who) < 5:
            raise EcostatError("a resample held fewer than five detections")
        refitted = fit(
            model.distance[who],
            covariates=None if rows is None else rows[who],
            start=None if reselect and free else model.coef if len(model.coef) else None,
            **settings,
        )
        animals = np.bincount(line, 1 / refitted.p_each, len(drawn)).astype(np.float64)
        return of_lines(replace(ground, effort=ground.effort[drawn], of=ground.of[drawn]), animals, unit)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return bootstrap(statistic, len(ground.effort), times, rng)
