"""The log as an administrator reads it: by person, book, verb, record and day; each line leads to what it names."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from baoton.kit.access import Actor, require
from baoton.kit.models import AuditEvent
from baoton.kit.reading.asking import actor_of
from baoton.kit.reading.register import REGISTERS, all_registers
from baoton.kit.refs import register_of, resolve
from baoton.kit.writing import audit
from baoton.kit.writing.verb import ACTIONS
from baoton.observations.registers import occurrence as evidence
from baoton.people.models import Person

AUDIT_PAGE = 100
OTHERS = {
    "people.person": gettext_lazy("Người dùng"),
    "people.grant": gettext_lazy("Quyền"),
    "people.organisation": gettext_lazy("Cơ quan"),
    "kit.importbatch": gettext_lazy("Lần nhập tệp"),
    "kit.remembered": gettext_lazy("Cách đọc đã nhớ"),
    "reporting.report": gettext_lazy("Báo cáo"),
    "places.unit": gettext_lazy("Địa bàn"),
    "taxa.name": gettext_lazy("Tên loài đã đối chiếu"),
}
PROGRAMME = "system"


def books() -> list[tuple[str, Any]]:
    """What events are about: every register's table, and what is no register."""
    told = {r.model._meta.label_lower: r.label for r in all_registers()}
    return sorted({**OTHERS, **told}.items(), key=lambda pair: str(pair[1]))


def verb_label(verb: str) -> str:
    """A verb as the office says it; one that no longer exists says so instead of showing its code."""
    known = ACTIONS.get(verb)
    if known is not None:
        return str(known.label)
    stem = verb.rpartition(".")[0]
    return (
        _("việc cũ của sổ %(book)s") % {"book": REGISTERS[stem].label}
        if stem in REGISTERS
        else _("việc không còn dùng")
    )


def narrowed(asked: Any) -> Any:
    """The events that answer to the address; what makes no sense there answers nothing."""
    rows = AuditEvent.objects.order_by("-id")
    for key, column in (("who", "actor_id"), ("book", "register"), ("verb", "verb")):
        if value := asked.get(key, ""):
            rows = rows.filter(**{column: value[:80]})
    if record := asked.get("record", ""):
        rows = rows.filter(object_id=_key(record))
    if since := _day(asked.get("since", "")):
        rows = rows.filter(at__gte=since)
    if until := _day(asked.get("until", "")):
        rows = rows.filter(at__lt=until + timedelta(days=1))
    if before := asked.get("before", ""):
        rows = rows.filter(id__lt=_key(before))
    return rows


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404(text) from None


def _day(text: str) -> datetime | None:
    try:
        day = parse_date(text) if text else None
    except ValueError:
        day = None
    if text and day is None:
        raise Http404(text)
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None


def tell(actor: Actor, events: Iterable[AuditEvent]) -> list[dict[str, Any]]:
    """Each event in words with the address of what it names; a name or a reason only for who may know the record."""
    knows_all, lines = evidence.door(actor).all_precise, []
    for one in events:
        book, address = register_of(one.register), ""
        name, note = one.object_name, one.note
        if book is not None:  # a name or a reason may tell a place: only what the reader may know
            known = resolve(actor, one.register, one.object_id)
            name = str(known) if known is not None else str(book.one)
            note = note if known is not None and getattr(known, "door_precise", True) else ""
            address = book.url(known) if known is not None else ""
        elif one.register == "kit.importbatch" and not (one.actor_id == actor.actor_id or knows_all):
            name, note = _("tệp nhập"), ""  # a file is often named after a place
        elif one.register in {"people.person", "people.grant"} and one.object_id:
            address = reverse("account-page", args=[one.object_id])
        elif one.register == "reporting.report":
            address = reverse("reports")
        lines.append(
            {"event": one, "verb": verb_label(one.verb), "name": name, "note": note, "address": address}
        )
    return lines


@login_required
@require_GET
def audit_page(request: HttpRequest) -> HttpResponse:
    """The newest events that answer to the filters, and whether the chain is whole."""
    actor, asked = actor_of(request), request.GET
    require(actor, "audit.see")
    events = list(narrowed(asked)[: AUDIT_PAGE + 1])
    older = len(events) > AUDIT_PAGE
    events = events[:AUDIT_PAGE]
    query = asked.copy()
    for key in ("before", "verify"):
        query.pop(key, None)
    used = set(AuditEvent.objects.order_by().values_list("verb", flat=True).distinct())
    context = {
        "events": tell(actor, events),
        "asked": asked,
        "query": query.urlencode(),
        "narrowed": any(query.values()),
        "people": [*Person.objects.order_by("first_name", "last_name")],
        "programme": PROGRAMME,
        "books": books(),
        "verbs": sorted(((v, verb_label(v)) for v in used), key=lambda pair: pair[1]),
        "verdict": audit.verify() if asked.get("verify") else None,
        "head": audit.head(),
        "older": events[-1].pk if older else None,
    }
    return render(request, "site/audit.html", context)
