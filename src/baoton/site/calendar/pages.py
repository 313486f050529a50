"""The calendar by week, month and year, to read and to print, and the page of one's own secret link."""

import calendar as months
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baoton.kit import office
from baoton.kit.reading.asking import actor_of
from baoton.notices import actions
from baoton.notices import queries as notices
from baoton.site.calendar.entries import CLOCK, KINDS, MOST, WORK, Entry, Off, crowded, entries, off, said_of

WEEK, MONTH, YEAR = "tuan", "thang", "nam"
A_DAY, A_MONTH = 6, 40


@dataclass(frozen=True)
class Span:
    """A week, a month or a year around a day, as the page's address names it."""

    kind: str
    first: date
    last: date

    @classmethod
    def asked(cls, request: HttpRequest) -> "Span":
        """What `?xem=thang&ngay=2026-11-29` names, this month without it; Http404 for what is none."""
        kind, said = request.GET.get("xem", MONTH), request.GET.get("ngay", "")
        try:
            day = date.fromisoformat(said) if said else timezone.localdate()
            if kind == WEEK:
                first = day - timedelta(days=day.weekday())
                span = cls(kind, first, first + timedelta(days=6))
            elif kind == MONTH:
                span = cls(
                    kind, day.replace(day=1), day.replace(day=months.monthrange(day.year, day.month)[1])
                )
            elif kind == YEAR:
                span = cls(kind, date(day.year, 1, 1), date(day.year, 12, 31))
            else:
                raise ValueError(kind)
            _beside = (span.before, span.after, span.weeks)  # the first and the last span there is have none
        except (ValueError, OverflowError) as error:
            raise Http404(said) from error
        return span

    @property
    def before(self) -> date:
        return self.first - timedelta(days=1)

    @property
    def after(self) -> date:
        return self.last + timedelta(days=1)

    @property
    def weeks(self) -> list[list[date]]:
        """Whole weeks from Monday on that hold the span; none of a year, which is told month by month."""
        if self.kind == WEEK:
            return [[self.first + timedelta(days=n) for n in range(7)]]
        if self.kind == YEAR:
            return []
        return months.Calendar().monthdatescalendar(self.first.year, self.first.month)

    @property
    def title(self) -> str:
        if self.kind == WEEK:
            return _("Lịch tuần %(first)s – %(last)s") % {
                "first": f"{self.first:%d/%m}",
                "last": f"{self.last:%d/%m/%Y}",
            }
        if self.kind == MONTH:
            return _("Lịch tháng %(month)s") % {"month": f"{self.first:%m/%Y}"}
        return _("Lịch năm %(year)d") % {"year": self.first.year}


@login_required
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The calendar of the reader: his own body's work and whatever else he may read; `?viec=moi` adds others' work."""
    actor, span, today = actor_of(request), Span.asked(request), timezone.localdate()
    all_work = request.GET.get("viec") == "moi"
    found = entries(actor, span.first, span.last, today, all_work)
    days_off = off(span.first, span.last)
    context = {
        "span": span, "crowded": crowded(found), "most": MOST, "today": today, "all_work": all_work,
        "days_off": days_off,
        "views": [(WEEK, _("Tuần")), (MONTH, _("Tháng")), (YEAR, _("Năm"))],
        "at": today if span.first <= today <= span.last else span.first,
        "counts": [(name, n, kind) for kind, name in KINDS.items() if (n := sum(e.kind == kind for e in found))],
        "weeks": [[day(d, span, today, found, days_off) for d in week] for week in span.weeks],
        "months": year(span, found, days_off) if span.kind == YEAR else [],
    }  # fmt: skip
    return render(request, "site/calendar.html", context)


def day(on: date, span: Span, today: date, found: list[Entry], days_off: Off) -> dict[str, Any]:
    """One day with its first entries, all of them in a week."""
    here = span.first <= on <= span.last
    some = [e for e in found if e.first <= on <= e.last] if here else []
    most = A_DAY if span.kind == MONTH else len(some)
    return {
        "day": on, "here": here, "today": on == today, "off": days_off.names.get(on, "") if here else "",
        "events": [(e, due_note(e, days_off)) for e in some[:most]], "more": len(some[most:]),
    }  # fmt: skip


def year(span: Span, found: list[Entry], days_off: Off) -> list[dict[str, Any]]:
    """Month by month: the entries that begin in it, and its holidays."""
    told = []
    for number in range(1, 13):
        first = date(span.first.year, number, 1)
        own = [e for e in found if (e.first if e.first >= span.first else span.first).month == number]
        told.append({
            "first": first, "holidays": [(d, n) for d, n in days_off.names.items() if d.month == number],
            "events": [(e, due_note(e, days_off)) for e in own[:A_MONTH]], "more": len(own[A_MONTH:]),
        })  # fmt: skip
    return told


def due_note(one: Entry, days_off: Off) -> str:
    """What is said of a due day on which no office works."""
    return said_of(one.first, days_off) if one.kind in {CLOCK, WORK} else ""


@login_required
def own_link(request: HttpRequest) -> HttpResponse:
    """One's own secret link: made, renewed (the old one opens nothing any more) or revoked; shown once."""
    person: Any = request.user
    address = ""
    if request.method == "POST":
        if "bo" in request.POST:
            actions.drop_link(person)
            messages.success(request, _("Đã bỏ đường dẫn lịch; đường dẫn cũ không mở được nữa."))
            return redirect("calendar-link")
        address = f"{office.address()}{reverse('calendar-secret', args=[actions.make_link(person)])}"
    context = {"address": address, "link": notices.link_of(person)}
    answer = render(request, "site/calendar_link.html", context)
    answer["Cache-Control"] = "private, no-store"
    return answer
