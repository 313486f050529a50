"""From a villager's word to the yearly report, told in pages by the cast, each with an account of his own.

A tip on a phone, the officer on duty, a patrol that finds snares and a living animal, the case, what the law suggests,
the seizure, the police who sign for it, rescue and release, the file for the court, the figures of the year. It runs on
whichever database the tests run on.
"""

import os
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.browser import DESK, PHONE, fits, picture, visitors
from tests.installation import Installation, database_of_its_own, installations, prepared, with_vendors

pytestmark = [pytest.mark.browser, pytest.mark.both]
TODAY = date.today()
SIGN = "/tang-vat/ky-nhan/"
MU_CA, POLICE, RANGERS = "12/03451", "canh_sat_moi_truong", "kiem_lam"
LORIS, LATIN = "Cu li nhỏ", "Xanthonycticebus pygmaeus"
MAKE = """
from datetime import date
from baoton.people.simulate import cast
from baoton.plan import figures
cast()
figures.compute([date.today().year])
"""


@pytest.fixture(scope="module")
def office(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation made by `baoton init` on the database of the tests, with its cast."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        for site in installations(prepared(tmp_path_factory, "init")):
            site.python(MAKE)
            site.serve()
            yield site
        return
    with database_of_its_own() as database:
        for site in installations(with_vendors(tmp_path_factory.mktemp("story")), database):
            made = site.run("init")
            assert made.returncode == 0, made.stderr[-2000:]
            site.python(MAKE)
            site.serve()
            yield site


@pytest.fixture
def come(chromium: Any, office: Installation) -> Iterator[Callable[..., Any]]:
    """A person at a page of his own, signed in once, who takes up his phone or sits down at his desk."""
    with visitors(chromium, office.base) as page:
        pages: dict[str, Any] = {}

        def of(name: str = "", size: dict[str, int] = DESK) -> Any:
            if name not in pages:
                pages[name] = page(name, size)
            pages[name].set_viewport_size(size)
            return pages[name]

        yield of


def fill(where: Any, **answers: Any) -> None:
    """What is asked is answered, each box by its name, chosen or typed."""
    for name, value in answers.items():
        box = where.locator(f"[name='{name}']:not([type=hidden])").first
        if box.evaluate("e => e.tagName") == "SELECT":
            box.select_option(value)
        elif box.get_attribute("type") == "checkbox":
            box.set_checked(bool(value))
        else:
            box.fill(value.isoformat() if isinstance(value, date) else str(value))


def add(page: Any, at: str = "", photo: Path | None = None, **answers: Any) -> str:
    """A new row is entered: in the form at this address, or in the one that stands here; the page of the row."""
    if at:
        page.goto(at)
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    form = page.locator("main form.form")
    fill(form, **answers)
    if photo:
        form.locator("input[type=file][name=photos]").set_input_files(str(photo))
    form.locator("button:has-text('Lưu')").first.click()
    page.wait_for_load_state()
    assert page.locator("dl.facts").count(), page.inner_text("main")
    return str(page.url)


def do(page: Any, verb: str, at: str = "", **answers: Any) -> None:
    """One verb of the record's page with its answers; what the page says after it must be no error."""
    if at:
        page.goto(at)
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    form = page.locator(f"form.verb[action$='/lam/{verb}/']")
    fill(form, **{f"{verb}-{name}": value for name, value in answers.items()})
    form.locator("button").last.click()
    page.wait_for_selector(".message")
    assert not page.locator(".message.error").count(), page.inner_text(".message.error")


def met(page: Any, links: str) -> None:
    """Every line of the checklist that the page leads to is answered: met."""
    lines = page.locator(links).evaluate_all("all => [...new Set(all.map(a => a.href))]")
    lines = [one for one in lines if re.search(r"[0-9a-f-]{36}/$", one)]
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    for one in lines:
        asked = {"csrfmiddlewaretoken": token, "state": "met"}
        assert (
            page.request.post(f"{one}sua/", form=asked, headers={"Referer": one}, max_redirects=0).status
            == 302
        )
    assert len(lines) == 11


def told(page: Any) -> str:
    return str(page.inner_text("main"))


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("photo") / "day-phanh.jpg"
    Image.new("RGB", (640, 480), "#5b4a36").save(path)
    return path


KEPT: dict[str, str] = {}
"""What one part of the story leaves to the next: the villager's code and the pages of the records."""


def a_villager_tells_of_snares_and_the_officer_on_duty_sends_a_patrol(
    come: Callable[..., Any], photo: Path
) -> None:
    lan = come("lan")
    add(lan, "/so/people-duty/moi/", person="Lò Văn Dũng", area_path=MU_CA, since=TODAY, until=TODAY)
    villager = come("", PHONE)
    villager.goto("/bao-tin/")
    assert fits(villager)
    villager.click(".chip:has-text('Bẫy, dây phanh')")
    fill(
        villager,
        what="Mười mấy dây phanh cạnh suối, có con cu li mắc chân",
        area_path=MU_CA,
        locality="suối Nậm Ma",
    )
    fill(villager, day=TODAY, contact="0912 000 111")
    villager.set_input_files("#id_photos", str(photo))
    picture(villager, "01-tip-phone")
    villager.click(".send button, .acts.send button")
    villager.wait_for_selector("p.code")
    assert fits(villager) and "Chi cục Kiểm lâm" in told(villager)
    picture(villager, "02-receipt-phone")
    KEPT["code"] = villager.inner_text("p.code")

    dung = come("dung", PHONE)
    picture(dung, "03-home-phone")
    dung.click("a:has-text('Tin báo chờ bạn trả lời')")
    dung.locator("main a:has-text('TB-')").first.click()
    dung.wait_for_selector("dl.facts")
    KEPT["tip"] = dung.url
    assert "người trực của xã" in told(dung) and "suối Nậm Ma" in told(dung) and fits(dung)
    assert "0912" not in told(dung)
    picture(dung, "04-tip-officer-phone")
    do(dung, "take")
    do(dung, "patrol")
    picture(dung, "05-tip-patrol-phone")
    for other in ("pao", "thu"):
        assert "suối Nậm Ma" not in come(other).request.get(KEPT["tip"]).text(), other

    villager.goto("/bao-tin/tra-loi/")
    fill(villager, code=KEPT["code"].lower())
    villager.click(".send button")
    assert "Đã cử tuần tra" in told(villager) and "Tổ tuần tra sẽ đến nơi xem" in told(villager)
    picture(villager, "06-answer-phone")


def the_patrol_finds_the_snares_and_a_living_animal(come: Callable[..., Any], photo: Path) -> None:
    dung = come("dung", PHONE)
    dung.goto(KEPT["tip"])
    dung.locator("dl.facts a[href*='patrols-patrol']").first.click()
    dung.wait_for_selector("dl.facts")
    patrol = KEPT["patrol"] = dung.url
    dung.click("a:has-text('Sửa')")
    add(dung, day_start=TODAY, people=3, leader="Lò Văn Dũng")
    key = re.search(r"[0-9a-f-]{36}", patrol)[0]  # type: ignore[index]
    add(dung, f"/so/patrols-leg/moi/?patrol={key}", said_km="6,5", hours=5, transport="foot")
    add(
        dung, f"/so/patrols-sign/moi/?patrol={key}", photo, kind="dây phanh, bẫy dây", count=12, done="removed",
        locality="suối Nậm Ma", area_path=MU_CA,
    )  # fmt: skip
    picture(dung, "07-sign-phone")
    dung.goto(patrol)
    dung.click("button:has-text('Ghi loài đã gặp')")
    dung.wait_for_load_state()
    add(dung, taxon=LATIN, individual_count=1)
    do(dung, "finish", patrol, report="Tháo 12 dây phanh; một cu li còn sống mắc bẫy")
    assert "6.500" in told(dung) and LATIN in told(dung) and fits(dung)
    picture(dung, "08-patrol-phone")


def the_case_is_opened_indicated_and_its_goods_are_seized(come: Callable[..., Any]) -> None:
    dung = come("dung")
    dung.goto(KEPT["patrol"])
    dung.click("a:has-text('Mở vụ việc')")
    dung.wait_for_load_state()
    picture(dung, "09-case-form")
    case = KEPT["case"] = add(dung, title="Đặt bẫy bắt cu li ở suối Nậm Ma", day=TODAY)
    key = re.search(r"[0-9a-f-]{36}", case)[0]  # type: ignore[index]
    assert "tuần tra" in told(dung)
    add(dung, f"/so/enforcement-act/moi/?case={key}", act="hunting")
    add(
        dung,
        f"/so/enforcement-person/moi/?case={key}",
        name="Lý Văn Trộm",
        kind="person",
        identity="012345678901",
    )
    picture(dung, "10-person")
    item = KEPT["item"] = add(
        dung, f"/so/enforcement-item/moi/?case={key}", name=LORIS, kind="animal", state="alive", number=1,
        origin="wild", value="2000000", valued_by="Hội đồng định giá",
    )  # fmt: skip
    assert LATIN in told(dung)
    dung.goto(case)
    picture(dung, "11-case")
    dung.click("a:has-text('Gợi ý áp dụng quy định')")
    text = told(dung)
    assert "Điều 244" in text and "Gợi ý" in text
    picture(dung, "12-indication")
    do(dung, "minute", case, on=TODAY)
    do(dung, "seize", item, on=TODAY, place="Hạt Kiểm lâm Mường Tè", seal="")
    dung.locator("dl.facts a[href*='custody-lot']").first.click()
    dung.wait_for_selector("#chuoi")
    KEPT["lot"] = dung.url
    assert "Liền mạch" in told(dung)
    picture(dung, "13-lot")
    number = re.search(r"TV-\S+", told(dung))[0]  # type: ignore[index]
    KEPT["number"] = number
    do(dung, "find_crime", case, on=TODAY, reason="Con vật thuộc nhóm IB")
    do(dung, "transfer", case, on=TODAY, sent_to="Cảnh sát môi trường", reason="Dấu hiệu tội phạm Điều 244")
    add(
        dung, f"/so/enforcement-grant/moi/?case={key}", body=POLICE, facts="có", items="có", purpose="điều tra",
        until=date(TODAY.year + 1, 1, 31),
    )  # fmt: skip
    picture(dung, "14-grant")
    do(
        dung, "offer", KEPT["lot"], to_body=POLICE, state="tỉnh táo, xây xước chân", reason="BB bàn giao 01",
    )  # fmt: skip
    assert "chờ bên nhận ký" in told(dung)


def the_police_sign_for_the_animal_and_read_what_is_lent(come: Callable[..., Any]) -> None:
    minh = come("minh", PHONE)
    minh.goto("/phoi-hop/")
    text = told(minh)
    assert KEPT["number"] in text and "Đặt bẫy bắt cu li" in text and fits(minh)
    picture(minh, "15-partner-phone")
    minh.goto(KEPT["case"])
    assert LORIS in told(minh) and "Lý Văn Trộm" not in minh.content() and fits(minh)
    picture(minh, "16-lent-case-phone")
    assert come("thu").request.get(KEPT["case"]).status == 404
    minh.goto(SIGN)
    assert fits(minh)
    form = minh.locator("form[action$='/lam/accept/']")
    fill(form, **{"accept-found": "đúng như biên bản", "accept-to_place": "trụ sở cảnh sát môi trường"})
    picture(minh, "17-sign-phone")
    form.locator("button").click()
    minh.wait_for_selector(".message")
    assert "Không có tang vật nào chờ ký" in told(minh)
    dung = come("dung")
    dung.goto(KEPT["case"])
    assert "Trần Quang Minh" in told(dung) and "đã xem lúc" in told(dung)
    picture(dung, "18-case-read-by-police")
    assert dung.request.get(KEPT["lot"]).status == 404
    do(minh, "offer", KEPT["lot"], to_body=RANGERS, state="tỉnh táo", reason="Giao lại để cứu hộ, BB 02")


def the_animal_is_taken_in_healed_and_let_go(come: Callable[..., Any]) -> None:
    dung = come("dung", PHONE)
    dung.goto(SIGN)
    form = dung.locator("form[action$='/lam/accept/']")
    fill(form, **{"accept-found": "tỉnh táo", "accept-to_place": "Hạt Kiểm lâm Mường Tè"})
    form.locator("button").click()
    dung.wait_for_selector(".message")
    dung.goto(KEPT["lot"])
    assert "Liền mạch" in told(dung)
    dung.click("a:has-text('Lập hồ sơ con vật')")
    dung.wait_for_load_state()
    animal = KEPT["animal"] = add(dung)
    picture(dung, "19-animal-phone")
    do(dung, "receive", received_on=TODAY, health="hurt", receiver="Lò Văn Dũng")
    do(dung, "treatment", day=TODAY, what="rửa vết thương", cost="150000")
    do(dung, "check", day=TODAY, what="leo trèo tốt", health="healthy")
    assert fits(dung) and "150.000" in told(dung)
    picture(dung, "20-animal-care-phone")
    lan = come("lan")
    do(lan, "decide_release", animal, decided_by="Sở NN&MT", decision="12/QĐ-SNNMT")
    release = add(
        lan, "/so/rescue-release/moi/", planned=TODAY, area_path=MU_CA, locality="tiểu khu 12", method="thả mềm",
        forest_owner="Ban quản lý rừng", decided_by="Sở NN&MT", decision="12/QĐ-SNNMT",
    )  # fmt: skip
    picture(lan, "21-release")
    code = re.search(r"ĐT-\S+", told(lan))[0]  # type: ignore[index]
    do(lan, "join", animal, release=code)
    lan.goto(release)
    assert LORIS in told(lan)
    met(lan, "a[href*='/so/rescue-point/']")
    do(lan, "carry_out", release, on=TODAY, report="Con vật rời lồng, lên cây")
    picture(lan, "22-release-done")
    dung.goto(animal)
    assert "đã thả" in told(dung)
    do(dung, "release", KEPT["lot"], reason="BB thả 01")
    assert "đã thả" in told(dung) and "Liền mạch" in told(dung)


def the_file_for_the_court_is_bound_and_the_villager_reads_what_came_of_it(come: Callable[..., Any]) -> None:
    dung = come("dung")
    do(dung, "accept", KEPT["case"], on=TODAY)
    do(dung, "judge", outcome="Sơ thẩm: 12 tháng tù treo")
    do(dung, "close", reason="Án đã có hiệu lực")
    dung.goto(f"{KEPT['case'].replace('/so/enforcement-case/', '/vu-viec/')}goi-y/")
    dung.click("button:has-text('Đóng quyển hồ sơ (PDF)')")
    dung.wait_for_selector("a:has-text('Tải hồ sơ (PDF)')", timeout=60_000)
    picture(dung, "23-bound")
    bound = dung.request.get(dung.get_attribute("a:has-text('Tải hồ sơ (PDF)')", "href"))
    assert bound.status == 200 and bound.body().startswith(b"%PDF") and len(bound.body()) > 20_000
    if os.environ.get("BAOTON_PICTURES"):
        Path(os.environ["BAOTON_PICTURES"], "court.pdf").write_bytes(bound.body())
    villager = come("", PHONE)
    villager.goto("/bao-tin/tra-loi/")
    fill(villager, code=KEPT["code"])
    villager.click(".send button")
    assert "Đã lập vụ việc" in told(villager)
    assert "Trộm" not in villager.content()
    picture(villager, "24-villager-end-phone")


def the_year_counts_every_step_of_it(come: Callable[..., Any]) -> None:
    lan, wanted = come("lan"), {
        "Cuộc tuần tra": "1", "Dây phanh, bẫy dây đã thấy": "12", "Vụ vi phạm đã mở hồ sơ": "1",
        "Vụ chuyển cơ quan điều tra": "1",
    }  # fmt: skip
    rows: dict[str, str] = {}
    for _n in range(40):  # the worker tells the figures right after each commit
        lan.goto(f"/bao-cao/{TODAY.year}/so-lieu/")
        cells = [r.locator("td").all_inner_texts() for r in lan.locator("tr:has(td)").all()]
        rows = {r[0]: r[1] for r in cells if len(r) > 1}
        if wanted.items() <= rows.items():
            break
        lan.wait_for_timeout(500)
    picture(lan, "25-report")
    assert {name: rows.get(name) for name in wanted} == wanted, rows


def test_from_a_villagers_word_to_the_court_and_the_report_of_the_year(
    come: Callable[..., Any], photo: Path
) -> None:
    a_villager_tells_of_snares_and_the_officer_on_duty_sends_a_patrol(come, photo)
    the_patrol_finds_the_snares_and_a_living_animal(come, photo)
    the_case_is_opened_indicated_and_its_goods_are_seized(come)
    the_police_sign_for_the_animal_and_read_what_is_lent(come)
    the_animal_is_taken_in_healed_and_let_go(come)
    the_file_for_the_court_is_bound_and_the_villager_reads_what_came_of_it(come)
    the_year_counts_every_step_of_it(come)
