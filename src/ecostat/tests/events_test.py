"""Independence, activity curves and clock repair: oracles, recovered truths, odd input."""

import csv
import importlib
from pathlib import Path

import numpy as np
import pytest
from scipy.special import i0

from ecostat.errors import EcostatError, TooFewData
from ecostat.events import (
    activity,
    clock_offset,
    clock_segments,
    independent,
    overlap,
    repair_clock,
    sun_elevation,
)

DAY = np.timedelta64(1, "D")


def clock(*times: str) -> np.ndarray:
    return np.array([f"2026-03-05T{t}" for t in times], dtype="datetime64[s]")


def test_a_burst_of_photos_is_one_event_and_the_next_half_hour_another() -> None:
    found = independent(clock("06:00", "06:01", "06:29", "06:30", "06:45", "07:00"), 30)
    assert list(found.keep) == [True, False, False, True, False, True]
    assert list(found.event) == [0, 0, 0, 1, 1, 2]
    assert (found.n, list(found.records), found.undated) == (3, [3, 2, 1], 0)


def test_an_animal_that_stays_is_one_event_when_counting_from_the_last_photo() -> None:
    times = clock("06:00", "06:20", "06:40", "07:00", "07:31")
    assert list(independent(times, 30, since="last").keep) == [True, False, False, False, True]
    assert independent(times, 30).n == 3


def test_stations_species_and_individuals_do_not_hide_each_other() -> None:
    times = clock("06:00", "06:00", "06:05", "06:05")
    assert independent(times, station=["A", "B", "A", "B"]).n == 2
    assert independent(times, station=["A", "B", "A", "B"], species=[1, 1, 2, 2]).n == 4
    assert independent(times, individual=["x", None, "x", None]).n == 2


@pytest.mark.parametrize("since", ["kept", "last"])
def test_events_are_those_of_a_plain_loop_whatever_the_order(since: str) -> None:
    rng = np.random.default_rng(4)
    time = rng.uniform(0, 5 * 86400, 600).round()
    station, species = rng.integers(0, 5, 600), rng.integers(0, 3, 600)
    found = independent(time, 45, station=station, species=species, since=since)  # type: ignore[arg-type]
    mark: dict[tuple[int, int], float] = {}
    for i in np.argsort(time, kind="stable"):
        key = (station[i], species[i])
        begins = key not in mark or time[i] - mark[key] >= 45 * 60
        assert found.keep[i] == begins
        if begins or since == "last":
            mark[key] = time[i]
    assert found.records.sum() == 600 and found.n == found.keep.sum()


def test_a_record_without_a_time_is_counted_and_kept_apart() -> None:
    found = independent(np.array(["2026-03-05T06:00", "NaT"], dtype="datetime64[m]"))
    assert (found.n, found.undated, list(found.event)) == (1, 1, [0, -1])
    assert independent([]).n == 0
    for wrong in ({"minutes": -1}, {"minutes": np.nan}, {"since": "first"}, {"station": ["A"]}):
        with pytest.raises(EcostatError):
            independent([1.0, 2.0], **wrong)  # type: ignore[arg-type]


def test_the_curve_is_the_plain_sum_of_von_mises_kernels() -> None:
    rng = np.random.default_rng(2)
    time = rng.vonmises(1, 2, 60) / (2 * np.pi) % 1
    found = activity(time, reps=0)
    theta = 2 * np.pi * (found.time[:, None] - time)
    kernel = np.exp(found.bandwidth * np.cos(theta)) / i0(found.bandwidth)
    assert found.density == pytest.approx(kernel.mean(axis=1), rel=1e-8)
    assert found.level == pytest.approx(1 / found.density.max())
    assert np.isnan(found.level_se)


def test_the_level_of_a_known_schedule_is_covered_as_often_as_promised() -> None:
    rng = np.random.default_rng(7)
    truth = i0(2) / np.exp(2)  # mean over peak of a von Mises schedule
    held, levels = 0, []
    for _ in range(60):
        found = activity(rng.vonmises(0, 2, 200) / (2 * np.pi) % 1, reps=200, rng=rng)
        held += found.level_ci[0] <= truth <= found.level_ci[1]
        levels.append(found.level)
    assert held >= 52
    assert np.mean(levels) == pytest.approx(truth, rel=0.1)


