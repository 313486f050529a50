"""How one file is to be read: which table goes where, what each column means, what makes a row the same row again."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from baoton.kit.access import Actor
from baoton.kit.importing.target import TARGETS, Target, best_for, by_name
from baoton.kit.models import Remembered
from baoton.kit.writing import audit
from formats import Source, Table, dates, dwc, known

SURE = 0.55
GPX = {"time": "eventDate", "name": "locality", "desc": "eventRemarks"}
FIELD_APPS = {"today": "eventDate"}
GEOPOINT = {"_latitude": "decimalLatitude", "_longitude": "decimalLongitude",
            "_precision": "coordinateUncertaintyInMeters", "_altitude": "verbatimElevation"}  # fmt: skip
LATIN = re.compile(r"^[A-Z][a-z]+\.?(?:\s+(?:\([A-Z][a-z]+\)|cf\.|aff\.|sp\.?|spp\.?|[a-z-]{3,}))+")
NAMED_KEY = re.compile(r"occurrence|observation|taxon|species|loai|event|quan sat")
EPITHET = re.compile(r"^[a-zà-ÿ-]+$")
VIET_NAM = [102.0, 8.0, 110.0, 24.0]


@dataclass
class TablePlan:
    """The reading of one table; `target` is empty where the table is left out, and `why` says why.

    `known` names the program that wrote it; `left_out` are rows that are no data: column, values, reason.
    `unread` are columns that seem to hold a date or a place and are taken for nothing. `joins` says what a table
    without a target gives to the others: from its column `value`, by its column `by`, to their `term` and `to`.
    """

    table: str
    target: str = ""
    why: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    key: list[str] = field(default_factory=list)
    crs: str = ""
    date_order: str = ""
    short_years: str = ""
    extent: list[float] | None = None
    id_column: str | None = None
    core_id_column: str | None = None
    known: str = ""
    left_out: list[tuple[str, list[str], str]] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)
    joins: dict[str, str] = field(default_factory=dict)

    def terms(self) -> set[str]:
        return set(self.columns.values()) | set(self.constants)

    def dataset_code(self, plan: "Plan", target: Target) -> str:
        """Within what a source id is unique: the dataset, else the register itself."""
        return plan.dataset if target.in_dataset or target.key else target.name


@dataclass
class Plan:
    """The reading of a whole file into one dataset; `overwrite` lets it win over hand edits.

    `recognise` takes a row without an id for the standing record of the same name, day and place.
    """

    dataset: str = ""
    title: str = ""
    tables: list[TablePlan] = field(default_factory=list)
    overwrite: bool = False
    recognise: bool = False
    hint: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Plan":
        given = {f.name: data[f.name] for f in fields(cls) if f.name in data and f.name != "tables"}
        return cls(**given, tables=[TablePlan(**t) for t in data.get("tables", [])])

    def ordered(self) -> list[TablePlan]:
        """The tables in the order they must be read: what others point at comes first."""
        return sorted(self.tables, key=lambda t: TARGETS[t.target].rank if t.target else 99)


def propose(
    source: Source,
    target: str | None = None,
    dataset: str | None = None,
    mapping: Mapping[str, Any] | None = None,
    organisation: str = "",
) -> Plan:
    """The reading the system would choose, from what the file states, its headers and what people chose before."""
    mapping = mapping or {}
    stem = COPY.sub("", source.path.name.split(".")[0]) or source.path.name
    title = str(source.metadata.get("title") or stem)
    plan = Plan(
        dataset or stem, title, overwrite=bool(mapping.get("overwrite")),
        recognise=bool(mapping.get("recognise")), hint=dict(mapping.get("hint", {})),
    )  # fmt: skip
    taken: set[str] = set()
    for index, table in enumerate(source.tables):
        one = _table(table, target if len(source.tables) == 1 else None, source, target, organisation)
        if one.target and table.core_id_column and one.target in taken and index:
            one.target, one.why = "", _("Bảng phụ lặp lại loại của bảng chính (bản gốc chưa xử lý).")
        taken.add(one.target)
        _ask(one, table, {k: v for k, v in mapping.items() if k in _ASKABLE})
        _ask(one, table, mapping.get("tables", {}).get(table.name, {}))
        plan.tables.append(one)
    _parents(plan, source)
    _joins(plan, source)
    for one in plan.tables:
        one.unread = unread(source.table(one.table), one) if one.target else {}
    return plan


_ASKABLE = {"target", "columns", "constants", "values", "key", "crs", "date_order", "short_years", "extent"}


def _ask(one: TablePlan, table: Table, asked: Mapping[str, Any]) -> None:
    for name, value in asked.items():
        if name == "columns":
            one.columns.update({c: t for c, t in value.items() if c in table.columns})
        elif name in {"constants", "values"}:
            getattr(one, name).update(value)
        else:
            setattr(one, name, value)
    if asked.get("target"):
        one.why = ""


def _table(
    table: Table, forced: str | None, source: Source, only: str | None, organisation: str
) -> TablePlan:
    headers = {c: re.split(r"[/#]", c)[-1] if "://" in c else c for c in table.columns}
    known_type = (
        table.row_type_name in {n for t in TARGETS.values() for n in t.row_types} or table.core_id_column
    )
    row_type = table.row_type_name if known_type else ""
    program = known.recognise(table.columns) if source.kind != "dwca" else None
    columns = _proposed(table, headers, row_type, source.kind, program)
    stated = source.kind == "dwca" and bool(row_type)
    if not stated and (table.row_type_name == "Occurrence" or program):
        row_type = ""
    terms = set(columns.values()) | ({"_core"} if program and program.parent_column else set())
    terms |= {"_wkb"} if "_wkb" in table.schema.names else set()
    columns = _name_columns(table, _split_names(table, columns))
    terms = (terms - {"vernacularName", "scientificName"}) | set(columns.values())
    target = by_name(forced) if forced else best_for(row_type, terms)
    one = TablePlan(table.name, target.name if target else "", id_column=table.id_column,
                    core_id_column=table.core_id_column)  # fmt: skip
    if target is None:
        one.why = lacking(terms, row_type or table.row_type_name)
    if only and target is not None and len(source.tables) > 1 and not forced and only != target.name:
        wanted = by_name(only)
        if not wanted.in_dataset or not target.in_dataset:
            one.target, one.why = "", _("Không thuộc sổ đã chọn.")
    one.columns = _own_key(target, _alike(table, columns) if target and source.kind != "dwca" else columns)
    if program is not None:
        one.known, one.left_out = program.name, [(c, list(v), why) for c, v, why in program.left_out]
        one.id_column = one.id_column or program.id_column
        if "occurrenceID" not in one.columns.values() and target is not None and program.key:
            one.key = list(program.key)
    if target is not None and not target.row_types:
        one.columns = _own_headers(target, table)
    one.columns.update(_remembered(one.target, table, organisation))
    one.values = _remembered_values(one.target, organisation)
    one.extent = _extent(table, one)
    if one.target and (chosen := by_name(one.target)).propose is not None:
        chosen.propose(one, table)
    return one


def _alike(table: Table, columns: dict[str, str]) -> dict[str, str]:
    """A second column that surely means the name too fills the blanks of the first."""
    if "scientificName" not in columns.values():
        return columns
    more = {}
    for column in table.columns:
        told = dwc.propose([column])[0]
        if column not in columns and told.term == "scientificName" and told.confidence >= 0.78:
            more[column] = "scientificName"
    return {**columns, **more}


def lacking(terms: set[str], row_type: str = "") -> str:
    """Why no register takes a table, and what a person may do about it."""
    told = [t.lacking(terms) for t in TARGETS.values() if t.lacking is not None]
    why = next((w for w in told if w), "")
    if why and not row_type:
        return why
    return _("Chưa có sổ nào nhận loại bảng này; chọn sổ và nghĩa các cột nếu muốn nhập.")


def _proposed(
    table: Table, headers: Mapping[str, str], row_type: str, kind: str, program: known.Known | None
) -> dict[str, str]:
    """The term each column seems to mean: what the file states, then its header, then what field apps write."""
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


def _own_headers(target: Target, table: Table) -> dict[str, str]:
    """Columns headed by a field's label, name or alias, as the register's own template has them."""
    known: dict[str, str] = {}
    for one in target.fields:
        known |= dict.fromkeys((dwc.plain(str(one.label)), dwc.plain(one.term)), one.term)
    known |= {dwc.plain(alias): term for alias, term in target.aliases.items()}
    found: dict[str, str] = {}
    for column in table.columns:
        term = known.get(dwc.plain(column))
        if term and term not in found.values():
            found[column] = term
    return found


def _own_key(target: Target | None, columns: dict[str, str]) -> dict[str, str]:
    """A column headed only "id" or "code" means the target's own key; one that names another thing never does."""
    if target is None or not target.key or target.key in columns.values():
        return columns
    known_terms = {f.term for f in target.fields}
    for column, term in columns.items():
        if term == "occurrenceID" and term not in known_terms and not NAMED_KEY.search(dwc.plain(column)):
            return {**columns, column: target.key}
    return columns


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
        cells = [v.strip() for v in table.sample(200).column(column).to_pylist() if v and v.strip()]
        share = sum(bool(LATIN.match(v)) for v in cells) / len(cells) if cells else 0.5
        if (latin and share > 0.6) or (not latin and cells and not any(v.isascii() for v in cells)):
            return {**columns, column: other}
    return columns


