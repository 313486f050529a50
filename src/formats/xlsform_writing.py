"""An XLSForm as ODK and Kobo read it: the sheets survey, choices and settings, all cells text."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

SURVEY = (
    "type",
    "name",
    "label",
    "hint",
    "required",
    "constraint",
    "constraint_message",
    "calculation",
    "default",
    "appearance",
)
SETTINGS = ("form_title", "form_id", "version", "default_language")


def xlsform(
    survey: Sequence[Mapping[str, Any]], choices: Sequence[Mapping[str, Any]], settings: Mapping[str, Any]
) -> bytes:
    """The workbook of a form: its lines (`SURVEY`), the choices of its lists, and `SETTINGS`.

    A form in several languages bears `label::…` and `hint::…` among its columns; a column that no line fills is left
    out, save `label`.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    _write(book, "survey", _heads(("type", "name", "label"), SURVEY, survey), survey)
    _write(book, "choices", _heads(("list_name", "name", "label"), (), choices), choices)
    _write(book, "settings", _heads((), SETTINGS, [settings]), [settings])
    book.close()
    return out.getvalue()


def _heads(always: Sequence[str], order: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> list[str]:
    filled = [key for row in rows for key, cell in row.items() if cell not in ("", None)]
    met = dict.fromkeys(filled)
    spoken = any(key.startswith("label::") for key in met)
    first = [h for h in always if not (spoken and h == "label")]
    return list(dict.fromkeys([*first, *(h for h in order if h in met), *met]))


def _write(book: Any, name: str, heads: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    sheet = book.add_worksheet(name)
    for c, head in enumerate(heads):
        sheet.write_string(0, c, head)
    for r, row in enumerate(rows, 1):
        for c, head in enumerate(heads):
            if row.get(head, "") not in ("", None):
                sheet.write_string(r, c, str(row[head]))
