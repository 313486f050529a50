"""Everybody who has an account: found by name, body, role and state; the first thing an administrator opens."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from baoton.kit.access import may, require
from baoton.kit.reading.asking import actor_of
from baoton.kit.text import fold
from baoton.people.actions import may_on
from baoton.people.models import Grant, Organisation, Person
from baoton.people.queries import grants_of
from baoton.people.roles import names

A_PAGE = 50
STATES = (
    ("open", _("đang dùng")),
    ("waiting", _("chưa vào lần nào")),
    ("closed", _("đã khoá")),
    ("bare", _("chưa có quyền")),
)


@login_required
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """The people within the reader's reach, a page at a time."""
    actor, asked = actor_of(request), request.GET
    require(actor, "people.person.see")
    found = [p for p in _rows(asked) if may_on(actor, "people.person.see", p)]
    if word := fold(asked.get("q", "")):
        found = [p for p in found if word in fold(f"{p} {p.username} {p.email}")]
    page = Paginator(found, A_PAGE).get_page(asked.get("page"))
    context = {
        "page": page,
        "lines": [(p, grants_of(p), state(p)) for p in page.object_list],
        "asked": asked,
        "query": "&".join(f"{k}={v}" for k, v in asked.items() if v and k != "page"),
        "narrowed": any(v for k, v in asked.items() if k != "page"),
        "states": STATES,
        "roles": names().items(),
        "bodies": Organisation.objects.offices(),
        "may_add": may(actor, "people.person.add"),
        "waiting": Person.objects.waiting().count(),
        "may_setup": may(actor, "people.setup"),
    }
    return render(request, "people/people.html", context)


def _rows(asked: Any) -> Any:
    rows = Person.objects.select_related("organisation").order_by(
        "-is_active", "first_name", "last_name", "pk"
    )
    in_force = Grant.objects.in_force()
    if body := asked.get("body", ""):
        rows = rows.filter(organisation=body)
    if role := asked.get("role", ""):
        rows = rows.filter(pk__in=in_force.filter(role=role).values("person"))
    waiting = Person.objects.waiting().values("pk")
    tests = {
        "open": Q(is_active=True) & ~Q(pk__in=waiting),
        "waiting": Q(pk__in=waiting),
        "closed": Q(is_active=False),
        "bare": Q(is_active=True) & ~Q(pk__in=in_force.values("person")),
    }
    test = tests.get(asked.get("state", ""))
    return rows if test is None else rows.filter(test)


def state(person: Person) -> tuple[str, Any]:
    """How the account stands, in a word of the office."""
    if not person.is_active:
        return "closed", _("đã khoá")
    return ("waiting", _("chưa vào lần nào")) if not person.has_usable_password() else ("open", "")
