"""What passes a gate, what is refused, and that every refusal names its argument."""

import datetime
import warnings
from typing import Any

import numpy as np
import pytest

from ecostat import gates
from ecostat.errors import EcostatError


def test_a_masked_value_is_missing_and_not_the_number_under_the_mask() -> None:
    column = np.ma.array([1, 255, 3], mask=[False, True, False])
    np.testing.assert_equal(gates.numbers("count", column), [1.0, np.nan, 3.0])
    np.testing.assert_equal(
        gates.numbers("count", np.ma.masked_equal([[1, 255]], 255), dims=2), [[1, np.nan]]
    )


def test_a_mask_does_not_change_the_array_that_was_given() -> None:
    column = np.ma.array([1.0, 2.0], mask=[True, False])
    gates.numbers("count", column)
    np.testing.assert_array_equal(column.data, [1.0, 2.0])


def test_none_and_pandas_na_are_missing() -> None:
    na = type("NAType", (), {})()
    np.testing.assert_equal(gates.numbers("count", [1, None, na, 4]), [1.0, np.nan, np.nan, 4.0])


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        (["1", "2"], r"count holds text \(1\)"),
        (np.array([1, "x"], object), r"count holds text \('x'\)"),
        ([[1], [2, 3]], "count is no array: its rows differ"),
        (np.array(["2026-01-01"], dtype="datetime64[D]"), "count holds dates"),
        ([1 + 2j], "count holds complex numbers"),
        ([[1, 2]], "count must be a column; it has 2 dimensions"),
        ([np.inf, 1], r"count\[0\] = inf is infinite"),
        ([1, -1e300], r"count\[1\] = -1e\+300 is infinite or too large"),
        ([10**400], "count holds int"),
        ([{}], r"count holds dict"),
        ([1, -2], r"count\[1\] = -2 is negative"),
        ([1.5, 2], r"count\[0\] = 1.5 is not a whole number"),
        ([1, 2, 3, 4], "count has 4 values where 2 are needed"),
    ],
)
def test_odd_columns_are_refused_by_name(odd: Any, said: str) -> None:
    with pytest.raises(EcostatError, match=said):
        gates.numbers("count", odd, size=2 if "where 2" in said else None, low=0, whole=True)


def test_a_single_number_is_known_and_no_truth_value() -> None:
    assert gates.number("cell", np.float32(2)) == 2.0
    assert gates.number("cell", np.array(2)) == 2.0
    strange: tuple[Any, ...] = (True, None, np.nan, "3", [1, 2], np.array([2.0]), np.ma.masked, {})
    for odd in strange:
        with pytest.raises(EcostatError, match="cell"):
            gates.number("cell", odd)
    with pytest.raises(EcostatError, match="must be a whole number"):
        gates.whole("cell", 2.5)
    with pytest.raises(EcostatError, match="between 0 and 1"):
        gates.share("level", 0.0, ends=False)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns", "m", "h"])
def test_times_are_the_same_seconds_in_every_unit(unit: str) -> None:
    at = np.datetime64("2026-01-01T00:00") + np.arange(5) * np.timedelta64(1, "h")
    np.testing.assert_array_equal(
        gates.seconds("time", at.astype(f"datetime64[{unit}]")), 1767225600 + 3600 * np.arange(5)
    )


def test_times_of_python_and_durations_and_zones_are_read() -> None:
    naive = datetime.datetime(2026, 1, 1, 7)
    zone = naive.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=7)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_equal(
            gates.seconds("time", [naive, None, datetime.date(2026, 1, 1)]),
            [1767250800, np.nan, 1767225600],
        )
        np.testing.assert_equal(gates.seconds("time", [zone, None]), [1767225600, np.nan])
        np.testing.assert_equal(gates.seconds("time", [zone, None], wall=True), [1767250800, np.nan])
    np.testing.assert_equal(gates.seconds("time", np.array([90, "NaT"], "timedelta64[m]")), [5400, np.nan])
    hidden = np.ma.array(np.array(["2026-01-01"] * 2, "datetime64[D]"), mask=[True, False])
    np.testing.assert_equal(gates.seconds("time", hidden), [np.nan, 1767225600])


@pytest.mark.parametrize(
    "odd",
    [
        ["yesterday"],
        ["x", 1],
        np.array([10**6], "datetime64[Y]"),
        [[1, 2]],
        [np.inf],
        [datetime.time(3)],
        [datetime.datetime(2026, 1, 1), 5],
    ],
)
def test_odd_times_are_refused_by_name(odd: Any) -> None:
    with pytest.raises(EcostatError, match="time"):
        gates.seconds("time", odd)


def test_years_may_be_dates_and_a_typing_error_is_named() -> None:
    np.testing.assert_array_equal(
        gates.years("year", np.array(["2007-05-01", "2008-01-01"], "datetime64[D]")), [2007, 2008]
    )
    np.testing.assert_array_equal(gates.years("year", [0, 1, 2]), [0, 1, 2])
    typed: list[tuple[Any, str]] = [
        ([2000, 2001, 20007], "20007"),
        ([2000, 2001, 10**9], "1000000000"),
        ([2000, 2001, 2002, 207], "207"),
        ([1900 + k for k in range(5)] + [2107], "2107"),
        ([2000.5], "not a whole number"),
        ([np.nan, 2000], "missing"),
        (["2000"], "text"),
    ]
    for odd, named in typed:
        with pytest.raises(EcostatError, match=f"year.*{named}"):
            gates.years("year", odd)


