"""What kind of detection function is asked for, and which distances it is fitted to."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.distance.keys import KEYS, SCALED, SERIES, default_orders
from ecostat.errors import EcostatError, TooFewData
from ecostat.floats import Floats
from ecostat.likelihood import Data, Design, Dropped, Part, part

MOST_TERMS = 5


@dataclass(frozen=True)
class Form:
    """The key, the series that adjusts it and how many terms it has, and whether the curve may rise."""

    key: str
    adjust: str | None
    survey: str
    orders: tuple[int, ...] | None
    terms: int | None
    monotone: bool

    @property
    def free(self) -> bool:
        """Whether the number of terms is chosen by AIC."""
        return self.adjust is not None and self.orders is None and self.terms is None

    @property
    def fixed(self) -> tuple[int, ...]:
        """The orders of the terms when they are not chosen."""
        if self.adjust is None:
            return ()
        if self.orders is not None:
            return self.orders
        return default_orders(self.key, self.adjust, self.terms or 0)

    def checked(self) -> "Form":
        """The form itself, after refusing words this module does not know and models that do not exist."""
        gates.choice("key", self.key, tuple(KEYS))
        gates.choice("adjust", self.adjust, (None, *SERIES))
        gates.choice("survey", self.survey, ("line", "point"))
        if (self.orders is not None or self.terms is not None) and self.adjust is None:
            raise EcostatError("orders and terms belong to an adjustment: name it in adjust.")
        if self.orders is not None and len(set(self.orders)) != len(self.orders):
            raise EcostatError("orders must be different whole numbers from 1.")
        if self.terms is not None:
            return replace(self, terms=gates.whole("terms", self.terms, low=0, high=MOST_TERMS))
        return self


@dataclass(frozen=True)
class Distances:
    """The distances `used`, which rows they come from (`kept`), both truncations, the bands (`cuts`), the
    covariates of log σ, the distinct rows of its design (`kinds`) and the `kind` of each distance, and
    `notes` on what was set aside."""

    used: Floats
    kept: NDArray[np.bool_]
    left: float
    right: float
    cuts: Floats | None
    sigma: Part
    by_covariates: bool
    kinds: Floats
    kind: NDArray[np.intp]
    notes: tuple[str, ...]

    @property
    def rows(self) -> Floats:
        """The design of log σ, one row a distance used."""
        return self.sigma.x[self.kept]


def distances(
    distance: ArrayLike,
    left: float,
    truncation: float | None,
    breaks: ArrayLike | None,
    covariates: Design,
    data: Data | None,
    key: str,
) -> Distances:
    """The distances between both truncations with known covariates; what is left out is counted."""
    raw = gates.numbers("distance", distance, low=0)
    left = gates.number("left", left, low=0)
    if truncation is not None:
        truncation = gates.number("truncation", truncation, above=0)
    if covariates is not None and not SCALED[key]:
        raise EcostatError("A uniform key has no scale for covariates to act on.")
    cuts = None if breaks is None else _bands(breaks, left, truncation)
    if cuts is not None:
        left, truncation = float(cuts[0]), float(cuts[-1])
    kept, right, notes = _keep(raw, left, truncation)
    sigma = part("sigma", covariates, raw.shape, "log", data)
    if lost := int((kept & ~sigma.known).sum()):
        notes.append(f"{lost} detections without covariates were left out")
        warnings.warn(notes[-1], Dropped, 3)
    kept &= sigma.known
    used = raw[kept]
    if len(used) < 5:
        raise TooFewData(
            f"{len(used)} distances between {left:g} and {right:g}: a detection function needs more."
        )
    if np.ptp(used) == 0 and SCALED[key]:
        raise TooFewData("Every distance is the same: no detection function can be fitted.")
    kinds, kind = np.ones((1, 1)), np.zeros(len(used), np.intp)
    if covariates is not None:
        kinds, of = np.unique(sigma.x[kept], axis=0, return_inverse=True)
        kind = of.reshape(-1)
    by = covariates is not None
    return Distances(used, kept, float(left), right, cuts, sigma, by, kinds, kind, tuple(notes))


def _bands(breaks: ArrayLike, left: float, truncation: float | None) -> Floats:
    """Limits of the bands between `left` and `truncation`, which must then be limits of bands themselves."""
    cuts = gates.numbers("breaks", breaks, low=0, missing=False)
    if len(cuts) < 3 or np.any(np.diff(cuts) <= 0):
        raise EcostatError("breaks must rise from 0 or more, and make at least two bands.")
    if truncation is not None:
        if truncation not in cuts:
            raise EcostatError(
                f"truncation ({truncation:g}) must be one of the breaks, which end at {cuts[-1]:g}: "
                "distances in a band cannot be parted."
            )
        cuts = cuts[cuts <= truncation]
    if left > 0:
        if left not in cuts:
            raise EcostatError(f"left ({left:g}) must be one of the breaks, which begin at {cuts[0]:g}.")
        cuts = cuts[cuts >= left]
    if len(cuts) < 3:
        raise EcostatError("breaks between left and truncation must make at least two bands.")
    return cuts


def _keep(raw: Floats, left: float, truncation: float | None) -> tuple[NDArray[np.bool_], float, list[str]]:
    """Which distances are used, the truncation, and notes that count those that are not."""
    measured = ~np.isnan(raw)
    if not measured.any():
        raise TooFewData("No distance was measured.")
    right = float(raw[measured].max()) if truncation is None else float(truncation)
    if not right > left:
        raise EcostatError(f"truncation ({right:g}) must be larger than left ({left:g}).")
    near, beyond = measured & (raw < left), measured & (raw > right)
    notes = []
    if near.any():
        notes.append(f"{int(near.sum())} distances below {left:g} were set aside")
    if beyond.any():
        notes.append(f"{int(beyond.sum())} distances beyond {right:g} were set aside")
    return measured & ~near & ~beyond, right, notes


def orders(given: Sequence[int] | None) -> tuple[int, ...] | None:
    """The orders as whole numbers."""
    if given is None:
        return None
    each = gates.numbers("orders", given, low=1, high=40, whole=True, missing=False)
    return tuple(int(j) for j in each)
