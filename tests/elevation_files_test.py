"""An elevation raster that cannot be laid is refused in one sentence that says what to do, before it fills memory."""

import struct
from pathlib import Path

import numpy as np
import pytest
import tifffile

from baoton.places.relief import elevation

KEYS = (34735, "H", 8, (1, 1, 0, 1, 1024, 0, 1, 2), True)
TURNED = (34264, "d", 16, (1e-3, 4e-4, 0, 102, 4e-4, -1e-3, 0, 23, 0, 0, 0, 0, 0, 0, 0, 1), True)
STEPS = [(33550, "d", 3, (1e-3, 1e-3, 0), True), (33922, "d", 6, (0, 0, 0, 102, 23, 0), True)]


def sparse(path: Path) -> Path:
    """A strip of 46,000 × 46,000 cells of two bytes: 4.2 GB, none of which is on the disk."""
    side = 46_000
    tags = [(256, 4, side), (257, 4, side), (258, 3, 16), (259, 3, 1), (262, 3, 1), (273, 4, 400), (277, 3, 1),
            (278, 4, side), (279, 4, 2 * side * side % 2**32)]  # fmt: skip
    head = struct.pack("<2sHIH", b"II", 42, 8, len(tags))
    body = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    with path.open("wb") as out:
        out.write(head + body + b"\0\0\0\0")
        out.truncate(400 + 2 * side * side)
    return path


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "tags", "told"),
    [
        ("xoay", [KEYS, TURNED], "bị xoay"),
        ("khong-he", STEPS, "không có hệ toạ độ"),
        ("lon", None, "quá nhiều ô"),
    ],
)
def test_a_raster_that_cannot_be_laid_says_why(
    tmp_path: Path, name: str, tags: list | None, told: str
) -> None:
    path = tmp_path / f"{name}.tif"
    if tags is None:
        sparse(path)
        assert path.stat().st_size > 4_000_000_000
    else:
        tifffile.imwrite(path, np.ones((8, 8), np.int16), extratags=tags)
    with pytest.raises(ValueError, match=told):
        elevation(path)
