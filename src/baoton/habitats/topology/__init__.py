"""Whether polygons can stand side by side on one map: what is wrong with each, where, and how it is mended.

One rule mends: an outline that crosses itself is made valid, a parcel gives up what it shares with one that stands
before it. Neither may change a parcel's area by more than the tolerance: then it is not mended, and a person decides.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from pyproj import Geod

from baoton.kit.kinds.words import as_text

GEOD = Geod(ellps="WGS84")
SHARED_DEG2 = 1e-10
"""About one square metre: what two parcels share below it is rounding of coordinates."""
SLIVER_M = 2.0
SAME = 0.999
Shapes = NDArray[np.object_]
Floats = NDArray[np.float64]


@dataclass
class Found:
    """What was found of each polygon, shape (n,) each: the mended shape (None where refused), its area in m², the
    kind of flaw, what is said of it, and by how many m² mending changed it. `refused` gives rule and sentence."""

    shapes: Shapes
    m2: Floats
    flaw: list[str]
    note: list[str]
    change: Floats
    refused: dict[int, tuple[str, str]] = field(default_factory=dict)
    places: list[tuple[float, float]] = field(default_factory=list)

    def refuse(self, i: int, rule: str, told: str, at: shapely.Geometry | None = None) -> None:
        self.refused.setdefault(i, (rule, told))
        if at is not None and not at.is_empty:
            self.places.append((at.x, at.y))
        self.shapes[i] = None

    def mend(self, i: int, flaw: str, told: str, at: shapely.Geometry) -> None:
        """A flaw is told beside those before it; the first names the kind."""
        self.flaw[i] = flaw if self.flaw[i] == "none" else self.flaw[i]
        self.note[i] = f"{self.note[i]} {told}".strip()[:400]
        if not at.is_empty:
            self.places.append((at.x, at.y))


def area_m2(shapes: Sequence[Any] | Shapes) -> Floats:
    """Square metres of each polygon on the WGS84 ellipsoid, shape (n,); 0 for what is no polygon."""
    parts, owner = shapely.get_parts(np.asarray(shapes, dtype=object), return_index=True)
    polygons = shapely.get_type_id(parts) == 3
    parts, owner = parts[polygons], owner[polygons]
    rings, of = shapely.get_rings(parts, return_index=True)
    first = np.r_[True, of[1:] != of[:-1]] if len(of) else np.zeros(0, bool)
    xy, at = shapely.get_coordinates(rings, return_index=True)
    cuts = np.searchsorted(at, np.arange(len(rings) + 1))
    x, y = xy[:, 0].tolist(), xy[:, 1].tolist()
    ends = cuts.tolist()
    areas = np.fromiter(
        (abs(GEOD.polygon_area_perimeter(x[a:b], y[a:b])[0]) for a, b in itertools.pairwise(ends)),
        float,
        count=len(rings),
    )
    signed = np.where(first, areas, -areas)
    total = np.zeros(len(shapes))
    if len(of):
        np.add.at(total, owner[of], signed)
    return total


def place(shape: shapely.Geometry) -> str:
    """Where a flaw is, as a person finds it on the map: latitude, longitude."""
    return f"{shape.y:.5f}; {shape.x:.5f}"


def ha(m2: float) -> str:
    return as_text(round(m2 / 10_000, 4))


def sound(shapes: Shapes, tolerance: float) -> Found:
    """Each polygon by itself: valid, made so, or refused; `tolerance` is the percentage mending may change."""
    n = len(shapes)
    flat = np.array(shapely.force_2d(shapes), dtype=object)
    found = Found(flat, np.zeros(n), ["none"] * n, [""] * n, np.zeros(n))
    for i in np.flatnonzero(shapely.is_missing(flat) | shapely.is_empty(flat)).tolist():
        found.refuse(i, "no_shape", _("Lô không có hình; vẽ lại lô này trong tệp gốc rồi nạp lại."))
    kinds = shapely.get_type_id(found.shapes)
    for i in np.flatnonzero((kinds >= 0) & (kinds != 3) & (kinds != 6)).tolist():
        _polygons_of(found, i)
    good = np.array([s is not None for s in found.shapes])
    found.m2[good] = area_m2(found.shapes[good])
    for i in np.flatnonzero(good & ~shapely.is_valid(found.shapes)).tolist():
        _made_valid(found, i, tolerance)
    return found


def _polygons_of(found: Found, i: int) -> None:
    shape = found.shapes[i]
    areas = [p for p in shapely.get_parts(shape) if p.geom_type in {"Polygon", "MultiPolygon"}]
    if not areas:
        told = _("Hình là điểm hoặc đường, mà lô rừng phải là vùng; sửa trong tệp gốc rồi nạp lại.")
        found.refuse(i, "not_an_area", told, shape.representative_point())
        return
    found.shapes[i] = shapely.multipolygons([p for a in areas for p in shapely.get_parts(a)])
    told = _("Hình lẫn điểm hoặc đường: chỉ giữ phần vùng.")
    found.mend(i, "mixed", told, found.shapes[i].representative_point())


def _made_valid(found: Found, i: int, tolerance: float) -> None:
    shape, why = found.shapes[i], str(shapely.is_valid_reason(found.shapes[i]))
    at = _point_of(why) or shapely.Point(*shapely.get_coordinates(shape)[0])
    whole = _areas_only(shapely.make_valid(shape, method="structure", keep_collapsed=False))
    m2 = float(area_m2([whole])[0])
    before = float(found.m2[i])
    if whole.is_empty or abs(m2 - before) > tolerance / 100 * max(before, m2):
        told = _(
            "Đường bao tự cắt tại %(at)s; sửa sẽ làm đổi diện tích từ %(before)s thành %(after)s ha, quá mức cho "
            "phép: sửa lô này trong tệp gốc."
        ) % {"at": place(at), "before": ha(before), "after": ha(m2)}
        found.refuse(i, "invalid_shape", told, at)
        return
    found.shapes[i], found.m2[i] = whole, m2
    found.change[i] += m2 - before
    told = _("Đường bao tự cắt tại %(at)s, đã sửa, diện tích đổi %(ha)s ha.") % {
        "at": place(at),
        "ha": ha(m2 - before),
    }
    found.mend(i, "ring", told, at)


def _point_of(why: str) -> shapely.Geometry | None:
    inside = why[why.find("[") + 1 : why.find("]")].split() if "[" in why else []
    return shapely.Point(*map(float, inside)) if len(inside) == 2 else None


def _areas_only(shape: shapely.Geometry) -> shapely.Geometry:
    if shape.geom_type in {"Polygon", "MultiPolygon"}:
        return shape
    return shapely.multipolygons(
        [p for a in shapely.get_parts(shape) for p in shapely.get_parts(a) if p.geom_type == "Polygon"]
    )


def within_border(found: Found, province: shapely.Geometry) -> None:
    """A parcel outside the province is refused; one that only passes its border stays and says by how much."""
    if province.is_empty:
        return
    shapely.prepare(province)
    given = np.array([s is not None for s in found.shapes])
    whole = np.zeros(len(given), bool)
    whole[given] = shapely.covers(province, found.shapes[given])
    for i in np.flatnonzero(given & ~whole).tolist():
        shape = found.shapes[i]
        at = shape.representative_point()
        if not shapely.intersects(province, shape):
            told = _(
                "Lô nằm ngoài tỉnh, tại %(at)s; nếu đúng là lô của tỉnh thì hệ toạ độ chọn sai: chọn lại ở bước cột."
            ) % {"at": place(at)}
            found.refuse(i, "outside_province", told, at)
            continue
        out = float(area_m2([_areas_only(shapely.difference(shape, province))])[0])
        if out < 1:
            continue
        told = _("Vượt ranh giới tỉnh %(ha)s ha, tại %(at)s; phần ngoài tỉnh không tính cho xã nào.")
        beyond = shapely.difference(shape, province).representative_point()
        found.mend(i, "border", told % {"ha": ha(out), "at": place(beyond)}, beyond)


@dataclass
class Laid:
    """The parcels that stand already, batch after batch: their shapes and names, each batch with its tree."""

    batches: list[tuple[shapely.STRtree, Shapes, list[str]]] = field(default_factory=list)

    def add(self, shapes: Shapes, names: list[str]) -> None:
        if len(shapes):
            self.batches.append((shapely.STRtree(shapes), shapes, names))


def lay(found: Found, names: list[str], laid: Laid, tolerance: float) -> None:
    """Each parcel keeps what no parcel before it has; those that stand are laid for the next batch."""
    given = np.flatnonzero([s is not None for s in found.shapes])
    mine = found.shapes[given]
    pairs: dict[int, list[tuple[Any, str]]] = {}
    for tree, shapes, others in laid.batches:
        for k, j in _sharing(tree, shapes, mine, None):
            pairs.setdefault(int(given[k]), []).append((shapes[j], others[j]))
    within: dict[int, list[int]] = {}
    if len(mine):
        for k, j in _sharing(shapely.STRtree(mine), mine, mine, np.arange(len(mine))):
            within.setdefault(int(given[k]), []).append(int(given[j]))
    for i in sorted({*pairs, *within}):
        before = pairs.get(i, [])
        before += [
            (found.shapes[j], names[j]) for j in sorted(within.get(i, ())) if found.shapes[j] is not None
        ]
        _cut(found, i, before, tolerance)
    _slivers(found)
    kept = [int(i) for i in given if found.shapes[i] is not None]
    laid.add(found.shapes[kept], [names[i] for i in kept])


def _sharing(
    tree: shapely.STRtree, shapes: Shapes, mine: Shapes, order: NDArray[np.int64] | None
) -> list[tuple[int, int]]:
    """Pairs (of mine, of the tree) that share more than rounding; with `order` only with those before it."""
    k, j = tree.query(mine)
    if order is not None:
        earlier = order[j] < order[k]
        k, j = k[earlier], j[earlier]
    shared = shapely.area(shapely.intersection(mine[k], shapes[j])) > SHARED_DEG2
    return list(zip(k[shared].tolist(), j[shared].tolist(), strict=True))


def _cut(found: Found, i: int, before: list[tuple[Any, str]], tolerance: float) -> None:
    shape, whole = found.shapes[i], float(found.m2[i])
    for other, name in before:
        shared = _areas_only(shapely.intersection(shape, other))
        if shapely.area(shared) <= SHARED_DEG2:
            continue
        lost, at = float(area_m2([shared])[0]), shared.representative_point()
        if lost >= SAME * whole and shapely.area(other) <= shapely.area(shape) / SAME:
            told = _("Trùng hình với lô %(name)s, tại %(at)s; bỏ một trong hai.")
            found.refuse(i, "duplicate_shape", told % {"name": name, "at": place(at)}, at)
            return
        if lost > tolerance / 100 * whole:
            told = _("Chồng lên lô %(name)s %(ha)s ha (%(part)s %%), tại %(at)s, quá mức cho phép: sửa ranh giới trong "
                     "tệp gốc.")  # fmt: skip
            part = as_text(round(100 * lost / whole, 2))
            found.refuse(
                i,
                "parcels_overlap",
                told % {"name": name, "ha": ha(lost), "part": part, "at": place(at)},
                at,
            )
            return
        shape = _areas_only(shapely.difference(shape, other))
        told = _("Chồng lên lô %(name)s %(ha)s ha, tại %(at)s, đã cắt khỏi lô này.")
        found.mend(i, "overlap", told % {"name": name, "ha": ha(lost), "at": place(at)}, at)
    m2 = float(area_m2([shape])[0])
    if whole - m2 > tolerance / 100 * whole:
        told = _("Chồng lên nhiều lô, cắt đi %(ha)s ha là quá mức cho phép: sửa ranh giới trong tệp gốc.")
        found.refuse(
            i, "parcels_overlap", told % {"ha": ha(whole - m2)}, found.shapes[i].representative_point()
        )
        return
    found.change[i] += m2 - whole
    found.shapes[i], found.m2[i] = shape, m2


def _slivers(found: Found) -> None:
    """A parcel thinner than two metres is told and stays: only who drew it knows whether it is one."""
    given = np.flatnonzero([s is not None for s in found.shapes])
    if not len(given):
        return
    degrees = 111_320.0 * 0.96
    wide = 2 * found.m2[given] / np.maximum(shapely.length(found.shapes[given]) * degrees, 1e-9)
    for i in given[wide < SLIVER_M].tolist():
        at = found.shapes[i].representative_point()
        told = _("Dải rất hẹp, tại %(at)s: có thể là khe hở giữa hai lô.") % {"at": place(at)}
        found.mend(i, "sliver", told, at)
