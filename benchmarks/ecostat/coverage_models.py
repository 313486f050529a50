"""How often nominal 95 % limits hold the truth, by simulation, for fits of sites, arrays and lines.

Run: python -m benchmarks.ecostat.coverage_models [replicates of the cheap cases; default 1000] [cases] Every case
is seeded. A share of 95 % from r replicates has a standard error of 0.7 points at 1,000 and 1.5 at 200.
"""

import sys
import warnings
from collections.abc import Callable, Mapping

import numpy as np

from ecostat.abundance import distsamp, double_observer, nmixture, open_nmixture, removal
from ecostat.capture import buffer_mask, secr, survey
from ecostat.distance import fit as detection
from ecostat.errors import EcostatError
from ecostat.likelihood import Random
from ecostat.models import compare, goodness
from ecostat.occupancy import false_positive, occu, royle_nichols

Limits = Mapping[str, tuple[float, float, float]]  # what → low, truth, high
Dice = np.random.Generator


def expit(x):
    """The logistic function."""
    return 1 / (1 + np.exp(-x))


def wald(fit, truth: Mapping[str, float]) -> dict[str, tuple[float, float, float]]:
    """Wald limits of the coefficients of these names."""
    low, high = fit.interval().T
    at = {name: fit.names.index(name) for name in truth}
    return {name: (low[i], truth[name], high[i]) for name, i in at.items()}


def logit(p: float) -> float:
    """The log-odds."""
    return float(np.log(p / (1 - p)))


def occupancy(rng: Dice) -> Limits:
    """150 sites × 4 visits, covariates by name: raw predictions and profile limits."""
    data = {"height": rng.uniform(200, 2000, 150), "wind": rng.gamma(2, 1, (150, 4))}
    z = rng.random(150) < expit((data["height"] - 1000) / 500)
    y = (z[:, None] & (rng.random((150, 4)) < expit(0.6 - 0.3 * data["wind"]))).astype(float)
    fit = occu(y, "raw(height)", "raw(wind)", data=data)
    seen = fit.predict("psi", {"height": 1400.0})
    out = {"ψ predicted at a raw value": (seen.lower[0], expit(0.8), seen.upper[0])}
    low, high = fit.profile("psi(raw(height))")
    return (
        out
        | {"slope of ψ, profile": (low, 1 / 500, high)}
        | {"slope of p, Wald": wald(fit, {"p(raw(wind))": -0.3})["p(raw(wind))"]}
    )


def averaged(rng: Dice) -> Limits:
    """ψ averaged over two models, one of which leaves out an effect."""
    out = {}
    for slope, size in ((0.35, "weak: the worst case"), (0.5, "moderate")):
        data = {"height": rng.normal(size=150)}
        z = rng.random(150) < expit(0.3 + slope * data["height"])
        y = (z[:, None] & (rng.random((150, 5)) < 0.45)).astype(float)
        models = {formula: occu(y, formula, data=data) for formula in ("1", "raw(height)")}
        new = {"height": 1.0}
        for name, fit in (("average", compare(models)), ("larger model alone", models["raw(height)"])):
            got = fit.predict("psi", new)
            out[f"{name}, effect {size}"] = (got.lower[0], expit(0.3 + slope), got.upper[0])
    return out


def crowded(rng: Dice) -> Limits:
    """Royle-Nichols, 200 sites × 6 visits."""
    x = np.column_stack([np.ones(200), rng.normal(size=200)])
    n = rng.poisson(np.exp(x @ [0.3, 0.5]))
    y = (rng.random((200, 6)) < 1 - 0.75 ** n[:, None]).astype(float)
    return wald(royle_nichols(y, x, K=40), {"lam_0": 0.3, "lam_1": 0.5, "r_0": logit(0.25)})


def differing(rng: Dice) -> Limits:
    """Occupancy, 200 sites × 8 visits whose detection differs by a random intercept of deviation 1."""
    z, u = rng.random(200) < 0.6, rng.normal(size=200)
    y = (z[:, None] & (rng.random((200, 8)) < expit(-0.2 + u)[:, None])).astype(float)
    return wald(occu(y, random=Random("p")), {"psi_0": logit(0.6), "p_0": -0.2, "log_sd_p": 0.0})


