"""How long one request or one job may take: at its limit it is stopped from outside, whatever it waits for.

First the database statement is interrupted and `TooLong` is raised in the thread, so that the transaction rolls
back and whoever asked gets a sentence. Work that hangs outside Python cannot hear that: after the grace the whole
process ends, and whoever started it starts it anew.
"""

import ctypes
import logging
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

log = logging.getLogger("baoton.limits")
TICK = 0.25
GRACE = 15.0
STUCK = 70


class TooLong(RuntimeError):
    """The work took longer than it may; nothing of its open transaction stays."""


@dataclass(eq=False)
class Span:
    """One piece of work under a limit; `fired` once it was told to stop."""

    what: str
    until: float
    thread: int
    database: Any
    fired: bool = False
    dead_at: float = field(default=0.0)


_spans: set[Span] = set()
_lock = threading.Lock()
_watch: threading.Thread | None = None
end_process: Callable[[int], None] = os._exit


@contextmanager
def limited(what: str, seconds: float) -> Iterator[Span]:
    """The work inside is stopped after so many seconds; it can ask its span whether that happened.

    Whatever error the stopped work ends with, an interrupted statement for one, `TooLong` is what comes out.
    """
    span = Span(what, time.monotonic() + seconds, threading.get_ident(), _wrapper())
    _begin()
    with _lock:
        _spans.add(span)
    try:
        yield span
    except Exception as error:
        _leave(span)
        if span.fired and not isinstance(error, TooLong):
            raise TooLong from error
        raise
    finally:
        _leave(span)


def _leave(span: Span) -> None:
    """The span is watched no longer, even where its `TooLong` comes only now, on the way out.

    What was meant for a span around this one goes on to it.
    """
    around: bool | None = None
    while around is None:
        try:
            with _lock:
                _spans.discard(span)
                waiting = any(other.fired and other.thread == span.thread for other in _spans)
                if span.fired and not waiting:
                    _raise_in(span.thread, None)
                around = waiting
        except TooLong:
            continue
    if around:
        raise TooLong


def _wrapper() -> Any:
    """This thread's own database wrapper, not the proxy that looks it up anew in each thread."""
    return connection._connections[connection._alias]  # type: ignore[attr-defined]


def _begin() -> None:
    global _watch
    if _watch is None or not _watch.is_alive():
        _watch = threading.Thread(target=_run, name="limits", daemon=True)
        _watch.start()


def _run() -> None:
    while True:
        time.sleep(TICK)
        with suppress(Exception):
            check()


def check(now: float | None = None) -> None:
    """Every span past its limit is told to stop; one that does not stop within the grace ends the process."""
    now = time.monotonic() if now is None else now
    with _lock:
        for span in _spans:
            if not span.fired and now >= span.until:
                span.fired, span.dead_at = True, now + GRACE
                log.error("too long: %s\n%s", span.what, stack(span.thread))
                interrupt(span.database)
                _raise_in(span.thread, TooLong)
            elif span.fired and now >= span.dead_at:
                log.critical("does not stop, the process ends: %s\n%s", span.what, stack(span.thread))
                logging.shutdown()
                end_process(STUCK)


def interrupt(database: Any) -> None:
    """The statement that the connection is running now ends with an error; nothing happens to an idle one."""
    raw = getattr(database, "connection", None)
    if raw is None:
        return
    with suppress(Exception):
        (raw.interrupt if database.vendor == "sqlite" else raw.cancel)()


def stack(thread: int) -> str:
    """Where the thread is now, as a traceback without values."""
    frame = sys._current_frames().get(thread)
    return "".join(traceback.format_stack(frame)) if frame is not None else ""


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    what = ctypes.py_object(error) if error is not None else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), what)
