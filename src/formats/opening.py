"""Any file opened by what it is, not by what it is called."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from formats import (
    camera_labels,
    camera_tables,
    camtrap,
    columnar,
    cybertracker,
    dwca,
    earthranger,
    flat_json,
    gpx_patrols,
    json_documents,
    markup_tables,
    smart_connect,
    smart_patrol,
    spreadsheet,
    text_table,
    unpacking,
    vector,
)
from formats.source import FormatError, Source

TEXT_SUFFIXES = {".csv", ".tsv", ".txt", ".tab"}
WORKBOOK_SUFFIXES = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}
MARKUP_SUFFIXES = {".xls", ".html", ".htm", ".xlsx", ".xml"}
SHAPEFILE_PARTS = {".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx"}
JSON_SUFFIXES = {".json", ".geojson"}
# words that the first bytes of an EarthRanger or CyberTracker document hold, and few others
FIELD_PROGRAMS = re.compile(
    rb'"(patrol_segments|event_type|recorded_at|subject_type|coordinateProperties|createTime)"\s*:|"status"\s*:\s*\{'
)
LABELS = re.compile(rb'"(predictions|prediction_score|detection_categories|detections)"\s*:')
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def open(path: Path | str, *, hint: Mapping[str, Any] | None = None) -> Source:
    """The file's tables, ready to be read; what cannot be read raises FormatError with a reason."""
    path, hint = Path(path), hint or {}
    if not path.exists():
        raise FormatError("no_file", f"Không có tệp “{path.name}”.", f"There is no file {path.name!r}.")
    source = Source("table", path, [])
    try:
        _fill(source, path, hint)
        camera_tables.adopt(source)
    except BaseException:
        source.close()
        raise
    if not source.tables:
        source.close()
        raise FormatError(
            "nothing_inside",
            f"“{path.name}” không chứa bảng dữ liệu nào.",
            f"{path.name} holds no table of data.",
        )
    _name_apart(source)
    return source


def _name_apart(source: Source) -> None:
    """Two tables of one name, as of two tracks in an archive, are told apart by a number."""
    taken: set[str] = set()
    for table in source.tables:
        base, n = table.name, 2
        while table.name in taken:
            table.name, n = f"{base} ({n})", n + 1
        taken.add(table.name)


def _fill(source: Source, path: Path, hint: Mapping[str, Any]) -> None:
    if path.is_dir():
        _folder(source, path, hint)
    elif _is_workbook(path):
        source.kind = "xlsx"
        spreadsheet.open_workbook(path, hint, source)
    elif path.suffix.lower() in MARKUP_SUFFIXES and markup_tables.kind(_start(path)):
        markup_tables.open_markup(path, hint, source)
    elif path.suffix.lower() == ".xml" and smart_patrol.kind(_start(path)):
        smart_patrol.open_patrols([path], source)
    elif path.suffix.lower() in JSON_SUFFIXES and _of_field_program(path, source):
        pass
    elif path.suffix.lower() == ".kmz":
        _unpacked(source, path, hint, "vector")
    elif unpacking.is_archive(path) or _start(path).startswith(b"PK\x03\x04"):  # one that is cut is told so
        _unpacked(source, path, hint, None)
    elif columnar.kind(_start(path)):
        columnar.open_columnar(path, source)
    elif path.suffix.lower() in vector.SUFFIXES or _is_geojson(path):
        _vectors(source, [path], hint)
    elif path.suffix.lower() in SHAPEFILE_PARTS:
        raise FormatError(
            "part_of_shapefile",
            f"“{path.name}” chỉ là một phần của shapefile.",
            f"{path.name} is only a part of a shapefile.",
            "Nén các tệp .shp, .shx, .dbf, .prj cùng tên thành một tệp zip rồi tải lên.",
        )
    elif path.suffix.lower() == ".json" and flat_json.kind(_start(path)):
        flat_json.open_list(path, source)
    elif path.suffix.lower() in (".json", ".xml", ".osm", ".qml", ".html", ".htm"):
        raise _unsupported(path)
    else:
        source.tables.append(text_table.open_text(path, hint, source))
        source.metadata.update(source.tables[0].metadata)


def _vectors(source: Source, paths: Sequence[Path], hint: Mapping[str, Any]) -> None:
    """Map files as tables of features; the tracks of a GPS device also as patrols."""
    patrols = gpx_patrols.patrols_in([p for p in paths if p.suffix.lower() == ".gpx"], source.findings)
    for path in paths:
        vector.open_vector(path, hint, source)
    source.tables.extend(patrols)


def _of_field_program(path: Path, source: Source) -> bool:
    """Read a document of a field program or of a machine that labels pictures; any other JSON is left (False)."""
    start = _start(path)
    if b'"smartDataType"' in start or (b'"Feature' in start and _mentions(path, b'"smartDataType"')):
        pass
    elif re.search(rb'"type"\s*:\s*"FeatureCollection"', start):  # a map, unless its lines bear times
        if not _mentions(path, b'"coordinateProperties"'):
            return False
    elif (
        not FIELD_PROGRAMS.search(start)
        and not LABELS.search(start)
        and not _mentions(path, b'"detection_categories"')
    ):
        return False
    document = json_documents.load(path)
    for program in (camera_labels, smart_connect, earthranger, cybertracker):
        if program.recognised(document):
            program.open_document(document, source)
            return True
    return False


