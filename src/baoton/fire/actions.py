"""What follows from weather, tables and hotspots: P and levels, alerts and who is told; verdicts and bulletins."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from baoton.fire import queries
from baoton.fire.models import Alert, Bulletin, Fire, Hotspot, Permit, Station, Table, Weather
from baoton.kit.access import Actor
from baoton.kit.kinds import moment
from baoton.kit.kinds.moment import clock
from baoton.kit.writing.outbox import changing, followed_by
from baoton.people.queries import head_of, on_duty
from baoton.places import queries as places

METRES, DAYS = 1_500.0, 1.0
DAY_MS = 86_400_000
S = Alert.Status


@followed_by
def follow(label: str, before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> None:
    """P and levels stand as the weather and the tables do, alerts as the hotspots do, in the same transaction."""
    if label in (Weather._meta.label_lower, Table._meta.label_lower):
        touched = {str(row["station_id"]) for row in (*before, *after) if row.get("station_id")}
        rows = Station.objects.filter(withdrawn__isnull=True)
        for station in rows.filter(pk__in=touched) if touched else rows:
            reckon(station)
    elif label == Hotspot._meta.label_lower:
        gather()
        recount({row["alert_id"] for row in (*before, *after)} - {None})
    elif label == Permit._meta.label_lower:
        suggest([row for row in (*before, *after) if row.get("since") and row.get("until")])


def suggest(rows: Sequence[Mapping[str, Any]]) -> None:
    """Alerts of a changed permit's days that nobody has answered name the permit they lie in, if any."""
    if not rows:
        return
    days = (min(row["since"] for row in rows), max(row["until"] for row in rows))
    waiting = Alert.objects.filter(withdrawn__isnull=True, status=S.WAITING)
    recount(set(waiting.filter(day__range=days).values_list("pk", flat=True)))


def reckon(station: Station) -> None:
    """Every day of the station holds the P and the level that follow from the days before it."""
    found = queries.series(station)
    if found is None:
        return
    moved = []
    for i, row in enumerate(found.rows):
        if row is None:
            continue
        low, high = (None if np.isnan(v[i]) else round(float(v[i]), 1) for v in (found.low, found.high))
        level = None if found.level[i] < 1 else int(found.level[i])
        danger = None if level is None else int(level >= queries.DANGER)
        if (row.p_low, row.p_high, row.level, row.danger) != (low, high, level, danger):
            row.p_low, row.p_high, row.level, row.danger = low, high, level, danger
            moved.append(row)
    if moved:
        with changing(Weather, [row.pk for row in moved]):
            Weather.objects.bulk_update(moved, ["p_low", "p_high", "level", "danger"], batch_size=200)


def gather() -> int:
    """Hotspots of no alert join one near them that waits or is a fire, else make a new one; how many were new."""
    from ecostat.fire import hotspots  # loads libraries of analysis: not at start

    fresh = list(Hotspot.objects.filter(withdrawn__isnull=True, alert__isnull=True).order_by("at", "id"))
    if not fresh:
        return 0
    first, last = fresh[0].at - DAY_MS, fresh[-1].at + DAY_MS
    near = Hotspot.objects.filter(
        withdrawn__isnull=True, at__range=(first, last), alert__status__in=(S.WAITING, S.FIRE)
    )
    pool = [*fresh, *near.exclude(pk__in=[h.pk for h in fresh]).select_related("alert")]
    at = np.array([h.at / 1000 for h in pool])
    lon, lat = (np.array([getattr(h, name) for h in pool], float) for name in ("lon", "lat"))
    label = hotspots(lon, lat, at, metres=METRES, days=DAYS, min_points=1).label
    made, joins = 0, []
    for one in dict.fromkeys(label[: len(fresh)].tolist()):
        group = [h for h, k in zip(pool, label, strict=True) if k == one]
        mine = [h for h in group if h.alert_id is None]
        stands = sorted((h.alert for h in group if h.alert is not None), key=lambda a: (a.first, str(a.pk)))
        joins.append((mine, stands[0] if stands else _alert(mine)))
        made += not stands
    with changing(Hotspot, [h.pk for h in fresh]):  # one change: whoever follows it finds none left
        for mine, alert in joins:
            Hotspot.objects.filter(pk__in=[h.pk for h in mine]).update(alert=alert)
    return made


def _alert(group: Sequence[Hotspot]) -> Alert:
    """A new alert of these hotspots, sent to whoever is on duty, or muted with the reason."""
    lon, lat = (float(np.mean([getattr(h, name) for h in group])) for name in ("lon", "lat"))
    first = min(h.at for h in group)
    one = Alert(
        first=first,
        last=max(h.at for h in group),
        size=len(group),
        told=moment.now(),
        day=clock(first).date(),
    )
    one.put_point(lon, lat)
    places.settle([one])
    one.muted = queries.muted_by(lon, lat, one.day)
    one.permit = queries.permit_of(group)
    duty = None if one.muted else on_duty(one.area_path, timezone.localdate())
    head = None if one.muted or duty is not None else head_of(one.area_path)
    one.officer = duty.person if duty is not None else head
    one.routed = (
        Alert.Routed.MUTED if one.muted else Alert.Routed.DUTY if duty is not None
        else Alert.Routed.HEAD if head is not None else Alert.Routed.NOBODY
    )  # fmt: skip
    one.organisation = str(getattr(one.officer, "organisation_id", "") or group[0].organisation)
    with changing(Alert, [one.pk], []):
        one.save(force_insert=True)
    return one


