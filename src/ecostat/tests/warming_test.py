"""Loops that run as Python first and as machine code later give the same answer both ways."""

from typing import Any

import numpy as np
import pytest

from ecostat import compiled, extent
from ecostat.extent import bulk
from ecostat.tests.odd_input_test import same
from ecostat.tests.public_call import Call
from ecostat.tests.public_calls import CALLS

USING = (
    "extent.eoo", "extent.aoo", "extent.location_cells", "connectivity.delta_pc", "connectivity.delta_iic",
    "connectivity.betweenness", "occupancy.occu", "occupancy.royle_nichols", "occupancy.dynamic",
    "occupancy.false_positive", "abundance.nmixture", "abundance.open_nmixture", "capture.secr",
    "events.independent",
)  # fmt: skip


@pytest.mark.parametrize("call", [c for c in CALLS if c.name in USING], ids=lambda c: c.name)
def test_python_and_machine_code_agree(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "_WORTH", -1)
    machine = call()
    monkeypatch.setattr(compiled, "_WORTH", 10**12)
    assert same(machine, call())


def test_a_small_first_call_compiles_nothing_and_a_large_one_does() -> None:
    made = []

    def steps(x: np.ndarray) -> int:
        made.append(x.size)
        return x.size

    @compiled.warmed(steps)
    def total(x: np.ndarray) -> float:
        out = 0.0
        for value in x:
            out += value
        return out

    assert total(np.ones(10)) == 10.0 and not total.machine.signatures
    assert total(np.ones(compiled._WORTH)) == compiled._WORTH and total.machine.signatures
    total(np.ones(10))
    assert made == [10, compiled._WORTH]  # warm: nobody counts any more


@pytest.mark.parametrize("origins", ["exact", 1, 4])
def test_few_species_and_many_are_measured_alike(origins: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    n = 900
    lon, lat = rng.normal(103, 0.3, n).round(2), rng.normal(22, 0.3, n).round(2)
    species = rng.choice(list("abcde"), n)
    species[:3] = ["one", "two", "two"]
    lon[10:30] = np.nan
    lon[species == "e"] = np.where(rng.random((species == "e").sum()) < 0.5, 179.9, -179.95)
    few = extent.extent_by(species, lon, lat, origins=origins, exact_up_to=100)
    monkeypatch.setattr(bulk, "_FEW", -1)
    assert same(few, extent.extent_by(species, lon, lat, origins=origins, exact_up_to=100))
    assert same(extent.eoo_by(species, lon, lat).eoo_km2, few.eoo_km2)
