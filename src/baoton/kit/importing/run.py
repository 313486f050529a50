"""One file read, checked and decided upon, batch by batch; nothing is written to a register here."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from baoton.kit.access import Actor, Denied, Scope
from baoton.kit.importing import database, extras, headings, joining, questions, values
from baoton.kit.importing.chunk import Chunk, Mask, mask_of
from baoton.kit.importing.decide import Decision, decide
from baoton.kit.importing.keys import Ordinals, Seen, fingerprints, joined, source_ids
from baoton.kit.importing.notes import Notes
from baoton.kit.importing.outcome import Outcomes
from baoton.kit.importing.plan import PROGRAM, Plan, TablePlan
from baoton.kit.importing.refs import Refs
from baoton.kit.importing.scopes import covered, covered_in_part
from baoton.kit.importing.stage import Stage
from baoton.kit.importing.target import Target, by_name
from baoton.kit.jobs import Progress
from formats import Source, Table, known

ROWS = 25_000
READING_KIB = -40_000


class Run:
    """The reading of one file by one actor: what it found, what it decided, what waits to be written."""

    def __init__(
        self, actor: Actor, plan: Plan, source: Source, batch_id: str, organisation: str = ""
    ) -> None:
        self.actor, self.plan, self.source, self.batch_id = actor, plan, source, batch_id
        self.organisation = organisation
        self.notes, self.outcomes, self.stage = Notes(), Outcomes(), Stage()
        self.dataset_id: str | None = None
        self.closed = False  # the dataset is another body's: nothing new comes in, nothing hidden is told
        self.scopes: Sequence[Scope] = ()
        self.refs: dict[str, Refs] = {}
        self.keyed: dict[str, str] = {}
        self.seen: dict[str, Seen] = {}
        self.ordinals: dict[str, Ordinals] = {}
        self.held: dict[str, Any] = {}
        self.review: dict[str, Any] = {}
        self.joins: list[joining.Join] = []
        self.mapped: int | None = None
        self.cache: int | None = None
        self.targets = [by_name(t.target) for t in plan.ordered() if t.target]
        if self.targets and not any(actor.scopes(t.verb) for t in self.targets):
            raise Denied(actor, self.targets[0].verb)
        for target in self.targets:
            if target.dataset.open is not None:
                target.dataset.open(self)
        for name in {r for t in self.targets for r in t.family.refers}:
            self.refs[name] = Refs(self, by_name(name), self.dataset_id)

    def has(self, target: str) -> bool:
        """Whether some table of this file brings rows of that target."""
        return any(t.name == target for t in self.targets)

    def check(self, progress: Progress) -> None:
        """Every row of every table has its outcome; good rows wait in the stage."""
        # a mapped file counts as memory of the process, and looking keys up needs little of the database at a time
        self.mapped = database.pragma("mmap_size", 0)
        self.cache = database.pragma("cache_size", READING_KIB)
        done = 0
        self.joins = [
            joining.read(p, self.source.table(p.table)) for p in self.plan.tables if p.joins and not p.target
        ]
        counts = [t.count() for t in self.source.tables]
        total = None if any(c is None for c in counts) else sum(c or 0 for c in counts)
        for plan in self.plan.ordered():
            if plan.joins and not plan.target:
                self._joined(plan)
                continue
            table = next(t for t in self.source.tables if t.name == plan.table)
            reading = Reading(self, plan, table)
            for frame in frames(table):
                reading.take(frame)
                done += len(frame)
                progress(done, total, _("đang kiểm tra bảng %(table)s") % {"table": plan.table})

    def _joined(self, plan: TablePlan) -> None:
        """The rows of a table that gave a column to another say so; those that found nothing say that."""
        join = next(j for j in self.joins if j.plan is plan)
        good, bad = joining.joined_words(join.term)
        for rows, found in join.told(self.source.table(plan.table)):
            self.outcomes.leave_out(plan.table, rows.filter(found).to_numpy(), good, "joined")
            self.outcomes.leave_out(plan.table, rows.filter(~found).to_numpy(), bad, "not_joined")

    def forget(self) -> None:
        """What only checking needed is dropped before the rows are written."""
        self.seen.clear()
        self.ordinals.clear()
        self.joins.clear()
        for name in [n for n in self.held if n.startswith(("days ", "habits of "))]:
            del self.held[name]
        database.pragma("cache_size", self.cache)

    def close(self) -> None:
        self.stage.close()
        database.pragma("mmap_size", self.mapped)
        database.pragma("cache_size", self.cache)


def frames(table: Table) -> Iterator[pl.DataFrame]:
    """The table in frames of about `ROWS` rows, however small the reader's batches are."""
    held: list[pl.DataFrame] = []
    for batch in table.batches(ROWS):
        frame = pl.from_arrow(batch)
        assert isinstance(frame, pl.DataFrame)
        held.append(frame)
        if sum(map(len, held)) >= ROWS // 2:
            yield pl.concat(held, rechunk=True)
            held = []
    if held:
        yield pl.concat(held, rechunk=True)


