"""Results come in on these pages: a file, or one visit typed; what would happen, what happened, back again."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from baoton.kit.importing import CannotUndo
from baoton.kit.models import ImportBatch
from baoton.kit.pages.uploads import at_once, held, trouble_of
from baoton.kit.reading.asking import actor_of
from baoton.surveys import actions
from baoton.surveys.models import Campaign, Site
from baoton.surveys.protocols.asked import ROUND, SITE, form_of
from baoton.surveys.views import boxes, campaign_of

ROWS, SHOWN, LAST = 8, 50, 20
State = ImportBatch.State


def _own(request: HttpRequest, pk: Any) -> tuple[Any, Campaign]:
    """The campaign that the asker may send results of; else it is forbidden, or not there."""
    actor = actor_of(request)
    campaign = campaign_of(actor, pk)
    if not actions.may_send(actor, campaign):
        raise PermissionDenied(
            _("Chiến dịch chưa duyệt, đã kết thúc, hoặc bạn không được gửi kết quả của nó.")
        )
    return actor, campaign


@login_required
@require_GET
def chosen(request: HttpRequest) -> HttpResponse:
    """The campaigns that the asker is named for."""
    actor = actor_of(request)
    rows = Campaign.objects.filter(pk__in=actions.sent_by(actor)).order_by("name")
    return render(request, "surveys/chosen.html", {"campaigns": rows})


@login_required
@require_http_methods(["GET", "POST"])
def send(request: HttpRequest, pk: Any) -> HttpResponse:
    """A file is chosen and checked; what was sent before stands below."""
    actor, campaign = _own(request, pk)
    upload: Any = request.FILES.get("file")
    trouble = trouble_of(upload, at_once()) if request.method == "POST" else ""
    if request.method == "POST" and not trouble:
        with held(upload) as path:
            batch = actions.take_in(actor, campaign, path, upload.name or "")
        return redirect("survey-batch", pk, batch.pk)
    sent = ImportBatch.objects.filter(actor_id=actor.actor_id, plan__hint__campaign=str(campaign.pk))
    context = {
        "campaign": campaign,
        "trouble": trouble,
        "limit": at_once(),
        "sent": sent.order_by("-uploaded")[:LAST],
        "older": max(sent.count() - LAST, 0),
    }
    return render(request, "surveys/send.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def told(request: HttpRequest, pk: Any, batch: Any) -> HttpResponse:
    """What would become of each row of a file, and what did; written or taken back by a button."""
    actor, campaign = _own(request, pk)
    sent = get_object_or_404(ImportBatch, pk=batch, actor_id=actor.actor_id)
    if sent.plan.get("hint", {}).get("campaign") != str(campaign.pk):
        raise Http404(str(batch))
    if request.method == "POST" and request.POST.get("do") == "write" and sent.state == State.CHECKED:
        sent = actions.write_down(actor, campaign, sent)
    elif request.method == "POST" and request.POST.get("do") == "undo" and sent.state == State.DONE:
        try:
            sent = actions.take_back(actor, campaign, sent)
            messages.success(request, _("Đã lấy lại lần gửi này."))
        except CannotUndo as error:
            messages.error(request, str(error))
    wrong = actions.refusals(sent)
    context = {
        "campaign": campaign, "batch": sent, "wrong": wrong[:SHOWN], "more": max(len(wrong) - SHOWN, 0),
        "total": sent.counts.get("total"), "error": sent.counts.get("error"),
        "checked": sent.state == State.CHECKED, "done": sent.state == State.DONE, "undone": sent.state == State.UNDONE,
        "questions": sent.counts.get("questions") or [],
    }  # fmt: skip
    return render(request, "surveys/told.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def typed(request: HttpRequest, pk: Any) -> HttpResponse:
    """One visit with its rows, typed from the sheet; checked as a file is, written whole or not at all."""
    actor, campaign = _own(request, pk)
    assert campaign.protocol is not None
    form, given = form_of(campaign.protocol), request.POST if request.method == "POST" else {}
    wrong: list[str] = []
    if request.method == "POST":
        visit = {a.name: request.POST.get(a.name, "").strip() for a in form.visit}
        rows = [
            {a.name: request.POST.get(f"{a.name}-{n}", "").strip() for a in form.rows} for n in range(ROWS)
        ]
        n, wrong = actions.record_visit(actor, campaign, visit, [r for r in rows if any(r.values())])
        if not wrong:
            messages.success(
                request, _("Đã ghi lượt tại điểm %(site)s: %(n)d bản ghi.") % {"site": visit[SITE], "n": n}
            )
            return redirect("survey-typed", pk)
    sites = campaign.sites.filter(withdrawn__isnull=True, status=Site.Status.PLANNED).order_by("position")
    asked = boxes(form.visit, given)
    for one in asked:
        if one["name"] == SITE:
            one["options"] = [(s.code, f"{s.code} · {s.stratum}" if s.stratum else s.code) for s in sites]
        elif one["name"] == ROUND and not one["value"]:
            one["value"] = "1"
    context = {
        "campaign": campaign, "asked": asked, "wrong": wrong, "row_label": form.row_label,
        "lines": [boxes(form.rows, given, f"-{n}") for n in range(ROWS)] if form.rows else [],     }  # fmt: skip
    return render(request, "surveys/typed.html", context)