def _split_names(table: Table, columns: dict[str, str]) -> dict[str, str]:
    """A column called species beside one called genus holds an epithet where its cells are single small words."""
    terms = {t: c for c, t in columns.items()}
    column = terms.get("scientificName")
    if column and "genus" in terms and "specificEpithet" not in terms:
        cells = [v for v in table.sample(200).column(column).to_pylist() if v]
        if cells and sum(bool(EPITHET.match(v.strip())) for v in cells) > 0.9 * len(cells):
            columns[column] = "specificEpithet"
    return columns


def _parents(plan: Plan, source: Source) -> None:
    """Children of a form's repeats point at their parents by index where they do not carry the parent's key."""
    names = {t.table: t for t in plan.tables}
    for table in source.tables:
        one = names[table.name]
        if one.target and not one.core_id_column and "eventID" not in one.columns.values():
            above = PARENT.get(one.known)
            if above and above[0] in table.columns:
                one.core_id_column = above[0]
                for other in plan.tables:
                    if other is not one and above[1] in source.table(other.table).columns and other.target:
                        other.id_column = other.id_column or above[1]


def _joins(plan: Plan, source: Source) -> None:
    """Tables of media give their links to the rows they belong to."""
    for one in plan.tables:
        table = source.table(one.table)
        value = next((c for c in table.columns if re.split(r"[/#:]", c)[-1] in MEDIA), None)
        main = next((t for t in plan.tables if t.target and t is not one and t.target in MEDIA_OF), None)
        if one.target or value is None or main is None:
            continue
        by = table.core_id_column or next((k for k in MEDIA_KEYS if k in table.columns), None)
        on = "_core" if table.core_id_column else by
        if by is None or (on != "_core" and on not in source.table(main.table).columns):
            continue
        one.joins = {"to": main.target, "term": "associatedMedia", "by": by, "on": str(on), "value": value}
        one.why = _("Liên kết ảnh được ghi vào các dòng của bảng “%(table)s”.") % {"table": main.table}


