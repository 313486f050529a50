"""The leaders' screen and the Monday meeting: what is late and whose, where, what changed, whom to ring."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from math import cos, radians
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Case, Count, F, IntegerField, Min, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from baoton.kit.access import may, require
from baoton.kit.models import AuditEvent
from baoton.kit.reading.asking import actor_of, readable, said
from baoton.kit.reading.register import all_registers
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.kit.writing.verb import ACTIONS
from baoton.people.queries import callable_people
from baoton.places import base
from baoton.plan import queries as plan
from baoton.plan.models import Reminder, Work
from baoton.plan.registers import reminder as book
from baoton.plan.registers import work as work_book
from baoton.plan.reminders import Behind, behind
from baoton.plan.views import chosen_year

SEE = "plan.briefing.see"
WEEK, ANSWER_DAYS, MOST = 7, 10, 8
SHADES = ((0, "none"), (1, "some"), (3, "more"), (6, "most"))


@dataclass(frozen=True)
class Line:
    """One task: its work of the year, red first."""

    number: int
    task: Any
    progress: plan.Progress


def progress_by_task(rows: "QuerySet[Work]", on: date) -> tuple[plan.Progress, dict[Any, plan.Progress]]:
    """The same as `plan.progress` of all the rows, and of those of each task, counted by the database."""
    S, open_ = Work.Status, ~Q(status=Work.Status.DONE)
    whole = IntegerField()
    said = Coalesce("percent", 0, output_field=whole)
    known = Case(When(status=S.DONE, then=Value(100)), default=said, output_field=whole)
    most = Case(When(status=S.DOING, percent=None, then=Value(100)), default=known, output_field=whole)
    counts: dict[str, Any] = {
        "n": Count("pk"), "done": Count("pk", filter=Q(status=S.DONE)),
        "late": Count("pk", filter=open_ & Q(due__lt=on)),
        "doing": Count("pk", filter=Q(status=S.DOING)), "next": Min("due", filter=open_ & Q(due__gte=on)),
        "low": Sum(F("weight") * known, output_field=whole),
        "high": Sum(F("weight") * most, output_field=whole), "weights": Sum("weight"),
    }  # fmt: skip

    def told(one: Mapping[str, Any]) -> plan.Progress:
        words = plan.between(one["low"] or 0, one["high"] or 0, one["weights"] or 0)
        return plan.Progress(one["n"], one["done"], one["late"], one["doing"], one["next"], words)

    live = rows.exclude(status=S.DROPPED).order_by()
    return told(live.aggregate(**counts)), {
        one["task"]: told(one) for one in live.values("task").annotate(**counts)
    }


NONE = plan.Progress(0, 0, 0, 0, None)


def tasks(by_task: Mapping[Any, plan.Progress]) -> list[Line]:
    """The tasks, those with the largest late share first."""
    told = [
        Line(int(task.code.rsplit(".", 1)[-1]), task, by_task.get(task.pk, NONE)) for task in plan.tasks()
    ]
    return sorted(
        told, key=lambda x: (-(x.progress.late / x.progress.total if x.progress.total else 0), x.number)
    )


@dataclass(frozen=True)
class Briefing:
    """All that the screen and the paper of the meeting are made from."""

    today: date
    since: date
    done: Sequence[Work]
    late: Sequence[Behind]
    soon: Sequence[Work]
    ring: Sequence[tuple[Behind, Sequence[Any]]]
    late_count: int


def gather(actor: Any) -> Briefing:
    """How the programme stands for this reader: the last seven days, today, the next seven."""
    today = timezone.localdate()
    rows = work_book.door(actor).rows()
    since = today - timedelta(days=WEEK)
    late = list(rows.filter(status__in=plan.OPEN, due__lt=today).order_by("due", "title"))
    soon = rows.filter(status__in=plan.OPEN, due__range=(today, today + timedelta(days=WEEK))).order_by("due")
    done = rows.filter(status=Work.Status.DONE, finished__range=(since, today)).order_by("finished")
    told = behind(late)
    people = callable_people(b.body for b in told)
    ring = [(b, people.get(b.body, [])[:2]) for b in told[:MOST]]
    return Briefing(today, since, plan.with_names(done), told, plan.with_names(soon), ring, len(late))


def changed(actor: Any, since: date) -> list[tuple[str, int, str]]:
    """What was done since that day, by verb: its words, how often, and the book; only books the reader may open."""
    start = timezone.make_aware(datetime.combine(since, time.min))
    books = {r.name: r for r in all_registers() if readable(r, actor)}
    first = UUID(
        int=int(start.timestamp() * 1000) << 80
    )  # keys begin with their moment: a range of the first index
    events = AuditEvent.objects.filter(pk__gte=first, at__gte=start).order_by().values_list("verb")
    told = []
    for verb, n in events.annotate(n=Count("pk")).order_by("-n", "verb"):
        stem = verb.rpartition(".")[0]
        if stem in books and verb in ACTIONS:
            told.append((str(ACTIONS[verb].label), n, books[stem].url()))
    return told


def picture(late: Mapping[str, int]) -> dict[str, Any]:
    """The communes as a picture of late work: each shape with its shade, name and number, and a link."""
    shapes, width, height = _shapes(base.content())
    told = []
    for path, name, drawn in shapes:
        n = late.get(path, 0)
        shade = next(word for least, word in reversed(SHADES) if n >= least)
        told.append({"path": path, "name": name, "d": drawn, "n": n, "shade": shade})
    return {"shapes": told, "width": width, "height": height, "address": work_book.url()}


@lru_cache(maxsize=2)
def _shapes(content: bytes) -> tuple[list[tuple[str, str, str]], int, int]:
    """Each commune as (path, name, SVG path), drawn into a picture 600 wide."""
    told = json.loads(content)
    west, south, east, north = told["bounds"]
    squeeze = cos(radians((south + north) / 2))
    scale = 600 / max((east - west) * squeeze, 1e-9)

    def ring(points: list[list[float]]) -> str:
        steps = [f"{(x - west) * squeeze * scale:.1f},{(north - y) * scale:.1f}" for x, y, *_z in points]
        return f"M{'L'.join(steps)}Z"

    shapes = []
    for one in told["features"]:
        if one["properties"]["what"] != "commune":
            continue
        kind, given = one["geometry"]["type"], one["geometry"]["coordinates"]
        parts = given if kind == "MultiPolygon" else [given]
        drawn = "".join(ring(r) for part in parts for r in part)
        shapes.append((one["properties"]["path"], one["properties"]["name"], drawn))
    return shapes, 600, round((north - south) * scale) + 1


@login_required
@require_GET
def screen(request: HttpRequest) -> HttpResponse:
    """One screen: tasks with red first, late bodies to tick, the map, what changed this week."""
    actor, year = actor_of(request), chosen_year(request)
    require(actor, SEE)
    told = gather(actor)
    whole, by_task = progress_by_task(plan.of_year(work_book.door(actor).rows(), year), told.today)
    by_area = Counter(w.area_path for b in told.late for w in b.works)
    context = {
        "told": told,
        "year": year,
        "tasks": tasks(by_task),
        "total": whole,
        "picture": picture(by_area),
        "everywhere": sum(n for path, n in by_area.items() if "/" not in path),
        "changed": changed(actor, told.since)[:12],
        "may_remind": may(actor, f"{book.name}.issue") and may(actor, f"{book.name}.create"),
        "answer_by": told.today + timedelta(days=ANSWER_DAYS),
        "book": book,
        "work": work_book,
    }
    return render(request, "site/leaders.html", context)


@login_required
@require_GET
def monday(request: HttpRequest) -> HttpResponse:
    """The Monday meeting on one sheet, or as plain text to paste into a chat."""
    actor = actor_of(request)
    require(actor, SEE)
    told = gather(actor)
    if request.GET.get("dang") == "chu":
        return HttpResponse(as_text(told), content_type="text/plain; charset=utf-8")
    return render(request, "site/monday.html", {"told": told, "text": as_text(told), "most": MOST})


def as_text(told: Briefing) -> str:
    """The same in plain words, short enough for a chat."""
    lines = [_("GIAO BAN %(day)s") % {"day": f"{told.today:%d/%m/%Y}"}]
    lines.append(_("Tuần qua xong %(n)d việc; đang trễ %(m)d việc của %(b)d cơ quan.") % {
        "n": len(told.done), "m": told.late_count, "b": len(told.late)
    })  # fmt: skip
    for one in told.late[:MOST]:
        lines.append(_("- %(who)s: %(n)d việc trễ, lâu nhất %(d)d ngày") % {
            "who": one.name, "n": len(one.works), "d": one.days
        })  # fmt: skip
    if len(told.late) > MOST:
        lines.append(_("- và %(n)d cơ quan khác") % {"n": len(told.late) - MOST})
    if told.soon:
        lines.append(_("Đến hạn trong 7 ngày tới:"))
        lines += [f"- {w.due:%d/%m} {w.title} ({w.whose})" for w in told.soon[:MOST]]
        if len(told.soon) > MOST:
            lines.append(_("- và %(n)d việc khác") % {"n": len(told.soon) - MOST})
    called = [f"{p} {p.phone}".strip() for _b, people in told.ring for p in people if p.phone]
    if called:
        lines.append(_("Cần gọi: %(who)s") % {"who": "; ".join(called)})
    return "\n".join(lines) + "\n"


@login_required
@require_POST
def remind(request: HttpRequest) -> HttpResponse:
    """A letter to each ticked body, numbered and issued; those that could not be are said with the reason."""
    actor = actor_of(request)
    require(actor, f"{book.name}.create")
    require(actor, f"{book.name}.issue")
    chosen = list(dict.fromkeys(request.POST.getlist("body")))
    if not chosen:
        messages.error(request, _("Đánh dấu ít nhất một cơ quan."))
        return redirect("leaders")
    try:
        day = date.fromisoformat(request.POST.get("answer_by", ""))
    except ValueError:
        messages.error(request, _("Ghi ngày phải báo kết quả."))
        return redirect("leaders")
    made = 0
    for body in chosen:
        try:
            record = write.create(book, actor, Reminder(body=body[:40], answer_by=day))
            write.act(book, actor, record, "issue")
        except (ValidationError, NotNow) as error:
            messages.error(request, f"{body}: {said(error)}")
        else:
            made += 1
    if made:
        messages.success(request, _("Đã ban hành %(n)d công văn.") % {"n": made})
    return redirect(f"{book.url()}?status=issued")
