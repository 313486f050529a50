"""The leaders' screen on a wall: large, without a menu, drawn anew by itself; counts and public figures alone.

Whoever walks by reads a wall, so it names no record, no person and no body that is late.
"""

from collections import Counter

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from baoton.kit.access import require
from baoton.kit.reading.asking import actor_of
from baoton.plan import queries as plan
from baoton.plan.registers import work as work_book
from baoton.plan.views import chosen_year, figures
from baoton.site.leaders import SEE, picture, tasks

SECONDS, OF_A_TASK = 300, 3


@login_required
@require_GET
def wall(request: HttpRequest) -> HttpResponse:
    """The five tasks in their order with their public figures, and where work is late, for a leader's screen."""
    actor, year, now = actor_of(request), chosen_year(request), timezone.localtime()
    require(actor, SEE)
    rows = list(plan.of_year(work_book.door(actor).rows(), year))
    late = [w for w in rows if w.status in plan.OPEN and w.due < now.date()]
    lines = []
    for line in sorted(tasks(rows, now.date()), key=lambda one: one.number):
        known = [
            f
            for f in figures(actor, year, about=plan.topic_of(line.task))
            if f["value"] is not None and f["value"].value is not None
        ]
        lines.append((line, known[:OF_A_TASK]))
    context = {
        "lines": lines, "total": plan.progress(rows, now.date()), "late": len(late), "year": year, "now": now,
        "picture": picture(Counter(w.area_path for w in late)), "seconds": SECONDS,
    }  # fmt: skip
    answer = render(request, "site/wall.html", context)
    answer["Cache-Control"] = "private, no-store"
    return answer
