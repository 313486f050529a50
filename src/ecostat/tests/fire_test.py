"""Fire danger and hotspots: published codes day by day, hand-made sums, an independent clustering."""

import csv
from pathlib import Path

import numpy as np
import pytest
from sklearn.cluster import DBSCAN

from ecostat.errors import EcostatError
from ecostat.fire import danger_level, fwi, hotspots, nesterov, p_index, saturation_deficit


@pytest.mark.outside
def test_the_canadian_codes_are_those_of_the_published_table(shared: Path) -> None:
    with open(shared / "data/reference/test_fwi.csv", encoding="utf-8") as rows:
        table = list(csv.DictReader(rows))

    def column(name: str) -> np.ndarray:
        return np.array([float(row[name]) for row in table])

    found = fwi(column("TEMP"), column("RH"), column("WS"), column("PREC"), column("MON").astype(int), lat=40)
    assert len(table) == 48
    for name in ("FFMC", "DMC", "DC", "ISI", "BUI", "FWI", "DSR"):
        assert getattr(found, name.lower()) == pytest.approx(column(name), abs=1e-9)


def test_places_side_by_side_do_not_touch_each_other() -> None:
    rng = np.random.default_rng(0)
    t, rh = rng.uniform(5, 35, (40, 3)), rng.uniform(10, 100, (40, 3))
    wind, rain = rng.uniform(0, 40, (40, 3)), rng.exponential(3, (40, 3)) * (rng.random((40, 3)) < 0.4)
    month = np.repeat([3, 4], 20)
    together = fwi(t, rh, wind, rain, month, lat=22)
    alone = fwi(t[:, 1], rh[:, 1], wind[:, 1], rain[:, 1], month, lat=22)
    assert together.fwi[:, 1] == pytest.approx(alone.fwi)
    assert (together.ffmc <= 101).all() and (together.dmc >= 0).all() and (together.bui >= 0).all()


def test_day_length_follows_the_latitude() -> None:
    dry = ([25.0], [40.0], [10.0], [0.0], [12])
    december = {lat: fwi(*dry, lat=lat).dmc[0] for lat in (45, 22, 0, -22, -45)}
    assert december[45] < december[22] < december[0] < december[-22] < december[-45]


def test_a_missing_day_leaves_the_codes_unknown_and_not_low() -> None:
    t = np.array([20.0, np.nan, 20.0])
    found = fwi(t, [40.0] * 3, [10.0] * 3, [0.0] * 3, [4] * 3)
    assert list(np.isnan(found.fwi)) == [False, True, True]
    for column in range(4):
        weather = [np.full(3, v) for v in (20.0, 40.0, 10.0, 0.0)]
        weather[column][1] = np.nan
        assert np.isnan(fwi(*weather, [4] * 3).fwi[1])


def test_extreme_weather_stays_within_the_codes() -> None:
    for rain, rh in [(0, 0), (0, 100), (500, 100)]:
        found = fwi([40.0] * 60, [rh] * 60, [80.0] * 60, [rain] * 60, [7] * 60, ffmc=0, dmc=0, dc=0)
        assert ((found.ffmc >= 0) & (found.ffmc <= 101)).all()
        assert np.isfinite(found.fwi).all() and (found.fwi >= 0).all() and (found.dc >= 0).all()


def test_a_flood_on_a_frosty_day_leaves_nothing_to_burn() -> None:
    found = fwi([-20.0], [100.0], [0.0], [500.0], [1], lat=46, dmc=0.2, dc=100)
    assert (found.dmc[0], found.dc[0], found.bui[0]) == (0, 0, 0)
    assert found.fwi[0] < 0.1
    dry = fwi([-20.0], [30.0], [0.0], [0.0], [1], lat=46, dmc=50, dc=300)
    assert (dry.dmc[0], dry.dc[0]) == (50, 300)


