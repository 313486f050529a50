"""The calendar as a file (iCalendar, RFC 5545): a whole day each; by signing in, or by a person's secret link.

What goes by the link leaves the system, so it carries the plain words alone: none of a guarded place, none of a book
in which each record belongs to one body.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baoton.kit.access import Actor
from baoton.kit.reading.asking import actor_of
from baoton.notices import queries as notices
from baoton.site.calendar.entries import CLOCK, MOST, WORK, Entry, crowded, entries, off, said_of

DAYS, LINE = 366, 73


def days(actor: Actor, today: date) -> list[Entry]:
    """The reader's calendar from today to a year on; of terms and work, also what is late since before."""
    since = date(today.year - 1, 1, 1)
    found = entries(actor, since, today + timedelta(days=DAYS), today)
    return [e for e in found if e.last >= today or e.kind in {CLOCK, WORK}]


def written(found: Iterable[Entry], stamp: str, base: str, plain: bool) -> str:
    """The calendar's text: lines of at most 75 octets ended as the standard wants, commas and semicolons escaped."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Bao Ton//VI",
        f"X-WR-CALNAME:{escaped(_('Bảo Tồn: hạn'))}",
    ]
    for one in found:
        words = one.plain if plain else one.words
        if one.kind in {CLOCK, WORK} and (told := said_of(one.first, off(one.first, one.first))):
            words = f"{words} ({told})"
        lines += [
            "BEGIN:VEVENT", f"UID:{one.key}@baoton", f"DTSTAMP:{stamp}", f"DTSTART;VALUE=DATE:{one.first:%Y%m%d}",
            *([f"DTEND;VALUE=DATE:{one.last + timedelta(days=1):%Y%m%d}"] if one.last > one.first else []),
            f"SUMMARY:{escaped(words)}", f"URL:{base}{one.address}", "END:VEVENT",
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


def answer(request: HttpRequest, actor: Actor, plain: bool) -> HttpResponse:
    """The file, which nobody between here and the reader may keep."""
    stamp = timezone.now().strftime("%Y%m%dT%H%M%SZ")
    today = timezone.localdate()
    found = days(actor, today)
    if cut := crowded(found):
        words = _("Lịch này chỉ có %(n)d mục đầu của: %(kinds)s") % {"n": MOST, "kinds": ", ".join(cut)}
        found.append(Entry("more", WORK, today, today, words, words, reverse("calendar-page")))
    text = written(found, stamp, request.build_absolute_uri("/")[:-1], plain)
    told = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    told["Content-Disposition"] = 'attachment; filename="bao-ton.ics"'
    told["Cache-Control"] = "private, no-store"
    return told


@login_required
@require_GET
def calendar_file(request: HttpRequest) -> HttpResponse:
    """The reader's calendar file, by the rights held now."""
    return answer(request, actor_of(request), plain=False)


@require_GET
def secret(request: HttpRequest, token: str) -> HttpResponse:
    """The file of whoever the link belongs to, by the rights that he holds now; any other link is not found."""
    person = notices.of_link(token)
    if person is None:
        raise Http404
    return answer(request, person, plain=True)
