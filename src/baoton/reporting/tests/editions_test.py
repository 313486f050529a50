"""The biodiversity report in its chapters and editions: one set of figures, other frames, from draft to issue."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.utils import timezone, translation
from docx import Document

from baoton.kit import blobs
from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.outreach.models import Session
from baoton.people.actions import load as load_people
from baoton.people.models import Person
from baoton.people.simulate import cast
from baoton.places.actions import load as load_places
from baoton.plan import actions as plan
from baoton.plan import figures
from baoton.plan.models import Work
from baoton.reporting import actions
from baoton.reporting.issuing.stamping import stamped
from baoton.reporting.missing import answers
from baoton.reporting.models import FigureRequest, Outgoing, OwnReport, Report, Wording
from baoton.reporting.periods import Period
from baoton.reporting.scopes.editions import edition, editions
from baoton.reporting.word import template
from baoton.reporting.word.sections import Body
from baoton.reporting.wording.versions import WORD, fitting

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TODAY = timezone.localdate()
YEAR = Period(TODAY.year)
TYPED = "Tháo bẫy ở khe Nậm Kín"
CHAPTERS = ("ĐỘNG LỰC", "ÁP LỰC", "HIỆN TRẠNG", "TÁC ĐỘNG", "ĐÁP ỨNG")


def person(name: str) -> Person:
    return Person.objects.get(username=name)


def inbox(name: str) -> str:
    client = Client()
    client.force_login(person(name))
    return client.get("/thong-bao/").content.decode()


def asked(count: str, answer: str) -> None:
    row = FigureRequest(what=f"{count} gõ tay", count=count, period=YEAR.key, body="kiem_lam", status="answered",
                        answer=answer, source="Niên giám")  # fmt: skip
    write.create(REGISTERS["reporting.request"], System(), row)


@pytest.fixture(scope="module")
def made(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Report]:
    """The report with two editions, of sessions at one commune, late work and two answers."""
    from django.conf import settings

    before = settings.BLOB_DIR
    settings.BLOB_DIR = tmp_path_factory.mktemp("blobs")
    folder = tmp_path_factory.mktemp("reports")
    with django_db_blocker.unblock(), translation.override("vi"), transaction.atomic():
        load_places()
        load_people("lai_chau")
        plan.load("lai_chau", "654/KH-UBND")
        cast()
        for n in (1, 2):
            row = Session(title=f"Họp {n}", kind="meeting", day=date(YEAR.year, 1, n), area_path="12/03451",
                          participants=1234)  # fmt: skip
            write.create(REGISTERS["outreach.session"], System(), row)
        Work.objects.create(title=TYPED, due=TODAY - timedelta(days=1), area_path="12")
        OwnReport.objects.create(
            body="kiem_lam", period=YEAR.key, status="merged", results=TYPED, obstacles=TYPED
        )
        asked("population", "486.200 người")
        asked("wildlife_damage", f"2 ha ngô ở {TYPED}")
        figures.compute([YEAR.year])
        yield actions.make(person("lan"), YEAR, folder, theme="dpsir", also=["party", "public"])
        transaction.set_rollback(True)
    settings.BLOB_DIR = before


def lines(sha256: str) -> list[str]:
    """Every line of a Word file in the order of reading, of its tables too."""
    document = Document(str(blobs.path_of(sha256)))
    word = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    found = []
    for p in document.element.body.iter(f"{word}p"):
        found.append("".join(t.text or "" for t in p.iter(f"{word}t")).replace("\xa0", " "))
    return [one for one in found if one.strip()]


def of(report: Report, edition: str = "") -> list[str]:
    return lines(report.editions[edition]["docx"] if edition else report.docx_sha256)


def test_the_biodiversity_report_has_five_chapters_in_order_and_says_what_nobody_knows(
    made: Report,
) -> None:
    told = of(made)
    heads = [one.split(". ", 1)[1] for one in told if one.split(". ", 1)[0] in ("I", "II", "III", "IV", "V")]
    assert tuple(heads) == CHAPTERS
    assert any(one.startswith("Căn cứ Luật Đa dạng sinh học số 20/2008/QH12") for one in told)
    assert "Kết quả thực hiện Kế hoạch" not in "\n".join(told)
    assert f"Đa dạng sinh học tỉnh Lai Châu năm {YEAR.year}" in told
    lacking = [one for one in told if one.startswith("- Chưa có số liệu về:")]
    assert any("tỷ lệ hộ nghèo" in one for one in lacking) and not any("dân số" in one for one in lacking)
    assert any("486.200 người" in one for one in told)


def test_an_answer_to_what_one_report_asks_stands_in_no_other(made: Report) -> None:
    told = [one.answer for some in answers(YEAR).values() for one in some]
    assert told == [] and [one.answer for one in answers(YEAR, "dpsir")["dpsir.1.1"]] == ["486.200 người"]


@pytest.mark.parametrize(
    ("edition", "to", "signer", "annexes"),
    [
        ("", "", "GIÁM ĐỐC", 4),
        ("party", "Thường trực Tỉnh ủy", "TM. ỦY BAN NHÂN DÂN", 0),
        ("public", "", "GIÁM ĐỐC", 2),
    ],
)
def test_each_edition_has_its_frame_and_the_same_figures(
    made: Report, edition: str, to: str, signer: str, annexes: int
) -> None:
    told = of(made, edition)
    assert any(one.startswith("Kính gửi:") and to in one for one in told) == bool(to)
    assert any(one.startswith(signer) for one in told)
    assert sum(one.startswith("Phụ lục ") for one in told) == annexes
    assert any("2.468" in one for one in told), "who came to the sessions"
    assert (
        "[1]" in "\n".join(told)
        if "sources" in (editions()[edition].annexes if edition else ("sources",))
        else True
    )
    sha256 = made.editions[edition]["docx"] if edition else made.docx_sha256
    document = Document(str(blobs.path_of(sha256)))
    assert len(document.sections) == (2 if annexes else 1)


def test_the_public_edition_prints_nothing_that_somebody_typed_and_no_code(made: Report) -> None:
    whole, told = "\n".join(of(made)), "\n".join(of(made, "public"))
    for hidden in (TYPED, made.audit_head, made.made_by, "Sổ “", "đơn vị soạn thảo"):
        assert hidden in whole and hidden not in told, hidden
    book = openpyxl.load_workbook(io.BytesIO(blobs.path_of(made.editions["public"]["xlsx"]).read_bytes()))
    cells = "\n".join(str(c) for sheet in book for row in sheet.iter_rows(values_only=True) for c in row)
    for hidden in (made.audit_head, made.made_by, "http", "sha256", "patrols."):
        assert hidden not in cells, hidden
    document = Document(str(blobs.path_of(made.editions["public"]["docx"])))
    assert document.core_properties.author == "Sở Nông nghiệp và Môi trường"
    assert "486.200 người" in "\n".join(of(made, "public"))


def test_what_bodies_wrote_is_told_to_whoever_governs_and_not_to_the_public(made: Report) -> None:
    given = actions.gather(person("lan"), YEAR)
    for key, times in (("", 3), ("party", 2), ("public", 0)):
        told = Body(replace(given, edition=edition(key))).every(given.scope.sections(given.figures))
        assert str(told).count(TYPED) == times, key


def test_an_office_s_template_of_the_yearly_report_words_no_other_report(made: Report) -> None:
    old = Document(io.BytesIO(template.made()))
    for p in old.paragraphs:
        if "preamble" in p.text or "addressee" in p.text:
            for run in p.runs:
                run.text = "" if "{{" in run.text else run.text.replace("addressee", "year")
    out = io.BytesIO()
    old.save(out)
    mine = Wording.objects.create(
        name="mẫu cũ", sha256=blobs.store([out.getvalue()], WORD).sha256, since=TODAY, uploaded_by="Lan"
    )
    given = actions.gather(person("lan"), YEAR)
    assert fitting(given) == (mine, out.getvalue())
    for other in (replace(given, theme="dpsir"), replace(given, edition=edition("party"))):
        version, words = fitting(other)
        assert version is None and words != out.getvalue()
    mine.delete()


def test_an_edition_is_presented_approved_by_another_and_issued_under_its_number(
    made: Report,
) -> None:
    book, lan = REGISTERS["reporting.outgoing"], person("lan")
    with pytest.raises(ValidationError):
        write.create(book, lan, Outgoing(made_from=str(made.pk), edition="council"))
    for key, stamps in (("public", 3), ("party", 1)):
        row = write.create(book, lan, Outgoing(made_from=str(made.pk), edition=key))
        row = write.act(book, lan, row, "present")
        with pytest.raises(NotNow):
            write.act(book, lan, row, "approve")
        waits = [str(row.pk) in inbox(name) for name in ("thanh", "lan")]
        assert waits == [True, False], "it waits for whoever approves, not for whoever presented it"
        row = write.act(book, person("thanh"), row, "approve")
        assert [str(row.pk) in inbox(name) for name in ("thanh", "lan")] == [False, True]
        row = write.act(book, lan, row, "issue", {"issued_on": TODAY})
        told = lines(row.paper)
        assert sum(row.number in one for one in told) == stamps, "on its head and each annex"
        assert any(f"năm {TODAY.year}" in one and "……" not in one for one in told[:9])
        with pytest.raises(NotNow):
            write.withdraw(book, lan, Outgoing.objects.get(pk=row.pk), "nhầm")
        address = f"/bao-cao/cong-bo/{row.pk}.docx"
        assert Client().get(address).status_code == (200 if key == "public" else 404)
        if key == "public":
            assert row.number in Client().get("/bao-cao/cong-bo/").content.decode()


def test_a_number_is_written_over_the_pieces_word_cuts_a_line_into_and_no_paper_goes_out_without_one() -> (
    None
):
    document, held = Document(), io.BytesIO()
    line = document.add_paragraph("Số: ")
    for piece in ("      ", "/BC-", "SNNMT"):
        line.add_run(piece).bold = True
    document.add_paragraph("Lai Châu, ngày …… tháng …… năm 2026")
    document.save(held)
    read = Document(io.BytesIO(stamped(held.getvalue(), r"12\1/BC-SNNMT", date(2026, 11, 30)))).paragraphs
    assert [one.text for one in read] == [r"Số: 12\1/BC-SNNMT", "Lai Châu, ngày 30 tháng 11 năm 2026"]
    line.clear()
    document.save(bare := io.BytesIO())
    with pytest.raises(NotNow, match="không còn chỗ để ghi số"):
        stamped(bare.getvalue(), "12/BC-SNNMT", date(2026, 11, 30))


def test_an_edition_of_one_commune_is_refused_in_words_and_none_is_left_out(made: Report) -> None:
    client = Client()
    client.force_login(person("lan"))
    asked = {"period": YEAR.key, "area": "12/03451", "ban": "party"}
    answer = client.post("/bao-cao/lap/", asked, follow=True)
    assert answer.redirect_chain[-1][0] == "/bao-cao/" and "Các bản gửi chỉ lập từ" in answer.content.decode()


def test_a_year_that_nobody_keeps_has_no_figures(made: Report) -> None:
    client = Client()
    client.force_login(person("lan"))
    assert client.get(f"/bao-cao/{YEAR.year}/so-lieu/?theme=dpsir").status_code == 200
    for address in ("/bao-cao/9999/so-lieu/", "/bao-cao/1999-6t/so-lieu/", "/api/figures/9999"):
        assert client.get(address).status_code == 404, address
    assert client.post("/bao-cao/9999/hoi-so-lieu/").status_code == 404
    page = client.get(f"/bao-cao/{made.pk}/").content.decode()
    assert ("/ban/party.docx" in page and "Trình bản này" in page) or "đã phát hành" in page
    held = client.get(f"/bao-cao/{made.pk}/ban/party.docx")
    assert Document(io.BytesIO(b"".join(held.streaming_content))).paragraphs  # type: ignore[attr-defined]
    assert client.get(f"/bao-cao/{made.pk}/ban/council.docx").status_code == 404
