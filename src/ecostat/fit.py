"""What every fitted model answers, whatever the model."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from scipy.stats import norm

from ecostat import gates
from ecostat.errors import EcostatError
from ecostat.floats import Floats as Floats
from ecostat.likelihood.model import Model
from ecostat.likelihood.parts import Design, Predictor
from ecostat.likelihood.prediction import Prediction
from ecostat.likelihood.profile import profile


@dataclass(frozen=True, kw_only=True)
class Fit:
    """Maximum-likelihood estimates with their uncertainty and a plain sentence on how far to trust them.

    `coef`, `se`: (k,) on the link scale; `vcov`: (k, k); `names`: k labels; `loglik` natural log;
    `aic` = 2k - 2 loglik; `n`: sampling units that carried information; `converged`: the gradient vanished;
    `message`: one sentence for a person.
    """

    coef: Floats
    se: Floats
    vcov: Floats
    names: tuple[str, ...]
    loglik: float
    aic: float
    n: int
    converged: bool
    message: str

    def interval(self, level: float = 0.95) -> Floats:
        """Wald limits of each coefficient on the link scale, shape (k, 2)."""
        z = norm.ppf(0.5 + gates.share("level", level, ends=False) / 2)
        return np.column_stack([self.coef - z * self.se, self.coef + z * self.se])


@dataclass(frozen=True, kw_only=True)
class ModelFit(Fit):
    """A fit that keeps its likelihood, and so predicts, profiles and simulates.

    `parts`: the linear predictors by name; `model`: the likelihood with its data; `c_hat`: the overdispersion
    carried into `vcov`.
    """

    parts: Mapping[str, Predictor] = field(default_factory=dict, repr=False, compare=False)
    model: Model | None = field(default=None, repr=False, compare=False)
    c_hat: float = 1.0

    @property
    def response(self) -> str:
        """A short name of the data, equal for fits that AIC may compare."""
        return "" if self.model is None else self.model.digest

    def profile(self, name: str, level: float = 0.95) -> tuple[float, float]:
        """Profile-likelihood limits of the coefficient of that name on the link scale; infinite on a side
        that the data do not bound."""
        if name not in self.names:
            raise EcostatError(f"{name!r} is no coefficient of this fit; it has {', '.join(self.names)}.")
        return profile(self._kept, self.coef, self.vcov, self.names.index(name), level)

    def predict(self, part: str, new: Design = None, level: float = 0.95) -> Prediction:
        """Fitted values of one part of the model, with limits made on the link scale.

        `new`: raw values by name where the part was fitted by name (arrays of any shape that go together: a
        map stays a map), else rows of its design matrix; None for a part with an intercept alone.
        """
        if part not in self.parts:
            raise EcostatError(f"{part!r} is no part of this model; it has {', '.join(self.parts)}.")
        return self.parts[part].predict(self.coef, self.vcov, new, level)

    def simulate(self, rng: np.random.Generator) -> Any:
        """A response drawn from the fitted model, like the one given: NaN where nothing was surveyed (for `secr`
        a tuple of array surveys)."""
        model = self._kept
        return model.whole(model.simulate(self.coef, gates.generator("rng", rng)))

    def residuals(self, kind: str = "pearson") -> Floats:
        """What was observed less what the model expects ("raw"), over the standard deviation expected
        ("pearson"), or as the difference of square roots ("freeman_tukey"); NaN where not surveyed."""
        model = self._kept
        mean, variance = model.expected(self.coef)
        if kind == "raw":
            out = model.observed - mean
        elif kind == "pearson":
            out = (model.observed - mean) / np.sqrt(variance)
        elif kind == "freeman_tukey":
            out = np.sqrt(model.observed) - np.sqrt(mean)
        else:
            raise EcostatError(f"kind is {kind!r}; it is 'raw', 'pearson' or 'freeman_tukey'.")
        return model.whole(out)

    def inflated(self, c_hat: float) -> Self:
        """The same estimates with overdispersion carried into the standard errors: the covariance times ĉ.
        A ĉ below 1 is taken as 1, and said."""
        c_hat = gates.number("c_hat", c_hat, above=0)
        times = max(c_hat, 1.0) / self.c_hat
        says = f"standard errors carry an overdispersion of {c_hat:.3g}"
        if c_hat < 1:
            says = f"an overdispersion of {c_hat:.3g} is taken as 1"
        return replace(
            self,
            vcov=self.vcov * times,
            se=self.se * math.sqrt(times),
            c_hat=max(c_hat, 1.0),
            message=f"{self.message.rstrip('.')}; {says}.",
        )

    @property
    def _kept(self) -> Model:
        """The likelihood behind the fit, or a sentence on its absence."""
        if self.model is None:
            raise EcostatError("This kind of fit does not keep its likelihood.")
        return self.model

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Callable[..., Any]:
            """The older names predict_psi, predict_p, predict_lam … of `predict`."""
            if name.startswith("predict_") and (part := name.removeprefix("predict_")) in self.parts:
                return partial(self.predict, part)
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
