"""What is handed in as evidence is known by its bytes: what could run is refused with a sentence, the rest is kept."""

import io
import zipfile
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from baoton.kit.incoming import OFFICE, look, type_words


def packed(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def upload(content: bytes, name: str = "ảnh.jpg") -> Any:
    return SimpleUploadedFile(name, content, "image/jpeg")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\0\x03",
        b"\x7fELF\x02",
        b"#!/bin/sh\nrm -r",
        b"<html><script>1</script>",
        b"\xef\xbb\xbf \n<!DOCTYPE HTML>",
        "<SVG onload=x>".encode("utf-16"),
        b"GIF89a<script>alert(1)</script>",
        b"<?php echo 1;",
        b"PK\x03\x04\x14\0 cut",
        packed("word/document.xml", "word/vbaProject.bin"),
        packed("thư mục/cài.EXE"),
    ],
)
def test_what_could_run_or_is_broken_is_refused_by_name(content: bytes) -> None:
    with pytest.raises(ValidationError, match="ảnh"):
        look(upload(content))


@pytest.mark.parametrize(
    ("content", "media_type", "word"),
    [
        (b"%PDF-1.4 x", "application/pdf", "PDF"),
        (b"\xff\xd8\xff\xe0 x", "image/jpeg", "JPEG"),
        (b"\x89PNG\r\n\x1a\n x", "image/png", "PNG"),
        ("biên bản ngày 3 tháng 5".encode(), "text/plain", "TXT"),
        (packed("word/document.xml"), f"{OFFICE}wordprocessingml.document", "Word"),
        (packed("xl/workbook.xml"), f"{OFFICE}spreadsheetml.sheet", "Excel"),
        (packed("lo.shp", "lo.dbf"), "application/zip", "ZIP"),
        (b"\0\x01\x02\x03", "application/octet-stream", ""),
    ],
)
def test_a_file_is_what_its_bytes_say_whatever_it_is_called(
    content: bytes, media_type: str, word: str
) -> None:
    found = look(upload(content, "x.exe.html"))
    assert (found, type_words(found)) == (media_type, word)


def test_too_large_is_told_with_the_limit() -> None:
    with pytest.raises(ValidationError, match="lớn hơn 1 MB"):
        look(upload(b"%PDF-" + b"x" * (1 << 20)), 1)