def test_the_bandwidth_follows_two_peaks_a_day() -> None:
    rng = np.random.default_rng(1)
    peaks = np.concatenate([rng.normal(0.25, 0.03, 300), rng.normal(0.75, 0.03, 300)])
    found = activity(peaks % 1, reps=0)
    assert found.bandwidth > 10
    assert found.density[[128, 384]].min() > 3 > 0.2 > found.density[[0, 256]].max()


def test_equal_schedules_overlap_and_opposite_ones_do_not() -> None:
    rng = np.random.default_rng(3)
    day, same, night = rng.normal(0.5, 0.06, 400), rng.normal(0.5, 0.06, 300), rng.normal(1.0, 0.06, 60)
    near = overlap(day % 1, same % 1, reps=100, rng=rng)
    far = overlap(day % 1, night % 1, reps=100, rng=rng)
    assert near.estimate > 0.9 and near.estimator == "dhat4" and near.ci[0] < near.estimate <= near.ci[1] <= 1
    assert far.estimate < 0.05 and far.estimator == "dhat1"


def test_less_smoothing_shows_less_overlap() -> None:
    rng = np.random.default_rng(2)
    a, b = rng.normal(0.4, 0.05, 60), rng.normal(0.6, 0.05, 60)
    rough, smooth = (overlap(a, b, adjust=adjust, reps=0).estimate for adjust in (4.0, 0.25))
    assert rough < smooth
    assert activity(a, adjust=2, reps=0).bandwidth == pytest.approx(2 * activity(a, reps=0).bandwidth)


def test_many_records_are_resampled_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    part = importlib.import_module("ecostat.events.activity")
    rng = np.random.default_rng(2)
    a, b = rng.normal(0.4, 0.05, 60), rng.normal(0.5, 0.05, 90)
    whole = [
        activity(a, reps=50, rng=np.random.default_rng(1)),
        overlap(a, b, reps=50, rng=np.random.default_rng(1)),
    ]
    monkeypatch.setattr(part, "_DRAWN", 700)
    assert activity(a, reps=50, rng=np.random.default_rng(1)).level_se == whole[0].level_se
    parts = overlap(a, b, reps=50, rng=np.random.default_rng(1))
    assert parts.estimate == whole[1].estimate and parts.se == pytest.approx(whole[1].se, rel=0.5)


def test_overlap_recovers_a_known_overlap() -> None:
    rng = np.random.default_rng(9)
    grid = np.linspace(-np.pi, np.pi, 20001)[:-1]
    f, g = (np.exp(2 * np.cos(grid - m)) / (2 * np.pi * i0(2)) for m in (0.0, 1.2))
    truth = np.minimum(f, g).mean() * 2 * np.pi
    draws = [
        overlap(*(rng.vonmises(m, 2, 300) / (2 * np.pi) % 1 for m in (0.0, 1.2)), reps=0).estimate
        for _ in range(30)
    ]
    assert np.mean(draws) == pytest.approx(truth, abs=0.02)


