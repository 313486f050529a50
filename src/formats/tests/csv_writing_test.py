"""Csv for an office: letters right, nothing run as a formula, nothing lost."""

import datetime as dt
import io
from pathlib import Path

import pyarrow as pa
import pytest

import formats


def test_it_opens_in_excel_with_its_letters(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    assert formats.write_csv(path, [pa.record_batch({"tên": ["Vượn"]})]) == 1
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with formats.open(path) as source:
        assert source.tables[0].sample().column("tên").to_pylist() == ["Vượn"]


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|x", "-2+3", "@SUM(1)", "\t=1"])
def test_a_cell_that_would_run_is_made_text(cell: str) -> None:
    out = io.BytesIO()
    formats.write_csv(out, [pa.record_batch({"a": [cell]})], bom=False)
    assert out.getvalue().decode() == f'"a"\n"\'{cell}"\n'
    out = io.BytesIO()
    formats.write_csv(out, [pa.record_batch({"a": [cell]})], bom=False, guard=False)
    assert out.getvalue().decode() == f'"a"\n"{cell}"\n'


@pytest.mark.parametrize("cell", ["-5", "+84", "-22,3961", "1e-5", "a=b"])
def test_numbers_and_plain_text_are_left_alone(cell: str) -> None:
    out = io.BytesIO()
    formats.write_csv(out, [pa.record_batch({"a": [cell]})], bom=False)
    assert out.getvalue().decode() == f'"a"\n"{cell}"\n'


def test_values_are_written_whole_and_blanks_stay_blank() -> None:
    batch = pa.record_batch({
        "i": [1, None], "f": [2.5, 3.0], "d": [dt.date(2020, 1, 31), None],
        "t": [dt.datetime(2020, 1, 31, 8, 30), None], "b": [True, None], "_row": [1, 2],
    })  # fmt: skip
    out = io.BytesIO()
    assert formats.write_csv(out, [batch, batch], bom=False) == 4
    lines = out.getvalue().decode().replace('"', "").splitlines()
    assert (
        lines[:3] == ["i,f,d,t,b", "1,2.5,2020-01-31,2020-01-31T08:30:00,true", ",3,,,"] and len(lines) == 5
    )


def test_a_stream_whose_columns_change_is_refused() -> None:
    with pytest.raises(formats.FormatError) as error:
        formats.write_csv(io.BytesIO(), [pa.record_batch({"a": ["1"]}), pa.record_batch({"b": ["1"]})])
    assert error.value.code == "columns_changed"
