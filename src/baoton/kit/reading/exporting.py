"""A register as a file: streamed through a temporary file in batches of columns, never cut, masked by the door."""

import itertools
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import shapely
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

import formats
from baoton.kit import lent
from baoton.kit.access import Actor
from baoton.kit.kinds.base import Kind
from baoton.kit.reading import hiding as what_hides
from baoton.kit.reading.hiding import RECORDS, Hiding
from baoton.kit.reading.register import Register
from formats import placing

ROWS = 4_000
KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
}
TYPES = {
    "integer": pa.int64(),
    "money": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "day": pa.date32(),
}
OTHERS = "extra"
SOURCE = "source"
RESERVED = ("id", "fid", "_row", "_wkb", "_extra")
POINT = b"\x01\x01\x00\x00\x00"


def headings(register: Register) -> list[str]:
    """The column names of the file: the field's own term where there is one, else the label."""
    return [k.in_files for k in register.filed]


def others(register: Register, rows: "QuerySet[Any]") -> dict[str, str]:
    """The columns that came with imported rows, as the reader may know them: what the file calls each, and its key.

    One that is called like a column of ours (in whatever case: a GeoPackage knows none) goes out as `source_…`.
    """
    if not any(f.name == OTHERS for f in register.model._meta.concrete_fields):
        return {}
    column = f"door_{OTHERS}" if OTHERS in getattr(register.model, "place_words", ()) else OTHERS
    found: set[str] = set()
    for extra in rows.order_by().exclude(**{OTHERS: {}}).values_list(column, flat=True).iterator(ROWS):
        found.update(extra or {})
    taken = {n.casefold() for n in (*RESERVED, *headings(register), *placing.COLUMNS)}
    columns: dict[str, str] = {}
    for name in sorted(found):
        column = next(c for c in _called(name) if c.casefold() not in taken)
        taken.add(column.casefold())
        columns[column] = name
    return columns


def _called(name: str) -> Iterator[str]:
    """The name itself, then what it is called where that is taken."""
    yield name
    yield f"{SOURCE}_{name}"
    yield from (f"{SOURCE}{n}_{name}" for n in itertools.count(2))


def batches(
    register: Register, rows: "QuerySet[Any]", shapes: bool = False, hiding: Hiding = RECORDS
) -> Iterator[pa.RecordBatch]:
    """The opened rows as typed columns in batches; places are those the reader may know, and say so.

    `hiding` says which rows hide something from the reader; the others are read in columns.
    """
    columns, more = register.filed, others(register, rows)
    schema = pa.schema(
        [
            pa.field("id", pa.string()),
            *(pa.field(k.in_files, TYPES.get(k.word, pa.string())) for k in columns),
            *(pa.field(name, kind) for name, kind in placing.COLUMNS.items() if register.located),
            *(pa.field(name, pa.string()) for name in more),
            *([pa.field("_wkb", pa.binary())] if shapes else []),
        ]
    )
    if hiding.in_columns:
        yield from _by_columns(register, rows, schema, more, shapes, hiding)
        return
    held: list[list[Any]] = []
    for record in register.in_order(rows).iterator(ROWS):
        held.append(_line(register, record, more, shapes))
        if len(held) >= ROWS:
            yield _batch(schema, held)
            held = []
    yield _batch(schema, held)


def _line(register: Register, record: Any, more: Mapping[str, str], shapes: bool) -> list[Any]:
    """One row of the file from a record as its reader may know it."""
    extra = getattr(record, OTHERS, None) or {}
    line = [str(record.pk), *(_own(k, record, extra) for k in register.filed)]
    if register.located:
        line += [*place_values(record), None if record.door_x is None else "WGS84"]
    line += [plain(extra.get(name)) for name in more.values()]
    if shapes:
        line.append(place_wkb(record))
    return line


def _by_columns(
    register: Register,
    opened: "QuerySet[Any]",
    schema: pa.Schema,
    more: Mapping[str, str],
    shapes: bool,
    hiding: Hiding,
) -> Iterator[pa.RecordBatch]:
    """The same in columns; a record is made only of the rows that hide something from their reader."""
    kinds, fields = register.filed, {f.name for f in register.model._meta.concrete_fields}
    extra = OTHERS if OTHERS in fields else ""
    far = "coordinate_uncertainty_m" if "coordinate_uncertainty_m" in fields else ""
    place = ("door_x", "door_y", "door_geom", *([far] if far else [])) if register.located else ()
    asked = ("pk", *hiding.asked, *(k.path for k in kinds), *place, *([extra] if extra else []))
    rows = register.in_order(opened).values_list(*asked).iterator(ROWS)
    empty, first = True, 1 + len(hiding.asked)
    while part := list(itertools.islice(rows, ROWS)):
        empty = False
        keys, *columns = zip(*part, strict=True)
        hidden = hiding.rows(columns[: first - 1], len(part))
        columns = columns[first - 1 :]
        beside = [e or {} for e in columns.pop()] if extra else []
        cells: list[list[Any]] = [list(map(str, keys))]
        for kind, column in zip(kinds, columns, strict=False):
            cells.append(_column(kind, column, beside))
        if register.located:
            x, y, geom, *fars = columns[len(kinds) :]
            told = [_shape_of(g) for g in geom]
            none = [None] * len(part)
            cells += [
                list(x),
                list(y),
                list(fars[0]) if fars else list(none),
                list(none),
                told,
                [None if v is None else "WGS84" for v in x],
            ]
        cells += [[plain(e.get(name)) for e in beside] for name in more.values()]
        if shapes:
            cells.append([_bytes_of(*at) for at in zip(geom, x, y, strict=True)])
        if any(hidden):
            cells = _put_records(register, opened, cells, keys, hidden, more, shapes)
        yield pa.RecordBatch.from_arrays(
            [pa.array(c, f.type) for c, f in zip(cells, schema, strict=True)], schema=schema
        )
    if empty:
        yield _batch(schema, [])  # a book without rows is a file with its headings


