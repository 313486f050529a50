"""How surely a yearly rate of change would be found by counts at sites."""

import numpy as np
from scipy.stats import nct, norm
from scipy.stats import t as student

from ecostat import gates
from ecostat.errors import EcostatError, Infeasible
from ecostat.sampling.power import Power
from ecostat.trend import trim


def trend_power(
    rate: float,
    years: int,
    sites: int,
    mean_count: float,
    *,
    dispersion: float = 1.0,
    year_sd: float = 0.0,
    site_year_sd: float = 0.0,
    seen: float = 1.0,
    alpha: float = 0.05,
) -> Power:
    """The power to find a yearly factor 1 + `rate` by a log-linear trend through sites counted each year.

    A count varies `dispersion` times Poisson around its mean; on the log scale years share a random part
    with standard deviation `year_sd`, and each site and year has its own with `site_year_sd`. `seen` is the
    share of visits made. The variance of the slope is that of a yearly index over Σ(t − t̄)² (Gerrodette
    1987, Ecology 68:1364); with `year_sd` above zero the test is Student's with years − 2 degrees.
    """
    rate, years, mean_count = _scheme(rate, years, mean_count)
    sites, alpha = gates.whole("sites", sites, low=1), gates.share("alpha", alpha, ends=False)
    dispersion, year_sd = gates.number("dispersion", dispersion, above=0), _spread("year_sd", year_sd)
    site_year_sd, seen = _spread("site_year_sd", site_year_sd), gates.number("seen", seen, above=0, high=1)
    t = np.arange(years) - (years - 1) / 2
    effect = float(np.log1p(rate))
    level = mean_count * np.exp(effect * (np.arange(years)))
    noise = (dispersion / level + site_year_sd**2) / (sites * seen)
    if year_sd > 0:
        se = float(np.sqrt((t**2) @ (noise + year_sd**2)) / (t @ t))
        freedom = years - 2
        reach = float(student.ppf(1 - alpha / 2, freedom))
        shift = abs(effect) / se
        power = float(nct.sf(reach, freedom, shift) + nct.cdf(-reach, freedom, shift))
        if not np.isfinite(
            power
        ):  # so far out that the non-central t has no figure: the normal is certain too
            power = float(norm.sf(reach - shift) + norm.cdf(-reach - shift))
    else:
        weight = 1 / noise
        centre = (weight @ t) / weight.sum()
        se = float(1 / np.sqrt(weight @ (t - centre) ** 2))
        reach, shift = float(norm.ppf(1 - alpha / 2)), abs(effect) / se
        power = float(norm.sf(reach - shift) + norm.cdf(-reach - shift))
    return Power(
        power,
        effect,
        se,
        alpha,
        "log",
        f"{sites} sites over {years} years: {100 * rate:+.1f} % a year is found {power:.0%} of the time.",
    )


def trend_sites(
    rate: float,
    years: int,
    mean_count: float,
    *,
    power: float = 0.8,
    dispersion: float = 1.0,
    year_sd: float = 0.0,
    site_year_sd: float = 0.0,
    seen: float = 1.0,
    alpha: float = 0.05,
    most: int = 1_000_000,
) -> int:
    """The least number of sites with that power; `Infeasible` where shared yearly swings drown the trend."""
    power, most = gates.share("power", power, ends=False), gates.whole("most", most, low=1)

    def reached(sites: int) -> bool:
        found = trend_power(
            rate,
            years,
            sites,
            mean_count,
            dispersion=dispersion,
            year_sd=year_sd,
            site_year_sd=site_year_sd,
            seen=seen,
            alpha=alpha,
        )
        return found.power >= power

    if not reached(most):
        raise Infeasible(
            f"Not even {most:,} sites reach a power of {power:g}: against swings shared by all sites only"
            " more years help."
        )
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        if reached(middle):
            high = middle
        else:
            low = middle
    return high


