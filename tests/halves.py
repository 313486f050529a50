"""Which of a test's cases both databases answer, and which the first alone."""

from collections.abc import Iterable
from typing import Any

import pytest


def once_but(cases: Iterable[Any], *both: Any) -> list[Any]:
    """The cases as parameters: those named `both` run on both databases, the others on SQLite alone."""
    return [case if case in both else pytest.param(case, marks=pytest.mark.once) for case in cases]
