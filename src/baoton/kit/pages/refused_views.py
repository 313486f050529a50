"""After a refusal: the refused rows alone, mended in the browser, or downloaded, mended in a sheet and sent again."""

import csv
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from baoton.kit import blobs
from baoton.kit.importing import Plan, receive, refused
from baoton.kit.importing.files import plan_for
from baoton.kit.importing.plan import TablePlan
from baoton.kit.models import ImportBatch
from baoton.kit.pages.import_views import batch_or_404
from baoton.kit.pages.uploads import held, trouble_of
from baoton.kit.reading.asking import actor_of
from baoton.kit.reading.exporting import scratch
from baoton.kit.reading.retold import retold

CHOICES = ("target", "columns", "constants", "values", "key", "crs", "date_order", "short_years")


def choices(plan: Plan) -> dict[str, Any]:
    """What was chosen for each table, so that a second file of the same kind is read the same way."""
    return {
        "overwrite": plan.overwrite,
        "recognise": plan.recognise,
        "tables": {t.table: {c: getattr(t, c) for c in CHOICES} for t in plan.tables if t.target},
    }


def sent_again(actor: Any, before: ImportBatch, path: Path, name: str, *, same: bool = False) -> ImportBatch:
    """A new import of mended rows into the dataset of the first one, by the choices made for it.

    The `same` file is opened too as it was the first time.
    """
    plan = Plan.from_json(before.plan)
    batch = receive(actor, path, name)
    asked = choices(plan) | ({"hint": plan.hint} if same else {})
    tables: Mapping[str, Any] = asked.pop("tables")
    if len(tables) == 1:
        asked |= next(iter(tables.values()))
    else:
        asked["tables"] = {t[:31]: c for t, c in tables.items()} | dict(tables)
    plan_for(batch, None, plan.dataset, asked)
    return batch


@login_required
@require_http_methods(["GET", "POST"])
def mend(request: HttpRequest, pk: Any) -> HttpResponse:
    """The refused rows of one table as a grid; what was mended is checked as a file of its own."""
    actor = actor_of(request)
    batch = batch_or_404(actor, pk)
    if not batch.outcome_sha256:
        raise Http404(str(pk))
    found = dict(refused.tables(batch))
    name = request.GET.get("table") or request.POST.get("table") or next(iter(found), "")
    if name not in found:
        return redirect("import-batch", pk)
    frame = found[name]
    plan = next(t for t in Plan.from_json(batch.plan).tables if t.table == name)
    columns = [c for c in frame.columns if c not in {*refused.HIDDEN, "_why", "_cell"}]
    shown = frame.head(refused.MOST)
    if request.method == "POST":
        return _mended(request, actor, batch, plan, columns)
    rows = [
        {
            "row": row["_row"],
            "why": retold(row["_why"] or ""),
            "cells": [{"column": c, "value": row[c] or "", "wrong": c == row["_cell"]} for c in columns],
        }
        for row in shown.iter_rows(named=True)
    ]
    context = {
        "batch": batch, "table": name, "tables": list(found), "columns": columns, "span": len(columns) + 1,
        "rows": rows, "all": len(frame),
        "shape": "_wkb" in frame.columns, "shown": len(rows),
    }  # fmt: skip
    return render(request, "kit/import_mend.html", context)


def _mended(
    request: HttpRequest, actor: Any, batch: ImportBatch, plan: TablePlan, columns: list[str]
) -> HttpResponse:
    """The rows of the form as a text file, read as the first file was; rows marked to be left are not in it."""
    numbers = request.POST.getlist("row")
    cells = [request.POST.getlist(f"cell-{i}") for i in range(len(columns))]
    leave = set(request.POST.getlist("leave"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sua.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(
                [one[k] for one in cells] for k, number in enumerate(numbers) if number not in leave
            )
        stem = Path(batch.file_name).stem
        again = sent_again(actor, batch, path, f"{stem} {_('đã sửa')}.csv"[:300])
    return redirect("import-plan" if again.plan else "import-batch", again.pk)


@login_required
@require_GET
def download(request: HttpRequest, pk: Any) -> HttpResponseBase:
    """The refused rows as a workbook with the reason beside each."""
    batch = batch_or_404(actor_of(request), pk)
    path = scratch(".xlsx")
    try:
        if not batch.outcome_sha256 or not refused.write(batch, path):
            raise Http404(str(pk))
        handle = path.open("rb")
    finally:
        path.unlink(missing_ok=True)
    return FileResponse(handle, as_attachment=True, filename=f"tu-choi-{Path(batch.file_name).stem}.xlsx")


@login_required
@require_http_methods(["POST"])
def again(request: HttpRequest, pk: Any) -> HttpResponse:
    """A mended file takes the choices of the import whose rows it mends; what was undone may begin anew as it came."""
    actor = actor_of(request)
    before = batch_or_404(actor, pk)
    upload = request.FILES.get("file")
    if upload is None and before.state == ImportBatch.State.UNDONE:
        batch = sent_again(actor, before, blobs.path_of(before.sha256), before.file_name, same=True)
        return redirect("import-plan" if batch.plan else "import-batch", batch.pk)
    if upload is None:
        return redirect("import-batch", pk)
    if trouble := trouble_of(upload):
        messages.error(request, trouble)
        return redirect("import-batch", pk)
    with held(upload) as path:
        batch = sent_again(actor, before, path, str(upload.name))
    return redirect("import-plan" if batch.plan else "import-batch", batch.pk)


def count(batch: ImportBatch) -> int:
    """How many rows were refused."""
    return int(batch.counts.get("total", {}).get("refused", 0)) if batch.outcome_sha256 else 0


__all__ = ["again", "choices", "count", "download", "mend"]
