"""What an office has made of the simulated facilities: campaigns with visits, issued documents, the inventory."""

from datetime import date, timedelta
from typing import Any

import numpy as np

from baoton.facilities.actions import inventory
from baoton.facilities.models import Application, Campaign, Canvass, Inspection, Planted
from baoton.facilities.papers.dossiers import RECEIPT
from baoton.facilities.papers.visits import MINUTE
from baoton.facilities.simulate import FAMILY, GIVEN, MIDDLE, PLANTED, told_of
from baoton.kit.access import System
from baoton.kit.ids import source_id
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.places.queries import commune_choices, province_path
from baoton.taxa.models import Taxon

TEAMS = "Đội 1: Lò Văn Dũng, Vàng A Chứ\nĐội 2: Tẩn Văn Nhè, Mùa Thị Hoa"
ORIGINS = ("nursery", "bought", "wild", "own", "unknown")


def office(rng: np.random.Generator, today: date, truth: dict[str, Any]) -> None:
    """Two campaigns over the simulated visits, documents about dossiers and visits, and the count of growers.

    `truth["inventory"]` holds what was found by commune, and which communes said that they are done.
    """
    campaigns(today)
    documents(today)
    truth["inventory"], books = growers(rng, today)
    truth.setdefault("books", {}).update({f"facilities.{name}": rows for name, rows in books.items()})


def campaigns(today: date) -> None:
    """One campaign over in spring with its visits made, one decided now with its visits to come."""
    done = Inspection.objects.filter(status=Inspection.Status.FINISHED).order_by("day")
    planned = Inspection.objects.filter(status=Inspection.Status.PLANNED, day__gte=today).order_by("day")
    for rows, name, status in (
        (done, "Kiểm tra cơ sở nuôi, đợt 1", Campaign.Status.CLOSED),
        (planned, "Kiểm tra cơ sở nuôi, trồng trước Tết", Campaign.Status.DRAFT),
    ):
        days = list(rows.values_list("day", flat=True))
        if not days:
            continue
        made = Campaign(
            id=source_id("simulated.campaign", name), name=name, begins=min(days), ends=max(days), teams=TEAMS,
            status=status, organisation="kiem_lam", area_path=province_path(), note="theo kế hoạch năm",
        )  # fmt: skip
        made.save(force_insert=True)
        teams = TEAMS.splitlines()
        for n, visit in enumerate(rows):
            Inspection.objects.filter(pk=visit.pk).update(campaign=made, team=teams[n % len(teams)])
        if status == Campaign.Status.DRAFT:
            write.act(REGISTERS["facilities.campaign"], System(), made, "decide")


def documents(today: date) -> None:
    """Dossiers have their receipt, and visits that were made their minute, as they would have been issued."""
    for dossier in Application.objects.order_by("id")[:4]:
        RECEIPT.issue(dossier, "", dossier.received or today)
    for visit in Inspection.objects.filter(status=Inspection.Status.FINISHED).order_by("day")[:3]:
        visit.paper = MINUTE.issue(visit, "", visit.day)
        Inspection.objects.filter(pk=visit.pk).update(paper=visit.paper, number=visit.number)


def growers(rng: np.random.Generator, today: date) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of three communes in five all villages were asked, one in five has begun, one has said nothing."""
    species = list(Taxon.objects.filter(scientific_name__in=PLANTED, accepted__isnull=True).order_by("pk"))
    rows: list[Planted] = []
    finished: list[Canvass] = []
    for n, (area, _name) in enumerate(commune_choices()):
        told = n % 5
        for i in range(int(rng.integers(0, 4)) if told < 3 else 2 if told == 3 else 0):
            who = f"{rng.choice(FAMILY)} {rng.choice(MIDDLE)} {rng.choice(GIVEN)}"
            row = Planted(
                id=source_id("simulated.planted", f"{n} {i}"), grower=who, village=f"bản số {i + 1}", area_path=area,
                organisation=f"ubnd_{area.split('/')[-1]}", taxon=species[(n + i) % len(species)],
                birth_year=int(rng.integers(1950, 2000)), year=int(rng.integers(2012, today.year - 1)),
                amount=int(rng.integers(10, 900)), origin=str(rng.choice(ORIGINS)),
            )  # fmt: skip
            inventory.derive(row)
            rows.append(row)
        if told < 3:
            finished.append(
                Canvass(
                    id=source_id("simulated.canvass", area), area_path=area, households=int(rng.integers(40, 400)),
                    organisation=f"ubnd_{area.split('/')[-1]}", finished=today - timedelta(int(rng.integers(1, 40))),
                )
            )  # fmt: skip
    Planted.objects.bulk_create(rows)
    Canvass.objects.bulk_create(finished)
    inventory_told = {
        "rows": [{"area": r.area_path, "species": r.taxon.scientific_name, "n": r.amount} for r in rows],
        "finished": [c.area_path for c in finished],
    }
    books = {
        "planted": [told_of(r.found, r) for r in rows],
        "canvassed": [told_of(c.finished, c) for c in finished],
    }
    return inventory_told, books


__all__ = ["office"]
