"""How whole the habitats of a map are, and which small ground its parcels enclose and none covers.

The ground is laid flat in an equal-area projection about the map's middle, some thousand parcels at a time. Parcels of
one class that touch are one patch; its core lies further than the edge depth from whatever is of another class. Gaps
are told, never filled.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from baoton.habitats.actions import AT_ONCE
from baoton.habitats.integrity.ground import Rows, core_m2
from baoton.habitats.models import Gap, Parcel, Version
from baoton.habitats.queries import CLASSES
from baoton.habitats.topology import area_m2
from baoton.kit import jobs
from baoton.kit.access import Actor
from baoton.kit.kinds import moment
from baoton.kit.models import Overlap
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import overlaps
from baoton.kit.writing.outbox import changed_much
from baoton.places.queries import settle

EDGE_M, LINK_M = 100, 1000
GAP_LEAST_M2, GAP_MOST_M2 = 1.0, 5_000.0
WORTH_M2 = 10_000.0
"""Patches below a hectare are counted, and left out of the indices of connectivity."""
FEW = 3_000
"""So many of the largest patches stand in the indices."""


def look(version: Version, edge_m: float, link_m: float) -> None:
    """The map's gaps stand in their book, and on the version what its habitats are like."""
    rows = Rows.of(version)
    first = {str(word): key for key, word in reversed(CLASSES.items())}
    classes = [
        {"key": first.get(word, ""), **_class(rows.flat(at), edge_m, link_m)}
        for word, at in sorted(rows.groups().items())
    ]
    number, m2 = _keep_gaps(version, rows)
    told = {
        "edge_m": edge_m,
        "link_m": link_m,
        "at": moment.now(),
        "classes": classes,
        "gaps": number,
        "gap_m2": m2,
    }
    Version.objects.filter(pk=version.pk).update(looked=told)


def _class(parts: Iterable[Any], edge_m: float, link_m: float) -> dict[str, Any]:
    """Patches, core and edge of one class, and how its patches hang together; areas in m², lengths in m."""
    from ecostat.connectivity import eca, graph, iic  # loads libraries of analysis: not at start

    patches = in_parts(parts, 0.01)
    patches = patches[shapely.area(patches) > 1]
    sizes = np.sort(shapely.area(patches))[::-1]
    worth = patches[shapely.area(patches) >= WORTH_M2]
    chosen = worth[np.argsort(-shapely.area(worth))][:FEW]
    told: dict[str, Any] = {
        "m2": float(sizes.sum()),
        "patches": len(sizes),
        "core": core_m2(patches, edge_m),
        "edge": float(shapely.length(patches).sum()),
        "largest": float(sizes[0]) if len(sizes) else 0.0,
        "middle": float(np.median(sizes)) if len(sizes) else 0.0,
        "used": len(chosen),
        "eca": None,
        "iic": None,
    }
    del patches, worth
    if len(chosen):
        net = graph(chosen, link_m)
        told["eca"], told["iic"] = eca(net, link_m), iic(net)
    return told


def in_parts(parts: Iterable[Any], grid: float | None = None) -> Any:
    """The polygons of the union of all shapes, which come part by part: each part is joined by itself, so that what
    lies between its parcels is forgotten before the next is read, and then what meets a piece of another part."""
    found = [joined(part, grid) for part in parts]
    if len(found) < 2:
        return found[0] if found else np.empty(0, object)
    owner, pieces = np.repeat(np.arange(len(found)), [len(f) for f in found]), np.concatenate(found)
    del found
    boxes, reach = shapely.bounds(pieces), 2 * (grid or 0.0)
    wide = shapely.box(boxes[:, 0] - reach, boxes[:, 1] - reach, boxes[:, 2] + reach, boxes[:, 3] + reach)
    one, other = shapely.STRtree(pieces).query(wide)
    meeting = np.isin(np.arange(len(pieces)), one[owner[one] != owner[other]])
    return np.concatenate([pieces[~meeting], joined(pieces[meeting], grid)]) if meeting.any() else pieces


