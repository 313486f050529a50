"""Counts by who saw the animal: removal passes and double observers (Dorazio, Jelks & Jordan 2005)."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, gammaln

from ecostat import gates
from ecostat.abundance import patterns
from ecostat.abundance.discrepancy import count_fit, site_fit
from ecostat.abundance.patterns import Patterns
from ecostat.errors import EcostatError, TooFewData
from ecostat.fit import ModelFit
from ecostat.floats import Floats
from ecostat.likelihood import Data, Design, Start, constants, part
from ecostat.likelihood.model import ClosedModel
from ecostat.visits import SeenModel, set_aside
from ecostat.visits import counts as table


@dataclass(frozen=True, kw_only=True)
class CellCounts(ModelFit):
    """A fitted multinomial-Poisson model. `lam` (sites,): expected abundance; `p` (sites, passes): detection
    of one animal in one pass or by one observer; `found` (sites,): share of the animals found by any;
    `abundance` (sites,): animals counted and those expected to be missed, NaN where nothing was surveyed;
    `total`: its sum; `expected` (sites, cells). Parts for `predict`: "lam", "p"."""

    lam: Floats
    p: Floats
    found: Floats
    abundance: Floats
    total: float
    expected: Floats


def removal(
    y: ArrayLike, lam: Design = None, p: Design = None, *, data: Data | None = None, start: Start = None
) -> CellCounts:
    """Abundance is fitted to removals `y` (sites × passes: animals taken, or first heard, in each pass; NaN
    from the pass on that was not made).

    Counts are Poisson with mean λ p_j Π (1 - p) over the passes before. `lam`: sites × k, log link; `p`:
    sites × passes × k or sites × k, logit link; or formulas on the columns of `data`.
    Zippin (1956), Biometrics 12:163-189; Dorazio, Jelks & Jordan (2005), Biometrics 61:1093-1101.
    """
    raw = table(y)
    gaps = np.isnan(raw[:, :-1]) & ~np.isnan(raw[:, 1:])
    if gaps.any():
        raise EcostatError(
            f"y: site {int(np.argwhere(gaps)[0, 0])} has a pass after one that was not made: what an unknown "
            "pass removed is unknown."
        )
    return _fit(raw, raw.shape[1], patterns.removal(raw.shape[1]), lam, p, data, start)


def double_observer(
    y: ArrayLike,
    lam: Design = None,
    p: Design = None,
    *,
    kind: Literal["independent", "dependent"] = "independent",
    data: Data | None = None,
    start: Start = None,
) -> CellCounts:
    """Abundance is fitted to what two observers saw at each site.

    `y`: "independent": sites × 3, animals seen by the first alone, the second alone, and both; "dependent":
    sites × 2, seen by the first, and by the second of those the first missed (the observers must change
    places between sites, or p must be the same for both). `p`: sites × 2 observers × k or sites × k.
    Nichols et al. (2000), Auk 117:393-408; Royle (2004), Anim. Biodivers. Conserv. 27:375-386.
    """
    gates.choice("kind", kind, ("independent", "dependent"))
    raw = table(y)
    cells = patterns.independent() if kind == "independent" else patterns.dependent()
    if raw.shape[1] != len(cells.hit):
        raise EcostatError(f"y has shape {raw.shape}; sites × {len(cells.hit)} cells are needed.")
    if np.any(np.isnan(raw).any(axis=1) & ~np.isnan(raw).all(axis=1)):
        raise EcostatError("y: a site has some cells unknown: give all of them, or NaN for all.")
    return _fit(raw, 2, cells, lam, p, data, start)


def _fit(
    raw: Floats,
    passes: int,
    cells: Patterns,
    lam: Design,
    p: Design,
    data: Data | None,
    start: Start,
) -> CellCounts:
    """The model of these cells is fitted."""
    density = part("lam", lam, raw.shape[:1], "log", data)
    seeing = part("p", p, (len(raw), passes), "logit", data)
    if len(cells.hit) == passes:  # a cell belongs to its pass
        seen, notes = set_aside(raw, density.known[:, None] & np.logical_and.accumulate(seeing.known, axis=1))
    else:
        seen, notes = set_aside(raw, (density.known & seeing.known.all(axis=1))[:, None])
    used = np.asarray(seen.any(axis=1))
    model = CellModel(
        parts=(density, seeing),
        n=int(used.sum()),
        notes=notes,
        cells=cells,
        x=np.ascontiguousarray(density.x[used]),
        w=np.ascontiguousarray(seeing.x[used]),
        y=np.where(seen, np.nan_to_num(raw), 0.0)[used],
        seen=seen[used],
        used=used,
    ).checked()
    best = model.top(start)
    mean, chance = model.means(best.theta)
    shares, abundance, expected = (np.full(n, np.nan) for n in (len(raw), len(raw), raw.shape))
    shares[used] = np.where(model.seen, chance, 0.0).sum(axis=1)
    abundance[used] = model.y.sum(axis=1) + mean * (1 - shares[used])
    expected[used] = np.where(model.seen, mean[:, None] * chance, np.nan)
    return CellCounts(
        **model.common(best),
        lam=np.where(density.known, np.exp(density.x @ best.theta[model.at["lam"]]), np.nan),
        p=np.where(seeing.known, expit(seeing.x @ best.theta[model.at["p"]]), np.nan),
        found=shares,
        abundance=abundance,
        total=float(abundance[used].sum()),
        expected=expected,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class CellModel(SeenModel, ClosedModel):
    """Counts `y` (sites, cells; 0 where not `seen`), Poisson of abundance times the chance of each cell, with
    the designs of log abundance `x` and logit detection `w` (sites, passes, m)."""

    cells: Patterns
    x: Floats
    w: Floats

    def checked(self) -> Self:
        """The model itself, after refusing data it cannot be fitted to."""
        if self.n < self.x.shape[1]:
            raise TooFewData(
                f"{self.n} surveyed sites are too few for {self.x.shape[1]} coefficients of abundance."
            )
        if self.seen.sum() < self.size:
            raise TooFewData(f"{int(self.seen.sum())} counts are too few for {self.size} coefficients.")
        if not self.y.any():
            raise TooFewData("Nothing was ever counted: abundance and detection cannot be told apart.")
        if self.seen.sum(axis=1).max() < 2:
            raise TooFewData("No site was searched twice: abundance and detection cannot be told apart.")
        totals = self.y.sum(axis=0)
        if totals[1:].sum() == 0:
            raise TooFewData("Everything was found at once: what was missed cannot be told from one pass.")
        return self

    @property
    def rows(self) -> tuple[Floats, ...]:
        """The rows of both designs."""
        return self.x, self.w.reshape(-1, self.w.shape[2])

    @property
    def limits(self) -> Mapping[str, str]:
        """Constant abundance and detection, which may run off."""
        k = self.x.shape[1]
        return constants(self.names[:k], self.x, "abundance runs off while detection goes to 0") | constants(
            self.names[k:], self.w, "detection goes to 0 or 1"
        )

    @property
    def own_starts(self) -> list[Floats]:
        """Even detection, and the abundance it implies."""
        theta = np.zeros(self.size)
        _, chance = self.means(theta)
        expected = np.where(self.seen, chance, 0.0).sum()
        theta[0] = math.log(self.y.sum() / expected) / (self.x[:, 0].mean() or 1.0)
        return [theta]

    def means(self, theta: Floats) -> tuple[Floats, Floats]:
        """Abundance (sites,) and the chance of each cell (sites, cells)."""
        k = self.x.shape[1]
        return np.exp(self.x @ theta[:k]), np.exp(self.cells.log_chance(self.w @ theta[k:]))

    def scores(self, theta: Floats) -> tuple[float, Floats, Floats]:
        """Log-likelihood, gradient and Hessian: log μ is linear in log p and log (1 - p)."""
        k, size = self.x.shape[1], self.size
        eta = self.w @ theta[k:]
        with np.errstate(over="ignore"):
            logs = (self.x @ theta[:k])[:, None] + self.cells.log_chance(eta)
            mu = np.where(self.seen, np.exp(logs), 0.0)
        if not np.all(np.isfinite(mu)):
            return -np.inf, np.full(size, np.nan), np.full((size, size), np.nan)
        value = float((self.y * np.where(self.seen, logs, 0.0)).sum() - mu.sum() - gammaln(self.y + 1).sum())
        p = expit(eta)
        hit, miss = self.cells.hit, self.cells.miss
        # slope of log μ (sites, cells, m) in the coefficients of detection
        pull = np.einsum("cj,ij,ijm->icm", hit, 1 - p, self.w) - np.einsum("cj,ij,ijm->icm", miss, p, self.w)
        excess = np.where(self.seen, self.y - mu, 0.0)
        gradient = np.concatenate([excess.sum(axis=1) @ self.x, np.einsum("ic,icm->m", excess, pull)])
        hessian = np.empty((size, size))
        hessian[:k, :k] = -(self.x * mu.sum(axis=1)[:, None]).T @ self.x
        hessian[:k, k:] = -self.x.T @ np.einsum("ic,icm->im", mu, pull)
        hessian[k:, :k] = hessian[:k, k:].T
        bend = (excess @ (hit + miss)) * p * (1 - p)
        hessian[k:, k:] = -np.einsum("ic,ica,icb->ab", mu, pull, pull)
        hessian[k:, k:] -= np.einsum("ij,ija,ijb->ab", bend, self.w, self.w)
        return value, gradient, hessian

    def simulate(self, theta: Floats, rng: np.random.Generator) -> Floats:
        """Poisson counts of the cells surveyed."""
        mean, chance = self.means(theta)
        return np.where(self.seen, rng.poisson(mean[:, None] * chance), 0).astype(float)

    def expected(self, theta: Floats) -> tuple[Floats, Floats]:
        """Mean and (equal) variance of each count, NaN where not surveyed."""
        mean, chance = self.means(theta)
        out = np.where(self.seen, mean[:, None] * chance, np.nan)
        return out, out

    def discrepancies(self, theta: Floats) -> dict[str, float]:
        """Over the counts, and the deviance -2 log L."""
        mean, _ = self.expected(theta)
        measured = count_fit(self.observed, mean, mean) | site_fit(self.observed, mean)
        return measured | {"deviance": -2 * self.loglik(theta)[0]}
