"""Counts in rows (site, year, count) laid out as one table of sites by years."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.errors import EcostatError, TooFewData
from ecostat.fit import Floats


@dataclass(frozen=True)
class CountTable:
    """Sites × years: `count` holds 0 where nothing was surveyed, `seen` tells which cells were surveyed.

    `years` runs without gaps from the first to the last year given. Sites where no individual was ever
    counted carry no information on change and stand apart in `empty`.
    """

    sites: NDArray
    years: NDArray[np.int64]
    count: Floats
    seen: NDArray[np.bool_]
    empty: NDArray


def count_table(site: ArrayLike, year: ArrayLike, count: ArrayLike) -> CountTable:
    """The counts as a table; a site counted twice in a year, a negative or infinite count is refused."""
    sites, counts = gates.labels("site", site), gates.counted("count", gates.numbers("count", count, low=0))
    numeric_years = gates.years("year", year)
    gates.alike(site=sites, year=numeric_years, count=counts)
    _not_swapped(sites, numeric_years)
    if counts.size == 0 or np.isnan(counts).all():
        raise TooFewData("No count at all: every value is missing.")
    surveyed = ~np.isnan(counts)

    names, row = np.unique(sites, return_inverse=True)
    whole = numeric_years.astype(np.int64)
    first, last = whole[surveyed].min(), whole[surveyed].max()
    inside = surveyed & (whole >= first) & (whole <= last)
    row, column = row[inside], whole[inside] - first
    shape = (names.size, int(last - first) + 1)
    times = np.bincount(row * shape[1] + column, minlength=shape[0] * shape[1]).reshape(shape)
    if (times > 1).any():
        i, j = np.argwhere(times > 1)[0]
        raise EcostatError(
            f"site {names[i]} has {times[i, j]} counts in year {first + j}: add or average them before the trend."
        )
    table = np.zeros(shape)
    table[row, column] = counts[inside]
    alive = table.sum(axis=1) > 0
    if not alive.any():
        raise TooFewData("Every count is zero: there is no trend to estimate.")
    return CountTable(
        sites=names[alive],
        years=np.arange(first, last + 1),
        count=table[alive],
        seen=(times > 0)[alive],
        empty=names[~alive],
    )


def _not_swapped(sites: NDArray, years: Floats) -> None:
    """Refuses sites that are named like years beside years that are none."""
    if sites.dtype.kind not in "iuf" or not sites.size:
        return
    if sites.min() >= 1800 and sites.max() <= 2200 and np.nanmax(years) < 1000:
        raise EcostatError(
            f"year runs from {np.nanmin(years):.0f} to {np.nanmax(years):.0f} and site from {sites.min():.0f} "
            f"to {sites.max():.0f}: are they swapped?"
        )
