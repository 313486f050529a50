"""TRIM: yearly indices from counts at sites of which many were missed in some years."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln
from scipy.stats import chi2 as chi_square

from ecostat import gates
from ecostat.errors import EcostatError, NotConverged, TooFewData
from ecostat.fit import Fit, Floats
from ecostat.trend.counts import CountTable, count_table
from ecostat.trend.slope import Slope, overall, slope
from ecostat.trend.working import Solved, covariance, solve


@dataclass(frozen=True, kw_only=True)
class Trim(Fit):
    """Indices and totals per year with their standard errors, and the rates of change with their meaning.

    `index`, `totals` (years,) rest on observed counts with only the missed ones imputed; `index_model`,
    `totals_model` on the model alone; `..._se`, `totals_cov` go with them. `index[0]` is 1 in the base year.
    `trend`: the yearly rate through all imputed totals; `trend_model`: through the model's; `slopes`: one
    per stretch between change points (model 2). `imputed` sites × years. `dispersion` and `correlation` as
    estimated, 1 and 0 where not asked for. `p_fit` is the probability of so bad a fit under pure Poisson
    counts. `loglik` is the Poisson log-likelihood: with overdispersion or serial correlation on it is only
    a working criterion, and AIC compares only models fitted alike.
    """

    model: int
    years: NDArray[np.int64]
    index: Floats
    index_se: Floats
    index_model: Floats
    index_model_se: Floats
    totals: Floats
    totals_se: Floats
    totals_cov: Floats
    totals_model: Floats
    totals_model_se: Floats
    trend: Slope
    trend_model: Slope
    slopes: tuple[Slope, ...]
    sites: NDArray
    empty_sites: NDArray
    imputed: Floats
    observed_share: float
    dispersion: float
    correlation: float
    chi2: float
    freedom: int
    p_fit: float


def trim(
    site: ArrayLike,
    year: ArrayLike,
    count: ArrayLike,
    model: Literal[1, 2, 3] = 3,
    changepoints: Sequence[int] | Literal["all"] | None = None,
    overdispersion: bool = False,
    serial: bool = False,
    base: int | None = None,
) -> Trim:
    """The TRIM fit of counts given in rows; NaN is a visit that did not take place.

    Model 1: no change. Model 2: constant rates between `changepoints` (years; None is one rate from the
    first year; before the first change point given the rate is zero). Model 3: a free effect per year.
    `base` is the year whose index is 1, the first by default. Pannekoek & van Strien (2001).
    Raises `TooFewData` when a year (model 3) or a stretch (model 2) holds no animal, `NotConverged`.
    """
    table = count_table(site, year, count)
    overdispersion, serial = gates.flag("overdispersion", overdispersion), gates.flag("serial", serial)
    base = None if base is None else gates.whole("base", base)
    knots = _knots(table, model, changepoints)
    design = _design(table, model, knots)
    free = int(table.seen.sum()) - table.sites.size - design.shape[1]
    if table.years.size < 2:
        raise TooFewData("One year of counts: a trend needs at least two.")
    if free < 1:
        raise TooFewData(
            f"{int(table.seen.sum())} counts cannot carry {table.sites.size} sites and {design.shape[1]} time"
            " effects."
        )
    if base is not None and not table.years[0] <= base <= table.years[-1]:
        raise EcostatError(f"base: the base year {base} lies outside {table.years[0]}–{table.years[-1]}.")
    solved = solve(table, design, overdispersion=overdispersion, serial=serial)
    if not solved.converged:
        raise NotConverged(f"The estimating equations did not settle in {solved.steps} steps.")
    return _result(table, design, solved, model, knots, base)


def _knots(table: CountTable, model: int, changepoints: Sequence[int] | str | None) -> list[int]:
    gates.choice("model", model, (1, 2, 3))
    if model != 2:
        if changepoints is not None:
            raise EcostatError("changepoints belong to model 2.")
        return []
    if changepoints is None:
        return [int(table.years[0])]
    if isinstance(changepoints, str):
        gates.choice("changepoints", changepoints, ("all",))
        return [int(y) for y in table.years[:-1]]
    knots = sorted({int(y) for y in gates.years("changepoints", changepoints)})
    outside = [k for k in knots if not table.years[0] <= k < table.years[-1]]
    if outside or not knots:
        raise EcostatError(
            f"changepoints lie from {table.years[0]} to {table.years[-1] - 1}; these do not: {outside}."
        )
    return knots


def _design(table: CountTable, model: int, knots: list[int]) -> Floats:
    """Years × k design, refused where a coefficient would have no animal to rest on."""
    years = table.years.astype(float)
    by_year = table.count.sum(axis=0)
    if model == 1:
        return np.zeros((years.size, 0))
    if model == 3:
        bare = table.years[by_year == 0]
        if bare.size:
            raise TooFewData(
                f"No animal was counted in {', '.join(map(str, bare))}: model 3 has no effect to estimate"
                " there; model 2 spans such years."
            )
        return np.eye(years.size)[:, 1:]
    ends = [*knots[1:], int(table.years[-1])]
    for start, end in zip(knots, ends, strict=True):
        inside = (table.years > start) & (table.years <= end)
        if by_year[inside].sum() == 0:
            raise TooFewData(f"No animal was counted after {start} up to {end}: remove that change point.")
    return np.column_stack([np.clip(years - a, 0, b - a) for a, b in zip(knots, ends, strict=True)])


def _result(
    table: CountTable, design: Floats, solved: Solved, model: int, knots: list[int], base: int | None
) -> Trim:
    seen, fitted = table.seen, solved.fitted
    filled = np.where(seen, table.count, fitted)
    missed = np.where(seen, 0.0, fitted)
    totals, totals_model = filled.sum(axis=0), fitted.sum(axis=0)
    apart = np.abs(np.subtract.outer(table.years, table.years))
    own = solved.dispersion * (solved.root.T @ solved.root) * np.float64(solved.correlation) ** apart
    # observed counts and imputed ones lean on the same counts, hence the cross terms
    cross = covariance(np.where(seen, fitted, 0.0), missed, solved, design)
    cov = own + covariance(missed, missed, solved, design) + cross + cross.T
    cov_model = covariance(fitted, fitted, solved, design)

    at = 0 if base is None else int(base - table.years[0])
    index, index_se = _index(totals, cov, at)
    index_model, index_model_se = _index(totals_model, cov_model, at)
    with np.errstate(divide="ignore"):
        trend = _overall(table.years, totals, cov)
        trend_model = _overall(table.years, totals_model, cov_model)
    se = np.sqrt(np.diag(solved.cov))
    ends = [*knots[1:], int(table.years[-1])]
    slopes = tuple(
        slope(a, b, solved.coef[i], se[i], float("inf"))
        for i, (a, b) in enumerate(zip(knots, ends, strict=bool(knots)))
        if knots
    )
    names = (
        tuple(f"rate {a}–{b}" for a, b in zip(knots, ends, strict=True))
        if model == 2
        else tuple(f"year {y}" for y in table.years[1:])
        if model == 3
        else ()
    )
    mean = fitted[seen]
    loglik = float(np.sum(table.count[seen] * np.log(mean) - mean - gammaln(table.count[seen] + 1)))
    return Trim(
        coef=solved.coef,
        se=se,
        vcov=solved.cov,
        names=names,
        loglik=loglik,
        aic=2 * (table.sites.size + design.shape[1]) - 2 * loglik,
        n=int(seen.sum()),
        converged=True,
        message=_message(table, trend, solved),
        model=model,
        years=table.years,
        index=index,
        index_se=index_se,
        index_model=index_model,
        index_model_se=index_model_se,
        totals=totals,
        totals_se=_root(np.diag(cov)),
        totals_cov=cov,
        totals_model=totals_model,
        totals_model_se=_root(np.diag(cov_model)),
        trend=trend,
        trend_model=trend_model,
        slopes=slopes,
        sites=table.sites,
        empty_sites=table.empty,
        imputed=filled,
        observed_share=float(seen.mean()),
        dispersion=solved.dispersion,
        correlation=solved.correlation,
        chi2=solved.chi2,
        freedom=solved.freedom,
        p_fit=float(chi_square.sf(solved.chi2, solved.freedom)),
    )


def _index(totals: Floats, cov: Floats, base: int) -> tuple[Floats, Floats]:
    """Totals over the base year's, and the standard error of that ratio."""
    if totals[base] <= 0:
        raise TooFewData("The base year's total is zero; choose another base year.")
    index = totals / totals[base]
    variance = np.diag(cov) - 2 * index * cov[base] + index**2 * cov[base, base]
    se = _root(variance) / totals[base]
    se[base] = 0.0
    return index, se


