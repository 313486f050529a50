"""The category a body of evidence supports, its code, its range, and which datum would change it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from ecostat import gates
from ecostat.redlist import limits
from ecostat.redlist.criteria import NOT_EVALUATED, Finding, findings, rank
from ecostat.redlist.evidence import Evidence, Scenario, facts, notes, percents, span, tidy


@dataclass(frozen=True)
class Change:
    """Were `datum` known to be `value`, the category would be `category`."""

    datum: str
    value: object
    category: str
    sentence: str


@dataclass(frozen=True)
class Assessment:
    """An indication with its reasons, for a person to adopt or not.

    `category` at the best estimates, `range` from least to most threatened over the intervals; `code` as the
    Red List prints it; `not_assessed`: criteria the missing data leave open.
    """

    category: str
    range: tuple[str, str]
    code: str
    criteria: str
    findings: tuple[Finding, ...]
    not_assessed: tuple[str, ...]
    would_change: tuple[Change, ...]
    notes: tuple[str, ...]
    message: str


def classify(evidence: Evidence, *, near_threatened: bool = True) -> Assessment:
    """The highest category that any criterion supports (IUCN 2012, Categories and Criteria 3.1, 2nd ed.).

    Least Concern needs one criterion that can be ruled out whatever the unknown; else it is Data Deficient.
    `near_threatened=False` leaves out NT, whose limits are examples of the guidelines and not criteria.
    """
    evidence, near_threatened = tidy(evidence), gates.flag("near_threatened", near_threatened)
    found = findings(facts(evidence, "best"), near_threatened)
    category = _category(found)
    ends = sorted((_at(evidence, s, near_threatened) for s in ("mild", "best", "worst")), key=rank)
    criteria = _criteria(found, category)
    open_ = tuple(f.criterion for f in found if rank(f.possible) > max(rank(f.category), rank("NT")))
    changes = _changes(evidence, category, near_threatened)
    said = notes(evidence)
    if criteria == "D2" and evidence.plausible_threat is None:
        said += ("The category rests on D2 alone; D2 asks for a plausible threat, and none is named.",)
    return Assessment(
        category=category,
        range=(ends[0], ends[-1]),
        code=f"{category} {criteria}".strip(),
        criteria=criteria,
        findings=found,
        not_assessed=open_,
        would_change=changes,
        notes=said,
        message=_message(category, found, open_),
    )


def _category(found: Iterable[Finding]) -> str:
    highest = max((f.category for f in found if f.category != NOT_EVALUATED), key=rank, default="LC")
    # a missing threat (D2) says nothing of the rest, so it alone cannot make a taxon of Least Concern
    ruled_out = any(rank(f.possible) <= rank("NT") for f in found if f.criterion != "D2")
    if highest != "LC" or ruled_out:
        return highest
    return "DD"


def _at(evidence: Evidence, scenario: Scenario, near: bool) -> str:
    read = facts(evidence, scenario)
    if scenario == "mild" and read.threat is None:
        read = replace(read, threat=False)
    return _category(findings(read, near))


def _criteria(found: Iterable[Finding], category: str) -> str:
    """The criteria met at this category, as the Red List prints them: 'B1ab(iii)+2ab(iii); D'."""
    parts: dict[str, list[str]] = {}
    for f in found:
        if f.code and f.category == category:
            parts.setdefault(f.code[0], []).append(f.code[1:])
    return "; ".join(letter + "+".join(codes) for letter, codes in parts.items())


def _message(category: str, found: Iterable[Finding], open_: tuple[str, ...]) -> str:
    reasons = [f.reason for f in found if f.code and f.category == category]
    left = f" Not decided for want of data: {', '.join(open_)}." if open_ else ""
    if category == "DD":
        return "Data Deficient: no criterion can be decided from what is known." + left
    if not reasons:
        return "Least Concern: no criterion that can be decided is met." + left
    return f"{category}: {'; '.join(reasons)}." + left


# per datum: its limits in the criteria, tried from both sides, and its most threatening value
_TRIED: Mapping[str, tuple[tuple[float, ...], object]] = {
    "eoo": ((*limits.RANGE["B1"].values(), limits.NEAR_RANGE["B1"]), 1),
    "aoo": ((*limits.RANGE["B2"].values(), limits.D2_AOO, limits.NEAR_RANGE["B2"]), 1),
    "locations": (tuple(limits.LOCATIONS.values()), 1),
    "severely_fragmented": ((), True),
    "continuing_decline": ((), True),
    "extreme_fluctuation": ((), True),
    "reduction": ((20, 30, 50, 70, 80, 90), 100),
    "mature_individuals": (
        (*limits.SMALL.values(), *limits.TINY.values(), limits.NEAR_SMALL, limits.NEAR_TINY),
        1,
    ),
    "decline_rate": ((), 100),
    "subpopulation_max": (tuple(limits.LARGEST.values()), 1),
    "subpopulation_share": (tuple(limits.SHARE.values()), 100),
    "extinction_probability": (tuple(limits.EXTINCTION.values()), 1.0),
    "plausible_threat": ((), True),
}


def _changes(evidence: Evidence, category: str, near: bool) -> tuple[Change, ...]:
    """Every datum that alone would move the category, with the nearest value on each side that does."""
    out = []
    for field in fields(evidence):
        if field.name not in _TRIED:
            continue
        seen: set[str] = set()
        for value in _candidates(field.name, getattr(evidence, field.name)):
            changed: dict[str, Any] = {field.name: value}
            other = _category(findings(facts(replace(evidence, **changed), "best"), near))
            if other != category and other not in seen:
                seen.add(other)
                out.append(Change(field.name, value, other, _sentence(field.name, value, other)))
    return tuple(out)


def _candidates(name: str, given: object) -> list[object]:
    points, worst = _TRIED[name]
    if given is None:
        return [worst] if name != "plausible_threat" else [True, False]
    if not points and isinstance(worst, bool):
        return [False] if given and given != (0, 1) else [True] if given is False else [True, False]
    if isinstance(given, Mapping):
        return []
    percent = name in ("reduction", "subpopulation_share", "decline_rate")
    known = percents(name, given, whole=name == "subpopulation_share") if percent else span(name, given)
    if known is None:
        return [worst]
    step = 0.01 if name == "extinction_probability" else 1.0
    tried = {v for p in points for v in (p - step, p, p + step) if v > 0} | {known[0], known[2]}
    best = known[1]
    most = 100.0 if percent else 1.0 if name == "extinction_probability" else None
    nearest: list[float] = sorted(tried, key=lambda v: abs(v - best))
    least = 1.0 if percent else 0.0  # up to 1 a percentage could be read as a share
    return [v for v in nearest if (v > least or v == 0) and (most is None or v <= most)]


def _sentence(name: str, value: object, category: str) -> str:
    said = {True: "true", False: "false"}.get(value) if isinstance(value, bool) else f"{value:g}"
    return f"{category} if {re.sub('_', ' ', name)} were {said}"
