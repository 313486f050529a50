"""Survival curves with their limits."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ecostat import gates
from ecostat.plots.drawing import BROWN, GREEN, axes
from ecostat.survival import Curve

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = (GREEN, BROWN, "#4a5a8a", "#8a4a6b", "#6b7a2a", "#555555")


def survival(curves: Curve | Sequence[Curve], ax: "Axes | None" = None) -> "Axes":
    """Each curve as steps with its band; a tick where an animal was last seen alive."""
    told = gates.instances("curves", curves, Curve, "survival.kaplan_meier")
    panel = axes(ax)
    for number, one in enumerate(told):
        colour = COLOURS[number % len(COLOURS)]
        time, share = np.r_[0.0, one.time, one.longest], np.r_[1.0, one.survival]
        _band(panel, one, colour)
        name = "" if one.group is None else f"{one.group}: "
        label = f"{name}{one.deaths} of {one.n} died"
        panel.step(time, np.r_[share, share[-1]], where="post", color=colour, lw=2, label=label)
        panel.plot(one.censored, one.at(one.censored), "|", color=colour, ms=7)
    panel.set(xlabel="time followed", ylabel="share alive", ylim=(0, 1.02), xlim=(0, None))
    panel.legend(frameon=False, fontsize=9)
    return panel


def _band(panel: "Axes", one: Curve, colour: str) -> None:
    """The limits as steps, up to the moment when nobody is left."""
    told = one.survival > 0
    end = one.longest if told.all() else float(one.time[~told][0])
    moments = np.r_[0.0, one.time[told], end]
    low, high = (np.r_[1.0, limit[told]] for limit in (one.lower, one.upper))
    low, high = np.r_[low, low[-1]], np.r_[high, high[-1]]
    panel.fill_between(moments, low, high, step="post", color=colour, alpha=0.15, lw=0)
