"""Keys and fingerprints of many rows at once: UUIDv5 of the source's own id, a 64-bit hash of what a row says."""

from hashlib import blake2b, sha1
from uuid import NAMESPACE_URL

import numpy as np
import polars as pl
from numpy.typing import NDArray

BETWEEN = "\x1f"


def source_ids(dataset: str, keys: pl.Series) -> pl.Series:
    """The same UUIDv5 as `kit.ids.source_id`, as 32 hex digits, for every key."""
    start = NAMESPACE_URL.bytes + f"baoton:{dataset}\x1f".encode()
    digests = b"".join([sha1(start + key.encode()).digest() for key in keys.to_list()])
    raw = np.frombuffer(digests, np.uint8).reshape(-1, 20)[:, :16].copy()
    raw[:, 6] = (raw[:, 6] & 0x0F) | 0x50
    raw[:, 8] = (raw[:, 8] & 0x3F) | 0x80
    text = raw.tobytes().hex()
    return pl.Series("id", [text[i : i + 32] for i in range(0, len(text), 32)], dtype=pl.String)


def joined(columns: list[pl.Series]) -> pl.Series:
    """The cells of each row in one text; blank and empty differ."""
    if not columns:
        raise ValueError("nothing to join")
    frame = pl.DataFrame([c.alias(str(i)) for i, c in enumerate(columns)])
    return frame.select(pl.concat_str(pl.all().cast(pl.String).fill_null("\x00"), separator=BETWEEN)).to_series()


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
    """The keys of a file so far, each with its row, so that a second one can name the first."""

    def __init__(self) -> None:
        self.known = pl.DataFrame(schema={"key": pl.String, "first": pl.Int64})

    def firsts(self, keys: pl.Series, rows: NDArray[np.int64], use: NDArray[np.bool_]) -> pl.Series:
        """For each key the row that had it first, null where it is this one; then the batch is remembered."""
        here = pl.DataFrame({"key": keys, "row": rows, "use": use})
        mine = here.filter("use").unique("key", keep="first", maintain_order=True).select(
            "key", first=pl.col("row")
        )
        before = here.join(self.known, on="key", how="left", maintain_order="left")["first"]
        inside = here.join(mine, on="key", how="left", maintain_order="left")["first"]
        first = before.fill_null(inside)
        fresh = mine.join(self.known, on="key", how="anti")
        self.known = pl.concat([self.known, fresh])
        return first.set(pl.Series(first == pl.Series(rows)).fill_null(False), None)
