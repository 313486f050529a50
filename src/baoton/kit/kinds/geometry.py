"""Geometries as people and machines write them: read, checked, named and measured."""

import json
from typing import Any

import numpy as np
import shapely
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pyproj import Geod

from baoton.kit.kinds.words import as_text

MOST_VERTICES = 1_000_000
GEOD = Geod(ellps="WGS84")
KIND_OF = {
    "Point": "point", "MultiPoint": "point", "LineString": "line", "MultiLineString": "line",
    "Polygon": "polygon", "MultiPolygon": "polygon",
}  # fmt: skip
NAMES = {"point": gettext_lazy("điểm"), "line": gettext_lazy("đường"), "polygon": gettext_lazy("vùng")}


def geometry(text: str) -> shapely.Geometry:
    """The geometry of a GeoJSON text in longitude and latitude; raises `ValidationError` that says what is wrong."""
    try:
        shape = shapely.from_geojson(text)
    except shapely.GEOSException as error:
        raise ValidationError(_("Không đọc được hình vẽ (GeoJSON).")) from error
    return sound(shape)


def sound(shape: shapely.Geometry) -> shapely.Geometry:
    """The shape where it can stand on a map; empty, self-crossing or out-of-range ones are refused with the place."""
    if shape is None or shape.is_empty:
        raise ValidationError(_("Hình rỗng."))
    if shapely.get_num_coordinates(shape) > MOST_VERTICES:
        raise ValidationError(_("Hình có quá nhiều đỉnh; hãy giản lược rồi nhập lại."))
    shape = shapely.force_2d(shape)
    west, south, east, north = shape.bounds
    if not np.isfinite([west, south, east, north]).all():
        raise ValidationError(_("Hình có toạ độ không phải số."))
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise ValidationError(_("Toạ độ ngoài kinh độ, vĩ độ; hình còn ở hệ mét?"))
    if not shapely.is_valid(shape):
        why = shapely.is_valid_reason(shape)
        at = why[why.find("[") + 1 : why.find("]")] if "[" in why else ""
        raise ValidationError(_("Hình tự cắt hoặc hỏng tại %(at)s.") % {"at": at})
    return shape


def wkt(text: str) -> shapely.Geometry:
    """A geometry written as WKT or GeoJSON; raises `ValidationError`."""
    if text.lstrip().startswith("{"):
        return geometry(text)
    try:
        return sound(shapely.from_wkt(text))
    except shapely.GEOSException as error:
        raise ValidationError(_("Không đọc được hình (WKT).")) from error


def measured(shape: shapely.Geometry) -> str:
    """The length of a line or the area of a polygon on the WGS84 ellipsoid, in words; empty for a point."""
    if shape.geom_type in {"Polygon", "MultiPolygon"}:
        ha = abs(GEOD.geometry_area_perimeter(shapely.normalize(shape))[0]) / 10_000
        return _("%(ha)s ha") % {"ha": as_text(round(ha, 2))}
    if shape.geom_type in {"LineString", "MultiLineString"}:
        return _("%(km)s km") % {"km": as_text(round(GEOD.geometry_length(shape) / 1000, 3))}
    return ""


def as_json(shape: shapely.Geometry) -> dict[str, Any]:
    """The shape as a GeoJSON object."""
    told: dict[str, Any] = json.loads(shapely.to_geojson(shape))
    return told
