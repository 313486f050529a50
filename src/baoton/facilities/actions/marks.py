"""Marked animals: a mark is given once in the province, and an animal stands in one book at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from baoton.facilities.actions import animals
from baoton.facilities.actions.books import enter, post, receiver_of, refuse_day, refuse_no_minute, shut
from baoton.facilities.models import CLASSES, Entry, Individual, Mark, Stock
from baoton.facilities.queries import labels, mark_key, mark_text
from baoton.kit.access import Actor
from baoton.kit.kinds.words import as_text
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import audit, ledger, outbox
from baoton.kit.writing.refusal import NotNow

M = Entry.Movement


def mark(actor: Actor, stock: Stock, said: Mapping[str, Any]) -> None:
    """One animal of the book bears a mark from a day on; the class must hold one that bears none yet."""
    refuse_day(stock, said["day"])
    parents = {side: _parent(actor, side, str(said.get(side) or "")) for side in ("father", "mother")}
    if said["kind"] not in CLASSES[Stock.Form(stock.form)]:
        told = _("Mẫu sổ này không có lớp “%(kind)s”.") % {"kind": labels().get(said["kind"], said["kind"])}
        raise ValidationError({"kind": told})
    if said.get("born") and said["born"] > said["day"]:
        raise ValidationError({"born": _("Ngày sinh sau ngày đánh dấu.")})
    here = animals.standing(stock).filter(kind=said["kind"]).count()
    held = ledger.balances(Entry, stock.pk).get(said["kind"], 0)
    if here >= held:
        told = _(
            "Lớp “%(kind)s” có %(held)s trong sổ và %(here)s đã có dấu; ghi thêm vào sổ trước khi đánh dấu."
        )
        kind = labels().get(said["kind"], said["kind"])
        raise NotNow(told % {"kind": kind, "held": as_text(held), "here": as_text(here)})
    place(actor, stock, said["kind"], said["mark_kind"], said["mark"], said["day"],
          born=said.get("born"), **parents)  # fmt: skip


def place(
    actor: Actor, stock: Stock, kind: str, mark_kind: str, written: str, day: date, **more: Any
) -> Individual:
    """A marked animal stands in a class of the book; whether the class holds it, the caller asks."""
    animal = Individual(
        stock=stock, organisation=stock.organisation, area_path=stock.area_path, kind=kind, mark_kind=mark_kind,
        mark=_spelt(written), **more,
    )  # fmt: skip
    with outbox.changing(Individual, [animal.pk]):
        animal.save(force_insert=True)
    _give(actor, animal, mark_kind, animal.mark, day)
    return animal


def _spelt(written: str) -> str:
    try:
        return mark_text(written)
    except ValueError as error:
        raise ValidationError({"mark": str(error)}) from error


def _parent(actor: Actor, side: str, written: str) -> Individual | None:
    if not written.strip():
        return None
    found = (
        Mark.objects.filter(key=mark_key(written), withdrawn__isnull=True)
        .select_related("individual")
        .first()
    )
    if found is None or not _sees(actor, found.individual):
        told = _("Không có cá thể mang số dấu “%(mark)s” mà bạn được xem.")
        raise ValidationError({side: told % {"mark": written}})
    return found.individual


def _sees(actor: Actor, animal: Individual) -> bool:
    """Whether the actor may see the animal; of others it is told neither where they stand nor that they do."""
    return REGISTERS["facilities.individual"].door(actor).rows().filter(pk=animal.pk).exists()


def taken(actor: Actor, written: str) -> str:
    """Why the mark cannot be given any more, in words this actor may read; empty where it is free."""
    marks = Mark.objects.filter(key=mark_key(written), withdrawn__isnull=True)
    other = marks.select_related("individual__stock__facility").first()
    if other is None:
        return ""
    if not _sees(actor, other.individual):
        return _("Số dấu %(mark)s không dùng được: mỗi số chỉ dùng một lần.") % {"mark": written}
    told = _("Số dấu %(mark)s đã dùng cho cá thể của %(where)s từ %(since)s; mỗi số chỉ dùng một lần.")
    where = other.individual.stock.facility.code or _("một cơ sở khác")
    return told % {"mark": written, "where": where, "since": as_text(other.since)}


def _give(actor: Actor, animal: Individual, kind: str, written: str, day: date, why: str = "") -> None:
    """The mark is the animal's; one that was ever given is refused, and shown whose it is to whoever may see it."""
    if told := taken(actor, written):
        raise NotNow(told)
    made = Mark(
        individual=animal, key=mark_key(written), mark_kind=kind, mark=written, since=day, why=why,
        organisation=animal.organisation, area_path=animal.area_path,
    )  # fmt: skip
    try:
        with outbox.changing(Mark, [made.pk]), transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise NotNow(_("Số dấu %(mark)s vừa được dùng.") % {"mark": written}) from error


