"""What an administrator told of this installation on its set-up page: its public address and how it sends mail.

It lies in one file of the data folder that its owner alone may read, because a mail password belongs neither into
the database nor into the log; what the environment says holds where the file says nothing.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

KEYS = ("address", "mail_host", "mail_port", "mail_user", "mail_password", "mail_tls", "mail_from",
        "two_verifiers_from")  # fmt: skip


def path() -> Path:
    return Path(settings.VAR) / "office.json"


def told() -> dict[str, Any]:
    """What was told so far; nothing where nobody told anything yet."""
    try:
        held = json.loads(path().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {k: v for k, v in held.items() if k in KEYS}


def tell(values: Mapping[str, Any]) -> None:
    """These values stand beside what was told before, whole or not at all."""
    held = told() | {k: v for k, v in values.items() if k in KEYS}
    fresh = path().with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump(held, out, ensure_ascii=False)
    os.replace(fresh, path())


def address() -> str:
    """What readers type to come here, without a slash at its end."""
    return str(told().get("address") or settings.SITE_ADDRESS).rstrip("/")


def sends_mail() -> bool:
    """Whether somebody told through which server mail goes."""
    return bool(told().get("mail_host") or os.environ.get("BAOTON_SMTP"))


def sender() -> str:
    """The address mail comes from."""
    return str(told().get("mail_from") or settings.DEFAULT_FROM_EMAIL)


__all__ = ["address", "path", "sender", "sends_mail", "tell", "told"]
