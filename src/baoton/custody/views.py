"""Pages of custody that are no book: a lot's chain, what waits for the reader's signature, labels to print."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import segno
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baoton.custody.models import Lot, Offer, Step, body_of, open_offers
from baoton.custody.queries import Verdict, chain, verify
from baoton.kit.access import Actor, may
from baoton.kit.kinds.words import as_text
from baoton.kit.pages.verb import VerbForm, forms_of
from baoton.kit.reading.asking import actor_of, record_or_404
from baoton.kit.reading.register import REGISTERS
from baoton.people.queries import bodies

A_SHEET = 24


def drawn(actor: Actor, lot: Lot) -> Mapping[str, Any]:
    """The steps that the reader may know, in order, each with its bodies and photo; and whether the chain is whole."""
    known = chain(lot, actor)
    names = bodies()
    book = REGISTERS["custody.step"]
    photo = book.field("photo")
    verdict = verify(lot)
    seen = len(known)
    if seen < verdict.steps:  # what broke after the last step of his body is not for him
        verdict = Verdict(verdict.lot, seen, tuple(one for one in verdict.breaks if one[0] <= seen))
    return {
        "steps": [_line(one, names, photo.address(one) if photo else "") for one in known],
        "verdict": verdict, "broken": dict(reversed(verdict.breaks)),
    }  # fmt: skip


def _line(one: Step, names: Mapping[str, str], photo: str) -> dict[str, Any]:
    moved = (one.giver, one.giver_body) != (one.receiver, one.receiver_body)
    return {
        "step": one, "moved": moved, "giver_body": names.get(one.giver_body, one.giver_body), "photo": photo,
        "receiver_body": names.get(one.receiver_body, one.receiver_body), "amounts": told_of(one),
        "others": [(other["number"], told_of(other)) for other in one.others],
    }  # fmt: skip


def told_of(row: Any) -> str:
    """Number, weight and volume of a lot, a step or the other side of a split in words; unknown ones are left out."""
    read = row.get if isinstance(row, dict) else lambda name: getattr(row, name)
    count, kg, m3 = read("count"), read("kg"), read("m3")
    told = [] if count is None else [_("số lượng %(n)s") % {"n": as_text(count)}]
    told += [f"{as_text(Decimal(v))} {unit}" for v, unit in ((kg, "kg"), (m3, "m³")) if v is not None]
    return " · ".join(told)


def on_lot(actor: Actor, record: Lot) -> Mapping[str, Any]:
    """What the page of a lot shows: its chain, and an offer that waits for the reader."""
    told = dict(drawn(actor, record))
    told["waits"] = open_offers().filter(lot=record.pk).first()
    told["mine"] = told["waits"] is not None and told["waits"].to_body == body_of(actor)
    told["names"] = bodies()
    return told


@login_required
@require_GET
def steps(request: HttpRequest, pk: Any) -> HttpResponse:
    """The chain of a lot as far as the reader's body had a hand in it; absent and hidden answer alike."""
    actor = actor_of(request)
    lot = Lot.objects.filter(pk=pk).first()
    given = {} if lot is None else drawn(actor, lot)
    if lot is None or not given["steps"]:
        raise Http404(str(pk))
    number = given["steps"][0]["step"].facts.get("number", "")
    return render(request, "custody/chain.html", {"given": given, "number": number})


@login_required
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """What was offered to the reader's body and waits for a signature, each with its big buttons."""
    actor = actor_of(request)
    book = REGISTERS["custody.offer"]
    if not actor.scopes("custody.offer.accept"):
        raise Http404
    waiting = open_offers().filter(to_body=body_of(actor)).values("pk")
    rows = book.opened(book.door(actor)).filter(pk__in=waiting).order_by("id")
    lines = [_offered(actor, one) for one in rows if one.to_person in ("", actor.actor_id)]
    return render(request, "custody/inbox.html", {"lines": lines, "book": book, "names": bodies()})


def _offered(actor: Actor, one: Offer) -> dict[str, Any]:
    stored = Offer.objects.select_related("lot", "lot__taxon").get(pk=one.pk)
    forms: Sequence[VerbForm] = [
        f for f in forms_of(actor, REGISTERS["custody.offer"], stored) if f.verb.name in ("accept", "refuse")
    ]
    own = stored.giver == actor.actor_id
    return {
        "offer": stored,
        "lot": stored.lot,
        "amounts": told_of(stored.lot),
        "forms": [] if own else forms,
        "own": own,
    }


def _label(request: HttpRequest, lot: Lot) -> dict[str, Any]:
    address = request.build_absolute_uri(REGISTERS["custody.lot"].url(lot))
    return {
        "lot": lot,
        "amounts": told_of(lot),
        "picture": segno.make(address, error="m").svg_inline(border=2, omitsize=True),
    }


@login_required
@require_GET
def label(request: HttpRequest, pk: Any) -> HttpResponse:
    """One label with its QR code; a scan opens the lot for whoever may see it."""
    lot = record_or_404(REGISTERS["custody.lot"], actor_of(request), pk)
    return render(request, "custody/labels.html", {"sheets": [[_label(request, lot)]], "single": True})


@login_required
@require_GET
def labels(request: HttpRequest) -> HttpResponse:
    """Sheets of A4 with the labels of the lots that the list shows, all of them."""
    actor, book = actor_of(request), REGISTERS["custody.lot"]
    if not (actor.scopes("custody.lot.see") or may(actor, "custody.offer.accept")):
        raise Http404
    rows = list(book.in_order(book.opened(book.door(actor), request.GET.dict())))
    told = [_label(request, lot) for lot in rows]
    sheets = [told[i : i + A_SHEET] for i in range(0, len(told), A_SHEET)]
    return render(request, "custody/labels.html", {"sheets": sheets, "single": False})
