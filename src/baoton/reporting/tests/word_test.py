"""The report as a Word file: rendered by LibreOffice as an office would see it, and its parts as Word wants them."""

import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation
from docx import Document
from lxml import etree

from baoton.kit.access import Public
from baoton.kit.paper import footnotes
from baoton.people.actions import load as load_people
from baoton.places.actions import load as load_places
from baoton.plan import actions as plan
from baoton.plan import figures
from baoton.reporting import queries
from baoton.reporting.communes import communes
from baoton.reporting.counts import COUNTS
from baoton.reporting.word import template, yearly

pytestmark = pytest.mark.django_db
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def given(django_db_setup: None, django_db_blocker: Any) -> Iterator[yearly.Yearly]:
    """A year of which nothing is known yet, said to be simulated; the database forgets it after this module."""
    with django_db_blocker.unblock(), translation.override("vi"), transaction.atomic():
        load_places()
        load_people("lai_chau")
        plan.load("lai_chau", "654/KH-UBND")
        figures.compute([2026])
        told = queries.figures(2026)
        yield yearly.Yearly(
            2026, date(2026, 11, 30), told, communes(2026, told), [], "ab" * 32, True, "Lan", "http://x.vn"
        )
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def paper(given: yearly.Yearly, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("paper") / "bao-cao.docx"
    yearly.write(given, path)
    return path


@pytest.fixture(scope="module")
def pdf(paper: Path) -> Path:
    """The paper printed by LibreOffice."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None or shutil.which("pdftotext") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("LibreOffice and poppler are required when CI=true")
        pytest.skip("LibreOffice or poppler is not on this machine, so the report is not rendered here")
    profile = f"-env:UserInstallation=file://{paper.parent}/office"
    told = ["--headless", "--convert-to", "pdf", "--outdir", str(paper.parent), str(paper)]
    subprocess.run([office, profile, *told], check=True, capture_output=True, timeout=120)
    return paper.with_suffix(".pdf")


def printed(pdf: Path) -> list[str]:
    """The text of each printed page, with every run of blanks as one space."""
    raw = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True)
    return [re.sub(r"\s+", " ", page) for page in raw.stdout.split("\f")[:-1]]


def words(text: str) -> set[str]:
    return set(re.findall(r"\w{2,}", text))


def test_no_word_is_lost_when_it_is_printed(paper: Path, pdf: Path) -> None:
    document = Document(str(paper))
    inside = {t.text or "" for t in document.element.body.iter(f"{W}t")}
    inside |= set(re.findall(r"<w:t [^>]*>([^<]*)</w:t>", part(paper, "word/footnotes.xml")))
    on_page = words(" ".join(printed(pdf)).replace("- ", ""))
    joined = re.sub(r"\W", "", " ".join(printed(pdf)))
    lost = {w for text in inside for w in words(text) if w not in on_page and w not in joined}
    assert not lost


def test_the_printed_pages_are_as_many_as_expected_and_numbered_from_the_second(pdf: Path) -> None:
    pages = printed(pdf)
    assert 6 <= len(pages) <= 9
    assert not pages[0].strip().startswith("1 ")
    assert [p.split()[0] for p in pages[1:]] == [str(i) for i in range(2, len(pages) + 1)]


def test_every_printed_page_says_that_the_data_are_simulated(pdf: Path) -> None:
    assert all(template.SAYS_SIMULATED in page for page in printed(pdf))


def test_it_is_set_in_times_or_its_free_twin(pdf: Path) -> None:
    if shutil.which("pdffonts") is None:
        pytest.skip("pdffonts is not on this machine")
    told = subprocess.run(["pdffonts", str(pdf)], capture_output=True, text=True, check=True).stdout
    fonts = {line.split()[0].split("+")[-1] for line in told.splitlines()[2:]}
    assert any(re.match(r"(Times|LiberationSerif)", f) for f in fonts), fonts
    assert all("Serif" in f or f.startswith("Times") for f in fonts), fonts


def test_no_run_asks_for_another_font(paper: Path) -> None:
    asked = set(re.findall(r'w:(?:ascii|hAnsi)="([^"]+)"', part(paper, "word/document.xml")))
    normal = Document(str(paper)).styles["Normal"].font.name
    assert normal == "Times New Roman" and asked <= {"Times New Roman"}


def test_the_page_is_a4_with_the_decrees_margins(paper: Path) -> None:
    first, *rest = Document(str(paper)).sections
    assert (round(first.page_width.mm), round(first.page_height.mm)) == (210, 297)
    up, down, left, right = (
        round(getattr(first, f"{s}_margin").mm) for s in ("top", "bottom", "left", "right")
    )
    assert 20 <= up <= 25 and 20 <= down <= 25 and 30 <= left <= 35 and 15 <= right <= 20
    assert [(round(s.page_width.mm), round(s.page_height.mm)) for s in rest] == [(297, 210)]


def test_the_ten_sections_stand_in_order(paper: Path) -> None:
    heads = [p.text.split(".")[0] for p in Document(str(paper)).paragraphs if re.match(r"[IVX]+\. ", p.text)]
    assert heads == ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"]


def test_what_is_not_held_is_said_and_never_nought(paper: Path) -> None:
    lines = [p.text for p in Document(str(paper)).paragraphs]
    missing = " ".join(line for line in lines if line.startswith("- Chưa có số liệu trong hệ thống"))
    for key in ("cases", "fines", "coded_facilities", "spent", "forest_cover"):
        assert COUNTS[key][0] in missing
    rate = next(line for line in lines if line.startswith("- Lần gặp độc lập"))
    assert "chưa có số liệu (chưa có ảnh bẫy đã xác minh)" in rate


def test_every_section_count_of_the_province_has_its_words() -> None:
    import rulebook

    asked = {c for s in rulebook.province("lai_chau").report for c in s.counts}
    assert asked == set(COUNTS)


def part(paper: Path, name: str) -> str:
    with zipfile.ZipFile(paper) as archive:
        return archive.read(name).decode()


def test_every_figure_has_a_real_footnote(paper: Path, given: yearly.Yearly) -> None:
    notes = etree.fromstring(part(paper, "word/footnotes.xml").encode())
    numbered = [n for n in notes if int(n.get(f"{W}id")) > 0]
    references = re.findall(r"<w:footnoteReference w:id=\"(\d+)\"", part(paper, "word/document.xml"))
    assert references == [n.get(f"{W}id") for n in numbered]
    assert len(references) == len(given.figures)
    assert "footnotes.xml" in part(paper, "word/_rels/document.xml.rels")
    assert "footnotes+xml" in part(paper, "[Content_Types].xml")
    assert "⟦" not in part(paper, "word/document.xml")


def test_a_note_that_no_figure_has_stops_the_report() -> None:
    document = Document()
    document.add_paragraph(f"một con số{footnotes.mark(7)}")
    with pytest.raises(ValueError, match="7"):
        footnotes.bind(document, {1: footnotes.Note("chú thích khác")})


def test_a_template_that_lost_its_notes_stops_the_report(
    given: yearly.Yearly, tmp_path: Path, settings: object
) -> None:
    """An office's own template may say other words, but may not drop where the figures come from."""
    settings.VAR = tmp_path  # type: ignore[attr-defined]
    own = Document(BytesIO(template.made()))
    for paragraph in own.paragraphs:
        for run in paragraph.runs:
            run.text = run.text.replace("{{ f.note }}", "")
    yearly.template_path().parent.mkdir()
    own.save(str(yearly.template_path()))
    with pytest.raises(ValueError, match="footnotes"):
        yearly.write(given, tmp_path / "x.docx")


def test_an_office_may_change_the_words_without_a_programmer(
    given: yearly.Yearly, tmp_path: Path, settings: object
) -> None:
    settings.VAR = tmp_path  # type: ignore[attr-defined]
    own = Document(BytesIO(template.made()))
    for table in own.tables:
        for cell in table._cells:
            for paragraph in cell.paragraphs:
                if paragraph.text == "GIÁM ĐỐC":
                    paragraph.runs[0].text = "TL. GIÁM ĐỐC"
    yearly.template_path().parent.mkdir()
    own.save(str(yearly.template_path()))
    yearly.write(given, tmp_path / "x.docx")
    assert "TL. GIÁM ĐỐC" in part(tmp_path / "x.docx", "word/document.xml")


def test_the_chain_head_and_the_maker_stand_at_the_end(paper: Path) -> None:
    last = [p.text for p in Document(str(paper)).paragraphs if p.text][-2:]
    assert "Lan" in last[0] and "ab" * 32 in last[1]


def test_the_public_makes_no_report(given: yearly.Yearly, tmp_path: Path) -> None:
    from baoton.kit.access import Denied
    from baoton.reporting.actions import make_yearly

    with pytest.raises(Denied):
        make_yearly(Public(), 2026, tmp_path)
    assert not list(tmp_path.iterdir())
