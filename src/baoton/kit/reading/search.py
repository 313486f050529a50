"""Search over all books: each record is found by what anybody may be shown of it, and only through the door.

The index keeps the words of a record's printed name (in both languages) and of the columns of its list, read with
the eyes of somebody who may know no true place: what a guarded record hides cannot be asked for. It follows the
outbox; a book is built anew in parts, so that nobody waits for it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _
from django.utils.translation import override

from baoton.kit import jobs
from baoton.kit.access import Actor, Anybody
from baoton.kit.kinds import Text
from baoton.kit.models import SearchRow, SearchTodo
from baoton.kit.place import Disclosure, Located
from baoton.kit.reading.asking import readable
from baoton.kit.reading.door import Door, mask
from baoton.kit.reading.filters import LONGEST_SEARCH, MOST_WORDS, BadFilter
from baoton.kit.reading.register import REGISTERS, Register, all_registers
from baoton.kit.reading.search_words import Tier, tiers, words, written
from baoton.kit.writing.outbox import Share, alone

PART = 2_000
CANDIDATES = 1_000
NAME = "search"
LANGUAGES = ("vi", "en")


@dataclass(frozen=True)
class Found:
    """What was found in one book, best first; `more` says whether the book holds others that answer too.

    `many` says that so many rows answer alike that only the first of them were put in order.
    """

    book: Register
    records: Sequence[Any]
    rank: int
    more: bool
    many: bool = False


def find(actor: Actor, text: str, most: int = 10) -> list[Found]:
    """The readable records that answer, by book, the book with the best answer first; at most so many a book."""
    asked = questions(text)
    told = [_in_book(book, actor, asked, most) for book in all_registers() if readable(book, actor)]
    return sorted((f for f in told if f.records), key=lambda f: f.rank)


def questions(text: str) -> list[Tier]:
    """What a search asks of the index; `BadFilter` where it is too long."""
    if len(text) > LONGEST_SEARCH or len(words(text)) > MOST_WORDS:
        raise BadFilter(_("Tìm nhiều nhất %(n)d từ; rút ngắn rồi tìm lại.") % {"n": MOST_WORDS})
    return tiers(text)


def _in_book(book: Register, actor: Actor, asked: Sequence[Tier], most: int) -> Found:
    door = book.door(actor)
    keys: list[Any] = []
    best, many = len(asked), False
    for rank, tier in enumerate(asked):
        answers = _readable(tier, book, door)
        many = many or len(answers) > CANDIDATES
        fresh = [record for _size, _pk, record in sorted(answers) if record not in keys]
        if fresh:
            keys, best = [*keys, *fresh[: most + 1]], min(best, rank)
        if len(keys) > most:
            break
    records = {r.pk: r for r in book.opened(door).filter(pk__in=keys[:most])}
    told = [records[k] for k in keys[:most] if k in records]
    return Found(book, told, best, len(keys) > most, many)


def _readable(tier: Tier, book: Register, door: Door) -> list[tuple[int, int, Any]]:
    """Size, key and record of the index rows that answer and may be read: all, or one more than can be put in order.

    The index is read by slices, so that a word of a million rows costs no more than one of a thousand.
    """
    found: list[tuple[int, int, Any]] = []
    key = "id" if connection.vendor == "postgresql" else "rowid"
    after, slice_ = 0, CANDIDATES
    while len(found) <= CANDIDATES:
        answers, given = _answers(tier, book.name)
        with connection.cursor() as cursor:
            part = f"{answers} AND {key} > %s ORDER BY {key} LIMIT %s"
            cursor.execute(f"SELECT count(*), max(key) FROM ({part}) part", [*given, after, slice_])
            n, last = cursor.fetchone()
        if not n:
            break
        within = RawSQL(f"{answers} AND {key} > %s AND {key} <= %s", (*given, after, last))
        rows = SearchRow.objects.filter(Exists(door.rows().filter(pk=OuterRef("record"))), pk__in=within)
        found += rows.order_by("pk").values_list("size", "pk", "record")[: CANDIDATES + 1 - len(found)]
        if n < slice_:
            break
        after, slice_ = last, slice_ * 4
    return found


def _answers(tier: Tier, register: str) -> tuple[str, list[Any]]:
    """The question for the keys of the index rows that answer, as each database asks its own index."""
    if connection.vendor == "postgresql":
        at = f"to_tsvector('simple', {tier.column})"
        sql = f"SELECT id AS key FROM kit_searchrow WHERE {at} @@ to_tsquery('simple', %s)"
        return sql, [tier.tsquery(register)]
    return "SELECT rowid AS key FROM kit_search_fts WHERE kit_search_fts MATCH %s", [tier.fts5(register)]


# — what a record is found by —


def texts(book: Register, record: Any) -> list[str]:
    """The printed name in each language, the words its list shows, and what its list is searched by."""
    told = []
    for language in LANGUAGES:
        with override(language):
            told.append(str(record))
    told += [kind.text(record) or "" for kind in book.shown if isinstance(kind, Text)]
    if not book.located:
        told.append(getattr(record, "search_text", ""))
    return told


def entries(book: Register, keys: Sequence[Any]) -> dict[Any, tuple[str, str, int]]:
    """What the index should hold of the standing records among these keys."""
    told = {}
    for record in book.opened(book.door(Anybody())).filter(pk__in=list(keys)):
        for related in record._state.fields_cache.values():
            if isinstance(related, Located) and related.disclosure != Disclosure.AS_IS and not related.masked:
                mask(related)
        told[record.pk] = written(book.name, texts(book, record))
    return told


def index(register: str, keys: Sequence[Any]) -> int:
    """The index says of these records what they say now, and nothing of those that no longer stand; how many do."""
    book, stood = REGISTERS[register], 0
    for start in range(0, len(keys), PART):
        part = list(keys[start : start + PART])
        told = entries(book, part)
        with transaction.atomic():
            SearchRow.objects.filter(register=register, record__in=part).delete()
            SearchRow.objects.bulk_create(
                SearchRow(register=register, record=pk, toned=toned, plain=plain, size=size)
                for pk, (toned, plain, size) in told.items()
            )
        stood += len(told)
    return stood


def rebuild(register: str = "") -> int:
    """One book's index, or all of them, built anew here and now; how many records can be found."""
    for name in [register] if register else list(REGISTERS):
        SearchTodo.objects.update_or_create(register=name, defaults={"after": None})
    go_on()
    rows = SearchRow.objects.filter(register=register) if register else SearchRow.objects.all()
    return rows.count()


