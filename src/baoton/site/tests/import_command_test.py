"""`baoton import` says what the page says, in words or as JSON, and takes every choice the page takes."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from baoton.observations.models import Occurrence
from baoton.places.actions import load as load_places
from baoton.site.command import main
from baoton.taxa.actions import load

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ROWS = (
    "Mã số bản ghi,Tên khoa học,Ngày gặp,Vĩ độ,Kinh độ,Căn cứ\n"
    "a1,Macaca mulatta,2026-03-01,22.4,103.4,\na2,Macaca mulatta,hôm qua,22.4,103.4,\n"
)


@pytest.fixture(autouse=True)
def loaded(db: None, tmp_path: Path, settings: Any) -> None:
    settings.BLOB_DIR = tmp_path / "blobs"
    load()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "khao-sat.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def test_it_tells_in_words_what_became_of_the_rows(file: Path, capsys: Any) -> None:
    assert main(["import", "observations", str(file)]) == 0
    said = capsys.readouterr().out
    assert "2 dòng = thêm mới 1" in said and "bị từ chối 1" in said
    assert "dòng 3" in said and "hôm qua" in said and "Không đọc được ngày" in said
    assert "unreadable_date" not in said and "{" not in said
    assert "mới chạy thử" in said and not Occurrence.objects.exists()


def test_json_gives_mapping_notes_and_every_row_with_its_values(file: Path, capsys: Any) -> None:
    assert main(["import", "observations", str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["state"] == "checked" and told["total"]["rows"] == 2
    assert told["mapping"][0]["columns"]["Ngày gặp"] == "eventDate"
    good, bad = told["rows"]
    assert good["outcome"] == "created"
    assert (
        good["values"]["scientificName"] == "Macaca mulatta" and good["values"]["eventDate"] == "2026-03-01"
    )
    assert good["values"]["disclosure"] == 0 and good["values"]["decimalLatitude"] == 22.4
    assert (bad["outcome"], bad["rule"], bad["cell"]) == (
        "refused", "unreadable_date", {"column": "Ngày gặp", "value": "hôm qua"})  # fmt: skip
    assert bad["message"] and bad["values"] is None


@pytest.mark.parametrize(
    ("given", "rows"),
    [
        (["--map", "Ngày gặp=-"], ["created", "created"]),
        (
            ["--map", "Căn cứ=basisOfRecord", "--set", "basisOfRecord=HumanObservation"],
            ["created", "refused"],
        ),
        (["--key", "Mã số bản ghi"], ["created", "refused"]),
        (["--into", "observations.occurrence"], ["created", "refused"]),
        (["--header-row", "1"], ["created", "refused"]),
        (["--encoding", "utf-8"], ["created", "refused"]),
        (["--delimiter", ","], ["created", "refused"]),
        (["--date-order", "dmy", "--years", "pivot"], ["created", "refused"]),
        (["--choose", "date_order=dmy"], ["created", "refused"]),
        (["--recognise", "--overwrite"], ["created", "refused"]),
    ],
)
def test_every_choice_of_the_page_is_a_choice_here(
    given: list[str], rows: list[str], file: Path, capsys: Any
) -> None:
    assert main(["import", "observations", str(file), "--json", *given]) == 0
    assert [r["outcome"] for r in json.loads(capsys.readouterr().out)["rows"]] == rows


def test_refused_rows_are_written_to_a_file_with_the_reason(file: Path, tmp_path: Path, capsys: Any) -> None:
    out = tmp_path / "tu-choi.xlsx"
    assert main(["import", "observations", str(file), "--refused", str(out)]) == 0
    sheet = openpyxl.load_workbook(out).worksheets[0]
    assert sheet.max_row == 2 and "hôm qua" in [c.value for c in sheet[2]]
    assert "1 dòng bị từ chối" in capsys.readouterr().out


@pytest.mark.parametrize(
    "given",
    [["import", "observations", "khong-co.csv"], ["import", "la", "{file}"],
     ["import", "observations", "{file}", "--map", "x"],
     ["import", "observations", "{file}", "--into", "la"], ["import", "observations", "{file}", "--value", "a=b"],
     ["export", "observations.occurrence", "{dir}/x.csv", "--filter", "dataset=x"],
     ["export", "observations.occurrence", "{dir}/x.csv", "--filter", "abc"],
     ["export", "observations.occurrence", "{dir}/x.csv", "--filter", "la=1"],
     ["export", "observations.occurrence", "{dir}/x.csv", "--filter", "=1"],
     ["export", "observations.occurrence", "{dir}/x.zip", "--filter", "dataset=x"],
     ["export", "la.la", "{dir}/x.csv"], ["export", "observations.occurrence", "{dir}/x.abc"]],
)  # fmt: skip
def test_a_wrong_word_ends_in_one_sentence(given: list[str], file: Path, tmp_path: Path, capsys: Any) -> None:
    assert main([g.format(file=file, dir=tmp_path) for g in given]) == 1
    said = capsys.readouterr().err.strip()
    assert said.startswith("baoton: ") and "\n" not in said and "Traceback" not in said


@pytest.mark.parametrize(
    "asked",
    ["when=2024-13", "when=2025..2024", "when=31/02/2025", "status=verifiedd", "taxon=abc", "area=99/1", "area=Mù Cả",
     "box=1,2", "basis=x", "group=zz", "bbox=1,2,3,4"],
)  # fmt: skip
def test_a_wrong_filter_ends_in_one_sentence(asked: str, tmp_path: Path, capsys: Any) -> None:
    load_places()
    assert main(["export", "observations.occurrence", str(tmp_path / "x.csv"), "--filter", asked]) == 1
    said = capsys.readouterr().err.strip()
    assert said.startswith("baoton: ") and "\n" not in said and "Traceback" not in said


def test_the_command_line_waits_for_the_answer_too(tmp_path: Path, capsys: Any) -> None:
    path = str(tmp_path / "moc.csv")
    Path(path).write_text("Tên khoa học,Xã,Mốc\nMacaca mulatta,Mù Cả,07/03/2024\n", encoding="utf-8")
    assert main(["import", "observations", path, "--commit"]) == 1
    said = capsys.readouterr().out
    assert "Câu hỏi phải trả lời trước khi ghi" in said and "--keep “Mốc”" in said and "chưa ghi gì" in said
    assert not Occurrence.objects.exists()
    assert main(["import", "observations", path, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [q["column"] for q in told["questions"]] == ["Mốc"]
    assert main(["import", "observations", path, "--commit", "--keep", "Mốc"]) == 0
    assert Occurrence.objects.get().extra["Mốc"] == "07/03/2024"
