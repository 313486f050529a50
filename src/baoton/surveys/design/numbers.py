"""How many sites and visits a campaign needs, from ecostat, and what each plan costs."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from baoton.kit.estimates import why_none
from baoton.surveys.models import Campaign

VISITS = (2, 3, 4, 5, 6, 8, 10)


@dataclass(frozen=True)
class Question:
    """What is believed before the survey, and what it must tell."""

    psi: float = 0.3
    p: float = 0.3
    se: float = 0.05
    after: float | None = None
    power: float = 0.8
    mean: float = 2.0
    rate: float | None = None
    years: int = 5


@dataclass(frozen=True)
class Plan:
    """A number of sites and visits that answers, what it costs (None: costs are not known), if in the budget."""

    sites: int
    visits: int
    se: float
    cost: int | None
    within: bool | None
    best: bool = False


def cost_of(campaign: Campaign, sites: int, visits: int) -> int | None:
    """What so many sites and so many visits in all cost; None unless both unit costs are written (0 is a cost)."""
    if campaign.cost_site is None or campaign.cost_visit is None:
        return None
    return sites * campaign.cost_site + visits * campaign.cost_visit


def plans(campaign: Campaign, asked: Question) -> tuple[list[Plan], str]:
    """One plan for each number of visits, the cheapest marked; and why there is none, or an empty text."""
    from ecostat.errors import EcostatError
    from ecostat.sampling import occupancy_se, occupancy_sites, occupancy_sites_for_change

    found: list[Plan] = []
    try:
        for visits in VISITS:
            if asked.after is None:
                sites = occupancy_sites(asked.psi, asked.p, visits, asked.se)
            else:
                sites = occupancy_sites_for_change(asked.psi, asked.after, asked.p, visits, asked.power)
            cost = cost_of(campaign, sites, sites * visits)
            within = None if cost is None or campaign.budget is None else cost <= campaign.budget
            found.append(Plan(sites, visits, occupancy_se(asked.psi, asked.p, sites, visits), cost, within))
    except EcostatError as error:
        return [], _(why_none(error))
    least = min(
        found, key=lambda one: (one.cost if one.cost is not None else one.sites * one.visits, one.visits)
    )
    return [Plan(o.sites, o.visits, o.se, o.cost, o.within, o is least) for o in found], ""


def of_trend(asked: Question) -> tuple[int | None, str]:
    """How many sites counted every year find a yearly change; None and why where no number does."""
    from ecostat.errors import EcostatError
    from ecostat.sampling import trend_sites

    if asked.rate is None:
        return None, ""
    try:
        return trend_sites(asked.rate, asked.years, asked.mean, power=asked.power, most=100_000), ""
    except EcostatError as error:
        return None, _("Không số điểm nào đủ: %(why)s") % {"why": _(why_none(error))}