def joined(shapes: Any, grid: float | None = None) -> Any:
    """The polygons of the union of the shapes. Those that meet side on side, as most parcels do, are dissolved by their
    sides; only the few that overlap or miss a corner of their neighbour are laid over what they touch."""
    broken = ~shapely.is_valid(shapes)
    odd = broken.copy()
    odd[~broken] = ~shapely.is_empty(shapely.coverage_invalid_edges(shapes[~broken]))
    whole = shapely.get_parts(shapely.coverage_union_all(shapes[~odd]))
    if not odd.any():
        return whole
    left = shapely.make_valid(shapes[odd])
    _i, touched = shapely.STRtree(whole).query(left, predicate="dwithin", distance=grid or 0.0)
    near = np.isin(np.arange(len(whole)), touched)
    over = shapely.get_parts(shapely.union_all([*whole[near], *left], grid_size=grid))
    return np.concatenate([whole[~near], over[shapely.get_type_id(over) == 3]])


def _keep_gaps(version: Version, rows: Rows) -> tuple[int, int]:
    """Holes of the union of all parcels, of at least 1 m² and at most the stated size, replace those of before; their
    number and square metres."""
    rings = [shapely.Polygon(ring) for part in in_parts(rows.degrees()) for ring in part.interiors]
    sizes = area_m2(rings)
    made = []
    for ring, m2 in zip(rings, sizes, strict=True):
        if GAP_LEAST_M2 <= m2 <= GAP_MOST_M2:
            one = Gap(version=version, m2=round(float(m2)), organisation=version.organisation)
            one.put(ring)
            made.append(one)
    settle(made)
    with transaction.atomic():
        old = list(Gap.objects.filter(version=version).values_list("pk", flat=True))
        Overlap.objects.filter(register=Gap._meta.label_lower, record__in=old).delete()
        Gap.objects.filter(version=version).delete()
        Gap.objects.bulk_create(made, batch_size=500)
        overlaps.keep(Gap, [one.pk for one in made])
        changed_much(Gap)
    return len(made), sum(one.m2 for one in made)


def ask(actor: Actor, version: Version, answers: Mapping[str, Any]) -> None:
    """The look is taken at once where the map is small, else as a job."""
    edge, link = int(answers.get("edge_m") or EDGE_M), int(answers.get("link_m") or LINK_M)
    if Parcel.objects.filter(version=version, withdrawn__isnull=True).count() <= AT_ONCE:
        look(version, edge, link)
        version.refresh_from_db(fields=["looked"])
        return
    label = _("Tính toàn vẹn và khe hở: %(what)s") % {"what": version}
    key = str(version.pk)
    transaction.on_commit(
        lambda: jobs.ask(actor, "habitats.look", label, version=key, edge_m=edge, link_m=link)
    )


@jobs.kind("habitats.look")
def look_as_job(progress: jobs.Progress) -> str:
    """A look at a big map; its page then."""
    if progress.job is None:
        raise ValueError("big maps are looked at by a job")
    told = progress.job.arguments
    version = Version.objects.get(pk=told["version"])
    look(version, told["edge_m"], told["link_m"])
    return str(REGISTERS["habitats.version"].url(version))


def told(version: Version) -> dict[str, Any] | None:
    """The look as a page tells it, the widest class first; None where nobody looked yet."""
    if not version.looked:
        return None
    rows: Sequence[dict[str, Any]] = sorted(version.looked["classes"], key=lambda c: -c["m2"])
    lines = [
        {
            "word": str(CLASSES[c["key"]]) if c["key"] else _("mặt nước, đất khác"), "ha": c["m2"] / 1e4,
            "patches": c["patches"], "largest": c["largest"] / 1e4, "middle": c["middle"] / 1e4,
            "core": c["core"] / 1e4, "share": 100 * c["core"] / c["m2"] if c["m2"] else None, "edge": c["edge"] / 1000,
            "density": c["edge"] / (c["m2"] / 1e4) if c["m2"] else None,
            "eca": None if c["eca"] is None else c["eca"] / 1e4, "iic": c["iic"], "used": c["used"],
        }
        for c in rows
    ]  # fmt: skip
    known = {"gaps": version.looked.get("gaps"), "gap_m2": version.looked.get("gap_m2")}
    if known["gaps"] is None:  # looked at before the sums were kept
        known = version.gaps.filter(withdrawn__isnull=True).aggregate(
            gaps=Count("pk"), gap_m2=Sum("m2", default=0)
        )
    return {
        "lines": lines, "edge_m": version.looked["edge_m"], "link_m": version.looked["link_m"], "few": FEW,
        "most": GAP_MOST_M2, **known,
    }  # fmt: skip
