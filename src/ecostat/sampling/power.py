"""How many sites and visits an occupancy survey needs, from the variance of its estimate."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from ecostat import gates
from ecostat.errors import EcostatError, Infeasible


@dataclass(frozen=True)
class Power:
    """The chance `power` that a change is found at level `alpha`; `effect` and its `se` are on `scale`."""

    power: float
    effect: float
    se: float
    alpha: float
    scale: str
    message: str


@dataclass(frozen=True)
class OccupancyDesign:
    """The cheapest numbers of `sites` and `visits`, the `se` of occupancy they give, and their `cost`."""

    sites: int
    visits: int
    se: float
    cost: float
    message: str


def occupancy_se(psi: float, p: float, sites: float, visits: int) -> float:
    """The asymptotic standard error of occupancy (MacKenzie & Royle 2005, J. Appl. Ecol. 42:1105, eq. 3).

    At least two visits: with one, occupancy and detection cannot be told apart.
    """
    psi, p = gates.share("psi", psi, ends=False), gates.share("p", p, ends=False)
    visits, sites = gates.whole("visits", visits, low=2, high=100_000), gates.number("sites", sites, above=0)
    return float(np.sqrt(psi / sites * _inflation(psi, p, visits)))


def _inflation(psi: float, p: float, visits: int) -> float:
    seen = 1 - (1 - p) ** visits
    return float((1 - psi) + (1 - seen) / (seen - visits * p * (1 - p) ** (visits - 1)))


def occupancy_sites(psi: float, p: float, visits: int, se: float) -> int:
    """The least number of sites whose standard error of occupancy is at most `se`."""
    se = gates.number("se", se, above=0)
    sites = occupancy_se(psi, p, 1, visits) ** 2 / se**2
    if sites > 1e12:
        raise Infeasible(f"se of {se:g} would take {sites:.2g} sites")
    return max(1, int(np.ceil(sites - 1e-9)))


def occupancy_design(
    psi: float, p: float, se: float, visit_cost: float = 1.0, site_cost: float = 0.0, most_visits: int = 60
) -> OccupancyDesign:
    """The cheapest design that reaches `se`; a site costs `site_cost` plus `visit_cost` a visit."""
    visit_cost, site_cost = (
        gates.number("visit_cost", visit_cost, above=0),
        gates.number("site_cost", site_cost, low=0),
    )
    most_visits = gates.whole("most_visits", most_visits, low=2, high=100_000)
    visits = np.arange(2, most_visits + 1)
    variance = np.array([occupancy_se(psi, p, 1, int(k)) ** 2 for k in visits])
    best = int(np.argmin(variance * (site_cost + visit_cost * visits)))
    k = int(visits[best])
    sites = occupancy_sites(psi, p, k, se)
    told = f"{sites} sites with {k} visits each."
    if k == most_visits:
        told += " The best number of visits lies beyond the most allowed."
    return OccupancyDesign(
        sites, k, occupancy_se(psi, p, sites, k), sites * (site_cost + visit_cost * k), told
    )


def occupancy_power(
    psi: float, psi_after: float, p: float, sites: int, visits: int, alpha: float = 0.05
) -> Power:
    """The power to tell two occupancies apart in two surveys (Guillera-Arroita & Lahoz-Monfort 2012, Methods
    Ecol. Evol. 3:860), two-sided Wald test on the scale of probability."""
    alpha, psi_after = (
        gates.share("alpha", alpha, ends=False),
        gates.share("psi_after", psi_after, ends=False),
    )
    psi, p = gates.share("psi", psi, ends=False), gates.share("p", p, ends=False)
    sites, visits = gates.whole("sites", sites, low=1), gates.whole("visits", visits, low=2, high=100_000)
    se = float(np.hypot(occupancy_se(psi, p, sites, visits), occupancy_se(psi_after, p, sites, visits)))
    reach, shift = float(norm.ppf(1 - alpha / 2)), (psi_after - psi) / se
    power = float(norm.cdf(shift - reach) + norm.cdf(-shift - reach))
    told = (
        f"{sites} sites, {visits} visits: {psi:g} and {psi_after:g} are told apart {power:.0%} of the time."
    )
    if sites * min(psi, psi_after) * (1 - (1 - p) ** visits) < 10:
        told += " Fewer than 10 sites with a detection are expected: the true power is lower."
    return Power(power, psi_after - psi, se, alpha, "probability", told)


def occupancy_sites_for_change(
    psi: float, psi_after: float, p: float, visits: int, power: float = 0.8, alpha: float = 0.05
) -> int:
    """The least number of sites, each surveyed in both periods, at which that power is reached."""
    psi, psi_after = gates.share("psi", psi, ends=False), gates.share("psi_after", psi_after, ends=False)
    if psi == psi_after:
        raise Infeasible("No number of sites finds a change that is not there.")
    alpha, power = gates.share("alpha", alpha, ends=False), gates.share("power", power, ends=False)
    if power <= alpha:
        raise EcostatError("power lies between alpha and 1.")
    low, high = 0, 1
    while occupancy_power(psi, psi_after, p, high, visits, alpha).power < power:
        low, high = high, high * 2
        if high > 10**9:
            raise Infeasible("More than a thousand million sites would be needed.")
    while high - low > 1:
        middle = (low + high) // 2
        if occupancy_power(psi, psi_after, p, middle, visits, alpha).power < power:
            low = middle
        else:
            high = middle
    return high
