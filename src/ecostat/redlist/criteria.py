"""Each criterion's answer from one reading of the evidence: category, code, reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ecostat.redlist import limits
from ecostat.redlist.evidence import Facts

Answer = tuple[str, str, str]  # category, code, reason
NOT_EVALUATED = "not evaluated"

# what each criterion asks for: the datum as `Facts` names it, and as a person does
_ASKS: dict[str, dict[str, str]] = {
    "A": {"reductions": "a reduction"},
    "B1": {"eoo": "the extent of occurrence"},
    "B2": {"aoo": "the area of occupancy"},
    "C": {
        "mature": "mature individuals",
        "rate": "their rate of decline",
        "decline": "a continuing decline",
        "largest": "the largest subpopulation",
        "share": "the share in one subpopulation",
    },
    "D": {"mature": "mature individuals"},
    "D2": {"aoo": "the area of occupancy", "locations": "locations"},
    "E": {"extinction": "a probability of extinction"},
}
_ASKS["B1"] |= {
    "locations": "locations",
    "fragmented": "severe fragmentation",
    "decline": "a continuing decline",
    "fluctuation": "extreme fluctuation",
}
_ASKS["B2"] |= {k: v for k, v in _ASKS["B1"].items() if k != "eoo"}
_LC = ("LC", "", "")


@dataclass(frozen=True)
class Finding:
    """What one criterion says: `category` by what is known, `possible` were every unknown datum the worst.

    `category` is "not evaluated" where what is known meets no threshold and what is not known could: it is
    never LC for want of data. `code` is empty where the criterion is not met; `reason` is one sentence.
    """

    criterion: str
    category: str
    possible: str
    code: str
    reason: str


def worst_unknowns(f: Facts) -> Facts:
    """The same facts with every unknown datum at its most threatening."""

    def known(value: float | None, worst: float) -> float:
        return worst if value is None else value

    return replace(
        f,
        eoo=known(f.eoo, known(f.aoo, 0)),
        aoo=known(f.aoo, 0),
        locations=known(f.locations, 1),
        fragmented=True if f.fragmented is None else f.fragmented,
        decline=True if f.decline is None else f.decline,
        fluctuation=True if f.fluctuation is None else f.fluctuation,
        reductions=f.reductions or {"A2": 100},
        mature=known(f.mature, 1),
        rate=100.0 if f.rate is None else f.rate,
        largest=known(f.largest, 1),
        share=known(f.share, 100),
        extinction=1.0 if f.extinction is None else f.extinction,
        threat=True if f.threat is None else f.threat,
    )


def reduction(f: Facts, near: bool) -> Answer:
    """Criterion A: the part with the highest category gives the answer, parts beside it share the code."""
    best = "LC"
    codes: list[str] = []
    said: list[str] = []
    for basis, percent in sorted(f.reductions.items()):
        part = basis[:2]
        found = next((c for c in limits.THREATENED if percent >= limits.REDUCTION[part][c]), "LC")
        if found == "LC" and near and part != "A1" and percent >= limits.NEAR_REDUCTION:
            found = "NT"
        if found == "LC":
            continue
        if rank(found) > rank(best):
            best, codes, said = found, [], []
        if found == best:
            codes.append(basis[1:])
            said.append(f"a reduction of {percent:g} % ({basis})")
    if best == "LC":
        return _LC
    return best, "A" + "+".join(codes), " and ".join(said)


def small_range(part: str) -> Callable[[Facts, bool], Answer]:
    """Criterion B1 or B2: a small range and two of a, b, c."""

    def answer(f: Facts, near: bool) -> Answer:
        area = f.eoo if part == "B1" else f.aoo
        if area is None:
            return _LC
        name = "EOO" if part == "B1" else "AOO"
        b, c = _roman(f.decline), _roman(f.fluctuation)
        for category in limits.THREATENED:
            a = few_locations(f, limits.LOCATIONS[category])
            if area < limits.RANGE[part][category] and a + (b is not None) + (c is not None) >= 2:
                return category, part + _letters(a, b, c), f"{name} of {area:g} km² with {_told(a, b, c)}"
        a = few_locations(f, limits.LOCATIONS["VU"])
        held = a + (b is not None) + (c is not None)
        if near and area < limits.RANGE[part]["VU"] and held == 1:
            return "NT", part + _letters(a, b, c), f"{name} of {area:g} km², but only {_told(a, b, c)}"
        if near and area < limits.NEAR_RANGE[part] and held >= 2:
            return (
                "NT",
                part + _letters(a, b, c),
                f"{name} of {area:g} km², near the limit, with {_told(a, b, c)}",
            )
        return _LC

    return answer


def small_and_declining(f: Facts, near: bool) -> Answer:
    """Criterion C: few mature individuals and fewer every year."""
    if f.mature is None:
        return _LC
    for category in limits.THREATENED:
        if f.mature < limits.SMALL[category] and (code := _declining(f, category)):
            return category, "C" + code, f"{f.mature:g} mature individuals and a continuing decline"
    if near and f.mature <= limits.NEAR_SMALL and (code := _declining(f, "VU")):
        return "NT", "C" + code, f"{f.mature:g} mature individuals, near the limit, and a continuing decline"
    return _LC


def _declining(f: Facts, category: str) -> str:
    parts = []
    fall = _fall(f, category)
    if fall is not None and fall >= limits.C1_PERCENT[category]:
        parts.append("1")
    in_numbers = f.decline is True or (isinstance(f.decline, frozenset) and "v" in f.decline)
    if in_numbers or (fall is not None and fall > 0):
        i = f.largest is not None and f.largest <= limits.LARGEST[category]
        ii = f.share is not None and f.share >= limits.SHARE[category]
        b = f.fluctuation is True or (isinstance(f.fluctuation, frozenset) and "iv" in f.fluctuation)
        a = ",".join(name for name, held in (("i", i), ("ii", ii)) if held)
        if a or b:
            parts.append("2" + (f"a({a})" if a else "") + ("b" if b else ""))
    return "+".join(parts)


def _fall(f: Facts, category: str) -> float | None:
    """Per cent lost over the window of C1."""
    if isinstance(f.rate, Mapping):
        return f.rate.get(limits.C1_YEARS[category])
    if f.rate is None:
        return None
    years = max(limits.C1_YEARS[category], limits.C1_GENERATIONS[category] * (f.generation or 0))
    return 100 * (1 - (1 - f.rate / 100) ** min(years, 100))


def very_small(f: Facts, near: bool) -> Answer:
    """Criterion D: very few mature individuals."""
    if f.mature is None:
        return _LC
    for category in limits.THREATENED:
        if f.mature < limits.TINY[category]:
            return category, "D1" if category == "VU" else "D", f"{f.mature:g} mature individuals"
    if near and f.mature <= limits.NEAR_TINY:
        return "NT", "D1", f"{f.mature:g} mature individuals, near the limit"
    return _LC


def very_restricted(f: Facts, near: bool) -> Answer:
    """Criterion D2: so few places that one event could endanger it."""
    if f.threat is False:
        return _LC
    told = []
    if f.aoo is not None and f.aoo < limits.D2_AOO:
        told.append(f"AOO of {f.aoo:g} km²")
    if f.locations is not None and f.locations <= limits.D2_LOCATIONS:
        told.append(f"{f.locations:g} location" + ("s" if f.locations != 1 else ""))
    if not told:
        return _LC
    threat = "a plausible threat" if f.threat else "no word on a plausible threat, which D2 asks for"
    return "VU", "D2", f"{' and '.join(told)}, with {threat}"


def extinction(f: Facts, near: bool) -> Answer:
    """Criterion E: a quantitative analysis gives the probability of extinction."""
    for category in limits.THREATENED:
        years = limits.EXTINCTION_YEARS[category]
        p = f.extinction.get(years) if isinstance(f.extinction, Mapping) else f.extinction
        if p is not None and p >= limits.EXTINCTION[category]:
            return category, "E", f"extinction with probability {p:g} within {years} years or its generations"
    return _LC


CRITERIA: dict[str, Callable[[Facts, bool], Answer]] = {
    "A": reduction,
    "B1": small_range("B1"),
    "B2": small_range("B2"),
    "C": small_and_declining,
    "D": very_small,
    "D2": very_restricted,
    "E": extinction,
}


def findings(f: Facts, near: bool) -> tuple[Finding, ...]:
    """What every criterion says about one reading of the evidence."""
    worst = worst_unknowns(f)
    found = []
    for name, answer in CRITERIA.items():
        category, code, reason = answer(f, near)
        possible = answer(worst, near)[0]
        if category == "LC" and rank(possible) > rank("NT"):
            absent = [said for datum, said in _ASKS[name].items() if _unknown(f, datum)]
            category, reason = NOT_EVALUATED, f"not known: {', '.join(absent)}"
        found.append(Finding(name, category, possible, code, reason))
    return tuple(found)


def _unknown(f: Facts, datum: str) -> bool:
    value = getattr(f, datum)
    return value is None or value == {}


def rank(category: str) -> int:
    """How threatened a category is, from LC 0 to CR 4; DD stands below."""
    return limits.CATEGORIES.index(category) if category in limits.CATEGORIES else -1


def few_locations(f: Facts, most: int) -> bool:
    """Sub-criterion a."""
    return bool(f.fragmented) or (f.locations is not None and f.locations <= most)


def _roman(aspects: frozenset[str] | bool | None) -> str | None:
    """'(i,iii)' of the aspects shown, '' when none is named, None when it is not shown."""
    if isinstance(aspects, frozenset):
        order = ["i", "ii", "iii", "iv", "v"]
        return "(" + ",".join(sorted(aspects, key=order.index)) + ")"
    return "" if aspects else None


def _letters(a: bool, b: str | None, c: str | None) -> str:
    return ("a" if a else "") + ("" if b is None else "b" + b) + ("" if c is None else "c" + c)


def _told(a: bool, b: str | None, c: str | None) -> str:
    told = [("few locations or severe fragmentation", a), ("continuing decline", b is not None)]
    return " and ".join(t for t, held in [*told, ("extreme fluctuation", c is not None)] if held)
