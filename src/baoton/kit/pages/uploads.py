"""A file that a person sends: whether it may be taken, and where it lies while it is read."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

AT_ONCE_MB = 32
"""How big a file may be that a page reads whole before it answers."""


def at_once() -> int:
    """The most megabytes of a file that a page reads whole before it answers."""
    return min(AT_ONCE_MB, settings.UPLOAD_LIMIT_MB)


def trouble_of(upload: Any, most_mb: int = 0) -> str:
    """Why a sent file is not taken at all; empty where it is."""
    if upload is None:
        return _("Chưa chọn tệp nào.")
    most = most_mb or settings.UPLOAD_LIMIT_MB
    if (upload.size or 0) > most * 1024 * 1024:
        return _("Tệp lớn hơn %(limit)d MB; chia nhỏ rồi tải lên từng phần.") % {"limit": most}
    return ""


@contextmanager
def held(upload: Any) -> Iterator[Path]:
    """The sent file as a file on the disk, gone afterwards."""
    with tempfile.NamedTemporaryFile(prefix="baoton-upload-") as file:
        for part in upload.chunks():
            file.write(part)
        file.flush()
        yield Path(file.name)
