"""What a test needs to know of one public call."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

SEED = 7


@dataclass(frozen=True)
class Call:
    """A public call and input it answers. `fixed` arguments are not made odd; `said` are other words by which
    a refusal may name an argument."""

    name: str
    run: Callable[..., Any]
    good: dict[str, Any]
    fixed: dict[str, Any] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)

    def long(self, name: str, value: Any) -> bool:
        """Whether the value asks for thousands of repeats or for long sums: no fault, but it takes its time."""
        most = {"draws": 1000, "reps": 1000, "times": 1000, "K": 100}.get(name)
        return most is not None and isinstance(value, int | np.integer) and value > most

    def __call__(self, **changed: Any) -> Any:
        return self.run(**{**self.good, **self.fixed, **changed})

    @cached_property
    def answer(self) -> Any:
        """What the good input answers, worked out once; a call answers the same input alike."""
        return self()
