"""Trends on the reference inputs: `python examples/ecostat_trend.py REFERENCE_FOLDER PICTURE.png`."""

import csv
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from ecostat.trend import living_planet, smooth_index, trim


def number(text: str) -> float:
    return float(text) if text not in ("", "NA") else float("nan")


def main(reference: Path, picture: Path) -> None:
    rng = np.random.default_rng(1)
    with open(reference / "skylark.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    counts = [r["site"] for r in rows], [int(r["time"]) for r in rows], [number(r["count"]) for r in rows]
    fit = trim(*counts, model=2, overdispersion=True, serial=True)
    free = trim(*counts, model=3, overdispersion=True, serial=True)
    smooth = smooth_index(*counts, rng=rng)
    print(fit.message)
    print("index", fit.index.round(4), "se", fit.index_se.round(4))

    with open(reference / "lpi_T_Nearctic_mammalia_pops.txt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    planet = living_planet(
        [r["Binomial"] for r in rows],
        [r["ID"] for r in rows],
        [int(r["year"]) for r in rows],
        [number(r["popvalue"]) for r in rows],
        base=1970,
        rng=rng,
    )
    print(planet.message)

    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.2), layout="constrained")
    left.errorbar(
        free.years, free.index, 1.96 * free.index_se, fmt="o", color="black", capsize=3, label="TRIM model 3"
    )
    left.plot(fit.years, fit.index_model, color="tab:blue", label="TRIM model 2, one rate")
    left.plot(smooth.years, smooth.index, color="tab:green", label=f"smooth index, df {smooth.df:g}")
    left.fill_between(smooth.years, smooth.lower, smooth.upper, color="tab:green", alpha=0.15)
    left.axhline(1, color="grey", lw=0.8)
    left.set(
        title=f"Skylark, 55 sites: {fit.trend.meaning}",
        xlabel="year of the scheme",
        ylabel="index (year 1 = 1)",
    )
    left.legend(frameon=False)
    right.fill_between(planet.years, planet.lower, planet.upper, color="tab:purple", alpha=0.2)
    right.plot(planet.years, planet.index, color="tab:purple")
    right.axhline(1, color="grey", lw=0.8)
    right.set(
        title="Living Planet Index, 92 Nearctic mammals",
        xlabel="year",
        ylabel="index (1970 = 1)",
        ylim=(0, None),
    )
    figure.savefig(picture, dpi=110)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
