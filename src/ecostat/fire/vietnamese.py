"""The P index of forest-fire danger used in Việt Nam: dry days add up, rain sets it back."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.errors import EcostatError
from ecostat.fire.weather import daily

Floats = NDArray[np.float64]


def saturation_deficit(temperature: ArrayLike, humidity: ArrayLike) -> Floats:
    """Millibars of water vapour the air could still take up, by the Magnus formula (WMO-No. 8, annex 4.B)."""
    t, rh = daily(temperature=temperature, humidity=humidity)
    return 6.112 * np.exp(17.62 * t / (243.12 + t)) * (1 - rh / 100)


def p_index(
    temperature: ArrayLike,
    humidity: ArrayLike | None = None,
    rain: ArrayLike | None = None,
    *,
    reset_mm: ArrayLike | None = None,
    rain_factor: Sequence[tuple[float, float]] | None = None,
    deficit: ArrayLike | None = None,
    start: ArrayLike = 0.0,
) -> Floats:
    """P at the end of each day: K × (P of yesterday + t₁₃ × d₁₃) (Phạm Ngọc Hưng's form of Nesterov 1949).

    `temperature`, `humidity` at 13:00, `rain` of the day; `deficit` in mbar instead of humidity where it was
    measured. K is 0 when more than `reset_mm` fell, else 1; or comes from `rain_factor`. Both differ between
    provinces and months, so one of them must be given. Days below 0 °C add nothing.
    """
    if rain is None:
        raise EcostatError("the P index needs the rain of every day")
    if (humidity is None) == (deficit is None):
        raise EcostatError("give the humidity at 13:00 or the saturation deficit, one of them")
    if (reset_mm is None) == (rain_factor is None):
        raise EcostatError(
            "give reset_mm or rain_factor, one of them: the province's decision says which rain resets P"
        )
    if deficit is None:
        assert humidity is not None
        deficit = saturation_deficit(temperature, humidity)
    t, d, mm = daily(temperature=temperature, deficit=deficit, rain=rain)
    return _add_up(np.maximum(t, 0) * d, _factor(mm, reset_mm, rain_factor), start)


def nesterov(
    temperature: ArrayLike,
    dew_point: ArrayLike,
    rain: ArrayLike,
    *,
    reset_mm: ArrayLike = 3.0,
    start: ArrayLike = 0.0,
) -> Floats:
    """Nesterov's (1949) ignition index: t × (t - dew point) added up since more than 3 mm of rain fell."""
    t, dew, mm = daily(temperature=temperature, dew_point=dew_point, rain=rain)
    if (dew > t).any():
        raise EcostatError("a dew point above the temperature cannot be: are the columns swapped?")
    return _add_up(np.maximum(t, 0) * (t - dew), _factor(mm, reset_mm, None), start)


def danger_level(p: ArrayLike, limits: Sequence[float]) -> NDArray[np.int64]:
    """The level of danger, 1 upward: P up to `limits[0]` is 1, above the last is len(limits) + 1; -1 unknown.

    `limits` are those of the province's decision (levels I to V need four); none is built in.
    """
    at = gates.numbers("p", p, dims=(0, 1, 2), low=0)
    edge = gates.numbers("limits", limits, above=0, missing=False)
    if edge.size == 0 or not (np.diff(edge) > 0).all():
        raise EcostatError(f"the limits of the levels rise from above 0, not {limits!r}")
    level = np.searchsorted(edge, at, side="left") + 1
    return np.where(np.isnan(at), -1, level).astype(np.int64)


def _factor(mm: Floats, reset_mm: ArrayLike | None, table: Sequence[tuple[float, float]] | None) -> Floats:
    if table is None:
        limit = gates.numbers("reset_mm", reset_mm, dims=(0, 1, 2), low=0, missing=False)
        if limit.ndim and limit.shape != mm.shape:
            if limit.shape != mm.shape[:1]:
                raise EcostatError(f"reset_mm has {limit.shape} values for weather of {mm.shape}")
            limit = limit[:, None]
        k = np.where(mm > limit, 0.0, 1.0)
    else:
        steps = gates.numbers("rain_factor", table, dims=2, low=0, missing=False)
        rows = sorted(map(tuple, steps.tolist()))
        if not rows or steps.shape[1] != 2 or (steps[:, 1] > 1).any():
            raise EcostatError("rain_factor is a table of (mm from 0 up, K between 0 and 1)")
        edges, values = np.array([m for m, _ in rows]), np.array([1.0, *(k for _, k in rows)])
        k = values[np.searchsorted(edges, mm, side="left")]
    return np.where(np.isnan(mm), np.nan, k)


def _add_up(dry: Floats, k: Floats, start: ArrayLike) -> Floats:
    before = gates.numbers("start", start, dims=(0, 1), low=0)
    if before.size not in (1, *dry.shape[1:]):
        raise EcostatError(f"start has {before.size} values for weather of {dry.shape}")
    p = np.broadcast_to(before if before.size > 1 else before.reshape(()), dry.shape[1:]).copy()
    out = np.empty_like(dry)
    for day in range(len(dry)):
        # after enough rain the index is known again, whatever came before
        p = np.where(k[day] == 0, 0.0, k[day] * (p + dry[day]))
        out[day] = p
    return out
