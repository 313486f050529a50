"""Which records each figure of a report counted, kept beside it as one packed file: key and revision a line."""

import gzip
from collections.abc import Iterable, Iterator
from urllib.parse import urlencode
from uuid import UUID

from baoton.kit import blobs
from baoton.kit.access import Anybody
from baoton.kit.reading.register import REGISTERS
from baoton.reporting.models import Report
from baoton.reporting.queries import Told

MOST = 50_000
"""A figure of more records is kept without them: the page then opens today's and says so."""


def key_of(one: Told) -> str:
    """Figures that ask alike share their records."""
    return f"{one.register}?{urlencode(sorted(one.query.items()))}"


def keep(told: Iterable[Told]) -> str:
    """The records of the figures lie in one kept file; its hash."""
    return blobs.store([gzip.compress("".join(_lines(told)).encode(), mtime=0)], "application/gzip").sha256


def _lines(told: Iterable[Told]) -> Iterator[str]:
    done: set[str] = set()
    for one in told:
        key = key_of(one)
        if not one.count or one.count > MOST or key in done:
            continue
        done.add(key)
        yield f"#{key}\n"
        book = REGISTERS[one.register]
        rows = book.filtered(book.door(Anybody()), one.query).order_by("id").values_list("id", "revision")
        for pk, revision in rows.iterator(20_000):
            yield f"{pk.hex} {revision}\n"


def counted(report: Report, one: Told) -> dict[UUID, int] | None:
    """The records a figure counted with their revision of that day; None where they were not kept."""
    if not report.records_sha256 or not blobs.intact(report.records_sha256):
        return None
    mine = f"#{key_of(one)}"
    found: dict[UUID, int] | None = None
    with gzip.open(blobs.path_of(report.records_sha256), "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("#"):
                if found is not None:
                    break
                found = {} if line.rstrip("\n") == mine else None
            elif found is not None:
                pk, _space, revision = line.partition(" ")
                found[UUID(hex=pk)] = int(revision)
    return found
