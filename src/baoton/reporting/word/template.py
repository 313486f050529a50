"""The template of the yearly report as an office gets it: Word with fields in double braces, made here.

An office that wants other words saves the template in its `templates` folder and edits it in Word; the fields
(`docs/adr/0003-word-templates.md`) stay, everything around them is theirs.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from docx.document import Document as DocumentType
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Cm, Pt

from baoton.kit.paper.layout import (
    CENTRE,
    JUSTIFY,
    LEFT,
    bare_table,
    body,
    centred,
    field,
    grid,
    landscape,
    page,
    repeat,
    rule,
    whole,
    write,
)
from rulebook.paper import paper

SAYS_SIMULATED = "DỮ LIỆU MÔ PHỎNG – KHÔNG PHẢI SỐ LIỆU THẬT"
PREAMBLE = (
    "Thực hiện Kế hoạch số {{ plan_code }} ngày {{ plan_day }} của {{ plan_issuer }} về {{ plan_about }}, "
    "{{ body_name }} báo cáo kết quả {{ period }} như sau. "
)
UNTIL = (
    "Số liệu tính đến ngày {{ until }}{% if annex_sources %}; số trong ngoặc vuông là số thứ tự nguồn số liệu ở Phụ "
    "lục {{ annex_sources }}{% endif %}."
)
CLOSING = "Trên đây là báo cáo kết quả thực hiện Kế hoạch số {{ plan_code }} {{ period }}{{ attached }}./."
OTHER_CLOSING = "Trên đây là báo cáo {{ about }}{{ attached }}./."
ATTACHED = "(Kèm theo Báo cáo số ……/{{ symbol }} ngày …… tháng …… năm {{ dated_year }})"
QR = "⟦qr⟧"
SOURCES = (
    "Mỗi dòng là nguồn của một số liệu trong báo cáo: sổ gốc, điều kiện lọc, số bản ghi. Quét hình bên phải bằng điện "
    "thoại để mở trang số liệu {{ period }}; từ đó mỗi con số mở đúng các bản ghi của nó, theo quyền của người mở."
)
SOURCE_HEADS = (
    ("Số", 1.2),
    ("Số liệu", 6.2),
    ("Sổ và điều kiện lọc", 9.6),
    ("Số bản ghi", 2.2),
    ("Cách tính", 3.1),
    ("Mã kiểm tra dữ liệu", 3.4),
)
MADE = "Báo cáo do {{ made_by }} lập từ hệ thống Bảo Tồn ngày {{ until }}. {{ simulated_line }}"
SPECIES_HEADS = (
    ("TT", 1.0),
    ("Tên khoa học", 4.4),
    ("Tên Việt Nam", 3.7),
    ("Nhóm theo luật", 3.6),
    ("Số ghi nhận", 1.5),
    ("Số năm có ghi nhận", 1.6),
    ("Phạm vi phân bố EOO (km²)", 2.9),
    ("Diện tích cư trú AOO (km²)", 2.4),
    ("Hạng máy gợi ý", 1.7),
    ("Hạng đã thông qua", 2.9),
)


def made() -> bytes:
    """The template as the bytes of a Word file."""
    document = page()
    _headers(document)
    _head(document)
    _title(document)
    _sections(document)
    _signature(document)
    _communes(document)
    _species(document)
    _details(document)
    _sources(document)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _headers(document: DocumentType) -> None:
    """Page number on top from the second page on; the word on simulated data on every page."""
    section = document.sections[0]
    for footer in (section.first_page_footer, section.footer):
        footer.is_linked_to_previous = False
        line = footer.paragraphs[0]
        line.alignment = CENTRE
        write(line, "{{ simulated_line }}", 10, bold=True)
    section.header.is_linked_to_previous = False
    line = section.header.paragraphs[0]
    line.alignment = CENTRE
    field(line, "PAGE", 13)


def _head(document: DocumentType) -> None:
    """Who issues it on the left, the State on the right, each over its rule; number, place and day."""
    left, right = bare_table(document, [7.0, 9.6]).rows[0].cells
    left.add_paragraph("{%p if issuer_above %}")
    centred(left, "{{ issuer_above }}", 12)
    left.add_paragraph("{%p endif %}")
    centred(left, "{{ issuer }}", 12, bold=True)
    rule(left, 2.4, 6.6)
    centred(
        left, "Số:\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0/{{ symbol }}", 13
    ).paragraph_format.space_before = Pt(4)
    centred(right, paper().nation, 12, bold=True)
    centred(right, paper().motto, 13, bold=True)
    rule(right, 5.9, 9.2)
    place = centred(
        right, "{{ place }}, ngày\u00a0…… tháng\u00a0…… năm\u00a0{{ dated_year }}", 13, italic=True
    )
    place.paragraph_format.space_before = Pt(16)


def _title(document: DocumentType) -> None:
    title = centred(document, "BÁO CÁO", 14, bold=True)
    title.paragraph_format.space_before = Pt(14)
    _either(
        document,
        lambda: centred(
            document, "Kết quả thực hiện Kế hoạch số {{ plan_code }} {{ period }}", 14, bold=True
        ),
        lambda: centred(document, "{{ title }}", 14, bold=True),
    )
    rule(document, 3.2, 16.0)
    document.add_paragraph("{%p if addressee %}")
    centred(document, "Kính gửi: {{ addressee }}.").paragraph_format.space_before = Pt(10)
    document.add_paragraph("{%p endif %}")
    body(document).paragraph_format.space_after = Pt(0)
    document.add_paragraph("{%p for g in grounds %}")
    body(document, "{{ g }}", italic=True)
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p if grounds_note and not annex_sources %}")
    _small(document, "{{ grounds_note }}", left=True)
    document.add_paragraph("{%p endif %}")
    _either(
        document,
        lambda: body(document, PREAMBLE + UNTIL),
        lambda: body(document, "{{ preamble }} " + UNTIL),
    )


def _either(document: DocumentType, of_plan: Callable[[], Any], other: Callable[[], Any]) -> None:
    """Words of a report on the plan, and those of a report of another kind."""
    document.add_paragraph("{%p if of_plan %}")
    of_plan()
    document.add_paragraph("{%p else %}")
    other()
    document.add_paragraph("{%p endif %}")


def _last(document: DocumentType, text: str) -> None:
    """The last sentence: a signature never stands alone on its page."""
    body(document, text).paragraph_format.keep_with_next = True


def _sections(document: DocumentType) -> None:
    """Every section of the province's report: figures with their notes, lists, and what is not held."""
    document.add_paragraph("{%p for s in sections %}")
    heading = body(document, "{{ s.roman }}. {{ s.title }}", bold=True)
    heading.alignment = LEFT
    heading.paragraph_format.keep_with_next = True
    heading.paragraph_format.space_before = Pt(6)
    document.add_paragraph("{%p for line in s.first %}")
    body(document, "{{ line }}")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p for f in s.figures %}")
    line = body(document)
    write(line, "- {{ f.label }}: ")
    write(line, "{{ f.text }}", bold=True)
    write(line, "{{ f.unit }}{{ f.limits }}{{ f.compare }}")
    write(line, "{{ f.note }}", 11)
    write(line, "{{ f.end }}")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p for part in s.parts %}")
    document.add_paragraph("{{ part }}")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p for line in s.lines %}")
    body(document, "{{ line }}")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p endfor %}")
    _either(document, lambda: _last(document, CLOSING), lambda: _last(document, OTHER_CLOSING))


