"""What a file really is that somebody hands in: told by its bytes, never by the name or the type it came with.

What a browser or an office program would run is refused with a sentence; everything else is kept as it came and
given back as an attachment of the type found here.
"""

import zipfile
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST_MB = 100
HEAD = 4096
TYPES = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"GIF8", "image/gif"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"),
    (b"SQLite format 3\0", "application/geopackage+sqlite3"),
)
OFFICE = "application/vnd.openxmlformats-officedocument."
WORDS = {
    "application/pdf": "PDF", "application/msword": "Word, Excel 97", "application/zip": "ZIP",
    f"{OFFICE}wordprocessingml.document": "Word", f"{OFFICE}spreadsheetml.sheet": "Excel",
    f"{OFFICE}presentationml.presentation": "PowerPoint", "application/geopackage+sqlite3": "GeoPackage",
    "text/plain": "TXT", "application/octet-stream": "",
}  # fmt: skip
RUN = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa",
    b"\xcf\xfa\xed\xfe",
    b"L\0\0\0\x01\x14\x02\0",
)
PAGES = (
    b"<!doctype html",
    b"<html",
    b"<script",
    b"<svg",
    b"<iframe",
    b"<body",
    b"<object",
    b"<?php",
    b"<hta:",
)


def look(upload: Any, most_mb: int = MOST_MB) -> str:
    """The media type of an uploaded file by its bytes; raises `ValidationError` for what is not taken."""
    size = int(upload.size or 0)
    if not size:
        raise ValidationError(_("Tệp “%(name)s” rỗng.") % {"name": upload.name})
    if size > most_mb << 20:
        raise ValidationError(_("Tệp “%(name)s” lớn hơn %(n)d MB.") % {"name": upload.name, "n": most_mb})
    upload.seek(0)
    head = upload.read(HEAD)
    upload.seek(0)
    if _runs(head):
        raise ValidationError(
            _(
                "Không nhận “%(name)s”: tệp chạy được hoặc trang web có thể gây hại. Gửi PDF, ảnh hoặc tệp văn phòng."
            )
            % {"name": upload.name}
        )
    if head.startswith(b"PK\x03\x04"):
        return _packed(upload)
    if head[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif"}:
        return "image/heic"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    found = next((told for start, told in TYPES if head.startswith(start)), "")
    return found or ("text/plain" if _reads(head) else "application/octet-stream")


def _runs(head: bytes) -> bool:
    """A program, a script, or a page that a browser would run; text hidden behind a mark or blanks too."""
    if head.startswith(RUN):
        return True
    plain = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    return any(word in plain for word in PAGES)


def _packed(upload: Any) -> str:
    """An archive or an office file; one that holds macros or a program, or that cannot be read, is refused."""
    told = {"name": upload.name}
    try:
        with zipfile.ZipFile(upload) as archive:
            names = [n.filename.lower() for n in archive.infolist()]
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError) as error:
        raise ValidationError(_("Tệp “%(name)s” hỏng, không mở được.") % told) from error
    finally:
        upload.seek(0)
    if any(
        n.endswith(("vbaproject.bin", ".exe", ".dll", ".js", ".vbs", ".bat", ".cmd", ".scr", ".hta"))
        for n in names
    ):
        raise ValidationError(_("Không nhận “%(name)s”: bên trong có macro hoặc tệp chạy được.") % told)
    kinds = {
        "word/": "wordprocessingml.document",
        "xl/": "spreadsheetml.sheet",
        "ppt/": "presentationml.presentation",
    }
    found = next(
        (OFFICE + told for start, told in kinds.items() if any(n.startswith(start) for n in names)), ""
    )
    return found or "application/zip"


def _reads(head: bytes) -> bool:
    """Whether the bytes are text: no zero among them, and UTF-8 but for a letter cut at the end."""
    if b"\0" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4
    return True


def type_words(media_type: str) -> str:
    """What an office calls a type of file."""
    return WORDS.get(media_type, media_type.rpartition("/")[2].upper())
