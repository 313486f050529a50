"""The pages of an import: upload, how it was read, what would happen, what happened, back again."""

import contextlib
import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

import formats
from baoton.kit import blobs, jobs
from baoton.kit.access import Actor, Scope
from baoton.kit.ids import new_id
from baoton.kit.importing import TARGETS, Plan, opened, receive
from baoton.kit.importing import generic as generic_targets
from baoton.kit.importing.files import claim, plan_for
from baoton.kit.importing.notes import URGENT
from baoton.kit.importing.outcome import OUTCOMES, batches, words
from baoton.kit.importing.plan import TablePlan
from baoton.kit.importing.proposing import propose
from baoton.kit.importing.questions import accept, key
from baoton.kit.importing.remembering import remember
from baoton.kit.importing.rules import RULES
from baoton.kit.importing.target import LEFT_OUT, Review, Target, by_name
from baoton.kit.models import ImportBatch, Job
from baoton.kit.pages.uploads import held, trouble_of
from baoton.kit.reading.asking import actor_of
from baoton.kit.reading.exporting import scratch
from baoton.kit.reading.retold import retold
from baoton.kit.writing.verb import ACTIONS
from formats import crs, meaning

SHOWN_ROWS = 5
STANDING = (ImportBatch.State.DONE, ImportBatch.State.HALF)
AGAIN = (ImportBatch.State.CANCELLED, ImportBatch.State.FAILED)
AT_WORK = (Job.State.WAITING, Job.State.RUNNING)
READING = ("plan", "dataset", "target")


def allowed(actor: Actor) -> list[Target]:
    """The registers the actor may bring files into."""
    return [t for t in TARGETS.values() if actor.scopes(t.verb)]


def batch_or_404(actor: Actor, pk: Any) -> ImportBatch:
    """The batch, if it is the actor's own, or the actor may import and see every true place of its registers."""
    batch = get_object_or_404(ImportBatch, pk=pk)
    if batch.actor_id == actor.actor_id:
        return batch
    names = {t.target for t in Plan.from_json(batch.plan).tables if t.target}
    verbs = [v for n in names for v in (by_name(n).verb, f"{n}.see", f"{n}.see_precise") if v in ACTIONS]
    if verbs and all(Scope() in actor.scopes(v) for v in verbs):
        return batch
    raise Http404(str(pk))


@login_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """A file is chosen, its size limit known beforehand; what the system read of it comes next."""
    actor = actor_of(request)
    targets = allowed(actor)
    if not targets:
        raise PermissionDenied(_("Bạn chưa được giao nhập tệp vào sổ nào."))
    chosen = request.POST.get("target") or request.GET.get("target", "")
    context = {
        "targets": targets,
        "chosen": chosen,
        "limit": settings.UPLOAD_LIMIT_MB,
        "recent": ImportBatch.objects.filter(actor_id=actor.actor_id)[:20],
        "template": chosen if chosen in TARGETS and not TARGETS[chosen].dataset.held else "",
    }
    upload = request.FILES.get("file")
    if request.method == "POST":
        context["trouble"] = trouble_of(upload)
        if not context["trouble"]:
            return _received(request, actor, upload, chosen)
    return render(request, "kit/import_start.html", context)


def _received(request: HttpRequest, actor: Actor, upload: Any, chosen: str) -> HttpResponse:
    with held(upload) as path:
        batch = receive(actor, path, upload.name)
    target = chosen if chosen in TARGETS else None
    if not plan_for(batch, target, request.POST.get("dataset") or None):
        return redirect("import-batch", batch.pk)
    return redirect("import-plan", batch.pk)


