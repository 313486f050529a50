"""What every fitted model is made of, told once: its data, its likelihood, its search and its summary."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypedDict

import numpy as np

from ecostat.errors import EcostatError, NotConverged
from ecostat.floats import Floats
from ecostat.likelihood.designs import blocks, standard
from ecostat.likelihood.parts import Part, Predictor
from ecostat.likelihood.search import Optimum, Search, Start, differenced, maximise, peak, sentence

ROUGH = 1e-6  # what a bootstrap may leave ungained in log-likelihood


class Common(TypedDict):
    """The fields every fit shares (see `ecostat.fit.Fit`)."""

    coef: Floats
    se: Floats
    vcov: Floats
    names: tuple[str, ...]
    loglik: float
    aic: float
    n: int
    converged: bool
    message: str
    parts: Mapping[str, Predictor]
    model: Any


@dataclass(frozen=True, kw_only=True, eq=False)
class Model:
    """A likelihood with its data. `parts`: its linear predictors in the order of the coefficients; `n`:
    units that carried information, `what` they are; `notes`: what was left out.

    A model that can be checked also draws a response like its own (`simulate`), says what it expects
    (`expected`), and measures a response against that (`discrepancies`).
    """

    parts: tuple[Part, ...]
    n: int
    what: str = "surveyed sites"
    notes: tuple[str, ...] = ()

    @property
    def extra(self) -> tuple[str, ...]:
        """Names of the coefficients that follow those of the parts."""
        return ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The coefficients in order."""
        return tuple(name for p in self.parts for name in p.names) + self.extra

    @property
    def size(self) -> int:
        """Number of coefficients."""
        return len(self.names)

    @cached_property
    def at(self) -> dict[str, slice]:
        """Where the coefficients of each part stand."""
        out, first = {}, 0
        for p in self.parts:
            out[p.name] = slice(first, first + p.k)
            first += p.k
        return out

    @property
    def rows(self) -> tuple[Floats, ...]:
        """The rows of each part's design that the likelihood reads, (rows, k)."""
        raise NotImplementedError

    @property
    def limits(self) -> Mapping[str, str]:
        """Coefficients that may lie at the end of their range, with what that means."""
        return {}

    @property
    def own_starts(self) -> list[Floats]:
        """Where the search begins."""
        return [np.zeros(self.size)]

    @cached_property
    def basis(self) -> Floats:
        """The coefficients as a product with those of standard columns."""
        parts = [standard(x, p.name) for x, p in zip(self.rows, self.parts, strict=True)]
        return blocks(*parts, len(self.extra))

    def loglik(self, theta: Floats) -> tuple[float, Floats]:
        """The log-likelihood and its gradient."""
        raise NotImplementedError

    def hessian(self, theta: Floats) -> Floats:
        """Its second derivatives; differenced where no closed form is at hand."""
        return differenced(self.loglik, theta)

    def top(self, start: Start = None) -> Optimum:
        """The highest point with its covariance."""
        search = Search.of(start)
        return maximise(
            self.loglik,
            search.starts(self.own_starts, self.size),
            self.names,
            hessian=self.hessian,
            basis=self.basis,
            limits=self.limits,
            iterations=search.iterations,
        )

    def nearby(self, theta: Floats, curvature: Floats) -> Optimum:
        """The top reached from `theta` to six digits, without a covariance: what a bootstrap needs.

        `curvature`, the Hessian of a fit of like data, spares the Hessian of each step; where it does not
        lead to the top, the model's own does.
        """
        try:
            return peak(
                self.loglik, [theta], hessian=lambda _: curvature, basis=self.basis, gain=ROUGH, iterations=25
            )
        except NotConverged:
            return peak(self.loglik, [theta], hessian=self.hessian, basis=self.basis, gain=ROUGH)

    def nearby_top(self) -> Floats:
        """The coefficients of the top, without their covariance."""
        return peak(self.loglik, self.own_starts, hessian=self.hessian, basis=self.basis, gain=ROUGH).theta

    def again(self, response: Any) -> "Model":
        """The same model of another response of the same shape; refuses one it cannot be fitted to."""
        raise EcostatError("This kind of model cannot be fitted to a simulated response.")

    def simulate(self, theta: Floats, rng: np.random.Generator) -> Any:
        """A response drawn from the model, in the shape that `again` takes."""
        raise EcostatError("This kind of model cannot simulate.")

    def whole(self, response: Any) -> Any:
        """A drawn response in the shape of the data given, NaN where nothing was surveyed."""
        return response

    @property
    def observed(self) -> Floats:
        """The response fitted, in the shape that `again` takes."""
        raise EcostatError("This kind of model does not keep its response.")

    def expected(self, theta: Floats) -> tuple[Floats, Floats]:
        """Mean and variance of each entry of the response."""
        raise EcostatError("This kind of model has no residuals.")

    def discrepancies(self, theta: Floats) -> dict[str, float]:
        """How far the response lies from what is expected, by each named statistic."""
        raise EcostatError("This kind of model has no test of fit.")

    def common(self, best: Optimum, *more: str) -> Common:
        """The fields every fit shares."""
        return Common(
            coef=best.theta,
            se=best.se,
            vcov=best.vcov,
            names=self.names,
            loglik=best.loglik,
            aic=2 * self.size - 2 * best.loglik,
            n=self.n,
            converged=best.converged,
            message=sentence(best, self.n, self.what, *self.notes, *more),
            parts={p.name: Predictor(self.at[p.name], p.link, p.columns) for p in self.parts},
            model=self,
        )

    @property
    def digest(self) -> str:
        """A short name for the response, equal for fits that AIC may compare."""
        return digest(self.observed)


def digest(*arrays: Floats | Sequence[float]) -> str:
    """A short name for these numbers, equal only for equal numbers."""
    out = hashlib.blake2b(digest_size=12)
    for a in arrays:
        values = np.ascontiguousarray(a, np.float64) + 0.0
        out.update(str(values.shape).encode() + np.where(np.isnan(values), np.nan, values).tobytes())
    return out.hexdigest()


@dataclass(frozen=True, kw_only=True, eq=False)
class ClosedModel(Model):
    """A model whose likelihood, gradient and Hessian come from one pass, kept for the last point asked."""

    _last: dict[bytes, tuple[float, Floats, Floats]] = field(default_factory=dict, init=False, repr=False)

    def scores(self, theta: Floats) -> tuple[float, Floats, Floats]:
        """Log-likelihood, gradient and Hessian."""
        raise NotImplementedError

    def _at(self, theta: Floats) -> tuple[float, Floats, Floats]:
        key = theta.tobytes()
        if key not in self._last:
            self._last.clear()
            self._last[key] = self.scores(theta)
        return self._last[key]

    def nearby(self, theta: Floats, curvature: Floats) -> Optimum:
        """The top reached from `theta` to six digits, by the Hessian that comes with the gradient."""
        return peak(self.loglik, [theta], hessian=self.hessian, basis=self.basis, gain=ROUGH)

    def loglik(self, theta: Floats) -> tuple[float, Floats]:
        """The log-likelihood and its gradient."""
        return self._at(theta)[:2]

    def hessian(self, theta: Floats) -> Floats:
        """The Hessian in closed form."""
        return self._at(theta)[2]
