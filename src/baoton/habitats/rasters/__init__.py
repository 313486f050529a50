"""A raster counted over communes or parcels: hectares of each class, or the mean, and how much nobody knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _

from baoton.habitats.models import Parcel, Version
from baoton.places.queries import outlines, unit_name
from formats.raster import cells_in, read_raster

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


def count(path: Path, system: str, mean: bool, version: Version | None) -> Table:
    """The table; raises `formats.FormatError` for a raster that cannot be read, `ValueError` for one that has too many
    values to be classes or lies nowhere on the ground asked for."""
    raster = read_raster(path, system)
    names, shapes = places(version)
    parts = [_part(raster, who, row, column) for who, row, column in cells_in(raster, shapes)]
    who, m2, value, known = (np.concatenate([p[i] for p in parts]) for i in range(4))
    if not known.any():
        raise ValueError(_("Ảnh không có ô nào có dữ liệu trong tỉnh: kiểm tra hệ toạ độ của ảnh."))
    n = np.bincount(who, minlength=len(names))
    all_ = np.bincount(who, m2, len(names)) / 10_000
    unknown = np.bincount(who[~known], m2[~known], len(names)) / 10_000
    who, m2, value = who[known], m2[known], value[known]
    if mean:
        weight = np.bincount(who, m2, len(names))
        with np.errstate(invalid="ignore", divide="ignore"):
            means = np.bincount(who, m2 * value, len(names)) / weight
        least, most = np.full(len(names), np.inf), np.full(len(names), -np.inf)
        np.minimum.at(least, who, value)
        np.maximum.at(most, who, value)
        columns = [_("trung bình"), _("nhỏ nhất"), _("lớn nhất")]
        table = np.column_stack([means, least, most])
        table[weight == 0] = np.nan
        total = [float((m2 * value).sum() / m2.sum()), float(value.min()), float(value.max())]
    else:
        classes, which = np.unique(value, return_inverse=True)
        if len(classes) > MOST_CLASSES:
            told = _("Ảnh có %(n)d giá trị khác nhau nên không phải mã lớp; chọn tính trung bình.")
            raise ValueError(told % {"n": len(classes)})
        columns = [f"{c:g}" for c in classes.tolist()]
        table = (
            np.bincount(who * len(classes) + which, m2, len(names) * len(classes)).reshape(len(names), -1)
            / 10_000
        )
        total = table.sum(axis=0).tolist()
    rows = [
        Row(
            name,
            int(n[i]),
            float(all_[i]),
            float(unknown[i]),
            [None if np.isnan(v) else v for v in table[i].tolist()],
        )
        for i, name in enumerate(names)
        if n[i]
    ]
    whole = Row(_("Cộng"), int(n.sum()), float(all_.sum()), float(unknown.sum()), total)
    return Table(columns, rows, whole, int((n == 0).sum()))


def _part(raster: Any, who: Any, row: Any, column: Any) -> tuple[Any, Any, Any, Any]:
    value, known = raster.at(row, column)
    return who, raster.m2(row, column), value.astype(np.float64), known
