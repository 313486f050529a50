"""The hours a species keeps."""

from typing import TYPE_CHECKING

import numpy as np

from ecostat import gates
from ecostat.events import Activity
from ecostat.plots.drawing import GREEN, axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def activity(result: Activity, ax: "Axes | None" = None, *, colour: str = GREEN, label: str = "") -> "Axes":
    """The density of activity over the day with its pointwise limits, where there are any."""
    result = gates.instance("result", result, Activity, "events.activity")
    panel, hours = axes(ax), result.time * 24
    if np.isfinite(result.density_ci).all():
        panel.fill_between(hours, *result.density_ci, color=colour, alpha=0.2, lw=0)
    name = f"{label + ': ' if label else ''}active {result.level:.0%} of the day, n = {result.n}"
    panel.plot(hours, result.density, color=colour, lw=2, label=name)
    panel.set(xlabel="hour of day", ylabel="density per day", xlim=(0, 24), ylim=(0, None))
    panel.set_xticks(range(0, 25, 4))
    panel.legend(frameon=False, fontsize=9)
    return panel
