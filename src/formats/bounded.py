"""Any file opened in a process of its own, with memory and time bounded, so that no file can end the program that asks.

Small tables, workbooks and maps of plain text are read in place: what they can cost is known beforehand.
"""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from formats import opening, workbook_parts
from formats.frames import HEAD
from formats.source import Findings, FormatError, Source, Table, Warning

SMALL = 2 << 20
SMALL_UNPACKED = 24 << 20
SMALL_CELLS = 500_000
SMALL_MAP = 256 << 10
_MAPS = {".geojson", ".json", ".gpx", ".kml"}
_TEXT = {".csv", ".tsv", ".txt", ".tab"}


@dataclass(frozen=True)
class Limits:
    """What reading one file may take: bytes of memory, seconds of work, seconds without any answer."""

    memory: int = 3 << 30
    seconds: int = 1_800
    silence: int = 300


LIMITS = Limits()

# The bound counts addresses, used or not: libraries that set aside much beforehand (Arrow's allocator 1 GB, the C
# library 128 MB a thread, linear algebra 32 MB a core) would spend it before the first row is read.
SPARING = {"ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "2", "OPENBLAS_NUM_THREADS": "1"}


def open(path: Path | str, *, hint: Mapping[str, Any] | None = None, limits: Limits = LIMITS) -> Source:
    """The file's tables, ready to be read; what cannot be read, or costs too much, raises FormatError."""
    path = Path(path)
    if not path.exists() or path.is_dir() or _small(path):
        return opening.open(path, hint=hint)
    workshop = _Workshop(path, dict(hint or {}), limits)
    try:
        return workshop.source()
    except BaseException:
        workshop.cleanup()
        raise


def _small(path: Path) -> bool:
    """Whether the cost of reading is known to be small: plain text, or a workbook of few cells."""
    if path.stat().st_size > SMALL:
        return False
    data, suffix = path.read_bytes(), path.suffix.lower()
    if not data.startswith(b"PK"):
        return suffix in _TEXT or (suffix in _MAPS and len(data) <= SMALL_MAP and b"<!" not in data)
    try:
        with zipfile.ZipFile(path) as archive:
            inside = archive.infolist()
        if sum(i.file_size for i in inside) > SMALL_UNPACKED:
            return False
        if suffix == ".xlsx":
            return workbook_parts.cells(path) <= SMALL_CELLS
        return all(_plain(i) for i in inside if not i.is_dir())
    except (zipfile.BadZipFile, OSError, KeyError, RuntimeError, ValueError, FormatError):
        return False


def _plain(part: zipfile.ZipInfo) -> bool:
    """A table of text, or a description as small as a map that is read in place."""
    suffix = Path(part.filename).suffix.lower()
    return suffix in (*_TEXT, ".xml") or (suffix in _MAPS and part.file_size <= SMALL_MAP)


class _Workshop:
    """The processes that read one file: one for the table under way, another where a second is read meanwhile."""

    def __init__(self, path: Path, hint: dict[str, Any], limits: Limits) -> None:
        self.path, self.hint, self.limits = path, hint, limits
        self.folder: TemporaryDirectory[str] = TemporaryDirectory(prefix="formats-")
        self.idle: list[_Process] = []
        self.all: list[_Process] = []

    def source(self) -> Source:
        """The opened file, whose tables ask this workshop for their rows."""
        process = self._process()
        told = process.told
        self.idle.append(process)
        tables = [self._table(i, t) for i, t in enumerate(told["tables"])]
        found = Source(told["kind"], self.path, tables, told["metadata"], _findings(told["warnings"]))
        found.unpacked.append(self)  # type: ignore[arg-type]
        return found

    def _table(self, index: int, told: dict[str, Any]) -> Table:
        schema = pa.ipc.read_schema(pa.py_buffer(base64.b64decode(told.pop("schema"))))

        def read(rows: int, findings: Findings) -> Iterator[pa.RecordBatch]:
            yield from self._rows(index, schema, rows, findings, first=False)

        def first(rows: int) -> Iterator[pa.RecordBatch]:
            yield from list(self._rows(index, schema, rows, Findings(), first=True))

        warnings = told.pop("warnings")
        return Table(schema=schema, read=read, opening=_findings(warnings), head=first, **told)

    def _rows(
        self, index: int, schema: pa.Schema, rows: int, findings: Findings, *, first: bool
    ) -> Iterator[pa.RecordBatch]:
        process = self.idle.pop() if self.idle else self._process()
        whole = False
        try:
            process.ask({"read": index, "rows": rows, "first": first})
            while True:
                kind, payload = process.answer()
                if kind == b"J":
                    findings.restore(_warnings(json.loads(payload)["warnings"]))
                    whole = True
                    return
                yield pa.ipc.read_record_batch(pa.py_buffer(payload), schema)
        finally:
            if whole:
                self.idle.append(process)
            else:
                process.end()  # nobody waits for the rest

    def _process(self) -> _Process:
        process = _Process(self.path, self.hint, self.limits, Path(self.folder.name))
        self.all.append(process)
        return process

    def cleanup(self) -> None:
        """End the processes and remove what they unpacked."""
        for process in self.all:
            process.end()
        self.folder.cleanup()


class _Process:
    """One reader at work; its death or silence is told as a reason why the file cannot be read."""

    def __init__(self, path: Path, hint: dict[str, Any], limits: Limits, folder: Path) -> None:
        self.name, self.limits = path.name, limits
        ours = str(Path(__file__).resolve().parent.parent)
        paths = [ours, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
        self.child = subprocess.Popen(
            [sys.executable, "-m", "formats.reader", str(limits.memory), str(limits.seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **SPARING, "PYTHONPATH": os.pathsep.join(paths), "TMPDIR": str(folder)},
        )
        try:
            self.ask({"open": str(path), "hint": hint})
            self.told: dict[str, Any] = json.loads(self.answer()[1])
        except BaseException:
            self.end()
            raise

    def ask(self, command: dict[str, Any]) -> None:
        assert self.child.stdin is not None
        try:
            self.child.stdin.write(json.dumps(command, default=str).encode() + b"\n")
            self.child.stdin.flush()
        except BrokenPipeError as error:
            raise self._dead() from error

    def answer(self) -> tuple[bytes, bytes]:
        """The next frame; an error of the reader is raised here."""
        kind, size = HEAD.unpack(self._take(HEAD.size))
        payload = self._take(size)
        if kind == b"E":
            told = json.loads(payload)
            if told["code"] == "too_heavy":
                raise self._too_heavy()
            if told["code"] == "failed":
                raise _failed(self.name, told["why"])
            raise FormatError(**told)
        return kind, payload

    def _take(self, size: int) -> bytes:
        assert self.child.stdout is not None
        pieces, left, since = [], size, time.monotonic()
        while left:
            ready, _, _ = select.select([self.child.stdout], [], [], 1.0)
            if not ready:
                if time.monotonic() - since > self.limits.silence:
                    self.end()
                    raise self._too_slow()
                continue
            piece = os.read(self.child.stdout.fileno(), min(left, 1 << 20))
            if not piece:
                raise self._dead()
            pieces.append(piece)
            left -= len(piece)
            since = time.monotonic()
        return b"".join(pieces)

    def _dead(self) -> FormatError:
        """Why the process is gone: out of time where the system said so, else out of memory or a crash."""
        self.child.wait(10)
        return self._too_slow() if self.child.returncode == -24 else self._too_heavy()

    def _too_heavy(self) -> FormatError:
        return FormatError(
            "too_heavy",
            f"Đọc “{self.name}” cần nhiều bộ nhớ hơn mức cho phép ({self.limits.memory / 1024**3:.3g} GB), hoặc tệp "
            "làm hỏng bộ đọc; hệ thống đã dừng đọc tệp này.",
            f"Reading {self.name} takes more memory than allowed, or breaks the reader; it was stopped.",
            "Chia tệp thành nhiều phần, xoá các ô, hình, trang thừa, hoặc lưu lại dưới dạng CSV rồi thử lại.",
        )

    def _too_slow(self) -> FormatError:
        return FormatError(
            "too_slow",
            f"Đọc “{self.name}” lâu quá mức cho phép; hệ thống đã dừng đọc tệp này.",
            f"Reading {self.name} takes longer than allowed; it was stopped.",
            "Chia tệp thành nhiều phần nhỏ hơn rồi thử lại.",
        )

    def end(self) -> None:
        """The process is gone."""
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait()
        for pipe in (self.child.stdin, self.child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    pass


def _failed(name: str, why: str) -> FormatError:
    return FormatError(
        "unreadable_file",
        f"Không đọc được “{name}”: tệp hỏng hoặc không đúng loại ({why}).",
        f"{name} cannot be read: {why}.",
        "Mở tệp bằng chương trình gốc, lưu lại rồi thử lại.",
    )


def _warnings(told: list[dict[str, Any]]) -> list[Warning]:
    return [Warning(**{**w, "rows": tuple(w["rows"])}) for w in told]


def _findings(told: list[dict[str, Any]]) -> Findings:
    found = Findings()
    found.restore(_warnings(told))
    return found
