"""How one file is to be read: which table goes where, what each column means, what makes a row the same row again."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from django.utils.translation import gettext as _

from baoton.kit.importing.target import TARGETS, Target, best_for, by_name
from baoton.kit.models import Remembered
from formats import Source, Table, dwc

SURE = 0.55
NAMES = {"scientificName", "vernacularName", "genus"}
GPX = {"time": "eventDate", "name": "locality", "desc": "eventRemarks"}
FIELD_APPS = {"_latitude": "decimalLatitude", "_longitude": "decimalLongitude", "today": "eventDate"}
EPITHET = re.compile(r"^[a-zà-ÿ-]+$")
VIET_NAM = [102.0, 8.0, 110.0, 24.0]


@dataclass
class TablePlan:
    """The reading of one table; `target` is empty where the table is left out, and `why` says why."""

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

    def terms(self) -> set[str]:
        return set(self.columns.values()) | set(self.constants)

    def dataset_code(self, plan: "Plan", target: Target) -> str:
        """Within what a source id is unique: the dataset, else the register itself."""
        return plan.dataset if target.in_dataset or target.key else target.name


@dataclass
class Plan:
    """The reading of a whole file into one dataset; `overwrite` lets it win over hand edits."""

    dataset: str = ""
    title: str = ""
    tables: list[TablePlan] = field(default_factory=list)
    overwrite: bool = False
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
) -> Plan:
    """The reading the system would choose, from what the file states, its headers and what people chose before."""
    mapping = mapping or {}
    stem = source.path.name.split(".")[0]
    title = str(source.metadata.get("title") or stem)
    plan = Plan(
        dataset or stem, title, overwrite=bool(mapping.get("overwrite")), hint=dict(mapping.get("hint", {}))
    )
    taken: set[str] = set()
    for index, table in enumerate(source.tables):
        one = _table(table, target if len(source.tables) == 1 else None, source, target)
        if one.target and table.core_id_column and one.target in taken and index:
            one.target, one.why = "", _("Bảng phụ lặp lại loại của bảng chính (bản gốc chưa xử lý).")
        taken.add(one.target)
        _ask(one, table, {k: v for k, v in mapping.items() if k in _ASKABLE})
        _ask(one, table, mapping.get("tables", {}).get(table.name, {}))
        plan.tables.append(one)
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


def _table(table: Table, forced: str | None, source: Source, only: str | None) -> TablePlan:
    headers = {c: re.split(r"[/#]", c)[-1] if "://" in c else c for c in table.columns}
    known = table.row_type_name in {n for t in TARGETS.values() for n in t.row_types} or table.core_id_column
    row_type = table.row_type_name if known else ""
    columns = _proposed(table, headers, row_type, source.kind)
    if table.row_type_name == "Occurrence" and source.kind != "dwca" and not set(columns.values()) & NAMES:
        row_type = ""
    target = by_name(forced) if forced else best_for(row_type, columns.values())
    if target is None and not row_type and source.kind in {"vector", "gpx"}:
        target = best_for("", {*columns.values(), "_wkb"})
    one = TablePlan(table.name, target.name if target else "", id_column=table.id_column,
                    core_id_column=table.core_id_column)  # fmt: skip
    if target is None:
        one.why = _("Chưa có sổ nào nhận loại bảng này.")
    elif table.metadata.get("hidden") and not forced:
        one.target, one.why = "", _("Trang tính đang bị ẩn; chọn một sổ nếu muốn nhập.")
    if only and target is not None and len(source.tables) > 1 and not forced and only != target.name:
        wanted = by_name(only)
        if not wanted.in_dataset or not target.in_dataset:
            one.target, one.why = "", _("Không thuộc sổ đã chọn.")
    one.columns = _own_key(target, _split_names(table, columns))
    if target is not None and not target.row_types:
        one.columns = _own_headers(target, table)
    one.columns.update(_remembered(one.target, table))
    one.values = _remembered_values(one.target)
    one.extent = _extent(table, one)
    if one.target and (chosen := by_name(one.target)).propose is not None:
        chosen.propose(one, table)
    return one


def _proposed(table: Table, headers: Mapping[str, str], row_type: str, kind: str) -> dict[str, str]:
    """The term each column seems to mean: what the file states, then its header, then what field apps write."""
    proposals = {p.column: p for p in dwc.propose(list(headers.values()), row_type or None)}
    columns: dict[str, str] = {}

    def take(column: str, term: str | None) -> None:
        if term and term not in columns.values() and column not in columns:
            columns[column] = term

    if kind == "gpx":
        for column, term in GPX.items():
            take(column, term if column in headers else None)
    for column in headers:
        stated = table.terms.get(column)
        take(column, stated if stated in dwc.TERMS else None)
    for column, header in headers.items():
        found = proposals[header]
        take(column, found.term if found.confidence >= SURE else None)
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
    """An id column means the target's own key where the term it was taken for has no place there."""
    if target is None or not target.key or target.key in columns.values():
        return columns
    known = {f.term for f in target.fields}
    for column, term in columns.items():
        if term in {"occurrenceID", "eventID", "taxonID"} and term not in known:
            return {**columns, column: target.key}
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


def _remembered(target: str, table: Table) -> dict[str, str]:
    """What people decided before about columns with these headers."""
    rows = Remembered.objects.filter(kind="column", target=target, written__in=table.columns)
    return {r.written: r.meant for r in rows if r.meant}


def _remembered_values(target: str) -> dict[str, dict[str, str]]:
    """What people decided before about coded values nobody knew."""
    found: dict[str, dict[str, str]] = {}
    for row in Remembered.objects.filter(kind="value", target__startswith=f"{target}:") if target else ():
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


def remember(plan: Plan, proposed: Plan, actor_name: str) -> None:
    """Columns and values that a person changed are proposed that way the next time."""
    before = {t.table: t for t in proposed.tables}
    for table in plan.tables:
        old = before.get(table.table)
        for column, term in table.columns.items():
            if old is None or old.columns.get(column) != term:
                _keep("column", table.target, column, term, actor_name)
        for term, pairs in table.values.items():
            for written, meant in pairs.items():
                _keep("value", f"{table.target}:{term}"[:80], written, meant, actor_name)


def _keep(kind: str, target: str, written: str, meant: str, actor_name: str) -> None:
    Remembered.objects.update_or_create(
        kind=kind,
        target=target,
        written=written[:300],
        defaults={"meant": meant[:300], "actor_name": actor_name},
    )
