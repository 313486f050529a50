"""The integrals over a mask behind an SECR likelihood, with their slopes in σ, g0, κ, pcall and shape.

Detectors either work apart ("proximity": several may detect an animal on one occasion) or compete ("multi":
an animal is held by the first). Both miss it with the same chance, so only the detections differ.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, QhullError
from scipy.special import i0e, i1e

from ecostat.capture.surveys import ArraySurvey
from ecostat.floats import Floats


class Detecting(NamedTuple):
    """Detection on its natural scale: the `form` ("hn" 0, "ex" 1, "hr" 2), whether detectors compete, σ, g0,
    κ, pcall and the shape of the hazard rate."""

    form: int
    multi: bool
    sigma: float
    g0: float
    kappa: float
    pcall: float
    shape: float

    def chance(self, distance: Floats) -> Floats:
        """Chance that one detector detects a calling animal at these distances on one occasion."""
        ratio = distance / self.sigma
        if self.form == 0:
            return self.g0 * np.exp(-0.5 * ratio**2)
        if self.form == 1:
            return self.g0 * np.exp(-ratio)
        with np.errstate(divide="ignore", over="ignore"):
            return -self.g0 * np.expm1(-(ratio**-self.shape))


FORMS = {"hn": 0, "ex": 1, "hr": 2}


class Sheet(NamedTuple):
    """The arrays of one survey that the integrals read, see `Heard`."""

    square: Floats
    pattern: Floats
    occasions: NDArray[np.int64]
    first: NDArray[np.int64]
    post: NDArray[np.int64]
    cosine: Floats
    has_angle: Floats
    silent: Floats
    active: Floats


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

    @cached_property
    def sheet(self) -> Sheet:
        """What the compiled loop reads."""
        return Sheet(*(getattr(self, name) for name in Sheet._fields))

    def rim(self, at: "Detecting") -> float:
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


def array_scores(s: Heard, at: Detecting, *, only_area: bool = False) -> tuple[float, Floats, float, Floats]:
    """Σ log ∫ f(history | x) dx over the animals, its slopes in (log σ, logit g0, log κ, logit pcall, log
    shape), the effective area, and its slopes."""
    animals = 0 if only_area else len(s.first) - 1
    sheet = s.sheet._replace(first=s.first[: animals + 1])
    log_circle = float(np.log(2 * np.pi * i0e(at.kappa)) + at.kappa) if at.kappa > 0 else 0.0
    value, slope, area, in_area = _scores(sheet, at, log_circle, float(i1e(at.kappa) / i0e(at.kappa)))
    return value + animals * np.log(s.cell), slope, area * s.cell, in_area * s.cell


@njit(cache=True, fastmath=True)
def _scores(
    sheet: Sheet, at: Detecting, log_circle: float, bessel: float
) -> tuple[float, Floats, float, Floats]:
    """The sums over the mask; `log_circle` and `bessel` are log 2π I0(κ) and I1(κ) / I0(κ)."""
    square, pattern, occasions, post = sheet.square, sheet.pattern, sheet.occasions, sheet.post
    first, cosine, has_angle = sheet.first, sheet.cosine, sheet.has_angle
    silent, active = sheet.silent, sheet.active
    multi, sigma, g0, kappa, pcall = at.multi, at.sigma, at.g0, at.kappa, at.pcall
    hazard_rate, half_normal = at.form == 2, at.form == 0
    posts, points = square.shape
    patterns = pattern.shape[0]
    odds = np.empty((posts, points))  # log p / (1 - p)
    odds_sigma = np.empty((posts, points))
    odds_g0 = np.empty((posts, points))
    odds_shape = np.zeros((posts if hazard_rate else 1, points))
    calm = np.zeros((patterns, points))  # log-probability that no manned post detects a calling animal
    calm_sigma = np.zeros((patterns, points))
    calm_g0 = np.zeros((patterns, points))
    calm_shape = np.zeros((patterns, points))
    empty = np.ones((patterns, points))  # exp(calm)
    log_g0 = np.log(g0)
    for k in range(posts):
        for x in range(points):
            in_shape = 0.0
            if hazard_rate:
                log_ratio = 0.5 * np.log(square[k, x]) - np.log(sigma)
                t = np.exp(min(max(-at.shape * log_ratio, -700.0), 700.0))
                missed = np.exp(-t)
                p = -np.expm1(-t)
                fall = -np.log(max(p, 1e-300))
                in_sigma = at.shape * t * missed / max(p, 1e-300) if t > 1e-8 else at.shape
                in_shape = -log_ratio * in_sigma
                q = 1.0 - g0 + g0 * missed
            else:
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
                if hazard_rate:
                    odds_shape[k, x] = p / q * in_shape / hazard
            else:
                odds[k, x] = log_g0 - fall - log_q
                odds_sigma[k, x] = in_sigma / q
                odds_g0[k, x] = (1.0 - g0) / q
                if hazard_rate:
                    odds_shape[k, x] = in_shape / q
            for a in range(patterns):
                if pattern[a, k] > 0:
                    calm[a, x] += log_q
                    empty[a, x] *= q
                    calm_sigma[a, x] -= p / q * in_sigma
                    calm_g0[a, x] -= p / q * (1.0 - g0)
                    if hazard_rate:
                        calm_shape[a, x] -= p / q * in_shape
    area = 0.0
    in_area = np.zeros(5)
    still = np.empty((patterns, points))  # log-probability of no detection on one occasion
    still_sigma = np.empty((patterns, points))
    still_g0 = np.empty((patterns, points))
    still_shape = np.empty((patterns, points))
    still_call = np.empty((patterns, points))
    for x in range(points):
        gone, m_sigma, m_g0, m_call, m_shape = 1.0, 0.0, 0.0, 0.0, 0.0
        for a in range(patterns):
            none = max(1.0 - pcall + pcall * empty[a, x], 1e-300)
            still[a, x] = np.log(none) if pcall < 1.0 else calm[a, x]
            share = pcall * empty[a, x] / none
            still_sigma[a, x] = share * calm_sigma[a, x]
            still_g0[a, x] = share * calm_g0[a, x]
            if hazard_rate:
                still_shape[a, x] = share * calm_shape[a, x]
                m_shape += occasions[a] * still_shape[a, x]
            still_call[a, x] = pcall * (1.0 - pcall) * (empty[a, x] - 1.0) / none
            gone *= none ** occasions[a]
            m_sigma += occasions[a] * still_sigma[a, x]
            m_g0 += occasions[a] * still_g0[a, x]
            m_call += occasions[a] * still_call[a, x]
        area += 1.0 - gone
        in_area[0] -= gone * m_sigma
        in_area[1] -= gone * m_g0
        in_area[3] -= gone * m_call
        in_area[4] -= gone * m_shape
    if multi:  # from here calm is the log of (chance of detection / total hazard) of an occasion with one
        for a in range(patterns):
            for x in range(points):
                hazard = max(-calm[a, x], 1e-300)
                once = max(-np.expm1(-hazard), 1e-300)
                turn = (1.0 - once) / once - 1.0 / hazard
                calm[a, x] = np.log(once / hazard)
                calm_sigma[a, x] *= -turn
                calm_g0[a, x] *= -turn
                calm_shape[a, x] *= -turn
    value = 0.0
    slope = np.zeros(5)
    logs, weight = np.empty(points), np.empty(points)
    place = np.empty(points, np.int64)
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
        total, near = 0.0, 0
        for x in range(points):
            w = logs[x] - largest
            if w >= -40.0:
                w = np.exp(w)
                total += w
                weight[near], place[near] = w, x
                near += 1
        t_sigma, t_g0, t_kappa, t_call, t_shape = 0.0, 0.0, 0.0, 0.0, 0.0
        for a in range(patterns):
            none, some = silent[i, a], active[i, a]
            for n in range(near):
                x, w = place[n], weight[n]
                t_sigma += w * (none * still_sigma[a, x] + some * calm_sigma[a, x])
                t_g0 += w * (none * still_g0[a, x] + some * calm_g0[a, x])
                t_call += w * none * still_call[a, x]
            if hazard_rate:
                for n in range(near):
                    x, w = place[n], weight[n]
                    t_shape += w * (none * still_shape[a, x] + some * calm_shape[a, x])
        for d in range(first[i], first[i + 1]):
            k = post[d]
            for n in range(near):
                x, w = place[n], weight[n]
                t_sigma += w * odds_sigma[k, x]
                t_g0 += w * odds_g0[k, x]
                t_kappa += w * cosine[d, x]
            if hazard_rate:
                for n in range(near):
                    t_shape += weight[n] * odds_shape[k, place[n]]
        value += largest + np.log(total)
        slope[0] += t_sigma / total
        slope[1] += t_g0 / total
        slope[2] += kappa * (t_kappa / total - angles * bessel)
        slope[3] += t_call / total + called * (1.0 - pcall)
        slope[4] += t_shape / total
    return value, slope, area, in_area
