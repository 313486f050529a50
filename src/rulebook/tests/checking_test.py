"""The rulebook checks itself, and each rule of the check can fail."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

import rulebook
from rulebook import backbone, checking, documents, lists, parameters, provinces
from rulebook.dated import Period


def test_nothing_is_wrong_in_the_rulebook() -> None:
    assert rulebook.check() == []


def rules(monkeypatch: pytest.MonkeyPatch, name: str, made: Callable[..., object]) -> set[str]:
    monkeypatch.setattr(checking, name, made)
    return {problem.rule for problem in rulebook.check()}


def test_a_row_without_source_or_mark_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = [{"source": "", "certainty": "perhaps"}]
    assert {"source", "certainty"} <= rules(monkeypatch, "read_csv", lambda file: broken)


def test_an_entry_twice_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    all_of_them = lists.all_entries()
    assert "duplicate" in rules(monkeypatch, "all_entries", lambda: (*all_of_them, all_of_them[0]))


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("group", {"group": "IIB"}),
        ("period", {"period": Period(date(1999, 1, 1), date(1999, 12, 31))}),
        ("condition", {"condition": "tame"}),
        ("rank", {"rank": "tribe"}),
        ("instrument", {"list": "0/2000/NĐ-CP"}),
        ("name", {"scientific_name": "???"}),
    ],
)
def test_an_entry_out_of_order_is_found(
    monkeypatch: pytest.MonkeyPatch, rule: str, change: dict[str, object]
) -> None:
    first = next(e for e in lists.all_entries() if e.list == "160/2013/NĐ-CP")
    broken = replace(first, **change)  # type: ignore[arg-type]
    assert rule in rules(monkeypatch, "all_entries", lambda: (broken,))


def test_overlapping_values_and_an_unknown_instrument_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    known = parameters.params()["facility.certificate_days"]
    value = replace(known.values[0], source="99/2031/TT-BNNMT")
    broken = {known.name: replace(known, values=(value, value))}
    assert {"overlap", "instrument"} <= rules(monkeypatch, "params", lambda province: broken)


def test_a_value_without_source_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    known = parameters.params()["facility.certificate_days"]
    broken = {known.name: replace(known, values=(replace(known.values[0], source=""),))}
    assert "source" in rules(monkeypatch, "params", lambda province: broken)


def test_instruments_with_bad_dates_or_missing_successors_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    one = replace(documents.instrument("85/2025/TT-BNNMT"), issued=date(2030, 1, 1), repealed_by="9/9")
    every = {**documents.instruments(), one.id: one}
    assert {"dates", "instrument"} <= rules(monkeypatch, "instruments", lambda: every)


def test_a_lost_commune_a_lost_merge_and_a_false_district_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    home = provinces.load_province()
    lost = replace(home, merges=home.merges[1:], schematic=home.schematic[1:])
    assert {"merge", "schematic"} <= rules(monkeypatch, "load_province", lambda key: lost)
    false = replace(home, communes=(replace(home.communes[0], former_districts=("999",)), *home.communes))
    assert {"district", "duplicate"} <= rules(monkeypatch, "load_province", lambda key: false)
    orphan = replace(home, bodies=(replace(home.bodies[0], parent="nobody"),))
    assert {"body", "plan"} <= rules(monkeypatch, "load_province", lambda key: orphan)


def test_a_name_twice_and_a_genus_in_two_places_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    first, *rest = backbone.taxa()
    broken = (first, replace(first, family="Elsewhere"))
    assert {"duplicate", "ranks"} <= rules(monkeypatch, "taxa", lambda: broken)
    assert rules(monkeypatch, "taxa", lambda: (replace(rest[0], order=""),)) == {"ranks"}


def test_a_file_that_cannot_be_read_is_a_problem_with_its_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(file: object) -> object:
        raise rulebook.BadData("Không đọc được tệp x.csv")

    monkeypatch.setattr(checking, "read_csv", unreadable)
    (problem,) = rulebook.check()
    assert (problem.rule, problem.sentence) == ("unreadable", "Không đọc được tệp x.csv")
