"""Books that come from Excel in the official layout, and go back there."""

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.utils import timezone
from openpyxl import load_workbook
from tests.facilities.cases import act, facility, stock

from baoton.facilities.models import CLASSES, Code, Entry, Facility, Stock
from baoton.facilities.papers.book import lines
from baoton.facilities.papers.book_sheet import workbook
from baoton.facilities.queries import balances_on
from baoton.kit import blobs, importing
from baoton.kit.access import System
from baoton.kit.models import ImportBatch, LedgerDay
from baoton.kit.writing import ledger, outbox
from baoton.people.actions import give
from baoton.people.models import Organisation, Person
from baoton.plan import figures
from baoton.plan.queries import values

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
SYSTEM = System()
KINDS = ("sire", "dam", "male", "female", "unsexed")
TODAY = timezone.localdate()


def filled(at: Stock, *rows: dict[str, Any], blank: int = 60, **more: str) -> bytes:
    """The form with rows written in: class names that came, `-class` that went, `=class` that stays."""
    sheet_book = load_workbook(BytesIO(workbook(at, blank)))
    sheet: Any = sheet_book.active
    top = next(r for r in range(8, 99) if sheet.cell(r, 1).value is None)
    for n, head in enumerate(more):
        sheet.cell(6, 20 + n, {"code": "mã số cơ sở", "species": "loài"}[head])
    for n, row in enumerate(rows, top):
        sheet.cell(n, 1, row["day"])
        for name, value in row.items():
            kind = name.lstrip("-=")
            if kind in KINDS:
                first = 3 if name[0] == "=" else 13 if name[0] == "-" else 8
                sheet.cell(n, first + KINDS.index(kind), value)
        sheet.cell(n, 2, row.get("total"))
        sheet.cell(n, 18, row["why"])
        if "marks" in row:
            sheet.cell(n, 20, row["marks"])
        for i, value in enumerate(more.values()):
            sheet.cell(n, 20 + i, value)
    out = BytesIO()
    sheet_book.save(out)
    return out.getvalue()


def brought(
    tmp_path: Path, data: bytes, actor: Any = SYSTEM, write: bool = True
) -> tuple[ImportBatch, list[Any]]:
    """The file through the machine: the batch and, a row, its outcome and what is said."""
    path = tmp_path / f"so-{len(list(tmp_path.iterdir()))}.xlsx"
    path.write_bytes(data)
    batch = importing.run_file(actor, path, target="facilities.entry", dry=not write)
    frame = pl.read_parquet(blobs.path_of(batch.outcome_sha256)).sort("row")
    return batch, [(o, m or "") for o, m in frame.select("outcome", "message").iter_rows() if o != "left_out"]


def day(n: int) -> date:
    return date(2026, 2, n)


def test_a_filled_form_stands_in_the_book_and_comes_back_unchanged_and_is_taken_back(
    herd: Stock, tmp_path: Path
) -> None:
    rows = [{"day": day(2), "unsexed": 3, "why": "sinh", "total": 13, "=unsexed": 3},
            {"day": day(9), "-female": 1, "why": "bán · ông Sùng A Tủa · HĐ 12", "total": 12}]  # fmt: skip
    data = filled(herd, *rows)
    _batch, told = brought(tmp_path, data, write=False)
    assert [o for o, _m in told] == ["created", "created"] and Entry.objects.count() == 2
    batch, told = brought(tmp_path, data)
    assert balances_on(herd) == {"male": 4, "female": 5, "unsexed": 3}
    assert Stock.objects.get(pk=herd.pk).balance == 12 and not ledger.differences(Entry)
    sold = Entry.objects.get(movement="sold")
    assert (sold.partner, sold.paper) == ("ông Sùng A Tủa", "HĐ 12")
    assert [o for o, _m in brought(tmp_path, data)[1]] == ["unchanged", "unchanged"]
    whole = brought(tmp_path, workbook(herd))[1]
    assert [o for o, _m in whole] == ["unchanged"] * 4, whole
    importing.undo(SYSTEM, batch)
    assert balances_on(herd) == {"male": 4, "female": 6} and not ledger.differences(Entry)
    assert [o for o, _m in brought(tmp_path, data)[1]] == ["created", "created"]
    assert balances_on(herd)["unsexed"] == 3


