"""Mistakes people make with tables that look right: codes for nothing, swapped columns, clocks of another zone."""

import datetime

import numpy as np
import pytest

from ecostat import (
    abundance,
    capture,
    connectivity,
    distance,
    events,
    extent,
    fire,
    ledger,
    occupancy,
    redlist,
    suitability,
    trend,
)
from ecostat.errors import EcostatError

HANOI = datetime.timezone(datetime.timedelta(hours=7))
RNG = np.random.default_rng(4)
SITE, YEAR = np.repeat([7, 100, 3, 55, 8], 8), np.tile(np.arange(2000, 2008), 5)
COUNT = RNG.poisson(20, 40).astype(float)
HISTORY = (RNG.random((60, 4)) < 0.4).astype(float)


@pytest.mark.parametrize("code", [9, 99, 127, 255, 999, 9999, 32767, 65535])
def test_a_code_for_not_surveyed_is_no_detection(code: int) -> None:
    coded = HISTORY.copy()
    coded[3, 1] = coded[9, 0] = code
    for model in (occupancy.occu, occupancy.royle_nichols):
        with pytest.raises(EcostatError, match=rf"y holds {code} beside"):
            model(coded)
    with pytest.raises(EcostatError, match=rf"y holds {code} beside"):
        occupancy.dynamic(coded, 2)


@pytest.mark.parametrize("code", [999, 9999, 32767, 65535])
def test_a_code_for_not_counted_is_no_count(code: int) -> None:
    coded = np.r_[COUNT[:-1], code]
    for model in (1, 2, 3):
        with pytest.raises(EcostatError, match=f"count holds {code}"):
            trend.trim(SITE, YEAR, coded, model=model)
    with pytest.raises(EcostatError, match=f"y holds {code}"):
        abundance.nmixture(coded.reshape(10, 4))


def test_real_counts_pass() -> None:
    many = np.r_[COUNT[:-2], 500.0, 999.0]
    assert trend.trim(SITE, YEAR, many, model=2).n == 40
    groups = HISTORY * np.arange(1.0, 5.0)  # 1 to 4 animals seen at a visit
    assert occupancy.occu(groups).coef == pytest.approx(occupancy.occu(HISTORY).coef)


def test_sites_and_years_are_not_swapped_in_silence() -> None:
    with pytest.raises(EcostatError, match=r"year runs from 3 to 100 .* swapped"):
        trend.trim(YEAR, SITE, COUNT, model=2)
    assert trend.trim(SITE, YEAR - 2000, COUNT, model=2).n == 40  # numbered seasons


def test_a_date_belongs_to_the_year_of_its_own_calendar() -> None:
    new_year = [datetime.datetime(int(y), 1, 1, 3, tzinfo=HANOI) for y in YEAR]  # still the old year in UTC
    assert trend.trim(SITE, new_year, COUNT, model=2).years.tolist() == list(range(2000, 2008))


def test_activity_is_told_by_the_clock_on_the_wall() -> None:
    walls = [
        datetime.datetime(2026, 3, 1, 6, tzinfo=HANOI) + datetime.timedelta(minutes=7 * i) for i in range(30)
    ]
    zoned = events.activity(walls, reps=0)
    plain = events.activity(np.array([w.replace(tzinfo=None) for w in walls], "datetime64[us]"), reps=0)
    np.testing.assert_array_equal(zoned.density, plain.density)
    sun = events.sun_elevation(walls, 103.0, 22.0)  # the sun needs the moment itself
    moments = np.array([w.astimezone(datetime.UTC).replace(tzinfo=None) for w in walls], "datetime64[us]")
    np.testing.assert_allclose(sun, events.sun_elevation(moments, 103.0, 22.0))


@pytest.mark.parametrize("name", ["reduction", "decline_rate"])
def test_an_interval_from_a_share_to_a_percentage_is_refused(name: str) -> None:
    for mixed in ((0.3, 50), (0.3, 20, 50), [0.9, 5.0]):
        with pytest.raises(EcostatError, match=f"{name} runs from"):
            redlist.classify(redlist.Evidence(**{name: mixed}))
    for plain in ((0, 50), ("0.3 %", "50 %"), (1, 50)):
        redlist.classify(redlist.Evidence(**{name: plain}))


def test_what_is_no_result_of_another_call_is_refused_by_name() -> None:
    for call, name in (
        (lambda: connectivity.pc([1, 2], 3.0), "g"),
        (lambda: distance.select([1, 2]), r"models\[0\]"),
        (lambda: distance.select([]), "models"),
    ):
        with pytest.raises(EcostatError, match=rf"{name} must be"):
            call()


def test_half_precision_is_too_coarse_for_a_place() -> None:
    lon, lat = np.array([103.1, 103.3, 103.2]), np.array([22.3, 22.4, 22.6])
    for call in (extent.eoo, extent.aoo, lambda x, y: extent.eoo_by(["a"] * 3, x, y)):
        with pytest.raises(EcostatError, match="lon is in half precision"):
            call(lon.astype(np.float16), lat)
    assert extent.aoo(lon.astype(np.float32), lat.astype(np.float32)).cells == extent.aoo(lon, lat).cells


