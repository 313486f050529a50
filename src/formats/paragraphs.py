"""The words of a document as they stand: paragraphs in order and tables, from Word, PDF with text, or plain text.

In Word a paragraph is a paragraph, with the number or dash its list gives it written before it. PDF and plain text
know lines only: lines that were broken for the width of the sheet are put together again, by the rule that a line
was broken there if the next word would not have fitted.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import docx
import pypdf
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from docx.text.paragraph import Paragraph
from pypdf.errors import PyPdfError

from formats import encodings
from formats.source import FormatError

MARK = re.compile(
    r"^\s*(?:[-–—•+*▪◦●○✓]\s+\S|(?:PHẦN|Phần)\s|[IVXLC]{1,5}\s*[./-]\s*\S|[A-ZĐ][./]\s|\d{1,2}(?:\.\d{1,2}){0,3}\s*[.)]\s*\D"
    r"|\d{1,2}(?:\.\d{1,2}){1,3}\s+\S|[a-zđ]\s*[.)]\s*\S)"
)
"""The beginning of a heading or bullet: a new paragraph whatever stands before it."""
OPENS = re.compile(
    r"^(?:Thực hiện|Căn cứ|Thi hành|Triển khai(?: thực hiện)?|Xét)\s+"
    r"(?:Luật|Nghị|Quyết|Thông tư|Chỉ thị|Kế hoạch|Chương trình|Công văn|Kết luận|Chiến lược|[đĐ]ề nghị|Đề án|Bộ luật"
    r"|Văn bản|Tờ trình)\b"
)
"""The words in which a paper names what it rests on: a paragraph of their own."""
SLACK = 9  # letters are of different widths: so many more or fewer still fill a line
ANNEX = re.compile(r"^\s*(?:biểu\s+)?phụ\s+lục\b(?!\s+kèm)", re.I)
HEADED = re.compile(r"^\s*S?TT\b")
FEW_LETTERS = 40  # on a page of a PDF; fewer is a picture of a page
PAGE = re.compile(r"^\s*[-–]?\s*\d{1,3}\s*[-–]?\s*$")


@dataclass(frozen=True)
class Document:
    """What a document says: its paragraphs, each without the breaks of the sheet, and its tables cell by cell.

    `lines` are the same paragraphs as lines of the sheet, where the file knows only lines; else the paragraphs.
    """

    paragraphs: list[str]
    lines: list[str]
    tables: list[list[list[str]]] = field(default_factory=list)


def read(path: Path | str) -> Document:
    """The words of a .docx, .pdf or .txt; FormatError says in one sentence why it cannot be read."""
    path = Path(path)
    kind = path.suffix.lower()
    tables: list[list[list[str]]] = []
    if not path.is_file():
        raise FormatError("missing", f"Không có tệp “{path}”.", f"There is no file “{path}”.")
    if kind == ".docx":
        return _word(path)
    if kind == ".pdf":
        lines, laid = _pdf(path)
        tables = _laid_out(laid)
    elif kind == ".txt":
        with TemporaryDirectory(prefix="formats-") as folder:
            plain = Path(folder) / "plain.txt"
            encodings.as_utf8(path, encodings.survey(path), plain)
            lines = plain.read_text(encoding="utf-8").splitlines()
    else:
        raise FormatError(
            "unknown_format",
            f"Tệp “{path.name}” không phải .docx, .pdf hay .txt.",
            f"The file “{path.name}” is no .docx, .pdf or .txt.",
            "Lưu lại thành .docx.",
        )
    lines = [line.rstrip() for line in lines]
    if not any(line.strip() for line in lines):
        raise _empty(path)
    return Document(unwrapped(lines), [line for line in lines if line.strip()], tables)


def _empty(path: Path) -> FormatError:
    return FormatError(
        "empty", f"Tệp “{path.name}” không có chữ nào.", f"The file “{path.name}” has no words."
    )


def unwrapped(lines: Sequence[str]) -> list[str]:
    """Paragraphs of lines that were broken for the width of the sheet."""
    told = [line.strip() for line in lines if line.strip()]
    widths = sorted(len(line) for line in told)
    width = widths[int(len(widths) * 0.95)] if widths else 0
    found: list[str] = []
    last = ""
    for line in told:
        if found and _goes_on(last, line, width):
            found[-1] = f"{found[-1]} {line}"
        else:
            found.append(line)
        last = line
    return found


def _goes_on(last: str, line: str, width: int) -> bool:
    if (
        MARK.match(line)
        or OPENS.match(line)
        or last.endswith(("./.", ":"))
        or (line[0] in "(“" and last[-1] in ".;")
    ):
        return False
    if line[0].islower() or last.endswith((",", "(", " -")):
        return True
    full = len(last) + 1 + len(line.split()[0]) >= width - SLACK
    loud = last.isupper(), line.isupper()
    return full and (all(loud) or (not any(loud) and not last.endswith((".", ";"))))


def _pdf(path: Path) -> tuple[list[str], list[str]]:
    """Its lines, and the same lines with their words where they stand on the sheet."""
    try:
        pages = pypdf.PdfReader(path).pages
        texts = [page.extract_text() or "" for page in pages]
        laid = [line for page in pages for line in page.extract_text(extraction_mode="layout").splitlines()]
    except (PyPdfError, OSError, ValueError, KeyError, RecursionError) as error:
        raise FormatError(
            "unreadable",
            f"Tệp “{path.name}” không mở được như PDF: có thể bị hỏng hoặc đặt mật khẩu.",
            f"The file “{path.name}” does not open as a PDF: it may be damaged or locked.",
        ) from error
    if sum(len(t.strip()) for t in texts) < FEW_LETTERS * len(texts):
        raise FormatError(
            "no_text",
            f"Tệp “{path.name}” là ảnh quét, không có chữ để đọc.",
            f"The file “{path.name}” is a scan without text.",
            "Dùng bản Word hoặc PDF có chữ.",
        )
    found: list[str] = []
    for number, text in enumerate(texts, 1):
        lines = [line for line in text.splitlines() if line.strip()]
        for end in (0, -1):  # the number of the page
            if lines and PAGE.match(lines[end]) and int(re.sub(r"\D", "", lines[end])) == number:
                lines.pop(end)
        found += lines
    return found, laid


def _laid_out(lines: Sequence[str]) -> list[list[list[str]]]:
    """The table after the last “Phụ lục” read by where its words stand: columns are parted by blanks in every line.

    A row begins where the first column has a number; nothing where fewer than four columns are parted.
    """
    starts = [i for i, line in enumerate(lines) if ANNEX.match(line)]
    told = [line for line in lines[starts[-1] + 1 :] if line.strip()] if starts else []
    first = next((i for i, line in enumerate(told) if HEADED.match(line)), None)
    if first is None:
        return []
    told = [line for line in told[first:] if not PAGE.match(line)]
    width = max(len(line) for line in told)
    blank = [all(x >= len(line) or line[x] == " " for line in told) for x in range(width)]
    begins = [x for x in range(width) if not blank[x] and (x == 0 or blank[x - 1])]
    row = next((i for i, line in enumerate(told) if re.match(r"\s*1\b", line)), 1)
    ends = [*begins[1:], width]
    headed = [any(line[a:b].strip() for line in told[:row]) for a, b in zip(begins, ends, strict=True)]
    begins = [x for x, kept in zip(begins, headed, strict=True) if kept]  # a gap between words is no column
    if len(begins) < 4:
        return []
    rows: list[list[str]] = [["" for _x in begins]]
    for line in told:
        cells = [" ".join(line[a:b].split()) for a, b in zip(begins, [*begins[1:], width], strict=True)]
        if cells[0].rstrip(".").isdigit():
            rows.append(["" for _x in begins])
        rows[-1] = [f"{had} {more}".strip() for had, more in zip(rows[-1], cells, strict=True)]
    return [rows]


def _word(path: Path) -> Document:
    try:
        document = docx.Document(str(path))
    except (
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        OSError,
        PackageNotFoundError,
    ) as error:
        raise FormatError(
            "unreadable",
            f"Tệp “{path.name}” không mở được như tệp Word .docx.",
            f"The file “{path.name}” does not open as a Word .docx.",
        ) from error
    numbers = _Numbers(document)
    paragraphs: list[str] = []
    tables: list[list[list[str]]] = []
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            cells = [[cell.text.strip() for cell in row.cells] for row in part.rows]
            if max((len(row) for row in cells), default=0) > 2:
                tables.append(cells)
            else:  # letterhead and signature are laid out by tables
                paragraphs += _lines(text for row in cells for text in dict.fromkeys(row))
        elif isinstance(part, Paragraph):
            mark = numbers.before(part)
            paragraphs += _lines([mark + part.text])
    if not paragraphs and not tables:
        raise _empty(path)
    return Document(paragraphs, paragraphs, tables)


def _lines(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from (line.strip() for line in text.splitlines() if line.strip())


class _Numbers:
    """What a list writes before its paragraphs: counted as Word counts it, for the kinds such papers use."""

    def __init__(self, document: Any) -> None:
        self.levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self.counts: dict[str, list[int]] = {}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        tag = root.nsmap["w"]
        w = f"{{{tag}}}"
        kinds = {a.get(f"{w}abstractNumId"): a for a in root.iter(f"{w}abstractNum")}
        for num in root.iter(f"{w}num"):
            of = num.find(f"{w}abstractNumId")
            for level in kinds[of.get(f"{w}val")].iter(f"{w}lvl") if of is not None else ():
                told = {c.tag.removeprefix(w): c.get(f"{w}val") or "" for c in level}
                key = (num.get(f"{w}numId"), int(level.get(f"{w}ilvl")))
                self.levels[key] = (
                    told.get("numFmt", ""),
                    told.get("lvlText", ""),
                    int(told.get("start") or 1),
                )

    def before(self, paragraph: Paragraph) -> str:
        """The mark with a blank after it; empty where the paragraph stands in no list."""
        own: Any = paragraph._p.pPr.numPr if paragraph._p.pPr is not None else None
        style: Any = paragraph.style.element.pPr if own is None and paragraph.style is not None else None
        given: Any = own if own is not None else (style.numPr if style is not None else None)
        if given is None or given.numId is None or not given.numId.val or not paragraph.text.strip():
            return ""
        number, level = str(given.numId.val), given.ilvl.val if given.ilvl is not None else 0
        if (number, level) not in self.levels:
            return ""
        kind, text, _begins = self.levels[number, level]
        if kind == "bullet":
            return "- " if level == 0 else "+ "
        counts = self.counts.setdefault(number, [])
        del counts[level + 1 :]
        while len(counts) <= level:
            at = len(counts)
            counts.append(self.levels.get((number, at), ("", "", 1))[2] - (at == level))
        counts[level] += 1

        def part(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            return _counted(counts[at], self.levels[number, at][0]) if at < len(counts) else ""

        return re.sub(r"%(\d)", part, text) + " "


def _counted(n: int, kind: str) -> str:
    if kind == "upperRoman":
        signs = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
        found = ""
        for value, sign in signs:
            found, n = found + sign * (n // value), n % value
        return found
    if kind in {"lowerLetter", "upperLetter"}:
        letter = chr(ord("a") + n - 1)
        return letter.upper() if kind == "upperLetter" else letter
    return str(n)


__all__ = ["Document", "read", "unwrapped"]
