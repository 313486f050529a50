"""What a person must answer before a file is written: nothing of a day or a place is passed over in silence."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from baoton.kit.importing.notes import ASKING
from baoton.kit.importing.plan import OURS, Plan, TablePlan
from baoton.kit.importing.target import TARGETS
from formats import Source
from formats import unread as unread_columns

UNREAD = frozenset({"unread_date", "unread_place"})


def unread(one: TablePlan, source: Source) -> dict[str, str]:
    """Columns of a table that seem to hold a date or a place and are taken for nothing; an archive states its own."""
    target = TARGETS.get(one.target)
    if target is None or not target.suits.row_types or source.kind == "dwca" or one.known == OURS:
        return {}
    return unread_columns.columns(source.table(one.table), one.columns, one.key)


def told(kind: str) -> str:
    """What is said of rows that lack what an unread column of that kind seems to hold."""
    return {
        "date": _("Các dòng này có ngày ở cột này, chưa được đọc; chọn nghĩa “ngày” cho cột ở bước cột."),
        "place": _("Các dòng này có toạ độ ở cột này, chưa được đọc; chọn nghĩa cho cột ở bước cột."),
        "count": _("Cột này có vẻ là số cá thể, chưa được đọc; được giữ như dữ liệu khác."),
    }[kind]


def waiting(plan: Plan, notes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The notes that nobody has answered yet; writing waits for them. Each says how a command answers it."""
    return [
        {**note, "key": key(note), "answer": answer(note)}
        for note in notes
        if note["code"] in ASKING and not {key(note), note["code"]} & set(plan.accepted)
    ]


def key(note: Mapping[str, Any]) -> str:
    """What names one question of a file: `unread_date:Sheet1:Ngày thả`."""
    return ":".join((note["code"], note.get("table") or "", note.get("column") or ""))


def answer(note: Mapping[str, Any]) -> str:
    """The option of `baoton import` that answers the question with "as it is"."""
    if note["code"] in UNREAD:
        return _("--map “%(column)s=NGHĨA”, hoặc --keep “%(column)s” nếu để nguyên như dữ liệu khác") % {
            "column": note["column"]
        }
    return f"--accept {note['code']}"


def accept(plan: Plan, asked: str, questions: Sequence[Mapping[str, Any]]) -> bool:
    """The plan with one question answered "as it is"; an unread column stands there under its own name from now on."""
    one = next((q for q in questions if q["key"] == asked), None)
    if one is None:
        return False
    if one["code"] not in UNREAD:
        plan.accepted.append(asked)
        return True
    for table in plan.tables:
        if table.table == one["table"]:
            table.columns[one["column"]] = one["column"]
            table.unread.pop(one["column"], None)
    return True
