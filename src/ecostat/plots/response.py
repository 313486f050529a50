"""How one part of a model answers to one covariate, the others held."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ecostat.covariates import Variable
from ecostat.covariates.columns import Columns, Levels
from ecostat.errors import EcostatError
from ecostat.fit import ModelFit
from ecostat.plots.drawing import BROWN, GREEN, axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def response(
    fit: ModelFit,
    part: str,
    covariate: str,
    ax: "Axes | None" = None,
    *,
    at: Mapping[str, Any] | None = None,
    level: float = 0.95,
) -> "Axes":
    """The part of the model over the values of a covariate met in the data, with its limits; classes as points.

    `at`: raw values at which the other covariates are held (default: the middle of the values met, and the
    first class of a factor). The part must have been fitted to named covariates.
    """
    if part not in fit.parts:
        raise EcostatError(f"{part!r} is no part of this model; it has {', '.join(fit.parts)}.")
    columns = fit.parts[part].columns
    if columns is None:
        raise EcostatError(f"{part} was fitted to a design matrix: name its covariates to draw a response.")
    coding = {v.name: v for v in columns.formula.variables}
    if covariate not in coding:
        raise EcostatError(f"{covariate!r} is no covariate of {part}; it has {', '.join(coding)}.")
    panel = axes(ax)
    held = {name: _middle(columns, v) for name, v in coding.items() if name != covariate} | dict(at or {})
    held.pop(covariate, None)
    own = columns.coding[coding[covariate]]
    if isinstance(own, Levels):
        classes = np.array(own.names, object)
        got = fit.predict(part, held | {covariate: classes}, level)
        where = np.arange(len(classes))
        panel.vlines(where, got.lower, got.upper, color=GREEN, lw=2)
        panel.plot(where, got.estimate, "o", color=BROWN)
        panel.set_xticks(where, [str(c) for c in classes])
    else:
        values = np.linspace(own.low, own.high, 200)
        got = fit.predict(part, held | {covariate: values}, level)
        panel.fill_between(values, got.lower, got.upper, color=GREEN, alpha=0.2, lw=0)
        panel.plot(values, got.estimate, color=GREEN, lw=2)
    panel.set(xlabel=covariate, ylabel=part)
    if fit.parts[part].link == "logit":
        panel.set_ylim(0, 1)
    return panel


def _middle(columns: Columns, v: Variable) -> object:
    """The value at which a covariate is held."""
    own = columns.coding[v]
    return own.names[0] if isinstance(own, Levels) else (own.low + own.high) / 2
