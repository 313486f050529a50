"""Two models to hold Maxent against: a balanced random forest and a logistic regression."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit
from sklearn.tree import DecisionTreeClassifier

from ecostat import gates
from ecostat.errors import EcostatError, NotConverged, Separation, TooFewData
from ecostat.fit import Fit, Floats
from ecostat.suitability.features import covariates, labelled
from ecostat.suitability.measures import auc


@dataclass(frozen=True)
class ForestFit:
    """A fitted forest; `importance` per covariate sums to 1; `oob_auc`: AUC of rows on trees without them."""

    trees: tuple[DecisionTreeClassifier, ...]
    importance: Floats
    oob_auc: float
    n_presence: int
    n_background: int
    columns: int
    converged: bool
    message: str

    def predict(self, x: ArrayLike) -> Floats:
        """The share of balanced trees' leaves that were presences, 0–1; NaN rows give NaN."""
        known, rows = _known(x, self.columns)
        out = np.full(known.size, np.nan)
        if known.any():
            out[known] = np.mean([t.predict_proba(rows)[:, 1] for t in self.trees], axis=0)
        return out


@dataclass(frozen=True)
class RandomForest:
    """Trees each grown on as many background rows as presences (Valavi et al. 2021, Ecography 44:1731)."""

    trees: int = 500
    leaf: int = 1

    def fit(self, presence: ArrayLike, x: ArrayLike, rng: np.random.Generator) -> ForestFit:
        """The forest; raises `TooFewData` for fewer than 3 presences."""
        seen, table = labelled(presence, x)
        rng = gates.generator("rng", rng)
        trees, leaf = (
            gates.whole("trees", self.trees, low=1, high=100_000),
            gates.whole("leaf", self.leaf, low=1),
        )
        at, off = np.flatnonzero(seen), np.flatnonzero(~seen)
        if at.size < 3:
            raise TooFewData(f"{at.size} presences: a forest needs at least 3.")
        grown = []
        votes, times = np.zeros(seen.size), np.zeros(seen.size)
        importance = np.zeros(table.shape[1])
        single = table.astype(np.float32)
        for _ in range(trees):
            bag = np.concatenate([rng.choice(at, at.size), rng.choice(off, at.size)])
            tree = DecisionTreeClassifier(
                max_features="sqrt", min_samples_leaf=leaf, random_state=int(rng.integers(2**31))
            ).fit(single[bag], seen[bag])
            out = np.ones(seen.size, bool)
            out[bag] = False
            votes[out] += tree.predict_proba(single[out])[:, 1]
            times[out] += 1
            importance += tree.feature_importances_
            grown.append(tree)
        tested = times > 0
        both = seen[tested].any() and not seen[tested].all()
        total = importance.sum()
        return ForestFit(
            trees=tuple(grown),
            importance=importance / total if total > 0 else importance,
            oob_auc=auc(seen[tested], votes[tested] / times[tested]) if both else float("nan"),
            n_presence=at.size,
            n_background=off.size,
            columns=table.shape[1],
            converged=True,
            message=f"{trees} trees, each on {at.size} presences and as many of {off.size} others.",
        )


@dataclass(frozen=True, kw_only=True)
class GlmFit(Fit):
    """A fitted GLM on standardised covariates; `se` is the sandwich's, as background is not absence."""

    centre: Floats
    scale: Floats
    quadratic: bool
    levels: tuple[tuple[int, tuple[float, ...]], ...]

    def predict(self, x: ArrayLike) -> Floats:
        """Relative suitability 0–1 (0.5 where presences and background are even); NaN rows give NaN."""
        known, rows = _known(x, self.centre.size)
        out = np.full(known.size, np.nan)
        if known.any():
            link = _glm_design(rows, self.centre, self.scale, self.quadratic, self.levels) @ self.coef
            out[known] = expit(link)
        return out


