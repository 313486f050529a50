"""Pages of tips: without an account to send one, see its state by the code and add a word; for officers, figures."""

import secrets
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baoton.files.queries import of_record
from baoton.kit.access import require
from baoton.kit.pages.charts import Row, bars
from baoton.kit.reading.asking import actor_of
from baoton.kit.reading.register import REGISTERS
from baoton.kit.reading.retold import retold
from baoton.people.queries import address_of, organisation_name
from baoton.places.queries import commune_choices, unit_name
from baoton.tips import actions
from baoton.tips.actions import throttle
from baoton.tips.forms import MOST_PHOTOS, TipForm, WordForm, photos, too_many
from baoton.tips.models import Tip, Word
from baoton.tips.queries import figures

SECRET_CHARS = 24
LONGEST_KEY = 80
SENT = ("kind", "what", "area_path", "locality", "longitude", "latitude", "day", "hour", "contact")


@never_cache
@require_http_methods(["GET", "POST"])
def send(request: HttpRequest) -> HttpResponse:
    """The form; sent, the receipt. What is wrong is said beside what was typed, all of which stays."""
    if request.method == "GET":
        return _form(
            request,
            TipForm(initial={"kind": request.GET.get("viec", "")}),
            secrets.token_urlsafe(SECRET_CHARS),
        )
    key = request.POST.get("form_key", "")[:LONGEST_KEY] or secrets.token_urlsafe(SECRET_CHARS)
    form, given = TipForm(request.POST), request.FILES.getlist("photos")
    sent = _sent(request, key)
    wrong = photos(given)
    if not form.is_valid() or wrong:
        return _form(request, form, key, wrong, status=422)
    address = address_of(request)
    minutes = throttle.wait(address, "send")
    if minutes:
        return _form(request, form, key, minutes=minutes, status=429)
    if request.POST.get(
        "website", ""
    ):  # a box that no person sees: whoever fills it is answered like everybody
        return _receipt(request, None, actions.receiving.code_of(sent))
    throttle.count(address, "send")
    tip, code = actions.receive(_tip(form.values()), sent, given, form.cleaned_data["contact"])
    return _receipt(request, tip, code)


def _sent(request: HttpRequest, key: str) -> str:
    """The form and all that stands in it: sent twice it is one tip, sent again with other words it is another."""
    words = [f"{name}={request.POST[name]}" for name in sorted(request.POST) if name in SENT]
    return "\x1f".join([key, *words, *(str(one.size) for one in request.FILES.getlist("photos"))])


def _tip(values: dict[str, Any]) -> Tip:
    tip = Tip()
    for name, value in values.items():
        kind = REGISTERS["tips.tip"].field(name)
        if kind is not None:
            kind.put(tip, value)
    return tip


def _form(
    request: HttpRequest,
    form: TipForm,
    key: str,
    wrong: list[str] | None = None,
    minutes: int = 0,
    status: int = 200,
) -> HttpResponse:
    chosen = str(form["kind"].value() or "")
    context = {
        "form": form, "key": key, "wrong": wrong or [], "minutes": minutes, "kinds": Tip.Kind.choices,
        "chosen": chosen, "communes": commune_choices(), "area": str(form["area_path"].value() or ""),
        "most": MOST_PHOTOS, "register": REGISTERS["tips.tip"],
        "again": bool(wrong) or (form.is_bound and bool(request.FILES)),
    }  # fmt: skip
    return render(request, "tips/send.html", context, status=status)


def _receipt(request: HttpRequest, tip: Tip | None, code: str) -> HttpResponse:
    kept = list(of_record(tip)) if tip is not None else []
    context = {
        "code": code, "tip": tip, "photos": len(kept),
        "broken": sum(1 for one in kept if one.taken is None and one.geom is None and _broken(one)),
        "body": organisation_name(tip.organisation) if tip is not None else "",
        "area": unit_name(tip.area_path) if tip is not None and not tip.outside else "",
    }  # fmt: skip
    return render(request, "tips/receipt.html", context)


