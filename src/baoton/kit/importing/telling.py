"""What an import did, row by row, for scripts and tests: outcome, rule, cell, message and the values written."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import polars as pl
from django.utils.translation import gettext as _

from baoton.kit import blobs
from baoton.kit.importing.notes import URGENT
from baoton.kit.importing.outcome import words
from baoton.kit.importing.questions import key
from baoton.kit.importing.rules import RULES
from baoton.kit.importing.target import Target, by_name
from formats import placing

if TYPE_CHECKING:
    from baoton.kit.importing.run import Run
    from baoton.kit.models import ImportBatch

UNTOLD = {"batch", "source_hash", "revision", "withdrawn", "organisation", "dataset_id", "cell",
          "shown_cell", "_was"}  # fmt: skip
SHOWN = 5
BOX = ("min_x", "min_y", "max_x", "max_y")


def rows(run: "Run", batch: "ImportBatch") -> Iterator[dict[str, Any]]:
    """Every row of the file in its order; `values` are the terms a created or updated row holds afterwards."""
    held = dict(_values(run))
    frame = pl.read_parquet(blobs.path_of(batch.outcome_sha256))
    for line in frame.iter_rows(named=True):
        yield {
            "table": line["table"],
            "row": line["row"],
            "outcome": line["outcome"],
            "rule": line["rule"],
            "cell": {"column": line["column"], "value": line["value"]} if line["column"] else None,
            "message": line["message"],
            "id": line["id"],
            "values": held.get(line["id"]) if line["id"] else None,
        }


def _values(run: "Run") -> Iterator[tuple[str, dict[str, Any]]]:
    for kind in ("created", "updated", "standing"):
        for target, frame in run.stage.read(kind):
            for row in frame.iter_rows(named=True):
                yield row["id"], values_of(target, row)


def values_of(target: Target, row: dict[str, Any]) -> dict[str, Any]:
    """One written row in the terms of its source, blanks left out."""
    terms = {f.column: f.term for f in target.fields if f.column} | dict(target.tells.written_as)
    told: dict[str, Any] = {}
    for column, value in row.items():
        if column in UNTOLD or column.startswith("_") or value in (None, "", "{}") or column in BOX:
            continue
        if column == "geom":
            told |= placing.in_terms(value)
        elif column == target.rest.column:
            told |= {k: v for k, v in json.loads(value).items() if k not in told}
        else:
            if term := terms.get(column, column):
                told[term] = value.isoformat() if hasattr(value, "isoformat") else value
    return told


def summary(batch: "ImportBatch") -> dict[str, Any]:
    """The whole import in one object: state, how the file was read, what was understood, the counts."""
    counts = {k: v for k, v in batch.counts.items() if k not in {"first", "review_sha256"}}
    tables = [
        {**t, "label": str(by_name(t["target"]).label) if t["target"] else ""}
        for t in batch.plan.get("tables", [])
    ]
    return {
        "file": batch.file_name,
        "sha256": batch.sha256,
        "state": batch.state,
        "dataset": batch.dataset,
        "mapping": tables,
        "notes": batch.warnings,
        **counts,
    }


def lines(batch: "ImportBatch") -> Iterator[str]:
    """The import in sentences, as its page tells them: first what a person must look at, then counts and reasons."""
    error = batch.counts.get("error")
    if error:
        yield _("Không nhập được: %(why)s") % {"why": error.get("vi", "")}
        if error.get("suggestion"):
            yield f"  {error['suggestion']}"
        return
    asked = {q["key"]: q for q in batch.counts.get("questions", [])}
    for question in asked.values():
        yield _("Câu hỏi phải trả lời trước khi ghi: %(what)s") % {"what": note_line(question)}
        yield "  " + _("Trả lời bằng: %(option)s") % {"option": question["answer"]}
    for note in batch.warnings:
        if note["code"] in URGENT and key(note) not in asked:
            yield note_line(note)
    for plan in batch.plan.get("tables", []):
        if not plan["target"] and plan["why"]:
            yield f"{plan['table']}: {plan['why']}"
    for label, told in batch.counts.get("summary", []):
        yield f"{label}: {told}"
    for table, counts in batch.counts.get("tables", {}).items():
        told = ", ".join(f"{words(k)} {v}" for k, v in counts.items() if k != "rows")
        yield _("%(table)s: %(n)d dòng = %(told)s") % {"table": table, "n": counts["rows"], "told": told}
        keyed = batch.counts.get("keyed", {}).get(table)
        if keyed:
            yield "  " + _("Nhận ra dòng cũ %(how)s.") % {"how": keyed}
    yield from _reasons(batch, "rules", _("Vì sao bị từ chối"), "refused")
    yield from _reasons(batch, "left", _("Vì sao để lại"), "left_out")
    if batch.counts.get("first", {}).get("updated"):
        yield _("Các thay đổi đầu tiên") + ":"
        for row in batch.counts["first"]["updated"][:SHOWN]:
            yield f"  {row['table']} {row['row']}: {row['message']}"
    rest = [n for n in batch.warnings if n["code"] not in URGENT]
    if rest:
        yield _("Hệ thống đã hiểu") + ":"
        for note in rest:
            yield f"  {note_line(note)}"


def _reasons(batch: "ImportBatch", kind: str, head: str, outcome: str) -> Iterator[str]:
    found = batch.counts.get(kind, [])
    if not found:
        return
    yield f"{head}:"
    for one in found:
        rule = str(RULES.get(one["rule"], one["rule"]))
        where = f" · {one['column']}" if one["column"] else ""
        yield f"  {one['table']}{where}: {rule} ({one['count']})"
    shown = [r for r in batch.counts.get("first", {}).get(outcome, []) if r["rule"] != "table_left_out"]
    for row in shown[:SHOWN]:
        cell = f" “{row['value']}”" if row["value"] else ""
        column = f", {row['column']}" if row["column"] else ""
        yield "    " + _("dòng %(row)s%(column)s%(cell)s: %(message)s") % {
            "row": row["row"], "column": column, "cell": cell, "message": row["message"],
        }  # fmt: skip


def note_line(note: dict[str, Any]) -> str:
    """One note in a sentence: where, what was understood, how often, the first rows, what to do."""
    where = " · ".join(t for t in (note.get("table"), note.get("column")) if t)
    rows_ = ", ".join(str(r) for r in note.get("rows", [])[:SHOWN])
    count = f" ({_('%(n)d lần') % {'n': note['count']}})" if note.get("count", 1) > 1 else ""
    at = f" [{_('dòng')} {rows_}]" if rows_ else ""
    told = f"{where}: " if where else ""
    return f"{told}{note['vi']}{count}{at} {note.get('suggestion') or ''}".strip()
