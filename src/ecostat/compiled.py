"""Inner loops compiled once and kept on disk; the decorated function keeps its type."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit

Loop = TypeVar("Loop", bound=Callable[..., object])


def compiled(loop: Loop) -> Loop:
    """The loop runs as machine code, cached beside its source, and releases the interpreter lock.

    A loop that calls another one holds that one's code inside it. So the cache is good only while no source
    file of the folder has changed, and not, as numba has it, while the loop's own file has not.
    """
    machine: Any = njit(cache=True, nogil=True)(loop)
    try:
        machine._cache._cache_file._source_stamp = _stamp(Path(loop.__code__.co_filename).parent)
    except AttributeError:  # numba keeps its cache in another way: better slow than stale
        machine = njit(nogil=True)(loop)
    return cast(Loop, machine)


@cache
def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, time and size of every source file beside the loop's."""
    return tuple(
        (file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in sorted(folder.glob("*.py"))
    )
