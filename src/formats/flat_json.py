"""A list of objects in JSON, each a row, as services of satellites, of weather and of field forms give their tables."""

from __future__ import annotations

import re
from pathlib import Path

from formats import json_documents
from formats.source import FormatError, Source
from formats.written_rows import table_of

_BEGINS = re.compile(rb"^(?:\xef\xbb\xbf)?\s*\[\s*\{")
_WRAPPED = re.compile(rb'^(?:\xef\xbb\xbf)?\s*\{[^\[\]{}]*"(?:results|value)"\s*:\s*\[\s*\{')
"""A page of an answer: `results` of KoboToolbox, `value` of ODK Central."""


def kind(start: bytes) -> bool:
    """True where the document begins as a list of objects, or as a page of a service that holds one."""
    return (_BEGINS.search(start) or _WRAPPED.search(start)) is not None


def open_list(path: Path, source: Source) -> None:
    """One table of the objects, in the columns of their keys; what is no object is told and not read."""
    document = json_documents.load(path)
    if isinstance(document, dict):
        if document.get("next") or document.get("@odata.nextLink"):
            source.findings.add(
                "more_pages",
                "Tệp chỉ là một trang của kết quả; các trang sau phải tải riêng.",
                "The file is one page of the answer; the pages after it must be fetched too.",
            )
        document = document.get("results") or document.get("value") or []
    rows = [row for row in document if isinstance(row, dict)]
    if not rows:
        raise FormatError(
            "nothing_inside",
            f"“{path.name}” không chứa bảng dữ liệu nào.",
            f"{path.name} holds no table of data.",
        )
    if len(rows) < len(document):
        source.findings.add(
            "not_understood",
            f"Có {len(document) - len(rows)} mục không phải một dòng dữ liệu; không đọc các mục này.",
            f"{len(document) - len(rows)} entries are no row of data and are not read.",
        )
    source.tables.append(table_of(path.stem, (), rows, shaped=False))
