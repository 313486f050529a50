"""A weighted logistic regression under an L1 penalty, solved on the few features that matter.

Newton's quadratic model is minimised over a working set: coordinate descent finds which coefficients live
and with what sign (Friedman, Hastie & Tibshirani 2010, J. Stat. Softw. 33:1), linear solves on those finish
exactly (Lee, Battle, Raina & Ng 2007, NIPS 19: feature-sign search), so that collinear features do not crawl.
Features outside enter when their gradient exceeds their penalty, until none does.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from ecostat.compiled import compiled
from ecostat.fit import Floats


@dataclass(frozen=True)
class Penalised:
    """`intercept` and `coef` at the optimum; `gap` is the worst breach of its conditions in penalties."""

    intercept: float
    coef: Floats
    gap: float
    rounds: int
    converged: bool


@compiled
def descend(
    hessian: Floats, gradient: Floats, start: Floats, penalty: Floats, tolerance: float, sweeps: int
) -> Floats:
    """The minimiser over b of ½(b−s)'H(b−s) − g'(b−s) + Σ penalty·|b|, s the start, by coordinates."""
    k = start.size
    b = start.copy()
    slope = gradient.copy()  # g − H(b − s)
    for _ in range(sweeps):
        worst = 0.0
        for j in range(k):
            curve = hessian[j, j]
            if curve <= 0.0:
                continue
            raw = slope[j] + curve * b[j]
            if raw > penalty[j]:
                new = (raw - penalty[j]) / curve
            elif raw < -penalty[j]:
                new = (raw + penalty[j]) / curve
            else:
                new = 0.0
            change = new - b[j]
            if change != 0.0:
                b[j] = new
                for i in range(k):
                    slope[i] -= change * hessian[i, j]
                size = change * change * curve
                if size > worst:
                    worst = size
        if worst < tolerance:
            break
    return b


def finish(hessian: Floats, gradient: Floats, start: Floats, b: Floats, penalty: Floats) -> Floats:
    """The exact minimiser of the same model as `descend`, from a `b` near it."""
    ridge = 1e-11 * np.diag(hessian).max()
    sign = np.sign(b)
    alive = (b != 0) | (penalty == 0)
    for _ in range(20 * b.size + 100):
        slope = gradient - hessian @ (b - start)
        excess = np.where(alive, slope - penalty * sign, 0.0)
        if np.abs(excess).max() <= 1e-9 * penalty.max():
            breach = np.where(alive, 0.0, np.abs(slope) - penalty * (1 + 1e-9))
            worst = int(np.argmax(breach))
            if breach[worst] <= 0:
                break
            alive[worst], sign[worst] = True, np.sign(slope[worst])
            excess[worst] = slope[worst] - penalty[worst] * sign[worst]
        held = np.flatnonzero(alive)
        square = hessian[np.ix_(held, held)]
        square[np.diag_indices(held.size)] += ridge
        move = np.linalg.solve(square, excess[held])
        ahead = b[held] + move
        crossing = (penalty[held] > 0) & (ahead * sign[held] < 0)
        if not crossing.any():
            b[held] = ahead
            continue
        part = np.where(crossing, -b[held] / np.where(move == 0, 1.0, move), np.inf)
        first = int(np.argmin(part))
        b[held] += max(part[first], 0.0) * move
        b[held[first]], sign[held[first]], alive[held[first]] = 0.0, 0.0, False
    return b


def lasso_logistic(
    x: Floats, positive: NDArray[np.bool_], weight: Floats, penalty: Floats, rounds: int = 200
) -> Penalised:
    """The minimum of −Σ weight·log-likelihood + Σ penalty·|coef|, the intercept free.

    `x` in column order. Stops when no optimality condition is breached by more than one part in a million.
    """
    rows, columns = x.shape
    target = positive.astype(float)
    centre = x.mean(axis=0)
    coef = np.zeros(columns)
    share = float(weight[positive].sum() / weight.sum())
    intercept = float(np.log(share / (1 - share)))
    eta = np.full(rows, intercept)
    work = np.empty(0, np.intp)
    inside = np.empty((rows, 0), order="F")
    gap, round_no = np.inf, 0

    def loss(at: Floats, size: float) -> float:
        return float(weight @ np.logaddexp(0.0, at) - weight[positive] @ at[positive]) + size

    for round_no in range(1, rounds + 1):
        residual = weight * (target - expit(eta))
        slope = residual @ x
        breach = (
            np.where(coef != 0, np.abs(slope - penalty * np.sign(coef)), np.abs(slope) - penalty) / penalty
        )
        gap = float(max(breach.max(initial=0.0), abs(residual.sum()) / penalty.min()))
        if gap < 1e-6:
            return Penalised(intercept, coef, gap, round_no, True)
        held = np.flatnonzero(coef)
        new = np.flatnonzero((coef == 0) & (breach > 0))
        most = max(30, held.size)
        if new.size > most:
            new = new[np.argpartition(-breach[new], most)[:most]]
        work = np.concatenate([held, new])
        inside = np.empty((rows, work.size + 1), order="F")
        inside[:, 0] = 1.0
        np.subtract(x[:, work], centre[work], out=inside[:, 1:])
        start = np.concatenate([[intercept + centre[work] @ coef[work]], coef[work]])
        price = np.concatenate([[0.0], penalty[work]])
        for _ in range(3):
            eta, start, small = _newton(inside, eta, start, price, target, weight, loss)
            if small:
                break
        coef = np.zeros(columns)
        coef[work] = start[1:]
        intercept = float(start[0] - centre[work] @ start[1:])
    return Penalised(intercept, coef, gap, round_no, False)


def _newton(
    inside: Floats,
    eta: Floats,
    start: Floats,
    price: Floats,
    target: Floats,
    weight: Floats,
    loss: Callable[[Floats, float], float],
) -> tuple[Floats, Floats, bool]:
    """One Newton step within the working set, halved until the loss falls; whether the gain was slight."""
    chance = expit(eta)
    hessian = inside.T @ (inside * (weight * chance * (1 - chance))[:, None])
    push = (weight * (target - chance)) @ inside
    rough = descend(hessian, push, start, price, 1e-8, 100)
    move = finish(hessian, push, start, rough, price) - start
    before = loss(eta, float(price @ np.abs(start)))
    step = 1.0
    for _ in range(30):
        tried = start + step * move
        moved = inside @ tried
        after = loss(moved, float(price @ np.abs(tried)))
        if after <= before + 1e-12 * abs(before):
            break
        step /= 2
    return moved, tried, before - after < 1e-4
