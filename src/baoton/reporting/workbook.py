"""The yearly report as a workbook: figures, communes, species, how to read; real numbers, real days."""

from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils.translation import override

from baoton.kit.reading.register import REGISTERS
from baoton.reporting import queries
from baoton.reporting.communes import NOWHERE
from baoton.reporting.queries import NO_FIGURE
from baoton.reporting.species import legal
from baoton.reporting.word.given import Yearly
from baoton.reporting.word.template import SAYS_SIMULATED

FIGURES = (
    ("Mã chỉ tiêu", 26),
    ("Chỉ tiêu", 44),
    ("Đơn vị", 16),
    ("Giá trị", 12),
    ("Cận dưới 95%", 12),
    ("Cận trên 95%", 12),
    ("Số bản ghi", 12),
    ("Chưa rõ vì", 34),
    ("Sổ", 24),
    ("Điều kiện lọc", 60),
    ("Địa chỉ mở các bản ghi", 60),
    ("Cách tính", 30),
    ("Mã kiểm tra dữ liệu (sha256)", 66),
    ("Cần đạt trong năm", 12),
    ("So với chỉ tiêu", 16),
)
INNER = ("Mã chỉ tiêu", "Sổ", "Điều kiện lọc", "Địa chỉ mở các bản ghi", "Cách tính", "Mã kiểm tra dữ liệu (sha256)",
         "Người thông qua")  # fmt: skip
"""Columns that the public edition has not."""
APART = (
    ("Mã chỉ tiêu", 26), ("Chỉ tiêu", 44), ("Loài, loại", 44), ("Lớp, nhóm", 24), ("Giá trị", 12),
    ("Địa chỉ mở các bản ghi", 60),
)  # fmt: skip
SPECIES = (
    ("Tên khoa học", 30),
    ("Tên Việt Nam", 28),
    ("Nhóm theo luật", 26),
    ("Tính đến ngày", 13),
    ("Số ghi nhận", 12),
    ("Số năm có ghi nhận", 12),
    ("Số vị trí khác nhau", 12),
    ("EOO (km²)", 14),
    ("AOO (km²)", 14),
    ("Chưa rõ vì", 44),
    ("Hạng máy gợi ý", 14),
    ("Hạng đã thông qua", 18),
    ("Người thông qua", 24),
    ("Ngày thông qua", 14),
    ("Mã kiểm tra dữ liệu (sha256)", 66),
)
HOW = (
    "Mỗi con số đi kèm số bản ghi và địa chỉ mở đúng các bản ghi đó; ai mở thì thấy theo quyền của người đó.",
    "“chưa có số liệu” và ô “–” nghĩa là chưa biết, không phải bằng không; cột “Chưa rõ vì” nói lý do.",
    "Bảng theo xã, phường: ghi nhận và đợt điều tra đếm theo vị trí được phép công bố (loài cần bảo vệ theo "
    "ô lưới 0,1 độ); dòng “Không nêu xã, phường” là phần còn lại, nên cột đếm bản ghi cộng lại đủ toàn tỉnh.",
    "Số loài của các xã không cộng được với nhau: một loài có thể có ở nhiều xã.",
    "Cận dưới, cận trên: khoảng tin cậy 95 % của chỉ tiêu ước lượng; chỉ tiêu đếm thì để trống.",
    "So với chỉ tiêu: “chưa chắc” là khoảng tin cậy có cả phần đạt và phần chưa đạt; không có chỉ tiêu thì "
    "để trống.",
    "Mã kiểm tra dữ liệu (sha256) tính từ mã và lần sửa của từng bản ghi: cùng mã là cùng dữ liệu.",
    "EOO: diện tích bao lồi; AOO: số ô 2 × 2 km có mặt nhân 4 km². Hạng máy gợi ý không phải kết luận.",
)


def write(given: Yearly, path: Path) -> None:
    """The workbook stands in the file, its sheets named as the office says."""
    with override("vi"), xlsxwriter.Workbook(str(path), {"strings_to_urls": False}) as book:
        author = "" if given.edition.public else given.made_by
        made = datetime.combine(given.on, time())
        book.set_properties({"title": f"Báo cáo {given.scope.name}", "author": author, "created": made})
        sheets = _Sheets(book, given)
        sheets.figures()
        sheets.communes()
        if not given.edition.public:
            sheets.apart()
        sheets.species()
        sheets.how()


