"""Simulated waters, closed seasons, releases and looks after them, with their known truth."""

from datetime import date, timedelta
from typing import Any

import numpy as np

from baoton.kit.ids import source_id
from baoton.kit.writing.write import settle
from baoton.places.queries import commune_choices, outlines
from baoton.taxa.models import Taxon
from baoton.waters.models import Body, Check, Ground, Release, Season
from baoton.waters.registers import body, ground, release

BODY, FISH = "so_nnmt", ("Carassius auratus", "Cyprinus carpio", "Spinibarbus denticulatus")
KINDS = ("stream", "reservoir", "lake", "river", "pond")


def simulate(rng: np.random.Generator, year: int, today: date, truth: dict[str, Any], waters: int = 8) -> int:
    """Invented waters, a ground with its season, releases of which most are done; how many fish were let go."""
    areas, drawn = [p for p, _name in commune_choices()], outlines()
    bodies = []
    for n in range(waters):
        area = areas[(n * 4) % len(areas)]
        one = Body(
            id=source_id("simulated.water", str(n)), name=f"Thuỷ vực mô phỏng {n + 1}", kind=KINDS[n % 5],
            importance="Nơi ở của cá bản địa (mô phỏng)", use="Sinh hoạt, tưới", area_path=area, organisation=BODY,
            source="mô phỏng",
        )  # fmt: skip
        if area in drawn:
            one.put(drawn[area].representative_point())
        body.derive(one)
        bodies.append(one)
    settle(body, bodies)
    Body.objects.bulk_create(bodies)
    grounds = [
        Ground(
            id=source_id("simulated.ground", str(n)), name=f"Bãi đẻ mô phỏng {n + 1}", water=bodies[n], kind="spawning",
            area_path=bodies[n].area_path, organisation=BODY, source="mô phỏng",
        )
        for n in range(3)
    ]  # fmt: skip
    settle(ground, grounds)
    Ground.objects.bulk_create(grounds)
    Season.objects.bulk_create(
        Season(
            id=source_id("simulated.season", str(n)), ground=one, since=date(year, 4, 1), until=date(year, 7, 31),
            basis="quyết định mô phỏng", forbids="mọi hình thức khai thác", organisation=BODY,
        )
        for n, one in enumerate(grounds)
    )  # fmt: skip
    return _releases(rng, year, today, truth, bodies)


def _releases(
    rng: np.random.Generator, year: int, today: date, truth: dict[str, Any], bodies: list[Body]
) -> int:
    taxa = _taxa()
    first = date(year, 1, 1)
    days, made = max((today - first).days, 1), []
    for n in range(2 * len(bodies)):
        day, done = first + timedelta(days=int(rng.integers(0, days))), n % 5 != 4
        one = Release(
            id=source_id("simulated.restock", str(n)), water=bodies[n % len(bodies)], taxon=taxa[n % len(taxa)],
            planned=day, day=day if done else None, count=int(rng.integers(5, 60)) * 100, size_cm=5.0,
            source="Trại giống mô phỏng", quarantine=f"KD-{n + 1}", attended="Đại diện xã, kiểm lâm, người dân",
            cost=3_000_000, status="done" if done else "proposed", organisation=BODY,
        )  # fmt: skip
        release.derive(one)
        made.append(one)
    settle(release, made)
    Release.objects.bulk_create(made)
    done_ = [r for r in made if r.status == "done"]
    checks = []
    for n, one in enumerate(done_[::2]):
        assert one.day is not None
        day, alive = min(one.day + timedelta(days=30), today), int(rng.binomial(50, 0.7))
        checks.append(
            Check(
                id=source_id("simulated.restock-check", str(n)), release=one, day=day, method="lưới rê, lồng theo dõi",
                hours=4.0, caught=int(rng.poisson(6)), looked=50, alive=alive, area_path=one.shown_area_path,
                organisation=BODY,
            )
        )  # fmt: skip
    Check.objects.bulk_create(checks)
    rows = [
        {"area": r.shown_area_path, "day": str(r.day), "until": f"{year + 1}", "n": r.count} for r in done_
    ]
    truth.setdefault("books", {}).update(
        {"waters.fish": rows, "waters.releases": [{**r, "n": 1} for r in rows]}
    )
    return sum(r.count for r in done_)


def _taxa() -> list[Taxon]:
    rows = {
        t.scientific_name: t for t in Taxon.objects.filter(scientific_name__in=FISH, withdrawn__isnull=True)
    }
    return [rows[name] for name in FISH if name in rows]
