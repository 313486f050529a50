"""What the site stands on, made so that it can fail: a small disk, and what must hold when it did."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.installation import Installation

SMALL_MB = 320
TRIAL = pytest.mark.skipif(
    "BAOTON_TRIALS" not in os.environ, reason="a trial that fills a disk or kills a database"
)


def whole(site: Installation) -> None:
    """The log is whole, and the site answers."""
    told = site.run("verify-audit")
    assert told.returncode == 0, told.stdout
    assert site.get("/so/observations-occurrence/")[0] == 200


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk of its own that can be filled."""
    folder.mkdir(parents=True, exist_ok=True)
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip("no disk of its own can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


def fill(disk: Path, leave: int) -> Path:
    """All but some megabytes of the disk are taken."""
    filler = disk / "filler"
    free = shutil.disk_usage(disk).free - leave * 1024 * 1024
    with filler.open("wb") as out:
        for _block in range(max(0, free) // (1024 * 1024)):
            out.write(b"\0" * 1024 * 1024)
    return filler
