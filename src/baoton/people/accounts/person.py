"""One account: who it is, what it may do, where it is signed in, what was done with it; and everything one may do."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baoton.kit.access import may, require
from baoton.kit.models import AuditEvent
from baoton.kit.reading.asking import actor_of
from baoton.kit.writing.verb import ACTIONS
from baoton.people import actions, sessions, viewing
from baoton.people.accounts.listing import state
from baoton.people.forms import GrantForm, PersonForm
from baoton.people.models import Grant, Person
from baoton.people.queries import grants_of, slip

HISTORY = 30


def _person(request: HttpRequest, pk: Any, verb: str = "people.person.see") -> Person:
    """The account at this address, if the reader holds the verb for it."""
    person = get_object_or_404(Person.objects.select_related("organisation"), pk=pk)
    if not actions.may_on(actor_of(request), verb, person):
        require(actor_of(request), verb)
        raise PermissionDenied(_("Người này không thuộc cơ quan, địa bàn bạn quản trị."))
    return person


def _page(request: HttpRequest, person: Person, **more: Any) -> HttpResponse:
    actor: Any = actor_of(request)
    other = str(person.pk) != actor.actor_id
    events = (
        AuditEvent.objects.filter(object_id=person.pk).order_by("-id")[:HISTORY]
        if may(actor, "audit.see")
        else []
    )
    context = {
        "person": person,
        "state": state(person),
        "grants": [(g, other and actions.may_give(actor, g["grant"].scope)) for g in grants_of(person)],
        "form": PersonForm(person=person),
        "grant_form": GrantForm(prefix="g"),
        "sessions": sessions.of(person),
        "events": [(e, ACTIONS[e.verb].label if e.verb in ACTIONS else e.verb) for e in events],
        "other": other,
        "may_view": viewing.may_view(actor, person),
        "may_change": actions.may_on(actor, "people.person.change", person),
        "may_give": other and may(actor, "people.grant.give"),
        **more,
    }
    return render(request, "people/account.html", context)


@login_required
@require_GET
def account_page(request: HttpRequest, pk: Any) -> HttpResponse:
    return _page(request, _person(request, pk))


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new account with its first grant; its one-time link is shown once."""
    actor = actor_of(request)
    require(actor, "people.person.add")
    form, grant = PersonForm(request.POST or None), GrantForm(request.POST or None, prefix="g")
    if request.method == "POST" and form.is_valid() and grant.is_valid():
        try:
            with transaction.atomic():
                person = actions.add(actor, form.cleaned_data, form.cleaned_data["username"])
                actions.give(actor, person, grant.cleaned_data["role"], **grant.scope())
                token = actions.invite(actor, person)
        except ValidationError as error:
            _blame(form, error)
        except (ValueError, PermissionDenied) as error:
            form.add_error(None, str(error))
        else:
            return _slips(request, [(person, token)])
    return render(request, "people/new.html", {"form": form, "grant_form": grant})


def _blame(form: Any, error: ValidationError) -> None:
    """Each problem beside its box where there is one."""
    for name, told in error.update_error_dict({}).items():
        form.add_error(name if name in form.fields else None, told)


@login_required
@require_POST
def change(request: HttpRequest, pk: Any) -> HttpResponse:
    """The particulars as typed; what will not do stays in its box with the reason."""
    person = _person(request, pk, "people.person.change")
    form = PersonForm(request.POST, person=person)
    if form.is_valid():
        try:
            actions.change(actor_of(request), person, form.cleaned_data)
        except ValidationError as error:
            _blame(form, error)
        except ValueError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã sửa thông tin của %(who)s.") % {"who": person})
            return redirect("account-page", person.pk)
    return _page(request, person, form=form)


@login_required
@require_POST
def give(request: HttpRequest, pk: Any) -> HttpResponse:
    """One more grant."""
    person = _person(request, pk)
    form = GrantForm(request.POST, prefix="g")
    if form.is_valid():
        try:
            actions.give(actor_of(request), person, form.cleaned_data["role"], **form.scope())
        except ValueError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã cấp quyền cho %(who)s.") % {"who": person})
            return redirect("account-page", person.pk)
    return _page(request, person, grant_form=form)


@login_required
@require_POST
def end(request: HttpRequest, pk: Any, grant: Any) -> HttpResponse:
    """A grant ends, with the reason."""
    person = _person(request, pk)
    one = get_object_or_404(Grant, pk=grant, person=person)
    return _done(
        request, person, lambda r: actions.end(actor_of(request), one, r), _("Đã thu hồi quyền của %(who)s.")
    )


