"""Inspections: planned from risk and law, counted beside the book, followed until what was found is mended."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, F, Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from baoton.facilities.models import CLASSES, Counted, Facility, Finding, Inspection, Signal, Stock
from baoton.facilities.queries import balances_on, labels
from baoton.facilities.rules.found import RULES
from baoton.kit.access import Actor
from baoton.kit.kinds.words import as_text
from baoton.kit.writing import outbox
from baoton.kit.writing.refusal import NotNow

YEAR = 365
POINTS = 10
"""Points of the plan for each degree of a signal, which has one to three."""


def derive(visit: Inspection) -> None:
    """A visit lies where its facility lies; one that was done cannot lie in the future."""
    if visit.facility_id:
        visit.area_path = visit.facility.area_path


def start(actor: Actor, visit: Inspection, said: Mapping[str, Any]) -> None:
    """The balances of this moment are put down beside which the team counts."""
    if visit.day > timezone.localdate():
        raise ValidationError({"day": _("Ngày kiểm tra chưa tới.")})
    fresh = []
    for stock in Stock.objects.filter(facility=visit.facility_id, withdrawn__isnull=True):
        held = balances_on(stock.pk)
        fresh += [
            Counted(
                inspection=visit, stock=stock, kind=kind, balance=held.get(kind, 0),
                organisation=visit.organisation, area_path=visit.area_path,
            )
            for kind in CLASSES[Stock.Form(stock.form)]
        ]  # fmt: skip
    with outbox.changing(Counted, [c.pk for c in fresh]):
        Counted.objects.bulk_create(fresh)


def uncounted(visit: Inspection) -> str:
    """Why a visit cannot be finished: classes that stand in a book and were not counted."""
    left = visit.counts.filter(counted__isnull=True, balance__gt=0).count()
    return _("Còn %(n)s lớp có số dư chưa đếm.") % {"n": as_text(left)} if left else ""


def finish(actor: Actor, visit: Inspection, said: Mapping[str, Any]) -> None:
    """Every difference between count and book is a finding; the team adds its own before."""
    if visit.day > timezone.localdate():
        raise ValidationError({"summary": _("Ngày kiểm tra chưa tới.")})
    visit.checklist = visit.checklist.strip() or "; ".join(visit.points)
    if not visit.checklist:
        raise ValidationError({"checklist": _("Ghi nội dung đã kiểm tra.")})
    wrong = [
        c
        for c in visit.counts.select_related("stock__taxon", "stock__facility")
        if c.counted not in (None, c.balance)
    ]
    told, known = _("Đếm được %(n)s, sổ ghi %(balance)s: %(stock)s, lớp “%(kind)s”."), labels()
    fresh = [
        Finding(
            inspection=visit, organisation=visit.organisation, area_path=visit.area_path, found=visit.day,
            due=said.get("due") or visit.day + timedelta(30),
            what=told
            % {
                "n": as_text(c.counted),
                "balance": as_text(c.balance),
                "stock": c.stock,
                "kind": known[c.kind],
            },
        )
        for c in wrong
    ]  # fmt: skip
    with outbox.changing(Finding, [f.pk for f in fresh]):
        Finding.objects.bulk_create(fresh)
    Stock.objects.filter(facility=visit.facility_id).update(unchecked=True)


def close_finding(actor: Actor, visit: Inspection, said: Mapping[str, Any]) -> None:
    """One finding of this visit is mended; the visit itself stays as it was."""
    found = Finding.objects.filter(pk=said["finding"], inspection=visit).first()
    if found is None:
        raise ValidationError({"finding": _("Tồn tại này không thuộc cuộc kiểm tra.")})
    if found.status == Finding.Status.CLOSED:
        raise NotNow(_("Tồn tại này đã khắc phục."))
    with outbox.changing(Finding, [found.pk]):
        close(actor, found, said)
        found.status = Finding.Status.CLOSED
        found.save()


def close(actor: Actor, finding: Finding, said: Mapping[str, Any]) -> None:
    day = said.get("closed_on") or timezone.localdate()
    if day > timezone.localdate():
        raise ValidationError({"closed_on": _("Ngày khắc phục chưa tới.")})
    finding.closed_on, finding.how = day, str(said.get("how") or "")


def propose(facilities: "QuerySet[Facility]", on: date) -> list[tuple[Facility, int, str]]:
    """Those of the facilities that should be looked at in the year, the weightiest first, with their reasons.

    Asked of the database at once: signals, the last visit, findings past their day, stocks over capacity.
    """
    planned = Inspection.objects.filter(
        day__year=on.year, withdrawn__isnull=True, kind=Inspection.Kind.PLANNED
    )
    rows = facilities.exclude(status=Facility.Status.CLOSED).exclude(pk__in=planned.values("facility"))
    known = {f.pk: f for f in rows}
    told: dict[Any, list[tuple[int, str]]] = {pk: [] for pk in known}

    def tell(found: Iterable[tuple[Any, int, str]]) -> None:
        for pk, weight, words in found:
            if pk in told:
                told[pk].append((weight, words))

    open_ = Signal.objects.filter(status__in=[Signal.Status.OPEN, Signal.Status.ANSWERED]).order_by()
    found: dict[Any, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for pk, rule, score in open_.exclude(rule="over_capacity").values_list(
        "stock__facility", "rule", "score"
    ):
        found[pk][rule].append(score)
    tell((pk, POINTS * sum(map(max, some.values())), _signals(some)) for pk, some in found.items())
    done = Inspection.objects.filter(status=Inspection.Status.FINISHED, withdrawn__isnull=True).order_by()
    last = dict(done.values_list("facility").annotate(day=Max("day")))
    tell((pk, 30, _("chưa kiểm tra lần nào")) for pk in known if pk not in last)
    words = _("lần kiểm tra gần nhất ngày %(day)s")
    tell((pk, 20, words % {"day": as_text(day)}) for pk, day in last.items() if (on - day).days > YEAR)
    late = Finding.objects.filter(status=Finding.Status.OPEN, due__lt=on, withdrawn__isnull=True).order_by()
    by_late = late.values_list("inspection__facility").annotate(n=Count("pk"))
    tell((pk, 25, _("%(n)s tồn tại quá hạn") % {"n": as_text(n)}) for pk, n in by_late)
    over = Stock.objects.filter(capacity__lt=F("balance"), withdrawn__isnull=True)
    tell((pk, 15, _("vượt sức chứa")) for pk in set(over.values_list("facility", flat=True)))
    ordered = [
        (known[pk], sum(w for w, _t in some), "; ".join(t for _w, t in sorted(some, reverse=True)))
        for pk, some in told.items()
        if some
    ]
    return sorted(ordered, key=lambda row: (-row[1], row[0].name, str(row[0].pk)))


def _signals(some: Mapping[str, Sequence[int]]) -> str:
    """How many signals stand in the books, and which, the weightiest first."""
    n = sum(map(len, some.values()))
    known = dict(RULES)
    order = sorted(some, key=lambda rule: (-max(some[rule]), rule))
    which = ", ".join(str(known.get(rule, rule)) for rule in order)
    return _("%(n)s dấu hiệu trong sổ") % {"n": as_text(n)} + f" ({which})"


def derive_counted(counted: Counted) -> None:
    """What was counted stands as it was once the minute is made."""
    if counted.inspection.status != Inspection.Status.STARTED:
        raise ValidationError({"counted": _("Chỉ ghi số đếm khi cuộc kiểm tra đang diễn ra.")})


def derive_finding(finding: Finding) -> None:
    """A finding lies where its visit lies; its day to be mended comes after the visit."""
    if finding.inspection_id:
        visit = finding.inspection
        finding.organisation, finding.area_path, finding.found = (
            visit.organisation,
            visit.area_path,
            visit.day,
        )
        if finding.due and finding.due < visit.day:
            raise ValidationError({"due": _("Hạn khắc phục trước ngày kiểm tra.")})


def from_signal(actor: Actor, signal: Signal, said: Mapping[str, Any]) -> None:
    """A signal opens an unannounced visit, never a penalty; its words are the reason of the visit."""
    visit = Inspection(
        facility=signal.stock.facility, kind=Inspection.Kind.UNANNOUNCED, day=said["day"],
        team=str(said.get("team") or ""), why=signal.words, area_path=signal.area_path,
        organisation=getattr(actor, "organisation_id", "") or signal.organisation,
    )  # fmt: skip
    with outbox.changing(Inspection, [visit.pk]):
        visit.save(force_insert=True)
