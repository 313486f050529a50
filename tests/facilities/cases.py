"""A facility of each kind to try things on."""

from datetime import date
from typing import Any

from baoton.facilities.models import Facility, Owner, Stock
from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.taxa.models import Taxon

SYSTEM = System()
MU_CA, TA_TONG = "12/03451", "12/03463"


def book(name: str) -> Any:
    return REGISTERS[f"facilities.{name}"]


def owner(name: str = "Vàng A Pao", area: str = MU_CA) -> Owner:
    return write.create(
        book("owner"),
        SYSTEM,
        Owner(name=name, kind="person", identity="012345678901", phone="0912345678", area_path=area),
    )


def facility(name: str = "Trại Nậm Kè", kind: str = "breeding", area: str = MU_CA, **more: Any) -> Facility:
    more.setdefault("owner", None)
    more["owner"] = more["owner"] or owner(f"Chủ {name}", area)
    return write.create(
        book("facility"),
        SYSTEM,
        Facility(name=name, kind=kind, area_path=area, organisation="kiem_lam", **more),
    )


def taxon(name: str) -> Taxon:
    return Taxon.objects.filter(scientific_name=name, accepted__isnull=True).get()


def stock(
    at: Facility, name: str = "Paradoxurus hermaphroditus", form: str = "breeding", **more: Any
) -> Stock:
    return write.create(
        book("stock"),
        SYSTEM,
        Stock(
            facility=at, taxon=taxon(name), form=form, **{"purpose": "T", "since": date(2026, 1, 5), **more}
        ),
    )


def act(name: str, record: Any, verb: str, actor: Any = SYSTEM, **said: Any) -> Any:
    return write.act(book(name), actor, type(record).objects.get(pk=record.pk), verb, said)
