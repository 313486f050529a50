"""Draws detection functions of wrens from lines, minke whales by stratum and duikers at camera traps.

Run: python examples/ecostat_distance.py REFERENCE_FOLDER PICTURE.png
(needs wren_lt.csv, minke.csv, DuikerCameraTraps.csv).
"""

import csv
import math
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from ecostat.distance import Detection, camera_density, fit, select

BANDS = [2, 3, 4, 5, 6, 7, 8, 10, 12, 15]


def read(path: Path) -> tuple[list[dict[str, str]], np.ndarray]:
    """The rows of a table and its distances, NaN where a line saw nothing."""
    with open(path, encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return rows, np.array([float(r["distance"]) if r["distance"] != "NA" else np.nan for r in rows])


def draw(panel: Axes, model: Detection, edges: np.ndarray, colour: str, label: str, bars: bool) -> None:
    """The curve over a histogram scaled so that the areas agree."""
    x = np.linspace(model.left, model.truncation, 200)
    g = model.g(x)
    if bars:
        found = np.histogram(model.distance, edges)[0]
        middle = (edges[:-1] + edges[1:]) / 2
        ground = np.diff(edges) * (middle if model.survey == "point" else 1)
        weight = x if model.survey == "point" else np.ones_like(x)
        scale = np.trapezoid(g * weight, x) / model.n
        panel.bar(middle, found * scale / ground, np.diff(edges) * 0.95, color="0.87")
    panel.plot(x, g, color=colour, label=label, lw=2)
    panel.set(ylim=(0, 1.6), xlabel="distance (m)", ylabel="detection")
    panel.legend(fontsize=8)


def main(reference: Path, picture: Path) -> None:
    """The picture is drawn and one line a result printed."""
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(13, 4.2), layout="constrained")
    rows, d = read(reference / "wren_lt.csv")
    models = [fit(d, "hn"), fit(d, "hr"), fit(d, "unif", "cosine"), fit(d, "hn", "cosine")]
    choice = select(models)
    print("wrens:", choice.message)
    effort = {r["Sample.Label"]: float(r["Effort"]) for r in rows}
    labels = [r["Sample.Label"] for r in rows]
    for model, delta, colour in zip(choice.models[:2], choice.delta, ("#2a6f6b", "#b5651d"), strict=False):
        result = model.density(effort, sample=labels, convert=0.1)
        print(f"  {model.key}: {result.message} (hectares)")
        draw(
            left,
            model,
            np.linspace(0, model.truncation, 13),
            colour,
            f"{model.key}, ΔAIC {delta:.1f}",
            delta == 0,
        )
    left.set_title("Wrens from lines (m)", fontsize=10)

    rows, d = read(reference / "minke.csv")
    model = fit(d, "hr", truncation=1.5)
    result = model.density(
        [float(r["Effort"]) for r in rows],
        [float(r["Area"]) for r in rows],
        [r["Region.Label"] for r in rows],
        sample=[r["Sample.Label"] for r in rows],
    )
    parts = [*result.strata, result]
    for at, part in enumerate(parts):
        whales = f"{part.abundance:,.0f} ({part.abundance_lower:,.0f} to {part.abundance_upper:,.0f})"
        print(f"minke, {part.label}: {whales} from {part.n} on {part.lines} lines")
        middle.plot([part.abundance_lower, part.abundance_upper], [at, at], color="#2a6f6b", lw=2)
        middle.plot(part.abundance, at, "o", color="#b5651d")
    middle.set_yticks(range(3), [str(part.label) for part in parts])
    middle.set(xlabel="whales", ylim=(-0.6, 2.6))
    middle.set_title("Minke whales by stratum, one detection function", fontsize=10)

    rows, d = read(reference / "DuikerCameraTraps.csv")
    models = [fit(d, k, a, survey="point", breaks=BANDS, terms=t) for k, a, t in
              (("hr", None, None), ("hn", None, None), ("unif", "cosine", 2))]  # fmt: skip
    for model, colour in zip(models, ("#2a6f6b", "#b5651d", "#555555"), strict=True):
        result = camera_density(
            model,
            {r["Sample.Label"]: float(r["Effort"]) for r in rows},
            math.radians(42),
            sample=[r["Sample.Label"] for r in rows],
            convert=1e-6,
        )
        limits = f"{result.lower:.1f} to {result.upper:.1f}"
        print(f"duikers {model.key}: {result.density:.1f} a km² ({limits}), AIC {model.aic:.0f}")
        draw(
            right,
            model,
            np.array(BANDS, float),
            colour,
            f"{model.key}: {result.density:.1f} km⁻²",
            colour == "#2a6f6b",
        )
    right.set_title("Maxwell's duikers at camera traps (m)", fontsize=10)
    figure.savefig(picture, dpi=120)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
