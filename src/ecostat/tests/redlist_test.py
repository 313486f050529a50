"""Red List categories: the limits as printed, codes, intervals, the unknown, the regional step."""

import csv
import math
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ecostat.errors import EcostatError
from ecostat.extent import aoo, eoo, locations
from ecostat.redlist import Evidence, classify, regional
from ecostat.redlist.criteria import rank


def of(**data: Any) -> str:
    return classify(Evidence(**data)).category


SICK = {"continuing_decline": ("iii",), "plausible_threat": False}


@pytest.mark.parametrize(
    ("km2", "category"),
    [(99.9, "CR"), (100, "EN"), (4999, "EN"), (5000, "VU"), (19999, "VU"), (20000, "NT"), (30000, "LC")],
)
def test_the_limits_of_eoo_are_strictly_below(km2: float, category: str) -> None:
    assert of(eoo=km2, locations=1, **SICK) == category


@pytest.mark.parametrize(
    ("km2", "category"),
    [(9.9, "CR"), (10, "EN"), (499, "EN"), (500, "VU"), (1999, "VU"), (2000, "NT"), (3000, "LC")],
)
def test_the_limits_of_aoo_are_strictly_below(km2: float, category: str) -> None:
    assert of(aoo=km2, locations=1, **SICK) == category


@pytest.mark.parametrize(
    ("n", "category"), [(1, "CR"), (2, "EN"), (5, "EN"), (6, "VU"), (10, "VU"), (11, "NT")]
)
def test_the_limits_of_locations_are_reached(n: int, category: str) -> None:
    assert of(eoo=50, locations=n, severely_fragmented=False, **SICK) == category


@pytest.mark.parametrize(
    ("part", "limits"),
    [("A1", (90, 70, 50)), ("A2", (80, 50, 30)), ("A3", (80, 50, 30)), ("A4", (80, 50, 30))],
)
def test_the_limits_of_reductions_are_reached(part: str, limits: tuple[int, ...]) -> None:
    for limit, category, below in zip(limits, ("CR", "EN", "VU"), ("EN", "VU", None), strict=True):
        found = classify(Evidence(reduction=limit, reduction_basis=part + "bd"))
        assert found.code == f"{category} {part}bd"
        if below:
            assert of(reduction=limit - 0.1, reduction_basis=part) == below
    assert rank(of(reduction=limits[2] - 0.1, reduction_basis=part)) < rank("VU")


@pytest.mark.parametrize(
    ("n", "code"),
    [
        (49, "CR D"),
        (50, "EN D"),
        (249, "EN D"),
        (250, "VU D1"),
        (999, "VU D1"),
        (1000, "NT D1"),
        (2001, "LC"),
    ],
)
def test_the_limits_of_very_small_populations_are_strictly_below(n: int, code: str) -> None:
    assert classify(Evidence(mature_individuals=n)).code == code


@pytest.mark.parametrize(
    ("n", "rate", "category"),
    [
        (249, 25, "CR"),
        (249, 24, "EN"),
        (2499, 20, "EN"),
        (2500, 20, "VU"),
        (9999, 10, "VU"),
        (10000, 10, "NT"),
    ],
)
def test_c1_asks_for_numbers_and_a_rate(n: int, rate: float, category: str) -> None:
    assert of(mature_individuals=n, decline_rate={3: rate, 5: rate, 10: rate}) == category


