"""The calendar of one reader: by week, month and year, through his own doors, and by a link that can be revoked."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import clock, write
from baoton.notices.models import CalendarLink
from baoton.people.models import Grant, Person
from baoton.plan.models import Meeting, Work
from baoton.plan.queries import tasks
from baoton.waters.models import Body, Ground, Season

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
SECRET = "Vực Cá Anh Vũ"


@pytest.fixture
def dated() -> None:
    """Work of the Department on a holiday and of a commune, a meeting, a closed season at a guarded ground."""
    for title, body, due in (
        ("Báo cáo quý", "so_nnmt", date(2026, 9, 2)), ("Họp bản Mò Su", "ubnd_03451", date(2026, 9, 10)),
    ):  # fmt: skip
        Work.objects.create(
            title=title, task=tasks()[0], responsible=body, organisation=body, area_path="12", due=due,
            must_show="Biên bản", status="planned",
        )  # fmt: skip
    Meeting.objects.create(
        title="Giao ban quý III",
        day=date(2026, 9, 15),
        chair="Giám đốc Sở",
        organisation="so_nnmt",
        area_path="12",
    )
    water = write.create(REGISTERS["waters.body"], System(), Body(name="Sông Đà", kind=Body.Kind.values[0]))
    ground = Ground(water=water, name=SECRET, kind=Ground.Kind.values[0])
    ground.put_point(103.0, 22.3)
    write.create(REGISTERS["waters.ground"], System(), ground)
    Ground.objects.update(disclosure=1)
    Season.objects.create(
        ground=ground, since=date(2026, 9, 1), until=date(2026, 9, 30), basis="QĐ", organisation="so_nnmt"
    )


def inside(person: Person) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def told(answer: Any) -> str:
    assert answer.status_code == 200, answer
    return answer.content.decode().replace("\r\n ", "")  # type: ignore[no-any-return]


def secret_of(browser: Client) -> str:
    """The link's last part, as the page shows it once."""
    return (
        told(browser.post("/toi/lich/")).partition('value="http')[2].partition('"')[0].partition("/lich/")[2]
    )


@pytest.mark.usefixtures("dated")
def test_each_reader_finds_what_falls_due_and_a_due_day_on_a_holiday_says_so(
    person: Callable[[str], Any],
) -> None:
    lan = inside(person("lan"))
    for view in ("tuan", "thang", "nam"):
        page = told(lan.get(f"/lich/?xem={view}&ngay=2026-09-02"))
        assert "Báo cáo quý" in page and "rơi vào ngày nghỉ: Quốc khánh" in page and SECRET in page
        assert "chưa đối chiếu văn bản" in page and "Họp bản Mò Su" not in page
    assert "Giao ban quý III" in told(lan.get("/lich/?ngay=2026-09-02"))
    assert "Họp bản Mò Su" in told(lan.get("/lich/?ngay=2026-09-02&viec=moi"))
    sung = told(inside(person("sung")).get("/lich/?ngay=2026-09-02&viec=moi"))
    assert "Báo cáo quý" not in sung and "Giao ban quý III" not in sung and "Họp bản Mò Su" in sung


def test_a_year_without_holidays_says_so_and_a_day_that_is_none_is_not_found(
    person: Callable[[str], Any],
) -> None:
    lan = inside(person("lan"))
    assert "Chưa có lịch nghỉ năm 2019" in told(lan.get("/lich/?xem=nam&ngay=2019-05-05"))
    assert "Chưa có lịch nghỉ" not in told(lan.get("/lich/?xem=nam&ngay=2026-05-05"))
    for asked in (
        "?ngay=2026-02-30",
        "?xem=ngay",
        "?ngay=0001-01-01",
        "?ngay=9999-12-31",
        "?xem=tuan&ngay=9999-12-31",
    ):
        assert lan.get(f"/lich/{asked}").status_code == 404, asked
    assert Client().get("/lich/").status_code == 302


@pytest.mark.usefixtures("dated")
def test_the_secret_link_carries_what_its_owner_sees_now_and_no_guarded_name(
    person: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    Grant.objects.update(since=date(2026, 1, 1))
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_a: date(2026, 8, 20))
    lan, anybody = inside(person("lan")), Client()
    assert (
        told(lan.get("/lich.ics")).count(SECRET) == 1
    )  # signed in, the true name; by the link the kind alone
    address = secret_of(lan)
    assert address and f"/lich/{address}" not in told(lan.get("/toi/lich/"))
    feed = told(anybody.get(f"/lich/{address}"))
    assert feed.startswith("BEGIN:VCALENDAR") and "Báo cáo quý (rơi vào ngày nghỉ: Quốc khánh)" in feed
    assert (
        SECRET not in feed
        and "SUMMARY:kỳ cấm khai thác thuỷ sản" in feed
        and "DTEND;VALUE=DATE:20261001" in feed
    )
    assert "no-store" in anybody.get(f"/lich/{address}")["Cache-Control"]
    assert CalendarLink.objects.get().digest not in address
    link = secret_of(lan)
    assert anybody.get(f"/lich/{address}").status_code == 404  # renewed
    assert anybody.get(f"/lich/{link}").status_code == 200
    Person.objects.filter(username="lan").update(is_active=False)
    assert anybody.get(f"/lich/{link}").status_code == 404  # a closed account tells nothing
    Person.objects.filter(username="lan").update(is_active=True)
    lan.post("/toi/lich/", {"bo": "1"})
    assert anybody.get(f"/lich/{link}").status_code == 404 and not CalendarLink.objects.exists()


@pytest.mark.usefixtures("dated")
def test_a_running_term_stands_on_its_last_working_day(person: Callable[[str], Any]) -> None:
    meeting = Meeting.objects.get()
    made = clock.start("plan.meeting", meeting, "ra thông báo", 3, date(2026, 8, 28))
    assert made.due == date(2026, 9, 7)  # the 31st is swapped, the 1st and 2nd are holidays


@pytest.mark.usefixtures("dated")
def test_a_crowded_calendar_says_what_it_leaves_out(
    person: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    lan = inside(person("lan"))
    assert "Nhiều quá" not in told(lan.get("/lich/?xem=thang&ngay=2026-09-02"))
    for module in ("entries", "pages", "feed"):
        monkeypatch.setattr(f"baoton.site.calendar.{module}.MOST", 1)
    page = told(lan.get("/lich/?xem=thang&ngay=2026-09-02"))
    assert "Nhiều quá: chỉ hiện 1 mục đầu của" in page and "việc đến hạn" in page
    assert "Lịch này chỉ có 1 mục đầu của" in told(lan.get("/lich.ics"))
