"""Reports of any days, of one commune, of one theme: their own numbers, and words where there is none."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import translation
from docx import Document
from openpyxl import load_workbook

from baoton.kit import blobs
from baoton.kit.access import System
from baoton.kit.models import Job
from baoton.kit.reading.register import REGISTERS
from baoton.outreach.models import Session
from baoton.people.actions import load as load_people
from baoton.people.models import Person
from baoton.people.simulate import cast
from baoton.places.actions import load as load_places
from baoton.plan import actions as plan
from baoton.plan import figures
from baoton.plan.models import Target, Work
from baoton.reporting.models import Report
from baoton.reporting.periods import Period, between, read
from baoton.reporting.scopes.scope import Scope
from baoton.reporting.scopes.themes import themes

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MU_CA, TA_TONG = "12/03451", "12/03463"


@pytest.fixture(scope="module")
def office(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Three sessions in Mù Cả on two days, one elsewhere; one late piece of work in Mù Cả and one elsewhere."""
    from django.conf import settings

    before = settings.BLOB_DIR, settings.JOBS_INLINE
    settings.BLOB_DIR, settings.JOBS_INLINE = tmp_path_factory.mktemp("blobs"), True
    with django_db_blocker.unblock(), translation.override("vi"), transaction.atomic():
        load_places()
        load_people("lai_chau")
        plan.load("lai_chau", "654/KH-UBND")
        cast()
        for day, path, people in (
            (date(2026, 2, 4), MU_CA, 30),
            (date(2026, 2, 20), MU_CA, 25),
            (date(2026, 7, 1), MU_CA, 50),
            (date(2026, 2, 10), TA_TONG, 9),
            (date(2025, 2, 10), MU_CA, 5),
        ):
            Session.objects.create(title="Họp", kind="meeting", day=day, area_path=path, participants=people)
        for path in (MU_CA, TA_TONG):
            Work.objects.create(
                title=f"việc ở {path}", responsible="so_nnmt", organisation="so_nnmt", area_path=path,
                due=date(2026, 3, 1), must_show="x", status="planned",
            )  # fmt: skip
        Target.objects.create(indicator="outreach.sessions", year=2026, value=4, area_path=MU_CA)
        figures.compute([2025, 2026])
        yield
        transaction.set_rollback(True)
    settings.BLOB_DIR, settings.JOBS_INLINE = before


def page(name: str) -> Client:
    client = Client()
    client.force_login(Person.objects.get(username=name))
    return client


def made(**asked: str) -> tuple[Report, Any, Any]:
    """The report that an officer asks for, its paper and its workbook."""
    assert page("lan").post("/bao-cao/lap/", asked).status_code == 302
    job = Job.objects.filter(kind="reporting.yearly").latest("asked")
    assert job.state == Job.State.DONE, job.message
    report = Report.objects.latest("made")
    paper, book = (BytesIO(blobs.path_of(h).read_bytes()) for h in (report.docx_sha256, report.xlsx_sha256))
    return report, Document(paper), load_workbook(book)


def sheet_of(book: Any) -> dict[str, Any]:
    return {r[0]: r for r in book["Số liệu"].iter_rows(min_row=4, values_only=True)}


def lines_of(paper: Any) -> list[str]:
    return [p.text for p in paper.paragraphs]


def test_days_have_a_name_a_key_and_a_year_before() -> None:
    with translation.override("vi"):
        free = between(date(2026, 2, 1), date(2026, 2, 28))
        assert free.name == "từ ngày 01/02/2026 đến ngày 28/02/2026" and read(free.key) == free
        assert (free.before.first, free.before.last) == (date(2025, 2, 1), date(2025, 2, 28))
        assert between(date(2026, 1, 1), date(2026, 3, 31)) == Period(2026, "q1")
        assert between(date(2026, 7, 1), date(2026, 12, 31)).name == "6 tháng cuối năm 2026"
        assert between(date(2024, 2, 29), date(2024, 3, 1)).before.first == date(2023, 2, 28)
        with pytest.raises(ValueError, match="01/02/2026 trước ngày bắt đầu 05/03/2026"):
            between(date(2026, 3, 5), date(2026, 2, 1))
    for text in ("20260301-20260201", "20269999-20270101", "2026030-20260401"):
        with pytest.raises(ValueError):
            read(text)


