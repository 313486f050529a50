"""Inspections: planned from risk and law, counted beside the book, followed until what was found is mended."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from baoton.facilities.models import CLASSES, Counted, Facility, Finding, Inspection, Signal, Stock
from baoton.facilities.queries import balances_on, labels
from baoton.kit.access import Actor
from baoton.kit.kinds.words import as_text
from baoton.kit.writing import outbox
from baoton.kit.writing.refusal import NotNow

YEAR = 365


def derive(visit: Inspection) -> None:
    """A visit lies where its facility lies; one that was done cannot lie in the future."""
    if visit.facility_id:
        visit.area_path = visit.facility.area_path


def start(actor: Actor, visit: Inspection, said: Mapping[str, Any]) -> None:
    """The balances of this moment are put down beside which the team counts."""
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
    wrong = [
        c
        for c in visit.counts.select_related("stock__taxon", "stock__facility")
        if c.counted not in (None, c.balance)
    ]
    told, known = _("Đếm được %(n)s, sổ ghi %(balance)s: %(stock)s, lớp “%(kind)s”."), labels()
    fresh = [
        Finding(
            inspection=visit, organisation=visit.organisation, area_path=visit.area_path,
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
    with outbox.changing(Finding, [found.pk]):
        close(actor, found, said)
        found.status = Finding.Status.CLOSED
        found.save()


def close(actor: Actor, finding: Finding, said: Mapping[str, Any]) -> None:
    if finding.status == Finding.Status.CLOSED:
        raise NotNow(_("Tồn tại này đã khắc phục."))
    day = said.get("closed_on") or timezone.localdate()
    if day > timezone.localdate():
        raise ValidationError({"closed_on": _("Ngày khắc phục chưa tới.")})
    finding.closed_on, finding.how = day, str(said.get("how") or "")


def reasons(facility: Facility, on: date) -> list[tuple[int, str]]:
    """Why a facility should be looked at, each with its weight: signals, time since the last visit, open findings."""
    told: list[tuple[int, str]] = []
    open_ = Signal.objects.filter(
        stock__facility=facility, status__in=[Signal.Status.OPEN, Signal.Status.ANSWERED]
    )
    score = open_.aggregate(n=Sum("score"))["n"] or 0
    if score:
        told.append((score * 10, _("%(n)s dấu hiệu trong sổ") % {"n": as_text(open_.count())}))
    last = Inspection.objects.filter(
        facility=facility, status=Inspection.Status.FINISHED, withdrawn__isnull=True
    ).aggregate(day=Max("day"))["day"]
    if last is None:
        told.append((30, _("chưa kiểm tra lần nào")))
    elif (on - last).days > YEAR:
        told.append((20, _("lần kiểm tra gần nhất ngày %(day)s") % {"day": as_text(last)}))
    late = Finding.objects.filter(
        inspection__facility=facility, status=Finding.Status.OPEN, due__lt=on
    ).count()
    if late:
        told.append((25, _("%(n)s tồn tại quá hạn") % {"n": as_text(late)}))
    over = [
        s
        for s in Stock.objects.filter(facility=facility, capacity__isnull=False)
        if s.balance > (s.capacity or 0)
    ]
    if over:
        told.append((15, _("vượt sức chứa")))
    return sorted(told, reverse=True)


def propose(on: date, most: int = 40) -> list[tuple[Facility, int, str]]:
    """The facilities to be looked at in the year, the weightiest first, each with its reasons in words."""
    planned = Inspection.objects.filter(
        day__year=on.year, withdrawn__isnull=True, kind=Inspection.Kind.PLANNED
    ).values("facility")
    rows = []
    for facility in (
        Facility.objects.filter(withdrawn__isnull=True)
        .exclude(status=Facility.Status.CLOSED)
        .exclude(pk__in=planned)
    ):
        found = reasons(facility, on)
        if found:
            rows.append((facility, sum(w for w, _t in found), "; ".join(t for _w, t in found)))
    return sorted(rows, key=lambda row: (-row[1], row[0].name, str(row[0].pk)))[:most]


def derive_finding(finding: Finding) -> None:
    """A finding lies where its visit lies; its day to be mended comes after the visit."""
    if finding.inspection_id:
        visit = finding.inspection
        finding.organisation, finding.area_path = visit.organisation, visit.area_path
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
