"""What other apps may ask of the evidence."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from baoton.files import pictures
from baoton.files.exif import Exif, NotAPhoto, read
from baoton.files.models import Evidence
from baoton.kit import lent
from baoton.kit.access import Actor, may
from baoton.kit.reading.register import Panel
from baoton.kit.refs import name_of, register_of

__all__ = [
    "ATTACHMENTS",
    "Exif",
    "NotAPhoto",
    "bare_picture",
    "may_have_originals",
    "of_record",
    "of_records",
    "openable",
    "panel",
    "picture_of",
    "place_in",
    "read",
]


BROKEN = Q(exif_note__startswith="tệp ảnh hỏng") | Q(exif_note__startswith="the photo is damaged")
"""What is noted of a photo that could not be opened, in the words of whoever uploaded it."""


def of_record(record: Any) -> "QuerySet[Evidence]":
    """The standing evidence of a record, newest last."""
    about_type, about_id = name_of(record)
    return Evidence.objects.filter(about_type=about_type, about_id=about_id, withdrawn__isnull=True).order_by(
        "id"
    )


def openable(rows: "QuerySet[Evidence]") -> "QuerySet[Evidence]":
    """The photos among some evidence that can be opened; a broken file stays evidence and is no picture."""
    return rows.filter(kind=Evidence.Kind.PHOTO).exclude(BROKEN)


def of_records(about_type: str, keys: "Sequence[UUID]") -> "QuerySet[Evidence]":
    """The standing evidence of several records of one book, oldest first."""
    rows = Evidence.objects.filter(about_type=about_type, about_id__in=keys, withdrawn__isnull=True)
    return rows.order_by("id")


def place_in(photo: Any) -> tuple[float, float] | None:
    """Longitude and latitude that an uploaded photo holds of itself; None where it has none or is no picture."""
    try:
        told = read(photo.file)
    except NotAPhoto:
        return None
    finally:
        photo.seek(0)
    return None if told.lon is None or told.lat is None else (told.lon, told.lat)


def bare_picture(sha256: str) -> Path | None:
    """The picture of a photo without what its camera wrote into it, where it has been made."""
    path = pictures.path_of(sha256)
    return path if path.is_file() and path.stat().st_size else None


def may_have_originals(actor: Actor, record: Any) -> bool:
    """Whether the reader may have the file as it came, with all that a camera wrote into it: place, time, owner.

    A right to see the record precisely is asked even where the record stands open: its photo may have been taken
    elsewhere than the record says.
    """
    if record._meta.label_lower in lent.LENDS:
        return lent.may_read(actor, record, lent.EVIDENCE)
    book = register_of(record._meta.label_lower)
    if book is None or not getattr(record, "door_precise", True):
        return False
    verb = f"{book.name}.see_precise" if book.located else f"{book.name}.see"
    return may(actor, verb, record)


def panel(actor: Actor, record: Any) -> dict[str, Any]:
    """What the record page shows of its evidence; whoever sees the record sees that there is some."""
    precise = bool(getattr(record, "door_precise", True))
    read = lent.may_read(actor, record, lent.EVIDENCE)
    return {
        "rows": list(of_record(record)) if read else [],
        "read": read,
        "precise": precise,
        "originals": may_have_originals(actor, record),
        "record": record,
        "may_add": precise
        and bool(actor.scopes("files.evidence.create"))
        and lent.may_read(actor, record, lent.ADDING),
    }


ATTACHMENTS = Panel("files/panel.html", panel)


def picture_of(row: Evidence) -> Path | None:
    """The bare picture of a photo, made now where it was not yet; None where none can be made."""
    shown = pictures.path_of(row.sha256)
    if not shown.exists():
        pictures.make(row.sha256)
    return shown if shown.exists() and shown.stat().st_size else None
