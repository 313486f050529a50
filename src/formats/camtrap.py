"""Packages of camera traps in Camtrap DP (0.1, the candidates of 1.0, 1.0.x): deployments, media, observations.

Columns and lists bear the names of 1.0 whatever the version; nothing is fetched from anywhere. Beside the three tables
stand two that Darwin Core knows: each deployment as a visit, each encounter that a person named as an occurrence.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from gzip import BadGzipFile
from gzip import open as gunzip
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from formats import json_documents, text_table
from formats.camtrap_terms import ROW_TYPES, TABLES
from formats.camtrap_views import Packed, fill
from formats.source import FormatError, Source, Table
from formats.written_rows import table_of

DESCRIPTOR = "datapackage.json"
VERSION = re.compile(r"camtrap-dp/(?:archive/)?(?:refs/tags/)?v?(\d+\.\d+(?:\.\d+)?(?:-rc\.?\d*)?)")
KNOWN = re.compile(r"^(?:0\.[1-9]|1\.0)(?:\D|$)")
NAMES = {name: {f"{name}.csv", f"{name}.csv.gz", f"{name}.tsv"} for name in TABLES}
ABOUT = ("title", "description", "licenses", "contributors", "created", "name", "id", "bibliographicCitation",
         "project", "taxonomic", "temporal", "platform", "rightsHolder", "keywords")  # fmt: skip


def descriptor(files: Sequence[Path]) -> Path | None:
    """The description of a camera package among the files of a folder, None where it is no such package."""
    found = sorted(
        (p for p in files if p.name.lower() == DESCRIPTOR or p.name.lower().startswith("datapackage_")),
        key=lambda p: len(p.parts),
    )
    for path in found:
        beside = {p.name.lower() for p in files if p.parent == path.parent}
        if len([1 for names in NAMES.values() if names & beside]) > 1 or _says_so(path):
            return path
    for folder in sorted({p.parent for p in files}):
        names = {p.name.lower(): p for p in files if p.parent == folder}
        told = [next(iter(NAMES[n] & names.keys()), "") for n in ("deployments", "observations")]
        if all(told) and all(_of_deployments(names[n]) for n in told):
            return folder / DESCRIPTOR  # it was lost on the way: the tables say themselves what they are
    return None


def _of_deployments(path: Path) -> bool:
    """Whether the first line of a table names the key of deployments, as every table of such a package does."""
    if path.suffix.lower() == ".gz":
        return False
    with path.open("rb") as file:
        return b"deploymentID" in file.readline(1 << 16)


def _says_so(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(1 << 20).lower()
    return b"camtrap-dp" in start or (b'"deployments"' in start and b'"observations"' in start)


def open_package(path: Path, source: Source) -> list[Path]:
    """Fill the source with the tables of the package; the files that were read.

    A description that is cut, a table that is missing, a version that is unknown: each is told, and whatever can be
    read is read.
    """
    described = _description(path, source)
    resources = _resources(described, path, source)
    version = _version(described, source)
    source.kind = "camtrap_dp"
    source.metadata.update({k: described[k] for k in ABOUT if described.get(k)})
    source.metadata.update({"program": "Camtrap DP", "camtrap_dp": version, "crs": "EPSG:4326"})
    _licence(described, source)
    read, tables = [path], {}
    for name in TABLES:
        table, used = _table(name, resources.get(name), path.parent, source)
        read += used
        if table is not None:
            tables[name] = table
    if not tables:
        raise FormatError(
            "nothing_inside",
            f"Gói “{path.parent.name}” không có bảng deployments, media hay observations nào đọc được.",
            "The package has none of the tables deployments, media, observations.",
            "Nén lại cho đủ các tệp csv cùng với datapackage.json.",
        )
    fill(Packed(tables), source)
    _others(resources, source)
    return read


def _description(path: Path, source: Source) -> dict[str, Any]:
    if not path.exists():
        source.findings.add(
            "no_description",
            "Gói ảnh không có datapackage.json; các bảng được đọc theo tên tệp.",
            "The package has no datapackage.json; its tables are read by their file names.",
            "Nén lại cả gói cùng với datapackage.json để có tên dự án, giấy phép và phiên bản.",
            where=path.name,
        )
        return {}
    try:
        found = json_documents.load(path)
    except FormatError as error:
        found = None
        told = error.vi
    if isinstance(found, dict):
        return found
    source.findings.add(
        "bad_description",
        (told if found is None else f"“{path.name}” không phải mô tả của một gói.")
        + " Các bảng trong gói vẫn được đọc theo tên tệp.",
        f"{path.name} cannot be read as the description of a package; its tables are read by their file names.",
        "Xuất lại gói từ chương trình đã tạo ra nó để có đủ mô tả.",
        where=path.name,
    )
    return {}


def _resources(described: Mapping[str, Any], path: Path, source: Source) -> dict[str, Mapping[str, Any]]:
    """What the description says of each table, by its name; a table it forgot is found by its file."""
    found: dict[str, Mapping[str, Any]] = {}
    listed = described.get("resources")
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, Mapping) and isinstance(one.get("name"), str):
            found.setdefault(one["name"].strip().lower(), one)
    beside = {p.name.lower(): p.name for p in path.parent.iterdir() if p.is_file()}
    for name in TABLES:
        here = sorted(NAMES[name] & set(beside))
        if name in found or not here:
            continue
        found[name] = {"name": name, "path": beside[here[0]]}
        if described:
            source.findings.add(
                "undescribed_resource",
                f"datapackage.json không nói tới bảng “{name}” nhưng gói có tệp “{beside[here[0]]}”; vẫn được đọc.",
                f"datapackage.json does not name the table {name}, whose file is there; it is read.",
                where=name,
            )
    return found


def _version(described: Mapping[str, Any], source: Source) -> str:
    """The version the package names, "" where it names none; one that nobody knows is told and read as the nearest."""
    said = [described.get("profile"), *_schemas(described)]
    version = next((m[1] for s in said if isinstance(s, str) and (m := VERSION.search(s))), "")
    if described and (not version or not KNOWN.match(version)):
        source.findings.add(
            "unknown_version",
            f"Gói ghi phiên bản Camtrap DP “{version}”, chưa biết; đọc theo tên cột như bản 1.0."
            if version
            else "Gói không ghi phiên bản Camtrap DP; đọc theo tên cột.",
            f"The package says version {version!r} of Camtrap DP, which is not known; its columns are read as of 1.0.",
            "Nếu số liệu hiện sai cột, xuất lại gói theo Camtrap DP 1.0.",
            where=DESCRIPTOR,
        )
    return version


def _schemas(described: Mapping[str, Any]) -> list[Any]:
    listed = described.get("resources")
    return [r.get("schema") for r in listed if isinstance(r, Mapping)] if isinstance(listed, list) else []


def _licence(described: Mapping[str, Any], source: Source) -> None:
    """The licence of the data, in the words of the package."""
    listed = described.get("licenses")
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, Mapping) and one.get("scope", "data") == "data":
            source.metadata.setdefault("licence", str(one.get("name") or one.get("path") or ""))


def _table(
    name: str, resource: Mapping[str, Any] | None, folder: Path, source: Source
) -> tuple[Table | None, list[Path]]:
    """The table of a resource and the files it was read from; one that is not there is told."""
    if resource is None:
        source.findings.add(
            "missing_resource",
            f"Gói thiếu bảng “{name}”; các bảng khác vẫn được đọc.",
            f"The package has no table {name}; the others are read.",
            "Xuất lại gói cho đủ ba bảng deployments, media, observations.",
            where=name,
        )
        return None, []
    if isinstance(resource.get("data"), list):
        rows = [r for r in resource["data"] if isinstance(r, dict)]
        return table_of(name, (), rows, shaped=False), []
    said = resource.get("path")
    paths = [said] if isinstance(said, str) else said if isinstance(said, list) else []
    files = [f for p in paths if (f := _located(name, str(p), folder, source)) is not None]
    if not files:
        if not paths:
            _missing(name, "", source)
        return None, []
    whole = _joined(name, files, source)
    dialect = resource.get("dialect")
    cut = dialect.get("delimiter") if isinstance(dialect, Mapping) else None
    hint = {"delimiter": str(cut)} if cut else {}
    try:
        return text_table.open_text(whole, hint, source, name), files
    except FormatError as error:
        source.findings.add(error.code, f"Bảng “{name}”: {error.vi}", error.en, error.suggestion, where=name)
        return None, files


def _located(name: str, said: str, folder: Path, source: Source) -> Path | None:
    """The file inside the package; one elsewhere is never fetched, one that is absent is told."""
    if "://" in said:
        source.findings.add(
            "resource_elsewhere",
            f"Bảng “{name}” nằm ở địa chỉ mạng “{said}”; hệ thống không tự tải về.",
            f"The table {name} lies at {said}, and nothing is fetched.",
            "Tải tệp đó về, đặt cạnh datapackage.json rồi nén lại.",
            where=name,
        )
        return None
    path = folder / said
    if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
        beside = {p.name.lower(): p for p in folder.iterdir() if p.is_file()}
        found = beside.get(Path(said).name.lower()) or beside.get(f"{Path(said).name.lower()}.gz")
        if found is None:
            _missing(name, said, source)
        return found
    return path


def _missing(name: str, said: str, source: Source) -> None:
    source.findings.add(
        "missing_resource",
        f"datapackage.json nói tới bảng “{name}” (tệp “{said}”) nhưng tệp đó không có trong gói; "
        "các bảng khác vẫn được đọc.",
        f"datapackage.json names the table {name} ({said!r}), which is not in the package; the others are read.",
        "Nén lại cho đủ các tệp.",
        where=name,
    )


def _joined(name: str, files: Sequence[Path], source: Source) -> Path:
    """The one text of a table: unpacked where it is gzipped, in one piece where the package cuts it into several."""
    if len(files) == 1 and files[0].suffix.lower() != ".gz":
        return files[0]
    folder: TemporaryDirectory[str] = TemporaryDirectory(prefix="formats-")
    source.unpacked.append(folder)
    whole = Path(folder.name) / f"{name}.csv"
    with whole.open("wb") as out:
        for number, path in enumerate(files):
            try:
                with gunzip(path) if path.suffix.lower() == ".gz" else path.open("rb") as part:
                    header = part.readline() if number else b""
                    del header  # every part begins with the same header
                    shutil.copyfileobj(part, out)
            except (BadGzipFile, EOFError, OSError) as error:
                raise FormatError(
                    "cut_file",
                    f"“{path.name}” bị cắt hoặc hỏng; chưa đọc gì từ gói này.",
                    f"{path.name} is cut or broken: {error}",
                    "Tải lại gói từ nơi xuất rồi thử lại.",
                ) from error
    return whole


def _others(resources: Mapping[str, Any], source: Source) -> None:
    for name in sorted(set(resources) - set(ROW_TYPES)):
        source.findings.add(
            "table_not_read",
            f"Bảng “{name}” không thuộc Camtrap DP nên không được đọc.",
            f"The table {name} is no part of Camtrap DP and is not read.",
            where=name,
        )
