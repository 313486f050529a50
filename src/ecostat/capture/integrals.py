"""The integrals over a mask behind an SECR likelihood, with their slopes in σ, g0, κ, pcall and shape.

Detectors either work apart ("proximity": several may detect an animal on one occasion) or compete ("multi":
an animal is held by the first). Both miss it with the same chance, so only the detections differ. A table
holds a logarithm in its row 0 and its slopes in log σ, logit g0 and log shape in rows 1 to 3.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ecostat.floats import Floats

#: Cells of animals × points that are held at once.
_AT_ONCE = 2_000_000


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
    met: Floats
    turned: Floats
    angles: Floats
    silent: Floats
    active: Floats

    def of_animals(self, who: slice) -> "Sheet":
        """The same sheet with some of the animals alone."""
        rows = ("met", "turned", "angles", "silent", "active")
        return self._replace(**{name: getattr(self, name)[who] for name in rows})


def scores(
    sheet: Sheet, at: Detecting, log_circle: float, bessel: float
) -> tuple[float, Floats, float, Floats]:
    """Σ log of the integrals over the animals and the effective area, in mask points, each with slopes in (log
    σ, logit g0, log κ, logit pcall, log shape); `log_circle` and `bessel`: log 2π I0(κ) and I1(κ) / I0(κ)."""
    with np.errstate(divide="ignore", over="ignore", under="ignore"):
        odds, calm = _detected(sheet, at)
        still, area, in_area = _missed(sheet, at, calm)
        if at.multi:
            _caught_once(calm)
        value, slope = _histories(sheet, at, odds, calm, still, log_circle, bessel)
    return value, slope, area, in_area


def _detected(sheet: Sheet, at: Detecting) -> tuple[Floats, Floats]:
    """At each point: the log-odds that a post detects (4, posts, points), or its log hazard where detectors
    compete; the log-chance that no manned post of a pattern detects a calling animal (4, patterns, points)."""
    p, fall, in_sigma, in_shape, q = _curve(sheet.square, at)
    p, q = p * at.g0, np.maximum(q, 1e-300)
    log_q, ratio = np.log(q), p / q
    odds = np.empty((4, *q.shape))
    if at.multi:  # log hazard: the detectors compete for an animal
        hazard = np.maximum(-log_q, 1e-300)
        odds[0] = np.log(hazard)
        share = ratio / hazard
        odds[1], odds[2], odds[3] = share * in_sigma, share * (1.0 - at.g0), share * in_shape
    else:
        odds[0] = np.log(at.g0) - fall - log_q
        odds[1], odds[2], odds[3] = in_sigma / q, (1.0 - at.g0) / q, in_shape / q
    manned = (sheet.pattern > 0).astype(np.float64)
    lost = (log_q, -ratio * in_sigma, -ratio * (1.0 - at.g0), -ratio * in_shape)
    return odds, np.stack([manned @ each for each in lost])


def _curve(square: Floats, at: Detecting) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Of each squared distance: the detection curve and its negative logarithm, the slopes of that in log σ and
    log shape, and the chance of no detection."""
    none = np.zeros_like(square)
    if at.form == 2:
        log_ratio = 0.5 * np.log(square) - np.log(at.sigma)
        t = np.exp(np.clip(-at.shape * log_ratio, -700.0, 700.0))
        missed, p = np.exp(-t), -np.expm1(-t)
        some = np.maximum(p, 1e-300)
        in_sigma = np.where(t > 1e-8, at.shape * t * missed / some, at.shape)
        return p, -np.log(some), in_sigma, -log_ratio * in_sigma, 1.0 - at.g0 + at.g0 * missed
    fall = square / (2.0 * at.sigma**2) if at.form == 0 else np.sqrt(square) / at.sigma
    p = np.exp(-fall)
    q = 1.0 - at.g0 * p
    near = q < 0.01  # 1 - p loses digits close to a post
    q[near] = 1.0 - at.g0 - at.g0 * np.expm1(-fall[near])
    return p, fall, 2.0 * fall if at.form == 0 else fall, none, q


def _missed(sheet: Sheet, at: Detecting, calm: Floats) -> tuple[Floats, float, Floats]:
    """The log-chance of no detection on one occasion (5, patterns, points), row 4 its slope in logit pcall;
    and the points on which an animal is detected at all, with slopes."""
    pcall, empty = at.pcall, np.exp(calm[0])
    none = np.maximum(1.0 - pcall + pcall * empty, 1e-300)
    still = np.empty((5, *empty.shape))
    still[0] = np.log(none) if pcall < 1.0 else calm[0]
    still[1:4] = pcall * empty / none * calm[1:]
    still[4] = pcall * (1.0 - pcall) * (empty - 1.0) / none
    gone = np.exp(sheet.occasions @ np.log(none))
    lost = -(np.tensordot(sheet.occasions, still[1:], (0, 1)) @ gone)
    return still, float((1.0 - gone).sum()), np.array([lost[0], lost[1], 0.0, lost[3], lost[2]])


def _caught_once(calm: Floats) -> None:
    """The log-chance of no detection becomes that of a detection over the total hazard, which every history of
    competing detectors shares."""
    hazard = np.maximum(-calm[0], 1e-300)
    once = np.maximum(-np.expm1(-hazard), 1e-300)
    calm[0] = np.log(once / hazard)
    calm[1:] *= 1.0 / hazard - (1.0 - once) / once


def _histories(
    sheet: Sheet, at: Detecting, odds: Floats, calm: Floats, still: Floats, log_circle: float, bessel: float
) -> tuple[float, Floats]:
    """Σ log of the integral of each animal's history over the mask, and its slopes; some animals at a time."""
    animals, points = sheet.turned.shape
    value, slope = 0.0, np.zeros(5)
    many = max(1, _AT_ONCE // points)
    for low in range(0, animals, many):
        own = sheet if many >= animals else sheet.of_animals(slice(low, low + many))
        called = own.active.sum(axis=1)
        logs = own.silent @ still[0] + own.active @ calm[0] + own.met @ odds[0] + at.kappa * own.turned
        logs += (called * np.log(at.pcall) - own.angles * log_circle)[:, None]
        largest = logs.max(axis=1)
        weight = np.exp(logs - largest[:, None])
        total = weight.sum(axis=1)
        weight /= total[:, None]
        value += float((largest + np.log(total)).sum())
        slope[2] += at.kappa * float((weight * own.turned).sum() - own.angles.sum() * bessel)
        shares = (own.silent.T @ weight, own.active.T @ weight, own.met.T @ weight)
        for row, column in ((1, 0), (2, 1), (3, 4))[: 3 if at.form == 2 else 2]:
            pairs = zip(shares, (still, calm, odds), strict=True)
            slope[column] += sum(float((share * each[row]).sum()) for share, each in pairs)
        calling = float((shares[0] * still[4]).sum())
        slope[3] += calling + called.sum() * (1.0 - at.pcall)
    return value, slope