@pytest.mark.outside
def test_ocelots_and_pacas_of_barro_colorado_are_both_nocturnal(shared: Path) -> None:
    times: dict[str, list[float]] = {"ocelot": [], "paca": []}
    with open(shared / "data/reference/BCItime_ocelot_paca.csv", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            times[row["species"]].append(float(row["time"]))
    rng = np.random.default_rng(1)
    ocelot, paca = (activity(times[name], reps=300, rng=rng) for name in times)
    assert (ocelot.n, paca.n) == (317, 999)
    day = (paca.time > 0.3) & (paca.time < 0.7)
    assert paca.density[day].sum() / paca.density.sum() < 0.05
    assert 0.3 < paca.level < 0.4 < ocelot.level_ci[1] and paca.level_se < ocelot.level_se
    shared_part = overlap(times["ocelot"], times["paca"], reps=0)
    assert 0.6 < shared_part.estimate < 0.8


def test_too_few_or_impossible_times_of_day_are_refused() -> None:
    with pytest.raises(TooFewData):
        activity([0.5] * 5)
    with pytest.raises(TooFewData, match="same time"):
        activity([0.5] * 50)
    with pytest.raises(EcostatError, match="fraction"):
        activity(np.arange(24.0))
    with pytest.warns(UserWarning, match="no time"):
        activity([np.nan, *np.linspace(0.1, 0.6, 20)], reps=0)


def test_one_known_pair_moves_every_record_and_can_be_undone() -> None:
    shown = clock("06:00", "18:30")
    fixed = repair_clock(shown, clock("12:00"), clock("12:00") + DAY)
    assert list(fixed.time) == list(shown + DAY)
    assert list(fixed.time - (fixed.shift_seconds * 1e6).astype("timedelta64[us]")) == list(shown)
    assert np.isnan(fixed.drift_seconds_per_day) and "+24.00 h" in fixed.message


def test_a_drifting_clock_is_set_right_in_between() -> None:
    shown = np.array([0.0, 86400 * 5, 86400 * 10, 86400 * 20, np.nan])
    fixed = repair_clock(shown, [0.0, 86400 * 10], [0.0, 86400 * 10 + 600])
    assert list(fixed.shift_seconds[:4]) == [0, 300, 600, 600]
    assert fixed.drift_seconds_per_day == 60 and np.isnan(fixed.time[4])
    later = repair_clock([86400.0 * 6], [86400.0, 86400 * 11], [86400.0 + 100, 86400 * 11 + 700])
    assert later.drift_seconds_per_day == 60 and list(later.shift_seconds) == [400]


def test_pairs_that_contradict_each_other_are_refused() -> None:
    for shown, true in [([], []), ([1.0, 1.0], [5.0, 6.0]), ([1.0, 2.0], [9.0, 8.0]), ([np.nan], [1.0])]:
        with pytest.raises(EcostatError):
            repair_clock([1.0], shown, true)


def test_a_reset_clock_starts_a_new_stretch() -> None:
    time = np.array([100.0, 200, 199.5, np.nan, 300, 5, 6, 90000, 90001])
    assert list(clock_segments(time)) == [0, 0, 0, 0, 0, 1, 1, 1, 1]
    assert list(clock_segments(time, ahead_days=1)) == [0, 0, 0, 0, 0, 1, 1, 2, 2]
    assert list(clock_segments([5.0, 1.0])) == [0, 1]
    assert list(clock_segments([0.0, 86400.0, 172801.0], ahead_days=1)) == [0, 0, 1]
    assert clock_segments([]).size == 0


def test_the_sun_stands_where_an_almanac_puts_it() -> None:
    # overhead at the tropic at the June solstice (02:42 UTC on 21 June 2025), at its own noon
    noon = np.datetime64("2025-06-21T05:10")
    assert sun_elevation([noon], [103.0], [23.44])[0] == pytest.approx(90, abs=0.5)
    # equal day and night at the March equinox: sunrise at the equator within minutes of 06:07 mean time
    assert sun_elevation([np.datetime64("2025-03-20T06:07:30")], [0.0], [0.0])[0] == pytest.approx(0, abs=0.3)
    assert sun_elevation([np.datetime64("2025-12-21T12:00")], [0.0], [80.0])[0] < -13
    # the example of Reda & Andreas (2004) Solar Energy 76:577, before refraction
    found = sun_elevation([np.datetime64("2003-10-17T19:30:30")], [-105.1786], [39.742476])[0]
    assert found == pytest.approx(39.872, abs=0.01)


@pytest.mark.parametrize("fault", [0.0, 7.0, -5.0, 12.0])
def test_a_wrong_clock_shows_in_the_light(fault: float) -> None:
    rng = np.random.default_rng(6)
    true = np.datetime64("2025-04-01T00:00:00") + (rng.uniform(0, 40 * 86400, 400)).astype("timedelta64[s]")
    dark = sun_elevation(true, 103.0, 22.3) < -6
    shown = true - np.timedelta64(int(fault * 3600), "s")
    found = clock_offset(shown, dark, 103.0, 22.3)
    assert found.plausible == (fault != 0)
    assert found.hours == pytest.approx(fault, abs=0.3)
    assert found.agreement == pytest.approx(1, abs=0.01)
    assert found.agreement_now == ((sun_elevation(shown, 103.0, 22.3) < -6) == dark).mean()
    assert found.range_hours[0] <= fault + 0.3 and found.range_hours[1] >= fault - 0.3


def test_a_clock_is_not_judged_by_a_handful_of_photos() -> None:
    with pytest.raises(TooFewData):
        clock_offset(clock("01:00", "13:00"), [True, False], 103, 22)
