"""How far a post or camera detects an animal."""

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit, logit
from scipy.stats import norm

from ecostat import gates
from ecostat.capture import SpatialCapture
from ecostat.capture.likelihood import CaptureModel
from ecostat.plots.drawing import BROWN, GREEN, axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def reach(fit: SpatialCapture, ax: "Axes | None" = None, *, level: float = 0.95) -> "Axes":
    """The chance of detection on one occasion by distance, with delta-method limits made on the logit scale (no
    limits where a standard error is unknown), and the distance σ."""
    level = gates.share("level", level, ends=False)
    model = fit.model
    assert isinstance(model, CaptureModel)
    panel, k = axes(ax), model.k
    x = np.linspace(1.0, 4 * fit.sigma, 200)
    curve = fit.detection(x)
    slopes = []
    for j in range(k, model.size):
        up, down = fit.coef.copy(), fit.coef.copy()
        up[j] += 1e-4
        down[j] -= 1e-4
        high, low = (model.detector.at(t[k:]).chance(x) for t in (up, down))
        slopes.append((high - low) / 2e-4)
    known = (curve > 1e-9) & (curve < 1 - 1e-9)
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.array(slopes) / (curve * (1 - curve))
        half = norm.ppf(0.5 + level / 2) * np.sqrt(np.einsum("jx,jk,kx->x", each, fit.vcov[k:, k:], each))
        low, high = expit(logit(curve) - half), expit(logit(curve) + half)
    panel.fill_between(x[known], low[known], high[known], color=GREEN, alpha=0.2, lw=0)
    panel.plot(x, curve, color=GREEN, lw=2)
    panel.axvline(fit.sigma, color=BROWN, lw=1, ls="--")
    panel.set(xlabel="distance (m)", ylabel="detection on one occasion", ylim=(0, 1), xlim=(0, x[-1]))
    panel.set_title(f"σ = {fit.sigma:.0f} ± {fit.sigma_se:.0f} m, n = {fit.n}", fontsize=10)
    return panel
