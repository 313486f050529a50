"""Saying something on a record's page, and taking it back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baoton.kit.pages.record import context_of
from baoton.kit.reading.asking import actor_of, find, record_or_404, said
from baoton.kit.refs import register_of
from baoton.kit.writing.refusal import NotNow
from baoton.remarks import actions
from baoton.remarks.models import Remark
from baoton.remarks.queries import known


@login_required
@require_POST
def remark_add(request: HttpRequest, slug: str, pk: Any) -> HttpResponse:
    """The words stand on the record; what was wrong is said beside the box, with the words still in it."""
    actor = actor_of(request)
    register = find(slug, actor)
    record = record_or_404(register, actor, pk)
    if not getattr(record, "door_precise", True):
        raise Http404(pk)
    text = request.POST.get("text", "")
    try:
        actions.remark(actor, record, text)
    except ValidationError as error:
        context = context_of(actor, register, record) | {"remark_text": text, "remark_trouble": said(error)}
        return render(request, "kit/record.html", context)
    return redirect(f"{register.url(record)}#y-kien")


@login_required
@require_POST
def remark_withdraw(request: HttpRequest, pk: Any) -> HttpResponse:
    """The author's words are taken back; a remark one may not see is not there."""
    actor = actor_of(request)
    one = Remark.objects.filter(pk=pk).first()
    record = known(actor, one.about_type, one.about_id) if one is not None else None
    book = register_of(one.about_type) if one is not None else None
    if one is None or record is None or book is None:
        raise Http404(pk)
    try:
        actions.withdraw(actor, one)
    except NotNow as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Đã rút ý kiến."))
    return redirect(f"{book.url(record)}#y-kien")


@login_required
@require_POST
def mention_read(request: HttpRequest, pk: int) -> HttpResponse:
    """The person says that he read where he was named."""
    person: Any = request.user
    actions.heard(person, pk)
    return redirect("home")
