"""Every register as JSON, in the shape of OGC API Features where it has places; through the same door."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from baoton.kit.kinds.geometry import as_json
from baoton.kit.reading import listing
from baoton.kit.reading.asking import actor_of, find, record_or_404
from baoton.kit.reading.exporting import headings, iso, place_cells, place_of
from baoton.kit.reading.filters import BadFilter
from baoton.kit.reading.register import Register, all_registers

MOST = 1000


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


@require_GET
def collections(request: HttpRequest) -> JsonResponse:
    """The registers this reader may open."""
    actor = actor_of(request)
    open_ = [r for r in all_registers() if r.public is not None or actor.scopes(f"{r.name}.see")]
    return JsonResponse(
        {
            "collections": [
                {
                    "id": r.slug,
                    "title": str(r.label),
                    "itemType": "feature",
                    "links": [
                        {
                            "rel": "items",
                            "type": "application/geo+json",
                            "href": request.build_absolute_uri(reverse("api-items", args=[r.slug])),
                        }
                    ],
                }
                for r in open_
            ]
        }
    )


@require_GET
def items(request: HttpRequest, slug: str) -> JsonResponse:
    """A page of features; `next` leads on until the end, nothing is cut."""
    actor = actor_of(request)
    register = find(slug, actor)
    try:
        size = min(max(int(request.GET.get("limit", "100")), 1), MOST)
        door = register.door(actor)
        narrowed = register.filtered(door, request.GET)
        page = listing.page(
            register, register.joined(door.open(narrowed)), request.GET.get("cursor", ""), size
        )
    except (BadFilter, listing.BadCursor, ValueError, ValidationError) as error:
        return JsonResponse({"code": "InvalidParameterValue", "description": str(error)}, status=400)
    links = []
    if page.following:
        query = request.GET.copy()
        query["cursor"] = page.following
        href = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
        links.append({"rel": "next", "type": "application/geo+json", "href": href})
    counted = listing.count(narrowed, exact=request.GET.get("count") == "exact")
    body: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": [feature(register, r) for r in page.records],
        "numberReturned": len(page.records),
        "links": links,
    }
    if counted.exact:
        body["numberMatched"] = counted.number
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


@require_GET
def item(request: HttpRequest, slug: str, pk: Any) -> JsonResponse:
    """One record as a feature."""
    actor = actor_of(request)
    register = find(slug, actor)
    record = record_or_404(register, actor, pk)
    return JsonResponse(feature(register, record), json_dumps_params={"ensure_ascii": False})
