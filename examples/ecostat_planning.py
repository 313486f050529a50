"""Draws three plans for one map: the cheapest, the compact, and three years that only grow.

Run: python examples/ecostat_planning.py REFERENCE_FOLDER PICTURE.png (needs prioritizr_sim.csv and
prioritizr_sim_boundary.csv).
"""

import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap

from ecostat.planning import min_set, nested


def main(reference: Path, picture: Path) -> None:
    """The picture is drawn and the figures printed."""
    units = np.genfromtxt(reference / "prioritizr_sim.csv", delimiter=",", names=True)
    edges = np.genfromtxt(reference / "prioritizr_sim_boundary.csv", delimiter=",", names=True)
    at = {int(u): k for k, u in enumerate(units["id"])}
    boundary = np.zeros((units.size, units.size))
    for one, other, length in edges:
        i, j = at[int(one)], at[int(other)]
        boundary[i, j] = boundary[j, i] = length
    cost = units["cost"]
    amount = np.array([units[f"feature_{j}"] for j in range(1, 6)])
    target = 0.1 * amount.sum(axis=1)

    cheapest = min_set(cost, amount, target)
    compact = min_set(cost, amount, target, boundary=boundary, boundary_penalty=300)
    budgets = np.array([700.0, 1400.0, 2800.0])
    years = nested(cost, amount, 2 * target, budgets)

    def raster(values: np.ndarray) -> np.ndarray:
        grid = np.full((10, 10), np.nan)
        grid[units["row"].astype(int) - 1, units["col"].astype(int) - 1] = values
        return grid

    figure, axes = plt.subplots(1, 4, figsize=(15, 4.4), layout="constrained")
    shown = axes[0].imshow(raster(cost), cmap="YlOrBr")
    figure.colorbar(shown, ax=axes[0], shrink=0.75)
    axes[0].set_title("cost of each unit")
    chosen = ListedColormap(["#e8e4da", "#2a6f6b"])
    for axis, plan, name in ((axes[1], cheapest, "10 % of each feature"), (axes[2], compact, "edges priced")):
        axis.imshow(raster(plan.selected.astype(float)), cmap=chosen, vmin=0, vmax=1)
        axis.set_title(f"{name}: cost {plan.cost:.1f}\n{plan.selected.sum()} units, {plan.message}")
        print(name, plan.objective, plan.bound, plan.selected.sum(), plan.message)
    order = np.where(years.year < 0, 3, years.year)
    axes[3].imshow(
        raster(order), cmap=ListedColormap(["#173f3d", "#2a8f88", "#9fd3ce", "#e8e4da"]), vmin=0, vmax=3
    )
    short = ", ".join(f"{p.objective:.2f}" for p in years.plans)
    axes[3].set_title(f"three years, dark first\nshortfall {short}\nnesting adds {years.price.sum():.4f}")
    print("nested", years.objective, years.bound, years.price, years.message)
    for axis in axes:
        axis.set_xticks([])
        axis.set_yticks([])
    figure.savefig(picture, dpi=110)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
