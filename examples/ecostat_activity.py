"""Draws the daily activity of ocelots and pacas, and what they share.

Run: python examples/ecostat_activity.py REFERENCE_FOLDER PICTURE.png (needs BCItime_ocelot_paca.csv).
"""

import csv
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from ecostat.events import activity, overlap


def main(reference: Path, picture: Path) -> None:
    """The picture is drawn and the figures printed."""
    times: dict[str, list[float]] = {}
    with open(reference / "BCItime_ocelot_paca.csv", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            times.setdefault(row["species"], []).append(float(row["time"]))
    rng = np.random.default_rng(654)
    figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
    for name, colour in zip(times, ("#b5651d", "#2a6f6b"), strict=True):
        found = activity(times[name], rng=rng)
        low, high = found.level_ci
        label = f"{name}: active {found.level:.0%} of the day ({low:.0%}–{high:.0%}), n = {found.n}"
        axes.fill_between(found.time * 24, *found.density_ci, color=colour, alpha=0.2, lw=0)
        axes.plot(found.time * 24, found.density, color=colour, label=label)
        print(label)
    shared = overlap(*times.values(), rng=rng)
    title = f"Overlap {shared.estimate:.2f} ({shared.ci[0]:.2f}–{shared.ci[1]:.2f}), {shared.estimator}"
    print(title)
    axes.set(title=title, xlabel="hour of day", ylabel="density per day", xlim=(0, 24), ylim=(0, None))
    axes.set_xticks(range(0, 25, 3))
    axes.legend(frameon=False)
    figure.savefig(picture, dpi=120)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
