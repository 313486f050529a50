"""The risk status of a breed, by limits whose source is stated; a limit that was not read gives None."""

from dataclasses import dataclass
from typing import Final

from ecostat import gates
from ecostat.errors import EcostatError
from ecostat.gates.numbers import is_missing

_FAO: Final = "FAO (1999) risk classes, as quoted by secondary pages; the text itself was not read"
_EAAP: Final = "EAAP classes as printed by the DAD-IS breed tools (FAO), by expected inbreeding in 50 years"
_CAPACITY: Final = "FAO (2013) In vivo conservation of animal genetic resources"

# effective sizes strictly below which a breed is critically, endangered, minimally, potentially endangered
_LIMITS: Final = {
    "cattle": (14, 20, 32, 67),
    "buffalo": (14, 20, 32, 67),
    "sheep": (20, 28, 45, 95),
    "goat": (20, 28, 45, 95),
    "horse": (11, 16, 25, 52),
    "ass": (11, 16, 25, 52),
    "pig": (33, 47, 74, 157),
}
_CLASSES: Final = (
    "critically endangered",
    "endangered",
    "minimally endangered",
    "potentially endangered",
    "not endangered",
)


@dataclass(frozen=True)
class Risk:
    """The class of a breed; `category` None where it cannot be said; `verified`: limits read at source."""

    category: str | None
    reason: str
    source: str
    verified: bool


def fao_risk(males: float | None, females: float | None, *, maintained: bool = False) -> Risk:
    """Critical below 100 females or up to 5 males, endangered up to 1,000 or 20, else not at risk.

    An unknown number (None or NaN) leaves the class open unless the other one settles it. The clauses on
    herds "slightly above" a limit name no number and are not applied. `maintained`: a programme keeps it.
    """
    m, f = _known("males", males), _known("females", females)
    maintained = gates.flag("maintained", maintained)
    worst = (
        min(v for v in (_rank(f, 100, 1001), _rank(m, 6, 21)) if v is not None)
        if (m, f) != (None, None)
        else None
    )
    if worst is None or (worst > 0 and (m is None or f is None)):
        return Risk(None, "the number of breeding males or females is not known", _FAO, False)
    category = ("critical", "endangered", "not at risk")[worst]
    if maintained and worst < 2:
        category += "-maintained"
    counted = [f"{v:g} breeding {s}" for v, s in ((f, "females"), (m, "males")) if v is not None]
    return Risk(category, " and ".join(counted), _FAO, False)


def eaap_risk(ne: float | None, species: str) -> Risk:
    """The class by effective size, for the species that have limits."""
    size = _known("ne", ne)
    if not isinstance(species, str):
        raise EcostatError(f"species is the name of a species, not {species!r:.40}")
    limits = _LIMITS.get(species)
    if limits is None:
        return Risk(
            None, f"no limits were read for {species}; there are some for {', '.join(_LIMITS)}", _EAAP, True
        )
    if size is None:
        return Risk(None, "the effective size is not known", _EAAP, True)
    category = _CLASSES[sum(size >= limit for limit in limits)]
    return Risk(category, f"an effective size of {size:.3g} in {species}", _EAAP, True)


def reproductive_risk(males: float | None, females: float | None, capacity: str) -> Risk:
    """Always None for now: the limits of 2013, by reproductive capacity, were not read in their text."""
    gates.choice("capacity", capacity, ("high", "low"))
    _known("males", males), _known("females", females)
    return Risk(None, "the limits of this scheme were not read in its text", _CAPACITY, False)


def _known(name: str, value: float | None) -> float | None:
    if is_missing(value):
        return None
    return gates.number(name, value, low=0)


def _rank(value: float | None, *limits: float) -> int | None:
    return None if value is None else sum(value >= limit for limit in limits)
