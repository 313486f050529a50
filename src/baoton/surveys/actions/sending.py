"""Results of a campaign come in: from a file, or typed; by its people, or by an account that may do nothing else."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from baoton.kit import blobs
from baoton.kit.access import Actor, Denied, Scope, System, may, person_of
from baoton.kit.importing import execute, receive, undo
from baoton.kit.importing.files import plan_for
from baoton.kit.models import ImportBatch
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.outbox import changing
from baoton.kit.writing.verb import declare
from baoton.observations.models import Dataset
from baoton.surveys.models import Campaign, Contributor
from baoton.surveys.protocols.asked import ROUND, SITE, form_of
from baoton.surveys.protocols.workbook import filled

SEND = declare("surveys.result.send", _lazy("gửi kết quả điều tra"))
"""What an account holds that may send results; of which campaign, `Contributor` says."""


@dataclass(frozen=True)
class Sender:
    """Whoever sends results into one campaign: writes there for its body, under his own name, and reads nothing."""

    actor_id: str
    actor_name: str
    organisation_id: str

    def scopes(self, verb: str) -> Sequence[Scope]:
        written = {"observations.event.import", "observations.occurrence.import", "observations.event.create"}
        return (Scope(),) if verb in {*written, "observations.occurrence.create"} else ()


def may_send(actor: Actor, campaign: Campaign) -> bool:
    """Whether the actor may send results of the campaign: by a right over its book, or named for it until today."""
    if campaign.status != Campaign.Status.AGREED or campaign.protocol_id is None or campaign.withdrawn:
        return False
    return may(actor, "surveys.campaign.edit", campaign) or campaign.pk in set(sent_by(actor))


def sent_by(actor: Actor) -> list[Any]:
    """The campaigns the actor is named for, by key."""
    person = person_of(actor)
    if not person or not actor.scopes(SEND.verb):
        return []
    named = Contributor.objects.filter(
        person=UUID(person), until__gte=timezone.localdate(), withdrawn__isnull=True
    )
    agreed = named.filter(campaign__status=Campaign.Status.AGREED, campaign__withdrawn__isnull=True)
    return list(agreed.values_list("campaign", flat=True))


def sender(actor: Actor, campaign: Campaign) -> Sender:
    """The actor as one who sends into this campaign; raises `Denied`."""
    if not may_send(actor, campaign):
        raise Denied(actor, SEND.verb, campaign)
    dataset_of(campaign)
    return Sender(actor.actor_id, actor.actor_name, campaign.organisation)


def dataset_of(campaign: Campaign) -> Dataset:
    """The dataset of the campaign's results; made when the first come in."""
    if campaign.dataset is not None:
        return campaign.dataset
    made: Dataset = write.create(
        REGISTERS["observations.dataset"],
        System(),
        Dataset(code=campaign.code, title=campaign.name, organisation=campaign.organisation),
    )
    with changing(Campaign, [campaign.pk]):
        Campaign.objects.filter(pk=campaign.pk).update(dataset=made)
    campaign.dataset = made
    return made


def take_in(actor: Actor, campaign: Campaign, path: Path, name: str, dry: bool = True) -> ImportBatch:
    """A file of results is checked, or written if not `dry`; the batch tells what became of each row."""
    who: Any = sender(actor, campaign)
    batch = receive(who, path, name)
    batch.plan = {"hint": {"campaign": str(campaign.pk)}}
    batch.save(update_fields=["plan"])
    if plan_for(batch, None, campaign.code, {"hint": {"campaign": str(campaign.pk)}}):
        execute(who, batch, dry)
    return batch


def write_down(actor: Actor, campaign: Campaign, batch: ImportBatch) -> ImportBatch:
    """A checked file of the campaign is written."""
    return execute(sender(actor, campaign), batch)


def take_back(actor: Actor, campaign: Campaign, batch: ImportBatch) -> ImportBatch:
    """A written file of the campaign is taken back."""
    return undo(sender(actor, campaign), batch)


def refusals(batch: ImportBatch) -> list[str]:
    """Each row that is not written, as a person mends it: table, row, column, cell, why."""
    if not batch.outcome_sha256:
        return []
    rows = pl.read_parquet(blobs.path_of(batch.outcome_sha256)).filter(pl.col("outcome") == "refused")
    told = _("%(table)s, dòng %(row)d, %(column)s “%(value)s”: %(why)s")
    filled_in = rows.with_columns(pl.col("value").fill_null(""), why=pl.col("message"))
    return [told % r for r in filled_in.iter_rows(named=True)]


def record_visit(
    actor: Actor, campaign: Campaign, visit: Mapping[str, str], rows: Sequence[Mapping[str, str]]
) -> tuple[int, list[str]]:
    """A visit typed on a page goes the way of a file of one visit: how many records stand, and what is wrong."""
    assert campaign.protocol is not None
    met = [{SITE: visit.get(SITE, ""), ROUND: visit.get(ROUND, ""), **row} for row in rows]
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as held:
        held.write(filled(form_of(campaign.protocol), [visit], met))
        held.flush()
        batch = take_in(actor, campaign, Path(held.name), "phieu.xlsx", dry=True)
    problems = refusals(batch)
    if problems or batch.state == ImportBatch.State.FAILED:
        return 0, problems or [str(batch.counts.get("error", {}).get("vi", ""))]
    write_down(actor, campaign, batch)
    return int(batch.written), []
