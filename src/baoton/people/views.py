"""Signing in with one or two factors; one's own password, factor, grants and sessions."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import PasswordChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baoton.kit.access import Actor
from baoton.people import actions, second, sessions, throttle
from baoton.people.models import Person
from baoton.people.queries import grants_of
from baoton.people.simulate import PASSWORD, cast_here

BACKEND = "django.contrib.auth.backends.ModelBackend"
PENDING, PENDING_SECONDS = "signing_in", 300
OPEN_BEFORE_SECOND = {"second-factor", "logout", "set_language", "health"}


def onward(request: HttpRequest) -> str:
    """Where the visitor wanted to go, if that lies here; else home."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    here = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    return asked if here else reverse("home")


def _too_often(request: HttpRequest, template: str, seconds: int) -> HttpResponse:
    told = _("Đã thử sai quá nhiều lần. Đợi %(n)d giây rồi thử lại.") % {"n": seconds}
    answer = render(request, template, {"trouble": told, "next": onward(request)}, status=429)
    answer.headers["Retry-After"] = str(seconds)
    return answer


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; whoever has a second factor is asked for its code next."""
    template = "people/sign_in.html"
    shown = {"next": onward(request), "cast": cast_here(), "cast_password": PASSWORD}
    if request.method == "GET":
        return render(request, template, shown)
    name, given = request.POST.get("username", "")[:150], request.POST.get("password", "")[:4096]
    keys = throttle.keys(request, name)
    if seconds := throttle.wait(keys):
        return _too_often(request, template, seconds)
    person = None if "\x00" in name + given else authenticate(request, username=name, password=given)
    if not isinstance(person, Person):
        throttle.failed(keys)
        told = _("Tên đăng nhập hoặc mật khẩu không đúng.")
        return render(request, template, {**shown, "trouble": told, "name": name})
    if second.confirmed(person) is None:
        throttle.succeeded(keys)
        login(request, person, BACKEND)
        return redirect(onward(request))
    request.session.cycle_key()
    request.session[PENDING] = [str(person.pk), time.time(), person.get_session_auth_hash(), onward(request)]
    return redirect("login-code")


def _pending(request: HttpRequest) -> tuple[Person, str] | None:
    """Who gave the right password a moment ago in this session, and where they want to go."""
    try:
        pk, at, held, target = request.session[PENDING]
        person = Person.objects.get(pk=pk, is_active=True)
    except (KeyError, ValueError, TypeError, ValidationError, Person.DoesNotExist):
        return None
    fresh = 0 <= time.time() - at <= PENDING_SECONDS and held == person.get_session_auth_hash()
    return (person, str(target)) if fresh else None


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The six digits of the telephone, or one of the recovery codes."""
    waiting = _pending(request)
    if waiting is None:
        return redirect("login")
    person, target = waiting
    template = "people/code.html"
    if request.method == "GET":
        return render(request, template)
    keys = throttle.keys(request, str(person.pk), "code")
    if seconds := throttle.wait(keys):
        return _too_often(request, template, seconds)
    code = request.POST.get("code", "")[:40]
    if not (second.accept(person, code) or second.recover(person, code)):
        throttle.failed(keys)
        return render(request, template, {"trouble": _("Mã không đúng hoặc đã dùng rồi.")})
    throttle.succeeded(keys)
    throttle.succeeded(throttle.keys(request, person.username))
    del request.session[PENDING]
    login(request, person, BACKEND)
    left = len(factor.codes) if (factor := second.confirmed(person)) else 0
    if left <= 3:
        messages.warning(
            request, _("Chỉ còn %(n)d mã dự phòng; lập lớp bảo vệ lại để có mã mới.") % {"n": left}
        )
    return redirect(target)


