"""People come, change, lend their eyes, forget a password and leave; the log holds each step and is found again."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.browser import visitors
from tests.letters import post
from tests.week.conftest import PHONE, Hand, Office

pytestmark = pytest.mark.browser
GOOD, BETTER, BEST = "suối Nậm Ma mùa lũ", "đỉnh Pu Si Lung có sương", "bản Tó Khò đầu xuân"
PEOPLE, LOG = "/quan-tri/nguoi-dung/", "/quan-tri/nhat-ky/"
RECORDS = """
from datetime import date
from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.observations.models import Dataset, Occurrence
from baoton.taxa.models import Taxon
data, _ = Dataset.objects.get_or_create(code="quyen", defaults={"title": "Điều tra để xem quyền"})
for group in ("plant", "bird"):
    taxon = Taxon.objects.filter(sensitivity=0, accepted=None, rank="species", taxon_group=group).first()
    row = Occurrence(dataset=data, taxon=taxon, day_start=date(2026, 10, 3))
    row.put_point(102.44, 22.44)
    write.create(REGISTERS["observations.occurrence"], System(), row)
    print(taxon.scientific_name)
"""
LATER = """
from datetime import timedelta
from django.utils import timezone
from baoton.people.models import Grant
Grant.objects.filter(person__username="myl").update(until=timezone.localdate() - timedelta(days=1))
"""
MAIL = """
from baoton.kit import office
office.tell(dict(mail_host="127.0.0.1", mail_port={port}, mail_tls="none", mail_from="baoton@example.vn"))
"""


@pytest.fixture
def open_as(chromium: Any, office: Office) -> Iterator[Callable[..., Hand]]:
    """A person at a page, who may be told that something is not his to see."""
    with visitors(chromium, office.base, refusals=True) as page:
        yield lambda *given, **more: Hand(page(*given, **more))


def come_in(hand: Hand, address: str, password: str) -> None:
    """Somebody opens a one-time link and chooses a password."""
    hand.page.goto(address)
    hand.page.fill("#id_password", password)
    hand.page.fill("#id_again", password)
    hand.click("main form button")
    hand.page.wait_for_selector(".who")


def account(quan: Hand, name: str) -> None:
    """The administrator finds an account and opens its page."""
    quan.page.goto(f"{PEOPLE}?q={name}")
    quan.click("#rows a")


def told(hand: Hand) -> str:
    hand.page.wait_for_selector("main > .message")
    return str(hand.page.inner_text("main > .message"))


def refused(hand: Hand, name: str, password: str) -> str:
    """What the page says to somebody who may not sign in."""
    hand.page.goto("/dang-nhap/")
    hand.page.fill("#id_username", name)
    hand.page.fill("#id_password", password)
    hand.click("main button")
    hand.page.wait_for_selector("[role=alert]")
    return str(hand.page.inner_text("[role=alert]"))


def test_my_comes_with_a_right_over_plants_until_a_day_changes_her_password_and_leaves(
    office: Office, open_as: Callable[..., Hand]
) -> None:
    plant, bird = office.python(RECORDS).splitlines()[-2:]
    quan, my = open_as("quan"), open_as()
    quan.page.on("dialog", lambda asked: asked.accept())
    quan.page.goto(f"{PEOPLE}moi/")
    for box, words in (("last_name", "Lý"), ("first_name", "Mỷ"), ("email", "my@example.vn"),
                       ("g-reason", "QĐ 15 ngày 20/11/2026"), ("g-until", "2030-12-31")):  # fmt: skip
        quan.page.fill(f"#id_{box}", words)
    for box, value in (("organisation_id", "so_nnmt"), ("g-role", "officer"), ("g-taxon_group", "plant")):
        quan.choose(f"#id_{box}", value)
    quan.click("main form button")
    come_in(my, quan.page.inner_text(".slip code.data"), GOOD)
    my.page.goto("/toi/")
    rights = my.page.inner_text("main")
    assert "thực vật" in rights and "đến 31/12/2030" in rights
    drafts = "/so/observations-occurrence/?status=draft"
    my.page.goto(drafts)
    listed = my.page.inner_text("#list")
    assert plant in listed and bird not in listed
    account(quan, "myl")
    quan.page.fill("#id_title", "Chuyên viên thực vật")
    quan.click("form[action$='/sua/'] button")
    assert "Đã sửa thông tin của Lý Mỷ" in told(quan) and "Chuyên viên thực vật" in quan.page.inner_text(
        ".head"
    )
    quan.picture("account")
    my.page.goto("/toi/mat-khau/")
    for old in ("sai mật khẩu cũ", GOOD):
        for box, words in (("old_password", old), ("new_password1", BETTER), ("new_password2", BETTER)):
            my.page.fill(f"#id_{box}", words)
        my.click("main form button")
        my.page.wait_for_selector(".errorlist, main > .message")
        assert bool(my.page.locator(".errorlist").count()) is (old != GOOD)
    office.python(LATER)
    my.page.goto(drafts)
    assert plant not in my.page.inner_text("main")
    account(quan, "myl")
    quan.page.fill("#reason", "nghỉ dài ngày")
    quan.click("button:has-text('Khoá tài khoản')")
    assert "Đã khoá" in told(quan)
    my.page.goto("/toi/")
    assert "dang-nhap" in my.page.url and "nghỉ" not in refused(my, "myl", BETTER)
    quan.page.fill("#reason", "đi làm lại")
    quan.click("button:has-text('Mở lại tài khoản')")
    quan.page.wait_for_selector("text=Đã mở lại")
    quan.page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    quan.choose("#id_g-role", "commune")
    quan.choose("#id_g-area_path", "12/03451")
    quan.page.fill("#id_g-reason", "giúp xã Mù Cả")
    quan.click("button:has-text('Cấp quyền')")
    assert "Đã cấp quyền" in told(quan)
    quan.click("button:has-text('Liên kết chọn mật khẩu')")
    come_in(my, quan.page.inner_text(".slip code.data"), BEST)
    my.page.goto("/bao-nhanh/")
    my.click(".chip >> nth=0")
    my.click(".send button")
    my.page.wait_for_selector("main")
    account(quan, "myl")
    quan.click("text=Bàn giao")
    quan.choose("#heir", quan.page.get_attribute("#heir option:has-text('Vũ Thị Lan')", "value") or "")
    quan.page.fill("#reason", "chuyển công tác")
    quan.picture("hand-over")
    quan.click("main form button")
    assert "Đã bàn giao từ Lý Mỷ cho Vũ Thị Lan" in told(quan)
    my.page.goto("/toi/")
    assert "dang-nhap" in my.page.url and refused(my, "myl", BEST)


def test_a_forgotten_password_is_chosen_anew_by_a_letter(
    office: Office, open_as: Callable[..., Hand]
) -> None:
    office.python(
        "from baoton.people.models import Person\n"
        "Person.objects.filter(username='khoa').update(email='khoa@example.vn')"
    )
    khoa = open_as("", PHONE)
    with post() as server:
        office.python(MAIL.format(port=server.port))
        khoa.page.goto("/dang-nhap/")
        khoa.click("text=Quên mật khẩu")
        khoa.page.fill("#id_name", "khoa")
        khoa.click("main form button")
        assert "liên kết dùng một lần đã được gửi" in khoa.page.inner_text("main") and khoa.fits
        office.until(lambda: bool(server.letters), 20)
        letter = server.letters[-1]
    link = re.search(r"http://\S+/vao/[\w-]+/", str(letter.get_payload()))
    assert link and letter["To"] == "khoa@example.vn"
    come_in(khoa, link[0], "baoton-demo-2 mới")
    again = open_as("", PHONE)
    again.page.goto(link[0])
    assert "không còn mở được" in again.page.inner_text("h1")
    office.python(
        "from baoton.people.models import Person\np = Person.objects.get(username='khoa')\n"
        "p.set_password('baoton-demo'); p.save()"
    )


def test_quan_lends_the_eyes_of_sung_and_can_do_nothing_with_them_and_finds_it_in_the_log(
    office: Office, open_as: Callable[..., Hand]
) -> None:
    quan = open_as("quan")
    account(quan, "sung")
    record = quan.page.url.rstrip("/").rpartition("/")[2]
    quan.click("button:has-text('Xem như người này')")
    quan.page.wait_for_selector(".viewing")
    assert "Đang xem như Giàng A Sùng" in " ".join(quan.page.inner_text(".viewing").split())
    quan.page.goto("/so/outreach-session/moi/")
    quan.page.fill("#id_title", "Không được ghi")
    quan.choose("#id_kind", "meeting")
    quan.page.fill("#id_participants", "3")
    quan.click("main form.form button:has-text('Lưu')")
    assert quan.page.inner_text("h1") == "Chỉ xem"
    quan.click("button:has-text('Thôi xem')")
    quan.page.wait_for_url(f"**{PEOPLE}**")
    assert office.one("SELECT count(*) FROM outreach_session WHERE title = 'Không được ghi'") == 0
    rows = "main table tbody tr"
    quan.page.goto(LOG)
    for box, words in (("who", "Hoàng Thị Quân"), ("book", "Người dùng"), ("verb", "Xem như người khác")):
        option = quan.page.locator(f"select[name={box}] option", has_text=re.compile(f"^{words}$", re.I))
        quan.choose(f"select[name={box}]", option.first.get_attribute("value") or "")
    today = quan.page.evaluate("new Date().toLocaleDateString('sv')")
    for box in ("since", "until"):
        quan.page.fill(f"input[name={box}]", today)
    quan.click("form.filters button")
    quan.page.wait_for_url("**verb=**")
    lines = quan.page.locator(rows).all_inner_texts()
    assert lines and all("Xem như người khác" in one and "Hoàng Thị Quân" in one for one in lines)
    assert any("Giàng A Sùng" in one for one in lines)
    quan.picture("log-filtered")
    quan.page.fill("input[name=since]", "2031-01-01")
    quan.page.fill("input[name=until]", "2031-01-02")
    quan.click("form.filters button")
    quan.page.wait_for_url("**since=2031**")
    assert "Không có sự kiện nào khớp bộ lọc" in quan.page.inner_text(rows)
    quan.page.goto(f"{LOG}?record={record}")
    assert "Chỉ hiện các việc trên một bản ghi" in quan.page.inner_text("main")
    quan.click(f"{rows} a:has-text('Giàng A Sùng') >> nth=0")
    assert quan.page.url.rstrip("/").endswith(record)
    phone = open_as("quan", PHONE)
    phone.click(".language button")
    phone.page.wait_for_selector("html[lang=en]")
    for path, words in ((PEOPLE, "People and rights"), (LOG, "Audit log"), (quan.page.url, "Rights"),
                        (f"{PEOPLE}moi/", "Add a person"), ("/toi/mat-khau/", "Change password")):  # fmt: skip
        phone.page.goto(path)
        assert words in phone.page.inner_text("main"), path
        assert phone.fits, path
