"""The Living Planet Index: the mean yearly change of species, chained, with limits from a bootstrap."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm
from scipy.stats import t as student

from ecostat import gates
from ecostat.errors import EcostatError, TooFewData
from ecostat.fit import Floats
from ecostat.trend.thinplate import population_curve


@dataclass(frozen=True, kw_only=True)
class LivingPlanet:
    """The index per year, 1 in the base year, NaN in years before or after which no species can be chained.

    `change` (years − 1,): mean log10 ratio over species; `species_change` species × (years − 1);
    `n_species` contributing to each change; `method` per population: "gam", "chain" or "too short";
    `capped`: yearly changes of populations beyond ±`cap`; `lower`, `upper`: percentile limits.
    """

    years: NDArray[np.int64]
    index: Floats
    lower: Floats
    upper: Floats
    change: Floats
    species: NDArray
    species_change: Floats
    n_species: NDArray[np.int64]
    populations: NDArray
    method: NDArray[np.str_]
    capped: int
    replicates: Floats
    n: int
    converged: bool
    message: str


def living_planet(
    species: ArrayLike,
    population: ArrayLike,
    year: ArrayLike,
    value: ArrayLike,
    *,
    rng: np.random.Generator | None = None,
    base: int | None = None,
    draws: int = 1000,
    resample: Literal["species", "published"] = "species",
    curve: Literal["gam", "chain"] = "gam",
    cap: float = 1.0,
    extremes: Literal["cut", "drop"] = "cut",
    level: float = 0.95,
    weights: ArrayLike | None = None,
) -> LivingPlanet:
    """The index of Loh et al. (2005) and Collen et al. (2009, Conserv. Biol. 23:317) from rows of counts.

    Per population: where a value is zero, 1 % of the mean of its non-zero values is added to all; six or
    more values are smoothed on the log scale by a spline with n/2 basis functions if its residuals show no
    pattern left, else years are interpolated log-linearly. Changes beyond ±`cap` on log10 are cut to it, or
    left out with `extremes="drop"`. They are averaged over the populations of a species, then over species
    (with `weights`, one per distinct species in sorted order) and chained from `base` (default: the first
    year). `resample="species"` draws whole species; "published" draws the species' changes of each year on
    their own as in the papers, which ignores that a species' changes hang together: limits far too narrow,
    for comparison only. Without `rng` no limits are given.
    """
    names, row = gates.numbered("species", species)
    who = gates.labels("population", population)
    when, what = gates.years("year", year), gates.numbers("value", value, low=0)
    gates.alike(species=row, population=who, year=when, value=what)
    if isinstance(resample, str) and str(resample) == "year":
        raise EcostatError(
            'resample="year" takes the changes of one species for independent: nominal 95 % limits then hold the '
            'truth about 36 % of the time. Use "species"; "published" gives those limits, and says so.'
        )
    gates.choice("resample", resample, ("species", "published"))
    gates.choice("curve", curve, ("gam", "chain"))
    gates.choice("extremes", extremes, ("cut", "drop"))
    cap, level = gates.number("cap", cap, above=0), gates.share("level", level, ends=False)
    draws = gates.whole("draws", draws, low=0, high=1_000_000)
    rng = None if rng is None else gates.generator("rng", rng)
    base = None if base is None else gates.whole("base", base)
    kept = ~np.isnan(what)
    if not kept.any():
        raise TooFewData("No population value at all: every value is missing.")
    populations, place = np.unique(who, return_inverse=True)
    first, last = int(when[kept].min()), int(when[kept].max())
    if last == first:
        raise TooFewData("Values of one year only: there is no change to average.")

    change, method, owner = _population_changes(kept, place, row, when, what, populations, first, last, curve)
    per_species, capped = _species_changes(change, owner, names.size, cap, extremes == "drop")
    start = first if base is None else base
    if not first <= start < last:
        raise EcostatError(f"base: the base year {base} lies outside {first}–{last - 1}.")
    per_species = per_species[:, start - first :]
    given = np.isfinite(per_species)
    if not given.any():
        raise TooFewData("No population has values in two years: there is no change to average.")
    load = np.ones(names.size)
    if weights is not None:
        load = gates.numbers("weights", weights, size=names.size, each="one a species", low=0, missing=False)
        if not load.any():
            raise EcostatError("weights are all zero: one distinct species at least must weigh something.")

    filled = np.where(given, per_species, 0.0)
    mean = _ratio(load @ filled, load @ given)
    replicates = np.empty((0, last - start + 1))
    if rng is not None and draws:
        drawn = _draw(filled, given, load, draws, resample, rng)
        replicates = _chain(drawn)
    index = _chain(mean[None])[0]
    tails = np.full((2, index.size), np.nan)
    if replicates.size:
        sure = np.isfinite(replicates).mean(axis=0) > 0.9
        tails[:, sure] = np.nanquantile(replicates[:, sure], [(1 - level) / 2, (1 + level) / 2], axis=0)
        tails[:, ~np.isfinite(index)] = np.nan
        if resample == "species":
            tails *= _reach(tails, index, load[given.any(axis=1)], level)
    unsure = int((np.isfinite(index) & ~np.isfinite(tails[0])).sum()) if replicates.size else 0
    short = int((method == "too short").sum())
    told = f"{names.size} species, {populations.size} populations, {start}–{last}."
    if short:
        told += f" {short} populations with a single value say nothing on change."
    gaps = int((~np.isfinite(mean)).sum())
    if gaps:
        told += f" In {gaps} years no species has a change: the index stops there."
    if replicates.size and resample == "published":
        told += " Limits as published take the changes of a species for independent: far too narrow."
    if unsure:
        told += f" For {unsure} of {index.size} years too few species are left to give limits."
    return LivingPlanet(
        years=np.arange(start, last + 1),
        index=index,
        lower=tails[0],
        upper=tails[1],
        change=mean,
        species=names,
        species_change=per_species,
        n_species=given.sum(axis=0),
        populations=populations,
        method=method,
        capped=capped,
        replicates=replicates,
        n=int(kept.sum()),
        converged=True,
        message=told,
    )


def _population_changes(
    kept: NDArray,
    place: NDArray,
    row: NDArray,
    when: Floats,
    what: Floats,
    populations: NDArray,
    first: int,
    last: int,
    curve: str,
) -> tuple[Floats, NDArray, NDArray]:
    """Per population: its yearly log10 ratios (NaN outside its span), how they were made, its species."""
    change = np.full((populations.size, last - first), np.nan)
    method = np.full(populations.size, "too short", dtype="U9")
    owner = np.zeros(populations.size, dtype=np.int64)
    order = np.lexsort((when, place))
    order = order[kept[order]]
    bounds = np.searchsorted(place[order], np.arange(populations.size + 1))
    owner[place] = row
    if (owner[place] != row).any():
        bad = populations[place[np.flatnonzero(owner[place] != row)[0]]]
        raise EcostatError(f"population {bad} is given under two species.")
    for p in range(populations.size):
        mine = order[bounds[p] : bounds[p + 1]]
        times, values = when[mine], what[mine]
        if (np.diff(times) == 0).any():
            again = int(times[:-1][np.diff(times) == 0][0])
            raise EcostatError(f"population {populations[p]} has two values in year {again}.")
        if mine.size < 2:
            continue
        if not (values > 0).any():
            method[p] = "all zero"
            values = np.ones_like(values)  # absent throughout: no change
        elif (values == 0).any():
            values = values + 0.01 * values[values > 0].mean()
        logs, method[p] = population_curve(times, np.log10(values), smooth=curve == "gam")
        begin = int(times[0]) - first
        change[p, begin : begin + logs.size - 1] = np.diff(logs)
    return change, method, owner


def _species_changes(
    change: Floats, owner: NDArray, species: int, cap: float, drop: bool
) -> tuple[Floats, int]:
    """The mean over a species' populations of their changes cut to ±cap or without those beyond, and how many."""
    if drop:
        extreme = np.abs(change) > cap
        change = np.where(extreme, np.nan, change)
        mean, _ = _species_changes(change, owner, species, cap, False)
        return mean, int(extreme.sum())
    given = np.isfinite(change)
    capped = int((np.abs(change[given]) > cap).sum())
    number, total = np.zeros((species, change.shape[1])), np.zeros((species, change.shape[1]))
    np.add.at(number, owner, given)
    np.add.at(total, owner, np.where(given, np.clip(change, -cap, cap), 0.0))
    return _ratio(total, number), capped


