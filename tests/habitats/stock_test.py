"""Nursery and harvest: whatever is done in whatever order, no lot is below nothing and no licence is overdrawn."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.custody.cases import of
from tests.habitats.ground import MU_CA, square
from tests.habitats.works_test import do, make, planned, species

from baoton.habitats.models import Harvest, HarvestArea, Licence, NurseryLot, Seedling
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import ledger, write
from baoton.kit.writing.outbox import drain
from baoton.kit.writing.refusal import NotNow
from baoton.people.actions import load as load_people
from baoton.people.simulate import cast
from baoton.places.actions import load as load_places
from baoton.plan import figures
from baoton.plan.queries import values
from baoton.taxa.actions import load as load_taxa
from baoton.taxa.models import Taxon

here = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
DAY = date(2026, 3, 1)
step = st.tuples(st.sampled_from(("receive", "raise", "issue", "lose", "take", "take", "reverse")),
                 st.integers(1, 60), st.integers(0, 60), st.integers(0, 5))  # fmt: skip


class Undo(Exception):
    """Ends an example: nothing of it stays."""


def lot(name: str = "Alnus nepalensis") -> NurseryLot:
    taxon = Taxon.objects.get(scientific_name=name)
    made: NurseryLot = make(
        NurseryLot(code="L1", nursery="Vườn ươm xã", taxon=taxon, source="Rừng giống", area_path=MU_CA)
    )
    return made


def licence(kg: int = 100, most: int | None = None, name: str = "Docynia indica") -> Licence:
    area = HarvestArea(name="Vùng sơn tra", taxon=Taxon.objects.get(scientific_name=name), yearly_kg=most,
                       basis="điều tra 2025" if most else "")  # fmt: skip
    area.put(square(0, 0))
    return asked(make(area), kg)


def asked(area: HarvestArea, kg: int) -> Licence:
    made: Licence = make(Licence(area=area, holder="Nhóm hộ", since=DAY, until=DAY + timedelta(200), kg=kg))
    return made


def granted(kg: int = 100) -> Licence:
    made: Licence = do(licence(kg), "grant", paper_number="GP 1")
    return made


def tried(one: NurseryLot, paper: Licence, verb: str, n: int, m: int, day: int) -> None:
    """One step, which may be refused in a sentence."""
    said: dict[str, Any] = {"day": DAY + timedelta(day), "about": "thử"}
    kind = "seed" if m % 2 else "seedling"
    if verb in {"receive", "lose"}:
        do(one, verb, **said, kind=kind, amount=n)
    elif verb == "raise":
        do(one, verb, **said, used=n, made=m)
    elif verb == "issue":
        do(one, verb, **said, amount=n)
    elif verb == "take":
        do(paper, verb, **said, taken=n, income=1000 * m)
    else:
        rows = [*Seedling.objects.order_by("position"), *Harvest.objects.order_by("position")]
        do(rows[m % len(rows)], verb, reason="ghi nhầm")


@pytest.mark.django_db
@pytest.mark.usefixtures("province")
@pytest.mark.once
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(step, min_size=6, max_size=10))
def test_no_lot_is_below_nothing_and_no_licence_is_overdrawn(steps: list[tuple[str, int, int, int]]) -> None:
    try:
        with transaction.atomic():
            one, paper = lot(), granted()
            for verb, n, m, day in steps:
                try:
                    with transaction.atomic():
                        tried(one, paper, verb, n, m, day)
                except (NotNow, ValidationError) as error:
                    assert str(error)
                days = [DAY + timedelta(d) for d in range(7)]
                held = [n for d in days for n in ledger.balances(Seedling, one, d).values()]
                left = [ledger.balances(Harvest, paper, d).get("kg", 0) for d in days]
                assert min(held, default=0) >= 0 and min(left) >= 0
                taken = sum(r.kg or 0 for r in Harvest.objects.filter(book=paper))
                assert taken == paper.kg - ledger.balances(Harvest, paper).get("kg", 0) <= paper.kg
            assert not ledger.differences(Seedling) and not ledger.differences(Harvest)
            raise Undo
    except Undo:
        pass


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
def test_two_who_issue_and_harvest_at_once_leave_nothing_below_nothing(transactional_db: None) -> None:
    load_places()
    load_people("lai_chau")
    load_taxa()
    cast()
    one, paper = lot(), granted(30)
    do(one, "receive", kind="seedling", amount=30, day=DAY)
    refused: list[str] = []

    def work() -> None:
        try:
            for _ in range(5):
                for row, verb, said in ((one, "issue", {"amount": 4}), (paper, "take", {"taken": 4})):
                    try:
                        do(row, verb, day=DAY, **said)
                    except NotNow as error:
                        refused.append(str(error))
        finally:
            connections.close_all()

    both = [threading.Thread(target=work) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert ledger.balances(Seedling, one) == {"seedling": 2} and ledger.balances(Harvest, paper) == {"kg": 2}
    assert len(refused) == 6  # of ten each, seven fit


class TestSentences:
    pytestmark = here

    def test_an_issue_above_the_stock_is_refused_with_what_there_is(self, client: Client) -> None:
        one = lot()
        do(one, "receive", kind="seed", amount=500, day=DAY)
        with pytest.raises(ValidationError, match="Ươm 100 hạt, hom không thể thành 101 cây con"):
            do(one, "raise", used=100, made=101, day=DAY)
        do(one, "raise", used=400, made=300, day=DAY)
        with pytest.raises(NotNow, match=r"Ngày 01/03/2026 lô chỉ có 300 cây con; không đủ 301"):
            do(one, "issue", amount=301, day=DAY)
        with pytest.raises(NotNow, match="lô chỉ có 0 cây con"):
            do(one, "issue", amount=1, day=DAY - timedelta(1))
        work = planned(0, 1, "native")
        species(work, "Alnus nepalensis", certificate="NG 1")
        do(one, "receive", kind="seedling", amount=400, day=DAY)
        with pytest.raises(ValidationError, match="Công trình chỉ trồng 500 cây loài này và đã nhận 0 cây"):
            do(one, "issue", amount=501, day=DAY, work=work.pk)
        do(one, "issue", amount=500, day=DAY, work=work.pk)
        client.force_login(of("lan"))
        page = client.get(f"/so/habitats-nurserylot/{one.pk}/").content.decode()
        assert "Còn trong lô" in page and "200" in page

    def test_a_harvest_stays_within_its_licence_and_licences_within_what_the_ground_bears(
        self, client: Client
    ) -> None:
        figures.compute([2026])
        paper = do(licence(100, 150), "grant", paper_number="GP 1")
        with pytest.raises(NotNow, match="thêm 60 kg thì vượt mức bền vững 150 kg/năm"):
            do(asked(paper.area, 60), "grant", paper_number="GP 2")
        with pytest.raises(ValidationError, match="chỉ cho khai thác từ 01/03/2026"):
            do(paper, "take", taken=1, day=DAY - timedelta(1))
        taken = do(paper, "take", taken=70, income=2_100_000, day=DAY) and Harvest.objects.get(what="taken")
        with pytest.raises(NotNow, match="Giấy phép chỉ còn 30 kg, không đủ 31 kg"):
            do(paper, "take", taken=31, day=DAY)
        with pytest.raises(NotNow, match="Giấy phép đã cấp thì không đổi"):
            write.edit(
                REGISTERS["habitats.licence"], of("lan"), Licence.objects.get(pk=paper.pk), {"kg": 900}
            )
        with pytest.raises(NotNow, match="không đảo được"):
            do(Harvest.objects.get(what="allowed"), "reverse", reason="thử")
        drain()
        told = values(2026)
        assert (told["habitats.harvested"].value, told["habitats.income"].value) == (70, 2.1)
        do(taken, "reverse", reason="ghi nhầm")
        drain()
        assert values(2026)["habitats.harvested"].value == 0
        client.force_login(of("lan"))
        assert "100 kg trong 100 kg" in client.get(f"/so/habitats-licence/{paper.pk}/").content.decode()

    def test_the_ground_of_a_guarded_plant_is_told_to_whoever_may_know_it(self, client: Client) -> None:
        Taxon.objects.filter(scientific_name="Panax vietnamensis").update(sensitivity=2)
        paper = licence(10, name="Panax vietnamensis")
        for name, told in (("dung", True), ("sung", False), ("hoa", False)):
            client.force_login(of(name))
            for book, key in (("harvestarea", paper.area_id), ("licence", paper.pk)):
                text = client.get(f"/so/habitats-{book}/{key}/").content.decode()
                assert ("Vùng sơn tra" in text) is told, (name, book)


@pytest.mark.django_db
@pytest.mark.usefixtures("province")
@pytest.mark.once
def test_a_licence_is_revoked_with_a_reason_and_a_lot_with_lines_stays(client: Client) -> None:
    first = licence(100, 120)
    do(first, "grant", paper_number="GP 1")
    do(first, "take", day=DAY, taken=30)
    second = asked(first.area, 100)
    with pytest.raises(NotNow, match="vượt mức bền vững"):
        do(second, "grant", paper_number="GP 2")
    do(first, "revoke", reason="khai thác ngoài vùng")
    with pytest.raises(NotNow):
        do(first, "take", day=DAY, taken=1)
    with pytest.raises(NotNow, match="đã cấp trong thời gian này là 30 kg"):  # what was taken stays taken
        do(second, "grant", paper_number="GP 2")
    client.force_login(of("lan"))
    page = client.get(REGISTERS["habitats.licence"].url(first)).content.decode()
    assert "70 kg trong 100 kg chưa khai thác thì không được khai thác nữa" in page
    one = lot()
    do(one, "receive", day=DAY, kind="seed", amount=10)
    with pytest.raises(ValidationError, match="đã có dòng sổ nên không rút được"):
        write.withdraw(REGISTERS["habitats.nurserylot"], of("lan"), NurseryLot.objects.get(pk=one.pk), "nhầm")
