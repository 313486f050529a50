"""Zones of an option laid onto the borders of communes and parcels, within a tolerance that a person states.

The rule, corner by corner: it goes to the nearest corner of a border within the tolerance, else to the nearest place on
a border, else it stays. Between two corners that lie on borders the zone follows the border where that keeps within the
tolerance of the straight line. What two zones share moves alike. Nothing is written here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyproj
import rustworkx as rx
import shapely
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from baoton.habitats.models import Parcel, Version, Zone
from baoton.habitats.topology import SHARED_DEG2, area_m2, place
from baoton.places.queries import outlines

MOST_M = 500
SAME_M = 0.05
"""A corner of one zone so near the side of another lies on it."""
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Laid:
    """One zone before and after: how many corners it had, moved and gained, how far they went, its hectares."""

    zone: Zone
    before: Any
    after: Any
    corners: int
    moved: int
    added: int
    farthest: float
    middle: float
    was: float
    becomes: float

    @property
    def more(self) -> float:
        return self.becomes - self.was

    @property
    def percent(self) -> float:
        return 100 * self.more / self.was if self.was else 0.0


@dataclass
class Borders:
    """Sides of borders as pairs of corners, in degrees as the source has them and in metres about the zones."""

    degrees: Floats
    flat: Floats
    sides: NDArray[np.int64]
    lines: Any = field(init=False)
    tree: Any = field(init=False)
    corners: Any = field(init=False)

    def __post_init__(self) -> None:
        self.lines = shapely.linestrings(self.flat[self.sides]) if len(self.sides) else np.empty(0, object)
        self.tree = shapely.STRtree(self.lines)
        self.corners = shapely.STRtree(shapely.points(self.flat) if len(self.flat) else [])


class Flat:
    """Degrees to metres about the middle of some shapes, and back."""

    def __init__(self, shapes: Sequence[Any]) -> None:
        west, south, east, north = shapely.total_bounds(shapes).tolist()
        crs = f"+proj=laea +lat_0={(south + north) / 2} +lon_0={(west + east) / 2} +ellps=WGS84"
        self.there = pyproj.Transformer.from_crs(4326, crs, always_xy=True)

    def to(self, xy: Floats) -> Floats:
        return np.column_stack(self.there.transform(xy[:, 0], xy[:, 1]))

    def back(self, xy: Floats) -> Floats:
        return np.column_stack(self.there.transform(xy[:, 0], xy[:, 1], direction="INVERSE"))


def snapped(zones: Sequence[Zone], metres: float, communes: bool, version: Version | None) -> list[Laid]:
    """Each zone laid onto the borders asked for; raises `ValueError` with the place where a ring would break or two
    zones would overlap."""
    shapes = [shapely.from_wkb(bytes(z.geom or b"")) for z in zones]
    flat = Flat(shapes)
    known = borders(shapes, metres, communes, version, flat)
    told = [
        _laid(zone, shape, shapes, metres, known, flat) for zone, shape in zip(zones, shapes, strict=True)
    ]
    for i, one in enumerate(told):
        for other in told[:i]:
            shared = shapely.intersection(one.after, other.after)
            if shapely.area(shared) > max(
                SHARED_DEG2 * 10, shapely.area(shapely.intersection(one.before, other.before))
            ):
                words = _(
                    "Bắt dính %(m)s m làm “%(one)s” chồng lên “%(other)s” tại %(at)s; chọn dung sai nhỏ hơn."
                )
                at = place(shared.representative_point())
                raise ValueError(words % {"m": f"{metres:g}", "one": one.zone, "other": other.zone, "at": at})
    return told


def borders(
    shapes: Sequence[Any], metres: float, communes: bool, version: Version | None, flat: Flat
) -> Borders:
    """The sides of the borders asked for that come near the outline of a zone, each once."""
    edge = shapely.union_all(shapely.boundary(np.array([*shapes, None], dtype=object)[:-1]))
    reach = metres / 90_000  # degrees, generously
    west, south, east, north = (
        float(v) for v in np.array(edge.bounds) + np.array([-reach, -reach, reach, reach])
    )
    found: list[Any] = list(outlines().values()) if communes else []
    if version is not None:
        rows = Parcel.objects.filter(version=version, withdrawn__isnull=True, geom__isnull=False)
        rows = rows.filter(min_x__lte=east, max_x__gte=west, min_y__lte=north, max_y__gte=south)
        found += list(shapely.from_wkb([bytes(g or b"") for g in rows.values_list("geom", flat=True)]))
    near = np.array([*found, None], dtype=object)[:-1]
    box = shapely.buffer(edge, reach, quad_segs=2)
    shapely.prepare(box)
    near = near[shapely.intersects(box, shapely.boundary(near))]
    rings = [shapely.get_coordinates(r) for r in shapely.get_rings(shapely.get_parts(near))]
    if not rings:
        return Borders(np.empty((0, 2)), np.empty((0, 2)), np.empty((0, 2), np.int64))
    pairs = np.concatenate([np.stack([r[:-1], r[1:]], axis=1) for r in rings])
    pairs = pairs[shapely.intersects(box, shapely.linestrings(pairs))]
    corners, which = np.unique(pairs.reshape(-1, 2), axis=0, return_inverse=True)
    sides = np.unique(np.sort(which.reshape(-1, 2), axis=1), axis=0)
    sides = sides[sides[:, 0] != sides[:, 1]]
    return Borders(corners, flat.to(corners) if len(corners) else corners, sides)


def _laid(zone: Zone, shape: Any, all_: Sequence[Any], metres: float, known: Borders, flat: Flat) -> Laid:
    others = np.unique(np.concatenate([shapely.get_coordinates(s) for s in all_]), axis=0)
    went: list[Floats] = []
    corners = added = 0

    def ring(line: Any) -> Floats:
        nonlocal corners, added
        given = shapely.get_coordinates(line)[:-1]
        corners += len(given)
        noded = _with_corners_of(given, others, flat)
        now, at, far = _onto(noded, metres, known, flat)
        went.append(far)
        followed = list(_followed(now, at, metres, known, flat))
        added += len(followed) - len(noded)
        kept = [
            p for p, q in zip(followed, [followed[-1], *followed[:-1]], strict=True) if tuple(p) != tuple(q)
        ]
        if len({tuple(p) for p in kept}) < 3:
            told = _("Bắt dính %(m)s m làm mất một phần của “%(zone)s” tại %(at)s; chọn dung sai nhỏ hơn.")
            raise ValueError(told % {"m": f"{metres:g}", "zone": zone, "at": place(shapely.Point(given[0]))})
        return np.array([*kept, kept[0]])

    made = [
        shapely.Polygon(ring(part.exterior), [ring(hole) for hole in part.interiors])
        for part in shapely.get_parts(shape)
    ]
    after = made[0] if len(made) == 1 else shapely.MultiPolygon(made)
    if not shapely.is_valid(after):
        why = str(shapely.is_valid_reason(after))
        x, y = why[why.find("[") + 1 : why.find("]")].split()
        told = _("Bắt dính %(m)s m làm đường bao của “%(zone)s” tự cắt tại %(at)s; chọn dung sai nhỏ hơn.")
        raise ValueError(
            told % {"m": f"{metres:g}", "zone": zone, "at": place(shapely.Point(float(x), float(y)))}
        )
    far = np.concatenate(went)
    far = far[far > 0]
    was, becomes = (area_m2([shape, after]) / 10_000).tolist()
    return Laid(
        zone, shape, after, corners, len(far), added, float(far.max()) if len(far) else 0.0,
        float(far.mean()) if len(far) else 0.0, was, becomes,
    )  # fmt: skip


def _with_corners_of(ring: Floats, others: Floats, flat: Flat) -> Floats:
    """The ring with the corners of other zones that lie on its sides, so that both sides move alike."""
    sides = shapely.linestrings(np.stack([flat.to(ring), flat.to(np.roll(ring, -1, axis=0))], axis=1))
    points = shapely.points(flat.to(others))
    point, side = shapely.STRtree(sides).query(points, predicate="dwithin", distance=SAME_M)
    along = shapely.line_locate_point(sides[side], points[point])
    within = (along > SAME_M) & (along < shapely.length(sides[side]) - SAME_M)
    point, side, along = point[within], side[within], along[within]
    order = np.lexsort((along, side))
    return np.insert(ring, side[order] + 1, others[point[order]], axis=0)


def _onto(
    ring: Floats, metres: float, known: Borders, flat: Flat
) -> tuple[Floats, list[tuple[int, int]], Floats]:
    """Where each corner goes, on which corner or side of a border it lies then (-1: none), and how far it went."""
    now, far = ring.copy(), np.zeros(len(ring))
    at = [(-1, -1)] * len(ring)
    if not len(known.sides):
        return now, at, far
    points = shapely.points(flat.to(ring))
    (which, corner), away = known.corners.query_nearest(
        points, max_distance=metres, return_distance=True, all_matches=False
    )
    for i, c, m in zip(which.tolist(), corner.tolist(), away.tolist(), strict=True):
        now[i], at[i], far[i] = known.degrees[c], (c, -1), m
    left = np.setdiff1d(np.arange(len(ring)), which)
    (which, side), away = known.tree.query_nearest(
        points[left], max_distance=metres, return_distance=True, all_matches=False
    )
    along = shapely.line_locate_point(known.lines[side], points[left][which])
    landed = shapely.get_coordinates(shapely.line_interpolate_point(known.lines[side], along))
    if len(landed):
        landed = flat.back(landed)
    for k, (i, s, m) in enumerate(zip(left[which].tolist(), side.tolist(), away.tolist(), strict=True)):
        now[i], at[i], far[i] = landed[k], (-1, s), m
    far[far < 1e-6] = 0.0
    return now, at, far


def _followed(
    ring: Floats, at: Sequence[tuple[int, int]], metres: float, known: Borders, flat: Flat
) -> Iterator[Any]:
    """The corners of the ring, with those of the borders that it follows between them."""
    moved = flat.to(ring)
    for i, here in enumerate(ring):
        yield here
        j = (i + 1) % len(ring)
        if at[i] == (-1, -1) or at[j] == (-1, -1) or (ring[i] == ring[j]).all():
            continue
        back = tuple(ring[j]) < tuple(ring[i])  # the other zone walks this side the other way
        one, two = (j, i) if back else (i, j)
        path = _path(moved[one], moved[two], at[one], at[two], metres, known)
        yield from (known.degrees[c] for c in (reversed(path) if back else path))


def _path(
    a: Floats, b: Floats, at_a: tuple[int, int], at_b: tuple[int, int], metres: float, known: Borders
) -> list[int]:
    """The corners of the borders between two places on them, by the shortest way within the tolerance of the line."""
    line = shapely.LineString([a, b])
    sides = known.tree.query(line, predicate="dwithin", distance=metres)
    ends = known.sides[sides]
    near = shapely.dwithin(shapely.points(known.flat[ends]), line, metres)
    net: Any = rx.PyGraph()
    index: dict[Any, int] = {}

    def join(u: Any, v: Any, m: float) -> None:
        for key in (u, v):
            if key not in index:
                index[key] = net.add_node(key)
        net.add_edge(index[u], index[v], m)

    for (u, v), side in zip(ends[near.all(axis=1)].tolist(), sides[near.all(axis=1)].tolist(), strict=True):
        join(u, v, float(known.lines[side].length))
    keys: list[Any] = []
    for name, xy, (corner, side) in (("a", a, at_a), ("b", b, at_b)):
        keys.append(corner if corner >= 0 else name)
        for u in known.sides[side].tolist() if corner < 0 else ():
            join(name, u, float(np.hypot(*(known.flat[u] - xy))))
    if keys[0] not in index or keys[1] not in index or (at_a[0] < 0 and at_a == at_b):
        return []
    start, end = index[keys[0]], index[keys[1]]
    found = rx.dijkstra_shortest_paths(net, start, end, weight_fn=float)
    if end not in found:
        return []
    walked = [net[n] for n in found[end]]
    inner = [n for n in walked[1:-1] if isinstance(n, int)]
    way = np.array([a, *known.flat[inner], b])
    within = shapely.dwithin(shapely.points(way), line, metres + 1e-6).all()
    long = float(np.hypot(*np.diff(way, axis=0).T).sum())
    return inner if within and long <= 2 * line.length else []
