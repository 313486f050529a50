"""May this species be let go in this water: what the lists of the day say, and what a person must answer for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

import rulebook
from baoton.law.queries import language, sure
from baoton.taxa.models import Taxon
from baoton.taxa.queries import legal_status, names_of
from baoton.waters.models import Body, Ground

RULES = {"waters.strangers": gettext_noop("loài ngoại lai"), "waters.natives": gettext_noop("cá bản địa")}


@dataclass(frozen=True)
class Verdict:
    """`refused` forbids, with its article; `asked` is what a person must give a reason for; `told` is good to know."""

    refused: Sequence[str]
    asked: Sequence[str]
    told: Sequence[str]


def verdict(taxon: Taxon, water: Body, on: date, coded: bool) -> Verdict:
    """What the invasive, endangered and native lists say of letting the species go on a day.

    Refused is only what was read in a list in force that day; whatever is remembered, or answers in place of a list
    that could not be read, is asked.
    """
    refused, asked, told = [], [], []
    name = str(taxon)
    try:
        status = legal_status(taxon, on)
    except rulebook.NotAScientificName:
        return Verdict(
            [], [_("“%(name)s” không phải tên khoa học nên không tra được danh mục.") % {"name": name}], []
        )
    stranger = _named("waters.strangers", taxon, on)
    for hit in (h for h in status.hits if not h.set_aside):
        where = {"name": name, "list": hit.instrument, "annex": hit.entry.annex, "why": hit.why}
        if hit.group != "invasive":
            told.append(_("%(name)s thuộc danh mục nguy cấp, quý, hiếm (%(list)s, %(annex)s).") % where)
            if not coded:
                asked.append(
                    _("Loài trong danh mục nguy cấp mà nguồn giống chưa có cơ sở có mã số còn hiệu lực.")
                )
        elif hit.certainty == "read" and water.natural:
            refused.append(
                _("%(name)s là loài ngoại lai xâm hại theo %(list)s, %(annex)s: không thả ra nước tự nhiên.")
                % where
            )
        else:
            asked.append(
                _("%(name)s có trong danh mục ngoại lai xâm hại %(list)s, %(annex)s. %(why)s") % where
            )
    if stranger is not None and water.natural and not refused:
        given = {"name": name, "source": stranger.source, "sure": sure(stranger.certainty, language())}
        asked.append(
            _("%(name)s không có tự nhiên ở Việt Nam (%(source)s; %(sure)s, chưa phải danh mục của văn bản).")
            % given
        )
    elif not refused and not asked and not status.listed and _named("waters.natives", taxon, on) is None:
        asked.append(
            _("Chưa có nguồn nào nói %(name)s là cá bản địa của sông suối trong tỉnh.") % {"name": name}
        )
    told += [gap for gap in status.gaps if "thủy sản" in gap or "ngoại lai" in gap]
    return Verdict(list(dict.fromkeys(refused)), list(dict.fromkeys(asked)), list(dict.fromkeys(told)))


def _named(rule: str, taxon: Taxon, on: date) -> rulebook.Value | None:
    """The value of a list of names where it names the taxon, its genus or one of its synonyms."""
    try:
        found = rulebook.param_value(rule, on=on)
    except rulebook.NotInForce:
        return None
    names = {*names_of([taxon])[taxon.pk], taxon.genus}
    return found if names & set(found.value or ()) else None


def coded(facility: Any, on: date) -> bool:
    """Whether the facility bears a code on the day."""
    rows = [] if facility is None else facility.codes.filter(withdrawn__isnull=True, since__lte=on)
    return any(c.until is None or c.until > on for c in rows)


def closed(ground: Ground, on: date | None = None) -> str:
    """Whether nobody fishes at the ground on a day, by which decision; what is not known is said."""
    day = on or timezone.localdate()
    rows = ground.seasons.filter(withdrawn__isnull=True)
    now = rows.filter(since__lte=day, until__gte=day).order_by("-until").first()
    if now is not None:
        return _("đang cấm đến %(until)s (%(basis)s)") % {
            "until": f"{now.until:%d/%m/%Y}",
            "basis": now.basis,
        }
    later = rows.filter(since__gt=day).order_by("since").first()
    if later is not None:
        return _("chưa cấm; cấm từ %(since)s (%(basis)s)") % {
            "since": f"{later.since:%d/%m/%Y}",
            "basis": later.basis,
        }
    if rows.exists():
        return _("không cấm hôm nay theo các quyết định đã nhập")
    return _("chưa nhập quyết định nào về kỳ cấm")
