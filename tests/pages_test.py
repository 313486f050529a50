"""The pages as the cast uses them."""

import html
import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.http import QueryDict
from django.test import Client
from tests.halves import once_but

from baoton.kit.access import System
from baoton.kit.models import AuditEvent
from baoton.kit.reading.register import REGISTERS
from baoton.observations.models import Occurrence
from baoton.outreach.models import Session
from baoton.people.simulate import CAST
from baoton.plan.models import IndicatorValue, Work
from baoton.reporting.models import Report
from baoton.reporting.periods import Period
from baoton.reporting.queries import figures
from baoton.site.menu import MENU

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("year")]
NAMES = [c.username for c in CAST]


@pytest.fixture
def as_(client: Client, person: Callable[[str], Any]) -> Callable[[str], Client]:
    """A browser in which this person is logged in; `công chúng` is nobody."""

    def of(name: str) -> Client:
        fresh = Client()
        if name != "công chúng":
            fresh.force_login(person(name))
        return fresh

    return of


def text(response: Any) -> str:
    return response.content.decode()


@pytest.mark.parametrize("name", once_but([*NAMES, "công chúng"], "minh"))
def test_every_entry_of_the_menu_opens(as_: Callable[[str], Client], name: str) -> None:
    browser = as_(name)
    menu = browser.get("/").context["menu"]
    assert menu
    for group in menu:
        for label, address, _here in group.lines:
            assert browser.get(address).status_code == 200, (name, str(label), address)


@pytest.mark.parametrize("name", once_but([*NAMES, "công chúng"], "minh"))
def test_every_register_opens_or_is_refused_by_the_same_rule(as_: Callable[[str], Client], name: str) -> None:
    """Every list; of its file and its items every third, whoever comes next the next."""
    browser, turn = as_(name), [*NAMES, "công chúng"].index(name)
    for n, register in enumerate(REGISTERS.values()):
        listed = browser.get(register.url())
        if n % 3 != turn % 3:
            assert listed.status_code in {200, 403}
            continue
        exported = browser.get(f"{register.url()}xuat.csv")
        items = browser.get(f"/api/collections/{register.slug}/items")
        assert listed.status_code in {200, 403}
        assert listed.status_code == exported.status_code == items.status_code, register.name


def test_pages_speak_vietnamese_until_somebody_chooses_english(as_: Callable[[str], Client]) -> None:
    browser = as_("công chúng")
    page = browser.get("/", headers={"accept-language": "en"})
    assert 'lang="vi"' in text(page) and page["Content-Language"] == "vi"
    browser.post("/ngon-ngu/setlang/", {"language": "en", "next": "/"})
    assert 'lang="en"' in text(browser.get("/"))


def test_a_list_and_its_files_hold_the_same_rows(as_: Callable[[str], Client]) -> None:
    browser = as_("lan")
    address = REGISTERS["observations.occurrence"].url()
    shown = browser.get(f"{address}?group=mammal&status=verified&count=exact").context["count"].number
    assert shown == Occurrence.objects.filter(taxon_group="mammal", status="verified").count() > 0
    answer = browser.get(f"{address}xuat.xlsx?group=mammal&status=verified")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)), read_only=True)
    assert sum(1 for _row in book.worksheets[0].iter_rows(values_only=True)) - 1 == shown
    lines = b"".join(browser.get(f"{address}xuat.csv?group=mammal&status=verified").streaming_content)
    assert lines.startswith(b"\xef\xbb\xbf") and lines.count(b"\n") - 1 == shown


def test_the_filters_read_as_a_sentence(as_: Callable[[str], Client]) -> None:
    page = as_("lan").get(
        REGISTERS["observations.occurrence"].url(), {"group": "bird", "when": "2026", "status": "draft"}
    )
    told = [str(word) for _f, word in page.context["sentence"]]
    assert told == ["chờ xác minh", "chim", "từ 01/01/2026 đến 31/12/2026"]


