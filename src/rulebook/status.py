"""The legal status of a taxon on a day: every entry that speaks of it, and the one that decides.

Legal status is never stored on a species: it depends on the day, on where the specimen comes from and on
what it is wanted for. The order of decision is fixed:

1. only lists in force that day answer, or a list whose successor could not be read (marked unverified);
2. an entry for wild (or propagated) specimens does not speak about the other origin; when the origin is
   not known both speak;
3. a wide entry ("Orchidaceae spp., trừ …") does not speak about what it excepts;
4. inside one list the closest entry speaks: a variety before its species, a species before its genus;
5. across lists the strictest group prevails (`vn/lists/groups.yaml`); ties go to the list named first.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from rulebook import wording
from rulebook.answers import Hit, LegalStatus, Origin
from rulebook.certainty import Certainty, weakest
from rulebook.dated import BEGINNING
from rulebook.errors import NotAScientificName
from rulebook.lists import Entry, ListInfo, catalogue, consequences, groups, not_held
from rulebook.matching import CLOSENESS, Match, index, matches, ranks_above
from rulebook.names import Name, parse

AQUATIC = {"Actinopterygii", "Chondrichthyes", "Bivalvia", "Gastropoda", "Cephalopoda", "Malacostraca"}


@lru_cache(maxsize=1)
def _edges() -> list[date]:
    """The days on which some answer may change."""
    days = {edge for info in catalogue() for edge in info.period.edges}
    days |= {edge for gap in not_held() for edge in gap.period.edges}
    return sorted(days)


def _aside(match: Match, origin: Origin | None, others: list[Match], own: set[str]) -> tuple[str, str]:
    """Why the match does not count, and what is doubtful about it; both empty when neither."""
    entry = match.entry
    if match.how == "breed_of":
        return wording.only_breed(entry), ""
    if origin and entry.condition and entry.condition != origin:
        return wording.other_origin(entry), ""
    for name in entry.excepted:
        if not name.startswith("group:"):
            if name in own:
                return wording.excepted(name), ""
            continue
        group = name.removeprefix("group:")
        stricter = [m for m in others if m.entry.group == group and m.how in ("name", "synonym", "species")]
        if any(not origin or m.entry.condition in ("", origin) for m in stricter):
            return wording.excepted(wording.short(group)), ""
        if stricter:
            return "", wording.exception_unclear(group)
    if match.how == "part":
        return "", wording.only_part(entry)
    return "", ""


def _hits(info: ListInfo, found: list[Match], origin: Origin | None, own: set[str], day: date) -> list[Hit]:
    """The hits of one list, with what is set aside said."""
    mine = [m for m in found if m.entry.list == info.id and groups()[m.entry.group].system == info.system]
    judged = [(m, *_aside(m, origin, mine, own)) for m in mine]
    closest = max((CLOSENESS[m.how] for m, aside, _ in judged if not aside), default=0)
    hits = []
    for match, aside, doubt in judged:
        if not aside and CLOSENESS[match.how] < closest:
            aside = wording.CLOSER
        marks: list[Certainty] = [match.entry.certainty]
        marks += ["unsure"] if doubt else []
        marks += ["unverified"] if info.carried(day) else []
        why = " ".join(w for w in (doubt, info.why if info.carried(day) else "") if w)
        hits.append(Hit(match.entry, info, match.name, match.how, weakest(marks), why, aside))
    return hits


def _gaps(
    day: date, klass: str | None, ranks_known: bool, names: tuple[Name, ...]
) -> list[tuple[str, Certainty, bool]]:
    """What could change the answer and is not held: sentence, certainty, whether it touches protection."""
    out: list[tuple[str, Certainty, bool]] = []
    watery = klass is None or klass in AQUATIC
    for info in catalogue():
        if info.system == "aquatic" and not watery:
            continue
        if info.carried(day):
            out.append((info.why, "unverified", info.system != "invasive"))
        elif info.missing and info.period.holds(day):
            out.append((info.missing, "unverified", True))
    out += [
        (gap.why, "unverified", gap.system != "invasive")
        for gap in not_held()
        if gap.period.holds(day) and (watery or gap.system != "aquatic")
    ]
    if not ranks_known:
        out.append((wording.NO_RANKS, "unsure", True))
    for name in names[:1]:
        listed = [e for e in index().members.get(name.genus, ()) if e.period.holds(day)]
        listed += [e for e in index().members.get(name.genus, ()) if _carried(e, day)]
        if not name.species and listed:
            out.append((wording.genus_only(name.genus, {e.scientific_name for e in listed}), "unsure", True))
        if name.doubtful and name.species:
            out.append((wording.DOUBTFUL, "unsure", True))
    return list({sentence: (sentence, mark, touches) for sentence, mark, touches in out}.values())


def _carried(entry: Entry, day: date) -> bool:
    return any(info.id == entry.list and info.carried(day) for info in catalogue())


@lru_cache(maxsize=131_072)
def _answer(
    texts: tuple[str, ...],
    within: tuple[str, ...],
    origin: Origin | None,
    purpose: str | None,
    place: str,
    era: int,
) -> LegalStatus:
    """The status in one era: the days between two edges, on which nothing changes."""
    edges = _edges()
    start = edges[era - 1] if era else None
    end = edges[era] - timedelta(days=1) if era < len(edges) else None
    day = start or BEGINNING
    names = []
    for text in texts:
        try:
            names.append(parse(text))
        except NotAScientificName:
            continue
    known, above = ranks_above(names, within)
    found = matches(texts, above)
    if not names and not found:
        raise NotAScientificName(wording.not_a_name(texts[0]))
    own = {name.binomial for name in names}
    hits = [
        hit
        for info in catalogue()
        if info.answers(day) and place.startswith(info.place)
        for hit in _hits(info, found, origin, own, day)
    ]
    hits.sort(key=lambda h: (bool(h.set_aside), groups()[h.group].level, h.info.order, -CLOSENESS[h.how]))
    deciding = hits[0] if hits and not hits[0].set_aside else None
    gaps = _gaps(day, known.klass if known else None, bool(known or within or not names), tuple(names))
    if origin is None and any(h.entry.condition for h in hits if not h.set_aside):
        gaps.append((wording.ORIGIN_UNKNOWN, "read", True))
    if deciding:
        mark = weakest([deciding.certainty, *(m for s, m, _ in gaps if s == wording.DOUBTFUL)])
    else:
        mark = weakest(m for _, m, touches in gaps if touches)
    consequence = next(
        (
            c.vi
            for c in consequences()
            if deciding and c.purpose == purpose and deciding.group in c.groups and c.origin == origin
        ),
        None,
    )
    open_questions = [s for s, _, touches in gaps if touches]
    return LegalStatus(
        names=texts,
        origin=origin,
        purpose=purpose,
        place=place,
        start=start,
        end=end,
        hits=tuple(hits),
        deciding=deciding,
        certainty=mark,
        sentence=wording.vietnamese(texts[0], hits, deciding, mark, open_questions),
        sentence_en=wording.english(texts[0], hits, deciding, mark, open_questions),
        gaps=tuple(s for s, _, _ in gaps),
        consequence=consequence,
    )


def _clean(names: str | Sequence[str]) -> tuple[str, ...]:
    texts = (names,) if isinstance(names, str) else tuple(names)
    if not texts or not texts[0].strip():
        raise NotAScientificName(wording.not_a_name(texts[0] if texts else ""))
    return texts


def legal_status(
    names: str | Sequence[str],
    *,
    on: date,
    origin: Origin | None = None,
    purpose: str | None = None,
    place: str = "12",
    within: Sequence[str] = (),
) -> LegalStatus:
    """What the lists say on a day of a taxon given by its accepted name and synonyms.

    `within` names the family and order when the taxon's genus is not in the seed of taxa. The answer is
    shared between calls and must not be changed.
    """
    if origin not in (None, "wild", "propagated"):
        raise ValueError(
            "Nguồn gốc mẫu vật chỉ nhận: wild (từ tự nhiên), propagated (nuôi, trồng) hoặc để trống."
        )
    era = bisect_right(_edges(), on)
    return _answer(_clean(names), tuple(within), origin, purpose, place, era)


def history(
    names: str | Sequence[str], *, origin: Origin | None = None, place: str = "12", within: Sequence[str] = ()
) -> tuple[LegalStatus, ...]:
    """The status over time, oldest first; each holds until the next begins."""
    texts = _clean(names)
    told: list[LegalStatus] = []
    for era in range(len(_edges()) + 1):
        status = _answer(texts, tuple(within), origin, None, place, era)
        if told and (told[-1].hits, told[-1].sentence) == (status.hits, status.sentence):
            told[-1] = replace(told[-1], end=status.end)
        else:
            told.append(status)
    return tuple(told)
