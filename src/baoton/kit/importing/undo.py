"""A whole import taken back: what nobody touched since stands as before, the rest is listed and stays."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import polars as pl
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from baoton.kit import blobs
from baoton.kit.access import Actor, Denied, System
from baoton.kit.importing import database, history, slices
from baoton.kit.importing.commit import follow
from baoton.kit.importing.plan import Plan
from baoton.kit.importing.scopes import covered
from baoton.kit.importing.target import Target, by_name
from baoton.kit.models import ImportBatch, ImportBefore
from baoton.kit.writing import audit
from baoton.kit.writing.outbox import changed_much

PART = 20_000
SLICE = 5_000


class CannotUndo(ValueError):
    """The batch is not one that can be taken back; the message says why."""


def undo(actor: Actor, batch: ImportBatch) -> ImportBatch:
    """Untouched created rows are withdrawn, untouched updated ones as they were; the batch says what stayed.

    A big import is taken back in slices as it was written: meanwhile, and after a kill, it counts as half written.
    """
    targets = _targets(batch)
    for target in targets.values():
        if not actor.scopes(target.verb):
            raise Denied(actor, target.verb)
    with transaction.atomic():
        batch = _claimed(batch)
        small = batch.written <= slices.AT_ONCE
        if small:
            with _back(actor, batch, targets) as told:
                _done(actor, batch, targets, told)
        else:
            ImportBatch.objects.filter(pk=batch.pk).update(state=ImportBatch.State.HALF)
    if not small:
        with _back(actor, batch, targets, slices.pause) as told:
            batch = _claimed(batch)
            _done(actor, batch, targets, told)
    follow(targets.values(), batch)
    return batch


def take_back(batch: ImportBatch) -> None:
    """Rows of a writing that was given up in the middle are taken back by the programme itself, in slices."""
    if not batch.written:
        return
    targets = _targets(batch)
    with _back(System(), batch, targets, slices.pause):
        ImportBefore.objects.filter(batch=batch).delete()
        verb = next(iter(targets.values())).verb
        audit.write(System(), verb, register="kit.importbatch", object_id=batch.pk, object_name=batch.file_name,
                    note=_("bỏ dở, đã thu lại các dòng đã ghi"))  # fmt: skip
        batch.written = 0
        ImportBatch.objects.filter(pk=batch.pk).update(written=0)


@contextmanager
def _back(
    actor: Actor, batch: ImportBatch, targets: dict[str, Target], pause: Callable[[], None] = lambda: None
) -> Iterator[tuple[int, int, list[str]]]:
    """Every row of the import that nobody touched is taken back; inside, in the last transaction, with how many were
    withdrawn, how many restored and which stay."""
    withdrawn = restored = 0
    stayed: list[str] = []
    ids = {name: _ids(batch.outcome_sha256, name) for name in targets}
    after = [t.steps.undoing(ids[name]) for name, t in targets.items() if t.steps.undoing is not None]
    size = PART if database.postgres() else SLICE
    for name, target in reversed(list(targets.items())):
        for start in range(0, len(ids[name]), size):
            with transaction.atomic():
                a, b, left = _part(actor, batch, target, ids[name][start : start + size], timezone.now())
            withdrawn, restored = withdrawn + a, restored + b
            stayed += left
            pause()
    with transaction.atomic():
        for name, target in reversed(list(targets.items())):
            if target.steps.undone is not None:
                target.steps.undone(batch.pk.hex, ids[name])
            changed_much(target.model)
        for work in after:
            work()
        yield withdrawn, restored, stayed


def _targets(batch: ImportBatch) -> dict[str, Target]:
    return {t.table: by_name(t.target) for t in Plan.from_json(batch.plan).tables if t.target}


def _claimed(batch: ImportBatch) -> ImportBatch:
    """The batch under lock, where it can be taken back."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state not in (ImportBatch.State.DONE, ImportBatch.State.HALF):
        raise CannotUndo(_("Chỉ hoàn tác được lần nhập đã xong và chưa hoàn tác."))
    return batch


