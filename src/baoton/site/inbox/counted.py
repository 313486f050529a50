"""The number beside the word in the header, worked out once and told again until anything of it changes.

It changes with whatever changes what is shown (`remembering.standing`) and with what is the reader's own: what he read,
muted, watches, and where he was named.
"""

from collections import OrderedDict
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Max

from baoton.notices.models import Mute, News, Read, Watch
from baoton.notices.rules import sections, told_of
from baoton.people.models import Person
from baoton.remarks.models import Mention
from baoton.site.remembering import standing

MOST = 5_000
_COUNTS: OrderedDict[Any, tuple[Any, tuple[int, bool]]] = OrderedDict()


def unread(person: Person, today: date) -> tuple[int, bool]:
    """How many notices wait that are neither read nor muted, and whether there are more than that."""
    if not settings.REMEMBER_ANSWERS:
        return told_of(sections(person, today))
    state = (*standing(), today, *_own(person))
    found = _COUNTS.get(person.pk)
    if found is not None and found[0] == state:
        return found[1]
    told = sections(person, today)
    if any(s.broken for s in told):
        return told_of(told)
    _COUNTS[person.pk] = (state, told_of(told))
    _COUNTS.move_to_end(person.pk)
    while len(_COUNTS) > MOST:
        _COUNTS.popitem(last=False)
    return told_of(told)


def _own(person: Person) -> tuple[Any, ...]:
    """What is this reader's own and stands in no log."""
    return (
        person.organisation_id,
        Read.objects.filter(person=person).count(),
        tuple(Mute.objects.filter(person=person).order_by("rule").values_list("rule", "until")),
        tuple(Watch.objects.filter(person=person).order_by("pk").values_list("pk", flat=True)),
        Mention.objects.filter(person=person, read__isnull=True).count(),
        News.objects.aggregate(last=Max("pk"))["last"],
    )