COPY = re.compile(r"(?i)(?:\s*\(\d+\)|\s*[-–_]\s*(?:copy|bản sao|ban sao)(?:\s*\(?\d+\)?)?|\s+copy)+$")
MEDIA = {"identifier", "accessURI", "filePath"}
MEDIA_OF = {"observations.occurrence"}
MEDIA_KEYS = ("mediaID", "gbifID", "occurrenceID", "eventID")
PARENT = {"kobo_repeat": ("_parent_index", "_index"), "odk_repeat": ("PARENT_KEY", "KEY")}
DATES = ("eventDate", "startDate", "verbatimEventDate", "year")
PLACES = ("decimalLatitude", "verbatimLatitude", "verbatimCoordinates", "footprintWKT", "municipality")
PAIR = re.compile(r"^\W*-?\d{1,3}[.,°º]\d+.*[,;\s].*\d{1,3}[.,°º]\d+")


def unread(table: Table, one: TablePlan) -> dict[str, str]:
    """Columns that no term takes though most of their cells read as dates or as pairs of coordinates."""
    terms, found = one.terms(), {}
    free = [c for c in table.columns if one.columns.get(c) in {None, "", "eventTime"} and c not in one.key]
    if not free or (terms & set(DATES) and (terms & set(PLACES) or "_wkb" in table.schema.names)):
        return {}
    sample = table.sample(100)
    for column in free:
        cells = [v for v in sample.column(column).to_pylist() if v and v.strip()]
        if not cells:
            continue
        if not terms & set(DATES):
            read = dates.parse(cells)
            sure = sum(
                p not in {"", "year", "month"} and any(s in t for s in "-/. ,")
                for p, t in zip(read.precision, cells, strict=True)
            )
            if sure > 0.6 * len(cells):
                found[column] = "date"
        if (
            column not in found
            and not terms & set(PLACES)
            and sum(bool(PAIR.match(v)) for v in cells) > 0.6 * len(cells)
        ):
            found[column] = "place"
    return found