@pytest.mark.parametrize(
    ("lat", "hours"), [(46, 12.8), (30, 9.5), (10, 9.0), (-10, 8.5), (-30, 7.9), (20, 9.5), (-46, 7.9)]
)
def test_the_duff_dries_by_the_hours_of_its_band_of_latitude(lat: float, hours: float) -> None:
    grown = fwi([20.0], [40.0], [10.0], [0.0], [4], lat=lat).dmc[0] - 6
    assert grown == pytest.approx(1.894e-4 * 21.1 * 60 * hours)


def test_the_deep_humus_dries_by_the_season_of_its_hemisphere() -> None:
    grown = [fwi([20.0], [40.0], [10.0], [0.0], [4], lat=lat).dc[0] - 15 for lat in (21, 20, -20)]
    assert grown == pytest.approx([0.5 * (0.36 * 22.8 + s) for s in (0.9, 1.4, 0.4)])


def test_dry_days_add_up_and_rain_sets_the_index_back() -> None:
    t, d = np.array([30.0, 32, 31, 20, 30]), np.array([20.0, 22, 21, 2, 20])
    p = p_index(t, deficit=d, rain=[0, 0, 5, 12, 0], reset_mm=5)
    assert list(p) == [600, 600 + 704, 600 + 704 + 651, 0, 600]
    assert list(p_index(t, deficit=d, rain=[0, 0, 5.1, 12, 0], reset_mm=5)) == [600, 1304, 0, 0, 600]
    assert p_index(t, deficit=d, rain=np.zeros(5), reset_mm=5, start=1000)[0] == 1600


def test_the_rain_that_resets_may_change_by_day_and_by_a_table_of_k() -> None:
    t, d, rain = np.full(4, 30.0), np.full(4, 10.0), np.array([0.0, 6, 6, 0])
    assert list(p_index(t, deficit=d, rain=rain, reset_mm=[5, 7, 5, 5])) == [300, 600, 0, 300]
    table = [(2.0, 0.5), (8.0, 0.0)]
    assert list(p_index(t, deficit=d, rain=[0, 3, 9, 0], rain_factor=table)) == [300, 300, 0, 300]
    many = p_index(
        np.full((4, 2), 30.0), deficit=np.full((4, 2), 10.0), rain=np.zeros((4, 2)), reset_mm=[5] * 4
    )
    assert many[-1].tolist() == [1200, 1200]


def test_humidity_gives_the_saturation_deficit() -> None:
    # saturation vapour pressure over water: 23.37 mbar at 20 °C, 42.43 at 30 °C
    assert saturation_deficit(20, 0)[0] == pytest.approx(23.37, rel=2e-3)
    assert saturation_deficit([30, 30], [50, 100]) == pytest.approx([21.2, 0], abs=0.05)
    assert p_index([30.0], [50.0], [0.0], reset_mm=5)[0] == pytest.approx(30 * 21.2, rel=2e-3)


def test_an_unknown_day_makes_the_index_unknown_until_rain_resets_it() -> None:
    p = p_index([30.0, np.nan, 30, 30, 30], deficit=[10.0] * 5, rain=[0, 0, 0, 20, 0], reset_mm=5)
    assert list(np.isnan(p)) == [False, True, True, False, False]
    assert list(p[3:]) == [0, 300]
    wet = p_index([30.0] * 3, deficit=[10.0] * 3, rain=[0, np.nan, 0], reset_mm=5)
    assert list(np.isnan(wet)) == [False, True, True]


def test_a_province_must_say_which_rain_resets_the_index_and_where_levels_end() -> None:
    with pytest.raises(EcostatError, match="province"):
        p_index([30.0], [50.0], [0.0])
    with pytest.raises(TypeError):
        danger_level([100.0])  # type: ignore[call-arg]


def test_levels_end_where_the_decision_says() -> None:
    limits = (5000, 10000, 15000, 20000)  # as one province printed them (Huế 33/2022)
    p = [0, 5000, 5001, 10000, 15000, 20000, 20001, np.nan]
    assert list(danger_level(p, limits)) == [1, 1, 2, 2, 3, 4, 5, -1]
    for wrong in [(), (5, 5), (0, 5), (9, 3)]:
        with pytest.raises(EcostatError):
            danger_level(p, wrong)


