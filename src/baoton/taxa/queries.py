"""What a written name means, what the law says of it, and which taxa a search finds."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

import rulebook
from baoton.kit.access import Actor
from baoton.kit.text import fold, tidy
from baoton.taxa.disclosure import level_of_name
from baoton.taxa.models import NameDecision, Taxon
from baoton.taxa.spelling import key_of, likeness
from rulebook.names import parse

Origin = Literal["wild", "propagated"]
How = Literal["exact", "synonym", "decided", "none"]
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


def match(names: Sequence[str]) -> list[Match]:
    """One match per name, in order. Nothing is guessed: an unclear or misspelt name matches nothing.

    A person's decision goes first, then an accepted name, then a synonym. A name that matches nothing keeps
    the sensitivity the law gives it, or a protected name spelt almost like it.
    """
    unique = list(dict.fromkeys(names))
    decided = _decisions(unique)
    rows = _rows({key_of(n) for n in unique if n not in decided})
    found = {n: _match(n, decided.get(n), rows.get(key_of(n), ())) for n in unique}
    return [found[n] for n in names]


def _match(written: str, decision: NameDecision | None, rows: Sequence[Taxon]) -> Match:
    if decision is not None and decision.taxon is not None:
        return _to(written, decision.taxon, "decided")
    if decision is None and not _doubtful(written):
        for how in ("exact", "synonym"):
            fitting = [t for t in rows if (t.accepted_id is None) == (how == "exact")]
            chosen = _one(fitting, written)
            if chosen is not None:
                return _to(written, chosen, "exact" if how == "exact" else "synonym")
    level, _why = level_of_name(written)
    return Match(written, None, None, "other", level, "none")


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


def _doubtful(written: str) -> bool:
    """A species the writer was not sure of ("cf.", "aff."); a genus with "sp." is sure as far as it goes."""
    try:
        name = parse(written)
    except rulebook.NotAScientificName:
        return False
    return name.doubtful and bool(name.species)


def _rows(keys: Iterable[str]) -> Mapping[str, list[Taxon]]:
    found: dict[str, list[Taxon]] = defaultdict(list)
    for part in _parts(sorted(keys)):
        rows = Taxon.objects.filter(key__in=part, withdrawn__isnull=True).exclude(
            status=Taxon.Status.DOUBTFUL
        )
        for row in rows.select_related("accepted").order_by("pk"):
            found[row.key].append(row)
    return found


def _decisions(names: Sequence[str]) -> Mapping[str, NameDecision]:
    tidied = {n: tidy(n) for n in names}
    found: dict[str, NameDecision] = {}
    for part in _parts(sorted(set(tidied.values()))):
        rows = NameDecision.objects.filter(written__in=part).select_related("taxon__accepted")
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


def _found(text: str) -> "QuerySet[Taxon]":
    q = Q()
    for word in fold(text).split():
        q &= Q(search_text__contains=word)
    return Taxon.objects.filter(q, withdrawn__isnull=True, accepted__isnull=True)


def suggest(text: str, limit: int = 20) -> list[tuple[str, str]]:
    """Accepted taxa for a field that completes what is typed, as (key, name)."""
    if not text.strip():
        return []
    return [(str(t.pk), str(t)) for t in _found(text).order_by("scientific_name", "id")[:limit]]


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
    place: str = "12",
) -> rulebook.LegalStatus:
    """What the lists say of the taxon on a day, through its accepted name, synonyms, genus and family."""
    names = names_of([taxon])[taxon.pk]
    return rulebook.legal_status(
        names, on=on, origin=origin, purpose=purpose, place=place, within=above(taxon)
    )


def legal_statuses(
    taxa: Iterable[Taxon], on: date | None = None, place: str = "12"
) -> Mapping[UUID, rulebook.LegalStatus | None]:
    """The status of many taxa on one day, asked of the database at once; None for what is no Latin name."""
    given = list(taxa)
    names, day = names_of(given), on or timezone.localdate()
    found: dict[UUID, rulebook.LegalStatus | None] = {}
    for taxon in given:
        try:
            found[taxon.pk] = rulebook.legal_status(names[taxon.pk], on=day, place=place, within=above(taxon))
        except rulebook.NotAScientificName:
            found[taxon.pk] = None
    return found


def history(taxon: Taxon, place: str = "12") -> tuple[rulebook.LegalStatus, ...]:
    """The status of the taxon over time, oldest first."""
    return rulebook.history(names_of([taxon])[taxon.pk], place=place, within=above(taxon))


Panel = tuple[str, Callable[[Actor, Taxon], Mapping[str, Any]]]
PANELS: list[Panel] = []


def species_panel(template: str) -> Callable[[Callable[[Actor, Taxon], Mapping[str, Any]]], Any]:
    """The decorated function gives the context of a part of the species page that an app above fills."""

    def add(given: Callable[[Actor, Taxon], Mapping[str, Any]]) -> Any:
        PANELS.append((template, given))
        return given

    return add
