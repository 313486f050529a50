"""Accounts from a list: a file is read and judged, shown row by row, then written."""

import tempfile
from pathlib import Path

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from baoton.kit.access import require
from baoton.kit.reading.asking import actor_of
from baoton.kit.reading.exporting import scratch
from baoton.people import roster
from baoton.people.models import Organisation
from baoton.people.roles import names
from formats import FormatError

SALT, MOST_MB = "people.roster", 10


@login_required
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """The upload, then what each row would become, then the accounts."""
    actor = actor_of(request)
    require(actor, "people.person.add")
    if "held" in request.POST:
        return _written(request)
    trouble, lines = "", []
    if request.method == "POST":
        upload = request.FILES.get("file")
        if upload is None or not upload.name or (upload.size or 0) > MOST_MB << 20:
            trouble = _("Chọn một tệp Excel hoặc CSV nhỏ hơn %(n)d MB.") % {"n": MOST_MB}
        else:
            with tempfile.NamedTemporaryFile(suffix=Path(upload.name).suffix.lower()) as held:
                for part in upload.chunks():
                    held.write(part)
                held.flush()
                try:
                    lines = roster.read(Path(held.name))
                except (roster.Refused, FormatError) as error:
                    trouble = str(error)
    fresh = [one for one in lines if one.outcome == "new"]
    kept = (
        signing.dumps([actor.actor_id, [o.stored() for o in fresh]], salt=SALT, compress=True)
        if fresh
        else ""
    )
    bodies = {o.code: str(o) for o in Organisation.objects.all()}
    context = {
        "trouble": trouble,
        "lines": [
            (o, names().get(o.role, o.words.get("role", "")), bodies.get(o.body, o.words.get("body", "")))
            for o in lines
        ],
        "fresh": len(fresh),
        "known": sum(o.outcome == "known" for o in lines),
        "refused": sum(o.outcome == "refused" for o in lines),
        "held": kept,
    }
    return render(request, "people/roster.html", context)


def _written(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    try:
        whose, rows = signing.loads(request.POST["held"], salt=SALT, max_age=3600)
        if whose != actor.actor_id:
            raise signing.BadSignature
        lines = [roster.Line(**row) for row in rows]
        made = roster.write(
            actor, lines, request.POST.get("reason", "").strip()[:300] or _("danh sách ban đầu")
        )
    except signing.BadSignature:
        messages.error(request, _("Bản xem trước đã quá một giờ; tải lại tệp."))
        return redirect("people-roster")
    except ValueError as error:
        messages.error(request, str(error))
        return redirect("people-roster")
    messages.success(
        request, _("Đã tạo %(n)d tài khoản. Còn một bước: in phiếu để trao tận tay.") % {"n": len(made)}
    )
    return redirect("people")


@login_required
@require_GET
def template(request: HttpRequest) -> FileResponse:
    """The workbook to fill in."""
    require(actor_of(request), "people.person.add")
    path = scratch(".xlsx")
    try:
        roster.template(path)
        handle = path.open("rb")
    finally:
        path.unlink(missing_ok=True)
    return FileResponse(handle, as_attachment=True, filename="danh-sach-can-bo.xlsx")
