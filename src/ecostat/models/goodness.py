"""Does the model fit? Data drawn from it, fitted again, and measured as the real data were."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ecostat import gates
from ecostat.errors import EcostatError, TooFewData
from ecostat.fit import ModelFit
from ecostat.floats import Floats


@dataclass(frozen=True)
class GoodnessOfFit:
    """`observed`: each statistic of the data; `simulated`: the same of every draw that could be fitted;
    `p_value`: the share of draws at least as far off as the data; `c_hat`: χ² of the data over its mean
    among the draws (above 1: overdispersion, or a lack of fit; the larger where χ² is taken over counts and
    over the totals of sites); `failed` draws and `reasons`; `message`."""

    observed: Mapping[str, float]
    simulated: Mapping[str, Floats]
    p_value: Mapping[str, float]
    c_hat: float
    failed: int
    reasons: tuple[str, ...]
    message: str


def goodness(fit: ModelFit, *, times: int = 1000, rng: np.random.Generator) -> GoodnessOfFit:
    """A parametric bootstrap of the fit: `times` responses are drawn from it and fitted anew.

    The statistics are "chi-square" (over detection histories for occupancy, MacKenzie & Bailey 2004; over
    counts otherwise, and "chi-square of sites" over their totals), "freeman-tukey" and "deviance". A p-value
    is (1 + draws as far off) / (1 + draws), so it is never 0. Draws that cannot be fitted are counted. Use
    `fit.inflated(result.c_hat)` to carry overdispersion into standard errors.
    MacKenzie & Bailey (2004), J. Agric. Biol. Environ. Stat. 9:300-318.
    """
    times, rng = gates.whole("times", times, low=1), gates.generator("rng", rng)
    model = fit.model if isinstance(fit, ModelFit) else None
    if model is None:
        raise EcostatError(f"fit must keep its likelihood; {type(fit).__name__} does not.")
    observed = model.discrepancies(fit.coef)
    curvature = model.hessian(fit.coef)
    drawn: list[dict[str, float]] = []
    reasons: list[str] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(times):
            response = model.simulate(fit.coef, rng)
            try:
                again = model.again(response)
                drawn.append(again.discrepancies(again.nearby(fit.coef, curvature).theta))
            except EcostatError as error:
                reasons.append(str(error))
    if not drawn:
        raise TooFewData(f"None of {times} draws could be fitted: {'; '.join(sorted(set(reasons)))}")
    simulated = {name: np.array([one[name] for one in drawn]) for name in observed}
    p = {
        name: float((1 + (simulated[name] >= value - 1e-9 * abs(value)).sum()) / (1 + len(drawn)))
        for name, value in observed.items()
    }
    squares = [name for name in observed if name.startswith("chi-square")]
    c_hat = max(observed[name] / float(simulated[name].mean()) for name in squares)
    told = ", ".join(f"{name} p = {value:.3g}" for name, value in p.items())
    lost = f"; {len(reasons)} draws could not be fitted" if reasons else ""
    return GoodnessOfFit(
        observed,
        simulated,
        p,
        c_hat,
        len(reasons),
        tuple(sorted(set(reasons))),
        f"{told}, ĉ = {c_hat:.3g}, from {len(drawn)} draws of the model{lost}.",
    )