@login_required
@require_http_methods(["GET", "POST"])
def plan_page(request: HttpRequest, pk: Any) -> HttpResponse:
    """What was read of the file, what each column is taken for, and every way to correct it."""
    actor = actor_of(request)
    batch = batch_or_404(actor, pk)
    if batch.state not in {ImportBatch.State.UPLOADED, ImportBatch.State.CHECKED}:
        return redirect("import-batch", pk)
    plan = Plan.from_json(batch.plan)
    with opened(batch, plan.hint) as source:
        if request.method == "POST" and request.POST.get("reread"):
            plan_for(batch, None, plan.dataset, {"hint": _hint(plan, request.POST)})
            return redirect(
                "import-plan" if batch.state == ImportBatch.State.UPLOADED else "import-batch", pk
            )
        if request.method == "POST":
            proposed = propose(source, None, plan.dataset, {"hint": plan.hint}, batch.organisation)
            if fresh := _corrected(plan, request.POST):
                return _headed(request, batch, plan, source, fresh)
            remember(actor, batch.organisation, plan, proposed)
            batch.plan, batch.dataset = plan.as_json(), plan.dataset
            batch.target = ", ".join(dict.fromkeys(t.target for t in plan.ordered() if t.target))[:80]
            return _ask(request, actor, batch, "import.check", _("Kiểm tra tệp %(name)s"), READING)
        tables = [_shown(source.table(t.table), t, actor) for t in plan.tables]
    context = {
        "batch": batch, "plan": plan, "tables": tables, "systems": crs.systems(), "left_out": LEFT_OUT,
        "needs_dataset": any(by_name(t.target).dataset.held for t in plan.tables if t.target),
    }  # fmt: skip
    return render(request, "kit/import_plan.html", context)


def _hint(plan: Plan, given: Mapping[str, Any]) -> dict[str, Any]:
    """How the file is to be opened, as the form says; a blank choice is left to the system."""
    hint = {
        k: v
        for k, v in plan.hint.items()
        if k not in {"encoding", "delimiter", "header_row", "crs", "hidden"}
    }
    for name in ("encoding", "delimiter", "crs", "hidden"):
        value = str(given.get(f"hint-{name}") or "").strip(" ")
        if value:
            hint[name] = "\t" if value in {"tab", "\\t"} else value
    row = str(given.get("hint-header_row") or "").strip()
    if row.isdigit():
        hint["header_row"] = int(row)
    return hint


def _shown(table: formats.Table, plan: TablePlan, actor: Actor) -> dict[str, Any]:
    """One table as the page shows it: its first rows, and for each column the term it is taken for."""
    sample = table.sample(SHOWN_ROWS)
    target = by_name(plan.target) if plan.target else None
    fields = list(target.fields) if target else []
    reasons = meaning.reasons(table, english=get_language() == "en")
    columns = []
    for number, column in enumerate(table.columns):
        term = plan.columns.get(column, "")
        columns.append(
            {
                "number": number, "name": column, "term": term,
                "unread": not term and plan.unread.get(column) in ("date", "place"),
                "kept": term and term != LEFT_OUT and not any(f.term == term for f in fields),
                "why": reasons.get(column, ""),
                "cells": [v for v in sample.column(column).to_pylist() if v][:3], "key": column in plan.key,
            }
        )  # fmt: skip
    missing = [f for f in fields if f.term not in plan.columns.values()]
    return {
        "plan": plan, "name": table.name, "rows": table.count(), "target": target, "fields": fields,
        "targets": allowed(actor), "columns": columns, "missing": missing, "shape": "_wkb" in table.schema.names,
        "constants": plan.constants, "lacking": any(f.required for f in missing),
    }  # fmt: skip


def _headed(
    request: HttpRequest, batch: ImportBatch, plan: Plan, source: formats.Source, fresh: dict[str, str]
) -> HttpResponse:
    """Tables that were just given a book are read by its words, and their columns are asked before any check."""
    asked = {"hint": plan.hint, "tables": {name: {"target": target} for name, target in fresh.items()}}
    proposed = {t.table: t for t in propose(source, None, plan.dataset, asked, batch.organisation).tables}
    plan.tables = [proposed[t.table] if t.table in fresh else t for t in plan.tables]
    told = {"plan": plan.as_json(), "dataset": plan.dataset, "state": ImportBatch.State.UPLOADED}
    rows = ImportBatch.objects.filter(pk=batch.pk, state=batch.state)
    rows.update(**told, target=", ".join(dict.fromkeys(t.target for t in plan.ordered() if t.target))[:80])
    messages.info(request, _("Đã chọn sổ cho bảng; xem mỗi cột nghĩa là gì, rồi kiểm tra thử."))
    return redirect("import-plan", batch.pk)