def test_a_yearly_rate_runs_over_the_longer_of_years_and_generations() -> None:
    few = {"mature_individuals": 2000, "decline_rate": 2.0}
    assert rank(of(**few)) < rank("EN")  # 9.6 % in 5 years
    assert classify(Evidence(**few, generation_length=8)).code == "EN C1"  # 27.6 % in 16 years
    slow = {"mature_individuals": 9000, "decline_rate": "0.3 %"}
    assert of(**slow, generation_length=10) != "VU"  # 8.6 % in 30 years
    assert of(**slow, generation_length=12) == "VU"  # 10.2 % in 36 years
    assert of(**{**slow, "decline_rate": "0.1 %"}, generation_length=60) != "VU"  # never beyond 100 years


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"mature_individuals": 240, "subpopulation_max": 50}, "CR C2a(i)"),
        ({"mature_individuals": 240, "subpopulation_max": 51, "subpopulation_share": 90}, "CR C2a(ii)"),
        ({"mature_individuals": 2400, "subpopulation_max": 250, "subpopulation_share": 95}, "EN C2a(i,ii)"),
        ({"mature_individuals": 9000, "subpopulation_share": 100}, "VU C2a(ii)"),
        ({"mature_individuals": 9000, "extreme_fluctuation": "iv"}, "VU C2b"),
    ],
)
def test_c2_asks_for_small_subpopulations_or_fluctuation(data: dict[str, Any], code: str) -> None:
    assert classify(Evidence(**data, continuing_decline="v")).code == code
    assert "C" not in classify(Evidence(**data, continuing_decline="iii")).criteria


@pytest.mark.parametrize(
    ("p", "category"), [(0.5, "CR"), (0.49, "EN"), (0.2, "EN"), (0.1, "VU"), (0.09, "LC")]
)
def test_the_limits_of_extinction_are_reached(p: float, category: str) -> None:
    assert of(extinction_probability=p) == category


def test_an_extinction_within_a_century_is_no_more_than_vulnerable() -> None:
    assert of(extinction_probability={100: 0.9}) == "VU"
    assert of(extinction_probability={10: 0.1, 20: 0.25, 100: 0.9}) == "EN"


def test_the_code_is_written_as_the_red_list_writes_it() -> None:
    found = classify(
        Evidence(
            eoo=4000,
            aoo=400,
            locations=5,
            continuing_decline=("v", "iii"),
            extreme_fluctuation="iv",
            mature_individuals=300,
            reduction={"A2cd": 55, "A3c": 60, "A1d": 55},
        )
    )
    assert found.code == "EN A2cd+3c; B1ab(iii,v)c(iv)+2ab(iii,v)c(iv); C2b"
    assert classify(Evidence(eoo=4000, locations=5, continuing_decline="iii")).code == "EN B1ab(iii)"


def test_one_sub_criterion_is_not_enough() -> None:
    near = classify(Evidence(eoo=50, locations=30, severely_fragmented=False, continuing_decline="iii"))
    assert near.category == "NT"
    assert (
        of(
            eoo=50,
            locations=30,
            severely_fragmented=False,
            continuing_decline=False,
            extreme_fluctuation=False,
        )
        == "LC"
    )
    assert (
        classify(
            Evidence(eoo=50, locations=30, severely_fragmented=False, continuing_decline="iii"),
            near_threatened=False,
        ).category
        == "DD"
    )


def test_severe_fragmentation_stands_in_for_locations() -> None:
    assert of(eoo=50, locations=30, severely_fragmented=True, continuing_decline="i") == "CR"


def test_an_eoo_below_the_aoo_becomes_the_aoo() -> None:
    found = classify(Evidence(eoo=0, aoo=108, locations=1, **SICK))
    assert found.code == "EN B1ab(iii)+2ab(iii)"
    assert "set to it" in found.notes[0]


def test_nothing_known_is_data_deficient_and_so_is_a_lone_small_area() -> None:
    empty = classify(Evidence())
    assert (empty.category, empty.range, empty.code) == ("DD", ("DD", "DD"), "DD")
    assert empty.not_assessed == ("A", "B1", "B2", "C", "D", "D2", "E")
    assert of(eoo=math.nan, mature_individuals=(math.nan, 5)) == "DD"
    assert of(eoo=50) == "DD"
    assert of(plausible_threat=False) == "DD"
    assert of(eoo=50_000) == "LC"


