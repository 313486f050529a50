"""Simulated works of restoration whose union is known by how they are drawn."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import shapely

from baoton.habitats.models import (
    Acceptance,
    Counted,
    Harvest,
    HarvestArea,
    Licence,
    NurseryLot,
    Planting,
    Plot,
    Seedling,
    Work,
)
from baoton.habitats.models.works import WorkKind
from baoton.habitats.topology import area_m2
from baoton.habitats.works import doing, ground, stock
from baoton.habitats.works.scenes import photograph
from baoton.kit.ids import source_id
from baoton.kit.writing import ledger, overlaps
from baoton.kit.writing.write import settle
from baoton.places.queries import outlines
from baoton.taxa.models import Taxon

BODY, SIDE = "kiem_lam", 0.003
TREES = ("Alnus nepalensis", "Betula alnoides", "Castanopsis indica", "Canarium album", "Docynia indica")
GATHERED = ("Docynia indica", "Cinnamomum cassia", "Diplazium esculentum")
SAID = "mô phỏng"


def simulate(rng: np.random.Generator, year: int, truth: dict[str, Any]) -> list[Work]:
    """In each of some communes a work, one of the same kind that overlaps it by half, and one of another kind on the
    same ground: what each adds is known from the squares, not from their union."""
    until, kinds = date.fromisoformat(truth["until"]), WorkKind.values
    works, rows, species = [], [], []
    taxa = {
        t.scientific_name: t for t in Taxon.objects.filter(scientific_name__in=TREES, withdrawn__isnull=True)
    }
    shapes = [(path, shape) for path, shape in sorted(outlines().items()) if shape.area > 0.003]
    for n, (path, shape) in enumerate(shapes[: 2 * len(kinds)]):
        at, kind, other = shape.representative_point(), kinds[n % len(kinds)], kinds[(n + 2) % len(kinds)]
        first = min(date(year, 2, 15) + timedelta(days=int(rng.integers(0, 60))), until)
        drawn = (  # kind, squares from west to east, those it adds in its kind, those it adds in every kind
            (kind, (0, 2), (0, 2), (0, 2)), (kind, (1, 3), (2, 3), (2, 3)), (other, (1, 2), (1, 2), None),
            (kind, (4, 5), None, None),
        )  # fmt: skip
        for i, (what, whole, mine, once) in enumerate(drawn):
            done = i < 3
            one = Work(
                id=source_id("simulated.work", f"{n}/{i}"), name=f"Công trình mô phỏng {n + 1}.{i + 1}", kind=what,
                year=year, season="spring", owner="Cộng đồng bản", contractor="Tổ trồng rừng của xã", note=SAID,
                contract=f"HĐ-{n + 1}.{i + 1}/{year}", contract_day=date(year, 1, 20), organisation=BODY,
                status="done" if done else "planned", day=min(first + timedelta(days=i), until) if done else None,
            )  # fmt: skip
            one.put(_strip(at, whole))
            doing.derive_work(one)
            works.append(one)
            if done:
                day, m2, all_ = f"{one.day}", _m2(at, mine), _m2(at, once)
                rows.append(
                    (what, {"area": path, "day": day, "until": f"{year + 1}"}, m2 / 10_000, all_ / 10_000)
                )
            species += [
                Planting(
                    id=source_id("simulated.planting", f"{n}/{i}/{k}"), work=one, taxon=taxon, density=1100,
                    count=int(rng.integers(3, 9)) * 100, source="Vườn ươm mô phỏng", certificate=f"NG-{n + k + 1}",
                    organisation=BODY,
                )
                for k, taxon in enumerate([taxa[name] for name in (TREES[n % 5], TREES[(n + 2) % 5]) if name in taxa])
                if one.plants
            ]  # fmt: skip
    from baoton.habitats.registers.works import work

    settle(work, works)
    Work.objects.bulk_create(works)
    overlaps.keep(Work, [one.pk for one in works])
    for planted in species:
        doing.derive_planting(planted)
    Planting.objects.bulk_create(species)
    ground.rebuild()
    _grow(rng, until, truth, [one for one in species if one.work.day])
    truth["plantings"] = [
        {"area": p.area_path, "day": f"{p.day}", "species": p.taxon.scientific_name, "source": p.certificate,
         "native": p.work.kind == WorkKind.NATIVE}
        for p in species
        if p.day
    ]  # fmt: skip
    books = truth.setdefault("books", {})
    _stock(rng, year, until, books, [p for p in species if p.work.day])
    truth["views"] = photograph(works, until)
    books["habitats.restored"] = [{**row, "n": once} for _k, row, _ha, once in rows]
    for kind in kinds:
        books[f"habitats.restored_{kind}"] = [{**row, "n": ha} for k, row, ha, _o in rows if k == kind]
    return works


def _grow(rng: np.random.Generator, until: date, truth: dict[str, Any], species: list[Planting]) -> None:
    """Three plots in each work that plants, in which seven to nine of ten trees live."""
    of_work: dict[Any, list[Planting]] = {}
    for one in species:
        of_work.setdefault(one.work, []).append(one)
    plots, counts, minutes = [], [], []
    for work, mine in of_work.items():
        day = min(work.day + timedelta(days=90), until)
        for n, at in enumerate(
            shapely.line_interpolate_point(_middle(work), [0.2, 0.5, 0.8], normalized=True), 1
        ):
            plot = Plot(
                id=source_id("simulated.plot", f"{work.pk}/{n}"),
                work=work,
                number=n,
                m2=500,
                organisation=BODY,
            )
            plot.put(at)
            plots.append(plot)
            counts += [
                Counted(
                    id=source_id("simulated.counted", f"{plot.pk}/{planting.pk}"), plot=plot, planting=planting,
                    day=day, planted=40, alive=int(rng.binomial(40, rng.uniform(0.7, 0.9))), organisation=BODY,
                    area_path=work.shown_area_path,
                )
                for planting in mine
            ]  # fmt: skip
        minutes.append(
            Acceptance(
                id=source_id("simulated.acceptance", f"{work.pk}"), work=work, day=day, outcome="passed",
                basis="hợp đồng và thiết kế (mô phỏng)", members="Đại diện xã; kiểm lâm địa bàn; đơn vị thi công",
                organisation=BODY, area_path=work.shown_area_path,
            )
        )  # fmt: skip
    from baoton.habitats.registers.growth import plot as book

    settle(book, plots)
    Plot.objects.bulk_create(plots)
    Counted.objects.bulk_create(counts)
    Acceptance.objects.bulk_create(minutes)
    truth["living"] = [{"day": f"{c.day}", "planted": c.planted, "alive": c.alive} for c in counts]


def _stock(
    rng: np.random.Generator, year: int, until: date, books: dict[str, Any], species: list[Planting]
) -> None:
    """A lot for each species, whose seedlings went to the works that planted it; licences half used."""
    of_taxon: dict[Taxon, list[Planting]] = {}
    for one in species:
        of_taxon.setdefault(one.taxon, []).append(one)
    lines, areas, licences, taken = [], [], [], []
    sown, home = date(year, 1, 5), min(outlines())
    for n, (taxon, mine) in enumerate(of_taxon.items(), 1):
        lot = NurseryLot.objects.create(
            id=source_id("simulated.lot", f"{n}"), code=f"LG-{n:02d}/{year}", nursery="Vườn ươm mô phỏng", taxon=taxon,
            source="Rừng giống mô phỏng", certificate=f"NG-{n}", area_path=home, organisation=BODY, note=SAID,
        )  # fmt: skip
        out = mine[:3]
        need = sum(one.count for one in out)
        steps: list[tuple[date, str, str, int, Planting | None]] = [
(sown, "seed", "received", 2 * need, None), (sown, "seed", "raised", -(need + 200), None),
                 (sown, "seedling", "raised", need + 120, None)]  # fmt: skip
        steps += [(one.work.day or sown, "seedling", "issued", -one.count, one) for one in out]
        lines += [
            Seedling(
                book=lot, day=day, kind=kind, what=what, amount=amount, organisation=BODY, area_path=home,
                issued=-amount if planting else None, work=planting.work if planting else None,
            )
            for day, kind, what, amount, planting in sorted(steps, key=lambda s: s[0])
        ]  # fmt: skip
    plants = Taxon.objects.filter(scientific_name__in=GATHERED, withdrawn__isnull=True).order_by(
        "scientific_name"
    )
    shapes = sorted(outlines().items())
    for n, taxon in enumerate(plants):
        _path, shape = shapes[3 * n]
        area = HarvestArea(
            id=source_id("simulated.harvest-area", f"{n}"), name=f"Vùng dưới tán mô phỏng {n + 1}", taxon=taxon,
            growers=12 + n, group="Nhóm hộ của bản", yearly_kg=4000, basis="điều tra mô phỏng", organisation=BODY,
        )  # fmt: skip
        area.put(shape.representative_point().buffer(0.004, quad_segs=3))
        stock.derive_area(area)
        areas.append(area)
        licences.append(
            Licence(
                id=source_id("simulated.licence", f"{n}"), area=area, holder="Nhóm hộ của bản", since=date(year, 1, 10),
                until=date(year, 12, 31), kg=2000, paper_number=f"GP-{n + 1:02d}/{year}", status="granted",
                organisation=BODY,
            )
        )  # fmt: skip
    from baoton.habitats.registers.harvest import harvest_area

    settle(harvest_area, areas)
    HarvestArea.objects.bulk_create(areas)
    overlaps.keep(HarvestArea, [one.pk for one in areas])
    for paper in licences:
        paper.area_path = paper.area.shown_area_path
    Licence.objects.bulk_create(licences)
    for paper in licences:
        taken.append(_line(paper, paper.since, "allowed", paper.kg, None, None))
        for month in (2, 3, 4):
            kg = int(rng.integers(100, 500))
            taken.append(_line(paper, min(date(year, month, 15), until), "taken", -kg, kg, kg * 30_000))
    ledger.post(lines)
    ledger.post(taken)

    def row(one: Any, n: float) -> dict[str, Any]:
        return {"area": one.area_path, "day": f"{one.day}", "until": f"{year + 1}", "n": n}

    books["habitats.seedlings"] = [row(s, s.issued) for s in lines if s.issued]
    books["habitats.harvested"] = [row(t, t.kg) for t in taken if t.kg]
    books["habitats.income"] = [row(t, (t.income or 0) / 1e6) for t in taken if t.kg]


def _line(one: Licence, day: date, what: str, amount: int, kg: int | None, income: int | None) -> Harvest:
    return Harvest(
        book=one, day=day, kind="kg", what=what, amount=amount, kg=kg, income=income, organisation=BODY,
        area_path=one.area_path, who=one.holder if kg else "",
    )  # fmt: skip


def _middle(work: Work) -> Any:
    west, south, east, north = shapely.bounds(shapely.from_wkb(bytes(work.geom or b"")))
    return shapely.LineString([(west, (south + north) / 2), (east, (south + north) / 2)])


def _strip(at: Any, squares: tuple[int, int]) -> Any:
    west, east = (at.x + (s - 2.5) * SIDE for s in squares)
    return shapely.box(west, at.y - SIDE / 2, east, at.y + SIDE / 2)


def _m2(at: Any, squares: tuple[int, int] | None) -> int:
    return 0 if squares is None else round(float(area_m2([_strip(at, squares)])[0]))


__all__ = ["simulate"]
