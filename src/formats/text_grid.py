"""Text grids (.asc) written anew as GeoTIFF, some rows at a time; what is wrong in one is told with its line."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from formats.source import FormatError

PART = 1_000_000
"""Cells at a time."""
LONGEST = 64
"""Letters a number takes in a line; a line that takes more holds too many."""
MOST_SIDE = 2_000_000
NEEDED = ("ncols", "nrows", "cellsize")


def _wrong(name: str, vi: str, en: str) -> FormatError:
    return FormatError("broken_grid", f"Không đọc được “{name}”: {vi}.", f"{name} cannot be read: {en}.")


def is_text_grid(path: Path) -> bool:
    """Whether the file begins as an ESRI text grid does."""
    try:
        with path.open("rb") as file:
            return (
                file.read(200).removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith((b"ncols", b"nrows"))
            )
    except OSError:
        return False


def as_tiff(path: Path, name: str) -> Path:
    """The grid as a GeoTIFF of a name of its own beside it; raises `FormatError` with the line that is wrong."""
    import rasterio
    from rasterio.transform import from_origin

    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        head, count = _head(lines, name)
        wide, high, step = int(head["ncols"]), int(head["nrows"]), head["cellsize"]
        west = head["xllcorner"] if "xllcorner" in head else head["xllcenter"] - step / 2
        south = head["yllcorner"] if "yllcorner" in head else head["yllcenter"] - step / 2
        deep = max(1, min(high, PART // wide))
        with tempfile.NamedTemporaryFile(suffix=".tif", dir=path.parent, delete=False) as made:
            target = Path(made.name)
        about: dict[str, Any] = {
            "driver": "GTiff", "width": wide, "height": high, "count": 1, "dtype": "float64", "compress": "deflate",
            "zlevel": 1, "blockysize": deep, "bigtiff": "if_safer", "nodata": head.get("nodata_value", -9999.0),
            "transform": from_origin(west, south + step * high, step, step),
        }  # fmt: skip
        try:
            with rasterio.open(target, "w", **about) as picture:
                top = 0
                for values in _rows(lines, name, wide, high, deep, count):
                    picture.write(values, 1, window=((top, top + len(values)), (0, wide)))
                    top += len(values)
        except BaseException:
            target.unlink()
            raise
    return target


def _head(lines: TextIO, name: str) -> tuple[dict[str, float], int]:
    """What the first lines say, and how many they are; the file stands at its first row."""
    head: dict[str, float] = {}
    while True:
        at, words = lines.tell(), lines.readline(1000).split()
        if len(words) != 2 or not words[0][:1].isalpha() or words[0].lower() == "nan":
            lines.seek(at)
            break
        try:
            head[words[0].lower()] = float(words[1])
        except ValueError:
            vi = f"dòng {len(head) + 1} ghi “{words[1][:40]}” cho {words[0]}, không phải số"
            raise _wrong(name, vi, f"line {len(head) + 1} gives no number for {words[0]}") from None
    for key in (*NEEDED, *("xllcorner" if "xllcenter" not in head else "xllcenter",),
                *("yllcorner" if "yllcenter" not in head else "yllcenter",)):  # fmt: skip
        if key not in head:
            raise _wrong(name, f"các dòng đầu thiếu “{key}”", f"its first lines lack “{key}”")
    for key, value in head.items():
        if key == "nodata_value":
            continue
        side = key in ("ncols", "nrows")
        good = np.isfinite(value) and (value > 0 if key in NEEDED else True)
        if not good or (side and (value != int(value) or value > MOST_SIDE)):
            raise _wrong(
                name, f"{key} ghi {value:g}, không dùng được", f"{key} is {value:g}, which cannot be"
            )
    return head, len(head)


def _rows(
    lines: TextIO, name: str, wide: int, high: int, deep: int, before: int
) -> Iterator[np.ndarray[Any, Any]]:
    """The rows in blocks; a line is a row."""
    told = 0
    filled = iter(lambda: lines.readline(wide * LONGEST + 1000), "")
    while told < high:
        part = list(islice((x for x in filled if x.strip()), min(deep, high - told)))
        if not part:
            vi = f"ghi {high} hàng nhưng chỉ có {told}"
            raise _wrong(name, vi, f"it says {high} rows and holds {told}")
        try:
            values = np.loadtxt(part, ndmin=2, comments=None)
        except ValueError:
            values = np.empty((0, 0))
        if values.shape != (len(part), wide):
            raise _line(part, name, wide, before + told)
        yield values
        told += len(part)
    if any(x.strip() for x in islice(filled, 10)):
        raise _wrong(name, f"có nhiều hơn {high} hàng đã ghi ở đầu", f"it holds more than its {high} rows")


def _line(part: list[str], name: str, wide: int, before: int) -> FormatError:
    """Which line is wrong, and how."""
    for i, line in enumerate(part, start=before + 1):
        words = line.split()
        if len(words) != wide:
            vi = f"dòng {i} có {len(words)} số, cần {wide}"
            return _wrong(name, vi, f"line {i} holds {len(words)} numbers, not {wide}")
        for word in words:
            try:
                float(word)
            except ValueError:
                vi = f"dòng {i} ghi “{word[:40]}”, không phải số"
                return _wrong(name, vi, f"line {i} says “{word[:40]}”, which is no number")
    return _wrong(name, "có dòng không phải các số", "a line holds no numbers")
