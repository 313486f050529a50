"""A file received, read by a plan, checked or written: the batch tells how it went whatever happens."""

import json
import logging
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
from django.db import Error as AnyDatabaseError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

import formats
from baoton.kit import blobs, hindered, worker
from baoton.kit.access import Actor
from baoton.kit.importing import questions, telling
from baoton.kit.importing.commit import Changed, Commit, follow
from baoton.kit.importing.plan import Plan
from baoton.kit.importing.proposing import propose
from baoton.kit.importing.run import Run
from baoton.kit.importing.target import TARGETS
from baoton.kit.importing.undo import take_back
from baoton.kit.jobs import Cancelled, Progress
from baoton.kit.models import ImportBatch

log = logging.getLogger(__name__)
State = ImportBatch.State
Tell = Callable[[dict[str, Any]], None]
OPEN = (State.UPLOADED, State.CHECKED, State.CANCELLED, State.HALF, State.FAILED)


REREAD: list[Callable[[formats.Source, Mapping[str, Any]], None]] = []
"""What apps above know of files that they sent out themselves: each may put other tables in a source's place.

A table put there may carry `chunk.FAULT`: what is wrong with a row, as its app found it.
"""


def reread(work: Callable[[formats.Source, Mapping[str, Any]], None]) -> Any:
    """The work looks at every opened file with the hint it was opened by."""
    if work not in REREAD:
        REREAD.append(work)
    return work


MOST_ROWS, MOST_MB = 10_000, 32
"""What a table may hold that a page lays out anew while its sender waits."""


def frame_of(table: formats.Table) -> Any:
    """The rows of a file that is laid out anew; `FormatError` where it holds more than a page can lay out at once."""
    frames: list[Any] = []
    rows = size = 0
    for batch in table.batches():
        rows, size = rows + batch.num_rows, size + batch.nbytes
        if rows > MOST_ROWS or size > MOST_MB << 20:
            told = _(
                "Bảng “%(name)s” có hơn %(n)d dòng, hoặc mở ra nặng hơn %(mb)d MB: chia thành nhiều tệp rồi gửi từng"
                " tệp."
            )
            raise formats.FormatError(
                "too_many_rows", told % {"name": table.name, "n": MOST_ROWS, "mb": MOST_MB},
                f"{table.name} holds more than {MOST_ROWS} rows or {MOST_MB} MB: send it in parts.",
            )  # fmt: skip
        frames.append(pl.from_arrow(batch))
    return pl.concat(frames) if frames else pl.DataFrame({"_row": []}, schema={"_row": pl.Int64})


class Busy(ValueError):
    """The batch is being worked on, or is done already; nothing was begun."""


def claim(batch: ImportBatch, job_id: UUID | None = None) -> bool:
    """Whether the batch is now this caller's to work on: of two who ask at once, one gets it.

    A batch that waits for its job is claimed again by that job alone.
    """
    mine = Q(state__in=OPEN) | (Q(state=State.RUNNING, job_id=job_id) if job_id else Q(pk__in=[]))
    rows = ImportBatch.objects.filter(mine, pk=batch.pk)
    got = bool(rows.update(state=State.RUNNING, job_id=job_id, ended=None))
    batch.refresh_from_db(fields=["state", "job_id", "ended"])
    return got


def release(batch: ImportBatch) -> None:
    """A batch whose work was lost stands as its rows do: half written, or as before it, checked or uploaded."""
    batch.refresh_from_db()
    before = State.HALF if batch.written else State.CHECKED if batch.outcome_sha256 else State.UPLOADED
    ImportBatch.objects.filter(pk=batch.pk, state=State.RUNNING).update(state=before, ended=timezone.now())
    batch.refresh_from_db()


def lock_of(batch: ImportBatch) -> str:
    """The name that whoever works on the batch holds, so that a lost batch is told from one at work."""
    return f"import-{batch.pk.hex}"


