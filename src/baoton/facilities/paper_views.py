"""Pages about documents: drafts, the papers ticked in a dossier, the templates an office may edit in Word."""

import re
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from baoton.facilities.actions import dossiers
from baoton.facilities.papers import dossiers as of_dossiers
from baoton.facilities.papers import visits as of_visits
from baoton.facilities.papers.drafts import papers_for
from baoton.facilities.papers.filing import Filed
from baoton.facilities.papers.inventory import INVENTORY
from baoton.kit.access import require
from baoton.kit.paper.paper import WORD
from baoton.kit.reading.asking import actor_of, record_or_404
from baoton.kit.reading.register import REGISTERS, by_slug

FIELD = re.compile(r"\(?\{\{[^}]*\}\}\)?")
DRAWN = {"facilities-application", "facilities-inspection", "facilities-campaign"}
EVERY = (*of_dossiers.STEPS, of_visits.ORDER, of_visits.PLAN, *of_visits.STEPS, INVENTORY)


def as_word(name: str, bytes_: bytes) -> HttpResponse:
    told = HttpResponse(bytes_, content_type=WORD)
    told["Content-Disposition"] = f'attachment; filename="{name}.docx"'
    return told


@login_required
@require_GET
def draft(request: HttpRequest, slug: str, pk: Any, kind: str) -> HttpResponse:
    """A document as it would read today, without a number and marked as a draft, for whoever may edit the record."""
    register = by_slug(slug) if slug in DRAWN else None
    if register is None:
        raise Http404(slug)
    actor = actor_of(request)
    record = record_or_404(register, actor, pk)
    require(actor, f"{register.name}.edit", record)
    found: list[Filed] = [one for one in papers_for(record) if one.kind == kind]
    if not found:
        raise Http404(kind)
    return as_word(f"du-thao-{found[0].sheet.name}", found[0].sheet.filled(record))


@login_required
@require_POST
def tick(request: HttpRequest, pk: Any) -> HttpResponse:
    """The papers that lie in a dossier are ticked."""
    book = REGISTERS["facilities.application"]
    record = record_or_404(book, actor_of(request), pk)
    try:
        dossiers.tick(actor_of(request), record, request.POST.getlist("paper"))
        messages.success(request, _("Đã ghi giấy tờ có trong hồ sơ."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(f"{book.url(record)}#giay-to")


@login_required
@require_GET
def templates(request: HttpRequest) -> HttpResponse:
    """Every template with its file name, for whoever issues documents: edit it in Word, lay it into `templates`."""
    require(actor_of(request), "facilities.application.edit")
    rows = [(one.sheet, FIELD.sub("…", f"{one.sheet.title}. {one.sheet.about}".rstrip(". ")), one.sheet.own().is_file())
            for one in EVERY]  # fmt: skip
    return render(request, "facilities/templates.html", {"rows": rows})


@login_required
@require_GET
def template(request: HttpRequest, name: str) -> HttpResponse:
    """One template as Word: the office's own where it has one."""
    require(actor_of(request), "facilities.application.edit")
    for one in EVERY:
        if one.sheet.name == name:
            return as_word(name, one.sheet.template())
    raise Http404(name)
