"""The simulated facilities: the planted frauds are found, honest books are left in peace."""

from collections import Counter
from datetime import date

import numpy as np
import pytest

from baoton.facilities import checks, simulate
from baoton.facilities.actions import inventory
from baoton.facilities.models import Campaign, Document, Entry, Stock
from baoton.facilities.simulate_office import office
from baoton.kit.access import System
from baoton.kit.writing import ledger

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
TODAY = date(2026, 11, 15)


def test_each_planted_fraud_is_found_and_no_honest_book_is_named() -> None:
    truth: dict = {}
    lines = simulate.simulate(np.random.default_rng([654, 4]), 2026, TODAY, truth)
    assert lines > 400 and len(truth["facilities"]) == 60
    planted = {t["id"]: t["fraud"] for t in truth["facilities"]}
    assert sorted(f for f in planted.values() if f) == sorted(simulate.FRAUDS)
    wrong, missed = [], []
    for stock in Stock.objects.select_related("taxon", "facility"):
        held = ledger.balances(Entry, stock.pk)
        assert sum(held.values()) == stock.balance and min(held.values(), default=0) >= 0, stock
        told = {f.rule for f in checks.look(stock, TODAY)}
        fraud = planted[str(stock.facility_id)]
        if fraud and fraud not in told:
            missed.append((fraud, told))
        if not fraud and told:
            wrong.append((str(stock), told))
    assert (missed, wrong) == ([], [])


def test_the_demonstration_has_campaigns_documents_and_an_inventory_as_its_truth_says() -> None:
    truth: dict = {}
    rng = np.random.default_rng([654, 5])
    simulate.simulate(rng, 2026, TODAY, truth)
    office(rng, TODAY, truth)
    closed, decided = Campaign.objects.order_by("begins")
    assert (closed.status, decided.status) == ("closed", "decided") and decided.number
    assert closed.visits.filter(status="finished").count() == 6 and decided.visits.count() >= 8
    assert {"order", "plan", "receipt", "minute"} <= set(Document.objects.values_list("kind", flat=True))
    told = {r["area"]: r for r in inventory.progress(System())}
    truly = Counter(r["area"] for r in truth["inventory"]["rows"])
    assert {a: r["rows"] for a, r in told.items() if r["rows"]} == dict(truly)
    assert {a for a, r in told.items() if r["finished"]} == set(truth["inventory"]["finished"])
    assert any(r["rows"] is None for r in told.values()), "some communes have said nothing yet"
