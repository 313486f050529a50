"""An index of numbers over the years, with its limits."""

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

from ecostat import gates
from ecostat.errors import EcostatError
from ecostat.plots.drawing import BROWN, GREEN, axes
from ecostat.trend import LivingPlanet, SmoothIndex, Trim

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def index(
    result: Trim | SmoothIndex | LivingPlanet, ax: "Axes | None" = None, *, level: float = 0.95
) -> "Axes":
    """The index with its limits, 1 in the base year. A smooth or Living Planet index has the limits it was made
    with; those of TRIM are made at `level` on the log scale from its standard errors."""
    level = gates.share("level", level, ends=False)
    if not isinstance(result, Trim | SmoothIndex | LivingPlanet):
        raise EcostatError(
            f"result must be of trim, smooth_index or living_planet, not {type(result).__name__}"
        )
    panel, years, value = axes(ax), result.years, result.index
    if isinstance(result, Trim):
        spread = np.exp(norm.ppf(0.5 + level / 2) * result.index_se / np.where(value > 0, value, np.nan))
        low, high = value / spread, value * spread
        panel.vlines(years, low, high, color=GREEN, lw=1.2)
        panel.plot(years, value, "o", color=GREEN, ms=4)
        said = f"{result.trend.factor:.3f} a year: {result.trend.meaning}"
    else:
        panel.fill_between(years, result.lower, result.upper, color=GREEN, alpha=0.2, lw=0)
        panel.plot(years, value, color=GREEN, lw=2)
        said = f"{value[-1]:.2f} in {years[-1]}" if np.isfinite(value[-1]) else "the index stops early"
    panel.axhline(1.0, color=BROWN, lw=1, ls="--")
    panel.set(xlabel="year", ylabel="index", ylim=(0, None))
    panel.set_title(f"{said}, n = {result.n}", fontsize=10)
    return panel
