"""Files that go out to ask: the form of the telephone, an Excel file to fill in, a printed sheet."""

import io
import string
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

import formats
from baoton.kit.paper.binder import typeset
from baoton.outreach.knowledge.asked import Asked, languages_of
from baoton.outreach.models import Answer, Quiz
from baoton.places.queries import commune_choices

VIETNAMESE, ROWS = "Tiếng Việt (vi)", 2_000
MARK = "bt_khao_sat"
TERMS = {
    "number": "so_phieu", "wave": "dot", "day": "ngay", "area_path": "xa", "village": "ban", "sex": "gioi",
    "who": "nhom",
}  # fmt: skip
"""What a form calls each column that stands on every sheet."""


def headings() -> dict[str, str]:
    """The words over the columns that stand on every sheet."""
    return {
        "number": _("Số phiếu"), "wave": _("Đợt hỏi"), "day": _("Ngày hỏi"), "area_path": _("Xã, phường"),
        "village": _("Bản, tổ dân phố"), "sex": _("Giới tính"), "who": _("Nhóm"),
    }  # fmt: skip


def communes(quiz: Quiz) -> list[tuple[str, str]]:
    """The communes in which the survey is asked, as (path, name)."""
    own = quiz.area_path if "/" in quiz.area_path else ""
    return [(path, name) for path, name in commune_choices() if path == own or not own]


def xlsform(quiz: Quiz, asked: Sequence[Asked]) -> bytes:
    """The form for ODK Collect and KoboCollect, in Vietnamese and every other language in which it is asked."""
    spoken = languages_of(asked)
    columns = [VIETNAMESE, *spoken]

    def same(words: str) -> dict[str, str]:
        return {f"label::{c}": words for c in columns}

    heads = headings()
    rows: list[dict[str, Any]] = [
        {"type": "calculate", "name": MARK, "calculation": f"'{quiz.pk}'"},
        {"type": "note", "name": "khong_ten", **same(_("Không hỏi, không ghi tên người trả lời."))},
        {"type": "select_one dot", "name": "dot", "required": "yes", **same(heads["wave"])},
        {"type": "date", "name": "ngay", "required": "yes", "default": "today()", **same(heads["day"])},
        {"type": "select_one xa", "name": "xa", "required": "yes", "appearance": "minimal autocomplete",
         **same(heads["area_path"])},
        {"type": "text", "name": "ban", **same(heads["village"])},
        {"type": "select_one gioi", "name": "gioi", **same(heads["sex"])},
        {"type": "select_one nhom", "name": "nhom", **same(heads["who"])},
    ]  # fmt: skip
    lists: list[dict[str, Any]] = [
        {"list_name": name, "name": value, **same(str(words))}
        for name, some in (("dot", Answer.Wave.choices), ("gioi", Answer.Sex.choices), ("nhom", Answer.Who.choices))
        for value, words in some
    ]  # fmt: skip
    lists += [{"list_name": "xa", "name": p.split("/")[-1], **same(name)} for p, name in communes(quiz)]
    for one in asked:
        told = {VIETNAMESE: (one.text, one.options)} | {s: one.in_language(s) for s in spoken}
        kind = "select_multiple" if one.several else "select_one"
        words = {f"label::{c}": text for c, (text, _options) in told.items()}
        rows.append({"type": f"{kind} {one.name}", "name": one.name, **words})
        lists += [
            {
                "list_name": one.name,
                "name": letter,
                **{f"label::{c}": o[letter] for c, (_text, o) in told.items()},
            }
            for letter in one.options
        ]
    settings = {
        "form_title": quiz.title, "form_id": f"bt_khao_sat_{str(quiz.pk)[:8]}", "version": str(quiz.revision),
        "default_language": VIETNAMESE,
    }  # fmt: skip
    return formats.xlsform(rows, lists, settings)


