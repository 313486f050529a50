"""Days that follow from an animal: to take it in, to seek its owner, to end its quarantine; each a clock at home."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop

import rulebook
from baoton.kit.models import Clock
from baoton.kit.writing import clock
from baoton.kit.writing.outbox import followed_by
from baoton.rescue.models import HERE, Animal
from rulebook.errors import RulebookError
from rulebook.workdays import working_days_between

RECEIVE, NOTICE = gettext_noop("tiếp nhận con vật"), gettext_noop("thời hạn tìm chủ")
QUARANTINE = gettext_noop("thời gian cách ly")
BY_COMMUNE = {Animal.Source.STRAY, Animal.Source.TIP}
Row = Mapping[str, Any]


def none_yet(record: Any, on: date) -> int | None:
    """The clock of the record follows its own day; the verb itself starts none."""
    return None


def term(name: str, on: date) -> int | None:
    """Working days of a term of the rulebook on a day; None where it has none, so that no clock runs."""
    try:
        return int(rulebook.param_value(name, on=on).value)
    except RulebookError:
        return None


def follow_animal(one: Animal) -> None:
    """The clocks of an animal stand as its row does."""
    live = one.withdrawn is None
    strays = one.source in BY_COMMUNE
    told = live and one.status == Animal.Status.TOLD and strays
    _keep(one, RECEIVE, one.told_on if told else None, "rescue.commune_receives_days", one.received_on)
    seeking = live and one.status == Animal.Status.RECEIVED and strays
    _keep(one, NOTICE, one.noticed_on if seeking else None, "rescue.owner_notice_days", one.ended)
    held = live and one.status in HERE and one.quarantine_ended is None
    _until(one, one.quarantine_until if held else None)


def _keep(one: Animal, name: str, began: date | None, param: str, ended: date | None) -> None:
    """The clock runs from the day it began, by the rulebook of that day; without one it stops."""
    running = clock.opened(one.pk, name)
    if running is not None and running.began != began:
        clock.stop(one, name, max(running.since, ended or timezone.localdate()))
        running = None
    days = None if began is None or running is not None else term(param, began)
    if days is not None and began is not None:
        clock.start(one._meta.label_lower, one, name, days, began)


def _until(one: Animal, due: date | None) -> None:
    """Quarantine falls due on its very day."""
    running = clock.opened(one.pk, QUARANTINE)
    if running is not None and running.due == due:
        return
    if running is not None:
        clock.stop(one, QUARANTINE, max(running.since, one.quarantine_ended or timezone.localdate()))
    if due is None:
        return
    since = min(one.received_on or due, due)
    try:
        days = working_days_between(since, due)
    except RulebookError:
        return
    made = clock.start(one._meta.label_lower, one, QUARANTINE, days, since)
    Clock.objects.filter(pk=made.pk).update(due=due)


@followed_by
def follow(label: str, before: Sequence[Row], after: Sequence[Row]) -> None:
    """The clocks stand as the rows do, in the same transaction."""
    if label == Animal._meta.label_lower:
        for one in Animal.objects.filter(pk__in=[row["id"] for row in after]):
            follow_animal(one)
