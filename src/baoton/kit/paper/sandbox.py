"""Where the fields of an office's own Word template are filled: nothing can be called, nothing of Python is reached."""

from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

FILTERS = frozenset(
    {"upper", "lower", "capitalize", "title", "trim", "default", "length", "join", "first", "last"}
)


class Sandbox(ImmutableSandboxedEnvironment):
    """Fields, loops and conditions alone: no call, no name that begins with a line below, no filter beyond a few."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self) -> None:
        super().__init__(autoescape=True)
        self.globals.clear()
        self.filters = {name: made for name, made in self.filters.items() if name in FILTERS}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return (
            not attr.startswith("_") and not callable(value) and super().is_safe_attribute(obj, attr, value)
        )

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Nothing is reckoned in a template: a long text is made of a short one by one sign."""
        raise SecurityError(operator)

    def is_safe_callable(self, obj: Any) -> bool:
        return False
