"""The refused rows of a file with their own cells, to be mended in the browser or in a spreadsheet and sent again."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa
from django.utils.translation import gettext as _

import formats
from baoton.kit import blobs
from baoton.kit.importing.files import opened
from baoton.kit.importing.outcome import reasons
from baoton.kit.importing.plan import Plan
from baoton.kit.models import ImportBatch

MOST = 500
HIDDEN = {"_row", "_wkb", "_extra"}


def tables(batch: ImportBatch) -> Iterator[tuple[str, pl.DataFrame]]:
    """For each table its refused rows: `_row`, `_why`, `_cell` and every column as the file has it."""
    frame = pl.read_parquet(blobs.path_of(batch.outcome_sha256))
    refused = frame.filter(pl.col("outcome") == "refused")
    if refused.is_empty():
        return
    plan = Plan.from_json(batch.plan)
    with opened(batch, plan.hint) as source:
        for name in refused["table"].unique(maintain_order=True).to_list():
            why = refused.filter(pl.col("table") == name).select(
                "row", _why=pl.col("message"), _cell=pl.col("column")
            )
            parts = []
            for batch_ in source.table(name).batches():
                rows = pl.from_arrow(batch_)
                assert isinstance(rows, pl.DataFrame)
                parts.append(
                    rows.join(why, left_on="_row", right_on="row", how="inner", maintain_order="left")
                )
            yield name, pl.concat(parts)


def write(batch: ImportBatch, path: Path) -> int:
    """The refused rows as a workbook: the file's own columns, then the reason; how many rows."""
    n = 0
    sheets: dict[str, Iterator[pa.RecordBatch]] = {}
    for name, frame in tables(batch):
        n += len(frame)
        shown = frame.select(
            *(c for c in frame.columns if c not in {*HIDDEN, "_why", "_cell"}),
            pl.col("_row").cast(pl.String).alias(_("dòng trong tệp gốc")),
            reasons(batch.outcome_sha256, "_why").alias(_("vì sao bị từ chối")),
        )
        text = pa.schema([(c, pa.string()) for c in shown.columns])
        sheets[name[:31]] = iter(shown.to_arrow().cast(text).to_batches())
    if n:
        formats.write_xlsx(path, sheets)
    return n
