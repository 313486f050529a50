"""Detections drawn from a fitted capture model, and what is expected at each post: for checks of fit."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ecostat.capture.integrals import Detecting
from ecostat.capture.kernel import Heard
from ecostat.capture.surveys import ArraySurvey
from ecostat.floats import Floats


def drawn(
    s: ArraySurvey, at: Detecting, density: float, angles: bool, rng: np.random.Generator
) -> ArraySurvey:
    """The same array with animals scattered at `density` (animals a square metre) and detected anew.

    Every detection of a simulated survey carries a bearing where `angles`.
    """
    home = s.mask[rng.integers(len(s.mask), size=rng.poisson(density * s.area))]
    away = home[:, None] - s.posts[None]
    chance = at.chance(np.maximum(np.hypot(away[..., 0], away[..., 1]), 1e-3))
    seen = np.array([_occasion(chance * manned, at, rng) for manned in s.usage.T])
    occasion, who, post = np.nonzero(seen)
    met, animal = np.unique(who, return_inverse=True)
    order = np.lexsort((post, occasion, animal))
    who, post = who[order], post[order]
    bearing = np.full(len(who), np.nan)
    if angles:
        toward = np.arctan2(away[who, post, 0], away[who, post, 1])
        bearing = toward + rng.vonmises(0.0, at.kappa, len(who))
    return replace(
        s,
        animal=animal[order].astype(np.int64),
        occasion=occasion[order].astype(np.int64),
        post=post.astype(np.int64),
        bearing=bearing,
        animals=len(met),
    )


def _occasion(chance: Floats, at: Detecting, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Who is detected where on one occasion (animals, posts)."""
    calls = rng.random(len(chance)) < at.pcall
    if not at.multi:
        return (rng.random(chance.shape) < chance) & calls[:, None]
    hazard = -np.log1p(-np.minimum(chance, 1 - 1e-15))
    total = hazard.sum(axis=1)
    caught = calls & (rng.random(len(chance)) < -np.expm1(-total))
    by = np.cumsum(hazard, axis=1) / np.where(total > 0, total, 1.0)[:, None]
    where = np.minimum((rng.random(len(chance))[:, None] > by).sum(axis=1), chance.shape[1] - 1)
    out = np.zeros(chance.shape, bool)
    out[np.flatnonzero(caught), where[caught]] = True
    return out


def expected_at_posts(s: Heard, at: Detecting, density: float) -> Floats:
    """Detections expected at each post over all occasions, `density` in animals a unit of area."""
    chance = at.chance(np.sqrt(s.square))
    out = np.zeros(len(chance))
    for manned, times in zip(s.pattern, s.occasions, strict=True):
        own = chance * (manned > 0)[:, None]
        if at.multi:  # the detectors compete: each catches its share of the total hazard
            hazard = -np.log1p(-np.minimum(own, 1 - 1e-15))
            total = hazard.sum(axis=0)
            own = hazard * -np.expm1(-total) / np.where(total > 0, total, 1.0)
        out += times * at.pcall * own.sum(axis=1)
    return out * density * s.cell