def _remembered(target: str, table: Table, organisation: str) -> dict[str, str]:
    """What people of the body, else of the programme, decided before about columns with these headers."""
    rows = Remembered.objects.filter(kind="column", target=target, written__in=table.columns)
    mine = rows.filter(organisation__in={"", organisation}).order_by("organisation")
    return {r.written: r.meant for r in mine if r.meant}


def _remembered_values(target: str, organisation: str) -> dict[str, dict[str, str]]:
    """What people decided before about coded values nobody knew."""
    found: dict[str, dict[str, str]] = {}
    rows = Remembered.objects.filter(kind="value", target__startswith=f"{target}:")
    mine = rows.filter(organisation__in={"", organisation}).order_by("organisation")
    for row in mine if target else ():
        found.setdefault(row.target.partition(":")[2], {})[row.written] = row.meant
    return found


def _extent(table: Table, one: TablePlan) -> list[float] | None:
    """Viet Nam where most of the first coordinates lie in it, so that swapped ones stand out; else no limit."""
    terms = {t: c for c, t in one.columns.items()}
    if "decimalLongitude" not in terms or "decimalLatitude" not in terms:
        return None
    sample = table.sample(500)
    inside = given = 0
    for x, y in zip(
        sample.column(terms["decimalLongitude"]).to_pylist(),
        sample.column(terms["decimalLatitude"]).to_pylist(),
        strict=True,
    ):
        try:
            lon, lat = float(x.replace(",", ".")), float(y.replace(",", "."))
        except (AttributeError, ValueError):
            continue
        given += 1
        inside += VIET_NAM[0] <= lon <= VIET_NAM[2] and VIET_NAM[1] <= lat <= VIET_NAM[3]
    return list(VIET_NAM) if given and inside >= 0.7 * given else None


def remember(actor: Actor, organisation: str, plan: Plan, proposed: Plan) -> int:
    """Columns and values that a person changed are proposed that way to the same body; how many are new.

    Whoever may not bring rows into a register teaches nothing about it. Each decision is an audit event.
    """
    before = {t.table: t for t in proposed.tables}
    kept = 0
    for table in plan.tables:
        if not table.target or not actor.scopes(by_name(table.target).verb):
            continue
        old = before.get(table.table)
        for column, term in table.columns.items():
            if old is None or old.columns.get(column) != term:
                kept += _keep(actor, organisation, "column", table.target, column, term)
        for term, pairs in table.values.items():
            for written, meant in pairs.items():
                if old is None or old.values.get(term, {}).get(written) != meant:
                    kept += _keep(actor, organisation, "value", f"{table.target}:{term}"[:80], written, meant)
    return kept


def _keep(actor: Actor, organisation: str, kind: str, target: str, written: str, meant: str) -> bool:
    where = {"kind": kind, "target": target, "written": written[:300], "organisation": organisation[:40]}
    with transaction.atomic():
        known = Remembered.objects.filter(**where).first()
        if known is not None and known.meant == meant[:300]:
            return False
        told = {"meant": meant[:300], "actor_name": actor.actor_name}
        Remembered.objects.update_or_create(defaults=told, **where)  # type: ignore[arg-type]
        audit.write(
            actor,
            by_name(target.partition(":")[0]).verb,
            register="kit.remembered",
            object_name=f"{kind} {target} {written}",
            old=None if known is None else {"meant": known.meant},
            new={"meant": meant[:300]},
        )
    return True