def workbook(quiz: Quiz, asked: Sequence[Asked]) -> bytes:
    """An Excel file with a row for each sheet of paper, lists in the cells, and a page that explains."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    style = {"bold": True, "text_wrap": True, "valign": "top", "border": 1}
    must, may = (
        book.add_format({**style, "bg_color": "#FFF4DD"}),
        book.add_format({**style, "bg_color": "#E6F0EB"}),
    )
    sheet, heads = book.add_worksheet(_("Phiếu trả lời")), headings()
    sheet.freeze_panes(1, 1)
    sheet.set_row(0, 75)
    lists = {"wave": Answer.Wave.labels, "sex": Answer.Sex.labels, "who": Answer.Who.labels}
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for c, (name, words) in enumerate(heads.items()):
        sheet.write_string(0, c, words, must if name in {"number", "wave", "day", "area_path"} else may)
        sheet.set_column(c, c, 16, day if name == "day" else None)
        if name in lists:
            sheet.data_validation(
                1, c, ROWS, c, {"validate": "list", "source": [str(w) for w in lists[name]]}
            )
        elif name == "day":
            ends = {"minimum": date(2020, 1, 1), "maximum": date(2100, 1, 1)}
            sheet.data_validation(1, c, ROWS, c, {"validate": "date", "criteria": "between", **ends})
    for c, one in enumerate(asked, len(heads)):
        sheet.write_string(0, c, one.heading, may)
        sheet.set_column(c, c, 18)
        if not one.several:
            sheet.data_validation(1, c, ROWS, c, {"validate": "list", "source": list(one.options)})
    _explained(book, quiz, asked)
    book.close()
    return out.getvalue()


def _explained(book: Any, quiz: Quiz, asked: Sequence[Asked]) -> None:
    sheet = book.add_worksheet(_("Giải thích"))
    wrap, bold = book.add_format({"text_wrap": True, "valign": "top"}), book.add_format({"bold": True})
    sheet.set_column(0, 0, 12, wrap)
    sheet.set_column(1, 1, 90, wrap)
    lines = [
        ("", quiz.title),
        ("", _("Mỗi dòng là một phiếu của một người. Không ghi tên, số điện thoại hay số giấy tờ của ai.")),
        ("", _("Số phiếu là mã ngắn, không trùng nhau trong một đợt ở một bản.")),
        ("", _("Không thêm cột. Câu không trả lời thì để trống.")),
        (
            "",
            _(
                "Ở cột câu hỏi ghi chữ cái của phương án; câu chọn nhiều thì cách nhau bằng dấu phẩy, như: a, c."
            ),
        ),
    ]
    for one in asked:
        many = f" ({_('chọn mọi phương án đúng')})" if one.several else ""
        lines.append((one.name.upper(), f"{one.text}{many}"))
        lines += [(letter, words) for letter, words in one.options.items()]
    for r, (what, told) in enumerate(lines):
        heading = what[:1] not in string.ascii_lowercase or not what
        sheet.write_string(r, 0, what, bold if heading else wrap)
        sheet.write_string(r, 1, told, bold if heading and what else wrap)


def printed(quiz: Quiz, asked: Sequence[Asked], language: str = "") -> bytes:
    """The sheet to print (A4 PDF), each question in Vietnamese and, where asked for, in another language below."""
    questions = []
    for one in asked:
        text, options = one.in_language(language) if language in one.others else ("", {})
        questions.append(
            {"text": one.heading, "also": text, "several": one.several,
             "options": [[f"{letter}) {w}", options.get(letter, "")] for letter, w in one.options.items()]}
        )  # fmt: skip
    heads = headings()
    data = {
        "title": quiz.title, "asked": questions,
        "none": _("Không ghi tên, số điện thoại hay số giấy tờ của người trả lời."),
        "many": _("chọn mọi phương án đúng"), "heads": heads,
        "waves": [str(w) for w in Answer.Wave.labels], "sexes": [str(w) for w in Answer.Sex.labels],
        "groups": [str(w) for w in Answer.Who.labels],
    }  # fmt: skip
    return typeset(LAYOUT, data, {})


LAYOUT = """
#let d = json("data.json")
#set document(title: d.title, date: none)
#set page(paper: "a4", margin: (x: 1.8cm, top: 1.6cm, bottom: 1.6cm), footer: context {
  set text(8pt)
  d.title
  h(1fr)
  counter(page).display("1 / 1", both: true)
})
#set text(font: "Libertinus Serif", size: 11.5pt, lang: "vi")
#let tick = box(width: 9pt, height: 9pt, stroke: 0.7pt, baseline: 1pt)
#let choice(words) = box[#tick#h(3pt)#words]
#align(center)[#text(16pt, weight: "bold", d.title)]
#align(center)[#emph(d.none)]
#v(4pt)
#block(stroke: 0.6pt, inset: 8pt, width: 100%)[
  #d.heads.number: ………… #h(1fr) #d.heads.wave: #d.waves.map(choice).join(h(10pt)) #h(1fr)
  #d.heads.day: …… / …… / ………
  #v(2pt)
  #d.heads.area_path: ………………………………………… #h(1fr) #d.heads.village: …………………………………………
  #v(2pt)
  #d.heads.sex: #d.sexes.map(choice).join(h(10pt))
  #v(2pt)
  #d.heads.who: #d.groups.map(choice).join(h(10pt))
]
#for q in d.asked {
  block(breakable: false, above: 12pt)[
    #strong(q.text) #if q.several [ (#d.many)]
    #if q.also != "" [ \\ #emph(q.also)]
    #for o in q.options [
      #block(inset: (left: 14pt), above: 6pt)[#tick#h(3pt)#o.at(0)#if o.at(1) != "" [ #h(4pt) #emph(o.at(1))]]
    ]
  ]
}
"""