def test_places_off_the_globe_are_refused_and_half_a_pair_is_no_place() -> None:
    x, y = gates.lonlat([103.0, np.nan, 181.0], np.ma.array([22.0, 21.0, 0.0], mask=[False, False, True]))
    np.testing.assert_equal(x, [103.0, np.nan, np.nan])
    np.testing.assert_equal(y, [22.0, np.nan, np.nan])
    for lon, lat in ((22, 103), (361, 0), (-181, 0), (np.inf, 0), (500_000, 2_400_000)):
        with pytest.raises(EcostatError, match=r"lon.*lat.*no place on the globe"):
            gates.lonlat(lon, lat)


def test_degrees_are_not_taken_for_metres() -> None:
    with pytest.raises(EcostatError, match="posts look like degrees"):
        gates.planar("posts", [[103.1, 22.3], [103.2, 22.4]], reach=1000, reach_name="buffer")
    for metres in ([[0, 0]], [[0, 0], [50, 0]], [[0.5, 0.5], [300.5, 60.0]], [[583_000.4, 2_400_000.1]] * 2):
        gates.planar("posts", metres, reach=1000)
    gates.planar("posts", [[0.0, 0.0], [1.5, 0.2]], reach=5)  # kilometres: nothing says degrees


def test_names_are_never_missing_and_of_one_kind() -> None:
    assert gates.labels("site", ["a", "b"]).tolist() == ["a", "b"]
    assert gates.labels("site", [1, None], missing=True).tolist() == [1, None]
    names, code = gates.numbered("site", np.array(["b", "a", "b"], object))
    assert names.tolist() == ["a", "b"] and code.tolist() == [1, 0, 1]
    for odd, said in (
        (np.array([None, "a"], object), r"site\[0\] is missing"),
        ([1.0, np.nan], r"site\[1\] is missing"),
        (np.ma.array([1, 2], mask=[False, True]), r"site\[1\] is missing"),
        (np.array([1, "1"], object), "site mixes numbers and text"),
        (np.array([[1, 2]]), "site must be one column"),
        (np.array([{}, {}], object), "site holds dict"),
        ([["a"], ["b", "c"]], "site is no column"),
        ([1j], "site holds complex"),
    ):
        with pytest.raises(EcostatError, match=said):
            gates.labels("site", odd)


@pytest.mark.parametrize(
    "given", [[0, 0, 0, 0, 1], [False] * 4 + [True], np.eye(5)[4], np.eye(5, dtype=bool)[4], [4], [4.0]]
)
def test_a_selection_reads_masks_of_every_kind_and_numbers(given: Any) -> None:
    assert gates.selection("locked_out", given, 5).tolist() == [False] * 4 + [True]


def test_a_selection_that_could_be_both_is_refused() -> None:
    for given, size in (([0, 1], 2), ([1, 0], 2), ([0], 1)):
        with pytest.raises(EcostatError, match="locked_out may be a mask or unit numbers"):
            gates.selection("locked_out", given, size)
    assert gates.selection("locked_out", [True, False], 2).tolist() == [True, False]
    assert gates.selection("locked_out", [0, 0], 2).tolist() == [False, False]
    assert gates.selection("locked_out", [1], 1).tolist() == [True]
    assert gates.selection("locked_out", [0, 1], 5).tolist() == [True, True, False, False, False]
    assert gates.selection("locked_out", [], 2).tolist() == [False, False]


@pytest.mark.parametrize(
    "odd",
    [[0, 0, 1, 0], [5], [-1], [1.5], [True, False], [np.nan], "a", [[0, 1]], np.ma.array([1], mask=[True])],
)
def test_odd_selections_are_refused_by_name(odd: Any) -> None:
    with pytest.raises(EcostatError, match="locked_out"):
        gates.selection("locked_out", odd, 5)


def test_choices_flags_and_dice() -> None:
    assert gates.flag("serial", np.bool_(True)) is True
    gates.choice("key", "hn", ("hn", "hr"))
    assert gates.generator("rng", 3).random() == np.random.default_rng(3).random()
    for call in (
        lambda: gates.flag("serial", 1),
        lambda: gates.choice("serial", np.array([1, 2]), ("hn", "hr")),
        lambda: gates.choice("serial", True, (1, 2)),
        lambda: gates.generator("serial", None),
        lambda: gates.generator("serial", -1),
        lambda: gates.mask("serial", [0, 2]),
        lambda: gates.mask("serial", [0, np.nan]),
    ):
        with pytest.raises(EcostatError, match="serial"):
            call()


def test_a_covariate_of_visits_is_not_taken_for_covariates_of_sites() -> None:
    visits = np.random.default_rng(1).normal(size=(60, 4))
    with pytest.raises(EcostatError, match="p is 60 × 4, sites × visits"):
        gates.design("p", visits, (60, 4))
    with_intercept = np.column_stack([np.ones(60), visits[:, :3]])
    assert gates.design("p", with_intercept, (60, 4))[0].shape == (60, 4, 4)
    assert gates.design("p", visits[:, :2], (60, 4))[0].shape == (60, 4, 2)
    assert gates.design("p", np.stack([np.ones_like(visits), visits], axis=-1), (60, 4))[0].shape == (
        60,
        4,
        2,
    )
    for odd in (np.ones((60, 3, 2)), np.ones((59, 2)), np.ones((60, 0)), np.ones(60)):
        with pytest.raises(EcostatError, match="p "):
            gates.design("p", odd, (60, 4))


def test_a_masked_covariate_is_unknown() -> None:
    masked = np.ma.masked_equal(np.column_stack([np.ones(5), np.arange(5.0)]), 3.0)
    matrix, known = gates.design("psi", masked, (5,))
    assert known.tolist() == [True, True, True, False, True]
    assert matrix[3].tolist() == [0.0, 0.0]
