"""What people see of facilities: rangers their plan, anybody the card of a code, owners nothing of others."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.facilities.cases import act, book, facility, stock
from tests.facilities.dossiers_test import dossier

from baoton.facilities.models import Application, Code, Facility, Inspection, Stock
from baoton.kit.access import System
from baoton.kit.models import AuditEvent
from baoton.kit.reading.filters import Related
from baoton.kit.writing import write
from baoton.people.actions import give
from baoton.people.models import Organisation, Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]


def signed_in(name: str) -> Client:
    browser = Client()
    browser.force_login(Person.objects.get(username=name))
    return browser


@pytest.fixture
def coded(province: None) -> Facility:
    at = facility()
    stock(at)
    Code.objects.create(facility=at, text="IIB-LCH-0042", group="IIB", since=date(2026, 2, 2))
    Facility.objects.filter(pk=at.pk).update(code="IIB-LCH-0042", code_from=date(2026, 2, 2))
    return Facility.objects.get(pk=at.pk)


def test_anybody_is_told_of_a_code_whether_it_holds_and_of_which_species_and_nothing_else(
    coded: Facility,
) -> None:
    for written in ("IIB-LCH-0042", "iib lch 0042", "IIBLCH0042"):
        page = Client().get(f"/ma-so/{written}/")
        text = page.content.decode()
        assert page.status_code == 200 and "đang có hiệu lực" in text and "Paradoxurus hermaphroditus" in text
        assert not any(word in text for word in (coded.name, str(coded.owner), "0912345678", "Mù Cả"))
    assert Client().get("/ma-so/IIB-LCH-9999/").status_code == 404
    Code.objects.update(until=date(2026, 3, 3))
    assert "thôi hiệu lực" in Client().get("/ma-so/IIB-LCH-0042/").content.decode()


def test_the_qr_picture_leads_to_the_card(coded: Facility) -> None:
    told = signed_in("dung").get(f"/co-so/{coded.pk}/qr.svg")
    assert told["Content-Type"] == "image/svg+xml" and b"<svg" in told.content
    assert Client().get(f"/co-so/{coded.pk}/qr.svg").status_code == 404


def test_the_plan_of_the_year_gives_reasons_and_ticked_facilities_get_a_day(coded: Facility) -> None:
    browser = signed_in("dung")
    assert "chưa kiểm tra lần nào" in browser.get("/kiem-tra/ke-hoach/").content.decode()
    day = timezone.localdate() + timedelta(7)
    browser.post("/kiem-tra/ke-hoach/", {"pick": [str(coded.pk)], "day": day.isoformat(), "team": "đội 1"})
    made = Inspection.objects.get()
    assert (made.day, made.team, made.why) == (day, "đội 1", "chưa kiểm tra lần nào")
    past = {"pick": [str(coded.pk)], "day": "2020-01-01"}
    assert browser.post("/kiem-tra/ke-hoach/", past).status_code == 200 and Inspection.objects.count() == 1
    assert signed_in("thu").get("/kiem-tra/ke-hoach/").status_code == 403


def test_opening_an_owner_is_written_down_and_police_may_not(coded: Facility) -> None:
    address = book("owner").url(coded.owner)
    page = signed_in("dung").get(address)
    assert "012345678901" in page.content.decode()
    seen = AuditEvent.objects.get(verb="facilities.owner.see", object_id=coded.owner_id)
    assert seen.actor_name == str(Person.objects.get(username="dung"))
    for name in ("minh", "thu"):
        browser = signed_in(name)
        assert browser.get(address).status_code == 403
        text = browser.get(book("facility").url(coded)).content.decode()
        assert "IIB-LCH-0042" in text and "0912345678" not in text and "012345678901" not in text
    assert "012345678901" not in signed_in("dung").get(book("owner").url()).content.decode()


def test_a_desk_of_owners_is_an_opening_too(coded: Facility) -> None:
    assert signed_in("dung").get(f"{book('owner').url()}ban-lam-viec/").status_code == 200
    assert AuditEvent.objects.filter(verb="facilities.owner.see").count() == 1


def test_a_facility_is_found_without_tones_and_by_its_code(coded: Facility) -> None:
    browser = signed_in("dung")
    write.edit(book("facility"), System(), coded, {"village": "bản Nậm Sìn"})
    for asked in ("trai nam ke", "NAM SIN", "iib-lch-0042", "iiblch0042"):
        assert "Trại Nậm Kè" in browser.get(book("facility").url(), {"q": asked}).content.decode(), asked


def test_the_plan_tells_nobody_of_facilities_beyond_his_reach(coded: Facility) -> None:
    ranger = Person.objects.create(username="xa_khac", organisation_id="kiem_lam")
    give(System(), ranger, "ranger", area_path="12/03463")
    assert coded.name not in signed_in("xa_khac").get("/kiem-tra/ke-hoach/").content.decode()


def test_a_keeper_sees_and_writes_only_his_own_books(coded: Facility) -> None:
    Organisation.objects.create(code="co_so_1", name="Cơ sở Nậm Kè")
    mine = Stock.objects.get(facility=coded)
    Facility.objects.filter(pk=coded.pk).update(organisation="co_so_1")
    Stock.objects.filter(pk=mine.pk).update(organisation="co_so_1")
    other = stock(facility("Trại người khác"))
    keeper = Person.objects.create(username="pao_trai", organisation_id="co_so_1")
    give(System(), keeper, "keeper", organisation="co_so_1")
    browser = signed_in("pao_trai")
    listed = browser.get(book("stock").url()).content.decode()
    assert "Trại Nậm Kè" in listed and "Trại người khác" not in listed
    assert browser.get(book("stock").url(other)).status_code == 404
    said: dict[str, Any] = {"born-day": "2026-03-02", "born-kind": "unsexed", "born-amount": "3"}
    assert browser.post(f"{book('stock').url(mine)}born/", said).status_code in {302, 404}
    act(
        "stock",
        mine,
        "born",
        Person.objects.get(pk=keeper.pk),
        day=date(2026, 3, 2),
        kind="unsexed",
        amount=3,
    )
    with pytest.raises(Exception, match=r"facilities\.stock\.born"):
        act(
            "stock",
            other,
            "born",
            Person.objects.get(pk=keeper.pk),
            day=date(2026, 3, 2),
            kind="unsexed",
            amount=3,
        )


def test_the_books_on_a_facility_s_page_do_not_name_the_facility_again(coded: Facility) -> None:
    import lxml.html

    page = lxml.html.fromstring(signed_in("dung").get(f"/so/facilities-facility/{coded.pk}/").content)
    (panel,) = [s for s in page.findall(".//section") if s.findtext("h2") == "Sổ theo dõi của cơ sở"]
    heads = [th.text_content() for th in panel.findall(".//th")]
    cells = panel.findall(".//tbody/tr/td")
    assert "Cơ sở" not in heads and "Loài" in heads
    assert [c.get("data-head") for c in cells] == heads and cells[0].find("a") is not None


def test_words_in_a_column_called_paper_are_no_document(coded: Facility) -> None:
    held = act("stock", Stock.objects.get(facility=coded), "opening", kind="dam", amount=4, note="kiểm đếm")
    act("stock", held, "died", day=date(2026, 3, 2), kind="dam", amount=1, paper="BB 02")
    line = held.entries.get(movement="died")
    browser = signed_in("dung")
    page = browser.get(book("entry").url(line)).content.decode()
    assert "BB 02" in page and "van-ban.docx" not in page
    assert browser.get(f"{book('entry').url(line)}van-ban.docx").status_code == 404


def test_what_is_added_from_a_records_page_has_that_record_chosen_even_where_two_are_called_alike(
    coded: Facility,
) -> None:
    browser = signed_in("dung")
    new = f"{book('application').url()}moi/"
    link = f"{new}?facility={coded.pk}"
    assert link in browser.get(book("facility").url(coded)).content.decode()
    chosen = re.findall(r'<option value="([^"]+)" selected>([^<]+)', browser.get(link).content.decode())
    assert chosen[0] == ("Trại Nậm Kè", "Trại Nậm Kè (IIB-LCH-0042)")
    facility("Trại Nậm Kè")
    chosen = re.findall(r'<option value="([^"]+)" selected>([^<]+)', browser.get(link).content.decode())
    assert chosen[0] == (str(coded.pk), "Trại Nậm Kè (IIB-LCH-0042)")
    browser.post(new, {"facility": str(coded.pk), "kind": "reissue"})
    made = Application.objects.get()
    assert made.facility_id == coded.pk
    edit = browser.get(f"{book('application').url(made)}sua/").content.decode()
    assert f'<option value="{coded.pk}" selected>' in edit


def test_a_linked_book_of_too_many_rows_offers_no_empty_list_and_keeps_the_chosen_one(
    coded: Facility, monkeypatch: pytest.MonkeyPatch
) -> None:
    facility("Trại khác")
    browser = signed_in("dung")
    words = browser.get("/so/facilities-stock/").content.decode()
    assert '<select name="facility">' in words and "Trại khác" in words
    monkeypatch.setattr(Related, "MANY", 1)
    words = browser.get("/so/facilities-stock/").content.decode()
    assert '<select name="facility">' not in words
    words = browser.get(f"/so/facilities-stock/?facility={coded.pk}").content.decode()
    chosen = words.partition('<select name="facility">')[2].partition("</select>")[0]
    assert str(coded.pk) in chosen and str(coded) in chosen and "Trại khác" not in chosen


def test_a_history_tells_no_hash_of_a_file(coded: Facility) -> None:
    one = act("application", dossier(coded, "change"), "accept", on=date(2026, 4, 1))
    words = signed_in("dung").get(f"/so/facilities-application/{one.pk}/").content.decode()
    told = words.partition('<ol class="history">')[2].partition("</ol>")[0]
    assert "văn bản: — → tệp đã lưu" in re.sub(r"<[^>]+>", "", told) and one.paper not in told
