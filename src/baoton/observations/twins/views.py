"""Records that may tell of one meeting: all of a year, and two of them side by side."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from baoton.files.queries import of_record
from baoton.kit.access import require
from baoton.kit.reading.asking import actor_of
from baoton.observations import twins
from baoton.observations.registers import occurrence
from baoton.observations.twins import likeness

MOST, SHOWN = 50_000, 200
MONTHS = tuple(str(n) for n in range(1, 13))


@login_required
@require_GET
def pairs(request: HttpRequest) -> HttpResponse:
    """The undecided pairs of a year, among the records whose place the reader may know."""
    actor = actor_of(request)
    require(actor, f"{twins.V}.same")
    this = timezone.localdate().year
    text = request.GET.get("nam", "")
    year = int(text) if text.isascii() and text.isdigit() and 1900 <= int(text) <= this else this
    rows = twins.known(actor).filter(year=year, status__in=twins.LIVE)
    month = request.GET.get("thang", "")
    if month in MONTHS:
        rows = rows.filter(day_start__month=int(month))
    read = list(rows.order_by("sort_day", "id").values(*likeness.COLUMNS)[: MOST + 1])
    alike = list(likeness.pairs(map(likeness.told, read[:MOST])))
    facts = twins.measured({one.id for a, b, _why in alike if a.visit == b.visit for one in (a, b)})
    found = [
        (a.id, b.id, why) for a, b, why in alike if not twins.told_apart(a.visit, b.visit, facts, a.id, b.id)
    ]
    decided = twins.decided_of({k for a, b, _why in found for k in (a, b)}) if found else set()
    left = [one for one in found if one[:2] not in decided]
    shown = left[:SHOWN]
    known = {one.pk: one for one in twins.known(actor, {k for p in shown for k in p[:2]})}
    context: dict[str, Any] = {
        "pairs": [(known[a], known[b], why) for a, b, why in shown], "many": len(left), "year": year,
        "compared": min(len(read), MOST), "cut": len(read) > MOST, "years": range(this, this - 8, -1),
        "months": MONTHS, "month": month,
        "book": occurrence,
    }  # fmt: skip
    return render(request, "observations/twin_pairs.html", context)


@login_required
@require_GET
def side_by_side(request: HttpRequest, one: UUID, other: UUID) -> HttpResponse:
    """Two records field by field, with their photos; which one is kept is decided below them."""
    actor = actor_of(request)
    require(actor, f"{twins.V}.same")
    rows = occurrence.joined(twins.known(actor, [one, other]))
    known = {o.pk: o for o in rows}
    if len(known) != 2:
        raise Http404("twin")
    both = [known[one], known[other]]
    lines = []
    for kind in occurrence.fields:
        cells = [str(kind.text(r) or "") for r in both]
        if any(cells):
            lines.append((kind.heading, *cells, cells[0] != cells[1]))
    told = [likeness.told(row) for row in rows.values(*likeness.COLUMNS)]
    context = {
        "both": [(r, [e for e in of_record(r) if e.kind == "photo"]) for r in both], "lines": lines,
        "why": likeness.alike(*told), "book": occurrence, "far": likeness.metres(*told),
    }  # fmt: skip
    return render(request, "observations/twin.html", context)
