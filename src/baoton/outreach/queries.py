"""What others may ask of outreach: languages, the village of a session, what a campaign did, which villages wait."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, Sum
from django.utils.translation import gettext_noop

from baoton.kit.access import Actor, Scope, System, reach_of
from baoton.kit.reading.register import REGISTERS
from baoton.kit.text import fold
from baoton.outreach.models import Campaign
from baoton.places.models import Village
from baoton.places.queries import commune_choices, villages
from baoton.plan.queries import Figure
from rulebook.peoples import peoples

SIGNS = re.compile(r"[^a-z0-9]+")


def languages() -> list[tuple[str, str]]:
    """The languages that may be told, by the peoples the State's list names today."""
    return [(one.name, one.name) for one in peoples(date.today())]


def spelt() -> dict[str, str]:
    """Every spelling of a language, folded, as the list names it."""
    told: dict[str, str] = {}
    for one in peoples(date.today()):
        for word in (one.name, *one.also):
            plain = SIGNS.sub(" ", fold(word)).strip()
            told |= {f"{before}{plain}": one.name for before in ("", "tieng ", "dan toc ")}
    return told


def of_villages(rows: Any, year: int) -> dict[str, float]:
    """The villages of the list in which some of the sessions were held."""
    return {str(pk): 1.0 for pk in rows.values_list("settlement", flat=True).distinct() if pk}


def share_reached(parts: Mapping[str, float]) -> Figure:
    """How many per cent of the villages in the list were reached; unknown while the office has no list."""
    listed = villages()
    if not listed:
        return Figure(None, why_unknown=gettext_noop("chưa có danh sách bản"))
    return Figure(100 * len(parts) / listed)


def rows_of(actor: Actor, book: str, **asked: Any) -> Any:
    """The rows of a book of outreach that the reader may see."""
    return REGISTERS[book].door(actor).rows().filter(**asked).order_by()


def of_campaign(actor: Actor, record: Any) -> Mapping[str, Any]:
    """What a campaign amounts to: sessions, people by sex, languages, villages, pledges.

    Of a public one everybody is told all sums; of another each reader those of the rows he may see, or nothing.
    """
    whole = record.status == Campaign.Status.PUBLIC
    if not whole and not actor.scopes("outreach.session.see"):
        return {"untold": True}
    actor = System() if whole else actor
    sessions = rows_of(actor, "outreach.session", campaign=record)
    total = sessions.aggregate(
        n=Count("pk"), counted=Count("participants"), people=Sum("participants"), sexed=Count("women"),
        female=Sum("women"), villages=Count("settlement", distinct=True), communes=Count("area_path", distinct=True),
    )  # fmt: skip
    by = (
        sessions.exclude(language="")
        .values_list("language")
        .annotate(n=Count("pk"), people=Sum("participants"))
    )
    pledges = rows_of(actor, "outreach.pledge", campaign=record).aggregate(n=Sum("number"))["n"]
    handed = rows_of(actor, "outreach.handout", book__campaign=record).aggregate(n=Sum("handed"))["n"]
    spoken = list(by.order_by("-n", "language"))
    return {**total, "whole": whole, "languages": spoken, "pledges": pledges, "handed": handed}


@dataclass(frozen=True)
class Reached:
    """One commune over some days: its villages in the list, those no session was held in, sessions and people."""

    path: str
    name: str
    listed: int
    never: list[tuple[Any, date | None]]
    sessions: int
    people: int | None
    strange: int

    @property
    def share(self) -> float | None:
        """How many per cent of the villages were reached; None while none of the commune is in the list."""
        return round(100 * (1 - len(self.never) / self.listed), 1) if self.listed else None


def reach(actor: Actor, first: date, last: date) -> list[Reached]:
    """The communes of which the reader may see every session, the least reached first; others cannot be told."""
    scopes = actor.scopes("outreach.session.see")
    mine = [(p, n) for p, n in commune_choices() if any(whole_of(one, p) for one in scopes)]
    rows = rows_of(actor, "outreach.session", area_path__in=[p for p, _n in mine], day__lte=last)
    held = dict(rows.exclude(settlement=None).values_list("settlement").annotate(last=Max("day")))
    strange = Count("pk", filter=~Q(village="") & Q(settlement=None))
    sums = rows.filter(day__gte=first).values("area_path").annotate(
        n=Count("pk"), people=Sum("participants"), strange=strange
    )  # fmt: skip
    told = {row["area_path"]: row for row in sums}
    at: dict[str, list[Village]] = {}
    for one in Village.objects.filter(withdrawn__isnull=True).order_by("name", "pk"):
        at.setdefault(one.area_path, []).append(one)
    found = []
    for path, name in mine:
        here, row = at.get(path, []), told.get(path, {"n": 0, "people": None, "strange": 0})
        never = [(v, held.get(v.pk)) for v in here if held.get(v.pk) is None or held[v.pk] < first]
        found.append(Reached(path, name, len(here), never, row["n"], row["people"], row["strange"]))
    return sorted(found, key=lambda one: (101 if one.share is None else one.share, one.name))


def granted(actor: Actor, model: Any) -> Any:
    """The rows that a grant of the actor reaches, beyond those that are only told to him."""
    return reach_of(actor.scopes(f"{model._meta.label_lower}.see"), model).rows(model.objects.all())


def whole_of(scope: Scope, path: str) -> bool:
    """Whether the scope reaches every session of a commune: those of one body alone say nothing of its villages."""
    return not scope.organisation and not scope.taxon_group and scope.covers({"area_path": path})
