"""What becomes of each good row: new, changed, the same, or touched by a person since and therefore refused."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from django.utils.translation import gettext as _

from baoton.kit.importing import database
from baoton.kit.importing.chunk import Chunk, Mask, mask_of
from baoton.kit.importing.sight import closed, covers, left_by_import, own_imports, rights_columns, seen
from baoton.kit.models import unfinished

PLACE = {"geom", "min_x", "min_y", "max_x", "max_y"}


@dataclass
class Decision:
    """Per row: outcome, id; the rows to insert and to update, and how the updated ones stood."""

    outcome: list[str | None]
    ids: pl.Series
    told: dict[int, str]
    created: pl.DataFrame
    updated: pl.DataFrame
    before: list[tuple[str, int, str]]
    barred: Mask
    """The rows stand for a record that the actor may not change: nothing new may be hung on it."""
    standing: pl.DataFrame
    """Rows that an earlier, broken writing of this import put there."""


def decide(chunk: Chunk, keys: pl.Series, ids: pl.Series, hashes: Any, any_before: bool) -> Decision:
    """Every row that is not refused is created, updated or unchanged; late refusals are added to the chunk."""
    n = chunk.n
    found = _existing(chunk, keys, ids) if any_before else None
    if found is None:
        ids_now = ids
        known = np.zeros(n, bool)
        ours = known.copy()
    else:
        known = found["id"].is_not_null().to_numpy()
        ids_now = found["id"].fill_null(ids)
        ours = mask_of(found["batch"] == chunk.run.batch_id) & ~mask_of(found["withdrawn"])
        _refuse_unfinished(chunk, found, ours)
    outcome = np.where(chunk.problems.refused, "refused", np.where(known, "unchanged", "created")).astype(
        object
    )
    told: dict[int, str] = {}
    updated, before, barred = pl.DataFrame(), [], np.zeros(n, bool)
    for where, term, _column in chunk.bars:
        chunk.refuse(where & ~known & ~chunk.problems.refused, term, "no_edit_right", not_to_be_hung_on())
        outcome[chunk.problems.refused] = "refused"
    if closed(chunk.run, chunk.target):
        chunk.refuse(
            ~known & ~chunk.problems.refused, chunk.target.key.term or "id", "not_yours", not_yours()
        )
        outcome[chunk.problems.refused] = "refused"
    if found is not None and known.any():
        outcome, told, updated, before, barred = _known(
            chunk, found, hashes, known & ~ours & ~chunk.problems.refused, outcome
        )
        changed = mask_of(found["changed"])
        outcome[ours & ~chunk.problems.refused] = "created"
        outcome[ours & changed & ~chunk.problems.refused] = "updated"
    new = (outcome == "created") & ~known
    created = _rows(chunk, ids_now, hashes, new)
    standing = _rows(chunk, ids_now, hashes, ours & ~chunk.problems.refused)
    return Decision(outcome.tolist(), ids_now, told, created, updated, before, barred, standing)


def _existing(chunk: Chunk, keys: pl.Series, ids: pl.Series) -> pl.DataFrame:
    """For each row what the table already holds under its key; nulls where nothing."""
    target = chunk.target
    fields = database.fields_of(target.model)
    names = [
        "id",
        *(("source_hash",) if "source_hash" in fields else ()),
        "withdrawn",
        *rights_columns(target),
    ]
    by_key = bool(target.key.column)
    by = target.key.column if by_key else "id"
    where = {"dataset_id": chunk.run.dataset_id} if by_key and target.dataset.held else None
    rows = database.select_by(
        target.model, [by, *names], by, (keys if by_key else ids).drop_nulls().unique().to_list(), where,
        *left_by_import(),
    )  # fmt: skip
    texts = {0, 1, 1 + names.index("batch")}
    table = pl.DataFrame(
        [[_text(v) if i in texts else v for i, v in enumerate(r)] for r in rows],
        schema=["_by", *names, "left"], orient="row", infer_schema_length=None, strict=False,
    ).unique("_by")  # fmt: skip
    if not rows:
        table = table.with_columns(pl.all().cast(pl.String))
    table = table.with_columns(
        pl.col("source_hash").cast(pl.Int64)
        if "source_hash" in names
        else pl.lit(None, pl.Int64).alias("source_hash"),
        pl.col("withdrawn").is_not_null(),
        pl.col("batch").cast(pl.String),
        pl.col("batch").is_null().alias("by_hand"),
        pl.col("left").cast(pl.Int64).fill_null(1),
        pl.col("left").is_not_null().alias("changed"),
        pl.col("revision").cast(pl.Int64),
    )
    asked = (keys if by_key else ids).cast(pl.String).alias("_by").to_frame()
    return asked.join(table, on="_by", how="left", maintain_order="left")


def _text(value: Any) -> Any:
    return value.hex if hasattr(value, "hex") and not isinstance(value, str | bytes | float) else value


def _known(chunk: Chunk, found: pl.DataFrame, hashes: Any, good: Mask, outcome: Any) -> Any:
    """Rows whose key the table knows: compared by hash first, then by every value."""
    same_hash = (found["source_hash"] == pl.Series(hashes)).fill_null(False).to_numpy()
    gone = found["withdrawn"].fill_null(False).to_numpy()
    touched = (found["revision"] != found["left"]).fill_null(False).to_numpy()
    if chunk.target.key.yields is None:
        touched |= found["by_hand"].fill_null(False).to_numpy()
    own = own_imports(chunk.run, found) & ~touched
    editable = covers(chunk.run.actor.scopes(f"{chunk.target.name}.edit"), found)
    barred = ~(editable | own)
    _refuse_unseen(chunk, found, good, own)
    good &= ~chunk.problems.refused
    look = good & ~(same_hash & ~gone)
    told: dict[int, str] = {}
    if not look.any():
        outcome[chunk.problems.refused] = "refused"
        return outcome, told, pl.DataFrame(), [], barred
    names = list(database.fields_of(chunk.target.model))
    old = {
        _text(r[names.index("id")]): dict(zip(names, r, strict=True))
        for r in database.select_by(
            chunk.target.model, names, "id", found["id"].filter(pl.Series(look)).unique().to_list()
        )
    }
    rows = _rows(chunk, found["id"].fill_null(""), hashes, look)
    changed, before, keep = [], [], []
    overwrite = chunk.run.plan.overwrite
    late, withdrawn, denied = (np.zeros(chunk.n, bool) for _ in range(3))
    hung = np.zeros(chunk.n, bool)
    settled = chunk.target.returns_to
    for i, new in zip(np.flatnonzero(look).tolist(), rows.iter_rows(named=True), strict=True):
        was = old[new["id"]]
        difference = _difference(chunk, was, new)
        if gone[i] and touched[i] and not overwrite:
            withdrawn[i] = True
        elif not difference and not gone[i]:
            outcome[i] = "unchanged"
        elif touched[i] and not overwrite:
            late[i] = True
        elif not editable[i] and not (own[i] and all(was[k] == v for k, v in settled.items())):
            denied[i] = True
        elif any(where[i] and column in difference for where, _term, column in chunk.bars):
            hung[i] = True
        else:
            outcome[i] = "created" if gone[i] and not touched[i] else "updated"
            if outcome[i] == "updated":
                told[i] = _told(chunk, was, difference)
            changed.append(i)
            keep.append(
                {
                    **new,
                    **settled,
                    "_was": was["revision"],
                    "revision": was["revision"] + 1,
                    "withdrawn": None,
                }
            )
            fields = database.fields_of(chunk.target.model)
            kept = {k: database.as_kept(fields[k], v) for k, v in was.items()}
            before.append((new["id"], was["revision"] + 1, json.dumps(kept, ensure_ascii=False)))
    key = chunk.target.key.term or "id"
    chunk.refuse(
        late,
        key,
        "edited_since",
        _("Đã có người sửa bản ghi này từ lần nhập trước; sửa tay bản ghi, hoặc chọn “ghi đè”."),
    )
    chunk.refuse(hung, next((term for _w, term, _c in chunk.bars), key), "no_edit_right", not_to_be_hung_on())
    chunk.refuse(
        denied,
        key,
        "no_edit_right",
        _("Dòng khác với bản ghi đang có, mà bạn không có quyền sửa bản ghi đó."),
    )
    chunk.refuse(withdrawn, key, "withdrawn", _("Bản ghi này đã bị rút; chọn “ghi đè” nếu muốn đưa trở lại."))
    outcome[chunk.problems.refused] = "refused"
    never = {"organisation", *_unsaid(chunk)} - set(settled)
    more = {
        **dict.fromkeys(settled, pl.String),
        "_was": pl.Int64,
        "revision": pl.Int64,
        "withdrawn": pl.String,
    }
    updated = pl.DataFrame(keep, schema={**rows.schema, **more})
    return outcome, told, updated.drop([c for c in never if c in updated.columns]), before, barred


def _refuse_unfinished(chunk: Chunk, found: pl.DataFrame, ours: Mask) -> None:
    """A row that another import is just writing, or left half written, is not told about and not touched."""
    busy = [pk.hex for pk in unfinished() if pk.hex != chunk.run.batch_id]
    if busy:
        told = _(
            "Một lần nhập khác đang ghi dòng này hoặc còn ghi dở; chờ lần ấy xong hay được hoàn tác rồi nhập lại."
        )
        where = mask_of(found["batch"].is_in(busy)) & ~ours
        chunk.refuse(where, chunk.target.key.term or "id", "being_written", told)


def _unsaid(chunk: Chunk) -> set[str]:
    """Columns the file says nothing of: an update leaves them alone."""
    mine = {"id", "batch", "source_hash", "revision", "withdrawn", "_was"}
    return {c for c in database.fields_of(chunk.target.model) if c not in chunk.out and c not in mine}


def _difference(chunk: Chunk, was: dict[str, Any], new: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The columns the file gives another value, old and new."""
    found: dict[str, tuple[Any, Any]] = {}
    fields = database.fields_of(chunk.target.model)
    as_json = {n for n, f in fields.items() if f.get_internal_type() == "JSONField"}
    yields = chunk.target.key.yields is not None and chunk.target.key.yields(was, new)
    for name in chunk.out:
        if name in chunk.derived or name in {"organisation", "dataset_id"}:
            continue
        a, b = was[name], new[name]
        if name == chunk.target.rest.column:
            a = json.loads(a) if isinstance(a, str) else (a or {})
            told = json.loads(b or "{}")
            b = {**{k: v for k, v in a.items() if k not in chunk.extra}, **told}
            if a != b:
                new[name] = json.dumps(b, ensure_ascii=False)
                for k in {*a, *b}:
                    if a.get(k) != b.get(k):
                        found[f"{name}.{k}"] = (a.get(k), b.get(k))
            continue
        if name in as_json:  # the same object, however its text is spaced
            a, b = (json.loads(v) if isinstance(v, str) and v else v or {} for v in (a, b))
            if a != b:
                found[name] = (a, b)
            continue
        if isinstance(a, bytes | memoryview):
            a = bytes(a)
        elif hasattr(a, "hex") and not isinstance(a, float):
            a = a.hex
        if isinstance(a, int | float) or isinstance(b, int | float) or isinstance(a, bytes):
            same = a == b
        else:
            same = ("" if a is None else str(a)) == ("" if b is None else str(b))
        if not same and yields and a not in (None, "", "other"):
            new[name] = was[name]
        elif not same:
            found[name] = (a, b)
    return found


