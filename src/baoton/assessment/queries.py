"""What other apps may ask of the species' status."""

from datetime import date
from typing import Any

from baoton.assessment.models import SpeciesStatus

NOT_ASSESSED = "chưa đánh giá"


def latest(taxon_id: Any) -> SpeciesStatus | None:
    """The newest standing status of a taxon, adopted or not."""
    rows = SpeciesStatus.objects.filter(taxon_id=taxon_id, withdrawn__isnull=True)
    return rows.exclude(status=SpeciesStatus.Status.SUPERSEDED).order_by("-on", "-id").first()


def of_year(year: int) -> list[SpeciesStatus]:
    """The standing statuses as of a year's last day or earlier in it, by species."""
    rows = SpeciesStatus.objects.filter(
        withdrawn__isnull=True, on__range=(date(year, 1, 1), date(year, 12, 31))
    ).exclude(status=SpeciesStatus.Status.SUPERSEDED)
    return list(rows.select_related("taxon").order_by("taxon__scientific_name"))
