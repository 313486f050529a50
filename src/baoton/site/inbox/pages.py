"""The inbox, what was muted, and how one wants to be told."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from baoton.kit import office
from baoton.kit.reading.asking import actor_of, said
from baoton.notices import actions
from baoton.notices import queries as notices
from baoton.notices.models import Digest
from baoton.notices.rules import sections
from baoton.places.queries import commune_choices, unit_name
from baoton.site.inbox.counted import unread
from baoton.taxa.models import Taxon


@login_required
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """What this reader is told now; what he muted stands below, folded."""
    person: Any = actor_of(request)
    told = sections(person, timezone.localdate())
    context = {
        "told": [s for s in told if s.muted is None], "muted": [s for s in told if s.muted is not None],
        "fresh": sum(len(s.fresh) for s in told if s.muted is None), "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "site/inbox.html", context)


@login_required
@require_GET
def count(request: HttpRequest) -> HttpResponse:
    """The number beside the word in the header, asked after the page so that no page waits for it."""
    person: Any = actor_of(request)
    n, more = unread(person, timezone.localdate())
    told = ngettext("%(n)d thông báo chưa đọc", "%(n)d thông báo chưa đọc", n) % {"n": n}
    return render(request, "site/inbox_count.html", {"n": n, "more": more, "told": told})


@login_required
def read(request: HttpRequest) -> HttpResponse:
    """One notice, or all of a kind, is read."""
    if request.method != "POST":
        return redirect("inbox")
    person: Any = request.user
    told = sections(person, timezone.localdate())
    kind = request.POST.get("kind", "")
    keys = request.POST.getlist("key") or [i.key for s in told if s.rule.name == kind for i in s.fresh]
    actions.read(person, told, keys)
    return redirect("inbox")


@login_required
def mute(request: HttpRequest) -> HttpResponse:
    """A kind waits silently until a day, or is told again."""
    if request.method != "POST":
        return redirect("inbox")
    person: Any = request.user
    kind = request.POST.get("kind", "")
    if "bo" in request.POST:
        actions.unmute(person, kind)
        return redirect("inbox")
    try:
        until = date.fromisoformat(request.POST.get("until", ""))
        actions.mute(person, kind, until, timezone.localdate())
    except ValidationError as error:
        messages.error(request, said(error))
    except ValueError:
        messages.error(request, _("Ghi ngày hết tắt."))
    return redirect("inbox")


@login_required
def wishes(request: HttpRequest) -> HttpResponse:
    """What one watches, and how often one is written to; what is wrong is said, with what was typed still there."""
    person: Any = request.user
    digest = notices.digest_of(person)
    typed = {"every": digest.every, "address": digest.address}
    if request.method == "POST":
        try:
            if "letters" in request.POST:
                typed = {"every": request.POST.get("every", ""), "address": request.POST.get("address", "")}
                actions.ask_for_letters(person, typed["every"], typed["address"])
                messages.success(request, _("Đã ghi cách gửi thư."))
            elif "bo" in request.POST:
                actions.unwatch(person, int(request.POST["bo"]) if request.POST["bo"].isdecimal() else 0)
            else:
                watch(person, request.POST.get("area", ""), request.POST.get("species", "").strip())
        except ValidationError as error:
            messages.error(request, said(error))
        else:
            return redirect("wishes")
    kept = list(notices.watches(person))
    names = Taxon.objects.in_bulk([w.taxon for w in kept if w.taxon is not None])
    context = {
        "typed": typed, "every": Digest.Every.choices, "sends": office.sends_mail(), "communes": commune_choices(),
        "kept": [(w.pk, unit_name(w.area_path) if w.area_path else str(names.get(w.taxon, "?"))) for w in kept],
    }  # fmt: skip
    return render(request, "site/wishes.html", context)


def watch(person: Any, area: str, name: str) -> None:
    """A commune by its path, or a species by its scientific or Vietnamese name; raises `ValidationError`."""
    if area:
        if area not in {path for path, _name in commune_choices()}:
            raise ValidationError(_("Không có xã, phường này."))
        actions.watch(person, area_path=area)
        return
    rows = Taxon.objects.filter(withdrawn__isnull=True)
    found = list(rows.filter(scientific_name__iexact=name)[:2] or rows.filter(vernacular_vi__iexact=name)[:2])
    if not name or len(found) != 1:
        raise ValidationError(
            _("Không có đúng một loài tên “%(name)s”; ghi tên khoa học như trong danh mục loài.")
            % {"name": name[:80]}
        )
    actions.watch(person, taxon=found[0].pk)
