"""Bringing taxa into the list, deciding what a written name means, guarding places as the law asks."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import rulebook
from baoton.kit import jobs
from baoton.kit.access import Actor, System, require
from baoton.kit.ids import source_id
from baoton.kit.text import fold, tidy
from baoton.kit.writing import audit
from baoton.kit.writing.verb import declare
from baoton.taxa import guard
from baoton.taxa.disclosure import level_of
from baoton.taxa.models import Group, NameDecision, Taxon
from baoton.taxa.queries import above, names_of
from baoton.taxa.spelling import key_of

declare("taxa.load", gettext_lazy("nạp danh lục loài"))
declare("taxa.decide", gettext_lazy("quyết định tên"))
declare("taxa.guard", gettext_lazy("xét lại mức công bố vị trí"))

SEED = "rulebook:taxa"
COLUMNS = (
    "scientific_name",
    "authorship",
    "rank",
    "status",
    "accepted_id",
    "vernacular_vi",
    "kingdom",
    "phylum",
    "klass",
    "order",
    "family",
    "genus",
    "taxon_group",
    "expected",
    "source",
    "key",
    "search_text",
    "sensitivity",
    "sensitivity_why",
)


def load(actor: Actor | None = None) -> int:
    """The taxa of the rulebook stand in the list with their synonyms; how many rows are new or different.

    A row that a person has changed since is left as that person wrote it.
    """
    wanted = list(_seed())
    with transaction.atomic():
        known = Taxon.objects.in_bulk([t.pk for t in wanted])
        fresh = [t for t in wanted if t.pk not in known]
        other = [
            t
            for t in wanted
            if t.pk in known
            and known[t.pk].revision == 1
            and any(getattr(t, c) != getattr(known[t.pk], c) for c in COLUMNS)
        ]
        guard.withhold([t.pk for t in other if t.sensitivity != known[t.pk].sensitivity])
        Taxon.objects.bulk_create([t for t in fresh if t.accepted_id is None], batch_size=500)
        Taxon.objects.bulk_create([t for t in fresh if t.accepted_id], batch_size=500)
        Taxon.objects.bulk_update(other, COLUMNS, batch_size=200)
        if fresh or other:
            counts = {"taxa": len(wanted), "new": len(fresh), "changed": len(other)}
            audit.write(actor or System(), "taxa.load", register="taxa.taxon", new=counts)
    if other or _due():
        guard_again(actor or System())
    return len(fresh) + len(other)


def _seed() -> Iterable[Taxon]:
    """Accepted taxa and their synonyms as rows, with keys that stay the same at every load."""
    told = rulebook.taxa()
    accepted = {key_of(t.scientific_name) for t in told}
    for one in told:
        common = {
            "kingdom": one.kingdom,
            "phylum": one.phylum,
            "klass": one.klass,
            "order": one.order,
            "family": one.family,
            "genus": one.genus,
            "rank": one.rank,
            "taxon_group": Group.of(one.kingdom, one.phylum, one.klass),
            "source": one.source[:300],
        }
        taxon = Taxon(
            pk=source_id(SEED, f"{one.scientific_name}\x1f{one.kingdom}"),
            scientific_name=one.scientific_name,
            authorship=one.authorship,
            vernacular_vi="; ".join(one.vietnamese_names),
            expected=one.expected,
            source_key=one.scientific_name,
            **common,
        )
        synonyms = [n for n in one.synonyms if key_of(n) not in accepted]
        _derive(taxon, [one.scientific_name, *synonyms])
        yield taxon
        for name in synonyms:
            synonym = Taxon(
                pk=source_id(SEED, f"{name}\x1f{one.kingdom}"),
                scientific_name=name,
                status=Taxon.Status.SYNONYM,
                accepted=taxon,
                source_key=name,
                **common,
            )
            _derive(synonym, [one.scientific_name, *synonyms])
            yield synonym


def prepare(taxon: Taxon) -> None:
    """A taxon about to be saved has its key, search text and level, and its records follow the level."""
    taxon.scientific_name = tidy(taxon.scientific_name)
    taxon.genus = taxon.genus or taxon.scientific_name.split(" ")[0]
    taxon.status = Taxon.Status.SYNONYM if taxon.accepted_id else taxon.status
    stored = Taxon.objects.filter(pk=taxon.pk).first()
    names = [n for n in names_of([taxon])[taxon.pk] if stored is None or n != stored.scientific_name]
    _derive(taxon, [taxon.scientific_name, *names])
    if stored is None or stored.sensitivity != taxon.sensitivity:
        guard.withhold([taxon.pk])
    transaction.on_commit(lambda: guard_again(System()))


def _derive(taxon: Taxon, names: list[str]) -> None:
    """The columns that follow from the names; `names` are accepted name first, then synonyms."""
    taxon.key = key_of(taxon.scientific_name)
    own = names if taxon.accepted_id is None else [taxon.scientific_name]
    texts = (*own, taxon.vernacular_vi, taxon.vernacular_en)
    taxon.search_text = fold(" ".join(dict.fromkeys(t for t in texts if t)))
    taxon.sensitivity, why = level_of(names, above(taxon))
    taxon.sensitivity_why = why[:300]


def decide_name(actor: Actor, written: str, taxon: Taxon | None) -> NameDecision:
    """From now on the written name means the taxon, or nothing (None), in the records of the actor's body.

    Whoever belongs to none decides for the whole programme.
    """
    require(actor, "taxa.decide")
    body = str(getattr(actor, "organisation_id", "") or "")
    written = tidy(written)
    if not written:
        raise ValueError(_("Tên để trống."))
    with transaction.atomic():
        before = NameDecision.objects.filter(written=written, organisation=body).first()
        decision, _new = NameDecision.objects.update_or_create(
            written=written, organisation=body, defaults={"taxon": taxon, "decided_by": actor.actor_name}
        )
        audit.write(
            actor,
            "taxa.decide",
            register="taxa.name",
            object_name=written,
            old=None if before is None else {"taxon": str(before.taxon_id), "organisation": body},
            new={"taxon": None if taxon is None else str(taxon.pk), "organisation": body},
        )
    return decision


def guard_again(actor: Actor) -> Any:
    """A job sets every taxon's level as the law of today asks; records it changes are withheld meanwhile."""
    return jobs.ask(actor, "taxa.guard", str(_("Xét lại mức công bố vị trí")))