def _corrected(plan: Plan, given: Mapping[str, Any]) -> dict[str, str]:
    """The plan as the form says; which tables got a book whose columns nobody could name yet."""
    fresh: dict[str, str] = {}
    plan.dataset = str(given.get("dataset") or plan.dataset).strip()[:200]
    plan.title = str(given.get("title") or plan.title).strip()[:400]
    plan.overwrite = given.get("overwrite") == "1"
    plan.recognise = given.get("recognise") == "1"
    for i, table in enumerate(plan.tables):
        chosen = str(given.get(f"target-{i}", table.target))
        before = (table.target, dict(table.columns))
        if chosen != table.target:
            table.target = chosen if chosen in TARGETS else ""
            table.why = "" if table.target else _("Người nhập chọn để lại bảng này.")
        table.crs = str(given.get(f"crs-{i}", table.crs))
        table.date_order = str(given.get(f"order-{i}", table.date_order))
        table.short_years = str(given.get(f"years-{i}", table.short_years))
        names: list[str] = given.getlist(f"column-{i}") if hasattr(given, "getlist") else []
        terms: list[str] = given.getlist(f"term-{i}") if hasattr(given, "getlist") else []
        for column, term in zip(names, terms, strict=False):
            if term:
                table.columns[column] = term
            else:
                table.columns.pop(column, None)
        table.key = given.getlist(f"key-{i}") if hasattr(given, "getlist") else table.key
        for name, value in given.items():
            if name.startswith(f"constant-{i}-"):
                term = name.removeprefix(f"constant-{i}-")
                table.constants.pop(term, None)
                if str(value).strip():
                    table.constants[term] = str(value).strip()
        if table.target and table.target != before[0] and table.columns == before[1]:
            fresh[table.table] = table.target
    return fresh


def _ask(
    request: HttpRequest, actor: Actor, batch: ImportBatch, kind: str, label: str, save: tuple[str, ...] = ()
) -> HttpResponse:
    """The batch is claimed for one job; a second click, or another tab, is led to the job that has it."""
    key = new_id()
    if kind == "import.undo":
        rows = ImportBatch.objects.filter(pk=batch.pk, state__in=STANDING)
        unfinished = Job.objects.filter(state__in=AT_WORK)
        got = bool(rows.exclude(job_id__in=unfinished.values("pk")).update(job_id=key))
    else:
        got = claim(batch, key)
    if not got:
        batch.refresh_from_db()
        mine = Job.objects.filter(actor_id=actor.actor_id)
        if batch.job_id and (
            at_work := mine.filter(Q(kind=kind) | Q(state__in=AT_WORK), pk=batch.job_id).first()
        ):
            return redirect("job", at_work.pk)
        state = batch.get_state_display()
        messages.error(
            request,
            _("Lần nhập này đang ở trạng thái “%(state)s”, không làm được việc đó.") % {"state": state},
        )
        return redirect("import-batch", batch.pk)
    if save:
        batch.save(update_fields=save)
    job = jobs.ask(actor, kind, label % {"name": batch.file_name}, key=key, batch=str(batch.pk))
    if job.state == job.State.DONE and job.result_url:
        return redirect(job.result_url)
    return redirect("job", job.pk)


