"""The staged rows stand in their registers, with one audit event for the whole file."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import Any

import polars as pl
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from baoton.kit.access import Actor
from baoton.kit.importing import database, history, slices
from baoton.kit.importing.run import Run
from baoton.kit.importing.stage import Stage
from baoton.kit.importing.target import Target
from baoton.kit.jobs import Cancelled, Progress
from baoton.kit.models import ImportBatch, ImportBefore, Job
from baoton.kit.writing import audit, overlaps
from baoton.kit.writing.outbox import changed_much, changing

log = logging.getLogger(__name__)
FEW = 2_000
KEPT: list[Callable[[Actor, ImportBatch], None]] = []


def kept(work: Callable[[Actor, ImportBatch], None]) -> Callable[[Actor, ImportBatch], None]:
    """The work is called in the writing transaction: an app above kit keeps the original as evidence."""
    KEPT.append(work)
    return work


class Changed(RuntimeError):
    """Somebody changed a row between the check and the writing; nothing of this import stays written."""


class Commit:
    """The writing of one checked file: what `begin` and `finish` of a target may use.

    A small file is one transaction. A big one is written in slices (see `slices`); the last transaction finishes what
    follows from the whole file, and from then on its rows are shown.
    """

    def __init__(self, run: Run, progress: Progress) -> None:
        self.run, self.progress = run, progress
        self.stage: Stage = run.stage
        self.actor, self.batch_id, self.dataset_id = run.actor, run.batch_id, run.dataset_id
        self.few = False

    def write(self, batch: ImportBatch) -> None:
        """Every staged row is written; a `Changed` says in a sentence who was faster."""
        try:
            if self.run.outcomes.written() <= slices.AT_ONCE and not batch.written:
                self._at_once(batch)
            else:
                log_pages = database.pragma("wal_autocheckpoint", slices.LOG_PAGES)
                try:
                    self._in_slices(batch)
                finally:
                    database.pragma("wal_autocheckpoint", log_pages)
        except IntegrityError as error:
            told = _(
                "Có người vừa ghi các dòng cùng mã trong lúc nhập; không ghi gì của lần này. Hãy chạy lại."
            )
            raise Changed(told) from error

    def _at_once(self, batch: ImportBatch) -> None:
        with transaction.atomic():
            still_ours(batch)
            with ExitStack() as stack:
                self._watched(stack)
                self._begin()
                for rows in slices.parts(self.stage, slices.size(), whole):
                    self._put(rows)
                    self.stop_if_asked()
                for _step in self._links():
                    pass
                self._finish()
            self._close(batch)

    def _in_slices(self, batch: ImportBatch) -> None:
        with transaction.atomic():
            still_ours(batch)
            self._begin()
            self._audit(batch, _("bắt đầu ghi"))
            self._standing(batch, batch.written)
        waiting = slices.parts(self.stage, slices.size(), whole)
        rows = next(waiting, None)
        while rows is not None:
            with transaction.atomic():
                still_ours(batch)
                turn, n = slices.Turn(), 0
                while rows is not None and not (n and turn.over):
                    self._put(rows)
                    n, rows = n + len(rows.frame), next(waiting, None)
                self._standing(batch, batch.written + n)
            self.stop_if_asked()
            self.progress(batch.written, batch.counts["total"]["rows"], _("đang ghi vào sổ"))
            slices.pause()
        steps = self._links()
        while True:
            with transaction.atomic():
                still_ours(batch)
                if next(steps, self) is self:
                    break
            slices.pause()
        with transaction.atomic():
            still_ours(batch)
            self._finish()
            self._close(batch)

    def _begin(self) -> None:
        for target in dict.fromkeys(self.run.targets):
            if target.steps.begin is not None:
                target.steps.begin(self)

    def _links(self) -> Iterator[None]:
        for target in dict.fromkeys(self.run.targets):
            if target.steps.link is not None:
                yield from target.steps.link(self)

    def _finish(self) -> None:
        for target in dict.fromkeys(self.run.targets):
            if target.steps.finish is not None:
                target.steps.finish(self)

    def _put(self, rows: slices.Rows) -> None:
        """Some rows stand, each changed one with how it stood and its entry in the history."""
        target, frame = rows.target, rows.frame
        if rows.before is None:
            database.insert(target.model, frame)
        else:
            ready = frame.drop([c for c in frame.columns if c.startswith("_") and c != "_was"])
            if database.update(target.model, ready) != len(ready):
                raise Changed(
                    _("Có người vừa sửa dữ liệu trong lúc nhập; không ghi gì của lần này. Hãy chạy lại.")
                )
            database.insert(ImportBefore, self._before(target, rows.before))
            history.write(self.actor, target, frame, rows.before, _("nhập từ tệp"))
        _areas(target, frame)

    def _standing(self, batch: ImportBatch, n: int) -> None:
        """The batch says how many of its rows stand, and keeps what an undo needs."""
        batch.written = n
        keep = {"written": n, "outcome_sha256": batch.outcome_sha256, "counts": batch.counts}
        ImportBatch.objects.filter(pk=batch.pk).update(**keep)

    def _close(self, batch: ImportBatch) -> None:
        """The batch is done: evidence, what follows, the log."""
        for keep in KEPT:
            keep(self.actor, batch)
        self._tell()
        self._audit(batch)
        batch.written = self.run.outcomes.written()
        batch.save()

    def _audit(self, batch: ImportBatch, note: str = "") -> None:
        audit.write(
            self.actor,
            self.run.targets[0].verb if self.run.targets else "import",
            register="kit.importbatch",
            object_id=batch.pk,
            object_name=batch.file_name,
            new={"counts": batch.counts["total"], "outcome_sha256": batch.outcome_sha256,
                 "sha256": batch.sha256, "dataset": batch.dataset, "target": batch.target},
            note=note,
        )  # fmt: skip

    def _watched(self, stack: ExitStack) -> None:
        """What is kept of the rows follows: by their difference for a small file, built anew for a big one."""
        self.few = self.run.outcomes.written() <= FEW and not self.run.held.get("moved_others")
        for target in dict.fromkeys(self.run.targets) if self.few else ():
            ids = [
                i
                for k in ("created", "updated")
                for _t, f in self.stage.read(k, target.name)
                for i in f["id"]
            ]
            stack.enter_context(changing(target.model, ids))

    def _tell(self) -> None:
        """A big file, or one that moved rows of others, has everything kept of its books built anew."""
        if not self.few or self.run.held.get("moved_others"):
            for target in dict.fromkeys(self.run.targets):
                changed_much(target.model)

    def _before(self, target: Target, frame: pl.DataFrame) -> pl.DataFrame:
        start = ImportBefore.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        extra: dict[str, Any] = {"batch_id": self.batch_id, "register": target.name}
        if not database.postgres():
            extra["id"] = pl.int_range(start + 1, start + 1 + len(frame))
        return frame.with_columns(**{k: v if isinstance(v, pl.Expr) else pl.lit(v) for k, v in extra.items()})

    def stop_if_asked(self) -> None:
        """Raises `Cancelled` if somebody asked the job to stop; only reads, so that asking never waits for us."""
        job = self.progress.job
        if job is not None and Job.objects.filter(pk=job.pk, cancel_asked=True).exists():
            raise Cancelled


def follow(targets: Iterable[Target], batch: ImportBatch) -> None:
    """What follows from the rows that stand now is worked out, and said among the facts of the batch.

    A failure here is logged and leaves the rows: what follows waits in the outbox and is taken again.
    """
    for target in dict.fromkeys(targets):
        if target.steps.afterwards is None:
            continue
        try:
            facts = [[label, told] for label, told in target.steps.afterwards(batch)]
        except Exception:
            log.exception("after import %s", batch.pk)
            continue
        batch.counts["summary"] = [*batch.counts.get("summary", []), *facts]
        batch.save(update_fields=["counts"])


def _areas(target: Target, frame: pl.DataFrame) -> None:
    """Lines and polygons among the rows stand in the table of overlaps."""
    if {"min_x", "max_x", "min_y", "max_y"} <= set(frame.columns):
        wide = (pl.col("min_x") != pl.col("max_x")) | (pl.col("min_y") != pl.col("max_y"))
        overlaps.keep(target.model, frame.filter(wide)["id"].to_list())


def whole(target: Target, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows with every column of the table, defaults where the file says nothing."""
    held = database.defaults(target.model)
    kept = [c for c in frame.columns if c in held]
    rest = [pl.lit(v).alias(k) for k, v in held.items() if k not in frame.columns]
    return frame.select(*kept, *rest)


def still_ours(batch: ImportBatch) -> None:
    """The batch is locked until the transaction ends and is still being worked on, or `Changed` is raised."""
    stored = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if stored.state != ImportBatch.State.RUNNING or stored.job_id != batch.job_id:
        raise Changed(_("Lần nhập này đã được ghi hoặc sửa ở nơi khác; chưa ghi gì. Mở lại trang để xem."))
