"""What the parts of the engine, and a domain's own readers, may ask of whoever reads one file."""

from collections.abc import Sequence
from typing import Any, Protocol

from baoton.kit.access import Actor, Scope
from baoton.kit.importing.notes import Notes


class Reads(Protocol):
    """The reading of one file by one actor (`run.Run`): who reads, by which plan, what it found so far.

    `held` keeps what one part of the engine or a domain wants again in a later batch of the same file, by a
    name of its own; `review` what a person must decide.
    """

    actor: Actor
    plan: Any
    source: Any
    batch_id: str
    organisation: str
    dataset_id: str | None
    notes: Notes
    scopes: Sequence[Scope]
    refs: dict[str, Any]
    keyed: dict[str, str]
    held: dict[str, Any]
    review: dict[str, Any]
    closed: bool

    def has(self, target: str) -> bool:
        """Whether some table of this file brings rows of that target."""
        ...