@sensitive_post_parameters()
@login_required
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """A new password by the rules told on the page; every other session ends."""
    person = _own(request)
    form = PasswordChangeForm(person, request.POST or None)
    if request.method == "POST":
        keys = throttle.keys(request, person.username)
        if seconds := throttle.wait(keys):
            form.add_error(None, _("Đã thử sai quá nhiều lần. Đợi %(n)d giây rồi thử lại.") % {"n": seconds})
        elif form.is_valid() and form.cleaned_data["new_password1"] == form.cleaned_data["old_password"]:
            form.add_error("new_password1", _("Mật khẩu mới trùng mật khẩu cũ."))
        elif form.is_valid():
            form.save()
            _renew(request, person)
            messages.success(request, _("Đã đổi mật khẩu; các phiên khác của bạn đã kết thúc."))
            return redirect("me")
        elif "old_password" in form.errors:
            throttle.failed(keys)
    return render(request, "people/password.html", {"form": form})


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """The picture for the telephone; with the right digits the factor holds, and the recovery codes are shown once."""
    person = _own(request)
    if second.confirmed(person) is not None:
        return redirect("me")
    factor, trouble = second.begun(person), ""
    if request.method == "POST":
        if second.accept(person, request.POST.get("code", "")[:40]):
            codes = second.confirm(person)
            _renew(request, person)
            return render(request, "people/codes.html", {"codes": codes})
        trouble = _("Mã không đúng; xem lại giờ của điện thoại rồi nhập mã đang hiện.")
    context = {"picture": second.picture(factor), "secret": factor.secret, "trouble": trouble}
    return render(request, "people/second_factor.html", context | {"needed": second.needed(person)})


@login_required
@require_POST
def second_factor_off(request: HttpRequest) -> HttpResponse:
    """The factor is taken off with the password and a code at hand; one can be set up anew."""
    person = _own(request)
    keys = throttle.keys(request, str(person.pk), "code")
    if seconds := throttle.wait(keys):
        messages.error(request, _("Đã thử sai quá nhiều lần. Đợi %(n)d giây rồi thử lại.") % {"n": seconds})
        return redirect("me")
    code = request.POST.get("code", "")[:40]
    right = person.check_password(request.POST.get("password", "")[:4096])
    if right and (second.accept(person, code) or second.recover(person, code)):
        second.forget(person)
        _renew(request, person)
        messages.success(request, _("Đã bỏ lớp bảo vệ thứ hai."))
    else:
        throttle.failed(keys)
        messages.error(request, _("Mật khẩu hoặc mã không đúng."))
    return redirect("me")


@login_required
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Every other session of the person has ended."""
    _renew(request, _own(request))
    messages.success(request, _("Các phiên khác của bạn đã kết thúc."))
    return redirect("me")


@login_required
@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """The person's own grants and open sessions, in words."""
    person = _own(request)
    context = {
        "person": person,
        "grants": grants_of(person),
        "factor": second.confirmed(person),
        "sessions": sessions.of(person),
        "here": sessions.digest_of(request),
    }
    return render(request, "people/me.html", context)


@login_required
@require_POST
def end_own_session(request: HttpRequest, digest: str) -> HttpResponse:
    """One session of one's own ends, on a lost telephone say."""
    if sessions.end(_own(request), digest):
        messages.success(request, _("Đã kết thúc phiên đó."))
    return redirect("me")


def _own(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user


def _renew(request: HttpRequest, person: Person) -> None:
    """The session at hand goes on, every other one has ended."""
    actions.end_other_sessions(person)
    update_session_auth_hash(request, person)


def second_factor_first(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Whoever must have a second factor sets it up before opening anything else."""

    def answer(request: HttpRequest) -> HttpResponse:
        person: Person | Actor = request.user  # type: ignore[assignment]
        if settings.TWO_FACTOR == "required" and isinstance(person, Person):
            allowed = {reverse(n) for n in OPEN_BEFORE_SECOND}
            outside = request.path not in allowed and not request.path.startswith(settings.STATIC_URL)
            if outside and second.confirmed(person) is None and second.needed(person):
                return redirect("second-factor")
        return get_response(request)

    return answer
