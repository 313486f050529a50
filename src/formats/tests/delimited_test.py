"""Text tables: found, cut and numbered rightly, whatever state they are in."""

import csv
import io
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import formats
from formats import delimited, encodings, sniffing
from formats.source import Findings


def opened(
    tmp_path: Path, text: str | bytes, **hint: object
) -> tuple[formats.Table, list[dict], dict[str, formats.Warning]]:
    path = tmp_path / "t.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    source = formats.open(path, hint=hint)
    table = source.tables[0]
    rows = [row for batch in table.batches() for row in batch.to_pylist()]
    return table, rows, {w.code: w for w in source.warnings}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_separator_is_found(tmp_path: Path, delimiter: str) -> None:
    text = "a,b,c\n1,2,3\n4,5,6\n".replace(",", delimiter)
    table, rows, warnings = opened(tmp_path, text)
    assert table.columns == ["a", "b", "c"] and rows[1]["c"] == "6" and not warnings


def test_a_decimal_comma_is_not_a_separator(tmp_path: Path) -> None:
    table, rows, _ = opened(tmp_path, "lat;lon\n22,3961;103,2\n22,1;103,5\n")
    assert rows[0]["lat"] == "22,3961" and table.metadata["delimiter"] == ";"


def test_titles_above_the_header_are_passed_over_and_told(tmp_path: Path) -> None:
    table, rows, warnings = opened(
        tmp_path, "Danh sách loài năm 2024,,\n,,\nTên,Vĩ độ,Ngày\nVượn,22.1,2024-01-02\n"
    )
    assert table.columns == ["Tên", "Vĩ độ", "Ngày"]
    assert table.metadata["header_row"] == 3 and table.metadata["titles"] == ["Danh sách loài năm 2024"]
    assert rows[0]["_row"] == 4 and "title_rows" in warnings


def test_row_numbers_survive_line_breaks_and_blank_lines(tmp_path: Path) -> None:
    _, rows, warnings = opened(tmp_path, 'a,b\n"x\ny",1\n\nz,2\n')
    assert [(r["_row"], r["a"]) for r in rows] == [(2, "x\ny"), (4, "z")]
    assert warnings["line_breaks_in_cells"].rows == (2,)


def test_line_breaks_in_cells_are_told_and_counted_once_a_row(tmp_path: Path) -> None:
    _, rows, warnings = opened(tmp_path, 'a,b\n"x\ny",1\nz,2\n"p\nq\nr",3\n')
    assert [r["_row"] for r in rows] == [2, 3, 4] and rows[2]["a"] == "p\nq\nr"
    assert warnings["line_breaks_in_cells"].rows == (2, 4)


def test_ragged_rows_are_kept_and_told(tmp_path: Path) -> None:
    _, rows, warnings = opened(tmp_path, "a,b\n1\n1,2\n1,2,3,4\n")
    assert rows[0]["b"] is None and rows[2]["_extra"] == '["3", "4"]'
    assert warnings["short_row"].rows == (2,) and warnings["long_row"].rows == (4,)


def test_a_quote_left_open_does_not_swallow_the_rows_after_it(tmp_path: Path) -> None:
    _, rows, warnings = opened(tmp_path, 'a,b\n"abc,1\nd,2\ne,3\n')
    assert [r["a"] for r in rows] == ['"abc', "d", "e"] and warnings["open_quote"].rows == (2,)


def test_nul_bytes_are_left_out_and_counted(tmp_path: Path) -> None:
    _, rows, warnings = opened(tmp_path, b"a,b\n1\0,2\n3,4\n")
    assert rows[0]["a"] == "1" and warnings["nul_bytes"].count == 1


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_ending_is_read(tmp_path: Path, end: str) -> None:
    _, rows, _ = opened(tmp_path, f"a,b{end}1,2{end}3,4{end}")
    assert [(r["_row"], r["b"]) for r in rows] == [(2, "2"), (3, "4")]


def test_a_carriage_return_inside_a_cell_is_kept(tmp_path: Path) -> None:
    _, rows, _ = opened(tmp_path, b'a,b\r\n"x\r\ny",1\r\nz\rz,2\r\n')
    assert [r["a"] for r in rows] == ["x\r\ny", "z\rz"] and rows[1]["b"] == "2"


def test_rows_parted_by_a_lone_return_are_two(tmp_path: Path) -> None:
    source, rows, _ = opened(tmp_path, b"a,b\n1,x\n2,y\r3,z\r4,w\n5,v\n")
    assert [(r["_row"], r["a"], r["b"]) for r in rows] == [
        (2, "1", "x"), (3, "2", "y"), (4, "3", "z"), (5, "4", "w"), (6, "5", "v"),
    ]  # fmt: skip
    assert "lone_return" in {w.code for w in source.warnings}


