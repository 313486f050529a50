"""The leaders' screen on a wall: large, without a menu, drawn anew by itself; counts and public figures alone.

Whoever walks by reads a wall, so it names no record, no person and no body that is late.
"""

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from baoton.kit.access import require
from baoton.kit.reading.asking import actor_of
from baoton.plan import queries as plan
from baoton.plan.registers import work as work_book
from baoton.plan.views import chosen_year, figures
from baoton.site.leaders import SEE, picture, progress_by_task, tasks

SECONDS, OF_A_TASK = 300, 3


@login_required
@require_GET
def wall(request: HttpRequest) -> HttpResponse:
    """The five tasks in their order with their public figures, and where work is late, for a leader's screen."""
    actor, year, now = actor_of(request), chosen_year(request), timezone.localtime()
    require(actor, SEE)
    rows = plan.of_year(work_book.door(actor).rows(), year)
    whole, by_task = progress_by_task(rows, now.date())
    late = rows.filter(status__in=plan.OPEN, due__lt=now.date()).order_by().values_list("area_path")
    by_area = dict(late.annotate(n=Count("pk")))
    lines = []
    for line in sorted(tasks(by_task), key=lambda one: one.number):
        known = [
            f
            for f in figures(actor, year, about=plan.topic_of(line.task))
            if f["value"] is not None and f["value"].value is not None
        ]
        lines.append((line, known[:OF_A_TASK]))
    context = {
        "lines": lines, "total": whole, "late": sum(by_area.values()), "year": year, "now": now,
        "picture": picture(by_area), "seconds": SECONDS,
    }  # fmt: skip
    answer = render(request, "site/wall.html", context)
    answer["Cache-Control"] = "private, no-store"
    return answer
