"""Small files beside the database, for what must never wait for work on the registers (signing in, open sessions)."""

import os
import sqlite3
import threading
from pathlib import Path
from typing import cast

from django.conf import settings

_HELD = threading.local()


def small_file(name: str, table: str) -> sqlite3.Connection:
    """The file of this name in the data folder with this table ("open (digest TEXT …)"), kept open in its thread.

    It is opened anew after a fork, and where another folder is in use or another file lies in its place; what an error
    left half done is undone.
    """
    path, held = Path(settings.VAR) / name, _HELD.__dict__
    place, file = held.get(name, (None, None))
    if file is not None and place == _place(path):
        if file.in_transaction:
            file.rollback()
        return cast(sqlite3.Connection, file)
    if file is not None and place[1] == os.getpid():
        file.close()
    file = sqlite3.connect(path, timeout=5, isolation_level=None)
    file.execute("PRAGMA journal_mode=WAL")
    file.execute(f"CREATE TABLE IF NOT EXISTS {table}")
    held[name] = _place(path), file
    return file


def _place(path: Path) -> tuple[Path, int, int]:
    try:
        return path, os.getpid(), path.stat().st_ino
    except FileNotFoundError:
        return path, os.getpid(), 0
