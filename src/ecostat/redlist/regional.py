"""The step from a global reading of the criteria to the category of one region's population."""

from dataclasses import dataclass

from ecostat import gates
from ecostat.gates.numbers import is_missing
from ecostat.redlist.assessment import Assessment
from ecostat.redlist.limits import CATEGORIES


@dataclass(frozen=True)
class Regional:
    """The category in the region; `code` carries ° when it differs; `steps`: −1 down, +1 up."""

    category: str
    code: str
    steps: int
    reason: str


def regional(
    assessed: Assessment | str,
    *,
    breeding: bool = True,
    immigration: bool | None = None,
    immigration_falling: bool | None = None,
    sink: bool | None = None,
    outside_worsening: bool | None = None,
    inside_worsening: bool | None = None,
    rescue: bool | None = None,
) -> Regional:
    """The second step of IUCN (2012) Guidelines for regional and national levels 4.0, figure 1.

    A breeding population is asked for significant immigration, whether that will fall, and whether it is a
    sink; a visiting one for conditions outside and inside the region and whether breeders could rescue it.
    None is "not known" and leaves the category as the guidelines then do.
    """
    category = assessed.category if isinstance(assessed, Assessment) else assessed
    gates.choice("assessed", category, (*CATEGORIES, "DD"))
    breeding = gates.flag("breeding", breeding)
    answers = {
        "immigration": immigration,
        "immigration_falling": immigration_falling,
        "sink": sink,
        "outside_worsening": outside_worsening,
        "inside_worsening": inside_worsening,
        "rescue": rescue,
    }
    immigration, immigration_falling, sink, outside_worsening, inside_worsening, rescue = (
        None if is_missing(value) else gates.flag(name, value) for name, value in answers.items()
    )
    if breeding:
        steps, reason = _breeding(immigration, immigration_falling, sink)
    else:
        steps, reason = _visiting(outside_worsening, inside_worsening, rescue)
    if category == "DD" and steps:
        return Regional("DD", "DD", 0, f"Data Deficient is not adjusted, though {reason}.")
    at = CATEGORIES.index(category) if category != "DD" else 0
    moved = min(max(at + steps, 0), len(CATEGORIES) - 1) if category != "DD" else at
    if category == "DD" or moved == at:
        return Regional(category, category, 0, f"Not adjusted: {reason}.")
    new = CATEGORIES[moved]
    return Regional(new, new + "°", moved - at, f"{'Down' if moved < at else 'Up'}listed: {reason}.")


def _breeding(immigration: bool | None, falling: bool | None, sink: bool | None) -> tuple[int, str]:
    if not immigration:
        known = (
            "no immigration" if immigration is False else "it is not known whether there is any immigration"
        )
        return 0, f"{known} that would reach and breed in the region"
    if falling is False:
        return -1, "immigrants breed in the region and will keep coming"
    if sink:
        return 1, "the population is a sink, and the immigration that feeds it may fall"
    return 0, "the immigration may fall, and the population is not known to be a sink"


def _visiting(outside: bool | None, inside: bool | None, rescue: bool | None) -> tuple[int, str]:
    if outside is not False:
        return 0, "conditions outside the region worsen or are not known"
    if inside is not False:
        return 0, "conditions inside the region worsen or are not known"
    if not rescue:
        return 0, "the breeding population could not rescue the visitors, or it is not known"
    return -1, "conditions hold and the breeding population could rescue the visitors"
