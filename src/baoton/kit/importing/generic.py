"""Bringing rows into any register: read by its fields' kinds and cleaned by the same rules as its form."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
import pyarrow as pa
import shapely
from django.core.exceptions import ValidationError
from django.db.models import UniqueConstraint
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import formats
from baoton.kit.importing import database
from baoton.kit.importing.chunk import Chunk
from baoton.kit.importing.keys import source_ids
from baoton.kit.importing.target import TARGETS, Family, Field, InDataset, Key, Suits, Target, Tells, register
from baoton.kit.importing.values import Telling
from baoton.kit.kinds.area import Area, only_area
from baoton.kit.kinds.base import WORDS, Kind
from baoton.kit.kinds.geometry import sound
from baoton.kit.kinds.link import Link
from baoton.kit.kinds.shape import Shape
from baoton.kit.kinds.words import as_text
from baoton.kit.reading.register import REGISTERS, Register
from baoton.kit.writing import write
from formats.placing import FOOTPRINT, LATITUDE, LONGITUDE

PLACE = (LONGITUDE, LATITUDE, FOOTPRINT)
KEPT = {"id", "revision", "batch", "withdrawn", "organisation", "source_hash"}


def open_books() -> None:
    """Every register with the verb `import` takes rows from files, unless its app declared a target of its own."""
    for book in REGISTERS.values():
        if "import" in book.verbs and book.name not in TARGETS:
            of(book)


def of(
    book: Register,
    *,
    key: Key | None = None,
    suits: Suits | None = None,
    refers: Sequence[str] = (),
    inherit: Sequence[str] = (),
    before: Callable[[Chunk], None] | None = None,
    after: Callable[[Chunk], None] | None = None,
) -> Target:
    """The register takes rows from files: a column a field it asks, its template, its verb `<name>.import`.

    An app that knows more of its files gives the `key`, what `suits`, the books of the same file that its links may
    point at (`refers`), the columns those may take from here (`inherit`), a look at the words `before` they are
    read, and one `after` at the rows that may stand.
    """
    fields = [f for kind in book.asked if kind.filed or isinstance(kind, Shape) for f in _fields(kind)]
    return register(
        Target(
            name=book.name,
            model=book.model,
            label=book.label,
            fields=fields,
            dataset=InDataset(held=False),
            key=key or Key(),
            suits=suits or Suits(rank=50, aliases={k.term: k.name for k in book.asked if k.term}),
            prepare=partial(_prepare, book, before, after),
            family=Family(refers=tuple(refers), inherit=tuple(inherit)),
            tells=Tells(place_terms=(LATITUDE,) if book.located else ()),
        )
    )


def _fields(kind: Kind) -> list[Field]:
    """One field as what a column may mean; a place is two coordinates or a shape."""
    if isinstance(kind, Shape):
        lon, lat, shape = gettext_lazy("kinh độ"), gettext_lazy("vĩ độ"), gettext_lazy("hình (WKT)")
        return [Field(t, label, kind="number") for t, label in zip(PLACE, (lon, lat, shape), strict=True)]
    values = {str(text): key for key, text in kind.listed} if kind.word == "code" else {}
    return [
        Field(kind.name, kind.heading, kind=kind.word, required=kind.needed, values=values, help=kind.help)
    ]


def _prepare(
    book: Register,
    before: Callable[[Chunk], None] | None,
    after: Callable[[Chunk], None] | None,
    chunk: Chunk,
) -> None:
    """The chunk's rows hold what each kind reads, and every column that a saved form would derive."""
    if before is not None:
        before(chunk)
    linked: dict[str, list[Any]] = {}
    for kind in book.asked:
        if isinstance(kind, Shape):
            _place(kind, chunk)
        elif isinstance(kind, Area) and not chunk.has(kind.name):
            if only := only_area(chunk.run.actor, chunk.target.verb):
                chunk.put(kind.attname, pl.Series([only]).new_from_index(0, chunk.n))
        elif isinstance(kind, Link) and chunk.has(kind.name) and _in_file(kind, chunk):
            linked[kind.name] = _link(kind, chunk)
        elif chunk.has(kind.name):
            tell = Telling(chunk, kind.name)
            chunk.put(kind.attname, kind.read(chunk.text(kind.name), tell, chunk.run.actor))
    _unread(chunk)
    _derive(book, chunk, linked)
    if after is not None:
        after(chunk)


