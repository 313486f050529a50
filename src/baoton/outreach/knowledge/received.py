"""Answer sheets that come back, from Excel or a telephone, laid into one table for the import machine."""

import json
import re
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

import formats
from baoton.kit.access import Actor, require
from baoton.kit.importing import execute, receive
from baoton.kit.importing.chunk import FAULT
from baoton.kit.importing.files import frame_of, plan_for
from baoton.kit.models import ImportBatch
from baoton.kit.text import fold
from baoton.outreach.knowledge.asked import Asked, asked_in, written
from baoton.outreach.knowledge.files import MARK, TERMS, headings
from baoton.outreach.knowledge.nobody import NUMBERS, PLACE, last, plain, refused, strange
from baoton.outreach.models import Answer, Quiz
from baoton.places.queries import commune_choices
from formats.written_rows import table_of

BOOK, ROWS = "outreach.answer", "KnowledgeAnswers"
KEY = ("quiz", "wave", "area_path", "village", "number")
COLUMNS = (*KEY, "day", "sex", "who", "answers")
EXPLAINED = frozenset({"giai thich", "explanation", "explanations"})
"""What the page of the template that explains is called, folded."""


def take_in(actor: Actor, quiz: Quiz, path: Path, name: str, dry: bool = True) -> ImportBatch:
    """A file of answer sheets is checked, or written if not `dry`; the batch tells what became of each row.

    A file with a column that the survey does not ask, with cells that tell of somebody, or of another survey is
    refused before it is kept: raises `ValidationError`.
    """
    require(actor, f"{BOOK}.import")
    _looked_at(quiz, path, name)
    batch = receive(actor, path, name)
    hint = {"hint": {"quiz": str(quiz.pk)}}
    if plan_for(batch, BOOK, f"khao-sat-{quiz.pk}", hint):
        execute(actor, batch, dry)
    return batch


def _looked_at(quiz: Quiz, path: Path, name: str) -> None:
    with tempfile.TemporaryDirectory(prefix="baoton-look-") as folder:
        safe = re.sub(r"[^\w.,() -]", "_", Path(name).name)[-120:] or "file"
        (Path(folder) / safe).symlink_to(path.resolve())
        try:
            with formats.open_bounded(Path(folder) / safe) as source:
                _allowed(quiz, source)
        except formats.FormatError as error:
            raise ValidationError(f"{error.vi} {error.suggestion}".strip()) from error


def _allowed(quiz: Quiz, source: formats.Source) -> None:
    """Raises where a file holds more than answers to this survey; nothing of it is kept then."""
    asked = asked_in(quiz.pk)
    sheets, meant = _sheet_of(source, asked)
    for table in source.tables:
        if table is not sheets and not table.metadata.get("hidden") and fold(table.name) not in EXPLAINED:
            told = _("Tệp có bảng “%(name)s” ngoài bảng phiếu; xoá bảng này rồi gửi lại. Tệp chưa được lưu.")
            raise ValidationError(told % {"name": table.name})
    if more := strange(sheets.columns, meant, asked):
        told = _(
            "Khảo sát không hỏi các cột: %(columns)s. Khảo sát không giữ tên, số điện thoại hay số giấy tờ của ai,"
            " nên chỉ nhận cột của tệp mẫu: xoá các cột này rồi gửi lại. Tệp chưa được lưu."
        )
        raise ValidationError(told % {"columns": "; ".join(f"“{c}”" for c in more)})
    rows = _rows_of(sheets)
    named = {fold(last(c)): c for c in sheets.columns}
    marks = {str(r[named[MARK]]) for r in rows if r.get(named.get(MARK, ""))} - {str(quiz.pk)}
    if marks:
        told = _(
            "Tệp này hỏi bằng biểu của một khảo sát khác; gửi ở trang của khảo sát ấy. Tệp chưa được lưu."
        )
        raise ValidationError(told)
    refused(rows, meant, named.get(PLACE))


