"""Giving data away: Darwin Core archives that hold no more than their reader may know."""

from collections.abc import Mapping
from pathlib import Path

from django.utils.translation import gettext as _

import formats
from baoton.kit.access import Actor
from baoton.sharing import rows
from baoton.sharing.describing import describe
from baoton.sharing.selection import Selection, select

LOOSE = "-ghi-nhan-le"


def write_archive(actor: Actor, path: Path, asked: Mapping[str, str]) -> str:
    """The selected rows stand in archives; the sentence says which files and how many rows.

    Events with what was seen in them go to `path`. Records of no event have no place in an event core: they
    go to an occurrence-core archive beside it, or to `path` itself where there are no events at all.
    """
    chosen = select(actor, asked)
    told = []
    if chosen.events.exists():
        told.append(f"{path}: {_words(write_events(chosen, path))}")
        path = path.with_name(f"{path.stem}{LOOSE}{path.suffix}")
        if not chosen.loose.exists():
            return told[0]
    told.append(f"{path}: {_words(write_loose(chosen, path))}")
    return "\n".join(told)


def write_events(chosen: Selection, path: Path) -> dict[str, int]:
    """The event-core archive stands in the file; rows written of each table."""
    return formats.write_dwca(
        path,
        formats.DwcaTable("Event", rows.events(chosen), id="eventID"),
        [
            formats.DwcaTable("Occurrence", rows.occurrences(chosen, chosen.linked, True), id="eventID"),
            formats.DwcaTable("ExtendedMeasurementOrFact", rows.measurements(chosen, True), id="eventID"),
        ],
        eml=describe(chosen, loose=False),
    )


def write_loose(chosen: Selection, path: Path) -> dict[str, int]:
    """The occurrence-core archive of records without an event stands in the file; rows written of each table."""
    return formats.write_dwca(
        path,
        formats.DwcaTable("Occurrence", rows.occurrences(chosen, chosen.loose, False), id="occurrenceID"),
        [formats.DwcaTable("ExtendedMeasurementOrFact", rows.measurements(chosen, False), id="occurrenceID")],
        eml=describe(chosen, loose=True),
    )


def _words(counts: Mapping[str, int]) -> str:
    names = {
        "event.csv": _("đợt"),
        "occurrence.csv": _("ghi nhận"),
        "extendedmeasurementorfact.csv": _("số đo"),
    }
    return ", ".join(f"{n} {names.get(file, file)}" for file, n in counts.items())
