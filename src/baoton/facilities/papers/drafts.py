"""Drafts: any document of a dossier, visit or campaign as it would read today, marked DỰ THẢO."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from baoton.facilities.actions.dossiers import in_time
from baoton.facilities.models import Application, Campaign, Document, Inspection
from baoton.facilities.papers import dossiers, visits
from baoton.facilities.papers.filing import Filed
from baoton.kit.access import Actor, may

A = Application.Status
NEXT = {
    A.HANDED_IN: ("receipt",),
    A.CHECKING: ("supplement", "check", "refusal"),
    A.WAITING: ("supplement",),
    A.SCHEDULED: ("check",),
    A.CHECKED: ("check", "decision", "refusal"),
    A.PROPOSED: ("decision", "refusal"),
}


def papers_for(record: Any) -> Sequence[Filed]:
    """Every document that may be printed about the record."""
    if isinstance(record, Application):
        return dossiers.STEPS
    return (visits.ORDER, visits.PLAN) if isinstance(record, Campaign) else visits.STEPS


def _links(actor: Actor, record: Any, book: str, names: Sequence[str]) -> Mapping[str, Any]:
    if not may(actor, f"{book}.edit", record):
        return {"links": []}
    labels = dict(Document.Kind.choices)
    slug = book.replace(".", "-")
    return {
        "links": [(labels[name], reverse("facility-draft", args=[slug, record.pk, name])) for name in names]
    }


def of_dossier(actor: Actor, dossier: Application) -> Mapping[str, Any]:
    """The drafts of the steps that may come next; a decision with its certificate."""
    names = list(NEXT.get(A(dossier.status), ()))
    if "decision" in names:
        kinds = [f.kind for f in dossiers.GRANTED.papers(dossier).papers]
        names = [*kinds, *(n for n in names if n != "decision")]
    if in_time(dossier) == "":
        names.append("apology")
    return _links(actor, dossier, "facilities.application", names)


def of_visit(actor: Actor, visit: Inspection) -> Mapping[str, Any]:
    """The decision to make the visit, and its minute."""
    done = visit.status == Inspection.Status.FINISHED
    return _links(actor, visit, "facilities.inspection", () if done else ("order", "minute"))


def of_campaign(actor: Actor, campaign: Campaign) -> Mapping[str, Any]:
    return _links(
        actor, campaign, "facilities.campaign",
        () if campaign.status != Campaign.Status.DRAFT else ("order", "plan"),
    )  # fmt: skip
