"""Marks: each for one animal alone, and seen again from time to time."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from baoton.facilities.models import Counted, Entry, Individual, Inspection, Mark
from baoton.facilities.queries import mark_key
from baoton.facilities.rules.found import Book, Found, M, Told, keys, parameter
from baoton.kit.kinds.words import as_text

LIKE = ({"O", "0"}, {"I", "L", "1"})
LONG, SHOWN, AT_ONCE = 6, 10, 500
"""A shorter number in a note may be any number; so many marks are written out in one signal."""


def unread(book: Book) -> Told:
    """Marked animals said to be here that no count, visit or line has met for longer than the parameter's time."""
    here = list(
        Individual.objects.filter(
            stock=book.stock, status=Individual.Status.HERE, withdrawn__isnull=True
        ).order_by("mark", "pk")
    )
    if not here:
        return
    seen = _seen(book, here)
    unseen = [one for one in here if (book.on - seen[one.pk]).days > parameter("marks_unseen_days")]
    if unseen:
        words = _(
            "%(n)s cá thể có dấu không được đọc dấu, đếm hay ghi vào dòng sổ nào từ %(day)s: %(marks)s."
        )
        marks = ", ".join(one.mark for one in unseen[:SHOWN])
        if len(unseen) > SHOWN:
            marks += " " + _("và %(n)s con nữa") % {"n": as_text(len(unseen) - SHOWN)}
        said = {
            "n": as_text(len(unseen)),
            "day": as_text(max(seen[one.pk] for one in unseen)),
            "marks": marks,
        }
        yield Found("marks_unread", "", words % said)


def _seen(book: Book, here: Sequence[Individual]) -> dict[Any, date]:
    """The last day on which each animal was met; at least that of its mark or of the book's opening."""
    seen = {one.pk: max(filter(None, (one.seen_on, book.stock.since))) for one in here}

    def met(pk: Any, day: date | None) -> None:
        if day is not None and pk in seen and seen[pk] < day <= book.on:
            seen[pk] = day

    by_key: dict[str, Any] = {}
    for m in Mark.objects.filter(individual__in=seen, withdrawn__isnull=True):
        met(m.individual_id, m.since)
        by_key[m.key] = m.individual_id
    for side in ("father", "mother"):
        young = Individual.objects.filter(**{f"{side}__in": seen}, withdrawn__isnull=True)
        for parent, born in young.values_list(side, "born"):
            met(parent, born)
    own = _animals(book)
    for e in book.lines:
        for pk in own.get(e.pk, ()):
            met(pk, e.day)
        for key in _marks_in(f"{e.note} {e.partner} {e.paper}"):
            met(by_key.get(key), e.day)
    kinds: dict[str, list[Any]] = defaultdict(list)
    for one in here:
        kinds[one.kind].append(one.pk)
    finished = {"status": Inspection.Status.FINISHED, "withdrawn__isnull": True}
    for c in Counted.objects.filter(
        stock=book.stock, counted__isnull=False, **{f"inspection__{k}": v for k, v in finished.items()}
    ).select_related("inspection"):
        if (c.counted or 0) >= len(kinds[c.kind]):  # then every marked one was among them
            for pk in kinds[c.kind]:
                met(pk, c.inspection.day)
    for visit in Inspection.objects.filter(facility=book.stock.facility_id, **finished):
        for key in _marks_in(f"{visit.checklist} {visit.summary} {visit.points}"):
            met(by_key.get(key), visit.day)
    return seen


def _animals(book: Book) -> dict[Any, list[Any]]:
    """The marked animals that each line of the book is about."""
    rows = Entry.animals.through.objects.filter(entry__book=book.stock).values_list(
        "entry_id", "individual_id"
    )
    found: dict[Any, list[Any]] = defaultdict(list)
    for line, animal in rows:
        found[line].append(animal)
    return found


def _marks_in(text: str) -> set[str]:
    """Every word of a text as a mark is compared."""
    return {key for word in re.split(r"[\s,;:·()\[\]'\"{}]+", text) if (key := mark_key(word))}


def reused(book: Book) -> Told:
    """A mark read or written after its animal ended, and two marks that differ only by letters like digits."""
    ended = Individual.objects.filter(
        stock=book.stock, status=Individual.Status.ENDED, withdrawn__isnull=True
    )
    for one in ended.filter(seen_on__isnull=False, ended_on__isnull=False).order_by("mark", "pk"):
        if one.seen_on and one.ended_on and one.seen_on > one.ended_on:
            words = _("%(one)s đã ra khỏi sổ ngày %(end)s mà ngày %(day)s còn đọc thấy dấu.")
            said = {"one": str(one), "end": as_text(one.ended_on), "day": as_text(one.seen_on)}
            own = _animals(book)
            which = [e for e in book.lines if one.pk in own.get(e.pk, ())]
            yield Found("mark_reused", str(one.pk), words % said, keys(which))
    yield from _written_after(book)
    yield from _alike(book)


def _written_after(book: Book) -> Told:
    """Lines that name a mark whose animal had left, here or elsewhere."""
    named: dict[str, list[Entry]] = defaultdict(list)
    for e in book.lines:
        if e.note and e.movement != M.BORN:
            for key in _marks_in(e.note):
                if len(key) >= LONG and any(c.isdigit() for c in key):
                    named[key].append(e)
    for m in _of(named, individual__status=Individual.Status.ENDED):
        one = m.individual
        late = [e for e in named[m.key] if one.ended_on is not None and e.day > one.ended_on]
        if late:
            words = _(
                "Dòng ngày %(day)s ghi số dấu %(mark)s, mà con mang dấu này đã ra khỏi sổ ngày %(end)s."
            )
            said = {"day": as_text(late[0].day), "mark": m.mark, "end": as_text(one.ended_on)}
            yield Found("mark_reused", f"{m.pk}", words % said, keys(late))


def _alike(book: Book) -> Told:
    mine = {m.key: m for m in Mark.objects.filter(individual__stock=book.stock, withdrawn__isnull=True)}
    asked = {other: key for key in mine for other in _variants(key)}
    for m in _of(asked):
        own = mine[asked[m.key]]
        if m.individual_id == own.individual_id or (m.key in mine and m.key < own.key):
            continue
        words = _(
            "Số dấu %(a)s và %(b)s chỉ khác chữ O với số 0, chữ I, L với số 1: có thể là một dấu dùng hai lần."
        )
        yield Found("mark_reused", f"{own.pk} {m.pk}"[:70], words % {"a": own.mark, "b": m.mark})


def _variants(key: str) -> set[str]:
    """The key with one letter taken for the digit it looks like, or all of them."""
    found = set()
    for alike in LIKE:
        for to in alike:
            found |= {key[:i] + to + key[i + 1 :] for i, c in enumerate(key) if c in alike}
            found.add("".join(to if c in alike else c for c in key))
    return found - {key}


def _of(wanted: Iterable[str], **more: Any) -> list[Mark]:
    """The marks of these keys, wherever in the province."""
    every = sorted(wanted)
    found: list[Mark] = []
    for i in range(0, len(every), AT_ONCE):
        rows = Mark.objects.filter(key__in=every[i : i + AT_ONCE], withdrawn__isnull=True, **more)
        found += rows.select_related("individual").order_by("key")
    return found


RULES_HERE = (unread, reused)
