"""Dynamic occupancy (MacKenzie et al. 2003): colonisation and local extinction between seasons."""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import ArrayLike
from scipy.special import expit

from ecostat import gates
from ecostat.errors import EcostatError, TooFewData
from ecostat.fit import Fit, Floats
from ecostat.likelihood import (
    Prediction,
    blocks,
    constants,
    design,
    labels,
    maximise,
    predict,
    sentence,
    standard,
)
from ecostat.occupancy.histories import enough, histories, visits_table

PARTS = ("psi", "gamma", "epsilon", "p")


@dataclass(frozen=True, kw_only=True)
class Dynamic(Fit):
    """A fitted colonisation-extinction model. `psi` (sites,): first-season occupancy; `gamma`, `epsilon`
    (sites, seasons - 1): colonisation and extinction into the next season; `p` (sites, visits in all);
    `projected` (sites, seasons): occupancy implied by the rates; `smoothed` (sites, seasons): probability of
    presence given the whole history; `occupied` (seasons,): its mean over the sites."""

    psi: Floats
    gamma: Floats
    epsilon: Floats
    p: Floats
    projected: Floats
    smoothed: Floats
    occupied: Floats
    seasons: int
    widths: tuple[int, int, int, int]

    def predict(self, part: str, x: ArrayLike, level: float = 0.95) -> Prediction:
        """Fitted values of "psi", "gamma", "epsilon" or "p" for rows of its design."""
        if part not in PARTS:
            raise EcostatError(f"{part!r} is no part of this model; it has {', '.join(PARTS)}.")
        at = PARTS.index(part)
        begin = sum(self.widths[:at])
        own = slice(begin, begin + self.widths[at])
        return predict(self.coef[own], self.vcov[own, own], x, "logit", level)


