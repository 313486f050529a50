"""The page of a visit on a phone: the checklist of its facility, the count beside the book, photos, findings."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from baoton.facilities.actions import fieldwork
from baoton.facilities.models import Inspection
from baoton.facilities.papers.common import vernacular
from baoton.files.queries import of_record
from baoton.kit.access import require
from baoton.kit.incoming import look
from baoton.kit.reading.asking import actor_of, record_or_404
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow

LINES = 3


@login_required
@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, pk: Any) -> HttpResponse:
    """Begin the visit, note what is seen, end it with the minute; each press keeps what was written."""
    book, actor = REGISTERS["facilities.inspection"], actor_of(request)
    record = record_or_404(book, actor, pk)
    require(actor, "facilities.inspection.edit", record)
    if request.method == "POST":
        try:
            if "begin" in request.POST:
                write.act(book, actor, record, "start", {"day": timezone.localdate()})
                messages.success(request, _("Đã ghi số dư sổ của lúc này; đếm và ghi bên cạnh."))
            else:
                _note(request, record)
                if "end" in request.POST:
                    write.act(
                        book, actor, record, "finish", {"summary": request.POST.get("summary", "").strip()}
                    )
                    messages.success(request, _("Đã lập biên bản."))
                    return redirect(book.url(record))
            return redirect("facility-visit", pk=pk)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        except NotNow as error:
            messages.error(request, str(error))
        record = record_or_404(book, actor, pk)
    return render(request, "facilities/visit.html", _context(request, record))


def _note(request: HttpRequest, record: Inspection) -> None:
    _source, known = fieldwork.points_of(record)
    points = {
        what: {"state": request.POST[f"point{n}"], "note": request.POST.get(f"note{n}", "")[:300]}
        for n, what in enumerate(known)
        if request.POST.get(f"point{n}")
    }
    counts = {k.removeprefix("count-"): str(v) for k, v in request.POST.items() if k.startswith("count-")}
    photos = request.FILES.getlist("photos")
    for one in photos:
        look(one)
    changed = fieldwork.note(actor_of(request), record, points, counts, _findings(request), photos)
    if changed:
        messages.success(request, _("Đã ghi."))


def _findings(request: HttpRequest) -> list[tuple[str, date | None]]:
    """What must be mended, as typed; a day that cannot be read is refused."""
    told = []
    for n in range(LINES):
        what, due = request.POST.get(f"what{n}", "").strip(), request.POST.get(f"due{n}", "").strip()
        if what:
            try:
                told.append((what, date.fromisoformat(due) if due else None))
            except ValueError as error:
                raise ValidationError(_("Không đọc được ngày “%(day)s”.") % {"day": due}) from error
    return told


def _context(request: HttpRequest, record: Inspection) -> dict[str, Any]:
    source, known = fieldwork.points_of(record)
    posted = request.POST if request.method == "POST" else {}
    points = [
        {
            "n": n, "what": what,
            "state": posted.get(f"point{n}") or record.points.get(what, {}).get("state", ""),
            "note": posted.get(f"note{n}", record.points.get(what, {}).get("note", "")),
        }
        for n, what in enumerate(known)
    ]  # fmt: skip
    counts = record.counts.select_related("stock__taxon").order_by("stock__since", "stock_id", "id")
    rows: list[dict[str, Any]] = [
        {
            "row": c, "name": vernacular(c.stock.taxon),
            "written": posted.get(f"count-{c.pk}", "" if c.counted is None else c.counted),
        }
        for c in counts
    ]  # fmt: skip
    empty = [
        {"what": posted.get(f"what{n}", ""), "due": posted.get(f"due{n}", ""), "n": n} for n in range(LINES)
    ]
    return {
        "states": [("yes", _("đạt")), ("no", _("không đạt")), ("none", _("không có"))],
        "visit": record, "facility": record.facility, "points": points, "source": source,
        "held": [r for r in rows if r["row"].balance or r["written"] not in ("", 0)],
        "others": [r for r in rows if not r["row"].balance and r["written"] in ("", 0)],
        "findings": record.findings.filter(withdrawn__isnull=True).order_by("due", "id"),
        "empty": empty, "photos": of_record(record).count(), "summary": posted.get("summary", ""),
        "to_mend": fieldwork.TO_MEND, "today": timezone.localdate(), "register": REGISTERS["facilities.inspection"],
    }  # fmt: skip
