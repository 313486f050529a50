"""The document that was issued for a record, as it was issued."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baoton.kit import blobs, lent
from baoton.kit.paper.paper import WORD
from baoton.kit.paper.pdf import pdf_of
from baoton.kit.reading.asking import actor_of, find, record_or_404
from baoton.kit.text import fold
from baoton.kit.writing.refusal import NotNow

PDF = "application/pdf"


@require_GET
def record_paper(request: HttpRequest, slug: str, pk: Any, kind: str = "docx") -> HttpResponseBase:
    """The document as Word or PDF, to whoever may see the record and its true place, under the number it bears.

    Its bytes still give the hash kept with it; where no PDF can be made the record's page says why.
    """
    actor = actor_of(request)
    register = find(slug, actor)
    record = record_or_404(register, actor, pk)
    if not lent.may_read(actor, record, lent.EVIDENCE):
        raise Http404(pk)
    sha256 = getattr(record, "paper", "")
    if not blobs.is_hash(sha256) or not getattr(record, "door_precise", True) or not blobs.intact(sha256):
        raise Http404(_("tệp đã mất hoặc không còn nguyên vẹn"))
    name = "-".join(fold(getattr(record, "number", "") or str(register.one)).replace("/", " ").split())
    try:
        path, told = (pdf_of(sha256), PDF) if kind == "pdf" else (blobs.path_of(sha256), WORD)
    except NotNow as error:
        messages.error(request, str(error))
        return redirect(register.url(record))
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{name}.{kind}", content_type=told)
