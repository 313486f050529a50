"""The comparison of two maps as a page and a workbook; the papers and map sheets of a proposal."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

import formats
from baoton.files.queries import of_record
from baoton.habitats.changes.tables import Tables, tables
from baoton.habitats.models import Comparison, Option, PhotoPoint, Proposal
from baoton.habitats.proposals.papers import PAPERS
from baoton.habitats.proposals.sheet import pdf
from baoton.kit.access import require
from baoton.kit.paper.paper import WORD
from baoton.kit.reading.asking import actor_of
from baoton.kit.reading.exporting import scratch
from baoton.kit.reading.register import REGISTERS
from baoton.places.queries import commune_choices


def comparison_or_404(request: HttpRequest, pk: Any) -> Comparison:
    """The comparison, if its reader may see it."""
    try:
        return REGISTERS["habitats.comparison"].get(actor_of(request), pk)  # type: ignore[no-any-return]
    except Comparison.DoesNotExist as error:
        raise Http404(str(pk)) from error


@login_required
@require_GET
def changes(request: HttpRequest, pk: Any) -> HttpResponse:
    """From and to, gains and losses, cover; of all communes or of the one asked for."""
    one = comparison_or_404(request, pk)
    area = request.GET.get("area", "")
    communes = commune_choices()
    if area and area not in dict(communes):
        raise Http404(area)
    told = tables(actor_of(request), one, area)
    context = {"comparison": one, "told": told, "area": area, "communes": communes}
    return render(request, "habitats/changes.html", context)


@login_required
@require_GET
def changes_file(request: HttpRequest, pk: Any) -> HttpResponseBase:
    """The same as an Excel file: the matrix, then a commune a row."""
    one = comparison_or_404(request, pk)
    told = tables(actor_of(request), one)
    path = scratch(".xlsx")
    formats.write_xlsx(
        path, {_("ma trận (ha)"): iter([_matrix(told)]), _("theo xã (ha)"): iter([_communes(told)])}
    )
    handle = path.open("rb")
    path.unlink()
    return FileResponse(handle, as_attachment=True, filename="thay-doi-rung.xlsx")


def _matrix(told: Tables) -> pa.RecordBatch:
    """A class before a row, the sums last."""
    columns: dict[str, Any] = {_("trước \\ sau"): [*(line.name for line in told.lines), _("tổng")]}
    for i, name in enumerate(told.columns):
        columns[name] = [*(line.cells[i] for line in told.lines), told.totals[i]]
    columns[_("tổng")] = [*(line.total for line in told.lines), told.whole]
    return pa.RecordBatch.from_pydict(
        {k: pa.array(v, pa.string() if i == 0 else pa.float64()) for i, (k, v) in enumerate(columns.items())}
    )


def _communes(told: Tables) -> pa.RecordBatch:
    def column(name: str) -> Iterator[Any]:
        return (getattr(c, name) for c in told.covers)

    names = {
        _("xã, phường"): "name", _("rừng trước"): "before", _("rừng sau"): "after", _("thành rừng"): "gained",
        _("mất rừng"): "lost", _("diện tích trên bản đồ"): "mapped", _("diện tích tự nhiên theo danh mục"): "listed",
        _("che phủ theo danh mục (%)"): "share", _("che phủ theo bản đồ (%)"): "of_map",
    }  # fmt: skip
    return pa.RecordBatch.from_pydict(
        {k: pa.array(list(column(v)), pa.string() if v == "name" else pa.float64()) for k, v in names.items()}
    )


@login_required
@require_GET
def paper(request: HttpRequest, pk: Any, name: str) -> HttpResponse:
    """A document of the proposal as a Word draft; the species in it stand as everybody may know them."""
    actor = actor_of(request)
    if name not in PAPERS:
        raise Http404(name)
    try:
        one = REGISTERS["habitats.proposal"].get(actor, pk)
    except Proposal.DoesNotExist as error:
        raise Http404(str(pk)) from error
    require(actor, "habitats.proposal.edit", one)
    answer = HttpResponse(PAPERS[name].filled(one), content_type=WORD)
    answer["Content-Disposition"] = f'attachment; filename="{name}.docx"'
    return answer


@login_required
@require_GET
def option_map(request: HttpRequest, pk: Any) -> HttpResponse:
    """The map sheet of an option as PDF."""
    try:
        one = REGISTERS["habitats.option"].get(actor_of(request), pk)
    except Option.DoesNotExist as error:
        raise Http404(str(pk)) from error
    try:
        made = pdf(one)
    except ValueError as error:
        raise Http404(_("Phương án chưa vẽ phân khu nào.")) from error
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="ban-do.pdf"'
    return answer


@login_required
@require_GET
def photo_point(request: HttpRequest, pk: Any) -> HttpResponse:
    """Two photos of one view on each other, the first and the last unless others are asked for."""
    book = REGISTERS["habitats.photopoint"]
    try:
        point = book.get(actor_of(request), pk)
    except PhotoPoint.DoesNotExist as error:
        raise Http404(str(pk)) from error
    if not point.door_precise:
        raise Http404(str(pk))
    found = sorted(
        of_record(point).filter(kind="photo"), key=lambda p: (p.taken is None, str(p.taken), str(p.pk))
    )
    photos = [(str(p.pk), f"{timezone.localtime(p.taken):%d/%m/%Y}" if p.taken else p.title) for p in found]
    by, many = dict(photos), len(photos) > 1
    before, after = (
        next((key for key in (request.GET.get(asked, ""), photos[at][0]) if key in by), "") if many else ""
        for asked, at in (("truoc", 0), ("sau", -1))
    )
    context = {"point": point, "book": book, "address": book.url(point), "photos": photos, "before": before,
               "after": after, "said": [by.get(before, ""), by.get(after, "")]}  # fmt: skip
    return render(request, "habitats/photo_point.html", context)
