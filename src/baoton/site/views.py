"""The pages that belong to no one domain: home, who sees what, the log, a job's progress."""

import logging
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from baoton.assessment.registers import status as status_book
from baoton.facilities.queries import is_owner
from baoton.kit import jobs, worker
from baoton.kit.access import Public, may
from baoton.kit.models import ImportBatch, Job
from baoton.kit.reading.asking import actor_of, find, record_or_404
from baoton.kit.reading.waiting import waiting
from baoton.kit.writing.verb import ACTIONS
from baoton.observations.registers import occurrence as evidence
from baoton.people.models import Person
from baoton.people.roles import names as role_names
from baoton.people.roles import verbs_of
from baoton.places.queries import unit_name
from baoton.plan import queries as plan_queries
from baoton.plan.queries import with_names
from baoton.plan.registers import work as work_book
from baoton.plan.views import chosen_year, figures
from baoton.remarks.queries import named
from baoton.site.first import first
from baoton.site.menu import MENU, heading_of
from baoton.site.setup import installation
from baoton.tips.queries import waiting as tips_waiting

log = logging.getLogger("baoton.site")


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What waits for this reader today, and how the province stands; an owner comes first to his own facility."""
    actor, today, year = actor_of(request), timezone.localdate(), chosen_year(request)
    if is_owner(actor) and "chung" not in request.GET:
        return redirect("owner")
    rows = work_book.door(actor).rows().filter(status__in=["planned", "doing"]).order_by("due")
    own = getattr(actor, "organisation_id", "") or ""
    drafts = evidence.door(actor).rows().filter(status="draft")
    told = [f for f in figures(actor, year) if f["indicator"].about]
    return render(
        request,
        "site/home.html",
        {
            "today": today,
            "first": first(actor),
            "until": today + timedelta(days=30),
            "own": own,
            "year": year,
            "late": with_names(rows.filter(due__lt=today)[:6]),
            "late_count": rows.filter(due__lt=today).count(),
            "soon": with_names(rows.filter(due__range=(today, today + timedelta(days=30)))[:6]),
            "mine": with_names(rows.filter(responsible=own)[:6]) if own else [],
            "named": named(actor),
            "tips": tips_waiting(actor),
            "due": waiting(actor, today + timedelta(days=30), today, 6),
            "drafts": drafts.count() if actor.scopes("observations.occurrence.verify") else None,
            "second": evidence.door(actor).rows().filter(status="once").count()
            if actor.scopes("observations.occurrence.verify")
            else 0,
            "groups": by_heading(
                [f for f in told if f["value"] is not None and f["value"].value is not None]
            ),
            "unknown": [f for f in told if f["value"] is None or f["value"].value is None],
            "tasks": plan_queries.tasks(),
            "imports": ImportBatch.objects.filter(actor_id=actor.actor_id)[:5],
            "evidence": evidence,
            "may_report": bool(actor.scopes("observations.occurrence.create")),
            "work": work_book,
            "statuses": status_book,
        },
    )


def by_heading(told: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Figures under the headings of the menu, in its order; what has no heading of its own comes last."""
    order = [str(heading) for heading, _entries in MENU]
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in told:
        groups.setdefault(str(heading_of(one["indicator"].register)), []).append(one)
    return sorted(
        groups.items(), key=lambda group: order.index(group[0]) if group[0] in order else len(order)
    )


@login_required
@require_GET
def why(request: HttpRequest, slug: str, pk: Any) -> HttpResponse:
    """The grants by which a person sees a record, in words; officers may ask it of others."""
    actor = actor_of(request)
    register = find(slug, actor)
    record = record_or_404(register, actor, pk)
    stored = register.model._default_manager.get(pk=record.pk)
    people: list[Any] = [request.user]
    if may(actor, "people.person.see"):
        people = list(Person.objects.filter(is_active=True).order_by("first_name"))
    lines = []
    for person in people:
        door = register.door(person)
        seen = door.open(door.rows().filter(pk=pk)).first()
        grants = [
            (grant, verb)
            for verb, scope in register.why(person, stored)
            for grant in person.grants.in_force()
            if grant.scope == scope and verb in verbs_of(grant.role)
        ]
        lines.append(
            {
                "person": person,
                "seen": seen,
                "precise": bool(seen and getattr(seen, "door_precise", True)),
                "grants": [
                    (
                        role_names().get(g.role, g.role),
                        unit_name(g.area_path) if g.area_path else "",
                        g.until,
                        ACTIONS[v].label if v in ACTIONS else v,
                    )
                    for g, v in grants
                ],
            }
        )
    public = register.door(Public())
    return render(
        request,
        "site/why.html",
        {
            "register": register,
            "record": record,
            "lines": lines,
            "public": public.rows().filter(pk=pk).exists(),
            "level": record.get_disclosure_display() if hasattr(record, "disclosure") else "",
        },
    )


@login_required
@require_GET
def job_page(request: HttpRequest, pk: Any) -> HttpResponse:
    """How far a job is, asked soon and then every second; when it ended well the page moves on to its result."""
    job = get_object_or_404(Job, pk=pk, actor_id=actor_of(request).actor_id)
    if job.state == Job.State.DONE and job.result_url:
        if request.htmx:  # type: ignore[attr-defined]
            answer = HttpResponse()
            answer["HX-Redirect"] = job.result_url
            return answer
        return redirect(job.result_url)
    again = bool(request.htmx)  # type: ignore[attr-defined]
    return render(
        request, "site/job_state.html" if again else "site/job.html", {"job": job, "opened": not again}
    )


@login_required
@require_POST
def job_cancel(request: HttpRequest, pk: Any) -> HttpResponse:
    """The job is asked to stop; it stops at its next step."""
    job = get_object_or_404(Job, pk=pk, actor_id=actor_of(request).actor_id)
    Job.objects.filter(pk=job.pk).update(cancel_asked=True)
    return redirect("job", pk=pk)


@login_required
@require_POST
def job_again(request: HttpRequest, pk: Any) -> HttpResponse:
    """A job that did not end well is asked for anew, by the rights held now; an import goes on from its own page."""
    actor = actor_of(request)
    job = get_object_or_404(Job, pk=pk, actor_id=actor.actor_id)
    if job.state not in {Job.State.FAILED, Job.State.CANCELLED} or job.kind not in jobs.KINDS:
        return redirect("job", pk=pk)
    if batch := job.arguments.get("batch"):
        return redirect("import-batch", pk=batch)
    return redirect("job", pk=jobs.ask(actor, job.kind, job.label, **job.arguments).pk)


@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """Answers when the server does; says whether the database answers and how the background worker stands."""
    try:
        database, waiting = Person.objects.exists(), Job.objects.filter(state=Job.State.WAITING).count()
    except DatabaseError:
        log.exception("the database does not answer")
        return JsonResponse({"ok": False, "database": False, "worker": worker.state().name}, status=503)
    found = worker.state()
    told = {"ok": database, "database": True, "worker": found.name, "waiting": waiting}
    told["installation"] = installation()
    return JsonResponse({**told, "working": bool(found.job), "seconds": round(found.seconds)})


def broken(request: HttpRequest) -> HttpResponse:
    """The page of an error nobody foresaw, with the number under which the log holds it."""
    number = getattr(request, "number", "-")
    if request.path.startswith("/api/"):
        return JsonResponse(
            {"code": "ServerError", "description": _("Máy chủ gặp lỗi."), "number": number}, status=500
        )
    return HttpResponse(render_to_string("500.html", {"number": number}), status=500)
