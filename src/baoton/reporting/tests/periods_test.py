"""Half-years and quarters, last year and the target beside a figure, and figures asked of the bodies that know them."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from django.utils import translation

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
from baoton.plan.models import Target, Work
from baoton.reporting import missing as lacking
from baoton.reporting import queries
from baoton.reporting.communes import communes
from baoton.reporting.models import FigureRequest
from baoton.reporting.periods import Period, choices, read
from baoton.reporting.queries import Told

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MU_CA = "12/03451"


@pytest.fixture(scope="module")
def office(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Sessions in three months of this year and one of the last; five pieces of work due, three done."""
    with django_db_blocker.unblock(), translation.override("vi"), transaction.atomic():
        load_places()
        load_people("lai_chau")
        plan.load("lai_chau", "654/KH-UBND")
        cast()
        for day, people in (
            (date(2026, 2, 4), 30),
            (date(2026, 6, 30), None),
            (date(2026, 7, 1), 50),
            (date(2025, 3, 1), 9),
        ):
            Session.objects.create(title="Họp", kind="meeting", day=day, area_path=MU_CA, participants=people)
        for n, (day, status) in enumerate(
            [(date(2026, 3, 1), "done")] * 3 + [(date(2026, 5, 1), "planned"), (date(2026, 11, 1), "planned")]
        ):
            Work.objects.create(
                title=f"v{n}", responsible="so_nnmt", organisation="so_nnmt", area_path="12", due=day, must_show="x",
                status=status, finished=day if status == "done" else None,
            )  # fmt: skip
        Work.objects.create(
            title="bỏ", responsible="so_nnmt", due=date(2026, 3, 1), must_show="x", status="dropped"
        )
        Work.objects.create(
            title="cũ", responsible="so_nnmt", due=date(2025, 3, 1), must_show="x", status="done"
        )
        figures.compute([2026])
        yield
        transaction.set_rollback(True)


def by_name(period: Period) -> dict[str, queries.Told]:
    with translation.override("vi"):
        return {t.name: t for t in queries.figures(period)}


def test_periods_have_their_days_and_names() -> None:
    with translation.override("vi"):
        told = {p.key: (p.first, p.last, p.name) for p in choices(2024)}
    assert told["2024"] == (date(2024, 1, 1), date(2024, 12, 31), "năm 2024")
    assert told["2024-q1"] == (date(2024, 1, 1), date(2024, 3, 31), "quý I năm 2024")
    assert told["2024-6t"][1:] == (date(2024, 6, 30), "6 tháng đầu năm 2024")
    assert told["2024-9t"][1:] == (date(2024, 9, 30), "9 tháng đầu năm 2024")
    assert told["2024-q4"][:2] == (date(2024, 10, 1), date(2024, 12, 31))
    assert [read(p.key) for p in choices(2024)] == list(choices(2024))


@pytest.mark.parametrize("text", ["", "26", "2026-", "2026-7t", "2026-q5", "२०२६", "2026 ", "20266"])
def test_other_words_are_no_period(text: str) -> None:
    with pytest.raises(ValueError):
        read(text)


@pytest.mark.parametrize(
    ("part", "sessions", "people"),
    [("", 3, 80), ("6t", 2, 30), ("9t", 3, 80), ("q2", 1, None), ("q3", 1, 50), ("q4", 0, None)],
)
def test_a_part_of_a_year_counts_its_own_days_and_opens_them(
    office: None, part: str, sessions: int, people: int | None
) -> None:
    told, book = by_name(Period(2026, part)), REGISTERS["outreach.session"]
    one = told["outreach.sessions"]
    assert one.value == sessions and told["outreach.participants"].value == people
    if sessions:
        assert book.filtered(book.door(System()), one.query).count() == one.count == sessions
    assert people is not None or told["outreach.participants"].why_unknown


def test_the_whole_year_counted_from_rows_equals_the_stored_figures(office: None) -> None:
    stored = by_name(Period(2026))
    for name, one in queries.INDICATORS.items():
        counted = queries.live(one, Period(2026))
        if not isinstance(one.measure, queries.Grouped):
            assert (counted.value, counted.count) == (stored[name].value, stored[name].count), name


def test_the_appendix_of_a_half_year_adds_up(office: None) -> None:
    period = Period(2026, "6t")
    told = communes(period, list(by_name(period).values()))
    assert told.cell(MU_CA, "outreach.sessions") == 2 and told.cell(MU_CA, "outreach.participants") == 30
    assert told.cell("", "plan.done") == 3


