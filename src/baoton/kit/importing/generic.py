"""Bringing rows into any register that declares its form: the same fields, the same derived columns."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import formats
from baoton.kit.importing import database
from baoton.kit.importing.chunk import Chunk
from baoton.kit.importing.target import TARGETS, Field, Target, register
from baoton.kit.kinds.cells import fold
from baoton.kit.reading.filters import Area
from baoton.kit.reading.register import Register

KINDS = {
    "IntegerField": "integer", "PositiveIntegerField": "integer", "PositiveSmallIntegerField": "integer",
    "SmallIntegerField": "integer", "BigIntegerField": "integer", "FloatField": "number",
    "DecimalField": "number", "BooleanField": "boolean", "DateField": "day",
}  # fmt: skip
FEW = 5_000


def of(book: Register) -> Target:
    """The register takes rows from files: a column a form field, its template, its verb `<name>.import`."""
    if book.name in TARGETS:
        return TARGETS[book.name]
    fields = [_field(book, name) for name in book.fields]
    if book.located:
        fields += [
            Field("decimalLongitude", gettext_lazy("kinh độ")),
            Field("decimalLatitude", gettext_lazy("vĩ độ")),
        ]
    columns = {c.name: c.term for c in book.export if c.term}
    return register(
        Target(
            name=book.name,
            model=book.model,
            label=book.label,
            fields=fields,
            in_dataset=False,
            rank=50,
            prepare=partial(_prepare, book),
            aliases={str(columns[f.term]): f.term for f in fields if f.term in columns},
        )
    )


def _field(book: Register, name: str) -> Field:
    """One form field as a column: its label is its header, its choices the values it may hold."""
    field: Any = book.model._meta.get_field(name)
    label = getattr(field, "verbose_name", name)
    required = not getattr(field, "blank", False) and not field.null
    if name == "area_path" or field.is_relation:
        return Field(name, label, required=required)
    if getattr(field, "choices", None):
        known = {str(k): str(k) for k, _label in field.choices}
        spelt = pl.Series([*known, *(str(text) for _k, text in field.choices)])
        stored = [*known, *known]
        return Field(
            name, label, name, "code", required, dict(zip(fold(spelt).to_list(), stored, strict=True))
        )
    return Field(name, label, name, KINDS.get(field.get_internal_type(), "text"), required)


def _prepare(book: Register, chunk: Chunk) -> None:
    """The chunk's rows have their commune, what they point at, and every column that a saved form would derive."""
    for name in book.fields:
        field = book.model._meta.get_field(name)
        if name == "area_path":
            _area(book, chunk)
        elif field.is_relation and chunk.has(name):
            _related(chunk, name, field)
    if book.located:
        _place(chunk)
    _derive(book, chunk)


def _place(chunk: Chunk) -> None:
    raise NotImplementedError(f"{chunk.target.name}: a register with a place declares its own import target")


def _area(book: Register, chunk: Chunk) -> None:
    """The commune by its name or its code; without a column, the only commune the officer is granted."""
    scopes = {s.area_path for s in chunk.run.actor.scopes(chunk.target.verb)}
    if not chunk.has("area_path"):
        only = scopes.pop() if len(scopes) == 1 else ""
        if only:
            chunk.put("area_path", pl.Series([only]).new_from_index(0, chunk.n))
        return
    area = next((f for f in book.filters if isinstance(f, Area)), None)
    choices = [] if area is None else [(p, label) for p, label in area.choices() if not area.is_former(p)]
    known: dict[str, set[str]] = {}
    for path, label in choices:
        words = str(label).split(" (")[0]
        spelt = fold(pl.Series([words, " ".join(words.split()[1:]), path, path.split("/")[-1]]))
        for text in spelt.to_list():
            known.setdefault(text, set()).add(path)
    text = chunk.text("area_path")
    folded = fold(text)
    found = folded.replace_strict(
        {k: min(v) for k, v in known.items() if len(v) == 1}, default=None, return_dtype=pl.String
    )
    twice = folded.is_in([k for k, v in known.items() if len(v) > 1]).fill_null(False)
    chunk.refuse(
        twice, "area_path", "ambiguous_area", _("Tên này của nhiều đơn vị; ghi mã xã, phường thay cho tên.")
    )
    unknown = text.is_not_null() & found.is_null() & ~twice
    chunk.refuse(unknown, "area_path", "unknown_area", _("Không có xã, phường này; ghi đúng tên hoặc mã."))
    chunk.put("area_path", found)


