"""Detection keys and adjustment series: g(x) with its slopes, on arrays of any matching shapes."""

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from ecostat.floats import Floats

# name → (coefficients besides the log-scale, g with slopes in log σ and, for two-parameter keys, log shape)
Key = Callable[[Floats, Floats, float], tuple[Floats, Floats, Floats | None]]


def half_normal(x: Floats, log_sigma: Floats, log_shape: float) -> tuple[Floats, Floats, Floats | None]:
    """exp(-x² / 2σ²)."""
    square = (x * np.exp(-log_sigma)) ** 2
    g = np.exp(-0.5 * square)
    return g, g * square, None


def hazard_rate(x: Floats, log_sigma: Floats, log_shape: float) -> tuple[Floats, Floats, Floats | None]:
    """1 - exp(-(x / σ)^-b), flat near 0 and heavy in the tail; b = exp(log_shape)."""
    b = np.exp(log_shape)
    with np.errstate(divide="ignore"):
        log_x = np.maximum(np.log(x), -600.0) - log_sigma
    t = np.exp(np.clip(-b * log_x, -700.0, 700.0))
    fall = np.exp(-t) * t * b
    return -np.expm1(-t), fall, -fall * log_x


def exponential(x: Floats, log_sigma: Floats, log_shape: float) -> tuple[Floats, Floats, Floats | None]:
    """exp(-x / σ): a spike at 0, kept for comparison with other software."""
    ratio = x * np.exp(-log_sigma)
    g = np.exp(-ratio)
    return g, g * ratio, None


def uniform(x: Floats, log_sigma: Floats, log_shape: float) -> tuple[Floats, Floats, Floats | None]:
    """1 everywhere: no parameter of its own."""
    one = np.ones(np.broadcast_shapes(np.shape(x), np.shape(log_sigma)))
    return one, np.zeros_like(one), None


KEYS: dict[str, Key] = {"hn": half_normal, "hr": hazard_rate, "exp": exponential, "unif": uniform}
SCALED = {"hn": True, "hr": True, "exp": True, "unif": False}
SHAPED = {"hn": False, "hr": True, "exp": False, "unif": False}


def cosine(z: Floats, order: int) -> Floats:
    """cos(jπz)."""
    return np.cos(order * np.pi * z)


def hermite(z: Floats, order: int) -> Floats:
    """The probabilists' Hermite polynomial of that order."""
    return np.asarray(np.polynomial.hermite_e.hermeval(z, [0.0] * order + [1.0]), np.float64)


def simple(z: Floats, order: int) -> Floats:
    """z^j."""
    return z**order


SERIES: dict[str, Callable[[Floats, int], Floats]] = {"cosine": cosine, "hermite": hermite, "poly": simple}


def default_orders(key: str, series: str, terms: int) -> tuple[int, ...]:
    """The orders used when only a number of terms is given: those that the key itself does not span
    (Buckland et al. 2001, table 2.1): cosine 1, 2, 3 … with the uniform key and 2, 3 … with the others; even
    orders from 2 (uniform) or 4 for the polynomials."""
    if series == "cosine":
        low = 1 if key == "unif" else 2
        return tuple(range(low, low + terms))
    low = 2 if key == "unif" else 4
    return tuple(range(low, low + 2 * terms, 2))


def series(kind: str | None, orders: Sequence[int], z: Floats) -> Floats:
    """The adjustment terms at z = x / w, one along a new last axis."""
    if kind is None or not orders:
        return np.empty((*np.shape(z), 0))
    return np.stack([SERIES[kind](z, j) for j in orders], axis=-1)


@lru_cache
def _gauss(count: int) -> tuple[Floats, Floats]:
    """Gauss-Legendre points and weights on -1 … 1."""
    at, weight = np.polynomial.legendre.leggauss(count)
    return at, weight


def nodes(left: Floats | float, right: Floats | float, count: int) -> tuple[Floats, Floats]:
    """Gauss-Legendre points and weights between `left` and `right`, along a new last axis."""
    at, weight = _gauss(count)
    low, high = np.asarray(left, float)[..., None], np.asarray(right, float)[..., None]
    half = (high - low) / 2
    return low + half * (at + 1), half * weight
