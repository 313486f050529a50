"""How often one account, or one address, may be tried in vain: after some failures each further try waits longer.

The counts lie in a small file of their own, so that signing in never waits for work on the registers; they name
nobody, only a keyed digest. A wait never grows beyond a quarter of an hour, so nobody is locked out for good.
"""

import hashlib
import hmac
import math
import sqlite3
import time

from django.conf import settings
from django.http import HttpRequest

from baoton.kit.beside import small_file

FREE = {"account": 5, "address": 30, "code": 5}
FIRST_WAIT, LONGEST_WAIT, FORGOTTEN = 15.0, 900.0, 3600.0


def keys(request: HttpRequest, account: str, what: str = "account") -> list[tuple[str, int]]:
    """What a try is counted under, each with how many failures are free."""
    told = [(what, account.strip().casefold()[:150]), ("address", address(request))]
    return [(_digest(f"{kind}:{value}"), FREE[kind]) for kind, value in told if value]


def address(request: HttpRequest) -> str:
    """Where the request comes from; behind `BAOTON_PROXIES` trusted proxies, what the outermost of them saw."""
    hops = [h.strip() for h in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if h.strip()]
    if settings.PROXIES and len(hops) >= settings.PROXIES:
        return str(hops[-settings.PROXIES])
    return str(request.META.get("REMOTE_ADDR", ""))


def wait(given: list[tuple[str, int]]) -> int:
    """How many seconds to wait before the next try; 0 when it may be tried now."""
    now, longest = time.time(), 0.0
    file = _file()
    for key, _free in given:
        row = file.execute("SELECT until FROM tries WHERE key = ?", [key]).fetchone()
        if row:
            longest = max(longest, min(row[0] - now, LONGEST_WAIT))
    return max(0, math.ceil(longest))


def failed(given: list[tuple[str, int]]) -> None:
    """One more try in vain: beyond the free ones the wait doubles with each."""
    now = time.time()
    file = _file()
    file.execute("BEGIN IMMEDIATE")
    file.execute("DELETE FROM tries WHERE last < ? OR last > ?", [now - FORGOTTEN, now + FORGOTTEN])
    for key, free in given:
        row = file.execute("SELECT n FROM tries WHERE key = ?", [key]).fetchone()
        n = (row[0] if row else 0) + 1
        pause = min(FIRST_WAIT * 2 ** min(n - free, 10), LONGEST_WAIT) if n >= free else 0.0
        file.execute("INSERT OR REPLACE INTO tries VALUES (?, ?, ?, ?)", [key, n, now, now + pause])
    file.execute("COMMIT")


def succeeded(given: list[tuple[str, int]]) -> None:
    """The account's failures are forgotten; those of the address are not, else one good account would free it."""
    file = _file()
    file.execute("DELETE FROM tries WHERE key = ?", [given[0][0]])


def _file() -> sqlite3.Connection:
    return small_file("signin.sqlite3", "tries (key TEXT PRIMARY KEY, n INTEGER, last REAL, until REAL)")


def _digest(text: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
