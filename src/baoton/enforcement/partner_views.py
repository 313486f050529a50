"""The page of a body that works on others' cases: what is lent to it, what waits for its signature, what is due."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from baoton.custody.models import open_offers
from baoton.enforcement.lending import LENT_BOOKS, grant
from baoton.enforcement.models.sharing import Grant
from baoton.kit.access import Actor, require
from baoton.kit.reading.asking import actor_of, readable
from baoton.kit.reading.register import REGISTERS
from baoton.kit.reading.waiting import waiting
from baoton.kit.refs import resolve
from baoton.people.queries import bodies

AHEAD, MOST = 14, 50


@login_required
@require_GET
def together(request: HttpRequest) -> HttpResponse:
    """What other bodies lend to mine, what mine lends to others, what I am to sign and what falls due."""
    actor = actor_of(request)
    require(actor, "enforcement.grant.see")
    body, names, today = getattr(actor, "organisation_id", "") or "", bodies(), timezone.localdate()
    rows = grant.opened(grant.door(actor)).filter(status=Grant.Status.OPEN, until__gte=today)
    to_us = [_lent(actor, one, names) for one in rows.filter(body=body).order_by("until", "id")]
    ours = list(rows.exclude(body=body).order_by("until", "id")[: MOST + 1])
    due = waiting(actor, today + timedelta(days=AHEAD), today, MOST + 1)
    return render(
        request,
        "enforcement/together.html",
        {
            "body": names.get(body, ""), "lent": to_us,
            "ours": [(one, names.get(one.body, one.body)) for one in ours[:MOST]],
            "more": len(ours) > MOST, "sign": _to_sign(actor, body), "book": grant, "due": due[:MOST],
            "more_due": len(due) > MOST, "ahead": AHEAD,
        },
    )  # fmt: skip


def _to_sign(actor: Actor, body: str) -> list[dict[str, Any]]:
    """Hand-overs offered to the actor's body that he may sign for, the most urgent first."""
    if not body or not actor.scopes("custody.offer.accept"):
        return []
    rows = open_offers().filter(to_body=body).select_related("lot").order_by("until", "id")
    address = reverse("custody-inbox")
    return [
        {"label": f"{one.lot} · {one.giver_name}", "address": address, "until": one.until} for one in rows
    ]


def _lent(actor: Actor, one: Grant, names: dict[str, str]) -> dict[str, Any]:
    """One grant as the borrower may use it: where the parts that he may read are found."""
    case = resolve(actor, "enforcement.case", one.case_id)
    parts = []
    for name in LENT_BOOKS[1:]:
        book = REGISTERS.get(name)
        if book is not None and readable(book, actor):
            found = list(book.opened(book.door(actor)).filter(case=one.case_id).order_by("id"))
            parts += [{"book": str(book.one), "name": str(row), "address": book.url(row)} for row in found]
    return {
        "grant": one, "owner": names.get(one.organisation, one.organisation), "case": case, "rows": parts,
        "address": "" if case is None else REGISTERS["enforcement.case"].url(case),
        "days": (one.until - timezone.localdate()).days,
    }  # fmt: skip
