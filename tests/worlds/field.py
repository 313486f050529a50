"""Rows of works and field work whose place is hidden: plantings, photo points, harvests, cameras, survey sites, fish.

Both worlds hold the same rows, under the same keys and in the same commune, and differ in where they lie and in every
word that would tell it.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import shapely
from tests.worlds.books import commune, here, make
from tests.worlds.planting import World, photo, species

from baoton.cameras.models import Deployment
from baoton.files.actions import attach
from baoton.habitats.models import PhotoPoint, Planting, Plot, Work
from baoton.habitats.models.harvest import HarvestArea
from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import outbox, write
from baoton.surveys.models import Campaign, Site
from baoton.taxa.models import Taxon
from baoton.waters.models import Body, Release

DAY = date(2026, 3, 1)
MOMENT = 1_772_330_400_000
BOOKS = (
    "habitats.work", "habitats.planting", "habitats.restored", "habitats.plot", "habitats.photopoint",
    "habitats.harvestarea", "cameras.deployment", "surveys.campaign", "surveys.site", "waters.release", "waters.body",
    "files.evidence",
)  # fmt: skip
LINKS = ("work", "water", "campaign", "deployment", "taxon")


def plant_field(world: World) -> None:
    """One row of each book, at the same commune, somewhere else in each world."""
    words, (lon, lat), system = world.words, here(world), System()
    ground = shapely.box(lon, lat, lon + 0.002, lat + 0.002)
    tree = guarded("plant")
    work = Work(name=words, kind="native", year=2026, owner=words, note=words, area_path=commune())
    work.put(ground)
    work = make(system, work)
    planted = Planting(work=work, taxon=tree, count=500, source="Vườn ươm", certificate="NG 9")
    world.books |= {"work": work, "planting": make(system, planted)}
    book, stored = REGISTERS["habitats.work"], Work.objects.get(pk=work.pk)
    work = write.act(book, system, stored, "approve", {"despite": "có đề án"})
    work = write.act(book, system, work, "carry_out", {"on": DAY})
    plot, point = (
        Plot(work=work, number=1, note=words),
        PhotoPoint(work=work, name=words, note=words, bearing=45),
    )
    for one in (plot, point):
        one.put_point(lon + 0.001, lat + 0.001)
    harvest = HarvestArea(name=words, taxon=tree, yearly_kg=90, basis="điều tra 2025")
    harvest.put(ground)
    camera = Deployment(
        code="M1", locality=words, habitat=words, note=words, groups=words, started=MOMENT, ended=MOMENT + 10**9,
        area_path=commune(),
    )  # fmt: skip
    camera.put_point(lon, lat)
    run = Campaign(
        name="Điều tra thú", question="Còn bao nhiêu?", area_path=commune(), day_start=DAY, day_end=date(2026, 5, 1),
        note=words, organisation="kiem_lam",
    )  # fmt: skip
    run.put(ground)
    world.books |= {
        "plot": make(system, plot), "point": make(system, point), "harvest": make(system, harvest),
        "camera": make(system, camera), "survey": make(system, run),
    }  # fmt: skip
    site = Site(
        campaign=world.books["survey"], code="D001", due=date(2026, 4, 1), note=words, area_path=commune()
    )
    site.put_point(lon, lat)
    world.books["site"] = make(system, site)
    waters = []
    for n in range(2):
        body = Body(name=f"Suối {n}", kind="stream", area_path=commune())
        body.put_point(*[(103.05, 22.32), (103.06, 22.33)][n])
        waters.append(make(system, body))
    fish = Release(
        water=waters[world.number], taxon=guarded("fish"), planned=DAY, count=500, source="Trại giống",
        quarantine="KD 1", locality=words, attended=words,
    )  # fmt: skip
    world.books |= {"water": waters[0], "fish": make(system, fish)}
    for name in ("point", "work", "camera", "fish"):
        attach(system, world.books[name], [photo(world, lon, lat)], f"{words}.jpg", creator=words)
    outbox.drain()


def guarded(group: str) -> Taxon:
    """A species whose place is withheld; one is made so where none of the group is."""
    one = Taxon.objects.filter(
        sensitivity=2, taxon_group=group, rank="species", withdrawn__isnull=True
    ).first()
    if one is None:
        one = species(0, group)
        Taxon.objects.filter(pk=one.pk).update(sensitivity=2)
    return one


def few_of_field(world: World) -> Iterator[str]:
    """The pages of their own, and each row by its page, its item and what computes from it."""
    made = world.books
    yield from (
        f"/phuc-hoi/diem-anh/{made['point'].pk}/", "/phuc-hoi/ferm/", "/phuc-hoi/ferm.xlsx", "/phuc-hoi/ferm.gpkg",
        "/bay-anh/camtrap-dp.zip", "/bay-anh/camtrap-dp.zip?q=M1", "/lich/?xem=nam&ngay=2026-04-01", "/lich.ics",
        "/dieu-tra/gui/", "/dieu-tra/tiep/", "/ngoai-lai/", "/thong-bao/", "/dieu-hanh/", "/chay-rung/",
        "/rung/theo-anh/", f"/tim/?q={world.words}",
    )  # fmt: skip
    at = f"/dieu-tra/{made['survey'].pk}/"
    yield from (f"{at}{page}" for page in ("thiet-ke/", "tien-do/", "ket-qua/", "tep/gpx/", "tep/excel/"))
    for name, to in (
        ("planting", "work"),
        ("plot", "work"),
        ("point", "work"),
        ("fish", "water"),
        ("site", "campaign"),
    ):
        base = REGISTERS[made[name]._meta.label_lower].url()
        key = made["survey" if to == "campaign" else to].pk
        yield from (f"{base}moi/?{to}={key}", f"{base}?{to}={key}")
    for row, register in rows_of(world):
        yield from (register.url(row), register.url(), f"/api/collections/{register.slug}/items/{row.pk}")


def rows_of(world: World) -> Iterator[tuple[Any, Any]]:
    """Each planted row with its book."""
    for name in ("work", "planting", "plot", "point", "harvest", "camera", "survey", "site", "fish", "water"):
        row = world.books[name]
        yield row, REGISTERS[row._meta.label_lower]


def of_field(world: World, words: tuple[str, ...]) -> Iterator[str]:
    """Every list in every order, by every word, box and link; every file of it; what a map shows."""
    lon, lat = here(world)
    box = f"{lon - 0.002},{lat - 0.002},{lon + 0.003},{lat + 0.003}"
    keys = [str(row.pk) for row, _register in rows_of(world)]
    for row, register in rows_of(world):
        at = register.url(row)
        yield from (
            f"{at}sua/",
            f"{at}tep/photo",
            f"{at}van-ban.docx",
            f"{at}van-ban.pdf",
            f"{register.url()}xuat.csv",
        )
        yield f"/vi-sao/{register.slug}/{row.pk}/"
    for register in (REGISTERS[name] for name in BOOKS):
        base, items = register.url(), f"/api/collections/{register.slug}/items"
        hidden = getattr(register.model, "place_words", ())
        names = dict.fromkeys([*(k.name for k in register.fields), *hidden])
        yield from (f"{base}?sort={side}{name}&cols={name}" for name in names for side in ("", "-"))
        yield from (f"{base}xuat.{kind}" for kind in ("xlsx", "geojson", "gpkg"))
        for asked in (
            *(f"q={w}" for w in words),
            f"box={box}",
            f"area={commune()}",
            "when=2026",
            "status=done",
        ):
            yield from (f"{base}?{asked}", f"{base}?{asked}&count=exact", f"{items}?{asked}&count=exact")
        yield from (
            f"{items}?bbox={box}&count=exact",
            f"/ban-do/?register={register.slug}",
            f"{base}ban-lam-viec/",
        )
        yield from (f"{base}goi-y/?by={by}&q={w[:3]}" for by in ("name", "code") for w in words)
        for one in register.filters:
            if one.name in LINKS:
                yield from (f"{items}?{one.name}={pk}&count=exact" for pk in keys)


def sent_to_field(world: World) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Forms and verbs as questions."""
    for name in ("work", "plot", "point", "harvest", "camera", "survey", "site", "fish"):
        row = world.books[name]
        register = REGISTERS[row._meta.label_lower]
        at = register.url(row)
        yield f"edit {name}", f"{at}sua/", {"note": "x", "revision": "1"}
        for verb in register.verbs:
            word = getattr(verb, "name", verb)
            yield f"{word} {name}", f"{at}lam/{word}/", {"reason": "x", "revision": "1", "on": "01/03/2026"}
    for code in ("M1", "M2"):
        yield f"camera {code}", "/so/cameras-deployment/moi/", {"code": code, "started": "01/03/2026 08:00"}
    for code in ("D001", "D002"):
        given = {"campaign": str(world.books["survey"].pk), "code": code, "lon": "103.05", "lat": "22.32"}
        yield f"site {code}", "/so/surveys-site/moi/", given
