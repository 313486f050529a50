"""The data that blocks of docs/ecostat speak of without making them, by page and number of the block."""

from collections.abc import Callable
from typing import Any

import numpy as np
import shapely

from ecostat import (
    abundance,
    capture,
    distance,
    models,
    occupancy,
    plots,
    redlist,
    sampling,
    suitability,
    trend,
)

RNG = np.random.default_rng(4)
FOREST = RNG.random(120)
LIVES = RNG.random(120) < 1 / (1 + np.exp(-(3 * FOREST - 1)))
SEEN = (LIVES[:, None] & (RNG.random((120, 5)) < 0.5)).astype(float)


def squares() -> dict[str, Any]:
    """A frame of 120 squares, what is thought of them, what a visit costs, and where the species will be seen."""
    frame = {"x": RNG.uniform(0, 9, 120), "y": RNG.uniform(0, 9, 120), "cost": RNG.uniform(1, 3, 120)}
    return {**vars(sampling), **frame, "psi": 0.1 + 0.8 * FOREST, "detected": LIVES, "rng": RNG}


def ponds() -> dict[str, Any]:
    return {**vars(occupancy), "y": SEEN}


def ideas() -> dict[str, Any]:
    data = {"forest": FOREST, "height": RNG.normal(900, 200, 120), "rain": RNG.gamma(1, 15, SEEN.shape)}
    more = {"height": np.full((3, 4), 900.0), "forest": np.linspace(0, 1, 12).reshape(3, 4)}
    formulas = {"weeks": SEEN, "y": SEEN, "data": data, "ideas": ("1", "forest")}
    return {**vars(occupancy), **vars(models), **vars(plots), **formulas, **more}


def animals() -> dict[str, Any]:
    return {**ponds(), "np": np, "n": 120, "forest": FOREST}


def seasons() -> dict[str, Any]:
    x = np.column_stack([np.ones(120), FOREST])
    seen = np.zeros((120, 15))
    state = LIVES.copy()
    for t in range(5):
        seen[:, 3 * t : 3 * t + 3] = state[:, None] & (RNG.random((120, 3)) < 0.6)
        state = np.where(state, RNG.random(120) < 0.8, RNG.random(120) < 0.3)
    return {**vars(occupancy), "y": seen, "x": x}


def believed() -> dict[str, Any]:
    seen = seasons()["y"][:, :9]
    wrong = (RNG.random(seen.shape) < 0.1) & (seen == 0)
    sure = (RNG.random(seen.shape) < 0.5) & (seen == 1)
    return {**vars(occupancy), "y": np.where(wrong, 1, seen) + sure, "novice": RNG.random(seen.shape) < 0.5}


def fitted() -> dict[str, Any]:
    fit = occupancy.occu(SEEN, "forest", data={"forest": FOREST})
    smaller = occupancy.occu(SEEN)
    return {**ideas(), "np": np, "fit": fit, "smaller": smaller, "larger": fit}


def counted() -> dict[str, Any]:
    x = np.column_stack([np.ones(120), RNG.normal(size=(120, 3))])
    w = np.concatenate([np.ones((120, 4, 1)), RNG.normal(size=(120, 4, 3))], axis=2)
    y = RNG.binomial(RNG.negative_binomial(2, 0.5, 120)[:, None], 0.5, (120, 4))
    return {**vars(abundance), "x": x, "w": w, "y": y}


def bands() -> dict[str, Any]:
    counts = RNG.poisson([10, 7, 4, 2], (12, 4))
    return {**vars(abundance), "counts": counts, "metres": RNG.uniform(300, 900, 12)}


def wrens() -> dict[str, Any]:
    far = np.abs(RNG.normal(0, 9, 140))
    found = {"distance": far[far < 25], "line": RNG.integers(0, 12, int((far < 25).sum()))}
    effort = dict(zip(range(12), RNG.uniform(0.5, 2, 12).tolist(), strict=True))
    return {**vars(distance), **found, "effort_km": effort}


def gibbons() -> dict[str, Any]:
    posts = np.array([[0.0, 0.0], [500.0, 0.0], [1000.0, 0.0]])
    mask, _ = capture.buffer_mask(posts, 3000, 250)
    group, number = np.array([0, 0, 1, 1, 2, 2, 2, 3, 4, 4]), np.array([0, 1, 1, 2, 0, 1, 2, 1, 1, 2])
    homes = np.array([[200.0, 700], [800, -600], [500, 900], [600, -1200], [900, 500]])
    way = homes[group] - posts[number]
    degrees = np.degrees(np.arctan2(way[:, 0], way[:, 1])) % 360 + RNG.normal(0, 5, 10)
    return {
        **vars(capture),
        "posts": posts,
        "mask": mask,
        "group": group,
        "number": number,
        "degrees": degrees,
    }


def cameras() -> dict[str, Any]:
    return {**vars(capture), "encounters": RNG.poisson(8, 20), "days": np.full(20, 60.0)}


def orchid() -> dict[str, Any]:
    points = np.vstack([RNG.normal((103.1, 22.4), 0.05, (60, 2)), RNG.normal((103.6, 22.05), 0.04, (20, 2))])
    counted = np.arange(1995, 2021)
    shoots = 900 * 0.96 ** (counted - 1995.0)
    return {
        **vars(redlist), "points": points, "years": RNG.integers(1995, 2021, 80), "counted": counted, "shoots": shoots
    }  # fmt: skip


def communes() -> dict[str, Any]:
    areas = [shapely.box(10_000 * i, 0, 10_000 * i + 9_000, 9_000) for i in range(4)]
    zone = ["lowland", "lowland", "mountain", "mountain"]
    return {**vars(sampling), "communes": areas, "zone": zone, "rng": RNG, "value": RNG.gamma(2, 3, 60)}


def sloths() -> dict[str, Any]:
    x = RNG.normal(size=(400, 2))
    presence = RNG.random(400) < 1 / (1 + np.exp(-x[:, 0]))
    at = {"lon": RNG.uniform(103, 105, 400), "lat": RNG.uniform(21, 23, 400)}
    return {**vars(suitability), **at, "presence": presence, "X": x, "rng": RNG}


def birds() -> dict[str, Any]:
    site, time = np.repeat(np.arange(12), 8), np.tile(np.arange(2000, 2008), 12)
    return {**vars(trend), "site": site, "time": time, "count": RNG.poisson(20, 96)}


SETTINGS: dict[tuple[str, int], Callable[[], dict[str, Any]]] = {
    ("abundance", 0): counted,
    ("abundance", 1): bands,
    ("abundance", 2): lambda: dict(vars(abundance)),
    ("capture", 0): gibbons,
    ("capture", 1): cameras,
    ("distance", 0): wrens,
    ("models", 0): fitted,
    ("models", 1): fitted,
    ("occupancy", 0): ponds,
    ("occupancy", 1): ideas,
    ("occupancy", 2): animals,
    ("occupancy", 3): seasons,
    ("occupancy", 4): believed,
    ("redlist", 0): orchid,
    ("sampling", 0): communes,
    ("sampling", 1): squares,
    ("sampling", 2): lambda: dict(vars(sampling)),
    ("suitability", 0): sloths,
    ("trend", 0): birds,
}
