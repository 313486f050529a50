"""Inner loops compiled once and kept on disk; the decorated function keeps its type."""

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

Loop = TypeVar("Loop", bound=Callable[..., object])


def compiled(loop: Loop) -> Loop:
    """The loop runs as machine code, cached beside its source, and releases the interpreter lock."""
    return cast(Loop, njit(cache=True, nogil=True)(loop))
