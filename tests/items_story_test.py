"""Assign 38 → accept → ask back → report → prove → check → late letter; and targets met, not met, not sure."""

import html
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from docx import Document as Word

import rulebook
from baoton.kit import blobs
from baoton.kit.jobs import Progress
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.outreach.models import Session
from baoton.people.models import Organisation
from baoton.plan.items.actions import escalate, level, next_due, repeat
from baoton.plan.models import Assignment, IndicatorValue, Reminder, Target, Work, Yearly
from baoton.plan.queries import met, whole_targets

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
TODAY = timezone.localdate()
FORM = "/ke-hoach/giao-viec/"
NODE = "654/KH-UBND:III.1"


def client(person: Any) -> Client:
    made = Client()
    made.force_login(person)
    return made


def communes() -> list[str]:
    rows = Organisation.objects.filter(code__startswith="ubnd_", area_path__contains="/")
    return list(rows.order_by("code").values_list("code", flat=True))


def said(**more: Any) -> dict[str, Any]:
    return {"title": "Họp bản về bảo vệ loài", "node": NODE, "working_days": 10, "must_show": "Biên bản, ảnh",
            "weight": 2, "every": "once", "bodies": communes(), **more}  # fmt: skip


def act(who: Client, one: Any, verb: str, **answers: Any) -> str:
    slug = f"{one._meta.label_lower.replace('.', '-')}"
    given = {f"{verb}-{k}": v for k, v in answers.items()}
    page = who.post(f"/so/{slug}/{one.pk}/lam/{verb}/", given, follow=True).content.decode()
    one.refresh_from_db()
    return html.unescape(page)


def test_from_one_form_to_38_pieces_of_work_checked_or_reminded(person: Callable[[str], Any]) -> None:
    lan, sung = client(person("lan")), client(person("sung"))
    assert "Chọn ít nhất một cơ quan" in lan.post(FORM, said(bodies=[])).content.decode()
    lan.post(FORM, said(bodies=[], all="communes"))
    letter = Assignment.objects.get()
    assert len(letter.bodies) == 38 and not Work.objects.exists() and letter.due >= TODAY + timedelta(days=12)
    assert "Đã ban hành công văn" in act(lan, letter, "issue")
    assert Work.objects.filter(assignment=letter, due=letter.due, weight=2).count() == 38
    text = "\n".join(
        c.text for t in Word(str(blobs.path_of(letter.paper))).tables for r in t.rows for c in r.cells
    )
    assert letter.number and text.count("UBND ") >= 38

    mine = Work.objects.get(responsible="ubnd_03451")
    act(sung, mine, "ask_back", question="Họp ở mấy bản?")
    assert "Họp ở mấy bản?" in lan.get("/ke-hoach/co-quan/ubnd_03451/").content.decode()
    act(lan, mine, "answer", reason="Mọi bản")
    assert mine.question == ""
    act(sung, mine, "accept")
    assert "Tiến độ từ 0 đến 100 %." in act(sung, mine, "report", percent=101, said="x")
    act(sung, mine, "report", percent=60, said="đã họp 3 trên 5 bản")
    assert (mine.status, mine.percent, mine.accepted) == ("doing", 60, TODAY)

    finish = {"result": "Đã họp 5 bản", "finished": f"{TODAY:%d/%m/%Y}"}
    assert (
        "minh chứng trước khi báo hoàn thành" in act(sung, mine, "finish", **finish)
        and mine.status == "doing"
    )
    book = REGISTERS["outreach.session"]
    session = Session(
        title="Họp bản Nậm Vì", kind="meeting", day=TODAY, area_path="12/03451", participants=30
    )
    session = write.create(book, person("sung"), session)
    page = f"/ke-hoach/minh-chung/outreach-session/{session.pk}/"
    assert page in sung.get(f"/so/outreach-session/{session.pk}/").content.decode()
    assert mine.title in sung.post(page, {"work": str(mine.pk)}, follow=True).content.decode()
    assert "Họp bản Nậm Vì" in sung.get(f"/so/plan-work/{mine.pk}/").content.decode()
    act(sung, mine, "finish", **finish)
    act(lan, mine, "give_back", reason="Thiếu danh sách dự")
    assert mine.status == "doing" and mine.finished is None
    act(sung, mine, "finish", **finish)
    assert act(sung, mine, "check") and mine.checked is None  # a commune does not check itself
    act(lan, mine, "check")
    assert (mine.status, mine.checked, mine.percent) == ("done", TODAY, 100)

    rest = Work.objects.exclude(responsible="ubnd_03451")
    rest.update(due=TODAY - timedelta(days=2))
    late = rest.order_by("responsible")[0]
    Work.objects.filter(pk=late.pk).update(due=TODAY - timedelta(days=12))
    late.refresh_from_db()
    assert level(late) == "cơ quan chủ trì"
    for _night in range(2):  # a body has one draft while it waits
        escalate(Progress())
    drafts = Reminder.objects.all()
    assert [(d.body, d.late, d.status) for d in drafts] == [(late.responsible, 1, "draft")]
    table = lan.get("/ke-hoach/co-quan/").content.decode()
    assert len(re.findall(r'class="tag late"', table)) == 37


