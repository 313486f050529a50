"""The page of the template's versions: the one in force, those before and to come, a new one sent in."""

from datetime import date
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from baoton.kit import blobs
from baoton.kit.access import may, require
from baoton.kit.reading.asking import actor_of
from baoton.reporting.actions import SEE
from baoton.reporting.models import Wording
from baoton.reporting.wording import versions
from baoton.reporting.wording.checking import fields


@require_http_methods(["GET", "POST"])
def wordings(request: HttpRequest) -> HttpResponse:
    """The versions, and what is wrong with a file that was sent and not taken."""
    actor = actor_of(request)
    require(actor, SEE)
    wrong: list[str] = []
    if request.method == "POST":
        require(actor, versions.EDIT)
        try:
            made = _taken(request)
        except ValidationError as error:
            wrong = error.messages
        else:
            messages.success(
                request, _("Đã nhận mẫu, áp dụng từ ngày %(day)s.") % {"day": f"{made.since:%d/%m/%Y}"}
            )
            return redirect("report-wordings")
    today = timezone.localdate()
    context = {
        "versions": Wording.objects.all(), "now": versions.in_force(today), "today": today, "wrong": wrong,
        "may_edit": may(actor, versions.EDIT), "fields": fields(),
    }  # fmt: skip
    return render(request, "reporting/wordings.html", context, status=400 if wrong else 200)


def _taken(request: HttpRequest) -> Wording:
    upload: Any = request.FILES.get("file")
    if upload is None:
        raise ValidationError(_("Chọn tệp mẫu .docx rồi gửi."))
    try:
        since = date.fromisoformat(request.POST.get("since", ""))
    except ValueError as error:
        raise ValidationError(_("Ghi ngày bắt đầu áp dụng mẫu.")) from error
    held = versions.read_upload(upload)
    return versions.take(
        actor_of(request), str(upload.name), held, since, request.POST.get("note", "").strip()
    )


@require_GET
def wording(request: HttpRequest, pk: Any) -> FileResponse:
    """The file of one version as it was sent."""
    require(actor_of(request), SEE)
    one = get_object_or_404(Wording, pk=pk)
    if not blobs.intact(one.sha256):
        raise Http404(_("tệp đã mất hoặc không còn nguyên vẹn"))
    return FileResponse(
        Path(blobs.path_of(one.sha256)).open("rb"), as_attachment=True, filename=f"mau-bao-cao-{one.since}.docx",
        content_type=versions.WORD,
    )  # fmt: skip
