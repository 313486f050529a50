"""The page of a survey of knowledge: what it says, the files that go out, the answer sheets that come back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from baoton.kit.access import Actor, require
from baoton.kit.pages.charts import Row, bars
from baoton.kit.pages.uploads import at_once, held, trouble_of
from baoton.kit.reading.asking import actor_of, record_or_404, said
from baoton.kit.reading.register import REGISTERS
from baoton.outreach.knowledge import files
from baoton.outreach.knowledge.asked import asked_in, languages_of
from baoton.outreach.knowledge.received import take_in
from baoton.outreach.knowledge.results import FEW, Line, results
from baoton.outreach.models import Quiz

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _quiz(actor: Actor, pk: Any) -> Quiz:
    found: Quiz = record_or_404(REGISTERS["outreach.quiz"], actor, pk)
    return found


@require_GET
def survey(request: HttpRequest, pk: Any) -> HttpResponse:
    """What the answers say, by question, commune and group; for whoever may, files out and answer sheets in."""
    actor = actor_of(request)
    quiz = _quiz(actor, pk)
    asked = asked_in(quiz.pk)
    told = results(actor, quiz, request.GET.get("cau", ""))
    may_send = bool(actor.scopes("outreach.answer.import")) and quiz.status != Quiz.Status.DRAFT
    context = {
        "quiz": quiz, "told": told, "asked": asked, "languages": languages_of(asked), "few": FEW,
        "chart": bars(_("Phần trả lời đúng"), _bars(told.questions), "%") if asked else None,
        "may_send": may_send, "limit": at_once(), "book": REGISTERS["outreach.quiz"],
        "may_files": bool(actor.scopes("outreach.answer.see")) or may_send,
    }  # fmt: skip
    return render(request, "outreach/survey.html", context)


def _bars(lines: list[Line] | Any) -> list[Row]:
    """Two bars a question, before and after, each with its interval."""
    rows = []
    for one in lines:
        ends = one.told
        for word, wave, limits in (
            (_("trước"), one.before, ends and ends.before_limits),
            (_("sau"), one.after, ends and ends.after_limits),
        ):
            low, high = (round(100 * x, 1) for x in limits) if limits else (None, None)
            share = None if wave.share is None else round(wave.share, 1)
            rows.append(Row(f"{one.key.upper()} {word}", share, low=low, high=high))
    return rows


@login_required
@require_GET
def file(request: HttpRequest, pk: Any, kind: str) -> HttpResponse:
    """A file to ask with: the form of the telephone, the Excel file, the printed sheet (also in a second language)."""
    quiz = _quiz(actor_of(request), pk)
    asked, stem = asked_in(quiz.pk), f"khao-sat-{str(quiz.pk)[:8]}"
    if not asked:
        raise Http404(kind)
    if kind == "odk":
        return _sent(files.xlsform(quiz, asked), XLSX, f"{stem}-odk.xlsx")
    if kind == "excel":
        return _sent(files.workbook(quiz, asked), XLSX, f"{stem}.xlsx")
    language = request.GET.get("tieng", "")
    if kind == "phieu" and language in {"", *languages_of(asked)}:
        return _sent(files.printed(quiz, asked, language), "application/pdf", f"{stem}.pdf")
    raise Http404(kind)


def _sent(content: bytes, media: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@login_required
@require_POST
def send(request: HttpRequest, pk: Any) -> HttpResponse:
    """A file of answer sheets is looked at and checked; the page of the import tells what would become of each row."""
    actor = actor_of(request)
    quiz = _quiz(actor, pk)
    require(actor, "outreach.answer.import")
    upload: Any = request.FILES.get("file")
    trouble = trouble_of(upload, at_once())
    if quiz.status == Quiz.Status.DRAFT:
        trouble = _("Khảo sát còn đang soạn; bấm “bắt đầu hỏi” trước.")
    if not trouble:
        with held(upload) as path:
            try:
                return redirect("import-batch", take_in(actor, quiz, path, upload.name or "").pk)
            except ValidationError as error:
                trouble = said(error)
    messages.error(request, trouble)
    return redirect("outreach-survey", pk)
