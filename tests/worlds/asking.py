"""Every door asked by everybody: users of every role and of made-up grants, addresses with filters, cursors, tiles."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from tests.worlds.books import few_of_books, of_books
from tests.worlds.doors import Sent, of_facilities, of_surveys, of_twins, pages, sendings
from tests.worlds.planting import PLACES, SECRET, World, report

from baoton.files.models import Evidence
from baoton.kit.cells import to_world
from baoton.kit.models import ImportBatch
from baoton.kit.reading.register import REGISTERS
from baoton.observations.models import Dataset, Measurement, Occurrence
from baoton.people.models import Grant, Organisation, Person
from baoton.people.simulate import CAST
from baoton.places.queries import assign
from baoton.reporting.models import Report

ALL_SEEING = {"lan", "hien", "dung"}
FORMATS = ("csv", "xlsx", "geojson", "gpkg")
BOOKS = ("observations-occurrence", "observations-event")
FEW_SENT = ("guarded", "together", "case VV", "lot", "edit ", "bind")


@dataclass(frozen=True)
class User:
    """Somebody with made-up grants: (role, area, organisation, taxon group)."""

    name: str
    grants: tuple[tuple[str, str, str, str], ...]


def hidden_areas() -> set[str]:
    """The communes in which anything hidden lies in either world."""
    points = [p for kind in PLACES for p in PLACES[kind]]
    spread = [(x + dx, y) for x, y in points for dx in (0.0, 0.01, 0.02, 0.03)]
    found, _then = assign([p[0] for p in spread], [p[1] for p in spread])
    return set(found)


def users() -> list[User]:
    """The cast without those who may know every place, and others at the edges of what grants can say."""
    from baoton.places.queries import commune_choices

    elsewhere = [path for path, _name in commune_choices() if path not in hidden_areas()]
    here = sorted(hidden_areas() - {""})
    made = [
        User("kiểm lâm nơi khác", (("ranger", elsewhere[0], "", ""),)),
        User("kiểm lâm cơ quan khác", (("ranger", "", "so_tai_chinh", ""),)),
        User("lãnh đạo nơi khác", (("leader", elsewhere[1], "", ""),)),
        User("chủ cơ sở khác", (("keeper", "", "so_tai_chinh", ""),)),
        User("thực vật", (("surveyor", "12", "", "plant"),)),
        User("chim và nấm", (("surveyor", "", "", "bird"), ("surveyor", "", "", "fungus"))),
        User("xã nơi đó", tuple(("commune", path, "", "") for path in here)),
        User("công an xã nơi đó", tuple(("police", path, "", "") for path in here)),
    ]
    return [User(c.username, ()) for c in CAST if c.username not in ALL_SEEING] + made


def facility_area() -> str:
    """A commune that no user answers for and nothing hidden lies in."""
    from baoton.places.queries import commune_choices

    taken = hidden_areas() | {"12/03451", "12/03463"}
    return [path for path, _name in commune_choices() if path not in taken][2]


def stand(one: User) -> Person:
    """The user has an account and exactly these grants."""
    if not one.grants:
        return Person.objects.get(username=one.name)
    body = Organisation.objects.get(code="so_tai_chinh")
    person = Person.objects.create_user(one.name, password="x", organisation=body)
    for role, area, organisation, group in one.grants:
        Grant.objects.create(
            person=person, role=role, area_path=area, organisation=organisation, taxon_group=group,
            since=date(2026, 1, 1),
        )  # fmt: skip
    return person


def plain_addresses() -> list[str]:
    """Pages that name no record."""
    return [
        "/", "/ke-hoach/?year=2026", "/toi/", "/quan-tri/nhat-ky/", "/quan-tri/nguoi-dung/", "/bao-cao/",
        "/bao-cao/2026/so-lieu/", "/du-lieu-mo/", "/api/figures/2026", "/api/changes?since=2026-01-01",
        "/api/collections", "/ban-do/nen.json", "/nhap/", "/dia-ban/", "/dia-ban/cu-moi/", "/api/", "/ban-do/",
        *(f"/ke-hoach/nhiem-vu/{n}/" for n in range(1, 6)), "/ke-hoach/khu-rung-muong-te/", "/toi/phien/",
        *(f"/tim/{part}?q={quote(q)}" for part in ("", "goi-y/") for q in (*SECRET, "BIMAT", "khe", "hang", "2026")),
        *(f"/loai/goi-y.json?q={quote(q)}" for q in (*SECRET, "BIMAT")),
    ]  # fmt: skip


def addresses(world: World, whole: bool) -> Iterator[str]:
    """Every address that could answer differently, by name; a bounded choice unless `whole`."""
    yield from plain_addresses()
    areas = sorted(hidden_areas() - {""})
    yield from (
        *pages([*areas, "12/03451", facility_area()]),
        *of_facilities(world),
        *of_surveys(),
        *of_twins(world),
    )
    yield from (*of_books(world, SECRET), *drafts(world))
    for book in REGISTERS.values():
        base, items = book.url(), f"/api/collections/{book.slug}/items"
        yield from (base, f"{items}?limit=1000", f"{base}xuat.csv", f"{base}moi/", f"{base}ban-lam-viec/")
        if whole:
            yield from (f"{base}xuat.{k}" for k in FORMATS[1:])
            yield from (f"{base}goi-y/?q={q}" for q in ("BIMAT", "CAM", "a"))
            yield from (f"/ban-do/?register={book.slug}", f"{base}?count=exact", f"{base}tu-dien/")
    yield from records(world, whole)
    for slug in BOOKS:
        base, items = f"/so/{slug}/", f"/api/collections/{slug}/items"
        for area in areas if whole else areas[:3]:
            yield from (f"{items}?area={area}&count=exact&limit=1", f"{base}?area={area}")
        for asked in ("when=2026-05-02..2026-05-11", "status=refused", "status=draft", "q=BIMAT", "q=CAMDOC"):
            yield from (f"{base}?{asked}", f"{items}?{asked}&limit=100&count=exact")
        for word in SECRET:
            yield f"{items}?q={word}&limit=5"
        for lon, lat in (p for kind in PLACES for p in PLACES[kind]) if whole else ():
            around = f"{lon - 0.01},{lat - 0.01},{lon + 0.01},{lat + 0.01}"
            yield from (f"{items}?bbox={around}&count=exact", f"{base}?box={around}")
        for name in (k.name for k in REGISTERS[slug.replace("-", ".", 1)].fields) if whole else ():
            yield from (
                f"{base}?sort={name}&when=2026-05",
                f"{base}?sort=-{name}&when=2026-05",
                f"{base}?cols={name}",
            )
    yield from tiles(whole)
    kept = report(world)
    yield from (f"/bao-cao/{kept.pk}{k}" for k in (".docx", ".xlsx", ".pptx", "/"))
    told_by = {f["register"]: f["name"] for f in kept.figures if f.get("count")}
    yield from ("/bao-cao/cong-bo/", f"/bao-cao/{kept.pk}/ban/public.docx")
    yield f"/bao-cao/doi-chieu/?trai={Report.objects.earliest('made').pk}&phai={kept.pk}"
    yield from (f"/bao-cao/{kept.pk}/ban-ghi/{name}/" for name in told_by.values())


def records(world: World, whole: bool) -> Iterator[str]:
    """The addresses of everything planted."""
    datasets = [*Dataset.objects.order_by("pk"), world.rows["dataset"]]
    for one in dict.fromkeys(d.pk for d in datasets):
        yield from (f"/du-lieu-mo/{one}/{part}.zip{q}" for part in ("dot", "le") for q in ("", "?mine=1"))
        yield from (f"/so/{slug}/?dataset={one}" for slug in BOOKS)
    for name, row in world.rows.items():
        if name == "batch":
            yield from (
                f"/nhap/{row.pk}/{p}"
                for p in ("", "ket-qua.csv", "ket-qua.xlsx", "tep-goc", "cach-doc/", "gia-tri/", "bi-tu-choi.xlsx",
                          "sua-dong/", "xem-lai/names/")
            )  # fmt: skip
            if row.job_id:
                yield f"/viec-nen/{row.job_id}/"
            continue
        slug = {"Event": BOOKS[1], "Occurrence": BOOKS[0], "Dataset": "observations-dataset"}[
            type(row).__name__
        ]
        yield from (f"/so/{slug}/{row.pk}/", f"/api/collections/{slug}/items/{row.pk}")
        if whole:
            yield from (f"/so/{slug}/{row.pk}/sua/", f"/vi-sao/{slug}/{row.pk}/")
        if slug == BOOKS[0]:
            yield f"/so/observations-measurement/?occurrence={row.pk}"
    for taxon in {r.taxon_id for r in world.rows.values() if getattr(r, "taxon_id", None)}:
        yield from (f"/loai/{taxon}/", f"/so/observations-occurrence/?taxon={taxon}")
        yield f"/so/assessment-status/?taxon={taxon}"
    for one in Evidence.objects.order_by("pk").values_list("pk", flat=True):
        yield f"/minh-chung/{one}/tep"
        yield f"/so/files-evidence/{one}/"
        if whole:
            yield from (f"/minh-chung/{one}/tep?original=1", f"/api/collections/files-evidence/items/{one}")
    for one in Measurement.objects.order_by("pk").values_list("pk", flat=True) if whole else ():
        yield f"/so/observations-measurement/{one}/"


def tiles(whole: bool) -> Iterator[str]:
    """Tiles around every hidden place of both worlds, near and far."""
    points = [p for kind in PLACES for p in PLACES[kind]]
    found: set[str] = set()
    for lon, lat in points:
        x, y = (float(v[0]) for v in to_world([lon], [lat]))
        for z in (0, 5, 8, 10, 12, 14, 16, 19, 22) if whole else (6, 12, 17):
            column, line = int(x * (1 << z)), int(y * (1 << z))
            for slug in (*BOOKS, "files-evidence"):
                kinds = ("mvt", "json") if whole else ("mvt",)
                found |= {f"/tiles/{slug}/{z}/{column}/{line}.{k}" for k in kinds}
    yield from sorted(found)


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers that a client can read, bytes."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def ask(browser: Client, address: str) -> Answer:
    answer: Any = browser.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    kept = {"Content-Type", "Location", "ETag", "Content-Length", "Content-Disposition", "Last-Modified"}
    if answer.get("Content-Type", "").startswith(("text/html", "application/")):
        kept -= {"Content-Length"}  # pages carry random tokens, packs the minute they were packed
    return Answer(answer.status_code, tuple(sorted((k, v) for k, v in answer.items() if k in kept)), body)


def drafts(world: World) -> Iterator[str]:
    """A draft of a campaign, of its survey of knowledge and of a question, by list, page, item, file and search."""
    for name in ("campaign", "quiz", "question"):
        row = world.books[name]
        register = REGISTERS[row._meta.label_lower]
        yield from (register.url(), register.url(row), f"/vi-sao/{register.slug}/{row.pk}/")
        yield from (
            f"/api/collections/{register.slug}/items{part}" for part in ("?count=exact", f"/{row.pk}")
        )
    at = f"/tuyen-truyen/khao-sat/{world.books['quiz'].pk}/"
    yield from (at, f"{at}?cau=c1", f"{at}tep/odk/", f"{at}tep/excel/")


def choice(world: World) -> Iterator[str]:
    """One or two addresses of every kind of door, those that have most to tell."""
    seen, visit = world.rows["guarded withheld"], world.rows["event burst blurred"]
    pair, draft, batch = (world.rows[n] for n in ("pair withheld", "draft", "batch"))
    word, (lon, lat) = SECRET[0], PLACES["withheld"][0]
    x, y = (float(v[0]) for v in to_world([lon], [lat]))
    photo = Evidence.objects.order_by("pk").values_list("pk", flat=True)[0]
    book, api = f"/so/{BOOKS[0]}/", f"/api/collections/{BOOKS[0]}/items"
    yield from (
        "/",
        "/toi/",
        "/lich.ics",
        "/dieu-hanh/",
        "/quan-tri/nhat-ky/",
        "/api/figures/2026",
        "/ke-hoach/nhiem-vu/2/",
    )
    yield from (
        "/api/changes?since=2026-01-01",
        "/bao-cao/2026/so-lieu/",
        "/ban-do/",
        "/nhap/",
        "/dia-ban/",
        "/du-lieu-mo/",
    )
    yield from (
        f"/tim/?q={quote(word)}",
        "/tim/?q=BIMAT",
        f"/tim/goi-y/?q={quote(word)}",
        f"/loai/goi-y.json?q={quote(word)}",
    )
    yield from (
        f"{book}?q=BIMAT",
        f"{book}?when=2026-05-02..2026-05-11",
        f"{book}?status=draft",
        f"{book}goi-y/?q=BIMAT",
    )
    yield from (
        f"{book}?area={sorted(hidden_areas() - {''})[0]}",
        f"{book}?taxon={pair.taxon_id}",
        f"{book}ban-lam-viec/",
    )
    yield from (f"{book}xuat.{kind}" for kind in ("csv", "xlsx", "geojson"))
    yield from (
        f"{api}?limit=1000&when=2026-04-01..2026-06-30",
        f"{api}?bbox={lon - 0.01},{lat - 0.01},{lon + 0.01},{lat + 0.01}",
    )
    for row, slug in ((seen, BOOKS[0]), (pair, BOOKS[0]), (draft, BOOKS[0]), (visit, BOOKS[1])):
        yield from (
            f"/so/{slug}/{row.pk}/",
            f"/api/collections/{slug}/items/{row.pk}",
            f"/vi-sao/{slug}/{row.pk}/",
        )
    yield from (
        f"/so/observations-measurement/?occurrence={seen.pk}",
        f"/so/observations-dataset/{draft.dataset_id}/",
    )
    yield from (
        f"/so/{slug}/"
        for slug in ("facilities-facility", "facilities-stock", "files-evidence", "observations-dataset")
    )
    yield from (f"/loai/{one.taxon_id}/" for one in (seen, pair))
    yield from (
        f"/minh-chung/{photo}/tep",
        f"/minh-chung/{photo}/tep?original=1",
        f"/so/files-evidence/{photo}/",
    )
    for z in (8, 12, 17):
        yield from (f"/tiles/{slug}/{z}/{int(x * (1 << z))}/{int(y * (1 << z))}.mvt" for slug in BOOKS)
    yield from (f"/nhap/{batch.pk}/{part}" for part in ("", "ket-qua.csv", "tep-goc"))
    code, made = sorted(hidden_areas() - {""})[0].rpartition("/")[2], world.books
    yield from (
        f"/dia-ban/{code}/phieu/",
        f"/dia-ban/{code}/ap-phich/",
        f"/duyet-loat/?survey={draft.dataset_id}",
    )
    yield from (f"/so/facilities-{n}/{made[n].pk}/" for n in ("facility", "owner", "stock", "inspection"))
    yield from (f"/so-theo-doi/{made['stock'].pk}/so.xlsx", f"/co-so/{made['facility'].pk}/qr.svg")
    yield f"/du-lieu-mo/{seen.dataset_id}/dot.zip"
    yield f"/bao-cao/{report(world).pk}.xlsx"
    yield from (*drafts(world), *few_of_books(world))


def crawl(
    browser: Client, world: World, whole: bool, more: Iterable[str] = ()
) -> Iterator[tuple[str, Answer]]:
    """Every address with its answer, and `more` of another world; the pages of an API are followed to their end."""
    if not whole:
        for address in choice(world):
            yield address, ask(browser, address)
        yield from imports(browser, SECRET[:1], ("simulated-year",))
        yield from forms(browser, world, SECRET[:1])
        yield from sendings_answered(
            browser, [one for one in sendings(world) if any(word in one[0] for word in FEW_SENT)]
        )
        return
    for address in dict.fromkeys([*addresses(world, whole), *more]):
        yield address, ask(browser, address)
    for slug in BOOKS:
        following: str | None = f"/api/collections/{slug}/items?limit=200&when=2026-04-01..2026-06-30"
        number = 0
        while following and number < (50 if whole else 4):
            answer = ask(browser, following)
            yield f"{slug} page {number}", answer
            number += 1
            links = json.loads(answer.body).get("links", []) if answer.status == 200 else []
            parts = [urlsplit(one["href"]) for one in links if one["rel"] == "next"]
            following = f"{parts[0].path}?{parts[0].query}" if parts else None
    world.keys.n = (
        3_000_000 + 1_000_000 * ImportBatch.objects.count()
    )  # above whatever was drawn by then, in either world
    yield from imports(browser)
    yield from forms(browser, world)
    yield from sendings_answered(browser, list(sendings(world)))


def sendings_answered(browser: Client, all_: list[Sent]) -> Iterator[tuple[str, Answer]]:
    for name, path, given in all_:
        yield f"sent: {name}", sent(browser, path, given)


def forms(browser: Client, world: World, words: tuple[str, ...] = SECRET) -> Iterator[tuple[str, Answer]]:
    """Forms asked as questions: is this key taken, is this visit there, may this be done with that record?"""
    dataset = str(Dataset.objects.order_by("code").values_list("pk", flat=True)[0])
    day = {"day_start": "02/05/2026", "lon": "103.45", "lat": "22.55"}
    for word in words:
        event = {"dataset": dataset, "event_id": f"{word}-burst withheld", "event_type": "x", **day}
        seen = {"dataset": dataset, "scientific_name": "Macaca mulatta", "event_id": f"{word}-burst withheld",
                "occurrence_status": "present", "basis_of_record": "HumanObservation", **day}  # fmt: skip
        survey = {"code": f"ks-{word}", "title": "x", "licence": "", "citation": ""}
        for slug, given in ((BOOKS[1], event), (BOOKS[0], seen), ("observations-dataset", survey)):
            yield f"form {slug} {word}", sent(browser, f"/so/{slug}/moi/", given)
    for name, row in world.rows.items() if words == SECRET else ():
        if isinstance(row, Occurrence):
            for verb in ("verify", "refuse", "return", "withdraw"):
                path = f"/so/{BOOKS[0]}/{row.pk}/lam/{verb}/"
                yield f"verb {verb} {name}", sent(browser, path, {"reason": "x", "revision": "1"})


def sent(browser: Client, path: str, given: dict[str, Any]) -> Answer:
    """What a form answers, with what the next page would say; nothing of it is kept."""
    with transaction.atomic():
        answer: Any = browser.post(path, given)
        transaction.set_rollback(True)
    if answer.status_code != 302:
        return Answer(answer.status_code, (), answer.content)
    told = [str(one) for one in getattr(answer.wsgi_request, "_messages", None)._queued_messages]
    return Answer(302, (("Location", answer["Location"]),), "\n".join(told).encode())


def imports(
    browser: Client, words: tuple[str, ...] = SECRET, codes: tuple[str, ...] = ()
) -> Iterator[tuple[str, Answer]]:
    """Files asked as questions: do you know this id, this visit, this survey?"""
    for number, word in enumerate(words):
        for code in codes or ("simulated-year", f"ks-{word}", f"nhap-{word}"):
            head = "occurrenceID,eventID,scientificName,decimalLatitude,decimalLongitude,eventDate\n"
            lines = [
                f"{word}-{name},{word}-burst withheld,Macaca mulatta,{lat},{lon},2026-05-02"
                for name in ("guarded withheld", "pair blurred", "t1", "d", "new")
                for lon, lat in (PLACES["withheld"][number], (103.45, 22.55))
            ]
            lines.append(f"{word}-visit,{word}-burst withheld,Macaca mulatta,,,2026-05-02")
            file = SimpleUploadedFile("hoi.csv", (head + "\n".join(lines)).encode())
            answer: Any = browser.post("/nhap/", {"file": file})
            yield f"import {code} {number}: start", Answer(answer.status_code, (), b"")
            batch = ImportBatch.objects.order_by("-uploaded", "-pk").first()
            if answer.status_code != 302 or batch is None:
                continue
            columns = list(batch.plan["tables"][0]["columns"])
            terms = [batch.plan["tables"][0]["columns"][c] for c in columns]
            given = {"dataset": code, "title": "x", "column-0": columns, "term-0": terms}
            given |= {"target-0": "observations.occurrence", "crs-0": "wgs84", "order-0": "dmy"}
            browser.post(f"/nhap/{batch.pk}/cach-doc/", given)
            for part in ("", "ket-qua.csv"):
                yield f"import {code} {number}: {part}", ask(browser, f"/nhap/{batch.pk}/{part}")
