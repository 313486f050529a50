"""A species' status as a line of the report and of its workbook."""

import rulebook.lists
from baoton.assessment.models import SpeciesStatus
from baoton.reporting.queries import number

UNKNOWN = "chưa có số liệu"
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


def line(n: int, status: SpeciesStatus) -> dict[str, str]:
    """Every cell as words; an unknown area says that there is none, never 0."""
    return {
        "n": str(n),
        "name": status.taxon.scientific_name,
        "vernacular": status.taxon.vernacular_vi or "–",
        "legal": legal(status),
        "records": number(status.records),
        "years": number(status.years),
        "eoo": UNKNOWN if status.eoo_km2 is None else number(status.eoo_km2),
        "aoo": UNKNOWN if status.aoo_km2 is None else number(status.aoo_km2),
        "indicated": status.indicated or "–",
        "category": status.category if status.status == SpeciesStatus.Status.ADOPTED else "chưa thông qua",
    }
