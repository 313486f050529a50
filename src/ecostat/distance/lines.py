"""Lines or points, their effort and strata, matched with the detections made on them."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecostat import gates
from ecostat.distance.fitted import Fitted, PerSample
from ecostat.errors import EcostatError, TooFewData
from ecostat.floats import Floats


@dataclass(frozen=True)
class Lines:
    """`effort` (lines,), stratum number `of` (lines,), `strata` their labels, `areas` (strata,) or None, and
    `line` (n,), the line of each used detection (None: lines unknown, one total effort)."""

    effort: Floats
    of: NDArray[np.intp]
    strata: tuple[Hashable, ...]
    areas: Floats | None
    line: NDArray[np.intp] | None


def lines(
    model: Fitted,
    effort: PerSample | float,
    area: PerSample | float | None,
    strata: Mapping[Hashable, Hashable] | Sequence[Hashable] | NDArray | None,
    sample: Sequence[Hashable] | NDArray | None,
) -> Lines:
    """Effort, strata and detections are matched by label (mappings) or by number (arrays).

    A flat table is understood too: `sample`, `effort`, `strata` and `area` then have one entry a row given to
    `fit`, a line without detections being a row without a distance. A detection on a line without effort, a
    line without stratum, or strata without areas are refused.
    """
    if not isinstance(effort, Mapping):
        effort = gates.numbers("effort", effort, above=0, missing=False)
    if sample is not None and _flat(model, effort, sample):
        rows = gates.labels("sample", sample).tolist()
        effort = _once(rows, effort, "effort")
        if strata is not None and not isinstance(strata, Mapping):
            strata = _once(rows, strata, "strata")
        if area is not None and not isinstance(area, Mapping) and np.size(area) == len(rows):
            of_row = ["all"] * len(rows) if strata is None else [strata[label] for label in rows]
            area = _once(of_row, area, "area")
    if isinstance(effort, Mapping):
        names = list(effort)
        each = gates.numbers("effort", [effort[name] for name in names], above=0, missing=False)
    else:
        each = gates.numbers("effort", effort, above=0, missing=False)
        names = list(range(len(each)))
    if not len(each):
        raise EcostatError("effort must hold one positive number a line or point.")
    number = {name: i for i, name in enumerate(names)}
    if strata is None:
        labels: list[Hashable] = ["all"] * len(names)
    elif isinstance(strata, Mapping):
        if missing := [name for name in names if name not in strata]:
            raise EcostatError(f"Line {missing[0]!r} has no stratum.")
        labels = [strata[name] for name in names]
    else:
        labels = gates.labels("strata", strata).tolist()
        if len(labels) != len(names):
            raise EcostatError(f"strata has {len(labels)} entries for {len(names)} lines.")
    kinds = tuple(sorted(set(labels), key=lambda v: (str(type(v)), v)))
    of = np.array([kinds.index(v) for v in labels], np.intp)
    return Lines(each, of, kinds, _areas(area, kinds), _line(model, sample, number, len(each)))


def _flat(model: Fitted, effort: PerSample | float, sample: Sequence[Hashable] | NDArray | None) -> bool:
    """Whether effort has one entry a row of the table rather than one a line; refuses what could be both."""
    if sample is None or isinstance(effort, Mapping) or np.size(effort) != len(model.kept):
        return False
    labels = gates.labels("sample", sample).tolist()
    each = gates.numbers("effort", effort, above=0, missing=False)
    if len(labels) != len(each) or each.ndim != 1:
        return False
    numbers = all(isinstance(v, int) and 0 <= v < len(each) for v in labels)
    if not numbers:
        return True
    if len(set(labels)) == len(labels):
        return False  # one row a line: both readings agree
    if np.ptp(each) == 0:
        raise EcostatError("Is effort given a line or a row? Give it as a mapping from the label in sample.")
    return len({(label, e) for label, e in zip(labels, each.tolist(), strict=True)}) == len(set(labels))


def _once(labels: list, values: object, what: str) -> dict:
    """The one value that each label has in the rows of a table; two different ones are refused."""
    out: dict = {}
    for label, value in zip(labels, np.asarray(values).tolist(), strict=True):
        if out.setdefault(label, value) != value:
            raise EcostatError(f"{what} of {label!r} is both {out[label]!r} and {value!r}.")
    return out


def _areas(area: PerSample | float | None, kinds: tuple[Hashable, ...]) -> Floats | None:
    """The area of each stratum, in the order of the sorted labels."""
    if area is None:
        if len(kinds) > 1:
            raise EcostatError("area is needed for several strata: the total weights each by its area.")
        return None
    if isinstance(area, Mapping):
        if missing := [kind for kind in kinds if kind not in area]:
            raise EcostatError(f"Stratum {missing[0]!r} has no area.")
        areas = np.array([area[kind] for kind in kinds], float)
    else:
        areas = np.atleast_1d(np.asarray(area, float))
    if areas.shape != (len(kinds),):
        raise EcostatError(f"area has {areas.size} entries for {len(kinds)} strata (sorted: {list(kinds)}).")
    if not np.all(np.isfinite(areas)) or np.any(areas < 0):
        raise EcostatError("An area is negative or unknown.")
    return areas


def _line(
    model: Fitted,
    sample: Sequence[Hashable] | NDArray | None,
    number: Mapping[Hashable, int],
    count: int,
) -> NDArray[np.intp] | None:
    """The line number of each used detection."""
    if sample is None:
        if count > 1:
            raise TooFewData("sample is needed: which line each distance was measured from.")
        return None
    given = gates.labels("sample", sample).tolist()
    if len(given) == len(model.kept):
        given = [label for label, used in zip(given, model.kept, strict=True) if used]
    elif len(given) != model.n:
        raise EcostatError(f"sample has {len(given)} entries; the fit was given {len(model.kept)} distances.")
    if missing := [label for label in given if label not in number]:
        raise EcostatError(f"sample: a distance was measured from line {missing[0]!r}, which has no effort.")
    return np.array([number[label] for label in given], np.intp)
