"""A table of models from best to worst, and what they say together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ecostat import gates
from ecostat.errors import EcostatError, TooFewData
from ecostat.fit import Fit, ModelFit
from ecostat.floats import Floats
from ecostat.likelihood.parts import Design
from ecostat.likelihood.prediction import Prediction
from ecostat.models import averaging
from ecostat.models.averaging import Averaged
from ecostat.models.data import same_data


@dataclass(frozen=True)
class ModelTable:
    """Models from best to worst: `names`, `models`, `k` coefficients (one more with ĉ), `loglik`, the
    `criterion` ("AIC", "AICc", "QAIC" or "QAICc") and its `values`, `delta` to the best, Akaike `weights`,
    their running sum `cumulative`, and `message`."""

    names: tuple[str, ...]
    models: tuple[Fit, ...]
    k: tuple[int, ...]
    loglik: Floats
    criterion: str
    values: Floats
    delta: Floats
    weights: Floats
    cumulative: Floats
    c_hat: float
    message: str

    @property
    def best(self) -> Fit:
        """The model with the lowest criterion."""
        return self.models[0]

    def predict(self, part: str, new: Design = None, level: float = 0.95) -> Prediction:
        """The average prediction of a part, with unconditional standard errors and limits; with ĉ, the
        standard errors of each model carry it."""
        level = gates.share("level", level, ends=False)
        used = []
        for name, model in zip(self.names, self.models, strict=True):
            if not isinstance(model, ModelFit) or part not in model.parts:
                raise EcostatError(f"Model {name!r} has no part {part!r} to average.")
            used.append(model.inflated(self.c_hat) if self.c_hat > model.c_hat else model)
        return averaging.prediction(used, self.weights, part, new, level)

    def coefficient(self, name: str, level: float = 0.95, *, full: bool = True) -> Averaged:
        """The average coefficient: a model without it counts as 0 (`full`), or is left out."""
        level = gates.share("level", level, ends=False)
        used = [
            m.inflated(self.c_hat) if isinstance(m, ModelFit) and self.c_hat > m.c_hat else m
            for m in self.models
        ]
        return averaging.coefficient(used, self.weights, name, level, full=full)

    def __str__(self) -> str:
        """The table as text."""
        wide = max(len(name) for name in (*self.names, "model"))
        lines = [f"{'model':<{wide}}  {'k':>3} {'log L':>11} {self.criterion:>10} {'delta':>8} {'weight':>6}"]
        for row in zip(self.names, self.k, self.loglik, self.values, self.delta, self.weights, strict=True):
            lines.append("{:<{wide}}  {:>3} {:>11.3f} {:>10.3f} {:>8.3f} {:>6.3f}".format(*row, wide=wide))
        return "\n".join(lines)


def compare(
    models: Mapping[str, Fit] | Sequence[Fit], *, small: bool = False, c_hat: float | None = None
) -> ModelTable:
    """Fits of the same data are ranked by AIC, of any one family or of several that read the same data.

    `models`: by name, or in order (named 1, 2 …). `small`: AICc, with n the sampling units of the fits.
    `c_hat`: QAIC = -2 log L / ĉ + 2 k, where k counts ĉ as a coefficient; take it from `goodness` of the
    largest model. Fits of different data are refused.
    Burnham & Anderson (2002), Model Selection and Multimodel Inference.
    """
    if not isinstance(models, Mapping | Sequence) or isinstance(models, str | bytes):
        raise EcostatError("models is a mapping of names to fits, or a list of fits.")
    named = dict(models) if isinstance(models, Mapping) else {str(i): m for i, m in enumerate(models, 1)}
    if not named:
        raise EcostatError("models is empty: there is nothing to compare.")
    fits = list(named.values())
    same_data(fits)
    if unfinished := [name for name, m in named.items() if not m.converged]:
        raise EcostatError(f"The search of model {unfinished[0]!r} did not reach a top: fit it again.")
    quasi = c_hat is not None
    spread = 1.0 if c_hat is None else gates.number("c_hat", c_hat)
    if spread < 1:
        raise EcostatError("c_hat below 1 would make the models look surer than they are: leave it out.")
    k = np.array([len(m.coef) + quasi for m in fits])
    loglik = np.array([m.loglik for m in fits])
    values = -2 * loglik / spread + 2 * k
    if gates.flag("small", small):
        room = np.array([m.n for m in fits]) - k - 1
        if room.min() < 1:
            raise TooFewData(f"AICc needs more than {int(k.max()) + 1} units; these models have {fits[0].n}.")
        values = values + 2 * k * (k + 1) / room
    order = np.argsort(values, kind="stable")
    values, ranked = values[order], [list(named)[i] for i in order]
    delta = values - values[0]
    weights = np.exp(-delta / 2)
    weights /= weights.sum()
    criterion = ("QAIC" if quasi else "AIC") + ("c" if small else "")
    close = int((delta < 2).sum()) - 1
    also = f"; {close} more lie within 2 of it" if close else ""
    return ModelTable(
        tuple(ranked),
        tuple(fits[i] for i in order),
        tuple(int(k[i]) for i in order),
        loglik[order],
        criterion,
        values,
        delta,
        weights,
        np.cumsum(weights),
        spread,
        f"{criterion} prefers {ranked[0]} (weight {weights[0]:.2f} among {len(fits)} models){also}.",
    )
