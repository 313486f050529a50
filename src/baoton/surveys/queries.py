"""What others may ask of surveys: sites as a reader may know them, and how far a campaign has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Sum

from baoton.kit.access import Actor
from baoton.kit.reading.register import REGISTERS
from baoton.surveys.design import HABITATS
from baoton.surveys.design.numbers import cost_of
from baoton.surveys.distances import density
from baoton.surveys.models import Campaign, Site
from baoton.surveys.protocols.asked import unit_said

__all__ = ["HABITATS", "Line", "Progress", "density", "is_sender", "known_sites", "progress", "seen_sites"]


@dataclass(frozen=True)
class Line:
    """One team's or stratum's part of a campaign: planned against done; `effort` in the units of the visits."""

    name: str
    sites: int
    reached: int
    planned: int
    done: int
    effort: Sequence[tuple[float, str]]
    late: int

    @property
    def share(self) -> int | None:
        """Visits done in a hundred planned; None where none is planned."""
        return round(100 * min(self.done, self.planned) / self.planned) if self.planned else None


@dataclass(frozen=True)
class Progress:
    """How far a campaign has come, whole, by team and by stratum; costs are None unless both unit costs are known."""

    whole: Line
    teams: Sequence[Line]
    strata: Sequence[Line]
    late: Sequence[Site]
    planned_cost: int | None
    spent: int | None
    replaced: int


def known_sites(actor: Actor, campaign: Campaign) -> Any:
    """The campaign's standing sites whose true place the actor may know, in order."""
    door = REGISTERS["surveys.site"].door(actor)
    return door.precise.rows(door.rows()).filter(campaign=campaign.pk).order_by("position", "id")


def seen_sites(actor: Actor, campaign: Campaign) -> Any:
    """The campaign's standing sites that the actor may see at all, in order."""
    return (
        REGISTERS["surveys.site"].door(actor).rows().filter(campaign=campaign.pk).order_by("position", "id")
    )


def progress(actor: Actor, campaign: Campaign, today: date) -> Progress:
    """Planned against done, of the sites and visits the actor may see."""
    sites = list(seen_sites(actor, campaign))
    visits = REGISTERS["surveys.visit"].door(actor).rows().filter(campaign=campaign.pk)
    count = dict(visits.order_by().values_list("site").annotate(n=Count("pk")))
    effort: dict[Any, list[tuple[float, str]]] = {}
    told = (
        visits.filter(effort__isnull=False)
        .order_by()
        .values_list("site", "effort_unit")
        .annotate(n=Sum("effort"))
    )
    for site, unit, n in told:
        effort.setdefault(site, []).append((n, unit))
    planned = [s for s in sites if s.status == Site.Status.PLANNED]
    late = [s for s in planned if s.due and s.due < today and count.get(s.pk, 0) < campaign.visits_each]

    def line(name: str, some: Sequence[Site]) -> Line:
        due = [s for s in some if s.status == Site.Status.PLANNED]
        units: dict[str, float] = {}
        for s in some:
            for n, unit in effort.get(s.pk, ()):
                units[unit] = units.get(unit, 0.0) + n
        return Line(
            name, len(due), sum(bool(count.get(s.pk)) for s in due), len(due) * campaign.visits_each,
            sum(count.get(s.pk, 0) for s in some), [(round(n, 2), unit_said(u)) for u, n in sorted(units.items())],
            sum(s in late for s in some),
        )  # fmt: skip

    def by(key: str) -> list[Line]:
        names = dict.fromkeys(getattr(s, key) for s in planned)
        return [line(name, [s for s in sites if getattr(s, key) == name]) for name in names]

    reached = sum(bool(n) for n in count.values())
    done = sum(count.values())
    return Progress(
        line("", sites), by("team"), by("stratum"), late,
        cost_of(campaign, len(planned), len(planned) * campaign.visits_each), cost_of(campaign, reached, done),
        sum(s.status == Site.Status.REPLACED for s in sites),
    )  # fmt: skip


def is_sender(actor: Actor) -> bool:
    """Whether the account is one that sends results and does nothing else."""
    from baoton.surveys.actions import sent_by

    return bool(sent_by(actor))