def dynamic(
    y: ArrayLike,
    seasons: int,
    psi: ArrayLike | None = None,
    gamma: ArrayLike | None = None,
    epsilon: ArrayLike | None = None,
    p: ArrayLike | None = None,
    *,
    start: ArrayLike | None = None,
) -> Dynamic:
    """The multi-season model is fitted to `y` (sites × (seasons · visits), season by season; NaN = not
    surveyed; a whole season may be missing).

    `psi`: sites × k; `gamma`, `epsilon`: sites × (seasons - 1) × k or sites × k; `p`: sites × all visits × k
    or sites × k; logit links. Coefficients: psi, gamma, epsilon, p. The likelihood is a two-state hidden
    Markov chain; its gradient comes from one forward-backward pass.
    MacKenzie, Nichols, Hines, Knutson & Franklin (2003), Ecology 84:2200-2207.
    """
    raw = visits_table(y)
    seasons = gates.whole("seasons", seasons, low=2)
    if raw.shape[1] % seasons:
        raise EcostatError(
            f"y has shape {raw.shape}; its visits must divide evenly into {seasons} seasons, at least 2."
        )
    sites, visits = raw.shape
    designs, known = [], []
    shapes: tuple[tuple[int, ...], ...] = ((sites,), (sites, seasons - 1), (sites, seasons - 1), raw.shape)
    for part, x, shape in zip(PARTS, (psi, gamma, epsilon, p), shapes, strict=True):
        matrix, mask = design(x, shape, part)
        designs.append(matrix)
        known.append(mask)
    whole = known[0] & known[1].all(axis=1) & known[2].all(axis=1)
    data = histories(raw, whole[:, None] & known[3])
    used = data.seen.any(axis=1)
    if data.seen[used].reshape(-1, seasons, visits // seasons).any(axis=(0, 2)).sum() < 2:
        raise TooFewData("Only one season was surveyed: change cannot be estimated.")
    widths = tuple(d.shape[-1] for d in designs)
    total = sum(widths)
    enough(int(used.sum()), total)
    own = [np.ascontiguousarray(d[used]) for d in designs]
    basis = blocks(
        *(
            standard(d if part != "p" else d[data.seen[used]], part)
            for part, d in zip(PARTS, own, strict=True)
        )
    )
    cuts = np.cumsum(widths)[:-1]
    found, seen = data.y[used], data.seen[used]

    def loglik(theta: Floats) -> tuple[float, Floats]:
        a, b, c, d = np.split(theta, cuts)
        value, s0, sg, se, sp, _ = _dynamic(own[0] @ a, own[1] @ b, own[2] @ c, own[3] @ d, found, seen)
        return value, np.concatenate(
            [s0 @ own[0], *(np.einsum("ij,ijk->k", s, x) for s, x in zip((sg, se, sp), own[1:], strict=True))]
        )

    names: tuple[str, ...] = ()
    limits: dict[str, str] = {}
    for part, d in zip(PARTS, own, strict=True):
        mine = labels(part, d)
        limits |= constants(mine, d, f"the estimated {part} is 0 or 1")
        names += mine
    first = np.zeros(total)
    second = first.copy()
    second[[widths[0], widths[0] + widths[1]]] = -2.0
    best = maximise(loglik, [first, second] if start is None else [start], names, basis=basis, limits=limits)
    parts = np.split(best.theta, cuts)
    fitted = [np.where(m, expit(x @ t), np.nan) for x, t, m in zip(designs, parts, known, strict=True)]
    projected = np.empty((sites, seasons))
    projected[:, 0] = fitted[0]
    for t in range(seasons - 1):
        here = projected[:, t]
        projected[:, t + 1] = here * (1 - fitted[2][:, t]) + (1 - here) * fitted[1][:, t]
    smoothed = np.full((sites, seasons), np.nan)
    psi_eta, gamma_eta, epsilon_eta, p_eta = (x @ t for x, t in zip(own, parts, strict=True))
    smoothed[used] = _dynamic(psi_eta, gamma_eta, epsilon_eta, p_eta, found, seen)[5]
    return Dynamic(
        coef=best.theta,
        se=best.se,
        vcov=best.vcov,
        names=names,
        loglik=best.loglik,
        aic=2 * total - 2 * best.loglik,
        n=int(used.sum()),
        converged=True,
        message=sentence(best, int(used.sum()), f"sites over {seasons} seasons", data.note),
        psi=fitted[0],
        gamma=fitted[1],
        epsilon=fitted[2],
        p=fitted[3],
        projected=projected,
        smoothed=smoothed,
        occupied=smoothed[used].mean(axis=0),
        seasons=seasons,
        widths=(widths[0], widths[1], widths[2], widths[3]),
    )


@njit(cache=True)
def _dynamic(psi_eta, gamma_eta, epsilon_eta, p_eta, y, seen):  # type: ignore[no-untyped-def]
    """Log-likelihood, its slopes in every linear predictor (Fisher's identity), and smoothed presence."""
    sites, steps = gamma_eta.shape
    seasons = steps + 1
    visits = y.shape[1] // seasons
    value = 0.0
    s_psi = np.zeros(sites)
    s_gamma = np.zeros((sites, steps))
    s_epsilon = np.zeros((sites, steps))
    s_p = np.zeros(y.shape)
    smoothed = np.zeros((sites, seasons))
    there = np.empty(seasons)  # likelihood of the season's visits where present, scaled
    gone = np.empty(seasons)  # the same where absent
    ahead = np.empty((seasons, 2))
    behind = np.empty((seasons, 2))
    for i in range(sites):
        psi = 1.0 / (1.0 + np.exp(-psi_eta[i]))
        for t in range(seasons):
            logged, found = 0.0, False
            for v in range(visits):
                j = t * visits + v
                if seen[i, j]:
                    nu = p_eta[i, j]
                    logged += y[i, j] * nu - np.log1p(np.exp(-abs(nu))) - max(nu, 0.0)
                    found = found or y[i, j] > 0
            if found:
                value += logged
                there[t], gone[t] = 1.0, 0.0
            else:
                there[t], gone[t] = np.exp(logged), 1.0
        for t in range(seasons):
            if t == 0:
                absent, present = 1.0 - psi, psi
            else:
                g = 1.0 / (1.0 + np.exp(-gamma_eta[i, t - 1]))
                e = 1.0 / (1.0 + np.exp(-epsilon_eta[i, t - 1]))
                absent = ahead[t - 1, 0] * (1.0 - g) + ahead[t - 1, 1] * e
                present = ahead[t - 1, 0] * g + ahead[t - 1, 1] * (1.0 - e)
            ahead[t, 0] = absent * gone[t]
            ahead[t, 1] = present * there[t]
            total = ahead[t, 0] + ahead[t, 1]
            value += np.log(total)
            ahead[t, 0] /= total
            ahead[t, 1] /= total
        behind[seasons - 1, :] = 1.0
        for t in range(seasons - 2, -1, -1):
            g = 1.0 / (1.0 + np.exp(-gamma_eta[i, t]))
            e = 1.0 / (1.0 + np.exp(-epsilon_eta[i, t]))
            from_absent = (1.0 - g) * gone[t + 1] * behind[t + 1, 0]
            from_absent_to_present = g * there[t + 1] * behind[t + 1, 1]
            to_absent = e * gone[t + 1] * behind[t + 1, 0]
            stay = (1.0 - e) * there[t + 1] * behind[t + 1, 1]
            weight = ahead[t, 0] * (from_absent + from_absent_to_present) + ahead[t, 1] * (to_absent + stay)
            s_gamma[i, t] = ahead[t, 0] * (from_absent_to_present * (1.0 - g) - from_absent * g) / weight
            s_epsilon[i, t] = ahead[t, 1] * (to_absent * (1.0 - e) - stay * e) / weight
            behind[t, 0] = (from_absent + from_absent_to_present) / weight
            behind[t, 1] = (to_absent + stay) / weight
        for t in range(seasons):
            z = ahead[t, 1] * behind[t, 1] / (ahead[t, 0] * behind[t, 0] + ahead[t, 1] * behind[t, 1])
            smoothed[i, t] = z
            for v in range(visits):
                j = t * visits + v
                if seen[i, j]:
                    s_p[i, j] = z * (y[i, j] - 1.0 / (1.0 + np.exp(-p_eta[i, j])))
        s_psi[i] = smoothed[i, 0] - psi
    return value, s_psi, s_gamma, s_epsilon, s_p, smoothed