def _reach(tails: Floats, index: Floats, load: Floats, level: float) -> Floats:
    """By how much limits are widened: species drawn anew spread less than species do, and few of them have
    longer tails than the normal. One species alone gives no limits."""
    many = float(load.sum() ** 2 / (load**2).sum())
    if many < 1.5:
        return np.full(tails.shape, np.nan)
    end = (1 + level) / 2
    factor = np.sqrt(many / (many - 1)) * float(student.ppf(end, many - 1) / norm.ppf(end))
    return np.asarray((tails / index) ** (factor - 1))


def _draw(
    filled: Floats, given: NDArray, load: Floats, draws: int, resample: str, rng: np.random.Generator
) -> Floats:
    """Mean changes (draws × years) of species, or of each year's changes, drawn with replacement."""
    size = filled.shape[0]
    if resample == "species":
        times = rng.multinomial(size, np.full(size, 1 / size), size=draws) * load
        return _ratio(times @ filled, times @ given)
    drawn = np.full((draws, filled.shape[1]), np.nan)
    for t in range(filled.shape[1]):
        there = np.flatnonzero(given[:, t])
        if there.size:
            times = rng.multinomial(there.size, np.full(there.size, 1 / there.size), size=draws) * load[there]
            drawn[:, t] = _ratio(times @ filled[there, t], times.sum(axis=1))
    return drawn


def _ratio(total: Floats, number: Floats) -> Floats:
    return np.divide(total, number, out=np.full(np.shape(total), np.nan), where=number > 0)


def _chain(change: Floats) -> Floats:
    """From 1 in the first year; NaN from the first year without a change on."""
    return 10.0 ** np.concatenate([np.zeros((change.shape[0], 1)), np.cumsum(change, axis=1)], axis=1)