def test_zero_zero_far_from_all_else_is_no_place() -> None:
    lon, lat = [103.1, 103.3, 103.2, 0.0], [22.3, 22.4, 22.6, 0.0]
    for call in (extent.eoo, extent.aoo, lambda x, y: extent.extent_by(["a"] * 4, x, y)):
        with pytest.raises(EcostatError, match=r"lon 0, lat 0 .* write NaN"):
            call(lon, lat)
    at_the_gulf_of_guinea = extent.eoo([0.0, 1.0, 0.5], [0.0, 0.0, 2.0])
    assert at_the_gulf_of_guinea > 0
    assert len(extent.eoo_by(["a", "a", "a", "b"], lon, lat).species) == 2  # a species known from there alone


def test_a_cell_in_kilometres_is_refused() -> None:
    for call, name in (
        (lambda: extent.aoo([103.0], [22.0], cell_m=2), "cell_m"),
        (lambda: extent.locations([103.0], [22.0], threat_m=5), "threat_m"),
        (lambda: extent.aoo_by(["a"], [103.0], [22.0], cell_m=2), "cell_m"),
    ):
        with pytest.raises(EcostatError, match=rf"{name}: .* km"):
            call()


def test_patches_in_degrees_are_not_taken_for_metres() -> None:
    with pytest.raises(EcostatError, match="patches look like degrees"):
        connectivity.graph(np.array([[103.1, 22.3], [103.2, 22.4], [103.15, 22.33]]), 2500.0)
    assert connectivity.graph(np.array([[103.1, 22.3], [103.2, 22.4]]), 0.05).link_count == 0


@pytest.mark.parametrize("code", [-9999.0, -99999.0, 32767.0, -32768.0, 65535.0])
def test_a_code_for_no_data_is_no_covariate(code: float) -> None:
    x = RNG.normal(size=(60, 2))
    x[7, 1] = code
    seen = (RNG.random(60) < 0.4).astype(int)
    sites = np.column_stack([np.ones(60), x])
    for call, name in (
        (lambda: suitability.Glm().fit(seen, x), "x"),
        (lambda: suitability.Maxent("lq").fit(seen, x), "x"),
        (lambda: suitability.RandomForest(5).fit(seen, x, 3), "x"),
        (lambda: suitability.mess(x, x[:3]), "reference"),
        (lambda: occupancy.occu(HISTORY, psi=sites), "psi"),
        (lambda: occupancy.occu(HISTORY, "depth", data={"depth": x[:, 1]}), "'depth'"),
    ):
        with pytest.raises(EcostatError, match=rf"{name}.* code for no data"):
            call()


def test_metres_and_years_of_the_same_size_are_no_codes() -> None:
    elevation = np.r_[np.linspace(100, 30000, 59), 32767.0]
    occupancy.occu(HISTORY, "height", data={"height": elevation})


def test_bearings_in_radians_and_a_cell_of_another_unit_are_refused() -> None:
    posts = np.array([[0.0, 0.0], [500.0, 0.0], [1000.0, 0.0]])
    mask, cell = capture.buffer_mask(posts, 1000, 250)
    heard = {"animal": list("abcdef"), "post": [0, 1, 2, 0, 1, 2]}
    with pytest.raises(EcostatError, match="bearing looks like radians"):
        capture.survey(posts, mask, cell, **heard, bearing=RNG.uniform(0, 6.28, 6))
    for other in (6.25, 0.0625, 250.0):  # hectares, square kilometres, the step
        with pytest.raises(EcostatError, match=r"cell is .* each stands for about 62500"):
            capture.survey(posts, mask, other, **heard)
    with pytest.raises(EcostatError, match="post must be row numbers"):
        capture.survey(posts, mask, cell, animal=["a", "b"], post=[True, False])


def test_humidity_as_a_share_and_months_as_dates_are_refused() -> None:
    with pytest.raises(EcostatError, match="humidity never passes 1"):
        fire.saturation_deficit([20.0, 25.0], [0.5, 0.6])
    with pytest.raises(EcostatError, match="month"):
        ledger.Entry(202601, "opening", 3)


def test_dates_cannot_tell_half_hours_apart() -> None:
    days = np.datetime64("2026-03-01") + np.arange(5)
    for coarse in (days, days.astype("datetime64[h]"), days.astype("datetime64[M]"), days.tolist()):
        with pytest.raises(EcostatError, match="time is known to"):
            events.independent(coarse, 30)
    assert events.independent(days, 1440).n == 5


def test_a_column_of_times_has_one_kind_of_clock() -> None:
    naive, zoned = datetime.datetime(2026, 3, 1, 6), datetime.datetime(2026, 3, 1, 7, tzinfo=HANOI)
    with pytest.raises(EcostatError, match="time mixes datetimes with and without a zone"):
        events.independent([naive, zoned], 30)


def test_speeds_and_days_beyond_reason_are_refused() -> None:
    camera = {"speed": 5.0, "radius": 0.01, "angle": 0.7}
    for name, value in (("speed", 5000.0), ("radius", 10.0), ("angle", 40.0)):
        with pytest.raises(EcostatError, match=name):
            capture.rem([3, 0, 5], [30, 28, 31], **{**camera, name: value})
    with pytest.raises(EcostatError, match="days"):
        capture.rem([3, 0, 5], [30, 2e6, 31], **camera)
