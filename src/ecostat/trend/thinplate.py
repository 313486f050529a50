"""The smooth curve through one population's logarithms, or straight lines between them."""

from functools import lru_cache

import numpy as np

from ecostat.fit import Floats

GRID = np.exp(np.linspace(-18, 18, 73))
DESCENT = np.exp(np.linspace(-30, 30, 301))


def population_curve(times: Floats, logs: Floats, *, smooth: bool) -> tuple[Floats, str]:
    """Yearly values from the first to the last year, and "gam" or "chain", whichever made them.

    The spline is a thin-plate regression spline (Wood 2003, JRSS B 65:95) with half as many basis functions
    as values, its smoothness chosen by generalised cross-validation. It is accepted if a second spline
    through its residuals, free to vanish, does vanish (Collen et al. 2009).
    """
    every = np.arange(times[0], times[-1] + 1)
    basis = round(times.size / 2)
    if smooth and basis >= 3 and np.ptp(logs) > 0:
        centred = tuple((times - times[0]).astype(int).tolist())
        fitted, inside = _thin_plate(centred, basis)
        coef, _ = _cross_validated(fitted, logs, 1.0)
        if _nothing_left(centred, logs - fitted.x @ coef):
            return inside @ coef, "gam"
    return np.interp(every, times, logs), "chain"


class Basis:
    """A design with its penalty, turned so that the penalty is diagonal and the design orthonormal."""

    def __init__(self, x: Floats, penalty: Floats) -> None:
        self.x = x
        q, r = np.linalg.qr(x)
        back = np.linalg.solve(r, np.eye(r.shape[0]))
        bend, turn = np.linalg.eigh(back.T @ penalty @ back)
        self.bend = np.where(bend > 1e-10 * max(bend.max(), 1e-300), bend, 0.0)
        self.turned, self.back = q @ turn, back @ turn


@lru_cache(maxsize=4096)
def _thin_plate(times: tuple[int, ...], k: int) -> tuple[Basis, Floats]:
    """The rank-k thin-plate basis at the times, and the same functions in every year between."""
    t = np.asarray(times, float)
    scale = t[-1]
    u, every = t / scale, np.arange(t[-1] + 1) / scale
    value, vector = np.linalg.eigh(np.abs(u[:, None] - u) ** 3 / 12)
    top = np.argsort(-np.abs(value))[:k]
    value, vector = value[top], vector[:, top]
    poly = np.column_stack([np.ones_like(u), u])
    # coefficients orthogonal to straight lines, as the spline's side condition asks
    q, _ = np.linalg.qr(vector.T @ poly, mode="complete")
    free = q[:, 2:]
    at = np.column_stack([(vector * value) @ free, poly])
    penalty = np.zeros((k, k))
    penalty[: k - 2, : k - 2] = free.T @ (value[:, None] * free)
    radial = np.abs(every[:, None] - u) ** 3 / 12
    between = np.column_stack([radial @ (vector @ free), np.ones_like(every), every])
    return Basis(at, penalty), between


@lru_cache(maxsize=4096)
def _vanishing(times: tuple[int, ...]) -> Basis:
    """A cubic spline with a knot at each time, mean zero, whose straight part is lightly penalised too."""
    t = np.asarray(times, float)
    n = t.size
    h = np.diff(t)
    q, r = np.zeros((n, n - 2)), np.zeros((n - 2, n - 2))
    for j in range(n - 2):
        q[j : j + 3, j] = (1 / h[j], -1 / h[j] - 1 / h[j + 1], 1 / h[j + 1])
        r[j, j] = (h[j] + h[j + 1]) / 3
        if j:
            r[j, j - 1] = r[j - 1, j] = h[j] / 6
    rough = q @ np.linalg.solve(r, q.T)
    value, vector = np.linalg.eigh(rough)
    value[:2] = (0.01 * value[2], 0.1 * value[2])
    shrunk = (vector * value) @ vector.T
    centre, _ = np.linalg.qr(np.column_stack([np.ones(n), np.eye(n)[:, : n - 1]]))
    contrast = centre[:, 1:]
    return Basis(contrast, contrast.T @ shrunk @ contrast)


def _cross_validated(basis: Basis, y: Floats, gamma: float) -> tuple[Floats, float]:
    """Coefficients at the smoothness of least generalised cross-validation, and the degrees of freedom."""
    z = basis.turned.T @ y
    outside = float(y @ y - z @ z)
    scale = basis.bend.max() if basis.bend.max() > 0 else 1.0
    weights = GRID / scale
    for _ in range(3):
        keep = 1 / (1 + weights[:, None] * basis.bend)
        freedom = keep.sum(axis=1)
        rest = np.maximum(outside, 0.0) + (((1 - keep) * z) ** 2).sum(axis=1)
        room = y.size - gamma * freedom
        score = np.where(room > 0, y.size * rest / np.where(room > 0, room, 1.0) ** 2, np.inf)
        best = int(np.argmin(score))
        low, high = weights[max(best - 1, 0)], weights[min(best + 1, weights.size - 1)]
        chosen = keep[best]
        weights = np.exp(np.linspace(np.log(low), np.log(high), 21))
    return basis.back @ (chosen * z), float(chosen.sum())


def _nothing_left(times: tuple[int, ...], residual: Floats) -> bool:
    """Whether a spline through the residuals shrinks to the flat line under a stern criterion (gamma 1.4)."""
    if np.abs(residual).max() < 1e-12:
        return True
    basis = _vanishing(times)
    centred = residual - residual.mean()
    z = basis.turned.T @ centred
    outside = max(float(centred @ centred - z @ z), 0.0)
    # from the weight that balances fit and roughness the criterion is followed downhill, as an optimiser
    # would: its deepest point is often a curve through every residual
    weights = DESCENT / basis.bend.mean()
    keep = 1 / (1 + weights[:, None] * basis.bend)
    freedom = keep.sum(axis=1) + 1  # one is the mean's
    rest = outside + (((1 - keep) * z) ** 2).sum(axis=1)
    score = rest / np.maximum((centred.size - 1.4 * freedom) ** 2, 1e-300)
    at = DESCENT.size // 2
    while 0 < at < DESCENT.size - 1:
        lower = at - 1 if score[at - 1] < score[at + 1] else at + 1
        if score[lower] >= score[at]:
            break
        at = lower
    return bool(freedom[at] - 1 < 0.01)


def forget() -> None:
    """The bases kept for year patterns already met are dropped."""
    _thin_plate.cache_clear()
    _vanishing.cache_clear()
