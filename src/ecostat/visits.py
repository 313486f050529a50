"""Models of sites visited several times: one design of the site, one of the visit."""

import warnings
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.errors import EcostatError, TooFewData
from ecostat.floats import Floats
from ecostat.likelihood import Data, Design, Dropped, Model, Part, part


@dataclass(frozen=True, kw_only=True, eq=False)
class SeenModel(Model):
    """A model of `y` (sites, visits or bands; 0 where not `seen`) at the sites of the survey that were `used`."""

    y: Floats
    seen: NDArray[np.bool_]
    used: NDArray[np.bool_]

    @property
    def observed(self) -> Floats:
        """What was seen, NaN where not surveyed."""
        return np.where(self.seen, self.y, np.nan)

    def whole(self, response: Floats) -> Floats:
        """A response of every site given, NaN where nothing was surveyed."""
        out = np.full((len(self.used), self.y.shape[1]), np.nan)
        out[self.used] = np.where(self.seen, response, np.nan)
        return out

    def again(self, response: Floats) -> Self:
        """The same model of another response."""
        return replace(self, y=np.where(self.seen, response, 0.0)).checked()

    def checked(self) -> Self:
        """The model itself, after refusing data it cannot be fitted to."""
        return self


@dataclass(frozen=True, kw_only=True, eq=False)
class VisitModel(SeenModel):
    """Histories `y` (sites, visits; 0 where not `seen`) with the rows of two designs, `x` (sites, k) and `w`
    (sites, visits, m), for the sites of the survey that were `used`."""

    x: Floats
    w: Floats
    site_shift: Floats | float = 0.0
    visit_shift: Floats | float = 0.0

    @property
    def rows(self) -> tuple[Floats, ...]:
        """The rows of both designs that carry information."""
        return self.x, self.visits

    @property
    def visits(self) -> Floats:
        """The rows of the visit design, one a real visit."""
        if self.seen.all():
            return np.ascontiguousarray(self.w).reshape(-1, self.w.shape[2])
        return self.w[self.seen]

    @property
    def k(self) -> int:
        """Number of coefficients of the site part, which come first."""
        return self.x.shape[1]

    def split(self, theta: Floats) -> tuple[Floats, Floats]:
        """The linear predictors of the sites and of the visits, with their shifts."""
        k, m = self.k, self.w.shape[2]
        return self.x @ theta[:k] + self.site_shift, self.w @ theta[k : k + m] + self.visit_shift

    def moved(self, part: str, shift: Floats) -> Self:
        """The same model with one part shifted site by site, for a random intercept."""
        if part == self.parts[0].name:
            return replace(self, site_shift=shift)
        return replace(self, visit_shift=shift[:, None])

    def sloped(self, in_site: Floats, in_visit: Floats) -> Floats:
        """Slopes of each site's log-likelihood in all coefficients (sites, k), from those in its linear
        predictors."""
        return np.concatenate([in_site[:, None] * self.x, np.einsum("ij,ijm->im", in_visit, self.w)], axis=1)


@dataclass(frozen=True)
class Survey:
    """Histories and both designs, read and matched; `notes` say what was set aside."""

    site: Part
    visit: Part
    y: Floats
    seen: NDArray[np.bool_]
    used: NDArray[np.bool_]
    notes: tuple[str, ...]

    @property
    def fields(self) -> dict:
        """The fields of a `VisitModel` of the surveyed sites."""
        return {
            "parts": (self.site, self.visit),
            "n": int(self.used.sum()),
            "notes": self.notes,
            "x": np.ascontiguousarray(self.of_used(self.site.x)),
            "w": np.ascontiguousarray(self.of_used(self.visit.x)),
            "y": self.of_used(self.y),
            "seen": self.of_used(self.seen),
            "used": self.used,
        }

    def of_used(self, a: NDArray) -> NDArray:
        """The rows of the surveyed sites, without a copy when that is all of them."""
        return a if self.used.all() else a[self.used]


def counts(y: ArrayLike) -> Floats:
    """Sites × visits of counts or of 0 and 1, NaN = not surveyed; anything else is refused."""
    raw = gates.numbers("y", y, dims=2, low=0, whole=True)
    if raw.shape[1] == 0:
        raise EcostatError(f"y has shape {raw.shape}; sites × visits are needed.")
    if np.isnan(raw).all():
        raise TooFewData("No visit was surveyed: every value of y is NaN.")
    return gates.counted("y", raw)


def presences(y: Floats) -> Floats:
    """Counts as 0 and 1; a lone code (9, 99, 127, 255) beside 0 and 1 is refused."""
    met = np.unique(y)
    if met.size == 3 and met[0] == 0 and met[1] == 1 and met[2] in (9, 99, 127, 255):
        raise EcostatError(
            f"y holds {met[2]:g} beside 0 and 1: it looks like a code for unknown; write NaN where nothing "
            "was surveyed"
        )
    return np.minimum(y, 1.0)


def survey(
    y: ArrayLike, site: tuple[str, Design, str], visit: tuple[str, Design, str], data: Data | None
) -> Survey:
    """Histories are matched with the designs of both parts (name, design, link); visits whose covariates are
    unknown are set aside and counted."""
    raw = counts(y)
    first = part(site[0], site[1], raw.shape[:1], site[2], data)
    second = part(visit[0], visit[1], raw.shape, visit[2], data)
    seen, notes = set_aside(raw, first.known[:, None] & second.known)
    return Survey(first, second, np.where(seen, raw, 0.0), seen, np.asarray(seen.any(axis=1)), notes)


def set_aside(
    raw: Floats, known: NDArray[np.bool_], level: int = 4
) -> tuple[NDArray[np.bool_], tuple[str, ...]]:
    """Which visits were made with their covariates known, and the count of those that were not."""
    surveyed = ~np.isnan(raw)
    seen = surveyed & known
    lost = int(surveyed.sum() - seen.sum())
    if not lost:
        return seen, ()
    note = f"{lost} visits without their covariates were left out"
    warnings.warn(note, Dropped, level)
    return seen, (note,)


def enough(sites: int, coefficients: int) -> None:
    """Refuses a model with as many coefficients as surveyed sites, or a single site."""
    if sites < 2 or sites <= coefficients:
        raise TooFewData(f"{sites} surveyed sites are too few for {coefficients} coefficients.")
