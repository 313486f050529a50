"""The checklist that comes in the same file: its names count for the records beside it as if they stood already."""

from uuid import UUID

import polars as pl

from baoton.kit.importing.chunk import Chunk
from baoton.taxa.models import Taxon
from baoton.taxa.queries import Match, match

LIST = "taxa.taxon"


def matched(chunk: Chunk, names: list[str]) -> list[Match]:
    """What each name means by the list as it will stand once this file is written."""
    return match(names, chunk.run.organisation, _coming(chunk)) if names else []


def _coming(chunk: Chunk) -> list[Taxon]:
    """The good names of the file's own checklist, not saved; a synonym with its accepted name."""
    run = chunk.run
    if not run.has(LIST) or LIST not in run.refs:
        return []
    if "coming taxa" not in run.held:
        rows = run.refs[LIST].all
        good = rows.filter(pl.col("ok")) if len(rows) else rows
        run.held["coming taxa"] = _taxa(good) if len(good) else []
    found: list[Taxon] = run.held["coming taxa"]
    return found


def _taxa(rows: pl.DataFrame) -> list[Taxon]:
    texts = ("_name", "authorship", "vernacular_vi", "taxon_group", "status", "_accepted")
    lacking = [pl.lit(None, pl.String).alias(t) for t in texts if t not in rows.columns]
    level = [] if "sensitivity" in rows.columns else [pl.lit(0).alias("sensitivity")]
    by_key, points = {}, []
    made: dict[str, Taxon] = {}
    for row in rows.with_columns(*lacking, *level).iter_rows(named=True):
        if row["_name"] is None or row["status"] == Taxon.Status.DOUBTFUL:
            continue
        taxon = made.setdefault(row["id"], Taxon(
            id=UUID(row["id"]), scientific_name=row["_name"], key=row["_key"],
            authorship=row["authorship"] or "", vernacular_vi=row["vernacular_vi"] or "",
            taxon_group=row["taxon_group"] or "other", sensitivity=row["sensitivity"] or 0,
        ))  # fmt: skip
        by_key[row["key"]] = taxon
        points.append((taxon, row["_accepted"]))
    for taxon, to in points:
        if to is not None and by_key.get(to) not in (None, taxon):
            taxon.accepted = by_key[to]
    lost = {t.pk for t, to in points if to is not None and to not in by_key}
    return [t for t in made.values() if t.pk not in lost]
