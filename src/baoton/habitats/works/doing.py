"""What follows from a work: measured, guarded as its species, approved once they were looked up, done on a day."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import shapely
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from baoton.habitats.models import Planting, Work
from baoton.habitats.queries import outside
from baoton.habitats.works.ground import measured
from baoton.habitats.works.species import Verdict, verdict
from baoton.kit.access import Actor
from baoton.kit.writing.outbox import changing, followed_by
from baoton.kit.writing.refusal import NotNow
from baoton.places import queries as places
from baoton.taxa.queries import levels_of


def plantings(record: Work) -> list[Planting]:
    """The species of a work, the most planted first."""
    rows = record.plantings.filter(withdrawn__isnull=True).select_related("taxon")
    return list(rows.order_by("-count", "id"))


def derive_work(record: Work) -> None:
    """Its hectares are measured; its season is not before its contract; what it makes good was done before."""
    record.hectares = measured(record)
    if record.geom is not None and (told := outside(shapely.from_wkb(bytes(record.geom)))):
        raise ValidationError({"geom": told})
    if record.contract_day and record.year and record.year < record.contract_day.year:
        told = _("Năm của vụ (%(year)s) trước năm ký hợp đồng (%(signed)s): sửa năm của vụ hoặc ngày ký.")
        raise ValidationError({"year": told % {"year": record.year, "signed": record.contract_day.year}})
    if record.earlier is not None and record.year:
        if record.earlier.pk == record.pk:
            raise ValidationError({"earlier": _("Công trình không thể làm lại chính nó.")})
        if record.earlier.day is None or record.earlier.day.year > record.year:
            raise ValidationError({"earlier": _("Công trình đó chưa làm xong trước vụ này.")})


def derive_planting(record: Planting) -> None:
    """A species stands where its work is told to stand, and is planted on the day the work was done."""
    if record.work_id:
        record.area_path = record.work.shown_area_path
        record.day = planted_on(record.work)


def planted_on(work: Work) -> date | None:
    """The day on which the species of a work were planted; none while it is not done."""
    return work.day if work.status == Work.Status.DONE and work.withdrawn is None else None


@followed_by
def follow(label: str, before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> None:
    """A work that is done or taken back gives its species their day, in the same transaction."""
    if label != Work._meta.label_lower:
        return
    for work in Work.objects.filter(pk__in={r["id"] for r in (*before, *after)}):
        rows = Planting.objects.filter(work=work).exclude(day=planted_on(work))
        if keys := list(rows.values_list("pk", flat=True)):
            with changing(Planting, keys):
                Planting.objects.filter(pk__in=keys).update(day=planted_on(work))


def settle_works(records: Sequence[Work]) -> None:
    """A work is as guarded as the most guarded of its species."""
    species: dict[Any, list[Any]] = {one.pk: [] for one in records}
    rows = Planting.objects.filter(work__in=list(species), withdrawn__isnull=True)
    for work, taxon in rows.values_list("work_id", "taxon_id"):
        species[work].append(taxon)
    flat = [(one, taxon) for one in records for taxon in species[one.pk]]
    found = levels_of([(taxon, []) for _one, taxon in flat], [one.organisation for one, _taxon in flat])
    levels = {one.pk: 0 for one in records}
    for (one, _taxon), level in zip(flat, found, strict=True):
        levels[one.pk] = max(levels[one.pk], level)
    places.settle(records, [levels[one.pk] for one in records])


@followed_by
def guard(label: str, before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> None:
    """A species that came or went may change how guarded its work is, in the same transaction."""
    if label != Planting._meta.label_lower:
        return
    for one in Work.objects.filter(pk__in={r["work_id"] for r in (*before, *after)}):
        was = one.disclosure
        settle_works([one])
        if one.disclosure != was:
            one.revision += 1
            with changing(Work, [one.pk]):
                one.save()
            Planting.objects.filter(work=one).update(area_path=one.shown_area_path)


def judged(record: Work) -> Verdict:
    """What the lists say of its species on its day, or today while it is only planned."""
    return verdict(plantings(record), record.day or timezone.localdate())


def forbidden(record: Work) -> str:
    """Why the work cannot be approved, with the article; empty where a person may decide."""
    if record.geom is None:
        return _("Chưa khoanh vùng công trình trên bản đồ.")
    if record.plants and not plantings(record):
        return _("Chưa ghi loài cây nào để trồng.")
    return " ".join(judged(record).refused)


def approve(actor: Actor, record: Work, answers: Mapping[str, Any]) -> None:
    """What the lists ask has its reason."""
    asked = judged(record).asked
    if asked and not record.despite:
        told = _("Hãy ghi lý do nếu vẫn duyệt: %(asked)s")
        raise ValidationError({"despite": told % {"asked": " ".join(asked)}})


def carry_out(actor: Actor, record: Work, answers: Mapping[str, Any]) -> None:
    """The work was done on a day that has come, after its contract, with species that its day allows."""
    on = answers["on"]
    if on > timezone.localdate():
        raise ValidationError({"on": _("Ngày này chưa đến.")})
    if record.contract_day and on < record.contract_day:
        raise ValidationError({"on": _("Làm xong không thể trước ngày ký hợp đồng.")})
    record.day = on
    if why := forbidden(record):
        raise NotNow(why)


def meeting(record: Work) -> list[tuple[Work, float]]:
    """The other works whose ground this one shares, each with the hectares they share, the most first."""
    if record.geom is None:
        return []
    shape = shapely.from_wkb(bytes(record.geom))
    rows = Work.objects.filter(withdrawn__isnull=True, geom__isnull=False).exclude(pk=record.pk)
    rows = rows.exclude(status=Work.Status.DROPPED).filter(
        min_x__lte=record.max_x, max_x__gte=record.min_x, min_y__lte=record.max_y, max_y__gte=record.min_y
    )
    found = []
    for other in rows:
        shared = places.measure(
            shapely.intersection(shape, shapely.from_wkb(bytes(other.geom or b""))), "Polygon"
        )
        if shared >= 1:
            found.append((other, shared / 10_000))
    return sorted(found, key=lambda f: (-f[1], str(f[0].pk)))
