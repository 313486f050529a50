"""The reading the system would choose for a file: from what it states, its headers and what people chose before."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from baoton.kit.importing import own_files, questions, remembering
from baoton.kit.importing.plan import PROGRAM, Plan, TablePlan
from baoton.kit.importing.target import LEFT_OUT, OTHERS, TARGETS, Target, best_for, by_name
from formats import Source, Table, meaning, title_values

COPY = re.compile(r"(?i)(?:\s*\(\d+\)|\s*[-–_]\s*(?:copy|bản sao|ban sao)(?:\s*\(?\d+\)?)?|\s+copy)+$")
ASKABLE = {"target", "columns", "constants", "values", "key", "crs", "date_order", "short_years", "extent"}


def propose(
    source: Source,
    target: str | None = None,
    dataset: str | None = None,
    mapping: Mapping[str, Any] | None = None,
    organisation: str = "",
) -> Plan:
    """The plan of the file; `target` is the register it is meant for, `mapping` what a person corrects."""
    mapping = mapping or {}
    stem = COPY.sub("", source.path.name.split(".")[0]) or source.path.name
    title = str(source.metadata.get("title") or stem)
    plan = Plan(
        dataset or stem, title, overwrite=bool(mapping.get("overwrite")),
        recognise=bool(mapping.get("recognise")), hint=dict(mapping.get("hint", {})),
        accepted=list(mapping.get("accepted", ())),
    )  # fmt: skip
    taken: set[str] = set()
    for index, table in enumerate(source.tables):
        asked = {**mapping, **mapping.get("tables", {}).get(table.name, {})}.get("target", "")
        forced = asked if asked in TARGETS and not TARGETS[asked].suits.row_types else None
        forced = forced or (target if len(source.tables) == 1 or _speaks(table, target) else None)
        one = _table(table, forced, source, target, organisation)
        if one.target and table.core_id_column and one.target in taken and index:
            one.target, one.why = "", _("Bảng phụ lặp lại loại của bảng chính (bản gốc chưa xử lý).")
        taken.add(one.target)
        _ask(one, table, {k: v for k, v in mapping.items() if k in ASKABLE})
        _ask(one, table, mapping.get("tables", {}).get(table.name, {}))
        if table.metadata.get("hidden") and not asked and table.name not in plan.hint.get("sheets", ()):
            one.target, one.why = "", _("Trang tính đang bị ẩn; chọn một sổ cho nó nếu muốn nhập.")
        plan.tables.append(one)
    _parents(plan, source)
    _joins(plan, source)
    for one in plan.tables:
        one.unread = questions.unread(one, source)
    return plan


def _speaks(table: Table, name: str | None) -> bool:
    """Whether the table is one of the sheets of the chosen book: most of its columns are headed by the book's words."""
    if name is None or TARGETS[name].suits.row_types:
        return False
    known = meaning.own_headers(table, TARGETS[name].headers())
    return len(known) >= 2 and 2 * len(known) >= len(table.columns)


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
    if (stated := _by_program(table, only)) is not None:
        return stated
    found = meaning.read(source, table, {n for t in TARGETS.values() for n in t.suits.row_types})
    said = title_values.beside(table.metadata.get("said") or {}, found.terms)
    ours = None if source.kind == "dwca" else own_files.target_of(table)
    target = by_name(forced) if forced else ours or best_for(found.row_type, found.terms | said.keys())
    one = TablePlan(table.name, target.name if target else "", id_column=table.id_column,
                    core_id_column=table.core_id_column)  # fmt: skip
    if target is None:
        one.why = lacking(found.terms, found.row_type or table.row_type_name)
    if only and target is not None and len(source.tables) > 1 and not forced and only != target.name:
        wanted = by_name(only)
        if not wanted.dataset.held or not target.dataset.held:
            one.target, one.why = "", _("Không thuộc sổ đã chọn.")
    one.columns = _columns(target, table, source, found)
    if found.program is not None:
        one.known = found.program.name
        one.left_out = [(c, list(v), why) for c, v, why in found.program.left_out]
        one.id_column = one.id_column or found.program.id_column
        if target is not None:
            one.key = meaning.export_key(found.program, one.columns)
    if target is not None and not target.suits.row_types:
        one.columns = meaning.own_headers(table, target.headers())
    if target is not None and target.suits.row_types:
        one.constants = {t: v for t, (_h, v) in said.items()}
        one.titled = {t: h for t, (h, _v) in said.items()}
    one.columns.update(remembering.columns(one.target, table, organisation))
    one.values = remembering.values(one.target, organisation)
    if one.target and (chosen := by_name(one.target)).suits.propose is not None:
        chosen.suits.propose(one, table)
    if ours is not None and target is ours:
        own_files.take_back(one, ours, table)
    return one


def _by_program(table: Table, only: str | None) -> TablePlan | None:
    """The reading of a table of a program whose every column somebody knows; None for any other."""
    for target in TARGETS.values():
        if only in (None, target.name) and table.row_type_name in target.suits.programs:
            terms, key = target.suits.programs[table.row_type_name]
            others = terms.get(OTHERS)
            columns = {c: terms.get(c, c if others else LEFT_OUT) for c in table.columns}
            return TablePlan(table.name, target.name, columns=columns, key=list(key), known=PROGRAM)
    return None


def _columns(target: Target | None, table: Table, source: Source, found: meaning.Meaning) -> dict[str, str]:
    """The term of each column, in the words of whoever takes the table."""
    if target is None:
        return found.columns
    silent = found.program.silent if found.program else ()
    columns = found.columns if source.kind == "dwca" else meaning.alike(table, found.columns, silent)
    return meaning.own_key(columns, target.key.term, {f.term for f in target.fields})


def lacking(terms: frozenset[str], row_type: str = "") -> str:
    """Why no register takes a table, and what a person may do about it."""
    told = [t.suits.lacking(set(terms)) for t in TARGETS.values() if t.suits.lacking is not None]
    why = next((w for w in told if w), "")
    if why and not row_type:
        return why
    return _("Chưa có sổ nào nhận loại bảng này; chọn sổ và nghĩa các cột nếu muốn nhập.")


def _parents(plan: Plan, source: Source) -> None:
    """Children of a form's repeats point at their parents by index where they do not carry the parent's key."""
    names = {t.table: t for t in plan.tables}
    for table in source.tables:
        one = names[table.name]
        above = meaning.above(one.known, one.columns.values())
        if not one.target or one.core_id_column or above is None or above[0] not in table.columns:
            continue
        one.core_id_column = above[0]
        for other in plan.tables:
            if other is not one and above[1] in source.table(other.table).columns and other.target:
                other.id_column = other.id_column or above[1]


def _joins(plan: Plan, source: Source) -> None:
    """Tables of media give their links to the rows they belong to."""
    for one in plan.tables:
        table = source.table(one.table)
        found = None if one.target else meaning.media(table)
        takers = (t for t in plan.tables if t.target and t is not one and by_name(t.target).rest.media)
        main = next(takers, None)
        if found is None or main is None:
            continue
        value, by = found
        on = "_core" if table.core_id_column else by
        if on != "_core" and on not in source.table(main.table).columns:
            continue
        term = by_name(main.target).rest.media
        one.joins = {"to": main.target, "term": term, "by": by, "on": on, "value": value}
        one.why = _("Liên kết ảnh được ghi vào các dòng của bảng “%(table)s”.") % {"table": main.table}
