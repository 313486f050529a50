"""A lake survey on the reference inputs: `python examples/ecostat_sampling.py REFERENCE_FOLDER PICTURE.png`."""

import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import shapely

from ecostat.sampling import (
    local_variance,
    occupancy_power,
    sample_areas,
    sample_points,
    spatial_balance,
    trend_power,
)


def main(reference: Path, picture: Path) -> None:
    rng = np.random.default_rng(1)
    x, y, _, height = np.loadtxt(reference / "NE_Lakes_xy.csv", delimiter=",", skiprows=1).T
    zone = np.where(height > np.median(height), "high", "low")
    drawn = sample_points(x, y, {"low": 20, "high": 20}, rng=rng, strata=zone, reserve=3)
    main_places = drawn.main()
    lakes = drawn.unit[main_places]
    got = local_variance(
        height[lakes], drawn.weight[main_places], x[lakes], y[lakes], drawn.stratum[main_places]
    )
    print(f"{x.size} lakes, mean elevation {height.mean():.1f}")
    print(
        f"estimated {got.mean:.1f} ± {got.mean_se:.1f} from {got.n}; as independent ± {got.mean_se_independent:.1f}"
    )
    even = np.full(x.size, 40 / x.size)
    ours = np.mean([spatial_balance(x, y, even, sample_points(x, y, 40, rng=rng).unit) for _ in range(50)])
    chance = np.mean([spatial_balance(x, y, even, rng.choice(x.size, 40, False)) for _ in range(50)])
    print(f"unevenness {ours:.3f} against {chance:.3f} by chance")

    outline = shapely.concave_hull(shapely.MultiPoint(np.column_stack([x, y])), 0.4)
    field = sample_areas([outline], 60, rng=rng)

    figure, axes = plt.subplots(1, 3, figsize=(14, 4.4), layout="constrained")
    axes[0].scatter(x / 1000, y / 1000, 8, color="lightgrey", label="lakes")
    for name, colour in (("low", "tab:blue"), ("high", "tab:brown")):
        mine = (drawn.stratum == name) & ~drawn.reserve
        axes[0].scatter(
            drawn.x[mine] / 1000, drawn.y[mine] / 1000, 26, color=colour, label=f"{name} lakes drawn"
        )
    axes[0].scatter(
        drawn.x[drawn.reserve] / 1000,
        drawn.y[drawn.reserve] / 1000,
        26,
        facecolors="none",
        edgecolors="black",
        label="reserve",
    )
    axes[0].set(title="GRTS of lakes in two strata", aspect="equal", xlabel="km", ylabel="km")
    axes[0].legend(frameon=False, fontsize=8)
    axes[1].plot(*np.array(outline.exterior.coords).T / 1000, color="grey", lw=1)
    axes[1].scatter(field.x / 1000, field.y / 1000, 14, c=np.arange(60), cmap="viridis")
    axes[1].set(title="BAS of 60 places, coloured by order", aspect="equal", xlabel="km")
    sites = np.arange(5, 200, 5)
    axes[2].plot(
        sites,
        [occupancy_power(0.6, 0.4, 0.4, int(s), 4).power for s in sites],
        label="occupancy 0.6 to 0.4, 4 visits",
    )
    for years in (5, 10):
        axes[2].plot(
            sites,
            [trend_power(-0.03, years, int(s), 5, dispersion=2, year_sd=0.05).power for s in sites],
            label=f"−3 % a year, {years} years",
        )
    axes[2].axhline(0.8, color="grey", lw=0.8)
    axes[2].set(title="Power by number of sites", xlabel="sites", ylabel="chance to find it", ylim=(0, 1))
    axes[2].legend(frameon=False, fontsize=8)
    figure.savefig(picture, dpi=110)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
