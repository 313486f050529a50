"""A register as a file: streamed through a temporary file in batches of columns, never cut, masked by the door."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import shapely
from django.db.models import QuerySet
from django.utils.translation import gettext as _

import formats
from baoton.kit.access import Actor
from baoton.kit.reading.register import Register

ROWS = 20_000
KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
}
PLACE = (
    "decimalLongitude",
    "decimalLatitude",
    "coordinateUncertaintyInMeters",
    "dataGeneralizations",
    "footprintWKT",
)


def headings(register: Register) -> list[str]:
    """The column names of the file: the field's own term where there is one, else the label."""
    return [k.in_files for k in register.filed]


def batches(register: Register, rows: "QuerySet[Any]", shapes: bool = False) -> Iterator[pa.RecordBatch]:
    """The opened rows as text columns in batches; places are those the reader may know, and say so."""
    columns = register.filed
    names = ["id", *headings(register), *(PLACE if register.located else ())]
    held: list[list[str | None]] = []
    places: list[bytes | None] = []
    for record in register.in_order(rows).iterator(ROWS):
        line = [str(record.pk), *(plain(c.value(record)) for c in columns)]
        if register.located:
            line += place_cells(record)
            places.append(place_wkb(record) if shapes else None)
        held.append(line)
        if len(held) >= ROWS:
            yield _batch(names, held, places, shapes)
            held, places = [], []
    if held or names:
        yield _batch(names, held, places, shapes)


def _batch(
    names: list[str], held: list[list[str | None]], places: list[bytes | None], shapes: bool
) -> pa.RecordBatch:
    arrays: dict[str, Any] = {
        name: pa.array(cells, pa.string())
        for name, cells in zip(names, zip(*held, strict=True) if held else [()] * len(names), strict=True)
    }
    if shapes:
        arrays["_wkb"] = pa.array(places, pa.binary())
    return pa.RecordBatch.from_pydict(arrays)


def place_of(record: Any) -> "shapely.Geometry | None":
    """The geometry the reader may know: the shape itself, else the shown point, else nothing."""
    if record.door_precise and record.door_geom is not None:
        return shapely.from_wkb(bytes(record.door_geom))
    return None if record.door_x is None else shapely.Point(record.door_x, record.door_y)


def place_wkb(record: Any) -> bytes | None:
    place = place_of(record)
    return None if place is None else shapely.to_wkb(place)


def place_cells(record: Any) -> list[str | None]:
    """Longitude, latitude, uncertainty, what was generalised, and the shape of what is no point, in Darwin Core."""
    if record.door_precise:
        far = getattr(record, "coordinate_uncertainty_m", None)
        place = place_of(record)
        shape = None if place is None or place.geom_type == "Point" else shapely.to_wkt(place, -1)
        return [plain(record.door_x), plain(record.door_y), plain(far), None, shape]
    if record.door_x is None:
        return [None, None, None, _("Không công bố vị trí của loài này."), None]
    told = _("Vị trí là tâm ô lưới, không phải điểm ghi nhận.")
    return [plain(record.door_x), plain(record.door_y), plain(record.shown_uncertainty_m), told, None]


def plain(value: Any) -> str | None:
    """One value as a file holds it: ISO dates, a decimal point, nothing where nothing is known."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(round(value, 8))
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return str(value)


def write(register: Register, actor: Actor, asked: Mapping[str, str], kind: str, path: Path) -> int:
    """The filtered register stands in the file; how many rows."""
    rows = register.opened(register.door(actor), asked)
    shapes = kind in {"geojson", "gpkg"}
    parts = batches(register, rows, shapes)
    if kind == "csv":
        return formats.write_csv(path, parts)
    if kind == "xlsx":
        return sum(n for _sheet, n in formats.write_xlsx(path, {str(register.label)[:31]: parts}))
    if kind == "geojson":
        return formats.write_geojson(path, parts)
    return sum(formats.write_gpkg(path, {register.slug: parts}).values())


def scratch(suffix: str) -> Path:
    """A file of our own to write into; whoever asked removes it."""
    handle, name = tempfile.mkstemp(prefix="baoton-", suffix=suffix)
    os.close(handle)
    return Path(name)
