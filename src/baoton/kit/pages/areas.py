"""A map of values by area as a drawing in the page: coloured by class, hatched where nothing is known.

It needs no script, prints as it looks, each area is a link that a keyboard reaches, and a table stands behind it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians

import numpy as np
import shapely

from baoton.kit.kinds.words import Text, as_text
from baoton.kit.pages.charts import Row

WIDTH = 640.0
CLASSES = 5


@dataclass(frozen=True)
class Patch:
    """One area drawn: its row, its outline as an SVG path, and its class (0 the lightest), None where not known."""

    row: Row
    path: str
    shade: int | None


@dataclass(frozen=True)
class Shade:
    """A class of the legend: from the lowest to the highest value in it."""

    shade: int
    told: str


@dataclass(frozen=True)
class AreaMap:
    """A drawing ready for `kit/areas.html`."""

    title: Text
    unit: Text
    rows: Sequence[Row]
    patches: Sequence[Patch]
    legend: Sequence[Shade]
    width: str
    height: str
    points: Sequence[tuple[str, str]] = ()

    @property
    def unknown(self) -> bool:
        """Whether any area is hatched."""
        return any(p.shade is None for p in self.patches)

    @property
    def limits(self) -> bool:
        return False


def areas(
    title: Text,
    rows: Mapping[str, Row],
    shapes: Mapping[str, shapely.Geometry],
    unit: Text = "",
    points: Sequence[tuple[float, float]] = (),
) -> AreaMap:
    """The areas by key in their outlines (longitude, latitude); an area without a row, or a value, is not known.

    `points` are drawn over them, those outside the drawing are not.
    """
    known = sorted({float(r.value) for k, r in rows.items() if r.value is not None and k in shapes})
    ends = breaks(known)
    west, south, east, north = shapely.total_bounds(np.array(list(shapes.values()), dtype=object)).tolist()
    flat = cos(radians((south + north) / 2))
    scale = (WIDTH - 8) / max((east - west) * flat, 1e-9)

    def path(shape: shapely.Geometry) -> str:
        return "".join(ring(p) for part in shapely.get_parts(shape) for p in (part.exterior, *part.interiors))

    def ring(line: shapely.Geometry) -> str:
        corners = shapely.get_coordinates(shapely.simplify(line, 0.7 / scale))
        told = (f"{4 + (x - west) * flat * scale:.1f},{4 + (north - y) * scale:.1f}" for x, y in corners)
        return f"M{'L'.join(told)}Z"

    found = [
        Patch(row, path(shape), None if row.value is None else shade(float(row.value), ends))
        for key, shape in shapes.items()
        for row in [rows.get(key) or Row(key, None)]
    ]
    lows = [known[0], *ends[:-1]] if known else []
    legend = [
        Shade(i, _span([v for v in known if shade(v, ends) == i]))
        for i in range(len(lows))
        if any(shade(v, ends) == i for v in known)
    ]
    tall = f"{(north - south) * scale + 8:.1f}"
    dots = [
        (f"{4 + (x - west) * flat * scale:.1f}", f"{4 + (north - y) * scale:.1f}")
        for x, y in points
        if west <= x <= east and south <= y <= north
    ]
    return AreaMap(title, unit, [p.row for p in found], found, legend, f"{WIDTH:.0f}", tall, dots)


def breaks(known: Sequence[float]) -> list[float]:
    """The highest value of each class: as many values in each as can be, equal ones together, at most five classes."""
    if not known:
        return []
    cuts = np.quantile(known, np.linspace(0, 1, min(CLASSES, len(known)) + 1)[1:], method="lower")
    return sorted({float(c) for c in cuts} | {known[-1]})


def shade(value: float, ends: Sequence[float]) -> int:
    """The class of a value."""
    return next(i for i, end in enumerate(ends) if value <= end)


def _span(values: Sequence[float]) -> str:
    first, last = (as_text(int(v) if v == int(v) else v) for v in (values[0], values[-1]))
    return first if first == last else f"{first}–{last}"
