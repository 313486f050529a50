"""The leaders’ screen, the Monday meeting and reminder letters: red first, whose, whom to ring."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from docx import Document

from baoton.kit.models import AuditEvent, Number
from baoton.people.models import Person
from baoton.people.simulate import CAST
from baoton.plan.models import Reminder, Work
from baoton.plan.queries import tasks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
SCREEN, MONDAY, REMIND = "/dieu-hanh/", "/dieu-hanh/giao-ban/", "/dieu-hanh/don-doc/"


@pytest.fixture
def works() -> None:
    """Three late pieces of work of two bodies, one done this week, one due in three days."""
    today, (first, second, *_rest) = timezone.localdate(), tasks()
    for n, (title, body, days, status) in enumerate(
        [
            ("Lập hồ sơ", "so_nnmt", -40, "doing"),
            ("Họp bản Mò Su", "ubnd_03451", -3, "planned"),
            ("Họp bản Tó Khò", "ubnd_03451", -9, "planned"),
            ("Kiểm tra cơ sở", "kiem_lam", -2, "done"),
            ("Thả cá", "so_nnmt", 3, "planned"),
        ]
    ):
        area = "12/03451" if body.startswith("ubnd") else "12"
        due = today + timedelta(days=days)
        Work.objects.create(
            title=title, task=first if n else second, responsible=body, organisation=body, area_path=area, due=due,
            must_show="Biên bản", status=status, finished=today if status == "done" else None,
        )  # fmt: skip


@pytest.fixture
def leader(person: Callable[[str], Any]) -> Person:
    """A head of the Department, with a telephone."""
    made: Person = person("thanh")
    Person.objects.filter(username="sung").update(phone="0912 345 678")
    return made


def inside(person: Person) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def text(answer: Any) -> str:
    return answer.content.decode()  # type: ignore[no-any-return]


def test_the_screen_has_red_first_and_says_whose_and_where(leader: Person, works: None) -> None:
    page = inside(leader).get(SCREEN)
    first = page.context["tasks"][0]
    assert first.progress.late and first.progress.late / first.progress.total == max(
        x.progress.late / x.progress.total for x in page.context["tasks"] if x.progress.total
    )
    late = {b.body: (len(b.works), b.days) for b in page.context["told"].late}
    assert late == {"ubnd_03451": (2, 9), "so_nnmt": (1, 40)}
    shaded = {s["path"]: s["n"] for s in page.context["picture"]["shapes"] if s["n"]}
    assert shaded == {"12/03451": 2} and page.context["everywhere"] == 1


def test_the_meeting_stands_on_paper_and_as_plain_text(leader: Person, works: None) -> None:
    browser = inside(leader)
    page = text(browser.get(MONDAY))
    assert "Kiểm tra cơ sở" in page and "0912 345 678" in page and "Thả cá" in page
    answer = browser.get(f"{MONDAY}?dang=chu")
    told = text(answer)
    assert answer["Content-Type"].startswith("text/plain") and "<" not in told
    assert "Tuần qua xong 1 việc; đang trễ 3 việc của 2 cơ quan." in told
    assert "UBND xã Mù Cả: 2 việc trễ, lâu nhất 9 ngày" in told and "Giàng A Sùng 0912 345 678" in told


def test_ticked_bodies_get_numbered_letters_that_name_their_late_work(leader: Person, works: None) -> None:
    browser, by = inside(leader), timezone.localdate() + timedelta(days=10)
    page = browser.post(REMIND, {"body": ["ubnd_03451", "so_nnmt", "kiem_lam"], "answer_by": by}, follow=True)
    assert "Đã ban hành 2 công văn" in text(page) and "không có việc nào trễ hạn" in text(page)
    letters = {r.body: r for r in Reminder.objects.all()}
    assert set(letters) == {"ubnd_03451", "so_nnmt"}
    assert sorted(n.text for n in Number.objects.all()) == ["01/SNNMT-……", "02/SNNMT-……"]
    one = letters["ubnd_03451"]
    answer = browser.get(f"/so/plan-reminder/{one.pk}/van-ban.docx")
    held = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert zipfile.ZipFile(io.BytesIO(held)).testzip() is None
    document = Document(io.BytesIO(held))
    cells = [[c.text for c in row.cells] for t in document.tables for row in t.rows]
    words = "\n".join(p.text for p in document.paragraphs) + str(cells)
    assert one.number in words and "UBND xã Mù Cả" in words and f"{by:%d/%m/%Y}" in words
    assert [
        "1",
        "Họp bản Tó Khò",
        f"{timezone.localdate() - timedelta(days=9):%d/%m/%Y}",
        "9",
        "Biên bản",
    ] in cells
    assert "Lập hồ sơ" not in words and "{{" not in words
    assert AuditEvent.objects.filter(verb="plan.reminder.issue").count() == 2


def test_an_issued_letter_keeps_what_it_said(leader: Person, works: None) -> None:
    browser = inside(leader)
    browser.post(REMIND, {"body": "ubnd_03451", "answer_by": timezone.localdate()})
    one = Reminder.objects.get()
    Work.objects.all().update(status="done")
    assert Reminder.objects.get().late == 2
    again = browser.post(f"/so/plan-reminder/{one.pk}/lam/issue/", follow=True)
    assert Reminder.objects.get().number == one.number and "dự thảo" in text(again)


@pytest.mark.parametrize("name", [c.username for c in CAST if c.role not in {"officer", "leader"}])
@pytest.mark.parametrize("address", [SCREEN, MONDAY])
def test_nobody_but_leaders_and_officers_opens_the_screen(
    person: Callable[[str], Any], name: str, address: str
) -> None:
    assert inside(person(name)).get(address).status_code == 403


def test_nobody_else_reminds_anybody(person: Callable[[str], Any], works: None) -> None:
    for name in [c.username for c in CAST if c.role not in {"officer", "leader"}]:
        answer = inside(person(name)).post(REMIND, {"body": "ubnd_03451", "answer_by": timezone.localdate()})
        assert answer.status_code == 403, name
    assert not Reminder.objects.exists()


@pytest.mark.parametrize("given", [{}, {"body": "ubnd_03451"}, {"body": "ubnd_03451", "answer_by": "mai"}])
def test_a_reminder_without_body_or_day_writes_nothing(
    leader: Person, works: None, given: dict[str, str]
) -> None:
    assert inside(leader).post(REMIND, given).status_code == 302 and not Reminder.objects.exists()