@login_required
@require_GET
def batch_page(request: HttpRequest, pk: Any) -> HttpResponse:
    """Totals that add up, why rows were refused, what would change, and what can be done next."""
    actor = actor_of(request)
    batch = batch_or_404(actor, pk)
    plan = Plan.from_json(batch.plan)
    targets = [by_name(t.target) for t in plan.tables if t.target]
    counts = batch.counts
    lines = [
        (name, [c.get(o, 0) for o in OUTCOMES], c.get("rows", 0), counts.get("keyed", {}).get(name, ""))
        for name, c in counts.get("tables", {}).items()
    ]
    total = counts.get("total")
    rules, left = (
        [{**r, "words": RULES.get(r["rule"], r["rule"])} for r in counts.get(kind, [])]
        for kind in ("rules", "left")
    )
    asked = counts.get("questions", [])
    open_ = {q["key"] for q in asked}
    context = {
        "batch": batch, "plan": plan, "targets": targets, "error": counts.get("error"), "lines": lines,
        "heads": [words(o) for o in OUTCOMES], "total": [total[o] for o in OUTCOMES] if total else None,
        "sum": total["rows"] if total else 0, "rules": rules, "left": left,
        "asked": [replace(t, why=retold(t.why)) for t in plan.tables if not t.target and t.why],
        "first": {kind: _retold(rows) for kind, rows in counts.get("first", {}).items()},
        "notes": [n for n in batch.warnings if n["code"] not in URGENT],
        "questions": asked, "urgent": [n for n in batch.warnings if n["code"] in URGENT and key(n) not in open_],
        "summary": [(retold(label), retold(told)) for label, told in counts.get("summary", [])],
        "maps": _maps(counts.get("places", {})),
        "undone": counts.get("undone"), "stayed": counts.get("stayed", []),
        "reviews": _reviews(batch, targets), "values": bool(_unknown_values(batch)),
        "may_undo": batch.state in STANDING and all(actor.scopes(t.verb) for t in targets),
        "refused": total["refused"] if total and batch.outcome_sha256 else 0,
        "again": batch.state in AGAIN or (batch.state == ImportBatch.State.UPLOADED and batch.ended),
        "nothing": bool(total) and not (total["created"] or total["updated"]),
    }  # fmt: skip
    return render(request, "kit/import_batch.html", context)


