"""What is known about a taxon: numbers, intervals and the unknown, each read in one stated way."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from ecostat.errors import EcostatError
from ecostat.redlist.limits import GROUNDS

Number = float | tuple[float, float] | tuple[float, float, float]
Flag = bool | float | tuple[float, float]
Aspects = Flag | str | Iterable[str]
Scenario = Literal["mild", "best", "worst"]

_ROMAN = {"decline": ("i", "ii", "iii", "iv", "v"), "fluctuation": ("i", "ii", "iii", "iv")}


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The data of one assessment: None is unknown, (low, high) an interval, (low, best, high) says its best.

    Meanings and units stand in docs/ecostat-api.md.
    """

    eoo: Number | None = None
    aoo: Number | None = None
    locations: Number | None = None
    severely_fragmented: Flag | None = None
    continuing_decline: Aspects | None = None
    extreme_fluctuation: Aspects | None = None
    reduction: Number | Mapping[str, Number] | None = None
    reduction_basis: str | None = None
    mature_individuals: Number | None = None
    decline_rate: Number | Mapping[int, Number] | None = None
    generation_length: Number | None = None
    subpopulation_max: Number | None = None
    subpopulation_share: Number | None = None
    extinction_probability: Number | Mapping[int, Number] | None = None
    plausible_threat: Flag | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """One reading of the evidence, every datum a point; `decline` and `fluctuation` list their aspects."""

    eoo: float | None
    aoo: float | None
    locations: float | None
    fragmented: bool | None
    decline: frozenset[str] | bool | None
    fluctuation: frozenset[str] | bool | None
    reductions: Mapping[str, float]
    mature: float | None
    rate: float | Mapping[int, float] | None
    generation: float | None
    largest: float | None
    share: float | None
    extinction: float | Mapping[int, float] | None
    threat: bool | None


def facts(evidence: Evidence, scenario: Scenario) -> Facts:
    """The evidence read at its best estimates, or at the least or most threatening end of every interval."""

    def low(name: str) -> float | None:  # the smaller, the worse
        return _point(name, getattr(evidence, name), scenario, rising=False)

    eoo, aoo = low("eoo"), low("aoo")
    if eoo is not None and aoo is not None and eoo < aoo:
        eoo = aoo
    return Facts(
        eoo=eoo,
        aoo=aoo,
        locations=low("locations"),
        fragmented=_flag("severely_fragmented", evidence.severely_fragmented, scenario),
        decline=_aspects("decline", evidence.continuing_decline, scenario),
        fluctuation=_aspects("fluctuation", evidence.extreme_fluctuation, scenario),
        reductions=_reductions(evidence, scenario),
        mature=low("mature_individuals"),
        rate=_windows("decline_rate", evidence.decline_rate, scenario, (3, 5, 10), 100),
        generation=_point("generation_length", evidence.generation_length, scenario, rising=True),
        largest=low("subpopulation_max"),
        share=_percent("subpopulation_share", evidence.subpopulation_share, scenario, whole=True),
        extinction=_windows(
            "extinction_probability", evidence.extinction_probability, scenario, (10, 20, 100), 1
        ),
        threat=_flag("plausible_threat", evidence.plausible_threat, scenario),
    )


def notes(evidence: Evidence) -> tuple[str, ...]:
    """How ambiguous data were read, in sentences."""
    said = []
    eoo, aoo = (_point(n, getattr(evidence, n), "best", rising=False) for n in ("eoo", "aoo"))
    if eoo is not None and aoo is not None and eoo < aoo:
        said.append(f"The EOO ({eoo:g} km²) is smaller than the AOO ({aoo:g} km²) and was set to it.")
    given = evidence.reduction.values() if isinstance(evidence.reduction, Mapping) else [evidence.reduction]
    if any(v is not None and _is_share(v) for v in given):
        said.append("The reduction lies below 1 and was read as a share: 0.8 is 80 %.")
    by_part = isinstance(evidence.reduction, Mapping)
    if evidence.reduction is not None and not by_part and not _basis(evidence)[0]:
        said.append("The reduction names no part of criterion A and was judged as A2.")
    if isinstance(evidence.extinction_probability, int | float | tuple):
        said.append(
            "The extinction probability names no time and was read as within each category's own window; "
            "give {10: …, 20: …, 100: …} to be exact."
        )
    if isinstance(evidence.decline_rate, int | float | tuple) and evidence.generation_length is None:
        said.append("No generation length: the windows of C1 are 3, 5 and 10 years.")
    return tuple(said)


