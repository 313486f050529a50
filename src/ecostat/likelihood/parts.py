"""The linear predictors a model is made of: psi and p, lam and p, sigma …"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat.covariates import Columns, learn, parse
from ecostat.covariates.formula import plain
from ecostat.errors import EcostatError
from ecostat.floats import Floats
from ecostat.likelihood.designs import design, labels
from ecostat.likelihood.prediction import Prediction, predict

Data = Mapping[str, Any]
Design = ArrayLike | str | Mapping[str, Any] | None


@dataclass(frozen=True)
class Part:
    """One linear predictor over its whole `shape`: design `x` (*shape, k; 0 where unknown), where it is
    `known`, the `link`, coefficient `names`, and the `columns` when it was given by name."""

    name: str
    link: str
    x: Floats
    known: NDArray[np.bool_]
    names: tuple[str, ...]
    columns: Columns | None = None

    @property
    def k(self) -> int:
        """Number of coefficients."""
        return self.x.shape[-1]


@dataclass(frozen=True)
class Predictor:
    """What a fit remembers of one part: where its coefficients stand, its link and its columns."""

    at: slice
    link: str
    columns: Columns | None

    def predict(self, coef: Floats, vcov: Floats, new: Design, level: float) -> Prediction:
        """Fitted values for raw named values, or for the rows of a design matrix."""
        own, spread = coef[self.at], vcov[self.at, self.at]
        if self.columns is not None:
            if new is not None and not hasattr(new, "keys"):
                raise EcostatError("This part was fitted to named covariates: give their values by name.")
            x, outside = self.columns.matrix({} if new is None else new)  # type: ignore[arg-type]
            return predict(own, spread, x, self.link, level, outside)
        if new is None:
            if len(own) != 1:
                raise EcostatError(f"This part has {len(own)} columns: give the rows of its design matrix.")
            new = [[1.0]]
        if isinstance(new, str) or hasattr(new, "keys"):
            raise EcostatError("This part was fitted to a design matrix: give rows of that matrix.")
        return predict(own, spread, new, self.link, level)


def part(
    name: str, given: Design, shape: tuple[int, ...], link: str, data: Data | None = None, label: str = ""
) -> Part:
    """A linear predictor is made ready.

    `given`: a design matrix over `shape` or its first axes; a formula whose names stand in `data`; a mapping
    of named columns, each taken alone with an intercept; None for an intercept. `label` begins the names of
    coefficients (default: `name`).
    """
    label = label or name
    if isinstance(given, str) or hasattr(given, "keys"):
        if isinstance(given, str):
            if data is None and parse(given).terms:
                raise EcostatError(f"{name} is a formula: give the columns it names in data.")
            formula, source = parse(given), data or {}
        else:
            source = given  # type: ignore[assignment]
            formula = plain(source.keys())
        columns = learn(formula, source, shape)
        raw, _ = columns.matrix(source, shape)
        known = np.asarray(np.isfinite(raw).all(axis=-1))
        x = np.where(known[..., None], raw, 0.0)
        return Part(name, link, x, known, tuple(f"{label}({c})" for c in columns.names), columns)
    x, known = design(given, shape, name)
    return Part(name, link, x, known, labels(label, x))
