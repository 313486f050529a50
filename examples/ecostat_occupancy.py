"""Draws when frogs call, and what missing them does to the share of ponds thought empty.

Run: python examples/ecostat_occupancy.py REFERENCE_FOLDER PICTURE.png (needs frog2001pcru_*.csv).
"""

import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from ecostat.likelihood import bootstrap
from ecostat.occupancy import occu, royle_nichols

COVARIATES = ("minutes after sunset", "wind", "sky", "temperature", "day of the year")


def main(reference: Path, picture: Path) -> None:
    """The picture is drawn and one line a model printed."""
    y = np.genfromtxt(reference / "frog2001pcru_y.csv", delimiter=",", skip_header=1)
    z = np.genfromtxt(reference / "frog2001pcru_obscov_scaled.csv", delimiter=",", skip_header=1)
    w = np.concatenate([np.ones((*y.shape, 1)), z.reshape(*y.shape, 5)], axis=2)
    plain, full = occu(y), occu(y, p=w)
    crowded = royle_nichols(y, r=w, K=60)
    for name, fit in (
        ("constant", plain),
        ("five covariates of the visit", full),
        ("Royle-Nichols", crowded),
    ):
        print(f"{name}: AIC {fit.aic:.1f}, coefficients {np.round(fit.coef, 3)}, {fit.message}")

    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(13, 4.2), layout="constrained")
    low, high = full.interval()[2:].T
    at = np.arange(5)
    left.hlines(at, low, high, color="#2a6f6b", lw=2)
    left.plot(full.coef[2:], at, "o", color="#b5651d")
    left.axvline(0, color="0.6", lw=0.8)
    left.set_yticks(at, COVARIATES)
    left.set_title("Effect on detection (logit, scaled covariates)", fontsize=10)

    days = np.linspace(*np.nanpercentile(z[:, 4], [1, 99]), 60)
    rows = np.zeros((60, 6))
    rows[:, 0], rows[:, 5] = 1, days
    seen = full.predict_p(rows)
    middle.fill_between(days, seen.lower, seen.upper, color="#2a6f6b", alpha=0.2)
    middle.plot(days, seen.estimate, color="#2a6f6b")
    middle.set(xlabel="day of the year (scaled)", ylabel="chance to hear them in one visit", ylim=(0, 1))
    middle.set_title("Heard less and less as the season goes on", fontsize=10)

    def occupied(drawn: np.ndarray) -> float:
        fit = occu(y[drawn], p=w[drawn])
        return fit.occupied / fit.n

    boot = bootstrap(occupied, len(y), 300, np.random.default_rng(1))
    share = full.predict_psi([[1.0]])
    right.hist(boot.values[:, 0], 25, color="#2a6f6b", alpha=0.4, label="300 bootstraps")
    right.axvline(full.naive, color="#b5651d", ls="--", label=f"heard at {full.naive:.0%} of ponds")
    right.axvline(share.estimate[0], color="#2a6f6b", label=f"occupied: {share.estimate[0]:.0%}")
    right.set(xlabel="share of ponds occupied", yticks=[])
    right.legend(fontsize=8)
    right.set_title("What was missed", fontsize=10)
    figure.savefig(picture, dpi=120)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
