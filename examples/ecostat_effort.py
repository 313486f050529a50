"""Patrols and snares: `python examples/ecostat_effort.py REFERENCE_FOLDER PICTURE.png`.

The reference folder holds no patrol tracks, so patrols and snares are simulated here, and the truth is known.
"""

import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Circle

from ecostat.effort import Coverage, coverage, encounter_rate, hotspots, threat_trend

SIDE, CELL, SEASONS = 10_000, 500, 5


def patrols(rng: np.random.Generator, number: int) -> tuple[np.ndarray, ...]:
    """Walks of six hours from a road in the south, a fix every two minutes, some silences and stray fixes."""
    rows = []
    for k in range(number):
        heading, x, y = rng.normal(np.pi / 2, 0.5), rng.uniform(0, SIDE), 0.0
        for step in range(180):
            heading += rng.normal(0, 0.25)
            x, y = x + 90 * np.cos(heading), y + 90 * np.sin(heading)
            if not (0 < x < SIDE and 0 <= y < SIDE):
                heading += np.pi / 2
                x, y = np.clip(x, 1, SIDE - 1), np.clip(y, 1, SIDE - 1)
            if rng.random() < 0.98 and not (k % 9 == 0 and 60 < step < 90):
                stray = 20_000 if rng.random() < 0.002 else 0
                rows.append((k, x + stray, y, step * 120.0))
    return tuple(np.array(c) for c in zip(*rows, strict=True))


def main(reference: Path, picture: Path) -> None:
    rng = np.random.default_rng(1)
    bounds = (0.0, 0.0, float(SIDE), float(SIDE))
    number = SIDE // CELL
    row, column = np.divmod(np.arange(number**2), number)
    cx, cy = (column + 0.5) * CELL, (row + 0.5) * CELL
    chance = np.where(
        np.hypot(cx - 7000, cy - 3500) < 1500, 0.9, 0.32
    )  # a cluster of snares beside a village
    seasons: list[Coverage] = []
    found, effort, site, season, counts = [], [], [], [], np.zeros(number**2)
    for t in range(SEASONS):
        under = rng.random(number**2) < chance
        for part in range(3):  # three months a season, each a visit
            track, x, y, time = patrols(rng, 6 * 2**t)
            walked = coverage(track, x, y, time, cell=CELL, max_gap=1800, max_speed=2, bounds=bounds)
            km = walked.length.ravel() / 1000
            snares = rng.poisson(0.4 * km * under)
            counts += snares
            found += list((snares > 0).astype(float))
            effort += list(km)
            site += list(range(number**2))
            season += [2021 + t] * number**2
            seasons.append(walked)
            if part == 0:
                print(2021 + t, walked.message)
    trend = threat_trend(found, effort, site, season)
    total = np.array(effort).reshape(-1, number**2).sum(axis=0)
    rates = encounter_rate(np.where(np.array(effort) > 0, found, 0.0), effort, season)
    print(trend.meaning, "share", trend.occupancy.round(2), "of sites with a find", trend.naive.round(2))
    print(trend.message)
    print("finds per km", rates.rate.round(3))
    hot = hotspots(np.where(total > 0, counts, np.nan), cx, cy, 1100, effort=total)
    print(hot.message)

    figure, axes = plt.subplots(1, 3, figsize=(14, 4.4), layout="constrained")
    walked_km = np.sum([w.length for w in seasons], axis=0) / 1000
    image = axes[0].imshow(
        np.where(walked_km > 0, walked_km, np.nan),
        origin="lower",
        extent=(0, SIDE / 1000, 0, SIDE / 1000),
        cmap="viridis",
    )
    figure.colorbar(image, label="km walked (white: never entered)")
    axes[0].set(title="Patrol coverage, 500 m cells", xlabel="km", ylabel="km")
    axes[1].errorbar(
        trend.season,
        trend.occupancy,
        [trend.occupancy - trend.lower, trend.upper - trend.occupancy],
        fmt="o-",
        capsize=3,
        label="corrected for effort",
    )
    axes[1].plot(trend.season, trend.naive, "s--", color="tab:red", label="share of cells with a find")
    axes[1].axhline(chance.mean(), color="grey", lw=0.8, label="truth")
    axes[1].set(title=f"Cells with snares: trend {trend.meaning}", ylim=(0, 1), xticks=trend.season)
    axes[1].legend(frameon=False)
    colour = {"hot": "tab:red", "cold": "tab:blue", "": "lightgrey", "unknown": "white"}
    axes[2].scatter(
        cx / 1000,
        cy / 1000,
        60,
        marker="s",
        color=[colour[k] for k in hot.kind],
        edgecolors="grey",
        linewidths=0.2,
    )
    axes[2].add_patch(Circle((7, 3.5), 1.5, fill=False, color="black"))
    axes[2].set(
        title="Hot (red) and cold (blue) for their effort;\ncircle: true cluster", aspect="equal", xlabel="km"
    )
    figure.savefig(picture, dpi=110)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
