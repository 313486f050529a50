"""A Word document as PDF, made by the LibreOffice of the machine and kept beside the original."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from django.utils.translation import gettext as _

from baoton.kit import blobs, worker
from baoton.kit.writing.refusal import NotNow

SECONDS = 90


def office() -> str:
    """The program, or an empty text where the machine has none."""
    return shutil.which("soffice") or shutil.which("libreoffice") or ""


def pdf_of(sha256: str) -> Path:
    """The PDF of a stored Word document, made by one at a time when it is first asked for; `NotNow` says why not."""
    word = blobs.path_of(sha256)
    made = blobs.folder().parent / "pdf" / f"{sha256}.pdf"
    if made.exists():
        return made
    made.parent.mkdir(parents=True, exist_ok=True)
    with worker.alone("pdf", wait=True):  # one LibreOffice at a time, however many ask
        if made.exists():
            return made
        with tempfile.NamedTemporaryFile(dir=made.parent, delete=False) as out:
            try:
                out.write(converted(word.read_bytes()))
            except BaseException:
                Path(out.name).unlink(missing_ok=True)
                raise
        os.replace(out.name, made)
    return made


def converted(word: bytes) -> bytes:
    """The PDF of a Word document; `NotNow` where the machine has no LibreOffice or it does not manage."""
    program = office()
    if not program:
        raise NotNow(
            _(
                "Máy chủ chưa cài LibreOffice nên chưa làm được PDF; tải bản Word rồi in, hoặc báo người quản trị."
            )
        )
    with tempfile.TemporaryDirectory(prefix="baoton-pdf-") as folder:
        source = Path(folder) / "paper.docx"
        source.write_bytes(word)
        command = [
            program, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore", "--convert-to",
            "pdf", "--outdir", folder, str(source),
        ]  # fmt: skip
        try:
            subprocess.run(
                command, check=True, capture_output=True, timeout=SECONDS, env={**os.environ, "HOME": folder}
            )
            return source.with_suffix(".pdf").read_bytes()
        except (subprocess.SubprocessError, OSError) as error:
            raise NotNow(
                _("LibreOffice không chuyển được văn bản này sang PDF; tải bản Word rồi in.")
            ) from error
