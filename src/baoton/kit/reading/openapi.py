"""The description of the API for machines (OpenAPI 3.0): paths, parameters, answers."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from baoton.kit.reading.register import Register

MEDIA = "application/vnd.oai.openapi+json;version=3.0"
GEOJSON = "application/geo+json"


def document(title: str, server: str, registers: Sequence[Register]) -> dict[str, Any]:
    """The whole description; `registers` are those the reader may open."""
    paths: dict[str, Any] = {
        "/": _get(_("cửa vào"), {}, "landing"),
        "/conformance": _get(_("chuẩn được theo"), {}, "conformance"),
        "/collections": _get(_("các sổ"), {}, "collections"),
    }
    for one in registers:
        paths[f"/collections/{one.slug}"] = _get(str(one.label), {}, f"collection.{one.slug}")
        paths[f"/collections/{one.slug}/items"] = _get(
            str(one.label), {"parameters": parameters(one)}, f"items.{one.slug}", GEOJSON
        )
        key = {
            "name": "featureId",
            "in": "path",
            "required": True,
            "schema": {"type": "string", "format": "uuid"},
        }
        paths[f"/collections/{one.slug}/items/{{featureId}}"] = _get(
            str(one.label), {"parameters": [key]}, f"item.{one.slug}", GEOJSON
        )
    return {
        "openapi": "3.0.3",
        "info": {"title": title, "version": "1.0.0"},
        "servers": [{"url": server}],
        "paths": paths,
    }


def _get(summary: str, more: dict[str, Any], name: str, media: str = "application/json") -> dict[str, Any]:
    good = {"description": summary, "content": {media: {"schema": {"type": "object"}}}}
    bad = {"description": _("tham số sai"), "content": {"application/json": {"schema": {"type": "object"}}}}
    return {"get": {"operationId": name, "summary": summary, **more, "responses": {"200": good, "400": bad}}}


def parameters(register: Register) -> list[dict[str, Any]]:
    """What may be asked of a collection's items."""
    number = {"type": "number"}
    numbers = {"type": "array", "oneOf": [{"minItems": n, "maxItems": n} for n in (4, 6)], "items": number}
    listed: list[dict[str, Any]] = [
        _query("limit", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}, ""),
        _query("bbox", numbers, "") | {"style": "form", "explode": False},
        _query("datetime", {"type": "string"}, ""),
        _query("cursor", {"type": "string"}, ""),
        _query("count", {"type": "string", "enum": ["exact"]}, ""),
    ]
    return listed + [_query(f.name, {"type": "string"}, str(f.label)) for f in register.filters]


def _query(name: str, schema: dict[str, Any], told: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema} | (
        {"description": told} if told else {}
    )
