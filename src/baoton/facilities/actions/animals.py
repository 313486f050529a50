"""The marked animals that a line of a book is about: where they stand after it, and again when it is taken back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from baoton.facilities.models import Entry, Individual, Mark, Stock
from baoton.facilities.queries import labels, mark_key
from baoton.kit.access import Actor
from baoton.kit.kinds.words import as_text
from baoton.kit.writing import audit, outbox
from baoton.kit.writing.refusal import NotNow

M = Entry.Movement
CAME = frozenset({M.OPENING, M.BORN, M.BOUGHT, M.TAKEN})
MARKS = "dấu"
HERE, ENDED = Individual.Status.HERE, Individual.Status.ENDED


def told(animals: Iterable[Individual]) -> str:
    """The animals of a line as its note names them: a file that says so again means the same animals."""
    with override("vi"):  # kept words: in the language of the office, whoever writes
        return f"{MARKS}: " + "; ".join(map(str, animals))


def standing(book: Stock) -> Any:
    """The marked animals that stand in a book."""
    return Individual.objects.filter(stock=book, status=HERE, withdrawn__isnull=True)


def refuse_lost(book: Stock, held: Mapping[str, int]) -> None:
    """A marked animal leaves by its own line: what is left in a class covers those that stand marked in it."""
    for kind, n in standing(book).order_by().values_list("kind").annotate(n=Count("pk")):
        if n > held.get(kind, 0):
            words = _(
                "Lớp “%(kind)s” còn %(n)s cá thể có dấu đang ở cơ sở; ghi cá thể nào rời sổ ở trang của nó."
            )
            raise NotNow(words % {"kind": labels().get(kind, kind), "n": as_text(n)})


def refuse_early(animal: Individual, day: date, name: str = "day") -> None:
    """Nothing befalls a marked animal in the future, before it bore its mark, or before the last line about it."""
    if day > timezone.localdate():
        raise ValidationError({name: _("Ngày %(day)s chưa tới.") % {"day": as_text(day)}})
    marked = Mark.objects.filter(individual=animal, until__isnull=True, withdrawn__isnull=True)
    since = marked.aggregate(day=Max("since"))["day"]
    if since and day < since:
        words = _("%(animal)s mang dấu từ %(since)s; không ghi việc gì của nó trước ngày đó.")
        raise ValidationError({name: words % {"animal": animal, "since": as_text(since)}})
    last = _ties([animal.pk]).aggregate(day=Max("entry__day"))["day"]
    if last and day < last:
        words = _("Dòng sổ cuối của %(animal)s là ngày %(last)s; không ghi việc gì của nó trước ngày đó.")
        raise ValidationError({name: words % {"animal": animal, "last": as_text(last)}})


def _ties(animals: Sequence[Any]) -> Any:
    """What binds the lines that stand to these animals; the keys follow the order in which they were written."""
    rows = Entry.animals.through.objects.filter(individual__in=animals, entry__withdrawn__isnull=True)
    return rows.filter(entry__reverses__isnull=True, entry__reversed_by__isnull=True)


def bind(lines: Iterable[Entry], animals: Iterable[Individual]) -> None:
    """The lines are about these animals."""
    through = Entry.animals.through
    some = list(animals)
    through.objects.bulk_create([through(entry_id=e.pk, individual_id=a.pk) for e in lines for a in some])


def take_back(actor: Actor, lines: "QuerySet[Entry]", verb: str, note: str = "") -> None:
    """The lines are about to be reversed or withdrawn: each animal they are about stands where it stood before them.

    One of which a later line tells something else is not moved: `NotNow` says which line goes first.
    """
    mine = list(Entry.animals.through.objects.filter(entry__in=lines).order_by("-pk").select_related("entry"))
    rows = Individual.objects.select_for_update(no_key=True)
    animals = {a.pk: a for a in rows.filter(pk__in={t.individual_id for t in mine}).order_by("pk")}
    first = {t.individual_id: t.pk for t in mine}
    for later in _ties(list(animals)).exclude(entry__in=lines).select_related("entry"):
        if later.pk > first[later.individual_id]:
            words = _("Sau dòng này %(animal)s còn dòng ngày %(day)s; đảo dòng đó trước.")
            day = as_text(later.entry.day)
            raise NotNow(words % {"animal": animals[later.individual_id], "day": day})
    marks = list(Mark.objects.filter(individual__in=list(animals)).values_list("pk", flat=True))
    with outbox.changing(Individual, list(animals)), outbox.changing(Mark, marks):
        before = {pk: a.snapshot() for pk, a in animals.items()}
        for tie in mine:
            _back(tie.entry, animals[tie.individual_id])
        for pk, animal in animals.items():
            animal.revision += 1
            animal.save()
            audit.write(actor, verb, register="facilities.individual", object_id=pk, object_name=str(animal),
                        old=before[pk], new=animal.snapshot(), note=note)  # fmt: skip


def _back(line: Entry, animal: Individual) -> None:
    """The animal stands as it stood before the line."""
    marks = Mark.objects.filter(individual=animal, withdrawn__isnull=True)
    if line.movement in CAME:
        young = Individual.objects.filter(Q(father=animal) | Q(mother=animal), withdrawn__isnull=True)
        if young.exists():
            raise NotNow(_("%(animal)s là bố hoặc mẹ của cá thể khác có dấu.") % {"animal": animal})
        animal.withdrawn = timezone.now()
        marks.update(withdrawn=animal.withdrawn)
    elif line.movement == M.GREW:
        animal.kind = line.kind if line.amount < 0 else animal.kind
    elif animal.status == ENDED:
        animal.status, animal.ended_on, animal.ended_how = HERE, None, ""
        marks.filter(key=mark_key(animal.mark)).update(until=None)
