"""Draws how many mallards there are where, by three mixtures, and how far they are seen from a line.

Run: python examples/ecostat_abundance.py REFERENCE_FOLDER PICTURE.png (needs mallard_*.csv, linetran.csv).
"""

import csv
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from ecostat.abundance import distsamp, nmixture

BREAKS = np.array([0.0, 5, 10, 15, 20])


def main(reference: Path, picture: Path) -> None:
    """The picture is drawn and one line a model printed."""

    def table(name: str) -> np.ndarray:
        return np.genfromtxt(reference / f"mallard_{name}.csv", delimiter=",", skip_header=1)

    y, ivel, date = table("y"), table("ivel"), table("date")
    elev, length, forest = table("site").T
    x = np.column_stack([np.ones(len(y)), length, elev, forest])
    w = np.stack([np.ones_like(ivel), ivel, date, date**2], axis=2)
    fits = {m: nmixture(y, x, w, K=60, mixture=m) for m in ("P", "NB", "ZIP")}
    for name, fit in fits.items():
        print(f"mallard {name}: AIC {fit.aic:.1f}, {fit.total:.0f} birds on {fit.n} sites, {fit.message}")

    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(13, 4.2), layout="constrained")
    names = ("intercept", "length", "elevation", "forest")
    for shift, (name, colour) in enumerate(zip(fits, ("#888888", "#2a6f6b", "#b5651d"), strict=True)):
        fit = fits[name]
        at = np.arange(4) + 0.2 * (shift - 1)
        left.hlines(at, *fit.interval()[:4].T, color=colour, lw=2)
        left.plot(fit.coef[:4], at, "o", color=colour, label=f"{name}: AIC {fit.aic:.0f}")
    left.axvline(0, color="0.6", lw=0.8)
    left.set_yticks(range(4), names)
    left.legend(fontsize=8)
    left.set_title("Mallards: effects on log abundance", fontsize=10)

    best = fits["NB"]
    line = np.linspace(elev.min(), elev.max(), 60)
    rows = np.column_stack([np.ones(60), np.zeros(60), line, np.zeros(60)])
    birds = best.predict_lam(rows)
    middle.fill_between(line, birds.lower, birds.upper, color="#2a6f6b", alpha=0.2)
    middle.plot(line, birds.estimate, color="#2a6f6b")
    middle.set(xlabel="elevation (scaled)", ylabel="mallards a site", ylim=(0, 2.5))
    middle.set_title("Fewer with height (negative binomial)", fontsize=10)

    with open(reference / "linetran.csv", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    counts = np.array([[float(r[f"dc{i}"]) for i in range(1, 5)] for r in lines])
    walked = np.array([float(r["Length"]) for r in lines]) * 1000
    for key, colour in (("hn", "#2a6f6b"), ("hr", "#b5651d")):
        fit = distsamp(counts, BREAKS, length=walked, key=key, convert=1e-4)
        print(
            f"linetran {key}: AIC {fit.aic:.2f}, {fit.density[0]:.3f} a hectare, p {fit.p[0]:.2f}, {fit.message}"
        )
        right.stairs(fit.expected.sum(axis=0), BREAKS, color=colour, label=f"{key}: AIC {fit.aic:.1f}", lw=2)
    right.bar(BREAKS[:-1] + 2.5, counts.sum(axis=0), 4.6, color="0.85", label="counted")
    right.set(xlabel="distance from the line (m)", ylabel="animals")
    right.legend(fontsize=8)
    right.set_title("Bands of twelve lines", fontsize=10)
    figure.savefig(picture, dpi=120)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
