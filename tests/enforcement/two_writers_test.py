"""Two rangers at the same case at the same moment, and a body that signs: nothing is paid, seized or decided twice."""

import random
import threading
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, connections
from django.test import Client
from django.utils import timezone

from baoton.custody.models import Lot, Offer
from baoton.custody.queries import verify
from baoton.enforcement.models import Case, Grant, Item, Paper, Person
from baoton.kit.access import Denied, System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.people.actions import give
from baoton.people.actions import load as load_people
from baoton.people.models import Person as Account
from baoton.people.simulate import cast
from baoton.places.actions import load as load_places
from baoton.taxa.actions import load as load_taxa

POLICE, DECREE, FINE = "canh_sat_moi_truong", "146/2026/NĐ-CP", 4_000_000
REFUSED = (NotNow, ValidationError, Denied)
ON = date(2026, 7, 6)
WAY = (
    "minute", "hear", "decide", "serve", "pay", "pay", "seize", "seize", "lend", "revoke", "offer", "sign", "suspend",
    "resume", "find_crime", "transfer",
)  # fmt: skip


def of(name: str) -> Account:
    return Account.objects.get(username=name)


def do(who: str, verb: str, which: int) -> None:
    """One deed on one of the cases; refusals are raised."""
    actor, cases = of(who), list(Case.objects.order_by("code"))
    case = cases[which % len(cases)]
    item = Item.objects.filter(case=case).order_by("id").first()
    said: dict[str, dict[str, Any]] = {
        "hear": {"hearing_note": "đã nghe"}, "pay": {"amount": 1_500_000}, "transfer": {"sent_to": "Công an"},
        "decide": {"office": "district_or_mobile_head", "signer": "A", "instrument": DECREE, "fine": FINE},
    }  # fmt: skip
    if verb == "seize":
        write.act(REGISTERS["enforcement.item"], actor, item, "seize", {"on": timezone.localdate()})
    elif verb == "lend":
        today = timezone.localdate()
        row = Grant(case=case, body=POLICE, items=True, facts=True, purpose="x", since=today, until=today)
        write.create(REGISTERS["enforcement.grant"], actor, row)
    elif verb == "revoke":
        write.act(
            REGISTERS["enforcement.grant"],
            actor,
            _some(Grant.objects.filter(status="open")),
            verb,
            {"reason": "x"},
        )
    elif verb == "offer":
        write.act(
            REGISTERS["custody.lot"],
            actor,
            _some(Lot.objects.all()),
            verb,
            {"to_body": POLICE, "reason": "x"},
        )
    elif verb == "sign":
        told = {"found": "đủ", "to_place": "kho"}
        write.act(
            REGISTERS["custody.offer"], of("minh"), _some(Offer.objects.filter(status="open")), "accept", told
        )
    else:
        book = REGISTERS["enforcement.case"]
        told = {"on": ON, "reason": "x", **said.get(verb, {})}
        asked = {kind.name for kind in book.verb(verb).asks}
        write.act(book, actor, case, verb, {k: v for k, v in told.items() if k in asked})


def _some(rows: Any) -> Any:
    found = rows.order_by("id").first()
    if found is None:
        raise NotNow("không có")
    return found


def writer(who: str, todo: list[tuple[str, int]], told: list[Any], together: threading.Barrier) -> None:
    """One of two rangers with a connection of his own; they begin each deed together."""
    try:
        for verb, which in todo:
            together.wait(60)
            try:
                do(who, verb, which)
                told.append(verb)
            except REFUSED:
                continue
            except DatabaseError as error:
                if "deadlock" not in str(error):
                    raise
                told.append("deadlock")
    except Exception as error:
        told.append(error)
    finally:
        connections.close_all()


def laws() -> None:
    """What must hold whatever the two did."""
    for case in Case.objects.all():
        assert (case.paid or 0) <= (case.fine or 0)
        assert Paper.objects.filter(case=case, kind="decision").count() == (1 if case.decided else 0)
        item = Item.objects.get(case=case)
        lots = list(Lot.objects.filter(origin=case.code))
        assert [one.pk for one in lots] == ([item.lot_id] if item.lot_id else [])
        for lot in lots:
            assert verify(lot).whole and lot.kg == Decimal("7.250")
    numbers = [n for n in Case.objects.values_list("number", flat=True) if n]
    assert len(numbers) == len(set(numbers))
    lent = {one.case_id for one in Grant.objects.filter(status="open")}
    police = Client()
    police.force_login(of("minh"))
    read = police.get("/api/collections/enforcement-case/items").json() if lent else {"numberMatched": 0}
    assert read["numberMatched"] == len(lent)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
def test_two_rangers_at_once_decide_seize_and_pay_once(transactional_db: None) -> None:
    load_places(), load_people("lai_chau"), load_taxa(), cast()
    other = Account.objects.create_user(
        "hai", password="x" * 14, organisation_id="kiem_lam", first_name="Hai"
    )
    give(System(), other, "ranger", area_path="12")
    dung = of("dung")
    for n in range(2):
        case = write.create(
            REGISTERS["enforcement.case"], dung,
            Case(code=f"VV-{n}", title="Giữ cầy", day=ON - timedelta(days=1), area_path="12/03451"),
        )  # fmt: skip
        write.create(REGISTERS["enforcement.person"], dung, Person(case=case, name="A", kind="person"))
        write.create(
            REGISTERS["enforcement.item"], dung, Item(case=case, name="cầy", number=1, kg=7.25, state="dead")
        )
    told: list[Any] = []
    for seed in range(3):
        draws = [random.Random(seed * 2 + i) for i in (0, 1)]
        chance = 0.25 * seed  # the first round is the straight way, both at each step of it together
        plans = [[(r.choice(WAY) if r.random() < chance else v, seed % 2) for v in WAY] for r in draws]
        together = threading.Barrier(2)
        hands = [
            threading.Thread(target=writer, args=(w, p, told, together))
            for w, p in zip(("dung", "hai"), plans, strict=True)
        ]
        for one in hands:
            one.start()
        for one in hands:
            one.join(120)
        assert not [e for e in told if isinstance(e, Exception)], told
    done = Counter(told)
    assert "deadlock" not in done and done["decide"] and done["seize"], done
    laws()
