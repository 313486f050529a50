"""Where the data lie among draws of the fitted model."""

from typing import TYPE_CHECKING

from ecostat import gates
from ecostat.models import GoodnessOfFit
from ecostat.plots.drawing import BROWN, GREEN, axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def fit_check(result: GoodnessOfFit, ax: "Axes | None" = None, *, statistic: str = "chi-square") -> "Axes":
    """The statistic of every draw as a histogram, and that of the data as a line."""
    gates.choice("statistic", statistic, tuple(result.observed))
    panel = axes(ax)
    panel.hist(result.simulated[statistic], 30, color=GREEN, alpha=0.35)
    panel.axvline(result.observed[statistic], color=BROWN, lw=2)
    panel.set(xlabel=statistic, yticks=[])
    title = f"p = {result.p_value[statistic]:.3g}"
    panel.set_title(title + (f", ĉ = {result.c_hat:.2f}" if statistic == "chi-square" else ""), fontsize=10)
    return panel
