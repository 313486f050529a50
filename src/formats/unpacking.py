"""Archives unpacked into a folder of their own, never outside it and never past the stated limits."""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO

from formats.source import FormatError

CHUNK = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What is refused before it fills the disk: bytes unpacked, files, how far one may swell."""

    bytes: int = 20 * 1024**3
    files: int = 20_000
    ratio: int = 1_000
    ratio_from: int = 50 * 1024**2


LIMITS = Limits()


def is_archive(path: Path) -> bool:
    """True for a zip, or for a tar compressed or not."""
    return zipfile.is_zipfile(path) or (path.is_file() and tarfile.is_tarfile(path))


def names(path: Path) -> list[str]:
    """The names of the files inside, without unpacking."""
    if zipfile.is_zipfile(path):
        with _zip(path) as archive:
            return [i.filename for i in archive.infolist() if not i.is_dir()]
    with _tar(path) as tar:
        return [m.name for m in tar if m.isfile()]


def check(path: Path, limits: Limits = LIMITS) -> None:
    """Refuse a zip that is read in place (a workbook) where it would swell past the limits."""
    if zipfile.is_zipfile(path):
        with _zip(path) as archive:
            _within(archive, limits)


def unpack(path: Path, limits: Limits = LIMITS) -> TemporaryDirectory[str]:
    """Every file of the archive lies below the returned folder; one that lies about itself is refused."""
    folder: TemporaryDirectory[str] = TemporaryDirectory(prefix="formats-")
    try:
        members = _zip_members(path, limits) if zipfile.is_zipfile(path) else _tar_members(path, limits)
        left = limits.bytes
        for number, (name, stream) in enumerate(members, 1):
            if number > limits.files:
                raise _too_many(limits)
            target = Path(folder.name) / _safe(name)
            target.parent.mkdir(parents=True, exist_ok=True)
            left -= _copy(stream, target, left, limits)
    except (
        zipfile.BadZipFile,
        zlib.error,
        tarfile.TarError,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        folder.cleanup()
        raise _damaged(error) from error
    except FormatError:
        folder.cleanup()
        raise
    return folder


def _copy(stream: IO[bytes], target: Path, left: int, limits: Limits) -> int:
    """Bytes written; what the archive's own list claims is not trusted, the stream is counted."""
    written = 0
    with stream, target.open("wb") as out:
        while block := stream.read(CHUNK):
            written += len(block)
            if written > left:
                raise _too_big(limits)
            out.write(block)
    return written


def _safe(name: str) -> PurePosixPath:
    """A relative path below the folder; anything that climbs out is an attack and is refused whole."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or (path.parts and ":" in path.parts[0]):
        raise FormatError(
            "unsafe_path",
            f"Tệp nén chứa đường dẫn nguy hiểm “{name}”, không được mở.",
            f"The archive holds the unsafe path {name!r} and is refused.",
            "Xin lại tệp từ nguồn tin cậy.",
        )
    return path


def _zip(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise _damaged(error) from error


def _tar(path: Path) -> tarfile.TarFile:
    try:
        return tarfile.open(path)
    except tarfile.TarError as error:
        raise _damaged(error) from error


def _zip_members(path: Path, limits: Limits) -> Iterator[tuple[str, IO[bytes]]]:
    with _zip(path) as archive:
        for info in _within(archive, limits):
            yield info.filename, archive.open(info)


def _within(archive: zipfile.ZipFile, limits: Limits) -> list[zipfile.ZipInfo]:
    """The files of the archive; too many, too large, swollen or encrypted ones refuse it."""
    infos = [i for i in archive.infolist() if not i.is_dir() and not _junk(i.filename)]
    if len(infos) > limits.files:
        raise _too_many(limits)
    if sum(i.file_size for i in infos) > limits.bytes:
        raise _too_big(limits)
    for info in infos:
        swollen = info.file_size > limits.ratio * max(info.compress_size, 1)
        if swollen and info.file_size > limits.ratio_from:
            raise FormatError(
                "zip_bomb",
                f"Tệp “{info.filename}” trong tệp nén phình ra hơn {limits.ratio} lần, không được mở.",
                f"{info.filename!r} swells more than {limits.ratio} times and is refused.",
            )
        if info.flag_bits & 1:
            raise FormatError(
                "encrypted",
                "Tệp nén có mật khẩu.",
                "The archive is protected by a password.",
                "Giải nén rồi nén lại không có mật khẩu.",
            )
    return infos


def _tar_members(path: Path, limits: Limits) -> Iterator[tuple[str, IO[bytes]]]:
    with _tar(path) as tar:
        for member in tar:
            if not member.isfile() or _junk(member.name):
                continue
            if member.size > limits.bytes:
                raise _too_big(limits)
            stream = tar.extractfile(member)
            if stream is not None:
                yield member.name, stream


def _junk(name: str) -> bool:
    """Files a Mac or Windows leaves behind, which nobody meant to send."""
    parts = PurePosixPath(name).parts
    return (
        "__MACOSX" in parts or not parts or parts[-1] in {".DS_Store", "Thumbs.db"} or parts[-1][:2] == "._"
    )


def _too_big(limits: Limits) -> FormatError:
    size = limits.bytes / 1024**3
    return FormatError(
        "too_big",
        f"Tệp nén khi mở ra lớn hơn giới hạn {size:.4g} GB.",
        f"Unpacked, the archive is larger than the limit of {size:.4g} GB.",
        "Chia thành nhiều tệp nhỏ hơn.",
    )


def _too_many(limits: Limits) -> FormatError:
    return FormatError(
        "too_many_files",
        f"Tệp nén chứa hơn {limits.files} tệp.",
        f"The archive holds more than {limits.files} files.",
    )


def _damaged(error: Exception) -> FormatError:
    return FormatError(
        "damaged_archive",
        "Tệp nén bị hỏng hoặc chưa tải về hết.",
        f"The archive is damaged or incomplete: {error}",
        "Tải hoặc chép lại tệp.",
    )
