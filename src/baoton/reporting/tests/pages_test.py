"""The pages of reports and the workbook: who may make and take them, and what an office finds inside."""

from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.test import Client
from django.utils import translation
from docx import Document
from openpyxl import load_workbook
from pptx import Presentation

from baoton.assessment.models import SpeciesStatus
from baoton.kit import blobs
from baoton.kit.models import AuditEvent, Job
from baoton.outreach.models import Session
from baoton.people.actions import load as load_people
from baoton.people.models import Person
from baoton.people.simulate import cast
from baoton.places.actions import load as load_places
from baoton.plan import actions as plan
from baoton.plan import figures
from baoton.plan.models import Tally, Target
from baoton.plan.queries import INDICATORS
from baoton.reporting import communes as by_commune
from baoton.reporting.models import Report
from baoton.reporting.periods import Period
from baoton.reporting.queries import Told, apart, number
from baoton.taxa.models import Taxon

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MU_CA = "12/03451"
WHO = ("participants", "sessions", "women")


@pytest.fixture(scope="module")
def office(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """One session that counted its people, one that did not, one species of which little is known."""
    from django.conf import settings

    before = settings.BLOB_DIR, settings.JOBS_INLINE
    settings.BLOB_DIR, settings.JOBS_INLINE = tmp_path_factory.mktemp("blobs"), True
    with django_db_blocker.unblock(), transaction.atomic():
        load_places()
        load_people("lai_chau")
        plan.load("lai_chau", "654/KH-UBND")
        cast()
        for people in (40, None):
            Session.objects.create(
                title="Họp bản", kind="meeting", day=date(2026, 5, 4), area_path=MU_CA, participants=people
            )
        taxon = Taxon.objects.create(scientific_name="Nomascus concolor", key="nomascus concolor")
        SpeciesStatus.objects.create(
            taxon=taxon, on=date(2026, 12, 31), records=1, years=1, places=1, aoo_km2=4.0, input_hash="0" * 64,
            method="thử", why_unknown="ít hơn 3 vị trí", area_path="12",
        )  # fmt: skip
        for name, aim in (("outreach.participants", 30), ("outreach.sessions", 3), ("outreach.women", 5)):
            Target.objects.create(indicator=name, year=2026, value=aim)
        figures.compute([2026])
        yield
        transaction.set_rollback(True)
    settings.BLOB_DIR, settings.JOBS_INLINE = before


def page(name: str) -> Client:
    client = Client()
    client.force_login(Person.objects.get(username=name))
    return client


@pytest.fixture
def made(office: None) -> Report:
    answer = page("lan").post("/bao-cao/lap/", {"year": "2026"})
    assert answer.status_code == 302
    job = Job.objects.get(kind="reporting.yearly")
    assert job.state == Job.State.DONE, job.message
    return Report.objects.get()


def test_an_officer_makes_a_report_that_is_kept_with_its_queries_and_audited(made: Report) -> None:
    assert made.made_by == Person.objects.get(username="lan").actor_name
    held = {f["name"]: f for f in made.figures}
    assert held["outreach.sessions"]["value"] == 2 and held["outreach.sessions"]["query"] == {"when": "2026"}
    assert len(held["outreach.sessions"]["input_hash"]) == 64
    event = AuditEvent.objects.get(verb="reporting.yearly.make")
    assert event.object_id == made.pk and event.new["docx_sha256"] == made.docx_sha256
    assert blobs.intact(made.docx_sha256) and blobs.intact(made.xlsx_sha256)
    assert len(made.audit_head) == 64 and set(made.audit_head) != {"0"}


@pytest.mark.parametrize(("name", "see", "make"), [("lan", 200, 302), ("hoa", 200, 403), ("sung", 403, 403)])
def test_who_may_see_and_who_may_make(office: None, name: str, see: int, make: int) -> None:
    client = page(name)
    assert client.get("/bao-cao/").status_code == see
    assert client.get("/bao-cao/2026/so-lieu/").status_code == see
    assert client.get("/bao-cao/mau/").status_code == see
    assert client.post("/bao-cao/lap/", {"year": "2026"}).status_code == make


def test_files_are_given_as_made_to_whoever_may_see_reports(made: Report) -> None:
    for kind, sha256 in (("docx", made.docx_sha256), ("xlsx", made.xlsx_sha256)):
        answer = page("hoa").get(f"/bao-cao/{made.pk}.{kind}")
        assert b"".join(answer.streaming_content) == blobs.path_of(sha256).read_bytes()  # type: ignore[attr-defined]
        assert page("sung").get(f"/bao-cao/{made.pk}.{kind}").status_code == 403
    assert page("hoa").get(f"/bao-cao/{made.pk}.odt").status_code == 404


def test_the_paper_tells_targets_in_sentences_and_shows_them_as_a_picture(made: Report) -> None:
    paper = Document(BytesIO(blobs.path_of(made.docx_sha256).read_bytes()))
    lines = [p.text for p in paper.paragraphs]
    assert [
        x
        for x in lines
        if x.startswith("- Buổi tuyên truyền: 2 buổi, bằng 66,7 % chỉ tiêu năm (3 buổi), chưa đạt")
    ]
    assert "Hình 1. Kết quả so với chỉ tiêu năm, năm 2026" in lines and "⟦" not in "".join(lines)
    signed = [c.text for t in paper.tables for r in t.rows for c in r.cells]
    assert "GIÁM ĐỐC" in " ".join(signed) and "ỦY BAN NHÂN DÂN\nTỈNH LAI CHÂU" in signed[0]


def test_a_kept_report_shows_its_figures_as_they_were_and_what_changed_since(made: Report) -> None:
    text = page("hoa").get(f"/bao-cao/{made.pk}/").content.decode()
    assert (
        "Mọi số liệu trong báo cáo vẫn khớp" in text
        and page("sung").get(f"/bao-cao/{made.pk}/").status_code == 403
    )
    one = Session.objects.create(title="Họp sau", kind="meeting", day=date(2026, 6, 1), area_path=MU_CA)
    figures.compute([2026])
    text = page("hoa").get(f"/bao-cao/{made.pk}/").content.decode()
    one.delete()
    figures.compute([2026])
    assert "nay 3 (+1)" in text and "số không đổi; nay 3 bản ghi, khi ấy 2" in text
    assert f'/bao-cao/{made.pk}/ban-ghi/outreach.sessions/">2</a>' in text


def test_parts_of_a_figure_are_told_in_its_own_unit(office: None) -> None:
    """Square metres are kept, hectares are told: so are their parts."""
    name = "habitats.forest"
    Tally.objects.create(indicator=name, year=2026, area_path="", part="one", key="rich", n=50_000)
    with translation.override("vi"):
        told = apart(Told(name, "", "ha", "", 5.0, register=INDICATORS[name].register), Period(2026))
    assert [n for _part, n in told] == [5.0]


def test_a_changed_file_is_not_given(made: Report) -> None:
    path = blobs.path_of(made.xlsx_sha256)
    whole = path.read_bytes()
    path.write_bytes(whole + b"x")
    assert page("hoa").get(f"/bao-cao/{made.pk}.xlsx").status_code == 404
    path.write_bytes(whole)


def test_a_year_without_figures_is_not_made(office: None) -> None:
    assert page("lan").post("/bao-cao/lap/", {"year": "1999"}).status_code == 404
    assert page("lan").post("/bao-cao/lap/", {"year": "x"}).status_code == 404


def test_the_preview_says_what_is_unknown_and_opens_what_is_known(office: None) -> None:
    text = page("lan").get("/bao-cao/2026/so-lieu/").content.decode()
    assert "/so/outreach-session/?when=2026" in text
    assert "chưa có bản ghi nào cho biết" in text and "Kinh phí đã chi theo nguồn" in text


@pytest.fixture
def book(made: Report) -> Any:
    return load_workbook(BytesIO(blobs.path_of(made.xlsx_sha256).read_bytes()))


def test_the_workbook_has_real_numbers_and_days_and_frozen_heads(book: Any) -> None:
    assert book.sheetnames == ["Số liệu", "Xã, phường", "Chia nhỏ", "Loài", "Cách đọc"]
    rows = {r[0].value: r for r in book["Số liệu"].iter_rows(min_row=4)}
    assert (rows["outreach.participants"][3].value, rows["outreach.participants"][6].value) == (40, 2)
    assert rows["outreach.women"][3].value == "chưa có số liệu" and rows["outreach.women"][7].value
    assert rows["outreach.sessions"][10].hyperlink.target.endswith("/so/outreach-session/?when=2026")
    aims = {name: (rows[f"outreach.{name}"][13].value, rows[f"outreach.{name}"][14].value) for name in WHO}
    assert aims == {"participants": (30, "đạt"), "sessions": (3, "chưa đạt"), "women": (5, "chưa có số liệu")}
    species = book["Loài"][4]
    assert isinstance(species[3].value, datetime) and species[3].number_format == "dd/mm/yyyy"
    assert species[7].value is None and species[8].value == 4 and species[9].value == "ít hơn 3 vị trí"
    for sheet in book.worksheets[:3]:
        assert sheet.freeze_panes in {"C4", "B4"} and sheet.column_dimensions["A"].width > 10


def test_a_commune_without_a_record_is_a_dash_and_one_with_opens_its_own(book: Any) -> None:
    sheet = book["Xã, phường"]
    heads = [c.value for c in sheet[3]]
    column = next(i for i, h in enumerate(heads) if h.startswith("Buổi tuyên truyền"))
    rows = {r[0].value: r for r in sheet.iter_rows(min_row=4)}
    assert rows[MU_CA][column].value == 2
    assert rows[MU_CA][column].hyperlink.target.endswith(f"?when=2026&area={MU_CA}")
    assert {r[column].value for path, r in rows.items() if path and path != MU_CA} == {"–"}
    assert len([p for p in rows if p]) == 38


def test_a_place_bound_figure_that_cannot_be_counted_anew_stops_the_report() -> None:
    one = Told("observations.new", "Mới", "x", "survey", 1.0, count=1, register="observations.occurrence")
    with pytest.raises(ImproperlyConfigured, match="by shown place"):
        by_commune._recounted(one)


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0"), (1234, "1.234"), (1234567.5, "1.234.567,50"), (0.126, "0,13"), (12.0, "12")],
)
def test_numbers_are_written_as_the_office_writes_them(value: float, written: str) -> None:
    assert number(value) == written


