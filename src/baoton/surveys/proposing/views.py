"""The page of the next survey: asked in a form, computed by a job, drawn, and made a draft campaign with one press."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST

from baoton.kit import jobs
from baoton.kit.access import Actor, may
from baoton.kit.reading.asking import actor_of, said
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.people.models import Person
from baoton.places.queries import commune_choices, province_path, unit_name
from baoton.surveys.design.facts import fact
from baoton.surveys.models import Campaign, Proposal, Site
from baoton.surveys.proposing import MOST_SPECIES, Asked, known_ground, of_the_way, propose, read, square
from baoton.taxa.models import Taxon

BOXES = range(MOST_SPECIES)
FORMER = 10
JOB = "surveys.next_survey"


def _may(actor: Actor) -> None:
    if not may(actor, "surveys.campaign.create"):
        raise PermissionDenied(_("Chỉ người lập được chiến dịch mới xin đề xuất."))


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Species and money are asked for; what was proposed before to this person stands below."""
    actor, trouble = actor_of(request), ""
    _may(actor)
    if request.method == "POST":
        try:
            wanted = read(request.POST, _taxa([request.POST.get(f"species-{n}", "") for n in BOXES]))
            job = jobs.ask(actor, JOB, str(_("Đề xuất nơi điều tra tiếp")), asked=asdict(wanted))
            return redirect("job", job.pk)
        except NotNow as error:
            trouble = str(error)
    start = {"budget": "60000000", "cost_visit": "600000", "cost_km": "5000", "p": "0,5", "visits": "3"}
    given = start | {k: v for k, v in request.POST.items() if v}
    own = Proposal.objects.filter(actor_id=actor.actor_id).order_by("-made")
    context = {
        "given": given, "trouble": trouble, "boxes": [given.get(f"species-{n}", "") for n in BOXES],
        "communes": commune_choices(), "book": REGISTERS["surveys.campaign"],
        "former": own[:FORMER], "older": max(own.count() - FORMER, 0),
        "way": of_the_way(known_ground()),
        "names": reverse("register-suggest", args=["taxa-taxon"]) + "?by=scientific_name",
    }  # fmt: skip
    return render(request, "surveys/next.html", context)


def _taxa(written: list[str]) -> list[str]:
    """The keys of the species that were named; a name that means none is told."""
    from baoton.taxa.queries import match

    names = [w.split(" (")[0].strip() for w in written if w.strip()]
    found = match(names) if names else []
    for name, one in zip(names, found, strict=True):
        if one.taxon_id is None:
            raise NotNow(_("“%(name)s” không phải một loài trong danh lục.") % {"name": name[:60]})
    return [str(one.taxon_id) for one in found]


@jobs.kind(JOB)
def work(progress: jobs.Progress) -> str:
    """The proposal stands, made with the rights that whoever asked holds now."""
    job = progress.job
    if job is None:
        raise ValueError("a proposal is made by a job")
    actor = Person.objects.get(pk=job.actor_id)
    asked = Asked(**job.arguments["asked"])
    made = Proposal.objects.create(
        actor_id=actor.actor_id, asked=job.arguments["asked"], told=propose(actor, asked, progress)
    )
    return reverse("survey-proposal", args=[made.pk])


def _own(request: HttpRequest, pk: Any) -> tuple[Actor, Proposal]:
    """A proposal is read by whoever asked for it alone: it was made with his eyes."""
    actor = actor_of(request)
    _may(actor)
    return actor, get_object_or_404(Proposal, pk=pk, actor_id=actor.actor_id)


@login_required
@require_http_methods(["GET"])
def show(request: HttpRequest, pk: Any) -> HttpResponse:
    """The map, the squares, and what they win against a plain spread and against where people went."""
    _actor, one = _own(request, pk)
    cells = [c | {"name": unit_name(c["commune"])} for c in one.told["cells"]]
    known = one.told.get("known", ())
    layers = [layer | {"name": _(layer["name"])} for layer in one.told["overlay"]]
    context = {"one": one, "told": one.told, "cells": cells, "overlay": layers, "way": of_the_way(known),
               "far": _("km từ trụ sở xã, quy ra đất bằng") if known else _("km từ giữa xã"),
               "book": REGISTERS["surveys.campaign"]}  # fmt: skip
    return render(request, "surveys/proposal.html", context)


@login_required
@require_POST
def draft(request: HttpRequest, pk: Any) -> HttpResponse:
    """The proposed squares are the sites of a new campaign that is being designed."""
    actor, one = _own(request, pk)
    try:
        made = campaign_of(actor, one)
    except (NotNow, ValidationError) as error:
        messages.error(request, said(error) if isinstance(error, ValidationError) else str(error))
        return redirect("survey-proposal", pk)
    messages.success(request, _("Đã lập chiến dịch nháp với %(n)d ô.") % {"n": len(one.told["cells"])})
    return redirect("survey-design", made.pk)


def campaign_of(actor: Actor, one: Proposal) -> Campaign:
    """A draft campaign whose sites are the squares of the proposal, each with its chance to be drawn."""
    asked, told = one.asked, one.told
    taxa = list(
        Taxon.objects.filter(pk__in=[UUID(t) for t in asked["taxa"]]).order_by(
            "-sensitivity", "scientific_name"
        )
    )
    if not taxa:
        raise NotNow(_("Các loài của đề xuất không còn trong danh lục."))
    today = timezone.localdate()
    names = ", ".join(t.vernacular_vi or t.scientific_name for t in taxa)
    campaign = Campaign(
        name=gettext_noop("Điều tra tiếp: %(names)s") % {"names": names},
        question=gettext_noop("Các loài này có ở bao nhiêu phần tỉnh?"),
        taxon=taxa[0], area_path=asked["area"] or province_path(), day_start=today, day_end=today + timedelta(days=180),
        visits_each=asked["visits"], cost_visit=asked["cost_visit"], budget=asked["budget"],
        organisation=getattr(actor, "organisation_id", "") or "",
    )  # fmt: skip
    with transaction.atomic():
        write.create(REGISTERS["surveys.campaign"], actor, campaign)
        for n, cell in enumerate(told["cells"], 1):
            site = Site(
                campaign=campaign, code=f"D{n:03d}", position=n, inclusion=cell["chance"],
                stratum=unit_name(cell["commune"]), due=campaign.day_end, organisation=campaign.organisation,
            )  # fmt: skip
            site.put(square(cell["x"], cell["y"], told["zone"]))
            write.create(REGISTERS["surveys.site"], actor, site)
        drawing = fact(
            gettext_noop("Theo đề xuất nơi điều tra tiếp ngày %(day)s: %(n)d ô 1 km trong %(all)d ô."),
            day=f"{timezone.localtime(one.made):%d/%m/%Y}", n=len(told["cells"]), all=told["squares"],
        )  # fmt: skip
        write.edit(REGISTERS["surveys.campaign"], actor, campaign, {"drawing": drawing})
    return campaign
