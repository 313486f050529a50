"""The integrals over a mask behind an SECR likelihood, with their slopes in σ, g0, κ, pcall and shape.

Detectors either work apart ("proximity": several may detect an animal on one occasion) or compete ("multi":
an animal is held by the first). Both miss it with the same chance, so only the detections differ. A table
holds a logarithm in its row 0 and its slopes in log σ, logit g0 and log shape in rows 1 to 3.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

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


@njit(cache=True, fastmath=True)
def scores(
    sheet: Sheet, at: Detecting, log_circle: float, bessel: float
) -> tuple[float, Floats, float, Floats]:
    """Σ log of the integrals over the animals and the effective area, in mask points, each with slopes in (log
    σ, logit g0, log κ, logit pcall, log shape); `log_circle` and `bessel`: log 2π I0(κ) and I1(κ) / I0(κ)."""
    odds, calm, empty = _detected(sheet, at)
    still, area, in_area = _missed(sheet, at, calm, empty)
    if at.multi:
        _caught_once(calm)
    value, slope = _histories(sheet, at, odds, calm, still, log_circle, bessel)
    return value, slope, area, in_area


@njit(cache=True, fastmath=True)
def _detected(sheet: Sheet, at: Detecting) -> tuple[Floats, Floats, Floats]:
    """At each point: the log-odds that a post detects (4, posts, points), or its log hazard where detectors
    compete; the log-chance that no manned post of a pattern detects a calling animal (4, patterns, points),
    and that chance."""
    square, pattern, sigma, g0 = sheet.square, sheet.pattern, at.sigma, at.g0
    hazard_rate, half_normal, multi = at.form == 2, at.form == 0, at.multi
    posts, points = square.shape
    patterns = pattern.shape[0]
    odds = np.zeros((4, posts, points))
    calm = np.zeros((4, patterns, points))
    empty = np.ones((patterns, points))
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
                odds[0, k, x] = np.log(hazard)
                odds[1, k, x] = p / q * in_sigma / hazard
                odds[2, k, x] = p / q * (1.0 - g0) / hazard
                if hazard_rate:
                    odds[3, k, x] = p / q * in_shape / hazard
            else:
                odds[0, k, x] = log_g0 - fall - log_q
                odds[1, k, x] = in_sigma / q
                odds[2, k, x] = (1.0 - g0) / q
                if hazard_rate:
                    odds[3, k, x] = in_shape / q
            for a in range(patterns):
                if pattern[a, k] > 0:
                    calm[0, a, x] += log_q
                    empty[a, x] *= q
                    calm[1, a, x] -= p / q * in_sigma
                    calm[2, a, x] -= p / q * (1.0 - g0)
                    if hazard_rate:
                        calm[3, a, x] -= p / q * in_shape
    return odds, calm, empty


@njit(cache=True, fastmath=True)
def _missed(sheet: Sheet, at: Detecting, calm: Floats, empty: Floats) -> tuple[Floats, float, Floats]:
    """The log-chance of no detection on one occasion (5, patterns, points), row 4 its slope in logit pcall;
    and the points on which an animal is detected at all, with slopes."""
    occasions, pcall, hazard_rate = sheet.occasions, at.pcall, at.form == 2
    patterns, points = empty.shape
    area = 0.0
    in_area = np.zeros(5)
    still = np.zeros((5, patterns, points))
    for x in range(points):
        gone, m_sigma, m_g0, m_call, m_shape = 1.0, 0.0, 0.0, 0.0, 0.0
        for a in range(patterns):
            none = max(1.0 - pcall + pcall * empty[a, x], 1e-300)
            still[0, a, x] = np.log(none) if pcall < 1.0 else calm[0, a, x]
            share = pcall * empty[a, x] / none
            still[1, a, x] = share * calm[1, a, x]
            still[2, a, x] = share * calm[2, a, x]
            if hazard_rate:
                still[3, a, x] = share * calm[3, a, x]
                m_shape += occasions[a] * still[3, a, x]
            still[4, a, x] = pcall * (1.0 - pcall) * (empty[a, x] - 1.0) / none
            gone *= none ** occasions[a]
            m_sigma += occasions[a] * still[1, a, x]
            m_g0 += occasions[a] * still[2, a, x]
            m_call += occasions[a] * still[4, a, x]
        area += 1.0 - gone
        in_area[0] -= gone * m_sigma
        in_area[1] -= gone * m_g0
        in_area[3] -= gone * m_call
        in_area[4] -= gone * m_shape
    return still, area, in_area


@njit(cache=True, fastmath=True)
def _caught_once(calm: Floats) -> None:
    """The log-chance of no detection becomes that of a detection over the total hazard, which every history of
    competing detectors shares."""
    for a in range(calm.shape[1]):
        for x in range(calm.shape[2]):
            hazard = max(-calm[0, a, x], 1e-300)
            once = max(-np.expm1(-hazard), 1e-300)
            turn = (1.0 - once) / once - 1.0 / hazard
            calm[0, a, x] = np.log(once / hazard)
            for row in range(1, 4):
                calm[row, a, x] *= -turn


@njit(cache=True, fastmath=True)
def _histories(
    sheet: Sheet, at: Detecting, odds: Floats, calm: Floats, still: Floats, log_circle: float, bessel: float
) -> tuple[float, Floats]:
    """Σ log of the integral of each animal's history over the mask, and its slopes."""
    first, post, cosine, has_angle = sheet.first, sheet.post, sheet.cosine, sheet.has_angle
    silent, active, kappa, pcall = sheet.silent, sheet.active, at.kappa, at.pcall
    hazard_rate = at.form == 2
    patterns, points = calm.shape[1:]
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
                    logs[x] += silent[i, a] * still[0, a, x]
            if active[i, a] > 0:
                for x in range(points):
                    logs[x] += active[i, a] * calm[0, a, x]
        for d in range(first[i], first[i + 1]):
            k = post[d]
            for x in range(points):
                logs[x] += odds[0, k, x] + kappa * cosine[d, x]
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
                t_sigma += w * (none * still[1, a, x] + some * calm[1, a, x])
                t_g0 += w * (none * still[2, a, x] + some * calm[2, a, x])
                t_call += w * none * still[4, a, x]
            if hazard_rate:
                for n in range(near):
                    x, w = place[n], weight[n]
                    t_shape += w * (none * still[3, a, x] + some * calm[3, a, x])
        for d in range(first[i], first[i + 1]):
            k = post[d]
            for n in range(near):
                x, w = place[n], weight[n]
                t_sigma += w * odds[1, k, x]
                t_g0 += w * odds[2, k, x]
                t_kappa += w * cosine[d, x]
            if hazard_rate:
                for n in range(near):
                    t_shape += weight[n] * odds[3, k, place[n]]
        value += largest + np.log(total)
        slope[0] += t_sigma / total
        slope[1] += t_g0 / total
        slope[2] += kappa * (t_kappa / total - angles * bessel)
        slope[3] += t_call / total + called * (1.0 - pcall)
        slope[4] += t_shape / total
    return value, slope
