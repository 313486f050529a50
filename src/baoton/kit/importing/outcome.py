"""The file that says what became of every row: one line a row, as Parquet, downloaded as Excel or text."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from baoton.kit import blobs
from baoton.kit.importing.chunk import Chunk
from baoton.kit.reading.retold import retold

OUTCOMES = ("created", "updated", "unchanged", "refused", "left_out")
SCHEMA = pa.schema(
    [("table", pa.string()), ("row", pa.int64())]
    + [(n, pa.string()) for n in ("outcome", "id", "column", "value", "rule", "message")]
)
FIRST = 50
LANGUAGE = b"language"
"""Under this name the file says in which language its reasons were written."""


class Outcomes:
    """Counts by table, the first refusals and changes for the page, and every row in the file."""

    def __init__(self) -> None:
        self.file = tempfile.NamedTemporaryFile(prefix="baoton-outcome-", suffix=".parquet")  # noqa: SIM115
        spoken = SCHEMA.with_metadata({LANGUAGE: get_language() or ""})
        self.writer = pq.ParquetWriter(self.file.name, spoken, compression="zstd")
        self.counts: dict[str, dict[str, int]] = {}
        self.rules: Counter[tuple[str, str, str]] = Counter()
        self.left: Counter[tuple[str, str, str]] = Counter()
        self.first: dict[str, list[dict[str, Any]]] = {"refused": [], "updated": [], "left_out": []}

    def add(self, chunk: Chunk, outcome: list[str | None], ids: pl.Series, told: dict[int, str]) -> None:
        problems = chunk.problems.table()
        frame = pl.DataFrame(
            {
                "table": pl.Series([chunk.plan.table]).new_from_index(0, chunk.n),
                "row": chunk.rows,
                "outcome": pl.Series(outcome, dtype=pl.String),
                "id": ids,
                "at": np.arange(chunk.n, dtype=np.uint32),
            }
        ).join(problems, on="at", how="left", maintain_order="left")
        if told:
            words = pl.DataFrame(
                {"at": list(told), "told": list(told.values())}, schema_overrides={"at": pl.UInt32}
            )
            frame = frame.join(words, on="at", how="left", maintain_order="left").with_columns(
                message=pl.coalesce("message", "told")
            )
        frame = frame.with_columns(
            outcome=pl.when(pl.Series(chunk.problems.omitted)).then(pl.lit("left_out")).otherwise("outcome"),
            id=pl.when(pl.col("outcome") == "refused").then(None).otherwise("id"),
        )
        self._write(frame.select(SCHEMA.names), chunk.plan.table)
        omitted = problems["at"].is_in(np.flatnonzero(chunk.problems.omitted))
        for found, rows in ((self.rules, problems.filter(~omitted)), (self.left, problems.filter(omitted))):
            for rule, column, n in rows.group_by("rule", "column", maintain_order=True).len().iter_rows():
                found[chunk.plan.table, rule, column] += n

    def leave_out(self, table: str, rows: np.ndarray, why: str, rule: str = "table_left_out") -> None:
        """Every row of a table that is not read says so."""
        n = len(rows)
        if rule != "table_left_out" and n:
            self.left[table, rule, ""] += n
        self._write(
            pl.DataFrame(
                {
                    "table": [table] * n, "row": rows, "outcome": ["left_out"] * n, "id": [None] * n,
                    "column": [None] * n, "value": [None] * n, "rule": [rule] * n, "message": [why] * n,
                }
            ),
            table,
        )  # fmt: skip

    def _write(self, frame: pl.DataFrame, table: str) -> None:
        self.writer.write_table(frame.to_arrow().cast(SCHEMA))
        counts = self.counts.setdefault(table, dict.fromkeys(OUTCOMES, 0) | {"rows": 0})
        counts["rows"] += len(frame)
        for name, n in frame["outcome"].value_counts().iter_rows():
            counts[name] += n
        for kind, held in self.first.items():
            if len(held) < FIRST:
                held += frame.filter(pl.col("outcome") == kind).head(FIRST - len(held)).to_dicts()

    def written(self) -> int:
        """How many rows the import writes."""
        return sum(c["created"] + c["updated"] for c in self.counts.values())

    def close(self) -> str:
        """The file is kept; its sha256."""
        self.writer.close()
        return blobs.store_file(Path(self.file.name), "application/vnd.apache.parquet").sha256

    def summary(self) -> dict[str, Any]:
        """The counts as the batch keeps them: per table and in all, with the rules that refused."""
        total = dict.fromkeys([*OUTCOMES, "rows"], 0)
        for counts in self.counts.values():
            for name, n in counts.items():
                total[name] += n
        rules, left = (
            [{"table": t, "rule": r, "column": c, "count": n} for (t, r, c), n in found.most_common()]
            for found in (self.rules, self.left)
        )
        return {"total": total, "tables": self.counts, "rules": rules, "left": left, "first": self.first}


def words(outcome: str) -> str:
    """An outcome as a page and a file say it."""
    return {
        "created": _("thêm mới"),
        "updated": _("cập nhật"),
        "unchanged": _("không đổi"),
        "refused": _("bị từ chối"),
        "left_out": _("để lại, không nhập"),
    }[outcome]


def reasons(sha256: str, column: str = "message") -> pl.Expr:
    """The column with the reasons of an outcome file in the reader's language: those written in it stay as they are."""
    held = (pq.read_schema(blobs.path_of(sha256)).metadata or {}).get(LANGUAGE, b"").decode()
    told = pl.col(column)
    return told if held and held == get_language() else told.map_elements(retold, return_dtype=pl.String)


def batches(sha256: str) -> Iterator[pa.RecordBatch]:
    """The outcome file as a person reads it, in batches of columns."""
    told = reasons(sha256)
    for batch in pq.ParquetFile(blobs.path_of(sha256)).iter_batches(50_000):
        frame = pl.from_arrow(batch)
        assert isinstance(frame, pl.DataFrame)
        frame = frame.with_columns(
            pl.col("outcome").replace({o: words(o) for o in OUTCOMES}), pl.col("row").cast(pl.String),
            told,
        ).rename(
            {
                "table": _("bảng"), "row": _("dòng"), "outcome": _("kết quả"), "id": _("mã bản ghi"),
                "column": _("cột"), "value": _("giá trị"), "rule": _("quy tắc"), "message": _("cách sửa, thay đổi"),
            }
        )  # fmt: skip
        yield from frame.to_arrow().cast(pa.schema([(c, pa.string()) for c in frame.columns])).to_batches()