def test_intervals_give_a_range_and_their_middle_the_category() -> None:
    found = classify(Evidence(mature_individuals=(40, 300)))
    assert (found.category, found.range) == ("EN", ("VU", "CR"))
    assert of(mature_individuals=(40, 45, 300)) == "CR"
    wide = classify(Evidence(eoo=(80, 25_000), locations=(1, 12), continuing_decline=(0, 1)))
    assert wide.range[1] == "CR" and rank(wide.range[0]) < rank("VU")
    perhaps = classify(Evidence(eoo=80, locations=1, continuing_decline=(0, 1), plausible_threat=False))
    assert (perhaps.category, perhaps.range) == ("NT", ("NT", "CR"))


def test_no_reading_within_the_intervals_leaves_the_range() -> None:
    rng = np.random.default_rng(0)
    for _ in range(40):
        ends = {
            "eoo": np.sort(10 ** rng.uniform(1, 5, 2)),
            "aoo": np.sort(10 ** rng.uniform(0, 4, 2)),
            "locations": np.sort(rng.integers(1, 15, 2)),
            "mature_individuals": np.sort(10 ** rng.uniform(1, 5, 2)),
            "reduction": np.sort(rng.uniform(0, 100, 2)) + 1e-6,
            "decline_rate": np.sort(rng.uniform(1.001, 10, 2)),
        }
        used = {k: tuple(v) for k, v in ends.items() if rng.random() < 0.6 and v[1] <= 100_000}
        if "reduction" in used and used["reduction"][1] > 100:
            del used["reduction"]
        found = classify(Evidence(**used, continuing_decline="v"))  # type: ignore[arg-type]
        for corner in product(*used.values()):
            here = of(**dict(zip(used, corner, strict=True)), continuing_decline="v")
            assert rank(found.range[0]) <= rank(here) <= rank(found.range[1])


def test_it_says_which_datum_would_change_the_category() -> None:
    found = classify(Evidence(eoo=4900, locations=4, **SICK))
    changes = {(c.datum, c.category): c.value for c in found.would_change}
    assert changes["eoo", "VU"] == 5000
    assert changes["locations", "VU"] == 6
    assert changes["mature_individuals", "CR"] == 1
    for change in found.would_change:
        assert of(**{"eoo": 4900, "locations": 4, **SICK, change.datum: change.value}) == change.category


def test_d2_says_when_no_threat_is_named() -> None:
    bare = classify(Evidence(locations=5))
    assert (bare.code, bare.range) == ("VU D2", ("DD", "VU"))
    assert any("none is named" in note for note in bare.notes)
    named = classify(Evidence(aoo=19, plausible_threat=True))
    assert (named.code, named.notes) == ("VU D2", ())
    assert of(aoo=20, plausible_threat=True) == "DD"


def test_a_share_is_read_as_per_cent_and_said_so() -> None:
    found = classify(Evidence(reduction=0.85))
    assert found.code == "CR A2" and "read as a share" in found.notes[0]
    shares = classify(Evidence(reduction=(0.8, 1.0)))
    assert (shares.code, shares.range) == ("CR A2", ("CR", "CR")) and "read as a share" in shares.notes[0]
    assert of(reduction="1 %") == "LC"
    assert of(reduction=("0.5 %", "35 %")) == "LC"


@pytest.mark.parametrize(
    "unclear",
    [
        {"reduction": 1.0},
        {"reduction": 1},
        {"reduction": {"A2b": 1.0}},
        {"decline_rate": 0.1, "mature_individuals": 200},
        {"decline_rate": 1},
        {"decline_rate": {10: 0.25}},
        {"decline_rate": (0.05, 0.2)},
    ],
)
def test_a_figure_that_could_be_a_share_or_per_cent_is_refused(unclear: dict[str, Any]) -> None:
    with pytest.raises(EcostatError, match=f"{next(iter(unclear))} of.*could be"):
        classify(Evidence(**unclear))


