"""The yearly report as a workbook: figures, communes, species, how to read; real numbers, real days."""

from collections.abc import Sequence
from datetime import date
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
        book.set_properties({"title": f"Báo cáo {given.scope.name}", "author": given.made_by})
        sheets = _Sheets(book, given)
        sheets.figures()
        sheets.communes()
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

    def figures(self) -> None:
        """One line a figure, with the query that opens its records."""
        sheet = self._sheet("Số liệu", f"Số liệu của báo cáo {self.given.scope.name}", FIGURES, 2)
        aims = self.given.aims
        for row, one in enumerate(self.given.figures, 3):
            for column, text in ((0, one.name), (1, one.label), (2, one.unit), (7, one.why_unknown)):
                sheet.write_string(row, column, text, self.plain)
            if one.value is None:
                sheet.write_string(row, 3, NO_FIGURE, self.plain)
            self._number(sheet, row, 3, one.value)
            self._number(sheet, row, 4, one.low)
            self._number(sheet, row, 5, one.high)
            self._number(sheet, row, 6, one.count)
            for column, text in ((8, one.book), (9, one.sentence), (11, one.method), (12, one.input_hash)):
                sheet.write_string(row, column, text, self.plain)
            if aim := aims.get(one.name):
                self._number(sheet, row, 13, aim.value)
                sheet.write_string(row, 14, aim.word, self.plain)
            if one.address:
                sheet.write_url(row, 10, f"{self.given.address}{one.address}", self.plain)
        sheet.autofilter(2, 0, 2 + len(self.given.figures), len(FIGURES) - 1)

    def communes(self) -> None:
        """One line a commune, one column a figure; every number opens its records."""
        told = self.given.communes
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
        sheet = self._sheet("Loài", f"Tình trạng loài, năm {self.given.year}", SPECIES, 1)
        for row, one in enumerate(self.given.species, 3):
            sheet.write_string(row, 0, one.taxon.scientific_name, self.name)
            sheet.write_string(row, 1, one.taxon.vernacular_vi, self.plain)
            sheet.write_string(row, 2, legal(one), self.plain)
            self._day(sheet, row, 3, one.on)
            for column, value in enumerate((one.records, one.years, one.places, one.eoo_km2, one.aoo_km2), 4):
                self._number(sheet, row, column, value)
            adopted = one.status == one.Status.ADOPTED
            words = (one.why_unknown, one.indicated, one.category if adopted else "", one.adopted_by)
            for column, text in enumerate(words, 9):
                sheet.write_string(row, column, text, self.plain)
            self._day(sheet, row, 13, one.adopted_on)
            sheet.write_string(row, 14, one.input_hash, self.plain)
        sheet.autofilter(2, 0, 2 + len(self.given.species), len(SPECIES) - 1)

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
        for row, text in enumerate(HOW, 2):
            sheet.write_string(row, 1, text, self.plain)
        row = 3 + len(HOW)
        for label, text in (
            ("Người lập", self.given.made_by),
            ("Mã băm nhật ký", self.given.chain_head),
            ("Hệ thống", self.given.address),
        ):
            sheet.write_string(row, 0, label, self.plain)
            sheet.write_string(row, 1, text, self.plain)
            row += 1
        sheet.write_string(row, 0, "Số liệu tính đến ngày", self.plain)
        self._day(sheet, row, 1, self.given.on)