def _retold(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the outcome file with their reasons in the reader's language."""
    return [{**r, "message": retold(r["message"] or "")} for r in rows]


def _maps(places: Mapping[str, Any]) -> list[Any]:
    """Where the rows lie, a drawing for each register that draws."""
    found = ((TARGETS[name].tells.draw, told) for name, told in places.items() if name in TARGETS and told)
    return [drawn for draw, told in found if draw is not None and (drawn := draw(told)) is not None]


def _reviews(batch: ImportBatch, targets: list[Target]) -> list[tuple[Review, int]]:
    """The review steps of this file with how much there is to look at."""
    held = review_of(batch)
    steps = {t.tells.review.name: t.tells.review for t in targets if t.tells.review}
    return [(step, step.waiting(held[name])) for name, step in steps.items() if name in held]


def review_of(batch: ImportBatch) -> dict[str, Any]:
    """What the last check set aside for a person to look at."""
    sha256 = batch.counts.get("review_sha256")
    return json.loads(blobs.path_of(sha256).read_bytes()) if sha256 else {}


@login_required
@require_POST
def answered(request: HttpRequest, pk: Any) -> HttpResponse:
    """One question of the file is answered with "as it is"; what it means for a column is remembered."""
    actor = actor_of(request)
    batch = batch_or_404(actor, pk)
    plan, before = Plan.from_json(deepcopy(batch.plan)), Plan.from_json(batch.plan)
    asked = batch.counts.get("questions", [])
    if batch.state == ImportBatch.State.CHECKED and accept(plan, request.POST.get("question", ""), asked):
        remember(actor, batch.organisation, plan, before)
        batch.plan = plan.as_json()
        left = [q for q in asked if q["key"] != request.POST["question"]]
        batch.counts = {**batch.counts, "questions": left}
        batch.save(update_fields=["plan", "counts"])
    return redirect("import-batch", pk)


@login_required
@require_POST
def act(request: HttpRequest, pk: Any, verb: str) -> HttpResponse:
    """The checked file is checked again, written, or taken back, as a job."""
    actor = actor_of(request)
    batch = batch_or_404(actor, pk)
    kinds = {
        "kiem-tra": ("import.check", _("Kiểm tra tệp %(name)s")),
        "ghi": ("import.write", _("Nhập tệp %(name)s")),
        "hoan-tac": ("import.undo", _("Hoàn tác lần nhập %(name)s")),
    }
    if verb not in kinds:
        raise Http404(verb)
    kind, label = kinds[verb]
    if not batch.plan:  # its file could not be read when it came
        return redirect("import-plan" if plan_for(batch) else "import-batch", pk)
    return _ask(request, actor, batch, kind, label)


def _unknown_values(batch: ImportBatch) -> list[tuple[str, str, str, int]]:
    """Coded cells nobody knows: table, column, value, how often."""
    if not batch.outcome_sha256 or not any(
        r["rule"] == "unknown_value" for r in batch.counts.get("rules", [])
    ):
        return []
    frame = pl.read_parquet(blobs.path_of(batch.outcome_sha256), columns=["table", "column", "value", "rule"])
    found = frame.filter(pl.col("rule") == "unknown_value").group_by("table", "column", "value").len()
    return found.sort(["len", "table", "column", "value"], descending=[True, False, False, False]).rows()


@login_required
@require_http_methods(["GET", "POST"])
def values_page(request: HttpRequest, pk: Any) -> HttpResponse:
    """Every coded value nobody knew is given a meaning once, and remembered."""
    actor = actor_of(request)
    batch = batch_or_404(actor, pk)
    plan = Plan.from_json(batch.plan)
    before = Plan.from_json(batch.plan)
    tables = {t.table: t for t in plan.tables}
    lines = []
    for n, (table, column, value, count) in enumerate(_unknown_values(batch)):
        one = tables[table]
        term = one.columns.get(column, column)
        field = by_name(one.target).field_of(term)
        options = list(dict.fromkeys(field.values.values())) if field else []
        lines.append(
            {
                "number": n,
                "table": table,
                "column": column,
                "value": value,
                "count": count,
                "options": options,
            }
        )
        meant = request.POST.get(f"meant-{n}", "") if request.method == "POST" else ""
        if meant:
            one.values.setdefault(term, {})[value] = "" if meant == LEFT_OUT else meant
    if request.method == "POST":
        remember(actor, batch.organisation, plan, before)
        batch.plan = plan.as_json()
        return _ask(request, actor, batch, "import.check", _("Kiểm tra tệp %(name)s"), READING)
    return render(request, "kit/import_values.html", {"batch": batch, "lines": lines, "left_out": LEFT_OUT})


@login_required
@require_http_methods(["GET", "POST"])
def review_page(request: HttpRequest, pk: Any, name: str) -> HttpResponse:
    """A step that only the domain understands, such as what unknown names mean."""
    actor = actor_of(request)
    batch = batch_or_404(actor, pk)
    steps = [by_name(t.target).tells.review for t in Plan.from_json(batch.plan).tables if t.target]
    step = next((s for s in steps if s is not None and s.name == name), None)
    if step is None:
        raise Http404(name)
    held = review_of(batch).get(name, {})
    if request.method == "POST":
        told = step.decide(actor, held, request.POST)
        messages.success(request, told)
        return _ask(request, actor, batch, "import.check", _("Kiểm tra tệp %(name)s"))
    context = {"batch": batch, "step": step, **step.context(actor, held, request.GET)}
    return render(request, step.template, context)


@login_required
@require_GET
def outcome_file(request: HttpRequest, pk: Any, kind: str) -> HttpResponseBase:
    """One line for each row of the file, as Excel or text."""
    batch = batch_or_404(actor_of(request), pk)
    if kind not in {"xlsx", "csv"} or not batch.outcome_sha256:
        raise Http404(kind)
    return _sent(f".{kind}", f"ket-qua-{Path(batch.file_name).stem}.{kind}", lambda path: (
        formats.write_xlsx(path, {_("kết quả"): batches(batch.outcome_sha256)}) if kind == "xlsx"
        else formats.write_csv(path, batches(batch.outcome_sha256))
    ))  # fmt: skip


@login_required
@require_GET
def template_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """An empty sheet with the register's own columns."""
    if name not in TARGETS:
        raise Http404(name)
    target = TARGETS[name]
    return _sent(
        ".xlsx", f"mau-{name.replace('.', '-')}.xlsx", lambda path: generic_targets.template(target, path)
    )


@login_required
@require_GET
def source_file(request: HttpRequest, pk: Any) -> HttpResponseBase:
    """The file as it came."""
    batch = batch_or_404(actor_of(request), pk)
    return FileResponse(blobs.path_of(batch.sha256).open("rb"), as_attachment=True, filename=batch.file_name)


def _sent(suffix: str, name: str, write: Any) -> HttpResponseBase:
    path = scratch(suffix)
    try:
        write(path)
        handle = path.open("rb")
    finally:
        with contextlib.suppress(OSError):
            path.unlink()
    return FileResponse(handle, as_attachment=True, filename=name)
