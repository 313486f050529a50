"""What the columns of a table mean: by what the file states, by its headers, and by what its cells hold."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from formats import dates, dwc, known
from formats.source import WKB, Source, Table

SURE = 0.55
SURELY_A_NAME = 0.78
CORE = "_core"
"""Stands among the terms of a table whose rows point at rows of another."""
GPX = {"time": "eventDate", "name": "locality", "desc": "eventRemarks"}
FIELD_APPS = {"today": "eventDate"}
GEOPOINT = {"_latitude": "decimalLatitude", "_longitude": "decimalLongitude",
            "_precision": "coordinateUncertaintyInMeters", "_altitude": "verbatimElevation"}  # fmt: skip
LATIN = re.compile(r"^[A-Z][a-z]+\.?(?:\s+(?:\([A-Z][a-z]+\)|cf\.|aff\.|sp\.?|spp\.?|[a-z-]{3,}))+")
EPITHETS = re.compile(r"^(?:(?:cf|aff|sp|spp)\.?\s*)*[a-z-]*\.?\d*$")
BINOMIAL = re.compile(
    r"^[A-Z][a-z]{2,}(?:us|a|um|is|es|e|on|os|yx|ps|as|ys|ix|ax|ma|or|en|o) "
    r"[a-z-]{2,}(?:us|a|um|is|i|ae|ens|or|er|ex|ix|ax|ys|os|on|e|es)\b"
)
NAMING = {"loai", "species", "ten", "ten loai", "name", "title", "ten cay", "ten con", "label", "taxon"}
"""Headers that mean a name where their cells are names."""
EPITHET = re.compile(r"^[a-zà-ÿ-]+$")
NAMED_KEY = re.compile(r"occurrence|observation|taxon|species|loai|event|quan sat")
PARENT = {"kobo_repeat": ("_parent_index", "_index"), "odk_repeat": ("PARENT_KEY", "KEY")}
FORMS = {"epicollect", "kobo", "kobo_repeat", "odk", "odk_repeat"}
FORM_NAMES = {"loai", "ten loai", "loai gap", "con vat", "ten con vat", "ten cay", "loai cay"}
FORM_PLACE = re.compile(r"(lat|long|accuracy)_\d+_", re.I)
FORM_PLACES = {
    "lat": "decimalLatitude",
    "long": "decimalLongitude",
    "accuracy": "coordinateUncertaintyInMeters",
}
MEDIA = {"identifier", "accessURI", "filePath"}
MEDIA_KEYS = ("mediaID", "gbifID", "occurrenceID", "eventID")


@dataclass(frozen=True)
class Meaning:
    """The term of each column; all the table's terms, `_core` and `_wkb` among them; the program that wrote it.

    `row_type` is what one row is, where the file states it and may be believed, else "".
    """

    columns: dict[str, str]
    terms: frozenset[str]
    row_type: str
    program: known.Known | None


def read(source: Source, table: Table, row_types: Collection[str]) -> Meaning:
    """What the table's columns seem to mean; `row_types` are those that somebody takes."""
    headers = {c: re.split(r"[/#]", c)[-1] if "://" in c else c for c in table.columns}
    row_type = table.row_type_name if table.row_type_name in row_types or table.core_id_column else ""
    program = known.recognise(table.columns) if source.kind != "dwca" else None
    columns = _proposed(table, headers, row_type, source.kind, program)
    columns = _form_names(columns, headers, program)
    stated = source.kind == "dwca" and bool(row_type)
    if not stated and (table.row_type_name == "Occurrence" or program):
        row_type = ""
    columns = _name_columns(table, _split_names(table, _days_of_datum(table, columns)))
    terms = set(columns.values()) | ({CORE} if program and program.parent_column else set())
    terms |= {WKB} if WKB in table.schema.names else set()
    if program and program.name in PARENT and not {"scientificName", "vernacularName", "genus"} & terms:
        terms -= {"eventID", "occurrenceID"}  # rows of a repeat are no visits, whatever they point at
    return Meaning(columns, frozenset(terms), row_type, program)


def _proposed(
    table: Table, headers: Mapping[str, str], row_type: str, kind: str, program: known.Known | None
) -> dict[str, str]:
    """The term of each column: what the file states, then its header, then what field apps write."""
    proposals = {p.column: p for p in dwc.propose(list(headers.values()), row_type or None)}
    silent = program.silent if program else frozenset()
    columns: dict[str, str] = {}

    def take(column: str, term: str | None) -> None:
        if term and term not in columns.values() and column not in columns:
            columns[column] = term

    if kind == "gpx":
        for column, term in GPX.items():
            take(column, term if column in headers else None)
    for column, term in program.columns.items() if program else ():
        take(column, term)
    for column in headers:
        for ending, term in GEOPOINT.items():
            take(column, term if column.lower().endswith(ending) else None)
    for column in headers:
        if f"_{column}_latitude" in headers or f"{column}_latitude" in headers:
            take(column, "verbatimCoordinates")
    for column in headers:
        stated = table.terms.get(column)
        take(column, stated if stated in dwc.TERMS and column not in silent else None)
    for column, header in headers.items():
        found = proposals[header]
        take(column, found.term if found.confidence >= SURE and column not in silent else None)
    for column, term in dwc.span(headers).items():
        take(column, term)
    for column in headers:
        for ending, term in FIELD_APPS.items():
            take(column, term if column.lower().endswith(ending) else None)
    return columns


