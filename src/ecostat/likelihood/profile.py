"""Limits of a coefficient from the likelihood itself, which need not be symmetric."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import chi2

from ecostat import gates
from ecostat.errors import NotConverged
from ecostat.floats import Floats
from ecostat.likelihood.model import Model
from ecostat.likelihood.search import peak

FARTHEST = 12.0  # standard errors, or steps of 1 where there is none


def profile(model: Model, theta: Floats, vcov: Floats, j: int, level: float) -> tuple[float, float]:
    """Where the log-likelihood, at its highest over the other coefficients, is χ²(1) / 2 below its top.

    A side on which it never falls that far has an infinite limit: the data do not bound it.
    Venzon & Moolgavkar (1988), J. R. Stat. Soc. C 37:87-94.
    """
    level = gates.share("level", level, ends=False)
    rest = np.delete(np.arange(len(theta)), j)
    top = model.loglik(theta)[0]
    depth = float(chi2.ppf(level, 1)) / 2
    unit = math.sqrt(vcov[j, j]) if np.isfinite(vcov[j, j]) and vcov[j, j] > 0 else 1.0
    basis = _basis(vcov, j, rest)
    place: dict[float, Floats] = {0.0: theta[rest]}

    def drop(step: float) -> float:
        """The log-likelihood lost at `step` units from the estimate, less the depth sought."""
        value = theta[j] + step * unit

        def inner(t: Floats) -> tuple[float, Floats]:
            level_, slope = model.loglik(np.insert(t, j, value))
            return level_, np.delete(slope, j)

        if not len(rest):
            return top - inner(np.zeros(0))[0] - depth
        near = min(place, key=lambda known: abs(known - step))
        found = peak(inner, [place[near]], basis=basis)
        place[step] = found.theta
        return top - found.loglik - depth

    return theta[j] + unit * _crossing(drop, -1.0), theta[j] + unit * _crossing(drop, 1.0)


def _crossing(drop: Callable[[float], float], side: float) -> float:
    """The step on one side at which the loss passes its depth; infinite where it does not."""
    inside, step = 0.0, 1.5 * side
    while abs(step) <= FARTHEST:
        try:
            lost = drop(step)
        except NotConverged:
            return side * math.inf
        if lost > 0:
            return float(brentq(drop, inside, step, xtol=1e-7, rtol=1e-10))
        inside, step = step, step * 1.6
    return side * math.inf


def _basis(vcov: Floats, j: int, rest: NDArray[np.intp]) -> Floats:
    """The other coefficients in units of what is known of them when this one is held."""
    inner = vcov[np.ix_(rest, rest)] - np.outer(vcov[rest, j], vcov[rest, j]) / vcov[j, j]
    try:
        return np.linalg.cholesky(inner)
    except np.linalg.LinAlgError:
        return np.eye(len(rest))
