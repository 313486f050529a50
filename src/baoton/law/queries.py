"""An indication in the words a page shows: rows that hold, what could not be judged, where to enter what is missing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rulebook.certainty import SAID, SAID_EN
from rulebook.decisions import (
    Comparison,
    Deadline,
    Decision,
    Facts,
    Fired,
    Missing,
    Office,
    Open,
    decide,
    fact,
    said_as,
    speaking,
    tables,
    words,
)
from rulebook.decisions.words import amount, dong, range_of_money

CASE_FACTS = {f.name for f in fields(Facts)}
Where = Callable[[Missing], str]
"""The address at which a missing fact is entered; empty where the reader may not enter it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row that holds."""

    table: str
    row: str
    basis: str
    title: str
    then: str
    used: tuple[str, ...]
    items: tuple[str, ...]
    additional: tuple[str, ...]
    remedies: tuple[str, ...]
    sure: str
    """Empty when it was read in the text."""
    note: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A fact that is missing, and where it is entered."""

    said: str
    address: str


@dataclass(frozen=True, slots=True)
class Unjudged:
    """Rows of one article that could not be judged, and why."""

    where: str
    table: str
    rows: int
    unread: str
    asks: tuple[Ask, ...]


@dataclass(frozen=True, slots=True)
class Competent:
    """One office: whether fine and goods lie within its power."""

    name: str
    competent: bool | None
    limits: str
    sure: str
    basis: str


