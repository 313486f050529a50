"""Strata of height and of habitat, and ground that is too steep: the area as a fine grid, each square by its middle."""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from numpy.typing import NDArray
from pyproj import Transformer

from baoton.kit.access import Actor
from baoton.kit.kinds.words import as_text
from baoton.kit.writing.refusal import NotNow
from baoton.places.queries import terrain
from baoton.surveys.design import HABITATS
from baoton.surveys.design.facts import fact

Floats = NDArray[np.float64]
FINE, MOST = 100.0, 2_000_000


@dataclass(frozen=True)
class Squares:
    """Middles of squares in metres, the stratum of each, the side; what was left out, as facts."""

    x: Floats
    y: Floats
    stratum: NDArray[np.str_]
    side: float
    told: list[str] = field(default_factory=list)

    def hold(self, stratum: str, line: Any) -> bool:
        """Whether every square that the line passes may be drawn and lies in the stratum."""
        at = shapely.get_coordinates(shapely.segmentize(line, self.side / 4))
        asked, (keys, strata) = self._keys(at[:, 0], at[:, 1]), self._in_order
        found = np.minimum(np.searchsorted(keys, asked), keys.size - 1)
        return bool(((keys[found] == asked) & (strata[found] == stratum)).all())

    @cached_property
    def _in_order(self) -> tuple[NDArray[np.int64], NDArray[np.str_]]:
        keys = self._keys(self.x, self.y)
        order = np.argsort(keys)
        return keys[order], self.stratum[order]

    def _keys(self, x: Floats, y: Floats) -> NDArray[np.int64]:
        return np.floor(x / self.side).astype(np.int64) * 2**32 + np.floor(y / self.side).astype(np.int64)


def squares(
    parts: list[tuple[str, Any]], to: Transformer, actor: Actor, *, side: float | None, heights: tuple[float, ...],
    habitat: bool, slope: float,
) -> Squares:  # fmt: skip
    """The squares that may be drawn; `NotNow` where what is asked for was never laid."""
    if side is None:
        boxes = sum((b[2] - b[0]) * (b[3] - b[1]) for b in (part.bounds for _name, part in parts))
        side = float(max(FINE, np.ceil(np.sqrt(boxes / MOST) / 50) * 50))
    x, y, names = _grid(parts, side)
    lon, lat = to.transform(x, y, direction="INVERSE")
    kept, told = np.ones(x.size, bool), []
    if heights or slope:
        ground = terrain()
        if ground is None:
            raise NotNow(
                _(
                    "Chưa có mô hình độ cao: nhờ quản trị đặt nền độ cao (baoton ground relief, đặt lại nếu đã đặt "
                    "từ trước), hoặc rút mẫu không dùng độ cao, độ dốc."
                )
            )
        high, steep = ground.height(lon, lat), ground.slope(lon, lat)
        known = np.isfinite(high) & (np.isfinite(steep) | (slope <= 0))
        if not known.all():
            told.append(fact(gettext_noop("Bỏ %(area)s km² chưa biết độ cao."), area=_km2(~known, side)))
        kept &= known
        if slope:
            gone = known & (steep > slope)
            words = gettext_noop("Bỏ %(area)s km² dốc hơn %(n)s độ, theo mô hình độ cao %(m)d m.")
            told.append(fact(words, area=_km2(gone, side), n=slope, m=round(ground.spacing)))
            kept &= ~gone
        if heights:
            labels = np.array(_labels(heights))
            names = labels[np.digitize(np.where(known, high, 0), heights)]
    if habitat:
        found = next((one for one in (ask(actor, lon, lat) for ask in HABITATS) if one), None)
        if found is None:
            raise NotNow(
                _(
                    "Chưa có bản đồ rừng, sinh cảnh nào đã công bố phủ khu vực này mà bạn được xem; "
                    "chia tầng cách khác."
                )
            )
        names, title = found
        nothing = names == ""
        told.append(fact(gettext_noop("Tầng theo bản đồ “%(title)s”."), title=title))
        if nothing.any():
            words = gettext_noop("Bỏ %(area)s km² không nằm trong lô nào của bản đồ.")
            told.append(fact(words, area=_km2(nothing, side)))
        kept &= ~nothing
    if not kept.any():
        raise NotNow(_("Không còn ô nào rút được; nới độ dốc hoặc chia tầng cách khác."))
    told.append(fact(gettext_noop("Rút trên lưới ô %(n)s m, mỗi ô theo điểm giữa của nó."), n=side))
    return Squares(x[kept], y[kept], names[kept], side, told)


def _grid(parts: list[tuple[str, Any]], side: float) -> tuple[Floats, Floats, NDArray[np.str_]]:
    xs, ys, names = [], [], []
    for name, part in parts:
        west, south, east, north = part.bounds
        columns = np.arange(np.floor(west / side), np.ceil(east / side) + 1) * side
        lines = np.arange(np.floor(south / side), np.ceil(north / side) + 1) * side
        if columns.size * lines.size > 2 * MOST:
            raise NotNow(_("Ô quá nhỏ so với khu vực (hơn hai triệu ô); chọn cạnh ô lớn hơn."))
        x, y = (a.ravel() for a in np.meshgrid(columns + side / 2, lines + side / 2))
        shapely.prepare(part)
        inside = shapely.contains_xy(part, x, y)
        xs.append(x[inside])
        ys.append(y[inside])
        names += [name] * int(inside.sum())
    return np.concatenate(xs), np.concatenate(ys), np.array(names, dtype=np.str_)


def _km2(these: NDArray[np.bool_], side: float) -> float:
    return round(float(these.sum()) * side * side / 1e6, 1)


def _number(value: float) -> str:
    return as_text(int(value) if value == int(value) else value)


def _labels(heights: tuple[float, ...]) -> list[str]:
    told = [_number(h) for h in heights]
    first, last = _("dưới %(n)s m") % {"n": told[0]}, _("từ %(n)s m") % {"n": told[-1]}
    return [first, *(f"{a}–{b} m" for a, b in pairwise(told)), last]


def read_heights(text: str) -> tuple[float, ...]:
    """The bounds of classes of height as typed: “300; 700; 1000”; `ValueError` where they are no rising numbers."""
    found = tuple(float(one.strip().replace(",", ".")) for one in text.split(";") if one.strip())
    if (
        not found
        or len(found) > 8
        or list(found) != sorted(set(found))
        or not -500 < found[0] <= found[-1] < 9000
    ):
        raise ValueError(text)
    return found
