"""A whole import taken back: what nobody touched since stands as before, the rest is listed and stays."""

import json
from typing import Any

import polars as pl
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from baoton.kit import blobs
from baoton.kit.access import Actor, Denied
from baoton.kit.importing import database
from baoton.kit.importing.commit import follow
from baoton.kit.importing.plan import Plan
from baoton.kit.importing.scopes import covered
from baoton.kit.importing.target import Target, by_name
from baoton.kit.models import ImportBatch, ImportBefore
from baoton.kit.writing import audit
from baoton.kit.writing.outbox import changed_much

PART = 20_000


class CannotUndo(ValueError):
    """The batch is not one that can be taken back; the message says why."""


def undo(actor: Actor, batch: ImportBatch) -> ImportBatch:
    """Untouched created rows are withdrawn, untouched updated ones as they were; the batch says what stayed."""
    plan = Plan.from_json(batch.plan)
    targets = {t.table: by_name(t.target) for t in plan.tables if t.target}
    for target in targets.values():
        if not actor.scopes(target.verb):
            raise Denied(actor, target.verb)
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if batch.state != ImportBatch.State.DONE:
            raise CannotUndo(_("Chỉ hoàn tác được lần nhập đã xong và chưa hoàn tác."))
        now = timezone.now()
        withdrawn = restored = 0
        stayed: list[str] = []
        ids_of = {name: _ids(batch.outcome_sha256, name) for name in targets}
        after = [t.undoing(ids_of[name]) for name, t in targets.items() if t.undoing is not None]
        for name, target in reversed(list(targets.items())):
            ids = ids_of[name]
            for start in range(0, len(ids), PART):
                part = ids[start : start + PART]
                a, b, left = _part(actor, batch, target, part, now)
                withdrawn, restored = withdrawn + a, restored + b
                stayed += left
            if target.undone is not None:
                target.undone(batch.pk.hex, ids)
            changed_much(target.model)
        for work in after:
            work()
        ImportBefore.objects.filter(batch=batch).delete()
        batch.state, batch.ended = ImportBatch.State.UNDONE, now
        batch.counts = {
            **batch.counts,
            "undone": {"withdrawn": withdrawn, "restored": restored, "stayed": len(stayed)},
        }
        batch.counts["stayed"] = stayed
        batch.save()
        audit.write(
            actor, next(iter(targets.values())).verb if targets else "import", register="kit.importbatch",
            object_id=batch.pk, object_name=batch.file_name, new=batch.counts["undone"], note=_("hoàn tác"),
        )  # fmt: skip
    follow(targets.values(), batch)
    return batch


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
        if not untouched:
            stay.append(key)
        elif before:
            restore.append((key, before.old))
        else:
            withdraw.append(key)
    _withdraw(target, withdraw, now)
    _restore(target, restore)
    return len(withdraw), len(restore), stay


def _hex(value: Any) -> str:
    return value.hex if hasattr(value, "hex") else str(value).replace("-", "")


def _withdraw(target: Target, ids: list[str], now: Any) -> None:
    for start in range(0, len(ids), 900):
        target.model._default_manager.filter(pk__in=ids[start : start + 900]).update(withdrawn=now)


def _restore(target: Target, rows: list[tuple[str, Any]]) -> None:
    """Every column as it was, revision included, in one statement."""
    if not rows:
        return
    fields = database.fields_of(target.model)
    names = [n for n in fields if n != "id"]
    given = []
    for pk, kept in rows:
        old = json.loads(kept) if isinstance(kept, str) else kept
        given.append([*(database.as_driver(fields[n], old[n]) for n in names), pk])
    database.put(target.model, names, given)