def _related(chunk: Chunk, name: str, field: Any) -> None:
    """A row of another table by its key or its printed name; only tables short enough to be read whole."""
    rows = list(field.related_model._default_manager.all()[: FEW + 1])
    if len(rows) > FEW:
        chunk.keep(name)
        return
    known = {str(r.pk): r.pk for r in rows} | {str(r): r.pk for r in rows}
    text = chunk.text(name)
    chunk.refuse(
        text.is_not_null() & ~text.is_in(list(known)), name, "unknown_value", _("Không có giá trị này.")
    )
    keys = {k: getattr(v, "hex", v) for k, v in known.items()}
    chunk.put(field.attname, text.replace_strict(keys, default=None, return_dtype=pl.String))


def _derive(book: Register, chunk: Chunk) -> None:
    """Each row passes as an object through the register's own preparation and the table's constraints.

    An object a row: the books this serves have thousands of rows, not millions.
    """
    model, fields = book.model, database.fields_of(book.model)
    start = database.defaults(model)
    told: dict[int, str] = {}
    made: list[Any] = []
    for i in range(chunk.n):
        record = model()
        for name, series in chunk.out.items():
            value = series[i]
            setattr(record, name, value if value is not None or fields[name].null else start[name])
        made.append(record)
        if chunk.problems.refused[i]:
            continue
        if book.prepare:
            book.prepare(record)
        try:
            record.clean()
            record.validate_constraints()
        except ValidationError as error:
            told[i] = "; ".join(error.messages)
    if told:
        bad = pl.Series([i in told for i in range(chunk.n)])
        chunk.refuse(bad, next(iter(chunk.columns), ""), "constraint", list(told.values()))
    for name, field in fields.items():
        if name in chunk.out or name in {
            "id",
            "revision",
            "batch",
            "withdrawn",
            "organisation",
            "source_hash",
        }:
            continue
        values = [getattr(r, name) for r in made]
        if any(v not in (None, "", {}) and v != start[name] for v in values):
            chunk.put(name, pl.Series(name, [database.as_kept(field, v) for v in values]), derived=True)


def template(target: Target, path: Path) -> None:
    """An Excel file to fill in: one sheet with the headers, one that says what each may hold."""
    headers = [str(f.label) for f in target.fields]
    empty = pa.table({h: pa.array([], pa.string()) for h in headers}).to_batches() or [
        pa.RecordBatch.from_pydict({h: pa.array([], pa.string()) for h in headers})
    ]

    def told() -> Iterator[pa.RecordBatch]:
        kinds = {
            "text": _("chữ"), "integer": _("số nguyên"), "number": _("số"), "boolean": _("có hoặc không"),
            "day": _("ngày, như 31/01/2026"), "code": _("một trong các giá trị"),
        }  # fmt: skip
        yield pa.RecordBatch.from_pydict(
            {
                _("cột"): headers,
                _("mã"): [f.term for f in target.fields],
                _("bắt buộc"): [_("có") if f.required else "" for f in target.fields],
                _("kiểu"): [str(kinds[f.kind]) for f in target.fields],
                _("giá trị"): ["; ".join(dict.fromkeys(map(str, f.values))) for f in target.fields],
            }
        )

    formats.write_xlsx(path, {_("nhập"): empty, _("giải thích"): told()})