def _signature(document: DocumentType) -> None:
    """Receivers on the left; who signs on the right, filled in when it is signed."""
    left, right = bare_table(document, [8.2, 8.4]).rows[0].cells
    heading = left.add_paragraph()
    write(heading, "Nơi nhận:", 12, bold=True, italic=True)
    left.add_paragraph("{%p for r in receivers %}")
    write(left.add_paragraph(), "- {{ r }}", 11)
    left.add_paragraph("{%p endfor %}")
    centred(right, "{{ signer }}", 14, bold=True)
    for _gap in range(5):
        centred(right, "", 14)
    whole(document.tables[-1].rows[0])


@contextmanager
def _appendix(document: DocumentType, name: str, title: str) -> Iterator[None]:
    """An annex on its own page, printed in the editions that have it; its number is a field."""
    document.add_paragraph(f"{{%p if annex_{name} %}}")
    for text, size, italic in (
        (f"Phụ lục {{{{ annex_{name} }}}}", 14, False), (title, 14, False), (ATTACHED, 13, True)
    ):  # fmt: skip
        line = centred(document, text, size, bold=not italic, italic=italic).paragraph_format
        line.keep_with_next, line.page_break_before = True, text.startswith("Phụ lục {{")
    document.paragraphs[-1].paragraph_format.space_after = Pt(8)
    yield
    document.add_paragraph("{%p endif %}")


