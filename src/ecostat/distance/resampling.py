"""Uncertainty by resampling whole lines or points, each time with a new detection function."""

import math
import warnings
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ecostat.distance.density import of_lines
from ecostat.distance.fitted import Fitted
from ecostat.distance.lines import Lines
from ecostat.errors import EcostatError
from ecostat.likelihood import Bootstrap, bootstrap


def resample(
    model: Fitted,
    ground: Lines,
    again: Callable[..., Fitted],
    convert: float,
    times: int,
    rng: np.random.Generator,
) -> Bootstrap:
    """The total density was estimated anew from `times` resamples of the lines within their strata, with the
    curve that `again` fits to each. Resamples that cannot be fitted are counted."""
    assert ground.line is not None
    order = np.argsort(ground.line, kind="stable")
    begin = np.searchsorted(ground.line[order], np.arange(len(ground.effort) + 1))
    members = [order[begin[i] : begin[i + 1]] for i in range(len(ground.effort))]
    groups = [np.flatnonzero(ground.of == s) for s in range(len(ground.strata))]
    width = 2 * (model.truncation - model.left)
    if model.survey == "point":
        width = math.pi * (model.truncation**2 - model.left**2)
    rows = model.scale_rows

    def statistic(_: NDArray[np.intp]) -> float:
        drawn = np.concatenate([group[rng.integers(len(group), size=len(group))] for group in groups])
        who = np.concatenate([members[i] for i in drawn])
        line = np.repeat(np.arange(len(drawn)), [len(members[i]) for i in drawn])
        if len(who) < 5:
            raise EcostatError("a resample held fewer than five detections")
        refitted = again(model.distance[who], covariates=None if rows is None else rows[who])
        animals = np.bincount(line, 1 / refitted.p_each, len(drawn)).astype(np.float64)
        drawn_ground = replace(ground, effort=ground.effort[drawn], of=ground.of[drawn])
        return of_lines(drawn_ground, animals, convert * width)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return bootstrap(statistic, len(ground.effort), times, rng)
