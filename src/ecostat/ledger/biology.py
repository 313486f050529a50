"""The most offspring a stock can bear in a time, daughters included."""

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass

from ecostat.errors import EcostatError


@dataclass(frozen=True, kw_only=True)
class Biology:
    """The best a species can do, so that a bound built on it is never too low.

    `litter_max`: largest litter or clutch hatched; `litter_interval_months`: shortest time from one to the
    next; `first_litter_months`: youngest age at the first; `gestation_months`: mating to birth;
    `female_share`: the largest share of a month's births that may be female; `needs_male`: is mating needed.
    """

    litter_max: int
    litter_interval_months: float
    first_litter_months: float
    gestation_months: float = 0
    female_share: float = 1.0
    needs_male: bool = True

    def __post_init__(self) -> None:
        if self.litter_max < 1 or self.litter_max != int(self.litter_max):
            raise EcostatError(f"the largest litter is a whole number of 1 or more, not {self.litter_max}")
        times = (self.litter_interval_months, self.first_litter_months)
        if not all(0 < v < math.inf for v in times) or not 0 <= self.gestation_months < math.inf:
            raise EcostatError("times between litters, to the first litter and of gestation are in months")
        if not 0 <= self.female_share <= 1:
            raise EcostatError(f"the share of females lies between 0 and 1, not {self.female_share}")

    def litters(self, months: float) -> int:
        """The most litters one female can have within this many months."""
        return math.ceil(months / self.litter_interval_months - 1e-9)

    def daughters(self, births: int) -> int:
        """The most females among so many offspring born together."""
        return math.ceil(births * self.female_share - 1e-9)


@dataclass(frozen=True)
class Stock:
    """The animals at the start: adult `females` and `males` (None: not known, taken as present).

    `young`: pairs of age in months and number, sex unknown.
    """

    females: int
    males: int | None = None
    young: Sequence[tuple[float, int]] = ()


@dataclass(frozen=True)
class MaxOffspring:
    """At most `offspring` in `litters`; `by_month` (whole months begun) sums to it; `reason` says how."""

    offspring: int
    litters: int
    by_month: tuple[int, ...]
    reason: str


def max_offspring(stock: Stock | int, biology: Biology, period: float) -> MaxOffspring:
    """The most offspring born in `period` months if every litter is the largest, and comes at the earliest.

    Adult females may be with young at the start; daughters breed once old enough. Without a male each adult
    female has at most the litter she already carries. Nothing dies.
    """
    held = Stock(int(stock)) if not isinstance(stock, Stock) else stock
    numbers = [held.females, held.males or 0, *(n for _, n in held.young)]
    if any(n < 0 or n != int(n) for n in numbers) or not 0 <= period <= 1200:
        raise EcostatError("a stock is counted in whole animals, and a period in months up to 1,200")
    male = held.males is None or held.males > 0 or bool(held.young) or not biology.needs_male

    # females that bear at a time, earliest first; an earlier litter is never worse, so all come at once
    bearing: dict[float, int] = {}
    queue: list[float] = []

    def bear(at: float, females: int) -> None:
        at = round(at, 9)
        if females and at < period:
            if at not in bearing:
                heapq.heappush(queue, at)
            bearing[at] = bearing.get(at, 0) + females

    bear(0, held.females)
    for age, n in held.young:
        bear(max(0.0, biology.first_litter_months - age), n)
    by_month = [0] * math.ceil(period)
    litters = 0
    while queue:
        at = heapq.heappop(queue)
        females = bearing.pop(at)
        litters += females
        by_month[int(at)] += females * biology.litter_max
        if male:
            bear(at + biology.litter_interval_months, females)
            bear(at + biology.first_litter_months, biology.daughters(females * biology.litter_max))
    born = sum(by_month)
    reason = (
        f"{held.females} adult females, litters of {biology.litter_max} every "
        f"{biology.litter_interval_months:g} months: at most {born} in {period:g} months"
        + ("" if male else "; without a male only the litters already carried")
    )
    return MaxOffspring(born, litters, tuple(by_month), reason)
