"""The plan's page: five tasks, what is done, what slips, whose turn it is, and every figure open to its records."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from baoton.kit.access import Actor, may, require
from baoton.kit.pages.areas import areas
from baoton.kit.pages.charts import Chart, Row, bars, lines
from baoton.kit.reading.asking import actor_of, readable
from baoton.kit.reading.register import REGISTERS
from baoton.people.models import Organisation
from baoton.places.queries import outlines, schematic, unit_name
from baoton.plan import actions, queries
from baoton.plan.models import IndicatorValue, Node, Plan, Target, Work
from baoton.plan.registers import work as work_book

ROAD = "special_use_forest"  # the task that is one road with gates, not a year of duties


def chosen_year(request: HttpRequest) -> int:
    """The year in the address, else this one."""
    text = request.GET.get("year", "")
    if len(text) == 4 and text.isascii() and text.isdecimal() and 2000 <= int(text) <= 2100:
        return int(text)
    return timezone.localdate().year


def chosen_plan(request: HttpRequest) -> Plan | None:
    """The plan in the address, else the one whose programme this is; 404 where nobody knows it."""
    code = request.GET.get("plan", "")
    if not code:
        return queries.plan()
    return get_object_or_404(Plan, pk=code)


def switcher(chosen: Plan | None) -> dict[str, Any]:
    """The plans of the programme to choose among, and what addresses say of a plan beside its own."""
    own, every = queries.plan(), queries.plans()
    beside = chosen is not None and chosen != own
    asked = f"&{urlencode({'plan': chosen.pk})}" if chosen is not None and beside else ""
    return {"plans": every if len(every) > 1 else [], "beside": beside, "asked_plan": asked}


def figures(
    actor: Actor,
    year: int,
    area_path: str = "",
    about: str | None = None,
    stored: Mapping[str, IndicatorValue] | None = None,
) -> list[dict[str, Any]]:
    """The stored figures ready to show: label, value or why unknown, and where its records are.

    The address is given to whoever may open the book of the records alone. `stored` are the values of the year
    and area where they were read already.
    """
    stored = queries.values(year, area_path) if stored is None else stored
    told = []
    for one in queries.INDICATORS.values():
        if about is not None and one.about != about:
            continue
        value = stored.get(one.name)
        address = ""
        if value is not None and value.count and readable(REGISTERS[one.register], actor):
            asked = "&".join(f"{k}={v}" for k, v in value.query.items())
            address = f"{REGISTERS[one.register].url()}?{asked}"
        told.append({"indicator": one, "value": value, "address": address})
    return told


@require_GET
def indicator_page(request: HttpRequest, name: str) -> HttpResponse:
    """One figure: its year, its communes on a map and in order, its years with their intervals."""
    one = queries.INDICATORS.get(name)
    if one is None:
        raise Http404(name)
    year = chosen_year(request)
    found = next(f for f in figures(actor_of(request), year) if f["indicator"] is one)
    context = {"indicator": one, "year": year, "years": queries.years(), "figures": [found], "book": one.book}
    context["targets"] = targets(one, year)
    over = queries.over_years(one, {y: queries.values(y) for y in queries.years()})
    rows = [Row(str(y), v.value, "", v.low, v.high) if v else Row(str(y), None) for y, v in over.items()]
    if any(r.value is not None for r in rows) and not any(
        (r.value or 0) < 0 or (r.low or 0) < 0 for r in rows
    ):
        context["charts"] = [lines(one.label, rows, one.unit)]
    if one.by_area:
        context |= by_commune(one, year)
    return render(request, "plan/indicator.html", context)


def targets(one: queries.Indicator, year: int) -> list[dict[str, Any]]:
    """The targets of a figure from the year on, each with whether it stands met; a commune's by its own figure."""
    rows = Target.objects.filter(indicator=one.name, year__gte=year, withdrawn__isnull=True)
    told = []
    for aim in rows.order_by("year", "area_path"):
        area = aim.area_path if "/" in aim.area_path else ""
        v = IndicatorValue.objects.filter(indicator=one.name, year=aim.year, area_path=area).first()
        state = queries.met(aim, *((v.value, v.low, v.high) if v else (None, None, None)))
        words = unit_name(area) if area else _("toàn tỉnh")
        told.append({"aim": aim, "state": state, "said": _(queries.MET[state]), "where": words, "value": v})
    return told


def by_commune(one: queries.Indicator, year: int) -> dict[str, Any]:
    """The figure's value in each commune of today, as a map and as bars, the largest first."""
    stored = IndicatorValue.objects.filter(indicator=one.name, year=year).exclude(area_path="")
    values = {v.area_path: v for v in stored}
    shapes = outlines()
    told = {}
    for path in shapes:
        v = values.get(path)
        asked = urlencode(v.query) if v is not None and v.count else ""
        address = f"{one.book.url()}?{asked}" if asked else ""
        told[path] = Row(unit_name(path), None if v is None else v.value, address)
    known = sorted((r for r in told.values() if r.value), key=lambda r: -(r.value or 0))
    found: dict[str, Any] = {"map": areas(one.label, told, shapes, one.unit), "schematic": schematic()}
    if known and all((r.value or 0) >= 0 for r in known):
        found["bars"] = bars(one.label, known, one.unit)
    return found


