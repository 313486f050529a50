"""Reporting in a few taps, from the forest; accepting the undoubted records of one survey together."""

from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from baoton.files.queries import of_record, of_records
from baoton.kit.access import require
from baoton.kit.pages.beside import Beside
from baoton.kit.pages.desk import QUEUES, beside_desk
from baoton.kit.pages.form import KindForm, save, start_of
from baoton.kit.reading.asking import actor_of
from baoton.kit.reading.register import REGISTERS
from baoton.observations.actions import accept_alike
from baoton.observations.doubts.known import together as judged_together
from baoton.observations.models import Occurrence, Status
from baoton.observations.queries import OTHER_REPORTS, judged_singly
from baoton.observations.registers import event, occurrence
from baoton.taxa.models import Taxon
from baoton.taxa.queries import common_here, species_panel

CHIPS = 8
QUEUES[occurrence.name] = ("-worth", "-id")


def chips(actor: Any) -> list[Taxon]:
    """The species to tap: those the person's body has noted most, then priority species known to live here."""
    door = occurrence.door(actor)
    body = getattr(actor, "organisation_id", "") or "-"
    own = door.rows().filter(organisation=body, taxon__isnull=False).order_by()
    keys = [r["taxon_id"] for r in own.values("taxon_id").annotate(n=Count("pk")).order_by("-n")[:CHIPS]]
    found = Taxon.objects.in_bulk(keys)
    told = [found[k] for k in keys]
    return told + [t for t in common_here(CHIPS) if t not in told][: CHIPS - len(told)]


@login_required
@require_http_methods(["GET", "POST"])
def quick(request: HttpRequest) -> HttpResponse:
    """Species, photo, send: day, place and commune fill themselves in."""
    actor = actor_of(request)
    require(actor, "observations.occurrence.create")
    record = Occurrence()
    start = start_of(occurrence, actor, record, {})
    form = KindForm(
        occurrence.asked, actor, record, request.POST or None, request.FILES or None, initial=start
    )
    if request.method == "POST" and form.is_valid():
        try:
            saved = save(occurrence, actor, record, form.values(), "")
        except PermissionDenied:
            form.add_error(None, _("Vị trí này ngoài địa bàn bạn được ghi; chọn lại xã hoặc bỏ toạ độ."))
        except ValidationError as error:
            form.blame(error)
        else:
            messages.success(request, _("Đã gửi: %(what)s. Cảm ơn bạn.") % {"what": saved})
            return redirect(occurrence.url(saved))
    context = {
        "form": form,
        "chips": chips(actor),
        "book": occurrence,
        "picked": request.POST.get("taxon", ""),
    }
    context["others"] = [one for told in OTHER_REPORTS for one in told(actor)]
    return render(request, "observations/quick.html", context)


MOST, SAMPLE = 500, 6
NEWEST, PHOTOS, VISITS = 200, 12, 10


@beside_desk
def together(actor: Any, register: Any, asked: Any) -> Beside | None:
    """Beside the desk: the undoubted common records, survey by survey."""
    if register is not occurrence or not actor.scopes("observations.occurrence.verify"):
        return None
    return Beside(_("Duyệt cả loạt"), reverse("accept-together"))


@beside_desk
def priority_first(actor: Any, register: Any, asked: Any) -> Beside | None:
    """Beside the desk: the drafts of priority species before all others."""
    if register is not occurrence or not actor.scopes("observations.occurrence.verify"):
        return None
    if asked.get("protected") or asked.get("status") != Status.DRAFT:
        return None
    return Beside(
        _("Loài ưu tiên trước"),
        f"{reverse('desk', args=[register.slug])}?{urlencode({**asked.dict(), 'protected': '1'})}",
    )


