"""What other apps may ask about facilities."""

import re
import unicodedata
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

import rulebook
from baoton.facilities.models import Code, Entry, Facility, Mark, Stock, code_key
from baoton.files.queries import panel
from baoton.kit.access import Actor
from baoton.kit.text import fold, tidy
from baoton.taxa.models import Taxon
from baoton.taxa.queries import legal_status

GROUPS = {"priority": "I", "I": "I", "II": "II", "IA": "I", "IB": "I", "IIA": "II", "IIB": "II"}
ANIMALS = ("sire", "dam", "male", "female", "unsexed")


def labels() -> dict[str, str]:
    """What an office calls each class of a book."""
    return {k: str(label) for k, label in Entry.KINDS}


MARK_LENGTH = 60


def mark_key(written: str) -> str:
    """How a mark is compared: letters and digits alone, capital, full-width ones as plain; O is not taken for 0."""
    return re.sub(r"[^0-9a-z]", "", fold(unicodedata.normalize("NFKC", written))).upper()


def mark_text(written: str) -> str:
    """The mark as it is kept; `ValueError` says in a sentence why nothing can bear it."""
    text = tidy(unicodedata.normalize("NFKC", written))
    if not mark_key(text):
        raise ValueError(_("Ghi số dấu."))
    if len(text) > MARK_LENGTH:
        raise ValueError(
            _("Số dấu dài %(n)d ký tự; nhiều nhất %(most)d.") % {"n": len(text), "most": MARK_LENGTH}
        )
    if re.fullmatch(r"\d[.,]\d+e\+?\d+", text.lower()):
        told = _("“%(mark)s” là số đã bị Excel làm tròn; để cột ở dạng chữ rồi gõ lại đủ các chữ số.")
        raise ValueError(told % {"mark": text})
    if strange := re.search(r"[^\w\s./-]", text):
        told = _(
            "Số dấu “%(mark)s” có ký tự “%(sign)s”; chỉ dùng chữ, số, dấu cách, gạch, chấm và gạch chéo."
        )
        raise ValueError(told % {"mark": text, "sign": strange[0]})
    return text


def by_mark(written: str) -> Q:
    """The animals that bear or bore a mark that begins so: an index answers, also over half a million."""
    key = mark_key(written)
    if not key:
        return Q(pk__in=[])
    rows = Mark.objects.filter(key__gte=key, key__lte=key + "Z" * 80, withdrawn__isnull=True)
    return Q(pk__in=rows.values("individual"))


AS_DIGIT, AS_LETTER = str.maketrans("OIL", "011"), str.maketrans("01", "OI")


def code_keys(written: str) -> list[str]:
    """The keys that a typed code may mean: as it is, then with O and 0, I and 1 where letters or digits must stand."""
    key = code_key(written)
    found = [key]
    if group := re.match(r"[I1L]{1,2}[AB]", key):
        start = group.end()
        first = key[:start].replace("1", "I").replace("L", "I")
        for width in (2, 3, 4):
            place, number = key[start : start + width], key[start + width :].translate(AS_DIGIT)
            if number.isdecimal():
                found.append(first + place.translate(AS_LETTER) + number)
    return list(dict.fromkeys(found))


def code_of(written: str, **more: Any) -> Code | None:
    """The code as people type it, O for 0 and I for 1 too; None where there is none or two could be meant."""
    codes = Code.objects.filter(withdrawn__isnull=True, **more).select_related("facility")
    exact, *others = code_keys(written)
    found = list(codes.filter(key=exact)) or list(codes.filter(key__in=others)[:2])
    return found[0] if len(found) == 1 else None


def by_code(written: str) -> Facility | None:
    """The facility that bears the code today."""
    code = code_of(written, until__isnull=True)
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