def _done(
    actor: Actor, batch: ImportBatch, targets: dict[str, Target], told: tuple[int, int, list[str]]
) -> None:
    withdrawn, restored, stayed = told
    ImportBefore.objects.filter(batch=batch).delete()
    batch.state, batch.ended, batch.written = ImportBatch.State.UNDONE, timezone.now(), 0
    batch.counts = {
        **batch.counts,
        "undone": {"withdrawn": withdrawn, "restored": restored, "stayed": len(stayed)},
        "stayed": stayed,
    }
    batch.save()
    audit.write(
        actor, next(iter(targets.values())).verb if targets else "import", register="kit.importbatch",
        object_id=batch.pk, object_name=batch.file_name, new=batch.counts["undone"], note=_("hoàn tác"),
    )  # fmt: skip


def _ids(sha256: str, table: str) -> list[str]:
    """The rows of one table the import created or updated, from its outcome file."""
    frame = pl.read_parquet(blobs.path_of(sha256), columns=["table", "outcome", "id"])
    mine = (pl.col("table") == table) & pl.col("outcome").is_in(["created", "updated"])
    return frame.filter(mine)["id"].to_list()


def _part(
    actor: Actor, batch: ImportBatch, target: Target, ids: list[str], now: Any
) -> tuple[int, int, list[str]]:
    """Some rows taken back: how many withdrawn, how many restored, which stay."""
    fields = database.fields_of(target.model)
    names = ["id", "revision", "batch", "withdrawn", "organisation", "area_path"]
    names += ["taxon_group"] if "taxon_group" in fields else []
    held = database.select_by(target.model, names, "id", ids)
    befores = {
        _hex(b.object_id): b
        for b in ImportBefore.objects.filter(batch=batch, object_id__in=ids).iterator(PART)
    } if ImportBefore.objects.filter(batch=batch).exists() else {}  # fmt: skip
    columns = {
        n: pl.Series([r[i] or "" for r in held], dtype=pl.String) for i, n in enumerate(names) if i > 3
    }
    mine = covered(actor.scopes(target.verb), columns, len(held))
    withdraw, restore, stay = [], [], []
    gone = back = 0
    for row, allowed in zip(held, mine.tolist(), strict=True):
        key, before = _hex(row[0]), befores.get(_hex(row[0]))
        left = before.revision_after if before else 1
        untouched = (
            allowed
            and row[1] == left
            and row[2] is not None
            and _hex(row[2]) == batch.pk.hex
            and row[3] is None
        )
        ours = row[2] is not None and _hex(row[2]) == batch.pk.hex
        if ours and row[3] is not None and row[1] == left:
            gone += 1  # an undo that was cut off withdrew it
        elif before and not ours and row[1] == left - 1:
            back += 1  # an undo that was cut off restored it
        elif not untouched:
            stay.append(key)
        elif before:
            restore.append((key, before.old))
        else:
            withdraw.append(key)
    _withdraw(target, withdraw, now)
    _restore(actor, target, restore)
    return len(withdraw) + gone, len(restore) + back, stay


def _hex(value: Any) -> str:
    return value.hex if hasattr(value, "hex") else str(value).replace("-", "")


def _withdraw(target: Target, ids: list[str], now: Any) -> None:
    for start in range(0, len(ids), 900):
        target.model._default_manager.filter(pk__in=ids[start : start + 900]).update(withdrawn=now)


def _restore(actor: Actor, target: Target, rows: list[tuple[str, Any]]) -> None:
    """Every column as it was, revision included, in one statement; each row's history says what it was until now."""
    if not rows:
        return
    fields = database.fields_of(target.model)
    names = [n for n in fields if n != "id"]
    was = {pk: json.loads(kept) if isinstance(kept, str) else kept for pk, kept in rows}
    standing = {
        _hex(row[0]): dict(zip(names, row[1:], strict=True))
        for row in database.select_by(target.model, ["id", *names], "id", list(was))
    }
    given = [[*(database.as_driver(fields[n], old[n]) for n in names), pk] for pk, old in was.items()]
    database.put(target.model, names, given)
    history.write_restored(actor, target, standing, was, _("hoàn tác"))
