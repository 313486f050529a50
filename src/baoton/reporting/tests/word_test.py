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
import segno
from django.db import transaction
from django.utils import translation
from docx import Document

from baoton.kit.access import Public
from baoton.kit.paper import footnotes
from baoton.people.actions import load as load_people
from baoton.places.actions import load as load_places
from baoton.plan import actions as plan
from baoton.plan import figures
from baoton.reporting import queries
from baoton.reporting.communes import communes
from baoton.reporting.counts import COUNTS
from baoton.reporting.periods import Period
from baoton.reporting.scopes.themes import themes
from baoton.reporting.word import template, yearly
from baoton.reporting.word.given import Yearly

pytestmark = [pytest.mark.django_db, pytest.mark.once]
YEAR = Period(2026)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def given(django_db_setup: None, django_db_blocker: Any) -> Iterator[Yearly]:
    """A year of which nothing is known yet, said to be simulated; the database forgets it after this module."""
    with django_db_blocker.unblock(), translation.override("vi"), transaction.atomic():
        load_places()
        load_people("lai_chau")
        plan.load("lai_chau", "654/KH-UBND")
        figures.compute([2026])
        told = queries.figures(YEAR)
        yield Yearly(
            YEAR, date(2026, 11, 30), told, communes(YEAR, told), [], "ab" * 32, True, "Lan", "http://x.vn"
        )
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def paper(given: Yearly, tmp_path_factory: pytest.TempPathFactory) -> Path:
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
    on_page = words(" ".join(printed(pdf)).replace("- ", ""))
    joined = re.sub(r"\W", "", " ".join(printed(pdf)))
    lost = {w for text in inside for w in words(text) if w not in on_page and w not in joined}
    assert not lost


def test_the_printed_pages_are_as_many_as_expected_and_numbered_from_the_second(pdf: Path) -> None:
    pages = printed(pdf)
    assert 6 <= len(pages) <= 12
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


def test_what_is_not_known_is_no_sentence_of_the_paper_and_never_nought(paper: Path, given: Yearly) -> None:
    document = Document(str(paper))
    lines = " ".join(p.text for p in document.paragraphs)
    unknown = [f.label for f in given.figures if f.value is None]
    assert unknown and not [label for label in unknown if f"- {label}:" in lines]
    assert queries.NO_FIGURE not in lines and COUNTS["fines"][0] not in lines
    assert yearly.NOTHING_YET in lines  # a section without figures leaves room to write


def test_every_section_count_of_the_province_has_its_words() -> None:
    import rulebook

    asked = {c for s in rulebook.province("lai_chau").report for c in s.counts}
    asked |= {c for theme in themes().values() for h in theme.headings for c in h.counts}
    assert asked == set(COUNTS)


def part(paper: Path, name: str) -> str:
    with zipfile.ZipFile(paper) as archive:
        return archive.read(name).decode()


def test_every_figure_has_its_line_in_the_annex_of_sources_and_no_address(paper: Path, given: Yearly) -> None:
    document = Document(str(paper))
    table = next(t for t in document.tables if t.rows[0].cells[0].text == "Số")
    rows = [[c.text for c in row.cells] for row in table.rows[1:]]
    told = [f for s in queries.sections(given.figures) for f in s.figures]
    known = [f for f in told if f.value is not None]
    assert [(r[0], r[1]) for r in rows] == [(str(i), f.label) for i, f in enumerate(known, 1)]
    cells = [c for t in document.tables for r in t.rows for c in {c._tc: c.text for c in r.cells}.values()]
    marks = re.findall(r"\[(\d+)\]", " ".join([p.text for p in document.paragraphs] + cells))
    assert sorted(marks, key=int) == [r[0] for r in rows]
    every = " ".join([p.text for p in document.paragraphs] + [c for r in rows for c in r])
    assert "http" not in every and "word/footnotes.xml" not in zipfile.ZipFile(paper).namelist()


def test_the_annex_has_a_picture_that_opens_the_figures(paper: Path, given: Yearly) -> None:
    with zipfile.ZipFile(paper) as archive:
        held = [archive.read(n) for n in archive.namelist() if n.startswith("word/media/")]
    made = BytesIO()
    segno.make(given.page, error="m").save(made, kind="png", scale=8, border=2)
    assert made.getvalue() in held and given.page == "http://x.vn/bao-cao/2026/so-lieu/"
    assert "⟦" not in part(paper, "word/document.xml")


def test_a_note_that_no_figure_has_stops_the_report() -> None:
    document = Document()
    document.add_paragraph(f"một con số{footnotes.mark(7)}")
    with pytest.raises(ValueError, match="7"):
        footnotes.bind(document, {1: footnotes.Note("chú thích khác")})


def test_a_template_that_lost_its_sources_stops_the_report(
    given: Yearly, tmp_path: Path, settings: object
) -> None:
    """An office's own template may say other words, but may not drop where the figures come from."""
    settings.VAR = tmp_path  # type: ignore[attr-defined]
    own = Document(BytesIO(template.made()))
    table = next(t for t in own.tables if t.rows[0].cells[0].text == "Số")
    table._tbl.getparent().remove(table._tbl)
    yearly.template_path().parent.mkdir()
    own.save(str(yearly.template_path()))
    with pytest.raises(ValueError, match="sources"):
        yearly.write(given, tmp_path / "x.docx")


def test_an_office_may_change_the_words_without_a_programmer(
    given: Yearly, tmp_path: Path, settings: object
) -> None:
    settings.VAR = tmp_path  # type: ignore[attr-defined]
    own = Document(BytesIO(template.made()))
    for table in own.tables:
        for cell in table._cells:
            for paragraph in cell.paragraphs:
                if paragraph.text == "{{ signer }}":
                    paragraph.runs[0].text = "TL. GIÁM ĐỐC"
    yearly.template_path().parent.mkdir()
    own.save(str(yearly.template_path()))
    yearly.write(given, tmp_path / "x.docx")
    assert "TL. GIÁM ĐỐC" in part(tmp_path / "x.docx", "word/document.xml")


def test_the_chain_head_and_the_maker_stand_at_the_end(paper: Path) -> None:
    last = [p.text for p in Document(str(paper)).paragraphs if p.text][-2:]
    assert "Lan" in last[0] and "ab" * 32 in last[1]


def test_the_public_makes_no_report(given: Yearly, tmp_path: Path) -> None:
    from baoton.kit.access import Denied
    from baoton.reporting.actions import make_yearly

    with pytest.raises(Denied):
        make_yearly(Public(), 2026, tmp_path)
    assert not list(tmp_path.iterdir())