def _communes(document: DocumentType) -> None:
    """A commune a row; the columns are made when it is filled, so that none is forgotten."""
    landscape(document)
    with _appendix(document, "communes", "Kết quả theo xã, phường, {{ period }}"):
        document.add_paragraph("{{ communes_table }}")
        document.add_paragraph("{%p for line in communes_notes %}")
        _small(document, "{{ line }}")
        document.add_paragraph("{%p endfor %}")


def _species(document: DocumentType) -> None:
    """A species a row, then how the report was made."""
    with _appendix(document, "species", "Tình trạng loài tính đến hết năm {{ year }}"):
        table = grid(document, [width for _head, width in SPECIES_HEADS])
        for cell, (head, _width) in zip(table.rows[0].cells, SPECIES_HEADS, strict=True):
            _cell(cell, head, bold=True, centre=True)
        repeat(table.rows[0])
        _loop(table, "{%tr for t in species %}")
        row = table.add_row()
        whole(row)
        names = (
            "n",
            "name",
            "vernacular",
            "legal",
            "records",
            "years",
            "eoo",
            "aoo",
            "indicated",
            "category",
        )
        for cell, name in zip(row.cells, names, strict=True):
            centre = name not in ("name", "vernacular")
            _cell(cell, f"{{{{ t.{name} }}}}", italic=name == "name", centre=centre)
        _loop(table, "{%tr endfor %}")
        document.add_paragraph("{%p for line in species_notes %}")
        _small(document, "{{ line }}")
        document.add_paragraph("{%p endfor %}")


def _details(document: DocumentType) -> None:
    """Figures told apart, a table each."""
    with _appendix(document, "details", "Số liệu chi tiết, {{ period }}"):
        document.add_paragraph("{{ details_table }}")


def _sources(document: DocumentType) -> None:
    """Where each figure comes from, and a picture a telephone reads to open them; how it was made."""
    with _appendix(document, "sources", "Nguồn số liệu"):
        left, right = bare_table(document, [20.0, 5.7]).rows[0].cells
        _small(left, SOURCES)
        picture = right.add_paragraph()
        picture.alignment = CENTRE
        write(picture, QR)
        table = grid(document, [width for _head, width in SOURCE_HEADS])
        for cell, (head, _width) in zip(table.rows[0].cells, SOURCE_HEADS, strict=True):
            _cell(cell, head, bold=True, centre=True)
        repeat(table.rows[0])
        _loop(table, "{%tr for t in sources %}")
        row = table.add_row()
        whole(row)
        for cell, name in zip(row.cells, ("n", "label", "source", "count", "method", "check"), strict=True):
            _cell(cell, f"{{{{ t.{name} }}}}", centre=name in ("n", "count", "check"))
        _loop(table, "{%tr endfor %}")
        document.add_paragraph("{%p if grounds_note %}")
        _small(document, "{{ grounds_note }}")
        document.add_paragraph("{%p endif %}")
        _small(document, MADE).paragraph_format.space_before = Pt(10)
        _small(document, "Đầu chuỗi nhật ký lúc lập báo cáo: {{ chain_head }}", left=True)


def _loop(table: Any, tag: str) -> None:
    table.add_row().cells[0].paragraphs[0].add_run(tag)


def _cell(cell: Any, text: str, bold: bool = False, italic: bool = False, centre: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = CENTRE if centre else LEFT
    write(paragraph, text, 11, bold, italic)


def _small(document: Any, text: str, left: bool = False) -> Any:
    paragraph = document.add_paragraph()
    paragraph.alignment = LEFT if left else JUSTIFY
    paragraph.paragraph_format.space_before = Pt(2)
    paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(1), WD_TAB_ALIGNMENT.LEFT)
    return write(paragraph, text, 11)
