"""A desk: the records of a list one after the other, each with what is needed to judge it and a key for each verb."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from baoton.kit.access import Actor
from baoton.kit.pages.beside import Beside
from baoton.kit.pages.record import context_of
from baoton.kit.pages.verb import forms_of
from baoton.kit.reading import listing
from baoton.kit.reading.asking import actor_of, find, opened, said
from baoton.kit.reading.filters import BadFilter
from baoton.kit.reading.register import Register


@login_required
@require_GET
def desk(request: HttpRequest, slug: str) -> HttpResponse:
    """The first record of the filtered list, or the one after the cursor; verbs lead back here, to the next."""
    actor = actor_of(request)
    register = find(slug, actor)
    door, asked = register.door(actor), request.GET.copy()
    cursor, last = asked.get("cursor", ""), asked.get("last", "")
    for key in ("cursor", "last"):
        asked.pop(key, None)
    here = f"{reverse('desk', args=[register.slug])}?{asked.urlencode()}"
    try:
        narrowed = register.filtered(door, asked)
        left = listing.count(narrowed)
        rows = register.joined(door.open(narrowed))
        page = listing.page(register, rows, cursor, size=1, counted=left, order=QUEUES.get(register.name, ()))
    except (BadFilter, ValidationError) as error:
        return HttpResponse(said(error), status=400, content_type="text/plain; charset=utf-8")
    except listing.BadCursor:
        return redirect(here)
    context: dict[str, Any] = {
        "register": register,
        "query": asked.urlencode(),
        "left": left,
        "here": here,
        "skip": f"{here}&cursor={page.following}" if page.following else "",
        "last": _last(register, actor, last),
    }
    if context["last"] is not None:
        context["back"] = [f for f in forms_of(actor, register, context["last"]) if f.verb.takes_back]
    if page.records:
        opened(register, actor, page.records[0])
        context |= context_of(actor, register, page.records[0], "desk")
        context["next"] = f"{here}{f'&cursor={cursor}' if cursor else ''}&last={page.records[0].pk}"
        context["few_slice"], context["rest_slice"] = f":{len(register.shown)}", f"{len(register.shown)}:"
        told = [given["map_query"] for _template, given in context["panels"] if "map_query" in given]
        context["map_query"] = told[0] if told else ""
        context["together"] = [link for one in TOGETHER if (link := one(actor, register, asked)) is not None]
    return render(request, "kit/desk.html", context)


QUEUES: dict[str, Sequence[str]] = {}
"""Books whose desk puts the records in another order than the book's own: columns that are never null."""
TOGETHER: list[Callable[[Actor, Register, Mapping[str, str]], Beside | None]] = []


def beside_desk(one: Callable[[Actor, Register, Mapping[str, str]], Beside | None]) -> Any:
    """The decorated function offers a link beside the desk of a book: where several records are judged at once."""
    TOGETHER.append(one)
    return one


def _last(register: Any, actor: Any, key: str) -> Any:
    """The record judged just before, so that one can go back to it."""
    if not key:
        return None
    try:
        return register.get(actor, key)
    except (register.model.DoesNotExist, ValidationError, ValueError):
        return None
