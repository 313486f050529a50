"""Where the next survey tells most: the map of what is not known, square by square, and the squares to go to.

All of it is computed with the eyes of whoever asks: records and visits whose true place he may not know are not used.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from pyproj import Transformer

from baoton.kit import jobs
from baoton.kit.access import Actor
from baoton.kit.kinds.words import as_text
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing.refusal import NotNow
from baoton.observations.models import Occurrence, Status
from baoton.places.queries import ground_stamp, outlines, roads, seats, terrain
from baoton.surveys.proposing.travel import LEVEL_KMH, ROAD_KMH, ways
from baoton.taxa.models import Taxon

SIDE = 1_000.0
REACH_M, PRIOR = 5_000.0, 2.0
"""What was found tells of the ground within some 5 km (Gaussian); where nothing was, the province's share counts as
two visits."""
CLASSES, MOST_SPECIES = 4, 5
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Asked:
    """Species by key, money in đồng, what a day at a square and a km of way cost, chance to see at a visit, visits."""

    taxa: Sequence[str]
    budget: int
    cost_visit: int
    cost_km: int
    p: float = 0.5
    visits: int = 3
    area: str = ""
    seed: int = 1


@dataclass(frozen=True)
class Ground:
    """Squares of 1 km whose middle lies in the province: middles in metres, commune of each, km of way to it.

    Where roads or heights were laid the way is of the least cost from the nearest seat, told as km of level walking
    (`travel`); else it is straight from the middle of the commune.
    """

    x: Floats
    y: Floats
    commune: NDArray[np.str_]
    km: Floats
    zone: int
    known: frozenset[str] = frozenset()


@lru_cache(maxsize=4)
def _ground(stamp: tuple[Any, ...]) -> Ground:
    shapes = outlines()
    box = shapely.total_bounds(list(shapes.values()))
    zone = 32600 + int(((box[0] + box[2]) / 2 + 180) // 6) + 1
    to = Transformer.from_crs(4326, zone, always_xy=True)
    xs, ys, names, straight, starts = [], [], [], [], []
    known_seats = seats()
    for path, shape in sorted(shapes.items()):
        plane = shapely.transform(shape, lambda c: np.column_stack(to.transform(c[:, 0], c[:, 1])))
        west, south, east, north = plane.bounds
        columns = np.arange(np.floor(west / SIDE), np.ceil(east / SIDE)) * SIDE + SIDE / 2
        lines = np.arange(np.floor(south / SIDE), np.ceil(north / SIDE)) * SIDE + SIDE / 2
        x, y = (a.ravel() for a in np.meshgrid(columns, lines))
        inside = shapely.contains_xy(plane, x, y)
        seat = plane.representative_point()
        xs.append(x[inside])
        ys.append(y[inside])
        names += [path] * int(inside.sum())
        straight.append(np.hypot(x[inside] - seat.x, y[inside] - seat.y) / 1000)
        starts.append(to.transform(*known_seats[path]) if path in known_seats else (seat.x, seat.y))
    on = Ground(np.concatenate(xs), np.concatenate(ys), np.array(names), np.concatenate(straight), zone)
    heights, known = terrain(), known_ground()
    if not known:
        return on
    slope = heights.slope if heights else None
    km = ways(on.x, on.y, SIDE, np.array(starts), on.km, roads=roads(), slope=slope, to=to)
    return replace(on, km=km, known=known)


def known_ground() -> frozenset[str]:
    """What is known of the ground that people cross: `roads`, `slope`, both or nothing."""
    return frozenset(name for name, there in (("roads", roads()), ("slope", terrain())) if there)


def of_the_way(known: Collection[str]) -> str:
    """How the way to a square is reckoned with what is known of the ground, as a page says it."""
    if not known:
        return _(
            "Đường đi tính thẳng từ giữa xã đến ô và về: chưa đặt mạng đường và mô hình độ cao dưới bản đồ."
        )
    told = [
        _(
            "Đường đi là lối ít công nhất từ trụ sở xã gần nhất, quy ra km đi bộ trên đất bằng (5 km mỗi giờ)."
        ),
        _("Một km đường xe tính bằng %(n)s km đi bộ (giả định %(v)d km mỗi giờ).")
        % {"n": as_text(round(LEVEL_KMH / ROAD_KMH, 2)), "v": ROAD_KMH}
        if "roads" in known
        else _("Chưa đặt mạng đường: cả lối đều đi bộ."),
        _("Đi bộ chậm lại theo độ dốc (Tobler 1993).")
        if "slope" in known
        else _("Chưa đặt mô hình độ cao: chỗ đi bộ tính như đất bằng."),
    ]
    return " ".join(told)


def ground(area: str = "") -> Ground:
    """The squares of the province, or of a commune."""
    if not outlines():
        raise NotNow(_("Chưa có ranh giới xã nên chưa chia ô được."))
    shapes = tuple((path, float(shape.area)) for path, shape in sorted(outlines().items()))
    on = _ground((shapes, ground_stamp()))
    if not area:
        return on
    here = np.array([c == area or str(c).startswith(f"{area}/") for c in on.commune])
    return Ground(on.x[here], on.y[here], on.commune[here], on.km[here], on.zone, on.known)


def propose(actor: Actor, asked: Asked, progress: jobs.Progress | None = None) -> dict[str, Any]:
    """The proposal as it is kept and drawn; `NotNow` says in a sentence why there is none."""
    from ecostat.errors import EcostatError
    from ecostat.sampling import next_survey

    step = progress or jobs.Progress()
    on = ground(asked.area)
    cost = asked.cost_visit * asked.visits + 2 * on.km * asked.cost_km
    been, hidden_visits = _visited(actor, on)
    seen_at = 1 - (1 - asked.p) ** asked.visits
    told, unknown = [], np.zeros(on.x.size)
    taxa = list(Taxon.objects.filter(pk__in=asked.taxa, withdrawn__isnull=True).order_by("scientific_name"))
    for n, taxon in enumerate(taxa, 1):
        found, hidden = _found(actor, taxon, on)
        psi, share = _thought(on, been, found)
        unknown += psi * (1 - psi) + psi * (1 - seen_at) / seen_at
        told.append(
            {"taxon": str(taxon.pk), "name": str(taxon), "squares": int((found > 0).sum()), "hidden": hidden,
             "share": round(100 * share), "mean": round(100 * float(psi.mean()))}
        )  # fmt: skip
        step(n, len(taxa) + 2, str(taxon))
    if not taxa:
        raise NotNow(_("Chọn ít nhất một loài."))
    # one ψ whose doubt is the mean doubt of all the species: ψ/s − ψ² = v̄
    joint = (1 / seen_at - np.sqrt(np.maximum(1 / seen_at**2 - 4 * unknown / len(taxa), 0))) / 2
    joint = np.clip(joint, 1e-4, 0.999)
    try:
        plan = next_survey(
            on.x, on.y, joint, cost, float(asked.budget), rng=asked.seed, p=asked.p, visits=asked.visits
        )
    except EcostatError as error:
        raise NotNow(_("Kinh phí không đủ đi hai ô, hoặc số liệu không cho đề xuất.")) from error
    step(len(taxa) + 1, len(taxa) + 2, _("vẽ bản đồ"))
    worth = plan.inclusion * plan.unknown
    never = been == 0
    return {
        "species": told, "squares": int(on.x.size), "chosen": len(plan.cells), "cost": round(plan.cost),
        "plain": plan.plain_size, "less": round(100 * plan.reduction), "hidden_visits": hidden_visits,
        "visited": int((~never).sum()), "never": round(100 * float(plan.unknown[never].sum() / plan.unknown.sum())),
        "chosen_new": int(never[plan.cells].sum()), "se": round(100 * float(np.sqrt(plan.variance)), 1),
        "plain_se": round(100 * float(np.sqrt(plan.plain_variance)), 1), "zone": on.zone,
        "known": sorted(on.known),
        "cells": [
            {"x": float(on.x[i]), "y": float(on.y[i]), "commune": str(on.commune[i]),
             "chance": round(float(plan.inclusion[i]), 6), "km": round(float(on.km[i]), 1)}
            for i in plan.cells.tolist()
        ],
        "overlay": _drawn(on, worth, been, plan.cells),
    }  # fmt: skip


def _thought(on: Ground, been: Floats, found: Floats) -> tuple[Floats, float]:
    """The chance that each square holds the species: its share among visits near by, drawn to the province's share;
    and that share."""
    from scipy.spatial import cKDTree

    went = np.flatnonzero(been > 0)
    share = (float((found > 0).sum()) + 0.5) / (went.size + 1)
    tree = cKDTree(np.column_stack([on.x, on.y]))
    near, met = np.zeros(on.x.size), np.zeros(on.x.size)
    for i in went.tolist():
        around = tree.query_ball_point([on.x[i], on.y[i]], 2.5 * REACH_M)
        squared = (on.x[around] - on.x[i]) ** 2 + (on.y[around] - on.y[i]) ** 2
        weight = np.exp(-squared / (2 * REACH_M**2))
        near[around] += weight
        met[around] += weight * (found[i] > 0)
    psi = (met + PRIOR * share) / (near + PRIOR)
    psi[found > 0] = np.maximum(psi[found > 0], 0.95)
    return psi, share


def _visited(actor: Actor, on: Ground) -> tuple[Floats, int]:
    """How often each square was gone to, where the asker knows the place; and how many visits have one he does not."""
    counts, hidden = np.zeros(on.x.size), 0
    for name in ("observations.event", "observations.occurrence"):
        door = REGISTERS[name].door(actor)
        rows = door.open(door.rows())
        hidden += rows.filter(door_precise=False).count() if name == "observations.event" else 0
        counts += _by_square(rows.filter(door_precise=True), on)
    return counts, hidden


def _found(actor: Actor, taxon: Taxon, on: Ground) -> tuple[Floats, int]:
    """How many verified encounters of the species each square holds, and how many have a place he does not know."""
    door = REGISTERS["observations.occurrence"].door(actor)
    rows = door.open(
        door.rows().filter(taxon=taxon, status=Status.VERIFIED, occurrence_status=Occurrence.Presence.PRESENT)
    )
    return _by_square(rows.filter(door_precise=True), on), rows.filter(door_precise=False).count()


def _by_square(rows: Any, on: Ground) -> Floats:
    xy = np.array(
        list(rows.exclude(door_x=None).order_by().values_list("door_x", "door_y")), np.float64
    ).reshape(-1, 2)
    counts = np.zeros(on.x.size)
    if len(xy):
        to = Transformer.from_crs(4326, on.zone, always_xy=True)
        x, y = to.transform(xy[:, 0], xy[:, 1])
        index = {
            k: i for i, k in enumerate(zip((on.x // SIDE).tolist(), (on.y // SIDE).tolist(), strict=True))
        }
        for key in zip((x // SIDE).tolist(), (y // SIDE).tolist(), strict=True):
            if key in index:
                counts[index[key]] += 1
    return counts


def square(x: float, y: float, zone: int) -> Any:
    """The square around a middle in longitude and latitude."""
    half, back = SIDE / 2, Transformer.from_crs(zone, 4326, always_xy=True)
    ring = [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]
    return shapely.Polygon([tuple(round(v, 6) for v in back.transform(a, b)) for a, b in ring])


def _drawn(on: Ground, worth: Floats, been: Floats, chosen: NDArray[np.intp]) -> list[dict[str, Any]]:
    """The map: what a visit is worth in four classes, where people went, and the squares that are proposed."""
    layers: list[tuple[str, int, NDArray[np.intp]]] = []
    told = np.flatnonzero(worth > 0)
    edges: Any = np.quantile(worth[told], np.linspace(0, 1, CLASSES + 1)[1:-1]) if told.size else []
    kind = np.digitize(worth[told], edges)
    names = (_("ít điều để biết"), _("vừa"), _("nhiều"), _("nhiều nhất"))
    layers += [(names[k], k, told[kind == k]) for k in range(CLASSES)]
    layers += [(_("đã có người đến"), -1, np.flatnonzero(been > 0)), (_("ô đề xuất"), -2, chosen)]
    back = Transformer.from_crs(on.zone, 4326, always_xy=True)
    found, half = [], SIDE / 2
    for name, deep, cells in layers:
        if not cells.size:
            continue
        rim = half if deep >= 0 else half * (0.5 if deep == -1 else 0.8)
        corners = [(-rim, -rim), (rim, -rim), (rim, rim), (-rim, rim), (-rim, -rim)]
        at = [back.transform(on.x[cells] + dx, on.y[cells] + dy) for dx, dy in corners]
        rings = np.round(np.stack([np.column_stack(c) for c in at], axis=1), 5).tolist()
        geometry = {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}
        drawn = {"kind": "cells", "deep": deep} if deep >= 0 else {"kind": "shape" if deep == -1 else "hull"}
        found.append({"name": name, "geometry": geometry, **drawn})
    return found


def read(given: Mapping[str, str], taxa: Sequence[str]) -> Asked:
    """What a form asked; `NotNow` names the box that holds no number that can be used."""
    asked: dict[str, Any] = {}
    for name, label, least, most in (
        ("budget", _("kinh phí"), 1, 10**12), ("cost_visit", _("chi phí một lượt"), 1, 10**10),
        ("cost_km", _("chi phí một km đường"), 0, 10**8), ("visits", _("số lượt mỗi ô"), 1, 20),
    ):  # fmt: skip
        text = given.get(name, "").replace(".", "").replace(" ", "")
        if not text.isdecimal() or not least <= int(text) <= most:
            raise NotNow(
                _("“%(name)s” phải là số nguyên từ %(a)d đến %(b)d.") % {"name": label, "a": least, "b": most}
            )
        asked[name] = int(text)
    try:
        p = float(given.get("p", "").replace(",", "."))
    except ValueError:
        p = 0.0
    if not 0.01 <= p <= 1:
        raise NotNow(_("Xác suất gặp mỗi lượt là số từ 0,01 đến 1."))
    area = given.get("area", "")
    if area and area not in outlines():
        raise NotNow(_("Không có xã này."))
    kept = list(dict.fromkeys(taxa))
    if not 1 <= len(kept) <= MOST_SPECIES:
        raise NotNow(_("Chọn từ 1 đến %(n)d loài.") % {"n": MOST_SPECIES})
    return Asked(kept, p=p, area=area, **asked)
