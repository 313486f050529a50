"""Species status: computed from verified records, adopted by a person."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyproj
import shapely
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baoton.assessment.models import SpeciesStatus
from baoton.assessment.queries import NOT_ASSESSED
from baoton.kit.access import Actor
from baoton.kit.writing.action import action
from baoton.kit.writing.changed import changed
from baoton.kit.writing.workflow import NotNow, Step, Workflow
from baoton.observations.queries import points_of, verified
from baoton.taxa.models import Taxon
from baoton.taxa.queries import legal_status
from ecostat import extent
from ecostat.errors import TooFewPoints
from ecostat.redlist import Evidence, classify

METHOD = "ecostat.extent v1"
FLOW = Workflow(
    [Step(SpeciesStatus.Status.COMPUTED, "assessment.status.adopt", SpeciesStatus.Status.ADOPTED)]
)
SpeciesStatus.workflow = FLOW  # type: ignore[attr-defined]


@action("assessment.status.adopt", gettext_lazy("thông qua"))
def adopt(actor: Actor, record: SpeciesStatus, reason: str = "", category: str = "") -> None:
    """A person answers for the category, the machine's or another, with the reason."""
    if not reason:
        raise NotNow(_("Ghi căn cứ thông qua (biên bản, hội đồng, ngày)."))
    FLOW.move(record, "assessment.status.adopt")
    record.category = category or record.indicated or NOT_ASSESSED
    record.because = f"{record.because}\n{reason}".strip()
    record.adopted_by, record.adopted_on = actor.actor_name, timezone.localdate()


def compute(on: date, taxa: Iterable[Taxon] | None = None, province: str = "12") -> int:
    """Every species with a verified record has a status as of the day; unadopted older ones of the year give way."""
    if taxa is None:
        recorded = verified().filter(taxon__isnull=False, day_start__lte=on).values("taxon_id").distinct()
        taxa = Taxon.objects.filter(pk__in=recorded, withdrawn__isnull=True)
    made = [one for taxon in taxa if (one := of_taxon(taxon, on, province)) is not None]
    with transaction.atomic():
        SpeciesStatus.objects.filter(
            on__year=on.year, status=SpeciesStatus.Status.COMPUTED, taxon__in=[m.taxon_id for m in made]
        ).delete()
        SpeciesStatus.objects.bulk_create(made, batch_size=200)
        changed(SpeciesStatus._meta.label_lower, [], [])
    return len(made)


def of_taxon(taxon: Taxon, on: date, province: str = "12") -> SpeciesStatus | None:
    """The status of one species as its verified records up to the day tell it; None without a record."""
    records = verified().filter(taxon_id=taxon.pk, day_start__lte=on).count()
    if not records:
        return None
    lon, lat, years, keys = points_of([taxon.pk], on)
    status = SpeciesStatus(
        taxon=taxon,
        taxon_group=taxon.taxon_group,
        area_path=province,
        on=on,
        records=records,
        years=len({y for y in years if y is not None}),
        places=len({(x, y) for x, y in zip(lon.tolist(), lat.tolist(), strict=True)}),
        legal=legal(taxon, on, province),
        category=NOT_ASSESSED,
        input_hash=hashlib.sha256(
            "\n".join(f"{k} {x} {y}" for k, x, y in zip(keys, lon, lat, strict=True)).encode()
        ).hexdigest(),
        method=METHOD,
    )
    extents(status, lon, lat)
    indicate(status)
    return status


def extents(status: SpeciesStatus, lon: Any, lat: Any) -> None:
    """EOO with its hull and AOO with its cells stand in the status; what cannot be told says why."""
    if not len(lon):
        status.why_unknown = _("không ghi nhận nào có toạ độ")
        return
    cells = extent.aoo(lon, lat)
    status.aoo_km2 = float(cells)
    status.cells = shapely.to_wkb(occupied(lon, lat, cells.cell_m, cells.origin))
    try:
        area = extent.eoo(lon, lat)
        status.hull = shapely.to_wkb(shapely.Polygon(extent.eoo_polygon(lon, lat)))
        status.eoo_km2 = max(area, status.aoo_km2)
        if area < status.aoo_km2:
            status.why_unknown = _("bao lồi nhỏ hơn các ô có mặt: lấy EOO bằng AOO theo hướng dẫn IUCN")
    except TooFewPoints:
        status.why_unknown = _("ít hơn 3 vị trí khác nhau nên chưa có bao lồi (EOO)")


def occupied(lon: Any, lat: Any, side: float, origin: Sequence[float]) -> shapely.Geometry:
    """The occupied cells of the equal-area grid as one multipolygon in longitude and latitude."""
    there = pyproj.Transformer.from_crs(4326, 6933, always_xy=True)
    x, y = there.transform(lon, lat)
    columns = np.floor((np.asarray(x) - origin[0]) / side)
    rows = np.floor((np.asarray(y) - origin[1]) / side)
    squares = []
    for column, row in sorted(set(zip(columns.tolist(), rows.tolist(), strict=True))):
        west, south = origin[0] + column * side, origin[1] + row * side
        ring_x = [west, west + side, west + side, west]
        ring_y = [south, south, south + side, south + side]
        squares.append(
            shapely.Polygon(zip(*there.transform(ring_x, ring_y, direction="INVERSE"), strict=True))
        )
    return shapely.MultiPolygon(squares)


def legal(taxon: Taxon, on: date, province: str) -> dict[str, Any]:
    """The legal status of the day as the page and the report print it."""
    status = legal_status(taxon, on, place=province)
    return {
        "group": status.group,
        "certainty": str(status.certainty),
        "sentence": status.sentence,
        "instrument": str(status.deciding.instrument) if status.deciding else None,
    }


def indicate(status: SpeciesStatus) -> None:
    """What criterion B and D2 alone would say of these extents; an indication with its reason, never a verdict."""
    if status.aoo_km2 is None:
        return
    told = classify(Evidence(eoo=status.eoo_km2, aoo=status.aoo_km2))
    status.indicated = told.category
    status.because = _(
        "Máy chỉ có EOO và AOO trong tỉnh; chưa có xu hướng, số cá thể trưởng thành và số địa điểm theo mối đe doạ."
    )
