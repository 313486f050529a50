"""The Excel file of a campaign: its sites to fill in, lists and limits in the cells, and what each column means."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from baoton.surveys.models import Campaign, Site
from baoton.surveys.protocols.asked import DAY, ROUND, SITE, Asked, Form

ROWS = 2_000
MARK = "baoton_protocol"


def template(campaign: Campaign, form: Form, sites: Sequence[Site]) -> bytes:
    """A workbook with a row for each visit that is due, a sheet for the rows, and one that explains."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_custom_property(MARK, str(form.key))
    head = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E6F0EB", "border": 1}
    )
    must = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#FFF4DD", "border": 1}
    )
    codes = [s.code for s in sites]
    visits = [(s.code, n) for n in range(1, campaign.visits_each + 1) for s in sites]
    _sheet(book, _("Lượt"), form.visit, codes, head, must, visits)
    rows = (*(a for a in form.visit if a.name in {SITE, ROUND}), *form.rows)
    if form.rows:
        _sheet(book, _("Dòng"), rows, codes, head, must, [])
    _explained(book, campaign, form, head)
    book.close()
    return out.getvalue()


def filled(form: Form, visits: Sequence[Mapping[str, str]], rows: Sequence[Mapping[str, str]]) -> bytes:
    """Visits and their rows (each with its site and round) as a workbook: what was typed goes the way of a file."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_custom_property(MARK, str(form.key))
    rows_asked = (*(a for a in form.visit if a.name in {SITE, ROUND}), *form.rows)
    for title, asked, lines in ((_("Lượt"), form.visit, visits), (_("Dòng"), rows_asked, rows)):
        sheet = book.add_worksheet(title)
        for c, one in enumerate(asked):
            sheet.write_string(0, c, one.heading)
            for r, line in enumerate(lines, 1):
                if line.get(one.name):
                    sheet.write_string(r, c, line[one.name])
    book.close()
    return out.getvalue()


def _sheet(
    book: Any, title: str, asked: Sequence[Asked], codes: Sequence[str], head: Any, must: Any,
    filled: Sequence[tuple[str, int]],
) -> None:  # fmt: skip
    sheet = book.add_worksheet(title)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.freeze_panes(1, 2)
    sheet.set_row(0, 45)
    for c, one in enumerate(asked):
        sheet.write_string(0, c, one.heading, must if one.required else head)
        sheet.set_column(c, c, max(12, min(28, len(one.heading) + 2)), day if one.kind == "day" else None)
        rule = _rule(one, codes)
        if rule is not None:
            sheet.data_validation(1, c, ROWS, c, rule)
    at = {a.name: c for c, a in enumerate(asked)}
    for r, (code, n) in enumerate(filled, 1):
        sheet.write_string(r, at[SITE], code)
        sheet.write_number(r, at[ROUND], n)


def _rule(one: Asked, codes: Sequence[str]) -> dict[str, Any] | None:
    """What Excel itself refuses in the column, with our words; long lists are only explained."""
    told = {"ignore_blank": True, "error_title": one.label[:32], "error_message": one.says[:255]}
    words = (
        list(one.among.values())
        if one.kind == "choice"
        else [_("có"), _("không")]
        if one.kind == "yesno"
        else []
    )
    words = list(codes) if one.name == SITE else words
    if words and len(",".join(words)) <= 255 and not any("," in w for w in words):
        return {"validate": "list", "source": words, **told}
    if one.kind in {"integer", "number"}:
        low = -1e9 if one.least is None else one.least
        high = 1e9 if one.most is None else one.most
        kind = "integer" if one.kind == "integer" else "decimal"
        return {"validate": kind, "criteria": "between", "minimum": low, "maximum": high, **told}
    if one.name == DAY:
        ends = {"minimum": date(1990, 1, 1), "maximum": date(2100, 1, 1)}
        return {"validate": "date", "criteria": "between", **ends, **told}
    return None


def _explained(book: Any, campaign: Campaign, form: Form, head: Any) -> None:
    sheet = book.add_worksheet(_("Giải thích"))
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 28, wrap)
    sheet.set_column(1, 1, 70, wrap)
    lines = [
        (_("Chiến dịch"), f"{campaign.name} ({campaign.code})"),
        (_("Quy trình"), _("%(name)s, phiên bản %(n)d") % {"name": form.name, "n": form.version}),
        (_("Căn cứ"), form.source or _("chưa ghi")),
        (_("Trang “Lượt”"), _("Mỗi dòng là một lượt đến một điểm. Điểm chưa đi thì để trống ngày.")),
        (_("Trang “Dòng”"), form.row_label or _("Mỗi dòng là một điều gặp; lượt không gặp gì thì không có dòng.")),
    ]  # fmt: skip
    for r, (what, told) in enumerate(lines):
        sheet.write_string(r, 0, what, head)
        sheet.write_string(r, 1, told, wrap)
    r = len(lines) + 1
    for one in (*form.visit, *form.rows):
        sheet.write_string(r, 0, one.heading, wrap)
        sheet.write_string(r, 1, one.says + (f". {one.hint}" if one.hint else ""), wrap)
        r += 1
