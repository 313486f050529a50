"""Simulated lots of a seized year with whole chains: held, sealed, split, handed to the police, ended; known truth."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from baoton.custody.actions.chain import K, append
from baoton.custody.actions.lots import limit, number, parted, stored
from baoton.custody.models import ANIMALS, Kind, Lot, Offer
from baoton.custody.queries import amounts_of, facts_of
from baoton.kit.ids import source_id
from baoton.kit.writing import outbox
from baoton.people.models import Person
from baoton.places.queries import commune_choices
from baoton.taxa.queries import match

LOTS = (
    (Kind.ALIVE, "Khỉ vàng", 2, "7.400", "release"),
    (Kind.DEAD, "Cầy vòi hương", 3, "9.150", "destroy"),
    (Kind.PART, "da nai", 1, "4.020", "handed"),
    (Kind.TIMBER, "gỗ nghiến xẻ", 12, None, "held"),
    (Kind.TOOL, "dây phanh bẫy", 46, None, "destroy"),
    (Kind.TOOL, "súng tự chế", 1, None, "handed"),
    (Kind.VEHICLE, "xe máy Win 100", 1, None, "return"),
    (Kind.PLANT, "lan rừng các loại", 18, "11.300", "split"),
    (Kind.PRODUCT, "rượu ngâm rắn", 4, "22.000", "offered"),
    (Kind.ALIVE, "Rùa đầu to", 1, "0.860", "held"),
)
VERBS = {
    K.SEALED: "custody.lot.seal", K.STORED: "custody.lot.store", K.HANDED: "custody.offer.accept",
    K.RELEASED: "custody.lot.release", K.DESTROYED: "custody.lot.destroy", K.RETURNED: "custody.lot.give_back",
}  # fmt: skip
END = {"release": K.RELEASED, "destroy": K.DESTROYED, "return": K.RETURNED}


@transaction.atomic
def simulate(rng: np.random.Generator, year: int, today: date, truth: dict[str, Any]) -> int:
    """The lots stand with their chains, each moment before `today`; how many. `truth["custody"]` tells each fate."""
    ranger = Person.objects.filter(username="dung").first()
    police = Person.objects.filter(username="minh").first()
    if ranger is None or police is None:
        return 0
    communes = [p for p, name in commune_choices() if name.endswith(("Mù Cả", "Tà Tổng"))] or [
        commune_choices()[0][0]
    ]
    days = max((today - date(year, 1, 1)).days - 10, 10)
    told = truth["custody"] = {}
    seized = truth.setdefault("books", {}).setdefault("custody.seized", [])
    for n, (kind, written, count, kg, fate) in enumerate(LOTS):
        day = (
            today - timedelta(2)
            if fate == "offered"
            else date(year, 1, 1) + timedelta(int(rng.integers(0, days)))
        )
        at = timezone.make_aware(datetime.combine(day, time(int(rng.integers(6, 18)), 15)))
        lot = Lot(
            id=source_id("simulated.custody", f"{year}-{n}"), kind=kind, written=written, count=count,
            kg=None if kg is None else Decimal(kg), m3=Decimal("1.275") if kind == Kind.TIMBER else None, day=day,
            hour=f"{timezone.localtime(at):%H:%M}", seized=at, origin=f"Vụ mô phỏng {n // 2 + 1}/{year}",
            organisation=str(ranger.organisation_id), area_path=communes[n % len(communes)],
            holder=ranger.actor_id, holder_name=ranger.actor_name, condition="nguyên vẹn",
            taxon_id=match([written], "")[0].taxon_id, taken=count if kind in ANIMALS else None,
        )  # fmt: skip
        if kind in ANIMALS:
            seized.append({"area": lot.area_path, "day": f"{day}", "until": f"{day.year + 1}", "n": count})
        number(lot)
        append(ranger, lot, K.SEIZED, at=at, condition=lot.condition, facts=facts_of(lot))
        stored(ranger, lot, None, "custody.lot.create")
        limit(lot)
        _lives(lot, ranger, police, at, fate, n)
        told[lot.number] = {"fate": fate, "steps": lot.length, "kg": None if lot.kg is None else str(lot.kg)}
    return len(LOTS)


def _lives(lot: Lot, ranger: Person, police: Person, at: datetime, fate: str, n: int) -> None:
    """What becomes of one lot after its seizure, an hour and days later."""

    def does(kind: str, actor: Person, hours: int, **more: Any) -> None:
        before = lot.snapshot()
        append(actor, lot, kind, at=at + timedelta(hours=hours), **more)
        stored(actor, lot, before, VERBS[K(kind)])

    if lot.kind not in {Kind.ALIVE, Kind.VEHICLE}:
        does(K.SEALED, ranger, 1, seal=f"NP-{n + 1:03d}")
    does(K.STORED, ranger, 5, place="Kho Hạt Kiểm lâm" if lot.kind != Kind.ALIVE else "Chuồng tạm giữ")
    if fate in END:
        does(END[fate], ranger, 30, reason="Quyết định mô phỏng")
    if fate in {"handed", "offered"}:
        offer = Offer(
            id=source_id("simulated.offer", str(lot.pk)), lot=lot, organisation=lot.organisation,
            area_path=lot.area_path, to_body=str(police.organisation_id), giver=lot.holder,
            giver_name=lot.holder_name, reason="Biên bản bàn giao mô phỏng", condition="còn niêm phong",
            offered=at + timedelta(hours=20), length=lot.length,
        )  # fmt: skip
        if fate == "handed":
            offer.status, offer.found, offer.place = (
                Offer.Status.ACCEPTED,
                "còn niêm phong",
                "Kho Công an tỉnh",
            )
        with outbox.changing(Offer, [offer.pk]):
            offer.save(force_insert=True)
        if fate == "handed":
            to = (police.actor_id, police.actor_name, str(police.organisation_id))
            does(K.HANDED, police, 24, receiver=to, place=offer.place, condition=offer.found, reason=offer.reason,
                 facts={"offer": str(offer.pk)})  # fmt: skip
    if fate == "split":
        _parts(lot, ranger, at + timedelta(hours=9))


def _parts(lot: Lot, ranger: Person, at: datetime) -> None:
    """Five plants go to the botanic garden as a lot of their own."""
    before = lot.snapshot()
    append(ranger, lot, K.UNSEALED, at=at, seal="", reason="tách mẫu")
    stored(ranger, lot, before, "custody.lot.unseal")
    before = lot.snapshot()
    part = {**amounts_of(lot), "count": 5, "kg": Decimal("3.100"), "m3": None}
    parted(ranger, lot, K.SPLIT, part, at + timedelta(hours=1), "chuyển vườn thực vật")
    stored(ranger, lot, before, "custody.lot.split")
