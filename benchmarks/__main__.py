"""Runs every benchmark and writes its table to `results/`: `python -m benchmarks [name …]`."""

import importlib
import pkgutil
import sys
from pathlib import Path

import benchmarks
from benchmarks.table import markdown

if __name__ == "__main__":
    found = [m.name for m in pkgutil.walk_packages(benchmarks.__path__, "benchmarks.") if ".bench_" in m.name]
    wanted = [n for n in found if not sys.argv[1:] or any(n.endswith(f"bench_{w}") for w in sys.argv[1:])]
    for name in wanted:
        module = importlib.import_module(name)
        told = markdown(module.rows())
        folder = Path(str(module.__file__)).parent / "results"
        folder.mkdir(exist_ok=True)
        (folder / f"{name.rsplit('bench_', 1)[1]}.md").write_text(told, encoding="utf-8")
        print(f"## {name}\n\n{told}")
