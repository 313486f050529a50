"""A campaign with its sessions, pledges and villages, as Lan and Sùng keep it through pages and files."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from baoton.files.actions import attach
from baoton.files.models import Evidence
from baoton.kit.access import System
from baoton.kit.importing import run_file
from baoton.kit.models import AuditEvent
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import outbox, write
from baoton.outreach.models import Campaign, Pledge, Session
from baoton.places.models import Village
from baoton.plan import figures
from baoton.plan.models import IndicatorValue
from baoton.remarks.actions import remark

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
TODAY, HOME = timezone.localdate(), "12/03451"
SESSION, PLEDGE, CAMPAIGN = (REGISTERS[f"outreach.{n}"] for n in ("session", "pledge", "campaign"))


def browser(who: Any) -> Client:
    page = Client()
    page.force_login(who)
    return page


def read(client: Client, address: str) -> str:
    return html.unescape(client.get(address).content.decode())


def campaign(actor: Any, **more: Any) -> Campaign:
    values = {
        "title": "Gỡ bẫy, giữ rừng",
        "audience": "người dân",
        "message": "Thấy bẫy thì báo.",
        "day": TODAY,
    }
    made: Campaign = write.create(CAMPAIGN, actor, Campaign(**(values | more)))
    return write.act(CAMPAIGN, actor, made, "start")


def session(actor: Any, **more: Any) -> Session:
    values = {"title": "Họp bản", "kind": "meeting", "day": TODAY, "area_path": HOME}
    made: Session = write.create(SESSION, actor, Session(**(values | more)))
    return made


def village(name: str, area: str = HOME) -> Village:
    made: Village = write.create(REGISTERS["places.village"], System(), Village(name=name, area_path=area))
    return made


def reached() -> float | None:
    outbox.drain()
    return IndicatorValue.objects.get(indicator="outreach.reached", year=TODAY.year, area_path="").value


def test_a_campaign_of_the_province_is_joined_by_a_commune_and_told_on_its_page(
    person: Callable[[str], Any],
) -> None:
    one, sung = campaign(person("lan"), language="HMông"), browser(person("sung"))
    assert one.area_path == "12" and one.task is not None
    said = {"title": "Họp bản Nậm Kè", "kind": "meeting", "day": f"{TODAY:%d/%m/%Y}", "village": "Nậm Kè",
            "area_path": HOME, "language": "HMông", "participants": "40", "women": "22",
            "campaign": one.title}  # fmt: skip
    told = html.unescape(sung.post("/so/outreach-session/moi/", said, follow=True).content.decode())
    assert not (
        wrong := re.findall(r'class="(?:errorlist|message error)[^>]*>(.*?)</(?:ul|p|div)>', told, re.DOTALL)
    ), wrong
    held = Session.objects.get()
    assert held.campaign == one
    session(person("sung"), campaign=one, title="Loa sáng", kind="loudspeaker", times=6, schedule="5 giờ 30")
    write.create(
        PLEDGE, person("sung"), Pledge(who="household", number=31, day=TODAY, about="không bẫy", session=held)
    )
    page = read(browser(person("lan")), CAMPAIGN.url(one))
    facts = dict(re.findall(r"<dt>([^<]+)</dt><dd>\s*(\d+)", page))
    assert (
        facts["Buổi tuyên truyền"] == "2" and facts["Lượt người dự"] == "40" and facts["Trong đó nữ"] == "22"
    )
    assert facts["Cam kết đã ký"] == "31" and "1/2 buổi có đếm" in page
    assert Pledge.objects.get().campaign == one and Pledge.objects.get().village == "Nậm Kè"


def test_nobody_counted_is_said_and_is_no_nought(person: Callable[[str], Any]) -> None:
    one = campaign(person("lan"))
    session(person("sung"), campaign=one)
    page = read(browser(person("lan")), CAMPAIGN.url(one))
    assert page.count("chưa có số liệu") == 4


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"participants": 40, "women": 22, "men": 22}, "phải bằng số người dự"),
        ({"participants": 40, "women": 22, "men": 10}, "phải bằng số người dự"),
        ({"participants": 40, "pupils": 30, "villagers": 20}, "cộng lại phải bằng"),
        (
            {"participants": 40, "pupils": 1, "villagers": 2, "officials": 3, "others": 4},
            "cộng lại phải bằng",
        ),
        ({"until": TODAY - timedelta(days=1)}, "trước ngày bắt đầu"),
    ],
)
def test_parts_that_are_not_the_whole_and_an_end_before_the_beginning_are_refused(
    person: Callable[[str], Any], wrong: dict[str, Any], told: str
) -> None:
    with pytest.raises(ValidationError, match=told):
        session(person("sung"), **wrong)
    with pytest.raises(ValidationError, match="trước ngày bắt đầu"):
        campaign(person("lan"), until=TODAY - timedelta(days=1))


def test_parts_that_were_counted_stand_and_all_of_them_make_the_whole(person: Callable[[str], Any]) -> None:
    sung = person("sung")
    assert session(sung, participants=40, pupils=30).villagers is None
    assert session(sung, men=18, women=22).participants == 40
    assert session(sung, pupils=1, villagers=2, officials=3, others=4).participants == 10


def test_a_file_spells_languages_as_offices_do_and_an_unknown_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "buoi.csv"
    lines = "\n".join(f"Họp {n},họp bản,2026-03-15,Mù Cả,{w}" for n, w in enumerate(WORDS))
    path.write_text(f"Nội dung,Hình thức,Ngày,Xã phường,Tiếng dùng\n{lines}\n", "utf-8")
    batch = run_file(System(), path, target="outreach.session")
    assert set(Session.objects.values_list("language", flat=True)) == {"HMông", "Hà Nhì", "Kinh"}
    assert batch.counts["total"]["refused"] == 1 and "unknown_value" in str(batch.counts["rules"])


WORDS = ("tiếng Mông", "H'Mông", "HMông", "tiếng Hà Nhì", "tiếng phổ thông", "tiếng sao Hoả")


def test_pledges_of_a_day_to_come_or_of_a_session_elsewhere_are_refused(person: Callable[[str], Any]) -> None:
    held = session(person("hệ thống"), area_path="12/03388")
    said = {"who": "household", "number": 3, "about": "không bẫy"}
    with pytest.raises(ValidationError, match="chưa đến"):
        write.create(PLEDGE, System(), Pledge(**said, day=TODAY + timedelta(days=1), area_path=HOME))
    with pytest.raises(ValidationError, match="Đoàn Kết"):
        write.create(PLEDGE, System(), Pledge(**said, day=TODAY, area_path=HOME, session=held))
    with pytest.raises(ValidationError, match="lớn hơn 0"):
        write.create(PLEDGE, System(), Pledge(**(said | {"number": 0}), day=TODAY, area_path=HOME))


def test_a_session_finds_its_village_also_when_the_list_comes_later(person: Callable[[str], Any]) -> None:
    figures.compute([TODAY.year])
    first = session(person("sung"), village="bản Nậm Kè")
    assert reached() is None and first.settlement is None
    made = village("Nậm Kè")
    village("Tó Khò")
    first.refresh_from_db()
    assert first.settlement == made and reached() == 50
    session(person("sung"), village="Bản Tó Khò", title="Loa", kind="loudspeaker")
    assert reached() == 100
    write.withdraw(REGISTERS["places.village"], System(), made, "sáp nhập")
    first.refresh_from_db()
    assert first.settlement is None and reached() == 100 and not figures.differences()


def test_the_page_of_reach_lists_the_villages_that_wait_and_tells_a_commune_of_itself_alone(
    person: Callable[[str], Any],
) -> None:
    assert "Chưa có danh sách bản" in read(browser(person("lan")), "/tuyen-truyen/do-phu/")
    village("Nậm Kè")
    village("Tó Khò")
    village("Xà Phìn", "12/03388")
    session(person("sung"), village="bản Nậm Kè")
    session(person("sung"), village="bản lạ", title="Loa")
    session(person("sung"), village="Tó Khò", title="Năm ngoái", day=TODAY - timedelta(days=400))
    page = read(browser(person("lan")), "/tuyen-truyen/do-phu/")
    waits = page[page.index("<h2>Bản chưa đến trong 12 tháng</h2>") :]
    assert "Xà Phìn" in waits and "chưa lần nào" in waits and "Nậm Kè" not in waits
    assert f"{TODAY - timedelta(days=400):%d/%m/%Y}" in waits and "Tó Khò" in waits
    assert "Buổi ghi bản không có trong danh sách</dt><dd>1" in page and "33,3 %" in page
    own = read(browser(person("sung")), "/tuyen-truyen/do-phu/")
    assert "Tó Khò" in own and "Xà Phìn" not in own and "50,0 %" in own
    assert browser(person("sung")).get("/tuyen-truyen/do-phu/?area=12/03388").status_code == 404


def test_a_draft_is_read_by_its_body_a_running_one_by_communes_a_public_one_by_all(
    person: Callable[[str], Any],
) -> None:
    """The rule of `docs/outreach.en.md`: what is said inside (remarks, files, history) never goes with the campaign."""
    lan, sung, told = person("lan"), person("sung"), "Thấy bẫy thì báo."
    one = write.create(CAMPAIGN, lan, Campaign(title="Nháp kín", audience="dân", message=told, day=TODAY))
    address, items = CAMPAIGN.url(one), "/api/collections/outreach-campaign/items"
    remark(lan, one, "chưa có tiền in, đừng nói ra")
    attach(lan, one, ["dự thảo".encode()], "du-thao.txt", kind=Evidence.Kind.SCAN)

    def read_by(who: Any) -> str:
        page = browser(who) if who is not None else Client()
        answer = page.get(address)
        listed = "Nháp kín" in page.get(items).content.decode()
        found = "Nháp kín" in page.get("/tim/?q=Nháp kín").content.decode().replace('value="Nháp kín"', "")
        assert (answer.status_code == 200) == listed, (who, answer.status_code, listed)
        assert listed or not found
        return html.unescape(answer.content.decode()) if listed else ""

    def inside(page: str) -> bool:
        return "chưa có tiền in" in page or "du-thao.txt" in page or "/so/outreach-campaign/lich-su" in page

    assert inside(read_by(lan)) and not read_by(sung) and not read_by(None)
    assert not read_by(person("hoa"))  # reads campaigns of the whole province and writes none
    write.act(CAMPAIGN, lan, one, "start")
    page = read_by(sung)
    assert told in page and not inside(page) and "đang soạn" not in page and not read_by(None)
    assert not read_by(person("khoa"))  # holds no right to read campaigns at all
    write.act(CAMPAIGN, lan, one, "publish")
    page = read_by(None)
    assert (
        told in page
        and not inside(page)
        and not AuditEvent.objects.filter(verb="outreach.campaign.see").exists()
    )
    write.act(CAMPAIGN, lan, one, "recall", {"reason": "sửa"})
    assert read_by(sung) and not read_by(None)
    own = write.create(
        CAMPAIGN, sung, Campaign(title="Nháp kín", audience="dân", message=told, day=TODAY, area_path=HOME)
    )
    write.act(CAMPAIGN, sung, own, "start")
    address = CAMPAIGN.url(own)
    assert (
        browser(sung).get(address).status_code == 200
        and browser(person("pao")).get(address).status_code == 404
    )
