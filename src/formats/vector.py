"""Map files: each layer a table, geometry as flat longitude and latitude, its own system stated."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyogrio.raw import open_arrow

from formats import crs, dwc, legacy, shapefile
from formats.rendering import text
from formats.source import (
    ROW,
    ROWS_SHOWN,
    WKB,
    Findings,
    FormatError,
    Source,
    Table,
    text_schema,
    unique_names,
)

SUFFIXES = {".geojson", ".gpkg", ".shp", ".kml", ".gpx", ".fgb", ".geojsonl", ".geojsons"}
_WGS84 = {"wgs84", "EPSG:4326", "EPSG:4979", "OGC:CRS84"}
_JSON = {".geojson", ".json", ".geojsonl", ".geojsons"}
REASONS = {
    "self-intersection": "đường bao tự cắt", "ring self-intersection": "đường bao tự cắt",
    "hole lies outside shell": "lỗ nằm ngoài đường bao", "holes are nested": "lỗ lồng nhau",
    "nested shells": "các mảnh lồng nhau", "interior is disconnected": "lỗ cắt rời vùng",
    "duplicate rings": "đường bao lặp lại", "too few points in geometry component": "đường bao quá ít đỉnh",
    "invalid coordinate": "toạ độ không phải số",
}  # fmt: skip
_DRIVER_COLUMNS = {".kml", ".gpx"}  # drivers that show every field a file might have had


def open_vector(path: Path, hint: Mapping[str, Any], source: Source) -> None:
    """Add a table for each layer that holds features."""
    source.kind = "gpx" if path.suffix.lower() == ".gpx" else "vector"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            layers = [str(layer[0]) for layer in pyogrio.list_layers(path)]
    except (DataSourceError, DataLayerError) as error:
        raise _unreadable(path, error) from error
    for layer in layers:
        table = _table(path, layer, hint)
        if table is not None:
            source.tables.append(table)
            source.metadata.setdefault("crs", table.metadata.get("crs"))
        elif path.suffix.lower() != ".gpx":
            source.findings.add(
                "empty_layer", f"Lớp “{layer}” trống.", f"The layer {layer!r} is empty.", where=layer
            )


def open_kmz(folder: Path, path: Path, hint: Mapping[str, Any], source: Source) -> None:
    """The map document of an unpacked KMZ; the photos and sounds beside it are named in the metadata."""
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    documents = [p for p in files if p.suffix.lower() == ".kml"]
    if not documents:
        raise FormatError(
            "no_kml", f"“{path.name}” không chứa tệp KML.", f"{path.name} holds no KML document."
        )
    for document in documents:
        open_vector(document, hint, source)
    source.metadata["attachments"] = [str(p.relative_to(folder)) for p in files if p not in documents]


def _table(path: Path, layer: str, hint: Mapping[str, Any]) -> Table | None:
    findings = Findings()
    encoding = (
        shapefile.encoding(path, hint.get("encoding"), findings) if path.suffix.lower() == ".shp" else None
    )
    options = (
        {} if encoding is None else {"encoding": "ISO-8859-1" if encoding in shapefile.OURS else encoding}
    )
    if path.suffix.lower() in _JSON:
        options["DATE_AS_STRING"] = "YES"  # a day in JSON is text, and stays as it was written
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            info = pyogrio.read_info(path, layer=layer, force_feature_count=True, **options)
    except (DataSourceError, DataLayerError) as error:
        raise _unreadable(path, error) from error
    if not info["features"]:
        return None
    spatial = info["geometry_type"] is not None
    used = _used_columns(path, layer, list(info["fields"]))
    written = [
        legacy.decode(c.encode("latin-1"), encoding) if encoding in shapefile.OURS else c for c in used
    ]
    columns = unique_names(written, findings, layer)
    schema = text_schema(columns, wkb=spatial)
    asked = (hint.get("systems") or {}).get(layer) or hint.get("crs")
    transform, system = _transform(info["crs"], asked, findings, layer) if spatial else (None, None)

    def read(rows: int, found: Findings) -> Iterator[pa.RecordBatch]:
        before = 0
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with open_arrow(
                path, layer=layer, batch_size=rows, use_pyarrow=True, datetime_as_string=True, **options
            ) as (
                meta,
                reader,
            ):
                geometry = meta["geometry_name"] or "wkb_geometry"
                for raw in reader:
                    values: dict[str, pa.Array] = {
                        ROW: pa.array(np.arange(before + 1, before + 1 + raw.num_rows, dtype=np.int64))
                    }
                    for name, column in zip(used, columns, strict=True):
                        values[column] = text(
                            raw.column(name), encoding if encoding in shapefile.OURS else None
                        )
                    if spatial:
                        values[WKB] = _geometry(raw.column(geometry), transform, before, found, layer)
                    before += raw.num_rows
                    yield pa.record_batch([values[f.name] for f in schema], schema=schema)

    kinds = {c: _kind(str(t)) for c, t in zip(columns, _types(info, used), strict=True)}
    table = Table(layer, columns, schema, read, kinds=kinds, counted=int(info["features"]), opening=findings)
    table.terms = dwc.exact_terms(columns)
    table.row_type = dwc.guess_row_type(table.terms.values())
    table.metadata = {
        "crs": system.code if system is not None else None,
        "system": "" if system is None or system.code in _WGS84 else system.vi,
        **({"raw": _raw(path, layer, options)} if spatial and system is None else {}),
        "geometry_type": info["geometry_type"],
        "driver": info["driver"],
        "encoding": encoding or "UTF-8",
    }
    _duplicates(table, path, findings)
    return table


def _raw(path: Path, layer: str, options: dict[str, Any]) -> list[list[float]]:
    """Some of the layer's coordinates as they stand, for guessing at a system nobody stated."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, whole = pyogrio.read_arrow(path, layer=layer, max_features=500, **options)
    name = next((f.name for f in whole.schema if pa.types.is_binary(f.type)), None)
    shapes = (
        shapely.from_wkb(np.array(whole.column(name).to_pylist(), dtype=object)) if name else np.array([])
    )
    good = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    middle = shapely.centroid(good)
    return [[float(x), float(y)] for x, y in zip(shapely.get_x(middle), shapely.get_y(middle), strict=True)]


