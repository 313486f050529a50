"""How a reader process answers: a letter, a length, the bytes. J is JSON, A a batch of Arrow rows, E an error."""

from __future__ import annotations

import struct
from typing import IO, Any

HEAD = struct.Struct("<cQ")


def write(answers: IO[bytes], kind: bytes, payload: Any) -> None:
    """One frame."""
    view = memoryview(payload)
    answers.write(HEAD.pack(kind, view.nbytes))
    answers.write(view)
