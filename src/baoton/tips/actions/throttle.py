"""How often one address may send or guess, held in memory alone: nothing of it is written anywhere.

Each process counts for itself, under a digest whose key dies with the process; a villager's telephone often shares
its address with a whole valley, so the limits are wide.
"""

import os
import time
from collections import OrderedDict, deque
from hashlib import blake2b
from threading import Lock

MOST = {"send": (20, 3600.0), "guess": (20, 600.0)}
ADDRESSES = 20_000
_KEY = os.urandom(32)
_times: OrderedDict[bytes, deque[float]] = OrderedDict()
_lock = Lock()


def wait(address: str, what: str, now: float | None = None) -> int:
    """Whole minutes until the address may do it again; 0 where it may now."""
    most, span = MOST[what]
    at = time.monotonic() if now is None else now
    with _lock:
        times = _times.get(_digest(address, what), deque())
        recent = [t for t in times if t > at - span]
        if len(recent) < most:
            return 0
        return max(1, round((recent[-most] + span - at) / 60 + 0.499))


def count(address: str, what: str, now: float | None = None) -> None:
    """The address did it once more."""
    most, _span = MOST[what]
    at, key = time.monotonic() if now is None else now, _digest(address, what)
    with _lock:
        times = _times.setdefault(key, deque(maxlen=most))
        times.append(at)
        _times.move_to_end(key)
        while len(_times) > ADDRESSES:
            _times.popitem(last=False)


def forget() -> None:
    """Nothing is counted any more."""
    with _lock:
        _times.clear()


def _digest(address: str, what: str) -> bytes:
    return blake2b(f"{what}\x1f{address}".encode("utf-8", "surrogatepass"), key=_KEY, digest_size=16).digest()
