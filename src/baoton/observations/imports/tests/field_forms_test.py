"""Forms and sheets as offices and rangers send them: what stands above, beside and under the rows."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from baoton.kit.access import System
from baoton.kit.importing import run_file
from baoton.observations.imports.tests.conftest import outcomes
from baoton.observations.models import Occurrence
from baoton.taxa.actions import load

pytestmark = [pytest.mark.django_db, pytest.mark.once]
Csv = Callable[..., Path]
Sheet = Callable[..., Path]
FORM: list[list[Any]] = [
    ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"], ["Độc lập - Tự do - Hạnh phúc"], [], ["BIỂU ĐIỀU TRA ĐỘNG VẬT"],
    ["Tuyến: T01", "", "Ngày: 15/3/2025"], ["Người điều tra: Sùng A Páo"], [],
    ["TT", "Tên loài", "", "Số lượng", "Ghi chú"], ["", "Phổ thông", "Khoa học", "", ""],
    ["(1)", "(2)", "(3)", "(4)", "(5)"], [1, "Khỉ vàng", "Macaca mulatta", 3, ""], [2, "Lợn rừng",
    "Sus scrofa", 1, "vết"],
    ["Tổng cộng", "", "", 4], ["", "", "", "Mù Cả, ngày 20 tháng 3 năm 2025"], ["", "Người điều tra", "",
    "Người lập biểu"],
    ["", "", "", "Sùng A Páo"],
]  # fmt: skip


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    """Writes each list of rows as a sheet of one workbook."""

    def write(
        rows: Sequence[Sequence[Any]], name: str = "phieu.xlsx", hidden: Sequence[Sequence[Any]] = ()
    ) -> Path:
        book = xlsxwriter.Workbook(str(tmp_path / name))
        for title, some in (("Hiện", rows), ("Ẩn", hidden)):
            page = book.add_worksheet(title) if some else None
            for i, row in enumerate(some):
                for j, cell in enumerate(row):
                    if isinstance(cell, datetime):
                        page.write_datetime(i, j, cell, book.add_format({"num_format": "dd/mm/yyyy"}))
                    elif page is not None and cell != "":
                        page.write(i, j, cell)
            if page is not None and title == "Ẩn":
                page.hide()
        book.close()
        return tmp_path / name

    return write


def codes(batch: Any) -> set[str]:
    return {w["code"] for w in batch.warnings}


def test_a_form_gives_its_day_and_its_people_to_every_row_and_says_so(sheet: Sheet) -> None:
    load()
    batch = run_file(System(), sheet(FORM))
    seen = Occurrence.objects.order_by("scientific_name")
    assert [(o.scientific_name, o.vernacular_name, o.event_date, o.recorded_by) for o in seen] == [
        ("Macaca mulatta", "Khỉ vàng", "2025-03-15", "Sùng A Páo"), ("Sus scrofa", "Lợn rừng", "2025-03-15",
        "Sùng A Páo"),
    ]  # fmt: skip
    assert [x["outcome"] for x in outcomes(batch)] == ["created"] * 2 + ["left_out"] * 4
    assert {w["column"] for w in batch.warnings if w["code"] == "from_title"} == {"Ngày", "Người điều tra"}


def test_next_months_form_adds_its_rows_and_changes_none(sheet: Sheet) -> None:
    run_file(System(), sheet(FORM), dataset="d")
    later = [[str(c).replace("15/3/2025", "22/4/2025") if isinstance(c, str) else c for c in r] for r in FORM]
    batch = run_file(System(), sheet(later, "thang-4.xlsx"), dataset="d")
    assert (batch.counts["total"]["created"], batch.counts["total"]["updated"]) == (2, 0)
    assert run_file(System(), sheet(FORM), dataset="d").counts["total"]["unchanged"] == 2


def test_a_column_of_days_is_believed_before_the_title(sheet: Sheet) -> None:
    rows = [
        ["Ngày: 20/4/2025"],
        [],
        ["Loài", "Ngày", "SL"],
        ["Khỉ vàng", "15/3/2025", 2],
        ["Lợn rừng", "", 1],
    ]
    batch = run_file(System(), sheet(rows))
    assert sorted(Occurrence.objects.values_list("event_date", flat=True)) == ["", "2025-03-15"]
    assert "from_title" not in codes(batch)


def test_a_hidden_sheet_is_left_out_until_a_register_is_chosen_for_it(sheet: Sheet) -> None:
    rows = [["Loài", "Ngày"], ["Khỉ vàng", "15/3/2025"]]
    path = sheet(rows, hidden=rows)
    assert [x["outcome"] for x in outcomes(run_file(System(), path, dry=True))] == ["created", "left_out"]
    chosen = {"tables": {"Ẩn": {"target": "observations.occurrence"}}}
    assert [x["outcome"] for x in outcomes(run_file(System(), path, mapping=chosen, dry=True))] == [
        "created"
    ] * 2
    named = {"hint": {"sheets": ["Ẩn"]}}
    assert [x["outcome"] for x in outcomes(run_file(System(), path, mapping=named, dry=True))] == [
        "created"
    ] * 2


@pytest.mark.parametrize(("head", "row", "date"), [
    ("Ngày,Tháng,Năm", "22-24,3,2025", "2025-03-22/2025-03-24"), ("Ngày,Tháng,Năm", "15,III,2025", "2025-03-15"),
    ("Ngày,Tháng,Năm", "15,Ba,2025", "2025-03-15"), ("Ngày,Tháng,Năm", "15,tháng 3,2025", "2025-03-15"),
    ("Ngày,Tháng,Năm", "15,Mar,2025", "2025-03-15"), ("Ngày,Tháng,Năm", ",3,2025", "2025-03"),
    ("Ngày,Tháng,Năm", "31,4,2025", "unreadable_date"), ("Ngày,Tháng,Năm", "15,3,25", "two_digit_year"),
    ("Ngày tháng,Năm", "15-Mar,2025", "2025-03-15"), ("Ngày tháng,Năm", "15 tháng 3,2025", "2025-03-15"),
    ("Ngày tháng,Năm", "15-17/3,2025", "2025-03-15/2025-03-17"), ("Ngày tháng,Năm", "15/3,2025", "2025-03-15"),
    ("Ngày tháng,Năm", "3,2025", "unreadable_date"),
    ("Ngày bắt đầu,Ngày kết thúc", "15/3,17/3/2025", "2025-03-15/2025-03-17"),
    ("Ngày bắt đầu,Ngày kết thúc", "lạ,17/3/2025", "unreadable_date"),
    ("Ngày bắt đầu,Ngày kết thúc", ",17/3/2025", "2025-03-17"),
])  # fmt: skip
def test_parts_of_a_date_in_several_columns_are_one_day(
    head: str, row: str, date: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    sure = {"Ngày,Tháng,Năm": "1,1,2024\nKhỉ vàng,2,1,2024", "Ngày tháng,Năm": "1/2,2024"}
    path.write_text(
        f"Loài,{head}\nKhỉ vàng,{row}\nKhỉ vàng,{sure.get(head, '1/2/2024,2/2/2024')}\n", encoding="utf-8"
    )
    first = outcomes(run_file(System(), path))[0]
    made = {o.pk.hex: o.event_date for o in Occurrence.objects.all()}
    assert (first["rule"] or made[first["id"].replace("-", "")]) == date


def test_a_day_that_no_calendar_has_is_named_under_its_own_cell(csv: Csv) -> None:
    rows = [{"Loài": "Khỉ vàng", "Ngày": d, "Tháng": "4", "Năm": "2025"} for d in ("31", "30")]
    told = outcomes(run_file(System(), csv(rows), dry=True))[0]
    assert (told["column"], told["value"]) == ("Ngày", "31")
    told = outcomes(run_file(System(), csv([{"Loài": "Khỉ vàng", "Ngày": "31/4/2025"}]), dry=True))[0]
    assert "Lịch không có ngày này" in told["message"]


@pytest.mark.parametrize(("cell", "kept"), [("7h30", "07:30"), ("0.3125", "07:30"), ("8h-10h", "08:00/10:00"),
                                            ("sáng", "sáng"), ("25:00", "25:00")])  # fmt: skip
def test_times_in_a_column_of_their_own_are_iso_or_told(cell: str, kept: str, csv: Csv) -> None:
    batch = run_file(System(), csv([{"Loài": "Khỉ vàng", "Ngày": "15/3/2025", "Giờ": cell}]))
    assert Occurrence.objects.get().extra["eventTime"] == kept
    assert ("time_unread" in codes(batch)) == (kept == cell)


@pytest.mark.parametrize(("row", "name"), [
    ({"Chi": "Macaca", "Loài": "mulatta"}, "Macaca mulatta"), ({"Chi": "Macaca", "Loài": "Macaca mulatta"},
    "Macaca mulatta"),
    ({"Chi": "Macaca", "Loài": "sp."}, "Macaca sp."), ({"Chi": "Macaca", "Loài": "cf. mulatta"}, "Macaca cf. mulatta"),
    ({"Chi": "Macaca"}, "Macaca"), ({"Loài": "Macaca mulatta", "Tên VN": "Khỉ vàng"}, "Macaca mulatta"),
    ({"Name": "Macaca mulatta"}, "Macaca mulatta"), ({"Tên Việt Nam": "", "Tên địa phương": "Tu cà"}, "Tu cà"),
    ({"Tên khoa học": "Chưa rõ", "Tên Việt Nam": "Vượn đen tuyền"}, "Vượn đen tuyền"),
    ({"Tên khoa học": "?", "Tên Việt Nam": "Vượn"}, "Vượn"), ({"Tên khoa học": "Indet.",
    "Tên Việt Nam": "Vượn"}, "Vượn"),
    ({"Tên khoa học": "-", "Tên Việt Nam": "Vượn"}, "Vượn"),
])  # fmt: skip
def test_the_name_is_put_together_from_where_it_stands(row: dict[str, str], name: str, csv: Csv) -> None:
    run_file(System(), csv([{**row, "Ngày": "15/3/2025", "Lat": "22.4", "Long": "103.4"}]))
    assert Occurrence.objects.get().scientific_name == name


def test_two_names_of_two_species_are_told_and_the_guarded_one_guards(csv: Csv) -> None:
    load()
    row = {"Tên Việt Nam": "Gấu ngựa", "Tên khoa học": "Macaca mulatta", "Ngày": "15/3/2025"}
    batch = run_file(System(), csv([row, {**row, "Tên Việt Nam": "Khỉ vàng"}]))
    assert [(w["count"], w["rows"]) for w in batch.warnings if w["code"] == "names_apart"] == [(1, [2])]
    assert sorted(Occurrence.objects.values_list("disclosure", flat=True)) == [0, 2]


@pytest.mark.parametrize("name", ["Human", "person", "Vehicle", "Người", "Xe máy", "Homo sapiens"])
def test_people_and_cars_before_a_camera_are_left_out(name: str, csv: Csv) -> None:
    told = outcomes(run_file(System(), csv([{"species": name, "eventDate": "2025-03-15"}]), dry=True))[0]
    assert (told["outcome"], told["rule"]) == ("left_out", "no_wildlife")


@pytest.mark.parametrize(
    "name", ["x", "X", "...", "=", "Indet.", "unknown species", "animal", "chưa rõ loài"]
)
def test_marks_and_words_in_place_of_a_name_are_refused(name: str, csv: Csv) -> None:
    told = outcomes(run_file(System(), csv([{"Loài": name, "Ngày": "15/3/2025"}]), dry=True))[0]
    assert (told["outcome"], told["rule"], told["column"]) == ("refused", "placeholder", "Loài")


def test_capital_nt_is_as_above_in_names_only(csv: Csv) -> None:
    rows = [
        {"Loài": "Khỉ vàng", "Ngày": "15/3/2025", "IUCN": "LC"},
        {"Loài": "NT", "Ngày": "Nt", "IUCN": "NT"},
    ]
    run_file(System(), csv(rows))
    assert (
        sorted(Occurrence.objects.values_list("scientific_name", "event_date"))
        == [("Khỉ vàng", "2025-03-15")] * 2
    )
    assert {o.extra["IUCN"] for o in Occurrence.objects.all()} == {"LC", "NT"}


@pytest.mark.parametrize(("header", "term"), [
    ("Loài gặp", "vernacularName"), ("Loài bắt gặp được", "vernacularName"), ("Tên loài / Phổ thông", "vernacularName"),
    ("Ngày ghi", "eventDate"), ("Ngày phát hiện loài", "eventDate"), ("Thời gian bắt gặp", "eventDate"),
    ("Số con quan sát", "individualCount"), ("Số lượng con", "individualCount"), ("Người tuần tra", "recordedBy"),
    ("Họ tên người điều tra", "recordedBy"), ("Chỗ gặp", "locality"), ("Vị trí quan sát", "locality"),
    ("Kinh độ Đ", "decimalLongitude"), ("Vĩ độ B", "decimalLatitude"), ("Lat_WGS84", "decimalLatitude"),
    ("GPS_lng", "decimalLongitude"), ("Toạ độ điểm gặp", "verbatimCoordinates"), ("Date of sighting", "eventDate"),
    ("No. of animals seen", None), ("No. of animals", "individualCount"), ("Observer name", "recordedBy"),
    ("Breite", "decimalLatitude"), ("学名", "scientificName"), ("日期", "eventDate"), ("Mã đợt", "eventID"),
    ("Ngày sinh", None), ("???", None), ("其他", None),
    ("(1)", None), ("", None), ("Ngày nhập liệu", None), ("Số ô", None), ("Người vi phạm", None), ("Loại rừng", None),
])  # fmt: skip
def test_headers_made_of_known_words_are_understood(header: str, term: str | None) -> None:
    from formats import dwc

    told = dwc.propose([header])[0]
    assert (told.term if told.confidence >= 0.55 else None) == term


def test_datum_is_the_date_where_its_cells_are_dates(csv: Csv) -> None:
    run_file(
        System(),
        csv([{"Species": "Macaca mulatta", "Datum": "15.03.2025", "Breite": "22,4", "Länge": "103,4"}]),
    )
    one = Occurrence.objects.get()
    assert (one.event_date, one.min_x, one.min_y) == ("2025-03-15", 103.4, 22.4)
