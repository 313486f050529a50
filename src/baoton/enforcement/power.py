"""Whether the goods of a case that its body holds are worth more than the office that seized them may take.

What is over waits on the page of the lot that brings the sum above the limit: one piece of work a case, in the time
that the rulebook gives for passing a case upward. Nothing waits where no limit was read or no value is known.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext_noop

from baoton.custody.models import Lot
from baoton.enforcement.actions import AT_WORK, Said, days_to_send, not_before
from baoton.enforcement.models import Case, Item
from baoton.kit.access import Actor
from baoton.kit.models import Clock
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import clock, outbox
from rulebook.certainty import SAID, SAID_EN
from rulebook.decisions.fines import value_on
from rulebook.decisions.words import dong

PASSING = gettext_noop("chuyển người có thẩm quyền cao hơn")
BOOK = "custody.lot"


def name_office(actor: Actor, record: Case, said: Said) -> None:
    """The office that decided to seize, or that takes the goods over from a lower one, since a day."""
    not_before(record, said["on"])


def limit_of(office: str) -> tuple[Any, str, str]:
    """What an office may take by value today (a number, `any`, or None where nobody read it), its basis, how sure."""
    found = value_on("enforcement.seizure_powers", timezone.localdate())
    if not office or found is None or found.value is None:
        return None, "", ""
    words = SAID_EN if get_language() == "en" else SAID
    return found.value.get(office), found.basis, "" if found.certainty == "read" else words[found.certainty]


def held_goods(case: Case) -> list[Item]:
    """The goods of a case that lie with its own body, as they were seized one after the other."""
    rows = Item.objects.filter(
        case=case, withdrawn__isnull=True, lot__status=Lot.Status.HELD, lot__organisation=case.organisation
    )
    return list(rows.select_related("lot").order_by("lot__seized", "lot__number", "id"))


def above(case: Case, goods: Sequence[Item]) -> Lot | None:
    """The lot whose value brings the sum above what the office may take; None where none does."""
    limit = limit_of(case.seizing_office)[0]
    if not isinstance(limit, int) or case.status not in (*AT_WORK, Case.Status.SUSPENDED):
        return None
    total = 0
    for one in goods:
        total += one.value or 0
        if total > limit:
            return one.lot
    return None


def look_again(cases: Iterable[Any]) -> None:
    """The clock of what must be passed upward runs on the one lot it concerns, and stops where nothing is over."""
    today = timezone.localdate()
    for case in Case.objects.filter(pk__in=set(cases)):
        lots = Item.objects.filter(case=case, lot__isnull=False).values("lot")
        running = {
            c.record: c for c in Clock.objects.filter(record__in=lots, name=PASSING, stopped__isnull=True)
        }
        over = None if case.withdrawn else above(case, held_goods(case))
        began = min((c.began for c in running.values()), default=today)
        for lot in Lot.objects.filter(pk__in=[pk for pk in running if over is None or pk != over.pk]):
            clock.stop(lot, PASSING, today)
        days = None if over is None or over.pk in running else days_to_send(case, today)
        if over is not None and days is not None:
            clock.start(BOOK, over, PASSING, days, began)


@outbox.followed_by
def follow(label: str, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> None:
    """Whatever moves a limit or a sum is looked at again: the case, a line of its goods, a lot that changes hands."""
    rows = [*before, *after]
    if label == Case._meta.label_lower:
        look_again(row["id"] for row in rows if row.get("seizing_office"))
    elif label == Item._meta.label_lower:
        look_again(row["case_id"] for row in rows if row.get("lot_id"))
    elif label == Lot._meta.label_lower:
        look_again(Item.objects.filter(lot__in=[row["id"] for row in rows]).values_list("case", flat=True))


def told(actor: Actor, record: Case) -> Mapping[str, Any]:
    """What the page of a case says of it, to whoever may read all its goods; nothing to others."""
    goods = held_goods(record)
    book = REGISTERS["enforcement.item"]
    known = book.door(actor).rows().filter(pk__in=[one.pk for one in goods]).count()
    if not goods or known < len(goods):
        return {}
    limit, basis, sure = limit_of(record.seizing_office)
    over = above(record, goods)
    seen = None if over is None else REGISTERS[BOOK].door(actor).rows().filter(pk=over.pk).first()
    return {
        "goods": goods, "unvalued": [one for one in goods if one.value is None],
        "sum": dong(sum(one.value or 0 for one in goods)), "office": record.get_seizing_office_display(),
        "named": bool(record.seizing_office), "limit": dong(limit) if isinstance(limit, int) else "",
        "any": limit == "any", "over": over is not None, "basis": basis, "sure": sure,
        "lot": seen and REGISTERS[BOOK].url(seen), "number": seen and seen.number,
        "due": over and clock.opened(over.pk, PASSING),
    }  # fmt: skip


def case_of(actor: Actor, lot: Any) -> str:
    """The page of the case whose goods a lot is, for whoever may open it; empty for others."""
    rows = REGISTERS["enforcement.item"].door(actor).rows().filter(lot=lot.pk).values("case")[:1]
    book = REGISTERS["enforcement.case"]
    case = book.door(actor).rows().filter(pk__in=[row["case"] for row in rows]).first()
    return "" if case is None else book.url(case)
