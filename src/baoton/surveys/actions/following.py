"""The visit of a campaign stands as its event does, and a site counts its visits."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q

from baoton.kit.ids import source_id
from baoton.kit.writing.outbox import changing, followed_by
from baoton.observations.models import Event
from baoton.surveys.models import Campaign, Protocol, Site, Visit
from baoton.surveys.protocols.asked import OF_PROTOCOL, OF_ROUND, OF_SITE


@followed_by
def follow(label: str, before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> None:
    """The visit of a campaign stands as its event does, in the same transaction."""
    if label != Event._meta.label_lower:
        return
    mine = Event.objects.filter(dataset__in=Campaign.objects.exclude(dataset=None).values("dataset"))
    keys = {row["id"] for row in (*before, *after)}
    stand(mine.filter(pk__in=keys) if before or after else mine)


def stand(events: Any) -> int:
    """The visits of these events say what the events say; how many changed. Sites count theirs."""
    campaigns = {c.dataset_id: c for c in Campaign.objects.exclude(dataset=None)}
    known = {
        v.event_id: v
        for v in Visit.objects.filter(event__in=events.values("pk")).select_related("site", "protocol")
    }
    standing = Site.objects.filter(campaign__dataset__in=events.values("dataset"), withdrawn__isnull=True)
    sites = {(s.campaign_id, s.code): s for s in standing}
    protocols = {str(p.pk): p for p in Protocol.objects.all()}
    moved = 0
    touched: set[Any] = set()
    for event in events:
        campaign, old = campaigns[event.dataset_id], known.get(event.pk)
        site = sites.get((campaign.pk, event.extra.get(OF_SITE, "")), old.site if old else None)
        protocol = protocols.get(event.extra.get(OF_PROTOCOL, ""), old.protocol if old else None)
        day = event.day_start or (old.day if old else None)
        if site is None or protocol is None or day is None:
            continue
        fresh = old or Visit(id=source_id("surveys.visit", str(event.pk)), event=event)
        was = None if old is None else old.snapshot()
        fresh.campaign, fresh.site, fresh.protocol, fresh.day = campaign, site, protocol, day
        fresh.round = int(event.extra.get(OF_ROUND) or 1)
        fresh.effort, fresh.effort_unit = event.sample_size_value, event.sample_size_unit
        fresh.organisation, fresh.area_path = event.organisation, site.area_path
        fresh.withdrawn, fresh.batch = event.withdrawn, event.batch
        if was == fresh.snapshot():
            continue
        fresh.revision += 0 if old is None else 1
        with changing(Visit, [fresh.pk]):
            fresh.save(force_insert=old is None)
        moved += 1
        touched |= {site.pk} | ({was["site_id"]} if was else set())
    _count(touched)
    return moved


def _count(sites: set[Any]) -> None:
    """The sites carry how many visits they have had."""
    told = Site.objects.filter(pk__in=sites).annotate(
        n=Count("visits", filter=Q(visits__withdrawn__isnull=True))
    )
    for one in told:
        if one.visited != one.n:
            with changing(Site, [one.pk]):
                Site.objects.filter(pk=one.pk).update(visited=one.n)
