"""Pages of giving work: one form for many bodies, a page for each body, tying a record to the work it shows done."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from baoton.kit.access import Actor, require
from baoton.kit.pages.form import KindForm
from baoton.kit.reading.asking import actor_of, find, readable, record_or_404
from baoton.kit.reading.register import REGISTERS
from baoton.kit.refs import name_of
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.people.models import Organisation
from baoton.plan import queries
from baoton.plan.items import actions
from baoton.plan.models import Assignment, Node, Proof, Work


@login_required
@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest) -> HttpResponse:
    """One form: what, by when, what must show, and the bodies; a draft letter stands, its work when it is issued."""
    actor = actor_of(request)
    require(actor, "plan.assignment.create")
    require(actor, "plan.work.create")
    book = REGISTERS["plan.assignment"]
    start = {"weight": 1, "every": "once"} | (
        {"node": request.GET["node"]} if request.GET.get("node") else {}
    )
    form = KindForm(book.asked, actor, Assignment(), request.POST or None, initial=start)
    offices = queries.doers()
    ticked, whole = set(request.POST.getlist("bodies")), bool(request.POST.get("all"))
    chosen = [o.code for o in offices if o.code in ticked or (whole and "/" in o.area_path)]
    if request.method == "POST" and form.is_valid():
        fresh = Assignment(bodies=chosen)
        try:
            if not chosen:
                raise ValidationError(_("Chọn ít nhất một cơ quan để giao việc."))
            write.put(book, fresh, form.values())
            fresh = write.create(book, actor, fresh)
        except ValidationError as error:
            form.blame(error)
        except NotNow as error:
            form.add_error(None, str(error))
        else:
            told = _("Đã soạn công văn giao việc cho %(n)d cơ quan; xem lại rồi ban hành.")
            messages.success(request, told % {"n": len(chosen)})
            return redirect(book.url(fresh))
    groups = [
        (_("Xã, phường"), [o for o in offices if "/" in o.area_path], "communes"),
        (_("Sở, ngành"), [o for o in offices if "/" not in o.area_path], ""),
    ]
    return render(
        request, "plan/assign.html", {"form": form, "groups": groups, "chosen": chosen, "book": book}
    )


def seen(actor: Actor) -> Any:
    """The work that the actor may read."""
    return REGISTERS["plan.work"].door(actor).rows()


@login_required
@require_GET
def bodies_page(request: HttpRequest) -> HttpResponse:
    """Every body with the work its reader may see: open, waiting for an answer or a check, late, done."""
    actor = actor_of(request)
    require(actor, "plan.work.see")
    rows: dict[str, list[Work]] = {}
    year = timezone.localdate().year
    for one in queries.of_year(seen(actor), year):
        rows.setdefault(one.responsible, []).append(one)
    told = []
    for body in Organisation.objects.filter(code__in=rows).order_by("name"):
        own = rows[body.code]
        told.append((body, counted(own)))
    told.sort(key=lambda t: (-t[1]["late"], str(t[0])))
    return render(request, "plan/bodies.html", {"rows": told, "year": str(year)})


def counted(own: list[Work]) -> dict[str, int]:
    """How the work of one body stands."""
    open_ = [w for w in own if w.status in queries.OPEN]
    return {
        "all": sum(w.status != Work.Status.DROPPED for w in own),
        "new": sum(w.accepted is None and w.assignment_id is not None for w in open_),
        "asked": sum(bool(w.question) for w in open_),
        "open": len(open_),
        "late": sum(bool(w.days_late) for w in open_),
        "check": sum(w.status == "done" and w.checked is None and w.assignment_id is not None for w in own),
        "done": sum(w.status == "done" for w in own),
    }


@login_required
@require_GET
def body_page(request: HttpRequest, code: str) -> HttpResponse:
    """One body: its duties in the plan, its work by what it waits for, what it spent."""
    actor = actor_of(request)
    require(actor, "plan.work.see")
    body = Organisation.objects.offices().filter(pk=code).first()
    if body is None:
        raise Http404(code)
    year, plan = timezone.localdate().year, queries.plan()
    works = list(queries.of_year(seen(actor).filter(responsible=code), year).order_by("due", "id"))
    open_ = [w for w in works if w.status in queries.OPEN]
    groups = [
        (_("Cơ quan hỏi lại"), [w for w in open_ if w.question]),
        (_("Trễ hạn"), [w for w in open_ if w.days_late]),
        (_("Đang làm, chưa đến hạn"), [w for w in open_ if not w.days_late and not w.question]),
        (
            _("Đã xong, chờ kiểm tra"),
            [w for w in works if w.status == "done" and w.assignment_id and not w.checked],
        ),
        (_("Đã xong"), [w for w in works if w.status == "done" and (w.checked or not w.assignment_id)]),
    ]
    kinds = (Node.Kind.DUTY, Node.Kind.TASK)
    mine = {code, *(["ubnd_xa"] if code.startswith("ubnd_") and "/" in body.area_path else [])}
    nodes = (
        [n for n in plan.nodes.filter(kind__in=kinds).order_by("position") if mine & set(n.lead)]
        if plan
        else []
    )
    context = {
        "body": body, "groups": [(t, [(w, actions.level(w)) for w in g]) for t, g in groups if g], "nodes": nodes,
        "year": str(year), "counts": counted(works),
        "weighted": queries.weighted(works), "money": money(actor, code, year), "book": REGISTERS["plan.work"],
    }  # fmt: skip
    return render(request, "plan/body.html", context)


def money(actor: Actor, code: str, year: int) -> dict[str, Any] | None:
    """What the body was allotted and paid in the year, where the book of lines stands and the reader may see it."""
    book = REGISTERS.get("funding.line")
    if book is None or not readable(book, actor):
        return None
    rows = book.door(actor).rows().filter(body=code, year=year)
    told = rows.aggregate(planned=Sum("planned"), allotted=Sum("allotted"), paid=Sum("paid"))
    return None if told["planned"] is None else {**told, "address": f"{book.url()}?who={code}&when={year}"}


@login_required
@require_http_methods(["GET", "POST"])
def proves(request: HttpRequest, slug: str, pk: Any) -> HttpResponse:
    """The work that a record shows done; another piece of one's own open work is tied to it here."""
    actor = actor_of(request)
    register = find(slug, actor)
    require(actor, "plan.proof.create")
    record = record_or_404(register, actor, pk)
    about_type, about_id = name_of(record)
    tied = Proof.objects.filter(about_type=about_type, about_id=about_id, withdrawn__isnull=True)
    works = seen(actor)
    body = getattr(actor, "organisation_id", "") or ""
    offered = works.filter(status__in=queries.OPEN).exclude(pk__in=tied.values("work")).order_by("due")
    own = list(offered.filter(responsible=body)) or list(offered)
    if request.method == "POST":
        work = next((w for w in own if str(w.pk) == request.POST.get("work")), None)
        if work is None:
            messages.error(request, _("Chọn một việc trong danh sách."))
        else:
            fresh = Proof(work=work, about_type=about_type, about_id=about_id, area_path=work.area_path)
            write.create(REGISTERS["plan.proof"], actor, fresh)
            messages.success(request, _("Đã gắn bản ghi này làm minh chứng."))
        return redirect(request.path)
    context = {"register": register, "record": record, "own": own, "works": works.filter(pk__in=tied.values("work")),
               "book": REGISTERS["plan.work"]}  # fmt: skip
    return render(request, "plan/proves.html", context)
