"""Word documents in the layout the rulebook gives: page, fonts, head, rules, page number, tables."""

from typing import Any

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt
from docx.text.paragraph import Paragraph

from rulebook.paper import paper

CENTRE, JUSTIFY, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.LEFT


def page() -> DocumentType:
    """An empty document with the margins, font, paragraph and language that the rulebook gives."""
    document, asked = Document(), paper().page
    section, margin = document.sections[0], asked.margins_mm
    section.page_width, section.page_height = (Mm(side) for side in asked.paper_mm)
    section.top_margin, section.bottom_margin = Mm(margin["top"]), Mm(margin["bottom"])
    section.left_margin, section.right_margin = Mm(margin["left"]), Mm(margin["right"])
    section.header_distance = section.footer_distance = Mm(margin["edge"])
    section.different_first_page_header_footer = True
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = asked.font, Pt(asked.body_pt)
    fonts = normal.element.rPr.rFonts
    for name in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(name), asked.font)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), paper().language)
    normal.element.rPr.append(language)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    return document


def head(document: DocumentType, subject: str = "") -> None:
    """The draft's mark, the page number, the issuer with its number on the left, the State, place and day on the right.

    Fields of the template: `draft`, `issuer_above`, `issuer`, `number`, `place`, `issued_on`.
    """
    words = paper().words
    line = document.sections[0].header.paragraphs[0]
    line.alignment = CENTRE
    field(line, "PAGE", 13)
    mark = centred(document.sections[0].first_page_header, "{{ draft }}", 12, bold=True)
    mark.paragraph_format.space_after = Pt(6)
    left_cm, right_cm = paper().page.head_cm
    left, right = bare_table(document, [left_cm, right_cm]).rows[0].cells
    centred(left, "{{ issuer_above }}", 12)
    centred(left, "{{ issuer }}", 12, bold=True)
    rule(left, 2.4, left_cm - 0.4)
    number = words["number"].format(number="{{ number }}")
    centred(left, number, 13).paragraph_format.space_before = Pt(4)
    if subject:
        centred(left, words["subject"].format(subject=subject), 12)
    centred(right, paper().nation, 12, bold=True)
    centred(right, paper().motto, 13, bold=True)
    rule(right, 5.9, right_cm - 0.4)
    where = words["place_and_day"].format(place="{{ place }}", day="{{ issued_on }}")
    centred(right, where, 13, italic=True).paragraph_format.space_before = Pt(10 if subject else 16)


def foot(document: DocumentType, signer: str) -> None:
    """Who receives the document on the left, who signs it on the right, kept on one page.

    Fields of the template: `receivers` (a list), `signer` where none is given here, `signed_name`.
    """
    below = bare_table(document, [8.2, 8.4])
    receivers, signed = below.rows[0].cells
    receivers.add_paragraph("{%p if receivers %}")
    write(receivers.add_paragraph(), paper().words["receivers"], 12, bold=True, italic=True)
    receivers.add_paragraph("{%p for r in receivers %}")
    write(receivers.add_paragraph(), "- {{ r }}", 11)
    receivers.add_paragraph("{%p endfor %}")
    receivers.add_paragraph("{%p endif %}")
    receivers.add_paragraph()  # a cell without any paragraph is no cell: the words before it would slip into it
    centred(signed, signer.upper() or "{{ signer }}", 14, bold=True)
    centred(signed, "{{ signed_name }}", 14, bold=True).paragraph_format.space_before = Pt(60)
    whole(below.rows[0])


def write(
    paragraph: Paragraph, text: str, size: float = 14, bold: bool = False, italic: bool = False
) -> Paragraph:
    """The text stands at the end of the paragraph in one run."""
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    return paragraph


def centred(holder: Any, text: str, size: float = 14, bold: bool = False, italic: bool = False) -> Paragraph:
    """A centred line in a cell or the document."""
    paragraph = holder.add_paragraph()
    paragraph.alignment = CENTRE
    return write(paragraph, text, size, bold, italic)


def body(document: DocumentType, text: str = "", bold: bool = False, italic: bool = False) -> Paragraph:
    """A justified paragraph with the first line drawn in and six points after it."""
    paragraph = document.add_paragraph()
    paragraph.alignment = JUSTIFY
    paragraph.paragraph_format.first_line_indent = Cm(paper().page.first_line_cm)
    paragraph.paragraph_format.space_after = Pt(paper().page.after_pt)
    return write(paragraph, text, bold=bold, italic=italic) if text else paragraph


def rule(holder: Any, width: float, of: float) -> None:
    """A drawn line of `width` cm, centred in a room of `of` cm: the border of an empty paragraph."""
    paragraph = holder.add_paragraph()
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Cm((of - width) / 2)
    form.space_before, form.line_spacing = Pt(3), Pt(2)
    border = OxmlElement("w:pBdr")
    line = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    border.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(
        border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def bare_table(document: DocumentType, widths: list[float]) -> Any:
    """One row of cells without borders, of these widths in cm: the header block, the signature block."""
    table = document.add_table(rows=1, cols=len(widths))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for cell, width in zip(table.rows[0].cells, widths, strict=True):
        cell.width = Cm(width)
        cell._tc.remove(cell.paragraphs[0]._p)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    return table


def grid(document: DocumentType, widths: list[float]) -> Any:
    """A bordered table of one empty row, of these widths in cm, fixed."""
    table = document.add_table(rows=1, cols=len(widths))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    return table


def repeat(row: Any) -> None:
    """The row is printed again at the top of each page, and is never broken over two."""
    properties = row._tr.get_or_add_trPr()
    for tag in ("w:cantSplit", "w:tblHeader"):
        properties.append(OxmlElement(tag))


def whole(row: Any) -> None:
    """The row is never broken over two pages."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def field(paragraph: Paragraph, code: str, size: float) -> None:
    """A field of Word, such as PAGE, stands at the end of the paragraph."""
    for kind in ("begin", None, "end"):
        run = paragraph.add_run()
        run.font.size = Pt(size)
        if kind is None:
            text = OxmlElement("w:instrText")
            text.set(qn("xml:space"), "preserve")
            text.text = code
            run._r.append(text)
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


def landscape(document: DocumentType) -> Any:
    """The rest of the document lies on A4 sideways."""
    section = document.add_section()
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(22), Mm(18)
    section.different_first_page_header_footer = False
    return section
