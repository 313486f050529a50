"""Every public call of ecostat with input it answers, for tests that then make one argument odd."""

import datetime
from collections.abc import Callable
from typing import Any

import numpy as np
import shapely

from ecostat import effort, events, extent, fire, genetics, ledger, redlist, sampling, survival, trend
from ecostat.tests.public_call import SEED, Call
from ecostat.tests.public_models import MODELS
from ecostat.tests.public_plans import PLANS

RNG = np.random.default_rng(20)
N = 12
LON, LAT = RNG.normal(103, 0.2, N).round(3), RNG.normal(22, 0.2, N).round(3)
X, Y = RNG.uniform(0, 5000, N).round(1), RNG.uniform(0, 5000, N).round(1)
SPECIES = np.array(["a", "b"] * (N // 2))
SITE = np.repeat(np.arange(6), 8)
YEAR = np.tile(np.arange(2000, 2008), 6)
COUNT = RNG.poisson(20, 48).astype(float)
PHOTO = np.datetime64("2026-03-01T00:00") + (RNG.integers(0, 9 * 1440, 60)) * np.timedelta64(1, "m")
GENES = RNG.integers(0, 3, (20, 6)).astype(float)
WEATHER = {
    "temperature": RNG.uniform(15, 35, 10).round(1),
    "humidity": RNG.uniform(30, 90, 10).round(0),
    "rain": np.array([0, 0, 7.0, 0, 0, 0, 1.5, 0, 0, 0]),
}
FATES = np.random.default_rng(5)
LIVED, CAME = FATES.integers(6, 40, N).astype(float), FATES.integers(0, 5, N).astype(float)
DIED = np.arange(N) % 3 > 0
SQUARES = [shapely.box(i, 0, i + 0.9, 1) for i in range(4)]
LINES = [shapely.LineString([(0, i), (5, i + 0.5)]) for i in range(3)]
SHARE = (0.4, 0.6)
BIOLOGY = ledger.Biology(litter_max=5, litter_interval_months=6, first_litter_months=12)
ENTRIES = [ledger.Entry(0, "opening", 4), ledger.Entry(5, "birth", 6), ledger.Entry(9, "out", 3)]


def _spatial(name: str, run: Callable[..., Any], **more: Any) -> Call:
    return Call(name, run, {"lon": LON, "lat": LAT, **more})


CALLS: tuple[Call, ...] = (
    # extent
    _spatial("extent.eoo", extent.eoo, at_least_aoo=False),
    _spatial("extent.eoo_polygon", extent.eoo_polygon),
    _spatial("extent.aoo", extent.aoo, cell_m=2000, origins="exact", exact_up_to=100),
    _spatial("extent.aoo_cells", extent.aoo_cells, cell_m=2000),
    _spatial("extent.locations", extent.locations, threat_m=10_000),
    _spatial("extent.location_cells", extent.location_cells, threat_m=10_000),
    _spatial("extent.extent_by", extent.extent_by, species=SPECIES, cell_m=2000, origins=4, exact_up_to=100),
    _spatial("extent.eoo_by", extent.eoo_by, species=SPECIES),
    _spatial("extent.aoo_by", extent.aoo_by, species=SPECIES, cell_m=2000, origins=4),
    Call("extent.decline", extent.decline, {"area1": 100, "area2": 50.0, "year1": 2000, "year2": 2010}),
    # redlist
    Call(
        "redlist.classify",
        lambda near_threatened, **data: redlist.classify(
            redlist.Evidence(**data), near_threatened=near_threatened
        ),
        {
            "near_threatened": True,
            "eoo": 4900.0,
            "aoo": (40.0, 60.0),
            "locations": 4,
            "severely_fragmented": False,
            "continuing_decline": "iii",
            "extreme_fluctuation": ("i", "ii"),
            "reduction": (20, 30.0, 40),
            "reduction_basis": "A2bd",
            "mature_individuals": 900,
            "decline_rate": 3.0,
            "generation_length": 7,
            "subpopulation_max": 200,
            "subpopulation_share": 30,
            "extinction_probability": 0.1,
            "plausible_threat": True,
        },
    ),
    Call(
        "redlist.regional",
        redlist.regional,
        {
            "assessed": "EN",
            "breeding": True,
            "immigration": True,
            "immigration_falling": False,
            "sink": None,
            "outside_worsening": False,
            "inside_worsening": False,
            "rescue": True,
        },
    ),
    Call(
        "redlist.reduction",
        redlist.reduction,
        {"year": YEAR[:8], "value": COUNT[:8] + 1, "generation_length": 5.0, "level": 0.9},
    ),
    Call(
        "redlist.assess",
        redlist.assess,
        {
            "points": np.column_stack([LON, LAT]),
            "years": np.arange(2000, 2000 + N),
            "since": 2001,
            "individuals": np.arange(1.0, N + 1),
            "generation_length": 4.0,
            "threat_m": 5000.0,
            "reach_m": 3000.0,
            "viable_km2": 10.0,
            "cell_m": 2000.0,
            "near_threatened": True,
            "basis": "A2b",
        },
        fixed={"series": (YEAR[:8], COUNT[:8] + 1)},
        said={
            "points": "points|longitude",
            "basis": "basis",
            "individuals": "individuals|mature_individuals",
        },
    ),
    # trend
    Call(
        "trend.trim",
        trend.trim,
        {
            "site": SITE,
            "year": YEAR,
            "count": COUNT,
            "model": 2,
            "changepoints": (2000, 2004),
            "overdispersion": True,
            "serial": True,
            "base": 2001,
        },
    ),
    Call(
        "trend.smooth_index",
        trend.smooth_index,
        {
            "site": SITE,
            "year": YEAR,
            "count": COUNT,
            "rng": SEED,
            "df": 3.0,
            "base": 2001,
            "draws": 20,
            "level": 0.9,
        },
    ),
    Call(
        "trend.living_planet",
        trend.living_planet,
        {
            "species": SITE // 2,
            "population": SITE,
            "year": YEAR,
            "value": COUNT,
            "rng": SEED,
            "base": 2001,
            "draws": 30,
            "resample": "species",
            "curve": "gam",
            "cap": 1.0,
            "extremes": "cut",
            "level": 0.9,
            "weights": np.array([1.0, 2.0, 1.0]),
        },
    ),
    Call(
        "trend.slope_over_sites",
        trend.slope_over_sites,
        {
            "site": SITE,
            "year": YEAR,
            "count": COUNT,
            "covariates": RNG.normal(size=48),
            "weights": 1.0 + SITE,
            "level": 0.9,
        },
    ),
    Call(
        "trend.log_slope",
        trend.log_slope,
        {"year": YEAR[:8], "value": COUNT[:8] + 1, "serial": True, "level": 0.9},
    ),
    # effort
    Call(
        "effort.coverage",
        effort.coverage,
        {
            "track": np.repeat([1, 2], 6),
            "x": X,
            "y": Y,
            "time": np.tile(np.arange(6), 2) * 3600.0,
            "cell": 500.0,
            "max_gap": 9000.0,
            "max_speed": 3.0,
            "bounds": (0.0, 0.0, 5000.0, 5000.0),
        },
    ),
    Call(
        "effort.encounter_rate",
        effort.encounter_rate,
        {
            "count": np.array([1, 0, 2, 1.0]),
            "effort": np.array([5, 4, 6, 5.0]),
            "group": ["a", "a", "b", "b"],
            "level": 0.9,
        },
    ),
    Call(
        "effort.threat_trend",
        effort.threat_trend,
        {
            "found": np.array([1, 0, 0, 1, 1, 0, 0, 1, 0, 1, 1, 0] * 4),
            "effort": np.full(48, 2.0) + RNG.random(48),
            "site": np.repeat(np.arange(8), 6),
            "season": np.tile([1, 1, 2, 2, 3, 3], 8),
            "level": 0.9,
        },
    ),
    Call(
        "effort.hotspots",
        effort.hotspots,
        {
            "value": RNG.poisson(3, N).astype(float),
            "x": X,
            "y": Y,
            "distance": 1500.0,
            "effort": np.full(N, 2.0),
            "level": 0.05,
        },
    ),
    # events
    Call(
        "events.independent",
        events.independent,
        {
            "time": PHOTO,
            "minutes": 30,
            "station": np.repeat([1, 2], 30),
            "species": np.tile(["a", "b"], 30),
            "since": "kept",
        },
    ),
    Call("events.activity", events.activity, {"time": PHOTO, "adjust": 1.0, "reps": 20, "rng": SEED}),
    Call(
        "events.overlap",
        events.overlap,
        {"a": PHOTO[:30], "b": PHOTO[30:], "adjust": 1.0, "reps": 20, "rng": SEED, "estimator": "auto"},
    ),
    Call(
        "events.repair_clock",
        events.repair_clock,
        {"time": PHOTO, "clock": PHOTO[:1], "truth": PHOTO[:1] + np.timedelta64(5, "h")},
    ),
    Call(
        "events.clock_segments", events.clock_segments, {"time": PHOTO, "back_seconds": 1.0, "ahead_days": 2}
    ),
    Call(
        "events.clock_offset",
        events.clock_offset,
        {"time": PHOTO, "dark": np.arange(60) % 2 == 0, "lon": 103.0, "lat": 22.0, "step_minutes": 60},
    ),
    Call("events.sun_elevation", events.sun_elevation, {"time": PHOTO, "lon": 103.0, "lat": 22.0}),
    # fire
    Call(
        "fire.saturation_deficit",
        fire.saturation_deficit,
        {k: WEATHER[k] for k in ("temperature", "humidity")},
    ),
    Call("fire.p_index", fire.p_index, {**WEATHER, "reset_mm": 5.0, "start": 10.0}),
    Call("fire.p_index by table", fire.p_index, {**WEATHER, "rain_factor": [(1.0, 0.5), (5.0, 0.0)]}),
    Call(
        "fire.nesterov",
        fire.nesterov,
        {
            "temperature": WEATHER["temperature"],
            "dew_point": WEATHER["temperature"] - 8,
            "rain": WEATHER["rain"],
            "reset_mm": 3.0,
            "start": 0.0,
        },
        said={"temperature": "temperature", "dew_point": "dew.point"},
    ),
    Call(
        "fire.danger_level",
        fire.danger_level,
        {"p": np.array([10.0, 5000.0, np.nan]), "limits": [1000.0, 5000.0, 10_000.0, 20_000.0]},
    ),
    Call(
        "fire.fwi",
        fire.fwi,
        {
            **WEATHER,
            "wind": np.full(10, 12.0),
            "month": np.full(10, 4),
            "lat": 22.0,
            "ffmc": 85.0,
            "dmc": 6.0,
            "dc": 15.0,
        },
    ),
    Call(
        "fire.hotspots",
        fire.hotspots,
        {"lon": LON, "lat": LAT, "time": PHOTO[:N], "metres": 20_000.0, "days": 3.0, "min_points": 2},
    ),
    # genetics
    Call(
        "genetics.effective_size",
        genetics.effective_size,
        {"males": 5, "females": 40, "variance_males": 2.0, "variance_females": 3.0},
    ),
    Call("genetics.effective_size_over", genetics.effective_size_over, {"sizes": [20.0, 5, 40]}),
    Call("genetics.inbreeding_rate", genetics.inbreeding_rate, {"ne": 20.0, "generation_interval": 5.0}),
    Call(
        "genetics.inbreeding_after", genetics.inbreeding_after, {"ne": 20.0, "generations": 5, "start": 0.1}
    ),
    Call("genetics.fao_risk", genetics.fao_risk, {"males": 5, "females": 400, "maintained": True}),
    Call("genetics.eaap_risk", genetics.eaap_risk, {"ne": 30.0, "species": "cattle"}),
    Call(
        "genetics.reproductive_risk",
        genetics.reproductive_risk,
        {"males": 5, "females": 400, "capacity": "low"},
    ),
    Call(
        "genetics.ld_effective_size",
        genetics.ld_effective_size,
        {"genotypes": GENES, "mating": "random", "min_frequency": 0.02},
    ),
    # ledger
    Call(
        "ledger.Biology",
        ledger.Biology,
        {
            "litter_max": 5,
            "litter_interval_months": 6.0,
            "first_litter_months": 12.0,
            "gestation_months": 2.0,
            "female_share": 0.6,
            "needs_male": True,
        },
    ),
    Call(
        "ledger.Entry",
        ledger.Entry,
        {"month": datetime.date(2026, 1, 5), "kind": "in", "number": 5, "sex": "f", "age_months": 3.0},
    ),
    Call("ledger.max_offspring", ledger.max_offspring, {"stock": 4, "biology": BIOLOGY, "period": 24.0}),
    Call(
        "ledger.implausible", ledger.implausible, {"entries": ENTRIES, "biology": BIOLOGY, "time_limit": 10.0}
    ),
    Call(
        "ledger.too_few_deaths",
        ledger.too_few_deaths,
        {"deaths": 1, "animal_years": 60.0, "longevity_years": 12.0},
    ),
    Call("ledger.quiet", ledger.quiet, {"animals": 20, "years": 2.0, "longevity_years": 12.0, "windows": 3}),
    Call(
        "ledger.sexes_beyond_chance", ledger.sexes_beyond_chance, {"females": 20, "males": 4, "share": SHARE}
    ),
    Call("ledger.out_of_season", ledger.out_of_season, {"odd": 3, "births": 12, "rate": 0.05}),
    Call(
        "ledger.older_than_can_be",
        ledger.older_than_can_be,
        {"came": [(14.0, 5), (3.0, 2)], "left": 1, "longevity_years": 12.0},
    ),
    Call("ledger.holm", ledger.holm, {"p": [0.001, 0.2, 0.04], "level": 0.05}),
    # sampling
    Call(
        "sampling.sample_points",
        sampling.sample_points,
        {"x": X, "y": Y, "n": 4, "rng": SEED, "size": np.arange(1.0, N + 1), "reserve": 2},
    ),
    Call(
        "sampling.sample_points by stratum",
        sampling.sample_points,
        {"x": X, "y": Y, "n": {"a": 2, "b": 3}, "rng": SEED, "strata": SPECIES},
    ),
    Call(
        "sampling.sample_lines",
        sampling.sample_lines,
        {"lines": LINES, "n": 4, "rng": SEED, "density": np.array([1.0, 2.0, 1.0]), "reserve": 1},
    ),
    Call(
        "sampling.sample_areas",
        sampling.sample_areas,
        {"polygons": SQUARES, "n": 4, "rng": SEED, "density": np.array([1.0, 2.0, 1.0, 1.0]), "reserve": 1},
    ),
    Call(
        "sampling.sample_pivotal",
        sampling.sample_pivotal,
        {"x": X, "y": Y, "n": 4, "rng": SEED, "size": np.arange(1.0, N + 1), "spread": np.arange(1.0, N + 1)},
    ),
    Call(
        "sampling.sample_balanced",
        sampling.sample_balanced,
        {"x": X, "y": Y, "n": 4, "rng": SEED, "balance": np.column_stack([X, Y]), "strata": None},
    ),
    Call("sampling.halton", sampling.halton, {"n": 5, "start": (0, 3), "bases": (2, 3)}),
    Call(
        "sampling.local_variance",
        sampling.local_variance,
        {
            "value": RNG.normal(size=N),
            "weight": np.full(N, 2.0),
            "x": X,
            "y": Y,
            "strata": SPECIES,
            "level": 0.9,
        },
    ),
    Call(
        "sampling.spatial_balance",
        sampling.spatial_balance,
        {"x": X, "y": Y, "inclusion": np.full(N, 0.25), "sampled": [1, 5, 8]},
    ),
    Call("sampling.occupancy_se", sampling.occupancy_se, {"psi": 0.4, "p": 0.3, "sites": 60, "visits": 4}),
    Call(
        "sampling.occupancy_sites", sampling.occupancy_sites, {"psi": 0.4, "p": 0.3, "visits": 4, "se": 0.05}
    ),
    Call(
        "sampling.occupancy_design",
        sampling.occupancy_design,
        {"psi": 0.4, "p": 0.3, "se": 0.05, "visit_cost": 1.0, "site_cost": 2.0, "most_visits": 20},
    ),
    Call(
        "sampling.occupancy_power",
        sampling.occupancy_power,
        {"psi": 0.4, "psi_after": 0.3, "p": 0.3, "sites": 60, "visits": 4, "alpha": 0.05},
    ),
    Call(
        "sampling.occupancy_sites_for_change",
        sampling.occupancy_sites_for_change,
        {"psi": 0.4, "psi_after": 0.3, "p": 0.3, "visits": 4, "power": 0.8, "alpha": 0.05},
    ),
    Call(
        "sampling.trend_power",
        sampling.trend_power,
        {
            "rate": -0.05,
            "years": 10,
            "sites": 20,
            "mean_count": 5.0,
            "dispersion": 2.0,
            "year_sd": 0.1,
            "site_year_sd": 0.1,
            "seen": 0.8,
            "alpha": 0.05,
        },
    ),
    Call(
        "sampling.trend_sites",
        sampling.trend_sites,
        {"rate": -0.05, "years": 10, "mean_count": 5.0, "power": 0.8, "dispersion": 2.0, "most": 100_000},
    ),
    Call(
        "sampling.simulate_trend_power",
        sampling.simulate_trend_power,
        {
            "rate": -0.05,
            "years": 5,
            "sites": 6,
            "mean_count": 5.0,
            "rng": SEED,
            "site_sd": 0.2,
            "dispersion": 2.0,
            "year_sd": 0.1,
            "site_year_sd": 0.1,
            "seen": 0.8,
            "alpha": 0.05,
            "draws": 5,
        },
        said={"dispersion": "dispersion", "mean_count": "mean_count"},
    ),
    # survival
    Call(
        "survival.kaplan_meier",
        survival.kaplan_meier,
        {"time": LIVED, "event": DIED, "entry": CAME, "level": 0.9},
    ),
    Call(
        "survival.kaplan_meier_by",
        survival.kaplan_meier_by,
        {"time": LIVED, "event": DIED, "group": SPECIES, "entry": CAME, "level": 0.95},
    ),
    Call(
        "survival.logrank", survival.logrank, {"time": LIVED, "event": DIED, "group": SPECIES, "entry": CAME}
    ),
    Call(
        "survival.restricted_mean",
        survival.restricted_mean,
        {"curve": survival.kaplan_meier(LIVED, DIED), "until": 20.0},
    ),
    *MODELS,
    *PLANS,
)
