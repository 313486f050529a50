"""Tiles of a register, and the list of records behind one of their points."""

import hashlib
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.http import quote_etag
from django.views.decorators.http import require_GET

from baoton.kit.reading.asking import actor_of, find
from baoton.kit.reading.filters import BadFilter
from baoton.kit.reading.register import Register
from baoton.kit.reading.tiles import Tile, draw, near

LISTED = 20


def _asked(slug: str, request: HttpRequest, z: int, x: int, y: int) -> tuple[Register, Tile]:
    register, tile = find(slug, actor_of(request)), Tile(z, x, y)
    if not register.located or not tile.real:
        raise Http404
    return register, tile


@require_GET
def tile_view(request: HttpRequest, slug: str, z: int, x: int, y: int) -> HttpResponse:
    """One vector tile; the browser keeps it but asks each time whether it still holds."""
    register, tile = _asked(slug, request, z, x, y)
    try:
        content = draw(register, actor_of(request), tile, request.GET.dict())
    except (BadFilter, ValueError) as error:
        return HttpResponse(str(error), status=400, content_type="text/plain; charset=utf-8")
    etag = quote_etag(hashlib.sha256(content).hexdigest()[:32])
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers=headers)
    if not content:
        return HttpResponse(status=204, headers=headers)
    return HttpResponse(content, content_type="application/vnd.mapbox-vector-tile", headers=headers)


@require_GET
def tile_list(request: HttpRequest, slug: str, z: int, x: int, y: int) -> HttpResponse:
    """The records in one square of the map: how many, and the first of them with their addresses."""
    register, tile = _asked(slug, request, z, x, y)
    door = register.door(actor_of(request))
    try:
        rows = near(door, register.filtered(door, request.GET.dict()), tile)
        number = rows.count()
    except (BadFilter, ValueError) as error:
        return HttpResponse(str(error), status=400, content_type="text/plain; charset=utf-8")
    if keys := request.GET.getlist("key")[:LISTED]:
        try:
            rows = rows.filter(pk__in=[UUID(key) for key in keys])
        except ValueError:
            raise Http404 from None
        number = rows.count()
    found = register.joined(door.open(rows)).order_by("pk")[:LISTED]
    records = [_told(register, one) for one in found]
    answer = JsonResponse({"n": number, "records": records, "more": number - len(records)})
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _told(register: Register, record: Any) -> dict[str, str]:
    """What a popup says of a record as its reader may know it: its name first, the other columns of a list after."""
    name, *rest = [text for kind in register.shown if (text := kind.text(record))] or [str(record)]
    return {"id": str(record.pk), "name": name, "told": " · ".join(rest), "url": register.url(record)}
