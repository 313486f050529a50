"""Pages and XML that call themselves .xls."""

from pathlib import Path

import pytest

import formats

ROWS = "<tr><th>Tên khoa học</th><th>Ngày</th></tr><tr><td>Macaca mulatta</td><td>15/3/2025</td></tr>"
XML = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="Điều tra"><Table>
<Row><Cell><Data ss:Type="String">Tên khoa học</Data></Cell><Cell><Data ss:Type="String">Ngày</Data></Cell>
<Cell><Data ss:Type="String">Số</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">Macaca mulatta</Data></Cell>
<Cell ss:MergeDown="1"><Data ss:Type="DateTime">2025-03-15T00:00:00.000</Data></Cell>
<Cell><Data ss:Type="Number">3</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">Gallus gallus</Data></Cell>
<Cell ss:Index="3"><Data ss:Type="Number">5</Data></Cell></Row>
</Table></Worksheet></Workbook>"""


def rows(path: Path) -> list[dict[str, str | None]]:
    with formats.open(path) as source:
        assert "markup_table" in {w.code for w in source.warnings}
        return [
            {k: v for k, v in r.items() if k[0] != "_"}
            for b in source.tables[0].batches()
            for r in b.to_pylist()
        ]


@pytest.mark.parametrize(
    "page",
    [
        f"<html><body><table>{ROWS}</table></body></html>",
        f"<table border=1>{ROWS}</table>",
        f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body><h1>Danh sách</h1><table>{ROWS}</table></body>',
        f"\ufeff<html><table><tbody>{ROWS}</tbody></table>",
        f"<html><table><tr><td>{'<table>' + ROWS + '</table>'}</td></tr></table></html>",
        f"<TABLE class=x><TBODY>{ROWS}</TBODY></TABLE>",
        f"<html><table><tr><td colspan=2>DANH SÁCH LOÀI</td></tr>{ROWS}</table></html>",
        f"<html><table>{ROWS.replace('Macaca mulatta', '<i>Macaca&nbsp;mulatta</i>')}</table></html>",
        f"<html><table>{ROWS.replace('</td>', '').replace('</th>', '')}</table></html>",
    ],
)
def test_a_page_named_xls_is_its_table(page: str, tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_text(page, encoding="utf-8")
    assert rows(tmp_path / "a.xls") == [{"Tên khoa học": "Macaca mulatta", "Ngày": "15/3/2025"}]


def test_a_page_in_an_older_encoding_is_read_as_it_states(tmp_path: Path) -> None:
    page = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-16"></head>'
    (tmp_path / "a.xls").write_bytes((page.replace("utf-16", "windows-1252") + f"<table>{ROWS}</table>").encode(
        "cp1252", errors="xmlcharrefreplace"))  # fmt: skip
    assert rows(tmp_path / "a.xls")[0]["Tên khoa học"] == "Macaca mulatta"


def test_rows_that_span_are_filled_down(tmp_path: Path) -> None:
    body = "<tr><th>Tuyến</th><th>Loài</th></tr><tr><td rowspan=2>T1</td><td>A</td></tr><tr><td>B</td></tr>"
    (tmp_path / "a.xls").write_text(f"<table>{body}</table>")
    assert rows(tmp_path / "a.xls") == [{"Tuyến": "T1", "Loài": "A"}, {"Tuyến": "T1", "Loài": "B"}]


def test_the_xml_of_excel_2003_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_text(XML, encoding="utf-8")
    assert rows(tmp_path / "a.xls") == [
        {"Tên khoa học": "Macaca mulatta", "Ngày": "2025-03-15", "Số": "3"},
        {"Tên khoa học": "Gallus gallus", "Ngày": "2025-03-15", "Số": "5"},
    ]


def test_a_page_without_a_table_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_text("<html><body>Xin chào</body></html>")
    with pytest.raises(formats.FormatError) as error:
        formats.open(tmp_path / "a.xls")
    assert error.value.code == "nothing_inside"
