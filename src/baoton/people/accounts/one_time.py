"""Behind a one-time link: the first administrator's account, or somebody's own password; and asking for such a link."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from baoton.kit import jobs, mail, office
from baoton.kit.access import System
from baoton.people import actions, links, second, throttle
from baoton.people.forms import PersonForm
from baoton.people.models import OneTimeLink, Person

BACKEND = "django.contrib.auth.backends.ModelBackend"


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def one_time(request: HttpRequest, token: str) -> HttpResponse:
    """Who holds the link chooses a password; the first one also says who he is, and administers from then on."""
    keys = throttle.keys(request, "", "code")
    if seconds := throttle.wait(keys):
        told = _("Đã thử sai quá nhiều lần. Đợi %(n)d giây rồi thử lại.") % {"n": seconds}
        return render(request, "people/link_dead.html", {"told": told}, status=429)
    link = links.find(token)
    if link is None:
        throttle.failed(keys)
        return render(request, "people/link_dead.html", status=404)
    form = PersonForm(request.POST or None) if link.person is None else None
    trouble: list[str] = []
    if request.method == "POST" and (form is None or form.is_valid()):
        given = request.POST.get("password", "")[:4096]
        values: dict[str, Any] = {} if form is None else form.cleaned_data
        if given != request.POST.get("again", ""):
            trouble = [_("Hai lần nhập mật khẩu không giống nhau.")]
        else:
            try:
                person = actions.begin(token, given, values, values.get("username", ""))
            except ValidationError as error:
                trouble = error.messages
            else:
                return (
                    render(request, "people/link_dead.html", status=404)
                    if person is None
                    else _in(request, link, person)
                )
    context = {"link": link, "form": form, "trouble": trouble, "first": link.kind == OneTimeLink.Kind.FIRST}
    return render(request, "people/one_time.html", context)


def _in(request: HttpRequest, link: OneTimeLink, person: Person) -> HttpResponse:
    """Signed in at once, unless a second factor must be asked first."""
    if second.confirmed(person) is not None:
        messages.success(request, _("Đã đổi mật khẩu. Đăng nhập bằng mật khẩu mới."))
        return redirect("login")
    login(request, person, BACKEND)
    if link.kind == OneTimeLink.Kind.FIRST:
        messages.success(request, _("Bạn là quản trị đầu tiên. Cài đặt tiếp theo thứ tự dưới đây."))
        return redirect("setup")
    messages.success(request, _("Đã chọn mật khẩu. Chào bạn!"))
    return redirect("home")


@never_cache
@require_http_methods(["GET", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """A link by mail to whoever has an account with an address; the answer is the same whether or not there is one."""
    context: dict[str, Any] = {"sends": office.sends_mail()}
    if request.method == "POST" and context["sends"]:
        name = request.POST.get("name", "").strip()[:254]
        keys = throttle.keys(request, name, "code")
        if seconds := throttle.wait(keys):
            context["trouble"] = _("Đã thử quá nhiều lần. Đợi %(n)d giây rồi thử lại.") % {"n": seconds}
            return render(request, "people/forgotten.html", context, status=429)
        throttle.failed(keys)
        jobs.ask(System(), "people.reset_mail", _("Thư đặt lại mật khẩu"), account=name)
        context["asked"] = True
    return render(request, "people/forgotten.html", context)


@jobs.kind("people.reset_mail")
def send_reset(progress: jobs.Progress) -> str:
    """The letter with the link goes to the account of that sign-in name or address, if it has one address alone."""
    name = progress.job.arguments["account"] if progress.job else ""
    rows = Person.objects.filter(is_active=True)
    found = (
        list(rows.filter(username=name.lower())[:1]) or list(rows.filter(email__iexact=name)[:2])
        if name
        else []
    )
    if len(found) != 1 or not found[0].email:
        return ""
    person = found[0]
    token = links.make(OneTimeLink.Kind.RESET, person, str(person))
    text = _(
        "Chào %(who)s,\n\nMở liên kết sau để chọn mật khẩu mới; nó dùng được một lần, trong 24 giờ:\n%(link)s\n\n"
        "Nếu bạn không yêu cầu, bỏ qua thư này: mật khẩu cũ vẫn dùng được."
    )
    mail.send(
        person.email, _("Bảo Tồn: đặt lại mật khẩu"), text % {"who": person, "link": links.address(token)}
    )
    return ""