def receive(actor: Actor, path: Path, name: str = "") -> ImportBatch:
    """The file's bytes are kept and a batch stands for it, not yet read; a folder is kept as one archive."""
    name = name or path.name
    if path.is_dir():
        with tempfile.TemporaryDirectory() as scratch:
            packed = shutil.make_archive(str(Path(scratch) / "packed"), "zip", path)
            blob, name = blobs.store_file(Path(packed), "application/zip"), f"{name}.zip"
    else:
        blob = blobs.store_file(path)
    organisation = str(getattr(actor, "organisation_id", "") or "")
    return ImportBatch.objects.create(
        target="", file_name=name[:300], sha256=blob.sha256, actor_id=actor.actor_id,
        actor_name=actor.actor_name, organisation=organisation,
    )  # fmt: skip


@contextmanager
def opened(batch: ImportBatch, hint: Mapping[str, Any] | None = None) -> Iterator[formats.Source]:
    """The batch's file, readable under the name it came with."""
    with tempfile.TemporaryDirectory(prefix="baoton-read-") as folder:
        safe = re.sub(r"[^\w.,() -]", "_", Path(batch.file_name).name)[-120:] or "file"
        path = Path(folder) / safe
        path.symlink_to(blobs.path_of(batch.sha256).resolve())
        with formats.open_bounded(path, hint=dict(hint or {}) or None) as source:
            for work in REREAD:
                work(source, hint or {})
            yield source


def plan_for(
    batch: ImportBatch,
    target: str | None = None,
    dataset: str | None = None,
    mapping: Mapping[str, Any] | None = None,
) -> bool:
    """The batch carries the proposed reading of its file; False where the file cannot be read, and why."""
    try:
        with opened(batch, (mapping or {}).get("hint")) as source:
            plan = propose(source, target, dataset, mapping, batch.organisation)
            if not dataset:
                plan.dataset = _free(plan, batch.organisation)
            batch.warnings = [_warning(w) for w in source.warnings]
    except Exception as error:
        fail(batch, error)
        return False
    if batch.state == State.FAILED:  # it could not be read before, and can now
        batch.state, batch.counts = State.UPLOADED, {}
    batch.plan, batch.dataset = plan.as_json(), plan.dataset[:200]
    batch.target = ", ".join(dict.fromkeys(t.target for t in plan.ordered() if t.target))[:80]
    batch.save()
    return True


def _free(plan: Plan, organisation: str) -> str:
    """The file's own name as the dataset's code, with the body's where that set is another's."""
    for table in plan.tables:
        whose = TARGETS[table.target].dataset.owner if table.target else None
        owner = whose(plan.dataset) if whose else None
        if organisation and owner is not None and owner != organisation:
            return f"{plan.dataset}-{organisation}"[:200]
    return plan.dataset


def run_file(
    actor: Actor,
    path: Path | str,
    target: str | None = None,
    dataset: str | None = None,
    mapping: Mapping[str, Any] | None = None,
    dry: bool = False,
    progress: Progress | None = None,
    tell: Tell | None = None,
) -> ImportBatch:
    """The file is in, or only checked if `dry`; the batch says what became of each row, or why it failed.

    `mapping` corrects the proposed reading: columns, constants, values, key, crs, date_order, extent, target
    (for every table, or by table under `tables`), `overwrite`, and `hint` for how the file is opened.
    """  # fmt: skip
    batch = receive(actor, Path(path))
    if plan_for(batch, target, dataset, mapping):
        execute(actor, batch, dry, progress, tell)
    return batch


def execute(
    actor: Actor,
    batch: ImportBatch,
    dry: bool = False,
    progress: Progress | None = None,
    tell: Tell | None = None,
) -> ImportBatch:
    """The batch's file is read by the batch's plan and checked; unless `dry`, its rows are written.

    `tell` is given each row with the values it holds, after the work (see `telling.rows`).
    """
    progress = progress or Progress()
    plan = Plan.from_json(batch.plan)
    if not claim(batch, progress.job.pk if progress.job else None):
        raise Busy(_("Lần nhập này đang chạy hoặc đã ghi rồi; không làm lại."))
    if "error" in batch.counts:  # of an earlier try
        batch.counts = {}
        batch.save(update_fields=["counts"])
    with worker.alone(lock_of(batch)):
        return _execute(actor, batch, plan, dry, progress, tell)