def test_a_book_with_every_movement_comes_back_unchanged(herd: Stock, tmp_path: Path) -> None:
    act("stock", herd, "born", day=day(3), kind="unsexed", amount=2, note="lứa 1 · chuồng B")
    act("stock", herd, "born", day=day(3), kind="unsexed", amount=2, note="lứa 1 · chuồng B")
    act("stock", herd, "grew", day=day(4), kind="unsexed", amount=1, into="male", note="")
    act("stock", herd, "bought", day=day(5), kind="male", amount=1, partner="trại X", paper="HĐ 1", note="")
    act("stock", herd, "lost", day=day(6), kind="male", amount=1, note="rách lưới")
    act("entry", Entry.objects.get(movement="lost"), "reverse", reason="ghi nhầm")
    told = brought(tmp_path, workbook(herd))[1]
    assert {o for o, _m in told} == {"unchanged"} and len(told) == 8, told


def test_every_row_of_the_printed_form_is_as_tall_as_its_words(herd: Stock) -> None:
    """Not every program makes a row as tall as the words in it: heads were printed over one another."""
    sheet = load_workbook(BytesIO(workbook(herd))).worksheets[0]
    heads = [str(c.value or "") for c in sheet[6]]
    assert max(map(len, heads)) > 20 and (sheet.row_dimensions[6].height or 0) >= 45
    assert all(sheet.row_dimensions[n].height for n in range(6, sheet.max_row + 1))


def test_a_row_of_several_classes_stands_as_one_entry_a_class(herd: Stock, tmp_path: Path) -> None:
    rows = [{"day": day(2), "male": 2, "female": 3, "why": "sinh", "total": 15},
            {"day": day(3), "-male": 1, "sire": 1, "why": "chuyển lớp", "total": 15}]  # fmt: skip
    data = filled(herd, *rows)
    batch, _told = brought(tmp_path, data)
    assert balances_on(herd) == {"male": 5, "female": 9, "sire": 1}
    assert [o for o, _m in brought(tmp_path, data)[1]] == ["unchanged"] * 2
    assert {o for o, _m in brought(tmp_path, workbook(herd))[1]} == {"unchanged"}
    importing.undo(SYSTEM, batch)
    assert balances_on(herd) == {"male": 4, "female": 6} and not ledger.differences(Entry)


