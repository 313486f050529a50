"""Alerts by place: hotspots that nobody answered, high fire danger, an invasive species new to a commune.

Each is asked through the reader's own door when it is told, for the area of his body and the units he watches, and is
told no more after some days. A letter carries a commune only where the place is guarded for nobody.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baoton.fire.models import Alert, Weather
from baoton.fire.queries import ROMAN
from baoton.fire.queries import communes as zones
from baoton.invasive.queries import fresh_firsts
from baoton.kit.access import Actor
from baoton.kit.kinds.moment import clock
from baoton.kit.reading.asking import readable
from baoton.kit.reading.register import REGISTERS
from baoton.notices import queries as notices
from baoton.notices.rules import SHOWN, Item, Rule
from baoton.people.models import Person
from baoton.places.queries import unit_name
from baoton.site.calendar.entries import guarded

UNANSWERED, DRY, NEW = 3, 1, 90
"""Days for which a hotspot that nobody answered, a level of danger and a first record are told."""
FEW = 3
"""So many communes are named beside a level of danger."""


def own_places(actor: Any) -> set[str]:
    """The units of which a reader is told: his body's own, and those he watches."""
    home = actor.organisation.area_path if actor.organisation is not None else ""
    return {home, *notices.watched(actor)[0]} - {""}


def within(path: str, areas: set[str]) -> bool:
    """Whether a unit is one of these or lies in one."""
    return bool(path) and any(path == a or path.startswith(f"{a}/") for a in areas)


def hotspots(actor: Actor, today: date) -> Sequence[Item]:
    """Alerts of fire without an answer: those sent to the reader's body, and those in his places."""
    book = REGISTERS["fire.alert"]
    if not isinstance(actor, Person) or not readable(book, actor):
        return []
    door, areas = book.door(actor), own_places(actor)
    waiting = door.rows().filter(status=Alert.Status.WAITING, day__gte=today - timedelta(days=UNANSWERED))
    rows = door.open(waiting.exclude(routed=Alert.Routed.MUTED)).order_by("-last", "-id")
    told = []
    for one in rows:
        sent = bool(one.organisation) and one.organisation == actor.organisation_id
        if not sent and not within(one.area_path, areas):
            continue
        seen = f"{clock(one.last):%H:%M %d/%m/%Y}"
        place = unit_name(one.area_path) if one.area_path else _("nơi không công bố")
        words = _("%(n)d điểm nóng ở %(place)s, thấy lúc %(at)s, chưa ai trả lời") % {
            "n": one.size, "place": place, "at": seen,
        }  # fmt: skip
        plain = _("%(n)d điểm nóng, thấy lúc %(at)s, chưa ai trả lời; nơi thấy không ghi trong thư") % {
            "n": one.size, "at": seen,
        }  # fmt: skip
        hidden = guarded(book, one)
        told.append(Item(f"fire-{one.pk}", words, plain if hidden else words, book.url(one), one.day))
        if len(told) > SHOWN:
            break
    return told


def danger(actor: Actor, today: date) -> Sequence[Item]:
    """Stations whose newest numbers, of today or yesterday, say level IV or V, with the reader's communes there.

    As on the page of fire danger, every reader of the weather is told the level of a commune, wherever its station is.
    """
    if not isinstance(actor, Person) or not readable(REGISTERS["fire.weather"], actor):
        return []
    areas, mine = own_places(actor), dict[Any, list[str]]()
    for path, station in zones().items():
        if within(path, areas):
            mine.setdefault(station, []).append(path)
    days = (today - timedelta(days=DRY), today)
    rows = Weather.objects.filter(station__in=list(mine), day__range=days, withdrawn__isnull=True)
    newest: dict[Any, Any] = {}
    for row in rows.order_by("-day", "-id"):
        newest.setdefault(row.station_id, row)
    told = []
    for row in newest.values():
        if not row.danger:
            continue
        names = sorted(unit_name(path) for path in mine[row.station_id])
        more = len(names) - FEW
        where = ", ".join(names[:FEW])
        if more > 0:
            where = _("%(names)s và %(n)d xã, phường nữa") % {"names": where, "n": more}
        words = _("Cấp cháy rừng %(level)s ở %(where)s") % {"level": ROMAN[row.level], "where": where}
        told.append(Item(f"danger-{row.pk}-{row.level}", words, words, reverse("fire-today"), row.day))
    return told


def aliens(actor: Actor, today: date) -> Sequence[Item]:
    """First records of listed invasive species in the reader's communes, among the records that he may see."""
    if not isinstance(actor, Person) or not readable(REGISTERS["invasive.site"], actor):
        return []
    told, areas = [], own_places(actor)
    for one in fresh_firsts(actor, today - timedelta(days=NEW), lambda path: within(path, areas)):
        name = one.taxon.vernacular_vi.split(";")[0] or one.taxon.scientific_name
        words = _("%(species)s (ngoại lai xâm hại): thấy lần đầu ở %(place)s") % {
            "species": name, "place": unit_name(one.area_path),
        }  # fmt: skip
        plain = _("%(species)s (ngoại lai xâm hại): thấy lần đầu ở một xã, nơi thấy không ghi trong thư")
        key = f"alien-{one.taxon.pk}-{one.area_path}-{one.day}"
        letter = plain % {"species": name} if one.guarded else words
        told.append(Item(key, words, letter, reverse("invasive-now"), one.day))
    return told[: SHOWN + 1]


ALERTS = (
    Rule(
        "fire", gettext_lazy("Điểm nóng chưa trả lời"),
        gettext_lazy("cảnh báo cháy trong 3 ngày qua, gửi cho cơ quan bạn hoặc ở địa bàn của cơ quan bạn"), hotspots,
        shared=True,
    ),
    Rule(
        "danger", gettext_lazy("Cấp cháy rừng cao"),
        gettext_lazy("cấp IV, V theo số liệu hôm nay hoặc hôm qua, ở địa bàn của cơ quan bạn"), danger, shared=True,
    ),
    Rule(
        "alien", gettext_lazy("Loài ngoại lai mới thấy"),
        gettext_lazy("thấy lần đầu ở một xã trong 90 ngày qua, ở địa bàn của cơ quan bạn"), aliens, shared=True,
    ),
)  # fmt: skip
