"""The log: every line carries the number of the request and the id of whoever asked, and no personal data.

A traceback names files, lines and the kind of error. The database's own words (which repeat the row) and long
values are left out; the number is the one the visitor's page shows.
"""

import logging
import secrets
import sys
import traceback
from contextvars import ContextVar
from types import TracebackType

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LONGEST = 160
number: ContextVar[str] = ContextVar("number", default="-")
asker: ContextVar[str] = ContextVar("asker", default="-")


def new_number() -> str:
    """Ten letters and digits that nobody misreads on the telephone."""
    made = "".join(secrets.choice(ALPHABET) for _ in range(10))
    return f"{made[:5]}-{made[5:]}"


class Line(logging.Formatter):
    """One line (and a traceback below it): moment, level, request, actor, logger, words."""

    def __init__(self) -> None:
        super().__init__(
            "%(asctime)s %(levelname)s %(request_number)s %(actor)s %(name)s: %(message)s",
            "%Y-%m-%dT%H:%M:%S%z",
        )

    def format(self, record: logging.LogRecord) -> str:
        record.request_number, record.actor = number.get(), asker.get()
        if record.levelno < logging.ERROR and record.name == "django.request":
            record.exc_info = record.exc_text = None  # a refusal or a wrong address is no fault of ours
        return super().format(record)

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        """The frames, and of the error's words only what cannot hold a person's row."""
        lines: list[str] = []
        seen: set[int] = set()
        error = ei[1]
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            part = traceback.format_tb(error.__traceback__)
            lines.insert(
                0, "".join([*part, f"{type(error).__module__}.{type(error).__qualname__}: {words(error)}"])
            )
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\nwhich led to\n".join(lines)


def words(error: BaseException) -> str:
    """The first line of the error's own words, short; of a database error only its class tells."""
    if isinstance(error, DatabaseError) or type(error).__module__.startswith("psycopg"):
        return "(database words left out)"
    if isinstance(error, PermissionDenied):
        return str(getattr(error, "verb", "(words left out)"))
    first = str(error).partition("\n")[0]
    return first if len(first) <= LONGEST else f"{first[:LONGEST]}…"


def config(level: str) -> dict[str, object]:
    """The configuration of `logging` at this level, to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "baoton.site.log.Line"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "baoton": {"level": level},
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "huey": {"level": "WARNING"},
        },
    }
