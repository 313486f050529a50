"""Nothing that says who answered comes in: columns, sheet numbers and villages of a file before it is kept."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from baoton.kit.text import fold
from baoton.outreach.knowledge.asked import Asked
from baoton.outreach.knowledge.files import MARK

NUMBERS = ("so_phieu", "number", "so phieu", "key", "_uuid", "instanceid", "__id")
"""Where a sheet's number stands, the first that a file has: on paper, else the telephone's own mark."""
PROGRAMS = frozenset(
    (
        MARK, "khong_ten", *NUMBERS, "start", "end", "today", "meta", "instancename", "deprecatedid", "rootuuid",
        "uuid", "submissiondate", "submitterid", "submittername", "attachmentspresent", "attachmentsexpected",
        "status", "reviewstate", "edits", "formversion", "deviceid", "audit", "__system", "_id", "_index", "_version_",
        "__version__", "_xform_id_string", "_submission_time", "_submitted_by", "_status", "_validation_status",
        "_notes", "_tags", "_attachments",
    )
)  # fmt: skip
"""What ODK and Kobo add to each sheet by themselves, folded: when, with which form, and who sent it."""
PLACE = "_geolocation"
"""Kobo gives each sheet this; our form asks for no place, so that it is empty."""
LONGEST = 12
SHORT = re.compile(rf"(?=.*\d)[A-Za-z0-9-]{{1,{LONGEST}}}")
TELEPHONE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
PAPERS = re.compile(r"\d(?:[\s.\-]?\d){8}|@")
HOUSE = re.compile(r"\bnhà\s+(ông|bà|anh|chị|cô|chú|bác|em)\b", re.IGNORECASE)


def last(column: str) -> str:
    """A column's own name, without the group of the form in which it was asked."""
    return re.split(r"[/:\-]", column)[-1] if re.fullmatch(r"[\w/:.\- ]+", column) else column


def strange(columns: Sequence[str], meant: Mapping[str, str], asked: Sequence[Asked]) -> list[str]:
    """The columns that are neither of the survey nor what ODK and Kobo add."""
    known, added = set(meant.values()), {*PROGRAMS, PLACE}
    other = (c for c in columns if c not in known and fold(last(c)) not in added)
    return [c for c in other if not _ticked(c, meant, asked)]


def _ticked(column: str, meant: Mapping[str, str], asked: Sequence[Asked]) -> bool:
    """Whether Kobo says in it, beside the question's own column, if one option of that question was chosen."""
    for one in asked:
        head, rest = meant.get(one.name, ""), column
        if one.several and head and rest.startswith(head) and rest[len(head) : len(head) + 1] in {"/", "."}:
            return one.letters(rest[len(head) + 1 :]) is not None
    return False


def number_fault(number: str) -> str:
    """Why this cannot be a sheet's number, in a sentence; empty where it can: a short code, or a telephone's mark."""
    if TELEPHONE.fullmatch(number) or (SHORT.fullmatch(number) and not PAPERS.search(number)):
        return ""
    told = _(
        "Số phiếu chỉ là mã ngắn có chữ số, như 12 hay NK-012: chữ không dấu, số, gạch nối, tối đa %(n)d ký tự."
    )
    return told % {"n": LONGEST}


def village_fault(village: str) -> str:
    """Why this cannot be a village's name, in a sentence; empty where it can."""
    if PAPERS.search(village) or HOUSE.search(village):
        return _("Chỉ ghi tên bản, tổ dân phố; không ghi nhà ai, số điện thoại hay số giấy tờ.")
    return ""


def refused(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], place: str | None) -> None:
    """Raises `ValidationError` that names the row and the column, not the words, where a cell tells of somebody."""
    for row in rows:
        for name, fault in (("number", number_fault), ("village", village_fault)):
            words = plain(row.get(columns.get(name, "")), name)
            if words and (why := fault(words)):
                told = _("Dòng %(row)d, cột “%(column)s”: %(why)s Tệp chưa được lưu.")
                raise ValidationError(told % {"row": row["_row"], "column": columns[name], "why": why})
        if place and re.search(r"\d", str(row.get(place) or "")):
            told = _(
                "Dòng %(row)d, cột “%(column)s” có vị trí nơi trả lời; xoá cột rồi gửi lại. Tệp chưa được lưu."
            )
            raise ValidationError(told % {"row": row["_row"], "column": place})


def plain(value: Any, name: str) -> str:
    """The cell as a sheet keeps it."""
    words = "" if value is None else str(value).strip()
    return words.removesuffix(".0").removeprefix("uuid:") if name == "number" else words
