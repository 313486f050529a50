"""Simulated stations, weather, a table of levels, hotspots with verdicts and fires, with their known truth."""

from datetime import date, datetime, timedelta
from math import exp
from typing import Any

import numpy as np
import shapely
from django.utils import timezone

from baoton.fire import actions
from baoton.fire.models import Alert, Fire, Hotspot, Permit, Station, Table, Weather, Zoned
from baoton.fire.registers import alert, fire, hotspot, permit, station
from baoton.kit.ids import source_id
from baoton.kit.writing.write import settle
from baoton.places.queries import commune_choices, outlines

BODY, LIMITS, RESET = "kiem_lam", (5000, 10000, 15000, 20000), 6.0
VERDICTS = ("fire", "fire", "permitted", "false", "waiting")
Truth = dict[str, Any]


def simulate(rng: np.random.Generator, year: int, today: date, truth: Truth, alerts: int = 25) -> int:
    """Three stations with weather up to the day, alerts of which most are answered, fires; how many alerts."""
    drawn, areas = outlines(), [p for p, _name in commune_choices()]
    areas = [a for a in areas if a in drawn]
    Table.objects.create(
        id=source_id("simulated.fire-table", "1"), decision="Bảng mô phỏng, không phải quyết định của tỉnh",
        since=date(year, 1, 1), reset_mm=RESET, organisation=BODY,
        **{f"level{n}": v for n, v in enumerate(LIMITS, 1)},
    )  # fmt: skip
    stations = []
    for n in range(3):
        one = Station(
            id=source_id("simulated.station", str(n)), name=f"Trạm mô phỏng {n + 1}", code=f"MP{n + 1}",
            elevation_m=400.0 + 300 * n, source="mô phỏng", organisation=BODY,
        )  # fmt: skip
        one.put(drawn[areas[n * 12]].representative_point())
        stations.append(one)
    settle(station, stations)
    Station.objects.bulk_create(stations)
    Zoned.objects.bulk_create(
        Zoned(
            id=source_id("simulated.zoned", a),
            station=stations[n * 3 // len(areas)],
            area_path=a,
            organisation=BODY,
        )
        for n, a in enumerate(areas)
    )
    books = truth.setdefault("books", {})
    books["fire.danger_days"] = [row for one in stations for row in _weather(rng, one, year, today)]
    return _alerts(rng, year, today, truth, [drawn[a] for a in areas], alerts)


def _weather(rng: np.random.Generator, one: Station, year: int, today: date) -> list[dict[str, Any]]:
    """A dry season up to April with rain after; the days of which the level is known, told by a sum of our own."""
    day, p, rows, told = date(year, 1, 1), 0.0, [], []
    while day <= today:
        wet = rng.random() < (0.06 if day.month <= 4 or day.month >= 11 else 0.55)
        t, rh = (
            round(float(rng.normal(27, 3)), 1),
            round(float(np.clip(rng.normal(82 if wet else 52, 8), 20, 100))),
        )
        rain: float | None = round(float(rng.gamma(1.2, 9)), 1) if wet else 0.0
        if rng.random() < 0.005:
            rain = None
        rows.append(
            Weather(
                id=source_id("simulated.weather", f"{one.code} {day}"), station=one, day=day, t13=t, rh13=rh,
                rain_mm=rain,
                wind_kmh=round(float(rng.uniform(2, 18)), 1), area_path=one.area_path, organisation=BODY,
            )
        )  # fmt: skip
        deficit = 6.112 * exp(17.62 * t / (243.12 + t)) * (1 - rh / 100)
        p = float("nan") if rain is None else 0.0 if rain > RESET else p + max(t, 0.0) * deficit
        if p == p:
            danger = int(p > LIMITS[2])
            told.append({"area": one.area_path, "day": f"{day}", "until": f"{year + 1}", "n": danger})
        day += timedelta(days=1)
    Weather.objects.bulk_create(rows, batch_size=500)
    actions.reckon(one)
    return told


def _alerts(
    rng: np.random.Generator, year: int, today: date, truth: Truth, shapes: list[Any], many: int
) -> int:
    first, spots, made, fires, permits = date(year, 1, 1), [], [], [], []
    span = max(min((today - first).days, 120), 1)
    for n in range(many):
        shape = shapes[int(rng.integers(0, len(shapes)))].representative_point()
        day = first + timedelta(days=int(rng.integers(0, span)))
        seen = round(timezone.make_aware(datetime(day.year, day.month, day.day, 13, 20)).timestamp() * 1000)
        status, wait = VERDICTS[n % len(VERDICTS)], int(rng.integers(20, 300))
        told = seen + 3 * 3_600_000
        answered = status != "waiting"
        one = Alert(
            id=source_id("simulated.alert", str(n)), day=day, first=seen, last=seen, size=2, told=told, status=status,
            at=told + wait * 60_000 if answered else None, minutes=wait if answered else None, organisation=BODY,
            note="mô phỏng" if answered else "", routed=Alert.Routed.NOBODY,
        )  # fmt: skip
        one.put_point(shape.x, shape.y)
        if status == "permitted" or n % 10 == 4:
            one.permit = _permit(n, day, shape)
            permits.append(one.permit)
        made.append(one)
        for k in range(2):
            spot = Hotspot(
                id=source_id("simulated.hotspot", f"{n} {k}"), at=seen, day=day, satellite="N", instrument="VIIRS",
                confidence="n", frp=round(float(rng.gamma(2, 3)), 1), alert=one, organisation=BODY,
            )  # fmt: skip
            spot.put_point(shape.x + 0.003 * k, shape.y)
            spots.append(spot)
        if status == "fire":
            fires.append(_fire(rng, n, one, shape))
    for book, rows in ((permit, permits), (alert, made), (hotspot, spots), (fire, fires)):
        settle(book, rows)
        book.model.objects.bulk_create(rows)  # type: ignore[attr-defined]
    _tell(truth, year, made, fires)
    truth["books"]["fire.permits"] = [
        {"area": p.area_path, "day": f"{p.since}", "until": f"{year + 1}", "n": 1} for p in permits
    ]
    return len(made)


def _permit(n: int, day: date, shape: shapely.Point) -> Permit:
    one = Permit(
        id=source_id("simulated.permit", str(n)), holder=f"Hộ mô phỏng {n}", what="nương", locality="nơi mô phỏng",
        since=day, until=day + timedelta(days=2), from_hour=7, to_hour=16, given_by="mô phỏng",
        terms="mô phỏng: băng cản lửa, có người canh", number=f"{n:02d}/MP", status=Permit.Status.ISSUED,
        organisation=BODY,
    )  # fmt: skip
    one.put(shape.buffer(0.002, quad_segs=2))
    permit.derive(one)
    return one


def _fire(rng: np.random.Generator, n: int, one: Alert, shape: shapely.Point) -> Fire:
    burnt = Fire(
        id=source_id("simulated.fire", str(n)), day=one.day, hectares=round(float(rng.gamma(1.5, 1.2)) + 0.1, 2),
        forest=Fire.Forest.values[n % 4], cause=Fire.Cause.values[n % 6], damage=10_000_000, fighters=20, hurt=0,
        dead=0,
        alert=one, organisation=BODY, note="mô phỏng",
    )  # fmt: skip
    burnt.put_point(shape.x, shape.y)
    fire.derive(burnt)
    return burnt


def _tell(truth: Truth, year: int, made: list[Alert], fires: list[Fire]) -> None:
    def row(one: Alert | Fire, n: float = 1) -> dict[str, Any]:
        return {"area": one.area_path, "day": f"{one.day}", "until": f"{year + 1}", "n": n}

    truth["books"] |= {
        "fire.alerts": [row(a) for a in made],
        "fire.true": [row(a) for a in made if a.status == "fire"],
        "fire.fires": [row(f) for f in fires],
        "fire.burnt": [row(f, (f.m2 or 0) / 10_000) for f in fires],
    }
    judged = [a for a in made if a.status != "waiting"]
    truth["books"] |= {
        "fire.precision": [row(a, 100 * (a.status == "fire")) for a in judged],
        "fire.response": [row(a, a.minutes or 0) for a in judged],
    }
