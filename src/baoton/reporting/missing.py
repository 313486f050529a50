"""What a report ought to count and the system does not hold: whom to ask, what was asked, what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import rulebook
from baoton.kit.access import Actor, require
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.people.models import Organisation
from baoton.plan.queries import INDICATORS, Grouped
from baoton.reporting import queries
from baoton.reporting.counts import COUNTS, KNOWS
from baoton.reporting.models import FigureRequest
from baoton.reporting.periods import Period
from baoton.reporting.queries import Told
from baoton.reporting.scopes.themes import themes

DAYS = 7


@dataclass(frozen=True)
class Missing:
    """One figure that is missing: its section, the body that knows it, and the request for it if there is one."""

    count: str
    what: str
    section: str
    body: str
    name: str
    asked: FigureRequest | None
    why: str = ""


def asked_of(theme: str) -> list[tuple[str, Sequence[str]]]:
    """The counts of each section, by its key: of the province's report, or of a theme that has some."""
    if theme:
        return [(one.key, one.counts) for one in themes()[theme].headings if one.counts]
    return [(one.key, one.counts) for one in rulebook.province(settings.PROVINCE).report]


def missing(period: Period, told: Sequence[Told], theme: str = "") -> list[Missing]:
    """Every count of the report that no figure answers, section by section, and figures that are unknown."""
    names = {o.code: str(o) for o in Organisation.objects.all()}
    rows = FigureRequest.objects.filter(period=period.key, withdrawn__isnull=True)
    asked = {r.count: r for r in rows if r.count}
    known = {f.name for f in told if f.value is not None}
    unknown = {f.name: f for f in told if f.value is None}
    lead = queries.lead()
    found = []
    for key, counts in asked_of(theme):
        for count in counts:
            label, indicators = COUNTS.get(count, (count, ()))
            mine = [INDICATORS[i] for i in indicators if i in INDICATORS]
            whole = all(i.yearly or isinstance(i.measure, Grouped) for i in mine)
            if known & set(indicators) or (period.part and indicators and whole):
                continue  # it is known for whole years only, so nobody is asked for it
            body = KNOWS.get(count, lead)
            body = body if body in names else lead
            why = next((unknown[i].why_unknown for i in indicators if i in unknown), "")
            found.append(Missing(count, _(label), key, body, names.get(body, body), asked.get(count), why))
    return found


def ask(actor: Actor, period: Period, lines: Sequence[Missing]) -> int:
    """Every missing figure that nobody asked for yet is asked of the body that knows it; how many."""
    require(actor, "reporting.request.create")
    book, made = REGISTERS["reporting.request"], 0
    by = timezone.localdate() + timedelta(days=DAYS)
    with transaction.atomic():
        for one in lines:
            if one.asked is None:
                fresh = FigureRequest(
                    what=one.what, count=one.count, period=period.key, body=one.body, answer_by=by
                )
                write.create(book, actor, fresh)
                made += 1
    return made


def answers(period: Period, theme: str = "") -> dict[str, list[FigureRequest]]:
    """The answered requests of the period by section; one that no report counts stands under the last word of the
    province's."""
    where = {count: key for key, counts in asked_of(theme) for count in counts}
    told: dict[str, list[FigureRequest]] = {}
    rows: Any = FigureRequest.objects.filter(
        period=period.key, status=FigureRequest.Status.ANSWERED, withdrawn__isnull=True
    )
    for one in rows.order_by("id"):
        section = where.get(one.count, "" if one.count in COUNTS or theme else "obstacles")
        if section:
            told.setdefault(section, []).append(one)
    return told
