"""Opening and adding evidence, through the door of the record it stands for."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from baoton.files import pictures
from baoton.files.actions import keeping
from baoton.files.models import Evidence
from baoton.files.queries import may_have_originals
from baoton.kit import blobs, lent
from baoton.kit.access import Actor, System
from baoton.kit.reading.asking import actor_of, find, record_or_404, said
from baoton.kit.reading.register import by_slug
from baoton.kit.refs import register_of, resolve

keep = keeping()
WAITING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="200"><rect width="320" height="200" fill="#eee"/>'
    '<text x="160" y="105" text-anchor="middle" font-family="sans-serif" font-size="20" fill="#555">…</text></svg>'
)


@require_GET
def evidence_file(request: HttpRequest, pk: str) -> HttpResponseBase:
    """The bare picture, or the original, for whoever may know the place of its record; to others it is not there."""
    row = Evidence.objects.filter(pk=pk, withdrawn__isnull=True).first()
    actor = actor_of(request)
    about = None if row is None else _about(actor, row)
    if row is None or about is None:
        raise Http404(pk)
    path = blobs.path_of(row.sha256)
    if not path.exists():
        raise Http404(pk)
    if not getattr(about, "door_precise", True):
        raise Http404(pk)  # a picture of a guarded place may show the place
    if request.GET.get("original") or row.kind != Evidence.Kind.PHOTO:
        if not may_have_originals(actor, about):
            raise Http404(pk)
        return FileResponse(
            path.open("rb"), as_attachment=True, filename=row.title, content_type=row.media_type
        )
    shown = pictures.path_of(row.sha256)
    if not shown.exists():
        pictures.ask(row.sha256)
    if not shown.exists():
        later = {"Cache-Control": "no-store", "Retry-After": "5"}
        return HttpResponse(WAITING, status=202, content_type="image/svg+xml", headers=later)
    if not shown.stat().st_size:
        raise Http404(pk)
    return FileResponse(shown.open("rb"), content_type="image/jpeg")


def _about(actor: Actor, row: Evidence) -> Any:
    """The record of the file as the actor may know it; of one that its body lends, whoever may read its files."""
    if row.about_type not in lent.LENDS:
        return resolve(actor, row.about_type, row.about_id)
    about = resolve(System(), row.about_type, row.about_id)
    if about is None or not lent.may_read(actor, about, lent.EVIDENCE):
        return None
    book = register_of(row.about_type)
    if book is not None:
        lent.note_page(actor, book.name, [about], gettext_noop("mở tệp kèm theo"))
    return about


@login_required
@require_POST
def evidence_add(request: HttpRequest, slug: str, pk: str) -> HttpResponse:
    """One or more files are kept as evidence of the record."""
    actor = actor_of(request)
    register = by_slug(slug) or find(slug, actor)
    record = record_or_404(register, actor, pk)
    if not lent.may_read(actor, record, lent.ADDING):
        raise Http404(pk)
    if not getattr(record, "door_precise", True) or register_of(record._meta.label_lower) is None:
        raise Http404(pk)
    kept = 0
    for one in request.FILES.getlist("files"):
        try:
            with transaction.atomic():
                keep(actor, record, [one])
        except ValidationError as error:
            messages.error(request, said(error))
        else:
            kept += 1
    if kept:
        messages.success(request, _("Đã tải lên %(n)d tệp.") % {"n": kept})
    return redirect(register.url(record))
