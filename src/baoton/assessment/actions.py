"""Species status: computed from verified records, adopted by a person."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
import pyproj
import shapely
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from baoton.assessment.measures import measured
from baoton.assessment.models import SpeciesStatus, TrueExtent
from baoton.assessment.queries import NOT_ASSESSED, by_extents
from baoton.kit import jobs
from baoton.kit.access import Actor, System
from baoton.kit.kinds.words import as_text
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing.outbox import changed_much, followed_by
from baoton.kit.writing.refusal import NotNow
from baoton.kit.writing.write import act, write
from baoton.observations.models import Occurrence
from baoton.observations.queries import Placed, placed, verified
from baoton.places.queries import province_path
from baoton.taxa.models import Taxon
from baoton.taxa.queries import legal_status

METHOD = "ecostat.extent v1"
BOOK = "assessment.status"
PARTLY_GUARDED = gettext_noop(
    "EOO tính từ vị trí được công bố (tâm ô lưới 0,1 độ; vị trí không công bố thì không tính); AOO không công bố"
)
ONLY_EXTENTS = gettext_noop(
    "Máy chỉ có EOO và AOO trong tỉnh; chưa có xu hướng, số cá thể trưởng thành và số địa điểm theo mối đe doạ."
)
NOT_ENOUGH = gettext_noop("Chưa đủ căn cứ để gợi ý hạng; trang này nói còn thiếu gì.")
RETAKEN = gettext_noop("Rút thông qua")
AGAIN = gettext_noop("đang tính lại vì có vị trí vừa được bảo vệ")


def adopt(actor: Actor, record: SpeciesStatus, reason: str = "", category: str = "") -> SpeciesStatus:
    """A person answers for the category, the machine's or another, with the minutes it was decided in."""
    today = timezone.localdate()
    answers = {"reason": reason, "category": category or record.indicated, "adopted_on": today}
    stored: SpeciesStatus = act(REGISTERS[BOOK], actor, record, "adopt", answers)
    return stored


def adopted(actor: Actor, record: SpeciesStatus, answers: Mapping[str, Any]) -> None:
    """The status carries the category, why, by whom and when; never for a day to come."""
    on, today = answers.get("adopted_on") or timezone.localdate(), timezone.localdate()
    if on > today:
        raise NotNow(_("Ngày thông qua chưa đến."))
    if record.on > today:
        raise NotNow(_("Bản này tính đến một ngày chưa đến; tính lại đến hôm nay rồi thông qua."))
    record.category = answers["category"]
    record.because = f"{record.because}\n{answers['reason']}".strip()
    record.adopted_by, record.adopted_on = actor.actor_name, on
    _replace_older(actor, record)


def _replace_older(actor: Actor, record: SpeciesStatus) -> None:
    """What was adopted of the species up to an earlier day is replaced by this version, and says so."""
    S = SpeciesStatus.Status
    rows = SpeciesStatus.objects.filter(taxon=record.taxon_id, status=S.ADOPTED, withdrawn__isnull=True)
    for old in rows.filter(on__lte=record.on).exclude(pk=record.pk):
        reason = gettext_noop("đã thay bằng bản tính đến %(on)s") % {"on": as_text(record.on)}

        def work(stored: SpeciesStatus, told: str = reason) -> None:
            stored.status = S.SUPERSEDED
            stored.because = f"{stored.because}\n{told}".strip()

        write(REGISTERS[BOOK], actor, "adopt", old, work)


def taken_back(actor: Actor, record: SpeciesStatus, answers: Mapping[str, Any]) -> None:
    """The status waits for adoption again, without a category; why stands in its history and on its page."""
    _restore_former(actor, record)
    record.category, record.adopted_by, record.adopted_on = NOT_ASSESSED, "", None
    record.because = f"{record.because}\n{RETAKEN}: {answers['reason']}".strip()


def _restore_former(actor: Actor, record: SpeciesStatus) -> None:
    """The version that this one replaced stands adopted again; where a later one is adopted, nothing does."""
    S = SpeciesStatus.Status
    rows = SpeciesStatus.objects.filter(taxon=record.taxon_id, withdrawn__isnull=True).exclude(pk=record.pk)
    if rows.filter(status=S.ADOPTED, on__gte=record.on).exists():
        return
    former = rows.filter(status=S.SUPERSEDED, on__lte=record.on).order_by("-on", "-adopted_on", "-id").first()
    if former is not None:

        def work(stored: SpeciesStatus) -> None:
            stored.status = S.ADOPTED

        write(REGISTERS[BOOK], actor, "take_back", former, work)


def compute(on: date, taxa: Iterable[Taxon] | None = None, province: str = "") -> int:
    """Every species with a verified record has a status as of the day; unadopted older ones of the year give way.

    Nothing is known of a day to come: as of such a day it is computed as of today.
    """
    on = min(on, timezone.localdate())
    if taxa is None:
        recorded = verified().filter(taxon__isnull=False, day_start__lte=on).values("taxon_id").distinct()
        taxa = Taxon.objects.filter(pk__in=recorded, withdrawn__isnull=True)
    made = [one for taxon in taxa if (one := of_taxon(taxon, on, province)) is not None]
    with transaction.atomic():
        SpeciesStatus.objects.filter(
            on__year=on.year,
            status=SpeciesStatus.Status.COMPUTED,
            taxon__in=[status.taxon_id for status, _true in made],
            items__isnull=True,  # what a council reads stands as it is
        ).delete()
        SpeciesStatus.objects.bulk_create([status for status, _true in made], batch_size=200)
        TrueExtent.objects.bulk_create([true for _status, true in made], batch_size=200)
        changed_much(SpeciesStatus)
    return len(made)