@beside_desk
def second(actor: Any, register: Any, asked: Any) -> Beside | None:
    """Beside the desk: the records of priority species that wait for their second person."""
    if register is not occurrence or not actor.scopes("observations.occurrence.verify"):
        return None
    if asked.get("status") == Status.ONCE:
        return Beside(_("Chờ xác minh"), f"{reverse('desk', args=[register.slug])}?status={Status.DRAFT}")
    waiting = occurrence.door(actor).rows().filter(status=Status.ONCE).count()
    if not waiting:
        return None
    told = _("Chờ người thứ hai: %(n)d") % {"n": waiting}
    return Beside(told, f"{reverse('desk', args=[register.slug])}?status={Status.ONCE}")


@beside_desk
def alike(actor: Any, register: Any, asked: Any) -> Beside | None:
    """Beside the desk: the records that may be told twice."""
    if register is not occurrence or not actor.scopes("observations.occurrence.same"):
        return None
    return Beside(_("Ghi nhận có thể trùng"), reverse("twins"))


@login_required
@require_http_methods(["GET", "POST"])
def accept_together(request: HttpRequest) -> HttpResponse:
    """The surveys with drafts; of one, what may be accepted together, with a sample to look at first."""
    actor = actor_of(request)
    require(actor, "observations.occurrence.verify")
    drafts = occurrence.door(actor).rows().filter(status=Status.DRAFT)
    if request.method == "POST":
        done, left = accept_alike(actor, request.POST.getlist("key")[:MOST])
        told = _("Đã xác minh %(n)d ghi nhận.") % {"n": done}
        messages.success(request, told + (_(" %(n)d phải xem từng bản ghi.") % {"n": left} if left else ""))
        return redirect("accept-together")
    key = _key(request.GET.get("survey", ""))
    surveys = REGISTERS["observations.dataset"].door(actor).rows()
    chosen = surveys.filter(pk=key).first() if key else None
    if chosen is None:
        seen = drafts.filter(dataset__in=surveys.values("pk")).order_by()
        counts = seen.values("dataset", "dataset__title").annotate(n=Count("pk")).order_by("-n")
        return render(request, "observations/together.html", {"surveys": counts, "book": occurrence})
    rows = occurrence.joined(occurrence.door(actor).open(drafts.filter(dataset=chosen)))
    alike: list[Occurrence] = []
    apart: list[Occurrence] = []
    some = list(rows.order_by("sort_day", "id")[: MOST + 1])
    cut, some = len(some) > MOST, some[:MOST]
    with judged_together(some):
        for record in some:
            (apart if judged_singly(record) else alike).append(record)
    step = max(len(alike) // SAMPLE, 1)
    context = {
        "survey": chosen, "alike": alike, "apart": len(apart), "book": occurrence,
        "cut": MOST if cut else 0,
        "species": Counter(str(r.taxon) for r in alike).most_common(),
        "sample": [(r, [e for e in of_record(r) if e.kind == "photo"][:1]) for r in alike[::step][:SAMPLE]],
    }  # fmt: skip
    return render(request, "observations/together.html", context)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@species_panel("observations/on_species.html")
def on_species(actor: Any, taxon: Taxon) -> Mapping[str, Any]:
    """Photos and visits of the species, each through the reader's own door."""
    door = occurrence.door(actor)
    seen = door.open(occurrence.filtered(door, {"taxon": str(taxon.pk)}))
    keys = list(seen.filter(door_precise=True).order_by("-sort_day").values_list("pk", flat=True)[:NEWEST])
    photos = list(of_records(Occurrence._meta.label_lower, keys).filter(kind="photo")[: PHOTOS + 1])
    visits = (
        event.opened(event.door(actor)).filter(pk__in=seen.values("event_id")).order_by("-sort_day", "-id")
    )
    shown = list(visits[: VISITS + 1])
    return {
        "photos": photos[:PHOTOS], "more_photos": len(photos) > PHOTOS or len(keys) == NEWEST, "newest": NEWEST,
        "visits": shown[:VISITS], "more_visits": len(shown) > VISITS, "book": event, "taxon": taxon.pk,
    }  # fmt: skip