def _form_names(
    columns: dict[str, str], headers: Mapping[str, str], program: known.Known | None
) -> dict[str, str]:
    """Forms on a phone name their fields without accents and with a number before: "loai", "1_Loai", "lat_3_Vi_tri"."""
    if program is None or program.name not in FORMS:
        return columns
    found = dict(columns)
    free = [c for c in headers if c not in found and c not in program.silent]
    for column in free:
        said = re.split(r"[/:-]", headers[column].rstrip(" :/-?"))[-1]
        placed = FORM_PLACE.match(said) if program.name == "epicollect" else None
        term = FORM_PLACES.get(placed[1].lower()) if placed else None
        bare = re.sub(r"^\d{1,3}_", "", said).replace("_", " ")
        if term is None and dwc.plain(bare) in FORM_NAMES:
            term = "vernacularName"
        if term is None and not placed:
            told = dwc.propose([bare])[0]
            term = told.term if told.confidence >= SURE else None
        if term and term not in found.values():
            found[column] = term
    return found


def _days_of_datum(table: Table, columns: dict[str, str]) -> dict[str, str]:
    """A column headed "Datum" is the date, as in German, where its cells are dates."""
    terms = {t: c for c, t in columns.items()}
    column = terms.get("geodeticDatum")
    if column is None or "eventDate" in terms or column in table.terms:
        return columns
    cells = _cells(table, column)
    days = sum(c not in ("unreadable", "blank") for c in dates.parse(cells).codes)
    return {**columns, column: "eventDate"} if cells and days > 0.6 * len(cells) else columns


def _name_columns(table: Table, columns: dict[str, str]) -> dict[str, str]:
    """A column headed "species" or "loài" holds Latin names where most of its cells are Latin, else common ones."""
    terms = {t: c for c, t in columns.items()}
    for here, other, latin in (
        ("vernacularName", "scientificName", True),
        ("scientificName", "vernacularName", False),
    ):
        column = terms.get(here)
        if column is None or other in terms or "genus" in terms:
            continue
        cells = _cells(table, column)
        share = sum(bool(LATIN.match(v)) for v in cells) / len(cells) if cells else 0.5
        if (latin and share > 0.6) or (not latin and cells and not any(v.isascii() for v in cells)):
            return {**columns, column: other}
    if "scientificName" in terms or "genus" in terms:
        return columns
    for column in table.columns:
        if column not in columns and dwc.plain(_once(column)) in NAMING:
            cells = _cells(table, column)
            if cells and sum(bool(BINOMIAL.match(v)) for v in cells) > 0.6 * len(cells):
                return {**columns, column: "scientificName"}
    return columns


def _once(column: str) -> str:
    """The header as it was before a second one of the same name was numbered."""
    return re.sub(r" \(\d+\)$", "", column)


def _cells(table: Table, column: str) -> list[str]:
    return [v.strip() for v in table.sample(200).column(column).to_pylist() if v and v.strip()]


def _split_names(table: Table, columns: dict[str, str]) -> dict[str, str]:
    """A column called species beside one called genus holds an epithet where its cells are single small words."""
    terms = {t: c for c, t in columns.items()}
    if "genus" not in terms or "specificEpithet" in terms:
        return columns
    for term in ("scientificName", "vernacularName"):
        column = terms.get(term)
        if (
            column is None
            or table.terms.get(column) == "scientificName"
            or (term == "vernacularName" and dwc.plain(column) not in NAMING)
        ):
            continue
        cells = _cells(table, column)
        epithets = sum(bool(EPITHET.match(v)) for v in cells)
        latin = all(v.isascii() and (EPITHETS.match(v) or LATIN.match(v)) for v in cells)
        if cells and (epithets > 0.9 * len(cells) or latin):
            columns[column] = "specificEpithet"
    return columns


def reasons(table: Table, english: bool = False) -> dict[str, str]:
    """Why each column is taken for its term, in a sentence."""
    proposals = dwc.propose(table.columns, table.row_type)
    return {p.column: p.reason_en if english else p.reason_vi for p in proposals}


def alike(table: Table, columns: dict[str, str], silent: Collection[str] = ()) -> dict[str, str]:
    """The columns with each second one that surely means a name too: it fills the blanks of the first."""
    more = {}
    for column in table.columns:
        told = dwc.propose([_once(column)])[0]
        if column in columns or column in silent or told.term not in ("scientificName", "vernacularName"):
            continue
        if told.term in columns.values() and told.confidence >= SURELY_A_NAME:
            more[column] = told.term
    return {**columns, **more}


def own_key(columns: dict[str, str], key: str, terms: Collection[str]) -> dict[str, str]:
    """A column headed only "id" or "code" means the `key` of whoever takes these `terms`; one that names another
    thing never does."""
    if not key or key in columns.values():
        return columns
    for column, term in columns.items():
        if term == "occurrenceID" and term not in terms and not NAMED_KEY.search(dwc.plain(column)):
            return {**columns, column: key}
    return columns


def export_key(program: known.Known, columns: Mapping[str, str]) -> list[str]:
    """The columns by which a program's export knows its rows, unless one of them carries an id."""
    return [] if "occurrenceID" in columns.values() else list(program.key)


def own_headers(table: Table, names: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Columns headed by one of the names (header, term), as a template or a form writes them."""
    terms = {dwc.plain(header): term for header, term in names}
    found: dict[str, str] = {}
    for column in table.columns:
        term = terms.get(dwc.plain(column))
        if term and term not in found.values():
            found[column] = term
    return found


def above(program: str, columns: Iterable[str]) -> tuple[str, str] | None:
    """Where a form's repeat points at its parent: (its own column, the parent's); None where rows carry an id."""
    return None if "eventID" in columns else PARENT.get(program)


def media(table: Table) -> tuple[str, str] | None:
    """The column of links of a table of media, and that of the row each belongs to; None where it is no such table."""
    value = next((c for c in table.columns if re.split(r"[/#:]", c)[-1] in MEDIA), None)
    by = table.core_id_column or next((k for k in MEDIA_KEYS if k in table.columns), None)
    return None if value is None or by is None else (value, by)