def _in_file(kind: Link, chunk: Chunk) -> bool:
    """Whether rows of this file may be what the link means."""
    return kind.to in chunk.target.family.refers and chunk.run.has(kind.to)


def _link(kind: Link, chunk: Chunk) -> list[Any]:
    """The rows of this file that the cells name, each as it was made; other cells name rows of the book, as ever."""
    keys = chunk.text(kind.name)
    found = chunk.run.refs[kind.to].find(keys)
    good = found["ok"].fill_null(False) & found["id"].is_not_null()
    stored = kind.found(keys.filter(~good).drop_nulls().unique().to_list(), chunk.run.actor)
    bad = keys.is_not_null() & ~good & ~keys.is_in([w for w, k in stored.items() if len(k) == 1])
    refused = bad & found["row"].is_not_null()
    told = _("Mã này chỉ dòng %(row)d, mà dòng đó bị từ chối; sửa dòng đó trước.")
    rows = found["row"].filter(refused).to_list()
    chunk.refuse(refused, kind.name, "points_at_refused", [told % {"row": r} for r in rows])
    nowhere = _("Mã này không có trong tệp lẫn trong sổ; thêm dòng đó, hoặc để trống.")
    chunk.refuse(bad & ~refused, kind.name, "points_nowhere", nowhere)
    chunk.bar(good & found["barred"].fill_null(False), kind.name, kind.attname)
    made: dict[int, Any] = chunk.run.held.get(f"made {kind.to}", {})
    ids, linked = [], []
    for word, fine, pk, row in zip(keys, good, found["id"], found["row"], strict=True):
        one = made.get(row) if fine else None
        if one is not None:
            one.pk = UUID(pk)
        ids.append(pk if fine else next(iter(stored.get(word, ())), None))
        linked.append(one)
    chunk.put(kind.attname, pl.Series(ids, dtype=pl.String))
    return linked


def _unread(chunk: Chunk) -> None:
    """Columns that no field of the book takes are told, never dropped without a word."""
    for name, series in chunk.extra.items():
        told = _("Sổ này không có cột “%(name)s”; các ô của cột không được nhập.") % {"name": name}
        chunk.note("unread_column", name, series.is_not_null(), told)


def _place(kind: Shape, chunk: Chunk) -> None:
    """The geometry of each row as WKB: the file's own, a written shape, else the point of two coordinates."""
    shapes: list[Any] = [None] * chunk.n
    if chunk.wkb is not None:
        shapes = [None if b is None else shapely.from_wkb(b) for b in chunk.wkb.to_list()]
    if chunk.has(FOOTPRINT):
        read = kind.read(chunk.text(FOOTPRINT), Telling(chunk, FOOTPRINT), chunk.run.actor)
        shapes = [
            s if b is None else shapely.from_wkb(b) for s, b in zip(shapes, read.to_list(), strict=True)
        ]
    lon, lat = chunk.text(LONGITUDE).to_list(), chunk.text(LATITUDE).to_list()
    bad: dict[int, str] = {}
    lost = _unplaced(chunk)
    for i in range(chunk.n):
        if shapes[i] is None and lon[i] is None and lat[i] is None:
            if lost:
                bad[i] = lost
            continue
        try:
            shapes[i] = kind.typed(lon[i], lat[i]) if shapes[i] is None else kind.fits(sound(shapes[i]))
        except ValidationError as error:
            bad[i] = " ".join(error.messages)
    own = chunk.wkb is not None and not chunk.has(LATITUDE) and not chunk.has(FOOTPRINT)
    _refuse(chunk, "_wkb" if own else LATITUDE, "unreadable_coordinate", bad)
    chunk.put("geom", pl.Series([None if s is None else shapely.to_wkb(s) for s in shapes], dtype=pl.Binary))


