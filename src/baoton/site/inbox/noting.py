"""Which verified records are news: each once, by increments of the outbox as rows come to count."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from baoton.kit.reading.register import Register
from baoton.kit.writing.outbox import Share
from baoton.notices import actions
from baoton.notices.queries import taxa_watched
from baoton.observations.models import Occurrence
from baoton.observations.queries import SINGLY
from baoton.site.inbox.kinds import COUNTS, SPECIES
from baoton.taxa.queries import legal_statuses


class SpeciesNews:
    """Notes verified records of priority species and of species that somebody watches; it keeps no word of them.

    Where very many rows change at once (an import of a whole collection) nothing is noted: that is no news.
    """

    name = "notices.species"
    soon = False

    def follows(self, book: Register) -> bool:
        return book.model is Occurrence

    def look(self, book: Register, keys: Sequence[Any]) -> Share:
        counted = Occurrence.objects.filter(
            pk__in=keys, withdrawn__isnull=True, taxon__isnull=False, **COUNTS
        )
        return Counter({(str(pk),): 1 for pk in counted.values_list("pk", flat=True)})

    def take(self, book: Register, share: Share) -> None:
        came = [key[0] for key, n in share.items() if n > 0]
        rows = list(Occurrence.objects.filter(pk__in=came, withdrawn__isnull=True).select_related("taxon"))
        taxa = {r.taxon.pk: r.taxon for r in rows if r.taxon is not None}
        groups = legal_statuses(list(taxa.values()))
        chosen = taxa_watched() | {
            pk
            for pk, one in taxa.items()
            if one.sensitivity or ((s := groups[pk]) is not None and s.group in SINGLY)
        }
        actions.note(SPECIES, [r.pk for r in rows if r.taxon_id in chosen])

    def rebuild(self, book: Register) -> None:
        return None
