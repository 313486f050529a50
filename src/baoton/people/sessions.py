"""Which sessions are open: since when, from where, with what; each can be ended alone.

The list lies in a small file of its own, like the failed tries, so that nobody waits at the door for work on the
registers. It holds digests of the sessions' keys, never the keys.
"""

import hashlib
import hmac
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string

from baoton.kit.beside import small_file
from baoton.people import throttle
from baoton.people.models import Person

KEY = "open_session"
SEEN_EVERY, KEPT = 300.0, 90 * 86400.0
BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac", "Mac"),
)


@dataclass(frozen=True)
class Open:
    """One open session: its digest, when it began and was last used, the address and what opened it."""

    digest: str
    since: datetime
    seen: datetime
    address: str
    device: str


def of(person: Person) -> list[Open]:
    """The person's open sessions, the one used last first."""
    file = _file()
    rows = file.execute(
        "SELECT digest, since, seen, address, device FROM open WHERE person = ? AND epoch = ? AND seen > ?"
        " ORDER BY seen DESC",
        [str(person.pk), _epoch(person), time.time() - settings.SESSION_COOKIE_AGE],
    ).fetchall()
    return [Open(d, _moment(since), _moment(seen), a, v) for d, since, seen, a, v in rows]


def end(person: Person, digest: str) -> bool:
    """The session opens nothing any more; whether there was one."""
    file = _file()
    return (
        file.execute("DELETE FROM open WHERE person = ? AND digest = ?", [str(person.pk), digest]).rowcount
        > 0
    )


def digest_of(request: HttpRequest) -> str:
    """The digest of the session at hand; empty where it has none yet."""
    key = request.session.get(KEY, "")
    return _digest(key) if key else ""


def noted(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Each signed-in session stands on the list; one that was taken off it is signed out."""

    def answer(request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, Person):
            if not (key := request.session.get(KEY, "")):
                key = request.session[KEY] = get_random_string(32)
                _begin(request, request.user, key)
            elif not _seen(request.user, key):
                logout(request)
        return get_response(request)

    return answer


def _begin(request: HttpRequest, person: Person, key: str) -> None:
    now = time.time()
    file = _file()
    file.execute("DELETE FROM open WHERE seen < ?", [now - KEPT])
    told = [
        _digest(key),
        str(person.pk),
        _epoch(person),
        now,
        now,
        throttle.address(request),
        device(request),
    ]
    file.execute("INSERT OR REPLACE INTO open VALUES (?, ?, ?, ?, ?, ?, ?)", told)


def _seen(person: Person, key: str) -> bool:
    """Whether the session is still on the list; when it was used is noted every few minutes."""
    digest, now = _digest(key), time.time()
    file = _file()
    row = file.execute("SELECT seen, epoch FROM open WHERE digest = ?", [digest]).fetchone()
    if row is None:
        return False
    if now - row[0] > SEEN_EVERY or row[1] != _epoch(person):
        file.execute("UPDATE open SET seen = ?, epoch = ? WHERE digest = ?", [now, _epoch(person), digest])
    return True


def device(request: HttpRequest) -> str:
    """What opened the session, in two words."""
    told = request.headers.get("User-Agent", "")
    browser = next((name for mark, name in BROWSERS if mark in told), "")
    system = next((name for mark, name in SYSTEMS if mark in told), "Linux" if "Linux" in told else "")
    return " · ".join(w for w in (browser, system) if w)


def _epoch(person: Person) -> str:
    """What a session must agree with to hold; it changes with the password and with every ending of all."""
    return str(person.get_session_auth_hash())[:16]


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _file() -> sqlite3.Connection:
    return small_file(
        "open-sessions.sqlite3",
        "open (digest TEXT PRIMARY KEY, person TEXT, epoch TEXT, since REAL, seen REAL, address TEXT, device TEXT)",
    )


def _digest(text: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"session:{text}".encode(), hashlib.sha256).hexdigest()
