"""Marks of animals that come with a book from Excel: beside the official columns, or in its notes."""

from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from openpyxl import load_workbook
from tests.facilities.cases import SYSTEM, act, facility, stock
from tests.facilities.excel_test import brought, day, filled

from baoton.facilities.models import Entry, Individual, Mark, Stock
from baoton.facilities.papers.book_sheet import workbook
from baoton.facilities.queries import balances_on
from baoton.kit import blobs, importing
from baoton.kit.writing import ledger
from baoton.people.actions import give
from baoton.people.models import Organisation, Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
BORN = {
    "day": day(2),
    "unsexed": 3,
    "why": "sinh · lứa 1",
    "marks": "chip 900164001234567; vòng 12;A-7",
    "total": 13,
}
DIED = {"day": day(9), "-unsexed": 1, "why": "chết · BB 3", "marks": "vòng 12", "total": 12}
GREW = {"day": day(8), "-unsexed": 1, "sire": 1, "why": "chuyển lớp", "marks": "900164001234567", "total": 13}


def places() -> list[tuple[str, str, str]]:
    rows = Individual.objects.filter(withdrawn__isnull=True)
    return sorted(rows.values_list("mark", "kind", "status"))


def open_marks() -> list[str]:
    return sorted(
        Mark.objects.filter(until__isnull=True, withdrawn__isnull=True).values_list("mark", flat=True)
    )


def test_rows_give_end_and_promote_marked_animals_and_the_export_comes_back_unchanged(
    herd: Stock,
    tmp_path: Path,
) -> None:
    data = filled(herd, BORN, GREW, DIED)
    batch, told = brought(tmp_path, data)
    assert [o for o, _m in told] == ["created"] * 3, told
    assert places() == [
        ("12", "unsexed", "ended"),
        ("900164001234567", "sire", "here"),
        ("A-7", "unsexed", "here"),
    ]
    kinds = dict(Individual.objects.values_list("mark", "mark_kind"))
    assert kinds == {"12": "ring", "900164001234567": "chip", "A-7": "other"}
    assert open_marks() == ["900164001234567", "A-7"]
    sheet: Any = load_workbook(BytesIO(workbook(herd))).active
    notes = [r[17] for r in sheet.iter_rows(min_row=8, values_only=True)]
    assert sheet.max_column == 19, "the official form has no column for marks"
    assert notes[-1] == "chết · BB 3 · dấu: vòng chân 12"
    for again in (data, workbook(herd)):
        assert {o for o, _m in brought(tmp_path, again)[1]} == {"unchanged"}
    importing.undo(SYSTEM, batch)
    assert places() == [] and open_marks() == [] and balances_on(herd) == {"male": 4, "female": 6}
    assert {o for o, _m in brought(tmp_path, data)[1]} == {"created"}
    assert open_marks() == ["900164001234567", "A-7"] and not ledger.differences(Entry)


def test_what_the_pages_wrote_of_marked_animals_comes_back_unchanged_and_stands_anew_in_an_empty_book(
    herd: Stock,
    tmp_path: Path,
) -> None:
    act("stock", herd, "mark", day=day(2), kind="female", mark_kind="chip", mark="B 1")
    one = act("individual", Individual.objects.get(), "grew", day=day(3), into="dam")
    act("individual", one, "end", ended_on=day(4), ended_how="sold", partner="ông Tủa", paper="HĐ 2")
    act("stock", herd, "born", day=day(5), kind="unsexed", amount=1, note="dấu: một vệt trắng; tai cụt")
    told = brought(tmp_path, workbook(herd))[1]
    assert {o for o, _m in told} == {"unchanged"} and len(told) == 5, told


def test_a_reversed_line_from_excel_takes_the_marks_it_gave_and_they_may_be_given_again(
    herd: Stock,
    tmp_path: Path,
) -> None:
    brought(tmp_path, filled(herd, BORN))
    act("entry", Entry.objects.get(movement="born"), "reverse", reason="nhầm sổ")
    assert places() == [] and open_marks() == []
    _batch, told = brought(tmp_path, filled(herd, {**BORN, "why": "sinh · lứa 2"}))
    assert told[-1] == ("created", "") and len(open_marks()) == 3


def test_an_import_whose_animals_went_on_is_not_taken_back(herd: Stock, tmp_path: Path) -> None:
    batch, _told = brought(tmp_path, filled(herd, BORN))
    act("individual", Individual.objects.get(mark="A-7"), "grew", day=day(4), into="male")
    with pytest.raises(importing.CannotUndo, match="A-7 còn dòng ngày 04/02/2026"):
        importing.undo(SYSTEM, batch)
    assert len(places()) == 3 and balances_on(herd)["unsexed"] == 2


