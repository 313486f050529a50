"""The simulated facilities: the planted frauds are found, honest books are left in peace."""

from collections import Counter
from datetime import date

import numpy as np
import pytest

from baoton.facilities import checks, simulate
from baoton.facilities.actions import inventory
from baoton.facilities.models import Campaign, Document, Entry, Stock
from baoton.facilities.rules import panels
from baoton.facilities.simulate_office import office
from baoton.kit.access import System
from baoton.kit.writing import ledger

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
TODAY = date(2026, 11, 15)


ALLOWED = 0.02
"""Of the years of honest books, so many may be named (`benchmarks/results/forensics.md`)."""


def test_each_planted_fraud_stands_on_the_page_of_its_book_and_hardly_an_honest_book_is_named() -> None:
    truth: dict = {}
    lines = simulate.simulate(np.random.default_rng([654, 4]), 2026, TODAY, truth)
    assert lines > 400 and len(truth["facilities"]) == 60
    planted = {t["id"]: t["fraud"] for t in truth["facilities"]}
    assert sorted(f for f in planted.values() if f) == sorted(simulate.FRAUDS)
    words, missed, wrong = dict(checks.RULES), [], []
    years = 0.0
    for stock in Stock.objects.select_related("taxon", "facility"):
        held = ledger.balances(Entry, stock.pk)
        assert sum(held.values()) == stock.balance and min(held.values(), default=0) >= 0, stock
        checks.recheck(stock, TODAY, seconds=60)
        page = panels.judged(System(), Stock.objects.get(pk=stock.pk))
        told = {str(r["rule"]) for r in page["named"]}
        fraud = planted[str(stock.facility_id)]
        if fraud and str(words[fraud]) not in told:
            missed.append((fraud, told))
        if not fraud:
            years += (TODAY - stock.since).days / 365.25
            wrong += [(str(stock), told)] if told else []
    assert missed == []
    assert len(wrong) <= ALLOWED * years, wrong


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