def test_a_figure_stands_beside_last_year_and_its_target(office: None) -> None:
    Target.objects.create(indicator="outreach.sessions", year=2026, value=8)
    Target.objects.create(indicator="outreach.participants", year=2026, value=1)
    Target.objects.create(indicator="observations.camera_rate", year=2026, value=10)
    said = queries.compare(list(by_name(Period(2026)).values()), Period(2026))
    assert (
        said["outreach.sessions"] == " (cùng kỳ năm trước 1, tăng 200,0 %; chỉ tiêu 8: chưa đạt, bằng 37,5 %)"
    )
    assert "chỉ tiêu 1: đạt, bằng" in said["outreach.participants"]
    rate = Told("observations.camera_rate", "", "", "", 12.0, 8.0, 15.0)
    (unsure,) = queries.compare([rate], Period(2026)).values()
    assert "chỉ tiêu 10: chưa chắc, bằng 120,0 %, khoảng tin cậy" in unsure
    unknown = queries.compare([Told("observations.camera_rate", "", "", "", None)], Period(2026))
    assert list(unknown.values()) == [" (chỉ tiêu 10)"]
    assert queries.aims([rate], Period(2026, "6t")) == {}
    assert "chỉ tiêu" not in queries.compare(
        list(by_name(Period(2026, "6t")).values()), Period(2026, "6t")
    ).get("outreach.sessions", "")


def test_work_is_told_as_an_office_says_it(office: None) -> None:
    with translation.override("vi"):
        assert queries.work_done(Period(2026)) == (
            "Đã hoàn thành 3/5 việc (60,0 %); cùng kỳ năm trước 1/1 việc (100,0 %)."
        )
        assert queries.work_done(Period(2026, "6t")).startswith("Đã hoàn thành 3/4 việc (75,0 %)")
        assert queries.work_done(Period(2026, "q3")) == ""


def test_missing_figures_are_asked_once_of_the_body_that_knows_them(office: None) -> None:
    lan, hoa, pao = (Person.objects.get(username=n) for n in ("lan", "hoa", "pao"))
    period = Period(2026, "6t")
    with translation.override("vi"):
        found = lacking.missing(period, queries.figures(period))
        asked = {m.count: m.body for m in found}
        assert asked["spent"] == "so_tai_chinh" and asked["breeds"] == "so_nnmt" and "meetings" not in asked
        with pytest.raises(PermissionDenied):
            lacking.ask(hoa, period, found)
        assert lacking.ask(lan, period, found) == len(found) > 5
        assert lacking.ask(lan, period, lacking.missing(period, queries.figures(period))) == 0
    book = REGISTERS["reporting.request"]
    one = FigureRequest.objects.get(count="spent")
    assert (
        book.door(hoa).rows().filter(pk=one.pk).exists()
        and not book.door(pao).rows().filter(pk=one.pk).exists()
    )
    given = {"answer": "1.250 triệu đồng", "source": "BC 45/BC-STC"}
    with pytest.raises((NotNow, PermissionDenied)):
        write.act(book, Person.objects.get(username="dung"), one, "answer", given)
    write.act(book, hoa, one, "answer", given)
    (told,) = [r for rows in lacking.answers(period).values() for r in rows]
    assert told.answer == "1.250 triệu đồng"


def test_the_draft_has_the_list_beside_it_and_the_paper_the_answer(office: None, tmp_path: Any) -> None:
    from docx import Document

    from baoton.reporting.actions import make_yearly

    browser = Client()
    browser.force_login(Person.objects.get(username="lan"))
    page = browser.post("/bao-cao/2026/hoi-so-lieu/", follow=True).content.decode()
    assert "yêu cầu số liệu" in page and "Sở Tài chính" in page and "đã hỏi" in page
    one = FigureRequest.objects.get(count="fines", period="2026")
    write.act(
        REGISTERS["reporting.request"], System(), one, "answer", {"answer": "35 triệu", "source": "BC 9"}
    )
    paper, _book = make_yearly(System(), 2026, tmp_path)
    words = " ".join(p.text for p in Document(str(paper)).paragraphs)
    assert "Số tiền phạt: 35 triệu" in words and "Đã hoàn thành 3/5 việc (60,0 %)" in words
    assert "chưa có số liệu" not in words


@pytest.mark.parametrize("name", ["hoa", "sung", "dung", "quan"])
def test_only_who_writes_reports_asks(office: None, name: str) -> None:
    browser = Client()
    browser.force_login(Person.objects.get(username=name))
    assert browser.post("/bao-cao/2026/hoi-so-lieu/").status_code == 403


@pytest.mark.parametrize(
    ("now", "before", "told"),
    [
        (26_737, 26_740, ", không đổi đáng kể"), (5, 5, ", không đổi"), (1001, 1000, ", tăng 0,1 %"),
        (90, 100, ", giảm 10,0 %"), (100_049, 100_000, ", không đổi đáng kể"), (-2, -1, ", giảm 100,0 %"),
    ],
)  # fmt: skip
def test_a_change_that_rounds_to_nought_is_told_as_none(now: float, before: float, told: str) -> None:
    assert queries.change(now, before) == told


@pytest.mark.parametrize(
    ("now", "then", "told"),
    [(1.0, 1.0, ""), (50.003, 50.0, "không đổi đáng kể"), (50.0, 50.44, "−0,44"), (7, 4, "+3")],
)
def test_a_difference_below_the_last_digit_is_told_as_none(now: float, then: float, told: str) -> None:
    assert queries.moved(now, then) == told