def words_of(slide: Any) -> str:
    """Every word of a slide, a row of a table as one line."""
    told = [s.text_frame.text for s in slide.shapes if s.has_text_frame]
    for table in (s.table for s in slide.shapes if s.has_table):
        told += [" | ".join(c.text for c in row.cells) for row in table.rows]
    return "\n".join(told)


@pytest.fixture
def shown(made: Report) -> Any:
    answer = page("hoa").get(f"/bao-cao/{made.pk}.pptx")
    assert answer["Content-Disposition"].endswith('.pptx"') and "no-store" in answer["Cache-Control"]
    return Presentation(BytesIO(answer.content))


def test_the_slides_tell_the_kept_figures_the_targets_and_the_work(shown: Any, made: Report) -> None:
    told = [words_of(s) for s in shown.slides]
    heads = [s.shapes.title.text_frame.text for s in shown.slides]
    assert heads[0] == "Tình hình thực hiện Kế hoạch số 654/KH-UBND" and "Năm 2026" in told[0]
    assert "1 chỉ tiêu đạt, 1 chưa đạt, 0 chưa chắc, 1 chưa có số liệu." in told[0]
    aims = told[heads.index("Chỉ tiêu: đạt, chưa đạt, chưa chắc")]
    assert "Buổi tuyên truyền | 2 buổi | 3 | 66,7 % | chưa đạt" in aims
    assert aims.index("chưa đạt\n") < aims.index("| đạt")
    tasks = told[heads.index("Năm nhiệm vụ, việc trễ lên trước")]
    assert tasks.count("chưa giao việc nào") == 5
    assert {"Việc trễ theo xã, phường", "Đang chờ quyết định"} <= set(heads)
    Session.objects.filter(participants=40).update(participants=41)  # what changed since moves no kept figure
    figures.compute([2026])
    again = Presentation(BytesIO(page("hoa").get(f"/bao-cao/{made.pk}.pptx").content))
    assert "| 40 | lượt người |" in "\n".join(words_of(s) for s in again.slides)


