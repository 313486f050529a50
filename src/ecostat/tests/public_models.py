"""Public calls that fit, plan, compare or measure networks, with input they answer."""

from functools import cache

import numpy as np

from ecostat import abundance, capture, connectivity, distance, occupancy, planning, suitability, trend
from ecostat.tests.public_call import SEED, Call

RNG = np.random.default_rng(20)
N = 12
LON, LAT = RNG.normal(103, 0.2, N).round(3), RNG.normal(22, 0.2, N).round(3)
X, Y = RNG.uniform(0, 5000, N).round(1), RNG.uniform(0, 5000, N).round(1)
PRESENT = np.repeat(RNG.random((40, 1)) < 0.6, 4, axis=1)
PRESENT[:, 2:] ^= np.repeat(RNG.random((40, 1)) < 0.3, 2, axis=1)
HISTORY = (PRESENT & (RNG.random((40, 4)) < 0.6)).astype(float)
COUNTS = RNG.poisson(3, (30, 3)).astype(float)
SITE_DESIGN = np.column_stack([np.ones(40), RNG.normal(size=40)])
BANDS = RNG.poisson([9, 6, 3, 1], (20, 4)).astype(float)
DISTANCE = np.abs(RNG.normal(0, 10, 80)).round(2)
POSTS = np.array([[0.0, 0.0], [500.0, 0.0], [1000.0, 0.0]])
COVARIATES = RNG.normal(size=(60, 2))
PRESENCE = (RNG.random(60) < 0.4).astype(int)
SCORE = COVARIATES[:, 0] + PRESENCE
RASTER = RNG.uniform(1, 5, (6, 7)).round(2)
COST = RNG.integers(1, 9, 8).astype(float)
AMOUNT = RNG.integers(0, 5, (3, 8)).astype(float) + np.eye(3, 8)
BESIDE = np.abs(np.subtract.outer(np.arange(8), np.arange(8))) == 1


@cache
def detection() -> distance.Detection:
    """A fitted detection function."""
    return distance.fit(DISTANCE, truncation=25)


@cache
def point_detection() -> distance.Detection:
    """A fitted detection function of points."""
    return distance.fit(DISTANCE, truncation=25, survey="point")


@cache
def array() -> capture.ArraySurvey:
    """Groups heard from three posts."""
    rng = np.random.default_rng(3)
    mask, cell = capture.buffer_mask(POSTS, 1500, 400)
    at = mask[rng.integers(len(mask), size=12)]
    heard = [(a, p) for a in range(12) for p in range(3) if np.hypot(*(at[a] - POSTS[p])) < 1100]
    animal, post = zip(*heard, strict=True)
    return capture.survey(POSTS, mask, cell, animal=animal, post=post)


@cache
def patches() -> connectivity.Graph:
    """A small graph of patches."""
    return connectivity.graph(np.column_stack([X, Y]), 2500.0, area=np.arange(1.0, N + 1))


