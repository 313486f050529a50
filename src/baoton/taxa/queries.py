"""What a written name means, what the law says of it, and which taxa a search finds."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

import rulebook
from baoton.kit.access import Actor
from baoton.kit.text import fold, tidy
from baoton.places.queries import province_path
from baoton.taxa.disclosure import weigh
from baoton.taxa.models import NameDecision, Taxon
from baoton.taxa.spelling import key_of, likeness
from baoton.taxa.written import Reading, bare, read, words

Origin = Literal["wild", "propagated"]
How = Literal["exact", "synonym", "abbreviated", "vernacular", "decided", "none"]
AT_ONCE = 500
WORTH_PROPOSING = 0.7


@dataclass(frozen=True, slots=True)
class Match:
    """What one written name means; `taxon_id` is the accepted taxon, `name_id` the name itself."""

    written: str
    taxon_id: UUID | None
    name_id: UUID | None
    taxon_group: str
    sensitivity: int
    how: How


def match(names: Sequence[str], body: str = "", coming: Sequence[Taxon] = ()) -> list[Match]:
    """One match per name, in order. Nothing is guessed: an unclear or misspelt name matches nothing.

    `coming` are taxa that are about to be written (the checklist of the same file): they count as if they stood.

    A decision of a person of the `body`, else of the programme, goes first, then an accepted name, a synonym, a
    shortened genus, a common name. A cell with a doubt, a hybrid or a second taxon in it matches nothing. What
    matches nothing, or has more in it than the name it matched, keeps the level of every guarded taxon it may mean.
    """
    unique = list(dict.fromkeys(names))
    decided = _decisions(unique, body)
    told = {n: read(n) for n in unique}
    keys = {k for n in unique if n not in decided for k in _keys(told[n])}
    rows = _with_coming(_rows(keys), keys, coming)
    called = Called.of_list((told[n].called for n in unique), coming) if unique else Called({}, ())
    today = timezone.localdate()
    found = {n: _match(told[n], n, decided.get(n), rows, called, today) for n in unique}
    return [found[n] for n in names]


def _match(
    said: Reading,
    written: str,
    decision: NameDecision | None,
    rows: Mapping[str, Sequence[Taxon]],
    called: "Called",
    today: date,
) -> Match:
    if decision is not None and decision.taxon is not None:
        return _to(written, decision.taxon, "decided")
    weight = weigh(written, called.guarded, today)
    if decision is not None:
        return Match(written, None, None, "other", weight.level if weight.sure else 0, "none")
    found = None if said.doubt else _meant(said, rows, called)
    if found is None:
        return Match(written, None, None, "other", weight.level, "none")
    match_ = _to(written, *found)
    if weight.level <= match_.sensitivity:
        return match_
    rest = weigh(_beside(said, match_, rows, called), called.guarded, today)
    if rest.level <= match_.sensitivity:
        return match_
    return Match(written, None, None, "other", weight.level, "none")


def _keys(said: Reading) -> list[str]:
    """The keys of the list under which what was written may stand."""
    if said.doubt:
        return []
    short = [f"~{said.short[0][0].lower()} {said.short[1]}"] if said.short else []
    return [key_of(said.text), *(key_of(n) for n in said.latin), *short]


def _meant(said: Reading, rows: Mapping[str, Sequence[Taxon]], called: "Called") -> tuple[Taxon, How] | None:
    """The one taxon that the Latin and the common name in a cell both mean, as far as each is there."""
    latin: tuple[Taxon, How] | None = None
    for key in dict.fromkeys([key_of(said.text), *(key_of(n) for n in said.latin)]):
        for how in ("exact", "synonym"):
            fitting = [t for t in rows.get(key, ()) if (t.accepted_id is None) == (how == "exact")]
            chosen = _one(fitting, said.text)
            if chosen is not None and latin is None:
                latin = chosen, "exact" if how == "exact" else "synonym"
    if said.short and latin is None:
        genus, epithet = said.short
        some = [t for t in rows.get(f"~{genus[0].lower()} {epithet}", ()) if t.key.startswith(genus.lower())]
        if len({t.accepted_id or t.pk for t in some}) == 1:
            latin = some[0], "abbreviated"
    common = called.named(said.called)
    if latin is None:
        alone = all(set(words(n)) <= set(words(said.called)) for n in said.latin)
        return (common, "vernacular") if common is not None and alone else None
    if common is not None and (latin[0].accepted_id or latin[0].pk) != (common.accepted_id or common.pk):
        return None
    return latin


def _beside(said: Reading, found: Match, rows: Mapping[str, Sequence[Taxon]], called: "Called") -> str:
    """What a cell says beside the name that matched."""
    if found.how == "vernacular":
        return ""
    taken = {w for t in rows.get(key_of(said.text), ()) for w in words(t.scientific_name)}
    taken |= {w for n in said.latin for t in rows.get(key_of(n), ()) for w in words(t.scientific_name)}
    common = called.named(said.called)
    taken |= set(words(said.called)) if common is not None else set()
    return " ".join(w for w in words(said.text) if w not in taken)


@dataclass(frozen=True)
class Called:
    """The taxa that common names may mean, by folded name, and what the list guards."""

    by_name: Mapping[str, Sequence[Taxon]]
    guarded: tuple[tuple[str, str, str, int], ...]

    @classmethod
    def of_list(cls, asked: Iterable[str], coming: Sequence[Taxon] = ()) -> "Called":
        """As the list stands now: one question for all names, one more for the taxa of those asked."""
        wanted = {_folded(a) for a in asked} - {""}
        rows = Taxon.objects.filter(withdrawn__isnull=True).exclude(status=Taxon.Status.DOUBTFUL)
        rows = rows.filter(Q(sensitivity__gt=0) | ~Q(vernacular_vi="")).order_by("scientific_name", "pk")
        keys: dict[str, list[UUID]] = defaultdict(list)
        guarded = []
        for pk, name, vi, en, level in rows.values_list(
            "pk", "scientific_name", "vernacular_vi", "vernacular_en", "sensitivity"
        ):
            for key in {_folded(v) for v in vi.split(";")} & wanted if wanted and vi else ():
                keys[key].append(pk)
            if level:
                guarded.append((name, vi, en, int(level)))
        some = {pk for pks in keys.values() for pk in pks}
        taxa = {t.pk: t for t in Taxon.objects.filter(pk__in=some).select_related("accepted")} if some else {}
        by_name = {k: [taxa[pk] for pk in pks] for k, pks in keys.items()}
        for taxon in coming:
            for key in {_folded(v) for v in taxon.vernacular_vi.split(";")} & wanted:
                some_ = by_name.setdefault(key, [])
                if taxon.pk not in {t.pk for t in some_}:
                    some_.append(taxon)
            if taxon.sensitivity:
                guarded.append((taxon.scientific_name, taxon.vernacular_vi, "", int(taxon.sensitivity)))
        return cls(by_name, tuple(guarded))

    def named(self, called: str) -> Taxon | None:
        """The only taxon of that common name; a name of one word must have its tones, one of several may lack them."""
        said = words(called)
        some = self.by_name.get(_folded(called), ())
        exact = [t for t in some if any(words(n) == said for n in t.vernacular_vi.split(";"))]
        if len(said) == 1 or exact:
            some = exact
        return some[0] if len({t.accepted_id or t.pk for t in some}) == 1 else None


@lru_cache(maxsize=65_536)
def _folded(called: str) -> str:
    return " ".join(bare(w) for w in words(called))


def levels_of(
    seen: Sequence[tuple[UUID | str | None, Sequence[str]]], bodies: Sequence[str] | None = None
) -> list[int]:
    """How guarded each record is: by the taxon it is linked to and by every name written on it.

    `bodies` are those the records belong to: what one decided of a name holds for its own records alone.

    The one rule for forms, files, edits and the interface: the most guarded of them all.
    """
    owners = list(bodies) if bodies is not None else [""] * len(seen)
    by_text: dict[tuple[str, str], Match] = {}
    for body in dict.fromkeys(owners):
        mine = (names for (_pk, names), owner in zip(seen, owners, strict=True) if owner == body)
        texts = list(dict.fromkeys(t for names in mine for t in names if t))
        by_text |= {(body, m.written): m for m in match(texts, body)} if texts else {}
    taxa = {str(UUID(str(pk))) for pk, _names in seen if pk}
    if len(seen) == 1:  # a name that means the very taxon has its level
        of = [m for m in by_text.values() if m.how != "none"]
        taxa -= {str(pk) for m in of for pk in (m.taxon_id, m.name_id)}
    by_taxon: dict[str, int] = {}
    for part in _parts(sorted(taxa)):
        rows = Taxon.objects.filter(pk__in=part).values_list("pk", "sensitivity", "accepted__sensitivity")
        by_taxon |= {str(pk): max(own, accepted or 0) for pk, own, accepted in rows}
    return [
        max(
            [
                by_taxon.get(str(UUID(str(pk))), 0) if pk else 0,
                *(by_text[body, t].sensitivity for t in names if t),
            ]
        )
        for (pk, names), body in zip(seen, owners, strict=True)
    ]


def _to(written: str, name: Taxon, how: How) -> Match:
    accepted = name.accepted or name
    level = max(accepted.sensitivity, name.sensitivity)
    return Match(written, accepted.pk, name.pk, accepted.taxon_group, level, how)


def _one(rows: Sequence[Taxon], written: str) -> Taxon | None:
    """The only row, or the only one whose author is written; homonyms match nothing."""
    if len({t.accepted_id or t.pk for t in rows}) == 1:
        return rows[0]
    said = fold(written)
    named = [t for t in rows if t.authorship and fold(t.authorship).strip("()") in said]
    return named[0] if len(named) == 1 else None


def _rows(keys: Iterable[str]) -> Mapping[str, list[Taxon]]:
    """The names of the list by key; a key that begins with ~ asks for any genus of that letter."""
    found: dict[str, list[Taxon]] = defaultdict(list)
    standing = Taxon.objects.filter(withdrawn__isnull=True).exclude(status=Taxon.Status.DOUBTFUL)
    standing = standing.select_related("accepted").order_by("pk")
    whole = sorted(k for k in keys if not k.startswith("~"))
    for part in _parts(whole):
        for row in standing.filter(key__in=part):
            found[row.key].append(row)
    for part in _parts(sorted(k for k in keys if k.startswith("~"))):
        asked: Q = Q(pk__in=[])
        for key in part:
            asked |= Q(key__startswith=key[1], key__endswith=key[2:])
        for row in standing.filter(asked):
            genus, *epithets = row.key.split()
            found[f"~{genus[0]} {' '.join(epithets)}"].append(row)
    return found


def _with_coming(
    found: Mapping[str, list[Taxon]], keys: set[str], coming: Sequence[Taxon]
) -> Mapping[str, list[Taxon]]:
    """The names of the list and, under the same keys, those that are about to stand in it."""
    if not coming:
        return found
    rows = defaultdict(list, {k: list(v) for k, v in found.items()})
    for taxon in coming:
        genus, *epithets = taxon.key.split() or [""]
        for key in {taxon.key, f"~{genus[:1]} {' '.join(epithets)}"} & keys:
            if taxon.pk not in {t.pk for t in rows[key]}:
                rows[key].append(taxon)
    return rows


def _decisions(names: Sequence[str], body: str) -> Mapping[str, NameDecision]:
    """What was decided of each name: by the body itself, else for all."""
    tidied = {n: tidy(n) for n in names}
    found: dict[str, NameDecision] = {}
    for part in _parts(sorted(set(tidied.values()))):
        rows = NameDecision.objects.filter(written__in=part, organisation__in={"", body})
        rows = rows.select_related("taxon__accepted").order_by("organisation")
        found.update({d.written: d for d in rows})
    return {n: found[t] for n, t in tidied.items() if t in found}


def _parts(values: Sequence[str]) -> Iterable[Sequence[str]]:
    return (values[i : i + AT_ONCE] for i in range(0, len(values), AT_ONCE))


@dataclass(frozen=True, slots=True)
class Proposal:
    """A taxon that a person may have meant; never taken without one."""

    taxon_id: UUID
    scientific_name: str
    vernacular: str
    score: float


def propose(name: str, limit: int = 5) -> list[Proposal]:
    """Taxa spelt or called almost so, likest first; none that a list protects: those a person looks up."""
    key, said = key_of(name), fold(name)
    genus, *epithets = key.split() or [""]
    near = Q(key__startswith=genus[:3])
    if epithets:
        near |= Q(key__contains=f" {epithets[0][:4]}")
    if len(said) > 2:
        near |= Q(search_text__contains=said)
    scored: dict[UUID, Proposal] = {}
    for row in Taxon.objects.filter(near, withdrawn__isnull=True).select_related("accepted"):
        called = any(said == fold(v) for v in row.vernacular_vi.split(";"))
        score = 1.0 if called else likeness(key, row.key)
        taxon = row.accepted or row
        if score >= WORTH_PROPOSING and (taxon.pk not in scored or scored[taxon.pk].score < score):
            scored[taxon.pk] = Proposal(taxon.pk, taxon.scientific_name, taxon.vernacular_vi, round(score, 3))
    taxa = Taxon.objects.in_bulk(list(scored))
    status = legal_statuses(taxa.values())
    protected = {pk for pk, s in status.items() if s and s.group not in (None, "invasive")}
    ranked = sorted(
        (p for p in scored.values() if p.taxon_id not in protected),
        key=lambda p: (-p.score, p.scientific_name),
    )
    return ranked[:limit]


def search(text: str) -> "QuerySet[Taxon, Any]":
    """The keys of taxa whose names or synonyms, in any language, hold every word."""
    return _found(text).values_list("pk", flat=True)


def common_here(limit: int) -> list[Taxon]:
    """Guarded species known or thought to live in the province and called by a Vietnamese name, by that name."""
    rows = Taxon.objects.filter(
        withdrawn__isnull=True, accepted__isnull=True, sensitivity__gt=0, expected__in=["known", "likely"]
    ).exclude(vernacular_vi="")
    return list(rows.order_by("-sensitivity", "vernacular_vi", "id")[:limit])


LONGEST_NAME = 200


def _found(text: str) -> "QuerySet[Taxon]":
    q = Q()
    for word in fold(text).split():
        q &= Q(search_text__contains=word)
    return Taxon.objects.filter(q, withdrawn__isnull=True, accepted__isnull=True)


def suggest(text: str, limit: int = 20) -> list[tuple[str, str]]:
    """Accepted taxa for a field that completes what is typed, as (key, name), the nearest match first."""
    if not text.strip() or len(text) > LONGEST_NAME:
        return []
    found = _found(text).order_by("scientific_name", "id")[:MOST_COMPARED]
    said = fold(text).strip()
    return [(str(t.pk), str(t)) for t in sorted(found, key=lambda t: _far(said, t))[:limit]]


MOST_COMPARED = 400


def _far(said: str, taxon: Taxon) -> tuple[int, int, str]:
    """How far a taxon's names are from the typed text: the same, begun with it, a word, within; then by length."""
    names = [taxon.scientific_name, *taxon.vernacular_vi.split(";"), *taxon.vernacular_en.split(";")]
    near = (9, LONGEST_NAME)
    for name in (fold(n).strip() for n in names):
        if not name:
            continue
        rank = 0 if name == said else 1 if name.startswith(f"{said} ") else 2 if name.startswith(said) else 9
        if rank == 9 and said in name:
            rank = 3 if f" {said}" in name else 4
        near = min(near, (rank, len(name)))
    return (*near, taxon.scientific_name)


