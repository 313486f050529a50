"""Whether the machine hindered a piece of work (its disk, its memory, its database, its time) or the work was wrong.

What was hindered can be asked again just as it was; what was wrong would only be wrong again.
"""

import re

from django.db import InterfaceError, InternalError, OperationalError, connection
from django.utils.translation import gettext as _

from baoton.kit.limits import TooLong

SYSTEM = re.compile(r"\bos error \d+\b|No space left on device")


def by_machine(error: BaseException) -> bool:
    """A database that was away, locked or full, a disk or memory at its end, a time limit; not a file that cannot be
    read, nor a row that the database refuses."""
    if isinstance(error, (OperationalError, InterfaceError, InternalError, MemoryError, TooLong)):
        return True
    if isinstance(error, OSError) and error.errno is not None:
        return not isinstance(error, FileNotFoundError)
    return bool(SYSTEM.search(str(error)))  # libraries in other languages tell the system's number in words


def connect_anew() -> None:
    """A connection that works stands for what must be written of the end; that of an open transaction is left alone."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def sentence() -> str:
    """What a person reads of it: the words of the disk or the database are for the log alone."""
    return _(
        "Máy chủ gặp trở ngại (đĩa, bộ nhớ hoặc cơ sở dữ liệu) nên việc chưa xong. Hãy chạy lại; nếu vẫn vậy, "
        "báo người quản trị: chi tiết nằm trong nhật ký máy chủ."
    )
