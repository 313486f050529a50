"""What telephones send back, and rows that the protocol does not allow: each ends in one stated outcome."""

import csv
import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.surveys.results_test import campaign, filled, heard

from baoton.kit.access import System
from baoton.observations.models import Event, Occurrence
from baoton.surveys import actions
from baoton.surveys.models import Campaign, Visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]


def central(one: Campaign, path: Path, visits: list[dict[str, Any]], rows: list[dict[str, Any]]) -> Path:
    """A download of ODK Central: a zip of the submissions and of the repeat."""
    return packed(str(one.protocol_id), path, visits, rows)


def packed(protocol: str, path: Path, visits: list[dict[str, Any]], rows: list[dict[str, Any]]) -> Path:
    """The zip of the submissions and of the repeat of a form that carries its protocol."""
    fixed = {"bt_protocol": protocol, "SubmissionDate": "2026-03-12T02:00:00.000Z"}
    with zipfile.ZipFile(path, "w") as archive:
        for name, lines in (("bt.csv", [fixed | v for v in visits]), ("bt-dong.csv", rows)):
            out = io.StringIO()
            writer = csv.DictWriter(out, list(dict.fromkeys(k for line in lines for k in line)))
            writer.writeheader()
            writer.writerows(lines)
            archive.writestr(name, out.getvalue())
    return path


def submission(site: str, key: str, **more: Any) -> dict[str, Any]:
    return {
        "diem": site, "luot": "1", "ngay": "2026-03-10", "nguoi_dieu_tra": "Pao", "gio_bat_dau": "05:30:00.000+07:00",
        "gio_nghe": "4.5", "gio_gio": "lang", "vi_tri-Latitude": "22.4", "vi_tri-Longitude": "102.5", "KEY": key,
        **more,
    }  # fmt: skip


def call(parent: str, **more: Any) -> dict[str, Any]:
    return {
        "huong": "120", "khoang_cach": "800", "gio_hot": "06:05:00.000+07:00", "kieu_hot": "doi", "so_con": "3",
        "KEY": f"{parent}/dong[1]", "PARENT_KEY": parent, **more,
    }  # fmt: skip


def test_submissions_with_repeats_become_visits_and_calls(tmp_path: Path) -> None:
    one = campaign()
    visits = [submission("D001", "uuid:1"), submission("D002", "uuid:2")]
    rows = [call("uuid:1"), call("uuid:1", kieu_hot="don", so_con="1")]
    done = actions.take_in(
        System(), one, central(one, tmp_path / "bt.zip", visits, rows), "bt.zip", dry=False
    )
    assert actions.refusals(done) == [] and done.counts["total"]["created"] == 5, done.counts
    assert Visit.objects.filter(campaign=one).count() == 2
    calls = Occurrence.objects.filter(event__event_id=f"{one.code}/D001/1")
    assert sorted(c.extra["kieu_hot"] for c in calls) == ["doi", "don"]
    assert Event.objects.get(event_id=f"{one.code}/D002/1").extra["gio_bat_dau"] == "05:30"
    absent = Occurrence.objects.get(event__event_id=f"{one.code}/D002/1")
    assert absent.occurrence_status == "absent"


def test_a_later_sighting_turns_looked_for_in_vain_into_met(tmp_path: Path) -> None:
    one = campaign()
    path = tmp_path / "bt.zip"
    visit = [submission("D001", "uuid:1")]
    nothing = [call("uuid:9")]
    actions.take_in(System(), one, central(one, path, visit, nothing), "bt.zip", dry=False)
    assert Occurrence.objects.get().occurrence_status == "absent"
    actions.take_in(System(), one, central(one, path, visit, [call("uuid:1")]), "bt.zip", dry=False)
    assert Occurrence.objects.get().occurrence_status == "present"


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"diem": "D099"}, "không có điểm mang mã này"),
    ({"diem": "R007"}, "Điểm dự phòng chưa được dùng"),
    ({"ngay": "2099-01-01"}, "Ngày này chưa tới"),
    ({"ngay": "2025-03-10"}, "cách thời gian của chiến dịch (01/03/2026 – 31/05/2026) hơn một tháng"),
    ({"ngay": "hôm qua"}, "Ngày"),
    ({"gio_nghe": ""}, "Thiếu “Số giờ nghe”"),
    ({"gio_nghe": "40"}, "Số giờ nghe"),
    ({"gio_gio": "bão"}, "Gió"),
    ({"gio_bat_dau": "26:10"}, "Giờ viết như 05:30"),
]


