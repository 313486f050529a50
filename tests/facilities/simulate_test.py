"""The simulated facilities: the planted frauds are found, honest books are left in peace."""

from datetime import date

import numpy as np
import pytest

from baoton.facilities import checks, simulate
from baoton.facilities.models import Entry, Stock
from baoton.kit.writing import ledger

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
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
