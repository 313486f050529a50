"""Where a record is: a point, a line or a polygon, typed, drawn or brought in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import polars as pl
import shapely
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baoton.kit.access import Actor
from baoton.kit.kinds import cells
from baoton.kit.kinds.base import Kind
from formats import coordinates

WRONG = {"zero_zero", "out_of_range", "looks_projected", "swapped", "sign_lost"}
MOST_VERTICES = 1_000_000


class Coordinate(forms.CharField):
    """Degrees with a point or a comma, or degrees, minutes and seconds; blank is blank, never zero."""

    def __init__(self, axis: str, **kwargs: Any) -> None:
        self.axis = axis
        super().__init__(required=False, **kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        parsed = coordinates.parse([text], axis=self.axis)
        number = float(parsed.values[0])
        if number != number:
            told = _("Không đọc được “%(value)s”. Viết như 22,3961 hoặc 22°23'46\" B.")
            raise forms.ValidationError(told, params={"value": text})
        return number


class Drawn(forms.CharField):
    """A line or polygon as GeoJSON, as the drawing map writes it."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return geometry(text) if text else None


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


@dataclass(frozen=True, eq=False)
class Shape(Kind):
    """The place of a located record; `drawn` are the geometries a form lets draw beside a typed point."""

    drawn: tuple[str, ...] = ()
    filed: bool = False

    word: ClassVar[str] = "shape"

    @property
    def heading(self) -> Any:
        return self.label or gettext_lazy("vị trí")

    @property
    def needed(self) -> bool:
        return bool(self.required)

    def read(self, text: pl.Series, tell: cells.Tell, actor: Actor) -> pl.Series:
        """WKT or GeoJSON as WKB bytes; blank is no place."""
        values: list[bytes | None] = []
        bad = []
        told = ""
        for one in text.to_list():
            try:
                shape = None if one is None else wkt(one)
            except ValidationError as error:
                shape, told = None, " ".join(error.messages)
                bad.append(True)
            else:
                bad.append(False)
            values.append(None if shape is None else shapely.to_wkb(shape))
        tell.refuse(pl.Series(bad, dtype=pl.Boolean), "broken_shape", told)
        return pl.Series(values, dtype=pl.Binary)

    def cell(self, written: Any, actor: Actor) -> Any:
        return wkt(str(written))

    def put(self, record: Any, value: Any) -> None:
        record.put(shapely.from_wkb(value) if isinstance(value, bytes) else value)

    def value(self, record: Any) -> Any:
        return getattr(record, "door_geom", None)

    def text(self, record: Any) -> str:
        """Length or area of what is no point, on the ellipsoid."""
        wkb = getattr(record, "door_geom", getattr(record, "geom", None))
        return "" if wkb is None else measured(shapely.from_wkb(bytes(wkb)))

    def form_fields(self, actor: Actor, record: Any) -> Mapping[str, forms.Field]:
        fields: dict[str, forms.Field] = {
            "longitude": Coordinate("lon", label=gettext_lazy("kinh độ")),
            "latitude": Coordinate("lat", label=gettext_lazy("vĩ độ")),
        }
        if self.drawn:
            box = forms.Textarea(attrs={"data-draw": " ".join(self.drawn), "rows": 2})
            fields["shape"] = Drawn(
                required=False, label=gettext_lazy("hình vẽ (đường, vùng)"), widget=box,
                help_text=gettext_lazy("Dán GeoJSON của đường hoặc vùng; để trống nếu là một điểm."),
            )  # fmt: skip
        return fields

    def written(self, record: Any) -> dict[str, Any]:
        shape = None if record.geom is None else shapely.from_wkb(bytes(record.geom))
        if shape is None or shape.geom_type == "Point":
            return {"longitude": record.lon, "latitude": record.lat, "shape": ""}
        return {"longitude": None, "latitude": None, "shape": shapely.to_geojson(shape)}

    def gathered(self, cleaned: Mapping[str, Any]) -> Any:
        """The drawn shape, else the typed point, else no place; raises where both or half a place are given."""
        lon, lat, shape = cleaned.get("longitude"), cleaned.get("latitude"), cleaned.get("shape")
        if (lon is None) != (lat is None):
            told = _("Thiếu một nửa toạ độ: nhập cả hai hoặc bỏ cả hai.")
            raise ValidationError({"longitude" if lon is None else "latitude": told})
        if lon is None or lat is None:
            return shape
        if shape is not None:
            raise ValidationError({"shape": _("Đã có hình vẽ: bỏ kinh độ, vĩ độ, hoặc bỏ hình vẽ.")})
        told_ = coordinates.diagnose(np.array([lon]), np.array([lat]))
        if told_.codes[0] in WRONG:
            raise ValidationError({"latitude": told_.suggestions[0] or _("Toạ độ không dùng được.")})
        return shapely.Point(lon, lat)

    def schema(self) -> dict[str, Any]:
        return {"$ref": "https://geojson.org/schema/Geometry.json"}


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
    from pyproj import Geod

    from baoton.kit.kinds.words import as_text

    geod = Geod(ellps="WGS84")
    if shape.geom_type in {"Polygon", "MultiPolygon"}:
        ha = abs(geod.geometry_area_perimeter(shapely.normalize(shape))[0]) / 10_000
        return _("%(ha)s ha") % {"ha": as_text(round(ha, 2))}
    if shape.geom_type in {"LineString", "MultiLineString"}:
        return _("%(km)s km") % {"km": as_text(round(geod.geometry_length(shape) / 1000, 3))}
    return ""


def as_json(shape: shapely.Geometry) -> dict[str, Any]:
    """The shape as a GeoJSON object."""
    told: dict[str, Any] = json.loads(shapely.to_geojson(shape))
    return told
