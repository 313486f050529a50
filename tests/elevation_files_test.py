"""An elevation raster of any size is laid in little memory, or refused in one sentence that says what to do."""

import struct
from pathlib import Path

import numpy as np
import pytest
import tifffile

from baoton.places.relief import elevation
from baoton.places.terrain import MOST
from formats.tests.raster_test import most_memory

pytestmark = pytest.mark.once
KEYS = (34735, "H", 8, (1, 1, 0, 1, 1024, 0, 1, 2), True)
TURNED = (34264, "d", 16, (1e-3, 4e-4, 0, 102, 4e-4, -1e-3, 0, 23, 0, 0, 0, 0, 0, 0, 0, 1), True)
STEPS = [(33550, "d", 3, (1e-3, 1e-3, 0), True), (33922, "d", 6, (0, 0, 0, 102, 23, 0), True)]
BOX = (102.2, 21.6, 103.9, 22.9)
SIDE = 46_000


def sparse(path: Path) -> Path:
    """One strip of 46,000 × 46,000 cells of two bytes over the box and beyond: 4.2 GB, none of which is on the disk."""
    step = 2.0 / SIDE
    placed = [(33550, 12, 3, struct.pack("<3d", step, step, 0)),
              (33922, 12, 6, struct.pack("<6d", 0, 0, 0, 102, 23, 0)),
              (34735, 3, 8, struct.pack("<8H", *KEYS[3]))]  # fmt: skip
    tags = [(256, 4, SIDE), (257, 4, SIDE), (258, 3, 16), (259, 3, 1), (262, 3, 1), (273, 4, 1000), (277, 3, 1),
            (278, 4, SIDE), (279, 4, 2 * SIDE * SIDE % 2**32)]  # fmt: skip
    n = len(tags) + len(placed)
    at = 8 + 2 + 12 * n + 4
    body = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    extra = b""
    for tag, kind, many, value in placed:
        body += struct.pack("<HHII", tag, kind, many, at + len(extra))
        extra += value
    with path.open("wb") as out:
        out.write(struct.pack("<2sHIH", b"II", 42, 8, n) + body + b"\0\0\0\0" + extra)
        out.truncate(1000 + 2 * SIDE * SIDE)
        out.seek(1000 + 2 * SIDE * (SIDE // 2))
        out.write(np.full(SIDE, 777, "<i2").tobytes())
    return path


def test_four_gigabytes_are_laid_in_little_memory(tmp_path: Path) -> None:
    path = sparse(tmp_path / "lon.tif")
    assert path.stat().st_size > 4_000_000_000
    laid: list = []
    assert most_memory(lambda: laid.append(elevation(path, BOX))) < 150
    heights, west, north, step_x, step_y = laid[0]
    assert max(heights.shape) <= MOST and (heights == 0).mean() > 0.9
    assert west == pytest.approx(BOX[0], abs=1e-3) and north == pytest.approx(BOX[3], abs=1e-3)
    assert west + step_x * heights.shape[1] == pytest.approx(BOX[2], abs=1e-2)
    assert north - step_y * heights.shape[0] == pytest.approx(BOX[1], abs=1e-2)


@pytest.mark.parametrize(
    ("name", "tags", "told"),
    [("xoay", [KEYS, TURNED], "bị xoay"), ("khong-he", STEPS, "không ghi hệ toạ độ")],
)
def test_a_raster_that_cannot_be_laid_says_why(tmp_path: Path, name: str, tags: list, told: str) -> None:
    path = tmp_path / f"{name}.tif"
    tifffile.imwrite(path, np.ones((8, 8), np.int16), extratags=tags)
    with pytest.raises(ValueError, match=told):
        elevation(path, BOX)


HEAD = "ncols 20\nnrows 12\nxllcorner 102.5\nyllcorner 22\ncellsize 0.01\nNODATA_value -9999\n"


def rows(wrong: str = "", at: int = 5) -> str:
    lines = [" ".join(str(100 * r + c) for c in range(20)) for r in range(12)]
    if wrong:
        lines[at] = wrong
    return "\n".join(lines) + "\n"


def test_a_text_grid_is_laid_and_a_broken_one_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "cao.asc"
    path.write_text(HEAD + rows("-9999 " + " ".join(["7"] * 19)))
    heights, west, north, step, _down = elevation(path, BOX)
    assert (
        heights.shape == (12, 20) and heights[2, 3] == 203 and np.isnan(heights[5, 0]) and heights[5, 1] == 7
    )
    assert (west, north, step) == (pytest.approx(102.5), pytest.approx(22.12), 0.01)
    for text, told in (
        (HEAD + rows("1 2 3"), "dòng 12 có 3 số, cần 20"),
        (HEAD + rows("1,5 " * 20), "dòng 12 ghi “1,5”, không phải số"),
        (HEAD.replace("0.01", "nan") + rows(), "cellsize ghi nan, không dùng được"),
        (HEAD.replace("0.01", "-1") + rows(), "cellsize ghi -1, không dùng được"),
        (HEAD.replace("0.01", "một") + rows(), "dòng 5 ghi “một” cho cellsize, không phải số"),
        (HEAD.replace("xllcorner 102.5\n", "") + rows(), "các dòng đầu thiếu “xllcorner”"),
        (HEAD.replace("12", "13") + rows(), "ghi 13 hàng nhưng chỉ có 12"),
        (HEAD.replace("12", "11") + rows(), "nhiều hơn 11 hàng"),
    ):
        path.write_text(text)
        with pytest.raises(ValueError, match=told):
            elevation(path, BOX)
    assert [p.name for p in tmp_path.iterdir()] == ["cao.asc"], "nothing stays beside the file"