def test_numbers_of_numpy_and_missing_ones_are_read_as_their_twins() -> None:
    plain = classify(Evidence(eoo=90, locations=1, continuing_decline=True))
    numpy = classify(
        Evidence(eoo=np.float32(90), locations=np.int64(1), continuing_decline=np.bool_(True))  # type: ignore[arg-type]
    )
    assert numpy == plain and plain.code == "CR B1ab"
    assert classify(Evidence(eoo=np.nan, aoo=None, reduction=np.ma.masked)).category == "DD"
    assert of(eoo=np.array([80.0, 90.0]), locations=1, continuing_decline=True) == "CR"


def test_a_criterion_without_data_is_not_evaluated_and_never_least_concern() -> None:
    found = {f.criterion: f for f in classify(Evidence(eoo=90)).findings}
    assert {f.category for f in found.values()} == {"not evaluated"}
    assert found["A"].reason == "not known: a reduction"
    assert found["B1"].reason == (
        "not known: locations, severe fragmentation, a continuing decline, extreme fluctuation"
    )
    wide = {
        f.criterion: f.category for f in classify(Evidence(eoo=40_000, mature_individuals=50_000)).findings
    }
    assert (wide["B1"], wide["D"], wide["C"]) == ("LC", "LC", "LC")  # ruled out, whatever the unknown
    assert (wide["A"], wide["B2"], wide["D2"], wide["E"]) == ("not evaluated",) * 4
    assert classify(Evidence(eoo=40_000)).category == "LC"


@pytest.mark.parametrize(
    "wrong",
    [
        {"eoo": -1},
        {"eoo": (5, 2)},
        {"eoo": "big"},
        {"reduction": 120},
        {"reduction_basis": "A5", "reduction": 50},
        {"reduction": 50, "reduction_basis": "A3a"},
        {"continuing_decline": "vi"},
        {"extreme_fluctuation": "v"},
        {"decline_rate": {4: 20}},
        {"extinction_probability": 1.5},
        {"severely_fragmented": 3},
        {"locations": (1, 2, 3, 4)},
        {"reduction": {"A2": 40}, "reduction_basis": "A2"},
    ],
)
def test_nonsense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(EcostatError):
        classify(Evidence(**wrong))


def test_the_regional_step_follows_the_flow_chart() -> None:
    assert regional("EN", immigration=False).code == "EN"
    assert regional("EN").steps == 0
    assert regional("EN", immigration=True, immigration_falling=False).code == "VU°"
    assert regional("EN", immigration=True, immigration_falling=True, sink=True).code == "CR°"
    assert regional("EN", immigration=True, immigration_falling=None, sink=None).code == "EN"
    good = {"outside_worsening": False, "inside_worsening": False, "rescue": True}
    assert regional("VU", breeding=False, **good).code == "NT°"
    assert regional("VU", breeding=False, **{**good, "outside_worsening": None}).code == "VU"
    assert regional("LC", immigration=True, immigration_falling=False).code == "LC"
    assert regional(classify(Evidence()), immigration=True, immigration_falling=False).code == "DD"
    with pytest.raises(EcostatError):
        regional("EX")


@pytest.mark.outside
def test_it_judges_the_species_of_the_conr_example_from_their_places(shared: Path) -> None:
    places: dict[str, list[tuple[float, float]]] = {}
    with open(shared / "data/reference/ConR_dataset_ex.csv", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            places.setdefault(row["tax"], []).append((float(row["ddlon"]), float(row["ddlat"])))
    codes = {}
    for name, at in places.items():
        lon, lat = np.array(at).T
        area = float(aoo(lon, lat))
        data = Evidence(
            eoo=eoo(lon, lat) if len(set(at)) > 2 else area,
            aoo=area,
            locations=locations(lon, lat, 10_000),
            continuing_decline="iii",
        )
        codes[name] = classify(data).code
    assert codes["Psychotria minuta"] == "VU B2ab(iii)"  # AOO 40 km², ten locations
    assert codes["species_2"] == "EN B1ab(iii)+2ab(iii)"  # three places on a line: EOO := AOO
    assert codes["Berlinia bruneelii"].startswith("NT")
