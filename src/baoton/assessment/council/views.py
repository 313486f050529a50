"""The sheet of votes of a session, sent as a whole."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baoton.assessment import council
from baoton.assessment.models import Session
from baoton.kit.access import require
from baoton.kit.reading.asking import actor_of, find, record_or_404, said
from baoton.kit.writing.refusal import NotNow


@login_required
@require_POST
def votes(request: HttpRequest, pk: Any) -> HttpResponse:
    """Every box that says something is the vote of that member on that species, all of them or none."""
    actor = actor_of(request)
    book = find("assessment-session", actor)
    seen = record_or_404(book, actor, pk)
    require(actor, "assessment.vote.create")
    session = Session.objects.get(pk=seen.pk)
    try:
        with transaction.atomic():
            for item in council.items_of(session):
                for seat in council.present(session):
                    if value := request.POST.get(f"v-{item.pk}-{seat.pk}", ""):
                        council.cast(actor, session, item, seat, value)
    except (ValidationError, NotNow) as error:
        messages.error(request, said(error) if isinstance(error, ValidationError) else str(error))
    else:
        messages.success(request, _("Đã ghi phiếu."))
    return redirect(book.url(session))
