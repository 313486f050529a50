"""May this species be planted: what the lists of the day say, and what a person must answer for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

import rulebook
from baoton.habitats.models import Planting
from baoton.taxa.models import Taxon
from baoton.taxa.queries import legal_status, names_of

NATIVES = "restoration.native_species"


@dataclass(frozen=True)
class Verdict:
    """`refused` forbids, with its article; `asked` is what a person must give a reason for; `told` is good to know."""

    refused: Sequence[str]
    asked: Sequence[str]
    told: Sequence[str]


def verdict(plantings: Iterable[Planting], on: date) -> Verdict:
    """What the lists say of all the species of a work on a day."""
    found = [_of(one.taxon, one.certified, on) for one in plantings]
    parts = (
        list(dict.fromkeys(line for one in found for line in getattr(one, name)))
        for name in ("refused", "asked", "told")
    )
    refused, asked, told = parts
    return Verdict(refused, asked, [*told, *([natives(on)] if found and natives(on) else [])])


def natives(on: date) -> str:
    """That no list of native species by ecological zone was read; empty where one was."""
    try:
        held = rulebook.param_value(NATIVES, on=on).value
    except rulebook.NotInForce:
        held = None
    if held:
        return ""
    return _(
        "Chưa đọc được danh mục cây bản địa theo vùng sinh thái nào, nên chưa nói được loài nào hợp vùng này."
    )


def _of(taxon: Taxon, certified: bool, on: date) -> Verdict:
    """Refused is only what was read in a list in force that day; what is remembered or not sure is asked."""
    refused: list[str] = []
    asked: list[str] = []
    told: list[str] = []
    name = str(taxon)
    try:
        status = legal_status(taxon, on)
    except rulebook.NotAScientificName:
        why = _("“%(name)s” không phải tên khoa học nên không tra được danh mục.") % {"name": name}
        return Verdict([], [why], [])
    for hit in (h for h in status.hits if not h.set_aside):
        where = {"name": name, "list": hit.instrument, "annex": hit.entry.annex, "why": hit.why}
        if hit.group != "invasive":
            told.append(_("%(name)s thuộc danh mục nguy cấp, quý, hiếm (%(list)s, %(annex)s).") % where)
            if not certified:
                asked.append(
                    _("%(name)s là loài nguy cấp, quý, hiếm mà chưa ghi số chứng nhận nguồn giống.") % where
                )
        elif hit.certainty == "read":
            refused.append(
                _("%(name)s là loài ngoại lai xâm hại theo %(list)s, %(annex)s: không trồng.") % where
            )
        else:
            asked.append(
                _("%(name)s có trong danh mục ngoại lai xâm hại %(list)s, %(annex)s. %(why)s") % where
            )
    named = _named(taxon, on)
    if named is False:
        asked.append(_("%(name)s không có trong danh mục cây bản địa đang dùng.") % {"name": name})
    told += [gap for gap in status.gaps if "ngoại lai" in gap]
    return Verdict(refused, asked, told)


def _named(taxon: Taxon, on: date) -> bool | None:
    """Whether the list of natives names the taxon; None where no list was read."""
    try:
        held = rulebook.param_value(NATIVES, on=on).value
    except rulebook.NotInForce:
        return None
    return bool({*names_of([taxon])[taxon.pk]} & set(held)) if held else None
