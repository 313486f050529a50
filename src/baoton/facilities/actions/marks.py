"""Marked animals: a mark is given once in the province, and an animal stands in one book at a time."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from baoton.facilities.actions.books import enter, post, receiver_of, shut
from baoton.facilities.models import Entry, Individual, Mark, Stock
from baoton.facilities.queries import labels, mark_key
from baoton.kit.access import Actor
from baoton.kit.kinds.words import as_text
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import ledger, outbox
from baoton.kit.writing.refusal import NotNow

M = Entry.Movement


def mark(actor: Actor, stock: Stock, said: Mapping[str, Any]) -> None:
    """One animal of the book bears a mark from a day on; the class must hold one that bears none yet."""
    parents = {side: _parent(actor, side, str(said.get(side) or "")) for side in ("father", "mother")}
    animal = Individual(
        stock=stock, organisation=stock.organisation, area_path=stock.area_path, kind=said["kind"],
        mark_kind=said["mark_kind"], mark=said["mark"].strip(), born=said.get("born"), **parents,
    )  # fmt: skip
    if animal.born and animal.born > said["day"]:
        raise ValidationError({"born": _("Ngày sinh sau ngày đánh dấu.")})
    here = Individual.objects.filter(
        stock=stock, kind=said["kind"], status=Individual.Status.HERE, withdrawn__isnull=True
    ).count()
    held = ledger.balances(Entry, stock.pk).get(said["kind"], 0)
    if here >= held:
        told = _(
            "Lớp “%(kind)s” có %(held)s trong sổ và %(here)s đã có dấu; ghi thêm vào sổ trước khi đánh dấu."
        )
        kind = labels().get(said["kind"], said["kind"])
        raise NotNow(told % {"kind": kind, "held": as_text(held), "here": as_text(here)})
    with outbox.changing(Individual, [animal.pk]):
        animal.save(force_insert=True)
    _give(actor, animal, said["mark_kind"], animal.mark, said["day"])


def _parent(actor: Actor, side: str, written: str) -> Individual | None:
    if not written.strip():
        return None
    found = Mark.objects.filter(key=mark_key(written)).select_related("individual").first()
    if found is None or not _sees(actor, found.individual):
        told = _("Không có cá thể mang số dấu “%(mark)s” mà bạn được xem.")
        raise ValidationError({side: told % {"mark": written}})
    return found.individual


def _sees(actor: Actor, animal: Individual) -> bool:
    """Whether the actor may see the animal; of others it is told neither where they stand nor that they do."""
    return REGISTERS["facilities.individual"].door(actor).rows().filter(pk=animal.pk).exists()


def _give(actor: Actor, animal: Individual, kind: str, written: str, day: date, why: str = "") -> None:
    """The mark is the animal's; one that was ever given is refused, and shown whose it is to whoever may see it."""
    key = mark_key(written)
    if not key:
        raise ValidationError({"mark": _("Ghi số dấu.")})
    other = Mark.objects.filter(key=key).select_related("individual__stock__facility").first()
    if other is not None and not _sees(actor, other.individual):
        raise NotNow(_("Số dấu %(mark)s không dùng được: mỗi số chỉ dùng một lần.") % {"mark": written})
    if other is not None:
        told = _("Số dấu %(mark)s đã dùng cho cá thể của %(where)s từ %(since)s; mỗi số chỉ dùng một lần.")
        where = other.individual.stock.facility.code or _("một cơ sở khác")
        raise NotNow(told % {"mark": written, "where": where, "since": as_text(other.since)})
    made = Mark(
        individual=animal, key=key, mark_kind=kind, mark=written, since=day, why=why,
        organisation=animal.organisation, area_path=animal.area_path,
    )  # fmt: skip
    try:
        with outbox.changing(Mark, [made.pk]), transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise NotNow(_("Số dấu %(mark)s vừa được dùng.") % {"mark": written}) from error


def remark(actor: Actor, animal: Individual, said: Mapping[str, Any]) -> None:
    """A new mark in place of the old, which stays known as the animal's."""
    written = said["mark"].strip()
    Mark.objects.filter(individual=animal, until__isnull=True).update(until=said["day"], why=said["reason"])
    _give(actor, animal, said["mark_kind"], written, said["day"], said["reason"])
    animal.mark, animal.mark_kind = written, said["mark_kind"]


def move(actor: Actor, animal: Individual, said: Mapping[str, Any]) -> None:
    """The animal leaves one book and enters the other in one step: it is never in two places, nor in none."""
    here, other = animal.stock, receiver_of(animal.stock, said["code"])
    if why := shut(here):
        raise NotNow(why)
    animal.stock, animal.organisation, animal.area_path = other, other.organisation, other.area_path
    Individual.objects.filter(pk=animal.pk).update(
        stock=other
    )  # the book it leaves must not count it any more
    common = {"day": said["day"], "kind": animal.kind, "paper": said["paper"], "note": str(animal)}
    for book in (here, other):
        if said["day"] < book.since:
            told = _("Sổ mở ngày %(since)s; dòng sổ không thể có ngày trước đó.")
            raise ValidationError({"day": told % {"since": as_text(book.since)}})
    post(
        [
            Entry(book=here, amount=-1, movement=M.LEFT, partner=f"{other.facility}",
                  organisation=here.organisation, area_path=here.area_path, **common),
            Entry(book=other, amount=1, movement=M.ARRIVED, partner=f"{here.facility}",
                  organisation=other.organisation, area_path=other.area_path, **common),
        ]
    )  # fmt: skip


def end(actor: Actor, animal: Individual, said: Mapping[str, Any]) -> None:
    """The animal leaves the book by its own line; its marks are never given again."""
    if why := shut(animal.stock):
        raise NotNow(why)
    Individual.objects.filter(pk=animal.pk).update(status=Individual.Status.ENDED)
    Mark.objects.filter(individual=animal, until__isnull=True).update(until=said["ended_on"])
    enter(
        animal.stock, said["ended_how"], said["ended_on"], {animal.kind: -1}, note=str(animal),
        partner=str(said.get("partner") or ""), paper=str(said.get("paper") or ""),
    )  # fmt: skip
