"""Checked rows wait on disk, so that reading takes no lock and writing is one short transaction."""

import itertools
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from baoton.kit.importing.target import Target, by_name

BAND = 25_000


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

    def in_order(
        self, kind: str, order: Callable[[Target], str], whole: Callable[[Target, pl.DataFrame], pl.DataFrame]
    ) -> Iterator[tuple[Target, pl.DataFrame]]:
        """The staged frames of one kind made `whole`, those of a target that follow each other in one order.

        They are dealt out into bands on disk and each band is sorted, so that no more than a band is held.
        """
        for name, run in itertools.groupby(self.order, key=lambda one: one[1]):
            target = by_name(name)
            paths = [p for number, _ in run if (p := Path(self.folder.name) / f"{number}.{kind}").exists()]
            by = order(target)
            if not by or len(paths) < 2 or any(by not in pl.read_parquet_schema(p) for p in paths):
                yield from ((target, whole(target, pl.read_parquet(path))) for path in paths)
                continue
            keys = np.sort(np.concatenate([pl.read_parquet(p, columns=[by])[by].to_numpy() for p in paths]))
            cuts = np.unique(keys[BAND::BAND])
            with tempfile.TemporaryDirectory(dir=self.folder.name) as folder:
                for path in paths:
                    _deal(whole(target, pl.read_parquet(path)), by, cuts, Path(folder), path.stem)
                for band in range(len(cuts) + 1):
                    parts = [pl.read_ipc(p) for p in sorted(Path(folder).glob(f"{band}.*"))]
                    if parts:
                        yield target, pl.concat(parts, how="diagonal_relaxed").sort(by, "id")

    def rows(self, only: str) -> Iterator[pl.DataFrame]:
        """All rows of one target that stand once the import is written."""
        for kind in ("created", "updated", "standing"):
            for _target, frame in self.read(kind, only):
                yield frame

    def close(self) -> None:
        self.folder.cleanup()


def _deal(frame: pl.DataFrame, by: str, cuts: Any, folder: Path, name: str) -> None:
    """The rows of a frame lie in a file for each band between the cuts."""
    bands = np.searchsorted(cuts, frame[by].to_numpy(), side="right")
    order = np.argsort(bands, kind="stable")
    frame = frame[order]
    for band, start, n in zip(*np.unique(bands[order], return_index=True, return_counts=True), strict=True):
        frame.slice(int(start), int(n)).write_ipc(folder / f"{band}.{name}", compression="lz4")