def _told(chunk: Chunk, was: dict[str, Any], difference: dict[str, tuple[Any, Any]]) -> str:
    """The change in words; an old place is never told, since an import right is no right to see it."""
    words = set(getattr(chunk.target.model, "place_words", ()))
    hidden = bool(was.get("disclosure"))
    parts = []
    for name, (old, new) in difference.items():
        if name in PLACE:
            continue
        if hidden and name.split(".")[0] in words:
            parts.append(_("%(column)s: đổi") % {"column": name})
        else:
            parts.append(f"{name}: {'' if old is None else old} → {'' if new is None else new}")
    if PLACE & set(difference):
        parts.append(_("vị trí: đổi"))
    return "; ".join(parts)


def _refuse_unseen(chunk: Chunk, found: pl.DataFrame, good: Mask, own: Mask) -> None:
    """A row the actor may not see as it stands, or not change, is refused before anything of it is compared."""
    ids = found["id"].drop_nulls().unique()
    visible = own | mask_of(found["id"].is_in(list(seen(chunk.run.actor, chunk.target, ids.to_list()))))
    outside = good & ~(visible & covers(chunk.run.scopes, found))
    chunk.refuse(outside, chunk.target.key.term or "id", "not_yours", not_yours())


def not_yours() -> str:
    """One sentence for every reason, so that it tells nothing of the record."""
    return _(
        "Mã này hoặc bộ dữ liệu này không phải của bạn: bản ghi của cơ quan, địa bàn khác, hoặc bạn không được "
        "xem đúng vị trí. Dùng mã bộ dữ liệu khác, hoặc nhờ người có quyền."
    )


def not_to_be_hung_on() -> str:
    """Said of a row that points at a record its maker may see and not change."""
    return _("Dòng này gắn vào bản ghi của người khác mà bạn không có quyền sửa; nhờ người có quyền nhập.")


def _rows(chunk: Chunk, ids: pl.Series, hashes: Any, where: Any) -> pl.DataFrame:
    """The chosen rows with every column the file gives, ready for the table."""
    chosen = pl.Series(np.asarray(where, bool))
    frame = pl.DataFrame(
        [
            ids.alias("id"),
            *(s.alias(c) for c, s in chunk.out.items()),
            *(s.alias(c) for c, s in chunk.hold.items()),
        ]
    )
    if "source_hash" in database.fields_of(chunk.target.model):
        frame = frame.with_columns(pl.Series("source_hash", hashes))
    return frame.filter(chosen).with_columns(pl.lit(chunk.run.batch_id).alias("batch"))
