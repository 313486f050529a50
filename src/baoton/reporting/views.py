"""The pages of reports: those made, making a new one in the background, its files, its figures beforehand."""

import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from baoton.kit import blobs, jobs
from baoton.kit.access import Actor, may, require
from baoton.kit.paper.pdf import pdf_of
from baoton.kit.reading.asking import actor_of, readable
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing.refusal import NotNow
from baoton.people.models import Person
from baoton.places.queries import commune_choices
from baoton.reporting import queries
from baoton.reporting.actions import DOCX, MAKE, SEE, XLSX
from baoton.reporting.actions import make as make_report
from baoton.reporting.beside.pages import others
from baoton.reporting.communes import Communes
from baoton.reporting.issuing.pages import sent
from baoton.reporting.missing import ask, missing
from baoton.reporting.models import Report
from baoton.reporting.own import drop_drafts, no_work
from baoton.reporting.periods import Period, between, choices, read
from baoton.reporting.queries import Told, years
from baoton.reporting.records import reading
from baoton.reporting.records.keeping import counted
from baoton.reporting.scopes.editions import editions
from baoton.reporting.scopes.scope import Scope, read_scope, scope_of
from baoton.reporting.scopes.themes import themes
from baoton.reporting.wording.versions import bytes_of, in_force

KINDS = {"docx": DOCX, "xlsx": XLSX, "pdf": "application/pdf"}
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

FREE = "ngay"


@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """Every report that was made, newest first."""
    actor = actor_of(request)
    require(actor, SEE)
    return render(
        request,
        "reporting/reports.html",
        {
            "reports": [(r, scope_of(r).name) for r in Report.objects.all()],
            "areas": commune_choices(),
            "themes": list(themes().values()),
            "editions": list(editions().values()),
            "free": FREE,
            "periods": [p for year in years() for p in choices(year)],
            "years": years(),
            "may_make": may(actor, MAKE),
        },
    )


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """A report of the year is being made in the background; its page shows how far it is."""
    actor = actor_of(request)
    require(actor, MAKE)
    asked = request.POST
    if asked.get("period") == FREE:
        try:
            period = between(*(_day(asked.get(name, "")) for name in ("from", "to")))
        except ValueError as error:
            messages.error(request, str(error))
            return redirect("reports")
    else:
        period = _named(asked.get("period") or asked.get("year", ""))
    if not {period.first.year, period.last.year} <= set(years()):
        if not period.free:
            raise Http404(period.key)
        messages.error(
            request, _("Hệ thống chưa có số liệu của những ngày ấy: chọn ngày trong các năm có số liệu.")
        )
        return redirect("reports")
    scope = _scope(period, asked)
    also = _also(asked)
    if also and not scope.whole:
        messages.error(
            request,
            _("Các bản gửi chỉ lập từ báo cáo toàn tỉnh: bỏ đánh dấu bản gửi, hoặc chọn toàn tỉnh, mọi mục."),
        )
        return redirect("reports")
    label = _("Lập báo cáo %(period)s") % {"period": scope.name}
    job = jobs.ask(
        actor, "reporting.yearly", label[:200], year=period.year, part=period.part, area=scope.area,
        theme=scope.theme, address=queries.site_address(), also=also,
    )  # fmt: skip
    return redirect("job", job.pk)


def _also(asked: Any) -> list[str]:
    """The editions that are asked for; 404 where there is none such."""
    some = asked.getlist("ban")
    if strange := set(some) - set(editions()):
        raise Http404(", ".join(sorted(strange)))
    return list(some)


