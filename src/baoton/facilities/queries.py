"""What other apps may ask about facilities."""

import re
from datetime import date
from typing import Any

from django.utils import timezone

import rulebook
from baoton.facilities.models import Code, Entry, Facility, Stock, code_key
from baoton.files.queries import panel
from baoton.kit.access import Actor
from baoton.kit.text import fold
from baoton.taxa.models import Taxon
from baoton.taxa.queries import legal_status

GROUPS = {"priority": "I", "I": "I", "II": "II", "IA": "I", "IB": "I", "IIA": "II", "IIB": "II"}
ANIMALS = ("sire", "dam", "male", "female", "unsexed")


def labels() -> dict[str, str]:
    """What an office calls each class of a book."""
    return {k: str(label) for k, label in Entry.KINDS}


def mark_key(written: str) -> str:
    """How a mark is compared: letters and digits alone, capital; O is not taken for 0, that is asked."""
    return re.sub(r"[^0-9a-z]", "", fold(written)).upper()


def by_code(written: str) -> Facility | None:
    """The facility that bears the code today; a letter O typed for a zero in its number is understood."""
    key = code_key(written)
    head = re.match(r"(IIA|IIB|IA|IB)(VN|[A-Z]{2,4}?)(?=[0-9O])", key)
    if head:
        key = key[: head.end()] + key[head.end() :].replace("O", "0")
    codes = Code.objects.filter(key=key, until__isnull=True, withdrawn__isnull=True)
    code = codes.select_related("facility").first()
    return None if code is None else code.facility


def is_owner(actor: Actor) -> bool:
    """Whether the actor keeps books of his own and verifies nobody's: his page is the owner's."""
    return bool(actor.scopes("facilities.stock.born")) and not actor.scopes("facilities.entry.verify")


def _kingdom(group: str) -> str:
    return "A" if group in {"plant", "fungus"} else "B"


def group_of(taxon: Taxon, on: date) -> str:
    """The group of the lists that decides for captive-bred or planted specimens on a day; empty where none does."""
    try:
        return legal_status(taxon, on, origin="propagated").group or ""
    except rulebook.RulebookError:
        return ""


def group_on(stock: Stock, on: date) -> str:
    """The group of a book's species on a day."""
    return group_of(stock.taxon, on)


def code_group(facility: Facility, on: date) -> str:
    """The group part of the code the facility needs (IA, IB, IIA, IIB): the strictest of what it holds; else empty."""
    found = []
    for stock in Stock.objects.filter(facility=facility, withdrawn__isnull=True).select_related("taxon"):
        level = GROUPS.get(group_on(stock, on))
        if level:
            found.append(level + _kingdom(stock.taxon.taxon_group))
    return min(found, key=lambda g: (g.count("I"), g)) if found else ""


def evidence(actor: Actor, record: Any) -> dict[str, Any]:
    """Photos and papers kept with a record: for whoever may know owners or documents, not for a reader of codes."""
    told = any(actor.scopes(verb) for verb in ("facilities.owner.see", "facilities.document.see"))
    return {"told": told, **(panel(actor, record) if told else {})}


def balances_on(stock: Any, on: date | None = None) -> dict[str, int]:
    """What each class of a book holds at the end of a day."""
    from baoton.kit.writing import ledger

    return ledger.balances(Entry, stock, on or timezone.localdate())
