"""Which species the lists call invasive, where each was recorded first, how its ground grows, what eradicated means."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.db.models import Min
from django.db.models.functions import Substr
from django.utils import timezone
from django.utils.translation import gettext as _

import rulebook
from baoton.invasive.models import Site, Survey
from baoton.kit.access import Actor
from baoton.kit.kinds.words import as_text
from baoton.kit.place import Disclosure
from baoton.kit.reading.asking import readable
from baoton.kit.reading.register import REGISTERS
from baoton.law.queries import language, sure
from baoton.places.queries import GEOD
from baoton.taxa.models import Taxon
from rulebook.lists import all_entries, catalogue

INVASIVE = "invasive"
OTHERS = "observations.occurrence"
NEW_DAYS = 365


@dataclass(frozen=True)
class Listed:
    """One list: what it is, how long it is the law, how many names of it are held, and what is not known of it."""

    title: str
    id: str
    start: date | None
    end: date | None
    names: int
    why: str


def lists() -> list[Listed]:
    """The lists of invasive species that the rulebook holds."""
    entries = all_entries()
    return [
        Listed(
            i.title,
            i.id,
            i.period.start,
            i.period.end,
            sum(e.list == i.id for e in entries),
            i.why or i.missing,
        )
        for i in catalogue()
        if i.system == INVASIVE
    ]


def newest(on: date) -> str:
    """What is known of the list in force on a day whose names could not be read; empty where none is."""
    try:
        found = rulebook.param_value("invasive.list_counts", on=on)
    except rulebook.NotInForce:
        return ""
    told = _(
        "%(source)s: %(species)d loài, %(groups)d nhóm; tên loài chưa đọc được nên tạm tra theo danh mục cũ."
    )
    return told % {"source": found.source, **found.value}


def listed_taxa() -> dict[Any, Taxon]:
    """The accepted taxa that a list names, by each key of theirs and of their synonyms."""
    names = {n for e in all_entries() if e.group == INVASIVE for n in e.names}
    rows = Taxon.objects.filter(scientific_name__in=names, withdrawn__isnull=True).select_related("accepted")
    found = {t.pk: t.accepted or t for t in rows}
    chosen = {t.pk: t for t in found.values()}
    more = Taxon.objects.filter(accepted__in=list(chosen), withdrawn__isnull=True)
    return {**chosen, **{t.pk: chosen[t.accepted_id] for t in more if t.accepted_id is not None}, **found}


@dataclass(frozen=True)
class First:
    """The first record of a listed species in a commune: since when, and in which book.

    Only records whose precise place the reader may know are asked. A blurred one is in the commune of a grid's middle,
    so it would name the wrong commune, or the wrong first day of the right one; and a word on it would tell that
    something is guarded near.
    """

    taxon: Taxon
    area_path: str
    day: date
    book: str
    guarded: bool = False
    """Whether its place is guarded for somebody: it may be told to this reader, and goes into no letter."""


def fresh_firsts(actor: Actor, since: date, near: Callable[[str], bool] = bool) -> list[First]:
    """The first records of listed species, in the communes asked for, that are not older than a day, newest first.

    Only the species that were met there since then are looked up further back.
    """
    taxa = listed_taxa()
    seen = _seen(actor, list(taxa), since)
    same = {taxa[pk].pk for _book, pk, area, _at, _guarded in seen if "/" in area and near(area)}
    found = _earliest(actor, {pk: one for pk, one in taxa.items() if one.pk in same}) if same else []
    return [one for one in found if one.day >= since and near(one.area_path)]


def firsts(actor: Actor) -> list[First]:
    """The first record of each listed species in each commune as the reader may know, newest first."""
    return _earliest(actor, listed_taxa())


def _earliest(actor: Actor, taxa: Mapping[Any, Taxon]) -> list[First]:
    found: dict[tuple[Any, str], First] = {}
    for book, pk, area, day, hidden in _seen(actor, list(taxa)):
        key = (taxa[pk].pk, area)
        if "/" in area and (key not in found or day < found[key].day):
            found[key] = First(taxa[pk], area, day, book, hidden)
    return sorted(found.values(), key=lambda f: (f.day, f.area_path), reverse=True)


def _seen(
    actor: Actor, taxa: Sequence[Any], since: date | None = None
) -> Iterable[tuple[str, Any, str, date, bool]]:
    """The first day on which each of these taxa was recorded in each commune, of the records whose precise place the
    reader may know: the book, taxon, commune, day, whether these are guarded for others."""
    for name, more in (
        ("invasive.site", {}), ("invasive.survey", {"found": Survey.Found.YES}),
        (OTHERS, {}),
    ):  # fmt: skip
        book = REGISTERS[name]
        if not readable(book, actor):
            continue
        door = book.door(actor)
        rows = door.open(door.rows().filter(taxon_id__in=taxa, **more))
        if name == OTHERS:
            whole = rows.annotate(dash=Substr("event_date", 8, 1)).filter(
                dash="-"
            )  # a day, not a month alone
            rows = whole.exclude(status="refused").exclude(occurrence_status="absent")
        rows = rows.filter(door_precise=True)
        if since is not None:
            rows = rows.filter(
                **({"sort_day__gte": since.toordinal()} if name == OTHERS else {"day__gte": since})
            )
        columns = rows.order_by().values_list("taxon_id", "door_area_path", "disclosure")
        first = columns.annotate(first=Min("event_date" if name == OTHERS else "day"))
        for pk, area, level, at in first:
            when = _day(at)
            if area and when is not None:
                yield name, pk, area, when, level != Disclosure.AS_IS


def _day(at: Any) -> date | None:
    """The first day of what a record says of its time."""
    if isinstance(at, date):
        return at
    try:
        return date.fromisoformat(str(at)[:10])
    except ValueError:
        return None


def measured(site: Site) -> float | None:
    """Hectares with the species as they were measured last: at the last survey that says, else when it was drawn."""
    rows = site.surveys.filter(withdrawn__isnull=True, found=Survey.Found.YES, hectares__isnull=False)
    last = rows.order_by("-day", "-id").values_list("hectares", flat=True).first()
    return site.hectares if last is None else last


def needed(on: date) -> tuple[int, str]:
    """How many clean surveys eradication takes on a day, and by what."""
    found = rulebook.param_value("invasive.clean_surveys", on=on)
    return int(found.value), f"{found.source}; {sure(found.certainty, language())}"


def clean(site: Site) -> int:
    """Surveys in a row that did not find the species, since it was last found or treated."""
    rows = site.surveys.filter(withdrawn__isnull=True)
    seen = rows.filter(found=Survey.Found.YES).order_by("-day").values_list("day", flat=True).first()
    treated = (
        site.treatments.filter(withdrawn__isnull=True).order_by("-day").values_list("day", flat=True).first()
    )
    last = max(d for d in (seen, treated, site.day) if d is not None)
    return len(set(rows.filter(found=Survey.Found.NO, day__gt=last).values_list("day", flat=True)))


def not_clean(site: Site) -> str:
    """Why a site does not count as eradicated, in a sentence; empty where it may."""
    if site.status == Site.Status.ERADICATED:
        return ""
    asked, basis = needed(timezone.localdate())
    have = clean(site)
    if have >= asked:
        return ""
    told = _(
        "Mới có %(have)d trong %(asked)d lần điều tra liền nhau không thấy loài từ lần thấy, xử lý cuối (%(basis)s)."
    )
    return told % {"have": have, "asked": asked, "basis": basis}


@dataclass(frozen=True)
class Spread:
    """A species over the years: ground at the end of each, how far its furthest site lies from the first, the rate.

    The ground of a year is None where no site had been measured by its end; `unmeasured` sites never were.
    """

    taxon: Taxon
    sites: int
    now_ha: float | None
    unmeasured: int
    rows: Sequence[tuple[int, float | None, float]]
    rate: str
    front_km: float | None
    speed: str
    """How fast its front moves, with its limits, or why nobody can say."""
    places: "Sequence[Place]"


@dataclass(frozen=True)
class Place:
    """The first record of a species in a square of a kilometre: when, where, how many metres from the very first."""

    day: date
    lon: float
    lat: float
    metres: float


SQUARE_M = 1000


def spreads(actor: Actor) -> list[Spread]:
    """Each species of which the reader may know sites, the widest first."""
    book = REGISTERS["invasive.site"]
    door = book.door(actor)
    sites = door.open(door.rows()).select_related("taxon").order_by("day", "id")
    by: dict[Any, list[Any]] = {}
    for one in sites:
        by.setdefault(one.taxon_id, []).append(one)
    more = _found_elsewhere(actor, list(by))
    told = [_spread(rows, more.get(pk, [])) for pk, rows in by.items()]
    return sorted(told, key=lambda s: (-(s.now_ha or 0), s.taxon.scientific_name))


def _found_elsewhere(actor: Actor, taxa: Sequence[Any]) -> dict[Any, list[Any]]:
    """Surveys of these taxa that found them at a place of their own, as the reader may know."""
    book = REGISTERS["invasive.survey"]
    if not readable(book, actor):
        return {}
    door = book.door(actor)
    rows = door.open(door.rows().filter(taxon_id__in=taxa, found=Survey.Found.YES, geom__isnull=False))
    found: dict[Any, list[Any]] = {}
    for one in rows.order_by("day", "id"):
        found.setdefault(one.taxon_id, []).append(one)
    return found


def _spread(sites: Sequence[Any], surveys: Sequence[Any] = ()) -> Spread:
    years = range(sites[0].day.year, timezone.localdate().year + 1)
    seen = Survey.objects.filter(site__in=sites, withdrawn__isnull=True).order_by("day", "id")
    sizes: dict[Any, list[tuple[date, float]]] = {s.pk: [(s.day, s.hectares)] for s in sites if s.hectares}
    for pk, day, found, ha in seen.values_list("site_id", "day", "found", "hectares"):
        if found == Survey.Found.NO or ha:
            sizes.setdefault(pk, []).append((day, 0.0 if found == Survey.Found.NO else float(ha or 0)))
    rows = [(y, _ground(sites, sizes, date(y, 12, 31)), _front(sites, date(y, 12, 31))) for y in years]
    places = first_places([*sites, *surveys])
    present = [s for s in sites if s.status == Site.Status.PRESENT]
    return Spread(
        sites[0].taxon, len(present), rows[-1][1], sum(s.pk not in sizes for s in present), rows,
        rate(rows) if sizes else "", rows[-1][2] if len(sites) > 1 else None, speed(places), places,
    )  # fmt: skip


def first_places(records: Sequence[Any]) -> list[Place]:
    """Where records first met the species, a place a square of a kilometre, the earliest first."""
    told: dict[tuple[int, int], Place] = {}
    origin: tuple[float, float] | None = None
    for one in sorted(records, key=lambda r: (r.day, str(r.pk))):
        if not getattr(one, "door_precise", True) or one.lon is None or one.lat is None:
            continue
        origin = origin or (one.lon, one.lat)
        azimuth, _back, metres = GEOD.inv(*origin, one.lon, one.lat)
        east, north = metres * np.sin(np.radians(azimuth)), metres * np.cos(np.radians(azimuth))
        square = (round(east / SQUARE_M), round(north / SQUARE_M))
        told.setdefault(square, Place(one.day, one.lon, one.lat, float(metres)))
    return list(told.values())


def speed(places: Sequence[Place]) -> str:
    """How many metres a year the front moves, with its 95 % limits, or why nobody can say."""
    from ecostat.errors import TooFewData
    from ecostat.trend import front_speed  # loads libraries of analysis: not at start

    years = [p.day.year + (p.day.timetuple().tm_yday - 1) / 365.25 for p in places]
    try:
        found = front_speed(years, [p.metres for p in places])
    except TooFewData:
        return _("cần ít nhất 5 chỗ thấy lần đầu trong 4 năm khác nhau")
    low, best, high = (as_text(round(v)) for v in (found.lower, found.speed, found.upper))
    said = {"best": best, "low": low, "high": high}
    if found.lower <= 0 <= found.upper:
        told = _("chưa rõ biên có dời: khoảng tin cậy 95 %% từ %(low)s đến %(high)s m mỗi năm")
        return told % said
    return _("%(best)s m mỗi năm (khoảng tin cậy 95 %%: %(low)s đến %(high)s)") % said


def fronts(spread: Spread, most: int = 5) -> list[tuple[int, Any]]:
    """The ground inside the front at the end of each of the last years in which it grew, the newest first."""
    told: list[tuple[int, Any]] = []
    for year in sorted({p.day.year for p in spread.places}, reverse=True)[:most]:
        met = [(p.lon, p.lat) for p in spread.places if p.day.year <= year]
        told.append((year, shapely.buffer(shapely.MultiPoint(met).convex_hull, 0.003, quad_segs=4)))
    return told


def _ground(sites: Sequence[Any], sizes: Mapping[Any, list[tuple[date, float]]], end: date) -> float | None:
    """Hectares with the species on a day: what was measured last at each site that is not eradicated."""
    total: float | None = None
    for one in sites:
        told = [ha for day, ha in sizes.get(one.pk, ()) if day <= end]
        if told:
            total = (total or 0.0) + (told[-1] if one.ended is None or one.ended > end else 0.0)
    return None if total is None else round(total, 4)


def _front(sites: Sequence[Any], end: date) -> float:
    """Kilometres from the first site to the furthest one known by a day, of those whose place the reader may know."""
    known = [s for s in sites if getattr(s, "door_precise", True)]
    first, far = next(iter(known), sites[0]), 0.0
    for one in known:
        if one.day <= end and None not in (one.lon, one.lat, first.lon, first.lat):
            far = max(far, GEOD.inv(first.lon, first.lat, one.lon, one.lat)[2] / 1000)
    return round(far, 1)


def rate(rows: Sequence[tuple[int, float | None, float]]) -> str:
    """How the ground grows a year, with its 95 % limits, or why nobody can say."""
    from ecostat.errors import EcostatError
    from ecostat.trend import log_slope  # loads libraries of analysis: not at start

    grown = [(year, ha) for year, ha, _km in rows if ha]
    try:
        found = log_slope([y for y, _ha in grown], [ha for _y, ha in grown])
    except EcostatError:
        return _("cần ít nhất 4 năm có diện tích mới tính được tốc độ")
    low, best, high = (as_text(round(100 * v)) for v in found.change(1))
    return _("%(best)s %% mỗi năm (khoảng tin cậy 95 %%: %(low)s đến %(high)s)") % {
        "best": best,
        "low": low,
        "high": high,
    }