def test_a_filter_that_makes_no_sense_is_told_and_shows_nothing(as_: Callable[[str], Client]) -> None:
    page = as_("lan").get(REGISTERS["observations.occurrence"].url(), {"when": "hôm kia"})
    assert page.status_code == 200 and "quý 3/2026" in page.context["trouble"]
    assert page.context["count"].number == 0


@pytest.mark.parametrize("asked", ["vuon", "vượn", "VƯỢN"])
def test_search_needs_no_diacritics(as_: Callable[[str], Client], asked: str) -> None:
    page = as_("lan").get(REGISTERS["taxa.taxon"].url(), {"q": asked})
    assert page.context["count"].number > 0


def test_a_commune_officer_sees_and_writes_only_the_own_commune(as_: Callable[[str], Client]) -> None:
    browser, book = as_("sung"), REGISTERS["outreach.session"]
    assert {r.area_path for r in browser.get(book.url()).context["page"].records} <= {"12/03451"}
    given = {
        "title": "Họp bản Mò Su",
        "kind": "meeting",
        "day": "2026-11-02",
        "participants": "41",
        "women": "20",
    }
    before = Session.objects.count()
    refused = browser.post(f"{book.url()}moi/", {**given, "area_path": "12/03463"})
    assert refused.status_code == 200 and "không có quyền" in text(refused)
    assert Session.objects.count() == before
    done = browser.post(f"{book.url()}moi/", {**given, "area_path": "12/03451"}, follow=True)
    assert "Họp bản Mò Su" in text(done)
    event = AuditEvent.objects.get(verb="outreach.session.create")
    assert event.actor_name == "Giàng A Sùng" and event.new["participants"] == 41


def test_what_was_typed_wrong_stays_in_the_form_with_the_reason(as_: Callable[[str], Client]) -> None:
    book = REGISTERS["observations.occurrence"]
    page = as_("lan").post(
        f"{book.url()}moi/",
        {
            "scientific_name": "Nomascus concolor",
            "longitude": "0",
            "latitude": "0",
            "occurrence_status": "present",
            "basis_of_record": "HumanObservation",
        },
    )
    assert page.status_code == 200
    assert "Nomascus concolor" in text(page) and page.context["form"].errors["latitude"]


def test_two_people_on_one_record_do_not_overwrite_each_other(as_: Callable[[str], Client]) -> None:
    row = Work.objects.filter(responsible="ubnd_03451").first()
    address = f"{REGISTERS['plan.work'].url(row)}sua/"
    given = {
        "title": "Việc đã đổi",
        "task": row.task_id,
        "responsible": row.responsible,
        "area_path": row.area_path,
        "due": "2026-12-01",
        "must_show": "x",
    }
    first = as_("lan").post(address, {**given, "revision": row.revision})
    assert first.status_code == 302
    second = as_("lan").post(address, {**given, "title": "Việc khác", "revision": row.revision})
    assert "vừa sửa" in text(second)
    assert Work.objects.get(pk=row.pk).title == "Việc đã đổi"


def test_an_officer_verifies_and_a_commune_may_not(as_: Callable[[str], Client]) -> None:
    row = Occurrence.objects.filter(status="draft", taxon__isnull=False, geom__isnull=False).first()
    address = f"{REGISTERS['observations.occurrence'].url(row)}lam/observations.occurrence.verify/"
    assert as_("sung").post(address).status_code in {403, 404}
    assert Occurrence.objects.get(pk=row.pk).status == "draft"
    as_("lan").post(address)
    assert Occurrence.objects.get(pk=row.pk).status == "verified"
    assert AuditEvent.objects.filter(object_id=row.pk, verb="observations.occurrence.verify").count() == 1


