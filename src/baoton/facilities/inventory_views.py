"""The campaign page of the count of growers without a code: each commune's progress, the list as Word and Excel."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from baoton.facilities.actions import inventory
from baoton.facilities.models import Document
from baoton.facilities.paper_views import as_word
from baoton.facilities.papers.inventory import HEADS, INVENTORY, rows
from baoton.kit.access import may, require
from baoton.kit.reading import exporting
from baoton.kit.reading.asking import actor_of
from baoton.kit.reading.register import REGISTERS

MORE = (("Nguồn giống", "origin", 4.0), ("Tình trạng", "state", 4.0), ("Ghi chú", "note", 5.0))


@login_required
@require_GET
def campaign(request: HttpRequest) -> HttpResponse:
    """How far each commune is, how many days are left, and what may be done next."""
    actor = actor_of(request)
    require(actor, "facilities.planted.see")
    told, due = inventory.progress(actor), inventory.due()
    book, canvass = REGISTERS["facilities.planted"], REGISTERS["facilities.canvass"]
    context = {
        "rows": told,
        "done": sum(r["finished"] is not None for r in told),
        "total": {k: sum(r[k] or 0 for r in told) for k in ("growers", "rows", "applied")},
        "due": due,
        "left": (due.value - timezone.localdate()).days,
        "book": book,
        "canvass": canvass,
        "may_add": may(actor, "facilities.planted.create"),
        "may_import": may(actor, "facilities.planted.import"),
        "may_finish": may(actor, "facilities.canvass.create"),
        "may_issue": may(actor, "facilities.document.issue"),
    }
    return render(request, "facilities/inventory.html", context)


def _rows(request: HttpRequest) -> Any:
    actor = actor_of(request)
    require(actor, "facilities.planted.see")
    return REGISTERS["facilities.planted"].door(actor).rows()


@login_required
@require_GET
def excel(request: HttpRequest) -> HttpResponse:
    """The list of what the reader may see, as Excel ready to print."""
    told = HttpResponse(workbook(rows(_rows(request))), content_type=exporting.KINDS["xlsx"])
    told["Content-Disposition"] = 'attachment; filename="thong-ke-co-so-trong.xlsx"'
    return told


@login_required
@require_GET
def word(request: HttpRequest) -> HttpResponse:
    """The list of what the reader may see, as a draft."""
    listed = rows(_rows(request))
    draft = Document(kind="inventory", day=timezone.localdate())
    known = inventory.progress(actor_of(request))
    draft.listed = listed  # type: ignore[attr-defined]
    draft.progress = (sum(r["finished"] is not None for r in known), len(known))  # type: ignore[attr-defined]
    return as_word("thong-ke-co-so-trong", INVENTORY.sheet.filled(draft))


@login_required
@require_POST
def issue(request: HttpRequest) -> HttpResponse:
    """The list of the province is issued with a number."""
    made = inventory.issue(actor_of(request))
    messages.success(request, _("Đã ban hành danh sách số %(number)s.") % {"number": made.number})
    return redirect(reverse("record", args=["facilities-document", made.pk]))


def workbook(told: list[dict[str, Any]]) -> bytes:
    """The list as Excel: A4 across, heads on every page, words that begin with = stay words."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, Side
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Thống kê"
    heads = (*HEADS, *MORE)
    sheet.append(["DANH SÁCH CƠ SỞ TRỒNG LOÀI NGUY CẤP, QUÝ, HIẾM TRƯỚC NĂM 2026 CHƯA CÓ MÃ SỐ"])
    sheet.append([head for head, _key, _cm in heads])
    for row in told:
        sheet.append([row[key] for _head, key, _cm in heads])
    thin = Side(style="thin")
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            cell.border = Border(top=thin, bottom=thin, left=thin, right=thin)
            cell.font = Font(name="Times New Roman", size=11, bold=cell.row == 2)
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            if isinstance(cell.value, str):
                cell.data_type = "s"
    sheet["A1"].font = Font(name="Times New Roman", size=13, bold=True)
    for n, (_head, _key, cm) in enumerate(heads, 1):
        sheet.column_dimensions[get_column_letter(n)].width = cm * 4.6
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "2:2"
    out = BytesIO()
    book.save(out)
    return out.getvalue()
