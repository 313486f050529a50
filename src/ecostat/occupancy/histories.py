"""What every occupancy model reads: detection histories, with what was not surveyed left unknown."""

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.errors import EcostatError, TooFewData
from ecostat.fit import Floats
from ecostat.likelihood import Dropped


@dataclass(frozen=True)
class Histories:
    """`y` (sites, visits) of 0 and 1 with 0 where nothing was surveyed, `seen` the mask of real visits,
    `dropped` visits lost to an unknown covariate."""

    y: Floats
    seen: NDArray[np.bool_]
    dropped: int

    @property
    def note(self) -> str:
        """What a person must know of the records that were left out."""
        return f"{self.dropped} visits without their covariates were left out" if self.dropped else ""


def histories(y: ArrayLike, known: NDArray[np.bool_], *, binary: bool = True) -> Histories:
    """Detection histories are checked, counts above 1 become detections, and visits without covariates are
    set aside and counted. Refuses histories with no visit, no detection, or values that are no count."""
    raw = visits_table(y)
    surveyed = ~np.isnan(raw)
    if not surveyed.any():
        raise TooFewData("No visit was surveyed: every value of y is NaN.")
    seen = surveyed & known
    dropped = int(surveyed.sum() - seen.sum())
    if dropped:
        warnings.warn(f"{dropped} visits without their covariates are left out.", Dropped, 3)
    kept = np.where(seen, raw, 0.0)
    if not kept.any():
        raise TooFewData("The species was never detected: presence and detection cannot be told apart.")
    return Histories(np.minimum(kept, 1.0) if binary else kept, seen, dropped)


def visits_table(y: ArrayLike) -> Floats:
    """`y` as sites × visits of counts (0, 1, 2 …), NaN where nothing was surveyed; anything else is refused."""
    raw = gates.numbers("y", y, dims=2, low=0, whole=True)
    if raw.shape[1] == 0:
        raise EcostatError(f"y has shape {raw.shape}; sites × visits are needed.")
    return raw


def enough(sites: int, coefficients: int) -> None:
    """Refuses a model with as many coefficients as surveyed sites, or a single site."""
    if sites < 2 or sites <= coefficients:
        raise TooFewData(f"{sites} surveyed sites are too few for {coefficients} coefficients.")
