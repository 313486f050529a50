"""The page on which the lead follows the reports of communes and bodies in one period."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baoton.kit.access import Scope, may, require
from baoton.kit.reading.asking import actor_of
from baoton.kit.reading.register import REGISTERS
from baoton.people.queries import bodies
from baoton.places.queries import province_path
from baoton.plan.queries import doers
from baoton.plan.queries import years as planned_years
from baoton.reporting.actions import MAKE
from baoton.reporting.models import OwnReport
from baoton.reporting.periods import Period, choices, read
from baoton.reporting.queries import years

S = OwnReport.Status
OPEN = (S.DRAFT, S.RETURNED)


@dataclass(frozen=True)
class Line:
    """One body and its report, or that it has none; `late` are the days by which it is or was late."""

    name: str
    report: OwnReport | None
    late: int = 0

    @property
    def address(self) -> str:
        return REGISTERS["reporting.own"].url(self.report)

    @property
    def owed(self) -> bool:
        return self.report is None or self.report.status in OPEN

    @property
    def word(self) -> str:
        """What is late, in words; empty where nothing is."""
        if self.late <= 0:
            return ""
        return (_("trễ %(n)d ngày") if self.owed else _("nộp muộn %(n)d ngày")) % {"n": self.late}


def lines(rows: Iterable[OwnReport], missing: Sequence[str], today: date) -> list[Line]:
    """A line a body, those that are late first, then those that owe a report, then by name."""
    names, found = bodies(), []
    for one in rows:
        until = today if one.status in OPEN else one.submitted
        late = (until - one.due).days if until and one.due else 0
        found.append(Line(names.get(one.body, one.body), one, max(late, 0)))
    found += [Line(name, None) for name in missing]
    return sorted(found, key=lambda one: (not (one.owed and one.late), not one.owed, -one.late, one.name))


def named(text: str) -> Period:
    """The period that a form chose; 404 where there is none such."""
    try:
        return read(text)
    except ValueError as error:
        raise Http404(text) from error


@require_GET
def progress(request: HttpRequest, period: Period) -> HttpResponse:
    """Each report of the period that the reader may see: its state, its day, how late; who has none yet."""
    actor = actor_of(request)
    require(actor, "reporting.own.see")
    if period.year not in {*years(), *planned_years()}:
        raise Http404(period.key)
    if chosen := request.GET.get("ky"):
        return redirect("report-following", named(chosen))
    book = REGISTERS["reporting.own"]
    rows = list(book.door(actor).rows().filter(period=period.key))
    whole = (Scope(), Scope(province_path()))
    every = OwnReport.barred(actor) is None and any(
        scope in whole for scope in actor.scopes("reporting.own.see")
    )
    have = {one.body for one in rows}
    missing = [str(one) for one in doers() if one.code not in have] if every else []
    told = lines(rows, missing, timezone.localdate())
    states = Counter(one.status for one in rows)
    context = {
        "period": period, "periods": [p for year in years() for p in choices(year)], "lines": told,
        "counts": [(S(state).label, states[state]) for state in S.values], "missing": len(missing),
        "late": sum(one.owed and one.late > 0 for one in told),
        "late_in": sum(not one.owed and one.late > 0 for one in told),
        "dues": sorted({one.due for one in rows if one.due}), "book": book,
        "empty": sum(one.status == S.DRAFT and not (one.results or one.obstacles or one.proposals) for one in rows),
        "may_drop": may(actor, MAKE) and may(actor, "reporting.own.withdraw"),
    }  # fmt: skip
    return render(request, "reporting/following.html", context)