@jobs.chore
def go_on() -> None:
    """Every book that waits to be built anew is, part by part."""
    while (todo := SearchTodo.objects.order_by("register").first()) is not None:
        _next_part(todo.register)


@jobs.at_start
def begin() -> None:
    """A book that holds rows and was never indexed waits to be; what was loaded before the worker ran is so found."""
    for book in all_registers():
        if SearchRow.objects.filter(register=book.name).exists():
            continue
        if book.model._default_manager.filter(withdrawn__isnull=True).exists():
            SearchTodo.objects.get_or_create(register=book.name)


def _next_part(register: str) -> None:
    """The next part of a book; whoever takes from the outbox waits meanwhile, so that no older words come last."""
    with transaction.atomic():
        alone(NAME)
        todo = SearchTodo.objects.filter(pk=register).first()
        book = REGISTERS.get(register)
        if todo is None or book is None:
            SearchTodo.objects.filter(pk=register).delete()
            return
        indexed = SearchRow.objects.filter(register=register)
        rows = book.model._default_manager.order_by("pk")
        if todo.after is not None:
            rows, indexed = rows.filter(pk__gt=todo.after), indexed.filter(record__gt=todo.after)
        keys = list(rows.values_list("pk", flat=True)[:PART])
        whole = len(keys) < PART
        if not whole:
            indexed = indexed.filter(record__lte=keys[-1])
        indexed.delete()
        index(register, keys)
        if whole:
            todo.delete()
        else:
            SearchTodo.objects.filter(pk=register).update(after=keys[-1])


TURNS = count()


class SearchReader:
    """Keeps the index as rows change: every look tells another turn, so that each touched row is read again later."""

    name = NAME
    soon = False

    def follows(self, book: Register) -> bool:
        return True

    def look(self, book: Register, keys: Sequence[Any]) -> Share:
        turn = next(TURNS)
        return Counter({(str(pk), turn): 1 for pk in keys})

    def take(self, book: Register, share: Share) -> None:
        index(book.name, sorted({key[0] for key in share}))

    def rebuild(self, book: Register) -> None:
        SearchTodo.objects.update_or_create(register=book.name, defaults={"after": None})
        if settings.JOBS_INLINE:
            transaction.on_commit(go_on)
