"""The database of a million records on which lists, tiles, edits, searches and exports are measured.

It is built once and stays where `BENCH_VAR` (SQLite) or `BENCH_DATABASE_URL` (PostgreSQL) says; without them each
run builds its own and throws it away. `BENCH_ROWS` tells how many records.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
ROOT = Path(__file__).resolve().parents[1]
YEAR = 2026


def stand(n: int = ROWS) -> dict[str, float]:
    """The configured database holds n occurrences with figures and map counts; seconds of what had to be built."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from baoton.kit.models import TileCount
    from baoton.kit.reading import tile_counts
    from baoton.kit.reading.register import REGISTERS
    from baoton.observations.models import Dataset, Occurrence
    from baoton.places.actions import load as load_places
    from baoton.plan import figures
    from baoton.plan.actions import load as load_plan
    from baoton.plan.models import IndicatorValue
    from baoton.plan.queries import INDICATORS
    from baoton.taxa.actions import load as load_taxa
    from benchmarks import bench_tiles

    settings.JOBS_INLINE = True
    call_command("migrate", verbosity=0, skip_checks=True)
    built: dict[str, float] = {}
    if not Dataset.objects.filter(code="bench").exists():
        works: dict[str, Callable[[], object]] = {
            "places": load_places,
            "taxa": load_taxa,
            "plan": lambda: load_plan("lai_chau", "654/KH-UBND"),
            "rows": lambda: bench_tiles.fill(n),
            "figures": lambda: figures.compute([YEAR]),
        }
        for name, work in works.items():
            began = time.perf_counter()
            work()
            built[name] = time.perf_counter() - began
    told = set(IndicatorValue.objects.values_list("indicator", flat=True))
    if fresh := [one for one in INDICATORS.values() if one.name not in told]:
        figures.compute([YEAR], fresh)  # indicators that came after the database was built
    book = REGISTERS["observations.occurrence"]
    if not TileCount.objects.filter(register=book.name).exists():
        began = time.perf_counter()
        tile_counts.rebuild(book)
        built["map counts"] = time.perf_counter() - began
    assert Occurrence.objects.count() == n, "the standing database holds another number of records"
    return built


def run(engine: str, module: str, empty: bool = False) -> dict[str, Any] | None:
    """What a bench measures in a process of its own on one engine; None where there is no such engine.

    `empty` asks for a database without anything in it.
    """
    command = [sys.executable, "-m", module, "measure"]
    kept = "" if empty else os.environ.get("BENCH_VAR", "")
    with tempfile.TemporaryDirectory() as var:
        env = {**os.environ, "BAOTON_VAR": kept or var, "DJANGO_SETTINGS_MODULE": "baoton.site.settings"}
        env["PYTHONPATH"] = f"{ROOT}/src:{ROOT}"
        env.pop("DATABASE_URL", None)
        if engine == "postgres":
            if not empty and (url := os.environ.get("BENCH_DATABASE_URL")):
                env["DATABASE_URL"] = url
            else:
                command = [sys.executable, str(ROOT / "scripts" / "postgres.py"), *command]
        done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        print(f"{engine}: {done.stderr.strip()[-800:] or done.stdout[-300:]}")
        return None
    told: dict[str, Any] = json.loads(lines[-1])
    return told


def same(module: str, what: str) -> dict[str, Any]:
    """What a bench measures in another process on the database of this one: its memory is then its own."""
    command = [sys.executable, "-m", module, what]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        raise RuntimeError(done.stderr.strip()[-800:] or done.stdout[-300:])
    told: dict[str, Any] = json.loads(lines[-1])
    return told


if __name__ == "__main__":
    print(json.dumps(stand()))