def over_years(task: Node, until: int) -> list[Chart]:
    """How each figure of a task went from year to year, where two years or more know it."""
    topic = queries.topic_of(task)
    names = [one for one in queries.INDICATORS.values() if topic and one.about == topic]
    years = range(queries.FIRST_YEAR, until + 1)
    by_year = {year: queries.values(year) for year in years}
    told = []
    for one in names:
        over = queries.over_years(one, by_year)
        rows = [Row(str(y), None if v is None else v.value) for y, v in over.items()]
        if sum(r.value is not None for r in rows) > 1 and all((r.value or 0) >= 0 for r in rows):
            told.append(lines(one.label, rows, one.unit))
    return told


def bodies(codes: list[str]) -> list[str]:
    names = {o.code: str(o) for o in Organisation.objects.filter(code__in=codes)}
    return [names.get(code, code) for code in codes]


def said(words: str, codes: list[str]) -> str:
    """The bodies in the annex's own words; in English by their names."""
    return words if words and get_language() == "vi" else "; ".join(bodies(codes))


@require_GET
def plan_page(request: HttpRequest) -> HttpResponse:
    """All tasks of a plan on one page."""
    year, today = chosen_year(request), timezone.localdate()
    rows = work_book.door(actor_of(request)).rows()
    held: dict[Any, list[Work]] = {}
    for one in queries.with_names(queries.of_year(rows, year).order_by("due")):
        held.setdefault(one.task_id, []).append(one)
    lines, stored, current = [], queries.values(year), chosen_plan(request)
    for task in queries.tasks(current):
        own = held.get(task.pk, [])
        lines.append(
            {
                "task": task,
                "number": task.number,
                "lead": said(task.lead_said, task.lead),
                "with": said(task.with_said, task.with_bodies),
                "progress": queries.progress(own, today),
                "figures": of_topic(actor_of(request), task, year, stored),
                "late": [w for w in own if w.due < today and w.status in ("planned", "doing")],
                "turn": [w for w in own if w.due >= today and w.status in ("planned", "doing")][:3],
                "book": f"{work_book.url()}?task={task.pk}",
            }
        )
    return render(
        request,
        "plan/plan.html",
        {
            "plan": current,
            **switcher(current),
            "lines": lines,
            "year": year,
            "years": queries.years(),
            "may_copy": may(actor_of(request), "plan.work.create"),
            "general": figures(actor_of(request), year, about="", stored=stored),
            "today": today,
            "may_see_work": bool(actor_of(request).scopes("plan.work.see")),
        },
    )


@require_GET
def document_page(request: HttpRequest) -> HttpResponse:
    """The plan as a document: every node with its place and the tasks it serves."""
    plan = chosen_plan(request)
    if plan is None:
        raise Http404
    nodes = plan.nodes.select_related("parent")
    return render(request, "plan/document.html", {"plan": plan, "nodes": nodes, **switcher(plan)})


def of_topic(
    actor: Actor, task: Node, year: int, stored: Mapping[str, IndicatorValue] | None = None
) -> list[dict[str, Any]]:
    """The figures of what a task is about, the same ones in every plan; none where nothing says what it is about."""
    topic = queries.topic_of(task)
    return figures(actor, year, about=topic, stored=stored) if topic else []


@require_GET
def road_page(request: HttpRequest) -> HttpResponse:
    """The task of the plan that founds a special-use forest; 404 where the plan has none."""
    task = queries.task_node(ROAD)
    if task is None or task.number is None:
        raise Http404
    return task_page(request, task.number)


@require_GET
def task_page(request: HttpRequest, number: int) -> HttpResponse:
    """One task: what the plan says of it, its work and its figures."""
    current = chosen_plan(request)
    task = queries.task_number(number, current)
    if task is None:
        raise Http404
    today = timezone.localdate()
    actor, year = actor_of(request), chosen_year(request)
    works, whole = work_book.door(actor).rows().filter(task=task), queries.topic_of(task) == ROAD
    rows = queries.with_names((works if whole else queries.of_year(works, year)).order_by("due"))
    nodes = [n for n in task.plan.nodes.exclude(kind=Node.Kind.TASK) if number in n.serves]
    return render(
        request,
        "plan/task.html",
        {
            "task": task,
            "number": number,
            "lead": said(task.lead_said, task.lead),
            "with": said(task.with_said, task.with_bodies),
            "road": queries.road(rows) if whole else [],
            "originals": bool(actor.scopes("plan.work.see")),
            "works": [(w, w.due < today and w.status in ("planned", "doing")) for w in rows],
            "progress": queries.progress(rows, today),
            "figures": of_topic(actor, task, year),
            **switcher(current),
            "charts": over_years(task, today.year),
            "year": year,
            "years": queries.years(),
            "nodes": nodes,
            "book": work_book,
            "may_see_work": bool(actor_of(request).scopes("plan.work.see")),
        },
    )


@login_required
@require_http_methods(["GET", "POST"])
def copy_year(request: HttpRequest) -> HttpResponse:
    """The work of one year laid out for the next: what it would copy, then done at once."""
    actor, year = actor_of(request), chosen_year(request)
    require(actor, "plan.work.create")
    if request.method == "POST":
        copied, stood = actions.copy_year(actor, year)
        told = _("Đã chép %(n)d việc sang năm %(year)d; %(stood)d việc đã có sẵn.")
        messages.success(request, told % {"n": copied, "year": year + 1, "stood": stood})
        return redirect(f"{reverse('plan')}?year={year + 1}")
    rows = work_book.door(actor).rows().filter(due__year=year).exclude(status=Work.Status.DROPPED)
    return render(
        request,
        "plan/copy.html",
        {
            "year": year,
            "following": year + 1,
            "n": rows.count(),
            "some": queries.with_names(rows.order_by("due")[:10]),
        },
    )
