"""Hidden rows and columns of the older workbooks: .ods as it is written, .xls as its records lie in the file."""

import struct
from pathlib import Path
from zipfile import ZipFile

import pytest

import formats
from formats import old_books

ROWS = [["Loài", "Ngày", "SĐT"], ["Khỉ vàng", "15/3/2025", "0912"], ["Lợn rừng", "16/3/2025", "0913"],
        ["Gấu", "17/3/2025", "0914"]]  # fmt: skip
NAMES = 'xmlns:{0}="urn:oasis:names:tc:opendocument:xmlns:{0}:1.0" '
END = 0xFFFFFFFE


def ods(
    path: Path, row: str = 'table:visibility="collapse"', column: str = 'table:visibility="collapse"'
) -> Path:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    lines = [
        f"<table:table-row {row if n == 2 else ''}>{''.join(map(cell.format, r))}</table:table-row>"
        for n, r in enumerate(ROWS)
    ]
    columns = f'<table:table-column table:number-columns-repeated="2"/><table:table-column {column}/>'
    head = "".join(NAMES.format(n) for n in ("office", "table", "text"))
    body = f'<table:table table:name="Phiếu">{columns}{"".join(lines)}</table:table>'
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    inner = f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body>"
    with ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("META-INF/manifest.xml", manifest)
        book.writestr("content.xml", f"<office:document-content {head}>{inner}</office:document-content>")
    return path


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def xls(path: Path, filtered: bool = False, since_1904: bool = False) -> Path:
    """A binary workbook of one sheet whose third row and third column are hidden."""
    begin = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    epoch = record(0x22, struct.pack("<H", since_1904))
    name = "Phiếu".encode("utf-16-le")

    def bound(at: int) -> bytes:
        return record(0x85, struct.pack("<IBBBB", at, 0, 0, 5, 1) + name)

    at = len(begin + epoch + bound(0)) + 4
    sheet = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    sheet += record(0x7D, struct.pack("<5H", 2, 2, 2560, 15, 1) + b"\0\0")
    sheet += record(0x9B, b"") if filtered else b""
    for n, row in enumerate(ROWS):
        sheet += record(0x208, struct.pack("<6HI", n, 0, 3, 255, 0, 0, 0x20 if n == 2 else 0))
        for column, text in enumerate(row):
            sheet += record(
                0x204, struct.pack("<4HB", n, column, 15, len(text), 1) + text.encode("utf-16-le")
            )
    stream = begin + epoch + bound(at) + record(0x0A, b"") + sheet + record(0x0A, b"")
    stream = stream.ljust(4096, b"\0")
    count = -(-len(stream) // 512)
    table = [0xFFFFFFFD, END, *(n + 1 for n in range(2, count + 1)), END]
    table += [0xFFFFFFFF] * (128 - len(table))
    head = old_books.SIGNATURE + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<9I", 0, 1, 1, 0, 4096, END, 0, END, 0) + struct.pack(
        "<109I", 0, *[0xFFFFFFFF] * 108
    )

    def entry(title: str, kind: int, start: int, size: int, child: int) -> bytes:
        written = title.encode("utf-16-le") + b"\0\0"
        told = written.ljust(64, b"\0") + struct.pack(
            "<HBBIII", len(written), kind, 1, *[0xFFFFFFFF] * 2, child
        )
        return told + b"\0" * 36 + struct.pack("<III", start, size, 0)

    folder = entry("Root Entry", 5, END, 0, 1) + entry("Workbook", 2, 2, len(stream), 0xFFFFFFFF)
    path.write_bytes(
        head + struct.pack("<128I", *table) + folder.ljust(512, b"\0") + stream.ljust(count * 512, b"\0")
    )
    return path


@pytest.mark.parametrize("make", [ods, xls])
def test_hidden_rows_and_columns_are_left_out_and_told_unless_chosen(make, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = make(tmp_path / f"phieu.{make.__name__}")
    with formats.open(path) as source:
        table = source.tables[0]
        assert table.columns == ["Loài", "Ngày"]
        assert [r["Loài"] for b in table.batches(10) for r in b.to_pylist()] == ["Khỉ vàng", "Gấu"]
        found = {w.code: w for w in source.warnings}
    assert found["hidden_rows"].rows == (3,) and "SĐT" in found["hidden_columns"].vi
    with formats.open(path, hint={"hidden": "read"}) as source:
        assert source.tables[0].columns == ["Loài", "Ngày", "SĐT"] and source.tables[0].count() == 3


def test_an_ods_filter_and_groups_hide_too(tmp_path: Path) -> None:
    assert old_books.of_ods(ods(tmp_path / "a.ods", 'table:visibility="filter"', "")) == {
        "Phiếu": ({2}, set(), True)
    }
    plain = ods(tmp_path / "b.ods", "", "")
    assert old_books.of_ods(plain) == {"Phiếu": (set(), set(), False)}


def test_an_xls_tells_its_filter_and_its_epoch(tmp_path: Path) -> None:
    assert old_books.of_xls(xls(tmp_path / "a.xls", True, True)) == ({"Phiếu": ({2}, {2}, True)}, True)


@pytest.mark.parametrize("cut", [30, 100, 512, 900, 1600, 4000])
def test_a_damaged_xls_tells_nothing_and_stops_nothing(cut: int, tmp_path: Path) -> None:
    path = xls(tmp_path / "a.xls")
    path.write_bytes(path.read_bytes()[:cut])
    assert isinstance(old_books.of_xls(path)[0], dict)
