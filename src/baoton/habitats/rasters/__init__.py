"""A raster counted over communes or parcels: hectares of each class, or the mean, and how much nobody knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _

from baoton.habitats.models import Parcel, Version
from baoton.kit.kinds.words import as_text
from baoton.places.queries import outlines, unit_name
from formats.raster import cells_in, open_raster

MOST_CLASSES = 60


@dataclass(frozen=True)
class Row:
    """One commune or parcel: hectares of each class, or mean, least and most; hectares of all its cells and unknown."""

    name: str
    cells: int
    hectares: float
    unknown: float
    values: Sequence[float | None]

    @property
    def share(self) -> float | None:
        """Per cent of its ground of which the raster says nothing; None where no cell's middle lies in it."""
        return 100 * self.unknown / self.hectares if self.hectares else None


@dataclass(frozen=True)
class Table:
    """The columns of values, a row a place, the sum or mean of all, places without a cell."""

    columns: Sequence[str]
    rows: Sequence[Row]
    whole: Row
    without: int


def places(version: Version | None) -> tuple[list[str], list[Any]]:
    """The communes, or the parcels of a map: name and outline of each."""
    if version is None:
        known = outlines()
        return [unit_name(path) for path in known], list(known.values())
    rows = Parcel.objects.filter(version=version, withdrawn__isnull=True, geom__isnull=False).order_by("id")
    found = list(rows.values_list("code", "geom"))
    return [code for code, _g in found], list(shapely.from_wkb([bytes(g or b"") for _c, g in found]))


def count(path: Path, system: str, mean: bool, version: Version | None, name: str = "") -> Table:
    """The table; `name` is the file as its sender calls it. Raises `formats.FormatError` for a raster that cannot be
    read or counted, `ValueError` for one whose values are no classes or that says nothing of the ground asked for."""
    names, shapes = places(version)
    tally = Tally(len(names), mean)
    with open_raster(path, system, shapes, name) as raster:
        for who, row, column in cells_in(raster, shapes):
            tally.add(who, raster.m2(row, column), *raster.at(row, column))
    if not tally.said.any():
        raise ValueError(_("Ảnh không có ô nào có dữ liệu trong tỉnh: kiểm tra hệ toạ độ của ảnh."))
    columns, table, total = tally.measures() if mean else tally.hectares()
    table[tally.said == 0] = np.nan  # of a place wholly unknown nothing is zero
    rows = [
        Row(name, int(tally.cells[i]), float(tally.m2[i]) / 10_000, float(tally.unknown[i]) / 10_000,
            [None if np.isnan(v) else v for v in table[i].tolist()])
        for i, name in enumerate(names) if tally.cells[i]
    ]  # fmt: skip
    whole = Row(_("Cộng"), int(tally.cells.sum()), float(tally.m2.sum()) / 10_000,
                float(tally.unknown.sum()) / 10_000, total)  # fmt: skip
    return Table(columns, rows, whole, int((tally.cells == 0).sum()))


class Tally:
    """What the cells of each place add up to, taken in part by part so that only one part is ever in memory."""

    def __init__(self, places: int, mean: bool) -> None:
        self.n, self.mean = places, mean
        self.cells, self.said = np.zeros(places, np.int64), np.zeros(places, np.int64)
        self.m2, self.unknown, self.known, self.weighed = (np.zeros(places) for _each in range(4))
        self.least, self.most = np.full(places, np.inf), np.full(places, -np.inf)
        self.classes: dict[float, Any] = {}

    def add(self, who: Any, m2: Any, value: Any, known: Any) -> None:
        """One part: the place, square metres and value of each cell, and whether the value is known."""
        self.cells += np.bincount(who, minlength=self.n)
        self.m2 += np.bincount(who, m2, self.n)
        self.unknown += np.bincount(who[~known], m2[~known], self.n)
        who, m2, value = who[known], m2[known], value[known]
        self.said += np.bincount(who, minlength=self.n)
        self.known += np.bincount(who, m2, self.n)
        if self.mean:
            self.weighed += np.bincount(who, m2 * value, self.n)
            np.minimum.at(self.least, who, value)
            np.maximum.at(self.most, who, value)
            return
        if (uneven := value[value != np.floor(value)]).size:
            told = _("Ảnh có số lẻ (%(one)s) nên không phải mã lớp; chọn tính trung bình.")
            raise ValueError(told % {"one": as_text(float(uneven[0]))})
        classes, which = _distinct(value)
        if len({*self.classes, *classes[: MOST_CLASSES + 1].tolist()}) > MOST_CLASSES:
            told = _("Ảnh có hơn %(n)d giá trị khác nhau nên không phải mã lớp; chọn tính trung bình.")
            raise ValueError(told % {"n": MOST_CLASSES})
        n = len(classes)
        sums = np.bincount(who * n + which, m2, self.n * n).reshape(self.n, n) if n else np.empty((self.n, 0))
        for i, one in enumerate(classes.tolist()):
            self.classes[one] = self.classes.get(one, 0) + sums[:, i]

    def measures(self) -> tuple[list[str], Any, list[float]]:
        """Mean, least and most of each place and of all."""
        with np.errstate(invalid="ignore", divide="ignore"):
            means = self.weighed / self.known
        total = [
            float(self.weighed.sum() / self.known.sum()),
            float(self.least.min()),
            float(self.most.max()),
        ]
        table = np.column_stack([means, self.least, self.most])
        return [_("trung bình"), _("nhỏ nhất"), _("lớn nhất")], table, total

    def hectares(self) -> tuple[list[str], Any, list[float]]:
        """Hectares of each class in each place and in all."""
        known = sorted(self.classes)
        table = np.column_stack([self.classes[c] for c in known]) / 10_000
        return [f"{c:.0f}" for c in known], table, table.sum(axis=0).tolist()


def _distinct(values: Any) -> tuple[Any, Any]:
    """The distinct whole numbers in order, and which of them each value is; sorted only where they are wide apart."""
    if not len(values) or values.min() < 0 or values.max() > 1_000_000:
        return np.unique(values, return_inverse=True)
    codes = values.astype(np.int64)
    seen = np.bincount(codes) > 0
    return np.flatnonzero(seen).astype(np.float64), (np.cumsum(seen) - 1)[codes]
