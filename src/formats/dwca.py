"""A Darwin Core Archive opened: its core first, then its extensions, columns named by their terms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from formats import delimited, dwc, encodings, metafile, text_table
from formats.eml import read_eml
from formats.metafile import Described
from formats.source import Findings, FormatError, Source, Table, unique_names

METADATA_NAMES = ("eml.xml", "metadata.xml", "dataset.xml")


def open_archive(folder: Path, source: Source) -> None:
    """Fill the source with the tables and the metadata of the archive whose meta.xml lies in `folder`."""
    meta = metafile.read(_named(folder, "meta.xml") or folder / "meta.xml")
    for described in (meta.core, *meta.extensions):
        for location in described.locations:
            source.tables.append(_table(folder, location, described, source))
    source.metadata.update(_metadata(folder, meta.metadata, source.findings))


def _table(folder: Path, location: str, described: Described, source: Source) -> Table:
    path = _located(folder, location)
    findings = Findings()
    name = Path(location).stem
    utf8, found, asked = text_table.as_plain_utf8(path, _codec(path, described), source, findings, name)
    mark = 3 if found.encoding == "utf-8-sig" else 0
    begin, header, data = _begin(utf8, mark, described)
    columns, terms, defaults, constants, pointer = _columns(described, header, data, findings, name)
    layout = delimited.Layout(
        utf8,
        described.delimiter,
        described.quote,
        begin,
        described.header_lines,
        columns,
        found,
        defaults,
        constants,
    )
    table = delimited.table(layout, name, findings)
    table.row_type = described.row_type
    table.terms = terms
    table.id_column = pointer if described.is_core else None
    table.core_id_column = None if described.is_core else pointer
    table.metadata = {
        "encoding": encodings.NAMES.get(asked, asked),
        "delimiter": described.delimiter,
        "header_row": described.header_lines or None,
    }
    return table


def _located(folder: Path, location: str) -> Path:
    """The data file inside the archive; one that is missing or lies outside is an error."""
    path = folder / location
    if not path.resolve().is_relative_to(folder.resolve()):
        path = Path()
    elif not path.is_file():
        path = _named(folder, location) or Path()
    if not path.is_file():
        raise FormatError(
            "missing_file",
            f"meta.xml nói tới tệp “{location}” nhưng tệp đó không có trong gói.",
            f"meta.xml names the file {location!r}, which is not in the archive.",
            "Nén lại cho đủ các tệp.",
            "meta.xml",
        )
    return path


def _codec(path: Path, described: Described) -> str | None:
    """The stated encoding, unless it is UTF-8, which is checked against the bytes rather than believed."""
    stated = described.encoding.lower().replace("_", "-")
    if stated in ("utf-8", "utf8", "utf-16", "utf16"):
        return None
    found = encodings.survey(path)
    return found.encoding if found.encoding in ("utf-8", "utf-8-sig") and found.size else stated


def _begin(path: Path, mark: int, described: Described) -> tuple[int, list[str], list[str]]:
    """The byte where data begin, the header's cells and the cells of the first line of data."""
    header: list[str] = []
    with path.open("rb") as file:
        file.seek(mark)
        for _ in range(described.header_lines):
            header = _cells(file.readline(), described)
        begin = file.tell()
        data = _cells(file.readline(), described)
    return begin, header, data


def _cells(line: bytes, described: Described) -> list[str]:
    cells = line.decode("utf-8", errors="replace").rstrip("\r\n").split(described.delimiter)
    return [c.strip(described.quote) if described.quote else c for c in cells]


def _columns(
    described: Described, header: list[str], data: list[str], findings: Findings, where: str
) -> tuple[list[str], dict[str, str], dict[str, str], dict[str, str], str | None]:
    """Column names, their terms, defaults for blanks, constants, and the id or core id column."""
    fields = {f.index: f for f in described.fields if f.index is not None}
    pointer = described.id_index
    described_width = max([*fields, -1 if pointer is None else pointer]) + 1
    # a default may stand for a column the file does not have
    absent = {i for i, f in fields.items() if f.default is not None and i >= max(len(header), len(data)) > 0}
    width = max([i + 1 for i in range(described_width) if i not in absent] + [len(header)])
    raw = []
    for index in range(width):
        if index in fields:
            raw.append(dwc.name_of(fields[index].term))
        elif index == pointer:
            raw.append("id" if described.is_core else "coreid")
        else:
            raw.append(header[index] if index < len(header) else "")
            findings.add(
                "undescribed_column",
                "Cột có trong tệp nhưng meta.xml không nói tới; vẫn được giữ.",
                "A column of the file is not described in meta.xml; it is kept.",
                where=where,
            )
    columns = unique_names(raw, findings, where)
    terms = {columns[i]: raw[i] for i in fields if i < width}
    defaults = {columns[i]: f.default for i, f in fields.items() if i < width and f.default is not None}
    constants = {
        dwc.name_of(f.term): f.default
        for f in described.fields
        if f.default is not None
        and (f.index is None or f.index in absent)
        and dwc.name_of(f.term) not in columns
    }
    terms |= {name: name for name in constants}
    return columns, terms, defaults, constants, columns[pointer] if pointer is not None else None


def _metadata(folder: Path, stated: str | None, findings: Findings) -> dict[str, Any]:
    """The dataset's metadata; a document that is missing or broken is told, and the data still open."""
    path = _named(folder, stated) if stated else None
    if path is None:
        path = next((p for n in METADATA_NAMES if (p := _named(folder, n))), None)
    if path is None:
        findings.add(
            "no_metadata",
            "Gói không kèm mô tả bộ dữ liệu (EML).",
            "The archive has no metadata document (EML).",
            where=stated or "eml.xml",
        )
        return {}
    return read_metadata(path, findings)


def read_metadata(path: Path, findings: Findings) -> dict[str, Any]:
    """What the metadata document says; a broken one is told and leaves nothing."""
    try:
        return read_eml(path)
    except FormatError as error:
        findings.add(error.code, error.vi, error.en, where=path.name)
        return {}


def _named(folder: Path, name: str) -> Path | None:
    """The file of that name in the folder, in whatever case it is written."""
    target = folder / name
    parent = target.parent
    if not parent.is_dir() or not parent.resolve().is_relative_to(folder.resolve()):
        return None
    return next(
        (p for p in sorted(parent.iterdir()) if p.name.lower() == target.name.lower() and p.is_file()), None
    )
