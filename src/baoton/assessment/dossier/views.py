"""The file of a species to take away, as Word or PDF."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from baoton.assessment.dossier import species_file
from baoton.assessment.queries import latest
from baoton.kit.access import require
from baoton.kit.paper.paper import WORD
from baoton.kit.paper.pdf import converted
from baoton.kit.reading.asking import actor_of
from baoton.kit.writing.refusal import NotNow


@login_required
@require_GET
def file(request: HttpRequest, pk: Any) -> HttpResponse:
    """The newest status of the species with all that its reader may know of it."""
    actor = actor_of(request)
    require(actor, "assessment.status.see")
    status = latest(pk)
    if status is None:
        raise Http404(str(pk))
    content, media, end = species_file(actor, status), WORD, "docx"
    if request.GET.get("dang") == "pdf":
        try:
            content, media, end = converted(content), "application/pdf", "pdf"
        except NotNow as error:
            return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
    answer = HttpResponse(content, content_type=media)
    stem = status.taxon.scientific_name.replace(" ", "-").lower()
    answer["Content-Disposition"] = f'attachment; filename="ho-so-{stem}.{end}"'
    return answer