def test_no_work_is_given_to_a_body_above_the_department(person: Callable[[str], Any]) -> None:
    lan, above = client(person("lan")), ("bo_nnmt", "tinh_uy", "hdnd_tinh", "ubnd_tinh", "cac_so_nganh")
    page = lan.get(FORM).content.decode()
    offered = re.findall(r'name="bodies" value="(\w+)"', page)
    assert not {*above, "ubnd_xa"} & set(offered) and {"so_tai_chinh", "ubnd_03451"} < set(offered)
    answer = lan.post(FORM, said(bodies=list(above))).content.decode()
    assert "Chọn ít nhất một cơ quan" in answer and not Assignment.objects.exists()


def test_a_due_day_on_a_holiday_is_told_with_the_day_before_it(person: Callable[[str], Any]) -> None:
    lan = client(person("lan"))
    day = date(TODAY.year, 9, 2)
    page = lan.post(FORM, said(due=f"{day:%d/%m/%Y}", working_days="")).content.decode()
    before = day
    while not rulebook.is_working_day(before):
        before -= timedelta(days=1)
    assert (
        f"Ngày 02/09/{day.year} là ngày nghỉ; ngày làm việc gần nhất trước đó là {before:%d/%m/%Y}." in page
    )
    assert not Assignment.objects.exists()


def test_a_repeated_letter_makes_its_next_work_once_and_stops_at_its_end(
    person: Callable[[str], Any],
) -> None:
    lan = client(person("lan"))
    end = TODAY + timedelta(days=300)
    lan.post(FORM, said(every="quarter", until=f"{end:%d/%m/%Y}", bodies=communes()[:2]))
    letter = Assignment.objects.get()
    act(lan, letter, "issue")
    for _night in range(2):
        repeat(Progress())
    days = sorted(set(Work.objects.values_list("due", flat=True)))
    assert Work.objects.count() == 4 and len(days) == 2 and 80 < (days[1] - days[0]).days < 100
    assert rulebook.is_working_day(days[1]) and next_due(letter, end) is None


def test_the_plan_of_a_commune_prints_its_work_and_its_own_words(person: Callable[[str], Any]) -> None:
    lan, sung = client(person("lan")), client(person("sung"))
    lan.post(FORM, said(bodies=["ubnd_03451"]))
    act(lan, Assignment.objects.get(), "issue")
    year = Work.objects.get().due.year
    sung.post("/so/plan-yearly/moi/", {"body": "ubnd_03451", "year": year, "added": "Lồng ghép vào hội xuân"})
    one = Yearly.objects.get()
    act(sung, one, "approve")
    paper = Word(str(blobs.path_of(one.paper)))
    text = "\n".join(
        [p.text for p in paper.paragraphs] + [c.text for t in paper.tables for r in t.rows for c in r.cells]
    )
    assert "Lồng ghép vào hội xuân" in text and "Họp bản về bảo vệ loài" in text and one.number


def test_a_target_is_met_not_met_or_not_sure_and_never_below_where_it_began(
    person: Callable[[str], Any],
) -> None:
    up = Target(indicator="outreach.sessions", year=TODAY.year, value=10, baseline=4)
    book = REGISTERS["plan.target"]
    up = write.create(book, person("lan"), up)
    asked = [(None, None, None), (9, None, None), (12, None, None), (12, 8, 15), (9, 8, 11), (12, 11, 14)]
    assert [met(up, *one) for one in asked] == ["unknown", "not", "met", "unsure", "unsure", "met"]
    down = Target(indicator="plan.due", year=TODAY.year, value=3, grows=False)
    assert [met(down, n) for n in (2, 4)] == ["met", "not"]
    with pytest.raises(Exception, match="cần tăng mà thấp hơn mức ban đầu"):
        write.edit(book, person("lan"), up, {"value": 3.0})
    commune = Target(indicator="outreach.sessions", year=TODAY.year, value=1, area_path="12/03451")
    write.create(book, person("lan"), commune)
    assert [t.value for t in whole_targets(TODAY.year)] == [10]
    IndicatorValue.objects.update_or_create(
        indicator="outreach.sessions", year=TODAY.year, area_path="",
        defaults={"value": 12, "low": 8, "high": 15, "computed": timezone.now()},
    )  # fmt: skip
    page = client(person("lan")).get(f"/chi-so/outreach.sessions/?year={TODAY.year}").content.decode()
    assert "chưa chắc" in page and "Mù Cả" in page and "(8–15)" in page


def test_work_is_accepted_by_the_body_it_was_given_to_and_no_other(person: Callable[[str], Any]) -> None:
    lan, pao = client(person("lan")), client(person("pao"))
    lan.post(FORM, said(bodies=["ubnd_03451"]))
    act(lan, Assignment.objects.get(), "issue")
    one = Work.objects.get()
    act(pao, one, "accept")
    assert one.accepted is None and pao.get(FORM).status_code == 403
    with pytest.raises(NotNow, match="minh chứng"):
        write.act(REGISTERS["plan.work"], person("lan"), one, "finish", {"result": "x", "finished": TODAY})
