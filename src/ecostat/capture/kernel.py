"""A survey made ready for the integrals of its likelihood."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, QhullError
from scipy.special import i0e, i1e

from ecostat.capture.integrals import Detecting, Sheet, scores
from ecostat.capture.surveys import ArraySurvey
from ecostat.floats import Floats

FORMS = {"hn": 0, "ex": 1, "hr": 2}


@dataclass(frozen=True)
class Heard:
    """A survey prepared once: squared distances (posts, points), the distinct patterns of manned posts with
    how many occasions each had, and what each animal's detections say of every point."""

    square: Floats
    cell: float
    pattern: Floats  # (patterns, posts)
    occasions: NDArray[np.int64]  # (patterns,)
    met: Floats  # (animals, posts): how often each was detected where
    turned: Floats  # (animals, points): Σ of the cosines of its bearing errors there
    angles: Floats  # (animals,): how many bearings were taken
    silent: Floats  # (animals, patterns): occasions without a detection
    active: Floats  # (animals, patterns): occasions with one
    hull: NDArray[np.intp]

    @cached_property
    def sheet(self) -> Sheet:
        """What the integrals read."""
        return Sheet(*(getattr(self, name) for name in Sheet._fields))

    def rim(self, at: Detecting) -> float:
        """The largest chance of being detected at all on the hull of the mask."""
        pcall = at.pcall
        p = at.chance(np.sqrt(self.square[:, self.hull]))
        missed = np.ones(len(self.hull))
        for posts, times in zip(self.pattern, self.occasions, strict=True):
            each = 1 - pcall * (1 - np.prod(np.where(posts[:, None] > 0, 1 - p, 1.0), axis=0))
            missed = missed * each**times
        return float((1 - missed).max())


def heard(s: ArraySurvey, with_angle: bool, area_unit: float, every: int = 1) -> Heard:
    """The survey in the form the integrals read, areas in the wanted unit, on every so many-th mask point."""
    mask = s.mask[::every]
    away = mask[None] - s.posts[:, None]
    square = np.maximum((away**2).sum(axis=-1), 1e-6)
    pattern, of, occasions = np.unique(s.usage.T, axis=0, return_inverse=True, return_counts=True)
    of = of.reshape(-1)
    order = np.lexsort((s.occasion, s.animal))
    animal, occasion, post = s.animal[order], s.occasion[order], s.post[order]
    bearing = s.bearing[order]
    has = np.isfinite(bearing) & with_angle
    met, turned = np.zeros((s.animals, len(s.posts))), np.zeros((s.animals, len(mask)))
    np.add.at(met, (animal, post), 1.0)
    if has.any():
        toward = np.arctan2(away[..., 0], away[..., 1])
        np.add.at(turned, animal[has], np.cos(bearing[has][:, None] - toward[post[has]]))
    active = np.zeros((s.animals, len(pattern)))
    for i, t in {(int(i), int(t)) for i, t in zip(animal, occasion, strict=True)}:
        active[i, of[t]] += 1
    try:
        hull = ConvexHull(mask).vertices
    except QhullError:
        hull = np.arange(len(mask))
    return Heard(
        square,
        s.area / len(mask) / area_unit,
        np.ascontiguousarray(pattern),
        occasions.astype(np.int64),
        met,
        turned,
        np.bincount(animal[has], minlength=s.animals).astype(np.float64),
        occasions[None] - active,
        active,
        hull,
    )


def array_scores(s: Heard, at: Detecting, *, only_area: bool = False) -> tuple[float, Floats, float, Floats]:
    """Σ log ∫ f(history | x) dx over the animals, its slopes in (log σ, logit g0, log κ, logit pcall, log
    shape), the effective area, and its slopes."""
    sheet = s.sheet.of_animals(slice(0, 0)) if only_area else s.sheet
    log_circle = float(np.log(2 * np.pi * i0e(at.kappa)) + at.kappa) if at.kappa > 0 else 0.0
    value, slope, area, in_area = scores(sheet, at, log_circle, float(i1e(at.kappa) / i0e(at.kappa)))
    return value + len(sheet.met) * np.log(s.cell), slope, area * s.cell, in_area * s.cell