def test_nesterov_sums_temperature_times_dew_point_depression() -> None:
    assert list(nesterov([20.0, 25, 10], [10.0, 15, 5], [0, 0, 3.1])) == [200, 450, 0]
    with pytest.raises(EcostatError, match="dew point"):
        nesterov([20.0], [25.0], [0.0])


@pytest.mark.parametrize(
    "wrong", [{"humidity": [120.0]}, {"temperature": [400.0]}, {"rain": [-1.0]}, {"humidity": [50.0, 60.0]}]
)
def test_weather_that_cannot_be_is_refused(wrong: dict[str, list[float]]) -> None:
    with pytest.raises(EcostatError):
        p_index(**{"temperature": [30.0], "humidity": [50.0], "rain": [0.0], **wrong}, reset_mm=5)  # type: ignore[arg-type]


def apart(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    a, b = np.radians(lon), np.radians(lat)
    h = np.sin((b[:, None] - b) / 2) ** 2 + np.cos(b[:, None]) * np.cos(b) * np.sin((a[:, None] - a) / 2) ** 2
    return 2 * 6371008.8 * np.arcsin(np.sqrt(h))


@pytest.mark.parametrize("seed", range(8))
def test_fires_are_those_an_independent_clustering_finds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lon, lat = rng.uniform(103, 103.2, 250), rng.uniform(22, 22.2, 250)
    day = rng.uniform(0, 10, 250)
    found = hotspots(lon, lat, day * 86400, metres=1500, days=1.5, min_points=4)
    gap = np.maximum(apart(lon, lat) / 1500, np.abs(day[:, None] - day) / 1.5)
    theirs = DBSCAN(eps=1, min_samples=4, metric="precomputed").fit(gap)
    core = np.zeros(250, bool)
    core[theirs.core_sample_indices_] = True
    assert (found.core == core).all()
    assert ((found.label >= 0) == (theirs.labels_ >= 0)).all()
    pairs = {(a, b) for a, b in zip(found.label[core], theirs.labels_[core], strict=True)}
    assert len(pairs) == found.n == theirs.labels_.max() + 1
    assert found.size.sum() == (found.label >= 0).sum()


def test_fires_come_back_whatever_the_order_of_the_rows() -> None:
    rng = np.random.default_rng(5)
    centre = rng.uniform([102, 21], [104, 23], (6, 2)).repeat(30, axis=0)
    at = centre + rng.normal(0, 0.003, (180, 2))
    time = np.datetime64("2026-03-01") + (np.arange(6).repeat(30) * 86400 * 10).astype("timedelta64[s]")
    found = hotspots(*at.T, time, metres=2000, days=2)
    assert found.n == 6 and list(found.size) == [30] * 6
    assert list(found.start) == sorted(set(time.tolist())) and (found.start == found.end).all()
    mix = rng.permutation(180)
    mixed = hotspots(*at[mix].T, time[mix], metres=2000, days=2)
    assert (mixed.label == found.label[mix]).all()


def test_one_place_burning_twice_is_two_fires() -> None:
    day = np.array([0, 0, 1, 30, 30, 31]) * 86400.0
    assert list(hotspots([103] * 6, [22] * 6, day, metres=500, days=2).label) == [0, 0, 0, 1, 1, 1]


def test_fires_over_the_antimeridian_and_without_a_place() -> None:
    lon = [179.999, -179.999, 180.0, np.nan, 10.0]
    found = hotspots(lon, [0.0] * 5, [0.0] * 5, metres=1000, days=1)
    assert list(found.label) == [0, 0, 0, -1, -1]
    assert abs(found.lon[0]) == pytest.approx(180, abs=0.01)
    none = hotspots([], [], [], metres=1000, days=1)
    assert none.n == 0 and none.label.size == 0
    for wrong in ({"metres": 0}, {"days": -1}, {"min_points": 0}):
        with pytest.raises(EcostatError):
            hotspots([103], [22], [0.0], **{"metres": 100, "days": 1, **wrong})  # type: ignore[arg-type]
