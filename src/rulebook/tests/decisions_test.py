"""Decision tables: what is asked, what is never guessed, and that more is never milder."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rulebook
from rulebook import checking
from rulebook.dated import Period
from rulebook.decisions import (
    Facts,
    Item,
    Judgement,
    deadlines,
    decide,
    printed,
    read_aloud,
    species_group,
    tables,
)
from rulebook.decisions import tables as all_tables
from rulebook.decisions.fines import fired
from rulebook.decisions.milder import milder_of
from rulebook.decisions.powers import later
from rulebook.decisions.sound import uneven
from rulebook.lists import all_entries

DAY = date(2026, 7, 1)
GROUPS = ("ordinary", "IIB", "IB", "priority", "IA", "IIA")


def animal(**more: Any) -> Item:
    return Item(kind="animal", klass="mammal", state="dead", sort="other", **more)


def hunting(*items: Item, **more: Any) -> Facts:
    known: dict[str, Any] = {
        "day": DAY,
        "acts": ["hunting"],
        "offender": "person",
        "previous": "none",
        "gain": 0,
    }
    return Facts(items=items, **{**known, **more})


def weight(facts: Facts) -> tuple[int, int]:
    told = decide(facts)
    paragraph = max(told.paragraph.values(), default=0)
    return paragraph, max((f.row.fine[1] for f in told.administrative if f.row.fine), default=0)


MONEY = st.integers(0, 400_000_000)


@settings(max_examples=150, deadline=None)
@given(group=st.sampled_from(("ordinary", "IIB")), value=MONEY, more=MONEY)
def test_a_dearer_animal_is_never_milder(group: str, value: int, more: int) -> None:
    for act in ("hunting", "transport", "trade"):
        dearer = hunting(animal(group=group, value=value + more), acts=[act])
        assert weight(dearer) >= weight(hunting(animal(group=group, value=value), acts=[act]))


@settings(max_examples=100, deadline=None)
@given(
    group=st.sampled_from(("IB", "priority")),
    klass=st.sampled_from(("mammal", "bird_reptile", "other")),
    number=st.integers(1, 30),
)
def test_one_animal_more_is_never_milder_and_none_goes_without_a_row(
    group: str, klass: str, number: int
) -> None:
    def facts(count: int) -> Facts:
        return hunting(
            Item(kind="animal", group=group, klass=klass, state="dead", sort="other", number=count)
        )

    assert (0, 0) < weight(facts(number)) <= weight(facts(number + 1))


@settings(max_examples=150, deadline=None)
@given(
    group=st.sampled_from(("ordinary", "IIA", "IA")),
    forest=st.sampled_from(("production", "protection", "special_use")),
    litres=st.integers(1, 25_000),
    more=st.integers(0, 5_000),
)
def test_more_wood_is_never_milder(group: str, forest: str, litres: int, more: int) -> None:
    def facts(amount: int) -> Facts:
        wood = Item(kind="wood", group=group, wood_m3=Decimal(amount) / 1000)
        return Facts(day=DAY, acts=["logging"], items=[wood], forest=forest, forest_origin="natural")

    assert (0, 0) < weight(facts(litres)) <= weight(facts(litres + more))


@settings(max_examples=150, deadline=None)
@given(
    act=st.sampled_from(("clearing", "encroachment")),
    forest=st.sampled_from(("production", "protection", "special_use")),
    origin=st.sampled_from(("natural", "planted")),
    area=st.integers(0, 60_000),
    more=st.integers(0, 5_000),
)
def test_more_forest_is_never_milder_and_natural_forest_weighs_more(
    act: str, forest: str, origin: str, area: int, more: int
) -> None:
    def facts(size: int, of: str = origin) -> Facts:
        known: dict[str, Any] = {"forest": forest, "forest_origin": of, "forest_stage": "grown"}
        return Facts(day=DAY, acts=[act], area_m2=size, area_measurable=True, **known)

    assert (0, 0) < weight(facts(area)) <= weight(facts(area + more))
    assert weight(facts(area, "planted")) <= weight(facts(area, "natural"))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(GROUPS[:4]), st.integers(1, 9), MONEY), min_size=1, max_size=5))
def test_what_is_sure_while_a_fact_is_missing_stays_when_it_comes(lines: list[tuple[str, int, int]]) -> None:
    whole = [animal(group=g, number=n, value=v) for g, n, v in lines]
    partly = [replace(whole[0], value=None, group=None), *whole[1:]]
    before, after = decide(hunting(*partly)), decide(hunting(*whole))
    assert {f.row.id for f in before.administrative} <= {f.row.id for f in after.administrative}
    for article, paragraph in before.paragraph.items():
        assert after.paragraph[article] >= paragraph
    could = {row.id for one in before.open for row in one.rows}
    assert set(after.rows) - set(before.rows) <= could


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 2_000), min_size=1, max_size=8))
def test_lots_weigh_as_much_together_as_one_lot(litres: list[int]) -> None:
    def facts(*amounts: float) -> Facts:
        wood = [Item(kind="wood", group="IIA", wood_m3=a) for a in amounts]
        return Facts(day=DAY, acts=["storage"], items=wood)

    split, whole = decide(facts(*(n / 1000 for n in litres))), decide(facts(sum(litres) / 1000))
    assert split.rows == whole.rows


def test_bands_of_every_table_meet() -> None:
    assert [problem for table in tables().values() for problem in uneven(table)] == []


@pytest.mark.parametrize(
    ("clause", "change", "rule"),
    [(2, {"low": Decimal(6_000_000)}, "gap"), (2, {"low": Decimal(4_000_000)}, "overlap")],
)
def test_the_check_finds_a_gap_and_an_overlap(
    monkeypatch: pytest.MonkeyPatch, clause: int, change: dict[str, Any], rule: str
) -> None:
    table = tables()["nd146_24"]

    def broken(row: Any) -> Any:
        measure, band = row.bands[0]
        hit = row.clause == clause and row.article.endswith("điểm a")
        return replace(row, bands=((measure, replace(band, **change)),)) if hit else row

    bad = replace(table, rows=tuple(map(broken, table.rows)))
    monkeypatch.setattr(checking, "tables", lambda: {bad.id: bad})
    assert rule in {problem.rule for problem in rulebook.check()}


def test_the_check_finds_a_fine_that_falls_and_a_strange_instrument(monkeypatch: pytest.MonkeyPatch) -> None:
    table = tables()["nd146_24"]
    rows = [
        replace(r, fine=(1, 2)) if r.clause == 5 else replace(r, source="99/2031/NĐ-CP") for r in table.rows
    ]
    monkeypatch.setattr(checking, "tables", lambda: {table.id: replace(table, rows=tuple(rows))})
    assert {"milder", "instrument"} <= {problem.rule for problem in rulebook.check()}


def test_without_a_day_the_question_is_which_law_and_nothing_is_judged() -> None:
    told = decide(Facts(acts=["hunting"], items=[animal(group="IIB", value=1)]))
    assert told.rows == ()
    assert [m.said for m in told.missing] == ["ngày xảy ra hành vi"]
    assert "Chưa đối chiếu với bảng nào: còn thiếu ngày xảy ra hành vi." in printed(told)
    assert not told.verified


def test_a_missing_fact_is_named_with_the_item_it_belongs_to() -> None:
    told = decide(hunting(animal(name="Cầy hương", number=1, value=2_000_000)))
    assert "nhóm của loài vào ngày xảy ra hành vi (tang vật “Cầy hương”)" in {m.said for m in told.missing}


def test_nothing_found_is_not_called_innocent() -> None:
    told = decide(hunting(animal(group="IIA", value=1)))
    assert told.rows == ()
    assert any("không hàng nào khớp" in gap for gap in told.gaps)
    assert "không có nghĩa là không vi phạm" in printed(told)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"ended": date(2026, 6, 25)}, True),
        ({"continuing": True, "decided": date(2026, 7, 1)}, True),
        ({"ended": date(2026, 6, 24), "decided": date(2026, 7, 1)}, False),
        ({"continuing": True}, False),
    ],
)
def test_an_act_that_goes_on_past_a_change_of_law_is_told(more: dict[str, Any], told: bool) -> None:
    case = decide(hunting(animal(group="IIB", value=1), day=date(2026, 6, 20), **more))
    assert any("qua ngày quy định thay đổi" in gap for gap in case.gaps) is told


def test_an_act_no_table_speaks_of_is_told() -> None:
    told = decide(Facts(day=date(2010, 1, 1), acts=["hunting"]))
    assert told.gaps == ("Chưa có bảng quyết định nào cho hành vi “săn bắt” ngày 01/01/2010.",)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"value": -1}, "không âm"),
        ({"value": float("nan")}, "không âm"),
        ({"value": "nhiều"}, "không âm"),
        ({"value": True}, "không âm"),
        ({"number": 1.5}, "số nguyên"),
        ({"group": "IIC"}, "không phải là giá trị"),
        ({"group": ["IIB"]}, "không phải là giá trị"),
        ({"group_certainty": "perhaps"}, "Mức tin cậy"),
    ],
)
def test_a_fact_that_is_none_is_refused_in_one_sentence(bad: dict[str, Any], said: str) -> None:
    with pytest.raises(rulebook.BadFacts, match=said):
        Item(**bad)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"acts": ["flying"]}, "không phải là hành vi"),
        ({"acts": [["hunting"]]}, "không phải là hành vi"),
        ({"acts": 5}, "danh sách các mã hành vi"),
        ({"items": 5}, "danh sách các mục tang vật"),
        ({"items": ["gà"]}, "danh sách các mục tang vật"),
        ({"items": "gà"}, "danh sách các mục tang vật"),
        ({"day": "2026-07-01"}, "phải là một ngày"),
        ({"decided": 20260701}, "phải là một ngày"),
        ({"forest": "jungle"}, "không phải là giá trị"),
        ({"organised": "yes"}, "chỉ nhận có, không hoặc chưa rõ"),
        ({"area_m2": float("inf")}, "không âm"),
        ({"ended": date(2026, 6, 30)}, "không thể trước"),
        ({"decided": date(2026, 6, 30)}, "không thể trước"),
        ({"ended": DAY, "continuing": True}, "chưa có ngày chấm dứt"),
    ],
)
def test_facts_that_contradict_are_refused(bad: dict[str, Any], said: str) -> None:
    with pytest.raises(rulebook.BadFacts, match=said):
        Facts(**{"day": DAY, "acts": ["hunting"], **bad})


def test_the_hour_of_an_act_leaves_its_day() -> None:
    told = hunting(animal(group="IIB", value=1), day=datetime(2026, 6, 24, 23, 59))
    assert told.day == date(2026, 6, 24) and decide(told).rows == ("nd35_21.1.b",)
    assert Facts(day=DAY, acts=None, items=None).acts == frozenset()  # type: ignore[arg-type]


def test_the_group_of_a_species_comes_from_the_lists_of_the_day_with_its_mark() -> None:
    gibbon = species_group("Nomascus concolor", on=date(2025, 8, 1))
    assert (gibbon.group, gibbon.certainty) == ("priority", "read")
    later_on = species_group("Nomascus concolor", on=DAY)
    assert (later_on.group, later_on.certainty) == ("priority", "unverified")
    item = animal(group=later_on.group, group_certainty=later_on.certainty, number=1)
    assert decide(hunting(item)).criminal[0].certainty == "unverified"
    assert species_group("Gallus gallus", on=DAY).group == "ordinary"


def test_a_fine_is_as_sure_as_the_group_it_turns_on() -> None:
    sure, unsure = (
        decide(hunting(animal(group="IIB", value=1, group_certainty=c))) for c in ("read", "unverified")
    )
    assert (sure.certainty, unsure.certainty) == ("read", "unverified")
    assert "CHƯA XÁC MINH" in printed(unsure) and not unsure.verified


def test_the_example_of_the_page_gives_what_it_says() -> None:
    page = (Path(__file__).parents[3] / "docs" / "decision-tables.en.md").read_text(encoding="utf-8")
    code = page.split("```python")[1].split("```")[0]
    names: dict[str, Any] = {}
    exec(code.replace("print(", "str("), names)
    assert names["told"].rows == ("nd146_24.4.b",)


def test_a_case_of_many_items_is_the_sum_of_its_groups() -> None:
    many = [animal(group=g, number=1, value=100_000) for g in ("ordinary", "IIB") for _ in range(60)]
    assert decide(hunting(*many)).rows == ("nd146_24.3.b", "nd146_24.2.a")


def test_an_organisation_is_fined_twice_and_never_above_the_most() -> None:
    person, body = (
        decide(hunting(animal(group="IB", number=2), offender=who)).administrative[0]
        for who in ("person", "organisation")
    )
    assert person.fine == (360_000_000, 400_000_000)
    assert body.fine == (720_000_000, 800_000_000)
    assert (person.certainty, body.certainty) == ("read", "secondary")


def test_no_range_passes_the_largest_fine_of_the_decree() -> None:
    row = replace(tables()["nd146_24"].rows[0], fine=(450_000_000, 600_000_000))
    for who, most in (("person", 500_000_000), ("organisation", 1_000_000_000)):
        told = fired(row, tables()["nd146_24"], Judgement(True), hunting(offender=who), DAY)
        assert told.fine and told.fine[1] == most


@pytest.mark.parametrize(
    ("value", "office"),
    [
        (19_999_999, "ranger"),
        (20_000_000, "station_head"),
        (99_999_999, "district_or_mobile_head"),
        (100_000_000, "district_or_mobile_head"),
        (130_000_000, "sub_department_head"),
        (220_000_000, "province_chairman"),
    ],
)
def test_the_first_competent_office_follows_the_top_of_the_range(value: int, office: str) -> None:
    told = decide(hunting(animal(group="ordinary", value=value), vehicle_value=0))
    assert next(o.office for o in told.offices if o.competent) == office


def test_a_dear_vehicle_takes_the_case_above_a_station() -> None:
    cheap, dear = (
        decide(hunting(animal(group="ordinary", value=20_000_000), vehicle_value=v))
        for v in (180_000_000, 180_000_001)
    )
    station = [next(o for o in d.offices if o.office == "station_head") for d in (cheap, dear)]
    assert [o.competent for o in station] == [True, False]
    unknown = decide(hunting(animal(group="ordinary", value=20_000_000)))
    assert next(o for o in unknown.offices if o.office == "station_head").competent is None


def test_the_hearing_limit_of_an_organisation_was_not_read_and_is_not_guessed() -> None:
    person = decide(hunting(animal(group="ordinary", value=5_000_000))).hearing
    body = decide(hunting(animal(group="ordinary", value=5_000_000), offender="organisation")).hearing
    assert person and person.due is True
    assert body and body.due is None and "Chưa đọc" in body.why


def test_circumstances_are_told_with_their_article() -> None:
    told = decide(hunting(animal(group="priority", number=1), organised=True, hunting_forbidden_area=True))
    assert {c.row.does for c in told.circumstances} == {"organised", "penal_organised", "penal_area"}
    area = next(c for c in told.circumstances if c.row.does == "penal_area")
    assert area.row.basis == "Bộ luật Hình sự, Điều 244 khoản 2 điểm h"


def test_circumstances_of_an_article_that_is_not_met_are_not_told() -> None:
    told = decide(hunting(animal(group="IB", number=1), organised=True, hunting_forbidden_area=True))
    assert {c.row.does for c in told.circumstances} == {"organised"}


def test_a_heavier_row_of_other_items_hides_nothing() -> None:
    birds = Item(kind="animal", group="priority", klass="bird_reptile", state="dead", sort="other", number=11)
    told = decide(hunting(birds, animal(group="IB", number=3)))
    assert [c.row.paragraph for c in told.criminal] == [3, 1]


def test_a_species_of_the_aquatic_lists_has_no_group_of_the_forest() -> None:
    fish = next(e for e in all_entries() if e.group == "I" and e.rank == "species")
    told = species_group(fish.scientific_name, on=date(2025, 3, 1))
    assert told.group is None and "thủy sản" in told.sentence


def test_only_the_highest_paragraph_is_told_and_a_record_only_below_the_thresholds() -> None:
    heavy = decide(hunting(animal(group="IB", number=12), previous="convicted"))
    assert [c.row.paragraph for c in heavy.criminal] == [3]
    light = decide(hunting(animal(group="IB", number=1), previous="convicted"))
    assert [c.row.lesser for c in light.criminal] == [True]


def test_mixed_wood_together_takes_the_vehicle() -> None:
    def vehicle(*amounts: float) -> bool:
        lots = [
            Item(kind="wood", group=g, wood_m3=a) for g, a in zip(("ordinary", "IIA"), amounts, strict=True)
        ]
        told = decide(Facts(day=DAY, acts=["transport"], items=lots, organised=False, many_times=False))
        return "seize_vehicle" in {c.row.does for c in told.circumstances}

    assert not vehicle(3, 1.99)
    assert vehicle(3, 2)


@pytest.mark.parametrize(
    ("old", "new", "milder"),
    [
        ((1, 5), (1, 5), "equal"),
        ((1, 5), (5, 15), "old"),
        ((5, 15), (1, 5), "new"),
        ((5, 10), (5, 15), "old"),
        ((1, 20), (5, 15), None),
    ],
)
def test_the_milder_of_two_ranges(old: tuple[int, int], new: tuple[int, int], milder: str | None) -> None:
    assert milder_of(old, new) == milder


def test_an_act_and_a_decision_under_one_decree_are_not_compared() -> None:
    assert decide(hunting(animal(group="IIB", value=1), decided=date(2026, 8, 1))).comparisons == ()


@pytest.mark.parametrize(
    ("more", "until", "expired"),
    [
        ({"continuing": False, "decided": date(2028, 7, 1)}, date(2028, 7, 1), False),
        ({"continuing": False, "decided": date(2028, 7, 2)}, date(2028, 7, 1), True),
        ({"ended": date(2026, 8, 31), "decided": date(2028, 8, 31)}, date(2028, 8, 31), False),
        ({"continuing": False}, date(2028, 7, 1), None),
        ({"continuing": True}, None, False),
        ({}, None, None),
    ],
)
def test_the_limitation_period(more: dict[str, Any], until: date | None, expired: bool | None) -> None:
    told = decide(hunting(animal(group="IIB", value=1), **more)).limitation
    assert told and (told.until, told.expired) == (until, expired)


def test_the_limitation_of_the_old_decree_was_not_read() -> None:
    told = decide(hunting(animal(group="IIB", value=1), day=date(2026, 6, 24), continuing=False)).limitation
    assert told and told.until is None and "Chưa đọc" in told.why


def test_months_end_on_a_day_that_exists() -> None:
    assert later(date(2028, 2, 29), years=1) == date(2029, 2, 28)
    assert later(date(2026, 12, 31), months=2) == date(2027, 2, 28)
    assert later(date(2026, 11, 30), months=1) == date(2026, 12, 30)


def test_the_clocks_run_in_working_days_and_months() -> None:
    minute = date(2026, 8, 27)
    clocks = {
        d.name.removeprefix("enforcement."): d.due for d in deadlines(minute, seized=minute, opened=minute)
    }
    assert clocks == {
        "hearing_request_days": date(2026, 9, 3),
        "transfer_days": date(2026, 9, 3),
        "decision_days": date(2026, 9, 10),
        "temporary_seizure_days": date(2026, 9, 10),
        "file_to_procuracy_days": date(2026, 9, 3),
    }
    longer = deadlines(
        minute, complex_case=True, extended=True, remote=True, seized=minute, seizure_extended=True
    )
    assert [d.due for d in longer] == [
        date(2026, 9, 3),
        date(2026, 9, 4),
        date(2026, 10, 27),
        date(2026, 10, 10),
    ]


def test_a_clock_without_a_basis_or_a_calendar_says_so() -> None:
    early = deadlines(date(2026, 6, 1))
    assert all(d.due is None and "Chưa có căn cứ" in d.why for d in early)
    tet = next(d for d in deadlines(date(2027, 1, 29)) if d.name.endswith("decision_days"))
    assert tet.due is None and "Chưa có lịch nghỉ" in tet.why


def test_only_a_complex_case_may_be_extended() -> None:
    with pytest.raises(ValueError, match="phức tạp"):
        deadlines(DAY, extended=True)


def test_a_jurist_can_read_a_table_aloud() -> None:
    text = read_aloud("nd146_24")
    assert (
        "Khi săn bắt hoặc giết hoặc nuôi, nhốt; động vật rừng; Nhóm IIB; trị giá từ 10.000.000 đồng đến dưới "
        "20.000.000 đồng → phạt tiền từ 25.000.000 đồng đến 50.000.000 đồng (cá nhân) [146/2026/NĐ-CP, "
        "Điều 24 khoản 4 điểm b; từ 25/6/2026; đã đọc trong văn bản]."
    ) in text
    for table in all_tables():
        assert read_aloud(table)
    with pytest.raises(rulebook.UnknownName):
        read_aloud("nd999")


def test_the_printed_text_suggests_and_marks_what_is_unverified() -> None:
    text = printed(decide(hunting(animal(name="Vượn đen", group="priority", number=3))))
    assert text.startswith("GỢI Ý")
    assert "kết luận" not in text.lower()
    assert "Điều 244 khoản 2" in text and "CHƯA XÁC MINH" in text and "Vượn đen" in text


def test_a_row_of_a_version_holds_only_in_its_time() -> None:
    for table in tables().values():
        for row in table.rows:
            assert isinstance(row.period, Period) and row.period.start
    before, after = (
        decide(hunting(animal(group="priority", number=1), day=d))
        for d in (date(2025, 6, 30), date(2025, 7, 1))
    )
    assert (before.criminal[0].certainty, after.criminal[0].certainty) == ("read", "unverified")
