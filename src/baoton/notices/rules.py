"""The kinds of notices: what each tells a reader now, each worked out on its own."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from baoton.kit.access import Actor
from baoton.notices.models import Mute, Read
from baoton.people.models import Person

log = logging.getLogger(__name__)
SHOWN = 60
"""So many of a kind are shown; a kind gathers one more, so that it can be told that there are more."""


@dataclass(frozen=True)
class Item:
    """One notice as its reader may know it now.

    `plain` are the words that may leave the system in a letter. `about` is what the rule itself needs to mark it.
    """

    key: str
    words: str
    plain: str
    address: str
    on: date | None = None
    late: bool = False
    about: Any = None
    read: datetime | None = None
    """When its reader read it."""
    seen_by: tuple[tuple[str, datetime], ...] = ()
    """Who else of his body read it, and when, where the kind is told to the body."""


Gather = Callable[[Actor, date], Sequence[Item]]


@dataclass(frozen=True)
class Rule:
    """One kind of notice; `read` is told when its reader has read one, where something else keeps that too.

    A `shared` one is told to a body: each of its people sees who of them has read it.
    """

    name: str
    label: str | Promise
    help: str | Promise
    gather: Gather
    read: Callable[[Person, Item], None] | None = None
    shared: bool = False


RULES: dict[str, Rule] = {}


def rule(one: Rule) -> Rule:
    """The kind is told to every reader from now on."""
    RULES[one.name] = one
    return one


@dataclass
class Section:
    """The notices of one kind for one reader; `broken` where they could not be worked out."""

    rule: Rule
    fresh: list[Item] = field(default_factory=list)
    old: list[Item] = field(default_factory=list)
    more: bool = False
    """Whether there are further ones than the `SHOWN` first."""
    muted: date | None = None
    broken: str = ""


def sections(person: Person, today: date) -> list[Section]:
    """Every kind for this reader, asked through his own doors now; one that fails says so and stops no other."""
    mutes = dict(Mute.objects.filter(person=person, until__gte=today).values_list("rule", "until"))
    read = dict(Read.objects.filter(person=person).values_list("key", "at"))
    told = []
    for one in RULES.values():
        section = Section(one, muted=mutes.get(one.name))
        try:
            with transaction.atomic():
                items = list(one.gather(person, today))
        except Exception:  # one broken kind stops no other; the log has it with its traceback
            log.exception("notices of kind %s", one.name)
            section.broken = _("Mục này đang hỏng, chưa đọc được; lỗi đã ghi vào nhật ký hệ thống.")
        else:
            section.more = len(items) > SHOWN
            shown = _with_readers(person, items[:SHOWN]) if one.shared else items[:SHOWN]
            section.fresh = [i for i in shown if i.key not in read]
            section.old = [replace(i, read=read[i.key]) for i in shown if i.key in read]
        told.append(section)
    return told


def _with_readers(person: Person, items: Sequence[Item]) -> list[Item]:
    """The notices, each with the colleagues of the reader's own body who have read it, the first of them first."""
    if not items or person.organisation_id is None:
        return list(items)
    rows = Read.objects.filter(key__in=[i.key for i in items], person__organisation=person.organisation_id)
    seen: dict[str, list[tuple[str, datetime]]] = {}
    for row in rows.exclude(person=person).select_related("person").order_by("at", "pk"):
        seen.setdefault(row.key, []).append((str(row.person), row.at))
    return [replace(i, seen_by=tuple(seen.get(i.key, ()))) for i in items]


def told_of(told: Sequence[Section]) -> tuple[int, bool]:
    """How many of these notices are neither read nor muted, and whether there are more than that."""
    heard = [s for s in told if s.muted is None]
    return sum(len(s.fresh) for s in heard), any(s.more for s in heard)