def test_a_refusal_without_a_reason_is_not_taken(as_: Callable[[str], Client]) -> None:
    row = Occurrence.objects.filter(status="draft").first()
    address = f"{REGISTERS['observations.occurrence'].url(row)}lam/observations.occurrence.refuse/"
    page = as_("lan").post(address, follow=True)
    assert "lý do" in text(page).lower()
    assert Occurrence.objects.get(pk=row.pk).status == "draft"
    as_("lan").post(address, {"reason": "ảnh mờ"})
    assert Occurrence.objects.get(pk=row.pk).status_reason == "ảnh mờ"


def test_withdrawing_one_record_moves_the_figure_that_rests_on_it(
    as_: Callable[[str], Client], django_capture_on_commit_callbacks: Any
) -> None:
    row = Occurrence.objects.filter(status="verified", year=2026, area_path__startswith="12/").first()
    figure = IndicatorValue.objects.get(indicator="observations.records", year=2026, area_path="")
    with django_capture_on_commit_callbacks(execute=True):
        as_("lan").post(
            f"{REGISTERS['observations.occurrence'].url(row)}lam/observations.occurrence.withdraw/",
            {"reason": "trùng"},
        )
    after = IndicatorValue.objects.get(indicator="observations.records", year=2026, area_path="")
    assert after.value == figure.value - 1 and after.count == figure.count - 1


def test_every_figure_of_the_plan_opens_as_many_records_as_it_says(as_: Callable[[str], Client]) -> None:
    browser = as_("lan")
    page = browser.get("/ke-hoach/?year=2026")
    told = [f for line in page.context["lines"] for f in line["figures"]] + page.context["general"]
    opened = 0
    for one in told:
        if one["address"]:
            count = browser.get(f"{one['address']}&count=exact").context["count"].number
            assert count == one["value"].count, one["indicator"].name
            opened += 1
    assert opened >= 8


def test_why_a_person_sees_a_record_is_said_by_the_grant(as_: Callable[[str], Client]) -> None:
    row = Occurrence.objects.filter(disclosure__gt=0, status="verified").first()
    page = as_("dung").get(f"/vi-sao/observations-occurrence/{row.pk}/")
    assert page.status_code == 200 and "Kiểm lâm" in text(page)


def test_an_unknown_address_is_told_in_vietnamese(as_: Callable[[str], Client]) -> None:
    answer = as_("công chúng").get("/so/khong-co/")
    assert answer.status_code == 404 and "Không tìm thấy" in text(answer)


def test_the_log_leads_on_to_its_oldest_event(as_: Callable[[str], Client]) -> None:
    from baoton.kit.access import System
    from baoton.kit.writing import audit

    for number in range(150):
        audit.write(System(), "thử.việc", object_name=f"bản ghi {number}")
    browser, address, seen = as_("quan"), "/quan-tri/nhat-ky/", 0
    while address:
        page = browser.get(address)
        seen += len(page.context["events"])
        older = page.context["older"]
        address = f"/quan-tri/nhat-ky/?before={older}" if older else ""
    assert seen == AuditEvent.objects.count() > 150
    assert browser.get("/quan-tri/nhat-ky/?before=x").status_code == 404


def test_the_page_of_a_figure_shows_its_communes_on_a_map_and_each_opens_its_records(client: Client) -> None:
    page = client.get("/chi-so/outreach.sessions/?year=2026").content.decode()
    assert page.count("<path class") > 20 and "Theo xã, phường" in page and "Xếp theo giá trị" in page
    address = re.search(
        r'<a href="(/so/outreach-session/[^"]*area=[^"]*)" role="link" aria-label="[^"]*: (\d+)"', page
    )
    assert address
    book = REGISTERS["outreach.session"]
    asked = QueryDict(html.unescape(address[1]).partition("?")[2])
    assert book.filtered(book.door(System()), asked).count() == int(address[2])
    assert client.get("/chi-so/khong.co/").status_code == 404


