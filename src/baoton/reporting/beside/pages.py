"""The page of two versions or reports beside each other, and what a report may be held against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baoton.kit.access import Actor
from baoton.kit.reading.asking import actor_of, readable
from baoton.kit.reading.register import REGISTERS
from baoton.people.queries import bodies
from baoton.reporting.beside.sides import Side, side
from baoton.reporting.beside.why import why
from baoton.reporting.beside.words import Piece, changed, lines_up
from baoton.reporting.models import OwnReport, Report
from baoton.reporting.own import figures_of
from baoton.reporting.periods import read
from baoton.reporting.queries import Told, moved, number
from baoton.reporting.records.keeping import KEY, Counted, counted
from baoton.reporting.scopes.scope import scope_of


@dataclass(frozen=True)
class Part:
    """A part of the text: its heading, and its paragraphs as pieces on either side; whether anything changed in it."""

    heading: str
    rows: Sequence[tuple[Sequence[Piece], Sequence[Piece]]]

    @property
    def moved(self) -> bool:
        return any(what != "same" for row in self.rows for one in row for what, _text in one)


@dataclass(frozen=True)
class Figure:
    """One figure on both sides (None where a side lacks it), its difference and why."""

    label: str
    unit: str
    then: Told | None
    now: Told | None
    change: str
    reason: str = ""

    @property
    def texts(self) -> list[str]:
        return ["–" if one is None else one.text for one in (self.then, self.now)]


def parts(a: Side, b: Side) -> list[Part]:
    """The parts of both texts in the order of the second, each paragraph beside what it was."""
    headings = list(dict.fromkeys([*b.texts, *a.texts]))
    return [
        Part(one, [changed(x, y) for x, y in lines_up(a.texts.get(one, ()), b.texts.get(one, ()))])
        for one in headings
    ]


def figures(actor: Actor, a: Side, b: Side) -> list[Figure]:
    """Every figure of either side, those that differ first."""
    then, now = ({one.name: one for one in s.figures} for s in (a, b))
    told = [_figure(actor, a, b, then.get(name), now.get(name)) for name in dict.fromkeys([*now, *then])]
    return sorted(told, key=lambda one: not (one.change or one.reason))


def _figure(actor: Actor, a: Side, b: Side, then: Told | None, now: Told | None) -> Figure:
    one = now or then
    assert one is not None
    return Figure(
        one.here.label, one.here.unit, then, now, difference(then, now), reason(actor, a, b, then, now)
    )


def difference(then: Told | None, now: Told | None) -> str:
    """How much more or less, with its sign; empty where both say the same."""
    if now is None or then is None:
        return _("chỉ có ở một bên")
    if now.value == then.value:
        return ""
    if now.value is None or then.value is None:
        return _("một bên chưa có số liệu")
    return moved(now.value, then.value)


def reason(actor: Actor, a: Side, b: Side, then: Told | None, now: Told | None) -> str:
    """Which records make the difference, as numbers; empty where none does.

    Two reports of other days or places count other records anyway: there it is said how many they share.
    """
    if then is None or now is None or not then.register or then.register != now.register:
        return ""
    before, after = records_of(a, then), records_of(b, now)
    if before is None or after is None:
        return "" if then.value == now.value else _("không giữ từng bản ghi nên không nói được vì sao")
    if not readable(REGISTERS[now.register], actor):
        return _("bạn không được mở sổ này")
    if a.about == b.about:
        made = (a.made, b.made) if a.made <= b.made else (b.made, a.made)
        return why(REGISTERS[now.register], before, after, made).words
    return shared(before, after)


def records_of(one: Side, told: Told) -> Counted | None:
    """The records that a figure counted; None where they were not kept."""
    if told.count == 0:
        return Counted(np.array([], KEY), np.array([], np.uint32))
    return counted(one.records, told)


def shared(before: Counted, after: Counted) -> str:
    """How many records both count, and how many either alone."""
    both = len(np.intersect1d(before.keys, after.keys))
    told = {"both": number(both), "left": number(len(before) - both), "right": number(len(after) - both)}
    return _("%(both)s bản ghi ở cả hai, %(left)s chỉ ở bên trái, %(right)s chỉ ở bên phải") % told


def key_of(text: str) -> UUID:
    """The key in an address; 404 where it is none."""
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404(text) from error


@require_GET
def beside(request: HttpRequest) -> HttpResponse:
    """Two versions of a report, or two reports of one kind."""
    actor = actor_of(request)
    left, right = (side(actor, key_of(request.GET.get(name, ""))) for name in ("trai", "phai"))
    if left.kind != right.kind:
        messages.error(
            request, _("Hai báo cáo khác loại nên không đặt cạnh nhau được: chọn hai báo cáo cùng loại.")
        )
        return redirect(right.address)
    if left.key == right.key:
        messages.info(
            request, _("Hai bên là cùng một báo cáo: chọn một báo cáo khác ở ô “Đặt cạnh báo cáo” dưới đây.")
        )
        return redirect(right.address)
    texts, told, same = parts(left, right), figures(actor, left, right), left.about == right.about
    context = {
        "left": left, "right": right, "parts": texts, "figures": told, "same_scope": same,
        "moved": [one for one in told if one.change],
        "swapped": [one for one in told if same and one.reason and not one.change],
        "still": [one for one in told if not one.change and not (same and one.reason)],
        "changed_parts": sum(one.moved for one in texts),
    }  # fmt: skip
    return render(request, "reporting/beside.html", context)


def others(report: Report) -> list[tuple[UUID, str]]:
    """The reports of the same kind, newest first."""
    rows = Report.objects.filter(kind=report.kind).exclude(pk=report.pk).order_by("-made")[:30]
    return [(one.pk, f"{scope_of(one).name}, {one.made:%d/%m/%Y}") for one in rows]


def of_own_report(actor: Actor, record: OwnReport) -> Mapping[str, Any]:
    """What the record's page shows: figures, versions, and what the report may be held against."""
    rows = REGISTERS["reporting.own"].door(actor).rows().exclude(pk=record.pk)
    names = bodies()
    near = [
        *rows.filter(body=record.body).order_by("-period"),
        *rows.filter(period=record.period).exclude(body=record.body).order_by("body"),
    ]
    told = [(one.pk, f"{names.get(one.body, one.body)}, {read(one.period).name}") for one in near[:80]]
    versions = list(record.versions.order_by("n"))
    pairs = [(one, before) for one, before in zip(versions, [None, *versions], strict=False)]
    return {**figures_of(actor, record), "versions": pairs, "others": told}
