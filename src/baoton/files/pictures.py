"""The bare picture that a page shows of a photo: made once, by the worker, kept beside the originals.

The web server never decodes a picture, so however many visitors look at it, it costs a file to read. What a picture
may cost the worker is bounded by its number of points; a bigger one is kept as evidence and shown by name alone.
"""

import logging
import os
from pathlib import Path

from django.utils.translation import gettext as _

from baoton.kit import blobs, jobs
from baoton.kit.access import System
from baoton.kit.models import Job

log = logging.getLogger("baoton.files")
KIND = "files.picture"


def path_of(sha256: str) -> Path:
    """Where the bare picture of an original lies, once it was made; empty where none can be made."""
    original = blobs.path_of(sha256)
    return original.parent.parent / "pictures" / original.parent.name / f"{sha256}.jpg"


def ask(sha256: str) -> None:
    """The bare picture will be made, if it is not there or on its way."""
    if path_of(sha256).exists():
        return
    on_its_way = Job.objects.filter(kind=KIND, state__in=[Job.State.WAITING, Job.State.RUNNING])
    if not on_its_way.filter(arguments__sha256=sha256).exists():
        jobs.ask(System(), KIND, _("Chuẩn bị ảnh để xem"), sha256=sha256)


@jobs.kind(KIND)
def work(progress: jobs.Progress) -> str:
    """The bare picture stands; an empty file says that none can be made of this original."""
    if progress.job is None:
        raise ValueError("a picture is made by a job")
    make(str(progress.job.arguments["sha256"]))
    return ""


def make(sha256: str) -> bool:
    """The bare picture of the original stands whole or, where it cannot be read, as an empty file; which of the two."""
    from baoton.files.exif import NotAPhoto, without_place

    target = path_of(sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        content = without_place(blobs.path_of(sha256))
    except NotAPhoto as error:
        log.warning("no picture of %s: %s", sha256[:12], error)
        content = b""
    fresh = target.with_suffix(f".{os.getpid()}")
    fresh.write_bytes(content)
    os.replace(fresh, target)
    return bool(content)
