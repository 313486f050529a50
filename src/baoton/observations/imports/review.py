"""The review of names: what matched, what did not, what a person decides; spelling only proposes."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baoton.kit.access import Actor
from baoton.kit.importing.target import Review
from baoton.kit.text import tidy
from baoton.taxa.actions import decide_name
from baoton.taxa.models import NameDecision, Taxon
from baoton.taxa.queries import match, propose

PAGE = 40
HOW = {
    "synonym": gettext_lazy("tên đồng nghĩa"),
    "abbreviated": gettext_lazy("chi viết tắt"),
    "vernacular": gettext_lazy("tên Việt Nam"),
    "decided": gettext_lazy("đã quyết định"),
}
Names = dict[str, dict[str, Any]]


def unknown(names: Names) -> list[tuple[str, int]]:
    """Names that matched nothing, the most frequent first."""
    found = [(w, n["count"]) for w, n in names.items() if n["how"] == "none"]
    return sorted(found, key=lambda x: (-x[1], x[0]))


def context(actor: Actor, names: Names, asked: Mapping[str, Any]) -> dict[str, Any]:
    """One page of unknown names with what spelling proposes and what was decided before."""
    waiting = unknown(names)
    text = str(asked.get("from", "0"))
    start = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
    shown = waiting[start : start + PAGE]
    own = _body(actor)
    past = NameDecision.objects.filter(written__in=[tidy(w) for w, _n in shown], organisation__in={"", own})
    decided = {d.written: d for d in past.order_by("organisation")}
    lines = [
        {
            "written": written,
            "count": count,
            "proposals": propose(written),
            "decided": _decision(decided.get(tidy(written))),
        }
        for written, count in shown
    ]
    taxa = Taxon.objects.in_bulk({n["taxon_id"] for n in names.values() if n["how"] in HOW})
    led = [
        {"written": w, "count": n["count"], "how": HOW[n["how"]], "taxon": taxa.get(UUID(n["taxon_id"]))}
        for w, n in sorted(names.items())
        if n["how"] in HOW
    ]
    rows = sum(n["count"] for n in names.values())
    lost = sum(n for _w, n in waiting)
    return {
        "lines": lines,
        "led": led,
        "matched": {"names": len(names) - len(waiting), "rows": rows - lost},
        "waiting": {"names": len(waiting), "rows": lost},
        "may_decide": bool(actor.scopes("taxa.decide")),
        "previous": max(0, start - PAGE) if start else None,
        "following": start + PAGE if start + PAGE < len(waiting) else None,
    }


def _body(actor: Actor) -> str:
    return str(getattr(actor, "organisation_id", "") or "")


def _decision(decision: NameDecision | None) -> str:
    if decision is None:
        return ""
    return str(decision.taxon) if decision.taxon else _("không phải loài nào trong danh lục")


def decide(actor: Actor, names: Names, given: Mapping[str, Any]) -> str:
    """The chosen meanings are remembered; a typed name counts only where the list has exactly that name."""
    lists = (
        [given.getlist(k) for k in ("written", "meant", "exact")]
        if hasattr(given, "getlist")
        else [[], [], []]
    )
    kept, unread = 0, []
    for written, meant, exact in zip(*lists, strict=False):
        if written not in names:
            continue
        if exact.strip():
            found = match([exact], _body(actor))[0]
            if found.taxon_id is None:
                unread.append(exact.strip())
                continue
            meant = str(found.taxon_id)
        if meant:
            taxon = (
                None if meant == "none" else Taxon.objects.filter(pk=meant, withdrawn__isnull=True).first()
            )
            if meant == "none" or taxon is not None:
                decide_name(actor, written, taxon)
                kept += 1
    told = _("Đã nhớ %(n)d quyết định.") % {"n": kept}
    if unread:
        told += " " + _("Không có trong danh lục: %(names)s.") % {"names": ", ".join(unread)}
    return told


NAMES = Review(
    name="names",
    label=gettext_lazy("Xem các tên chưa khớp"),
    template="observations/import_names.html",
    waiting=lambda held: len(unknown(held)),
    context=context,
    decide=decide,
)