@jobs.kind("taxa.guard")
def _guard(progress: jobs.Progress) -> str:
    follow_the_law(progress)
    return ""


def follow_the_law(progress: jobs.Progress | None = None) -> int:
    """Every taxon has the level that the law of today gives it, and its records follow; how many rows were weighed."""
    return guard.settle(relevel(), progress)


def relevel() -> list[Any]:
    """Every taxon has the level that the law of today gives it; the keys of those whose level changed.

    In the same transaction the records of these, and whatever is linked to them, are withheld.
    """
    with transaction.atomic():
        changed, moved = [], []
        for taxon, level, why in _due():
            if level != taxon.sensitivity:
                moved.append(taxon.accepted_id or taxon.pk)
            taxon.sensitivity, taxon.sensitivity_why = level, why
            changed.append(taxon)
        Taxon.objects.bulk_update(changed, ["sensitivity", "sensitivity_why"], batch_size=500)
        pending = list(dict.fromkeys([*moved, *guard.waiting()]))
        guard.withhold(moved)
        if moved:
            audit.write(
                System(), "taxa.guard", register="taxa.taxon", new={"taxa": [str(pk) for pk in moved]}
            )
    return pending


def _due() -> list[tuple[Taxon, int, str]]:
    """The taxa whose level is not what the law of today asks, each with that level and its reason."""
    rows = list(Taxon.objects.filter(withdrawn__isnull=True))
    names = names_of(rows)
    told = ((taxon, *level_of(names[taxon.pk], above(taxon))) for taxon in rows)
    return [
        (taxon, level, why[:300])
        for taxon, level, why in told
        if (level, why[:300]) != (taxon.sensitivity, taxon.sensitivity_why)
    ]
