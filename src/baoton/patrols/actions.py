"""What follows from a patrol: its length and hours, the visit that carries its effort, and the list of signs."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import shapely
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from baoton.kit.access import Actor, System, require
from baoton.kit.ids import source_id
from baoton.kit.kinds.words import as_text
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.outbox import changing, followed_by
from baoton.observations.models import Event
from baoton.patrols.models import Leg, Patrol, Sign, SignKind, Square
from baoton.patrols.queries import PROTOCOL, grid
from baoton.places.queries import measure, province_path
from baoton.plan.queries import serves

FASTEST = {"foot": 12.0, "motorbike": 80.0, "car": 120.0, "boat": 60.0, "other": 120.0}
"""Kilometres an hour that nobody goes for a whole leg in the forest: more is a mistake of the track or of the hours."""
A_DAY = {"foot": 60.0, "motorbike": 300.0, "car": 500.0, "boat": 300.0, "other": 500.0}


def derive_patrol(record: Patrol) -> None:
    """A patrol has a code, serves the task of priority species, and takes from its team what nobody wrote."""
    serves("species_habitats")(record)
    if not record.code:
        record.code = f"TT-{record.day_start:%Y%m%d}-{record.pk.hex[-6:]}" if record.day_start else ""
    if record.team is not None:
        record.area_path = _nearer(record.area_path, record.team.area_path)
        record.leader = record.leader or record.team.leader
        record.members = record.members or record.team.members


def _nearer(said: str, told: str) -> str:
    """The commune that somebody wrote; where that is none, or the whole province, the one that is told."""
    return told if told and said in ("", province_path()) else said


def derive_leg(record: Leg) -> None:
    """The length of a leg is that of its track, else what was said; nobody goes too far or too fast in a day."""
    shape = record.outline
    walked = None if shape is None else measure(shape, "LineString")
    if walked is None:
        walked = None if record.said_km is None else record.said_km * 1000
    record.metres = None if walked is None else round(walked)
    patrol = record.patrol if record.patrol_id else None
    if patrol is not None and record.geom is None:
        record.area_path = patrol.area_path
    if patrol is not None and record.day is None:
        if patrol.day_end not in (None, patrol.day_start):
            raise ValidationError({"day": _("Cuộc tuần tra này đi nhiều ngày: ghi ngày của chặng.")})
        record.day = patrol.day_start
    if patrol is not None:
        last = patrol.day_end or patrol.day_start
        if not patrol.day_start <= record.day <= last:
            told = _("Ngày của chặng ngoài thời gian của cuộc tuần tra (%(first)s đến %(last)s).")
            raise ValidationError(
                {"day": told % {"first": f"{patrol.day_start:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}}
            )
    if patrol is not None and patrol.status == Patrol.Status.CANCELLED:
        raise ValidationError({"patrol": _("Cuộc tuần tra này đã ghi là không đi.")})
    if walked is not None:
        _believable(record, walked / 1000)


def _believable(record: Leg, km: float) -> None:
    """Nobody walks 900 km in a day: such a track is refused with what it says, never cut."""
    most = A_DAY[record.transport]
    if km > most:
        told = _(
            "Vết đi dài %(km)s km trong một ngày; %(by)s không đi quá %(most)s km. Xem lại điểm lạc của máy định vị."
        )
        words = {"km": as_text(round(km, 1)), "by": record.get_transport_display(), "most": as_text(most)}
        raise ValidationError({"geom" if record.geom is not None else "said_km": told % words})
    if record.hours and km / record.hours > FASTEST[record.transport]:
        told = _("%(km)s km trong %(hours)s giờ là quá nhanh với cách đi “%(by)s”.")
        words = {
            "km": as_text(round(km, 1)),
            "hours": as_text(record.hours),
            "by": record.get_transport_display(),
        }
        raise ValidationError({"hours": told % words})


def derive_sign(record: Sign) -> None:
    """A sign lies where its patrol's team works when nobody says where."""
    if record.patrol is not None and record.geom is None:
        record.area_path = _nearer(record.area_path, record.patrol.area_path)
    placed = record.geom is not None and record.lon is not None and record.lat is not None
    record.square = grid().square(record.lon, record.lat) if placed else None  # type: ignore[arg-type]


def derive_kind(record: SignKind) -> None:
    """The list of kinds is the whole province's."""
    record.area_path = province_path()


def not_walked(record: Patrol) -> str:
    """Why a patrol cannot be reported yet, in a sentence; empty where it can."""
    if record.legs.filter(withdrawn__isnull=True).exists():
        return ""
    return _("Chưa có chặng nào: thêm vết đi của từng ngày (hoặc số km và số giờ) trước khi báo xong.")


def walked(record: Patrol) -> str:
    """Why a patrol cannot be called off, in a sentence; empty where it can."""
    if not record.legs.filter(withdrawn__isnull=True).exists():
        return ""
    return _("Cuộc tuần tra đã có chặng; báo đã tuần tra xong, hoặc rút các chặng trước.")