def _unplaced(chunk: Chunk) -> str:
    """What is said of the shapes of a layer in a system nobody stated; empty where it has none."""
    table = next((t for t in chunk.run.source.tables if t.name == chunk.plan.table), None)
    if table is None or not table.metadata.get("raw"):
        return ""
    return _("Lớp bản đồ không nói hệ toạ độ (thiếu tệp .prj); chọn hệ toạ độ ở bước cột rồi kiểm tra lại.")


def _refuse(chunk: Chunk, term: str, rule: str, told: dict[int, str]) -> None:
    if told:
        chunk.refuse(pl.Series([i in told for i in range(chunk.n)]), term, rule, list(told.values()))


def _derive(book: Register, chunk: Chunk, linked: Mapping[str, list[Any]]) -> None:
    """Each row passes as an object through the same cleaning and settling as a saved form.

    An object a row: the books this serves have thousands of rows, not millions.
    """
    model, fields = book.model, database.fields_of(book.model)
    start = database.defaults(model)
    told: dict[str, dict[int, str]] = {}
    made: list[Any] = []
    own, first = _standing(chunk), next(iter(chunk.columns), "")
    for i in range(chunk.n):
        record = model()
        if own:
            record.organisation = chunk.run.organisation
        if own and own[i]:
            record.pk, record._state.adding = UUID(own[i]), False
        for name, series in chunk.out.items():
            value = series[i]
            if name == "geom":
                book_shape(book).put(record, value)
            else:
                if isinstance(value, str) and fields[name].get_internal_type() == "JSONField":
                    value = json.loads(value)
                setattr(record, name, value if value is not None or fields[name].null else start[name])
        known = [name for name, rows in linked.items() if rows[i] is not None]
        for name in known:
            setattr(record, name, linked[name][i])
        made.append(record)
        if chunk.problems.refused[i]:
            continue
        try:
            write.clean(book, record, known=known)
        except ValidationError as error:
            named = (name for name in error.update_error_dict({}) if name in chunk.columns)
            told.setdefault(next(named, first), {})[i] = "; ".join(_said(book, error))
            continue
        if again := _again(chunk, record):
            told.setdefault(first, {})[i] = again
    for term, rows in told.items():
        _refuse(chunk, term, "constraint", rows)
    if book.name in chunk.run.refs:
        here = chunk.run.held.setdefault(f"made {book.name}", {})
        here |= dict(zip(chunk.rows.tolist(), made, strict=True))
    good = [r for r, bad in zip(made, chunk.problems.refused, strict=True) if not bad]
    write.settle(book, good)
    stood = _stood(book, chunk, made)
    for name, field in fields.items():
        settled = name == "geom" or (name == "area_path" and name in chunk.derived)
        if name in KEPT or (name in chunk.out and not settled):
            continue
        values = [getattr(r, name) for r in made]
        fresh = name in chunk.out or any(v not in (None, "", {}) and v != start[name] for v in values)
        standing = {} if name in chunk.out else stood
        follows = {i: getattr(one.record, name) for i, one in standing.items() if values[i] == start[name]}
        if fresh or any(v != stood[i].was[name] for i, v in follows.items()):
            values = [follows.get(i, v) for i, v in enumerate(values)]
            chunk.put(name, _column(field, values), derived=name != "geom" and name not in chunk.out)


def _standing(chunk: Chunk) -> list[str]:
    """The key of the record that each row is already, "" for a new one, where its app tells whose rows are the same:
    what must be unique may then be there once, as that record."""
    if chunk.target.key.identify is None:
        return []
    ids = _ids(chunk)
    there = {_hex(row[0]) for row in database.select_by(chunk.target.model, ["id"], "id", ids)}
    return [pk if pk in there else "" for pk in ids]