def simulate_trend_power(
    rate: float,
    years: int,
    sites: int,
    mean_count: float,
    *,
    rng: np.random.Generator,
    site_sd: float = 0.0,
    dispersion: float = 1.0,
    year_sd: float = 0.0,
    site_year_sd: float = 0.0,
    seen: float = 1.0,
    alpha: float = 0.05,
    draws: int = 500,
) -> Power:
    """The share of simulated schemes in which TRIM finds the change (model 2; with `year_sd` a line through
    the totals of model 3); schemes that cannot be fitted
    count as not found and are told.

    Counts are Poisson, or negative binomial with that dispersion; site means are log-normal with `site_sd`.
    """
    rate, years, mean_count = _scheme(rate, years, mean_count)
    sites, draws = gates.whole("sites", sites, low=1), gates.whole("draws", draws, low=1, high=1_000_000)
    alpha, seen = gates.share("alpha", alpha, ends=False), gates.number("seen", seen, above=0, high=1)
    dispersion, year_sd = gates.number("dispersion", dispersion), _spread("year_sd", year_sd)
    site_sd, site_year_sd = _spread("site_sd", site_sd), _spread("site_year_sd", site_year_sd)
    rng = gates.generator("rng", rng)
    if dispersion < 1:
        raise EcostatError("Simulated counts vary at least as Poisson: dispersion is 1 or more.")
    if mean_count * max(1.0, (1 + rate) ** years) * np.exp(4 * (site_sd + year_sd + site_year_sd)) > 1e12:
        raise EcostatError("mean_count grows beyond all counting with this rate over these years.")
    site, year = np.repeat(np.arange(sites), years), np.tile(np.arange(years), sites)
    found = lost = 0
    rates: list[float] = []
    for _ in range(draws):
        logs = np.log(mean_count) + np.log1p(rate) * np.arange(years) + rng.normal(0, year_sd, years)
        logs = (
            logs
            + rng.normal(-(site_sd**2) / 2, site_sd, (sites, 1))
            + rng.normal(0, site_year_sd, (sites, years))
        )
        mean = np.exp(logs)
        if dispersion > 1:
            mean = mean * rng.gamma(mean / (dispersion - 1), (dispersion - 1) / mean)
        count = rng.poisson(mean).astype(float)
        count[rng.random(count.shape) >= seen] = np.nan
        try:
            fit = trim(site, year, count.ravel(), model=3 if year_sd > 0 else 2, overdispersion=True)
        except EcostatError:
            lost += 1
            continue
        if year_sd > 0:  # the yearly swings show in the scatter of free yearly totals about their line
            t = fit.years - fit.years.mean()
            height = np.log(fit.totals)
            slope = float(t @ height / (t @ t))
            rest = height - height.mean() - slope * t
            se = float(np.sqrt(rest @ rest / (years - 2) / (t @ t)))
            found += bool(2 * student.sf(abs(slope) / se, years - 2) < alpha)
            rates.append(slope)
        else:
            rates.append(fit.slopes[0].log)
            found += bool(fit.slopes[0].p < alpha)
    return Power(
        found / draws,
        float(np.log1p(rate)),
        float(np.std(rates, ddof=1)) if len(rates) > 1 else float("nan"),
        alpha,
        "log",
        f"{found} of {draws} simulated schemes find it." + (f" {lost} could not be fitted." if lost else ""),
    )


def _scheme(rate: float, years: int, mean_count: float) -> tuple[float, int, float]:
    """A rate of change, a number of years and a mean count that can be meant."""
    return (
        gates.number("rate", rate, above=-1, high=10),
        gates.whole("years", years, low=3, high=400),
        gates.number("mean_count", mean_count, above=0),
    )


def _spread(name: str, value: float) -> float:
    """A standard deviation on the log scale; above 5 numbers would swing a hundredfold and more."""
    return gates.number(name, value, low=0, high=5)
