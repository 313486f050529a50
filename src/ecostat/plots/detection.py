"""A detection curve over the histogram of its distances."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from ecostat import gates
from ecostat.distance import Detection
from ecostat.plots.drawing import BROWN, GREEN, GREY, axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def detection(model: Detection, ax: "Axes | None" = None, *, bars: ArrayLike | None = None) -> "Axes":
    """The curve g(x), and bars scaled so that both enclose the same detections: a bar is the share detected in
    its band by the model's count of animals there. With covariates the curve is the mean over the detections.

    `bars`: limits of the bars (default: the bands of the fit, else about √n equal ones). Points weigh each
    distance by the ground there.
    """
    panel = axes(ax)
    edges = model.breaks if model.breaks is not None else None
    if bars is not None:
        edges = gates.numbers("bars", bars, low=0, missing=False)
    if edges is None:
        edges = np.linspace(model.left, model.truncation, int(np.clip(np.sqrt(model.n), 5, 25)) + 1)
    found = np.histogram(model.distance, edges)[0]
    x = np.linspace(model.left, model.truncation, 300)
    kinds, times = np.unique(model.kind, return_counts=True)
    if len(kinds) > 200:  # the mean curve needs no more
        pick = np.linspace(0, len(kinds) - 1, 200).astype(int)
        kinds, times = kinds[pick], times[pick]
    g = np.average([model.g(x, int(k)) for k in kinds], axis=0, weights=times)
    weight = x if model.survey == "point" else np.ones_like(x)
    animals = model.n / np.trapezoid(g * weight, x)  # detections where detection is certain, a unit of ground
    ground = np.diff(edges**2) / 2 if model.survey == "point" else np.diff(edges)
    panel.bar(edges[:-1], found / (animals * ground), np.diff(edges), align="edge", color=GREY, edgecolor="w")
    panel.plot(x, g, color=GREEN, lw=2)
    if model.survey == "line" and model.left == 0:
        panel.axvline(model.effective, color=BROWN, lw=1, ls="--")
        panel.annotate(
            f"effective {model.effective:.3g}",
            (model.effective, 0.02),
            xytext=(3, 0),
            textcoords="offset points",
            color=BROWN,
            fontsize=8,
        )
    panel.set(xlabel="distance", ylabel="detection", ylim=(0, None), xlim=(model.left, model.truncation))
    panel.set_title(f"p = {model.p:.2f} ± {model.p_se:.2f}, n = {model.n:,}", fontsize=10)
    return panel
