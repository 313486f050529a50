"""What the page of a book says of every rule, and what the page of a signal shows behind its words."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from baoton.facilities.models import Entry, Signal, Stock
from baoton.facilities.queries import labels
from baoton.facilities.rules.found import RULES, WHY, parameter
from baoton.facilities.rules.meaning import MEANS, NOT, values_of
from baoton.kit.access import Actor
from baoton.kit.kinds.words import as_text
from baoton.kit.reading.asking import readable
from baoton.kit.reading.register import REGISTERS
from rulebook.biology import biology

PLANTS = {
    "births", "sold_young", "one_sided", "one_day", "count_differs", "over_capacity", "mark_reused", "marks_unread",
}  # fmt: skip
OPEN = (Signal.Status.OPEN, Signal.Status.ANSWERED, Signal.Status.LOOKED)


def judged(actor: Actor, stock: Stock) -> Mapping[str, Any]:
    """Each rule: how many signals, none, or why it cannot judge; nothing for whoever may not see signals."""
    register = REGISTERS["facilities.signal"]
    if not readable(register, actor):
        return {}
    told = Counter(
        register.door(actor)
        .rows()
        .filter(stock=stock.pk, status__in=OPEN)
        .order_by()
        .values_list("rule", flat=True)
    )
    rows = []
    for rule, label in RULES:
        if stock.form == Stock.Form.PLANTING and rule not in PLANTS:
            continue
        why = stock.unjudged.get("births" if rule == "balance" else rule, "")
        rows.append({"rule": label, "n": told[rule], "why": WHY.get(why, why)})
    return {
        "rows": rows,
        "named": [r for r in rows if r["n"]],
        "quiet": [r for r in rows if not r["n"] and not r["why"]],
        "unknown": [r for r in rows if r["why"]],
        "day": stock.looked_on,
        "waits": stock.unchecked,
        "animals": stock.form != Stock.Form.PLANTING,
        "values": values_of(biology(stock.taxon.scientific_name)),
    }


def behind(actor: Actor, signal: Signal) -> Mapping[str, Any]:
    """The lines a signal rests on, what it means, what it does not, and the values it was judged by."""
    book = REGISTERS["facilities.entry"]
    lines = []
    if readable(book, actor):
        rows = book.door(actor).rows().filter(pk__in=signal.entries)
        known, moves = labels(), dict(Entry.Movement.choices)
        lines = [
            {
                "address": book.url(e),
                "day": as_text(e.day),
                "move": moves[e.movement],
                "kind": known.get(e.kind, e.kind),
                "amount": f"{e.amount:+d}",
                "written": as_text(e.entered),
                "note": " · ".join(filter(None, (e.partner, e.paper, e.note))),
            }
            for e in rows.order_by("day", "position")
        ]
    limits = {
        "one_sided": "one_sided_days",
        "marks_unread": "marks_unseen_days",
        "one_day": "before_visit_days",
    }
    return {
        "lines": lines,
        "hidden": len(signal.entries) - len(lines),
        "means": MEANS.get(signal.rule, ""),
        "not": NOT.get(signal.rule, ""),
        "limit": parameter(limits[signal.rule]) if signal.rule in limits else None,
        "answer": signal.answer,
        "values": values_of(biology(signal.stock.taxon.scientific_name), signal.rule),
        "none": _("chủ cơ sở chưa giải thích"),
    }
