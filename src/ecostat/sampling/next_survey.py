"""Where the next survey tells most of the occupied share: chances by what is not known of a cell and what it costs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.errors import EcostatError, TooFewData
from ecostat.fit import Floats
from ecostat.sampling.frame import chances
from ecostat.sampling.pivotal import _frame, _pivotal, _space


@dataclass(frozen=True)
class NextSurvey:
    """A drawn survey beside a plain spread of equal cost.

    `cells`: positions of the cells to visit, in rising order; `inclusion`: the chance of every cell of the frame;
    `unknown`: the variance of what a visit would tell of each cell; `cost`: of the drawn cells, `expected_cost` over
    draws; `variance`: that of the occupied share after the survey, expected before it; `plain_variance`,
    `plain_size`: those of a sample with equal chances and no greater expected cost; `reduction` = 1 − variance /
    plain_variance.
    """

    cells: NDArray[np.intp]
    inclusion: Floats
    unknown: Floats
    cost: float
    expected_cost: float
    variance: float
    plain_variance: float
    plain_size: int
    reduction: float
    message: str


@dataclass(frozen=True)
class Share:
    """The occupied share of a frame with its standard error; it may lie a little outside 0 to 1."""

    value: float
    se: float


def next_survey(
    x: ArrayLike,
    y: ArrayLike,
    psi: ArrayLike,
    cost: ArrayLike,
    budget: float,
    *,
    rng: np.random.Generator | int,
    p: float = 1.0,
    visits: int = 1,
) -> NextSurvey:
    """The cells whose visit lessens the variance of the occupied share most for the budget.

    `psi`: what is thought of each cell now (the mean of its posterior; 0 and 1 are known and are never visited);
    `cost` > 0 of visiting one with all `visits`, `budget` in the same unit; `p`: the chance to see the species at a
    visit to an occupied cell. Chances are πᵢ ∝ √(vᵢ/cᵢ), the optimum for a difference estimator (Särndal, Swensson &
    Wretman 1992, 12.2), with vᵢ = ψᵢ(1 − ψᵢ) + ψᵢ(1 − p*)/p*, p* = 1 − (1 − p)^visits; the sample is spread over the
    ground and over costs (LPM2). Every doubtful cell keeps a chance, so that `next_estimate` is right on average even
    where `psi` is wrong; only its error is then greater. `TooFewData` when the budget does not pay two cells.
    """
    at, _weight = _frame(x, y, None)
    thought = gates.numbers("psi", psi, size=len(at), each="one a cell", low=0, high=1, missing=False)
    price = gates.numbers("cost", cost, size=len(at), each="one a cell", low=0, missing=False)
    if (price <= 0).any():
        raise EcostatError("cost holds a cell that costs nothing: every visit costs something.")
    money = gates.number("budget", budget, above=0)
    seen = _seen(p, visits)
    rng = gates.generator("rng", rng)
    unknown = thought * (1 - thought) + thought * (1 - seen) / seen
    open_ = np.flatnonzero((thought > 0) & (thought < 1))
    if open_.size < 2:
        raise TooFewData("Fewer than two cells are in doubt: nothing is left to survey.")
    weight = np.sqrt(unknown[open_] / price[open_])
    chance = _paid(weight, price[open_], money)
    plain = _paid(np.ones(open_.size), price[open_], money)
    drawn = open_[_pivotal(_space(at[open_], price[open_]), chance, rng)]
    inclusion = np.zeros(len(at))
    inclusion[open_] = chance
    missed = (thought * (1 - seen) / seen)[open_]
    left, even = (_variance(unknown[open_], missed, c, len(at)) for c in (chance, plain))
    spent, expected = float(price[drawn].sum()), float(price[open_] @ chance)
    return NextSurvey(
        cells=drawn,
        inclusion=inclusion,
        unknown=unknown,
        cost=spent,
        expected_cost=expected,
        variance=left,
        plain_variance=even,
        plain_size=round(plain.sum()),
        reduction=1 - left / even if even > 0 else 0.0,
        message=f"{drawn.size} cells for {spent:g} (expected {expected:g} of {money:g}); "
        f"{round(plain.sum())} cells with equal chances.",
    )


def next_estimate(
    psi: ArrayLike,
    inclusion: ArrayLike,
    cells: ArrayLike,
    detected: ArrayLike,
    *,
    p: float = 1.0,
    visits: int = 1,
) -> Share:
    """The occupied share after the survey: what was thought, mended by what was found (difference estimator).

    `psi`, `inclusion` over the frame as in `next_survey`; `detected`: for each of `cells` whether the species was
    seen. ψ̂ = (Σ psiᵢ + Σ_s (detectedᵢ/p* − psiᵢ)/πᵢ)/N; its variance takes draws as independent, which leans wide
    for a spread sample.
    """
    thought = gates.numbers("psi", psi, low=0, high=1, missing=False)
    chance = gates.numbers("inclusion", inclusion, size=thought.size, low=0, high=1, missing=False)
    taken = gates.pick("cells", cells, thought.size)
    found = gates.numbers(
        "detected", detected, size=taken.size, each="one a cell", low=0, high=1, missing=False
    )
    if taken.size < 2:
        raise TooFewData("An estimate needs two visited cells.")
    if (chance[taken] <= 0).any():
        raise EcostatError("cells holds a cell whose inclusion is 0: it was not drawn by this plan.")
    off = found / _seen(p, visits) - thought[taken]
    value = (thought.sum() + (off / chance[taken]).sum()) / thought.size
    spread = ((1 - chance[taken]) * (off / chance[taken]) ** 2).sum()
    return Share(float(value), float(np.sqrt(spread) / thought.size))


def _seen(p: float, visits: int) -> float:
    """The chance that a species present is seen in all visits together."""
    once = gates.number("p", p, low=0, high=1)
    if once <= 0:
        raise EcostatError("p is 0: a species that is never seen tells nothing of where it lives.")
    return float(1 - (1 - once) ** gates.whole("visits", visits, low=1))


def _paid(weight: Floats, price: Floats, money: float) -> Floats:
    """Chances proportional to the weight of the largest sample whose expected cost the money pays."""
    low, high, money = 1, weight.size, money * (1 + 1e-9)  # sums of chances are whole but for rounding
    if money < float(price @ chances(weight, 2)):
        raise TooFewData("The budget does not pay two cells.")
    while low < high:
        middle = (low + high + 1) // 2
        if float(price @ chances(weight, middle)) <= money:
            low = middle
        else:
            high = middle - 1
    return chances(weight, low)


def _variance(unknown: Floats, missed: Floats, chance: Floats, frame: int) -> float:
    """The expected variance of the difference estimator of the share when draws are independent; what is missed at a
    visit stays unknown of certain cells too."""
    return float(((unknown - missed) * (1 / chance - 1) + missed / chance).sum() / frame**2)
