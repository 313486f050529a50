"""Density from a detection function and the effort behind it, with every part of its variance."""

import math
import warnings
from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm, t

from ecostat import gates
from ecostat.distance.fitted import Fitted
from ecostat.distance.lines import Lines
from ecostat.errors import EcostatError
from ecostat.floats import Floats

ENCOUNTER = ("R2", "R3", "O2", "S2", "P2", "P3", "poisson")


class Assumed(UserWarning):
    """A variance could not be measured from the data and rests on a stated assumption."""


@dataclass(frozen=True)
class StratumDensity:
    """One stratum, or all of them: animals per area unit with standard error, coefficient of variation,
    log-normal limits on `df` degrees of freedom; the same as a number of animals where the area is known
    (NaN otherwise); `n` detections on `lines` of `effort`; `encounter_rate` n / effort and the shares of the
    variance."""

    label: Hashable
    density: float
    se: float
    cv: float
    lower: float
    upper: float
    df: float
    abundance: float
    abundance_se: float
    abundance_lower: float
    abundance_upper: float
    n: int
    lines: int
    effort: float
    encounter_rate: float
    encounter_rate_cv: float
    detection_cv: float


@dataclass(frozen=True)
class Density(StratumDensity):
    """The whole study area, its `strata`, and one plain sentence."""

    strata: tuple[StratumDensity, ...]
    encounter: str
    level: float
    message: str


@dataclass(frozen=True)
class Scaling:
    """How detections become animals per area unit.

    `size`: animals in each detected group. `convert`: area units in one distance unit × effort unit (lines)
    or one distance unit² (points); metres and kilometres to km²: 0.001. `multiplier`: share of the covered
    area or time that was really covered, with its standard error. `encounter`: "R2" (default), "R3", "O2"
    (systematic lines in order; "S2" is its older name here), "P2" or "P3" (points), or "poisson".
    """

    size: ArrayLike | None = None
    convert: float = 1.0
    encounter: str | None = None
    multiplier: float = 1.0
    multiplier_se: float = 0.0
    level: float = 0.95

    def __post_init__(self) -> None:
        gates.keep(
            self,
            level=gates.share("level", self.level, ends=False),
            convert=gates.number("convert", self.convert, above=0),
            multiplier=gates.number("multiplier", self.multiplier, above=0),
            multiplier_se=gates.number("multiplier_se", self.multiplier_se, low=0),
        )

    def how(self, model: Fitted, known: bool) -> str:
        """The estimator of the variance between lines, after refusing what cannot be meant."""
        how = ("R2" if known else "poisson") if self.encounter is None else self.encounter
        gates.choice("encounter", how, ENCOUNTER)
        if how in ("P2", "P3") and model.survey != "point":
            raise EcostatError(f"{how} is a variance between points; these are lines: use 'R2' or 'O2'.")
        return how


def density(model: Fitted, ground: Lines, scaling: Scaling) -> Density:
    """Animals per area unit are estimated from a detection function and its effort.

    Variance = between-line encounter rate (Fewster et al. 2009, Biometrics 65:225-236; Innes et al. 2002 with
    covariates) + detection + multiplier, limits log-normal with Satterthwaite's degrees of freedom
    (Buckland et al. 2001, sections 3.6-3.7).
    """
    notes: list[str] = []
    how = scaling.how(model, ground.line is not None)
    if ground.line is None:
        notes.append("only the total effort is known, so encounters are assumed Poisson")
        warnings.warn(notes[-1], Assumed, 3)
    found = _strata(model, ground, scaling, how, notes)
    count = len(found.estimate)
    areas = np.full(count, np.nan) if ground.areas is None else ground.areas
    rows = tuple(
        found.summary(np.eye(count)[s], ground.strata[s], np.arange(count) == s, float(areas[s]))
        for s in range(count)
    )
    share = np.ones(1) if count == 1 else areas / areas.sum()
    whole = found.summary(share, "all", np.ones(count, bool), float(areas.sum()))
    lines = "" if ground.line is None else f" on {whole.lines} lines or points"
    lead = (
        f"{whole.density:.4g} animals per area unit ({scaling.level:.0%} limits {whole.lower:.4g} to "
        f"{whole.upper:.4g}) from {whole.n} detections{lines}"
    )
    return Density(
        **{name: getattr(whole, name) for name in StratumDensity.__dataclass_fields__},
        strata=rows,
        encounter=how,
        level=scaling.level,
        message="; ".join([lead, *notes]) + ".",
    )


