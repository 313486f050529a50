"""Every write of camera traps that is more than saving a form: sequences, clocks put right, what people see."""

from baoton.cameras.actions.repairing import not_last, repaired, undone
from baoton.cameras.actions.reviewing import again, answered, kinds_of, offered
from baoton.cameras.actions.sequences import (
    derive_deployment,
    gaps_of,
    guard,
    media_of,
    of_batch,
    resequence,
    worked,
)

__all__ = [
    "again",
    "answered",
    "derive_deployment",
    "gaps_of",
    "guard",
    "kinds_of",
    "media_of",
    "not_last",
    "of_batch",
    "offered",
    "repaired",
    "resequence",
    "undone",
    "worked",
]
