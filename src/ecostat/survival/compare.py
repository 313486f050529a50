"""Do groups survive alike? The log-rank test."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc

from ecostat import gates
from ecostat.errors import EcostatError, TooFewData
from ecostat.survival.risk import Floats, at_risk, deaths, followed


@dataclass(frozen=True)
class LogRank:
    """Deaths seen in each of g groups and those expected if all died alike.

    `group` (g,) names; `n`, `observed`, `expected` (g,); `chi2` on `df` degrees of freedom gives `p`.
    """

    group: NDArray
    n: NDArray[np.int64]
    observed: Floats
    expected: Floats
    chi2: float
    df: int
    p: float
    message: str


def logrank(
    time: ArrayLike, event: ArrayLike, group: ArrayLike, *, entry: ArrayLike | None = None
) -> LogRank:
    """The log-rank test of two or more groups (Mantel 1966; Peto & Peto 1972), with ties and late entries.

    Arguments as for `kaplan_meier_by`. At each moment of death every group expects its share of those at risk;
    the variance is that of drawing without replacement. Raises TooFewData where no death can tell the groups
    apart: nobody died, or no two groups were ever at risk together.
    """
    animals = followed(time, event, entry)
    names, code = gates.numbered("group", group)
    gates.alike(time=animals.time, group=code)
    if names.size < 2:
        raise EcostatError(f"group names {names.size} group: a comparison needs two or more")
    moments, died, risk = deaths(animals)
    if not moments.size:
        raise TooFewData("nobody died: the groups cannot be compared")
    members = [animals.of(code == i) for i in range(names.size)]
    share = np.array([at_risk(one, moments) for one in members]) / risk
    observed = np.array([one.died.sum() for one in members], dtype=np.float64)
    expected = (share * died).sum(axis=1)
    spread = died * (risk - died) / np.maximum(risk - 1, 1)
    variance = np.diag((share * spread).sum(axis=1)) - (share * spread) @ share.T
    scale = float(np.abs(variance).max())
    if scale <= 1e-12 * float(died.sum()):
        raise TooFewData("no two groups were at risk together when somebody died: they cannot be compared")
    values, vectors = np.linalg.eigh(variance)
    real = values > 1e-9 * scale
    along = vectors[:, real].T @ (observed - expected)
    chi2, df = float(np.sum(along**2 / values[real])), int(real.sum())
    few = float(expected.min())
    message = f"only {few:.1f} deaths expected in one group: p is rough" if few < 5 else ""
    sizes = np.array([one.time.size for one in members], dtype=np.int64)
    return LogRank(names, sizes, observed, expected, chi2, df, float(chdtrc(df, chi2)), message)
