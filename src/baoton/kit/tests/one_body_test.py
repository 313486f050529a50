"""A grant over a book of one body's records reaches those of its holder's own body, however wide it is."""

import pytest

from baoton.kit.access import OF_ONE_BODY, Scope, within_body

BOOK = "trial.case"


@pytest.fixture(autouse=True)
def of_one_body(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("baoton.kit.access.OF_ONE_BODY", {*OF_ONE_BODY, BOOK})


def test_a_wide_grant_reaches_the_rows_of_ones_own_body_alone() -> None:
    assert within_body(f"{BOOK}.see", [Scope("12"), Scope()], "kiem_lam") == [
        Scope("12", "kiem_lam"),
        Scope("", "kiem_lam"),
    ]


def test_a_grant_that_names_another_body_reaches_that_one() -> None:
    held = [Scope("12", "canh_sat")]
    assert within_body(f"{BOOK}.edit", held, "kiem_lam") == held


def test_whoever_belongs_to_no_body_holds_nothing_there() -> None:
    assert within_body(f"{BOOK}.see", [Scope(), Scope("12")], "") == []


def test_other_books_are_reached_as_before() -> None:
    held = [Scope()]
    assert within_body("trial.other.see", held, "kiem_lam") is held
