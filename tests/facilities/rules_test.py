"""Every signal: found where it stands, in words and with its lines, and silent or unable to judge where it must be."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.facilities.books_test import coded
from tests.facilities.cases import SYSTEM, TA_TONG, act, facility, stock

from baoton.facilities import checks
from baoton.facilities.models import (
    Counted,
    Entry,
    Individual,
    Inspection,
    Mark,
    Signal,
    Stock,
    Transfer,
)
from baoton.facilities.rules import panels
from baoton.facilities.rules.found import RULES, WHY
from baoton.facilities.rules.meaning import MEANS, NOT
from baoton.kit import jobs
from ecostat import ledger

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
ON = date(2026, 11, 1)
CIVET, MACAQUE, MONITOR, FROG = (
    "Paradoxurus hermaphroditus", "Macaca mulatta", "Varanus salvator", "Manis pentadactyla",
)  # fmt: skip


def opened(species: str = CIVET, since: date = date(2023, 1, 5), at: Any = None, **amounts: int) -> Stock:
    held = stock(at or coded(facility()), species, since=since, purpose="T", generation="F2")
    for kind, n in (amounts or {"sire": 2, "dam": 6}).items():
        held = act("stock", held, "opening", kind=kind, amount=n, note="kiểm đếm")
    return held


def told(held: Stock, on: date = ON) -> dict[str, checks.Found]:
    return {f.rule: f for f in checks.look(Stock.objects.get(pk=held.pk), on)}


def unjudged(held: Stock, on: date = ON) -> dict[str, str]:
    return checks.judge(Stock.objects.get(pk=held.pk), on).unjudged


def amounts(found: checks.Found) -> list[int]:
    rows = {str(e.pk): e.amount for e in Entry.objects.all()}
    return [rows[key] for key in found.entries]


def counted(held: Stock, day: date, **seen: int) -> Inspection:
    visit = Inspection.objects.create(facility=held.facility, kind="planned", day=day, status="finished")
    for kind, (n, balance) in {k: v if isinstance(v, tuple) else (v, v) for k, v in seen.items()}.items():
        Counted.objects.create(inspection=visit, stock=held, kind=kind, counted=n, balance=balance)
    return visit


def marked(held: Stock, *marks: str, since: date, **more: Any) -> list[Individual]:
    found = []
    for text in marks:
        one = Individual.objects.create(stock=held, kind="dam", mark_kind="chip", mark=text, **more)
        Mark.objects.create(individual=one, key=text, mark_kind="chip", mark=text, since=since)
        found.append(one)
    return found


def test_every_rule_has_its_meaning_and_its_limits_in_words() -> None:
    assert set(MEANS) == set(NOT) == {rule for rule, _label in RULES}


def test_deaths_never_declared_are_told_with_how_many_there_should_be() -> None:
    held = opened(sire=40, dam=60)
    assert "no_deaths" in told(held) and "chưa ghi con nào chết" in told(held)["no_deaths"].words
    act("stock", held, "died", day=date(2025, 1, 5), kind="dam", amount=1, paper="BB 1")
    one_dead = told(held)["no_deaths"]
    assert "chỉ ghi 1 con chết" in one_dead.words and amounts(one_dead) == [-1]
    act("stock", held, "died", day=date(2025, 5, 5), kind="dam", amount=9, paper="BB 2")
    assert "no_deaths" not in told(held)


def test_a_sale_of_breeders_before_maturity_is_told_and_of_young_is_not() -> None:
    held = opened()
    act("stock", held, "born", day=date(2024, 3, 2), kind="unsexed", amount=12)
    act("stock", held, "sold", day=date(2024, 6, 2), kind="unsexed", amount=2, partner="x")
    assert "sold_young" not in told(held)
    act("stock", held, "grew", day=date(2024, 6, 3), kind="unsexed", amount=6, into="dam")
    act("stock", held, "sold", day=date(2024, 6, 4), kind="dam", amount=9, partner="x")
    found = told(held)
    assert amounts(found["sold_young"]) == [-9] and "chỉ 8 con có thể đủ tuổi" in found["sold_young"].words
    assert amounts(found["too_young"]) == [6]


def test_what_comes_too_young_is_one_signal_a_year_that_opens_again_with_more_lines() -> None:
    held = opened()
    act("stock", held, "born", day=date(2024, 3, 2), kind="unsexed", amount=30)
    act("stock", held, "grew", day=date(2024, 4, 2), kind="unsexed", amount=2, into="dam")
    checks.recheck(Stock.objects.get(pk=held.pk), date(2024, 5, 1))
    signal = act("signal", Signal.objects.get(rule="too_young"), "answer", answer="ghi nhầm lớp")
    checks.recheck(Stock.objects.get(pk=held.pk), date(2024, 5, 1))
    signal.refresh_from_db()
    assert signal.status == "answered"
    act("stock", held, "grew", day=date(2024, 5, 2), kind="unsexed", amount=3, into="dam")
    checks.recheck(Stock.objects.get(pk=held.pk), date(2024, 6, 1))
    signal.refresh_from_db()
    assert (signal.status, signal.answer) == ("open", "ghi nhầm lớp") and "2 ngày như vậy" in signal.words
    assert Signal.objects.filter(rule="too_young").count() == 1


def test_a_sex_mended_in_the_book_names_nobody() -> None:
    held = opened()
    act("stock", held, "grew", day=date(2023, 2, 2), kind="sire", amount=1, into="dam")
    act("stock", held, "sold", day=date(2023, 3, 2), kind="dam", amount=7, partner="x")
    assert told(held).keys() == set()


def test_births_in_every_month_of_a_seasonal_species_are_told_once() -> None:
    held = opened(MACAQUE, date(2022, 1, 5), sire=4, dam=40)
    for month in range(1, 13):
        act("stock", held, "born", day=date(2022, month, 20), kind="unsexed", amount=1)
    found = told(held, date(2023, 1, 5))
    assert "đủ 12 tháng" in found["every_month"].words and len(found["every_month"].entries) == 12
    assert "season" not in found and unjudged(held).get("every_month") is None


def test_a_late_birth_is_no_signal_and_many_are() -> None:
    held = opened(MACAQUE, date(2022, 1, 5), sire=4, dam=40)
    act("stock", held, "born", day=date(2022, 10, 20), kind="unsexed", amount=1)
    assert "season" not in told(held)
    for year in (2023, 2024, 2025):
        act("stock", held, "born", day=date(year, 10, 20), kind="unsexed", amount=1)
    assert "các tháng 10" in told(held)["season"].words and amounts(told(held)["season"]) == [1] * 4


def test_a_species_without_a_sourced_season_cannot_be_judged_by_it() -> None:
    held = opened()
    for month in range(1, 13):
        act("stock", held, "born", day=date(2024, month, 20), kind="unsexed", amount=1)
    assert unjudged(held)["season"] == unjudged(held)["every_month"] == "season"
    assert "every_month" not in told(held)


def test_of_an_unknown_species_nothing_is_judged_by_biology_and_the_page_says_so() -> None:
    held = opened(FROG, sire=40, dam=90)
    act("stock", held, "born", day=date(2024, 3, 2), kind="male", amount=900)
    assert told(held).keys() == set()
    by_biology = {
        "births",
        "no_deaths",
        "too_young",
        "sold_young",
        "season",
        "every_month",
        "never_ages",
        "sex_ratio",
    }
    assert {r for r, why in unjudged(held).items() if why == "species"} == by_biology
    checks.recheck(Stock.objects.get(pk=held.pk), ON)
    given = panels.judged(SYSTEM, Stock.objects.get(pk=held.pk))
    assert {str(r["rule"]) for r in given["unknown"]} >= {str(dict(RULES)[r]) for r in by_biology}
    assert str(WHY["species"]) in {str(r["why"]) for r in given["unknown"]}


def test_sexes_beyond_chance_are_told_and_not_where_the_warmth_of_the_nest_decides() -> None:
    held = opened(since=date(2022, 1, 5), sire=2, dam=30)
    act("stock", held, "born", day=date(2022, 3, 2), kind="male", amount=8)
    assert "sex_ratio" not in told(held, date(2022, 4, 1))  # eight of eight is one in 120 at the least
    act("stock", held, "born", day=date(2022, 9, 2), kind="male", amount=20)
    assert amounts(told(held, date(2022, 10, 1))["sex_ratio"]) == [8, 20]
    lizards = opened(MONITOR, sire=2, dam=30, at=facility("Trại kỳ đà"))
    act("stock", lizards, "born", day=date(2023, 9, 2), kind="male", amount=200)
    assert unjudged(lizards)["sex_ratio"] == "sexes"


def test_a_stock_that_never_ages_is_told_by_silence_and_by_age() -> None:
    held = opened()
    assert "không có biến động nào" in told(held)["never_ages"].words
    assert "never_ages" not in told(held, date(2024, 6, 1))
    old = opened(since=date(1990, 1, 5), sire=2, dam=8, at=facility("Trại cũ"))
    act("stock", old, "died", day=date(2026, 9, 1), kind="dam", amount=3, paper="BB")
    found = told(old)["never_ages"]
    assert "Ít nhất 7 con" in found.words and amounts(found) == [2, 8]


def test_one_sided_deliveries_show_the_line_that_left() -> None:
    held = opened(since=date(2026, 1, 5), at=facility())
    far = stock(coded(facility("Trại Tà Tổng", area=TA_TONG)), since=date(2026, 1, 5))
    act(
        "stock",
        held,
        "give",
        day=date(2026, 10, 20),
        code=far.facility.code,
        kind="dam",
        amount=2,
        paper="BK",
    )
    assert "one_sided" not in told(held)
    found = told(held, date(2026, 11, 10))["one_sided"]
    assert "đã 21 ngày" in found.words and amounts(found) == [-2]
    Transfer.objects.update(status="returned")
    assert "one_sided" not in told(held, date(2026, 11, 10))


def test_marks_never_read_again_are_told_together_until_one_meets_them() -> None:
    held = opened()
    first, second = marked(held, "900012340001", "900012340002", since=date(2023, 2, 1))
    found = told(held)["marks_unread"]
    assert "2 cá thể" in found.words and "900012340001, 900012340002" in found.words
    act("individual", first, "seen", day=date(2026, 5, 1))
    assert "1 cá thể" in told(held)["marks_unread"].words
    counted(held, date(2026, 6, 1), dam=(1, 1))  # one counted: it may be either
    assert "marks_unread" in told(held)
    counted(held, date(2026, 7, 1), dam=(6, 6))  # all of the class
    assert "marks_unread" not in told(held)
    assert second.seen_on is None


@pytest.mark.parametrize("how", ["a line", "a visit", "a young one"])
def test_a_line_a_visit_or_offspring_that_names_a_mark_meets_its_animal(how: str) -> None:
    held = opened()
    [one] = marked(held, "900012340001", since=date(2023, 2, 1))
    assert "marks_unread" in told(held)
    if how == "a line":
        act("stock", held, "born", day=date(2026, 1, 2), kind="unsexed", amount=2, note="mẹ: 900012340001")
    elif how == "a visit":
        Inspection.objects.filter(pk=counted(held, date(2026, 1, 2)).pk).update(summary="đọc 900012340001.")
    else:
        Individual.objects.create(
            stock=held, kind="female", mark_kind="tag", mark="T9", born=date(2026, 1, 2), mother=one
        )
    assert "900012340001" not in getattr(told(held).get("marks_unread"), "words", "")


def test_a_mark_read_or_sold_after_its_animal_ended_or_written_two_ways_is_told() -> None:
    held = opened()
    read, sold = marked(
        held, "900012340001", "900012340002", since=date(2024, 2, 1),
        status="ended", ended_on=date(2024, 5, 1), ended_how="died",
    )  # fmt: skip
    assert "mark_reused" not in told(held)
    act("individual", read, "seen", day=date(2025, 5, 1))
    assert "còn đọc thấy dấu" in told(held)["mark_reused"].words
    Individual.objects.filter(pk=read.pk).update(seen_on=None)
    act(
        "stock",
        held,
        "sold",
        day=date(2025, 6, 1),
        kind="dam",
        amount=1,
        partner="x",
        note=f"chip {sold.mark}",
    )
    assert amounts(told(held)["mark_reused"]) == [-1]
    other = opened(at=facility("Trại khác"))
    marked(held, "VN0123", since=date(2024, 2, 1))
    marked(other, "VNO123", since=date(2024, 2, 1))
    assert "VN0123" in told(other)["mark_reused"].words


def test_lines_all_written_before_a_visit_are_told_but_neither_a_habit_nor_a_book_brought_in() -> None:
    held = opened()
    Inspection.objects.create(facility=held.facility, kind="planned", day=date(2026, 11, 5))
    for n in range(6):
        act("stock", held, "born", day=date(2026, 1, 1) + timedelta(30 * n), kind="unsexed", amount=1)
    Entry.objects.filter(movement="opening").update(entered=date(2023, 1, 5))
    Entry.objects.filter(movement="born").update(entered=date(2026, 10, 30))
    assert len(told(held)["one_day"].entries) == 6
    Entry.objects.update(entered=date(2026, 10, 30))
    assert "one_day" not in told(held) and unjudged(held)["one_day"] == "one_go"
    Entry.objects.filter(movement="opening").update(entered=date(2023, 1, 5))
    for n in range(6):
        act("stock", held, "born", day=date(2025, 1, 1) + timedelta(30 * n), kind="unsexed", amount=1)
    Entry.objects.filter(day__year=2025).update(entered=date(2025, 8, 1))
    assert "one_day" not in told(held)


def test_a_count_beside_the_book_is_told_by_class_within_the_error_of_counting() -> None:
    held = opened()
    assert unjudged(held)["count_differs"] == "never_counted"
    counted(held, date(2026, 5, 5), sire=(3, 2), dam=(5, 6), unsexed=(990, 1000))
    found = [f for f in checks.look(Stock.objects.get(pk=held.pk), ON) if f.rule == "count_differs"]
    assert len(found) == 2 and "count_differs" not in unjudged(held)
    assert "đếm được 3" in found[0].words and amounts(found[0]) == [2]
    counted(held, date(2026, 6, 5), sire=(3, 2), dam=(5, 6))
    assert "Tổng số mọi lớp vẫn khớp" in told(held)["count_differs"].words


def test_more_than_the_capacity_is_told_with_the_last_that_came() -> None:
    held = opened()
    Stock.objects.filter(pk=held.pk).update(capacity=7)
    assert "Số dư 8, sức chứa 7" in told(held)["over_capacity"].words
    assert amounts(told(held)["over_capacity"]) == [2, 6]


def test_plants_sold_before_harvest_are_told_and_unknown_plants_are_not_judged() -> None:
    held = stock(
        coded(facility("Vườn sâm", "planting")),
        "Panax vietnamensis",
        "planting",
        since=date(2023, 1, 5),
        unit="cây",
    )
    held = act("stock", held, "opening", kind="plant", amount=10, note="kiểm đếm")
    held = act(
        "stock", held, "bought", day=date(2023, 2, 1), kind="seedling", amount=50, partner="x", paper="HĐ"
    )
    act("stock", held, "grew", day=date(2023, 3, 1), kind="seedling", amount=50, into="plant")
    act("stock", held, "sold", day=date(2025, 3, 1), kind="plant", amount=10, partner="x")
    assert "sold_young" not in told(held)
    act("stock", held, "sold", day=date(2025, 4, 1), kind="plant", amount=20, partner="x")
    assert "chỉ 0 cây" in told(held)["sold_young"].words and amounts(told(held)["sold_young"]) == [-20]
    orchid = stock(facility("Vườn lan", "planting"), "Dendrobium nobile", "planting", unit="cây")
    assert unjudged(orchid)["sold_young"] == "harvest" and unjudged(orchid)["births"] == "yield"


def test_a_check_that_ran_out_of_time_is_told_on_the_page_and_given_more_by_night(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = opened()
    act("stock", held, "born", day=date(2026, 3, 2), kind="unsexed", amount=90)
    checks.recheck(Stock.objects.get(pk=held.pk), ON)
    assert Signal.objects.get(rule="births").status == "open"
    asked = []

    def late(*_given: Any, time_limit: float) -> Any:
        asked.append(time_limit)
        return (ledger.Reason("births", (2,), 24, "", proven=False),)

    monkeypatch.setattr(ledger, "implausible", late)
    checks.recheck(Stock.objects.get(pk=held.pk), ON)
    assert Signal.objects.get(rule="births").status == "open", "what stood is not taken away by want of time"
    given = panels.judged(SYSTEM, Stock.objects.get(pk=held.pk))
    assert str(WHY["time"]) in {str(r["why"]) for r in given["unknown"]}
    checks.recheck_all(jobs.Progress())
    assert asked == [checks.SHORT, checks.LONG]


def test_what_stands_behind_a_signal_shows_lines_answer_and_biology() -> None:
    held = opened()
    act("stock", held, "born", day=date(2026, 3, 2), kind="unsexed", amount=90)
    checks.recheck(Stock.objects.get(pk=held.pk), ON)
    signal = act("signal", Signal.objects.get(rule="births"), "answer", answer="ghi nhầm 9 thành 90")
    given = panels.behind(SYSTEM, signal)
    assert [x["amount"] for x in given["lines"]] == ["+90"] and given["answer"] == "ghi nhầm 9 thành 90"
    assert any(v["source"] for v in given["values"]) and given["means"] and given["not"]


def test_all_is_named_by_holm_s_steps_alone() -> None:
    found = [checks.Found(r, "", "") for r in ("no_deaths", "season", "sex_ratio")]
    weigh = [checks.Chance(p, f) for p, f in zip((0.0011, 0.0019, 0.2), found, strict=True)]
    assert [f.rule for f in checks._beyond_chance(weigh)] == ["no_deaths", "season"]
    alone = [checks.Chance(0.0015, found[0]), *(checks.Chance(0.5, f) for f in found[1:])]
    assert checks._beyond_chance(alone) == []