def _types(info: dict[str, Any], used: list[str]) -> list[Any]:
    types = dict(zip(info["fields"], info["dtypes"], strict=True))
    return [types[name] for name in used]


def _used_columns(path: Path, layer: str, fields: list[str]) -> list[str]:
    """The fields the file has; of drivers that list every possible field, those that hold something."""
    if path.suffix.lower() not in _DRIVER_COLUMNS:
        return fields
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, whole = pyogrio.read_arrow(path, layer=layer)
    defaults = {"altitudeMode", "tessellate", "extrude", "visibility", "drawOrder"}
    return [
        f
        for f in fields
        if whole.column(f).null_count < whole.num_rows
        and not (path.suffix.lower() == ".kml" and f in defaults)
    ]


def _transform(
    own: str | None, asked: str | None, findings: Findings, layer: str
) -> tuple[Any, crs.System | None]:
    """A function from the layer's coordinates to longitude and latitude, and the system; None where it is unknown."""
    if not own and not asked:
        findings.add(
            "no_crs",
            "Chưa rõ hệ tọa độ của lớp; hình chưa được đưa lên bản đồ.",
            "The layer's coordinate system is not known; its geometry is not placed.",
            "Chọn hệ tọa độ (VN-2000 Lai Châu là kinh tuyến trục 103°) rồi mở lại.",
            where=layer,
        )
        return None, None
    try:
        system = crs.system(asked or own or "")
    except ValueError as error:
        raise FormatError(
            "bad_crs",
            f"Không có hệ toạ độ nào tên “{asked or own}”.",
            f"There is no coordinate system called {asked or own!r}.",
            "Chọn một hệ trong danh sách, hoặc ghi mã như EPSG:9210.",
            layer,
        ) from error
    if asked and own and crs.system(own).definition != system.definition:
        findings.add(
            "crs_overruled",
            f"Tệp ghi hệ toạ độ khác; hình được đọc theo hệ đã chọn ({system.vi}).",
            f"The file states another system; its geometry is read in the chosen one ({system.en}).",
            where=layer,
        )
    if system.note and system.kind != "geographic":
        findings.add("crs_note", system.note, f"Read as {system.en}: {system.note}", where=layer)
    if system.kind != "geographic" or system.code not in _WGS84:
        findings.add(
            "crs_converted",
            f"Hình ở hệ {system.vi} được chuyển sang kinh độ, vĩ độ WGS84.",
            f"Geometry in {system.en} is converted to longitude and latitude (WGS84).",
            where=layer,
        )
    if crs.unshifted(system):
        findings.add(
            "crs_unshifted",
            f"Chưa có tham số chuyển {system.vi} sang WGS84 ở Việt Nam; vị trí có thể lệch vài trăm mét.",
            f"No shift from {system.en} to WGS84 is known here; places may be some hundred metres off.",
            "Chuyển tệp sang WGS84 hoặc VN-2000 rồi nhập lại.",
            where=layer,
        )
    return crs.transformer(system), system