def recount(keys: set[Any]) -> None:
    """Alerts count the hotspots that stand; one that has none any more and nobody answered is withdrawn."""
    for alert in Alert.objects.filter(pk__in=keys, withdrawn__isnull=True):
        spots = queries.spots_of(alert)
        with changing(Alert, [alert.pk]):
            alert.size = len(spots)
            if alert.status == S.WAITING:
                alert.permit = queries.permit_of(spots)
            if spots:
                alert.first, alert.last = spots[0].at, spots[-1].at
            elif alert.status == S.WAITING:
                alert.withdrawn = timezone.now()
            alert.save(update_fields=["size", "first", "last", "permit", "withdrawn"])


def answer(actor: Actor, record: Alert, answers: Mapping[str, Any]) -> None:
    """The verdict has its moment and its minutes since the alert was told; who knew before it counts as none."""
    record.at = record.at or moment.now()
    if record.at > moment.now():
        raise ValidationError({"at": _("Giờ này chưa đến.")})
    if record.at < record.first:
        raise ValidationError({"at": _("Giờ trả lời trước cả lúc vệ tinh thấy; xem lại ngày, giờ.")})
    record.minutes = max(round((record.at - record.told) / 60_000), 0)


def reopen(actor: Actor, record: Alert, answers: Mapping[str, Any]) -> None:
    """A verdict given by mistake is taken back."""
    record.at = record.minutes = None


def derive_hotspot(record: Hotspot) -> None:
    """The day by the country's clock; nobody has seen what is to come."""
    if record.at is None:
        return
    if record.at > moment.now() + DAY_MS // 24:
        raise ValidationError({"at": _("Giờ này chưa đến; giờ của tệp FIRMS là giờ quốc tế (UTC).")})
    record.day = clock(record.at).date()


def whole_province(record: Any) -> None:
    """Tables and bulletins are of the whole province."""
    record.area_path = record.area_path or places.province_path()


def derive_weather(record: Weather) -> None:
    """The weather of a day that has come; the level is told where its station stands."""
    if record.day and record.day > timezone.localdate():
        raise ValidationError({"day": _("Ngày này chưa đến.")})
    if record.station_id:
        record.area_path = record.station.area_path


def derive_fire(record: Fire) -> None:
    """A drawn fire has its area; the area counts in whole square metres."""
    if record.day and record.day > timezone.localdate():
        raise ValidationError({"day": _("Ngày này chưa đến.")})
    shape = record.outline
    if record.hectares is None and shape is not None and "Polygon" in shape.geom_type:
        record.hectares = round(places.measure(shape) / 10_000, 4)
    record.m2 = None if record.hectares is None else round(record.hectares * 10_000)


def rows_on(day: date) -> list[dict[str, Any]]:
    """What a bulletin of a day tells: a row a station with its communes."""
    return [
        {
            "n": n, "zone": str(one.station), "day": f"{one.day:%d/%m/%Y}" if one.weather else "",
            "p": one.p or _("chưa rõ"),
            "level": one.roman, "number": one.level, "fwi": one.fwi or _("chưa rõ"),
            "communes": ", ".join(one.communes),
        }
        for n, one in enumerate(queries.now(day), 1)
    ]  # fmt: skip


def nothing_known(record: Bulletin) -> str:
    """Why a bulletin cannot be issued yet; empty where it can."""
    if (
        record.status == Bulletin.Status.DRAFT
        and not Weather.objects.filter(day=record.day, withdrawn__isnull=True).exclude(p_high=None).exists()
    ):
        told = _("chưa trạm nào có đủ nhiệt độ, độ ẩm và mưa của ngày %(day)s")
        return told % {"day": f"{record.day:%d/%m/%Y}"}
    return ""


def issue(actor: Actor, record: Bulletin, answers: Mapping[str, Any]) -> None:
    """The bulletin keeps what it told."""
    with override("vi"):  # the words of the document
        record.rows = rows_on(record.day)


def derive_permit(record: Permit) -> None:
    """A drawn place has its area; who was handed his paper is told a change by another one."""
    shape = record.outline
    if record.hectares is None and shape is not None and "Polygon" in shape.geom_type:
        record.hectares = round(places.measure(shape) / 10_000, 4)


def end_permit(actor: Actor, record: Permit, answers: Mapping[str, Any]) -> None:
    """From now on it allows nothing; what burnt before it was taken back stays allowed."""
    record.ended = moment.now()