def test_double_and_empty_headers_get_names(tmp_path: Path) -> None:
    table, rows, warnings = opened(tmp_path, "a,a,,_row\n1,2,3,4\n")
    assert table.columns == ["a", "a (2)", "column 3", "_row (2)"] and rows[0]["a (2)"] == "2"
    assert {"duplicate_header", "empty_header"} <= set(warnings)


def test_a_table_without_header_says_so(tmp_path: Path) -> None:
    table, rows, warnings = opened(tmp_path, "1,2\n3,4\n")
    assert table.columns == ["column 1", "column 2"] and len(rows) == 2 and "no_header" in warnings


def test_row_names_without_a_header_get_a_column(tmp_path: Path) -> None:
    table, rows, _ = opened(tmp_path, '"species"\t"lat"\n"1"\t"Pongo"\t4.9\n"2"\t"Mus"\t5.1\n')
    assert table.columns == ["column 1", "species", "lat"] and rows[1]["species"] == "Mus"


def test_rows_of_separators_only_are_passed_over_and_counted(tmp_path: Path) -> None:
    table, rows, warnings = opened(tmp_path, "a,b\n1,2\n,\n,\n3,4\n")
    assert [r["_row"] for r in rows] == [2, 5] and warnings["blank_row"].count == 2 and table.count() == 2


def test_blank_is_null_and_zero_stays_zero(tmp_path: Path) -> None:
    _, rows, _ = opened(tmp_path, 'a,b,c\n"",0,x\n')
    assert rows[0]["a"] is None and rows[0]["b"] == "0"


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    for data, code in (
        (b"", "empty_file"),
        (b"%PDF-1.7 x", "not_a_table"),
        (bytes(range(32)) * 40, "not_a_table"),
    ):
        with pytest.raises(formats.FormatError) as error:
            opened(tmp_path, data)
        assert error.value.code == code and str(error.value)


def test_the_header_row_and_the_separator_can_be_told(tmp_path: Path) -> None:
    table, rows, _ = opened(tmp_path, "x;y\na;b\n1;2\n", header_row=2, delimiter=";")
    assert table.columns == ["a", "b"] and rows[0]["_row"] == 3


def test_a_file_that_turns_odd_midway_loses_and_repeats_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "BLOCK", 4_096)
    lines = [f"{i},x{i}" for i in range(5_000)]
    lines[4_000] = "4000,x4000,more"
    _, rows, warnings = opened(tmp_path, "n,t\n" + "\n".join(lines) + "\n")
    assert [r["n"] for r in rows] == [str(i) for i in range(5_000)]
    assert [r["_row"] for r in rows] == list(range(2, 5_002)) and warnings["long_row"].rows == (4_002,)


cell = st.text(alphabet=st.sampled_from("ab é\"',;\t'=0"), max_size=6)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(cell, cell, cell), min_size=1, max_size=8))
def test_the_fast_and_the_careful_reader_agree(tmp_path: Path, rows: list[tuple[str, str, str]]) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([("p", "q", "r"), *rows])
    path = tmp_path / "t.csv"
    path.write_text(out.getvalue(), encoding="utf-8", newline="")
    layout = delimited.Layout(path, ",", '"', 6, 1, ["p", "q", "r"], encodings.survey(path))
    table = delimited.table(layout, "t", Findings())
    assert layout.fast
    quick = [r for b in table.batches() for r in b.to_pylist()]
    careful = [
        r for b in delimited._careful(layout, table.schema, 100, 0, Findings(), "t") for r in b.to_pylist()
    ]
    assert quick == careful
    assert [(r["p"] or "", r["q"] or "", r["r"] or "") for r in quick] == [r for r in rows if any(r)]


anything = st.text(alphabet=st.sampled_from('ab,"\n\r\0;'), max_size=60)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(anything)
def test_no_text_makes_the_reader_fall_over(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"p,q\n" + text.encode())
    try:
        source = formats.open(path, hint={"delimiter": ",", "header_row": 1})
    except formats.FormatError:
        return
    kept = "".join(
        v or ""
        for b in source.tables[0].batches()
        for r in b.to_pylist()
        for k, v in r.items()
        if k != "_row"
    )
    for letter in "ab":
        assert kept.count(letter) == text.count(letter)


def test_batches_are_of_the_size_asked_and_of_one_schema(tmp_path: Path) -> None:
    table, _, _ = opened(tmp_path, "a,b\n" + "1,2\n" * 1_000)
    sizes = [b.num_rows for b in table.batches(rows=300)]
    assert sum(sizes) == 1_000 and max(sizes) <= 300
    assert pa.Table.from_batches(table.batches(), schema=table.schema).num_rows == table.count() == 1_000


def test_a_year_may_head_a_column() -> None:
    assert sniffing.header_row([["Loài", "2019", "2020"], ["Vượn", "1", "2"]]) == 0
