"""A value of law is asked for a day, and only what was read is given without a warning."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rulebook
from rulebook.dated import Period

TODAY = date(2026, 5, 4)
DAYS = st.dates(date(2000, 1, 1), date(2040, 1, 1))


def test_a_value_that_was_read_is_given() -> None:
    assert rulebook.param("facility.certificate_days", on=TODAY) == 27
    assert rulebook.param("transition.open_ledger_days", on=TODAY) == 90
    assert rulebook.param("transition.planting_inventory_due", on=TODAY) == date(2026, 12, 31)


def test_a_value_from_a_secondary_source_is_refused_with_its_basis() -> None:
    with pytest.raises(rulebook.NotVerified) as refused:
        rulebook.param("facility.code_days_with_check", on=TODAY)
    assert "chưa có căn cứ chắc chắn" in refused.value.sentence
    assert "85/2025/TT-BNNMT, Điều 26(4)(d)" in refused.value.sentence
    value = rulebook.param_value("facility.code_days_with_check", on=TODAY)
    assert (value.value, value.certainty, value.verified) == (15, "secondary", False)


def test_before_the_law_there_is_no_value() -> None:
    with pytest.raises(rulebook.NotInForce, match="chưa có căn cứ cho ngày 24/6/2026"):
        rulebook.param("enforcement.max_fine", on=date(2026, 6, 24))
    assert rulebook.param("enforcement.max_fine", on=date(2026, 6, 25))["person"] == 500_000_000


def test_the_province_takes_the_place_of_the_country() -> None:
    with pytest.raises(rulebook.NotVerified, match="tại Lai Châu"):
        rulebook.param("fire.index_thresholds", on=TODAY)
    country = rulebook.params("")["fire.index_thresholds"]
    assert country.province == ""
    assert rulebook.params("lai_chau")["fire.index_thresholds"].province == "lai_chau"


def test_what_was_read_before_a_new_text_is_unverified_after_it() -> None:
    assert rulebook.param("facility.ask_scientific_authority_days", on=date(2025, 6, 30)) == 2
    with pytest.raises(rulebook.NotVerified):
        rulebook.param("facility.ask_scientific_authority_days", on=date(2025, 7, 1))


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(rulebook.UnknownName):
        rulebook.param("facility.colour", on=TODAY)
    with pytest.raises(rulebook.UnknownName):
        rulebook.params("../x")


@given(day=DAYS)
def test_on_no_day_do_two_values_of_a_name_hold(day: date) -> None:
    for param in rulebook.params().values():
        assert sum(v.period.holds(day) for v in param.values) <= 1


@given(a=DAYS, b=DAYS, c=DAYS, d=DAYS, day=DAYS)
def test_periods_that_share_a_day_overlap(a: date, b: date, c: date, d: date, day: date) -> None:
    first, second = Period(min(a, b), max(a, b)), Period(min(c, d), max(c, d))
    if first.holds(day) and second.holds(day):
        assert first.overlaps(second)
    assert first.overlaps(second) == second.overlaps(first)
    assert not first.overlaps(Period(first.end and first.end + timedelta(days=1), None))


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="ends"):
        Period.of("2026-02-01", "2026-01-01")
