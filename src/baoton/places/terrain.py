"""What an administrator laid, as it is kept: lines, corners, and heights so that a slope can be asked of any place."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
UNKNOWN, MOST = -32768, 2400
METRES = 111_320.0


def folder() -> Path:
    return Path(settings.VAR) / "ground"


def keep(heights: Floats, west: float, north: float, step_x: float, step_y: float) -> None:
    """The heights lie beside the map, at most so many a side; the steps are in degrees, rows go from the north."""
    thin = max(1, -(-max(heights.shape) // MOST))
    kept = heights[::thin, ::thin]
    whole = np.where(np.isfinite(kept), np.round(kept), UNKNOWN).astype(np.int16)
    np.save(folder() / "heights.npy", whole)
    told = {"west": west, "north": north, "step_x": step_x * thin, "step_y": step_y * thin}
    (folder() / "heights.json").write_text(json.dumps(told), encoding="utf-8")


class Terrain:
    """Heights in metres and slopes in degrees of places in longitude and latitude; NaN where nobody measured."""

    def __init__(self, heights: Floats, west: float, north: float, step_x: float, step_y: float) -> None:
        self.heights, self.west, self.north, self.step_x, self.step_y = heights, west, north, step_x, step_y
        middle = np.radians(north - step_y * len(heights) / 2)
        down, right = np.gradient(heights, step_y * METRES, step_x * METRES * np.cos(middle))
        self.slopes: Floats = np.degrees(np.arctan(np.hypot(down, right)))

    @property
    def spacing(self) -> float:
        """Metres from one height to the next."""
        return self.step_y * METRES

    def height(self, lon: ArrayLike, lat: ArrayLike) -> Floats:
        return self._at(self.heights, lon, lat)

    def slope(self, lon: ArrayLike, lat: ArrayLike) -> Floats:
        return self._at(self.slopes, lon, lat)

    def _at(self, grid: Floats, lon: ArrayLike, lat: ArrayLike) -> Floats:
        column = np.floor((np.asarray(lon, np.float64) - self.west) / self.step_x).astype(np.int64)
        row = np.floor((self.north - np.asarray(lat, np.float64)) / self.step_y).astype(np.int64)
        inside = (row >= 0) & (row < grid.shape[0]) & (column >= 0) & (column < grid.shape[1])
        found = np.full(column.shape, np.nan)
        found[inside] = grid[row[inside], column[inside]]
        return found


def terrain() -> Terrain | None:
    """What was laid; None where no relief was laid, or only its picture by an earlier programme."""
    path = folder() / "heights.npy"
    return _read(str(path), path.stat().st_mtime) if path.exists() else None


@lru_cache(maxsize=1)
def _read(path: str, stamp: float) -> Terrain:
    whole = np.load(path).astype(np.float64)
    whole[whole == UNKNOWN] = np.nan
    told = json.loads((Path(path).parent / "heights.json").read_text(encoding="utf-8"))
    return Terrain(whole, **told)


def laid(what: str) -> Any:
    """What was laid of this kind: lines as (name, geometry), the corners of the relief; None where nothing."""
    path = folder() / f"{what}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def stamp() -> tuple[float, ...]:
    """Changes with what lies there."""
    found = sorted(folder().glob("*.json")) if folder().exists() else []
    return tuple(p.stat().st_mtime for p in found)
