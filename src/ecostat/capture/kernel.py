"""The integrals over a mask behind an SECR likelihood, with their slopes in σ, g0, κ and pcall.

Detectors either work apart ("proximity": several may detect an animal on one occasion) or compete ("multi":
an animal is held by the first). Both miss it with the same chance, so only the detections differ.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, QhullError

from ecostat.capture.surveys import ArraySurvey
from ecostat.floats import Floats


@dataclass(frozen=True)
class Heard:
    """A survey prepared once: squared distances (posts, points), the distinct patterns of manned posts with
    how many occasions each had, and for each detection the cosine of its bearing error at every point."""

    square: Floats
    cell: float
    pattern: Floats  # (patterns, posts)
    occasions: NDArray[np.int64]  # (patterns,)
    first: NDArray[np.int64]  # (animals + 1,): detections of animal i are first[i] … first[i + 1] - 1
    post: NDArray[np.int64]
    cosine: Floats  # (detections, points); 0 where there is no bearing
    has_angle: Floats
    silent: Floats  # (animals, patterns): occasions without a detection
    active: Floats  # (animals, patterns): occasions with one
    hull: NDArray[np.intp]

    def rim(self, detect: str, sigma: float, g0: float, pcall: float) -> float:
        """The largest chance of being detected at all on the hull of the mask."""
        square = self.square[:, self.hull]
        p = g0 * np.exp(-square / (2 * sigma**2) if detect == "hn" else -np.sqrt(square) / sigma)
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
    cosine = np.zeros((len(post), len(mask)))
    if has.any():
        toward = np.arctan2(away[..., 0], away[..., 1])
        cosine[has] = np.cos(bearing[has][:, None] - toward[post[has]])
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
        np.searchsorted(animal, np.arange(s.animals + 1)).astype(np.int64),
        post,
        cosine,
        has.astype(float),
        occasions[None] - active,
        active,
        hull,
    )


def array_scores(
    s: Heard,
    detect: str,
    sigma: float,
    g0: float,
    kappa: float,
    pcall: float,
    log_circle: float,
    bessel: float,
    *,
    multi: bool = False,
    only_area: bool = False,
) -> tuple[float, Floats, float, Floats]:
    """Σ log ∫ f(history | x) dx over the animals, its slopes in (log σ, logit g0, log κ, logit pcall), the
    effective area, and its slopes."""
    animals = 0 if only_area else len(s.first) - 1
    value, slope, area, in_area = _scores(
        s.square,
        s.pattern,
        s.occasions,
        s.first[: animals + 1],
        s.post,
        s.cosine,
        s.has_angle,
        s.silent,
        s.active,
        detect == "hn",
        multi,
        sigma,
        g0,
        kappa,
        pcall,
        log_circle,
        bessel,
    )
    return value + animals * np.log(s.cell), slope, area * s.cell, in_area * s.cell


@njit(cache=True, fastmath=True)
def _scores(  # type: ignore[no-untyped-def]
    square,
    pattern,
    occasions,
    first,
    post,
    cosine,
    has_angle,
    silent,
    active,
    half_normal,
    multi,
    sigma,
    g0,
    kappa,
    pcall,
    log_circle,
    bessel,
):
    """The sums over the mask; every array is one survey's, see `Heard`."""
    posts, points = square.shape
    patterns = pattern.shape[0]
    odds = np.empty((posts, points))  # log p / (1 - p)
    odds_sigma = np.empty((posts, points))
    odds_g0 = np.empty((posts, points))
    calm = np.zeros((patterns, points))  # log-probability that no manned post detects a calling animal
    calm_sigma = np.zeros((patterns, points))
    calm_g0 = np.zeros((patterns, points))
    empty = np.ones((patterns, points))  # exp(calm)
    log_g0 = np.log(g0)
    for k in range(posts):
        for x in range(points):
            if half_normal:
                fall = square[k, x] / (2.0 * sigma * sigma)
                in_sigma = 2.0 * fall
            else:
                fall = np.sqrt(square[k, x]) / sigma
                in_sigma = fall
            p = np.exp(-fall)
            q = 1.0 - g0 * p
            if q < 0.01:  # 1 - p loses digits close to a post
                q = 1.0 - g0 - g0 * np.expm1(-fall)
            p *= g0
            q = max(q, 1e-300)
            log_q = np.log(q)
            if multi:  # log hazard: the detectors compete for an animal
                hazard = max(-log_q, 1e-300)
                odds[k, x] = np.log(hazard)
                odds_sigma[k, x] = p / q * in_sigma / hazard
                odds_g0[k, x] = p / q * (1.0 - g0) / hazard
            else:
                odds[k, x] = log_g0 - fall - log_q
                odds_sigma[k, x] = in_sigma / q
                odds_g0[k, x] = (1.0 - g0) / q
            for a in range(patterns):
                if pattern[a, k] > 0:
                    calm[a, x] += log_q
                    empty[a, x] *= q
                    calm_sigma[a, x] -= p / q * in_sigma
                    calm_g0[a, x] -= p / q * (1.0 - g0)
    area = 0.0
    in_area = np.zeros(4)
    still = np.empty((patterns, points))  # log-probability of no detection on one occasion
    still_sigma = np.empty((patterns, points))
    still_g0 = np.empty((patterns, points))
    still_call = np.empty((patterns, points))
    for x in range(points):
        gone, m_sigma, m_g0, m_call = 1.0, 0.0, 0.0, 0.0
        for a in range(patterns):
            none = max(1.0 - pcall + pcall * empty[a, x], 1e-300)
            still[a, x] = np.log(none) if pcall < 1.0 else calm[a, x]
            share = pcall * empty[a, x] / none
            still_sigma[a, x] = share * calm_sigma[a, x]
            still_g0[a, x] = share * calm_g0[a, x]
            still_call[a, x] = pcall * (1.0 - pcall) * (empty[a, x] - 1.0) / none
            gone *= none ** occasions[a]
            m_sigma += occasions[a] * still_sigma[a, x]
            m_g0 += occasions[a] * still_g0[a, x]
            m_call += occasions[a] * still_call[a, x]
        area += 1.0 - gone
        in_area[0] -= gone * m_sigma
        in_area[1] -= gone * m_g0
        in_area[3] -= gone * m_call
    if multi:  # from here calm is the log of (chance of detection / total hazard) of an occasion with one
        for a in range(patterns):
            for x in range(points):
                hazard = max(-calm[a, x], 1e-300)
                once = max(-np.expm1(-hazard), 1e-300)
                turn = (1.0 - once) / once - 1.0 / hazard
                calm[a, x] = np.log(once / hazard)
                calm_sigma[a, x] *= -turn
                calm_g0[a, x] *= -turn
    value = 0.0
    slope = np.zeros(4)
    logs = np.empty(points)
    for i in range(len(first) - 1):
        called, angles = 0.0, 0.0
        for a in range(patterns):
            called += active[i, a]
        for d in range(first[i], first[i + 1]):
            angles += has_angle[d]
        logs[:] = called * np.log(pcall) - angles * log_circle
        for a in range(patterns):
            if silent[i, a] > 0:
                for x in range(points):
                    logs[x] += silent[i, a] * still[a, x]
            if active[i, a] > 0:
                for x in range(points):
                    logs[x] += active[i, a] * calm[a, x]
        for d in range(first[i], first[i + 1]):
            k = post[d]
            for x in range(points):
                logs[x] += odds[k, x] + kappa * cosine[d, x]
        largest = logs[0]
        for x in range(points):
            largest = max(largest, logs[x])
        total, t_sigma, t_g0, t_kappa, t_call = 0.0, 0.0, 0.0, 0.0, 0.0
        for x in range(points):
            w = logs[x] - largest
            if w < -40.0:
                continue
            w = np.exp(w)
            s_sigma, s_g0, s_kappa, s_call = 0.0, 0.0, 0.0, 0.0
            for a in range(patterns):
                s_sigma += silent[i, a] * still_sigma[a, x] + active[i, a] * calm_sigma[a, x]
                s_g0 += silent[i, a] * still_g0[a, x] + active[i, a] * calm_g0[a, x]
                s_call += silent[i, a] * still_call[a, x]
            for d in range(first[i], first[i + 1]):
                s_sigma += odds_sigma[post[d], x]
                s_g0 += odds_g0[post[d], x]
                s_kappa += cosine[d, x]
            total += w
            t_sigma += w * s_sigma
            t_g0 += w * s_g0
            t_kappa += w * s_kappa
            t_call += w * s_call
        value += largest + np.log(total)
        slope[0] += t_sigma / total
        slope[1] += t_g0 / total
        slope[2] += kappa * (t_kappa / total - angles * bessel)
        slope[3] += t_call / total + called * (1.0 - pcall)
    return value, slope, area, in_area
