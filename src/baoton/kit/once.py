"""What many parts of one writing, or of one page, ask is asked once."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
_known: ContextVar[dict[Hashable, Any] | None] = ContextVar("known", default=None)


@contextmanager
def one_state() -> Iterator[None]:
    """Inside, each question given to `once` is asked once: for one record written or one page read, of many doors."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def once(question: Hashable, ask: Callable[[], T]) -> T:
    """The answer to the question: asked anew outside `one_state`, else the first answer."""
    known = _known.get()
    if known is None:
        return ask()
    if question not in known:
        known[question] = ask()
    answer: T = known[question]
    return answer
