"""A file whose dates or places were not read waits for a person: on the page, on the command line, for good."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from baoton.kit.access import System
from baoton.kit.importing import Plan, execute, questions, run_file
from baoton.kit.models import ImportBatch, Remembered
from baoton.observations.models import Occurrence
from baoton.people.models import Grant, Organisation, Person
from formats import open_bounded, unread

pytestmark = pytest.mark.django_db
NAME = {"Tên khoa học": "Macaca mulatta", "Xã": "Mù Cả"}


Csv = Callable[..., Path]


def asked(batch: ImportBatch) -> list[tuple[str, str, int]]:
    return [(q["code"], q["column"], q["count"]) for q in batch.counts["questions"]]


@pytest.mark.parametrize(("columns", "kind"), [
    ({"Mốc": "07/03/2024"}, "date"),
    ({"Thả bẫy": "07/03/2024 10:30"}, "date"),
    ({"Đợt thu ngày": "mùa khô 2024"}, "date"),
    ({"Năm gặp loài": "2024"}, "date"),
    ({"Ghi nhận lúc": "2024-03-07T10:00:00Z"}, "date"),
    ({"Điểm 1": "22.4123, 103.4123"}, "place"),
    ({"Vị trí máy": "22°24'00\"B 103°24'00\"Đ"}, "place"),
    ({"Hình vẽ": "POINT(103.4 22.4)"}, "place"),
    ({"Vị trí máy": "48Q 341234 2449876"}, "place"),
    ({"Bắt đầu X": "547000", "Bắt đầu Y": "2477000"}, "place"),
    ({"Kinh độ đầu": "103.41", "Vĩ độ đầu": "22.42"}, "place"),
    ({"Kinh độ cuối tuyến": "103.41", "Vĩ độ cuối tuyến": "22.42"}, "place"),
    ({"Tọa độ X VN2000 (103°, múi 3)": "2477000", "Tọa độ Y VN2000 (103°, múi 3)": "547000"}, "place"),
    ({"Độ (KD)": "103", "Phút (KD)": "6", "Độ (VD)": "22", "Phút (VD)": "24"}, "place"),
    ({"Bắc": "2.477.000", "Đông": "547.000"}, "place"),
])  # fmt: skip
def test_a_day_or_a_place_that_was_not_read_stops_the_writing(
    columns: dict[str, str], kind: str, csv: Csv
) -> None:
    batch = run_file(System(), csv([NAME | columns, NAME | columns]))
    assert batch.state == ImportBatch.State.CHECKED and not Occurrence.objects.exists()
    assert {(code, n) for code, _column, n in asked(batch)} == {(f"unread_{kind}", 2)}
    assert {column for _code, column, _n in asked(batch)} <= set(columns)


@pytest.mark.parametrize("columns", [
    {"Ngày": "07/03/2024", "Ngày nhập liệu": "09/03/2024"},
    {"Ngày": "07/03/2024", "Số ngày theo dõi": "12"},
    {"Ngày": "07/03/2024", "Điểm GPS": "012"},
    {"Ngày": "07/03/2024", "Ghi chú": "gặp ở suối, 2 con"},
    {"Ngày": "07/03/2024", "Kinh độ": "103.4", "Vĩ độ": "22.4", "X": "547000", "Y": "2477000"},
    {"Ngày": "07/03/2024", "Điện thoại": "0912345678"},
    {"Ngày": "07/03/2024", "Diện tích": "1200,5"},
    {"Ngày": "07/03/2024", "Mã số": "103.01.22"},
])  # fmt: skip
def test_other_columns_ask_nothing(columns: dict[str, str], csv: Csv) -> None:
    batch = run_file(System(), csv([NAME | columns]))
    assert asked(batch) == [] and batch.state == ImportBatch.State.DONE


def test_only_rows_that_lack_the_day_are_asked_about(csv: Csv) -> None:
    rows = [NAME | {"Ngày": d, "Mốc": "2024-03-07"} for d in ("2024-03-01", "", "")]
    batch = run_file(System(), csv([*rows]))
    assert asked(batch) == [("unread_date", "Mốc", 2)]


def test_a_meaning_given_to_the_column_answers_it(csv: Csv) -> None:
    mapping = {"columns": {"Mốc": "eventDate"}}
    batch = run_file(System(), csv([NAME | {"Mốc": "07/03/2024"}]), mapping=mapping)
    assert batch.state == ImportBatch.State.DONE
    assert Occurrence.objects.get().event_date == "2024-03-07"


def test_left_as_it_is_the_cells_are_kept_and_the_answer_is_remembered(csv: Csv, client: Client) -> None:
    office = Organisation.objects.create(code="so-nnmt", name="Sở NN&MT")
    lan = Person.objects.create_user("lan", password="x", organisation=office)
    Grant.objects.create(person=lan, role="officer")
    client.force_login(lan)
    batch = run_file(lan, csv([NAME | {"Mốc": "07/03/2024"}]), dry=True)
    page = client.get(f"/nhap/{batch.pk}/").content.decode()
    assert "Trả lời trước khi ghi" in page and "Mốc" in page and f"/nhap/{batch.pk}/ghi/" not in page
    key = batch.counts["questions"][0]["key"]
    client.post(f"/nhap/{batch.pk}/tra-loi/", {"question": key})
    assert f"/nhap/{batch.pk}/ghi/" in client.get(f"/nhap/{batch.pk}/").content.decode()
    batch.refresh_from_db()
    assert Plan.from_json(batch.plan).tables[0].columns["Mốc"] == "Mốc"
    execute(lan, batch)
    assert batch.state == ImportBatch.State.DONE
    assert Occurrence.objects.get().extra["Mốc"] == "07/03/2024"
    assert Remembered.objects.get(written="Mốc").meant == "Mốc"
    again = run_file(lan, csv([NAME | {"Mốc": "08/03/2024"}]), dry=True)
    assert asked(again) == []


def test_an_answer_to_no_question_changes_nothing(csv: Csv) -> None:
    batch = run_file(System(), csv([NAME | {"Mốc": "07/03/2024"}]), dry=True)
    plan = Plan.from_json(batch.plan)
    assert not questions.accept(plan, "unread_date:tep:Khác", batch.counts["questions"])
    assert plan.as_json() == batch.plan


def test_a_column_kept_under_its_own_name_is_not_told_again(csv: Csv) -> None:
    with open_bounded(csv([NAME | {"Mốc": "07/03/2024"}])) as source:
        table = source.tables[0]
        assert unread.columns(table, {}, ()) == {"Mốc": "date"}
        assert unread.columns(table, {"Mốc": "Mốc"}, ()) == {} and unread.columns(table, {}, ["Mốc"]) == {}
