"""Maxent as an infinitely weighted logistic regression, with the features and penalties of Phillips et al."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from ecostat import gates
from ecostat.errors import EcostatError
from ecostat.fit import Floats
from ecostat.suitability.features import (
    CLASSES,
    Features,
    covariates,
    features_by_number,
    labelled,
    make_features,
)
from ecostat.suitability.lasso import lasso_logistic

Scale = Literal["cloglog", "logistic", "exponential", "link"]


@dataclass(frozen=True)
class MaxentFit:
    """A fitted Maxent: `coef` of the features that survived, by `names`, and what scales the output.

    `alpha` makes the raw output sum to 1 over the background; `entropy` is that of the raw output, the
    offset of the cloglog scale. `n_features` were offered. `gap` is the worst breach of optimality.
    """

    coef: Floats
    names: tuple[str, ...]
    alpha: float
    entropy: float
    features: Features
    kept: NDArray[np.intp]
    penalty: Floats
    n_features: int
    n_presence: int
    n_background: int
    columns: int
    gap: float
    converged: bool
    message: str

    def predict(self, x: ArrayLike, scale: Scale = "cloglog", clamp: bool = True) -> Floats:
        """Suitability of each row: "cloglog" (0–1, as chance of presence at middling abundance), "logistic",
        "exponential" (raw, relative rate), "link". With `clamp` covariates outside the fitted range count
        as its edge; NaN rows give NaN."""
        table = gates.numbers("x", x, dims=(1, 2), infinite=True)
        table = table[:, None] if table.ndim == 1 else table
        if table.ndim != 2 or table.shape[1] != self.columns:
            raise EcostatError(
                f"The model was fitted on {self.columns} covariates; these rows have another number."
            )
        known = np.isfinite(table).all(axis=1)
        rows = covariates(table[known]) if known.any() else np.empty((0, self.columns))
        if clamp:
            rows = self.features.clamp(rows)
        link = np.full(table.shape[0], np.nan)
        link[known] = self.features.matrix(rows, self.kept) @ self.coef + self.alpha
        if scale == "link":
            return link
        if scale == "exponential":
            return np.exp(link)
        if scale == "logistic":
            return expit(self.entropy + link)
        if scale == "cloglog":
            return -np.expm1(-np.exp(self.entropy + link))
        raise EcostatError(f'The scale is "cloglog", "logistic", "exponential" or "link", not {scale!r}.')


@dataclass(frozen=True)
class Maxent:
    """The choices before a fit.

    `features`: any of l(inear), q(uadratic), p(roduct), h(inge), t(hreshold), or "auto" by the number of
    presences; `beta` multiplies every penalty; `categorical`: columns whose numbers are codes.
    """

    features: str = CLASSES
    beta: float = 1.0
    categorical: tuple[int, ...] = ()
    knots: int = 50
    background_weight: float = 100.0

    def __post_init__(self) -> None:
        gates.keep(
            self,
            beta=gates.number("beta", self.beta, above=1e-9, high=1e9),
            knots=gates.whole("knots", self.knots, low=2, high=100_000),
            background_weight=gates.number("background_weight", self.background_weight, above=0),
        )

    def fit(self, presence: ArrayLike, x: ArrayLike, add_presences: bool = True) -> MaxentFit:
        """The model of Phillips et al. (2017, Ecography 40:887) for presences (1) against background (0).

        With `add_presences` presences whose covariates no background row has join the background too.
        Raises `TooFewData` without presences, background or any covariate that varies.
        """
        letters = self.features
        if not isinstance(letters, str) or (
            letters != "auto" and (not letters or set(letters) - set(CLASSES))
        ):
            raise EcostatError(f'features are letters of "{CLASSES}", or "auto"; not {letters!r:.60}.')
        add_presences = gates.flag("add_presences", add_presences)
        seen, table = labelled(presence, x)
        wrong = [j for j in self.categorical if not 0 <= j < table.shape[1]]
        if wrong:
            raise EcostatError(f"There is no column {wrong[0]} to hold categories.")
        if add_presences:
            table, seen = _with_presences(table, seen)
        n = int(seen.sum())
        classes = features_by_number(n) if self.features == "auto" else self.features
        made = make_features(table, classes, tuple(self.categorical), self.knots)
        matrix = made.matrix(table)
        spread = matrix.max(axis=0) - matrix.min(axis=0)
        penalty = self.beta * made.penalty(matrix[seen], spread)
        free = spread > 0  # a feature that never varies says nothing
        weight = np.where(seen, 1.0, self.background_weight)
        work = matrix if free.all() else np.asfortranarray(matrix[:, free])
        solved = lasso_logistic(work, seen, weight, n * penalty[free])
        coef = np.zeros(made.kind.size)
        coef[free] = solved.coef
        kept = np.flatnonzero(coef)
        score = matrix[:, kept][~seen] @ coef[kept]
        top = score.max()
        alpha = -float(top + np.log(np.exp(score - top).sum()))
        raw = np.exp(score + alpha)
        entropy = -float(raw @ (score + alpha))
        said = (
            f"{n} presences, {int((~seen).sum())} background rows: {kept.size} of {coef.size} features kept."
        )
        if not kept.size:
            said += " None was worth its penalty: the prediction is the same everywhere."
        if n < 10:
            said += " Fewer than 10 presences: read the map as a guess."
        if not solved.converged:
            said += f" The optimiser stopped early, conditions breached by {solved.gap:.1e} of a penalty."
        return MaxentFit(
            coef=coef[kept],
            names=tuple(made.names[j] for j in kept),
            alpha=alpha,
            entropy=entropy,
            features=made,
            kept=kept,
            penalty=penalty[kept],
            n_features=coef.size,
            n_presence=n,
            n_background=int((~seen).sum()),
            columns=table.shape[1],
            gap=solved.gap,
            converged=solved.converged,
            message=said,
        )


def _with_presences(table: Floats, seen: NDArray[np.bool_]) -> tuple[Floats, NDArray[np.bool_]]:
    """Background rows joined, once each, by the presences whose covariates none of them has."""
    distinct, row = np.unique(table, axis=0, return_inverse=True)
    held = np.zeros(distinct.shape[0], bool)
    held[row.ravel()[~seen]] = True
    new = distinct[~held]
    return np.vstack([table, new]), np.concatenate([seen, np.zeros(new.shape[0], bool)])