def of_taxon(taxon: Taxon, on: date, province: str = "") -> tuple[SpeciesStatus, TrueExtent] | None:
    """Both editions of one species' status as its verified records up to the day tell it; None without a record."""
    found, province = placed([taxon.pk], on), province or province_path()
    if not found.keys:
        return None
    status = SpeciesStatus(
        taxon=taxon,
        taxon_group=taxon.taxon_group,
        area_path=province,
        on=on,
        records=len(found.keys),
        years=len({y for y in found.years if y is not None}),
        legal=legal(taxon, on, province),
        category=NOT_ASSESSED,
        method=METHOD,
    )
    publish(status, found)
    numbers = measured(taxon, on)
    true = TrueExtent(status=status, rests_on=found.rests_on, measures=numbers)
    status.measures = {} if status.guarded else numbers
    extents(true, found.lon, found.lat)
    if true.aoo_km2 is not None:
        told = by_extents(true).category
        true.indicated = "" if told == "DD" else told
    return status, true


def publish(status: SpeciesStatus, found: Placed) -> None:
    """The edition for everybody says what the shown places of these records tell today."""
    status.blurred, status.withheld = found.blurred, found.withheld
    status.input_hash = found.input_hash
    status.eoo_km2 = status.aoo_km2 = status.hull = status.cells = None
    status.indicated = status.because = status.why_unknown = ""
    extents(status, found.shown_lon, found.shown_lat)
    if status.guarded:
        status.aoo_km2 = status.hull = status.cells = None
        status.why_unknown = PARTLY_GUARDED
    else:
        indicate(status)


def extents(status: SpeciesStatus | TrueExtent, lon: Any, lat: Any) -> None:
    """EOO with its hull and AOO with its cells stand in the status; what cannot be told says why."""
    status.places = len({(x, y) for x, y in zip(lon.tolist(), lat.tolist(), strict=True)})
    if not len(lon):
        status.why_unknown = gettext_noop("không ghi nhận nào có toạ độ")
        return
    from ecostat import extent
    from ecostat.errors import TooFewPoints

    cells = extent.aoo(lon, lat)
    status.aoo_km2 = float(cells)
    status.cells = shapely.to_wkb(occupied(lon, lat, cells.cell_m, cells.origin))
    try:
        area = extent.eoo(lon, lat)
        status.hull = shapely.to_wkb(shapely.Polygon(extent.eoo_polygon(lon, lat)))
        status.eoo_km2 = max(area, status.aoo_km2)
        if area < status.aoo_km2:
            status.why_unknown = gettext_noop(
                "bao lồi nhỏ hơn các ô có mặt: lấy EOO bằng AOO theo hướng dẫn IUCN"
            )
    except TooFewPoints:
        status.why_unknown = gettext_noop("ít hơn 3 vị trí khác nhau nên chưa có bao lồi (EOO)")


@followed_by
def guard_editions(label: str, before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> None:
    """When a place becomes guarded, no published extent that rests on it stands a moment longer."""
    if label != Occurrence._meta.label_lower:
        return
    if before or after:
        old = {row["id"]: row["disclosure"] for row in before}
        risen = {r["taxon_id"] for r in after if r["taxon_id"] and r["disclosure"] > old.get(r["id"], 9)}
        taxa = [UUID(str(t)) for t in risen]
    else:
        taxa = fallen_behind()
    if not taxa:
        return
    rows = SpeciesStatus.objects.filter(taxon__in=taxa, withdrawn__isnull=True)
    if rows.update(
        eoo_km2=None, aoo_km2=None, hull=None, cells=None, places=None, indicated="", why_unknown=AGAIN
    ):
        asked = sorted(str(t) for t in taxa)
        transaction.on_commit(lambda: _ask(asked))


def fallen_behind() -> list[Any]:
    """The taxa of which more records are guarded now than a published edition of theirs knew."""
    level = Count("pk", filter=Q(disclosure=1)), Count("pk", filter=Q(disclosure=2))
    now = verified().filter(disclosure__gt=0, taxon__isnull=False).order_by().values("taxon_id")
    counts = {r["taxon_id"]: (r["b"], r["w"]) for r in now.annotate(b=level[0], w=level[1])}
    published = SpeciesStatus.objects.filter(taxon__in=list(counts), withdrawn__isnull=True)
    return [t for t, b, w in published.values_list("taxon_id", "blurred", "withheld") if (b, w) != counts[t]]


def _ask(taxa: list[str]) -> None:
    jobs.ask(System(), "assessment.republish", _("Tính lại phạm vi được công bố"), taxa=taxa)


@jobs.kind("assessment.republish")
def republish_job(progress: jobs.Progress) -> str:
    """The published editions of the job's taxa are computed again."""
    assert progress.job is not None
    republish(progress.job.arguments["taxa"])
    return ""


def republish(taxa: Iterable[Any]) -> int:
    """Every standing status of the taxa, adopted ones too, shows everybody what may be shown today; how many."""
    told = 0
    for status in SpeciesStatus.objects.filter(taxon__in=list(taxa), withdrawn__isnull=True):
        publish(status, placed([status.taxon_id], status.on))
        if status.guarded:
            status.measures = {}
        status.save()
        told += 1
    changed_much(SpeciesStatus)
    return told


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
    told = by_extents(status)
    status.indicated = "" if told.category == "DD" else told.category
    status.because = ONLY_EXTENTS if status.indicated else NOT_ENOUGH