class _Sheets:
    """The four sheets of one workbook, in one set of formats."""

    def __init__(self, book: Any, given: Yearly) -> None:
        base = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
        self.book, self.given = book, given
        self.plain = book.add_format(base | {"text_wrap": True})
        self.head = book.add_format(
            base | {"bold": True, "text_wrap": True, "bg_color": "#E8EFE6", "border": 1, "valign": "vcenter"}
        )
        self.title = book.add_format(base | {"bold": True, "font_size": 14})
        self.warning = book.add_format(base | {"bold": True, "font_color": "#B00020"})
        self.whole = book.add_format(base | {"num_format": "#,##0"})
        self.real = book.add_format(base | {"num_format": "#,##0.00"})
        self.day = book.add_format(base | {"num_format": "dd/mm/yyyy"})
        self.name = book.add_format(base | {"italic": True})
        self.bold = book.add_format(base | {"bold": True, "num_format": "#,##0"})
        self.link = book.add_format(base | {"num_format": "#,##0", "font_color": "#0B5394", "underline": 1})

    def _sheet(self, name: str, title: str, heads: Sequence[tuple[str, float]], frozen: int) -> Any:
        """A sheet with its title, the word on simulated data, and a frozen heading in row 3."""
        sheet = self.book.add_worksheet(name)
        sheet.write(0, 0, title, self.title)
        if self.given.simulated:
            sheet.write(1, 0, SAYS_SIMULATED, self.warning)
            sheet.set_header(f"&C{SAYS_SIMULATED}")
        for i, (head, width) in enumerate(heads):
            sheet.set_column(i, i, width)
            sheet.write(2, i, head, self.head)
        sheet.set_row(2, 48)
        sheet.freeze_panes(3, frozen)
        sheet.repeat_rows(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&CTrang &P/&N")
        return sheet

    def _number(self, sheet: Any, row: int, column: int, value: float | None, style: Any = None) -> None:
        if value is None:
            return
        whole = float(value).is_integer()
        sheet.write_number(row, column, value, style or (self.whole if whole else self.real))

    def _has(self, heads: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
        """The columns that the edition has."""
        return [one for one in heads if not (self.given.edition.public and one[0] in INNER)]

    def figures(self) -> None:
        """One line a figure, with the query that opens its records."""
        heads = self._has(FIGURES)
        sheet = self._sheet("Số liệu", f"Số liệu của báo cáo {self.given.scope.name}", heads, 2)
        aims = self.given.aims
        for row, one in enumerate(self.given.figures, 3):
            aim = aims.get(one.name)
            address = f"{self.given.address}{one.address}" if one.address else ""
            values: Sequence[Any] = (
                one.name, one.label, one.unit, NO_FIGURE if one.value is None else one.value, one.low, one.high,
                one.count, one.why_unknown, one.book, one.sentence, address, one.method, one.input_hash,
                aim.value if aim else None, aim.word if aim else "",
            )  # fmt: skip
            told = dict(zip((name for name, _width in FIGURES), values, strict=True))
            for column, (name, _width) in enumerate(heads):
                value = told[name]
                if name == "Địa chỉ mở các bản ghi" and value:
                    sheet.write_url(row, column, value, self.plain)
                elif isinstance(value, str):
                    sheet.write_string(row, column, value, self.plain)
                else:
                    self._number(sheet, row, column, value)
        sheet.autofilter(2, 0, 2 + len(self.given.figures), len(heads) - 1)

    def communes(self) -> None:
        """One line a commune, one column a figure; every number opens its records."""
        told, public = self.given.told, self.given.edition.public
        heads = [("Mã", 12), ("Xã, phường", 24), *[(f"{c.label} ({c.unit})", 15.0) for c in told.columns]]
        sheet = self._sheet("Xã, phường", f"Theo xã, phường, {self.given.scope.name}", heads, 2)
        row = 3
        for path, name in told.rows:
            sheet.write_string(row, 0, path, self.plain)
            sheet.write_string(row, 1, name, self.plain)
            for column, one in enumerate(told.columns, 2):
                value = told.cell(path, one.name)
                if value is None:
                    sheet.write_string(row, column, "–", self.plain)
                    continue
                if public:
                    self._number(sheet, row, column, value)
                    continue
                asked = "&".join(f"{k}={v}" for k, v in {**one.query, "area": path}.items())
                sheet.write_url(
                    row, column, f"{self.given.address}{REGISTERS[one.register].url()}?{asked}", self.link
                )
                sheet.write_number(row, column, value, self.link)
            row += 1
        rest = [(NOWHERE, "Không nêu xã, phường")] if told.nowhere else []
        for path, name in rest:
            sheet.write_string(row, 1, name, self.plain)
            for column, one in enumerate(told.columns, 2):
                self._number(sheet, row, column, told.cell(path, one.name))
            row += 1
        sheet.write_string(row, 1, "Toàn tỉnh", self.bold)
        for column, one in enumerate(told.columns, 2):
            self._number(sheet, row, column, one.value, self.bold)

    def apart(self) -> None:
        """One line a part of a figure that is told apart; every number opens its rows."""
        sheet = self._sheet("Chia nhỏ", f"Số liệu chia nhỏ, {self.given.scope.name}", APART, 1)
        row = 3
        for told in self.given.figures:
            for part, n in queries.apart(told, self.given.period, self.given.area):
                for column, text in enumerate((told.name, told.label, part.row, part.column)):
                    sheet.write_string(row, column, text, self.plain)
                self._number(sheet, row, 4, n)
                sheet.write_url(row, 5, f"{self.given.address}{told.opens(part.query)}", self.plain)
                row += 1
        sheet.autofilter(2, 0, max(row - 1, 3), len(APART) - 1)

    def species(self) -> None:
        """One line a species, as its status was computed."""
        heads = self._has(SPECIES)
        sheet = self._sheet("Loài", f"Tình trạng loài, năm {self.given.year}", heads, 1)
        for row, one in enumerate(self.given.species, 3):
            adopted = one.status == one.Status.ADOPTED
            values: Sequence[Any] = (
                one.taxon.scientific_name, one.taxon.vernacular_vi, legal(one), one.on, one.records, one.years,
                one.places, one.eoo_km2, one.aoo_km2, one.why_unknown, one.indicated,
                one.category if adopted else "", one.adopted_by, one.adopted_on, one.input_hash,
            )  # fmt: skip
            told = dict(zip((name for name, _width in SPECIES), values, strict=True))
            for column, (name, _width) in enumerate(heads):
                value = told[name]
                if isinstance(value, str):
                    sheet.write_string(row, column, value, self.plain if column else self.name)
                elif isinstance(value, date):
                    self._day(sheet, row, column, value)
                else:
                    self._number(sheet, row, column, value)
        sheet.autofilter(2, 0, 2 + len(self.given.species), len(heads) - 1)

    def _day(self, sheet: Any, row: int, column: int, value: date | None) -> None:
        if value is not None:
            sheet.write_datetime(row, column, value, self.day)

    def how(self) -> None:
        """How to read the three others, and under which head of the audit chain they were made."""
        sheet = self.book.add_worksheet("Cách đọc")
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 100)
        sheet.write(0, 0, "Cách đọc bảng này", self.title)
        if self.given.simulated:
            sheet.write(1, 0, SAYS_SIMULATED, self.warning)
            sheet.set_header(f"&C{SAYS_SIMULATED}")
        public = self.given.edition.public
        how = [text for text in HOW if not (public and ("sha256" in text or "địa chỉ" in text))]
        for row, text in enumerate(how, 2):
            sheet.write_string(row, 1, text, self.plain)
        row = 3 + len(how)
        inner = (
            ("Người lập", self.given.made_by),
            ("Mã băm nhật ký", self.given.chain_head),
            ("Hệ thống", self.given.address),
        )
        for label, text in () if public else inner:
            sheet.write_string(row, 0, label, self.plain)
            sheet.write_string(row, 1, text, self.plain)
            row += 1
        sheet.write_string(row, 0, "Số liệu tính đến ngày", self.plain)
        self._day(sheet, row, 1, self.given.on)