def _day(text: str) -> date:
    """A day as a form sends it; `ValueError` says which is wrong."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(_("Ghi cả ngày bắt đầu và ngày kết thúc của kỳ báo cáo.")) from error


def _named(text: str) -> Period:
    """The period of an address; 404 where there is none such."""
    try:
        return read(text)
    except ValueError as error:
        raise Http404(text) from error


def _scope(period: Period, asked: Any) -> Scope:
    """The commune and the theme that are asked for; 404 where there is none such, or nobody keeps that year."""
    if not {period.first.year, period.last.year} <= set(years()):
        raise Http404(period.key)
    try:
        return read_scope(period, asked.get("area", ""), asked.get("theme", ""))
    except ValueError as error:
        raise Http404(str(error)) from error


@require_POST
def draft_all(request: HttpRequest) -> HttpResponse:
    """Drafts of the reports of all communes and bodies are being made in the background, or empty ones withdrawn."""
    actor = actor_of(request)
    require(actor, "reporting.own.create")
    require(actor, MAKE)
    period = _named(request.POST.get("period", ""))
    if period.free:
        raise Http404(period.key)
    if "rut" in request.POST:
        n = drop_drafts(actor, period, _("lập nhầm, chưa ai ghi"))
        messages.success(request, _("Đã rút %(n)d dự thảo chưa ai ghi.") % {"n": n})
        return redirect("report-following", period)
    due = request.POST.get("due", "").strip()
    if wrong := _no_due_day(due, "khong-han" in request.POST):
        messages.error(request, wrong)
        return redirect("reports")
    label = _("Lập dự thảo báo cáo của xã, cơ quan, %(period)s") % {"period": period.name}
    return redirect("job", jobs.ask(actor, "reporting.own", label, period=period.key, due=due).pk)


def _no_due_day(due: str, none: bool) -> str:
    """Why this is no day by which reports are submitted, or an empty text; none at all is said, never assumed."""
    if not due:
        return "" if none else _("Chưa ghi hạn nộp: ghi ngày, hoặc đánh dấu “chưa đặt hạn” rồi lập dự thảo.")
    try:
        day = _day(due)
    except ValueError:
        return _("Hạn nộp không phải một ngày: ghi lại đủ ngày, tháng, năm.")
    if none:
        return _("Vừa ghi hạn nộp vừa đánh dấu “chưa đặt hạn”: chọn một trong hai.")
    if day < timezone.localdate():
        return _("Hạn nộp đã qua: chọn ngày từ hôm nay trở đi.")
    return no_work(day)


@jobs.kind("reporting.yearly")
def work(progress: jobs.Progress) -> str:
    """The report the job asks for stands, made by whoever asked, with the rights held now."""
    job = progress.job
    if job is None:
        raise ValueError("a report is made by a job")
    progress(0, 2, _("đang tính số liệu"))
    actor = Person.objects.get(pk=job.actor_id)
    with tempfile.TemporaryDirectory(prefix="baoton-") as folder:
        asked = job.arguments
        period = Period(asked["year"], asked.get("part", ""))
        scope = (asked.get("area", ""), asked.get("theme", ""))
        make_report(actor, period, Path(folder), asked["address"], *scope, asked.get("also", ()))
    progress(2, 2, _("đã lập"))
    return reverse("reports")


@require_GET
def file(request: HttpRequest, pk: Any, kind: str, edition: str = "") -> HttpResponseBase:
    """The file as it was made, of the whole report or an edition; its bytes still give the hash that the log names."""
    require(actor_of(request), SEE)
    report = get_object_or_404(Report, pk=pk)
    held = {"docx": report.docx_sha256, "xlsx": report.xlsx_sha256}
    held = report.editions.get(edition, {}) if edition else held
    sha256 = held.get("docx" if kind == "pdf" else kind, "")
    if kind not in KINDS or not blobs.is_hash(sha256) or not blobs.intact(sha256):
        raise Http404(_("tệp đã mất hoặc không còn nguyên vẹn"))
    try:
        path = pdf_of(sha256) if kind == "pdf" else blobs.path_of(sha256)
    except NotNow as error:
        messages.error(request, str(error))
        return redirect("report-kept", pk)
    slug = "-".join(p for p in (scope_of(report).slug, edition) if p)
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=f"bao-cao-{slug}-{timezone.localtime(report.made):%Y%m%d-%H%M}.{kind}",
        content_type=KINDS[kind],
    )


@require_GET
def presentation(request: HttpRequest, pk: Any) -> HttpResponse:
    """The report as slides for a meeting, in the language asked for, else the one that is read."""
    from baoton.reporting.slides.meeting import (
        slides,  # with python-pptx, which no start of the programme waits for
    )

    actor = actor_of(request)
    require(actor, SEE)
    report = get_object_or_404(Report, pk=pk)
    asked = request.GET.get("lang", "")
    with override(asked if asked in {"vi", "en"} else get_language()):
        held = slides(actor, report)
    answer = HttpResponse(held, content_type=PPTX)
    name = f"trinh-bay-{scope_of(report).slug}-{timezone.localtime():%Y%m%d-%H%M}.pptx"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_GET
def kept(request: HttpRequest, pk: Any) -> HttpResponse:
    """The figures as the report kept them, each open to its records, and what changed since."""
    actor = actor_of(request)
    require(actor, SEE)
    report = get_object_or_404(Report, pk=pk)
    scope = scope_of(report)
    with override("vi"):
        told = queries.kept(report.figures, scope.figures())
    return render(
        request,
        "reporting/kept.html",
        {
            "report": report,
            "scope": scope,
            "period": scope.period,
            "figures": told,
            "open_books": open_books(actor, [k.then for k in told]),
            "moved": [k for k in told if k.word],
            "others": others(report),
            "editions": sent(actor, report),
            "may_send": may(actor, "reporting.outgoing.create"),
        },
    )


def open_books(actor: Actor, told: Iterable[Told]) -> set[str]:
    """The books of the figures that the reader may open: a figure of any other leads nowhere."""
    return {
        name for name in {one.register for one in told} & set(REGISTERS) if readable(REGISTERS[name], actor)
    }


@require_GET
def records(request: HttpRequest, pk: Any, name: str) -> HttpResponse:
    """The records of one kept figure as they were counted, as far as the reader may see them."""
    actor = actor_of(request)
    require(actor, SEE)
    report = get_object_or_404(Report, pk=pk)
    one = next((Told(**f) for f in report.figures if f["name"] == name), None)
    book = REGISTERS.get(one.register) if one is not None else None
    if one is None or book is None:
        raise Http404(name)
    if not readable(book, actor):
        raise PermissionDenied(name)
    if not one.count:
        return redirect(one.address)  # nothing was counted: the list of today says what is there since
    held = counted(report.records_sha256, one)
    if held is None:
        messages.info(
            request, _("Bản báo cáo này không giữ từng bản ghi của số liệu ấy; dưới đây là bản ghi hiện nay.")
        )
        return redirect(one.address)
    whole = len(held) <= reading.WALKED
    places: Any = reading.seen(actor, book, held.every) if whole else range(len(held))
    page = Paginator(places, reading.PAGE).get_page(request.GET.get("trang"))
    kept = held.every if whole else held.part(page.start_index() - 1, page.end_index())
    keys = list(page.object_list) if whole else reading.seen(actor, book, kept)
    context = {
        "report": report, "scope": scope_of(report), "figure": one.here, "book": book, "page": page, "whole": whole,
        "columns": reading.columns(book), "rows": reading.as_then(actor, book, keys, kept, report.made),
        "unseen": len(held) - len(places) if whole else 0,
    }  # fmt: skip
    return render(request, "reporting/records.html", context)


@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """The Word template in force today, to be reworded in Word and sent back as a version."""
    require(actor_of(request), SEE)
    answer = HttpResponse(bytes_of(in_force(timezone.localdate())), content_type=DOCX)
    answer["Content-Disposition"] = 'attachment; filename="yearly.docx"'
    return answer


@require_GET
def preview(request: HttpRequest, period: Period) -> HttpResponse:
    """The figures a report would print now, each open to its records; beside them what is missing and whom to ask."""
    actor = actor_of(request)
    require(actor, SEE)
    scope = _scope(period, request.GET)
    told, annex = scope.gathered()
    whole = scope.whole
    return render(
        request,
        "reporting/figures.html",
        {
            "year": period.year,
            "period": period,
            "periods": list(choices(period.year)),
            "years": years(),
            "scope": scope,
            "whole": whole,
            "asked": request.GET.urlencode(),
            "areas": commune_choices(),
            "themes": list(themes().values()),
            "work_done": queries.work_done(period) if whole and not scope.theme else "",
            "open_books": open_books(actor, told),
            "sections": [(s, _with_compared(s, scope)) for s in scope.sections(told)],
            "missing": missing(period, told, scope.theme) if whole else [],
            "may_ask": may(actor, "reporting.request.create") and not period.free,
            "communes": _lines(annex),
        },
    )


def _with_compared(section: queries.Section, scope: Scope) -> list[Any]:
    compared = queries.compare(section.figures, scope.period) if not scope.area else {}
    return [
        (f, compared.get(f.name, ""), queries.table(f, scope.period, scope.area)) for f in section.figures
    ]


@require_POST
def ask_missing(request: HttpRequest, period: Period) -> HttpResponse:
    """Every missing figure is asked of the body that knows it."""
    actor = actor_of(request)
    scope = _scope(period, request.GET)
    n = ask(actor, period, missing(period, queries.figures(period), scope.theme if scope.whole else ""))
    told = _("Đã ghi %(n)d yêu cầu số liệu.") % {"n": n} if n else _("Mọi số liệu thiếu đều đã được hỏi.")
    messages.success(request, told)
    theme = f"?theme={scope.theme}" if scope.theme else ""
    return redirect(f"{reverse('report-figures', args=[period])}{theme}")


def _lines(appendix: Communes) -> list[tuple[list[queries.Told], list[Any]]]:
    """The appendix as tables: the columns and the lines of each."""
    tables = []
    for columns in appendix.tables:
        lines = []
        for path, name in appendix.rows:
            cells = [appendix.cell(path, c.name) for c in columns]
            lines.append((name, ["–" if v is None else queries.number(v) for v in cells]))
        tables.append((columns, lines))
    return tables


@require_GET
def api_figures(request: HttpRequest, period: Period) -> JsonResponse:
    """The figures of the plan for the province or a commune, as JSON, each with the address of its records."""
    scope = _scope(period, request.GET)
    told = [t for t in scope.figures() if not t.name.startswith("reporting.")]
    items = [
        {
            "indicator": t.name,
            "label": t.label,
            "unit": t.unit,
            "value": t.value,
            "low": t.low,
            "high": t.high,
            "count": t.count,
            "whyUnknown": t.why_unknown,
            "register": t.register,
            "query": dict(t.query),
            "method": t.method,
            "inputHash": t.input_hash,
            "records": request.build_absolute_uri(t.address) if t.address else None,
            "parts": [
                {
                    "row": part.row,
                    "column": part.column,
                    "value": n,
                    "query": dict(part.query),
                    "records": request.build_absolute_uri(t.opens(part.query)),
                }
                for part, n in queries.apart(t, period, scope.area)
            ],
        }
        for t in told
    ]
    body = {
        "year": period.year,
        "period": period.key,
        "area": scope.area,
        "simulated": queries.simulated(),
        "figures": items,
    }
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})
