"""The owner's account from the facility's page: made in one step, its one-time link printed or sent."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from baoton.facilities.actions import accounts
from baoton.facilities.models import Facility, Owner
from baoton.kit.access import require
from baoton.kit.reading.asking import actor_of, record_or_404
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing.refusal import NotNow
from baoton.people.queries import slip


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest, pk: Any) -> HttpResponse:
    """Whether the owner has an account; if not, one button makes it; its link is shown this once."""
    actor, book = actor_of(request), REGISTERS["facilities.facility"]
    seen = record_or_404(book, actor, pk)
    facility = Facility.objects.select_related("owner").get(pk=seen.pk)
    owner: Owner = facility.owner
    require(actor, accounts.ACCOUNT, owner)
    if request.method == "POST":
        try:
            if "again" in request.POST:
                person = next(
                    (p for p in accounts.accounts_of(owner) if str(p.pk) == request.POST["again"]), None
                )
                made = None if person is None else (person, accounts.fresh_link(actor, facility, person))
            else:
                made = accounts.open_account(actor, facility, request.POST.get("name", "")[:250])
        except NotNow as error:
            messages.error(request, str(error))
            return redirect("facility-account", pk=pk)
        if made is not None:
            return _slip(request, facility, *made)
        return redirect("facility-account", pk=pk)
    others = Facility.objects.filter(owner__in=accounts.same(owner), withdrawn__isnull=True)
    context = {
        "facility": facility,
        "owner": owner,
        "accounts": [(p, not p.has_usable_password()) for p in accounts.accounts_of(owner)],
        "places": list(others.order_by("name")),
        "name": "" if owner.kind == Owner.Kind.ORGANISATION else owner.name,
        "register": book,
    }
    return render(request, "facilities/account.html", context)


def _slip(request: HttpRequest, facility: Facility, person: Any, token: str) -> HttpResponse:
    """The slip of the account: who, the sign-in name, the link and its picture."""
    back = REGISTERS["facilities.facility"].url(facility)
    told = {"slips": [slip(person, token)], "back": back, "back_to": facility.name}
    return render(request, "people/slips.html", told)
