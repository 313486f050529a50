"""Whether the background worker is there: one lock file held while it lives, one file that says it still breathes.

Both lie in the data folder, because there is one worker to a data folder. The lock is freed by the system however
the worker ends; the breath is told in the machine's own uptime, which no change of the clock moves.
"""

import fcntl
import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings

EVERY = 2.0
SILENT_AFTER = 20.0


@dataclass(frozen=True)
class State:
    """`running`, `silent` (alive but no breath for a while) or `stopped`; the job at hand and since when."""

    name: str
    job: str = ""
    seconds: float = 0.0


def folder() -> Path:
    return Path(settings.VAR)


def lock_file(name: str) -> Path:
    return folder() / "locks" / f"{name}.lock"


@contextmanager
def alone(name: str, wait: bool = False) -> Iterator[bool]:
    """Whether this process holds the name now; with `wait`, it waits until it does. Freed at the end, or by death."""
    path = lock_file(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(handle)


def held(name: str) -> bool:
    """Whether some process holds the name."""
    path = lock_file(name)
    if not path.exists():
        return False
    with path.open() as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


class Breath:
    """The worker's sign of life: written every two seconds until stopped, with the job it works on."""

    def __init__(self) -> None:
        self.job, self.since = "", 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="breath", daemon=True)

    def start(self) -> None:
        self.tell()
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(5)
        (folder() / "worker.json").unlink(missing_ok=True)

    def _run(self) -> None:
        while not self._stop.wait(EVERY):
            with suppress(OSError):
                self.tell()

    def on(self, job: str) -> None:
        self.job, self.since = job, time.monotonic()

    def off(self) -> None:
        self.job, self.since = "", 0.0

    def tell(self) -> None:
        told = {"pid": os.getpid(), "at": time.monotonic(), "job": self.job, "since": self.since}
        path = folder() / "worker.json"
        fresh = path.with_suffix(f".{os.getpid()}")
        with _own(fresh) as out:
            json.dump(told, out)
        os.replace(fresh, path)


def _own(path: Path) -> IO[str]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w")


def state() -> State:
    """How the worker of this data folder stands."""
    if not held("worker"):
        return State("stopped")
    try:
        told = json.loads((folder() / "worker.json").read_text())
        age = time.monotonic() - float(told["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return State("silent")
    if not 0 <= age <= SILENT_AFTER:
        return State("silent", str(told.get("job", "")), max(age, 0.0))
    seconds = time.monotonic() - float(told["since"]) if told.get("job") else 0.0
    return State("running", str(told.get("job", "")), seconds)
