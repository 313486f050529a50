"""Eight simulated animals of two communes, each with a known fate and known costs; two releases of one programme."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

from baoton.kit.ids import source_id
from baoton.kit.writing import ledger
from baoton.places.queries import commune_choices, outlines
from baoton.rescue.actions.clocks import follow_animal
from baoton.rescue.actions.life import derive
from baoton.rescue.actions.releases import checklist, derive_release, look_again
from baoton.rescue.disclosure import settle
from baoton.rescue.models import Animal, Care, Point, Programme, Release, Sighting
from baoton.taxa.models import Taxon

BODY = "kiem_lam"
OFFICE = "Sở Nông nghiệp và Môi trường"
S, H = Animal.Status, Animal.Health


@dataclass(frozen=True)
class Life:
    """What is drawn for one animal: day of the year told, health, its fate, days in keeping, release and sightings."""

    name: str
    health: str
    told: int
    status: str
    days: int = 0
    release: int = 0
    seen: Mapping[int, str] = field(default_factory=dict)
    source: str = Animal.Source.STRAY


LIVES = (
    Life("Khỉ vàng", H.HEALTHY, 40, S.RELEASED, 30, 1, {10: "fix", 40: "fix", 90: "camera"}),
    Life("Khỉ vàng", H.HURT, 42, S.RELEASED, 28, 1, {10: "fix", 25: "dead"}),
    Life("Macaca mulatta", H.HEALTHY, 45, S.RELEASED, 25, 1, {30: "seen", 60: "lost"}, Animal.Source.SEIZED),
    Life("Khỉ vàng", H.HEALTHY, 190, S.RELEASED, 20, 2, {15: "fix", 50: "fix"}, Animal.Source.GIVEN),
    Life("Tê tê vàng", H.HURT, 120, S.SCIENCE, 12, source=Animal.Source.SEIZED),
    Life("rắn hổ mang", H.HEALTHY, 200, S.RETURNED, 3),
    Life("Cu li nhỏ", H.HURT, 250, S.KEEPING),
    Life("chim gì không rõ", H.HURT, 318, S.TOLD),
)
FEED = ("chuối, lá cây", "khoai, ngô", "sâu, trứng kiến")


def simulate(rng: np.random.Generator, year: int, today: date, truth: dict[str, Any]) -> int:
    """The eight animals stand with their care, releases and sightings; how many lines of care there are.

    `truth["rescue"]` holds fate, costs and days of each; `truth["books"]` the rows behind each figure. What would
    lie after `today` has not happened yet.
    """
    communes = [p for p, name in commune_choices() if name.endswith(("Mù Cả", "Tà Tổng"))] or [
        commune_choices()[0][0]
    ]
    first = date(year, 1, 1)
    last_told = max(life.told for life in LIVES)
    if first + timedelta(days=last_told) > today:
        raise ValueError(f"the simulated animals need {last_told} days of the year before {today}")
    releases = _releases(rng, first, communes[0])
    animals = [_animal(rng, n, life, first, communes, releases) for n, life in enumerate(LIVES)]
    settle(animals)
    Animal.objects.bulk_create(animals)
    lines = [line for one in animals for line in _care(rng, one, today)]
    if lines:
        ledger.post(lines)
    sightings = [s for one, life in zip(animals, LIVES, strict=True) for s in _seen(rng, one, life)]
    settle(sightings)
    Sighting.objects.bulk_create(sightings)
    look_again(animals)
    for one in animals:
        follow_animal(one)
    truth["rescue"] = [
        {
            "id": str(one.pk), "fate": life.status, "cost": sum(x.cost or 0 for x in lines if x.book_id == one.pk),
            "release": life.release, "died_after": next((d for d, k in life.seen.items() if k == "dead"), None),
            "last_seen": max((d for d, k in life.seen.items() if k != "lost"), default=None),
        }
        for one, life in zip(animals, LIVES, strict=True)
    ]  # fmt: skip
    truth.setdefault("books", {}).update(_counted(animals, releases, lines))
    return len(lines)


def _releases(rng: np.random.Generator, first: date, area: str) -> list[Release]:
    macaque = Taxon.objects.get(scientific_name="Macaca mulatta", accepted__isnull=True)
    programme = Programme.objects.create(
        id=source_id("simulated.programme", "1"), name="Thả lại khỉ vàng cứu hộ", taxon=macaque, since=first,
        area_path=area, organisation=BODY, target_animals=10, target_releases=3, target_days=90, target_share=70,
    )  # fmt: skip
    releases = []
    for n, day in enumerate((70, 210), 1):
        one = Release(
            id=source_id("simulated.release", str(n)), programme=programme, code=f"ĐT-{n:02d}", area_path=area,
            planned=first + timedelta(days=day), day=first + timedelta(days=day), organisation=BODY,
            locality=f"tiểu khu {n}", method="thả mềm sau 3 ngày trong chuồng tạm", forest_owner="Ban quản lý rừng",
            decided_by=OFFICE, decision=f"{n:02d}/QĐ-SNNMT", stop_days=60, stop_share=40, status=Release.Status.DONE,
            report="Con vật rời chuồng, vào rừng.",
        )  # fmt: skip
        one.put_point(*_within(rng, area))
        derive_release(one)
        releases.append(one)
    settle(releases)
    Release.objects.bulk_create(releases)
    for one in releases:
        checklist(one)
        Point.objects.filter(release=one).update(state=Point.State.MET)
        Point.objects.filter(release=one, topic=Point.Topic.GENETICS).update(
            state=Point.State.OPEN, why="chưa phân tích nguồn gen"
        )
    return releases


def _animal(
    rng: np.random.Generator, n: int, life: Life, first: date, communes: list[str], releases: list[Release]
) -> Animal:
    told = first + timedelta(days=life.told)
    here = None if life.status == S.TOLD else told + timedelta(days=int(n % 2))
    release = releases[life.release - 1] if life.release else None
    ended = None if here is None or not life.days else here + timedelta(days=life.days)
    area = communes[n % len(communes)]
    one = Animal(
        id=source_id("simulated.rescued", str(n)), code=f"ĐV-{n + 1:02d}", written=life.name, source=life.source,
        told_on=told, area_path=area, organisation=BODY, sex=str(rng.choice(Animal.Sex.values)), age="adult",
        health="" if here is None else life.health, received_on=here, receiver="Cán bộ xã" if here else "",
        status=life.status, locality="bìa rừng", brought_by="Người dân",
    )  # fmt: skip
    stray = life.source == Animal.Source.STRAY and here is not None
    one.noticed_on = here if stray else None
    if release is not None:
        one.release, one.released_on, one.ended, one.health = release, release.day, release.day, H.HEALTHY
        one.decided_by, one.decision = OFFICE, release.decision
    elif life.status == S.SCIENCE:
        one.died_on = one.ended = ended
        one.health, one.cause, one.ended_how = H.DEAD, "mất nước, kiệt sức", "Viện nghiên cứu"
    elif life.status == S.RETURNED:
        one.ended, one.ended_how = ended, "chủ nuôi có mã số cơ sở"
    elif life.status == S.KEEPING and here is not None:
        one.quarantine_until = here + timedelta(days=90)
    one.put_point(*_within(rng, area))
    derive(one)
    return one


def _care(rng: np.random.Generator, one: Animal, today: date) -> list[Care]:
    """Food every few days with its cost, a treatment whose cost nobody knows, a weight at each end."""
    if one.received_on is None:
        return []
    came, last = one.received_on, min(one.ended or today, today)
    days = (last - came).days
    weight = int(rng.integers(400, 6_000))

    def line(at: int, kind: str, what: str, cost: int | None, grams: int | None = None) -> Care:
        return Care(
            id=source_id("simulated.care", f"{one.code}-{kind}-{at}"), book=one, organisation=BODY,
            area_path=one.area_path, day=came + timedelta(days=at), kind=kind, what=what, cost=cost,
            amount=cost or 0, weight_g=grams, by="Cán bộ cứu hộ",
        )  # fmt: skip

    found = [line(0, "weight", "", None, weight), line(0, "treatment", "khám ban đầu", None)]
    found += [
        line(at, "food", str(rng.choice(FEED)), int(rng.integers(20, 90)) * 1000)
        for at in range(0, days + 1, 3)
    ]
    if one.health != H.HEALTHY:
        found.append(line(min(1, days), "treatment", "thuốc kháng sinh", int(rng.integers(100, 400)) * 1000))
    if days > 5:
        found.append(line(days, "weight", "", None, round(weight * 1.1)))
    return found


def _seen(rng: np.random.Generator, one: Animal, life: Life) -> list[Sighting]:
    rows = []
    for at, kind in life.seen.items():
        assert one.released_on is not None
        row = Sighting(
            id=source_id("simulated.sighting", f"{one.code}-{at}"), animal=one, kind=kind, organisation=BODY,
            day=one.released_on + timedelta(days=at), area_path=one.area_path,
        )  # fmt: skip
        if kind != Sighting.Kind.LOST:
            row.put_point(*_within(rng, one.area_path))
        rows.append(row)
    return rows


def _within(rng: np.random.Generator, area: str) -> tuple[float, float]:
    middle = outlines()[area].representative_point()
    return float(middle.x + rng.normal(0, 0.005)), float(middle.y + rng.normal(0, 0.005))


def _counted(
    animals: list[Animal], releases: list[Release], lines: list[Care]
) -> dict[str, list[dict[str, Any]]]:
    """The rows behind each figure of the report."""

    def rows(day: str) -> list[dict[str, Any]]:
        return [_row(one.area_path, getattr(one, day), 1) for one in animals if getattr(one, day) is not None]

    here = [one for one in animals if one.received_on is not None]
    return {
        "rescue.received": rows("received_on"), "rescue.released": rows("released_on"), "rescue.died": rows("died_on"),
        "rescue.kept": [_row(x.area_path, x.received_on, 1, x.ended or date.max) for x in here],
        "rescue.releases": [_row(one.area_path, one.day, 1) for one in releases],
        "rescue.cost": [_row(one.area_path, one.day, one.cost or 0) for one in lines],
    }  # fmt: skip


def _row(area: str, day: Any, n: int, until: Any = None) -> dict[str, Any]:
    return {
        "area": area,
        "day": day.isoformat(),
        "until": until.isoformat() if until else f"{day.year + 1}",
        "n": n,
    }