def remark(actor: Actor, animal: Individual, said: Mapping[str, Any]) -> None:
    """A new mark in place of the old, which stays known as the animal's."""
    animals.refuse_early(animal, said["day"])
    written = _spelt(said["mark"])
    _close_mark(animal, said["day"], said["reason"])
    _give(actor, animal, said["mark_kind"], written, said["day"], said["reason"])
    animal.mark, animal.mark_kind = written, said["mark_kind"]


def _close_mark(animal: Individual, day: date, why: str = "") -> None:
    """The animal's mark is open no more from a day on."""
    marks = Mark.objects.filter(individual=animal, until__isnull=True, withdrawn__isnull=True)
    with outbox.changing(Mark, list(marks.values_list("pk", flat=True))):
        marks.update(until=day, why=why)


def move(actor: Actor, animal: Individual, said: Mapping[str, Any]) -> None:
    """The animal leaves one book and enters the other in one step: it is never in two places, nor in none."""
    here, other = animal.stock, receiver_of(animal.stock, said["code"])
    if why := shut(here):
        raise NotNow(why)
    for book in (here, other):
        refuse_day(book, said["day"])
    animals.refuse_early(animal, said["day"])
    animal.stock, animal.organisation, animal.area_path = other, other.organisation, other.area_path
    Individual.objects.filter(pk=animal.pk).update(
        stock=other
    )  # the book it leaves must not count it any more
    common = {"day": said["day"], "kind": animal.kind, "paper": said["paper"], "note": animals.told([animal])}
    post(
        [
            Entry(book=here, amount=-1, movement=M.LEFT, partner=f"{other.facility}",
                  organisation=here.organisation, area_path=here.area_path, **common),
            Entry(book=other, amount=1, movement=M.ARRIVED, partner=f"{here.facility}",
                  organisation=other.organisation, area_path=other.area_path, **common),
        ],
        [animal],
    )  # fmt: skip


def grew(actor: Actor, animal: Individual, said: Mapping[str, Any]) -> None:
    """The animal passes into another class of its book, as when it is taken for breeding; the total stays."""
    was, into = animal.kind, said["into"]
    if why := shut(animal.stock):
        raise NotNow(why)
    if was == into:
        raise ValidationError({"into": _("Chọn lớp khác với lớp đang có.")})
    animals.refuse_early(animal, said["day"])
    animal.kind = into
    Individual.objects.filter(pk=animal.pk).update(kind=into)
    enter(animal.stock, M.GREW, said["day"], {was: -1, into: 1}, note=animals.told([animal]), about=[animal])


def end(actor: Actor, animal: Individual, said: Mapping[str, Any]) -> None:
    """The animal leaves the book by its own line; its marks are never given again."""
    if why := shut(animal.stock):
        raise NotNow(why)
    animals.refuse_early(animal, said["ended_on"], "ended_on")
    refuse_no_minute(animal.stock, said["ended_how"], said["ended_on"], str(said.get("paper") or ""))
    Individual.objects.filter(pk=animal.pk).update(status=Individual.Status.ENDED)
    _close_mark(animal, said["ended_on"])
    enter(
        animal.stock, said["ended_how"], said["ended_on"], {animal.kind: -1}, note=animals.told([animal]),
        partner=str(said.get("partner") or ""), paper=str(said.get("paper") or ""), about=[animal],
    )  # fmt: skip


def seen(actor: Actor, animal: Individual, said: Mapping[str, Any]) -> None:
    """The mark was read on a day; one read after its animal had left is a signal in the book it left."""
    if said["day"] > timezone.localdate():
        raise ValidationError({"day": _("Ngày %(day)s chưa tới.") % {"day": as_text(said["day"])}})
    animal.seen_on = max(filter(None, (animal.seen_on, said["day"])))
    Stock.objects.filter(pk=animal.stock_id).update(unchecked=True)


