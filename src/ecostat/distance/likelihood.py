"""The likelihood of a detection function as a model like any other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecostat.distance.curve import Binned, Curve, Exact, gather, value
from ecostat.distance.fitted import band
from ecostat.distance.keys import SHAPED
from ecostat.distance.search import reach
from ecostat.floats import Floats
from ecostat.likelihood import Model, digest


@dataclass(frozen=True, kw_only=True, eq=False)
class CurveModel(Model):
    """Distances read by one curve. `spread`: the basis of the coefficients of log σ."""

    curve: Curve
    data: Exact | Binned
    used: Floats
    spread: Floats
    what: str = "distances"

    @property
    def extra(self) -> tuple[str, ...]:
        """The shape and the adjustment terms."""
        shape = ("log_shape",) if SHAPED[self.curve.key] else ()
        return shape + tuple(f"{self.curve.adjust}_{j}" for j in self.curve.orders)

    @property
    def scale(self) -> Floats:
        """The coefficients as a product with those of standard columns."""
        out = np.diag(1 / reach(self.curve))
        out[: self.curve.k_scale, : self.curve.k_scale] = self.spread
        return out

    def loglik(self, theta: Floats) -> tuple[float, Floats]:
        """The log-likelihood and its gradient."""
        return value(self.data, theta)

    @property
    def digest(self) -> str:
        """A short name for the distances with their truncation and bands."""
        breaks = self.data.breaks if isinstance(self.data, Binned) else np.zeros(0)
        ends = [self.curve.left, self.curve.right, float(self.curve.survey == "point")]
        return digest(self.used, ends, breaks)


def read(curve: Curve, used: Floats, kind: NDArray[np.intp], cuts: Floats | None) -> Exact | Binned:
    """The distances as the likelihood reads them, equal ones together."""
    if cuts is not None:
        rows, times = gather(band(used, cuts), kind)
        return Binned(curve, cuts, rows[:, 0].astype(np.intp), rows[:, 1].astype(np.intp), times)
    if len(curve.kinds) == 1:
        x, counts = np.unique(used, return_counts=True)
        return Exact(curve, x, np.zeros(len(x), np.intp), counts.astype(float))
    rows, times = gather(used, kind)
    return Exact(curve, rows[:, 0], rows[:, 1].astype(np.intp), times)
