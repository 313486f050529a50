"""Odd input to every public call gives a finite answer, or an error of ecostat that names the argument.

Every example makes one argument odd. `ECOSTAT_DRAWS=200` tries so many of them a call and not a dozen,
`ECOSTAT_EXHAUSTIVE=1` all.
"""

import dataclasses
import datetime
import importlib
import os
import pkgutil
import re
import signal
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ecostat
from ecostat.errors import EcostatError
from ecostat.tests.public_call import Call
from ecostat.tests.public_calls import CALLS

DRAWS = 100_000 if os.environ.get("ECOSTAT_EXHAUSTIVE") else int(os.environ.get("ECOSTAT_DRAWS", 12))

# fields that are NaN or infinite by what they say, each told in the docstring of its class
UNKNOWN = {
    "Activity": {"level_se", "level_ci", "density_ci"},
    "ArraySurvey": {"bearing"},
    "Boyce": {"index", "ratio"},
    "CellCounts": {"se", "vcov", "lam", "p", "density", "abundance", "total", "expected"},
    "Coverage": set(),
    "Curve": {"se", "lower", "upper", "median", "median_ci"},
    "Decline": {"arc"},
    "Density": {"abundance", "abundance_se", "abundance_lower", "abundance_upper", "df"},
    "StratumDensity": {"abundance", "abundance_se", "abundance_lower", "abundance_upper", "df"},
    "Detection": {"se", "vcov", "p_se", "p_vcov"},
    "DistanceCounts": {"se", "vcov", "expected", "density", "sigma", "p"},
    "Dynamic": {"se", "vcov", "psi", "gamma", "epsilon", "p", "projected", "smoothed"},
    "EncounterRate": {"se", "dispersion", "each"},
    "EncounterRates": {"rate", "se", "lower", "upper"},
    "ExtentBy": {"eoo_km2", "aoo_km2"},
    "FalsePositive": {"se", "vcov", "psi", "p", "wrong", "sure", "present", "gamma", "epsilon"},
    "Fwi": {"ffmc", "dmc", "dc", "isi", "bui", "fwi", "dsr"},
    "Graph": {"threshold", "area"},
    "Hotspots": {"z", "p", "q", "observed", "expected"},
    "Aoo": set(),
    "LdSize": {"ne", "ci"},
    "LeastCost": {"cost"},
    "LivingPlanet": {"index", "lower", "upper", "change", "species_change", "replicates"},
    "Mess": {"similarity", "each", "outside_share"},
    "NMixture": {"se", "vcov", "lam", "p", "abundance"},
    "Occupancy": {"se", "vcov", "psi", "p", "present"},
    "OpenNMixture": {"se", "vcov", "lam", "gamma", "omega", "p", "abundance"},
    "Overlap": {"se", "ci"},
    "Power": {"se"},
    "Prediction": {"estimate", "se", "lower", "upper"},
    "Problem": {"budget", "lack", "limit_low", "limit_high"},
    "Replacement": {"cost", "least"},
    "RepairedClock": {"time", "shift_seconds", "drift_seconds_per_day"},
    "Resistance": {"resistance", "current"},
    "RestrictedMean": {"se", "lower", "upper"},
    "RoyleNichols": {"se", "vcov", "lam", "psi", "r"},
    "Slope": {"p"},
    "SmoothIndex": {"curvature", "curvature_lower", "curvature_upper", "dispersion"},
    "SpatialCapture": {
        *("se", "vcov", "kappa", "kappa_se", "bearing_sd", "pcall", "pcall_se", "g0_se", "shape", "shape_se")
    },
    "ThreatTrend": {"se", "vcov", "occupancy_se", "trend", "trend_se", "trend_p"},
    "Validation": {"boyce", "score", "mean_boyce"},
    "Trim": {"p_fit"},
}
# calls whose answer is an array that is NaN where a row is unknown
ROWS_MAY_BE_UNKNOWN = {
    "events.sun_elevation",
    "fire.saturation_deficit",
    "fire.p_index",
    "fire.p_index by table",
    "fire.nesterov",
}

