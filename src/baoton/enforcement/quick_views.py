"""A case from the spot, on a phone: what act, what species, how many, where and when, a photo; the rest later."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, override
from django.views.decorators.http import require_http_methods

from baoton.enforcement.models import Act, Case, Item
from baoton.files.actions import keeping
from baoton.kit.access import Actor, require
from baoton.kit.kinds import Files
from baoton.kit.kinds.area import only_area
from baoton.kit.pages.form import KindForm
from baoton.kit.reading.asking import actor_of
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow

CASE, ACT, ITEM = "enforcement.case", "enforcement.act", "enforcement.item"
OF_CASE = ("day", "hour", "area_path", "locality", "geom")
PHOTOS = Files("photos", gettext_lazy("ảnh"), keep=keeping(), accept="image/*")
LONGEST = 300
COMMON = (
    "hunting", "carrying_traps", "killing", "keeping", "transport", "trade", "logging", "encroachment",
)  # fmt: skip
"""Acts met in the forest and on the road, which a thumb reaches first; the others are folded below them."""


def _kinds() -> list[Any]:
    own = [REGISTERS[CASE].field(name) for name in OF_CASE]
    return [
        REGISTERS[ACT].field("act"),
        REGISTERS[ITEM].field("name"),
        REGISTERS[ITEM].field("number"),
        *own,
        PHOTOS,
    ]


def _form(actor: Actor, *given: Any) -> KindForm:
    start = {"day": timezone.localdate(), "area_path": only_area(actor, f"{CASE}.create")}
    form = KindForm(_kinds(), actor, Case(), *given, initial=start)
    form.fields["name"].required = False
    form.fields["act"].error_messages["required"] = _("Chọn hành vi.")
    return form


@login_required
@require_http_methods(["GET", "POST"])
def quick(request: HttpRequest) -> HttpResponse:
    """The short page; sent, the case stands with its act, its goods and its photos, or nothing of it does."""
    actor = actor_of(request)
    require(actor, f"{CASE}.create")
    form = _form(actor, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = opened(actor, form.values())
        except PermissionDenied:
            form.add_error(None, _("Vị trí này ngoài địa bàn bạn được ghi; chọn lại xã hoặc bỏ toạ độ."))
        except ValidationError as error:
            form.blame(error)
        except NotNow as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("Đã mở %(what)s. Người, công cụ, dữ kiện khác ghi sau.") % {"what": made}
            )
            return redirect(REGISTERS[CASE].url(made))
    acts, chosen = dict(Act._meta.get_field("act").flatchoices), form["act"].value()
    context = {
        "form": form, "book": REGISTERS[CASE], "common": [(a, acts[a]) for a in COMMON],
        "others": [one for one in acts.items() if one[0] not in COMMON],
        "folded": not chosen or chosen in COMMON,
    }  # fmt: skip
    return render(request, "enforcement/quick.html", context, status=422 if form.errors else 200)


def opened(actor: Actor, told: Mapping[str, Any]) -> Case:
    """The case with its act, what it is about and its photos, all of them or nothing."""
    kinds = {kind.name: kind for kind in _kinds()}
    one, act = Case(source=Case.Source.OTHER), Act(act=told["act"])
    for name in OF_CASE:
        kinds[name].put(one, told.get(name))
    name = str(told.get("name") or "").strip()
    with override("vi"):  # kept words: in the language of the office, whoever writes
        one.title = ": ".join(word for word in (str(act.get_act_display()), name) if word)[:LONGEST]
    with transaction.atomic():
        made: Case = write.create(REGISTERS[CASE], actor, one)
        act.case = made
        write.create(REGISTERS[ACT], actor, act)
        if name or told.get("number"):
            goods = Item(case=made, name=name or gettext_noop("chưa rõ tên"), number=told.get("number"))
            write.create(REGISTERS[ITEM], actor, goods)
        PHOTOS.saved(actor, made, told.get("photos"))
    return made
