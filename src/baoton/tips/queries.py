"""What other apps and pages may ask of tips."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from baoton.kit.access import Actor, may, person_of
from baoton.kit.reading.register import REGISTERS
from baoton.places.queries import unit_name
from baoton.tips.actions.outcomes import ANSWER_DAYS, OUTCOMES, RECEIVE_DAYS, days_of
from baoton.tips.models import Tip


def beside(actor: Actor, record: Tip) -> Mapping[str, Any]:
    """What the page of a tip says beside its fields: who answers and why that person, and by which term."""
    name = RECEIVE_DAYS if record.rescue else ANSWER_DAYS
    free = record.status not in OUTCOMES and all(
        may(actor, verb, held)
        for verb, held in (("tips.tip.patrol", record), ("patrols.patrol.create", None))
    )
    return {"days": days_of(name, record.received), "why": _routed(record), "may_patrol": free}


def _routed(tip: Tip) -> str:
    if tip.officer is None:
        return _("Không ai trực xã này và không có cán bộ tỉnh nào: hãy xếp lịch trực.")
    told = {"who": str(tip.officer), "why": tip.get_routed_display()}
    return _("Giao cho %(who)s: %(why)s.") % told


@dataclass(frozen=True)
class Typical:
    """The median of some hours with a 95 % interval that supposes no shape, or the reason why there is none."""

    n: int
    median: float | None = None
    low: float | None = None
    high: float | None = None


def typical(hours: Iterable[float]) -> Typical:
    """The median and the order statistics that hold it with at least 95 %; under six values there is no interval.

    Conover, Practical Nonparametric Statistics (1999), section 3.2.
    """
    from scipy.stats import binom

    known = sorted(hours)
    n = len(known)
    if not n:
        return Typical(0)
    middle = (known[(n - 1) // 2] + known[n // 2]) / 2
    r = int(binom.ppf(0.025, n, 0.5))
    while r > 0 and binom.cdf(r - 1, n, 0.5) > 0.025:
        r -= 1
    return Typical(n, middle, known[r - 1], known[n - r]) if r > 0 else Typical(n, middle)


@dataclass(frozen=True)
class Line:
    """Tips of a month, a kind or a commune: how many, how many answered, in time, and the typical hours to it."""

    key: str
    label: str
    tips: int
    answered: int
    in_time: int | None
    hours: Typical


def figures(actor: Actor, first: date, last: date) -> dict[str, Sequence[Line]]:
    """Lines by month, kind and commune, and of all, of the tips this reader may see that came in those days."""
    book = REGISTERS["tips.tip"]
    door = book.door(actor)
    columns = ("received", "kind", "shown_area_path", "status", "hours", "in_time", "due")
    rows = list(door.rows().filter(received__range=(first, last)).values_list(*columns))
    kinds = {value: str(label) for value, label in Tip.Kind.choices}

    def line(key: str, label: str, some: Sequence[tuple[Any, ...]]) -> Line:
        timed = [r for r in some if r[6] is not None]
        done = sum(1 for r in some if r[3] in OUTCOMES)
        on_time = sum(1 for r in timed if r[5]) if timed else None
        return Line(key, label, len(some), done, on_time, typical(r[4] for r in some if r[4] is not None))

    def grouped(of: Any, label: Any) -> list[Line]:
        keys = sorted({of(r) for r in rows})
        return [line(k, label(k), [r for r in rows if of(r) == k]) for k in keys]

    return {
        "months": grouped(lambda r: f"{r[0]:%Y-%m}", lambda k: f"{k[5:]}/{k[:4]}"),
        "kinds": grouped(lambda r: r[1], lambda k: kinds.get(k, k)),
        "areas": grouped(lambda r: r[2] or "", lambda k: unit_name(k) if k else _("không rõ xã")),
        "all": [line("", _("Tất cả"), rows)],
    }


def waiting(actor: Actor, most: int = 5) -> tuple[int, list[Tip]]:
    """How many tips routed to this person still wait for an answer, and the oldest of them."""
    person = person_of(actor)
    if not person:
        return 0, []
    rows = Tip.objects.filter(officer__pk=person, withdrawn__isnull=True).exclude(status__in=OUTCOMES)
    return rows.count(), list(rows.order_by("received", "id")[:most])
