"""What the page of a report says of its editions, and the page on which everybody reads the public ones issued."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baoton.kit import blobs
from baoton.kit.access import Actor
from baoton.kit.paper.paper import WORD
from baoton.kit.paper.pdf import pdf_of
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing.refusal import NotNow
from baoton.reporting.issuing.steps import report_of
from baoton.reporting.models import Outgoing, Report
from baoton.reporting.scopes.editions import WHOLE, Edition, editions
from baoton.reporting.scopes.scope import scope_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {"docx": WORD, "pdf": "application/pdf", "xlsx": XLSX}


@dataclass(frozen=True)
class Sent:
    """One edition of a report: its files, and the paper on its way out where the reader may see one."""

    edition: Edition
    files: Sequence[str]
    paper: Outgoing | None

    @property
    def key(self) -> str:
        return self.edition.key or "whole"

    @property
    def address(self) -> str:
        return "" if self.paper is None else REGISTERS["reporting.outgoing"].url(self.paper)


def sent(actor: Actor, report: Report) -> list[Sent]:
    """The whole report and each edition that was made of it."""
    rows = REGISTERS["reporting.outgoing"].door(actor).rows().filter(made_from=str(report.pk))
    papers = {one.edition: one for one in rows}
    some = [one for one in editions().values() if one.key in report.editions]
    return [Sent(WHOLE, (), papers.get("whole"))] + [
        Sent(one, sorted(report.editions[one.key]), papers.get(one.key)) for one in some
    ]


def issued() -> list[Outgoing]:
    """The public editions that were issued, newest first."""
    public = [one.key for one in editions().values() if one.public]
    rows = Outgoing.objects.filter(edition__in=public, status=Outgoing.Status.ISSUED, withdrawn__isnull=True)
    return list(rows.order_by("-issued_on", "-id"))


@require_GET
def published(request: HttpRequest) -> HttpResponse:
    """Reports for everybody: the public editions that were issued."""
    told = []
    for one in issued():
        if (report := report_of(one)) is not None:
            told.append((one, scope_of(report).name, "xlsx" in report.editions.get(one.edition, {})))
    return render(request, "reporting/published.html", {"papers": told})


@require_GET
def published_file(request: HttpRequest, pk: Any, kind: str) -> HttpResponseBase:
    """A public edition as it was issued; nothing else is opened here."""
    one = get_object_or_404(Outgoing, pk=pk, pk__in=[paper.pk for paper in issued()])
    report = report_of(one)
    sha256 = one.paper
    if kind == "xlsx":
        sha256 = report.editions.get(one.edition, {}).get("xlsx", "") if report else ""
    if kind not in KINDS or not blobs.is_hash(sha256) or not blobs.intact(sha256):
        raise Http404(_("tệp đã mất hoặc không còn nguyên vẹn"))
    try:
        path = pdf_of(sha256) if kind == "pdf" else blobs.path_of(sha256)
    except NotNow as error:
        messages.error(request, str(error))
        return redirect("reports-published")
    name = f"bao-cao-{scope_of(report).slug if report else pk}-cong-bo.{kind}"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=KINDS[kind])
