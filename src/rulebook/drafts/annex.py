"""The annex of tasks: who leads, who helps, until when; from a table, or from lines whose cells lost their borders."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rulebook.plans import Rhythm

HEADS = {
    "number": ("tt", "stt", "số tt"),
    "name": ("nhiệm vụ", "nội dung", "công việc", "hoạt động", "danh mục", "chương trình", "dự án"),
    "lead": ("chủ trì", "thực hiện chính", "chịu trách nhiệm"),
    "coordinating": ("phối hợp",),
    "time": ("thời gian", "thời hạn", "tiến độ", "hoàn thành"),
}
BODY = re.compile(
    r"^(?:Các\s+|Cơ quan\s+)?(?:Sở|sở|UBND|Ủy ban|Uỷ ban|Công an|Bộ|Ban|Chi cục|Hội|Đoàn|Mặt trận|Trung tâm|Quỹ|Báo"
    r"|Đài|Hạt|Vườn|Phòng|Viện|Trường|ban,|đơn vị|cơ quan|tổ chức|địa phương|Văn phòng|Chủ rừng|Lực lượng)\b"
)
_DATE = r"(?:\d{1,2}/){0,2}20\d\d"
TIME = re.compile(
    r"(?:Thường xuyên(?:,? (?:hằng|hàng) năm)?|(?:Hằng|Hàng) (?:năm|quý|tháng)"
    r"|(?:(?:Từ|Trong|Giai đoạn|Trước|Đến|Xong trước|Hoàn thành(?: trước)?)\s+)?"
    r"(?:(?:[Nn]ăm|[Tt]háng|[Nn]gày|[Qq]uý)\s+)?"
    rf"(?:[IVX]{{1,3}}\s*[/-]\s*|\d{{1,2}}\s*[/-]\s*|[IVX]{{1,3}}(?:\s*[-–]\s*[IVX]{{1,3}})?,?\s+năm\s+"
    rf"|\d{{1,2}} năm )?{_DATE}"
    rf"(?:\s*(?:[-–]|đến)\s*(?:năm )?{_DATE})?)\s*\.?$"
)
NUMBER = re.compile(r"^(\d{1,2})\s*[.)]?$")
YEAR = re.compile(r"\b(20\d\d)\b")


@dataclass(frozen=True, slots=True)
class Row:
    """One task as the annex has it, in the plan's own words; empty where it says nothing."""

    number: int
    name: str
    lead: str
    coordinating: str
    time: str


def from_tables(tables: Sequence[Sequence[Sequence[str]]]) -> list[Row]:
    """The rows of the table whose heads name tasks and who leads them; of several, all, in order."""
    found: list[Row] = []
    for table in tables:
        columns = _columns(table[0]) if table else {}
        if "name" not in columns or "lead" not in columns:
            continue
        for line in table[1:]:
            cells = {k: _plain(line[at]) if at < len(line) else "" for k, at in columns.items()}
            if not cells["name"] or len(set(line)) == 1:  # an empty row, or one heading over the whole width
                continue
            number = NUMBER.match(cells.get("number", ""))
            if not number and found and not cells["lead"] and not cells.get("time"):
                last = found[-1]  # a row a page broke in two
                found[-1] = Row(
                    last.number, f"{last.name} {cells['name']}", last.lead, last.coordinating, last.time
                )
                continue
            found.append(
                Row(
                    int(number[1]) if number else len(found) + 1,
                    cells["name"],
                    cells["lead"],
                    cells.get("coordinating", ""),
                    cells.get("time", ""),
                )
            )
    return found


