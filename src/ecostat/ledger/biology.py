"""The most offspring a stock can bear in a time, daughters included."""

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ecostat import gates
from ecostat.errors import EcostatError

MOST = 1_000_000_000


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
        gates.keep(self, litter_max=gates.whole("litter_max", self.litter_max, low=1, high=1_000_000))
        # shorter than a day is no interval between litters, and a program over months would never end
        for name, least in (("litter_interval", 0.03), ("first_litter", 0.03), ("gestation", 0.0)):
            months = f"{name}_months"
            gates.keep(self, **{months: gates.number(months, getattr(self, months), low=least, high=1200)})
        gates.keep(
            self,
            female_share=gates.share("female_share", self.female_share),
            needs_male=gates.flag("needs_male", self.needs_male),
        )

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
    held = stock if isinstance(stock, Stock) else Stock(gates.whole("stock", stock, low=0))
    if not isinstance(biology, Biology):
        raise EcostatError(f"biology is a Biology(…), not {type(biology).__name__}")
    males = None if held.males is None else gates.whole("stock.males", held.males, low=0, high=MOST)
    held = replace(held, females=gates.whole("stock.females", held.females, low=0, high=MOST), males=males)
    try:
        young = [(age, n) for age, n in held.young]
    except (TypeError, ValueError):
        raise EcostatError("stock.young holds pairs of age in months and number") from None
    young = [
        (gates.number("stock.young age", age, low=0), gates.whole("stock.young number", n, low=0, high=MOST))
        for age, n in young
    ]
    period = gates.number("period", period, low=0, high=1200)
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
    for age, n in young:
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