def valleys(rng: Dice) -> Limits:
    """N-mixture, 50 valleys × 4 sites × 3 visits, valleys differing by a deviation of 0.5."""
    n = rng.poisson(np.exp(1 + np.repeat(0.5 * rng.normal(size=50), 4)))
    y = rng.binomial(n[:, None], 0.5, (200, 3))
    fit = nmixture(y, K=50, random=Random("lam", np.repeat(np.arange(50), 4)))
    return wald(fit, {"lam_0": 1.0, "p_0": 0.0, "log_sd_lam": float(np.log(0.5))})


def removed(rng: Dice) -> Limits:
    """Removal, 60 sites × 3 passes."""
    left, y = rng.poisson(np.exp(1.8), 60), np.zeros((60, 3))
    for j in range(3):
        y[:, j] = rng.binomial(left, 0.45)
        left = left - y[:, j].astype(int)
    return wald(removal(y), {"lam_0": 1.8, "p_0": logit(0.45)})


def observers(rng: Dice) -> Limits:
    """Two independent observers at 60 sites."""
    n = rng.poisson(4, 60)
    y = np.stack([rng.multinomial(k, [0.6 * 0.5, 0.4 * 0.5, 0.6 * 0.5, 0.4 * 0.5])[:3] for k in n])
    fit = double_observer(y, p=np.tile(np.eye(2), (60, 1, 1)))
    return wald(fit, {"lam_0": float(np.log(4)), "p_0": logit(0.6), "p_1": 0.0})


def opened(rng: Dice) -> Limits:
    """Open N-mixture, 150 sites × 4 seasons × 3 visits."""
    n = np.empty((150, 4), int)
    n[:, 0] = rng.poisson(3, 150)
    for t in range(1, 4):
        n[:, t] = rng.binomial(n[:, t - 1], 0.7) + rng.poisson(0.8, 150)
    y = rng.binomial(np.repeat(n, 3, axis=1), 0.5)
    truth = {"lam_0": float(np.log(3)), "gamma_0": float(np.log(0.8)), "omega_0": logit(0.7), "p_0": 0.0}
    return wald(open_nmixture(y, 4, K=25), truth)


def reported(rng: Dice) -> Limits:
    """False reports, 250 sites × 3 seasons × 4 visits."""
    z = np.zeros((250, 3), bool)
    z[:, 0] = rng.random(250) < 0.4
    for t in (1, 2):
        z[:, t] = rng.random(250) < np.where(z[:, t - 1], 0.8, 0.25)
    there = np.repeat(z, 4, axis=1)
    hit = rng.random((250, 12)) < np.where(there, 0.5, 0.08)
    y = hit * (1.0 + (there & (rng.random((250, 12)) < 0.4)))
    rates = {"psi": 0.4, "gamma": 0.25, "epsilon": 0.2, "p": 0.5, "wrong": 0.08, "sure": 0.4}
    return wald(false_positive(y, 3), {f"{name}_0": logit(rate) for name, rate in rates.items()})


def _banded(rng: Dice, groups: np.ndarray, mean_size: float, size: int) -> Limits:
    """Distance bands on 60 lines with so many groups on each, of `size` + Poisson animals."""
    y, cuts = np.zeros((60, 4)), [0, 10, 20, 30, 40]
    met: list[np.ndarray] = []
    for i, count in enumerate(groups):
        d = 40 * rng.random(count)
        seen = rng.random(count) < np.exp(-(d**2) / (2 * 15**2))
        animals = size + (rng.poisson(mean_size - size, count) if mean_size > size else 0)
        each = np.broadcast_to(animals, count)[seen]
        y[i] = np.histogram(d[seen], cuts, weights=each)[0]
        met.append(np.column_stack([d[seen], each, np.full(each.size, i)]))
    fit = distsamp(y, cuts, length=np.full(60, 100.0))
    wide = fit.inflated(goodness(fit, times=20, rng=rng).c_hat)
    density = 12 * mean_size / (2 * 40 * 100)
    truth = {"lam_0": float(np.log(density))}
    far, animals, line = np.vstack(met).T
    lines = detection(far, truncation=40).density(dict.fromkeys(range(60), 100.0), sample=line, size=animals)
    return {
        "density, variance between lines (`distance`)": (lines.lower, density, lines.upper),
        "log density, as fitted": wald(fit, truth)["lam_0"],
        "log density, errors times √ĉ": wald(wide, truth)["lam_0"],
    }


