"""A Darwin Core Archive written in one pass, which opens again as the same tables."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import IO

import pyarrow as pa
from lxml import etree

from formats import dwc
from formats.csv_writing import READERS_OWN, write_rows
from formats.eml import EML
from formats.eml_writing import to_xml
from formats.metafile import TEXT
from formats.source import FormatError


@dataclass
class DwcaTable:
    """One file of an archive: its row type, its rows, and the column that holds the core's id."""

    row_type: str
    batches: Iterable[pa.RecordBatch] = field(repr=False)
    id: str = "id"
    name: str = ""

    @property
    def file(self) -> str:
        """The name of the file inside the archive."""
        short = dwc.row_type(self.row_type).replace("#", "/").rsplit("/", 1)[-1]
        return f"{(self.name or short).lower()}.csv"


def write_dwca(
    path: Path | str | IO[bytes], core: DwcaTable, extensions: Iterable[DwcaTable] = (), *, eml: EML
) -> dict[str, int]:
    """The rows written of each file; columns are named by terms, and one that is no term is refused."""
    counts: dict[str, int] = {}
    root = etree.Element(f"{{{TEXT}}}archive", nsmap={None: TEXT}, metadata="eml.xml")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for table in (core, *extensions):
            if table.file in counts:
                raise ValueError(f"two files of the archive are called {table.file}; give them names")
            stream = iter(table.batches)
            first = next(stream, None)
            if first is None:
                raise FormatError(
                    "no_columns",
                    f"Bảng “{table.row_type}” không có cột nào để ghi.",
                    f"The table {table.row_type} has no batch, so no columns; give an empty one.",
                )
            columns = [n for n in first.schema.names if n not in READERS_OWN]
            _describe(root, table, columns, is_core=table is core)
            with archive.open(table.file, "w", force_zip64=True) as file:
                counts[table.file] = write_rows(file, chain([first], stream), guard=False)
        archive.writestr(
            "meta.xml", etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
        )
        archive.writestr("eml.xml", to_xml(eml))
    return counts


def _describe(root: etree._Element, table: DwcaTable, columns: list[str], *, is_core: bool) -> None:
    """The file's part of the metafile."""
    if table.id not in columns:
        raise ValueError(f"the column {table.id!r} that holds the core id is not among {columns}")
    element = etree.SubElement(
        root,
        f"{{{TEXT}}}{'core' if is_core else 'extension'}",
        encoding="UTF-8",
        fieldsTerminatedBy=",",
        linesTerminatedBy="\\n",
        fieldsEnclosedBy='"',
        ignoreHeaderLines="1",
        rowType=dwc.row_type(table.row_type),
    )
    files = etree.SubElement(element, f"{{{TEXT}}}files")
    etree.SubElement(files, f"{{{TEXT}}}location").text = table.file
    etree.SubElement(
        element, f"{{{TEXT}}}{'id' if is_core else 'coreid'}", index=str(columns.index(table.id))
    )
    for index, name in enumerate(columns):
        if name == table.id and name not in dwc.TERMS:
            continue
        if name not in dwc.TERMS and "://" not in name:
            raise FormatError(
                "not_a_term",
                f"Cột “{name}” không phải thuật ngữ Darwin Core.",
                f"The column {name!r} is not a term; name it by a Darwin Core term or a full identifier.",
            )
        etree.SubElement(element, f"{{{TEXT}}}field", index=str(index), term=dwc.iri(name))
