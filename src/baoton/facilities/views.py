"""Pages that are no register: the public card of a code, and the plan of inspections."""

import io
from datetime import date

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from baoton.facilities.actions import campaigns, visits
from baoton.facilities.models import Campaign, Facility, Inspection, Stock
from baoton.facilities.queries import code_of
from baoton.facilities.registers import inspection
from baoton.kit.access import require
from baoton.kit.reading import exporting
from baoton.kit.reading.asking import actor_of, record_or_404
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write

MOST = 200
BLANK = 60


@require_GET
def card(request: HttpRequest, code: str) -> HttpResponse:
    """What anybody who scans a code is told: whether it holds, of which species, since when; nothing else."""
    found = code_of(code)
    species = []
    if found is not None and found.until is None:
        rows = Stock.objects.filter(facility=found.facility_id, withdrawn__isnull=True).select_related(
            "taxon"
        )
        species = sorted(
            {(s.taxon.vernacular_vi.split(";")[0].strip(), s.taxon.scientific_name) for s in rows}
        )
    told = {
        "asked": code[:40],
        "code": found,
        "species": species,
        "valid": found is not None and found.until is None,
    }
    return render(request, "facilities/card.html", told, status=200 if found is not None else 404)


@require_GET
def picture(request: HttpRequest, pk: str) -> HttpResponse:
    """The QR picture of a facility's code, for its certificate: it leads to the public card."""
    facility = record_or_404(REGISTERS["facilities.facility"], actor_of(request), pk)
    address = request.build_absolute_uri(reverse("facility-card", args=[facility.code or "-"]))
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", scale=4, border=2)
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


@login_required
@require_GET
def book_file(request: HttpRequest, pk: str) -> HttpResponse:
    """A book in the official form, for whoever may see it."""
    stock = record_or_404(REGISTERS["facilities.stock"], actor_of(request), pk)
    require(actor_of(request), "facilities.entry.see", stock)
    blank = BLANK if "mau" in request.GET else 0
    from baoton.facilities.papers.book_sheet import (
        workbook,  # with openpyxl, which no start of the programme waits for
    )

    told = HttpResponse(workbook(stock, blank), content_type=exporting.KINDS["xlsx"])
    told["Content-Disposition"] = f'attachment; filename="so-theo-doi-{str(stock.pk)[:8]}.xlsx"'
    return told


@login_required
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """The facilities to be looked at, the weightiest first with their reasons; ticked ones get a visit and a day."""
    actor = actor_of(request)
    require(actor, "facilities.inspection.create")
    today = timezone.localdate()
    door = REGISTERS["facilities.facility"].door(actor)
    rows = visits.propose(door.rows(), today)
    open_ = campaigns.open_for_plan(actor)
    if request.method == "POST":
        chosen = next((c for c in open_ if str(c.pk) == request.POST.get("campaign")), None)
        known = {str(f.pk): (f, why) for f, _w, why in rows}
        made = _plan(request, known) if chosen is None else _spread(request, chosen, known)
        if made:
            messages.success(request, _("Đã đưa %(n)s cơ sở vào kế hoạch kiểm tra.") % {"n": made})
            return redirect(
                inspection.url() if chosen is None else REGISTERS["facilities.campaign"].url(chosen)
            )
        if chosen is None:
            messages.error(request, _("Chọn cơ sở và ngày kiểm tra từ hôm nay trở đi."))
    told = {"rows": rows[:MOST], "all": len(rows), "most": MOST, "today": today, "register": inspection}
    told |= {"signal_book": REGISTERS["facilities.signal"]}
    told |= {"campaigns": open_, "chosen": request.GET.get("campaign", "")}
    return render(request, "facilities/plan.html", told | {"campaign_book": REGISTERS["facilities.campaign"]})


def _spread(request: HttpRequest, campaign: Campaign, known: dict[str, tuple[Facility, str]]) -> int:
    """How many of the ticked facilities were shared among the teams and days of the campaign."""
    actor, door = actor_of(request), REGISTERS["facilities.facility"].door(actor_of(request))
    ticked = [k for k in dict.fromkeys(request.POST.getlist("pick")) if k in known]
    places = door.open(door.rows().filter(pk__in=ticked))
    try:
        with transaction.atomic():
            made = campaigns.spread(actor, campaign, [(f, known[str(f.pk)][1]) for f in places])
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return 0
    if not made:
        messages.error(request, _("Chọn ít nhất một cơ sở."))
    return made


def _plan(request: HttpRequest, known: dict[str, tuple[Facility, str]]) -> int:
    """How many visits were planned for the ticked facilities on the day given."""
    actor = actor_of(request)
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        return 0
    ticked = [known[k] for k in dict.fromkeys(request.POST.getlist("pick")) if k in known]
    if day < timezone.localdate():
        return 0
    for facility, why in ticked:
        visit = Inspection(
            facility=facility, kind="planned", day=day, why=why, team=request.POST.get("team", "")[:300]
        )
        write.create(inspection, actor, visit)
    return len(ticked)
