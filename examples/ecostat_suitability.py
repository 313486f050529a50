"""Suitability of a sloth: `python examples/ecostat_suitability.py REFERENCE_FOLDER PICTURE.png`."""

import csv
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from ecostat.suitability import Glm, Maxent, RandomForest, auc, boyce, mess, validate


def main(reference: Path, picture: Path) -> None:
    rng = np.random.default_rng(1)
    with open(reference / "bradypus_maxnet.csv", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    names, table = rows[0][1:], np.array(rows[1:], float)
    presence, x = table[:, 0], table[:, 1:]
    ecoregion = names.index("ecoreg")

    linear = Maxent("l", categorical=(ecoregion,)).fit(presence, x)
    print(linear.message)
    print(
        f"entropy {linear.entropy:.4f}, alpha {linear.alpha:.4f}, AUC {auc(presence, linear.predict(x)):.5f}"
    )
    full = Maxent("lqph", categorical=(ecoregion,)).fit(presence, x)
    curve = boyce(presence, full.predict(x))

    # the file has no coordinates: folds are bands of the yearly temperature, a harder test than random ones
    warmth = x[:, names.index("tmp6190_ann")]
    band = np.digitize(warmth, np.quantile(warmth[presence == 1], [0.25, 0.5, 0.75]))
    without = np.delete(x, ecoregion, 1)  # the GLM leaves ecoregions out: some hold presences only
    fair = {
        "Maxent l": validate(
            lambda p, v: Maxent("l", categorical=(ecoregion,)).fit(p, v).predict, presence, x, band
        ),
        "Maxent lqph": validate(
            lambda p, v: Maxent("lqph", categorical=(ecoregion,)).fit(p, v).predict, presence, x, band
        ),
        "forest": validate(lambda p, v: RandomForest(200).fit(p, v, rng).predict, presence, x, band),
        "GLM": validate(lambda p, v: Glm().fit(p, v).predict, presence, without, band),
    }
    for name, tested in fair.items():
        print(f"{name}: AUC of folds {tested.auc.round(3)}")

    figure, axes = plt.subplots(1, 3, figsize=(13, 4), layout="constrained")
    column = names.index("tmn6190_ann")
    typical = np.tile(np.median(x[presence == 1], axis=0), (200, 1))
    typical[:, ecoregion] = 10
    typical[:, column] = np.linspace(x[:, column].min() - 20, x[:, column].max() + 20, 200)
    for fit, label in ((linear, "linear"), (full, "lqph")):
        axes[0].plot(typical[:, column] / 10, fit.predict(typical), label=label)
    outside = mess(without, np.delete(typical, ecoregion, 1)).similarity < 0
    axes[0].plot(typical[outside, column] / 10, np.zeros(outside.sum()), "r.", label="outside what was seen")
    axes[0].set(
        title="Response of Bradypus",
        xlabel="lowest temperature of the year (°C)",
        ylabel="suitability (cloglog)",
    )
    axes[0].legend(frameon=False)
    axes[1].plot(curve.score, curve.ratio, ".-")
    axes[1].axhline(1, color="grey", lw=0.8)
    axes[1].set(
        title=f"Boyce index {curve.index:.2f}",
        xlabel="suitability",
        ylabel="presences over expectation",
        yscale="log",
    )
    axes[2].boxplot([v.auc for v in fair.values()], tick_labels=list(fair))
    axes[2].axhline(0.5, color="grey", lw=0.8)
    axes[2].set(title="Tested on bands of temperature not taught", ylabel="AUC")
    figure.savefig(picture, dpi=110)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
