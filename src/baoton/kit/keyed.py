"""Digests that only this installation can make: what is hidden cannot be guessed from them by trying.

The key stands in the database, so that it travels with a backup and a second import still finds the first.
"""

import hmac
from functools import lru_cache
from hashlib import blake2b, sha256
from uuid import UUID

from baoton.kit.models import Secret

NAME = "digests"


def key() -> bytes:
    """The key of this installation, 32 bytes; made by the first migration."""
    return bytes.fromhex(_stored())


@lru_cache(maxsize=1)
def _stored() -> str:
    return Secret.objects.get_or_create(name=NAME)[0].value


def digest(purpose: str, text: str) -> str:
    """64 hex digits that tell nothing of the text to whoever lacks the key."""
    return hmac.new(key(), f"{purpose}\x1f{text}".encode(), sha256).hexdigest()


def source_id(dataset: str, source: str) -> UUID:
    """The key that one dataset's own id always maps to here, and that nobody else can guess."""
    return UUID(bytes=_shaped(blake2b(f"{dataset}\x1f{source}".encode(), key=key(), digest_size=16).digest()))


def source_ids(dataset: str, sources: list[str]) -> list[str]:
    """As `source_id` for many, each as 32 hex digits."""
    start, secret = f"{dataset}\x1f".encode(), key()
    return [_shaped(blake2b(start + s.encode(), key=secret, digest_size=16).digest()).hex() for s in sources]


def _shaped(raw: bytes) -> bytes:
    """The bytes as a UUID of version 8, which is free for such use."""
    return raw[:6] + bytes([raw[6] & 0x0F | 0x80, raw[7], raw[8] & 0x3F | 0x80]) + raw[9:]
