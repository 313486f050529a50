"""The set-up page: what a fresh installation needs, in order, each step saying whether it is done and what it takes."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from baoton.kit import mail, office
from baoton.kit.access import may, require
from baoton.kit.reading.asking import actor_of, said
from baoton.kit.writing import audit
from baoton.observations import verifying
from baoton.people.actions import change as change_person
from baoton.people.models import Organisation, Person
from baoton.places import queries as places
from baoton.plan.models import Work

SECRET = "••••••••"


@dataclass(frozen=True)
class Step:
    """One step: what it is, whether it is done, and how things stand in a sentence."""

    name: str
    title: str
    done: bool
    told: str


def steps(actor: Any) -> list[Step]:
    """The steps in the order in which an administrator takes them."""
    people = Person.objects.filter(is_active=True).count()
    waiting = Person.objects.waiting().count()
    body = str(actor.organisation or "")
    told = office.told()
    works = Work.objects.filter(withdrawn__isnull=True).count()
    villages = places.villages()
    return [
        Step("co-quan", _("Cơ quan của bạn"), bool(body), body or _("chưa chọn")),
        Step(
            "tai-khoan",
            _("Tài khoản của các cơ quan và xã"),
            people > 1,
            _("%(n)d tài khoản, %(m)d người chưa vào lần nào") % {"n": people, "m": waiting},
        ),
        Step(
            "dia-chi",
            _("Địa chỉ mọi người mở"),
            bool(told.get("address")) or settings.SITE_ADDRESS != "http://127.0.0.1:8000",
            office.address(),
        ),
        Step(
            "thu",
            _("Gửi thư"),
            office.sends_mail(),
            str(told.get("mail_host") or _("chưa cài; ai quên mật khẩu thì quản trị đưa liên kết")),
        ),
        Step("xac-minh", _("Hai người xác minh loài ưu tiên"), True, _two_told()),
        Step(
            "ranh-gioi",
            _("Ranh giới xã, phường"),
            not places.schematic(),
            _("đang dùng sơ đồ") if places.schematic() else _("đã nạp ranh giới chính thức"),
        ),
        Step(
            "ban",
            _("Danh sách bản, tổ dân phố"),
            villages > 0,
            _("%(n)d bản; bản đồ tìm được theo tên") % {"n": villages}
            if villages
            else _("chưa có; bản đồ chỉ tìm được xã, phường"),
        ),
        Step(
            "viec",
            _("Giao việc của kế hoạch"),
            works > 0,
            _("%(n)d việc; cán bộ Sở NN&MT giao") % {"n": works},
        ),
    ]


@login_required
@require_GET
def setup(request: HttpRequest) -> HttpResponse:
    """Every step with its small form."""
    actor: Any = actor_of(request)
    require(actor, "people.setup")
    told = office.told()
    held = told | {"mail_password": SECRET if told.get("mail_password") else ""}
    context = {
        "steps": steps(actor),
        "bodies": Organisation.objects.offices().exclude(code__startswith="ubnd_"),
        "own": actor.organisation_id,
        "two_since": verifying.since(),
        "two_from": _written(verifying.since()),
        "held": held,
        "here": request.build_absolute_uri("/").rstrip("/"),
        "address": office.address(),
        "hosts": settings.ALLOWED_HOSTS,
        "https": settings.SESSION_COOKIE_SECURE,
        "may_import": may(actor, "places.boundary.import"),
        "may_list": may(actor, "places.village.import"),
    }
    return render(request, "site/setup.html", context)


@login_required
@require_POST
def do(request: HttpRequest, step: str) -> HttpResponse:
    """One step as it was filled in; what went wrong is said on the page."""
    require(actor_of(request), "people.setup")
    work = {
        "co-quan": _body,
        "dia-chi": _address,
        "thu-dia-chi": _try_address,
        "thu": _mail,
        "gui-thu": _try_mail,
        "xac-minh": _two_verifiers,
    }.get(step)
    if work is None:
        raise Http404(step)
    try:
        work(request)
    except ValidationError as error:
        messages.error(request, said(error))
    return redirect(f"{reverse('setup')}#{step}")


def _body(request: HttpRequest) -> None:
    """The administrator belongs to this body."""
    person: Any = actor_of(request)
    body = Organisation.objects.filter(code=request.POST.get("body", "")).first()
    if body is None:
        raise ValidationError(_("Chọn cơ quan."))
    change_person(person, person, {"organisation_id": body.code})
    messages.success(request, _("Đã ghi cơ quan của bạn: %(name)s.") % {"name": body.name})


def _noted(request: HttpRequest, values: dict[str, Any]) -> None:
    """The values stand in the office's file; the log says that they changed, never a password."""
    old = office.told()
    office.tell(values)
    public = {k: v for k, v in values.items() if k != "mail_password"}
    audit.write(actor_of(request), "people.setup", old={k: old.get(k) for k in public}, new=public)


