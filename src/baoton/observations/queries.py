"""What other apps may ask of the evidence stream."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from baoton.kit.access import Actor
from baoton.kit.place import Disclosure
from baoton.observations.models import Occurrence, Status
from baoton.places.queries import province_path
from baoton.taxa.models import Taxon
from baoton.taxa.queries import legal_statuses
from rulebook import LegalStatus

SINGLY = frozenset({"priority", "IA", "IB"})
Check = Callable[[Occurrence], str]
CHECKS: list[Check] = []
NOTES: list[Check] = []
OTHER_REPORTS: list[Callable[[Actor], list[tuple[str, str]]]] = []
"""What else an app lets somebody report from the forest in a few taps: label and address of each."""


def check(work: Check) -> Check:
    """The decorated function says in one sentence why a record needs a second look, or an empty text."""
    CHECKS.append(work)
    return work


def note(work: Check) -> Check:
    """The decorated function says in one sentence what is worth knowing of a record, or an empty text."""
    NOTES.append(work)
    return work


def doubts(record: Occurrence) -> list[str]:
    """Every reason to look twice before the record is verified."""
    return [told for told in (work(record) for work in CHECKS) if told]


def notes(record: Occurrence) -> list[str]:
    """What is worth knowing of a record, which bars nothing."""
    return [told for told in (work(record) for work in NOTES) if told]


def legal_group(record: Occurrence) -> LegalStatus | None:
    """What the lists say today of the record's species; None where it has none or its name is no Latin one."""
    if record.taxon is None:
        return None
    return legal_statuses([record.taxon])[record.taxon.pk]


def judged_singly(record: Occurrence) -> str:
    """Why a record may not be accepted among others: a doubt, or a species that is looked at one by one."""
    if told := doubts(record):
        return "; ".join(told)
    return _("loài ưu tiên: xem từng bản ghi") if priority(record.taxon) else ""


def priority(taxon: Taxon | None) -> bool:
    """Whether the species is under priority protection, of group IA or IB, or guarded by place."""
    if taxon is None:
        return False
    if taxon.sensitivity:
        return True
    status = legal_statuses([taxon])[taxon.pk]
    return status is not None and status.group in SINGLY


def verified() -> "QuerySet[Occurrence]":
    """The records that count: standing, verified, present."""
    return Occurrence.objects.filter(
        withdrawn__isnull=True, status=Status.VERIFIED, occurrence_status=Occurrence.Presence.PRESENT
    )


def in_province(rows: "QuerySet[Occurrence]", province: str = "") -> "QuerySet[Occurrence]":
    """The rows that fall in a commune of the province, ours unless another is given."""
    province = province or province_path()
    return rows.filter(Q(area_path=province) | Q(area_path__startswith=f"{province}/"))


@dataclass(frozen=True)
class Placed:
    """A species' verified records for computing: where they truly are, and where everybody may know them to be.

    `lon` and `lat` are of those with a place, `shown_lon` and `shown_lat` of those with a shown one; `rests_on`
    says under which areas, bodies and groups the records stand, as a grant must cover them.
    """

    keys: list[str]
    years: list[int | None]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    shown_lon: NDArray[np.float64]
    shown_lat: NDArray[np.float64]
    blurred: int
    withheld: int
    rests_on: list[dict[str, str]]
    input_hash: str


STANDS = ("area_path", "organisation", "taxon_group")


def placed(taxon_ids: Iterable[object], until: object = None) -> Placed:
    """The verified records of the taxa up to a day, in key order.

    The digest is over keys, revisions and levels alone: places could be found again from one by trying.
    """
    rows = verified().filter(taxon_id__in=list(taxon_ids))
    if until is not None:
        rows = rows.filter(day_start__lte=until)
    box = ("min_x", "max_x", "min_y", "max_y", "shown_x", "shown_y")
    found = list(rows.order_by("id").values_list(*box, "id", "revision", "disclosure", "year", *STANDS))
    xy = np.array([[np.nan if v is None else v for v in r[:6]] for r in found], np.float64).reshape(-1, 6)
    true, shown = ~np.isnan(xy[:, 0]), ~np.isnan(xy[:, 4])
    levels = np.array([r[8] for r in found], np.int64)
    text = "\n".join(f"{r[6]} {r[7]} {r[8]}" for r in found)
    return Placed(
        keys=[str(r[6]) for r in found],
        years=[r[9] for r in found],
        lon=(xy[true, 0] + xy[true, 1]) / 2,
        lat=(xy[true, 2] + xy[true, 3]) / 2,
        shown_lon=xy[shown, 4],
        shown_lat=xy[shown, 5],
        blurred=int((levels == Disclosure.GENERALISED).sum()),
        withheld=int((levels == Disclosure.WITHHELD).sum()),
        rests_on=[dict(zip(STANDS, one, strict=True)) for one in sorted({r[10:] for r in found})],
        input_hash=hashlib.sha256(text.encode()).hexdigest(),
    )
