"""A map of predictions beside a map of how sure they are."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ecostat.errors import EcostatError
from ecostat.likelihood import Prediction
from ecostat.plots.drawing import axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def prediction_map(
    prediction: Prediction,
    ax: "Sequence[Axes] | None" = None,
    *,
    extent: tuple[float, float, float, float] | None = None,
    label: str = "estimate",
) -> "Sequence[Axes]":
    """The estimates and the width of their limits as two maps (rows from the north); hatched where a covariate
    lies beyond the values the model has seen, blank where one is unknown.

    `ax`: two axes. `extent`: left, right, bottom, top of the map in its coordinates.
    """
    if prediction.estimate.ndim != 2:
        raise EcostatError(
            f"The prediction has shape {prediction.estimate.shape}; a map has rows and columns."
        )
    panels = axes(ax, 2)  # type: ignore[arg-type]
    if len(panels) != 2:
        raise EcostatError("ax holds two axes: one for the estimates, one for the width of their limits.")
    width = prediction.upper - prediction.lower
    top = 1.0 if np.nanmax(prediction.upper) <= 1 else float(np.nanmax(prediction.estimate))
    for panel, values, colours, name in zip(
        panels, (prediction.estimate, width), ("YlGn", "PuRd"), (label, "width of the limits"), strict=True
    ):
        drawn = panel.imshow(values, cmap=colours, extent=extent, vmin=0, vmax=top, interpolation="nearest")
        panel.figure.colorbar(drawn, ax=panel, shrink=0.8)
        panel.set_title(name, fontsize=10)
        if prediction.outside is not None and prediction.outside.any():
            beyond = np.where(prediction.outside[::-1], 1.0, np.nan)
            rows, columns = beyond.shape
            left, right, bottom, high = extent or (-0.5, columns - 0.5, rows - 0.5, -0.5)
            x, y = np.linspace(left, right, columns + 1), np.linspace(bottom, high, rows + 1)
            panel.pcolor(x, y, np.ma.masked_invalid(beyond), hatch="///", alpha=0.0)
    return list(panels)
