"""Pages of one case: what the tables suggest, and its file bound for a court."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from baoton.enforcement.court import BIND, bind
from baoton.enforcement.indication import indication
from baoton.enforcement.models import BoundFile, Case
from baoton.kit import blobs, jobs, lent
from baoton.kit.access import may, require
from baoton.kit.paper.binder import PDF
from baoton.kit.reading.asking import actor_of, find, record_or_404
from baoton.people.models import Person as Account

BOOK = "enforcement-case"


@login_required
@require_GET
def suggested(request: HttpRequest, pk: Any) -> HttpResponse:
    """What the tables suggest for a case of the reader's own body; a borrower sees a part of it and gets none."""
    actor = actor_of(request)
    book = find(BOOK, actor)
    case = record_or_404(book, actor, pk)
    if lent.borrowed(actor, book.name, case):
        raise Http404(str(pk))
    told = indication(actor, case)
    may_bind = may(actor, BIND, case)
    return render(
        request, "enforcement/indication.html", {"case": case, "book": book, "t": told, "may_bind": may_bind}
    )


@login_required
@require_POST
def ask_file(request: HttpRequest, pk: Any) -> HttpResponse:
    """The file of the case is bound in the background."""
    actor = actor_of(request)
    case = record_or_404(find(BOOK, actor), actor, pk)
    require(actor, BIND, case)
    job = jobs.ask(
        actor, "enforcement.bind", _("Đóng quyển hồ sơ %(case)s") % {"case": case}, case=str(case.pk)
    )
    return redirect("job", job.pk)


@jobs.kind("enforcement.bind")
def work(progress: jobs.Progress) -> str:
    """The file stands; the address of its case."""
    if progress.job is None:
        raise ValueError("a file is bound by a job")
    actor = Account.objects.get(pk=progress.job.actor_id)
    case = Case.objects.get(pk=progress.job.arguments["case"])
    row = bind(actor, case, progress)
    return reverse("record", args=["enforcement-bound", row.pk])


@login_required
@require_GET
def bound_file(request: HttpRequest, pk: Any) -> FileResponse:
    """The PDF as it was bound, for whoever may read its row."""
    actor = actor_of(request)
    row: BoundFile = record_or_404(find("enforcement-bound", actor), actor, pk)
    if not blobs.intact(row.sha256):
        raise Http404(_("tệp đã mất hoặc không còn nguyên vẹn"))
    name = f"ho-so-{row.case.code or row.case_id}.pdf"
    return FileResponse(
        blobs.path_of(row.sha256).open("rb"), as_attachment=True, filename=name, content_type=PDF
    )