@followed_by
def follow(label: str, before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> None:
    """Sums and the visit stand as the legs do, in the same transaction."""
    if label == Leg._meta.label_lower:
        cover(
            Leg.objects.filter(pk__in=[row["id"] for row in after]) if before or after else Leg.objects.all()
        )
        touched = {row["patrol_id"] for row in (*before, *after)}
        resum(Patrol.objects.filter(pk__in=touched) if before or after else Patrol.objects.all())
    elif label == Patrol._meta.label_lower:
        gone = Leg.objects.filter(patrol__withdrawn__isnull=False, withdrawn__isnull=True)
        _withdraw(gone.filter(patrol__in=[row["id"] for row in after]) if before or after else gone)
        visits = {row["visit_id"] for row in after if row["visit_id"]}
        for one in Patrol.objects.filter(visit__in=visits).select_related("visit", "team"):
            _carry(one)


def _withdraw(legs: Iterable[Leg]) -> None:
    """Nobody counts the ways of a patrol that was withdrawn; what was found stands, for it was found."""
    for one in legs:
        write.withdraw(REGISTERS["patrols.leg"], System(), one, _("cuộc tuần tra đã rút"))


def cover(legs: Iterable[Leg]) -> None:
    """The legs keep what they cover of each square of the grid; a withdrawn one covers nothing."""
    on, rows, keys = grid(), [], []
    for one in legs:
        keys.append(one.pk)
        if one.geom is None or one.withdrawn is not None:
            continue
        for square, metres, hours in on.covered(shapely.from_wkb(bytes(one.geom)), one.hours):
            rows.append(Square(leg=one, square=square, metres=metres, hours=hours))
    for start in range(0, len(keys), 500):
        Square.objects.filter(leg__in=keys[start : start + 500]).delete()
    Square.objects.bulk_create(rows, batch_size=2_000)


def resum(patrols: Iterable[Patrol]) -> int:
    """The patrols carry the sums of their standing legs; how many changed."""
    moved = 0
    for one in patrols:
        told = one.legs.filter(withdrawn__isnull=True).aggregate(m=Sum("metres"), h=Sum("hours"))
        hours = None if told["h"] is None else round(told["h"], 2)
        if (one.metres, one.hours) == (told["m"], hours):
            continue
        with changing(Patrol, [one.pk]):
            Patrol.objects.filter(pk=one.pk).update(metres=told["m"], hours=hours)
        moved += 1
    return moved


def effort(record: Patrol) -> str:
    """How much was walked, in the words of a visit's effort, as they are stored; what is unknown is left out."""
    parts = []
    if record.metres is not None:
        parts.append(f"{as_text(round(record.metres / 1000, 1))} km")
    if record.hours is not None:
        whole = int(record.hours) if record.hours == int(record.hours) else record.hours
        parts.append(f"{as_text(whole)} giờ")
    if record.people:
        parts.append(f"{record.people} người")
    return "; ".join(parts)


def visit_of(patrol: Patrol) -> Event:
    """The visit under which what the patrol saw stands in the evidence stream; made when it is first needed."""
    if patrol.visit is not None:
        return patrol.visit
    book = REGISTERS["observations.event"]
    made: Event = write.create(book, System(), _filled(Event(event_id=f"tuan-tra-{patrol.pk}"), patrol))
    with changing(Patrol, [patrol.pk]):
        Patrol.objects.filter(pk=patrol.pk).update(visit=made)
    patrol.visit = made
    return made


def seen_on(actor: Actor, patrol: Patrol) -> Event:
    """The visit of a patrol that the actor leads or enters: what he saw goes there; raises `Denied`."""
    require(actor, "patrols.patrol.edit", patrol)
    require(actor, "observations.occurrence.create")
    with transaction.atomic():
        return visit_of(write.lock(patrol))


def _carry(patrol: Patrol) -> None:
    """The visit says what the patrol says, where they differ."""
    visit = patrol.visit
    assert visit is not None
    old = visit.snapshot()
    if _filled(visit, patrol).snapshot() != old:
        fresh = _filled(Event(), patrol)
        names = ("sampling_effort", "day_start", "day_end", "task_id", "event_date")
        write.edit(REGISTERS["observations.event"], System(), visit, {n: getattr(fresh, n) for n in names})


def _filled(visit: Event, patrol: Patrol) -> Event:
    visit.event_type, visit.sampling_protocol = PROTOCOL, PROTOCOL
    visit.day_start, visit.day_end = patrol.day_start, patrol.day_end or patrol.day_start
    visit.event_date = patrol.day_start.isoformat()
    if visit.day_end != visit.day_start:
        visit.event_date += f"/{visit.day_end.isoformat()}"
    visit.sampling_effort = effort(patrol)  # not who walked: a visit is published with its records
    visit.organisation, visit.task_id = patrol.organisation, patrol.task_id
    visit.area_path = visit.area_path or patrol.area_path
    return visit


def load() -> int:
    """The kinds of signs the system comes with; one that the office changed or ended stays as it is."""
    path = Path(__file__).with_name("sign_kinds.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    known = set(SignKind.objects.values_list("code", flat=True))
    fresh = [
        SignKind(
            id=source_id("patrols.sign_kind", row["code"]), code=row["code"], group=row["group"], label=row["vi"],
            label_en=row["en"], unit=row["unit"], area_path=province_path(),
        )
        for row in rows if row["code"] not in known
    ]  # fmt: skip
    SignKind.objects.bulk_create(fresh)
    return len(fresh)
