"""The pages of campaigns and protocols as people meet them, and the files they give for the field."""

import io
import zipfile
from typing import Any

import pytest
from django.test import Client
from pyxform.xls2xform import convert
from tests.surveys.results_test import campaign

from baoton.kit.access import System
from baoton.kit.models import ImportBatch
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.people.models import Grant, Person
from baoton.surveys.models import Campaign, Protocol, Question, Site
from baoton.surveys.protocols.asked import form_of
from baoton.surveys.protocols.xlsform import xlsform

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]


def signed(username: str) -> Client:
    client = Client()
    client.force_login(Person.objects.get(username=username))
    return client


@pytest.fixture
def dung() -> Client:
    return signed("dung")


def test_the_design_page_tells_numbers_costs_and_draws_the_sample(dung: Client) -> None:
    one = campaign(cost_site=500_000, cost_visit=300_000, budget=60_000_000)
    page = dung.get(f"/dieu-tra/{one.pk}/thiet-ke/?psi=0,5&p=0,4&se=0,08").content.decode()
    assert "rẻ nhất" in page and "Mù Cả" in page and "data-overlay" in page
    assert "6 điểm phải đi" in page


def test_who_may_not_know_the_places_is_told_how_many_sites_and_what_they_cost(dung: Client) -> None:
    one = campaign(cost_site=500_000, cost_visit=300_000)
    Grant.objects.filter(person__username="dung").update(role="commune")
    page = dung.get(f"/dieu-tra/{one.pk}/thiet-ke/").content.decode()
    assert "bạn được biết đúng vị trí của 0 điểm" in page and "data-overlay" not in page
    assert "6 điểm phải đi, dự toán 6.600.000 đ" in page and "Mù Cả" in page


@pytest.mark.parametrize("edge", ["nan", "inf", "-1", "xa"])
def test_a_distance_that_is_none_draws_nothing_and_says_so(dung: Client, edge: str) -> None:
    one = campaign()
    write.act(REGISTERS["surveys.campaign"], System(), one, "reopen", {"reason": "vẽ lại"})
    told = dung.post(
        f"/dieu-tra/{one.pk}/rut-mau/", {"sites": "3", "edge": edge}, follow=True
    ).content.decode()
    assert "phải là số dương" in told and one.sites.filter(withdrawn__isnull=True).count() == 8


def test_sendings_that_are_not_listed_are_told(dung: Client) -> None:
    one, who = campaign(), Person.objects.get(username="dung")
    for n in range(22):
        ImportBatch.objects.create(
            actor_id=who.actor_id, file_name=f"{n}.xlsx", plan={"hint": {"campaign": str(one.pk)}}
        )
    assert "Còn 2 lần gửi cũ hơn" in dung.get(f"/dieu-tra/{one.pk}/ket-qua/").content.decode()


def test_every_seed_gives_a_form_that_telephones_accept() -> None:
    one, sites = Campaign(name="Thử", code="DT-1"), [Site(code="D001", stratum="Mù Cả")]
    for protocol in Protocol.objects.filter(status="used"):
        sent = xlsform(one, form_of(protocol), sites)
        told = convert(xlsform=io.BytesIO(sent), file_type=".xlsx", validate=False)
        assert not told.warnings, told.warnings
        assert "bt_protocol" in told.xform and str(protocol.pk) in told.xform


def test_the_files_for_the_field_open(dung: Client) -> None:
    one = campaign()
    assert dung.get(f"/dieu-tra/{one.pk}/tep/phieu/").content.startswith(b"%PDF")
    assert dung.get(f"/dieu-tra/{one.pk}/tep/gpx/").content.count(b"<wpt") == 8
    excel = dung.get(f"/dieu-tra/{one.pk}/tep/excel/").content
    assert str(one.protocol_id) in zipfile.ZipFile(io.BytesIO(excel)).read("docProps/custom.xml").decode()


