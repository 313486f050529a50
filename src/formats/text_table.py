"""A text table opened from nothing but its bytes: encoding, separator and header found and said."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from formats import delimited, dwc, encodings, layout, mistaken, sniffing, title_values
from formats.source import Findings, FormatError, Source, Table, unique_names

HEAD_BYTES = 256 * 1024
HEAD_ROWS = 200
LINE_BYTES = 16 << 20
_BINARY = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"II*\0",
    b"MM\0*",
    b"PAR1",
    b"{\\rtf",
    b"7z\xbc\xaf",
    b"Rar!",
)


def open_text(path: Path, hint: Mapping[str, Any], source: Source, name: str | None = None) -> Table:
    """The file as one table; the encoding, the separator and the header row are in its metadata."""
    findings = Findings()
    name = name or path.stem
    utf8, found, asked = as_plain_utf8(path, hint.get("encoding"), source, findings, name)
    if found.size == 0:
        raise FormatError("empty_file", f"Tệp “{path.name}” trống.", f"{path.name} is empty.", where=name)
    mark = 3 if _starts(utf8, b"\xef\xbb\xbf") else 0
    lines, ends = _head(utf8, mark)
    _refuse_binary(path, lines, found.nuls)
    separator = hint.get("delimiter") or sniffing.delimiter(lines)
    rows, row_ends = _head_rows(lines, ends, separator)
    header = _header_index(hint, rows)
    shown = rows[header] if header is not None else []
    data = [r for r in rows[(header + 1 if header is not None else 0) :] if r]
    if shown and data and all(len(r) == len(shown) + 1 for r in data):
        shown = ["", *shown]
        findings.add(
            "row_names",
            "Mỗi dòng có thêm một ô ở đầu so với tiêu đề; ô đó được coi là tên dòng.",
            "Every row has one cell more than the header, at its start; it is taken as the row's name.",
            where=name,
        )
    if header is None:
        findings.add(
            "no_header",
            "Không thấy dòng tiêu đề; các cột được gọi theo số thứ tự.",
            "No header row was found; columns are called by their numbers.",
            "Chỉ ra dòng tiêu đề, hoặc thêm dòng tiêu đề vào tệp.",
            where=name,
        )
        columns = [f"column {i}" for i in range(1, max(map(len, data), default=0) + 1)]
    else:
        columns = unique_names([c.strip("\ufeff") for c in shown], findings, name)
        if header > 0:
            findings.add(
                "title_rows",
                f"Có {header} dòng phía trên dòng tiêu đề (dòng {header + 1}); chỉ lấy “Ngày: …”, “Xã: …” ghi ở đó.",
                f"{header} rows stand above the header (row {header + 1}); they are not read as data.",
                where=name,
            )
    under = layout.under_header(rows, header) if header is not None else 0
    if under:
        findings.add(
            "header_numbers",
            f"Dưới tiêu đề có {under} dòng đánh số cột hoặc ghi đơn vị; không đọc thành dữ liệu.",
            f"{under} rows of column numbers or units stand under the header; they are not read as data.",
            where=name,
        )
    begin = row_ends[header + under] if header is not None else mark
    before = header + 1 + under if header is not None else 0
    laid = delimited.Layout(utf8, separator, '"', begin, before, columns, found)
    table = delimited.table(laid, name, findings)
    table.metadata = {
        "encoding": encodings.NAMES.get(asked, asked),
        "delimiter": separator,
        "header_row": before - under or None,
        "titles": [" ".join(filter(None, r)) for r in rows[: header or 0] if any(r)],
        **({"said": s} if (s := title_values.said(rows[: header or 0])) else {}),
    }
    mistaken.check(table, findings, hint.get("text_encoding"))
    table.terms = dwc.exact_terms(table.columns)
    table.row_type = dwc.guess_row_type(table.terms.values())
    return table


def as_plain_utf8(
    path: Path, encoding: str | None, source: Source, findings: Findings, where: str
) -> tuple[Path, encodings.Survey, str]:
    """The file itself, or its copy in UTF-8, surveyed; what was decided is a warning."""
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(_BINARY):
        raise FormatError(
            "not_a_table",
            f"“{path.name}” không phải tệp bảng (là ảnh, PDF hoặc tệp nhị phân).",
            f"{path.name} is not a table but an image, a PDF or another binary file.",
            "Xuất dữ liệu ra Excel hoặc CSV rồi tải lên.",
            where,
        )
    found = encodings.survey(path, encoding)
    asked = found.encoding
    if asked in ("utf-8", "utf-8-sig") and not found.valid:
        raise _bad_encoding(asked, "some bytes are not UTF-8", where)
    if asked in ("utf-8", "utf-8-sig") and not found.carriage_only:
        return path, found, asked
    if not found.sure:
        findings.add(
            "encoding_guessed",
            f"Không rõ bảng mã của tệp; được đọc theo {encodings.NAMES.get(asked, asked)}.",
            f"The encoding is not certain; the file is read as {encodings.NAMES.get(asked, asked)}.",
            "Nếu chữ hiện sai, chọn bảng mã khác hoặc lưu lại tệp dạng UTF-8.",
            where=where,
        )
    elif asked not in ("utf-8", "utf-8-sig"):
        findings.add(
            "encoding_converted",
            f"Tệp dùng bảng mã {encodings.NAMES.get(asked, asked)}; đã chuyển sang Unicode.",
            f"The file is in {encodings.NAMES.get(asked, asked)} and was converted to Unicode.",
            where=where,
        )
    folder: TemporaryDirectory[str] = TemporaryDirectory(prefix="formats-")
    source.unpacked.append(folder)
    utf8 = Path(folder.name) / "table.txt"
    try:
        unread = encodings.as_utf8(path, found, utf8)
    except (LookupError, UnicodeError) as error:
        raise _bad_encoding(asked, str(error), where) from error
    if unread:
        findings.add(
            "unreadable_bytes",
            "Có ký tự không đọc được theo bảng mã này; được ghi là “\ufffd”.",
            "Some bytes are no letter in this encoding; they read as U+FFFD.",
            "Chọn bảng mã khác hoặc lưu lại tệp gốc dạng UTF-8.",
            where=where,
            count=unread,
        )
    return utf8, encodings.survey(utf8, "utf-8"), asked


def _bad_encoding(encoding: str, reason: str, where: str) -> FormatError:
    return FormatError(
        "bad_encoding",
        f"Không đọc được tệp theo bảng mã “{encoding}”.",
        f"The file cannot be read as {encoding}: {reason}.",
        "Để hệ thống tự nhận bảng mã, hoặc chọn bảng mã khác.",
        where,
    )


def _refuse_binary(path: Path, lines: list[str], nuls: int) -> None:
    """A file whose first lines are mostly control characters is no text, whatever its name."""
    text = "".join(lines)
    odd = nuls + sum(c < " " and c not in "\t\r\n" for c in text)
    if odd > 8 and odd > len(text) // 10:
        raise FormatError(
            "not_a_table",
            f"“{path.name}” không phải tệp bảng mà là tệp nhị phân.",
            f"{path.name} is not a table but a binary file.",
            "Xuất dữ liệu ra Excel hoặc CSV rồi tải lên.",
        )


def _starts(path: Path, mark: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(mark)) == mark


def _head(path: Path, mark: int) -> tuple[list[str], list[int]]:
    """The first whole lines as text, and the byte where each ends."""
    with path.open("rb") as file:
        file.seek(mark)
        data = file.read(HEAD_BYTES)
        if len(data) == HEAD_BYTES and b"\n" not in data:
            data += file.readline(LINE_BYTES)
            if not data.endswith(b"\n") and len(data) >= LINE_BYTES:
                raise FormatError(
                    "line_too_long",
                    f"Dòng đầu của “{path.name}” dài hơn {LINE_BYTES >> 20} MB; đây không phải tệp bảng.",
                    f"The first line of {path.name} is longer than {LINE_BYTES >> 20} MB; it is no table.",
                    "Kiểm tra lại tệp; mỗi bản ghi phải ở một dòng.",
                )
    pieces = data.splitlines(keepends=True) if b"\n" not in data else data.split(b"\n")
    at = mark
    lines: list[str] = []
    ends: list[int] = []
    for index, piece in enumerate(pieces):
        last = index == len(pieces) - 1
        at += len(piece) + (0 if last else 1)
        if last and (not piece or (len(data) >= HEAD_BYTES and lines)):
            break
        lines.append(
            piece.decode("utf-8", errors="replace").replace("\0", "").rstrip("\r\n").replace("\r", " ") + "\n"
        )
        ends.append(at)
    return lines, ends


def _head_rows(lines: list[str], ends: list[int], separator: str) -> tuple[list[list[str]], list[int]]:
    """The first records with the byte where each ends; a record may take several lines."""
    taken = 0

    def feed() -> Any:
        nonlocal taken
        for line in lines:
            taken += 1
            yield line.replace("\r", " ")

    rows: list[list[str]] = []
    row_ends: list[int] = []
    for row in csv.reader(feed(), delimiter=separator):
        rows.append(row)
        row_ends.append(ends[taken - 1])
        if len(rows) >= HEAD_ROWS:
            break
    return rows, row_ends


def _header_index(hint: Mapping[str, Any], rows: list[list[str]]) -> int | None:
    """The asked header row (1 is the first row, 0 says there is none), else the one found."""
    asked = hint.get("header_row")
    if asked is None:
        return sniffing.header_row(rows)
    if asked == 0:
        return None
    if not 0 < asked <= len(rows):
        raise FormatError(
            "no_such_header",
            f"Tệp không có dòng {asked} để làm tiêu đề.",
            f"The file has no row {asked} to be the header.",
        )
    return int(asked) - 1
