"""The accountant's page of a year, and what was paid for one record."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from baoton.funding import actions, queries
from baoton.funding.models import STANDING, Closing, Purchase
from baoton.kit.access import require
from baoton.kit.kinds import Link, Money
from baoton.kit.pages.form import KindForm
from baoton.kit.reading.asking import actor_of, find, record_or_404
from baoton.kit.reading.register import REGISTERS
from baoton.kit.refs import name_of
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.plan.queries import years

TABLES = (
    ("source", gettext_lazy("Theo nguồn vốn")),
    ("body", gettext_lazy("Theo đơn vị sử dụng")),
    ("task", gettext_lazy("Theo nhiệm vụ")),
)


@login_required
@require_GET
def year_page(request: HttpRequest) -> HttpResponse:
    """Planned, allotted, signed, paid and left of a year, as its reader may see them; what results cost; gifts."""
    actor = actor_of(request)
    require(actor, "funding.line.see")
    text, this = request.GET.get("nam", ""), timezone.localdate().year
    if text and not (len(text) == 4 and text.isascii() and text.isdecimal() and 2000 <= int(text) <= 2100):
        raise Http404(text)
    year = int(text) if text else this
    tables = [(title, queries.by(actor, year, column)) for column, title in TABLES]
    until, basis, sure = actions.last_day(year)
    shut = Closing.objects.filter(STANDING, year=year, body="", status=Closing.Status.SHUT).first()
    context = {
        "year": str(year), "years": [str(y) for y in years()], "tables": tables,
        "whole": queries.whole(tables[0][1]), "gifts": queries.gifts(actor, year), "costs": queries.costs(actor, year),
        "book": REGISTERS["funding.line"], "shut": shut, "until": until, "basis": basis,
        "sure": actions.said_sure(sure),
        "may_add": bool(actor.scopes("funding.line.create")), "may_ask": bool(actor.scopes("funding.request.create")),
        "books": [
            REGISTERS[f"funding.{name}"]
            for name in ("change", "commitment", "payment", "gift", "source", "request", "closing")
            if actor.scopes(f"funding.{name}.see")
        ],
    }  # fmt: skip
    return render(request, "funding/year.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def of_record(request: HttpRequest, slug: str, pk: Any) -> HttpResponse:
    """The vouchers that paid for a record, with how much of each; another one is tied to it here."""
    actor = actor_of(request)
    register = find(slug, actor)
    require(actor, "funding.payment.see")
    record = record_or_404(register, actor, pk)
    door = REGISTERS["funding.payment"].door(actor)
    rows = [
        one
        for one in queries.paid_for(record).select_related("payment")
        if door.rows().filter(pk=one.payment_id)
    ]
    may_tie = bool(actor.scopes("funding.purchase.create")) and not register.name.startswith("funding.")
    book = REGISTERS["funding.purchase"]
    kinds = [k for k in book.asked if isinstance(k, Link | Money)]
    form = KindForm(kinds, actor, Purchase(), request.POST or None) if may_tie else None
    if request.method == "POST":
        require(actor, "funding.purchase.create")
        if form is not None and form.is_valid():
            made = Purchase()
            write.put(book, made, form.values())
            made.about_type, made.about_id = name_of(record)
            try:
                write.create(book, actor, made)
            except ValidationError as error:
                form.blame(error)
            except NotNow as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("Đã gắn chứng từ với việc này."))
                return redirect(request.path)
    total = sum(one.amount for one in rows)
    context = {"register": register, "record": record, "rows": rows, "total": total, "form": form, "book": book,
               "payments": REGISTERS["funding.payment"]}  # fmt: skip
    return render(request, "funding/of.html", context)