@dataclass(frozen=True)
class Glm:
    """Logistic regression on straight and squared covariates, background weighing as much as presences."""

    quadratic: bool = True
    categorical: tuple[int, ...] = ()

    def fit(self, presence: ArrayLike, x: ArrayLike) -> GlmFit:
        """The maximum weighted likelihood; raises `Separation` where a covariate parts the two perfectly."""
        seen, table = labelled(presence, x)
        gates.flag("quadratic", self.quadratic)
        scale = table.std(axis=0)
        smooth = [j for j in range(table.shape[1]) if j not in self.categorical]
        flat = [j for j in smooth if scale[j] == 0]
        if flat:
            raise TooFewData(f"Covariate {flat[0]} never varies: leave it out.")
        centre = table.mean(axis=0)
        levels = tuple((j, tuple(float(v) for v in np.unique(table[:, j])[1:])) for j in self.categorical)
        design = _glm_design(table, centre, scale, self.quadratic, levels)
        if np.linalg.matrix_rank(design) < design.shape[1]:
            raise EcostatError("x: some covariates repeat others exactly; the GLM cannot tell them apart.")
        n, low = int(seen.sum()), int((~seen).sum())
        if n <= design.shape[1]:
            raise TooFewData(f"{n} presences cannot carry {design.shape[1]} coefficients.")
        weight = np.where(seen, 1.0, n / low)
        beta = np.zeros(design.shape[1])
        for _ in range(100):
            chance = expit(design @ beta)
            score = design * (weight * (seen - chance))[:, None]
            info = design.T @ (design * (weight * chance * (1 - chance))[:, None])
            try:
                step = np.linalg.solve(info, score.sum(axis=0))
            except np.linalg.LinAlgError as error:
                raise Separation(
                    "Presences and background are parted perfectly by the covariates."
                ) from error
            beta = beta + step
            if not np.abs(beta).max() < 100:
                raise Separation("A covariate or category parts presences from background perfectly.")
            if np.abs(step).max() < 1e-10:
                break
        else:
            raise NotConverged("The logistic regression did not settle in 100 steps.")
        bread = np.linalg.inv(info)
        vcov = bread @ (score.T @ score) @ bread
        eta = design @ beta
        loglik = float(weight[seen] @ eta[seen] - weight @ np.logaddexp(0.0, eta))
        names = ["intercept", *(f"x{j}" for j in smooth)]
        names += [f"x{j}²" for j in smooth] if self.quadratic else []
        names += [f"x{j} is {v:g}" for j, codes in levels for v in codes]
        return GlmFit(
            coef=beta,
            se=np.sqrt(np.diag(vcov)),
            vcov=vcov,
            names=tuple(names),
            loglik=loglik,
            aic=2 * beta.size - 2 * loglik,
            n=seen.size,
            converged=True,
            message=f"{n} presences against {low} background rows, weighing alike.",
            centre=centre,
            scale=scale,
            quadratic=self.quadratic,
            levels=levels,
        )


def _glm_design(
    x: Floats,
    centre: Floats,
    scale: Floats,
    quadratic: bool,
    levels: tuple[tuple[int, tuple[float, ...]], ...],
) -> Floats:
    coded = {j for j, _ in levels}
    smooth = [j for j in range(x.shape[1]) if j not in coded]
    z = (x[:, smooth] - centre[smooth]) / scale[smooth]
    parts = [np.ones((x.shape[0], 1)), z]
    if quadratic:
        parts.append(z**2)
    parts += [(x[:, [j]] == v).astype(float) for j, codes in levels for v in codes]
    return np.hstack(parts)


def _known(x: ArrayLike, columns: int) -> tuple[NDArray[np.bool_], Floats]:
    table = gates.numbers("x", x, dims=(1, 2), infinite=True)
    table = table[:, None] if table.ndim == 1 else table
    if table.ndim != 2 or table.shape[1] != columns:
        raise EcostatError(f"The model was fitted on {columns} covariates; these rows have another number.")
    known = np.asarray(np.isfinite(table).all(axis=1))
    return known, covariates(table[known]) if known.any() else np.empty((0, columns))
