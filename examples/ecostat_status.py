"""Draws the hull and cells of the six ConR example species, with the category their places support.

Run: python examples/ecostat_status.py REFERENCE_FOLDER PICTURE.png (needs ConR_dataset_ex.csv).
A continuing decline of habitat is assumed for the sake of the example.
"""

import csv
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from ecostat.errors import TooFewPoints
from ecostat.extent import aoo, eoo, eoo_polygon, locations
from ecostat.redlist import Evidence, classify


def main(reference: Path, picture: Path) -> None:
    """The picture is drawn and one line a species printed."""
    places: dict[str, list[tuple[float, float]]] = {}
    with open(reference / "ConR_dataset_ex.csv", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            places.setdefault(row["tax"], []).append((float(row["ddlon"]), float(row["ddlat"])))
    figure, axes = plt.subplots(2, 3, figsize=(12, 8), layout="constrained")
    for panel, (name, at) in zip(axes.flat, places.items(), strict=True):
        lon, lat = np.array(at).T
        cells = aoo(lon, lat)
        try:
            hull: float | None = eoo(lon, lat)
            panel.fill(*eoo_polygon(lon, lat).T, color="#2a6f6b", alpha=0.15)
        except TooFewPoints:
            hull = None
        found = classify(
            Evidence(
                eoo=float(cells) if hull is None else hull,
                aoo=float(cells),
                locations=locations(lon, lat, 10_000),
                continuing_decline="iii",
            )
        )
        spoken = "no hull" if hull is None else f"EOO {hull:,.0f} km²"
        print(f"{name}: {spoken}, AOO {float(cells):g} km², {found.code} ({found.range[0]}–{found.range[1]})")
        panel.plot(lon, lat, ".", color="#b5651d")
        panel.set_title(f"{name}\n{spoken}, AOO {float(cells):g} km²\n{found.code}", fontsize=9)
        panel.set_aspect("equal", adjustable="datalim")
    figure.savefig(picture, dpi=120)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
