"""The document that was issued for a record, as it was issued."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baoton.kit import blobs
from baoton.kit.paper.paper import WORD
from baoton.kit.reading.asking import actor_of, find, record_or_404
from baoton.kit.text import fold


@require_GET
def record_paper(request: HttpRequest, slug: str, pk: Any) -> FileResponse:
    """The Word file, to whoever may see the record and its true place; its bytes still give the hash kept with it."""
    actor = actor_of(request)
    register = find(slug, actor)
    record = record_or_404(register, actor, pk)
    sha256 = getattr(record, "paper", "")
    if not sha256 or not getattr(record, "door_precise", True) or not blobs.intact(sha256):
        raise Http404(_("tệp đã mất hoặc không còn nguyên vẹn"))
    name = "-".join(fold(getattr(record, "number", "") or str(register.one)).replace("/", " ").split())
    return FileResponse(
        blobs.path_of(sha256).open("rb"), as_attachment=True, filename=f"{name}.docx", content_type=WORD
    )
