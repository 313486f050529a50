"""Real footnotes of Word: python-docx has none, so their part is written here and bound to the document.

The text carries marks `⟦1⟧`, `⟦2⟧` …; each becomes a reference, in the order of the text, to its note.
"""

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from docx.document import Document as DocumentType
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsmap, qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from lxml import etree

CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
MARK = re.compile(r"(⟦\d+⟧)")
W = nsmap["w"]
REFERENCE, TEXT = "FootnoteReference", "FootnoteText"


@dataclass(frozen=True)
class Note:
    """One footnote: its words, and an address that opens, printed in full."""

    text: str
    address: str = ""


def mark(number: int) -> str:
    """What a text carries where its note belongs."""
    return f"⟦{number}⟧"


def bind(document: DocumentType, notes: Mapping[int, Note]) -> int:
    """Every mark of the document is a footnote; how many. Marks and notes that do not pair one to one fail."""
    used: list[int] = []
    for paragraph in document.element.body.iter(qn("w:p")):
        for run in list(Paragraph(paragraph, document).runs):
            if MARK.search(run.text):
                used += _split(run._r)
    if sorted(used) != sorted(notes):
        raise ValueError(f"footnotes {used} do not fit the notes {sorted(notes)}")
    _styles(document)
    part = Part(PackURI("/word/footnotes.xml"), CONTENT, b"", document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    part._blob = _xml(part, [(i, notes[i]) for i in used])
    _settings(document)
    return len(used)


def _split(run: Any) -> list[int]:
    """The run is parted at its marks, each of which becomes a reference; the numbers of the marks."""
    found, text = [], "".join(t.text or "" for t in run.iter(qn("w:t")))
    for piece in MARK.split(text):
        if not piece:
            continue
        fresh = OxmlElement("w:r")
        if (style := run.find(qn("w:rPr"))) is not None:
            fresh.append(deepcopy(style))
        if MARK.fullmatch(piece):
            number = int(piece[1:-1])
            found.append(number)
            _raise(fresh)
            reference = OxmlElement("w:footnoteReference")
            reference.set(qn("w:id"), str(number))
            fresh.append(reference)
        else:
            word = OxmlElement("w:t")
            word.set(qn("xml:space"), "preserve")
            word.text = piece
            fresh.append(word)
        run.addprevious(fresh)
    run.getparent().remove(run)
    return found


def _raise(run: Any) -> None:
    """The run has the style of a footnote's number and no look of its own but its size."""
    style = run.find(qn("w:rPr"))
    if style is None:
        style = OxmlElement("w:rPr")
        run.insert(0, style)
    for old in [*style.findall(qn("w:vertAlign")), *style.findall(qn("w:rStyle"))]:
        style.remove(old)
    named = OxmlElement("w:rStyle")
    named.set(qn("w:val"), REFERENCE)
    style.insert(0, named)


def _styles(document: DocumentType) -> None:
    """The two styles Word gives footnotes, under the names it knows them by."""
    styles = document.styles
    if "footnote reference" not in styles:
        raised = styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER)
        raised.element.set(qn("w:styleId"), REFERENCE)
        raised.font.superscript = True
    if "footnote text" not in styles:
        small = styles.add_style("footnote text", WD_STYLE_TYPE.PARAGRAPH)
        small.element.set(qn("w:styleId"), TEXT)
        small.base_style = styles["Normal"]
        small.font.size = Pt(9)


def _xml(part: Part, notes: list[tuple[int, Note]]) -> bytes:
    root = etree.Element(f"{{{W}}}footnotes", nsmap={"w": W, "r": nsmap["r"]})
    for number, kind in ((-1, "separator"), (0, "continuationSeparator")):
        note = etree.SubElement(root, qn("w:footnote"), {qn("w:type"): kind, qn("w:id"): str(number)})
        etree.SubElement(_paragraph(note), qn("w:r")).append(OxmlElement(f"w:{kind}"))
    for number, told in notes:
        note = etree.SubElement(root, qn("w:footnote"), {qn("w:id"): str(number)})
        paragraph = _paragraph(note)
        _raise(own := _run(paragraph))
        own.append(OxmlElement("w:footnoteRef"))
        _words(_run(paragraph), f" {told.text} " if told.address else f" {told.text}")
        if told.address:
            key = part.relate_to(told.address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            link = etree.SubElement(paragraph, qn("w:hyperlink"), {qn("r:id"): key})
            _words(_run(link), told.address)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _paragraph(note: Any) -> Any:
    paragraph = etree.SubElement(note, qn("w:p"))
    form = etree.SubElement(paragraph, qn("w:pPr"))
    etree.SubElement(form, qn("w:pStyle"), {qn("w:val"): TEXT})
    etree.SubElement(form, qn("w:spacing"), {qn("w:after"): "0", qn("w:line"): "240"})
    etree.SubElement(form, qn("w:jc"), {qn("w:val"): "left"})
    return paragraph


def _run(holder: Any) -> Any:
    run = etree.SubElement(holder, qn("w:r"))
    style = etree.SubElement(run, qn("w:rPr"))
    etree.SubElement(style, qn("w:sz"), {qn("w:val"): "18"})
    etree.SubElement(style, qn("w:szCs"), {qn("w:val"): "18"})
    return run


def _words(run: Any, text: str) -> None:
    word = etree.SubElement(run, qn("w:t"), {qn("xml:space"): "preserve"})
    word.text = text


def _settings(document: DocumentType) -> None:
    """The document's settings name the two separators, as Word expects of a document with footnotes."""
    settings = document.settings.element
    for old in settings.findall(qn("w:footnotePr")):
        settings.remove(old)
    element = OxmlElement("w:footnotePr")
    for number in ("-1", "0"):
        one = OxmlElement("w:footnote")
        one.set(qn("w:id"), number)
        element.append(one)
    compat = settings.find(qn("w:compat"))
    settings.append(element) if compat is None else compat.addprevious(element)