def names_of(taxa: Iterable[Taxon]) -> Mapping[UUID, tuple[str, ...]]:
    """Accepted name first, then the synonyms, of each taxon (a synonym stands for its accepted one)."""
    given = list(taxa)
    accepted = {(t.accepted_id or t.pk) for t in given}
    listed: dict[UUID, list[str]] = {}
    for part in (list(accepted)[i : i + AT_ONCE] for i in range(0, len(accepted), AT_ONCE)):
        rows = Taxon.objects.filter(Q(pk__in=part) | Q(accepted__in=part), withdrawn__isnull=True)
        for row in rows.order_by("accepted_id", "scientific_name", "id"):
            names = listed.setdefault(row.accepted_id or row.pk, [])
            names.insert(0, row.scientific_name) if row.accepted_id is None else names.append(
                row.scientific_name
            )
    return {t.pk: tuple(listed.get(t.accepted_id or t.pk, [t.scientific_name])) for t in given}


def above(taxon: Taxon) -> tuple[str, ...]:
    """The family and order, for entries that name these."""
    return tuple(n for n in (taxon.family, taxon.order) if n)


def legal_status(
    taxon: Taxon,
    on: date,
    origin: Origin | None = None,
    purpose: str | None = None,
    place: str = "",
) -> rulebook.LegalStatus:
    """What the lists say of the taxon on a day, through its accepted name, synonyms, genus and family."""
    names, place = names_of([taxon])[taxon.pk], place or province_path()
    return rulebook.legal_status(
        names, on=on, origin=origin, purpose=purpose, place=place, within=above(taxon)
    )


