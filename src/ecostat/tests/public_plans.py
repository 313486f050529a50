"""Public calls on fitted models, posed problems and surveys to come, with input they answer."""

from functools import cache

import numpy as np
import shapely

from ecostat import abundance, connectivity, models, occupancy, planning, sampling
from ecostat.likelihood import Random
from ecostat.tests.public_call import SEED, Call
from ecostat.tests.public_models import AMOUNT, BESIDE, COST, HISTORY, patches

RNG = np.random.default_rng(21)
PASSES = RNG.poisson([6, 3, 1], (20, 3)).astype(float)
FIRST = RNG.poisson(4, 40)
SECOND = RNG.binomial(FIRST, 0.6) + RNG.poisson(1.5, 40)
THIRD = RNG.binomial(SECOND, 0.6) + RNG.poisson(1.5, 40)
SEASONS = RNG.binomial(np.repeat(np.column_stack([FIRST, SECOND, THIRD]), 2, axis=1), 0.5).astype(float)
REPORTS = np.where(RNG.random((40, 4)) < 0.3, 2.0, 1.0) * HISTORY
REPORTS[HISTORY.sum(axis=1) < 2] = RNG.random((int((HISTORY.sum(axis=1) < 2).sum()), 4)) < 0.15
SITES = {
    "elevation": RNG.uniform(300, 1500, 40).round(0),
    "forest": np.where(RNG.random(40) < 0.5, "old", "young"),
}
VALLEY = np.repeat(np.arange(8), 5)
SQUARES = np.array([shapely.box(i, 0, i + 1, 1) for i in range(4)], dtype=object)
THOUGHT, PRICE = np.linspace(0.1, 0.9, 12).round(2), np.linspace(1, 4, 12).round(1)
EAST, NORTH = RNG.uniform(0, 5000, 12).round(1), RNG.uniform(0, 5000, 12).round(1)
THERE = np.array([[1, 1, 0], [0, 1, 1]])


@cache
def smaller() -> occupancy.Occupancy:
    """Occupancy alike everywhere."""
    return occupancy.occu(HISTORY)


@cache
def larger() -> occupancy.Occupancy:
    """Occupancy along elevation."""
    return occupancy.occu(HISTORY, "elevation", data=SITES)


@cache
def posed() -> planning.Problem:
    """A small minimum set."""
    return planning.problem("set", COST, AMOUNT, 3.0)


PLANS: tuple[Call, ...] = (
    Call("connectivity.components", connectivity.components, {"g": patches()}),
    Call("connectivity.delta_iic", connectivity.delta_iic, {"g": patches()}),
    # models of counts and histories
    Call("abundance.removal", abundance.removal, {"y": PASSES}),
    Call("abundance.double_observer", abundance.double_observer, {"y": PASSES, "kind": "independent"}),
    Call(
        "abundance.open_nmixture",
        abundance.open_nmixture,
        {"y": SEASONS, "seasons": 3, "K": 20, "dynamics": "constant"},
    ),
    Call("occupancy.false_positive", occupancy.false_positive, {"y": REPORTS, "seasons": 1}),
    Call(
        "occupancy.occu by name",
        lambda y, elevation, forest: occupancy.occu(
            y, p="elevation + forest", data={"elevation": elevation, "forest": forest}
        ),
        {"y": HISTORY, **SITES},
        said={"forest": "forest|elevation", "elevation": "elevation"},
    ),
    Call(
        "occupancy.occu predicting",
        lambda elevation, level: larger().predict("psi", {"elevation": elevation}, level),
        {"elevation": np.array([400.0, 900.0]), "level": 0.9},
    ),
    Call(
        "occupancy.occu with a random intercept",
        lambda y, group: occupancy.occu(y, random=Random("psi", group)),
        {"y": HISTORY[:20], "group": VALLEY[:20]},  # valleys that differ: the search is short
        said={"group": "group|random"},
    ),
    # checks and comparisons
    Call("models.goodness", models.goodness, {"fit": smaller(), "times": 5, "rng": SEED}),
    Call(
        "models.compare",
        models.compare,
        {"models": {"one": smaller(), "along": larger()}, "small": True, "c_hat": 1.2},
    ),
    Call(
        "models.likelihood_ratio",
        models.likelihood_ratio,
        {"smaller": smaller(), "larger": larger(), "c_hat": 1.0},
    ),
    # planning
    Call("planning.adjacency", planning.adjacency, {"polygons": SQUARES, "corners": True}),
    Call("planning.boundary", planning.boundary, {"polygons": SQUARES}),
    Call(
        "planning.grid_adjacency",
        planning.grid_adjacency,
        {"rows": 2, "columns": 3, "diagonal": True, "present": THERE},
    ),
    Call(
        "planning.grid_boundary",
        planning.grid_boundary,
        {"rows": 2, "columns": 3, "width": 2.0, "height": 3.0, "present": THERE},
    ),
    Call(
        "planning.problem",
        planning.problem,
        {
            "kind": "shortfall",
            "cost": COST,
            "amount": AMOUNT,
            "target": 0.3,
            "budget": 9.0,
            "weights": np.array([1.0, 2.0, 1.0]),
            "relative": True,
            "adjacency": BESIDE,
            "neighbours": 1,
            "clamp": True,
            "limits": [planning.Limit(COST, most=20.0)],
            "features": ["a", "b", "c"],
        },
    ),
    Call("planning.solve", planning.solve, {"p": posed(), "gap": 0.0, "time_limit": 5.0}),
    Call(
        "planning.portfolio",
        planning.portfolio,
        {"p": posed(), "number": 3, "within": 0.1, "gap": 0.0, "time_limit": 5.0},
    ),
    Call(
        "planning.replacement_cost",
        planning.replacement_cost,
        {"p": posed(), "gap": 0.0, "time_limit": 5.0},
    ),
    Call(
        "planning.zoned",
        planning.zoned,
        {
            "cost": np.column_stack([COST, COST[::-1]]),
            "amount": [AMOUNT, AMOUNT],
            "target": np.array([3.0, 3.0, 3.0]),
            "budget": 30.0,
            "everywhere": False,
            "locked_out": np.eye(8, 2),
        },
    ),
    Call(
        "sampling.next_survey",
        sampling.next_survey,
        {
            "x": EAST,
            "y": NORTH,
            "psi": THOUGHT,
            "cost": PRICE,
            "budget": 12.0,
            "rng": SEED,
            "p": 0.5,
            "visits": 3,
        },
    ),
    Call(
        "sampling.next_estimate",
        sampling.next_estimate,
        {
            "psi": THOUGHT,
            "inclusion": THOUGHT,
            "cells": [1, 4, 7],
            "detected": [0, 1, 1],
            "p": 0.5,
            "visits": 3,
        },
    ),
)