def _columns(heads: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, head in enumerate(heads):
        said = _plain(head).lower().rstrip(".")
        for kind, words in HEADS.items():
            hit = said in words if kind == "number" else any(word in said for word in words)
            if hit and kind not in found and at not in found.values():
                found[kind] = at
                break
    # “Cơ quan thực hiện” with no other that leads
    if "lead" not in found:
        for at, head in enumerate(heads):
            if "cơ quan" in head.lower() and at not in found.values():
                found["lead"] = at
                break
    return found


def from_lines(lines: Sequence[str]) -> list[Row]:
    """The rows of an annex read line after line: a number, the name, who leads, who helps, the time."""
    rows: list[list[str]] = []
    for line in (one.strip() for one in lines):
        number = NUMBER.match(line)
        if number and int(number[1]) == len(rows) + 1:
            rows.append([])
        elif rows and (inline := re.match(rf"^{len(rows) + 1}[.)]?\s+(\D.*)$", line)) and _ends(rows[-1]):
            rows.append([inline[1]])
        elif rows:
            rows[-1].append(line)
        elif (inline := re.match(r"^1[.)]?\s+([^\d\s].*)$", line)) and not rows:
            rows.append([inline[1]])
    return [_row(n, row) for n, row in enumerate(rows, 1)]


def _ends(row: Sequence[str]) -> bool:
    return bool(TIME.search(_plain(" ".join(row[-2:]))))


def _row(number: int, lines: Sequence[str]) -> Row:
    start = next((i for i, line in enumerate(lines) if i and BODY.match(line)), len(lines))
    name = _plain(" ".join(lines[:start]))
    rest = list(lines[start:])
    time = ""
    for take in (3, 2, 1):
        said = _plain(" ".join(rest[-take:]))
        if (found := TIME.search(said)) and (take == 1 or found.start() == 0):
            time = found[0].strip()
            left = said[: found.start()].strip()
            rest = [*rest[:-take], *([left] if left else [])]
            break
    cells: list[list[str]] = []
    for line in rest:
        begins = BODY.match(line) or (cells and cells[-1][-1].endswith(";"))
        if begins and cells and not cells[-1][-1].endswith((";", ",")) and BODY.match(line):
            cells.append([line])
        elif cells:
            cells[-1].append(line)
        else:
            cells.append([line])
    lead = _plain(" ".join(cells[0])) if cells else ""
    return Row(number, name, lead, _plain(" ".join(part for cell in cells[1:] for part in cell)), time)


def _plain(text: str) -> str:
    return re.sub(r"(\d{4}[-–])\s+(\d{4})", r"\1\2", " ".join(text.split()))


def bodies(said: str, known: Sequence[tuple[str, Sequence[str]]]) -> tuple[str, ...]:
    """The keys of the bodies named; `known` gives each key with the names it goes by. Nothing is guessed."""
    found: list[tuple[int, int, str]] = []
    low = _folded(said)
    for key, names in known:
        for name in names:
            at = low.find(_folded(name))
            if name and at >= 0:
                found.append((at, -len(name), key))
    kept: list[str] = []
    end = -1
    for at, length, key in sorted(found):
        if at >= end:
            end = at - length
            kept.append(key)
    return tuple(dict.fromkeys(kept))


def _folded(text: str) -> str:
    return re.sub(r"\b(?:uỷ|ủy) ban nhân dân\b", "ubnd", " ".join(text.lower().split()))


def rhythm(time: str, issued: date | None) -> tuple[Rhythm | None, date | None, date | None]:
    """How a time is meant: continuous, yearly, or once with its first and last day; None where it is not understood."""
    said = time.lower()
    if "thường xuyên" in said or "liên tục" in said:
        return "continuous", None, None
    if re.search(r"h[àằ]ng (năm|quý|tháng)", said):
        return "yearly", None, None
    years = [int(y) for y in YEAR.findall(said)]
    if not years:
        return None, None, None
    first, last = date(min(years), 1, 1), date(max(years), 12, 31)
    if quarter := re.search(r"quý\s+([ivx]+|\d)\b", said):
        number = {"i": 1, "ii": 2, "iii": 3, "iv": 4}.get(
            quarter[1], int(quarter[1]) if quarter[1].isdigit() else 0
        )
        if 1 <= number <= 4:
            first, last = date(years[0], 3 * number - 2, 1), _end(years[0], 3 * number)
    elif day := re.search(r"\b(\d{1,2})/(\d{1,2})/(20\d\d)", said):
        try:
            last = date(int(day[3]), int(day[2]), int(day[1]))
        except ValueError:
            return None, None, None
    elif month := re.search(r"\b(\d{1,2})/(20\d\d)", said):
        if not 1 <= int(month[1]) <= 12:
            return None, None, None
        first, last = date(int(month[2]), int(month[1]), 1), _end(int(month[2]), int(month[1]))
    if issued and first < issued <= last:
        first = issued
    return "once", first, last


def _end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - date.resolution
