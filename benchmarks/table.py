"""One benchmark row: our seconds beside a stated floor or peer, as ratios."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """`floor_s` was measured in the same run; `peer_s` is a published or earlier figure of the named peer."""

    what: str
    ours_s: float
    floor: str = ""
    floor_s: float | None = None
    peer: str = ""
    peer_s: float | None = None
    target: str = ""
    note: str = ""


def best_of(work: Callable[[], object], times: int = 3) -> float:
    """The shortest of a few runs, in seconds; the first run, which may compile, is not counted."""
    work()
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def markdown(rows: Iterable[Row]) -> str:
    """The rows as a Markdown table; a ratio is stated only where both of its seconds exist."""
    head = "| what | ours (s) | floor in this run | ours / floor | peer | peer / ours | target | note |"
    lines = [head, "|---|---:|---|---:|---|---:|---|---|"]
    for r in rows:
        floor = f"{r.floor} {r.floor_s:.4g} s" if r.floor_s is not None else ""
        slower = f"{r.ours_s / r.floor_s:.2f}" if r.floor_s else ""
        peer = f"{r.peer} {r.peer_s:g} s" if r.peer_s is not None else ""
        faster = f"{r.peer_s / r.ours_s:.1f}" if r.peer_s else ""
        lines.append(
            f"| {r.what} | {r.ours_s:.4g} | {floor} | {slower} | {peer} | {faster} | {r.target} | {r.note} |"
        )
    return "\n".join(lines) + "\n"
