"""Schematic polygons of communes, computed from a point, an area and the neighbours of each.

The outline is a closed union of discs; inside it the communes are the cells of a power diagram whose
weights are chosen so that every cell has its commune's true share of the area (Aurenhammer, Hoffmann and
Aronov 1998, solved by damped Newton steps as in Kitagawa, Mérigot and Thibert 2019). Nothing here is a
boundary, and the map says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray

from baoton.kit.place import EARTH_M_PER_DEGREE

Floats = NDArray[np.float64]
REACH, CLOSING_KM, INNER_KM = 1.12, 12.0, 0.3
DECIMALS = 5


@dataclass(frozen=True)
class Fact:
    """What is known of one commune."""

    code: str
    lon: float
    lat: float
    area_km2: float


def polygons(facts: Sequence[Fact]) -> dict[str, shapely.Polygon]:
    """One valid polygon a commune by code, in lon and lat; none overlap, each holds its own point.

    Raises ValueError when the facts admit no such picture (two communes at one point, no area).
    """
    return dict(_polygons(tuple(facts)))


@lru_cache(maxsize=4)
def _polygons(facts: tuple[Fact, ...]) -> dict[str, shapely.Polygon]:
    lon, lat = np.array([f.lon for f in facts]), np.array([f.lat for f in facts])
    area = np.array([f.area_km2 for f in facts])
    if len({(f.lon, f.lat) for f in facts}) < len(facts) or not (area > 0).all():
        raise ValueError("each commune needs a point of its own and an area")
    km = EARTH_M_PER_DEGREE / 1000 * np.array([np.cos(np.radians(lat.mean())), 1.0])
    middle = np.array([lon.mean(), lat.mean()])
    points = (np.column_stack([lon, lat]) - middle) * km
    outline = outline_of(points, area)
    target = area * outline.area / area.sum()
    cells = fitted(points, target, outline)
    shapes = [
        shapely.transform(c, lambda xy: np.round(xy / km + middle, DECIMALS)) for c in whole(cells, outline)
    ]
    return {fact.code: shape for fact, shape in zip(facts, shapes, strict=True)}


def outline_of(points: Floats, area: Floats) -> shapely.Polygon:
    """One region without holes around all points, of their whole area."""
    radius = np.sqrt(area / np.pi)

    def region(grow: float) -> shapely.Geometry:
        discs = shapely.buffer(shapely.points(points), radius * REACH * grow)
        closed = shapely.union_all(discs).buffer(CLOSING_KM).buffer(-CLOSING_KM)
        return shapely.Polygon(closed.exterior) if closed.geom_type == "Polygon" else closed

    low, high = 0.5, 2.0
    for _ in range(40):
        middle = (low + high) / 2
        small = region(middle).area < area.sum()
        low, high = (middle, high) if small else (low, middle)
    found = region(high)
    while found.geom_type != "Polygon":
        high *= 1.05
        found = region(high)
    return found.simplify(0.15)


def fitted(points: Floats, target: Floats, outline: shapely.Polygon) -> list[shapely.Geometry]:
    """The cells whose areas are the targets and which hold their points, as parts of the outline.

    Where a cell misses its point, its generator and those around step aside and the weights are solved anew.
    """
    sites = points.copy()
    for _ in range(60):
        cells = balanced(sites, target, outline)
        off = np.array(
            [shapely.Point(p).distance(c.buffer(-INNER_KM)) for p, c in zip(points, cells, strict=True)]
        )
        if not off.any():
            return cells
        for i in np.flatnonzero(off):
            pull = points[i] - np.array(cells[i].centroid.coords[0])
            sites[i] += 0.5 * pull
            others = np.argsort(((sites - points[i]) ** 2).sum(1))[1:4]
            away = sites[others] - points[i]
            sites[others] += 0.1 * away / np.linalg.norm(away, axis=1, keepdims=True)
    raise ValueError("no picture was found in which every commune holds its point")


def balanced(sites: Floats, target: Floats, outline: shapely.Polygon) -> list[shapely.Geometry]:
    """The power cells of the sites inside the outline, with the target areas to a thousandth."""
    weight = np.zeros(len(sites))
    cells = power_cells(sites, weight, outline)
    for _ in range(80):
        area = np.array([c.area for c in cells])
        error = target - area
        if (abs(error) < 1e-3 * target).all():
            break
        step = np.linalg.lstsq(_slope(sites, cells), error, rcond=None)[0]
        size = 1.0
        while size > 1e-4:
            tried = power_cells(sites, weight + size * step, outline)
            if min(c.area for c in tried) > 0.05 * target.min():
                break
            size /= 2
        weight, cells = weight + size * step, tried
    return cells


def power_cells(sites: Floats, weight: Floats, outline: shapely.Polygon) -> list[shapely.Geometry]:
    """Each site's part of the outline: nearer to it, by squared distance less weight, than to any other."""
    far = 4 * max(np.ptp(sites[:, 0]), np.ptp(sites[:, 1]))
    found = []
    for i, site in enumerate(sites):
        corners = site + far * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], float)
        for j in np.argsort(((sites - site) ** 2).sum(1)):
            if j == i or not len(corners):
                continue
            normal = 2 * (sites[j] - site)
            bound = (sites[j] ** 2).sum() - (site**2).sum() + weight[i] - weight[j]
            corners = _cut(corners, normal, bound)
        cell = shapely.Polygon(corners) if len(corners) > 2 else shapely.Polygon()
        found.append(cell.intersection(outline))
    return found


def _cut(corners: Floats, normal: Floats, bound: float) -> Floats:
    """A convex polygon's part where `normal · x <= bound`."""
    side = corners @ normal - bound
    if (side <= 0).all():
        return corners
    kept = []
    for a, b, sa, sb in zip(corners, np.roll(corners, -1, 0), side, np.roll(side, -1), strict=True):
        if sa <= 0:
            kept.append(a)
        if (sa < 0 < sb) or (sb < 0 < sa):
            kept.append(a + (b - a) * sa / (sa - sb))
    return np.array(kept)


def _slope(sites: Floats, cells: Sequence[shapely.Geometry]) -> Floats:
    """How each cell's area answers to each weight: shared border over twice the sites' distance."""
    n = len(sites)
    slope = np.zeros((n, n))
    wide = shapely.buffer(cells, 1e-3)
    for i, j in zip(*shapely.STRtree(cells).query(wide), strict=True):
        if i < j:
            shared = wide[i].intersection(cells[j].boundary).length
            slope[i, j] = slope[j, i] = -shared / (2 * np.linalg.norm(sites[i] - sites[j]))
    np.fill_diagonal(slope, -slope.sum(1))
    return slope + np.eye(n) * 1e-9


def whole(cells: Sequence[shapely.Geometry], outline: shapely.Polygon) -> list[shapely.Polygon]:
    """One polygon a cell: a piece cut off by a bay goes to the neighbour it touches longest."""
    main, loose = [], []
    for cell in cells:
        parts = sorted(
            (g for g in shapely.get_parts(cell) if g.geom_type == "Polygon"), key=lambda g: -g.area
        )
        main.append(parts[0])
        loose += parts[1:]
    for piece in loose:
        touching = [c.buffer(1e-6).intersection(piece.boundary).length for c in main]
        best = int(np.argmax(touching))
        main[best] = shapely.union_all([main[best], piece])
    return main
