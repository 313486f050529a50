"""Who wants to know that rows of a register changed: figures kept at write time listen here."""

from collections.abc import Callable, Sequence
from typing import Any

Listener = Callable[[str, Sequence[dict[str, Any]], Sequence[dict[str, Any]]], None]
LISTENERS: list[Listener] = []


def listen(work: Listener) -> Listener:
    """The work is called in the writer's own transaction with the model's label and rows before and after."""
    LISTENERS.append(work)
    return work


def changed(label: str, before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> None:
    """Every listener has taken note: rows as snapshots, `before` empty for new ones."""
    for work in LISTENERS:
        work(label, before, after)