def _geometry(column: pa.Array, transform: Any, before: int, found: Findings, layer: str) -> pa.Array:
    """The layer's geometry in longitude and latitude, flat; nulls, heights and broken shapes are told."""
    shapes = shapely.from_wkb(np.array(column.to_pylist(), dtype=object), on_invalid="warn")
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    _tell(
        found,
        missing,
        before,
        layer,
        "null_geometry",
        "Đối tượng không có hình.",
        "A feature has no geometry.",
    )
    vi, en = (
        "Tọa độ có độ cao; chỉ giữ kinh độ và vĩ độ.",
        "Coordinates have heights; only the flat place is kept.",
    )
    _tell(found, shapely.has_z(shapes), before, layer, "height_dropped", vi, en)
    why, where = _first_reason(shapes, missing)
    vi = f"Hình không hợp lệ: {REASONS.get(why.lower(), 'đường bao hỏng')}{where and f' tại {where}'}."
    en = f"The geometry is not valid: {why}{where and f' at {where}'}."
    _tell(found, ~missing & ~shapely.is_valid(shapes), before, layer, "invalid_geometry", vi, en)
    if transform is None:
        return pa.nulls(len(shapes), pa.binary())
    shapes = shapely.transform(shapes, transform)  # flat: heights are left behind
    wkb = shapely.to_wkb(shapes)
    return pa.array([None if gone else w for w, gone in zip(wkb, missing, strict=True)], pa.binary())


def _first_reason(shapes: np.ndarray, missing: np.ndarray) -> tuple[str, str]:
    """What is wrong with the first shape that is not valid, and where."""
    bad = shapes[~missing & ~shapely.is_valid(shapes)]
    why, _cut, at = str(shapely.is_valid_reason(bad[0])).partition("[") if len(bad) else ("", "", "")
    return why.strip(), at.rstrip("]")


def _tell(found: Findings, mask: np.ndarray, before: int, layer: str, code: str, vi: str, en: str) -> None:
    hits = np.flatnonzero(mask)
    for index in hits[:ROWS_SHOWN]:
        found.add(code, vi, en, where=layer, row=before + int(index) + 1)
    if len(hits) > ROWS_SHOWN:
        found.add(code, vi, en, where=layer, count=len(hits) - ROWS_SHOWN)


def _kind(dtype: str) -> str:
    for start, kind in (("int", "integer"), ("uint", "integer"), ("float", "number"), ("bool", "boolean")):
        if dtype.startswith(start):
            return kind
    if dtype.startswith("datetime64"):
        return "date" if "[D]" in dtype else "datetime"
    return "text"


def _duplicates(table: Table, path: Path, findings: Findings) -> None:
    """Waypoints of the same name are told: names are not identifiers in a GPS file."""
    if path.suffix.lower() != ".gpx" or "name" not in table.columns or table.name.endswith("_points"):
        return
    seen = Counter(v for batch in table.batches() for v in batch.column("name").to_pylist() if v)
    for name, times in seen.items():
        if times > 1:
            findings.add(
                "duplicate_name",
                f"Tên “{name}” được dùng cho {times} đối tượng.",
                f"The name {name!r} is used for {times} features.",
                "Không dùng tên làm mã; chọn thêm cột thời gian khi nhập.",
                where=f"{table.name}:{name}",
                count=times,
            )


def _unreadable(path: Path, error: Exception) -> FormatError:
    return FormatError(
        "bad_vector",
        f"Không đọc được tệp bản đồ “{path.name}”; tệp hỏng hoặc thiếu phần.",
        f"The map file {path.name!r} cannot be read: {error}",
        "Với shapefile, nén đủ các tệp .shp, .shx, .dbf và .prj.",
    )