def _broken(evidence: Any) -> bool:
    return "tệp ảnh hỏng" in evidence.exif_note


@never_cache
@require_http_methods(["GET", "POST"])
def look(request: HttpRequest) -> HttpResponse:
    """The state of a tip for whoever holds its code, which is sent in the body and never stands in an address."""
    code = request.POST.get("code", "")[:200]
    if request.method == "GET" or not code.strip():
        return render(request, "tips/look.html", {"asked": request.method == "POST"})
    address = address_of(request)
    minutes = throttle.wait(address, "guess")
    tip = None if minutes else actions.find(code)
    if tip is None:
        throttle.count(address, "guess")
        context = {"wrong": not minutes, "minutes": minutes, "code": code}
        return render(request, "tips/look.html", context, status=429 if minutes else 404)
    return _state(request, tip, code, WordForm())


@never_cache
@require_POST
def word(request: HttpRequest) -> HttpResponse:
    """One more word of who sent the tip; what is refused stays in its box."""
    code = request.POST.get("code", "")[:200]
    address = address_of(request)
    minutes = throttle.wait(address, "guess")
    tip = None if minutes else actions.find(code)
    if tip is None:
        throttle.count(address, "guess")
        context = {
            "wrong": not minutes,
            "minutes": minutes,
            "code": code,
            "text": request.POST.get("text", ""),
        }
        return render(request, "tips/look.html", context, status=429 if minutes else 404)
    form, given = WordForm(request.POST), request.FILES.getlist("photos")
    form.fields["text"].required = not given
    busy = throttle.wait(address, "send")
    if busy:
        return _state(request, tip, code, form, busy, status=429)
    wrong = photos(given) or too_many(len(of_record(tip)), len(given))
    for one in wrong:
        form.add_error(None, one)
    if not form.is_valid():
        return _state(request, tip, code, form, status=422)
    throttle.count(address, "send")
    if form.cleaned_data["text"]:
        actions.add_word(tip, form.cleaned_data["text"])
    actions.add_photos(tip, given)
    return _state(request, tip, code, WordForm(), told=_("Đã gửi lời nhắn, ảnh của bạn."))


def _state(
    request: HttpRequest,
    tip: Tip,
    code: str,
    form: WordForm,
    minutes: int = 0,
    told: str = "",
    status: int = 200,
) -> HttpResponse:
    words = tip.words.filter(withdrawn__isnull=True).order_by("said")
    body = organisation_name(tip.handed_to) if tip.status == Tip.Status.HANDED else ""
    context = {
        "tip": tip, "answer": retold(tip.answer),
        "code": code, "form": form, "words": words, "sender": Word.By.SENDER, "told": told,
        "minutes": minutes, "body": organisation_name(tip.organisation), "handed": body,
        "photos": len(of_record(tip)), "most": MOST_PHOTOS,
    }  # fmt: skip
    return render(request, "tips/state.html", context, status=status)


@login_required
@require_GET
def numbers(request: HttpRequest) -> HttpResponse:
    """Tips of a year by month, kind and commune, of those the reader may see; each number opens its tips."""
    actor = actor_of(request)
    require(actor, "tips.tip.see")
    asked = request.GET.get("nam", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and 2000 <= int(asked[:5]) <= 2100 else 0
    year = year or timezone.localdate().year
    told = figures(actor, date(year, 1, 1), date(year, 12, 31))
    rows = [Row(x.label, x.tips, f"{REGISTERS['tips.tip'].url()}?when={x.key}") for x in told["months"]]
    context = {
        "told": told, "year": year, "before": year - 1, "after": year + 1, "book": REGISTERS["tips.tip"],
        "chart": bars(_("Tin báo theo tháng"), rows, _("tin")) if rows else None,
        "tables": (
            (_("Theo tháng"), _("Tháng"), "when", told["months"]),
            (_("Theo việc"), _("Việc gì?"), "kind", told["kinds"]),
            (_("Theo xã, phường"), _("Xã, phường"), "area", told["areas"]),
        ),
    }  # fmt: skip
    return render(request, "tips/numbers.html", context)
