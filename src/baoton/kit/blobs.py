"""Bytes kept once, under the sha256 that proves them."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from baoton.kit.models import Blob


def folder() -> Path:
    return Path(settings.BLOB_DIR)


def is_hash(text: str) -> bool:
    """Whether the text is the name of kept bytes, and not words in a column called alike."""
    return len(text) == 64 and set(text) <= set("0123456789abcdef")


def path_of(sha256: str) -> Path:
    """Where the bytes lie; the name is the hash, so no name from outside ever becomes a path."""
    if not is_hash(sha256):
        raise ValueError("not a sha256")
    return folder() / sha256[:2] / sha256


def store(chunks: Iterable[bytes], media_type: str = "application/octet-stream") -> Blob:
    """The bytes lie in the blob folder whole or not at all; the same bytes a second time cost nothing."""
    folder().mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle, name = tempfile.mkstemp(dir=folder())
    try:
        with os.fdopen(handle, "wb") as out:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        target = path_of(digest.hexdigest())
        target.parent.mkdir(exist_ok=True)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    blob, _ = Blob.objects.get_or_create(
        sha256=digest.hexdigest(), defaults={"size": size, "media_type": media_type}
    )
    return blob


def store_file(path: Path, media_type: str = "application/octet-stream") -> Blob:
    """A file's bytes are kept; the file itself is left where it is."""

    def chunks() -> Iterable[bytes]:
        with path.open("rb") as source:
            while chunk := source.read(1 << 20):
                yield chunk

    return store(chunks(), media_type)


def intact(sha256: str) -> bool:
    """Whether the bytes on disk still give their own name."""
    path = path_of(sha256)
    if not path.is_file():
        return False
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest() == sha256