def test_a_slide_has_a_native_chart_with_its_table_and_nothing_runs_over(shown: Any) -> None:
    charts = [(s, c) for s in shown.slides for c in s.shapes if c.has_chart]
    (slide, chart), *_more = charts
    assert list(chart.chart.plots[0].categories) == ["Lượt người dự", "Buổi tuyên truyền"]
    assert [round(v, 1) for v in chart.chart.plots[0].series[0].values] == [133.3, 66.7]
    assert "Buổi tuyên truyền | 2 | 3" in words_of(slide)
    for one in shown.slides:
        for shape in one.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= shown.slide_width, words_of(one)
            assert shape.top >= 0 and shape.top + shape.height <= shown.slide_height, words_of(one)
    drawn = [s for one in shown.slides for s in one.shapes if s.has_chart or s.shape_type == 13]
    assert all(s._element.xpath(".//p:cNvPr")[0].get("descr") for s in drawn) and len(drawn) >= 2


def test_the_slides_are_told_in_english_to_whoever_may_see_reports(made: Report) -> None:
    held = page("hoa").get(f"/bao-cao/{made.pk}.pptx?lang=en").content
    told = "\n".join(words_of(s) for s in Presentation(BytesIO(held)).slides)
    assert "Five tasks, late work first" in told and "chưa đạt" not in told and "Việc trễ" not in told
    assert page("sung").get(f"/bao-cao/{made.pk}.pptx").status_code == 403
    assert Client().get(f"/bao-cao/{made.pk}.pptx").status_code in (302, 403)
    assert f'href="/bao-cao/{made.pk}.pptx"' in page("hoa").get(f"/bao-cao/{made.pk}/").content.decode()
