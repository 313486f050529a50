"""The kinds of notices: what each tells a reader now, each worked out on its own."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
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


Gather = Callable[[Actor, date], Sequence[Item]]


@dataclass(frozen=True)
class Rule:
    """One kind of notice; `read` is told when its reader has read one, where something else keeps that too."""

    name: str
    label: str | Promise
    help: str | Promise
    gather: Gather
    read: Callable[[Person, Item], None] | None = None


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
    read = set(Read.objects.filter(person=person).values_list("key", flat=True))
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
            section.fresh = [i for i in items[:SHOWN] if i.key not in read]
            section.old = [i for i in items[:SHOWN] if i.key in read]
        told.append(section)
    return told


def unread(person: Person, today: date) -> tuple[int, bool]:
    """How many notices wait that are neither read nor muted, and whether there are more than that."""
    told = [s for s in sections(person, today) if s.muted is None]
    return sum(len(s.fresh) for s in told), any(s.more for s in told)
