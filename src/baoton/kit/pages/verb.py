"""What may be done with a record now: each verb with the answers it asks, on one record or on a selection."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baoton.kit.access import Actor, may
from baoton.kit.pages.form import KindForm
from baoton.kit.reading.asking import actor_of, find, record_or_404, said
from baoton.kit.reading.register import Register
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.kit.writing.verb import Verb

MOST_TOGETHER = 500


@dataclass
class VerbForm:
    """A verb that may be done now, with the form of what it asks."""

    verb: Verb
    form: KindForm
    record: Any

    @property
    def quick(self) -> list[Sequence[tuple[str, str]]]:
        """Sets of answers that one key gives at a desk, each as (box, value)."""
        offered = self.verb.quick(self.record) if self.verb.quick else ()
        return [[(f"{self.verb.name}-{k}", str(v)) for k, v in one.items()] for one in offered]


def forms_of(actor: Actor, register: Register, record: Any) -> list[VerbForm]:
    """The verbs the actor may do on the record as it stands."""
    open_ = [
        v for v in register.own_verbs if v.open(record) and may(actor, f"{register.name}.{v.name}", record)
    ]
    return [VerbForm(v, _form(v, actor, record), record) for v in open_]


def _form(verb: Verb, actor: Actor, record: Any, given: Any = None, files: Any = None) -> KindForm:
    kinds = [k.bound(type(record)) for k in verb.asks]
    start: dict[str, Any] = {}
    for kind in kinds:
        start.update(kind.fresh())
    return KindForm(kinds, actor, type(record)(), given, files, initial=start, prefix=verb.name)


def verb_or_404(register: Register, name: str) -> Verb:
    try:
        return register.verb(name.removeprefix(f"{register.name}."))
    except KeyError as error:
        raise Http404(name) from error


@login_required
@require_POST
def record_act(request: HttpRequest, slug: str, pk: Any, verb: str) -> HttpResponse:
    """One verb on one record, with its answers; what is missing is said beside its box."""
    actor = actor_of(request)
    register = find(slug, actor)
    record = record_or_404(register, actor, pk)
    stored = register.model._default_manager.get(pk=record.pk)
    if verb.removeprefix(f"{register.name}.") == "withdraw" and "withdraw" in register.verbs:
        return _withdraw(request, register, stored)
    one = verb_or_404(register, verb)
    form = _form(one, actor, stored, _answers(request, one), request.FILES)
    problem = ""
    if form.is_valid():
        try:
            with transaction.atomic():
                stored = write.act(register, actor, stored, one.name, form.values())
                for kind in one.asks:
                    kind.saved(actor, stored, form.values().get(kind.name))
        except ValidationError as error:
            form.blame(error)
            problem = said(error)
        except NotNow as error:
            problem = str(error)
        else:
            messages.success(request, one.said(stored))
            return redirect(back(request, register, stored))
    else:
        problem = " ".join(str(told) for errors in form.errors.values() for told in errors)
    messages.error(request, problem)
    return redirect(back(request, register, stored, "wrong"))


def _answers(request: HttpRequest, verb: Verb) -> Any:
    """The answers under the verb's own prefix; bare names are taken too, so that a script need not know it."""
    given = request.POST.copy()
    for kind in verb.asks:
        if f"{verb.name}-{kind.name}" not in given and kind.name in given:
            given[f"{verb.name}-{kind.name}"] = str(given[kind.name])
    return given


def _withdraw(request: HttpRequest, register: Register, stored: Any) -> HttpResponse:
    try:
        write.withdraw(register, actor_of(request), stored, request.POST.get("reason", "").strip())
    except (NotNow, ValidationError) as error:
        messages.error(request, said(error))
        return redirect(register.url(stored))
    messages.success(request, _("Đã rút bản ghi. Lịch sử vẫn còn."))
    return redirect(register.url())


def back(request: HttpRequest, register: Register, record: Any, key: str = "next") -> str:
    """Where to go on: to the page the form came from where it says so, else to the record."""
    where = request.POST.get(key, "")
    try:
        return where if where.startswith("/") and not where.startswith("//") else register.url(record)
    except NoReverseMatch:
        return register.url()


@login_required
@require_POST
def act_together(request: HttpRequest, slug: str, verb: str) -> HttpResponse:
    """One verb on a selection: each record has its own outcome and its own audit event, and a page sums them up."""
    actor = actor_of(request)
    register = find(slug, actor)
    one = verb_or_404(register, verb)
    if not one.alike:
        raise Http404(verb)
    keys = list(dict.fromkeys(request.POST.getlist("pick")))
    if len(keys) > MOST_TOGETHER:
        told = _("Chọn nhiều nhất %(most)d bản ghi một lần.") % {"most": MOST_TOGETHER}
        messages.error(request, told)
        return redirect(register.url())
    outcomes = []
    for key in keys:
        try:
            record = register.get(actor, key)
        except (register.model.DoesNotExist, ValidationError, ValueError):
            continue
        stored = register.model._default_manager.get(pk=record.pk)
        form = _form(one, actor, stored, _answers(request, one))
        if one.singly and (why := one.singly(stored)):
            outcomes.append((record, False, str(why)))
            continue
        try:
            if not form.is_valid():
                raise ValidationError([str(e) for errors in form.errors.values() for e in errors])
            write.act(register, actor, stored, one.name, form.values())
            outcomes.append((record, True, ""))
        except PermissionDenied:
            outcomes.append((record, False, _("Bạn không có quyền làm việc này trên bản ghi.")))
        except (NotNow, ValidationError) as error:
            outcomes.append((record, False, said(error)))
    done = sum(1 for _r, ok, _why in outcomes if ok)
    context = {
        "register": register,
        "verb": one,
        "outcomes": outcomes,
        "done": done,
        "unknown": len(keys) - len(outcomes),
    }
    return render(request, "kit/together.html", context)
