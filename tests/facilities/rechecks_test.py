"""A book is looked at again after whatever changes what can be said of it, and never forgotten in between."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.facilities.books_test import coded
from tests.facilities.cases import TA_TONG, act, facility, stock

from baoton.facilities import checks
from baoton.facilities.models import Signal, Stock, Transfer
from baoton.facilities.rules.found import parameter
from baoton.kit import jobs
from ecostat import ledger
from ecostat.errors import NotConverged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
TODAY = timezone.localdate


@pytest.fixture
def civets(province: None) -> Stock:
    held = stock(facility(), since=TODAY() - timedelta(300))
    act("stock", held, "opening", kind="sire", amount=2, note="kiểm đếm")
    return act("stock", held, "opening", kind="dam", amount=4, note="kiểm đếm")


def given(civets: Stock, days: int) -> Transfer:
    """Two of them left for a neighbour so many days ago, who has not answered."""
    far = stock(coded(facility("Trại Tà Tổng", area=TA_TONG)), since=TODAY() - timedelta(300))
    day = TODAY() - timedelta(days)
    act("stock", civets, "give", day=day, code=far.facility.code, kind="dam", amount=2, paper="BK 5")
    return Transfer.objects.get(giver=civets)


def told(rule: str) -> list[str]:
    return list(Signal.objects.filter(rule=rule).values_list("status", flat=True))


def test_a_line_written_while_a_book_is_looked_at_asks_for_another_look(
    civets: Stock, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = checks.judge

    def meanwhile(held: Stock, on: Any, seconds: float) -> checks.Judgement:
        found = judge(held, on, seconds)
        if held.pk == civets.pk and not Stock.objects.get(pk=held.pk).unchecked:
            monkeypatch.setattr(checks, "judge", judge)
            act("stock", civets, "born", day=TODAY(), kind="unsexed", amount=60)
        return found

    monkeypatch.setattr(checks, "judge", meanwhile)
    checks.recheck_changed()
    assert told("births") == []
    checks.recheck_changed()
    assert told("births") == ["open"]


def test_days_that_pass_over_a_book_are_seen_at_night(civets: Stock) -> None:
    given(civets, days=parameter("one_sided_days") + 1)
    checks.recheck(civets, on=TODAY() - timedelta(5))
    assert told("one_sided") == []
    checks.recheck_changed()
    assert told("one_sided") == []  # no line was written since
    checks.recheck_all(jobs.Progress())
    assert told("one_sided") == ["open"]


def test_what_the_receiver_answers_is_seen_in_the_givers_book(civets: Stock) -> None:
    waiting = given(civets, days=2)
    checks.recheck_changed()
    act("transfer", waiting, "dispute", answer="không nhận được con nào")
    checks.recheck_changed()
    assert told("one_sided") == ["open"]
    act("transfer", waiting, "take_back", reason="chưa giao")
    checks.recheck_changed()
    assert told("one_sided") == ["gone"]


def test_an_accepted_delivery_is_no_longer_one_sided(civets: Stock) -> None:
    waiting = given(civets, days=parameter("one_sided_days") + 1)
    checks.recheck_changed()
    assert told("one_sided") == ["open"]
    act("transfer", waiting, "accept")
    checks.recheck_changed()
    assert told("one_sided") == ["gone"]


def test_nobody_is_named_for_what_time_did_not_prove(civets: Stock, monkeypatch: pytest.MonkeyPatch) -> None:
    act("stock", civets, "born", day=TODAY(), kind="unsexed", amount=60)
    held = Stock.objects.get(pk=civets.pk)
    assert [f.rule for f in checks.look(held, TODAY())] == ["births"]
    guess = ledger.Reason("births", (2,), 24, "", proven=False)
    monkeypatch.setattr(ledger, "implausible", lambda *a, **k: (guess,))
    assert checks.look(held, TODAY()) == []

    def late(*a: Any, **k: Any) -> Any:
        raise NotConverged("time")

    monkeypatch.setattr(ledger, "implausible", late)
    assert checks.look(held, TODAY()) == []
