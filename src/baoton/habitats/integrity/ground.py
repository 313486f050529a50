"""The parcels of a map read by neighbourhoods, so that a province needs no more memory than a part of it."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from baoton.habitats.models import Parcel, Version
from baoton.habitats.queries import CLASSES

PART = 5_000
"""So many parcels are read and joined at once."""
ASKED = 2_000
CORNERS = 20_000
"""A patch of more corners is looked at square by square."""
SLICE = 500
Whole = NDArray[np.int64]


@dataclass
class Rows:
    """Which parcels a map has: key, class, the lower left corner of each; outlines are read when they are asked for."""

    keys: list[UUID]
    classes: NDArray[np.str_]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    box: tuple[float, float, float, float]

    @classmethod
    def of(cls, version: Version) -> Rows:
        rows = Parcel.objects.filter(version=version, withdrawn__isnull=True, geom__isnull=False).order_by(
            "id"
        )
        columns = ("pk", "forest_class", "min_x", "min_y", "max_x", "max_y")
        words = ["other", *CLASSES]
        code = {word: i for i, word in enumerate(words)}
        keys, codes, box = list[UUID](), array("b"), array("d")
        for key, kind, *bounds in rows.values_list(*columns).iterator(chunk_size=2_000):
            keys.append(key)
            codes.append(code.get(kind, 0))
            box.extend(bounds)
        edges = np.frombuffer(box).reshape(-1, 4)
        whole = (*edges[:, :2].min(axis=0).tolist(), *edges[:, 2:].max(axis=0).tolist())
        kinds = np.array(words)[np.frombuffer(codes, np.int8)]
        return cls(keys, kinds, edges[:, 0].copy(), edges[:, 1].copy(), whole)

    def groups(self) -> dict[str, Whole]:
        """The parcels of each class, under the class's word."""
        found: dict[str, list[Whole]] = defaultdict(list)
        for key in np.unique(self.classes).tolist():
            found[str(CLASSES.get(key, ""))].append(np.flatnonzero(self.classes == key))
        return {word: np.concatenate(parts) for word, parts in found.items()}

    def degrees(self, at: Whole | None = None) -> Iterator[Any]:
        """The outlines in longitude and latitude, neighbours together."""
        for part in self._parts(np.arange(len(self.keys)) if at is None else at):
            asked = [self.keys[i] for i in part]
            wkb: list[bytes] = []
            for start in range(0, len(asked), ASKED):
                rows = Parcel.objects.filter(pk__in=asked[start : start + ASKED]).order_by("id")
                wkb += [bytes(g or b"") for g in rows.values_list("geom", flat=True)]
            yield np.asarray(shapely.from_wkb(wkb), dtype=object)

    def flat(self, at: Whole) -> Iterator[Any]:
        """The outlines in metres, rounded to a centimetre."""
        west, south, east, north = self.box
        crs = f"+proj=laea +lat_0={(south + north) / 2} +lon_0={(west + east) / 2} +ellps=WGS84"
        move = pyproj.Transformer.from_crs(4326, crs, always_xy=True)
        for part in self.degrees(at):
            flat = shapely.transform(part, lambda xy: np.column_stack(move.transform(xy[:, 0], xy[:, 1])))
            yield shapely.set_precision(flat, 0.01, mode="pointwise")

    def _parts(self, at: Whole) -> Iterator[Whole]:
        """Strips from west to east, each cut from south to north, about `PART` parcels a piece."""
        pieces = max(1, -(-len(at) // PART))
        strips = max(1, round(pieces**0.5))
        for strip in np.array_split(at[np.argsort(self.x[at], kind="stable")], strips):
            for part in np.array_split(
                strip[np.argsort(self.y[strip], kind="stable")], max(1, -(-pieces // strips))
            ):
                if len(part):
                    yield np.sort(part)


def core_m2(patches: Any, edge_m: float) -> float:
    """Square metres of the patches that lie deeper than the edge."""
    large = shapely.get_num_coordinates(patches) > CORNERS
    small = patches[~large]
    told = sum(
        shapely.area(shapely.buffer(small[i : i + SLICE], -edge_m)).sum() for i in range(0, len(small), SLICE)
    )
    return float(told + sum(_core(one, one.bounds, edge_m) for one in patches[large]))


def _core(shape: Any, square: tuple[float, float, float, float], edge_m: float) -> float:
    """Of what of a shape lies in a square; the shape reaches twice the edge beyond it."""
    west, south, east, north = square
    if shape.is_empty:
        return 0.0
    if shapely.get_num_coordinates(shape) <= CORNERS or max(east - west, north - south) < 8 * edge_m:
        core = shapely.buffer(shape, -edge_m)
        return float(shapely.area(shapely.intersection(core, shapely.box(*square))))
    x, y = (west + east) / 2, (south + north) / 2
    told = 0.0
    for part in ((west, south, x, y), (x, south, east, y), (west, y, x, north), (x, y, east, north)):
        more = (part[0] - 2 * edge_m, part[1] - 2 * edge_m, part[2] + 2 * edge_m, part[3] + 2 * edge_m)
        told += _core(shapely.intersection(shape, shapely.box(*more)), part, edge_m)
    return told