def legal_statuses(
    taxa: Iterable[Taxon], on: date | None = None, place: str = ""
) -> Mapping[UUID, rulebook.LegalStatus | None]:
    """The status of many taxa on one day, asked of the database at once; None for what is no Latin name."""
    given = list(taxa)
    names, day, place = names_of(given), on or timezone.localdate(), place or province_path()
    found: dict[UUID, rulebook.LegalStatus | None] = {}
    for taxon in given:
        try:
            found[taxon.pk] = rulebook.legal_status(names[taxon.pk], on=day, place=place, within=above(taxon))
        except rulebook.NotAScientificName:
            found[taxon.pk] = None
    return found


def history(taxon: Taxon, place: str = "") -> tuple[rulebook.LegalStatus, ...]:
    """The status of the taxon over time, oldest first."""
    return rulebook.history(names_of([taxon])[taxon.pk], place=place or province_path(), within=above(taxon))


Panel = tuple[str, Callable[[Actor, Taxon], Mapping[str, Any]]]
PANELS: list[Panel] = []


def species_panel(template: str) -> Callable[[Callable[[Actor, Taxon], Mapping[str, Any]]], Any]:
    """The decorated function gives the context of a part of the species page that an app above fills."""

    def add(given: Callable[[Actor, Taxon], Mapping[str, Any]]) -> Any:
        PANELS.append((template, given))
        return given

    return add