MODELS: tuple[Call, ...] = (
    # occupancy, abundance
    Call(
        "occupancy.occu",
        occupancy.occu,
        {"y": HISTORY, "psi": SITE_DESIGN, "p": SITE_DESIGN, "start": np.zeros(4)},
        said={"psi": "psi|formula|covariate", "p": "p|formula|covariate"},
    ),
    Call("occupancy.royle_nichols", occupancy.royle_nichols, {"y": HISTORY, "K": 10}),
    Call("occupancy.dynamic", occupancy.dynamic, {"y": HISTORY, "seasons": 2}),
    Call(
        "abundance.nmixture",
        abundance.nmixture,
        {"y": COUNTS, "lam": SITE_DESIGN[:30], "K": 40, "mixture": "P"},
        said={"lam": "lam|formula|covariate"},
    ),
    Call(
        "abundance.distsamp",
        abundance.distsamp,
        {
            "counts": BANDS,
            "breaks": np.array([0, 5, 10, 15, 20.0]),
            "length": np.full(20, 100.0),
            "convert": 1e-4,
            "survey": "line",
            "key": "hn",
        },
    ),
    # distance
    Call(
        "distance.fit",
        distance.fit,
        {
            "distance": DISTANCE,
            "key": "hn",
            "adjust": None,
            "truncation": 25.0,
            "left": 0.0,
            "survey": "line",
            "monotone": True,
        },
    ),
    Call(
        "distance.fit in bands",
        distance.fit,
        {"distance": DISTANCE, "breaks": np.array([0, 5, 10, 15, 20.0]), "truncation": 15.0},
    ),
    Call(
        "distance.density",
        lambda **given: detection().density(**given),
        {
            "effort": np.full(8, 3.0),
            "sample": np.arange(len(DISTANCE)) % 8,
            "convert": 0.001,
            "multiplier": 1.0,
            "multiplier_se": 0.1,
            "level": 0.95,
            "encounter": "R2",
        },
    ),
    Call(
        "distance.camera_density",
        distance.camera_density,
        {
            "model": point_detection(),
            "snapshots": np.full(8, 3000.0),
            "angle": 0.7,
            "sample": np.arange(len(DISTANCE)) % 8,
            "availability": 0.5,
            "availability_se": 0.05,
            "convert": 1e-6,
            "level": 0.95,
        },
        said={"snapshots": "snapshots|effort", "availability_se": "availability_se|multiplier_se"},
    ),
    Call("distance.select", distance.select, {"models": [detection()], "overdispersion": 1.5}),
    # capture
    Call("capture.buffer_mask", capture.buffer_mask, {"posts": POSTS, "buffer": 1500, "spacing": 400}),
    Call(
        "capture.survey",
        capture.survey,
        {
            "posts": POSTS,
            "mask": array().mask,
            "cell": 160_000.0,
            "animal": np.array([0, 0, 1, 2]),
            "post": np.array([0, 1, 1, 2]),
            "occasion": np.array([0, 0, 1, 1]),
            "bearing": np.array([10.0, 350.0, 90.0, np.nan]),
            "occasions": 2,
        },
    ),
    Call("capture.secr", capture.secr, {"arrays": array(), "detect": "hn", "unit": "km2"}),
    Call(
        "capture.encounter_rate",
        capture.encounter_rate,
        {"events": np.array([3, 0, 5.0, 2]), "days": np.array([30, 28, 31.0, 30]), "per": 100, "level": 0.9},
    ),
    Call(
        "capture.rem",
        capture.rem,
        {
            "encounters": np.array([3, 0, 5.0, 2]),
            "days": np.array([30, 28, 31.0, 30]),
            "speed": 5.0,
            "radius": 0.01,
            "angle": 0.7,
            "group": 2.0,
            "speed_se": 0.5,
            "radius_se": 0.001,
            "angle_se": 0.05,
            "group_se": 0.1,
            "level": 0.95,
        },
        said={"encounters": "encounters|events"},
    ),
    Call(
        "capture.rem_bootstrap",
        capture.rem_bootstrap,
        {
            "encounters": np.array([3, 1, 5.0, 2]),
            "days": np.array([30, 28, 31.0, 30]),
            "speed": 5.0,
            "radius": 0.01,
            "angle": 0.7,
            "group": 2.0,
            "times": 20,
            "rng": SEED,
        },
    ),
    # suitability
    Call(
        "suitability.Maxent",
        lambda features, beta, presence, x: suitability.Maxent(features, beta).fit(presence, x).predict(x),
        {"features": "lq", "beta": 1.0, "presence": PRESENCE, "x": COVARIATES},
    ),
    Call(
        "suitability.RandomForest",
        lambda trees, presence, x, rng: suitability.RandomForest(trees).fit(presence, x, rng).predict(x),
        {"trees": 5, "presence": PRESENCE, "x": COVARIATES, "rng": SEED},
    ),
    Call(
        "suitability.Glm",
        lambda quadratic, presence, x: suitability.Glm(quadratic).fit(presence, x).predict(x),
        {"quadratic": True, "presence": PRESENCE, "x": COVARIATES},
    ),
    Call(
        "suitability.spatial_blocks",
        suitability.spatial_blocks,
        {"lon": LON, "lat": LAT, "size": 8000.0, "folds": 2, "presence": np.arange(N) % 2, "rng": SEED},
    ),
    Call("suitability.auc", suitability.auc, {"presence": PRESENCE, "score": SCORE}),
    Call("suitability.tss", suitability.tss, {"presence": PRESENCE, "score": SCORE, "threshold": 0.5}),
    Call(
        "suitability.boyce",
        suitability.boyce,
        {"presence": PRESENCE, "score": SCORE, "window": 0.2, "steps": 20},
    ),
    Call("suitability.mess", suitability.mess, {"reference": COVARIATES, "x": COVARIATES[:5] * 2}),
    Call(
        "suitability.validate",
        lambda presence, x, fold: suitability.validate(
            lambda p, t: suitability.Glm(False).fit(p, t).predict, presence, x, fold
        ),
        {"presence": PRESENCE, "x": COVARIATES, "fold": np.arange(60) % 3},
    ),
    # connectivity
    Call(
        "connectivity.graph",
        connectivity.graph,
        {
            "patches": np.column_stack([X, Y]),
            "distance": 2500.0,
            "area": np.arange(1.0, N + 1),
            "merge": True,
        },
    ),
    Call("connectivity.iic", connectivity.iic, {"g": patches(), "landscape_area": 200.0}),
    Call(
        "connectivity.pc",
        connectivity.pc,
        {"g": patches(), "dispersal": 900.0, "probability": 0.4, "landscape_area": 200.0},
    ),
    Call(
        "connectivity.eca",
        connectivity.eca,
        {"g": patches(), "dispersal": 900.0, "probability": 0.4},
    ),
    Call(
        "connectivity.delta_pc",
        connectivity.delta_pc,
        {"g": patches(), "dispersal": 900.0, "probability": 0.4, "tolerance": 1e-9},
    ),
    Call("connectivity.betweenness", connectivity.betweenness, {"g": patches(), "weighted": True}),
    Call(
        "connectivity.least_cost",
        connectivity.least_cost,
        {
            "resistance": RASTER,
            "points": [[0, 0], [5, 6]],
            "cell": 30.0,
            "neighbours": 8,
            "average": "resistance",
            "paths": True,
        },
    ),
    Call(
        "connectivity.resistance",
        connectivity.resistance,
        {
            "conductance": RASTER,
            "points": [[0, 0], [5, 6]],
            "neighbours": 8,
            "average": "conductance",
            "groups": [1, 2],
            "currents": True,
        },
    ),
    # planning
    Call(
        "planning.min_set",
        planning.min_set,
        {
            "cost": COST,
            "amount": AMOUNT,
            "target": np.array([3.0, 3.0, 3.0]),
            "locked_in": np.array([1, 0, 0, 0, 0, 0, 0, 0]),
            "locked_out": [7],
            "boundary": BESIDE.astype(float),
            "boundary_penalty": 0.5,
            "edge_factor": 0.5,
            "gap": 0.0,
            "time_limit": 10.0,
        },
    ),
    Call(
        "planning.max_coverage",
        planning.max_coverage,
        {"cost": COST, "amount": AMOUNT, "budget": 9.0, "weights": np.array([1.0, 2.0, 1.0])},
    ),
    Call(
        "planning.min_shortfall",
        planning.min_shortfall,
        {
            "cost": COST,
            "amount": AMOUNT,
            "target": 3.0,
            "budget": 9.0,
            "adjacency": BESIDE,
            "neighbours": 1,
            "contiguous": False,
        },
    ),
    Call(
        "planning.nested",
        planning.nested,
        {"cost": COST, "amount": AMOUNT, "target": 3.0, "budgets": [5.0, 12.0]},
    ),
    Call(
        "trend.front_speed",
        trend.front_speed,
        {"year": 2018.0 + np.arange(8), "distance": np.arange(8) * 1.5, "level": 0.9},
    ),
    Call(
        "trend.share_change",
        trend.share_change,
        {"count1": 30, "n1": 80, "count2": 50, "n2": 90, "level": 0.9},
    ),
)