def span(name: str, value: object) -> tuple[float, float, float] | None:
    """Low, best and high of a number or interval; None for the unknown; nonsense is refused by name."""
    if value is None:
        return None
    parts: tuple[object, ...] = (
        tuple(value) if isinstance(value, Iterable) and not isinstance(value, str) else (value,)
    )
    try:
        numbers = [float(v) for v in parts]  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise EcostatError(f"{name} must be a number or an interval, not {value!r}") from None
    if any(math.isnan(v) for v in numbers):
        return None
    if len(numbers) == 1:
        numbers *= 3
    elif len(numbers) == 2:
        numbers.insert(1, sum(numbers) / 2)
    if len(numbers) != 3 or not 0 <= numbers[0] <= numbers[1] <= numbers[2]:
        raise EcostatError(
            f"{name} must be a number or (low, high) or (low, best, high), not negative: {value!r}"
        )
    return numbers[0], numbers[1], numbers[2]


def _point(name: str, value: object, scenario: Scenario, *, rising: bool) -> float | None:
    found = span(name, value)
    if found is None:
        return None
    return found[1] if scenario == "best" else found[2 if (scenario == "worst") == rising else 0]


def _percent(name: str, value: object, scenario: Scenario, *, whole: bool = False) -> float | None:
    """Per cent; a value below 1 is a share (and 1 itself where it can only mean all of them)."""
    at = _point(name, value, scenario, rising=True)
    if at is None:
        return None
    top = span(name, value)
    assert top is not None
    if top[2] < 1 or (whole and top[2] == 1):
        at *= 100
    if at > 100:
        raise EcostatError(f"{name} is a percentage and cannot pass 100: {value!r}")
    return at


def _is_share(value: object) -> bool:
    found = span("reduction", value)
    return found is not None and 0 < found[2] < 1


def _flag(name: str, value: object, scenario: Scenario) -> bool | None:
    found = span(name, value)
    if found is None:
        return None
    if not found[2] <= 1:
        raise EcostatError(f"{name} is True, False or (0, 1) for perhaps, not {value!r}")
    if scenario == "best":
        return found[1] > 0.5
    return found[2] > 0.5 if scenario == "worst" else found[0] > 0.5


def _aspects(name: str, value: object, scenario: Scenario) -> frozenset[str] | bool | None:
    words: list[str] | None = None
    if isinstance(value, str):
        words = [w for w in re.split(r"[^a-z]+", value.lower()) if w]
    elif isinstance(value, Iterable):
        many = list(value)
        # (0, 1) is an interval, ("i", "iii") a list of aspects
        words = [str(v) for v in many] if not many or isinstance(many[0], str) else None
    if words is None:
        return _flag(name, value, scenario)
    if not words:
        return False
    unknown = [w for w in words if w not in _ROMAN[name]]
    if unknown:
        raise EcostatError(f"{name} has the aspects {', '.join(_ROMAN[name])}, not {unknown[0]!r}")
    return frozenset(words)


def _basis(evidence: Evidence) -> tuple[str, str]:
    """The part of criterion A that is named, or '', and its grounds."""
    text = (evidence.reduction_basis or "").replace(" ", "")
    match = re.fullmatch(r"(A[1-4])?\(?([a-e,]*)\)?", text, re.IGNORECASE)
    if match is None:
        raise EcostatError(f"a reduction rests on A1 to A4 and grounds a to e (A2bd), not {text!r}")
    return (match[1] or "").upper(), "".join(sorted(set(match[2].lower().replace(",", ""))))


def _reductions(evidence: Evidence, scenario: Scenario) -> dict[str, float]:
    if isinstance(evidence.reduction, Mapping):
        if evidence.reduction_basis is not None:
            raise EcostatError("reductions by part name their own grounds: leave reduction_basis out")
        given = dict(evidence.reduction)
    else:
        given = {"".join(_basis(evidence)): evidence.reduction} if evidence.reduction is not None else {}
    found = {}
    for basis, value in given.items():
        part, grounds = _basis(Evidence(reduction_basis=basis))
        part = part or "A2"
        wrong = [g for g in grounds if g not in GROUNDS[part]]
        if wrong:
            raise EcostatError(f"{part} looks ahead and cannot rest on direct observation (a)")
        at = _percent("reduction", value, scenario)
        if at is not None:
            found[part + grounds] = at
    return found


def _windows(
    name: str, value: object, scenario: Scenario, years: tuple[int, int, int], most: float
) -> float | dict[int, float] | None:
    if not isinstance(value, Mapping):
        at = _point(name, value, scenario, rising=True)
        if at is not None and at > most:
            raise EcostatError(f"{name} cannot pass {most:g}: {value!r}")
        return at
    found = {}
    for window, number in value.items():
        if window not in years:
            raise EcostatError(f"{name} has the windows {years} in years, not {window!r}")
        at = _point(name, number, scenario, rising=True)
        if at is not None:
            if at > most:
                raise EcostatError(f"{name} cannot pass {most:g}: {value!r}")
            found[int(window)] = at
    return found or None