def _mentions(path: Path, word: bytes) -> bool:
    """True when the word stands anywhere in the file, read piece by piece."""
    before = b""
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            if word in before + piece:
                return True
            before = piece[-len(word) :]
    return False


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4_096)


def _is_geojson(path: Path) -> bool:
    """True for a .json whose beginning says it holds features, as many programs name their GeoJSON."""
    if path.suffix.lower() != ".json":
        return False
    with path.open("rb") as file:
        return re.search(rb'"type"\s*:\s*"Feature(Collection)?"', file.read(4_096)) is not None


def _is_workbook(path: Path) -> bool:
    """True for an Excel or OpenDocument workbook, by its bytes."""
    with path.open("rb") as file:
        start = file.read(8)
    if start == _OLE:
        return path.suffix.lower() in WORKBOOK_SUFFIXES
    if not zipfile.is_zipfile(path):
        return False
    inside = unpacking.names(path)
    return "xl/workbook.xml" in inside or "xl/workbook.bin" in inside or path.suffix.lower() == ".ods"


def _unpacked(source: Source, path: Path, hint: Mapping[str, Any], kind: str | None) -> None:
    limits = unpacking.LIMITS
    if "max_bytes" in hint:
        limits = replace(limits, bytes=int(hint["max_bytes"]))
    folder = unpacking.unpack(path, limits)
    source.unpacked.append(folder)
    if kind == "vector":
        vector.open_kmz(Path(folder.name), path, hint, source)
    else:
        _folder(source, Path(folder.name), hint)


def _folder(source: Source, folder: Path, hint: Mapping[str, Any]) -> None:
    """A Darwin Core Archive where there is a metafile, else every table that can be read."""
    files = sorted(
        p
        for p in folder.rglob("*")
        if p.is_file() and "__MACOSX" not in p.parts and not p.name.startswith(".")
    )
    metafiles = sorted((p for p in files if p.name.lower() == "meta.xml"), key=lambda p: len(p.parts))
    if metafiles:
        source.kind = "dwca"
        dwca.open_archive(metafiles[0].parent, source)
        return
    package = camtrap.descriptor(files)
    if package is not None:
        _ignored(source, files, camtrap.open_package(package, source))
        return
    vectors = [p for p in files if p.suffix.lower() in vector.SUFFIXES]
    texts = [p for p in files if p.suffix.lower() in TEXT_SUFFIXES or _named_twice(p)]
    books = [p for p in files if p.suffix.lower() in WORKBOOK_SUFFIXES]
    patrols = [p for p in files if p.suffix.lower() == ".xml" and smart_patrol.kind(_start(p)) == "patrol"]
    _vectors(source, vectors, hint)
    if patrols:
        smart_patrol.open_patrols(patrols, source)
    for path in books:
        source.kind = "xlsx"
        spreadsheet.open_workbook(path, hint, source)
    for path in texts:
        source.tables.append(text_table.open_text(path, hint, source))
    if texts:
        source.kind = "table" if len(texts) == 1 and not vectors and not books else "tables"
        if len(source.tables) == 1:
            source.metadata.update(source.tables[0].metadata)
        eml = next((p for p in files if p.name.lower() in dwca.METADATA_NAMES), None)
        if eml is not None:
            source.metadata.update(dwca.read_metadata(eml, source.findings))
    _ignored(source, files, [*vectors, *texts, *books, *patrols])


def _named_twice(path: Path) -> bool:
    """True for a text table that bears its archive's own name, x.csv.zip, as data frames are packed."""
    return (
        path.suffix.lower() == ".zip"
        and path.with_suffix("").suffix.lower() in TEXT_SUFFIXES
        and not zipfile.is_zipfile(path)
    )


def _ignored(source: Source, files: list[Path], used: list[Path]) -> None:
    """Name the files that were not read, except those that belong to a shapefile or describe the data."""
    stems = {p.with_suffix("") for p in used if p.suffix.lower() == ".shp"}
    for path in files:
        belongs = path.with_suffix("") in stems or path.name.lower() in dwca.METADATA_NAMES
        if path not in used and not belongs:
            source.findings.add(
                "file_not_read",
                f"Tệp “{path.name}” trong gói không được đọc.",
                f"The file {path.name!r} in the archive is not read.",
                where=path.name,
            )


def _unsupported(path: Path) -> FormatError:
    return FormatError(
        "unsupported",
        f"Chưa đọc được loại tệp “{path.suffix}” ({path.name}).",
        f"Files of the kind {path.suffix!r} are not read ({path.name}).",
        "Dùng một trong các loại: Darwin Core (zip), CSV, Excel, GeoJSON, GeoPackage, shapefile (zip), "
        "KML, KMZ, GPX, Parquet, tuần tra SMART (xml, json), EarthRanger, CyberTracker, MegaDetector và "
        "SpeciesNet (json).",
    )
