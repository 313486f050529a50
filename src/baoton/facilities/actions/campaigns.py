"""Campaigns: their visits spread over teams and days, and what came of them by commune."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from baoton.facilities.actions import routes
from baoton.facilities.models import Campaign, Facility, Finding, Inspection
from baoton.kit.access import Actor
from baoton.kit.kinds.words import as_text
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.places.queries import province_path, unit_name

INKS = ("hull", "many", "one", "river")
"""The colours of the map's own ink in which teams are drawn; not that of a shape, to which the map would zoom."""
DONE = Inspection.Status.FINISHED


def derive(campaign: Campaign) -> None:
    """A campaign ends after it begins and has a team; it is of the whole province unless somebody said less."""
    campaign.area_path = campaign.area_path or province_path()
    if campaign.begins and campaign.ends and campaign.ends < campaign.begins:
        raise ValidationError({"ends": _("Ngày kết thúc trước ngày bắt đầu.")})
    if not teams_of(campaign):
        raise ValidationError({"teams": _("Ghi ít nhất một đoàn, mỗi dòng một đoàn.")})


def teams_of(campaign: Campaign) -> list[str]:
    return [line.strip() for line in campaign.teams.splitlines() if line.strip()]


def empty(campaign: Campaign) -> str:
    """Why no decision is made yet: the plan has no visit."""
    return "" if _visits(campaign).exists() else _("Kế hoạch chưa có cuộc kiểm tra nào.")


def unfinished(campaign: Campaign) -> str:
    """Why it cannot be closed: visits that were not made."""
    left = _visits(campaign).exclude(status=DONE).count()
    return _("Còn %(n)s cuộc kiểm tra chưa xong.") % {"n": as_text(left)} if left else ""


def _visits(campaign: Campaign) -> Any:
    return Inspection.objects.filter(campaign=campaign, withdrawn__isnull=True)


def spread(actor: Actor, campaign: Campaign, picked: Sequence[tuple[Any, str]]) -> int:
    """Each picked facility (with its reason) gets a visit with team and day: one way cut among the teams.

    The day is a working day of what is left of the campaign. Raises `ValidationError` where no day is left.
    """
    teams = teams_of(campaign)
    days = routes.working_days(max(campaign.begins, timezone.localdate()), campaign.ends)
    if not days:
        raise ValidationError(_("Đợt kiểm tra không còn ngày làm việc nào."))
    if campaign.status != Campaign.Status.DRAFT:
        raise ValidationError(_("Kế hoạch đã ban hành; thêm từng cuộc kiểm tra ở trang của đợt."))
    known = {str(f.pk): (f, why) for f, why in picked}
    stops = [routes.stop_of(k, f.door_x, f.door_y, f.area_path) for k, (f, _w) in known.items()]
    made = 0
    for team, piece in zip(teams, routes.shared(routes.ordered(stops), len(teams)), strict=True):
        for stop, day in zip(piece, routes.days_for(len(piece), days) if piece else (), strict=True):
            facility, why = known[stop.key]
            visit = Inspection(
                facility_id=facility.pk, campaign=campaign, kind="planned", day=day, why=why, team=team
            )
            write.create(REGISTERS["facilities.inspection"], actor, visit)
            made += 1
    return made


def report(actor: Actor, campaign: Campaign) -> Mapping[str, Any]:
    """The campaign by commune, and its ways by team, of the visits and facilities the reader may see."""
    book, places = REGISTERS["facilities.inspection"], REGISTERS["facilities.facility"]
    visits = list(book.door(actor).rows().filter(campaign=campaign).order_by("day", "id"))
    rows: dict[str, dict[str, Any]] = defaultdict(lambda: defaultdict(int))
    for v in visits:
        row = rows[v.area_path]
        row["planned"] += 1
        row["done"] += v.status == DONE
    findings = REGISTERS["facilities.finding"].door(actor).rows()
    for one in findings.filter(inspection__in=[v.pk for v in visits]):
        row = rows[one.area_path]
        row["found"] += 1
        row["mended"] += one.status == Finding.Status.CLOSED
        row["late"] += one.status == Finding.Status.OPEN and one.due < timezone.localdate()
    names = ("planned", "done", "found", "mended", "late")
    told = [(unit_name(a), [rows[a][n] for n in names]) for a in sorted(rows, key=unit_name)]
    shown = [
        (place, [*some[:2], *(some[2:] if some[1] or any(some[2:]) else [None] * 3)]) for place, some in told
    ]
    seen = {f.pk: f for f in places.opened(places.door(actor)).filter(pk__in=[v.facility_id for v in visits])}
    return {
        "rows": shown,
        "total": [sum(line[i] for _n, line in told) for i in range(len(names))],
        "ways": _ways(visits, seen),
        "unknown_years": routes.unknown_years(campaign.begins, campaign.ends),
        "overlay": _overlay(visits, seen),
    }


def _stops(visits: Sequence[Inspection], seen: Mapping[Any, Facility]) -> dict[str, list[routes.Stop]]:
    by: dict[str, list[routes.Stop]] = defaultdict(list)
    for v in visits:
        f: Any = seen.get(v.facility_id)
        if f is not None:
            by[v.team].append(routes.stop_of(str(f.pk), f.door_x, f.door_y, f.area_path))
    return by


def _ways(visits: Sequence[Inspection], seen: Mapping[Any, Facility]) -> list[dict[str, Any]]:
    """For each team how many visits, how far along straight lines, and how many stand in the middle of a commune."""
    return [
        {
            "team": team.split(":")[0] or _("chưa có đoàn"),
            "many": len(way),
            "km": as_text(round(routes.length(way) / 1000, 1)),
            "guessed": sum(not s.placed for s in way),
            "first": min(v.day for v in visits if v.team == team),
            "last": max(v.day for v in visits if v.team == team),
        }
        for team, way in sorted(_stops(visits, seen).items())
    ]


def _overlay(visits: Sequence[Inspection], seen: Mapping[Any, Facility]) -> list[dict[str, Any]]:
    """The ways as the map draws them, one line a team in the order of days."""
    told: list[dict[str, Any]] = []
    for team, way in sorted(_stops(visits, seen).items()):
        points = [list(s.at) for s in way if s.at is not None]
        if points:
            shape = {"type": "LineString", "coordinates": points if len(points) > 1 else points * 2}
            name, kind = team.split(":")[0] or _("chưa có đoàn"), INKS[len(told) % len(INKS)]
            told.append({"name": name, "kind": kind, "geometry": shape, "dots": True})
    return told


def open_for_plan(actor: Actor) -> list[Campaign]:
    """The campaigns whose plan may still be made."""
    rows = REGISTERS["facilities.campaign"].door(actor).rows()
    return list(
        rows.filter(status=Campaign.Status.DRAFT, ends__gte=timezone.localdate()).order_by("begins", "id")
    )
