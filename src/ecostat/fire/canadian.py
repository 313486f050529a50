"""The Canadian Forest Fire Weather Index, to compare the P index with."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.fire.weather import daily

Floats = NDArray[np.float64]

# hours of effective day length for DMC and the seasonal term of DC, month by month, by band of latitude
# (Lawson & Armitage 2008 Weather Guide for the Canadian Forest Fire Danger Rating System)
_DAY: Final = {
    30: (6.5, 7.5, 9.0, 12.8, 13.9, 13.9, 12.4, 10.9, 9.4, 8.0, 7.0, 6.0),
    10: (7.9, 8.4, 8.9, 9.5, 9.9, 10.2, 10.1, 9.7, 9.1, 8.6, 8.1, 7.8),
    -10: (9.0,) * 12,
    -30: (10.1, 9.6, 9.1, 8.5, 8.1, 7.8, 7.9, 8.3, 8.9, 9.4, 9.9, 10.2),
    -91: (11.5, 10.5, 9.2, 7.9, 6.8, 6.2, 6.5, 7.4, 8.7, 10.0, 11.2, 11.8),
}
_SEASON: Final = {
    20: (-1.6, -1.6, -1.6, 0.9, 3.8, 5.8, 6.4, 5.0, 2.4, 0.4, -1.6, -1.6),
    -20: (1.4,) * 12,
    -91: (6.4, 5.0, 2.4, 0.4, -1.6, -1.6, -1.6, -1.6, -1.6, 0.9, 3.8, 5.8),
}


@dataclass(frozen=True)
class Fwi:
    """Moisture codes of three fuels and the indices of fire behaviour, each shaped like the weather.

    `ffmc` litter, `dmc` duff, `dc` deep humus; `isi` spread, `bui` fuel, `fwi` intensity, `dsr` severity.
    """

    ffmc: Floats
    dmc: Floats
    dc: Floats
    isi: Floats
    bui: Floats
    fwi: Floats
    dsr: Floats


def fwi(
    temperature: ArrayLike,
    humidity: ArrayLike,
    wind: ArrayLike,
    rain: ArrayLike,
    month: ArrayLike,
    *,
    lat: float = 46.0,
    ffmc: float = 85.0,
    dmc: float = 6.0,
    dc: float = 15.0,
) -> Fwi:
    """The system of Van Wagner (1987, Forestry Technical Report 35) run through consecutive days.

    Weather at noon: °C, %, km/h at 10 m, mm in 24 h; (days,) or (days, places); `month` (days,) 1 to 12;
    `ffmc`, `dmc`, `dc`: codes of the day before. From the first missing day on a place's codes are NaN.
    """
    t, rh, w, mm = daily(temperature=temperature, humidity=humidity, wind=wind, rain=rain)
    months = gates.numbers("month", month, size=t.shape[0], low=1, high=12, whole=True, missing=False).astype(
        np.int64
    )
    lat = gates.number("lat", lat, low=-90, high=90)
    ffmc, dmc = gates.number("ffmc", ffmc, low=0, high=101), gates.number("dmc", dmc, low=0, high=10_000)
    dc = gates.number("dc", dc, low=0, high=10_000)
    day = next(v for bound, v in _DAY.items() if lat > bound)
    season = next(v for bound, v in _SEASON.items() if lat > bound)
    f, p, d = (np.full(t.shape[1:], start) for start in (ffmc, dmc, dc))
    codes = np.empty((3, *t.shape))
    for i, m in enumerate(months):
        f = _litter(f, t[i], rh[i], w[i], mm[i])
        p = _duff(p, t[i], rh[i], mm[i], day[m - 1])
        d = _humus(d, t[i], mm[i], season[m - 1])
        codes[0, i], codes[1, i], codes[2, i] = f, p, d
    return _indices(codes[0], codes[1], codes[2], w)


def _litter(code: Floats, t: Floats, rh: Floats, wind: Floats, rain: Floats) -> Floats:
    """Fine Fuel Moisture Code, equations 1 to 10."""
    m = 147.2 * (101 - code) / (59.5 + code)
    net = np.maximum(rain - 0.5, 1e-12)
    wet = m + 42.5 * net * np.exp(-100 / (251 - m)) * (1 - np.exp(-6.93 / net))
    wet += np.where(m > 150, 0.0015 * (m - 150) ** 2 * np.sqrt(net), 0)
    m = np.where(rain > 0.5, np.minimum(wet, 250), m)

    warm = 0.18 * (21.1 - t) * (1 - np.exp(-0.115 * rh))
    drying = 0.942 * rh**0.679 + 11 * np.exp((rh - 100) / 10) + warm
    wetting = 0.618 * rh**0.753 + 10 * np.exp((rh - 100) / 10) + warm

    def rate(h: Floats) -> Floats:
        base = 0.424 * (1 - h**1.7) + 0.0694 * np.sqrt(wind) * (1 - h**8)
        return 10 ** (-base * 0.581 * np.exp(0.0365 * t))

    dry = drying + (m - drying) * rate(rh / 100)
    damp = wetting - (wetting - m) * rate(1 - rh / 100)
    m = np.where(m > drying, dry, np.where(m < wetting, damp, m)) + 0 * (t + rh + wind + rain)
    return np.clip(59.5 * (250 - m) / (147.2 + m), 0, 101)


def _duff(code: Floats, t: Floats, rh: Floats, rain: Floats, hours: float) -> Floats:
    """Duff Moisture Code, equations 11 to 17."""
    net = 0.92 * rain - 1.27
    m = 20 + 280 / np.exp(0.023 * code)  # equation 12 as the official program of 1985 evaluates it
    safe = np.maximum(code, 1e-12)
    slope = np.where(
        code <= 33,
        100 / (0.5 + 0.3 * code),
        np.where(code <= 65, 14 - 1.3 * np.log(safe), 6.2 * np.log(safe) - 17.2),
    )
    wet = m + 1000 * net / (48.77 + slope * net)
    with np.errstate(invalid="ignore", divide="ignore"):  # net is negative on days without enough rain
        after = np.maximum(43.43 * (5.6348 - np.log(wet - 20)), 0)
    start = np.where(rain > 1.5, after, code)
    return start + 1.894e-4 * (np.maximum(t, -1.1) + 1.1) * (100 - rh) * hours + 0 * rain


def _humus(code: Floats, t: Floats, rain: Floats, season: float) -> Floats:
    """Drought Code, equations 18 to 23."""
    water = 800 * np.exp(-code / 400) + 3.937 * (0.83 * rain - 1.27)
    after = np.maximum(400 * np.log(800 / np.maximum(water, 1e-12)), 0)
    start = np.where(rain > 2.8, after, code)
    return start + 0.5 * np.maximum(0.36 * (np.maximum(t, -2.8) + 2.8) + season, 0) + 0 * rain


def _indices(ffmc: Floats, dmc: Floats, dc: Floats, wind: Floats) -> Fwi:
    """Equations 24 to 31 and 41."""
    m = 147.2 * (101 - ffmc) / (59.5 + ffmc)
    isi = 0.208 * np.exp(0.05039 * wind) * 91.9 * np.exp(-0.1386 * m) * (1 + m**5.31 / 4.93e7)
    both = np.maximum(dmc + 0.4 * dc, 1e-12)
    more = dmc - (1 - 0.8 * dc / both) * (0.92 + (0.0114 * dmc) ** 1.7)
    bui = np.maximum(np.where(dmc <= 0.4 * dc, 0.8 * dmc * dc / both, more), 0)
    fuel = np.where(bui <= 80, 0.626 * bui**0.809 + 2, 1000 / (25 + 108.64 * np.exp(-0.023 * bui)))
    b = 0.1 * isi * fuel
    above = np.exp(2.72 * (0.434 * np.log(np.maximum(b, 1 + 1e-12))) ** 0.647)
    index = np.where(b > 1, above, b)
    return Fwi(ffmc, dmc, dc, isi, bui, index, 0.0272 * index**1.77)