def test_each_breach_of_the_protocol_is_refused_with_its_reason(tmp_path: Path) -> None:
    one = campaign()
    for n, (wrong, told) in enumerate(WRONG):
        path = central(one, tmp_path / f"{n}.zip", [submission("D001", "uuid:1", **wrong)], [call("uuid:1")])
        batch = actions.take_in(System(), one, path, path.name)
        said = actions.refusals(batch)
        assert any(told in line for line in said), (wrong, said)
        assert batch.counts["total"]["created"] == 0, (wrong, batch.counts["total"])
        total = batch.counts["total"]
        assert total["rows"] == sum(
            total[k] for k in ("created", "updated", "unchanged", "refused", "left_out")
        )


def test_a_wrong_row_is_refused_and_the_visit_with_its_other_rows_goes_in(tmp_path: Path) -> None:
    one = campaign()
    rows = [call("uuid:1"), call("uuid:1", huong="400"), call("uuid:7")]
    batch = actions.take_in(
        System(),
        one,
        central(one, tmp_path / "a.zip", [submission("D001", "uuid:1")], rows),
        "a.zip",
        dry=False,
    )
    assert batch.counts["total"]["created"] == 2 and batch.counts["total"]["refused"] == 2, batch.counts[
        "total"
    ]
    said = actions.refusals(batch)
    assert any("Hướng la bàn" in line for line in said) and any(
        "Lần gửi này không có" in line for line in said
    )


def test_sites_not_yet_visited_are_left_out_and_not_refused(tmp_path: Path) -> None:
    one = campaign()
    path = filled(one, tmp_path / "a.xlsx", [heard(date(2026, 3, 10), "Pao", 4)], [])
    total = actions.take_in(System(), one, path, path.name).counts["total"]
    assert (total["left_out"], total["refused"], total["created"]) == (11, 0, 2)


def test_another_file_is_told_from_a_campaigns_results(tmp_path: Path) -> None:
    one = campaign()
    path = tmp_path / "khac.csv"
    path.write_text("tên,số\nhổ,3\n", encoding="utf-8")
    batch = actions.take_in(System(), one, path, path.name)
    assert "dùng tệp mẫu" in batch.counts["error"]["vi"]


def test_a_visit_sent_twice_takes_nothing_of_the_second_for_the_first(tmp_path: Path) -> None:
    one = campaign()
    visits = [submission("D001", "uuid:1"), submission("D001", "uuid:2", nguoi_dieu_tra="Sùng")]
    rows = [call("uuid:1"), call("uuid:2", huong="10")]
    batch = actions.take_in(System(), one, central(one, tmp_path / "a.zip", visits, rows), "a.zip")
    total, said = batch.counts["total"], actions.refusals(batch)
    assert (total["created"], total["refused"]) == (2, 2), total
    assert "Điểm này, lượt này đã có ở dòng 2" in said[0] and "eventID" not in said[0]


def test_rows_that_say_no_visit_are_told_and_nothing_is_taken_for_absent(tmp_path: Path) -> None:
    one = campaign()
    lost = [{k: v for k, v in call("uuid:1", kieu_hot="gáy", so_con="100").items() if k != "PARENT_KEY"}]
    path = central(one, tmp_path / "a.zip", [submission("D001", "uuid:1")], lost)
    batch = actions.take_in(System(), one, path, "a.zip")
    assert batch.counts["total"]["created"] == 1, "the visit alone: what was met is not known"
    said = actions.refusals(batch)[0]
    assert "thiếu cột PARENT_KEY" in said or "PARENT_KEY: " in said, said
    assert "Số con ước lượng" in said, "each fault names its column"