def _execute(
    actor: Actor, batch: ImportBatch, plan: Plan, dry: bool, progress: Progress, tell: Tell | None
) -> ImportBatch:
    try:
        with opened(batch, _hint(plan)) as source:
            run = Run(actor, plan, source, batch.pk.hex, batch.organisation)
            try:
                _run(run, batch, dry, progress, source)
                if tell is not None:
                    for line in telling.rows(run, batch):
                        tell(line)
            finally:
                run.close()
    except Cancelled:
        take_back(batch)
        batch.state, batch.ended = State.CANCELLED, timezone.now()
        batch.save()
        raise
    except Exception as error:
        if hindered.by_machine(error):
            if progress.job is None:
                _as_before(batch)
            raise  # a job is told as it ended, and its batch set free, in one transaction (`work.truth`)
        take_back(batch)
        fail(batch, error)
    return batch


def _as_before(batch: ImportBatch) -> None:
    """The machine hindered a command: the file is not to blame and stands as before; nothing of it stays written."""
    hindered.connect_anew()
    batch.refresh_from_db(fields=["written"])
    take_back(batch)
    release(batch)


def _hint(plan: Plan) -> dict[str, Any]:
    """How the file is opened, with the coordinate systems chosen for its tables."""
    systems = {t.table: t.crs for t in plan.tables if t.crs}
    return {**plan.hint, "systems": systems} if systems else plan.hint


def _run(run: Run, batch: ImportBatch, dry: bool, progress: Progress, source: formats.Source) -> None:
    run.check(progress)
    if not run.outcomes.counts:
        raise formats.FormatError(
            "no_rows", _("Tệp không có dòng dữ liệu nào."), "The file has no data rows."
        )
    batch.outcome_sha256 = run.outcomes.close()
    batch.counts = {**run.outcomes.summary(), "keyed": run.keyed, "review_sha256": _kept_review(run)}
    batch.counts["summary"] = [
        [str(label), told]
        for target in dict.fromkeys(run.targets)
        if target.tells.summary
        for label, told in target.tells.summary(run)
    ]
    batch.counts["places"] = {
        t.name: t.tells.places(run) for t in dict.fromkeys(run.targets) if t.tells.places
    }
    batch.warnings = [*(_warning(w) for w in source.warnings), *run.notes.all()]
    batch.counts["questions"] = asked = questions.waiting(run.plan, batch.warnings)
    batch.ended = timezone.now()
    if dry or asked:
        batch.state = State.HALF if batch.written else State.CHECKED
        batch.save()
        return
    run.forget()
    progress(0, batch.counts["total"]["rows"], _("đang ghi vào sổ"))
    batch.state = State.DONE
    Commit(run, progress).write(batch)
    follow(run.targets, batch)


def _kept_review(run: Run) -> str:
    """What a person should look at (names that did not match), kept beside the outcome file."""
    if not run.review:
        return ""
    return blobs.store([json.dumps(run.review, ensure_ascii=False).encode()], "application/json").sha256


def fail(batch: ImportBatch, error: Exception) -> None:
    """The batch stands as failed with the reason, as a person can act on it."""
    from django.core.exceptions import PermissionDenied

    if isinstance(error, PermissionDenied):
        batch.state = State.FAILED
        batch.save()
        raise error
    log.warning("import %s failed", batch.pk, exc_info=error)
    told: dict[str, Any] = {"code": "failed", "vi": str(error), "suggestion": ""}
    if isinstance(error, formats.FormatError):
        told = {
            "code": error.code,
            "vi": error.vi,
            "en": error.en,
            "suggestion": error.suggestion,
            "where": error.where,
        }
    elif hindered.by_machine(error) or isinstance(error, AnyDatabaseError):
        told |= {"code": "hindered", "vi": hindered.sentence()}
    elif not isinstance(error, Changed):
        told["vi"] = _("Không đọc hoặc ghi được tệp: %(why)s") % {"why": f"{type(error).__name__}: {error}"}
    batch.state, batch.ended = State.FAILED, timezone.now()
    batch.counts, batch.outcome_sha256 = {"error": told}, ""
    batch.save()


def _warning(w: formats.Warning) -> dict[str, Any]:
    return {"code": w.code, "table": w.where, "column": "", "vi": w.vi, "en": w.en, "suggestion": w.suggestion,
            "count": w.count, "rows": list(w.rows)[:10]}  # fmt: skip
