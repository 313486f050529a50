"""Units of Lai Châu before and after 01/7/2025."""

import csv
from datetime import date
from pathlib import Path

import pytest

import rulebook

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


def test_it_has_38_communes_since_july_2025_and_106_before() -> None:
    assert len(rulebook.units(on=AFTER)) == 38
    assert len(rulebook.units(on=BEFORE)) == 106
    assert sum(u.kind == "phường" for u in rulebook.units(on=AFTER)) == 2


def test_districts_end_with_june_2025() -> None:
    assert len(rulebook.units(on=BEFORE, level="district")) == 8
    assert rulebook.units(on=AFTER, level="district") == ()


def test_mu_ca_was_left_as_it_was() -> None:
    (now,) = rulebook.successors("12/107/03451")
    assert now.full_name == "Xã Mù Cả"
    assert now.path == "12/03451"
    assert [u.path for u in rulebook.predecessors("12/03451")] == ["12/107/03451"]


def test_a_record_of_2023_in_lan_nhi_thang_counts_in_doan_ket_and_in_phong_tho() -> None:
    (now,) = rulebook.successors("03391")
    assert now.full_name == "Phường Đoàn Kết"
    old = rulebook.unit("12/109/03391")
    assert old.district == "109"


def test_an_old_code_reused_today_is_read_as_old_and_the_path_settles_it() -> None:
    assert rulebook.unit("12/105/03388").full_name == "Phường Quyết Tiến"
    assert rulebook.unit("12/03388").full_name == "Phường Đoàn Kết"


def test_a_district_goes_to_every_commune_it_lies_in() -> None:
    names = {u.name for u in rulebook.successors("107")}
    assert {"Mù Cả", "Tà Tổng", "Hua Bum"} <= names
    assert len(names) == 8


def test_every_old_commune_has_exactly_one_successor() -> None:
    merges = rulebook.province().merges
    assert len(merges) == len({m.old_code for m in merges}) == 106
    assert len({m.new_code for m in merges}) == 38


def test_neighbours_are_mutual_and_the_areas_add_up_to_the_province() -> None:
    facts = {s.code: s for s in rulebook.province().schematic}
    assert len(facts) == 38
    for fact in facts.values():
        for other in fact.neighbours:
            assert fact.code in facts[other].neighbours
    assert sum(f.area_km2 for f in facts.values()) == pytest.approx(9068.73, abs=10)


def test_what_it_does_not_know_it_says_in_vietnamese() -> None:
    for call in (
        lambda: rulebook.unit("12/99999"),
        lambda: rulebook.successors("99999"),
        lambda: rulebook.predecessors("99999"),
        lambda: rulebook.province("ha_noi"),
        lambda: rulebook.province("../lists"),
        lambda: rulebook.province().body("nobody"),
    ):
        with pytest.raises(rulebook.UnknownName, match=r"(?i)không có"):
            call()


@pytest.mark.outside
def test_codes_and_merges_agree_with_the_official_conversion_table(shared: Path) -> None:
    with (shared / "data/admin/lai_chau_old_to_new_communes.csv").open(encoding="utf-8") as file:
        official = {(r["code_old"], r["code_new"]) for r in csv.DictReader(file)}
    assert {(m.old_code, m.new_code) for m in rulebook.province().merges} == official
