"""Where a record is: a point, a line or a polygon, typed, drawn or brought in."""

from collections.abc import Mapping, Sequence
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
from baoton.kit.kinds.geometry import KIND_OF, NAMES, geometry, measured, wkt
from baoton.kit.kinds.shape_file import WhichSystem, shapes_in, systems
from formats import coordinates

WRONG = {"zero_zero", "out_of_range", "looks_projected", "swapped", "sign_lost"}


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


@dataclass(frozen=True, eq=False)
class Shape(Kind):
    """The place of a located record: a point unless `point` says no, and what `drawn` names (line, polygon).

    A form draws it on a map, takes typed coordinates, GeoJSON, or a file that holds it. Where `tells` names an address,
    the form is sent there after each move, and what is answered stands under the map; nothing is kept.
    """

    drawn: tuple[str, ...] = ()
    point: bool = True
    filed: bool = False
    tells: str = ""

    word: ClassVar[str] = "shape"

    @property
    def heading(self) -> Any:
        return self.label or gettext_lazy("vị trí")

    @property
    def needed(self) -> bool:
        return bool(self.required)

    @property
    def allowed(self) -> tuple[str, ...]:
        """What it may be: point, line, polygon."""
        return ("point", *self.drawn) if self.point else self.drawn

    def fits(self, shape: shapely.Geometry) -> shapely.Geometry:
        """The shape where it is of a kind that this book takes; raises `ValidationError`."""
        if KIND_OF.get(shape.geom_type) not in self.allowed:
            told = _("Chỗ này chỉ nhận %(kinds)s.")
            raise ValidationError(told % {"kinds": ", ".join(str(NAMES[k]) for k in self.allowed)})
        return shape

    def read(self, text: pl.Series, tell: cells.Tell, actor: Actor) -> pl.Series:
        """WKT or GeoJSON as WKB bytes; blank is no place."""
        values: list[bytes | None] = []
        bad = []
        told = ""
        for one in text.to_list():
            try:
                shape = None if one is None else self.fits(wkt(one))
            except ValidationError as error:
                shape, told = None, " ".join(error.messages)
                bad.append(True)
            else:
                bad.append(False)
            values.append(None if shape is None else shapely.to_wkb(shape))
        tell.refuse(pl.Series(bad, dtype=pl.Boolean), "broken_shape", told)
        return pl.Series(values, dtype=pl.Binary)

    def cell(self, written: Any, actor: Actor) -> Any:
        return self.fits(wkt(str(written)))

    def put(self, record: Any, value: Any) -> None:
        record.put(shapely.from_wkb(value) if isinstance(value, bytes) else value)

    path = ""  # only the record as an object tells it

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
        if not self.point:
            fields = {}
        if self.drawn:
            box = forms.Textarea(attrs={"rows": 2, "spellcheck": "false"})
            fields["shape"] = Drawn(
                required=False, label=gettext_lazy("hình vẽ (GeoJSON)"), widget=box,
                help_text=gettext_lazy("Bản đồ viết vào ô này; không có bản đồ thì dán GeoJSON của đường hoặc vùng."),
            )  # fmt: skip
        pick = forms.CharField(required=False, label=gettext_lazy("hình trong tệp"), widget=forms.HiddenInput)
        system = System(required=False, label=gettext_lazy("hệ toạ độ của tệp"), widget=forms.HiddenInput)
        fields["shape_system"] = system
        fields["shape_file"] = MapFile(pick, system, self.allowed, label=gettext_lazy("lấy hình từ tệp"))
        fields["shape_pick"] = pick
        first: Any = next(iter(fields.values()))
        first.draws = " ".join(self.allowed)
        first.tells = self.tells
        return fields

    def written(self, record: Any) -> dict[str, Any]:
        shape = record.outline
        if shape is None or (shape.geom_type == "Point" and self.point):
            return {"longitude": record.lon, "latitude": record.lat, "shape": ""}
        return {"longitude": None, "latitude": None, "shape": shapely.to_geojson(shape)}

    def gathered(self, cleaned: Mapping[str, Any]) -> Any:
        """The shape of the file, else the drawn one, else the typed point, else no place.

        Raises where both a shape and a point are given, half a place, or a kind of shape the book does not take.
        """
        lon, lat = cleaned.get("longitude"), cleaned.get("latitude")
        picked, filed = cleaned.get("shape_pick"), cleaned.get("shape_file")
        shape = filed if filed is not None else geometry(picked) if picked else cleaned.get("shape")
        if (lon is None) != (lat is None):
            told = _("Thiếu một nửa toạ độ: nhập cả hai hoặc bỏ cả hai.")
            raise ValidationError({"longitude" if lon is None else "latitude": told})
        if lon is None or lat is None:
            return shape if shape is None else self.fits(shape)
        if shape is not None:
            raise ValidationError({"longitude": _("Đã có hình vẽ: bỏ kinh độ, vĩ độ, hoặc bỏ hình vẽ.")})
        told_ = coordinates.diagnose(np.array([lon]), np.array([lat]))
        if told_.codes[0] in WRONG:
            raise ValidationError({"latitude": told_.suggestions[0] or _("Toạ độ không dùng được.")})
        return shapely.Point(lon, lat)

    def typed(self, longitude: str | None, latitude: str | None) -> shapely.Geometry:
        """The point of two written coordinates, by the rules of the form; raises `ValidationError`."""
        boxes = {
            "longitude": Coordinate("lon").clean(longitude),
            "latitude": Coordinate("lat").clean(latitude),
        }
        return self.fits(self.gathered(boxes))

    def schema(self) -> dict[str, Any]:
        return {"$ref": "https://geojson.org/schema/Geometry.json"}


class System(forms.CharField):
    """The coordinate system of a map file, asked where only a person can know it; read before the file."""

    chosen = ""

    def clean(self, value: Any) -> Any:
        self.chosen = super().clean(value)
        if self.chosen:
            self.ask()
        return self.chosen

    def ask(self) -> None:
        """The box is shown from now on, with the systems to choose from."""
        self.widget = forms.Select(choices=[("", "—"), *systems()])


class MapFile(forms.FileField):
    """A map file of which one shape is taken; where it holds several, the box `pick` offers them; where its place is
    doubtful, the box `system` asks for its coordinate system."""

    def __init__(self, pick: forms.Field, system: System, allowed: Sequence[str], **more: Any) -> None:
        self.pick, self.system, self.allowed = pick, system, allowed
        told = gettext_lazy(
            "GeoJSON, GPX, KML, shapefile nén (.zip), GeoPackage; có nhiều hình thì chọn một."
        )
        accept = forms.FileInput(attrs={"accept": ".geojson,.json,.gpx,.kml,.kmz,.zip,.gpkg"})
        super().__init__(required=False, help_text=told, widget=accept, **more)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The one shape of the file, or None without a file; raises where it cannot be read or holds several."""
        upload = super().clean(data, initial)
        if not upload:
            return None
        try:
            found = shapes_in(upload.name, upload.chunks(), self.allowed, self.system.chosen)
        except WhichSystem:
            self.system.ask()
            raise
        if len(found) == 1:
            return found[0].shape
        options = [(shapely.to_geojson(one.shape), one.label) for one in found]
        self.pick.widget = forms.Select(choices=[("", "—"), *options])
        told = _("Tệp có %(n)d hình: chọn một ở ô “hình trong tệp” rồi lưu.")
        raise ValidationError(told % {"n": len(found)})