def test_a_protocol_is_tried_with_a_row_and_says_what_is_wrong(dung: Client) -> None:
    one = Protocol.objects.get(code="tuyen_khoang_cach")
    row: dict[str, Any] = {
        "diem": "D001", "luot": "1", "ngay": "12/3/2026", "nguoi_dieu_tra": "Pao", "gio_bat_dau": "06:00",
        "chieu_dai": "2,5", "loai": "Nomascus concolor", "cach_gap": "thay", "so_ca_the": "3",
    }  # fmt: skip
    page = dung.post(f"/quy-trinh/{one.pk}/thu/", row).content.decode()
    assert "Thiếu “Khoảng cách đến con vật”" in page and "Thiếu “Góc so với tuyến”" in page
    page = dung.post(f"/quy-trinh/{one.pk}/thu/", row | {"khoang_cach": "900", "goc": "20"}).content.decode()
    assert "Khoảng cách đến con vật (m): " in page
    page = dung.post(f"/quy-trinh/{one.pk}/thu/", row | {"khoang_cach": "35", "goc": "20"}).content.decode()
    assert "Dòng thử hợp với quy trình." in page
    page = dung.post(
        f"/quy-trinh/{one.pk}/thu/", row | {"cach_gap": "nghe", "gio_bat_dau": "25:99"}
    ).content.decode()
    assert "Giờ viết như 05:30." in page and "Thiếu" not in page


def test_a_version_in_use_is_never_changed_and_the_next_begins_as_its_copy() -> None:
    one, book = Protocol.objects.get(code="diem_dem"), REGISTERS["surveys.question"]
    asked = one.questions.count()
    with pytest.raises(Exception, match="không đổi mục hỏi"):
        write.edit(book, System(), one.questions.first(), {"label": "Khác"})
    with pytest.raises(Exception, match="không đổi mục hỏi"):
        write.withdraw(book, System(), one.questions.first(), "thử")
    write.act(REGISTERS["surveys.protocol"], System(), one, "revise")
    draft = Protocol.objects.get(code="diem_dem", version=2)
    assert (draft.status, draft.questions.count()) == ("draft", asked)
    added = write.create(
        book, System(), Question(protocol=draft, label="Độ ồn", kind="integer", least=0, most=5)
    )
    assert (added.name, added.position) == ("do_on", asked + max(0, added.position - asked))
    write.act(REGISTERS["surveys.protocol"], System(), draft, "use")
    one.refresh_from_db()
    assert one.status == "ended"


def test_a_site_that_cannot_be_reached_is_replaced_by_the_next_reserve_with_its_reason(dung: Client) -> None:
    one = campaign()
    first = one.sites.get(position=1)
    write.act(REGISTERS["surveys.site"], System(), first, "replace", {"reason": "vách đá"})
    first.refresh_from_db()
    assert (first.status, first.reason, first.replaced_by.position) == ("replaced", "vách đá", 7)
    assert first.replaced_by.status == "planned" and first.replaced_by.team == first.team
    page = dung.get(f"/dieu-tra/{one.pk}/tien-do/").content.decode()
    assert "0 / 6" in page and "0 / 12" in page


def test_a_visit_is_typed_from_the_sheet_and_a_wrong_one_is_told(dung: Client) -> None:
    one = campaign()
    address = f"/dieu-tra/{one.pk}/ket-qua/phieu/"
    visit = {"diem": "D002", "luot": "1", "ngay": "12/3/2026", "nguoi_dieu_tra": "Pao", "gio_bat_dau": "5:30"}
    page = dung.post(address, visit).content.decode()
    assert "Thiếu “Số giờ nghe”" in page and "Thiếu “Gió”" in page
    page = dung.post(address, visit | {"gio_nghe": "4", "gio_gio": "lang"}, follow=True).content.decode()
    assert "Đã ghi lượt tại điểm D002" in page
    assert Campaign.objects.get(pk=one.pk).visits.count() == 1
    page = dung.get(f"/dieu-tra/{one.pk}/tien-do/").content.decode()
    assert "1 / 6" in page and "4 giờ" in page
