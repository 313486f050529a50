"""The count of growers without a code: rows of communes, their progress, and how a row becomes a dossier."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from tests.facilities.cases import MU_CA, SYSTEM, TA_TONG, act, book, taxon
from tests.facilities.pages_test import signed_in

from baoton.facilities.actions import inventory
from baoton.facilities.models import Application, Canvass, Entry, Facility, Owner, Planted, Stock
from baoton.kit.importing import run_file
from baoton.kit.importing.generic import template
from baoton.kit.importing.target import by_name
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
GINSENG = "Panax vietnamensis"


def grower(name: str = "Vàng A Pao", species: str = GINSENG, area: str = MU_CA, **more: Any) -> Planted:
    row = Planted(
        grower=name,
        village="bản 1",
        area_path=area,
        taxon=taxon(species),
        **{"amount": 40, "year": 2020} | more,
    )
    made: Planted = write.create(book("planted"), SYSTEM, row)
    return made


def test_a_row_becomes_owner_facility_book_and_dossier_in_one_step() -> None:
    row = act("planted", grower(), "apply")
    one = Application.objects.get()
    assert (row.status, row.application_id, one.kind, one.status) == ("applied", one.pk, "grant", "handed_in")
    assert (one.facility.kind, one.facility.area_path, str(one.facility.owner)) == (
        "planting",
        MU_CA,
        "Vàng A Pao",
    )
    held = Stock.objects.get(facility=one.facility)
    assert (held.form, held.balance, held.taxon.scientific_name) == ("planting", 40, GINSENG)
    assert Entry.objects.get(book=held).note == "số thống kê của xã"
    with pytest.raises(NotNow, match="chỉ làm được từ"):
        act("planted", row, "apply")


def test_a_growers_second_species_joins_his_dossier_and_another_grower_has_his_own() -> None:
    act("planted", grower(birth_year=1970), "apply")
    row = act("planted", grower(species="Paris polyphylla", birth_year=1970), "apply")
    assert row.matched == "ghép vào hồ sơ đã có của người cùng tên: cùng năm sinh"
    assert (Application.objects.count(), Facility.objects.count(), Owner.objects.count()) == (1, 1, 1)
    assert Stock.objects.count() == 2
    act("planted", grower("Lò Thị Mai"), "apply")
    assert Application.objects.count() == 2


ONE, TWO = {"identity": "012 345 678 901"}, {"identity": "012345678901"}


@pytest.mark.parametrize(
    ("first", "second", "one"),
    [
        (ONE, TWO, True),
        (ONE, {"identity": "098765432109"}, False),
        ({"phone": "0912 345 678"}, {"phone": "0912.345.678"}, True),
        ({"phone": "0912345678", "birth_year": 1960}, {"phone": "0912345678", "birth_year": 1990}, False),
        ({"phone": "0912345678", "birth_year": 1960}, {"phone": "0987654321", "birth_year": 1960}, True),
        ({"birth_year": 1960}, {"birth_year": 1985}, False),
        ({**ONE, "birth_year": 1960}, {**TWO, "birth_year": 1961}, True),
        ({"phone": "0912345678"}, {"phone": "0987654321"}, None),
        ({"birth_year": 1960}, {}, None),
        ({}, {}, None),
    ],
)
def test_two_growers_of_one_name_are_one_only_where_something_says_so(
    first: dict[str, Any], second: dict[str, Any], one: bool | None
) -> None:
    act("planted", grower(**first), "apply")
    other = grower(species="Paris polyphylla", **second)
    if one is None:
        with pytest.raises(ValidationError, match="chưa rõ có phải một người"):
            act("planted", other, "apply")
        assert Application.objects.count() == 1 and Stock.objects.count() == 1
        apart = act("planted", other, "apply", who="other")
        assert Owner.objects.count() == 2 and "người khác cùng tên" in apart.matched
    else:
        done = act("planted", other, "apply")
        assert (Owner.objects.count(), Facility.objects.count()) == ((1, 1) if one else (2, 2))
        assert ("ghép" in done.matched) == one and ("hồ sơ riêng" in done.matched) == (not one)


def test_a_namesake_is_joined_where_somebody_answers_that_he_is_the_one() -> None:
    act("planted", grower(), "apply")
    done = act("planted", grower(species="Paris polyphylla"), "apply", who="same")
    assert "cùng một người" in done.matched and Owner.objects.count() == 1
    act("planted", grower("vang a pao", species="Dendrobium nobile"), "apply", who="other")
    third = grower(species="Dendrobium nobile", birth_year=1980)
    with pytest.raises(ValidationError, match="Có 2 người cùng tên"):
        act("planted", third, "apply", who="same")


def test_two_people_of_one_name_with_one_species_in_one_village_both_stand_in_the_list() -> None:
    grower(birth_year=1960)
    grower(birth_year=1985)
    with pytest.raises(ValidationError, match="người khác cùng tên, ghi năm sinh"):
        grower(birth_year=1985)
    assert {r["area"]: r["growers"] for r in inventory.progress(SYSTEM)}[MU_CA] == 2
    with pytest.raises(ValidationError, match="Năm sinh chưa tới"):
        grower("khác", birth_year=2090)


def test_namesakes_of_one_file_are_told_apart_by_their_birth_years(tmp_path: Path) -> None:
    path = tmp_path / "thong-ke.xlsx"
    template(by_name("facilities.planted"), path)
    sheet = openpyxl.load_workbook(path)
    heads = [c.value for c in sheet.worksheets[0][1]]
    for year in (1960, 1985, 1985):
        row = {"người trồng": "Vàng A Pao", "xã": "Mù Cả", "loài": GINSENG, "năm sinh": year, "lượng": 5}
        sheet.worksheets[0].append(
            [next((v for k, v in row.items() if k in head.lower()), "") for head in heads]
        )
    del sheet[sheet.sheetnames[1]]
    sheet.save(path)
    batch = run_file(Person.objects.get(username="sung"), path, target="facilities.planted")
    assert (batch.counts["total"]["created"], batch.counts["total"]["refused"]) == (2, 1), batch.counts
    assert set(Planted.objects.values_list("birth_year", flat=True)) == {1960, 1985}


def test_a_growers_numbers_are_masked_on_pages_and_go_into_no_file() -> None:
    row = grower(phone="0912345678", identity="012345678901")
    browser = signed_in("dung")
    page = browser.get(book("planted").url(row)).content.decode()
    assert "•••678" in page and "0912345678" not in page and "012345678901" not in page
    assert "0912345678" in browser.get(f"{book('planted').url(row)}sua/").content.decode()
    listed = b"".join(browser.get(f"{book('planted').url()}xuat.csv").streaming_content)  # type: ignore[attr-defined]
    assert b"0912345678" not in listed


@pytest.mark.parametrize("amount", [None, 0])
def test_an_unknown_amount_opens_no_balance(amount: int | None) -> None:
    act("planted", grower(amount=amount), "apply")
    assert Stock.objects.get().balance == 0 and not Entry.objects.exists()


@pytest.mark.parametrize(("year", "told"), [(2026, "trước năm 2026"), (2090, "chưa tới")])
def test_what_was_planted_since_the_circular_began_is_not_counted_here(year: int, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        grower(year=year)
    assert grower(year=2025).pk and grower("khác", year=None).pk


def test_a_species_outside_every_list_stays_written_but_becomes_no_dossier() -> None:
    row = grower(species="Hystrix brachyura")
    assert row.group == ""
    with pytest.raises(NotNow, match="không cần mã số"):
        act("planted", row, "apply")
    assert act("planted", row, "close", reason="ngoài danh mục").status == "closed"


def test_the_same_grower_species_and_village_are_listed_once() -> None:
    grower()
    with pytest.raises(ValidationError, match="đã có trong danh sách"):
        grower()


def test_the_campaign_page_tells_each_commune_apart_and_a_commune_sees_its_own() -> None:
    grower()
    grower(species="Paris polyphylla")
    act("planted", grower("Lò Thị Mai", area=TA_TONG), "apply")
    write.create(book("canvass"), SYSTEM, Canvass(area_path=TA_TONG, finished="2026-11-20"))
    ranger, commune = signed_in("dung"), signed_in("sung")
    page = ranger.get("/thong-ke-noi-trong/").content.decode()
    assert "1 trong 38 xã, phường" in page and "31/12/2026" in page and "20/11/2026" in page
    by = {r["area"]: r for r in inventory.progress(SYSTEM)}
    assert (by[MU_CA]["growers"], by[MU_CA]["rows"], by[MU_CA]["applied"], by[MU_CA]["finished"]) == (
        1,
        2,
        0,
        None,
    )
    assert (by[TA_TONG]["growers"], by[TA_TONG]["rows"], by[TA_TONG]["applied"]) == (1, 1, 1)
    silent = [r for r in by.values() if r["area"] not in {MU_CA, TA_TONG}]
    assert {(r["growers"], r["rows"], r["applied"]) for r in silent} == {(None, None, None)}, (
        "unknown is no nought"
    )
    assert "chưa biết có hay không" in page
    own = commune.get("/thong-ke-noi-trong/").content.decode()
    assert "Mù Cả" in own and "Tà Tổng" not in own
    assert "Lò Thị Mai" not in commune.get(book("planted").url()).content.decode()
    for name in ("minh", "thu"):
        assert signed_in(name).get("/thong-ke-noi-trong/").status_code == 403
        assert signed_in(name).get("/thong-ke-noi-trong/danh-sach.xlsx").status_code == 403


def test_the_draft_list_of_a_commune_tells_of_no_other_commune() -> None:
    from docx import Document as Word

    grower()
    write.create(book("canvass"), SYSTEM, Canvass(area_path=TA_TONG, finished=timezone.localdate()))
    told = {}
    for name in ("sung", "dung"):
        body = signed_in(name).get("/thong-ke-noi-trong/danh-sach.docx").content
        told[name] = " ".join(p.text for p in Word(io.BytesIO(body)).paragraphs)
    assert "0 trong 1 xã" in told["sung"] and "1 trong 38 xã" in told["dung"]


def test_the_list_as_excel_holds_what_the_reader_may_see_and_runs_no_formula() -> None:
    grower("=1+1")
    grower("Lò Thị Mai", area=TA_TONG)
    sheet = openpyxl.load_workbook(
        io.BytesIO(signed_in("dung").get("/thong-ke-noi-trong/danh-sach.xlsx").content)
    ).active
    rows = [[c.value for c in r] for r in sheet.iter_rows(min_row=3)]
    assert {r[3] for r in rows} == {"=1+1", "Lò Thị Mai"} and all(c.data_type == "s" for c in sheet["D"][2:])
    own = signed_in("sung").get("/thong-ke-noi-trong/danh-sach.xlsx")
    rows = [
        [c.value for c in r]
        for r in openpyxl.load_workbook(io.BytesIO(own.content)).active.iter_rows(min_row=3)
    ]
    assert [r[3] for r in rows] == ["=1+1"]


def test_a_commune_brings_its_list_in_by_excel_with_an_outcome_for_every_row(tmp_path: Path) -> None:
    path = tmp_path / "thong-ke.xlsx"
    template(by_name("facilities.planted"), path)
    sheet = openpyxl.load_workbook(path)
    heads = [c.value for c in sheet.worksheets[0][1]]
    rows = [
        {
            "người trồng": "Vàng A Pao",
            "xã": "Mù Cả",
            "loài": GINSENG,
            "năm": 2019,
            "lượng": 120,
            "nguồn": "lấy từ rừng",
        },
        {"người trồng": "Lý A Sử", "xã": "Mù Cả", "loài": GINSENG, "năm": 2026, "lượng": 10},
        {"người trồng": "Giàng Dín", "xã": "Mù Cả", "loài": "Không có loài này", "năm": 2018, "lượng": 5},
        {"người trồng": "Xã Khác", "xã": "Tà Tổng", "loài": GINSENG, "năm": 2018, "lượng": 5},
    ]
    for row in rows:
        sheet.worksheets[0].append(
            [next((v for k, v in row.items() if k in head.lower()), "") for head in heads]
        )
    del sheet[sheet.sheetnames[1]]
    sheet.save(path)
    batch = run_file(Person.objects.get(username="sung"), path, target="facilities.planted")
    assert (batch.counts["total"]["created"], batch.counts["total"]["refused"]) == (1, 3), batch.counts
    made = Planted.objects.get()
    assert (made.grower, made.area_path, made.amount, made.origin, made.year, made.group, made.unit) == (
        "Vàng A Pao", MU_CA, 120, "wild", 2019, "IIA", "cây",
    )  # fmt: skip