# — marks that a file names —


@dataclass(frozen=True)
class Named:
    """A row of a file that stands now: the keys of its lines, where it stands, and the marks it names."""

    lines: Sequence[UUID]
    position: int
    marks: Sequence[tuple[str, str]]


def by_file(actor: Actor, rows: Sequence[Named]) -> None:
    """The animals that the rows name stand where these leave them; `NotNow` where another was faster.

    First the rows that give marks, then the others in the order of days. Animals are locked before books, and books
    before marks are given, as everywhere.
    """
    if not rows:
        return
    lines = Entry.objects.in_bulk([key for row in rows for key in row.lines])
    keys = {mark_key(text) for row in rows for _kind, text in row.marks}
    known = Individual.objects.filter(
        marks__key__in=keys, marks__withdrawn__isnull=True, withdrawn__isnull=True
    )
    own = Individual.objects.select_for_update(no_key=True).filter(pk__in=known.values("pk")).order_by("pk")
    before = {a.pk: a.snapshot() for a in own}
    books = Stock.objects.select_for_update(no_key=True).filter(pk__in={e.book_id for e in lines.values()})
    list(books.order_by("pk"))
    giving = [row for row in rows if lines[row.lines[0]].movement in animals.CAME]
    fresh = _give_all(
        actor, [(lines[row.lines[0]], kind, text) for row in giving for kind, text in row.marks]
    )
    here = {mark_key(a.mark): a for a in [*Individual.objects.filter(pk__in=before), *fresh]}
    with outbox.changing(Individual, list(before)):
        for row in sorted(
            rows, key=lambda r: (lines[r.lines[0]].day, lines[r.lines[0]].amount < 0, r.position)
        ):
            written = [lines[key] for key in row.lines]
            some = [here.get(mark_key(text)) for _kind, text in row.marks]
            for animal, (_kind, text) in zip(some, row.marks, strict=True):
                if written[0].movement not in animals.CAME:
                    _follow(animal, written, text)
            animals.bind(written, [a for a in some if a is not None])
    told = [{"object_id": a.pk, "old": before.get(a.pk), "new": a.snapshot()} for a in here.values()]
    audit.write_many(actor, "facilities.entry.import", "facilities.individual", told, _("nhập từ tệp"))


def _give_all(actor: Actor, asked: Sequence[tuple[Entry, str, str]]) -> list[Individual]:
    """New animals of the lines with their marks, in the order of marks so that two files never wait for each other."""
    made = [
        (Individual(stock_id=e.book_id, organisation=e.organisation, area_path=e.area_path, kind=e.kind,
                    mark_kind=kind or Individual.MarkKind.OTHER, mark=text), e.day)
        for e, kind, text in sorted(asked, key=lambda one: mark_key(one[2]))
    ]  # fmt: skip
    marks = [
        Mark(individual=a, key=mark_key(a.mark), mark_kind=a.mark_kind, mark=a.mark, since=day,
             organisation=a.organisation, area_path=a.area_path)
        for a, day in made
    ]  # fmt: skip
    for mark in marks:
        if told := taken(actor, mark.mark):
            raise NotNow(told)
    fresh = [a for a, _day in made]
    try:
        with outbox.changing(Individual, [a.pk for a in fresh]), outbox.changing(Mark, [m.pk for m in marks]):
            Individual.objects.bulk_create(fresh)
            with transaction.atomic():
                Mark.objects.bulk_create(marks)
    except IntegrityError as error:
        raise NotNow(
            _("Số dấu %(mark)s vừa được dùng.") % {"mark": "; ".join(m.mark for m in marks)}
        ) from error
    return fresh


def _follow(animal: Individual | None, lines: Sequence[Entry], text: str) -> None:
    """The animal leaves the book by the line, or passes into the other class."""
    first = lines[0]
    here = animal is not None and animal.status == Individual.Status.HERE and animal.stock_id == first.book_id
    if animal is None or not here or animal.kind != first.kind:
        raise NotNow(_("Cá thể mang số dấu %(mark)s vừa đổi.") % {"mark": text})
    if first.movement == M.GREW:
        animal.kind = lines[1].kind
    else:
        animal.status, animal.ended_on = Individual.Status.ENDED, first.day
        animal.ended_how = first.movement
        _close_mark(animal, first.day)
    animal.revision += 1
    animal.save()