def test_the_figures_count_every_class_of_a_row_and_none_that_was_taken_back(
    herd: Stock, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    figures.compute([2026])
    with django_capture_on_commit_callbacks(execute=True):
        batch, _told = brought(tmp_path, filled(herd, {"day": day(2), "male": 2, "female": 3, "why": "sinh"}))
    outbox.drain()
    assert values(2026)["facilities.born"].value == 5 and figures.differences() == []
    with django_capture_on_commit_callbacks(execute=True):
        importing.undo(SYSTEM, batch)
    outbox.drain()
    assert values(2026)["facilities.born"].value in (None, 0) and figures.differences() == []


BAD = [
    ([{"day": TODAY + timedelta(9), "unsexed": 1, "why": "sinh"}], "tương lai"),
    ([{"day": date(2026, 1, 2), "unsexed": 1, "why": "sinh"}], "Sổ mở ngày"),
    ([{"day": day(2), "-male": 5, "why": "bán"}], "sẽ thiếu 1"),
    ([{"day": day(2), "-unsexed": 1, "why": "chết · BB 1"}, {"day": day(5), "male": 1, "why": "sinh"}], "thiếu 1"),
    ([{"day": day(2), "unsexed": 1, "why": "sinh", "total": 14}], "dòng trước còn 11"),
    ([{"day": day(2), "unsexed": "ba", "why": "sinh"}], "không phải số nguyên"),
    ([{"day": day(2), "unsexed": "1,000", "why": "sinh"}], "không phải số nguyên"),
    ([{"day": day(2), "unsexed": -1, "why": "sinh"}], "số dương"),
    ([{"day": day(2), "-male": 1, "why": "bán · " + "x" * 301}], "dài 301 ký tự; nhiều nhất 300"),
    ([{"day": day(2), "-male": 1, "why": "chết · " + "y" * 201}], "dài 201 ký tự; nhiều nhất 200"),
    ([{"day": day(2), "unsexed": 1, "why": "trời cho"}], "Cột lý do"),
    ([{"day": day(2), "unsexed": 1, "why": "bán"}], "không đi với"),
    ([{"day": day(2), "unsexed": 1, "-male": 1, "why": "sinh"}], "vừa tăng vừa giảm"),
    ([{"day": day(2), "-male": 2, "sire": 1, "why": "chuyển lớp"}], "giảm bao nhiêu"),
    ([{"day": day(2), "why": "sinh"}], "không ghi tăng hay giảm"),
    ([{"day": day(2), "male": 1, "why": "đầu kỳ"}], "Số đầu kỳ"),
    ([{"day": day(2), "-male": 1, "why": "chuyển đi tới cơ sở có mã số"}], "làm trên trang sổ"),
    ([{"day": day(2), "-male": 1, "why": "chết"}], "phải có biên bản"),
    ([{"day": None, "male": 1, "why": "sinh"}], "Thiếu"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "why"), BAD)
def test_what_cannot_be_true_is_refused_in_one_sentence_and_nothing_is_lost(
    herd: Stock, tmp_path: Path, rows: list[dict[str, Any]], why: str
) -> None:
    good = {"day": day(1), "female": 1, "why": "sinh"}
    _batch, told = brought(tmp_path, filled(herd, good, *rows))
    assert told[0][0] == "created"
    assert told[1][0] == "refused" and why in told[1][1], told
    assert Entry.objects.filter(day=day(1)).count() == 1 and not ledger.differences(Entry)
    assert not LedgerDay.objects.filter(held__lt=0).exists()


def test_rows_after_a_balance_that_does_not_follow_wait_for_it(herd: Stock, tmp_path: Path) -> None:
    rows = [{"day": day(n), "unsexed": 1, "why": "sinh", "total": t} for n, t in ((2, 11), (3, 15), (4, 16))]
    _batch, told = brought(tmp_path, filled(herd, *rows))
    assert [o for o, _m in told] == ["created", "refused", "refused"]
    assert "ghi 15" in told[1][1] and "của dòng" in told[2][1]


def test_an_old_file_is_not_written_over_a_book_that_went_on(herd: Stock, tmp_path: Path) -> None:
    old = filled(herd, {"day": day(8), "unsexed": 1, "why": "sinh", "total": 11})
    act("stock", herd, "born", day=day(3), kind="unsexed", amount=2, note="")
    told = brought(tmp_path, old)[1]
    assert told[0][0] == "refused" and "Tải sổ mới nhất" in told[0][1]


def test_a_book_is_found_by_code_and_species_also_with_o_for_zero(herd: Stock, tmp_path: Path) -> None:
    at = herd.facility
    Code.objects.create(facility=at, text="IIB-LCH-0042", group="IIB", since=date(2026, 2, 2))
    Facility.objects.filter(pk=at.pk).update(code="IIB-LCH-0042")
    row = {"day": day(8), "unsexed": 1, "why": "sinh"}
    for code, species, why in (
        ("IIB-LCH-OO42", "Paradoxurus hermaphroditus", ""),
        ("IIB-LCH-0043", "Paradoxurus hermaphroditus", "Không có cơ sở mang mã số"),
        ("IIB-LCH-0042", "Cervus nippon", "không có sổ của loài"),
    ):
        _batch, told = brought(tmp_path, filled(herd, row, code=code, species=species))
        outcome, said = told[-1]
        assert why in said and outcome == ("refused" if why else "created"), told


def test_an_owner_writes_into_his_own_books_alone(herd: Stock, tmp_path: Path) -> None:
    other = stock(facility("Trại khác"), since=date(2026, 1, 5))
    act("stock", other, "opening", kind="male", amount=4, note="kiểm kê")
    Organisation.objects.get_or_create(code="trai_nam_ke", defaults={"name": "Trại Nậm Kè"})
    Facility.objects.filter(pk=herd.facility_id).update(organisation="trai_nam_ke")
    Stock.objects.filter(pk=herd.pk).update(organisation="trai_nam_ke")
    Entry.objects.filter(book=herd).update(organisation="trai_nam_ke")
    keeper = Person.objects.create(username="pao_excel", organisation_id="trai_nam_ke")
    give(SYSTEM, keeper, "keeper", organisation="trai_nam_ke")
    actor: Any = keeper
    row = {"day": day(8), "unsexed": 1, "why": "sinh"}
    assert brought(tmp_path, filled(herd, row), actor)[1] == [("created", "")]
    told = brought(tmp_path, filled(other, row), actor)[1]
    assert told[0][0] == "refused" and not Entry.objects.filter(book=other, movement="born").exists()


def test_an_import_that_later_lines_rest_upon_is_not_taken_back(herd: Stock, tmp_path: Path) -> None:
    batch, _told = brought(tmp_path, filled(herd, {"day": day(2), "unsexed": 3, "why": "sinh"}))
    act("stock", herd, "died", day=day(5), kind="unsexed", amount=2, paper="BB 1", note="")
    with pytest.raises(importing.CannotUndo, match="dựa vào tệp này"):
        importing.undo(SYSTEM, batch)
    assert balances_on(herd)["unsexed"] == 1 and not ledger.differences(Entry)


FORMS = (
    ("breeding", "Paradoxurus hermaphroditus", "dam", "unsexed", "male"),
    ("planting", "Panax vietnamensis", "mother", "seedling", "plant"),
    ("ordinary", "Hystrix brachyura", "female", "unsexed", "male"),
)


def every_movement(form: str, species: str, first: str, young: str, grown: str) -> Stock:
    """A book in which every movement stands that its form knows, with one line taken back and one given away."""
    at = stock(facility(f"Trại {form}", kind=form), species, form, since=date(2026, 1, 5))
    act("stock", at, "opening", kind=first, amount=6, note="kiểm kê, tháng 1")
    act("stock", at, "born", day=day(2), kind=young, amount=9, note="=1+1")
    act("stock", at, "grew", day=day(3), kind=young, amount=2, into=grown, note="")
    act("stock", at, "grew", day=day(3), kind=young, amount=2, into=grown, note="")
    act(
        "stock",
        at,
        "bought",
        day=day(3),
        kind=grown,
        amount=1,
        partner="trại X · Y",
        paper="HĐ 1",
        note="a · b",
    )
    act("stock", at, "taken", day=day(4), kind=grown, amount=1, paper="GP 02", note="")
    act("stock", at, "died", day=day(5), kind=young, amount=1, paper="BB 3", note="ốm")
    act("stock", at, "sold", day=day(6), kind=young, amount=1, partner="ông Tủa", paper="", note="trả chậm")
    act("stock", at, "lost", day=day(7), kind=grown, amount=1, note="")
    act("entry", Entry.objects.get(book=at, movement="lost"), "reverse", reason="ghi nhầm")
    act(
        "entry",
        Entry.objects.filter(book=at, movement="grew").earliest("position"),
        "reverse",
        reason="nhầm lớp",
    )
    if form != "ordinary":
        for name, text in ((f"Trại {form}", "IIB-LCH-8001"), ("Trại bên nhận", "IIB-LCH-8002")):
            place = (
                at.facility
                if name != "Trại bên nhận"
                else stock(facility(name, kind=form), species, form).facility
            )
            Code.objects.create(facility=place, text=text, group="IIB", since=date(2026, 1, 6))
            Facility.objects.filter(pk=place.pk).update(code=text)
        act("stock", at, "give", day=day(8), code="IIB-LCH-8002", kind=first, amount=1, paper="BBBG 4")
    act("entry", Entry.objects.get(book=at, movement="sold"), "verify")
    return Stock.objects.get(pk=at.pk)


@pytest.mark.parametrize(("form", "species", "first", "young", "grown"), FORMS)
def test_two_changes_of_class_on_one_day_stay_two_rows(
    form: str, species: str, first: str, young: str, grown: str
) -> None:
    at = every_movement(form, species, first, young, grown)
    grew = [row for row in lines(at) if row.movement == "grew"]
    assert [(dict(r.went), dict(r.came)) for r in grew] == [({young: 2}, {grown: 2})] * 2


@pytest.mark.parametrize(("form", "species", "first", "young", "grown"), FORMS)
def test_the_exported_book_of_each_form_comes_back_in_unchanged(
    tmp_path: Path, form: str, species: str, first: str, young: str, grown: str
) -> None:
    at = every_movement(form, species, first, young, grown)
    before = list(Entry.objects.order_by("pk").values_list("pk", "amount", "position", "note"))
    told = brought(tmp_path, workbook(at))[1]
    assert {o for o, _m in told} == {"unchanged"} and len(told) >= 11, told
    assert list(Entry.objects.order_by("pk").values_list("pk", "amount", "position", "note")) == before
    assert brought(tmp_path, workbook(at, 60))[1] == [], "the blank form holds no movement"


@pytest.mark.parametrize(("form", "species", "first", "young", "grown"), FORMS)
def test_a_balance_that_disagrees_with_its_movements_names_its_row_in_every_form(
    tmp_path: Path, form: str, species: str, first: str, young: str, grown: str
) -> None:
    at = every_movement(form, species, first, young, grown)
    for column in (2, 3 + CLASSES[at.form].index(young)):  # the total, and one class
        sheet_book = load_workbook(BytesIO(workbook(at)))
        sheet: Any = sheet_book.active
        row = next(
            r
            for r in range(8, 99)
            if str(sheet.cell(r, 3 * len(CLASSES[at.form]) + 3).value).startswith("chết")
        )
        sheet.cell(row, column, (sheet.cell(row, column).value or 0) + 3)
        out = BytesIO()
        sheet_book.save(out)
        batch, told = brought(tmp_path, out.getvalue())
        frame = pl.read_parquet(blobs.path_of(batch.outcome_sha256))
        bad = frame.filter(pl.col("outcome") == "refused")
        assert len(bad) >= 1 and "dòng trước còn" in bad["message"][0], told
        assert int(bad["row"][0]) == row, (bad["row"].to_list(), row)
        assert {o for o, _m in told} == {"unchanged", "refused"}
    assert not ledger.differences(Entry)
