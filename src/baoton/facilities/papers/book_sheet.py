"""A book of animals as a workbook in the layout of its form, filled or to be filled in."""

from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from baoton.facilities.models import CLASSES, Stock
from baoton.facilities.papers.book import CARRIED_WORD, MARKS_HEADING, heading, lines
from baoton.places.queries import unit_name

LINE = 15.0  # points


def workbook(stock: Stock, blank: int = 0) -> bytes:
    """The book as Excel in the layout of its form, ready to print: A4 across, headings on every page.

    With `blank` it is the form to fill in: what the book holds now, carried over, and so many empty rows.
    """
    with override("vi"):
        return _workbook(stock, blank)


def _workbook(stock: Stock, blank: int) -> bytes:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = f"Sổ {stock.pk.hex[:12]}"  # an import knows the book by the name of its sheet
    kinds = CLASSES[Stock.Form(stock.form)]
    n = len(kinds)
    width = 3 * n + 4
    facility, taxon = stock.facility, stock.taxon
    head = [
        _("SỔ THEO DÕI"),
        _("Cơ sở: %(name)s. Địa chỉ: %(where)s. Mã số: %(code)s.")
        % {
            "name": facility.name,
            "where": ", ".join(filter(None, (facility.village, unit_name(facility.area_path)))),
            "code": facility.code or _("chưa có"),
        },
        _("Loài: %(vi)s (%(latin)s). Mục đích: %(purpose)s. Đơn vị: %(unit)s.")
        % {
            "vi": taxon.vernacular_vi,
            "latin": taxon.scientific_name,
            "purpose": stock.purpose,
            "unit": stock.unit,
        },
    ]
    for i, text in enumerate(head, 1):
        sheet.cell(i, 1, text).font = Font(name="Times New Roman", size=14 if i == 1 else 12, bold=i == 1)
        sheet.merge_cells(start_row=i, start_column=1, end_row=i, end_column=width)
    top, low = 5, 6
    plain = ((1, _("ngày")), (2, _("tổng số")), (width - 1, _("lý do, ghi chú")), (width, _("xác nhận")))
    for column, word in plain:
        sheet.cell(low, column, word)
    groups = (("have", _("Số hiện có"), 3), ("came", _("Tăng"), 3 + n), ("went", _("Giảm"), 3 + 2 * n))
    for side, text, first in groups:
        sheet.cell(top, first, text)
        sheet.merge_cells(start_row=top, start_column=first, end_row=top, end_column=first + n - 1)
        for at, kind in enumerate(kinds, first):
            sheet.cell(low, at, heading(side, kind))  # each column its own words: a file is read by them
    for i in range(1, width + 1):
        sheet.cell(low + 1, i, i)
    rows = list(lines(stock))
    if blank and rows:
        held = rows[-1].held
        sheet.append([rows[-1].day, sum(held.values()), *(held.get(k, 0) for k in kinds), *[None] * (2 * n),
                      CARRIED_WORD, None])  # fmt: skip
    for row in () if blank else rows:
        told = [row.day, sum(row.held.values()), *(row.held.get(k, 0) for k in kinds)]
        told += [row.came.get(k) for k in kinds] + [row.went.get(k) for k in kinds] + [row.note, row.verified]
        sheet.append(told)
    thin = Side(style="thin")
    for cells in sheet.iter_rows(min_row=top, max_row=sheet.max_row + blank, max_col=width):
        for cell in cells:
            cell.border = Border(top=thin, bottom=thin, left=thin, right=thin)
            cell.font = Font(name="Times New Roman", size=11, bold=cell.row <= low)
            middle = cell.row <= low + 1 or cell.column < width - 1
            cell.alignment = Alignment(
                wrap_text=True, vertical="center", horizontal="center" if middle else "left"
            )
            if cell.column == 1 and cell.row > low + 1:
                cell.number_format = "dd/mm/yyyy"
    if blank:
        _marks_column(sheet, low, width + 1)
    for i in range(1, width + 1):
        sheet.column_dimensions[get_column_letter(i)].width = (
            12 if i == 1 else 34 if i == width - 1 else 16 if i == width else 9
        )
    for cells in sheet.iter_rows():
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # a word that begins with = stays a word
    for cells in sheet.iter_rows(min_row=low, max_row=sheet.max_row, max_col=width):
        sheet.row_dimensions[cells[0].row].height = LINE * max(1, *(_lines(sheet, cell) for cell in cells))
    sheet.print_area = f"A1:{get_column_letter(width)}{sheet.max_row}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{top}:{low + 1}"
    sheet.oddFooter.center.text = "&P/&N"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _lines(sheet: Any, cell: Any) -> int:
    """How many lines the words of a cell take in its column: not every program makes a row as tall as they are."""
    room = sheet.column_dimensions[get_column_letter(cell.column)].width - 1
    return -(-len(str(cell.value or "")) // int(room))


def _marks_column(sheet: Any, low: int, column: int) -> None:
    """Beside the official columns of a form to fill in: the marks of the animals that a row is about, as text."""
    head = sheet.cell(low, column, str(MARKS_HEADING))
    head.font, head.alignment = Font(name="Times New Roman", size=11, bold=True), Alignment(wrap_text=True)
    note = _(
        "Không bắt buộc: số dấu của các cá thể ở dòng này, cách nhau bằng “;”, ví dụ: chip 900164001; vòng 12."
    )
    head.comment = Comment(note, "")
    for row in range(low + 2, sheet.max_row + 1):
        sheet.cell(row, column).number_format = "@"  # a number of fifteen digits stays whole
    sheet.column_dimensions[get_column_letter(column)].width = 30
