"""The group of a species on a day as decision tables ask for it, from the legal lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rulebook.answers import Origin
from rulebook.certainty import Certainty
from rulebook.status import legal_status

AQUATIC = ("I", "II")


@dataclass(frozen=True, slots=True)
class SpeciesGroup:
    """`group` is None when the tables cannot be asked; `sentence` says why it is this group."""

    group: str | None
    certainty: Certainty
    sentence: str


def species_group(
    names: str | Sequence[str], *, on: date, origin: Origin | None = None, place: str = "12"
) -> SpeciesGroup:
    """The strictest group that holds for a taxon on the day of the act, `ordinary` when no list names it.

    CITES appendices are not held by the rulebook: a species known to be in one and in no list is given its
    appendix by a person. A species of the aquatic lists is outside the decree on forestry: no group.
    """
    status = legal_status(names, on=on, origin=origin, place=place)
    group = status.group
    if group in AQUATIC:
        why = f"{status.sentence} Nghị định xử phạt về lâm nghiệp không nêu nhóm thủy sản."
        return SpeciesGroup(None, status.certainty, why)
    return SpeciesGroup(group or "ordinary", status.certainty, status.sentence)
