"""The page of a species: its names, what the law says and said, where it was found, what is missing."""

from importlib import import_module
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import ForeignKey
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

import rulebook
from baoton.kit.access import Actor
from baoton.kit.place import Disclosure
from baoton.kit.reading.asking import actor_of
from baoton.kit.reading.register import Register, all_registers
from baoton.taxa import queries
from baoton.taxa.disclosure import in_english
from baoton.taxa.models import Taxon
from baoton.taxa.timeline import said, timeline
from rulebook.lists import groups


@require_GET
def species(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything the books hold of one accepted taxon; a synonym leads to it."""
    taxon = get_object_or_404(Taxon.objects.filter(withdrawn__isnull=True), pk=pk)
    if taxon.accepted_id:
        return redirect("species", pk=taxon.accepted_id)
    actor, today = actor_of(request), timezone.localdate()
    try:
        status = queries.legal_status(taxon, today)
        told = queries.history(taxon)
    except rulebook.NotAScientificName:
        status, told = None, ()
    books = [_book(register, actor, taxon) for register in _registers()]
    panels = [(template, dict(given(actor, taxon))) for template, given in _panels()]
    return render(
        request,
        "taxa/species.html",
        {
            "taxon": taxon,
            "advice": advice(taxon, status),
            "group": short_group(status),
            "synonyms": taxon.synonyms.filter(withdrawn__isnull=True).order_by("scientific_name"),
            "status": status,
            "sentence": _sentence(status),
            "certainty": said(status.certainty) if status else "",
            "timeline": timeline(told, today),
            "today": today,
            "books": [one for one in books if one["n"]],
            "empty": [one["register"] for one in books if not one["n"]],
            "guarded": taxon.sensitivity != Disclosure.AS_IS,
            "why": in_english(taxon.sensitivity_why) if get_language() == "en" else taxon.sensitivity_why,
            "panels": panels,
            "overlay": [shape for _template, part in panels for shape in part.get("overlay", ())],
            "missing": _missing(taxon, status, books) + [m for _t, p in panels for m in p.get("missing", ())],
        },
    )


KEEP_OFF = (
    gettext_noop("Đứng xa, không đuổi, không bắt, không chạm vào; không chỉ chỗ cho người khác."),
    gettext_noop("Chụp ảnh nếu làm được từ xa; ghi ngày, nơi, số con."),
    gettext_noop(
        "Báo bằng “Báo nhanh” hoặc gọi kiểm lâm địa bàn; con bị thương, mắc bẫy thì báo ngay trong ngày."
    ),
)
KEEP_PLANT = (
    gettext_noop("Không đào, không chặt, không hái; không chỉ chỗ cho người khác."),
    gettext_noop("Chụp ảnh cả cây, lá, hoa, quả; ghi ngày, nơi, số cây."),
    gettext_noop("Báo bằng “Báo nhanh” hoặc gọi kiểm lâm địa bàn."),
)
ALIEN = (
    gettext_noop("Không nuôi, không thả, không mang đi nơi khác."),
    gettext_noop("Chụp ảnh, ghi nơi gặp và diện tích; báo xã hoặc kiểm lâm địa bàn."),
)
COMMON = (gettext_noop("Chụp ảnh, ghi ngày, nơi, số con hoặc số cây; báo bằng “Báo nhanh”."),)


def advice(taxon: Taxon, status: rulebook.LegalStatus | None) -> list[str]:
    """What to do when one meets it, by what the law says of it today."""
    group = status.group if status else None
    told: tuple[str, ...]
    if group == "invasive":
        told = ALIEN
    elif group is None and not taxon.sensitivity:
        told = COMMON
    else:
        told = KEEP_PLANT if taxon.taxon_group == "plant" else KEEP_OFF
    return [_(one) for one in told]


def short_group(status: rulebook.LegalStatus | None) -> str:
    """The group that decides, as a badge says it."""
    if status is None or status.group is None:
        return ""
    group = groups()[status.group]
    return group.en if get_language() == "en" else group.short


def _sentence(status: rulebook.LegalStatus | None) -> str:
    if status is None:
        return ""
    return status.sentence_en if get_language() == "en" else status.sentence


def _registers() -> list[tuple[Register, str]]:
    """The registers with a place whose rows name a taxon, each with the filter that asks for it."""
    found = []
    for register in all_registers():
        keys = [
            f.attname
            for f in register.model._meta.concrete_fields
            if isinstance(f, ForeignKey) and f.related_model is Taxon
        ]
        asks = [f.name for f in register.filters if getattr(f, "column", "") in keys]
        if register.located and keys and asks:
            found.append((register, asks[0]))
    return found


def _book(asked: tuple[Register, str], actor: Actor, taxon: Taxon) -> dict[str, Any]:
    """One register's records of the taxon as the actor may know them: how many, how many with a place."""
    register, name = asked
    door = register.door(actor)
    rows = register.filtered(door, {name: str(taxon.pk)})
    placed = door.open(rows).exclude(door_x=None).count()
    blurred = door.open(rows).filter(door_precise=False).exclude(door_x=None).count()
    return {
        "register": register,
        "query": f"{name}={taxon.pk}",
        "n": rows.count(),
        "placed": placed,
        "blurred": blurred,
    }


def _panels() -> list[queries.Panel]:
    """The parts that apps above declare in their `views.py`."""
    for config in apps.get_app_configs():
        name = f"{config.name}.views"
        if config.name.startswith("baoton."):
            try:
                import_module(name)
            except ModuleNotFoundError as error:
                if error.name != name:
                    raise
    return queries.PANELS


def _missing(taxon: Taxon, status: rulebook.LegalStatus | None, books: list[dict[str, Any]]) -> list[str]:
    """What the page could not tell, each as a sentence."""
    told = []
    if not taxon.vernacular_vi:
        told.append(_("Chưa có tên Việt Nam."))
    if not taxon.authorship:
        told.append(_("Chưa có tên tác giả của tên khoa học."))
    if not taxon.family:
        told.append(_("Chưa biết họ, nên các mục danh mục ghi theo họ chưa được xét."))
    if taxon.expected in {"", "unknown"}:
        told.append(_("Chưa rõ loài có ở tỉnh hay không."))
    if status is None:
        told.append(_("Tên này không phải tên khoa học nên chưa xét được tình trạng pháp lý."))
    for book in books:
        label = book["register"].label
        if not book["n"]:
            told.append(_("Sổ “%(book)s” chưa có dòng nào bạn được xem.") % {"book": label})
        elif book["placed"] < book["n"]:
            hidden = {"n": book["n"] - book["placed"], "book": label}
            told.append(_("%(n)d dòng trong sổ “%(book)s” không có vị trí được xem.") % hidden)
    return told


@require_GET
def suggestions(request: HttpRequest) -> HttpResponse:
    """Accepted taxa whose names hold the typed words, at most twenty."""
    found = queries.suggest(request.GET.get("q", ""))
    return JsonResponse([{"id": pk, "name": name} for pk, name in found], safe=False)
