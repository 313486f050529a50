"""Draws gibbon groups heard from thirteen arrays of listening posts, and stoats caught in a grid of traps.

Run: python examples/ecostat_capture.py REFERENCE_FOLDER PICTURE.png
(needs gibbon_posts.csv, gibbon_detections.csv, gibbon_mask.csv, stoat_traps.csv, stoat_capthist.csv).
"""

import csv
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from ecostat.capture import ArraySurvey, buffer_mask, secr, survey


def gibbons(reference: Path) -> list[ArraySurvey]:
    """One survey an array, with bearings."""
    tables = {}
    for name in ("posts", "detections", "mask"):
        with open(reference / f"gibbon_{name}.csv", encoding="utf-8") as file:
            tables[name] = list(csv.DictReader(file))
    out = []
    for array in dict.fromkeys(row["array"] for row in tables["posts"]):
        posts = [row for row in tables["posts"] if row["array"] == array]
        number = {row["post"]: i for i, row in enumerate(posts)}
        heard = [row for row in tables["detections"] if row["array"] == array]
        ground = [row for row in tables["mask"] if row["session"] == array]
        out.append(
            survey(
                [[float(row["x"]), float(row["y"])] for row in posts],
                [[float(row["x"]), float(row["y"])] for row in ground],
                float(ground[0]["cell_ha"]) * 1e4,
                animal=[row["group"] for row in heard],
                post=[number[row["post"]] for row in heard],
                bearing=[float(row["bearing"]) for row in heard],
            )
        )
    return out


def stoats(reference: Path) -> ArraySurvey:
    """One grid of traps over seven occasions."""
    traps = np.genfromtxt(reference / "stoat_traps.csv", delimiter=",", skip_header=1)
    with open(reference / "stoat_capthist.csv", encoding="utf-8") as file:
        caught = list(csv.DictReader(file))
    columns = zip("ABCDEFG", (14, 13, 14, 13, 14, 13, 13), strict=True)
    names = [f"{c}{i}" for c, n in columns for i in range(1, n + 1)]
    return survey(
        traps,
        *buffer_mask(traps, 1000, 100),
        animal=[row["ID"] for row in caught],
        post=[names.index(row["TrapID"]) for row in caught],
        occasion=[int(row["Occasion"]) - 1 for row in caught],
        occasions=7,
    )


def main(reference: Path, picture: Path) -> None:
    """The picture is drawn and one line a model printed."""
    arrays = gibbons(reference)
    fit = secr(arrays)
    limits = f"{fit.density_lower[0]:.3f} to {fit.density_upper[0]:.3f}"
    print(f"gibbons: {fit.density[0]:.3f} calling groups a km² ({limits}); {fit.message}")
    print(f"  σ {fit.sigma:.0f} m, bearings ± {fit.bearing_sd:.1f}°")
    grid = stoats(reference)
    trapped = secr(grid, g0=None, detector="multi", unit="ha")
    print(f"stoats: {trapped.density[0]:.4f} a hectare, g0 {trapped.g0:.3f}, σ {trapped.sigma:.0f} m; "
          f"{trapped.message}")  # fmt: skip

    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(14, 4.6), layout="constrained")
    for s in arrays:
        left.plot(*s.posts.T, "k^", ms=3)
        for k, angle in zip(s.post, s.bearing, strict=True):
            start = s.posts[k]
            end = start + 2000 * np.array([np.sin(angle), np.cos(angle)])
            left.plot(*np.column_stack([start, end]), color="#2a6f6b", lw=0.6, alpha=0.7)
    left.set(aspect="equal", xticks=[], yticks=[])
    left.set_title(f"{fit.n} groups heard from 13 arrays (bearings drawn 2 km)", fontsize=10)

    d = np.linspace(0, 5000, 200)
    middle.plot(d, fit.detection(d), color="#2a6f6b", lw=2, label="with bearings")
    blind = secr(arrays, bearings=False)
    middle.plot(d, blind.detection(d), color="#b5651d", ls="--", label="without")
    middle.set(xlabel="distance from the post (m)", ylabel="chance to hear a calling group", ylim=(0, 1.02))
    middle.legend(title="calling groups a km²:\n" + "\n".join(
        f"{name} {m.density[0]:.2f} ({m.density_lower[0]:.2f}-{m.density_upper[0]:.2f})"
        for name, m in (("with", fit), ("without", blind))), fontsize=8, title_fontsize=8)  # fmt: skip
    middle.set_title("What the bearings are worth", fontsize=10)

    right.plot(*grid.posts.T, "+", color="0.6")
    for i in range(grid.animals):
        at = grid.posts[grid.post[grid.animal == i]]
        right.plot(*at.T, "o-", ms=4, alpha=0.8)
    right.set(aspect="equal", xticks=[], yticks=[])
    right.set_title(f"{trapped.n} stoats in 94 traps: {trapped.density[0] * 100:.1f} a km²", fontsize=10)
    figure.savefig(picture, dpi=120)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
