"""A process of its own that opens one file and streams its tables: started by `formats.bounded`, bounded by the system.

It takes commands as lines of JSON and answers in frames. It ends when nobody listens any more.
"""

from __future__ import annotations

import base64
import json
import os
import re
import resource
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from formats import frames, opening
from formats.source import Findings, FormatError, Source, Table

NO_ROOM = re.compile(
    r"Failed to launch worker thread|Cannot allocate memory|bad_alloc|malloc of size", re.IGNORECASE
)
"""How libraries say that the memory granted was not enough, where they raise no `MemoryError`."""


def serve(memory: int, seconds: int) -> None:
    """Answer commands until the input ends, in so many bytes beyond the program's own and so many seconds of work."""
    answers = os.fdopen(os.dup(1), "wb", buffering=1 << 20)
    os.dup2(2, 1)  # what a library prints must not stand between the frames
    _bound(memory, seconds)
    source: Source | None = None
    for line in sys.stdin:
        command = json.loads(line)
        try:
            if "open" in command:
                source = opening.open(Path(command["open"]), hint=command["hint"])
                frames.write(answers, b"J", _json(describe(source)))
            elif source is not None:
                _send(answers, source.tables[command["read"]], command["rows"], command["first"])
        except FormatError as error:
            frames.write(answers, b"E", _json(_told(error)))
        except MemoryError:
            frames.write(answers, b"E", _json({"code": "too_heavy"}))
        except BrokenPipeError:
            break
        except Exception as error:
            why = f"{type(error).__name__}: {error}"[:500]
            told = {"code": "too_heavy"} if NO_ROOM.search(why) else {"code": "failed", "why": why}
            frames.write(answers, b"E", _json(told))
        answers.flush()
    if source is not None:
        source.close()


def _bound(memory: int, seconds: int) -> None:
    """Memory beyond today's and seconds of work are what the system grants this process from now on."""
    taken = 0
    statm = Path("/proc/self/statm")
    if statm.exists():
        taken = int(statm.read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (taken + memory, taken + memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)


def describe(source: Source) -> dict[str, Any]:
    """All of an opened file but its rows, as JSON holds it."""
    return {
        "kind": source.kind,
        "metadata": source.metadata,
        "warnings": [asdict(w) for w in source.findings.all()],
        "tables": [
            {
                "name": t.name, "columns": t.columns, "row_type": t.row_type, "terms": t.terms, "kinds": t.kinds,
                "id_column": t.id_column, "core_id_column": t.core_id_column, "metadata": t.metadata,
                "counted": t.counted, "warnings": [asdict(w) for w in t.opening.all()],
                "schema": base64.b64encode(t.schema.serialize()).decode(),
            }
            for t in source.tables
        ],
    }  # fmt: skip


def _send(answers: Any, table: Table, rows: int, first: bool) -> None:
    """The table's batches, only the first where no more is wanted; then what was noticed."""
    findings = Findings()
    for batch in table.read(rows, findings):
        frames.write(answers, b"A", batch.serialize())
        if first:
            break
    frames.write(answers, b"J", _json({"warnings": [asdict(w) for w in findings.all()]}))


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, default=str).encode()


def _told(error: FormatError) -> dict[str, str]:
    return {
        "code": error.code, "vi": error.vi, "en": error.en, "suggestion": error.suggestion, "where": error.where,
    }  # fmt: skip


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]))