def test_days_asked_on_the_page_are_counted_and_what_has_only_years_is_said(office: None) -> None:
    report, paper, book = made(period="ngay", **{"from": "2026-02-01", "to": "2026-02-28"})
    told = sheet_of(book)
    assert told["outreach.sessions"][3] == 3 and told["outreach.participants"][3] == 64
    assert told["funding.planned"][3] == "chưa có số liệu" and "theo năm" in told["funding.planned"][7]
    lines = lines_of(paper)
    assert any(x.startswith("- Chỉ có số cả năm, không có số của kỳ này: kinh phí dự kiến") for x in lines)
    assert any("từ ngày 01/02/2026 đến ngày 28/02/2026" in x for x in lines)
    text = page("hoa").get(f"/bao-cao/{report.pk}/").content.decode()
    assert "Mọi số liệu trong báo cáo vẫn khớp" in text
    asked = page("lan").post(
        "/bao-cao/lap/", {"period": "ngay", "from": "2026-03-05", "to": "2026-02-01"}, follow=True
    )
    assert "trước ngày bắt đầu 05/03/2026: sửa lại một trong hai ngày" in asked.content.decode()
    asked = page("lan").post("/bao-cao/lap/", {"period": "ngay", "from": "", "to": "2026-02-01"}, follow=True)
    assert "Ghi cả ngày bắt đầu và ngày kết thúc" in asked.content.decode()


def test_a_commune_has_its_own_figures_and_nothing_of_others(office: None) -> None:
    _report, paper, book = made(period="2026", area=MU_CA)
    told = sheet_of(book)
    assert (told["outreach.sessions"][3], told["outreach.sessions"][6]) == (3, 3)
    assert told["outreach.sessions"][13:15] == (4, "chưa đạt") and told["reporting.late"][3] == 1
    assert "area=12%2F03451" in told["outreach.sessions"][10]
    lines = lines_of(paper)
    assert any("năm 2026 tại xã Mù Cả" in x for x in lines)
    assert any(x.startswith("- Chỉ có số của toàn tỉnh, không có số của từng xã, phường: ") for x in lines)
    said = next(x for x in lines if x.startswith("- Buổi tuyên truyền: 3 buổi"))
    assert "chỉ tiêu năm (4 buổi)" in said and "cùng kỳ năm trước (1 buổi)" in said
    assert not [x for x in lines if TA_TONG in x]
    rows = [r[1] for r in book["Xã, phường"].iter_rows(min_row=4, values_only=True)]
    assert rows == ["Xã Mù Cả", "Toàn tỉnh"]
    api = page("lan").get("/api/figures/2026", {"area": MU_CA}).json()
    book_ = REGISTERS["outreach.session"]
    one = next(f for f in api["figures"] if f["indicator"] == "outreach.participants")
    assert one["value"] == 105 and book_.filtered(book_.door(System()), one["query"]).count() == 3


def test_a_theme_is_a_list_of_indicators_and_tells_no_other(office: None) -> None:
    report, paper, book = made(period="2026-q1", theme="funding")
    assert report.kind == "funding" and set(sheet_of(book)) == themes()["funding"].indicators
    heads = [x for x in lines_of(paper) if x[:3] in ("I. ", "II.")]
    assert heads == ["I. KINH PHÍ THEO NGUỒN", "II. KẾT QUẢ ĐÃ LÀM BẰNG KINH PHÍ"]
    assert any("quý I năm 2026, chuyên đề kinh phí" in x for x in lines_of(paper))
    held = page("hoa").get(f"/bao-cao/{report.pk}.pptx")
    assert "bao-cao" not in held["Content-Disposition"] and "2026-q1-funding" in held["Content-Disposition"]


@pytest.mark.parametrize("theme", sorted(themes()))
def test_every_theme_opens_for_the_province_and_a_commune(office: None, theme: str) -> None:
    for asked in ({"theme": theme}, {"theme": theme, "area": MU_CA}):
        text = page("lan").get("/bao-cao/2026/so-lieu/", asked).content.decode()
        assert themes()[theme].headings[0].vi in text


def test_nobody_asks_for_a_place_or_a_theme_that_is_none(office: None) -> None:
    for asked in ({"area": "12/99999"}, {"theme": "x"}, {"area": "12"}):
        assert page("lan").get("/bao-cao/2026/so-lieu/", asked).status_code == 404
        assert page("lan").post("/bao-cao/lap/", {"period": "2026", **asked}).status_code == 404
    assert page("lan").get("/bao-cao/20260301-20260201/so-lieu/").status_code == 404


def test_the_figures_of_all_communes_add_up_to_the_province(office: None) -> None:
    with translation.override("vi"):
        whole = {f.name: f.value for f in Scope(Period(2026, "q1")).figures()}
        parts = [{f.name: f.value for f in Scope(Period(2026, "q1"), a).figures()} for a in (MU_CA, TA_TONG)]
    for name in ("outreach.sessions", "outreach.participants", "plan.due"):
        assert whole[name] == sum(p[name] or 0 for p in parts)
