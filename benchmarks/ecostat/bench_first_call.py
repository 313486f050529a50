"""What the first call of each public name costs in a fresh process without compiled code on disk.

Every call runs in a fork of a process that has imported ecostat and compiled nothing; the folder for compiled code is
emptied before each. Seconds are of one processor, so that what else the machine does leaves them alone.
Run: python -m benchmarks.ecostat.bench_first_call
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CACHE = Path(os.environ.setdefault("NUMBA_CACHE_DIR", tempfile.mkdtemp()))

import numpy as np  # noqa: E402

from ecostat import connectivity, planning, suitability  # noqa: E402
from ecostat.tests.public_call import Call  # noqa: E402
from ecostat.tests.public_calls import CALLS  # noqa: E402

PACKAGES = (
    "abundance",
    "capture",
    "connectivity",
    "distance",
    "effort",
    "events",
    "extent",
    "fire",
    "genetics",
)
PACKAGES += ("ledger", "models", "occupancy", "planning", "redlist", "sampling", "suitability", "trend")
RNG = np.random.default_rng(1)
AREA = {"g": connectivity.graph(RNG.random((9, 2)), 0.6, area=np.ones(9))}
COST, AMOUNT = RNG.uniform(1, 2, 25), RNG.random((3, 25))
GROUND = RNG.normal(size=(200, 3))
SEEN = (GROUND[:, 0] + RNG.normal(size=200) > 1).astype(float)
FOLD = np.arange(200) % 4
SCORE = {"presence": SEEN, "score": GROUND[:, 0]}
PLAN = {"cost": COST, "amount": AMOUNT, "target": 0.3, "relative": True}
EDGES = planning.grid_boundary(5, 5)


def _learn(presence: np.ndarray, x: np.ndarray) -> object:
    return suitability.Glm().fit(presence, x).predict


def _mine() -> list[Call]:
    """The calls of planning, connectivity and suitability."""
    p, s, c = planning, suitability, connectivity
    asked = p.problem("set", COST, AMOUNT, 0.3, relative=True)
    squares = {"cost": np.column_stack([COST, COST]), "amount": [AMOUNT, AMOUNT], "target": 0.5}
    raster = {"points": [[0, 0], [4, 4]]}
    return [
        Call("planning.min_set", p.min_set, PLAN),
        Call("planning.min_set, edges", p.min_set, {**PLAN, "boundary": EDGES, "boundary_penalty": 0.1}),
        Call("planning.min_set, one piece", p.min_set, {**PLAN, "adjacency": EDGES, "contiguous": True}),
        Call("planning.min_set, neighbours", p.min_set, {**PLAN, "adjacency": EDGES, "neighbours": 2}),
        Call("planning.min_shortfall", p.min_shortfall, {**PLAN, "budget": 6.0}),
        Call("planning.max_coverage", p.max_coverage, {**PLAN, "budget": 6.0}),
        Call("planning.nested", p.nested, {**PLAN, "budgets": [3.0, 6.0]}),
        Call("planning.zoned", p.zoned, squares),
        Call("planning.portfolio", p.portfolio, {"p": asked, "number": 3}),
        Call("planning.replacement_cost", p.replacement_cost, {"p": asked}),
        Call("planning.grid_boundary", p.grid_boundary, {"rows": 5, "columns": 5}),
        Call("connectivity.graph", c.graph, {"patches": RNG.random((9, 2)), "distance": 0.6}),
        *(Call(f"connectivity.{f.__name__}", f, AREA) for f in (c.iic, c.eca, c.delta_iic, c.betweenness)),
        *(Call(f"connectivity.{f.__name__}", f, {**AREA, "dispersal": 0.3}) for f in (c.pc, c.delta_pc)),
        Call("connectivity.components", c.components, AREA),
        Call("connectivity.least_cost", c.least_cost, {"resistance": np.ones((5, 5)), **raster}),
        Call("connectivity.resistance", c.resistance, {"conductance": np.ones((5, 5)), "currents": True, **raster}),
        Call("suitability.Maxent.fit", s.Maxent().fit, {"presence": SEEN, "x": GROUND}),
        Call("suitability.Glm.fit", s.Glm().fit, {"presence": SEEN, "x": GROUND}),
        Call("suitability.RandomForest.fit", s.RandomForest(20).fit, {"presence": SEEN, "x": GROUND, "rng": RNG}),
        *(Call(f"suitability.{f.__name__}", f, SCORE) for f in (s.auc, s.tss, s.boyce)),
        Call("suitability.mess", s.mess, {"reference": GROUND, "x": GROUND}),
        Call("suitability.spatial_blocks", s.spatial_blocks, {"lon": GROUND[:, 0], "lat": GROUND[:, 1], "size": 5e4}),
        Call("suitability.validate", s.validate, {"learn": _learn, "presence": SEEN, "x": GROUND, "fold": FOLD}),
    ]  # fmt: skip


def first(call: Call) -> float | str:
    """Processor seconds of the call in a fork that has compiled nothing, or what it raised."""
    shutil.rmtree(CACHE, ignore_errors=True)
    CACHE.mkdir()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        start = time.process_time()
        try:
            call()
            said = f"{time.process_time() - start}"
        except Exception as error:
            said = repr(error)[:80]
        os.write(write, said.encode())
        os._exit(0)
    os.close(write)
    said = os.read(read, 200).decode()
    os.close(read)
    os.waitpid(child, 0)
    try:
        return float(said)
    except ValueError:
        return said


def imported(package: str) -> float:
    """Processor seconds of the import in a fresh process."""
    code = f"import time; s = time.process_time(); import ecostat.{package}; print(time.process_time() - s)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(run.stdout.split()[-1])


if __name__ == "__main__":
    print("| first call | processor seconds |\n|---|---:|")
    for call in [*_mine(), *CALLS]:
        took = first(call)
        print(f"| {call.name} | {took if isinstance(took, str) else f'{took:.2f}'} |", flush=True)
    print("\n| import | processor seconds |\n|---|---:|")
    for package in PACKAGES:
        print(f"| ecostat.{package} | {imported(package):.2f} |", flush=True)
