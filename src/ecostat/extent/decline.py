"""Rates of decline between two areas at two dates."""

import math
from dataclasses import dataclass

from ecostat import gates
from ecostat.errors import EcostatError


@dataclass(frozen=True)
class Decline:
    """How fast an area went from its first value to its second.

    `ard`: area lost a year, in the unit of the areas; `prd`: % lost a year, compound; `arc`: % change a year,
    instantaneous (negative = loss); `years`: between the two dates.
    """

    ard: float
    prd: float
    arc: float
    years: float


def decline(area1: float, area2: float, year1: float, year2: float) -> Decline:
    """The three rates of Puyravaud (2003) and Keith et al. (2009); a gain shows as a negative loss.

    Areas in one unit, `area1` > 0, `area2` ≥ 0, `year2` after `year1`; otherwise EcostatError.
    """
    area1, area2 = gates.number("area1", area1, above=0), gates.number("area2", area2, low=0)
    year1, year2 = (gates.number(n, v, low=-9999, high=9999) for n, v in (("year1", year1), ("year2", year2)))
    years = year2 - year1
    if years <= 0:
        raise EcostatError(f"year2 must come after year1: {year1:g}, {year2:g}")
    left = area2 / area1
    return Decline(
        ard=(area1 - area2) / years,
        prd=100 * (1 - left ** (1 / years)),
        arc=100 * math.log(left) / years if left > 0 else -math.inf,
        years=years,
    )