class Reading:
    """One table of the file on its way through the checks."""

    def __init__(self, run: Run, plan: TablePlan, table: Table) -> None:
        self.run, self.plan, self.table = run, plan, table
        self.seen = run.seen.setdefault(plan.target, Seen())
        self.ordinals = run.ordinals.setdefault(plan.target, Ordinals())
        self.made = self.given = 0
        self.target: Target | None = by_name(plan.target) if plan.target else None
        self.any_before = self._any_before()
        plan.unread = questions.unread(plan, run.source)
        if self.target is not None:
            run.keyed[plan.table] = self._how_keyed()

    def _any_before(self) -> bool:
        if self.target is None:
            return False
        rows = self.target.model._default_manager.all()
        if self.target.dataset.held:
            rows = rows.filter(dataset_id=self.run.dataset_id)
        return rows.exists()

    def _how_keyed(self) -> str:
        """In one sentence what makes a row the same row at the next import."""
        assert self.target is not None
        if self.plan.key:
            return _("theo các cột: %(columns)s") % {
                "columns": ", ".join(self._worded(c) for c in self.plan.key)
            }
        if self.target.key.term in self.plan.terms():
            return _("theo mã của nguồn (%(term)s)") % {"term": self.target.key.term}
        if self.plan.id_column:
            return _("theo mã dòng của gói (%(column)s)") % {"column": self.plan.id_column}
        return by_content()

    def _worded(self, column: str) -> str:
        """A column of the file as a reader calls it: what a program wrote goes by the words of its field."""
        if self.plan.known != PROGRAM or self.target is None:
            return column
        return next(
            (str(f.label) for f in self.target.fields if f.term == self.plan.columns.get(column)), column
        )

    def take(self, frame: pl.DataFrame) -> None:
        """The batch's rows have their outcomes."""
        run, target = self.run, self.target
        if target is None:
            run.outcomes.leave_out(self.plan.table, frame["_row"].to_numpy(), self.plan.why)
            return
        run.scopes = run.actor.scopes(target.verb)
        cells = [frame[c] for c in frame.columns if c != "_row"]
        chunk = Chunk(run, self.plan, target, frame)
        self._titled(chunk)
        self._leave_out(chunk, frame)
        headings.again(chunk, frame)
        self._join(chunk, frame)
        keys, made = self._keys(chunk, cells)
        chunk.keys = keys
        self._fields(chunk)
        if target.prepare is not None:
            target.prepare(chunk)
        if stored := target.key.column or target.key.kept:
            chunk.put(stored, keys)
        if target.rest.column:
            chunk.put(target.rest.column, extras.json_of(chunk.extra, chunk.n))
        self._unread(chunk)
        self._finish(chunk)
        self._scope(chunk)
        if made.any() and target.key.recognise is not None:
            keys = target.key.recognise(chunk, keys, made)
            if stored := target.key.column or target.key.kept:
                chunk.put(stored, keys)
        ids = source_ids(self.plan.key_space(run.plan, target, run.dataset_id), keys)
        if target.key.identify is not None:
            ids = target.key.identify(chunk, ids)
        twice = self.seen.firsts(ids, chunk.rows, self.plan.table, ~chunk.problems.refused)
        again = twice["first"].is_not_null()
        if again.any():
            told = [
                _("Đã có ở dòng %(row)d, bảng “%(table)s”; mỗi mã chỉ một dòng.") % {"row": r, "table": t}
                for t, r in twice.filter(again).iter_rows()
            ]
            chunk.refuse(again, target.key.term or "id", "duplicate_id", told)
        hashes = self._hashes(chunk)
        done = decide(chunk, keys, ids, hashes, self.any_before)
        run.stage.add(
            target,
            created=done.created,
            updated=done.updated,
            before=_before(done.before),
            standing=done.standing,
        )
        run.outcomes.add(chunk, done.outcome, done.ids, done.told)
        if target.name in run.refs:
            self._lend(chunk, keys, done, again)

    def _titled(self, chunk: Chunk) -> None:
        """What stands once above the table and is taken for every row is told."""
        for term, heading in self.plan.titled.items():
            if value := self.plan.constants.get(term):
                told = _("“%(heading)s: %(value)s” ghi phía trên bảng được dùng cho mọi dòng.")
                rows = np.ones(chunk.n, bool)
                chunk.note("from_title", heading, rows, told % {"heading": heading, "value": value})

    def _leave_out(self, chunk: Chunk, frame: pl.DataFrame) -> None:
        """Rows that the program which wrote the file marks as no data, each with its reason."""
        for column, values_, why in self.plan.left_out:
            if column in frame.columns:
                said = frame[column].str.strip_chars().str.to_lowercase().is_in([v.lower() for v in values_])
                told = known.in_english(why) if get_language() == "en" else why
                chunk.omit(said, self.plan.columns.get(column, column), "not_asked", told)

    def _join(self, chunk: Chunk, frame: pl.DataFrame) -> None:
        """Blank cells of a term take what another table of the file gives for the row's key."""
        for join in self.run.joins:
            if join.to != chunk.target.name:
                continue
            on = join.on
            keys = chunk.words.get("_core") if on == "_core" else frame[on] if on in frame.columns else None
            if keys is not None:
                chunk.words[join.term] = chunk.text(join.term).fill_null(join.give(keys))
                chunk.columns.setdefault(join.term, join.term)

    def _unread(self, chunk: Chunk) -> None:
        """Rows without a date or a place though a column that was not read seems to hold one: told, never silent."""
        for column, kind in self.plan.unread.items():
            written = chunk.extra.get(self.plan.columns.get(column) or column)
            if written is None:
                continue
            lacks = {"place": chunk.out.get("geom"), "date": chunk.first_day()}.get(kind)
            blank = written.is_not_null() & (lacks.is_null() if lacks is not None else written.is_not_null())
            chunk.note(
                f"unread_{kind}", column, blank & ~pl.Series(chunk.problems.refused), questions.told(kind)
            )

    def _keys(self, chunk: Chunk, cells: list[pl.Series]) -> tuple[pl.Series, Mask]:
        """What makes a row the same row again: the source's id, named columns, else the whole row; which were made."""
        target = chunk.target
        keys = pl.Series("key", [None], dtype=pl.String).new_from_index(0, chunk.n)
        if self.plan.key:
            named = [c for c in cells if c.name in self.plan.key]
            keys = joined([c.str.strip_chars() for c in named]) if named else keys
        elif target.key.term and chunk.has(target.key.term):
            keys = chunk.text(target.key.term)
            if self.plan.id_column and "_core" in chunk.words:
                keys = keys.fill_null(chunk.words["_core"])
        elif self.plan.id_column and "_core" in chunk.words:
            keys = chunk.words["_core"]
        self.made += keys.null_count()
        self.given += chunk.n - keys.null_count()
        if self.made and not self.given:
            self.run.keyed[self.plan.table] = by_content()
        blank = mask_of(keys.is_null())
        if keys.null_count():
            above = [self.plan.constants.get(t) for t in sorted(self.plan.titled)]
            prints = fingerprints([*cells, *(pl.Series([v]).new_from_index(0, chunk.n) for v in above)])
            nth = self.ordinals.of(prints)
            made = [
                f"#{p & 0xFFFFFFFFFFFFFFFF:016x}{f'.{k + 1}' if k else ''}"
                for p, k in zip(prints.tolist(), nth.tolist(), strict=True)
            ]
            if keys.null_count() < chunk.n:
                chunk.note(
                    "no_id",
                    target.key.term,
                    keys.is_null(),
                    _("Ô mã để trống; mã được lập từ nội dung dòng."),
                )
            keys = keys.fill_null(pl.Series(made))
        return keys.alias("key"), blank

    def _fields(self, chunk: Chunk) -> None:
        for field in chunk.target.fields:
            if field.column and field.term != chunk.target.key.term and chunk.has(field.term):
                values.read(chunk, field)
            if field.required:
                missing = chunk.text(field.term).is_null()
                chunk.refuse(
                    missing,
                    field.term,
                    "missing",
                    _("Thiếu “%(what)s”; điền rồi nhập lại.") % {"what": field.label},
                )

    def _finish(self, chunk: Chunk) -> None:
        """Columns that may not be null hold their default; rows carry their owner."""
        fields, start = database.fields_of(chunk.target.model), database.defaults(chunk.target.model)
        for name, series in chunk.out.items():
            if not fields[name].null and series.null_count():
                fill = start[name]
                chunk.out[name] = series.fill_null(fill) if fill is not None else series
        if "organisation" in fields and "organisation" not in chunk.out:
            chunk.put(
                "organisation", pl.Series([self.run.organisation]).new_from_index(0, chunk.n), derived=True
            )
        if chunk.target.dataset.held:
            chunk.put("dataset_id", pl.Series([self.run.dataset_id]).new_from_index(0, chunk.n), derived=True)

    def _scope(self, chunk: Chunk) -> None:
        """Of a row that is refused already nobody knows where it would have stood."""
        outside = ~covered(self.run.scopes, chunk.out, chunk.n) & ~chunk.problems.refused
        if outside.any() and "geom" in chunk.out:
            outside &= ~covered_in_part(self.run.scopes, chunk.out, chunk.out["geom"], outside)
        if outside.any():
            chunk.refuse(
                outside,
                chunk.target.place_term(chunk.has),
                "out_of_scope",
                _("Dòng này ngoài địa bàn, cơ quan hoặc nhóm loài bạn được giao."),
            )

    def _hashes(self, chunk: Chunk) -> Any:
        if "source_hash" not in database.fields_of(chunk.target.model):
            return np.zeros(chunk.n, np.int64)
        names = sorted(c for c in chunk.out if c not in chunk.derived)
        about = pl.Series(["\x1e".join(names)]).new_from_index(0, chunk.n)
        return fingerprints([about, *(chunk.out[n] for n in names)])

    def _lend(self, chunk: Chunk, keys: pl.Series, done: Decision, again: pl.Series) -> None:
        core = chunk.words.get("_core")
        both = {**chunk.out, **chunk.hold}
        lent = {n: both[n] for n in chunk.target.family.inherit if n in both}
        self.run.refs[chunk.target.name].add(
            pl.DataFrame(
                {
                    "key": keys,
                    "core": keys if core is None else core,
                    "id": done.ids,
                    "barred": done.barred,
                    "row": chunk.rows,
                    "ok": ~chunk.problems.refused | mask_of(again),
                    **lent,
                }
            )
        )


def _before(rows: list[tuple[str, int, str]]) -> pl.DataFrame:
    return pl.DataFrame(
        rows, schema={"object_id": pl.String, "revision_after": pl.Int64, "old": pl.String}, orient="row"
    )


def by_content() -> str:
    return _("theo nội dung cả dòng và số thứ tự giữa các dòng giống hệt nhau (tệp không có cột mã)")