def _ids(chunk: Chunk) -> list[str]:
    """The key of the record that each row is, or would be."""
    space = chunk.plan.key_space(chunk.run.plan, chunk.target, chunk.run.dataset_id)
    ids, identify = source_ids(space, chunk.keys), chunk.target.key.identify
    return (ids if identify is None else identify(chunk, ids)).to_list()


@dataclass(frozen=True)
class Stood:
    """A row that stands already: its columns as they were, and the record as the file would leave it."""

    was: Mapping[str, Any]
    record: Any


def _stood(book: Register, chunk: Chunk, made: Sequence[Any]) -> dict[int, Stood]:
    """The rows that stand already, by their place in the chunk, with what follows from the file worked out over them:
    what a new row holds by default may be a change of a standing one."""
    if chunk.target.key.column:
        return {}
    ids, fields = _ids(chunk), database.fields_of(book.model)
    there = {one.pk.hex: one for one in book.model._default_manager.filter(pk__in=[i for i in ids if i])}
    found: dict[int, Stood] = {}
    for i, pk in enumerate(ids):
        record = there.pop(_hex(pk).replace("-", ""), None) if pk else None
        if record is None or chunk.problems.refused[i]:
            continue
        was = {name: getattr(record, name) for name in fields}
        for name in chunk.out:
            setattr(record, name, getattr(made[i], name))
        try:
            book.derive(record)
        except ValidationError:
            for name, value in was.items():
                setattr(record, name, value)
        found[i] = Stood(was, record)
    return found


def _hex(value: Any) -> str:
    return value.hex if isinstance(value, UUID) else str(value)


def _again(chunk: Chunk, record: Any) -> str:
    """Why a row cannot stand beside one above it in the same file: what must be unique would be there twice."""
    for rule in record._meta.constraints:
        if not isinstance(rule, UniqueConstraint) or not rule.fields:
            continue
        values = tuple(str(getattr(record, record._meta.get_field(f).attname)) for f in rule.fields)
        if any(getattr(record, record._meta.get_field(f).attname) is None for f in rule.fields):
            continue
        seen = chunk.run.held.setdefault(f"unique {rule.name}", set())
        if values in seen:
            return str(rule.violation_error_message)
        seen.add(values)
    return ""


def _column(field: Any, values: Sequence[Any]) -> pl.Series:
    if field.get_internal_type() == "BinaryField":
        return pl.Series(field.attname, [None if v is None else bytes(v) for v in values], dtype=pl.Binary)
    return pl.Series(field.attname, [database.as_kept(field, v) for v in values])


def book_shape(book: Register) -> Shape:
    """The field that holds the register's place."""
    return next(k for k in book.asked if isinstance(k, Shape))


def _said(book: Register, error: ValidationError) -> Iterator[str]:
    """Each problem with the name of its field, as the form would show it beside the box."""
    for name, problems in error.update_error_dict({}).items():
        kind = book.field(name)
        for one in problems:
            for message in one.messages:
                yield f"{kind.heading}: {message}" if kind is not None else message


def template(target: Target, path: Path) -> None:
    """An Excel file to fill in: one sheet with the headers, one that says what each may hold."""
    headers = [str(f.label) for f in target.fields]
    empty = pa.table({h: pa.array([], pa.string()) for h in headers}).to_batches() or [
        pa.RecordBatch.from_pydict({h: pa.array([], pa.string()) for h in headers})
    ]

    def told() -> Iterator[pa.RecordBatch]:
        yield pa.RecordBatch.from_pydict(
            {
                _("cột"): headers,
                _("mã"): [f.term for f in target.fields],
                _("bắt buộc"): [as_text(True) if f.required else "" for f in target.fields],
                _("kiểu"): [str(WORDS.get(f.kind, f.kind)) for f in target.fields],
                _("giá trị"): ["; ".join(dict.fromkeys(map(str, f.values))) for f in target.fields],
            }
        )

    formats.write_xlsx(path, {_("nhập"): empty, _("giải thích"): told()})