def grouped(rng: Dice) -> Limits:
    """Distance bands, 60 lines; animals in groups of 1 + Poisson(2), counted one by one."""
    return _banded(rng, rng.poisson(12, 60), 3.0, 1)


def clumped(rng: Dice) -> Limits:
    """Distance bands, 60 lines whose densities differ (gamma, shape 3): ĉ also widens what is sure (detection)."""
    return _banded(rng, rng.poisson(rng.gamma(3, 12 / 3, 60)), 1.0, 1)


def pointed(rng: Dice) -> Limits:
    """Density at 30 points of unequal visits, the points differing in density: R2 and P2."""
    visits = rng.integers(1, 6, 30)
    local = 0.0012 * rng.gamma(4, 1 / 4, 30)
    d, where = [], []
    for i in range(30):
        count = rng.poisson(local[i] * np.pi * 60**2 * visits[i])
        r = 60 * np.sqrt(rng.random(count))
        keep = rng.random(count) < np.exp(-(r**2) / (2 * 20**2))
        d.append(r[keep])
        where += [i] * int(keep.sum())
    model = detection(np.concatenate(d), truncation=60, survey="point")
    out = {}
    for how in ("R2", "P2"):
        got = model.density(dict(enumerate(visits.astype(float))), sample=where, encounter=how)
        out[f"density at points, {how}"] = (got.lower, 0.0012, got.upper)
    return out


def trapped(rng: Dice) -> Limits:
    """49 cameras on a grid, hazard-rate detection: errors on the natural scale."""
    posts = np.stack(np.meshgrid(*[np.arange(7) * 300.0] * 2), axis=-1).reshape(-1, 2)
    mask, cell = buffer_mask(posts, 1500, 200)
    home = mask[rng.integers(len(mask), size=rng.poisson(4e-6 * len(mask) * cell))]
    away = np.maximum(np.sqrt(((home[:, None] - posts) ** 2).sum(axis=2)), 1e-9)
    p = 0.3 * -np.expm1(-((away / 250.0) ** -4.0))
    who, when, where = np.nonzero(rng.random((len(home), 6, 49)) < p[:, None])
    seen = survey(posts, mask, cell, animal=who, post=where, occasion=when, occasions=6)
    fit = secr(seen, detect="hr", g0=None)
    out = {"density": (fit.density_lower[0], 4.0, fit.density_upper[0])}
    for name, truth in (("sigma", 250.0), ("g0", 0.3), ("shape", 4.0)):
        got = fit.predict(name)
        out[name] = (got.lower[0], truth, got.upper[0])
    return out


CASES: tuple[tuple[Callable[[Dice], Limits], float], ...] = (
    (occupancy, 1), (averaged, 1), (crowded, 1), (removed, 1), (observers, 1), (reported, 0.4), (pointed, 1),
    (grouped, 0.4), (clumped, 0.4), (opened, 0.4), (differing, 0.4), (valleys, 0.3), (trapped, 0.3),
)  # fmt: skip


def table(times: int, only: tuple[str, ...] = ()) -> str:
    """One row a case and quantity."""
    lines = ["| case | quantity | replicates | held the truth | not fitted |", "|---|---|---:|---:|---:|"]
    for case, share in CASES:
        if only and case.__name__ not in only:
            continue
        rng, count = np.random.default_rng(2026), max(int(times * share), 2)
        inside: dict[str, list[bool]] = {}
        lost = 0
        for _ in range(count):
            try:
                found = case(rng)
            except EcostatError:
                lost += 1
                continue
            for name, (low, truth, high) in found.items():
                inside.setdefault(name, []).append(bool(low < truth < high))
        what = (case.__doc__ or "").strip().rstrip(".")
        for name, held in inside.items():
            lines.append(f"| {what} | {name} | {len(held)} | {np.mean(held):.1%} | {lost} |")
        print(lines[-1], file=sys.stderr, flush=True)
    return "\n".join(lines)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    print(table(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, tuple(sys.argv[2:])))