def _put_records(
    register: Register,
    opened: "QuerySet[Any]",
    cells: list[list[Any]],
    keys: Sequence[Any],
    hidden: Sequence[bool],
    more: Mapping[str, str],
    shapes: bool,
) -> list[list[Any]]:
    """The cells with those of hidden rows read as records; a row that is gone meanwhile is left out."""
    asked = [key for key, hides in zip(keys, hidden, strict=True) if hides]
    found = {r.pk: _line(register, r, more, shapes) for r in opened.filter(pk__in=asked).order_by()}
    stay = []
    for at, (key, hides) in enumerate(zip(keys, hidden, strict=True)):
        if not hides:
            stay.append(at)
        elif key in found:
            stay.append(at)
            for column, cell in zip(cells, found[key], strict=True):
                column[at] = cell
    return cells if len(stay) == len(keys) else [[column[at] for at in stay] for column in cells]


def _column(kind: Kind, column: Sequence[Any], beside: Sequence[Mapping[str, Any]]) -> list[Any]:
    """The values of a field in its own type; where nothing is known, the words the sources had for it."""
    if kind.word in TYPES:
        return [None if v == "" else v for v in column]
    told = [v or None if type(v) is str else plain(v) for v in column]
    if any(beside):
        name = kind.in_files
        told = [t or plain(e.get(name)) if e else t for t, e in zip(told, beside, strict=True)]
    return told


def _shape_of(wkb: Any) -> str | None:
    """The text of what is no point."""
    if wkb is None or bytes(wkb[:5]) == POINT:
        return None
    shape = shapely.from_wkb(bytes(wkb))
    return None if shape.geom_type == "Point" else shapely.to_wkt(shape, -1)


def _bytes_of(wkb: Any, x: float | None, y: float | None) -> bytes | None:
    if wkb is not None:
        return bytes(wkb)
    return None if x is None else shapely.to_wkb(shapely.Point(x, y))


def _own(kind: Kind, record: Any, extra: Mapping[str, Any]) -> Any:
    """A field's value in its own type; where nothing is known, the words the source had for it."""
    value = kind.value(record)
    if kind.word not in TYPES:
        return plain(value) or plain(extra.get(kind.in_files))
    return None if value == "" else value


def _batch(schema: pa.Schema, held: list[list[Any]]) -> pa.RecordBatch:
    columns = zip(*held, strict=True) if held else ([] for _field in schema)
    return pa.RecordBatch.from_arrays(
        [pa.array(list(cells), f.type) for cells, f in zip(columns, schema, strict=True)], schema=schema
    )


def place_of(record: Any) -> "shapely.Geometry | None":
    """The geometry the reader may know: the shape itself, else the shown point, else nothing."""
    if record.door_precise and record.door_geom is not None:
        return shapely.from_wkb(bytes(record.door_geom))
    return None if record.door_x is None else shapely.Point(record.door_x, record.door_y)


def place_wkb(record: Any) -> bytes | None:
    place = place_of(record)
    return None if place is None else shapely.to_wkb(place)


def place_values(record: Any) -> list[Any]:
    """Longitude, latitude, uncertainty, what was generalised, and the shape of what is no point."""
    if record.door_precise:
        far = getattr(record, "coordinate_uncertainty_m", None)
        place = place_of(record)
        shape = None if place is None or place.geom_type == "Point" else shapely.to_wkt(place, -1)
        return [record.door_x, record.door_y, far, None, shape]
    if record.door_x is None:
        return [None, None, None, _("Không công bố vị trí của loài này."), None]
    told = _("Vị trí là tâm ô lưới, không phải điểm ghi nhận.")
    return [record.door_x, record.door_y, record.shown_uncertainty_m, told, None]


def place_cells(record: Any) -> list[str | None]:
    """The same as text."""
    return [plain(value) for value in place_values(record)]


def iso(value: Any) -> str:
    """A day or a moment in ISO 8601; a moment in the province's time, with its offset."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return str(value.isoformat())


def plain(value: Any) -> str | None:
    """One value as a file holds it: ISO dates, a decimal point, nothing where nothing is known."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(round(value, 8))
    if hasattr(value, "isoformat"):
        return iso(value)
    return str(value)


def write(register: Register, actor: Actor, asked: Mapping[str, str], kind: str, path: Path) -> int:
    """The filtered register stands in the file; how many rows."""
    door = register.door(actor)
    rows, shapes = register.opened(door, asked), kind in {"geojson", "gpkg"}
    lent.note(actor, register.name, register.filtered(door, asked), gettext_noop("tải tệp"))
    parts = batches(register, rows, shapes, hiding=what_hides.of(actor, register, door))
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