def _strata(model: Fitted, ground: Lines, scaling: Scaling, how: str, notes: list[str]) -> "_Strata":
    """Each stratum's density with the parts of its variance."""
    count = len(ground.strata)
    unit = scaling.convert * scaling.multiplier * 2 * (model.truncation - model.left)
    if model.survey == "point":
        unit = scaling.convert * scaling.multiplier * math.pi * (model.truncation**2 - model.left**2)
    each = _animals(model, scaling.size) / model.p_each  # animals represented by each detection
    place = np.zeros(model.n, np.intp) if ground.line is None else ground.line
    per_line = np.bincount(place, each, len(ground.effort))
    own = ground.of[place]
    rate, length = (np.bincount(ground.of, a, count).astype(float) for a in (per_line, ground.effort))
    estimate = rate / (unit * length)
    slope = np.array([-(each[own == s] @ model.p_slope[own == s]) for s in range(count)])
    counts, lines = np.bincount(own, minlength=count), np.bincount(ground.of, minlength=count)
    spread = np.empty(count)
    for s, label in enumerate(ground.strata):
        mine, use, known = ground.of == s, how, len(notes)
        if counts[s] == 0:
            notes.append(f"nothing was detected in stratum {label!r}, whose density of 0 has no known error")
        if lines[s] == 1 and how != "poisson":
            use = "poisson"
            notes.append(f"stratum {label!r} has one line, so its encounters are assumed Poisson")
        for note in notes[known:]:
            warnings.warn(note, Assumed, 4)
        spread[s] = _encounter(per_line[mine], ground.effort[mine], use, each[own == s])
        if use == "P2" and np.ptp(ground.effort[mine]) > 0 and spread[s] > 0:
            other = _encounter(per_line[mine], ground.effort[mine], "R2", each[own == s])
            where = "" if count == 1 else f" in stratum {label!r}"
            notes.append(
                "P2 weighs every point alike, however often it was visited: the standard error of the encounter "
                f"rate{where} is {math.sqrt(spread[s] / other):.2f} times that of R2, which weighs by visits"
            )
    return _Strata(
        model=model,
        estimate=estimate,
        spread=spread * (estimate * length / np.where(rate > 0, rate, 1.0)) ** 2,
        slope=slope / (unit * length)[:, None],
        counts=counts,
        lines=lines,
        length=length,
        freedom=np.where(lines > 1, lines - 1, np.inf) if how != "poisson" else np.full(count, np.inf),
        of_multiplier=(scaling.multiplier_se / scaling.multiplier) ** 2,
        level=scaling.level,
    )


@dataclass(frozen=True)
class _Strata:
    """Of each stratum: density `estimate`, its variance from encounters (`spread`, on `freedom` degrees of
    freedom), its `slope` in the coefficients of detection, detections, lines and their length."""

    model: Fitted
    estimate: Floats
    spread: Floats
    slope: Floats
    counts: NDArray[np.intp]
    lines: NDArray[np.intp]
    length: Floats
    freedom: Floats
    of_multiplier: float
    level: float

    def summary(
        self, weight: Floats, label: Hashable, mine: NDArray[np.bool_], area: float
    ) -> StratumDensity:
        """One row of the result: a weighted mean of strata."""
        value = float(weight @ self.estimate)
        encounters = weight**2 * self.spread
        gradient = weight @ self.slope
        detected = float(gradient @ self.model.p_vcov @ gradient) if len(gradient) else 0.0
        variance = float(encounters.sum()) + detected + self.of_multiplier * value**2
        spare = self.model.n - len(self.model.coef)
        parts = float((encounters**2 / self.freedom).sum()) + (detected**2 / spare if spare > 0 else 0.0)
        df = variance**2 / parts if parts > 0 else math.inf
        se = math.sqrt(variance) if value > 0 else math.nan
        cv = se / value if value > 0 else math.nan
        tail = 0.5 + self.level / 2
        z = float(t.ppf(tail, df)) if math.isfinite(df) else float(norm.ppf(tail))
        factor = math.exp(z * math.sqrt(math.log1p(cv**2))) if value > 0 else math.nan
        n, long = int(self.counts[mine].sum()), float(self.length[mine].sum())
        return StratumDensity(
            label=label,
            density=value,
            se=se,
            cv=cv,
            lower=value / factor,
            upper=value * factor,
            df=df,
            abundance=value * area,
            abundance_se=se * area,
            abundance_lower=value / factor * area,
            abundance_upper=value * factor * area,
            n=n,
            lines=int(self.lines[mine].sum()),
            effort=long,
            encounter_rate=n / long,
            encounter_rate_cv=math.sqrt(float(encounters.sum())) / value if value > 0 else math.nan,
            detection_cv=math.sqrt(detected) / value if value > 0 else math.nan,
        )


def _animals(model: Fitted, size: ArrayLike | None) -> Floats:
    """The group size of each used detection, 1 when none is given."""
    if size is None:
        return np.ones(model.n)
    given = gates.numbers("size", size, low=0)
    if given.shape == model.kept.shape:
        given = given[model.kept]
    if given.shape != (model.n,):
        raise EcostatError("size must hold one known group size a detection.")
    gates.numbers("size", given, missing=False)
    return given


def _encounter(seen: Floats, effort: Floats, how: str, each: Floats) -> float:
    """Variance of Σ seen / Σ effort, seen being animals represented by the detections of each line."""
    total, k = effort.sum(), len(effort)
    if how == "poisson":
        return float((each**2).sum() / total**2)
    rate = seen / effort
    if how == "P2":  # every point alike, whatever its visits
        return float(rate.var(ddof=1) / k)
    if how == "R2":
        return float(k / (total**2 * (k - 1)) * (effort**2 * (rate - seen.sum() / total) ** 2).sum())
    if how in ("R3", "P3"):
        return float((effort * (rate - seen.sum() / total) ** 2).sum() / (total * (k - 1)))
    # O2: overlapping pairs of neighbouring lines as strata of two, for a systematic design in its order
    parts = 0.0
    for a, b in zip(range(k - 1), range(1, k), strict=True):
        pair = effort[[a, b]]
        mean = seen[[a, b]].sum() / pair.sum()
        parts += float((pair**2 * (rate[[a, b]] - mean) ** 2).sum() * 2)
    return k / (2 * (k - 1)) * parts / total**2


def of_lines(ground: Lines, animals: Floats, unit: float) -> float:
    """The area-weighted density of resampled lines, for the bootstrap."""
    count = len(ground.strata)
    found = np.bincount(ground.of, animals, count)
    walked = np.bincount(ground.of, ground.effort, count)
    share = np.ones(1) if count == 1 or ground.areas is None else ground.areas / ground.areas.sum()
    return float(share @ (found / (unit * walked)))
