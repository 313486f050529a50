"""Generalised estimating equations for sites × years, solved without ever forming the design of the sites.

Each site's counts have variance proportional to their mean and, if asked, a correlation rho^(years apart)
between years. That correlation is Markov, so its inverse couples only neighbouring surveys of a site; the
site effects are eliminated one by one; what is left has the size of years × years (Pannekoek & van Strien
2001, TRIM 3 manual; Liang & Zeger 1986, Biometrika 73:13).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecostat.errors import NotConverged
from ecostat.fit import Floats
from ecostat.trend.counts import CountTable

LIMIT = 500
TOLERANCE = 1e-10


@dataclass(frozen=True)
class Solved:
    """`site` log means at zero time effect, `coef` of the year design, and what their variance is made of.

    `fitted` sites × years with missing years filled in; `root` = square root of the fitted mean where
    surveyed; `hold` (sites,) the information on each site effect; `lean` sites × k how a site effect
    follows the coefficients; `cov` k × k.
    """

    site: Floats
    coef: Floats
    cov: Floats
    fitted: Floats
    root: Floats
    hold: Floats
    lean: Floats
    dispersion: float
    correlation: float
    chi2: float
    freedom: int
    steps: int
    converged: bool


class Neighbours:
    """Consecutive surveys of a site: row, the two columns, and the years between."""

    def __init__(self, seen: NDArray[np.bool_]) -> None:
        row, column = np.nonzero(seen)
        same = row[1:] == row[:-1]
        self.row, self.early, self.late = row[1:][same], column[:-1][same], column[1:][same]
        self.gap = self.late - self.early
        years = seen.shape[1]
        self.first = self.row * years + self.early
        self.second = self.row * years + self.late
        self.cell = self.early * years + self.late
        self.years = years

    def precision(self, seen: NDArray[np.bool_], rho: float) -> tuple[Floats, Floats]:
        """Diagonal (sites × years) and off-diagonal (pairs) of the inverse correlation."""
        diagonal = seen.astype(float)
        if rho == 0:
            return diagonal, np.zeros(self.gap.size)
        c = np.float64(rho) ** np.arange(1, self.years + 1)
        extra = (c * c / (1 - c * c))[self.gap - 1]
        diagonal.ravel()[self.first] += extra  # a cell is the earlier of one pair at most
        diagonal.ravel()[self.second] += extra
        return diagonal, (-c / (1 - c * c))[self.gap - 1]

    def apply(self, diagonal: Floats, off: Floats, x: Floats) -> Floats:
        """The inverse correlation of each site times its row of `x`."""
        out = diagonal * x
        flat, given = out.ravel(), x.ravel()
        flat[self.first] += off * given[self.second]
        flat[self.second] += off * given[self.first]
        return out

    def correlation(self, residual: Floats, dispersion: float) -> float:
        """The lag-one correlation of Pearson residuals in sites surveyed in both years."""
        near = self.gap == 1
        if not near.any():
            return 0.0
        product = residual.ravel()[self.first[near]] * residual.ravel()[self.second[near]]
        return float(np.clip(product.mean() / dispersion, -0.95, 0.95))


def solve(table: CountTable, design: Floats, *, overdispersion: bool, serial: bool) -> Solved:
    """The estimates at the root of the estimating equations, or `NotConverged` if none is in reach."""
    seen, count = table.seen, table.count
    sites, years = seen.shape
    free = int(seen.sum()) - sites - design.shape[1]
    pairs = Neighbours(seen)
    coef = np.zeros(design.shape[1])
    site = np.log(count.sum(axis=1) / seen.sum(axis=1))
    dispersion, rho, chi2 = 1.0, 0.0, 0.0
    diagonal, off = pairs.precision(seen, rho)
    converged, steps = False, 0

    for steps in range(1, LIMIT + 1):  # noqa: B007
        growth = np.exp(design @ coef)
        lever = diagonal
        if rho:  # up to a factor a site, which cancels
            lever = pairs.apply(diagonal, off, np.sqrt(growth) * seen) / np.sqrt(growth)
        gain = (lever * count).sum(axis=1) / ((lever * seen) @ growth)
        if not (gain > 0).all():  # strong negative weights at a start far away: fall back on the plain mean
            gain = np.where(gain > 0, gain, count.sum(axis=1) / (growth * seen).sum(axis=1))
        moved = np.log(gain) - site
        site = np.log(gain)
        mean = gain[:, None] * growth * seen
        root = np.sqrt(mean)
        residual = (count - mean) / np.where(seen, root, 1.0)
        chi2 = float(np.vdot(residual, residual))
        before = (dispersion, rho)
        if overdispersion or serial:
            sigma2 = max(chi2 / free, 1e-12)  # counts without any scatter have errors of zero, not 0 / 0
            if serial:
                rho = pairs.correlation(residual, sigma2) if sigma2 > 0 else 0.0
                diagonal, off = pairs.precision(seen, rho)
            dispersion = sigma2 if overdispersion else 1.0

        push = (root * (pairs.apply(diagonal, off, residual) if rho else residual)).sum(axis=0)
        weight = root * pairs.apply(diagonal, off, root) if rho else mean
        hold = weight.sum(axis=1)
        scaled = weight / np.sqrt(hold)[:, None]
        info = np.diag((mean * diagonal).sum(axis=0)) - scaled.T @ scaled
        if rho:
            across = off * root.ravel()[pairs.first] * root.ravel()[pairs.second]
            coupled = np.bincount(pairs.cell, across, years * years).reshape(years, years)
            info += coupled + coupled.T
        if design.shape[1]:
            bend = design.T @ info @ design
            try:
                step = np.linalg.solve(bend, design.T @ push)
            except np.linalg.LinAlgError as error:
                raise NotConverged("The information matrix of the time effects is singular.") from error
            size = float(np.abs(step).max())
            coef = coef + step * min(1.0, 2.0 / max(size, 1e-300))
        else:
            bend, size = np.zeros((0, 0)), 0.0
        if not np.isfinite(coef).all() or np.abs(coef).max(initial=0.0) > 60:
            raise NotConverged("A time effect runs off to infinity: some years hold almost only zeros.")
        shift = max(size, float(np.abs(moved).max()), abs(rho - before[1]))
        if shift < TOLERANCE and abs(dispersion - before[0]) < TOLERANCE * max(1.0, dispersion):
            converged = True
            break

    hold = hold / dispersion
    return Solved(
        site=site,
        coef=coef,
        cov=np.linalg.inv(bend) * dispersion if design.shape[1] else bend,
        fitted=np.exp(site[:, None] + design @ coef),
        root=root,
        hold=hold,
        lean=(weight @ design) / dispersion / hold[:, None],
        dispersion=dispersion,
        correlation=rho,
        chi2=chi2,
        freedom=free,
        steps=steps,
        converged=converged,
    )


def covariance(left: Floats, right: Floats, solved: Solved, design: Floats) -> Floats:
    """Years × years covariance of the sums over sites of two parts of the fitted means."""
    a = left.sum(axis=0)[:, None] * design - left.T @ solved.lean
    b = right.sum(axis=0)[:, None] * design - right.T @ solved.lean
    return left.T @ (right / solved.hold[:, None]) + a @ solved.cov @ b.T
