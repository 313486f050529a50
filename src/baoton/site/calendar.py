"""What is due as a calendar file (iCalendar, RFC 5545): the reader's own terms and work, a whole day each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baoton.kit.access import Actor
from baoton.kit.reading.asking import actor_of
from baoton.kit.reading.waiting import waiting
from baoton.plan.registers import work as work_book

DAYS, MOST, LINE = 366, 1000, 73


@dataclass(frozen=True)
class Day:
    """One entry: a stable key, the day, what stands in the calendar and where it leads."""

    key: str
    on: date
    words: str
    address: str


def days(actor: Actor, today: date) -> Iterator[Day]:
    """The running clocks and the open work of the reader's body that fall due within a year, late ones too."""
    until = today + timedelta(days=DAYS)
    for one in waiting(actor, until, today, MOST):
        if one.clock.due is not None:
            yield Day(f"clock-{one.record.pk}", one.clock.due, f"{one.record}: {one.clock.word}", one.address)
    own = getattr(actor, "organisation_id", "") or ""
    rows = work_book.door(actor).rows().filter(responsible=own, status__in=["planned", "doing"])
    for work in rows.filter(due__lte=until).order_by("due", "id")[:MOST] if own else ():
        yield Day(f"work-{work.pk}", work.due, str(work), work_book.url(work))


def written(entries: Iterator[Day], stamp: str, base: str) -> str:
    """The calendar's text: lines of at most 75 octets ended as the standard wants, commas and semicolons escaped."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Bao Ton//VI",
        f"X-WR-CALNAME:{escaped(_('Bảo Tồn: hạn'))}",
    ]
    for one in entries:
        lines += [
            "BEGIN:VEVENT", f"UID:{one.key}@baoton", f"DTSTAMP:{stamp}", f"DTSTART;VALUE=DATE:{one.on:%Y%m%d}",
            f"SUMMARY:{escaped(one.words)}", f"URL:{base}{one.address}", "END:VEVENT",
        ]  # fmt: skip
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in folded(line))


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """The line in parts of at most 75 octets; the later ones begin with a space, and no letter is cut."""
    part, size = "", 0
    for letter in line:
        wide = len(letter.encode())
        if size + wide > LINE:
            yield part
            part, size = " ", 1
        part, size = part + letter, size + wide
    yield part


@login_required
@require_GET
def calendar_file(request: HttpRequest) -> HttpResponse:
    """The reader's calendar file, by the rights held now."""
    stamp = timezone.now().strftime("%Y%m%dT%H%M%SZ")
    text = written(days(actor_of(request), timezone.localdate()), stamp, request.build_absolute_uri("/")[:-1])
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="bao-ton.ics"'
    return answer
