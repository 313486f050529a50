"""When migratory species are here: by month from verified records and from what is written with its source."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.db.models.functions import ExtractMonth
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

import rulebook
from baoton.kit.access import Actor
from baoton.kit.reading.register import REGISTERS
from baoton.observations.models import Occurrence, Season, Status
from baoton.places.queries import unit_name
from baoton.taxa.models import Taxon

SEASONS = {
    "xuan": (_lazy("Di cư mùa xuân"), (2, 3, 4, 5)),
    "sinh-san": (_lazy("Mùa sinh sản"), (4, 5, 6, 7, 8)),
    "thu": (_lazy("Di cư mùa thu"), (8, 9, 10, 11)),
    "tru-dong": (_lazy("Mùa trú đông"), (10, 11, 12, 1, 2, 3)),
}
"""The pages: months overlap, for one species passes while another breeds. Ours, no text sets them."""
KINDS = {"xuan": ("spring",), "sinh-san": ("breeding",), "thu": ("autumn",), "tru-dong": ("wintering",)}
COMMUNES = 5
CLOSED = ("migration.closed_seasons", "waters.closed_seasons")


def judge(record: Season) -> None:
    """A season has months and says where it is written."""
    for name in ("month_from", "month_to"):
        if not 1 <= getattr(record, name) <= 12:
            raise ValidationError({name: _("Tháng là số từ 1 đến 12.")})
    if not record.source.strip():
        raise ValidationError({"source": _("Ghi tài liệu nào nói điều này: tác giả, năm, trang.")})


@dataclass(frozen=True)
class Cell:
    """A month of a species: how many verified records the reader may see, and what is written of it."""

    month: int
    records: int
    written: str
    here: bool


@dataclass(frozen=True)
class Row:
    """One species of the calendar with its stop-over sites and the sources of what is written."""

    taxon: Taxon
    cells: Sequence[Cell]
    sites: Sequence[str]
    sources: Sequence[str]
    records: int


def calendar(actor: Actor, season: str = "", taxon: Any = None) -> list[Row]:
    """The species of which a season is written, of one page or all, by name, as the reader may know them."""
    door = REGISTERS["observations.season"].door(actor)
    rows = door.rows().select_related("taxon").order_by("taxon__scientific_name", "month_from", "id")
    if taxon is not None:
        rows = rows.filter(taxon=taxon)
    written: dict[Any, list[Season]] = defaultdict(list)
    for one in rows:
        written[one.taxon_id].append(one)
    if season:
        months, kinds = set(SEASONS[season][1]), KINDS[season]
        written = {
            k: v for k, v in written.items()
            if any(s.kind in kinds or (s.kind != "resident" and months & set(s.months)) for s in v)
        }  # fmt: skip
    counts, communes = _counted(
        actor, list(written), set(SEASONS[season][1]) if season else set(range(1, 13))
    )
    return [_row(s, counts, communes, season) for s in written.values()]


def _row(entries: Sequence[Season], counts: Any, communes: Any, season: str) -> Row:
    taxon = entries[0].taxon
    said: dict[int, list[str]] = defaultdict(list)
    for one in entries:
        for month in one.months:
            said[month].append(one.get_kind_display())
    shown = SEASONS[season][1] if season else tuple(range(1, 13))
    cells = [
        Cell(m, counts[taxon.pk].get(m, 0), ", ".join(dict.fromkeys(said[m])), bool(said[m]) or m in counts[taxon.pk])
        for m in shown
    ]  # fmt: skip
    places = [f"{s.place}{f' ({unit_name(s.area_path)})' if s.area_path else ''}" for s in entries if s.place]
    met = [(p, n) for p, n in sorted(communes[taxon.pk].items(), key=lambda i: (-i[1], i[0])) if p]
    places += [
        _("%(commune)s: %(n)d ghi nhận") % {"commune": unit_name(p), "n": n} for p, n in met[:COMMUNES]
    ]
    if len(met) > COMMUNES:
        places.append(_("và %(n)d xã khác ít ghi nhận hơn") % {"n": len(met) - COMMUNES})
    sources = list(dict.fromkeys(f"{s.source} ({s.get_certainty_display()})" for s in entries))
    return Row(taxon, cells, list(dict.fromkeys(places)), sources, sum(c.records for c in cells))


def _counted(actor: Actor, taxa: Iterable[Any], months: set[int]) -> tuple[Any, Any]:
    """Verified records the reader may see: by species and month; by species and commune as he may know it."""
    door = REGISTERS["observations.occurrence"].door(actor)
    seen = door.open(
        door.rows().filter(
            taxon__in=list(taxa), status=Status.VERIFIED, day_start__isnull=False,
            occurrence_status=Occurrence.Presence.PRESENT,
        )
    ).order_by()  # fmt: skip
    counts: dict[Any, dict[int, int]] = defaultdict(dict)
    communes: dict[Any, dict[str, int]] = defaultdict(dict)
    dated = seen.annotate(month=ExtractMonth("day_start"))
    for taxon, month, n in dated.values_list("taxon_id", "month").annotate(n=Count("pk")):
        counts[taxon][month] = n
    here = dated.filter(month__in=months).values_list("taxon_id", "door_area_path").annotate(n=Count("pk"))
    for taxon, path, n in here:
        communes[taxon][path] = n
    return counts, communes


def closed(on: date) -> list[dict[str, str]]:
    """The closed seasons that the law gives on the day; one that was not read says so."""
    told = []
    for name in CLOSED:
        try:
            value = str(rulebook.param(name, on=on))
        except (rulebook.NotVerified, rulebook.NotInForce):
            value = ""
        told.append({"name": name, "value": value})
    return told


def written_months(taxon_id: Any) -> frozenset[int]:
    """The months in which the species is here by what is written, whoever asks: it is literature."""
    rows = Season.objects.filter(Q(taxon=taxon_id), withdrawn__isnull=True)
    return frozenset(m for one in rows for m in one.months)
