"""Every register as JSON, in the shape of OGC API Features where it has places; through the same door."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from baoton.kit import lent
from baoton.kit.kinds.geometry import as_json
from baoton.kit.reading import extents, listing, openapi
from baoton.kit.reading.asking import actor_of, find, readable, record_or_404
from baoton.kit.reading.exporting import headings, iso, place_cells, place_of
from baoton.kit.reading.filters import BadFilter
from baoton.kit.reading.register import Register, all_registers

MOST, USUAL = 1000, 100
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
OWN = ("limit", "bbox", "datetime", "cursor", "count", "sort")


def feature(register: Register, record: Any) -> dict[str, Any]:
    """One record as a GeoJSON feature; the geometry is null where no place may be told."""
    names = headings(register)
    values = [k.value(record) for k in register.filed]
    properties: dict[str, Any] = {
        name: iso(value) if hasattr(value, "isoformat") else value
        for name, value in zip(names, values, strict=True)
    }
    geometry = None
    if register.located:
        _lon, _lat, far, told, _shape = place_cells(record)
        properties["coordinateUncertaintyInMeters"] = None if far is None else float(far)
        properties["dataGeneralizations"] = told
        place = place_of(record)
        geometry = None if place is None else as_json(place)
    return {"type": "Feature", "id": str(record.pk), "geometry": geometry, "properties": properties}


def collection(request: HttpRequest, register: Register) -> dict[str, Any]:
    """What one register is called and where its records are."""
    at = request.build_absolute_uri(reverse("api-collection", args=[register.slug]))
    return {
        "id": register.slug,
        "title": str(register.label),
        "description": str(register.help or register.label),
        "itemType": "feature",
        "crs": [CRS84],
        "links": [
            link("self", at, title=str(register.label)),
            link("items", f"{at}/items", openapi.GEOJSON, str(register.label)),
        ],
    }


def link(rel: str, href: str, media: str = "application/json", title: str = "") -> dict[str, str]:
    """A link as the standard writes it."""
    return {"rel": rel, "type": media, "href": href} | ({"title": title} if title else {})


def wrong(told: str) -> JsonResponse:
    """The answer to a parameter that cannot be used."""
    return JsonResponse({"code": "InvalidParameterValue", "description": told}, status=400)


def unknown(request: HttpRequest, known: tuple[str, ...] | list[str] = ()) -> str:
    """The first parameter of the address that nobody knows, in a sentence; empty where all are known."""
    name = next((n for n in request.GET if n not in known), None)
    return "" if name is None else _("Không có tham số “%(name)s”.") % {"name": name[:60]}


def geojson(body: dict[str, Any]) -> JsonResponse:
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False}, content_type=openapi.GEOJSON)


@require_safe
def collections(request: HttpRequest) -> JsonResponse:
    """The registers this reader may open."""
    if told := unknown(request):
        return wrong(told)
    here = request.build_absolute_uri(reverse("api-collections"))
    open_ = [r for r in all_registers() if readable(r, actor_of(request))]
    body = {"links": [link("self", here)], "collections": [collection(request, r) for r in open_]}
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


@require_safe
def one_collection(request: HttpRequest, slug: str) -> JsonResponse:
    """One register of those."""
    if told := unknown(request):
        return wrong(told)
    body = collection(request, find(slug, actor_of(request)))
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


@require_safe
def description(request: HttpRequest) -> JsonResponse:
    """The API described for machines."""
    open_ = [r for r in all_registers() if readable(r, actor_of(request))]
    server = request.build_absolute_uri(reverse("api-collections")).removesuffix("/collections")
    body = openapi.document("Bảo Tồn", server, open_)
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False}, content_type=openapi.MEDIA)


def _size(text: str) -> int:
    """How many records a page holds: at least one; more than the most is the most."""
    if not (text.isascii() and text.isdecimal() and int(text[:9]) >= 1):
        raise BadFilter(_("limit là số nguyên từ 1."))
    return min(int(text[:9]), MOST)


@require_safe
def items(request: HttpRequest, slug: str) -> JsonResponse:
    """A page of features; `next` leads on until the end, nothing is cut."""
    actor = actor_of(request)
    register = find(slug, actor)
    try:
        if told := unknown(request, [*OWN, *(f.name for f in register.filters)]):
            return wrong(told)
        size = _size(request.GET.get("limit", str(USUAL)))
        door = register.door(actor)
        narrowed = register.filtered(door, request.GET)
        if "bbox" in request.GET:
            narrowed = narrowed.filter(extents.in_box(door, request.GET["bbox"]))
        if "datetime" in request.GET:
            narrowed = narrowed.filter(extents.in_time(register, door, request.GET["datetime"]))
        cursor = request.GET.get("cursor", "")
        rows, sort = register.joined(door.open(narrowed)), request.GET.get("sort", "")
        counted = listing.count(narrowed, exact=request.GET.get("count") == "exact")
        page = listing.page(register, rows, cursor, size, sort, counted)
    except (BadFilter, listing.BadCursor, ValueError, ValidationError) as error:
        return wrong(str(error))
    lent.note_page(actor, register.name, page.records, gettext_noop("đọc qua API"))
    body: dict[str, Any] = {
        "type": "FeatureCollection",
        "timeStamp": timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "features": [feature(register, r) for r in page.records],
        "numberReturned": len(page.records),
        "links": [*_pages(request, page), _up(request, register)],
    }
    if counted.exact:
        body["numberMatched"] = counted.number
    return geojson(body)


def _pages(request: HttpRequest, page: listing.Page) -> list[dict[str, str]]:
    links = [link("self", request.build_absolute_uri(), openapi.GEOJSON)]
    for rel, cursor in (("next", page.following), ("prev", page.previous)):
        if cursor:
            query = request.GET.copy()
            query["cursor"] = cursor
            href = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
            links.append(link(rel, href, openapi.GEOJSON))
    return links


def _up(request: HttpRequest, register: Register) -> dict[str, str]:
    at = request.build_absolute_uri(reverse("api-collection", args=[register.slug]))
    return link("collection", at, title=str(register.label))


@require_safe
def item(request: HttpRequest, slug: str, pk: Any) -> JsonResponse:
    """One record as a feature."""
    actor = actor_of(request)
    register = find(slug, actor)
    if told := unknown(request):
        return wrong(told)
    record = record_or_404(register, actor, pk)
    here = link("self", request.build_absolute_uri(), openapi.GEOJSON)
    return geojson({**feature(register, record), "links": [here, _up(request, register)]})