@login_required
@require_POST
def account(request: HttpRequest, pk: Any, verb: str) -> HttpResponse:
    """An administrator closes, opens, resets or invites, with the reason."""
    person, actor = get_object_or_404(Person, pk=pk), actor_of(request)
    reason = request.POST.get("reason", "").strip()[:300]
    if verb == "dat-lai":
        try:
            fresh = actions.reset(actor, person, reason)
        except ValueError as error:
            messages.error(request, str(error))
            return redirect("account-page", person.pk)
        return render(request, "people/reset.html", {"person": person, "fresh": fresh})
    if verb == "lien-ket":
        try:
            return _slips(request, [(person, actions.invite(actor, person, reason))])
        except ValueError as error:
            messages.error(request, str(error))
            return redirect("account-page", person.pk)
    told: dict[str, tuple[Callable[[str], Any], str]] = {
        "khoa": (
            lambda r: actions.close(actor, person, r),
            _("Đã khoá tài khoản của %(who)s; mọi phiên của người đó đã kết thúc."),
        ),
        "mo": (lambda r: actions.reopen(actor, person, r), _("Đã mở lại tài khoản của %(who)s.")),
        "het-phien": (
            lambda r: actions.end_sessions(actor, person, r),
            _("Mọi phiên của %(who)s đã kết thúc."),
        ),
    }
    if verb not in told:
        raise Http404(verb)
    return _done(request, person, *told[verb])


def _done(request: HttpRequest, person: Person, work: Callable[[str], Any], told: str) -> HttpResponse:
    try:
        work(request.POST.get("reason", "").strip()[:300])
    except ValueError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, told % {"who": person})
    return redirect("account-page", person.pk)


@login_required
@require_POST
def end_session(request: HttpRequest, pk: Any, digest: str) -> HttpResponse:
    """One session of somebody ends."""
    person = _person(request, pk, "people.person.end_sessions")

    def work(reason: str) -> None:
        actions.end_one_session(actor_of(request), person, digest, reason)

    return _done(request, person, work, _("Đã kết thúc một phiên của %(who)s."))


@login_required
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, pk: Any) -> HttpResponse:
    """Somebody leaves: what he has in hand goes to another of the same body."""
    actor = actor_of(request)
    leaver = _person(request, pk, "people.person.hand_over")
    others = Person.objects.filter(is_active=True).exclude(pk=leaver.pk).select_related("organisation")
    heirs = [p for p in others.order_by("first_name") if actions.may_on(actor, "people.person.hand_over", p)]
    heirs.sort(key=lambda p: p.organisation_id != leaver.organisation_id)
    trouble = ""
    if request.method == "POST":
        heir = next((p for p in heirs if str(p.pk) == request.POST.get("heir")), None)
        reason = request.POST.get("reason", "").strip()[:300]
        try:
            if heir is None or not reason:
                raise ValueError(_("Chọn người nhận và ghi căn cứ."))
            told = actions.hand_over(
                actor, leaver, heir, reason, grants="grants" in request.POST, shut="shut" in request.POST
            )
        except ValueError as error:
            trouble = str(error)
        else:
            words = ", ".join(f"{n} {what}" for what, n in told.items())
            messages.success(
                request,
                _("Đã bàn giao từ %(a)s cho %(b)s: %(what)s.") % {"a": leaver, "b": heir, "what": words},
            )
            return redirect("account-page", heir.pk)
    context = {"person": leaver, "heirs": heirs, "trouble": trouble, "grants": grants_of(leaver)}
    return render(request, "people/hand_over.html", context)


@login_required
@require_POST
def view_as(request: HttpRequest, pk: Any) -> HttpResponse:
    """From now on this session sees as the person does."""
    viewer: Any = request.user
    person = _person(request, pk, "people.person.view_as")
    try:
        viewing.begin(request, viewer, person, request.POST.get("reason", "").strip()[:300])
    except ValueError as error:
        messages.error(request, str(error))
        return redirect("account-page", person.pk)
    return redirect("home")


@login_required
@require_POST
def view_as_stop(request: HttpRequest) -> HttpResponse:
    """The session sees with its own eyes again."""
    person = viewing.stop(request)
    return redirect("account-page", person.pk) if person else redirect("home")


@login_required
@require_POST
def slips(request: HttpRequest) -> HttpResponse:
    """Fresh one-time links of those picked, or of everybody who never came in, as slips to print and cut."""
    actor, keys = actor_of(request), set(request.POST.getlist("pick"))
    require(actor, "people.person.invite")
    rows = (
        Person.objects.waiting().select_related("organisation").order_by("organisation__name", "first_name")
    )
    chosen = [p for p in rows if not keys or str(p.pk) in keys]
    chosen = [
        p for p in chosen if actions.may_on(actor, "people.person.invite", p) and actions.within(actor, p)
    ]
    if not chosen:
        messages.error(request, _("Không có ai chưa vào lần nào trong số đã chọn."))
        return redirect("people")
    return _slips(request, [(p, actions.invite(actor, p)) for p in chosen])


def _slips(request: HttpRequest, made: list[tuple[Person, str]]) -> HttpResponse:
    """The slips, shown this once: name, sign-in name, link, its picture for a telephone."""
    answer = render(request, "people/slips.html", {"slips": [slip(person, token) for person, token in made]})
    answer.headers["Cache-Control"] = "no-store"
    return answer
