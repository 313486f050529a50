"""What is known about a taxon: numbers, intervals and the unknown, each read in one stated way."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from ecostat.errors import EcostatError
from ecostat.gates.numbers import is_missing
from ecostat.redlist.limits import GROUNDS

Number = float | tuple[float, float] | tuple[float, float, float]
Percent = Number | str | tuple[str, ...]
Flag = bool | float | tuple[float, float]
Aspects = Flag | str | Iterable[str]
Scenario = Literal["mild", "best", "worst"]

_ROMAN = {
    "continuing_decline": ("i", "ii", "iii", "iv", "v"),
    "extreme_fluctuation": ("i", "ii", "iii", "iv"),
}


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
    reduction: Percent | Mapping[str, Percent] | None = None
    reduction_basis: str | None = None
    mature_individuals: Number | None = None
    decline_rate: Percent | Mapping[int, Percent] | None = None
    generation_length: Number | None = None
    subpopulation_max: Number | None = None
    subpopulation_share: Percent | None = None
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


def tidy(evidence: Evidence) -> Evidence:
    """The same evidence in plain Python: numpy's numbers, arrays and missing values written as their twins."""
    if not isinstance(evidence, Evidence):
        raise EcostatError(f"evidence is an Evidence(…), not {type(evidence).__name__}")
    return Evidence(**{field.name: _plain(getattr(evidence, field.name)) for field in fields(evidence)})


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {_plain(k): _plain(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        value = value.tolist() if value.ndim else value[()]
    if is_missing(value):
        return None
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return tuple(_plain(v) for v in value)
    return float(value) if isinstance(value, Decimal | Fraction) else value


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
        decline=_aspects("continuing_decline", evidence.continuing_decline, scenario),
        fluctuation=_aspects("extreme_fluctuation", evidence.extreme_fluctuation, scenario),
        reductions=_reductions(evidence, scenario),
        mature=low("mature_individuals"),
        rate=_rate(evidence.decline_rate, scenario),
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
    if any(_is_share(v) for v in given):
        said.append("The reduction does not pass 1 and was read as a share: 0.8 is 80 %.")
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
    numbers = []
    for part in parts:
        if is_missing(part):
            return None
        if isinstance(part, str | bytes | complex):
            raise EcostatError(f"{name} must be a number or an interval, not {value!r:.60}")
        try:
            numbers.append(float(part))  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError):
            raise EcostatError(f"{name} must be a number or an interval, not {value!r:.60}") from None
    if any(math.isnan(v) for v in numbers):
        return None
    if any(math.isinf(v) for v in numbers):
        raise EcostatError(f"{name} is infinite: {value!r:.60}")
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
    found = _signed(name, value) or span(name, value)
    if found is None:
        return None
    return found[1] if scenario == "best" else found[2 if (scenario == "worst") == rising else 0]


def percents(name: str, value: object, *, whole: bool = False) -> tuple[float, float, float] | None:
    """Low, best and high in per cent of a figure given in per cent, or as a share from 0 to 1.

    A value below 1, and an interval from below 1 up to 1, are shares. 1 by itself could be one per cent or all:
    it is refused, unless `whole` says that it can only mean all. Text with its sign ("0.3 %") is per cent.
    """
    found = _signed(name, value)
    if found is None:
        found = span(name, value)
        if found is None:
            return None
        low, best, high = found
        if 0 < low < 1 < high:
            raise _mixed(name, low, high)
        if 0 < high < 1 or (high == 1 and (whole or low < 1)):
            found = 100 * low, 100 * best, 100 * high
        elif high == 1:
            raise EcostatError(f'{name} of 1 could be one per cent or all there is: write "1 %" or 100')
    if found[2] > 100:
        raise EcostatError(f"{name} is a percentage and cannot pass 100: {value!r:.60}")
    return found


def _mixed(name: str, low: float, high: float) -> EcostatError:
    return EcostatError(
        f'{name} runs from {low:g} to {high:g}: {low:g} could be a share or per cent; write ("{low:g} %", '
        f'"{high:g} %") or ({100 * low:g}, {high:g})'
    )


def _signed(name: str, value: object) -> tuple[float, float, float] | None:
    """Low, best and high of text that carries the sign of per cent; None for anything else."""
    parts = tuple(value) if isinstance(value, tuple | list) else (value,)
    if not parts or not all(isinstance(v, str) and v.strip().endswith("%") for v in parts):
        return None
    try:
        numbers = tuple(float(v.strip()[:-1]) for v in parts)
    except ValueError:
        raise EcostatError(f"{name} must be a number, or a number with %, not {value!r:.60}") from None
    return span(name, numbers)


def _percent(name: str, value: object, scenario: Scenario, *, whole: bool = False) -> float | None:
    found = percents(name, value, whole=whole)
    if found is None:
        return None
    return found[1] if scenario == "best" else found[2 if scenario == "worst" else 0]


def _is_share(value: object) -> bool:
    if _signed("reduction", value) is not None:
        return False
    found = span("reduction", value)
    return found is not None and (0 < found[2] < 1 or (found[2] == 1 and found[0] < 1))


def _rate(value: object, scenario: Scenario) -> float | dict[int, float] | None:
    """The rate of decline in per cent; a bare value up to 1 could be a share, and is refused."""
    given = value.values() if isinstance(value, Mapping) else [value]
    bare = [span("decline_rate", v) for v in given if _signed("decline_rate", v) is None]
    top = max((found[2] for found in bare if found is not None), default=0.0)
    if 0 < top <= 1:
        raise EcostatError(
            f'decline_rate of {top:g} could be {top:g} % or {100 * top:g} %: write "{top:g} %" or {100 * top:g}'
        )
    for found in bare:
        if found is not None and 0 < found[0] < 1 < found[2]:
            raise _mixed("decline_rate", found[0], found[2])
    return _windows("decline_rate", value, scenario, (3, 5, 10), 100)


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
    given = evidence.reduction_basis or ""
    if not isinstance(given, str):
        raise EcostatError(f"reduction_basis is words like A2bd, not {given!r:.40}")
    text = given.replace(" ", "")
    match = re.fullmatch(r"(A[1-4])?\(?([a-e,]*)\)?", text, re.IGNORECASE)
    if match is None:
        raise EcostatError(
            f"reduction_basis: a reduction rests on A1 to A4 and grounds a to e, not {text!r:.40}"
        )
    return (match[1] or "").upper(), "".join(sorted(set(match[2].lower().replace(",", ""))))


def _reductions(evidence: Evidence, scenario: Scenario) -> dict[str, float]:
    if isinstance(evidence.reduction, Mapping):
        if evidence.reduction_basis is not None:
            raise EcostatError(
                "reduction_basis: reductions by part name their own grounds: leave reduction_basis out"
            )
        given = dict(evidence.reduction)
    else:
        given = {"".join(_basis(evidence)): evidence.reduction} if evidence.reduction is not None else {}
    found = {}
    for basis, value in given.items():
        part, grounds = _basis(Evidence(reduction_basis=basis))
        part = part or "A2"
        wrong = [g for g in grounds if g not in GROUNDS[part]]
        if wrong:
            raise EcostatError(f"reduction: {part} looks ahead and cannot rest on direct observation (a)")
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