def _overall(years: NDArray[np.int64], totals: Floats, cov: Floats) -> Slope:
    """The rate through the totals; years whose total is zero cannot enter a logarithm."""
    above = totals > 0
    return overall(years[above].astype(float), totals[above], cov[np.ix_(above, above)])


def _root(variance: Floats) -> Floats:
    return np.sqrt(np.maximum(variance, 0.0))


def _message(table: CountTable, trend: Slope, solved: Solved) -> str:
    said = [
        f"{table.sites.size} sites, {table.years[0]}–{table.years[-1]}, {table.seen.mean():.0%} of the counts"
        f" made: {trend.meaning}, {100 * (trend.factor - 1):+.1f} % a year."
    ]
    if table.empty.size:
        said.append(f"{table.empty.size} sites where none was ever counted carry no information.")
    unseen = table.years[~table.seen.any(axis=0)]
    if unseen.size:
        said.append(f"No survey in {', '.join(map(str, unseen))}: those totals are the model's alone.")
    if solved.chi2 < 1e-9 * solved.freedom:
        said.append("The counts fit without any scatter, so the errors are zero: no real survey gives that.")
    if solved.dispersion == 1.0 and solved.chi2 > 2 * solved.freedom:
        said.append(
            "Counts vary more than Poisson: switch overdispersion on, the standard errors are too small."
        )
    return " ".join(said)
