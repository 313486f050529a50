"""What other apps may ask of the map: which version stands on a day, and what it amounts to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from numpy.typing import NDArray

from baoton.habitats.models import Function, Parcel, Version
from baoton.kit.access import Actor
from baoton.kit.reading.register import REGISTERS
from baoton.places.queries import outlines, shares


def province() -> shapely.Geometry:
    """The communes of today dissolved: the outline of the province itself differs from them."""
    shapes = list(outlines().values())
    return shapely.union_all(shapes) if shapes else shapely.Polygon()


def outside(shape: shapely.Geometry) -> str:
    """Why ground that touches no commune cannot be of this province, with the place; empty where it may be."""
    if shape.is_empty or not outlines() or shares([shape])[0]:
        return ""
    at = shape.representative_point()
    told = _(
        "Hình nằm ngoài tỉnh, ở vĩ độ %(lat)s, kinh độ %(lon)s: vẽ lại, hoặc đọc lại tệp theo hệ toạ độ đúng."
    )
    return told % {"lat": f"{at.y:.4f}", "lon": f"{at.x:.4f}"}


def published() -> "QuerySet[Version]":
    """The published versions, the newest first."""
    rows = Version.objects.filter(withdrawn__isnull=True, status=Version.Status.PUBLISHED)
    return rows.order_by("-valid_from", "id")


def on(day: date, area_path: str = "") -> Version | None:
    """The version that stands on a day for an area; None where none does."""
    rows = published().filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    for one in rows:
        if area_path == one.area_path or area_path.startswith(f"{one.area_path}/") or not one.area_path:
            return one
    return None


@dataclass(frozen=True)
class Sums:
    """What the readable parcels of a version amount to: hectares measured, of the sheet, and their difference."""

    parcels: int
    hectares: float
    sheet: float | None
    difference: float | None
    without_sheet: int
    functions: Sequence[tuple[str, str, int, float]]
    flaws: Sequence[tuple[str, str, int, float]]


def sums(actor: Actor, version: Version) -> Sums:
    """The version as its reader may see it: by function and by flaw, each with its address value, number, hectares."""
    rows = REGISTERS["habitats.parcel"].door(actor).rows().filter(version=version)
    both = rows.aggregate(
        n=Count("pk"), ha=Sum("hectares"), sheet=Sum("stated_ha"),
        same=Sum("hectares", filter=Q(stated_ha__isnull=False)), blank=Count("pk", filter=Q(stated_ha__isnull=True)),
    )  # fmt: skip
    by: dict[str, list[tuple[str, str, int, float]]] = {}
    for column, words in (("function", Function.choices), ("flaw", Parcel.Flaw.choices)):
        said = dict(words)
        found = rows.order_by(column).values_list(column).annotate(n=Count("pk"), ha=Sum("hectares"))
        by[column] = [(v, str(said.get(v, _("chưa rõ"))), n, ha or 0.0) for v, n, ha in found]
    sheet = both["sheet"]
    return Sums(
        both["n"], both["ha"] or 0.0, sheet, None if sheet is None else both["same"] - sheet, both["blank"],
        by["function"], [f for f in by["flaw"] if f[0] != "none"],
    )  # fmt: skip


CLASSES = {
    **dict.fromkeys(("rich", "medium", "poor", "depleted", "regrowth"), _lazy("rừng gỗ tự nhiên")),
    **dict.fromkeys(("bamboo", "mixed", "palm"), _lazy("rừng tre nứa, hỗn giao, cau dừa")),
    **dict.fromkeys(("plantation", "young"), _lazy("rừng trồng")),
    **dict.fromkeys(("shrub", "bare"), _lazy("đất trống, cây bụi")),
    "farm": _lazy("đất nông nghiệp"),
}


def classes_at(
    actor: Actor, lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> tuple[NDArray[np.str_], str] | None:
    """The habitat of each place by the map that stands today, as the actor may read it ("" where no parcel lies), and
    the map's name; None where no such map covers any of them."""
    door, today = REGISTERS["habitats.parcel"].door(actor), timezone.localdate()
    standing = Q(version__valid_to__isnull=True) | Q(version__valid_to__gte=today)
    rows = door.precise.rows(door.rows()).filter(
        standing, version__in=published().values("pk"), version__valid_from__lte=today, geom__isnull=False,
        max_x__gte=lon.min(), min_x__lte=lon.max(), max_y__gte=lat.min(), min_y__lte=lat.max(),
    )  # fmt: skip
    found = list(
        rows.order_by("-version__valid_from", "id").values_list("geom", "forest_class", "version__title")
    )
    if not found:
        return None
    names = np.array([str(CLASSES.get(kind, _("mặt nước, đất khác"))) for g, kind, t in found])
    tree = shapely.STRtree(shapely.from_wkb([bytes(g) for g, k, t in found]))
    points, parcels = tree.query(shapely.points(lon, lat), predicate="within")
    first = np.full(lon.size, len(found))
    np.minimum.at(first, points, parcels)
    if not points.size:
        return None
    told = np.append(names, "")[first]
    return told, "; ".join(dict.fromkeys(title for g, k, title in found))
