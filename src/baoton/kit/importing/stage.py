"""Checked rows wait on disk, so that reading takes no lock and writing is one short transaction."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from baoton.kit.importing.target import Target, by_name


class Stage:
    """A folder of Parquet files, one of each kind a batch; gone when closed."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="baoton-import-")
        self.order: list[tuple[str, str]] = []

    def add(self, target: Target, **frames: pl.DataFrame) -> None:
        """One batch's rows by kind: `created`, `updated` with `before` (how they stood), and `standing`: those that
        an earlier, broken writing of the same import put there."""
        number = len(self.order)
        self.order.append((f"{number:06d}", target.name))
        for kind, frame in frames.items():
            if not frame.is_empty():
                frame.write_parquet(
                    Path(self.folder.name) / f"{number:06d}.{kind}", compression="lz4", statistics=False
                )

    def read(self, kind: str, only: str = "") -> Iterator[tuple[Target, pl.DataFrame]]:
        """The staged frames of one kind in the order they were read from the file."""
        for number, name in self.order:
            path = Path(self.folder.name) / f"{number}.{kind}"
            if path.exists() and (not only or only == name):
                yield by_name(name), pl.read_parquet(path)

    def rows(self, only: str) -> Iterator[pl.DataFrame]:
        """All rows of one target that stand once the import is written."""
        for kind in ("created", "updated", "standing"):
            for _target, frame in self.read(kind, only):
                yield frame

    def close(self) -> None:
        self.folder.cleanup()
