"""The reduction of criterion A from a series of numbers, over ten years or three generations."""

from dataclasses import dataclass

from numpy.typing import ArrayLike

from ecostat import gates
from ecostat.errors import TooFewData
from ecostat.trend.series import LogSlope, log_slope


@dataclass(frozen=True)
class Reduction:
    """Per cent lost over `window` years: `low`, `best`, `high` (0 where numbers grew).

    `extrapolated`: the series is shorter than the window and its rate was taken to have held throughout;
    `slope`: the rate it rests on.
    """

    low: float
    best: float
    high: float
    window: float
    extrapolated: bool
    slope: LogSlope
    message: str

    @property
    def span(self) -> tuple[float, float, float]:
        """Low, best and high, as `Evidence` takes them."""
        return self.low, self.best, self.high


def reduction(
    year: ArrayLike, value: ArrayLike, generation_length: float | None = None, *, level: float = 0.95
) -> Reduction:
    """The reduction over the longer of 10 years and 3 generations up to the last year of the series.

    `value`: an index or counts, one a year, in proportion to mature individuals. Only years within the window
    count; the rate is log-linear (`ecostat.trend.log_slope`), and a series shorter than the window lends its
    rate to all of it (IUCN Guidelines 4.5). Raises TooFewData below 4 values in the window.
    """
    years, values = gates.years("year", year), gates.numbers("value", value, low=0)
    gates.alike(year=years, value=values)
    length = 0.0
    if generation_length is not None:
        length = gates.number("generation_length", generation_length, above=0, high=1000)
    window = max(10.0, 3 * length)
    known = values >= 0
    if not known.any():
        raise TooFewData("value holds no number: a reduction needs at least 4 years of them.")
    last = float(years[known].max())
    inside = known & (years >= last - window)
    slope = log_slope(years[inside], values[inside], level=level)
    first = float(years[inside].min())
    low, best, high = (max(0.0, -100 * change) for change in reversed(slope.change(window)))
    short = last - first < window - 1e-9
    said = f"Numbers fell by {best:.0f} % ({low:.0f} to {high:.0f} %) over {window:g} years up to {last:.0f}"
    if short:
        said += f", the rate of {first:.0f} to {last:.0f} being taken to have held throughout"
    if generation_length is None:
        said += "; without a generation length the window is 10 years"
    return Reduction(low, best, high, window, short, slope, said + ".")
