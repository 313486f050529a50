"""Patrol coverage of a million fixes, hotspots of many cells, a threat trend; beside stated floors."""

import numpy as np

from benchmarks.table import Row, best_of, markdown
from ecostat.effort import coverage, hotspots, threat_trend


def rows() -> list[Row]:
    """The result table of this module."""
    rng = np.random.default_rng(1)
    fixes, each = 1_000_000, 1_000
    track = np.repeat(np.arange(fixes // each), each)
    turn = np.cumsum(rng.normal(0, 0.3, fixes))
    x, y = np.cumsum(30 * np.cos(turn)), np.cumsum(30 * np.sin(turn))
    x, y = x % 60_000, y % 60_000  # wrapping makes jumps, which must be found
    time = np.tile(np.arange(each) * 30.0, fixes // each)
    bounds = (0.0, 0.0, 60_000.0, 60_000.0)
    table = [
        Row(
            "coverage, 1,000,000 fixes, 600 × 600 cells of 100 m",
            best_of(lambda: coverage(track, x, y, time, cell=100, max_gap=600, max_speed=3, bounds=bounds)),
            "sort the fixes by track and time, take leg lengths",
            best_of(lambda: (np.lexsort((time, track)), np.hypot(np.diff(x), np.diff(y)))),
        )
    ]
    gx, gy = (v.ravel().astype(float) for v in np.meshgrid(np.arange(300), np.arange(300)))
    effort = rng.gamma(2, 2, gx.size)
    value = rng.poisson(0.3 * effort)
    table.append(
        Row(
            "hotspots, 90,000 cells, 21 neighbours each",
            best_of(lambda: hotspots(value, gx, gy, 2.3, effort=effort)),
        )
    )
    seasons, sites, visits = 10, 1000, 5
    season, site = (
        np.repeat(np.arange(seasons), sites * visits),
        np.tile(np.repeat(np.arange(sites), visits), seasons),
    )
    under = (rng.random((seasons, sites)) < 0.3)[season, site]
    e = rng.gamma(2, 1, season.size)
    found = under & (rng.random(season.size) < -np.expm1(-0.4 * e))
    table.append(
        Row(
            "threat trend, 10 seasons × 1,000 sites × 5 visits",
            best_of(lambda: threat_trend(found, e, site, season)),
        )
    )
    return table


if __name__ == "__main__":
    print(markdown(rows()), end="")
