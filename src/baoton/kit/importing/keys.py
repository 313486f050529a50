"""Keys and fingerprints of many rows at once: a keyed id of the source's own, a 64-bit hash of what a row says."""

from hashlib import blake2b

import numpy as np
import polars as pl
from numpy.typing import NDArray

from baoton.kit import keyed

BETWEEN = "\x1f"


def source_ids(dataset: str, keys: pl.Series) -> pl.Series:
    """The same keyed ids as `kit.keyed.source_id`, as 32 hex digits, for every key."""
    return pl.Series("id", keyed.source_ids(dataset, keys.to_list()), dtype=pl.String)


def joined(columns: list[pl.Series]) -> pl.Series:
    """The cells of each row in one text; blank and empty differ."""
    if not columns:
        raise ValueError("nothing to join")
    texts = [c.bin.encode("hex") if c.dtype == pl.Binary else c for c in columns]
    frame = pl.DataFrame([c.alias(str(i)) for i, c in enumerate(texts)])
    return frame.select(
        pl.concat_str(pl.all().cast(pl.String).fill_null("\x00"), separator=BETWEEN)
    ).to_series()


def fingerprints(columns: list[pl.Series]) -> NDArray[np.int64]:
    """A signed 64-bit hash of each row, the same on every machine and for ever."""
    digests = [blake2b(text.encode(), digest_size=8).digest() for text in joined(columns).to_list()]
    return np.frombuffer(b"".join(digests), "<i8").astype(np.int64)


class Ordinals:
    """Which of several equal rows of a file this one is, counted over all batches."""

    def __init__(self) -> None:
        self.seen: dict[int, int] = {}

    def of(self, prints: NDArray[np.int64]) -> NDArray[np.int64]:
        table = pl.DataFrame({"h": prints}).with_columns(k=pl.int_range(pl.len()).over("h"))
        nth = table["k"].to_numpy().astype(np.int64)
        again = np.array([self.seen.get(h, 0) for h in prints.tolist()], np.int64) if self.seen else 0
        for h, n in table.group_by("h").len().iter_rows():
            self.seen[h] = self.seen.get(h, 0) + n
        return nth + again


class Seen:
    """The ids of a file so far, each with its table and row, so that a second one can name the first."""

    def __init__(self) -> None:
        self.known = pl.DataFrame(schema={"id": pl.String, "first": pl.Int64, "table": pl.String})

    def firsts(
        self, ids: pl.Series, rows: NDArray[np.int64], table: str, use: NDArray[np.bool_]
    ) -> pl.DataFrame:
        """For each id the table and row that had it first, null where it is this one; then the batch is remembered."""
        here = pl.DataFrame({"id": ids, "row": rows, "use": use})
        mine = here.filter("use").unique("id", keep="first", maintain_order=True)
        mine = mine.select("id", first="row", table=pl.lit(table))
        known = self.known.join(mine, on="id", how="semi") if len(self.known) else self.known
        firsts = pl.concat([known, mine.join(known, on="id", how="anti")])
        found = here.join(firsts, on="id", how="left", maintain_order="left")
        itself = (found["table"] == table).fill_null(False) & (found["first"] == found["row"]).fill_null(
            False
        )
        self.known = pl.concat([self.known, mine.join(known, on="id", how="anti")])
        return found.select(
            pl.when(itself).then(None).otherwise("table").alias("table"),
            pl.when(itself).then(None).otherwise("first").alias("first"),
        )
