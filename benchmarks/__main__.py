"""Runs every benchmark and writes its table to `results/`: `python -m benchmarks [--records N] [name …]`.

With `--records` the standing database holds so many records, and a camera package so many pictures.
"""

import importlib
import os
import pkgutil
import sys
from pathlib import Path

import benchmarks
from benchmarks.table import markdown

if __name__ == "__main__":
    names = sys.argv[1:]
    if "--records" in names:
        at = names.index("--records")
        os.environ["BENCH_ROWS"] = os.environ["BENCH_CAMERAS_MEDIA"] = names[at + 1]
        del names[at : at + 2]
    found = [m.name for m in pkgutil.walk_packages(benchmarks.__path__, "benchmarks.") if ".bench_" in m.name]
    wanted = [n for n in found if not names or any(n.endswith(f"bench_{w}") for w in names)]
    for name in wanted:
        module = importlib.import_module(name)
        told = markdown(module.rows())
        folder = Path(str(module.__file__)).parent / "results"
        folder.mkdir(exist_ok=True)
        (folder / f"{name.rsplit('bench_', 1)[1]}.md").write_text(told, encoding="utf-8")
        print(f"## {name}\n\n{told}")
