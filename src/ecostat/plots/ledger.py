"""A breeding ledger month by month: what it records, and what no history explains."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ecostat.errors import EcostatError
from ecostat.ledger import Biology, Entry, implausible
from ecostat.plots.drawing import BROWN, GREEN, GREY, axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COMES, _LEAVES = ("opening", "in", "birth"), ("out", "death")


def ledger(entries: Sequence[Entry], biology: Biology, ax: "Axes | None" = None) -> "Axes":
    """The stock that the entries add up to, what came and what left in each month, and stock-takes as dots.

    Entries that no history explains are ringed, with the least number of animals without an explained origin. An
    unreadable number is drawn as a cross on the line of zero: it is not zero, and the stock after it is not known.
    """
    if not len(entries):
        raise EcostatError("the ledger has no entry to draw")
    reasons = implausible(tuple(entries), biology)
    panel = axes(ax)
    month = np.array([e.at for e in entries], np.float64)
    month -= month.min()
    for kinds, sign, colour in ((_COMES, 1, GREEN), (_LEAVES, -1, BROWN)):
        mine = [i for i, e in enumerate(entries) if e.kind in kinds and e.number is not None]
        panel.bar(month[mine], [sign * (entries[i].number or 0) for i in mine], 0.8, color=colour, alpha=0.7)
    times, stock = _stock(entries, month)
    panel.step(times, stock, where="post", color="0.25", lw=1.2)
    taken = [i for i, e in enumerate(entries) if e.kind == "count" and e.number is not None]
    panel.plot(month[taken], [entries[i].number or 0 for i in taken], "o", color="0.25", ms=4)
    unread = [i for i, e in enumerate(entries) if e.number is None]
    panel.plot(month[unread], np.zeros(len(unread)), "x", color="0.25")
    for reason in reasons:
        at = [i for i in reason.entries if entries[i].number is not None]
        height = [(-1 if entries[i].kind in _LEAVES else 1) * (entries[i].number or 0) for i in at]
        panel.plot(month[at], height, "o", mfc="none", mec="crimson", ms=12, mew=1.5)
        if at:
            panel.annotate(
                f"{reason.animals} unexplained",
                (month[at[0]], height[0]),
                xytext=(8, 6),
                textcoords="offset points",
                color="crimson",
                fontsize=8,
            )
    panel.axhline(0, color=GREY, lw=0.8)
    first = entries[int(np.argmin(month))]
    panel.set(xlabel=f"months ({first.spoken} on)", ylabel="animals")
    told = (
        f"{sum(r.animals for r in reasons)} animals no history explains"
        if reasons
        else "every entry explained"
    )
    panel.set_title(told, fontsize=10)
    return panel


def _stock(entries: Sequence[Entry], month: np.ndarray) -> tuple[list[float], list[float]]:
    """The stock after each month, unknown after a number that cannot be read until the next stock-take."""
    total, times, stock = 0.0, [], []
    order = np.lexsort((np.array([e.kind == "count" for e in entries]), month))
    for i in order:
        entry = entries[i]
        number = np.nan if entry.number is None else float(entry.number)
        if entry.kind == "count":
            total = number
        else:
            total += -number if entry.kind in _LEAVES else number
        times.append(float(month[i]))
        stock.append(total)
    return times, stock
