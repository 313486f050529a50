"""The metafile of a Darwin Core Archive: its files, how they are cut, what their columns mean."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from formats.source import FormatError

TEXT = "http://rs.tdwg.org/dwc/text/"


@dataclass(frozen=True)
class Field:
    """One column: its place in the file (None where it is only a default), its term, its default value."""

    index: int | None
    term: str
    default: str | None


@dataclass(frozen=True)
class Described:
    """One data file as the metafile describes it."""

    locations: tuple[str, ...]
    row_type: str
    encoding: str
    delimiter: str
    quote: str | None
    header_lines: int
    id_index: int | None
    fields: tuple[Field, ...]
    is_core: bool


@dataclass(frozen=True)
class Metafile:
    """The core, its extensions, and the name of the metadata document where one is given."""

    core: Described
    extensions: tuple[Described, ...]
    metadata: str | None


def read(path: Path) -> Metafile:
    """The metafile read; what is wrong with it is one clear error."""
    try:
        root = etree.parse(str(path), etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
    except (etree.XMLSyntaxError, OSError) as error:
        raise _bad(f"XML không đúng cú pháp ({error})", f"the XML is not well-formed: {error}") from error
    if etree.QName(root).localname != "archive":
        raise _bad("không có phần tử <archive>", "there is no <archive> element")
    cores = _children(root, "core")
    if len(cores) != 1:
        raise _bad(
            f"có {len(cores)} phần tử <core>, phải có đúng một", f"it has {len(cores)} <core> elements"
        )
    core = _described(cores[0], is_core=True)
    extensions = tuple(_described(e, is_core=False) for e in _children(root, "extension"))
    return Metafile(core, extensions, (root.get("metadata") or "").strip() or None)


def _described(element: etree._Element, *, is_core: bool) -> Described:
    row_type = (element.get("rowType") or "").strip()
    if not row_type:
        raise _bad("thiếu rowType", "a file has no rowType")
    locations = tuple(
        (e.text or "").strip() for f in _children(element, "files") for e in _children(f, "location")
    )
    if not any(locations):
        raise _bad("thiếu tên tệp dữ liệu", "a file has no <location>")
    encoding = (element.get("encoding") or "UTF-8").strip()
    try:
        codecs.lookup(encoding)
    except LookupError as error:
        raise _bad(f"không biết bảng mã “{encoding}”", f"the encoding {encoding!r} is unknown") from error
    quote = _unescaped(element.get("fieldsEnclosedBy", '"'))
    delimiter = _unescaped(element.get("fieldsTerminatedBy", ","))
    if not delimiter or (len(delimiter) > 1 and quote):
        raise _bad(
            f"dấu phân cách “{delimiter}” không dùng được", f"the separator {delimiter!r} cannot be used"
        )
    ids = _children(element, "id" if is_core else "coreid")
    fields = tuple(_field(e) for e in _children(element, "field"))
    clashing = [f.index for f in fields if f.index is not None]
    if len(clashing) != len(set(clashing)):
        raise _bad("hai thuật ngữ cùng một số cột", "two terms claim the same column")
    return Described(
        tuple(x for x in locations if x),
        row_type,
        encoding,
        delimiter,
        quote or None,
        _number(element.get("ignoreHeaderLines"), "ignoreHeaderLines") or 0,
        _number(ids[0].get("index"), "id index") if ids else None,
        fields,
        is_core,
    )


def _field(element: etree._Element) -> Field:
    term = (element.get("term") or "").strip()
    index = _number(element.get("index"), "field index")
    if not term:
        raise _bad("một <field> không có term", "a <field> has no term")
    return Field(index, term, element.get("default"))


def _number(text: str | None, what: str) -> int | None:
    if text is None or not text.strip():
        return None
    if not text.strip().isdigit():
        raise _bad(f"{what} “{text}” không phải số", f"{what} {text!r} is not a number")
    return int(text)


def _unescaped(text: str) -> str:
    r"""Separators as people write them: "\t", "\\t", "&#9;", a literal tab."""
    while "\\\\" in text:
        text = text.replace("\\\\", "\\")
    for written, meant in (
        ("\\t", "\t"),
        ("\\n", "\n"),
        ("\\r", "\r"),
        ("\\0", ""),
        ('\\"', '"'),
        ("\\'", "'"),
    ):
        text = text.replace(written, meant)
    return text


def _children(element: etree._Element, name: str) -> list[etree._Element]:
    """The children of that name, in the archive's namespace or, as some programs write them, in none."""
    return [e for e in element if isinstance(e.tag, str) and etree.QName(e).localname == name]


def _bad(vi: str, en: str) -> FormatError:
    return FormatError(
        "bad_metafile",
        f"Tệp meta.xml không đúng: {vi}.",
        f"meta.xml is wrong: {en}.",
        "Xuất lại tệp Darwin Core từ phần mềm gốc.",
        "meta.xml",
    )
