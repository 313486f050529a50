"""The heads of the audit chain told outside the database, and the key that only this installation holds.

`audit-heads.txt` only grows: one line for each sealing, with the number of the last event, its hash and the moment.
Where `BAOTON_HEADS` names a second file (another disk, a share that only takes additions) each line goes there too.
"""

import os
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone
from django.utils.translation import gettext as _


def path() -> Path:
    return Path(settings.VAR) / "audit-heads.txt"


def paths() -> list[Path]:
    """Every file that is told."""
    return [path(), *([Path(settings.AUDIT_HEADS)] if settings.AUDIT_HEADS else [])]


def key() -> bytes:
    """The key from the environment, else one made once in the data folder."""
    return _key(str(settings.AUDIT_KEY), str(settings.VAR))


@lru_cache(maxsize=8)
def _key(given: str, var: str) -> bytes:
    if given:
        return given.encode()
    file = Path(var) / "audit_key"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(os.urandom(32).hex())
        try:
            os.link(fresh, file)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return file.read_text().encode()


def tell(seq: int, head: str) -> None:
    """One line more in each file."""
    line = f"{seq} {head} {timezone.now().isoformat(timespec='seconds')}\n".encode()
    for one in paths():
        handle = os.open(one, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, line)
            os.fsync(handle)
        finally:
            os.close(handle)


def mail() -> bool:
    """The newest head is sent once a day to `BAOTON_AUDIT_MAIL`, where nobody of this machine can take it back."""
    told, today = all_told(), timezone.localdate().isoformat()
    mark = Path(settings.VAR) / "audit-mailed.txt"
    if not settings.AUDIT_MAIL or not told or (mark.exists() and mark.read_text() == today):
        return False
    seq = max(told)
    text = _("Sự kiện số %(n)d của nhật ký, đầu chuỗi:") % {"n": seq}
    send_mail(
        _("Bảo Tồn: đầu chuỗi nhật ký %(day)s") % {"day": today},
        f"{text}\n{told[seq]}\n",
        None,
        [settings.AUDIT_MAIL],
    )
    mark.write_text(today)
    return True


def all_told() -> dict[int, str]:
    """Every head told so far by the number of its event; where two lines disagree, the first stands."""
    told: dict[int, str] = {}
    for one in paths():
        if one.exists():
            for line in one.read_text(encoding="utf-8").splitlines():
                words = line.split()
                if len(words) >= 2 and words[0].isdecimal():
                    told.setdefault(int(words[0]), words[1])
    return told