ODD_NUMBERS: tuple[Any, ...] = (
    np.nan, np.inf, -np.inf, -1, -0.5, 0, 0.5, 1, 1.0, 2, 1e300, -1e300, 1e-300, 10**30, 103.5, 20_007, "x", "",
    None, True, np.bool_(False), np.ma.masked, [], [1, 2], (0.1, 0.9), {}, {"x": 1}, object(), 1j, np.array([]),
    np.array([[1.0]]), np.array("2026-01-01", "datetime64[D]"), np.timedelta64(3, "h"), np.float32(0.25),
    np.datetime64("NaT"), datetime.date(2026, 1, 1), np.array([3]), np.int8(3), b"x",
    Decimal("0.3"), Decimal("NaN"), Fraction(1, 3), "0.5", "3", -2007, [None, None], np.float16(0.5), np.uint8(255),
    np.array(None, dtype=object), range(3), pl.Series([1.0, 2.0]), pl.lit(1),
)  # fmt: skip


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """An answer or an error comes within so many seconds."""

    def late(*_: object) -> None:
        raise AssertionError(f"no answer within {seconds} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def odd(good: Any) -> list[Any]:
    """The good value made odd in every way its kind allows, and values of other kinds."""
    if not isinstance(good, np.ndarray) or good.ndim == 0:
        more: list[Any] = [good]
        if isinstance(good, list | tuple):
            more += [
                [],
                list(good)[:-1],
                [*good, *good],
                [None, *good[1:]],
                [np.nan, *good[1:]],
                ["x", *good[1:]],
            ]
        return [*ODD_NUMBERS, *more]
    out: list[Any] = list(ODD_NUMBERS)
    out += [
        good.tolist(),
        good[:-1],
        np.concatenate([good, good[:1]]),
        good[::-1],
        good[:0],
        good[:1],
        good[None],
    ]
    out += [good.astype(object), good.astype(str), np.ma.array(good), np.ma.array(good, mask=True)]
    shut = good.copy()
    shut.flags.writeable = False
    out += [
        shut,
        np.repeat(good, 2, axis=0)[::2],
        good.repeat(2, axis=0),
        pl.Series(good.tolist(), strict=False),
        [None] * len(good),
    ]
    out += [np.array([good[0]] * len(good)), np.asfortranarray(good)]
    out += [tuple(good.tolist()), pl.DataFrame({"a": good.tolist()}, strict=False)]
    if good.dtype.kind in "biuf":
        flat = good.astype(float)
        numbers = [Decimal(repr(v)) for v in flat.ravel().tolist()]
        out += [numbers, [repr(v) for v in flat.ravel().tolist()], -flat, flat[..., None]]
        huge = flat.astype(object)
        huge.flat[0] = 10**40
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            out += [huge, flat.astype(np.int8), flat.astype(np.uint8), flat.astype(np.float16), flat > 0]
            out += [(flat * 1000).astype(np.int64).astype(np.int8), flat + 2**53]
        for value in (np.nan, np.inf, -np.inf, -1, 0, 0.5, 2, 1e300, -1e300, 1e-300, 1e12, 103.5, 20_007):
            changed = flat.copy()
            changed.flat[0] = value
            out.append(changed)
        out += [np.full_like(flat, v) for v in (np.nan, 0.0, 1.0, -3.0, 1e300, 1e-300, 0.3, 250.0)]
        out += [
            flat.astype(np.float32),
            flat.astype(np.complex128),
            flat > np.median(flat),
            (flat > 1).astype(int),
        ]
        out += [
            flat.astype("datetime64[s]"),
            flat.astype("timedelta64[m]"),
            np.sort(flat, axis=0),
            flat * 1e-9,
        ]
        holes = flat.astype(object)
        holes.flat[0] = None
        text = flat.astype(object)
        text.flat[0] = "x"
        out += [holes, text, [*flat.tolist()[:-1], "x"], [*flat.tolist()[:-1], [1, 2]]]
        out.append(np.ma.array(flat, mask=np.arange(flat.size).reshape(flat.shape) == 0))
    if good.dtype.kind == "M":
        out += [good.astype(f"datetime64[{u}]") for u in ("ns", "us", "ms", "s", "m", "h", "D", "M", "Y")]
        out += [good.astype(np.int64), np.where(np.arange(good.size) < 2, np.datetime64("NaT"), good)]
        out.append(good.astype("datetime64[s]").astype(object))
    return out


def unknown_fields(found: Any, where: str = "") -> list[str]:
    """Where an answer holds NaN or infinity that its class does not speak of."""
    if dataclasses.is_dataclass(found) and not isinstance(found, type):
        free = UNKNOWN.get(type(found).__name__, set())
        return [
            path
            for f in dataclasses.fields(found)
            if f.name not in free and not f.name.startswith("options")
            for path in unknown_fields(getattr(found, f.name), f"{type(found).__name__}.{f.name}")
        ]
    if isinstance(found, tuple | list):
        return [path for v in found for path in unknown_fields(v, where)]
    if isinstance(found, Mapping):
        return [path for v in found.values() for path in unknown_fields(v, where)]
    if isinstance(found, np.ndarray) and found.dtype.kind in "fc" and not np.isfinite(found).all():
        return [where or "the answer"]
    if isinstance(found, float | np.floating) and not np.isfinite(found):
        return [where or "the answer"]
    return []


def outcome(run: Callable[[], Any]) -> Any:
    """The answer, or the error where it is one of ecostat; any other error passes through."""
    with warnings.catch_warnings(), within(60):
        warnings.simplefilter("ignore")
        warnings.filterwarnings("error", category=DeprecationWarning)
        try:
            return run()
        except EcostatError as error:
            return error


def judge(call: Call, name: str, value: Any) -> None:
    """An answer without unspoken NaN, or a refusal that names the argument or its own kind."""
    found = outcome(lambda: call(**{name: value}))
    if isinstance(found, EcostatError):
        # two arguments that do not fit each other may be told by either name
        told = "|".join([call.said.get(name, name), *call.good, *call.fixed])
        if type(found) is EcostatError:
            named = re.search(rf"\b({told})s?\b", str(found), re.IGNORECASE)
            assert named, f"{call.name}({name}={value!r:.80}): {found}"
    elif call.name not in ROWS_MAY_BE_UNKNOWN:
        lost = unknown_fields(found)
        assert not lost, f"{call.name}({name}={value!r:.80}) gives NaN or infinity in {lost}"


@pytest.mark.parametrize("call", CALLS, ids=lambda c: c.name)
def test_the_good_input_of_the_table_has_an_answer(call: Call) -> None:
    found = outcome(call)
    assert not isinstance(found, EcostatError), found


@pytest.mark.parametrize("call", CALLS, ids=lambda c: c.name)
def test_odd_input_gives_a_finite_answer_or_an_error_that_names_it(call: Call) -> None:
    cases = [
        (name, i)
        for name, good in call.good.items()
        for i, v in enumerate(odd(good))
        if not call.long(name, v)
    ]

    @settings(
        max_examples=min(DRAWS, len(cases)),
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(cases))
    def check(case: tuple[str, int]) -> None:
        judge(call, case[0], odd(call.good[case[0]])[case[1]])

    check()


def test_every_public_call_stands_in_the_table() -> None:
    # gates, covariates and likelihood are the parts the calls are made of; plots draw results
    inner = {"gates", "covariates", "likelihood", "plots", "tests"}
    named = {call.name.split(" ")[0] for call in CALLS}
    missing = [
        f"{package.name}.{name}"
        for package in pkgutil.iter_modules(ecostat.__path__)
        if package.ispkg and package.name not in inner
        for name in importlib.import_module(f"ecostat.{package.name}").__all__
        if name[0].islower() and name != "gam" and f"{package.name}.{name}" not in named
    ]
    assert not missing


def same(one: Any, two: Any) -> bool:
    """Whether two answers are equal but for rounding, NaN beside NaN."""
    if isinstance(one, EcostatError) or isinstance(two, EcostatError):
        return type(one) is type(two)
    if dataclasses.is_dataclass(one) and not isinstance(one, type):
        return type(one) is type(two) and all(
            same(getattr(one, f.name), getattr(two, f.name))
            for f in dataclasses.fields(one)
            if f.name not in ("seconds", "message", "options", "curve", "features", "trees", "random")
        )
    if isinstance(one, tuple | list):
        return len(one) == len(two) and all(same(a, b) for a, b in zip(one, two, strict=True))
    if isinstance(one, np.ndarray) and one.dtype.kind in "fc":
        return one.shape == two.shape and bool(np.allclose(one, two, rtol=1e-7, atol=1e-9, equal_nan=True))
    if isinstance(one, np.ndarray) and one.dtype.kind in "Mm":
        return bool(np.array_equal(one, two, equal_nan=True))
    if isinstance(one, np.ndarray) and one.dtype.kind != "O":
        return bool(np.array_equal(one, two))
    if isinstance(one, float):
        return bool(np.isclose(one, two, rtol=1e-7, atol=1e-9, equal_nan=True))
    return bool(one == two) if isinstance(one, int | str | bool) else type(one) is type(two)


COLUMNS = [
    (call, name)
    for call in CALLS
    for name, value in call.good.items()
    if isinstance(value, np.ndarray) and value.dtype.kind in "iufM" and value.ndim
]


@pytest.mark.parametrize(("call", "name"), COLUMNS, ids=[f"{c.name}-{n}" for c, n in COLUMNS])
def test_a_masked_value_is_a_missing_one_and_a_list_is_its_array(call: Call, name: str) -> None:
    good = call.good[name]
    if good.dtype.kind == "M":
        hole = good.astype("datetime64[us]")
        hole[0] = np.datetime64("NaT")
    else:
        hole = good.astype(float)
        hole.flat[0] = np.nan
    mask = np.arange(good.size).reshape(good.shape) == 0
    masked = outcome(lambda: call(**{name: np.ma.array(good, mask=mask)}))
    assert same(masked, outcome(lambda: call(**{name: hole})))
    assert same(outcome(lambda: call(**{name: good.tolist()})), outcome(lambda: call.answer))
    # whatever stands under the mask
    other = good.copy()
    other.flat[0] = good.flat[-1] if good.dtype.kind == "M" else 77
    assert same(masked, outcome(lambda: call(**{name: np.ma.array(other, mask=mask)})))
