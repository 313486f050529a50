"""Pages of cameras that are no register: a picture without what it carries, a package to give away."""

from io import BytesIO
from tempfile import TemporaryFile
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from baoton.cameras.queries import file_of, package_of
from baoton.kit.reading.asking import actor_of, said
from baoton.kit.reading.filters import BadFilter
from baoton.kit.reading.register import REGISTERS

LONGEST = 1600


@login_required
@require_GET
def package(request: HttpRequest) -> HttpResponseBase:
    """The listed deployments as a package of Camtrap DP 1.0, each place as exactly as its reader may know it."""
    book = REGISTERS["cameras.deployment"]
    actor = actor_of(request)
    door = book.door(actor)
    if not actor.scopes("cameras.answer.see"):
        raise PermissionDenied
    try:
        rows = door.open(book.filtered(door, request.GET))
        out = TemporaryFile()  # noqa: SIM115 - the answer closes it once it is sent
        package_of(actor, rows, out, str(book.label))
    except (BadFilter, ValidationError) as error:
        return HttpResponse(said(error), status=400, content_type="text/plain; charset=utf-8")
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename="bay-anh-camtrap-dp.zip")


@login_required
@require_GET
def picture(request: HttpRequest, pk: Any) -> HttpResponse:
    """A picture whose file lies in the folder of camera pictures, drawn anew without its data (place, owner).

    It goes through the book's door, so that pictures of people are nobody's; where there is no file, 404.
    """
    book = REGISTERS["cameras.media"]
    one = book.door(actor_of(request)).rows().filter(pk=pk).first()
    path = None if one is None else file_of(one)
    if path is None:
        raise Http404
    from PIL import Image

    try:
        with Image.open(path) as opened:
            opened.draft("RGB", (LONGEST, LONGEST))
            drawn = opened.convert("RGB")
            drawn.thumbnail((LONGEST, LONGEST))
            out = BytesIO()
            drawn.save(out, "JPEG", quality=82)
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise Http404 from error
    answer = HttpResponse(out.getvalue(), content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=300"
    return answer
