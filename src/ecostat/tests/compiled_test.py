"""Compiled loops never answer from the code they were before."""

import os
import subprocess
import sys
from pathlib import Path

import ecostat

INNER = "from ecostat.compiled import compiled\n@compiled\ndef inner(x: float) -> float:\n    return x + {}\n"
OUTER = """from ecostat.compiled import compiled
from loops.inner import inner
@compiled
def outer(x: float) -> float:
    return 10 * inner(x)
"""


def answer(folder: Path) -> str:
    path = os.pathsep.join([str(folder), str(Path(ecostat.__file__).parent.parent)])
    run = [sys.executable, "-c", "from loops.outer import outer; print(outer(1.0))"]
    env = {**os.environ, "PYTHONPATH": path}
    return subprocess.run(run, env=env, capture_output=True, text=True, check=True).stdout.strip()


def test_a_loop_is_compiled_anew_when_one_it_calls_has_changed(tmp_path: Path) -> None:
    (tmp_path / "loops").mkdir()
    (tmp_path / "loops/__init__.py").write_text("", encoding="utf-8")
    (tmp_path / "loops/outer.py").write_text(OUTER, encoding="utf-8")
    (tmp_path / "loops/inner.py").write_text(INNER.format("1"), encoding="utf-8")
    assert answer(tmp_path) == "20.0"
    assert list((tmp_path / "loops/__pycache__").glob("outer.outer*.nbc")), "nothing was kept on disk"
    (tmp_path / "loops/inner.py").write_text(INNER.format("2"), encoding="utf-8")
    assert answer(tmp_path) == "30.0"
