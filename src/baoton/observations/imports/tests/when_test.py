"""A column of dates is read as one, and what stands beside it in the row is believed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from baoton.kit.access import System
from baoton.kit.importing import run_file
from baoton.observations.imports.tests.conftest import outcomes
from baoton.observations.models import Occurrence

pytestmark = [pytest.mark.django_db, pytest.mark.once]
Csv = Callable[..., Path]


def read(path: Path, **mapping: Any) -> tuple[list[str], set[str]]:
    """Of each row its date or the rule that refused it, and what was told."""
    batch = run_file(System(), path, mapping=mapping)
    made = {str(o.pk): o.event_date for o in Occurrence.objects.all()}
    lines = [x["rule"] or made[_dashed(x["id"])] for x in outcomes(batch)]
    return lines, {w["code"] for w in batch.warnings}


def _dashed(key: str) -> str:
    return f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"


def column(csv: Csv, cells: list[str | None], **beside: list[str | None]) -> Path:
    rows = [
        {
            "occurrenceID": f"o{i}",
            "scientificName": "Aus bus",
            "eventDate": cell,
            **{k: v[i] for k, v in beside.items()},
        }
        for i, cell in enumerate(cells)
    ]
    return csv(rows)


@pytest.mark.parametrize(
    ("cells", "dates"),
    [
        (["3/7/2010", "4/21/2015"], ["2010-03-07", "2015-04-21"]),
        (["3/7/2010", "21/4/2015"], ["2010-07-03", "2015-04-21"]),
        (["3/7/2010", "4/5/2015"], ["2010-07-03", "2015-05-04"]),
        (["3/7/2010 14:00", "4/21/2015 2:00 PM"], ["2010-03-07T14:00", "2015-04-21T14:00"]),
        (["3/7/2010", "15/4/2015", "4/21/2015"], ["ambiguous_date", "2015-04-15", "2015-04-21"]),
        (["3.7.2010", "4.21.2015"], ["2010-03-07", "2015-04-21"]),
        (["3/7/2010", "2015-04-21", None], ["2010-07-03", "2015-04-21", ""]),
        (
            ["3/7/2010", "1/2/2011 - 3/2/2011", "4/21/2015"],
            ["2010-03-07", "2011-01-02/2011-03-02", "2015-04-21"],
        ),
        (["15/3/2568", "16/3/2568"], ["2025-03-15", "2025-03-16"]),
        (["15/3/2568", "16/3/2025"], ["buddhist_era", "2025-03-16"]),
        (["7-Aug-22", "Aug 9, 2022"], ["2022-08-07", "2022-08-09"]),
        (["7-Aug-22", "9-Aug-58"], ["two_digit_year", "two_digit_year"]),
        (["15/3/25", "16/3/25"], ["two_digit_year", "two_digit_year"]),
        (["1/1/0001", "1900-01-15"], ["too_old", "1900-01-15"]),
        (["05/06/2042", "2042-06-05", "2025-01-01/2042-01-01"], ["future", "future", "future"]),
        (["từ 15/6/2008 đến 17/6/2008", "15-Thg3-2025"], ["2008-06-15/2008-06-17", "2025-03-15"]),
    ],
)
def test_the_cells_of_a_column_tell_of_each_other(
    cells: list[str | None], dates: list[str], csv: Csv
) -> None:
    assert read(column(csv, cells))[0] == dates


def test_a_column_longer_than_a_batch_is_asked_whole(csv: Csv, monkeypatch: pytest.MonkeyPatch) -> None:
    from baoton.kit.importing import run

    monkeypatch.setattr(run, "ROWS", 4)
    cells = ["3/7/2010"] * 9 + ["4/21/2015"]
    assert read(column(csv, list(cells)))[0] == ["2010-03-07"] * 9 + ["2015-04-21"]


@pytest.mark.parametrize(("order", "date"), [("dmy", "2010-07-03"), ("mdy", "2010-03-07")])
def test_a_person_chooses_the_order(order: str, date: str, csv: Csv) -> None:
    path = column(csv, ["3/7/2010", "15/4/2015", "4/21/2015"])
    assert read(path, date_order=order)[0][0] == date


@pytest.mark.parametrize(
    ("chosen", "dates"),
    [
        ("2000", ["2025-03-15", "future"]),
        ("1900", ["1925-03-15", "1999-12-31"]),
        ("pivot", ["2025-03-15", "1999-12-31"]),
    ],
)
def test_a_person_chooses_the_century(chosen: str, dates: list[str], csv: Csv) -> None:
    assert read(column(csv, ["15/3/25", "31/12/99"]), short_years=chosen)[0] == dates


@pytest.mark.parametrize(
    ("date", "year", "month", "day", "expected"),
    [
        ("7/5/2014", "2014", "7", "5", "2014-07-05"),
        ("7/5/2014", "2014", "5", "7", "2014-05-07"),
        ("7/5/2014 10:30", "2014", "7", "5", "2014-07-05T10:30"),
        ("2014-07-05", "2015", "8", "5", "date_contradiction"),
        ("2014-07-05", "2014", "7", None, "2014-07-05"),
        ("2014-07-05", "2014", None, None, "2014-07-05"),
        ("2014-07-05", "2014", "0", "0", "2014-07-05"),
        ("2014-07-05/2014-08-03", "2014", "7", "20", "2014-07-05/2014-08-03"),
        ("2014", "2014", "7", "5", "2014"),
        (None, "2014", "7", "5", "2014-07-05"),
        (None, "2014", "VII", "5", "2014-07-05"),
        (None, "2014", "tháng 7", None, "2014-07"),
        (None, "2014", "13", "5", "unreadable_date"),
        ("3/4/25", "1925", None, None, "1925-04-03"),
        ("15/4/25", "1925", "4", "15", "1925-04-15"),
    ],
)
def test_year_month_and_day_columns_are_believed(
    date: str | None, year: str | None, month: str | None, day: str | None, expected: str, csv: Csv
) -> None:
    path = column(csv, [date], year=[year], month=[month], day=[day])
    assert read(path)[0] == [expected]


@pytest.mark.parametrize(
    ("words", "date", "told"),
    [
        ("mùa mưa 2023", "", "date_in_words"),
        ("V.1967", "1967-05", "date_from_words"),
        ("12-5-2024", "2024-05-12", "date_from_words"),
        ("khoảng 2010", "", "date_in_words"),
        ("15/3/25", "", "date_in_words"),
        ("2042", "", "date_in_words"),
        ("ngày 15 tháng 3 năm 2020", "2020-03-15", "date_from_words"),
        ("không rõ", "", "read_as_blank"),
        ("10-May", "", "date_in_words"),
        ("2020-05-01/2020-04-01", "", "date_in_words"),
    ],
)
def test_words_alone_keep_the_record(words: str, date: str, told: str, csv: Csv) -> None:
    lines, notes = read(csv([{"occurrenceID": "o", "scientificName": "Aus bus", "verbatimEventDate": words}]))
    assert lines == [date] and told in notes
    assert Occurrence.objects.get().extra["verbatimEventDate"] == words


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("Start Date", "End Date"), ("Ngày bắt đầu", "Ngày kết thúc"), ("Từ ngày", "Đến ngày"),
        ("start", "end"), ("Patrol Start Date", "Patrol End Date"), ("date_start", "date_end"),
        ("StartDate", "EndDate"), ("Fecha inicio", "Fecha fin"), ("survey start", "survey end"),
        ("Thời gian bắt đầu", "Thời gian kết thúc"),
    ],
)  # fmt: skip
def test_a_start_and_an_end_are_a_span(start: str, end: str, csv: Csv) -> None:
    row = {"occurrenceID": "o", "scientificName": "Aus bus", "Vĩ độ": "22.3", "Kinh độ": "103.1"}
    assert read(csv([{**row, start: "14/3/2025", end: "16/3/2025"}]))[0] == ["2025-03-14/2025-03-16"]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("14/3/2025", None, "2025-03-14"),
        (None, "16/3/2025", "2025-03-16"),
        ("16/3/2025", "14/3/2025", "reversed"),
        ("14/3/2025", "14/3/2025", "2025-03-14"),
        ("14/3/2025 7:00", "14/3/2025 9:30", "2025-03-14T07:00/2025-03-14T09:30"),
        ("14/3/2042", "16/3/2042", "future"),
        ("14/3/2025", "hôm sau", "unreadable_date"),
    ],
)
def test_half_spans_and_wrong_ones(start: str | None, end: str | None, expected: str, csv: Csv) -> None:
    row = {"occurrenceID": "o", "scientificName": "Aus bus", "startDate": start, "endDate": end}
    assert read(csv([row, {**row, "occurrenceID": "p", "startDate": "20/3/2025", "endDate": "21/3/2025"}]))[0] == [
        expected, "2025-03-20/2025-03-21",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("real", "texts", "refused"),
    [
        (["2024-03-05", "2024-06-05", "2024-07-05"], ["13/05/2024", "25/05/2024"], 3),
        (["2024-03-15", "2024-05-03", "2024-06-04"], ["13/05/2024"], 0),
        (["2024-01-05"], ["13/05/2024", "25/05/2024"], 1),
        (["2024-05-02"], ["13/05/2024", "25/05/2024"], 0),
        (["2024-05-02", "2024-05-04"], [], 0),
        (["2024-03-03"], ["13/05/2024"], 0),
    ],
)
def test_real_dates_beside_texts_may_be_swapped(
    real: list[str], texts: list[str], refused: int, tmp_path: Path
) -> None:
    import datetime as dt

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, ["occurrenceID", "scientificName", "eventDate"])
        for row, cell in enumerate([*real, *texts], 1):
            sheet.write_row(row, 0, [f"o{row}", "Aus bus"])
            if cell in real:
                sheet.write_datetime(row, 2, dt.datetime.fromisoformat(cell), day)
            else:
                sheet.write_string(row, 2, cell)
    assert read(tmp_path / "a.xlsx")[0].count("swapped_by_excel") == refused
