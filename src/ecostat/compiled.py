"""Inner loops compiled once and kept on disk; the decorated function keeps its type."""

from collections.abc import Callable
from functools import cache, cached_property, wraps
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit

Loop = TypeVar("Loop", bound=Callable[..., object])


def compiled(loop: Loop) -> Loop:
    """The loop runs as machine code, cached beside its source, and releases the interpreter lock.

    A loop that calls another one holds that one's code inside it. So the cache is good only while no source
    file of the folder has changed, and not, as numba has it, while the loop's own file has not.
    """
    return cast(Loop, _machine(loop, False))


def _machine(loop: Callable[..., object], fastmath: bool) -> Any:
    machine: Any = njit(cache=True, nogil=True, fastmath=fastmath)(loop)
    try:
        known: Any = loop
        machine._cache._cache_file._source_stamp = _stamp(Path(known.__code__.co_filename).parent)
    except AttributeError:  # numba keeps its cache in another way: better slow than stale
        machine = njit(nogil=True, fastmath=fastmath)(loop)
    return machine


@cache
def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, time and size of every source file beside the loop's."""
    return tuple(
        (file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in sorted(folder.glob("*.py"))
    )


#: Steps of interpreted loops that take about as long as compiling one of them.
_WORTH = 600_000


def warmed(steps: Callable[..., int], *, fastmath: bool = False) -> Callable[[Loop], Loop]:
    """The loop runs as Python until the steps it has made are worth a compilation, and as machine code from then on.

    `steps` tells from the loop's own arguments about how often its innermost line runs. A first call on small
    data then compiles nothing; both ways agree but for rounding. `fastmath` lets sums be taken in any order.
    """

    def dress(loop: Loop) -> Loop:
        return cast(Loop, wraps(loop)(_Warming(loop, steps, fastmath)))

    return dress


class _Warming:
    def __init__(self, loop: Callable[..., object], steps: Callable[..., int], fastmath: bool) -> None:
        self.loop, self.machine, self.steps, self.made = loop, _machine(loop, fastmath), steps, 0

    def __call__(self, *given: Any) -> object:
        if self.made <= _WORTH:
            self.made += self.steps(*given)
            if self.made <= _WORTH:
                with np.errstate(all="ignore"):
                    return self._plain(*given)
        return self.machine(*given)

    @cached_property
    def _plain(self) -> Callable[..., object]:
        return _interpreted(self.loop)


def _interpreted(loop: Callable[..., object]) -> Callable[..., object]:
    """The loop, and every loop it calls, as Python runs them."""
    known: Any = loop
    own = {
        name: _interpreted(found.py_func)
        for name in known.__code__.co_names
        if hasattr(found := known.__globals__.get(name), "py_func")
    }
    return FunctionType(known.__code__, {**known.__globals__, **own}, known.__name__)
