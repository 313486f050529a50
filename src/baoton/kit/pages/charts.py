"""Bars and lines as drawings in the page itself: they need no script, print as they look, and a table stands behind.

What is unknown is drawn as nothing and said in the table, never as a zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

from baoton.kit.kinds.words import Text, as_text

WIDTH, ROW, LABEL, END = 640.0, 26.0, 220.0, 90.0
HEIGHT, LEFT, BELOW, ABOVE = 240.0, 70.0, 34.0, 28.0
WIDE = 120.0
"""What the name of a point may take below a line: half of it is kept free at either end."""
Number = float | int | None


@dataclass(frozen=True)
class Row:
    """One value with its name, and the address of the records it rests on where there is one."""

    label: Text
    value: Number
    address: str = ""
    low: Number = None
    high: Number = None

    @property
    def told(self) -> str:
        return as_text(None if self.value is None else _whole(self.value))

    @property
    def limits(self) -> str:
        """The interval, where both its ends are known."""
        if self.low is None or self.high is None:
            return ""
        return f"{as_text(_whole(self.low))}–{as_text(_whole(self.high))}"

    @property
    def said(self) -> str:
        """The value with its interval, for whoever hears the drawing."""
        return f"{self.told} ({self.limits})" if self.limits else self.told


@dataclass(frozen=True)
class Mark:
    """One thing drawn: a bar or a point with its value; every length is text that SVG can read."""

    row: Row
    x: str
    y: str
    width: str = "0"
    text_x: str = "0"
    text_y: str = "0"
    low_y: str = ""
    high_y: str = ""


@dataclass(frozen=True)
class Tick:
    """A line of the scale with what it says."""

    at: str
    text_at: str
    told: str


@dataclass(frozen=True)
class Chart:
    """A drawing ready for `kit/chart.html`: `kind` is bars or lines, `runs` the connected parts of a line."""

    kind: str
    title: Text
    unit: Text
    rows: Sequence[Row]
    marks: Sequence[Mark]
    height: str
    width: str = "640"
    runs: Sequence[str] = ()
    ticks: Sequence[Tick] = ()
    foot: str = "0"
    below: Sequence[tuple[str, Text]] = ()

    @property
    def known(self) -> bool:
        return bool(self.marks)

    @property
    def limits(self) -> bool:
        """Whether any value has an interval to show."""
        return any(r.limits for r in self.rows)


def bars(title: Text, rows: Sequence[Row], unit: Text = "") -> Chart:
    """One bar a row, in the order given; none may be negative, or `ValueError`."""
    top = _top(rows)
    room = WIDTH - LABEL - END
    marks = []
    for i, row in enumerate(rows):
        if row.value is not None:
            long = room * row.value / top
            marks.append(
                Mark(row, _n(LABEL), _n(i * ROW + 5), _n(long), _n(LABEL + long + 6), _n(i * ROW + 18))
            )
    return Chart("bars", title, unit, tuple(rows), tuple(marks), _n(len(rows) * ROW + 4))


def lines(title: Text, rows: Sequence[Row], unit: Text = "") -> Chart:
    """One point a row from left to right, joined where neighbours are known; none may be negative, or `ValueError`."""
    top = _top(rows)
    first, last = LEFT + WIDE / 2, WIDTH - WIDE / 2
    step = (last - first) / max(len(rows) - 1, 1)
    marks: list[Mark] = []
    runs: list[str] = []
    run: list[str] = []
    for i, row in enumerate(rows):
        if row.value is None:
            runs, run = [*runs, " ".join(run)], []
            continue
        x, y = first + i * step, _height(row.value, top)
        run.append(f"{_n(x)},{_n(y)}")
        low, high = (
            _n(_height(end, top)) if end is not None and row.limits else "" for end in (row.low, row.high)
        )
        marks.append(Mark(row, _n(x), _n(y), text_x=_n(x), text_y=_n(y - 8), low_y=low, high_y=high))
    scale = [
        Tick(_n(_height(v, top)), _n(_height(v, top) + 4), as_text(_whole(v)))
        for v in (0.0, top / 2, float(top))
    ]
    joined = tuple(r for r in [*runs, " ".join(run)] if " " in r)
    below = tuple((_n(first + i * step), row.label) for i, row in enumerate(rows))
    foot = _n(HEIGHT - 10)
    return Chart(
        "lines", title, unit, tuple(rows), tuple(marks), _n(HEIGHT), "640", joined, tuple(scale), foot, below
    )


def _height(value: float, top: float) -> float:
    return HEIGHT - BELOW - (HEIGHT - BELOW - ABOVE) * value / top


def _top(rows: Sequence[Row]) -> float:
    """The end of the scale: the next 1, 2 or 5 with zeros that holds every value."""
    known = [
        float(v) for r in rows for v in (r.value, r.low, r.high) if v is not None and r.value is not None
    ]
    if any(v < 0 for v in known):
        raise ValueError("a chart of negative values needs another scale")
    most = max(known, default=0.0)
    if most <= 0:
        return 1.0
    size = 10.0 ** floor(log10(most))
    return next(k * size for k in (1, 2, 5, 10) if k * size >= most)


def _whole(value: float) -> float | int:
    return int(value) if value == int(value) else value


def _n(value: float) -> str:
    """A length as SVG reads it, whatever language the page speaks."""
    return f"{value:.1f}".removesuffix(".0")