BAD: list[tuple[list[dict[str, Any]], str]] = [
    ([{"marks": "a; b; c; d", "unsexed": 3, "why": "sinh"}], "có 4 số dấu"),
    ([{"marks": "a; A", "unsexed": 3, "why": "sinh"}], "đứng hai lần"),
    ([{"marks": "9.00164E+14", "unsexed": 3, "why": "sinh"}], "Excel làm tròn"),
    (
        [{"marks": "chip", "unsexed": 1, "why": "sinh"}, {"marks": "CHIP", "unsexed": 1, "why": "sinh"}],
        "hai lần",
    ),
    ([{"marks": "a", "unsexed": 1, "male": 1, "why": "sinh"}], "tách mỗi lớp một dòng"),
    ([{"marks": "a, b", "unsexed": 2, "why": "sinh"}], "ký tự “,”"),
    ([{"marks": "x" * 61, "unsexed": 2, "why": "sinh"}], "nhiều nhất 60"),
    ([{"marks": "E1", "unsexed": 1, "why": "sinh"}], "đã dùng cho cá thể"),
    ([{"marks": "e-1", "-male": 1, "why": "bán"}], "không có cá thể mang số dấu"),
    ([{"marks": "zzz", "-female": 1, "why": "bán"}], "không có cá thể mang số dấu"),
    ([{"marks": "E1", "-female": 1, "why": "bán · x · dấu: E2"}], "hai dấu khác nhau"),
    ([{"day": day(1), "marks": "E1", "-female": 1, "why": "bán"}], "mang dấu từ 03/02/2026"),
    ([{"marks": "E1", "-female": 1, "why": "chết"}], "phải có biên bản"),
    (
        [{"marks": "E1", "-female": 6, "why": "bán"}, {"day": day(6), "-female": 1, "why": "bán"}],
        "còn 1 cá thể",
    ),
]


@pytest.mark.parametrize(("rows", "why"), BAD)
def test_marks_that_cannot_be_are_refused_in_one_sentence_and_the_other_rows_stand(
    herd: Stock,
    tmp_path: Path,
    rows: list[dict[str, Any]],
    why: str,
) -> None:
    act("stock", herd, "mark", day=day(3), kind="female", mark_kind="ring", mark="E1")
    good = {"day": day(4), "female": 1, "why": "sinh", "marks": "tốt 1"}
    batch, told = brought(tmp_path, filled(herd, good, *({"day": day(5), **row} for row in rows)))
    assert told[0][0] == "created" and told[-1][0] == "refused" and why in told[-1][1], told
    frame = pl.read_parquet(blobs.path_of(batch.outcome_sha256))
    assert Counter(frame["outcome"].to_list())["refused"] == 1
    keys = Mark.objects.filter(withdrawn__isnull=True).values_list("key", flat=True)
    assert len(keys) == len(set(keys)) and not ledger.differences(Entry)
    for one in Individual.objects.filter(status="here"):
        assert Mark.objects.filter(individual=one, until__isnull=True).count() == 1


def test_a_row_with_marks_that_stands_without_them_is_no_second_birth(herd: Stock, tmp_path: Path) -> None:
    brought(tmp_path, filled(herd, {"day": day(2), "unsexed": 1, "why": "sinh"}))
    row = {"day": day(2), "unsexed": 1, "why": "sinh", "marks": "Q1"}
    told = brought(tmp_path, filled(herd, row))[1]
    assert told[0][0] == "refused" and "đã có trong sổ mà không nói dấu" in told[0][1]
    told = brought(tmp_path, filled(herd, {**row, "marks": None}, row))[1]
    assert [o for o, _m in told] == ["unchanged", "created"], told


def test_of_a_mark_borne_at_an_unseen_facility_an_owner_learns_only_that_it_is_taken(
    herd: Stock,
    tmp_path: Path,
) -> None:
    act("stock", herd, "mark", day=day(3), kind="female", mark_kind="ring", mark="E1")
    own = stock(facility("Trại của Pao"), since=day(1))
    Organisation.objects.get_or_create(code="trai_pao", defaults={"name": "Trại Pao"})
    for one in (own.facility, own):
        type(one).objects.filter(pk=one.pk).update(organisation="trai_pao")
    keeper: Any = Person.objects.create(username="pao_dau", organisation_id="trai_pao")
    give(SYSTEM, keeper, "keeper", organisation="trai_pao")
    row = {"day": day(5), "unsexed": 1, "why": "mua · x · y", "marks": "E-1"}
    told = brought(tmp_path, filled(own, row), keeper)[1]
    assert told == [("refused", "Số dấu E-1 không dùng được: mỗi số chỉ dùng một lần.")]
