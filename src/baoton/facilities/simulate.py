"""Simulated facilities over a year with their known truth: honest noise, and planted fraud of each kind."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import numpy as np

import rulebook
from baoton.facilities.actions.dossiers import search_words
from baoton.facilities.disclosure import settle
from baoton.facilities.models import (
    Application,
    Code,
    Entry,
    Facility,
    Finding,
    Inspection,
    Notice,
    Owner,
    Stock,
    code_key,
)
from baoton.facilities.queries import ANIMALS, code_group
from baoton.facilities.simulate_books import FRAUDS, book_of
from baoton.kit.ids import source_id
from baoton.kit.writing import ledger
from baoton.places.queries import commune_choices
from baoton.taxa.models import Taxon

KEPT = (
    "Paradoxurus hermaphroditus",
    "Viverricula indica",
    "Rusa unicolor",
    "Python bivittatus",
    "Naja atra",
    "Macaca mulatta",
)
PLANTED = ("Panax vietnamensis", "Paris polyphylla", "Dendrobium nobile")
ORDINARY = ("Hystrix brachyura", "Rhizomys pruinosus", "Sus scrofa")
WITH = {
    "season": "Macaca mulatta", "never_ages": "Viverricula indica", "no_deaths": "Paradoxurus hermaphroditus",
    "sex_ratio": "Viverricula indica",
}  # fmt: skip
"""Species in whose books these frauds are planted: one that has a season, and short lives."""
FOR_EVER = "9999"
FAMILY = ("Vàng", "Giàng", "Lò", "Tẩn", "Phùng", "Chang", "Lý", "Mùa")
MIDDLE = ("A", "Thị", "Văn", "Seo")
GIVEN = ("Páo", "Sử", "Dín", "Mai", "Hoa", "Chứ", "Pao", "Xá", "Lử", "Nhè")
KINDS = ("grant", "change", "reissue", "grant", "gift", "certificate")
STATES = ("handed_in", "handed_in", "checking", "scheduled", "handed_in", "handed_in")
M = Entry.Movement


def simulate(
    rng: np.random.Generator, year: int, today: date, truth: dict[str, Any], facilities: int = 60
) -> int:
    """Facilities with codes, books of a year and more, dossiers, notices and visits; how many lines of books.

    The first eight of those that breed carry one planted fraud each; `truth["facilities"]` names them.
    """
    communes = [path for path, _name in commune_choices()]
    names = [*KEPT, *PLANTED, *ORDINARY]
    rows = Taxon.objects.filter(scientific_name__in=names, accepted__isnull=True)
    species = {t.scientific_name: t for t in rows}
    frauds = list(FRAUDS)
    owners: list[Owner] = []
    places: list[Facility] = []
    stocks: list[Stock] = []
    lines: list[Entry] = []
    told: list[dict[str, Any]] = []
    for n in range(facilities):
        kind = "planting" if n % 5 == 3 else "ordinary" if n % 5 == 4 else "breeding"
        fraud = frauds.pop(0) if kind == "breeding" and frauds else ""
        group = {"planting": PLANTED, "ordinary": ORDINARY}.get(kind, KEPT)
        name = WITH.get(fraud, group[n % len(group)])
        owner, place = _facility(rng, n, kind, str(rng.choice(communes)))
        stock = Stock(
            id=source_id("simulated.stock", str(n)), facility=place, taxon=species[name], form=kind, purpose="T",
            generation="F2", unit="cây" if kind == "planting" else "con", since=date(year - 3, 1, 5),
            area_path=place.area_path, organisation=place.organisation,
        )  # fmt: skip
        made = book_of(rng, stock, today, fraud)
        stock.balance = sum(e.amount for e in made)
        over = fraud == "over_capacity"
        stock.capacity = int(stock.balance * 0.8) if over else stock.balance + int(rng.integers(10, 60))
        owners.append(owner)
        places.append(place)
        stocks.append(stock)
        lines.extend(made)
        told.append({"facility": place.name, "id": str(place.pk), "fraud": fraud, "balance": stock.balance})
    settle(places)
    Owner.objects.bulk_create(owners)
    Facility.objects.bulk_create(places)
    Stock.objects.bulk_create(stocks)
    Entry.objects.bulk_create(lines, batch_size=500)
    ledger.rebuild(Entry)
    codes = _codes(places, year)
    notices, visits, mended, all_visits = _papers(rng, places, stocks, today)
    decided = _decided(places, year)
    truth["facilities"] = told
    books = {
        "codes": [told_of(c.since, c) for c in codes],
        **{
            pace: [told_of(d.decided, d) for d in decided if d.pace == pace and d.decided]
            for pace in ("on_time", "late")
        },
        "canvassed": [],
        "planted": [],
        "inspections_planned": [told_of(v.day, v) for v in all_visits],
        "born": [told_of(e.day, e, e.amount) for e in lines if e.movement == M.BORN],
        "died": [told_of(e.day, e) for e in lines if e.movement == M.DIED],
        "notices": [told_of(n.told, n) for n in notices],
        "inspections": [told_of(v.day, v) for v in visits],
        "findings_closed": [told_of(f.closed_on, f) for f in mended if f.closed_on],
        "coded": [told_of(c.since, c, until=FOR_EVER) for c in codes],
        "animals": [told_of(e.day, e, e.amount, FOR_EVER) for e in lines if e.kind in ANIMALS],
        "plants": [told_of(e.day, e, e.amount, FOR_EVER) for e in lines if e.kind not in ANIMALS],
        "findings_open": [
            told_of(f.found, f, until=f.closed_on.isoformat() if f.closed_on else FOR_EVER) for f in mended if f.found
        ],
    }  # fmt: skip
    truth.setdefault("books", {}).update({f"facilities.{name}": rows for name, rows in books.items()})
    return len(lines)


def _facility(rng: np.random.Generator, n: int, kind: str, area: str) -> tuple[Owner, Facility]:
    """One owner and the facility, both in the commune."""
    name = f"{rng.choice(FAMILY)} {rng.choice(MIDDLE)} {rng.choice(GIVEN)}"
    village = f"bản số {n % 14 + 1}"
    owner = Owner(
        id=source_id("simulated.owner", str(n)), name=name, kind="household", identity=f"0120{n:08d}",
        phone=f"09{n:08d}", address=village, area_path=area, organisation="kiem_lam",
    )  # fmt: skip
    place = Facility(
        id=source_id("simulated.facility", str(n)), name=f"Cơ sở {name}", kind=kind, owner=owner, village=village,
        area_path=area, shown_area_path=area, organisation="kiem_lam",
    )  # fmt: skip
    return owner, place


def told_of(day: date, row: Any, n: int = 1, until: str = "") -> dict[str, Any]:
    """So many of a day that count in its year alone, or in every year before the one in which they end."""
    return {"day": day.isoformat(), "until": until or f"{day.year + 1}", "area": row.area_path, "n": n}


def _codes(places: list[Facility], year: int) -> list[Code]:
    """Facilities that need a code bear one."""
    serial: Counter[str] = Counter()
    codes = []
    on = date(year, 1, 12)
    for place in places:
        group = code_group(place, on)
        if not group:
            continue
        serial[group] += 1
        text = rulebook.format_code(
            "facility", on=on, serial=1000 + serial[group], group=group, place="province"
        ).text
        codes.append(
            Code(
                id=source_id("simulated.code", text),
                facility=place,
                kind=place.kind,
                text=text,
                key=code_key(text),
                group=group,
                since=on,
                organisation=place.organisation,
                area_path=place.area_path,
            )
        )
        place.code, place.code_from = text, on
    for place in places:
        place.search_text = search_words(place)
    Code.objects.bulk_create(codes)
    Facility.objects.bulk_update(places, ["code", "code_from", "search_text"])
    return codes


def _decided(places: list[Facility], year: int) -> list[Application]:
    """Dossiers that were decided in the year, one of them late."""
    rows = [
        Application(
            id=source_id("simulated.application", f"decided {i}"), facility=place, kind="reissue", status="granted",
            received=date(year, 2, 20), decided=date(year, 3, 2 + i), pace="late" if i == 5 else "on_time",
            organisation="kiem_lam", area_path=place.area_path,
        )
        for i, place in enumerate(places[20:26])
    ]  # fmt: skip
    return Application.objects.bulk_create(rows)


def _papers(
    rng: np.random.Generator, places: list[Facility], stocks: list[Stock], today: date
) -> tuple[list[Notice], list[Inspection], list[Finding], list[Inspection]]:
    """A few dossiers, notices, visits and findings in different states."""
    dossiers = [
        Application(
            id=source_id("simulated.application", str(i)), facility=place, kind=kind, organisation="kiem_lam",
            area_path=place.area_path, status=status, received=today - timedelta(days=10),
        )
        for i, (place, kind, status) in enumerate(
            zip(places, KINDS, STATES, strict=False)
        )
    ]  # fmt: skip
    Application.objects.bulk_create(dossiers)
    notices = [
        Notice(
            id=source_id("simulated.notice", str(i)), facility=s.facility, taxon=s.taxon,
            amount=int(rng.integers(1, 9)),
            brought=today - timedelta(days=40 + i), told=today - timedelta(days=38 + i), organisation="kiem_lam",
            area_path=s.area_path,
        )
        for i, s in enumerate(s for s in stocks if s.form == Stock.Form.ORDINARY)
    ]  # fmt: skip
    Notice.objects.bulk_create(notices)
    visits = [
        Inspection(
            id=source_id("simulated.inspection", str(i)),
            facility=place,
            team="Đội kiểm lâm cơ động",
            kind="planned",
            day=today + timedelta(days=i - 2),
            organisation="kiem_lam",
            area_path=place.area_path,
            why="chưa kiểm tra lần nào",
        )
        for i, place in enumerate(places[:12])
    ]
    done = [
        Inspection(
            id=source_id("simulated.inspection", f"done {i}"),
            facility=place,
            team="Đội kiểm lâm cơ động",
            kind="planned",
            day=today - timedelta(days=120 + i),
            organisation="kiem_lam",
            status="finished",
            area_path=place.area_path,
            why="kế hoạch năm",
            summary="sổ và đàn khớp nhau",
        )
        for i, place in enumerate(places[40:46])
    ]
    mended = [
        Finding(
            id=source_id("simulated.finding", str(i)), inspection=visit, what="thiếu biển báo khu nuôi",
            found=visit.day, due=visit.day + timedelta(days=30), closed_on=visit.day + timedelta(days=20),
            status="closed", how="đã lắp biển", organisation="kiem_lam", area_path=visit.area_path,
        )
        for i, visit in enumerate(done[:3])
    ]  # fmt: skip
    mended += [
        Finding(
            id=source_id("simulated.finding", f"open {i}"), inspection=visit, what="sổ ghi chậm",
            found=visit.day, due=today + timedelta(days=20), organisation="kiem_lam", area_path=visit.area_path,
        )
        for i, visit in enumerate(done[3:5])
    ]  # fmt: skip
    Inspection.objects.bulk_create([*visits, *done])
    Finding.objects.bulk_create(mended)
    return notices, done, mended, [*visits, *done]
