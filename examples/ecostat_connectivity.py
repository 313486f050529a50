"""Draws the stepping stones of a forest map, the least-cost way over a surface, and where current must pass.

Run: python examples/ecostat_connectivity.py REFERENCE_FOLDER PICTURE.png (needs lconnect_vec_projected.geojson,
gdist_conductance_30x30.txt and cs_pair1_*.asc).
"""

import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import shapely
from matplotlib.colors import LogNorm

from ecostat.connectivity import delta_pc, graph, iic, least_cost, resistance


def asc(path: Path) -> np.ndarray:
    """An ESRI grid, NaN on no data."""
    lines = path.read_text(encoding="utf-8").splitlines()[6:]
    grid = np.array([[float(v) for v in line.split()] for line in lines if line.strip()])
    return np.where(grid == -9999, np.nan, grid)


def main(reference: Path, picture: Path) -> None:
    """The picture is drawn and the figures printed."""
    figure, axes = plt.subplots(1, 3, figsize=(15, 5), layout="constrained")
    read = json.loads((reference / "lconnect_vec_projected.geojson").read_text(encoding="utf-8"))
    shapes = [
        shapely.geometry.shape(f["geometry"]) for f in read["features"] if f["properties"]["RECL1SS"] == 1
    ]
    forest = graph(np.array(shapes, dtype=object), 500)
    loss = delta_pc(forest, 500)
    said = f"{forest.n} patches, {forest.component_count} components, {forest.link_count} links at 500 m"
    print(said, f"IIC {iic(forest):.4f}")
    print("lost with each patch, per cent:", np.round(np.sort(loss.total)[::-1][:5], 2))
    colour = plt.get_cmap("viridis")
    most = loss.connector.max()
    for shape, patch in zip(shapes, forest.patch, strict=True):
        axes[0].fill(
            *shape.exterior.xy, color=colour((loss.connector[patch] / most) ** 0.3), ec="#444", lw=0.3
        )
    axes[0].set(aspect="equal", title=f"{said}\nbright: stepping stones (connector part of ΔPC)")

    conductance = np.loadtxt(reference / "gdist_conductance_30x30.txt")
    points = np.array([[0, 0], [29, 29], [2, 27]])
    ways = least_cost(1 / conductance, points, average="conductance", paths=True)
    shown = axes[1].imshow(conductance, cmap="bone", norm=LogNorm())
    figure.colorbar(shown, ax=axes[1], shrink=0.75, label="conductance")
    for i, j in ((0, 1), (0, 2), (1, 2)):
        path = ways.path(i, j)
        axes[1].plot(path[:, 1], path[:, 0], lw=2, label=f"{i + 1} to {j + 1}: {ways.cost[i, j]:.2f}")
    axes[1].legend(frameon=True)
    axes[1].set_title("least-cost ways (mean conductance)")
    print("least cost", ways.cost)

    cells, where, joined = (asc(reference / f"cs_pair1_{k}.asc") for k in ("cellmap", "points", "polygons"))
    found = resistance(
        1 / cells,
        np.argwhere(where > 0),
        groups=where[where > 0],
        neighbours=4,
        average="resistance",
        short_circuits=joined,
        currents=True,
    )
    print("resistance", found.terminals, found.message)
    print(np.round(found.resistance, 4))
    assert found.current is not None
    shown = axes[2].imshow(found.current, cmap="magma")
    figure.colorbar(shown, ax=axes[2], shrink=0.75, label="current, summed over pairs")
    for (row, column), name in zip(np.argwhere(where > 0), where[where > 0], strict=True):
        axes[2].text(column, row, f"{name:.0f}", color="#7fd4ff", ha="center", va="center", weight="bold")
    axes[2].set_title("circuit: current between terminals\n(two regions joined, white = no data)")
    for axis in axes:
        axis.set_xticks([])
        axis.set_yticks([])
    figure.savefig(picture, dpi=110)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