@dataclass(frozen=True, slots=True)
class Told:
    """The whole indication, every line a suggestion."""

    decision: Decision
    facts: tuple[tuple[str, str], ...]
    crimes: tuple[Line, ...]
    fines: tuple[Line, ...]
    circumstances: tuple[Line, ...]
    unknown: tuple[Ask, ...]
    """Circumstances of which nobody said whether they were there."""
    each: tuple[tuple[str, tuple[Line, ...]], ...]
    """What each item alone would meet, where there are several."""
    unjudged: tuple[Unjudged, ...]
    asks: tuple[Ask, ...]
    gaps: tuple[str, ...]
    comparisons: tuple[tuple[str, str], ...]
    limitation: tuple[str, bool | None, str, str]
    hearing: tuple[bool | None, str, str] | None
    offices: tuple[Competent, ...]
    clocks: tuple[Deadline, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether no row holds: which does not mean that nothing was done."""
        return not self.crimes and not self.fines


def tell(facts: Facts, where: Where, clocks: Sequence[Deadline] = ()) -> Told:
    """The indication for the facts, in the reader's language. It decides nothing."""
    lang = language()
    with speaking(lang):
        decision = decide(facts)
        several = len(facts.items) > 1
        each = tuple(
            (item.name, _alone(replace(facts, items=(item,)), lang))
            for item in (facts.items if several else ())
        )
        return Told(
            decision=decision,
            facts=_facts(facts),
            crimes=tuple(_line(one, decision, lang) for one in decision.criminal),
            fines=tuple(_line(one, decision, lang) for one in decision.administrative),
            circumstances=tuple(_line(one, decision, lang) for one in decision.circumstances),
            unknown=tuple(Ask(m.said, where(m)) for m in _unknown(facts, decision)),
            each=each,
            unjudged=tuple(_unjudged(one, where) for one in decision.open),
            asks=tuple(Ask(m.said, where(m)) for m in decision.missing),
            gaps=decision.gaps,
            comparisons=tuple((_compared(c), c.why) for c in decision.comparisons),
            limitation=_limitation(decision, lang),
            hearing=_hearing(decision, lang),
            offices=tuple(_office(one, lang) for one in decision.offices),
            clocks=tuple(clocks),
        )


def _unknown(facts: Facts, decision: Decision) -> list[Missing]:
    """The facts that circumstances of the met articles turn on and that are not known."""
    if facts.day is None or not (decision.criminal or decision.administrative):
        return []
    met = {"", *(one.table.id for one in decision.criminal)}
    names: dict[str, None] = {}
    for table in tables().values():
        asked = table.kind == "circumstance" and table.of in met and table.holds(facts.day)
        if asked and (table.acts is None or table.acts & facts.acts):
            for row in table.rows:
                if row.acts is None or row.acts & facts.acts:
                    names |= {
                        n: None for n, _values in row.when if n in CASE_FACTS and facts.known(n) is None
                    }
    return [Missing(name) for name in names]


def _alone(facts: Facts, lang: str) -> tuple[Line, ...]:
    alone = decide(facts)
    rows = [one for one in (*alone.criminal, *alone.administrative) if one.items]
    return tuple(_line(one, alone, lang) for one in rows)


def sure(mark: str, lang: str) -> str:
    """How sure something is, in words."""
    told: Any = SAID_EN if lang == "en" else SAID
    return str(told[mark])


def doubt(mark: str, lang: str) -> str:
    """The same; empty for what was read in the text."""
    return "" if mark == "read" else sure(mark, lang)


def language() -> str:
    """The language in which the rulebook speaks to the reader."""
    return "en" if get_language() == "en" else "vi"


def _line(one: Fired, decision: Decision, lang: str) -> Line:
    names = [decision.facts.items[p].name for p in one.items if decision.facts.items[p].name]
    return Line(
        table=one.table.id,
        row=one.row.id,
        basis=one.row.basis,
        title=one.table.en if lang == "en" else one.table.vi,
        then=_then(one, decision),
        used=one.used,
        items=tuple(dict.fromkeys(names)),
        additional=tuple(said_as("outcomes", does) for does in one.additional),
        remedies=tuple(said_as("outcomes", does) for does in one.remedies),
        sure=doubt(one.certainty, lang),
        note=one.row.note,
    )


def _then(one: Fired, decision: Decision) -> str:
    if one.table.kind == "circumstance":
        return said_as("outcomes", one.row.does)
    if one.table.kind == "criminal":
        n = one.row.paragraph
        return _("dữ kiện đến mức xem xét trách nhiệm hình sự, ít nhất khoản %(n)s") % {"n": n}
    if one.fine is None:
        return _("chưa nói được mức phạt")
    who = said_as("offender", decision.facts.offender or "person")
    if decision.facts.offender is None:
        who = _("nếu là %(who)s") % {"who": who}
    return _("phạt tiền %(range)s (%(who)s)") % {"range": range_of_money(*one.fine), "who": who}


def _unjudged(one: Open, where: Where) -> Unjudged:
    place = "" if one.table is None else ", ".join(p for p in (one.table.source, one.table.article) if p)
    asks = tuple(Ask(m.said, where(m)) for m in one.missing)
    return Unjudged(
        place or _("mọi bảng"), one.table.id if one.table else "", len(one.rows), one.unread, asks
    )


def _compared(one: Comparison) -> str:
    old = ", ".join(p for p in (one.old.source, one.old.article) if p)
    new = "; ".join(", ".join(p for p in (t.source, t.article) if p) for t in one.new)
    return f"{old} → {new}" if new else old


def _limitation(decision: Decision, lang: str) -> tuple[str, bool | None, str, str]:
    told = decision.limitation
    if told is None:
        return "", None, _("Chưa có ngày xảy ra hành vi nên chưa tính được thời hiệu."), ""
    return day(told.until), told.expired, told.why, doubt(told.certainty, lang)


def _hearing(decision: Decision, lang: str) -> tuple[bool | None, str, str] | None:
    told = decision.hearing
    return None if told is None else (told.due, told.why, doubt(told.certainty, lang))


def _office(one: Office, lang: str) -> Competent:
    seize = (
        _("tịch thu không giới hạn giá trị")
        if one.seizure_limit is None
        else _("tịch thu đến %(most)s") % {"most": dong(one.seizure_limit)}
    )
    limits = _("phạt cá nhân đến %(most)s") % {"most": dong(one.fine_limit or 0)}
    return Competent(
        said_as("offices", one.office), one.competent, f"{limits}; {seize}", doubt(one.certainty, lang),
        one.basis,
    )  # fmt: skip


def day(value: date | None) -> str:
    """A day as it is shown; empty for none."""
    return f"{value:%d/%m/%Y}" if value else ""


def _facts(facts: Facts) -> tuple[tuple[str, str], ...]:
    """The facts as they were used, in words; what is not known is left out and stands among what is missing."""
    told = [(fact(name), day(getattr(facts, name))) for name in ("day", "ended", "decided")]
    acts = ", ".join(said_as("acts", a) for a in words()["acts"] if a in facts.acts)
    told.append((fact("acts"), acts))
    for name in ("offender", "previous", "forest", "forest_origin", "forest_stage"):
        known = getattr(facts, name)
        told.append((fact(name), "" if known is None else said_as(name, known)))
    for name in ("area_m2", "damage", "gain", "tools", "fire_level"):
        known = getattr(facts, name)
        told.append((fact(name), "" if known is None else amount(name, known)))
    for name in facts.truths:
        known = getattr(facts, name)
        told.append((fact(name), "" if known is None else _("có") if known else _("không")))
    for n, item in enumerate(facts.items, 1):
        told.append((item.name or _("mục %(n)d") % {"n": n}, _item(item)))
    return tuple((label, text) for label, text in told if text)


def _item(item: Any) -> str:
    parts = [
        said_as(n, item.known(n)) for n in ("kind", "group", "class", "state", "origin") if item.known(n)
    ]
    if item.known("sort") not in (None, "other"):
        parts.append(said_as("sort", item.sort))
    parts += [
        amount(n, item.known(n)) for n in ("number", "kg", "wood_m3", "value") if item.known(n) is not None
    ]
    if item.group and item.group_certainty != "read":
        parts.append(_("nhóm chưa xác minh"))
    return ", ".join(parts)
