"""Every row that an import changed has its own entry in the history: what each value was and became."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from baoton.kit.access import Actor
from baoton.kit.importing import database
from baoton.kit.importing.target import Target
from baoton.kit.writing import audit

UNTOLD = {"id", "_was", "batch", "source_hash"}


def write(actor: Actor, target: Target, updated: pl.DataFrame, before: pl.DataFrame, note: str) -> int:
    """One audit event for each changed row, in the writing transaction; how many."""
    label = target.model._meta.label_lower
    return audit.write_many(actor, target.verb, label, _events(target, updated, before), note)


def write_restored(
    actor: Actor,
    target: Target,
    standing: Mapping[str, Mapping[str, Any]],
    was: Mapping[str, Mapping[str, Any]],
    note: str,
) -> int:
    """One audit event for each row that an undo gives back what it held before; both by the key of the row."""
    fields = database.fields_of(target.model)

    def events() -> Iterator[dict[str, Any]]:
        for key, held in standing.items():
            old = {k: database.as_kept(fields[k], v) for k, v in held.items() if k not in UNTOLD}
            new = {k: v for k, v in was[key].items() if k in old and old[k] != v}
            yield {
                "object_id": key,
                "old": {k: old[k] for k in sorted(new)},
                "new": dict(sorted(new.items())),
            }

    return audit.write_many(actor, target.verb, target.model._meta.label_lower, events(), note)


def _events(target: Target, updated: pl.DataFrame, before: pl.DataFrame) -> Iterator[dict[str, Any]]:
    fields = database.fields_of(target.model)
    for new, old in zip(updated.iter_rows(named=True), before["old"].to_list(), strict=True):
        was = json.loads(old)
        now = {k: _plain(fields[k], v) for k, v in new.items() if k in fields and k not in UNTOLD}
        changed = {k for k, v in now.items() if was.get(k) != v}
        yield {
            "object_id": new["id"],
            "old": {k: was.get(k) for k in sorted(changed)},
            "new": {k: now[k] for k in sorted(changed)},
        }


def _plain(field: Any, value: Any) -> Any:
    if field.get_internal_type() == "JSONField" and isinstance(value, str):
        return json.loads(value)
    return database.as_kept(field, value.isoformat() if hasattr(value, "isoformat") else value)