def _rows_of(table: formats.Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = frame_of(table).to_dicts()
    return rows


def reread(source: formats.Source, hint: Mapping[str, Any]) -> None:
    """A file sent in for a survey becomes one table of answer sheets; any other is left as it is."""
    if "quiz" not in hint:
        return
    quiz = Quiz.objects.get(pk=hint["quiz"])
    asked = asked_in(quiz.pk)
    table, columns = _sheet_of(source, asked)
    spelt = _spelt()
    rows = [_row(quiz, asked, columns, spelt, line) for line in _rows_of(table)]
    rows = [one for one in rows if any(one[c] for c in COLUMNS[1:])]
    source.tables[0].reading.clear()
    source.kind, source.tables[:] = "tables", [_table(table.name, rows)]


def _meant(columns: Sequence[str], asked: Sequence[Asked]) -> dict[str, str]:
    """The file's column for each thing that a sheet says, in either language."""
    words: dict[str, str] = {fold(term): name for name, term in TERMS.items()} | {
        name: name for name in TERMS
    }
    for language in ("vi", "en"):
        with override(language):
            words |= {fold(heading): name for name, heading in headings().items()}
    for one in asked:
        words |= {fold(w): one.name for w in (one.name, one.heading, one.text)}
        words |= {fold(text): one.name for text, _options in one.others.values()}
    found: dict[str, str] = {}
    for column in columns:
        name = words.get(fold(column)) or words.get(fold(last(column)))
        if name and name not in found:
            found[name] = column
    by = {fold(last(c)): c for c in reversed(columns)}
    number = next((by[n] for n in NUMBERS if n in by), None)
    return found | ({"number": found.get("number", number)} if number else {})


def _sheet_of(source: formats.Source, asked: Sequence[Asked]) -> tuple[formats.Table, dict[str, str]]:
    """The table of answer sheets with the column of each thing; raises `FormatError` where there is none."""
    names = {one.name for one in asked}
    for table in source.tables:
        meant = _meant(table.columns, asked)
        if not table.metadata.get("hidden") and "wave" in meant and names & meant.keys():
            return table, meant
    told = _(
        "Tệp không có bảng với cột “%(wave)s” và các câu hỏi của khảo sát này; dùng tệp mẫu của khảo sát."
    )
    raise formats.FormatError(
        "not_of_survey", told % {"wave": headings()["wave"]}, "No table has the wave and the questions asked."
    )


def _spelt() -> dict[str, dict[str, str]]:
    """How files spell what is chosen of a list, folded: one sheet is the same sheet however its file writes it."""
    found: dict[str, dict[str, str]] = {"wave": {}, "sex": {}, "who": {}, "area_path": {}}
    for language in ("vi", "en"):
        with override(language):
            for name, some in (("wave", Answer.Wave), ("sex", Answer.Sex), ("who", Answer.Who)):
                found[name] |= {
                    fold(w): str(value) for value, label in some.choices for w in (value, str(label))
                }
    names = [(fold(name), path) for path, name in commune_choices()]
    bare = Counter(name.partition(" ")[2] for name, _path in names)
    found["area_path"] = {name.partition(" ")[2]: p for name, p in names if bare[name.partition(" ")[2]] == 1}
    found["area_path"] |= {w: p for name, p in names for w in (name, p, p.split("/")[-1])}
    return found


def _row(
    quiz: Quiz, asked: Sequence[Asked], columns: Mapping[str, str], spelt: Mapping[str, Mapping[str, str]],
    line: Mapping[str, Any],
) -> dict[str, Any]:  # fmt: skip
    """One row as a sheet is kept; an answer that means no option is told with its cell."""

    def cell(name: str) -> str:
        value = line.get(columns.get(name, ""))
        return "" if value is None else str(value).strip()

    chosen, faults = {}, []
    for one in asked:
        if not (words := cell(one.name)):
            continue
        letters = one.letters(words.removesuffix(".0"))
        if letters is None:
            why = _("Không phải phương án nào của câu này; ghi %(options)s hoặc để trống.")
            faults.append([columns[one.name], words, "knowledge", why % {"options": ", ".join(one.options)}])
        elif len(letters) > 1 and not one.several:
            why = _("Câu này chỉ được chọn một phương án.")
            faults.append([columns[one.name], words, "knowledge", why])
        else:
            chosen[one.name] = letters
    kept: dict[str, str | None] = {}
    for name in TERMS:
        words = cell(name)
        kept[name] = spelt[name].get(fold(words), words) or None if name in spelt else words or None
    if not kept["number"] and (chosen or faults):
        why = _("Thiếu số phiếu; đánh số mỗi phiếu trong một đợt ở một bản rồi nhập lại.")
        faults.append([columns.get("number", headings()["number"]), "", "knowledge", why])
    kept["day"] = re.sub(r"^(\d{4}-\d\d-\d\d)[ T].*$", r"\1", kept["day"]) if kept["day"] else None
    kept["number"] = plain(kept["number"], "number") or None
    return {
        "_at": line["_row"], "quiz": str(quiz.pk), **kept, "answers": written(chosen) or None,
        FAULT: json.dumps(faults, ensure_ascii=False) if faults else None,
    }  # fmt: skip


def _table(name: str, rows: Sequence[Mapping[str, Any]]) -> formats.Table:
    """The sheets as a table of the machine, each under the number its row has in the file."""
    told = [{k: v for k, v in r.items() if k != "_at"} for r in rows]
    made = table_of(name, [*COLUMNS, FAULT], told, shaped=False, at=[r["_at"] for r in rows])
    made.row_type, made.columns = ROWS, [c for c in made.columns if c != FAULT]
    return made
