"""Simulated patrols of two communes with tracks and signs, and their known truth."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

import numpy as np
import shapely

from baoton.kit.ids import source_id
from baoton.patrols.actions import cover, derive_leg, derive_patrol, derive_sign, resum
from baoton.patrols.disclosure import settle
from baoton.patrols.models import Leg, Patrol, Sign, SignKind, Team
from baoton.places.queries import commune_choices, outlines

STEPS, STEP_DEG = 60, 0.0016
KINDS = ("snare", "snare", "snare", "trap", "camp", "logging", "people", "clearing")


def simulate(
    rng: np.random.Generator, year: int, today: date, truth: dict[str, Any], patrols: int = 40
) -> int:
    """Forty patrols of four teams in the two communes with the widest forest; how many signs were found.

    `truth["books"]` holds the rows behind each figure; the metres are those of the walked track.
    """
    communes = [p for p, name in commune_choices() if name.endswith(("Mù Cả", "Tà Tổng"))] or [
        commune_choices()[0][0]
    ]
    shapes, kinds = outlines(), {k.code: k for k in SignKind.objects.all()}
    teams = [
        Team(
            id=source_id("simulated.team", str(n)), name=f"Tổ tuần tra số {n + 1}",
            area_path=communes[n % len(communes)], organisation="kiem_lam", leader=f"Tổ trưởng {n + 1}",
        )
        for n in range(4)
    ]  # fmt: skip
    Team.objects.bulk_create(teams)
    days = max((today - date(year, 1, 1)).days, 1)
    books: list[Patrol] = []
    legs: list[Leg] = []
    signs: list[Sign] = []
    for n in range(patrols):
        team = teams[n % 4]
        day = date(year, 1, 1) + timedelta(days=int(rng.integers(0, days)))
        planned = n % 10 == 9
        if planned:
            day = today + timedelta(days=1 + n // 10)
        patrol = Patrol(
            id=source_id("simulated.patrol", str(n)), team=team, day_start=day, code=f"TT-{n + 1:03d}",
            objective="Tháo gỡ bẫy, kiểm tra khu vực giáp ranh",
            people=int(rng.integers(3, 7)), organisation="kiem_lam",
            status=Patrol.Status.PLANNED if planned else Patrol.Status.DONE,
            report="" if planned else "Đã đi hết tuyến.",
        )  # fmt: skip
        derive_patrol(patrol)
        books.append(patrol)
        if planned:
            continue
        line = _walk(rng, shapes[team.area_path])
        leg = Leg(
            id=source_id("simulated.leg", str(n)), patrol=patrol, day=day, hours=float(rng.integers(10, 20)) / 2,
            organisation="kiem_lam",
        )  # fmt: skip
        leg.put(line)
        derive_leg(leg)
        legs.append(leg)
        found = int(rng.poisson(3 * (line.bounds[0] < shapes[team.area_path].centroid.x) + 0.5))
        for i in range(found):
            code = str(rng.choice(KINDS))
            sign = Sign(
                id=source_id("simulated.found", f"{n}-{i}"), patrol=patrol, kind=kinds[code], day=day,
                count=int(rng.integers(1, 15)) if code == "snare" else 1, age=str(rng.choice(Sign.Age.values)),
                done=Sign.Done.REMOVED if code in {"snare", "trap", "camp"} and rng.random() < 0.8 else Sign.Done.LEFT,
                status=Sign.Status.HANDLED, organisation="kiem_lam",
            )  # fmt: skip
            at = shapely.get_coordinates(line)[int(rng.integers(0, STEPS))]
            sign.put_point(float(at[0]), float(at[1]))
            derive_sign(sign)
            signs.append(sign)
    settle(books)
    settle(legs)
    settle(signs)
    Patrol.objects.bulk_create(books)
    Leg.objects.bulk_create(legs)
    Sign.objects.bulk_create(signs)
    cover(legs)
    resum(books)
    truth.setdefault("books", {}).update(_counted(books, legs, signs))
    return len(signs)


def _counted(books: list[Patrol], legs: list[Leg], signs: list[Sign]) -> dict[str, list[dict[str, Any]]]:
    """The rows behind each figure of the report; a day counts at its first leg."""
    seen: set[date] = set()
    days = []
    for leg in sorted(legs, key=lambda one: one.day):
        days.append(_row(leg.area_path, leg.day, int(leg.day not in seen)))
        seen.add(leg.day)

    def rows(found: Iterable[Any], n: Callable[[Any], int]) -> list[dict[str, Any]]:
        return [_row(x.area_path, x.day, n(x)) for x in found]

    snares = [s for s in signs if s.kind.code == "snare"]
    gone = [_row(p.area_path, p.day_start, 1) for p in books if p.status == "done"]
    return {
        "patrols.patrols": gone, "patrols.days": days, "patrols.km": rows(legs, lambda x: x.metres or 0),
        "patrols.threats": rows(signs, lambda x: 1), "patrols.snares": rows(snares, lambda x: x.count or 0),
        "patrols.snares_removed": rows([s for s in snares if s.done == "removed"], lambda x: x.count or 0),
    }  # fmt: skip


def _row(area: str, day: date, n: int) -> dict[str, Any]:
    return {"area": area, "day": day.isoformat(), "until": f"{day.year + 1}", "n": n}


def _walk(rng: np.random.Generator, shape: shapely.Geometry) -> shapely.Geometry:
    """A track that wanders within a commune from a place drawn at random."""
    west, south, east, north = shape.bounds
    while True:
        x, y = rng.uniform(west, east), rng.uniform(south, north)
        if shapely.contains_xy(shape, x, y):
            break
    bearing, points = rng.uniform(0, 2 * np.pi), [(x, y)]
    while len(points) < STEPS:
        bearing += rng.normal(0, 0.4)
        nx, ny = x + STEP_DEG * np.cos(bearing), y + STEP_DEG * np.sin(bearing)
        if shapely.contains_xy(shape, nx, ny):
            x, y = nx, ny
            points.append((x, y))
        else:
            bearing += np.pi / 2
    return shapely.LineString(points)