def _written(since: date | None) -> str:
    return since.isoformat() if since is not None and since != date.min else ""


def _two_told() -> str:
    """Whether records of priority species need two persons, and from when."""
    since = verifying.since()
    if since is None:
        return _("không áp dụng: một người xác minh là đủ")
    if since == date.min:
        return _("đang áp dụng")
    return _("áp dụng từ %(day)s") % {"day": since.strftime("%d/%m/%Y")}


def _two_verifiers(request: HttpRequest) -> None:
    """From which day records of priority species need two persons, or that they do not."""
    if request.POST.get("ask") == "no":
        _noted(request, {"two_verifiers_from": ""})
        return
    try:
        day = date.fromisoformat(request.POST.get("from", "") or timezone.localdate().isoformat())
    except ValueError as error:
        raise ValidationError(_("Ghi ngày bắt đầu.")) from error
    _noted(request, {"two_verifiers_from": day.isoformat()})


def _address(request: HttpRequest) -> None:
    """The address that slips, mails and papers name."""
    address = request.POST.get("address", "").strip().rstrip("/")
    URLValidator(
        schemes=["http", "https"], message=_("Ghi địa chỉ đầy đủ, như https://baoton.laichau.gov.vn")
    )(address)
    _noted(request, {"address": address})
    ok, told = reached(address)
    (messages.success if ok else messages.warning)(request, told)


def _try_address(request: HttpRequest) -> None:
    ok, told = reached(office.address())
    (messages.success if ok else messages.error)(request, told)


class _Straight(urllib.request.HTTPRedirectHandler):
    """The test follows no redirection: it asks the address that was told and no other."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def reached(address: str) -> tuple[bool, str]:
    """Whether this installation answers at the address, asked from the server itself, and what to do if not."""
    try:
        with urllib.request.build_opener(_Straight).open(f"{address}/song", timeout=6) as answer:
            told = json.loads(answer.read(10_000))
    except urllib.error.HTTPError as error:
        if error.code == 400:
            return False, _("Máy chủ không nhận tên miền này: thêm nó vào BAOTON_HOSTS rồi khởi động lại.")
        return False, _("Địa chỉ này trả lời lỗi %(code)d; kiểm tra máy chủ trung gian.") % {
            "code": error.code
        }
    except (OSError, ValueError):
        return False, _("Từ máy chủ không mở được địa chỉ này. Kiểm tra tên miền, tường lửa, chứng thư.")
    if not isinstance(told, dict) or told.get("installation") != installation():
        return False, _("Có máy chủ trả lời ở địa chỉ này, nhưng không phải hệ thống này.")
    if not address.startswith("https://"):
        return True, _("Địa chỉ mở được. Nó chưa dùng HTTPS: chỉ dùng trong mạng nội bộ.")
    return True, _("Địa chỉ mở được, đúng hệ thống này.")


def installation() -> str:
    """What tells this installation from another, and tells nothing else."""
    from baoton.kit.keyed import digest

    return digest("installation", "song")[:16]


def _mail(request: HttpRequest) -> None:
    """The server mail goes through; an untouched password stays as it was."""
    given = request.POST
    port, sender = given.get("mail_port", "").strip(), given.get("mail_from", "").strip()
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValidationError(_("Cổng là một số, thường là 587 hoặc 465."))
    validate_email(sender)
    values: dict[str, Any] = {k: given.get(k, "").strip() for k in ("mail_host", "mail_user", "mail_tls")}
    if not values["mail_host"] or values["mail_tls"] not in {"starttls", "ssl", "none"}:
        raise ValidationError(_("Ghi máy chủ gửi thư và cách mã hoá."))
    values |= {"mail_port": port, "mail_from": sender}
    if given.get("mail_password", "") != SECRET:
        values["mail_password"] = given.get("mail_password", "")
    _noted(request, values)
    messages.success(request, _("Đã ghi cách gửi thư. Gửi thử một thư để chắc chắn."))


def _try_mail(request: HttpRequest) -> None:
    """A letter to the administrator himself."""
    person: Any = actor_of(request)
    to = request.POST.get("to", "").strip() or person.email
    validate_email(to)
    try:
        mail.send(to, _("Bảo Tồn: thư thử"), _("Hệ thống Bảo Tồn gửi được thư. Không cần trả lời."))
    except (OSError, ValueError) as error:
        raise ValidationError(_("Chưa gửi được: %(why)s") % {"why": error}) from error
    messages.success(request, _("Đã gửi một thư tới %(to)s.") % {"to": to})
