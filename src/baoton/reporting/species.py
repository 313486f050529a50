"""A species' status as a line of the report and of its workbook."""

import rulebook.lists
from baoton.assessment.models import SpeciesStatus
from baoton.reporting.queries import number

UNKNOWN = "chưa có số liệu"
WITHHELD = "không công bố"
UNVERIFIED = " (*)"


def legal(status: SpeciesStatus) -> str:
    """The legal group in the office's short words; an unverified one is starred, none is a dash."""
    told = status.legal or {}
    group = told.get("group")
    if not group:
        return "–"
    known = rulebook.lists.groups().get(group)
    words = known.short if known else str(group)
    return words if told.get("certainty") == "read" else f"{words}{UNVERIFIED}"


def area(km2: float | None, status: SpeciesStatus) -> str:
    """The area as everybody may know it; of guarded places it may be kept back, which is not unknown."""
    if km2 is None:
        return WITHHELD if status.guarded else UNKNOWN
    return number(km2)


def line(n: int, status: SpeciesStatus) -> dict[str, str]:
    """Every cell as words; an unknown area says that there is none, never 0."""
    return {
        "n": str(n),
        "name": status.taxon.scientific_name,
        "vernacular": status.taxon.vernacular_vi or "–",
        "legal": legal(status),
        "records": number(status.records),
        "years": number(status.years),
        "eoo": area(status.eoo_km2, status),
        "aoo": area(status.aoo_km2, status),
        "indicated": status.indicated or "–",
        "category": status.category if status.status == SpeciesStatus.Status.ADOPTED else "chưa thông qua",
    }