def test_figures_without_data_are_one_line_that_opens_on_the_first_page(
    as_: Callable[[str], Client],
) -> None:
    page = as_("lan").get("/")
    unknown, known = page.context["unknown"], page.context["figures"]
    folded = re.search(r'<details class="folded">(.*?)</details>', text(page), re.S)
    assert folded is not None and f"<summary>{len(unknown)} chỉ tiêu chưa có số liệu</summary>" in folded[1]
    assert unknown and folded[1].count('<span class="unknown">') == text(page).count('<span class="unknown">')
    assert folded[1].count("<dt>") == len(unknown)
    open_part = text(page).replace(folded[0], "")
    assert known and all(html.escape(str(f["indicator"].label)) in open_part for f in known)


def test_figures_stand_under_the_headings_of_the_menu(as_: Callable[[str], Client]) -> None:
    groups = dict(as_("lan").get("/").context["groups"])
    told = {heading: {f["indicator"].name for f in figures} for heading, figures in groups.items()}
    assert "outreach.sessions" in told["1 · Tuyên truyền"]
    order = [str(heading) for heading, _entries in MENU]
    assert [h for h in order if h in told] == list(told)


def test_a_long_menu_shows_the_group_one_is_in_and_a_short_one_all(as_: Callable[[str], Client]) -> None:
    lan = as_("lan")
    assert [str(g.heading) for g in lan.get("/").context["menu"] if g.unfolded] == ["Kế hoạch"]
    there = lan.get("/so/outreach-session/").context["menu"]
    assert [str(g.heading) for g in there if g.unfolded] == ["1 · Tuyên truyền"]
    assert all(g.unfolded for g in Client().get("/").context["menu"])


@pytest.mark.parametrize("name", ["hoa", "công chúng"])
def test_no_figure_leads_to_a_book_its_reader_may_not_open(as_: Callable[[str], Client], name: str) -> None:
    browser = as_(name)
    for page in ("/", "/ke-hoach/", *(f"/ke-hoach/nhiem-vu/{n}/" for n in range(1, 6))):
        shown = browser.get(page).content.decode().split("<main")[1]
        for address in dict.fromkeys(re.findall(r'<a class="figure" href="([^"]+)"', shown)):
            assert browser.get(html.unescape(address)).status_code == 200, (page, address)


@pytest.mark.once
@pytest.mark.parametrize("name", ["hoa", "thanh"])
def test_no_figure_of_a_report_leads_to_a_book_its_reader_may_not_open(
    as_: Callable[[str], Client], name: str
) -> None:
    told = [one.stored() for one in figures(Period(2026), hashed=False)]
    report = Report.objects.create(kind="yearly", year=2026, made_by="hệ thống", figures=told, docx_sha256="")
    browser, led = as_(name), dict[str, str]()
    for page in (f"/bao-cao/{report.pk}/", "/bao-cao/2026/so-lieu/"):
        shown = browser.get(page).content.decode().split("<main")[1]
        for address in re.findall(r'<td class="num"><a href="([^"]+)"', shown):
            led.setdefault(address.partition("?")[0], address)
    assert led
    for address in led.values():
        assert browser.get(html.unescape(address)).status_code == 200, address


@pytest.mark.once
def test_a_kept_report_speaks_the_language_of_its_reader(as_: Callable[[str], Client]) -> None:
    told = [one.stored() for one in figures(Period(2026), hashed=False)]
    report = Report.objects.create(kind="yearly", year=2026, made_by="hệ thống", figures=told, docx_sha256="")
    browser = as_("lan")
    assert "Buổi tuyên truyền" in text(browser.get(f"/bao-cao/{report.pk}/"))
    browser.post("/ngon-ngu/setlang/", {"language": "en", "next": "/"})
    shown = text(browser.get(f"/bao-cao/{report.pk}/")).split("<main")[1]
    assert "Buổi tuyên truyền" not in shown and "Outreach sessions" in shown and "hệ thống" not in shown
