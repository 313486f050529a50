"""A big archive with an event core checked, written and brought in again: seconds, processor seconds and memory.

Each step runs in a process of its own, as the worker does it: map counts and figures in it, search words later. The
archive is given by `BENCH_ARCHIVE`. Memory is the most that the process held at any moment: resident, and of that
anonymous (no mapped files).
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
STEPS = {"dry run": (16, 700), "commit": (45, 700), "second import": (20, 700)}


def held() -> dict[str, float]:
    """The memory of this process in MB, resident and anonymous."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    told = {line.split(":")[0]: float(line.split()[1]) / 1024 for line in lines if line.startswith("Rss")}
    return {"resident": sum(told.values()), "anonymous": told["RssAnon"]}


class Peak:
    """The most memory of this process while it is watched."""

    def __init__(self) -> None:
        self.most, self._stop = held(), threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self._stop.wait(0.05):
            self.most = {name: max(most, held()[name]) for name, most in self.most.items()}

    def __enter__(self) -> "Peak":
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stop.set()
        self._thread.join()


def step(name: str, archive: Path) -> dict[str, Any]:
    """In this process: one step on the configured database."""
    import django

    django.setup()
    from django.core.management import call_command

    from baoton.kit.access import System
    from baoton.kit.importing import run_file

    if name == "prepare":
        from baoton.places.actions import load as load_places
        from baoton.taxa.actions import load as load_taxa

        call_command("migrate", verbosity=0, skip_checks=True)
        load_places()
        load_taxa()
        return {}
    with Peak() as peak:
        start, processor = time.perf_counter(), _processor()
        batch = run_file(System(), archive, dry=name == "dry run")
        wall, used = time.perf_counter() - start, _processor() - processor
    return {"wall": wall, "processor": used, **peak.most, "counts": batch.counts["total"]}


def _processor() -> float:
    """Processor seconds of this process and of the readers it has waited for."""
    return sum(
        part.ru_utime + part.ru_stime
        for part in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def measure(archive: Path, engine: str) -> dict[str, dict[str, Any]]:
    """Every step on an empty database of the engine."""
    command = [sys.executable, "-m", "benchmarks.bench_archive", "steps", str(archive)]
    if engine == "postgres":
        command = [sys.executable, str(ROOT / "scripts" / "postgres.py"), *command]
    with tempfile.TemporaryDirectory() as var:
        env = {**os.environ, "BAOTON_VAR": var, "DJANGO_SETTINGS_MODULE": "baoton.site.settings",
               "PYTHONPATH": f"{ROOT}/src:{ROOT}"}  # fmt: skip
        done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        raise RuntimeError(done.stderr[-2000:])
    found: dict[str, dict[str, Any]] = json.loads(lines[-1])
    return found


def steps(archive: Path) -> dict[str, Any]:
    """Each step in a fresh process on the database of the environment."""
    found = {}
    for name in ("prepare", *STEPS):
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.bench_archive", "step", name, str(archive)],
            capture_output=True, text=True, check=False, cwd=ROOT,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        print(name, done.stdout[-300:], file=sys.stderr)
        found[name] = json.loads(done.stdout.splitlines()[-1])
    return found


def table(archive: Path, engines: list[str]) -> str:
    """The result table of this module."""
    lines = [
        f"| {archive.name} | wall (s) | processor (s) | resident (MB) | anonymous (MB) | target | rows |",
        "|---|---:|---:|---:|---:|---|---|",
    ]
    for engine in engines:
        found = measure(archive, engine)
        for name, (seconds, memory) in STEPS.items():
            one = found[name]
            rows = ", ".join(f"{k} {v:,}" for k, v in one["counts"].items() if v)
            lines.append(
                f"| {engine}: {name} | {one['wall']:.1f} | {one['processor']:.1f} | {one['resident']:.0f} | "
                f"{one['anonymous']:.0f} | ≤ {seconds} s, ≤ {memory} MB | {rows} |"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["step", name, path]:
            print(json.dumps(step(name, Path(path))))
        case ["steps", path]:
            print(json.dumps(steps(Path(path))))
        case engines:
            print(table(Path(os.environ["BENCH_ARCHIVE"]), engines or ["sqlite", "postgres"]))
