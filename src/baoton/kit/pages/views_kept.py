"""Lists kept under a name, for oneself or for one's body; what they show is asked anew by each reader's own door."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baoton.kit.access import Actor
from baoton.kit.models import SavedView
from baoton.kit.reading.asking import actor_of, find
from baoton.kit.reading.register import Register

ASIDE = {"cursor", "count"}


def kept(actor: Actor, register: Register) -> list[SavedView]:
    """One's own and those shared in one's body, by name."""
    body = getattr(actor, "organisation_id", "") or ""
    mine = Q(actor_id=actor.actor_id)
    shared = Q(shared=True, organisation=body) if body else Q(pk__in=[])
    return list(SavedView.objects.filter(mine | shared, register=register.name).order_by("name"))


@login_required
@require_POST
def keep_view(request: HttpRequest, slug: str) -> HttpResponse:
    """The list as it stands in the address is kept under the name; the same name again replaces one's own."""
    actor = actor_of(request)
    register = find(slug, actor)
    name = request.POST.get("name", "").strip()[:120]
    asked = [(k, v) for k, v in parse_qsl(request.POST.get("query", "")[:2000]) if k not in ASIDE]
    here = f"{register.url()}?{urlencode(asked)}"
    if not name:
        messages.error(request, _("Đặt tên cho cách xem rồi lưu."))
        return redirect(here)
    more: dict[str, Any] = {
        "query": urlencode(asked), "actor_name": actor.actor_name, "shared": "shared" in request.POST,
        "organisation": getattr(actor, "organisation_id", "") or "",
    }  # fmt: skip
    SavedView.objects.update_or_create(
        register=register.name, actor_id=actor.actor_id, name=name, defaults=more
    )
    messages.success(request, _("Đã lưu cách xem “%(name)s”.") % {"name": name})
    return redirect(here)


@login_required
@require_POST
def drop_view(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One's own kept list is forgotten."""
    register = find(slug, actor_of(request))
    one = get_object_or_404(SavedView, pk=pk, register=register.name, actor_id=actor_of(request).actor_id)
    one.delete()
    messages.success(request, _("Đã bỏ cách xem “%(name)s”.") % {"name": one.name})
    return redirect(register.url())
