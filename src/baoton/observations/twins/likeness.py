"""Which two records may tell of one meeting: compared field by field, each with its tolerance.

Blocks are the species (a synonym counts as its accepted name) and the day, one day more or less. Within a block two
records are alike when their places agree within `NEAR_M` or within what both are unsure of, they name a person in
common or one names nobody, and neither their counts, sexes nor stages contradict each other. Records of one visit are
told apart by their own ids: several animals, bursts of a camera and repeated counts are many meetings, so there only
rows that agree in every word are alike.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import cos, hypot, radians
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baoton.kit.place import EARTH_M_PER_DEGREE
from baoton.kit.text import fold
from baoton.observations.outings import persons, together

NEAR_M, FAR_M = 500.0, 5_000.0
COLUMNS = (
    "id", "taxon_id", "taxon__accepted_id", "scientific_name", "sort_day", "min_x", "max_x", "min_y", "max_y",
    "coordinate_uncertainty_m", "recorded_by", "individual_count", "sex", "life_stage", "event_id", "dataset_id",
    "event_date", "area_path", "occurrence_status",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What a record says of a meeting. `lon` and `lat` are degrees or None, `unsure` metres."""

    id: UUID
    species: str
    day: int
    lon: float | None
    lat: float | None
    unsure: float
    by: str
    count: int | None
    words: tuple[str, ...]
    visit: UUID | None
    dataset: UUID
    commune: str
    presence: str


def told(row: dict[str, Any]) -> Told:
    """A row of `COLUMNS` as the comparison reads it."""
    known = None not in (row["min_x"], row["max_x"], row["min_y"], row["max_y"])
    species = row["taxon__accepted_id"] or row["taxon_id"] or fold(row["scientific_name"]).strip()
    return Told(
        row["id"], str(species), row["sort_day"],
        (row["min_x"] + row["max_x"]) / 2 if known else None,
        (row["min_y"] + row["max_y"]) / 2 if known else None,
        row["coordinate_uncertainty_m"] or 0.0, row["recorded_by"], row["individual_count"],
        (fold(row["sex"]), fold(row["life_stage"]), row["event_date"]), row["event_id"], row["dataset_id"],
        row["area_path"], row["occurrence_status"],
    )  # fmt: skip


def metres(a: Told, b: Told) -> float | None:
    """How far apart on the ground; None where one has no coordinates."""
    if a.lon is None or b.lon is None or a.lat is None or b.lat is None:
        return None
    east = (a.lon - b.lon) * cos(radians((a.lat + b.lat) / 2))
    return hypot(east, a.lat - b.lat) * EARTH_M_PER_DEGREE


def alike(a: Told, b: Told) -> list[str]:
    """Why the two may be one meeting, in words; empty where they are not alike."""
    if a.id == b.id or a.species != b.species or abs(a.day - b.day) > 1 or 0 in (a.day, b.day):
        return []
    if a.presence != b.presence or _contradict(a, b):
        return []
    if a.visit is not None and a.visit == b.visit:
        same = (a.count, a.words, a.lon, a.lat, fold(a.by)) == (b.count, b.words, b.lon, b.lat, fold(b.by))
        return [_("giống nhau từng chữ trong cùng một đợt")] if same else []
    far = metres(a, b)
    if far is None:
        if not a.commune or a.commune != b.commune:
            return []
        where = _("cùng xã, một bản không có toạ độ")
    elif far <= max(NEAR_M, min(a.unsure + b.unsure, FAR_M)):
        where = _("cách nhau %(m)s m") % {"m": f"{far:,.0f}".replace(",", ".")}
    else:
        return []
    someone = persons(a.by) and persons(b.by)
    if someone and not together(a.by, b.by):
        return []
    who = _("cùng người ghi") if someone else _("một bản không ghi tên ai")
    when = _("cùng ngày") if a.day == b.day else _("lệch một ngày")
    count = [_("cùng số cá thể")] if a.count is not None and a.count == b.count else []
    return [when, where, who, *count]


def _contradict(a: Told, b: Told) -> bool:
    """Whether both say a count, a sex or a stage, and not the same."""
    if a.count is not None and b.count is not None and a.count != b.count:
        return True
    return any(x and y and x != y for x, y in zip(a.words[:2], b.words[:2], strict=True))


def pairs(rows: Iterable[Told]) -> Iterator[tuple[Told, Told, list[str]]]:
    """Every two alike among the rows, each once, block by block; of three alike all three pairs."""
    blocks: dict[tuple[str, int], list[Told]] = defaultdict(list)
    for one in rows:
        if one.day:
            blocks[one.species, one.day].append(one)
    for (species, day), here in blocks.items():
        for n, a in enumerate(here):
            for b in here[n + 1 :] + blocks.get((species, day + 1), []):
                if why := alike(a, b):
                    yield a, b, why
