"""The cases beside the decision tables: facts, and the rows a jurist expects of them."""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from rulebook.decisions import Decision, Facts, Item, decide, speaking, spoken, tables
from rulebook.reading import folder, read_yaml

CASES: list[dict[str, Any]] = read_yaml(folder("vn", "decisions", "cases.yaml"))
DAY = date(2026, 7, 1)


def facts_of(told: dict[str, Any]) -> Facts:
    items = [
        Item(**{"klass" if name == "class" else name: v for name, v in item.items()})
        for item in told.get("items", ())
    ]
    return Facts(**{"day": DAY, **told, "items": tuple(items)})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_case_meets_the_rows_it_should(case: dict[str, Any]) -> None:
    told = decide(facts_of(case["facts"]))
    assert sorted(f.row.id for f in told.administrative) == sorted(case["rows"])
    assert told.paragraph == case.get("crimes", {})
    _check(told, case)


def _check(told: Decision, case: dict[str, Any]) -> None:
    found: dict[str, Any] = {
        "fine": list(told.administrative[0].fine or ()) if told.administrative else None,
        "additional": list(told.administrative[0].additional) if told.administrative else None,
        "unread": bool(told.unread),
        "gap": bool(told.gaps),
        "office": next((o.office for o in told.offices if o.competent), None),
        "hearing": told.hearing and told.hearing.due,
        "certainty": told.certainty,
        "criminal_certainty": told.criminal[0].certainty if told.criminal else None,
        "milder": told.comparisons[0].milder if told.comparisons else "nothing to compare",
    }
    for name, value in found.items():
        if name in case:
            assert value == case[name], name
    assert set(case.get("missing", ())) <= {m.name for m in told.missing}


def test_there_are_enough_cases_and_none_is_there_twice() -> None:
    assert len(CASES) >= 60
    assert [name for name, n in Counter(c["name"] for c in CASES).items() if n > 1] == []


def test_every_table_is_met_by_some_case() -> None:
    met = {row.split(".")[0] for case in CASES for row in (*case["rows"], *case.get("crimes", ()))}
    silent = {t.id for t in tables().values() if t.kind != "circumstance" and t.rows} - met
    assert silent == set()


def test_what_is_used_and_missing_is_said_in_the_readers_language() -> None:
    with speaking("en"):
        told = decide(
            Facts(
                day=DAY,
                acts=frozenset({"hunting"}),
                items=(Item(kind="animal", group="IIB", value=12_000_000),),
            )
        )
        assert told.administrative[0].used == ("animal", "Group IIB", "value 12,000,000 VND")
        assert next(m.said for m in told.missing) == "person or organisation"
    assert (
        spoken(told.administrative[0].row, "en").then
        == "a fine of 25,000,000 VND to 50,000,000 VND (a person)"
    )
    assert (
        spoken(told.administrative[0].row).then
        == "phạt tiền từ 25.000.000 đồng đến 50.000.000 đồng (cá nhân)"
    )
