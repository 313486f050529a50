"""Polygons of units from a file: every feature is checked, and each ends in one stated outcome."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyogrio
import shapely
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pyproj import CRS, Geod, Transformer

from baoton.kit import blobs
from baoton.kit.access import Actor, require
from baoton.kit.text import fold, tidy
from baoton.kit.writing import audit
from baoton.kit.writing.verb import declare
from baoton.places.models import Unit
from baoton.places.queries import province_path
from baoton.places.reassign import reassign
from baoton.places.units import DISTRICTS

declare("places.import", gettext_lazy("nhập ranh giới đơn vị hành chính"))

CODES = ("code", "ma", "ma_xa", "maxa", "ma_huyen", "mahuyen", "ma_dvhc", "madvhc", "ma_tinh")
NAMES = ("name", "ten", "ten_xa", "tenxa", "ten_huyen", "tenhuyen", "ten_dvhc", "tendvhc", "ten_tinh")
PROVINCES = ("province_code", "ma_tinh", "matinh")
KIND_WORDS = ("thanh pho ", "thi tran ", "phuong ", "huyen ", "tinh ", "xa ")
REPAIRABLE, FAR_AREA, REAL_OVERLAP, WORTH_A_WORD = 0.001, 0.05, 0.01, 0.0001
VIET_NAM = (102.0, 8.0, 110.0, 23.5)
GEOD = Geod(ellps="WGS84")
What = Literal["created", "updated", "unchanged", "refused"]


class CannotRead(ValueError):
    """The file as a whole cannot be used; the message says why and what would do."""


@dataclass
class Outcome:
    """What became of one feature: the unit it was taken for, and in `told` what was found on the way."""

    row: int
    code: str
    name: str
    what: What = "refused"
    path: str = ""
    told: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Report:
    """What became of a file: every feature once, and the records that changed their commune, by register."""

    file_name: str
    outcomes: list[Outcome]
    moved: dict[str, int]

    @property
    def counts(self) -> dict[str, int]:
        """How many features ended each way; they add up to the features of the file."""
        return {
            w: sum(o.what == w for o in self.outcomes) for w in ("created", "updated", "unchanged", "refused")
        }

    def lines(self) -> list[str]:
        """The report as the command line prints it: totals, what was refused or remarked, records moved."""
        words = {
            "created": _("ranh giới mới"),
            "updated": _("thay ranh giới"),
            "unchanged": _("không đổi"),
            "refused": _("từ chối"),
        }
        told = [f"{self.file_name}: {len(self.outcomes)} " + _("đối tượng")]
        told += [f"  {words[what]}: {n}" for what, n in self.counts.items()]
        for one in self.outcomes:
            if one.told:
                told.append(f"  {one.row}. {one.code} {one.name} – {words[one.what]}: {' '.join(one.told)}")
        told += [f"  {name}: {n} " + _("bản ghi đổi địa bàn") for name, n in self.moved.items()]
        return told


def import_polygons(actor: Actor, path: Path) -> Report:
    """The file's polygons stand as official shapes, and every located record lies in its commune again.

    Features that fail a check are refused with the reason and change nothing. The file itself is kept.
    """
    require(actor, "places.import")
    shapes, rows = _read(path)
    units = Unit.objects.in_bulk()
    outcomes: list[Outcome] = []
    taken: dict[str, tuple[Outcome, Unit, Any]] = {}
    for row, (shape, given) in enumerate(zip(shapes, rows, strict=True), start=1):
        outcome = Outcome(row, _first(given, CODES), _first(given, NAMES))
        outcomes.append(outcome)
        unit = _unit(outcome, given, units)
        mended = None if unit is None else _shape(outcome, shape)
        if unit is None or mended is None:
            continue
        if unit.path in taken:
            outcome.told.append(
                _("Mã này đã có ở đối tượng số %(n)d của tệp.") % {"n": taken[unit.path][0].row}
            )
            continue
        outcome.path = unit.path
        taken[unit.path] = (outcome, unit, mended)
    for outcome, unit, shape in _apart(list(taken.values())):
        _area(outcome, unit, shape)
        geom = bytes(shapely.to_wkb(shape))
        if unit.shape == Unit.Shape.OFFICIAL and bytes(unit.geom or b"") == geom:
            outcome.what = "unchanged"
            continue
        outcome.what = "updated" if unit.shape == Unit.Shape.OFFICIAL else "created"
        unit.geom, unit.shape = geom, Unit.Shape.OFFICIAL
    changed = [unit for outcome, unit, _s in taken.values() if outcome.what in {"created", "updated"}]
    with transaction.atomic():
        blob = blobs.store_file(path)
        for unit in changed:
            unit.save(force_update=True)
        moved = reassign() if changed else {}
        report = Report(path.name, outcomes, moved)
        audit.write(
            actor,
            "places.import",
            register="places.unit",
            object_name=path.name,
            new={"sha256": blob.sha256, "counts": report.counts, "moved": moved},
        )
    return report


def _read(path: Path) -> tuple[np.ndarray[Any, Any], list[dict[str, Any]]]:
    """Geometry on WGS84 (lon, lat) and the attributes of each feature; `CannotRead` for the whole file."""
    try:
        meta, _fids, wkb, fields = pyogrio.raw.read(str(path), force_2d=True)
    except Exception as error:
        raise CannotRead(
            _("Không đọc được tệp “%(name)s”: %(why)s") % {"name": path.name, "why": error}
        ) from error
    if wkb is None or not len(wkb):
        raise CannotRead(_("Tệp “%(name)s” không có đối tượng nào có hình.") % {"name": path.name})
    if not meta["crs"]:
        raise CannotRead(
            _("Tệp “%(name)s” không ghi hệ toạ độ; cần tệp .prj hoặc GeoJSON theo WGS84.")
            % {"name": path.name}
        )
    shapes = shapely.from_wkb(wkb)
    source = CRS.from_user_input(meta["crs"])
    if not source.equals(CRS("EPSG:4326"), ignore_axis_order=True):
        to_wgs84 = Transformer.from_crs(source, "EPSG:4326", always_xy=True)
        shapes = shapely.transform(shapes, lambda xy: np.column_stack(to_wgs84.transform(xy[:, 0], xy[:, 1])))
    names = [str(n).lower() for n in meta["fields"]]
    rows = [dict(zip(names, values, strict=True)) for values in zip(*fields, strict=True)]
    return shapes, rows or [{} for _shape in shapes]


def _first(given: Mapping[str, Any], names: Iterable[str]) -> str:
    return next((tidy(str(given[n])) for n in names if given.get(n) not in (None, "")), "")


def bare(name: str) -> str:
    """A unit's name folded and without its kind: `Xã Mù Cả` becomes `mu ca`."""
    folded = fold(name)
    return next((folded.removeprefix(w) for w in KIND_WORDS if folded.startswith(w)), folded)


def _unit(outcome: Outcome, given: Mapping[str, Any], units: Mapping[str, Unit]) -> Unit | None:
    """The one unit, present or former, with the feature's code and name; else the outcome says why not."""
    province = _first(given, PROVINCES)
    if province and province != province_path():
        outcome.told.append(_("Thuộc tỉnh mã %(code)s, không phải tỉnh này.") % {"code": province})
        return None
    if not outcome.code:
        outcome.told.append(_("Không có cột mã đơn vị hành chính (code, ma, ma_xa…)."))
        return None
    same_code = [u for u in units.values() if u.code == outcome.code.zfill(5) or u.code == outcome.code]
    if not same_code:
        outcome.told.append(
            _("Mã %(code)s không phải đơn vị hiện nay hay trước đây của tỉnh.") % {"code": outcome.code}
        )
        return None
    named = [u for u in same_code if bare(u.name) == bare(outcome.name) or not outcome.name]
    if not named:
        known = "; ".join(sorted(str(u) for u in same_code))
        outcome.told.append(
            _("Mã %(code)s là của %(known)s, không khớp tên “%(name)s” trong tệp.")
            % {"code": outcome.code, "known": known, "name": outcome.name}
        )
        return None
    return min(named, key=lambda u: (u.valid_to is not None and u.kind not in DISTRICTS, u.path))


def _shape(outcome: Outcome, shape: Any) -> Any:
    """The feature's polygon made valid, or None with the reason told."""
    if shape is None or shape.is_empty:
        outcome.told.append(_("Không có hình."))
        return None
    if shape.geom_type not in {"Polygon", "MultiPolygon"}:
        outcome.told.append(_("Hình là %(kind)s; ranh giới phải là vùng.") % {"kind": shape.geom_type})
        return None
    west, south, east, north = shape.bounds
    if not (VIET_NAM[0] <= west and VIET_NAM[1] <= south and east <= VIET_NAM[2] and north <= VIET_NAM[3]):
        outcome.told.append(
            _("Toạ độ (%(x).4f; %(y).4f) nằm ngoài Việt Nam: hãy kiểm tra hệ toạ độ và thứ tự kinh, vĩ.")
            % {"x": west, "y": south}
        )
        return None
    if shape.is_valid:
        return shape
    why = shapely.is_valid_reason(shape)
    mended = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    if mended.is_empty or abs(mended.area - shape.area) > REPAIRABLE * max(mended.area, 1e-12):
        outcome.told.append(_("Hình không hợp lệ (%(why)s) và sửa sẽ làm đổi diện tích.") % {"why": why})
        return None
    outcome.told.append(_("Đã sửa hình không hợp lệ (%(why)s); diện tích không đổi.") % {"why": why})
    return mended


def _apart(taken: list[tuple[Outcome, Unit, Any]]) -> list[tuple[Outcome, Unit, Any]]:
    """Those that keep apart from others of the same kind and time; a real overlap refuses both."""
    refused: set[int] = set()
    tree = shapely.STRtree([shape for _o, _u, shape in taken])
    for i, (one, unit, shape) in enumerate(taken):
        for j in tree.query(shape, predicate="intersects"):
            other, second, shape2 = taken[j]
            if j <= i or _layer(unit) != _layer(second):
                continue
            shared = shape.intersection(shape2).area / min(shape.area, shape2.area)
            if shared < WORTH_A_WORD:
                continue
            for told, with_ in ((one, second), (other, unit)):
                told.told.append(
                    _("Chồng lên %(name)s %(part).2f%% diện tích.") % {"name": with_, "part": 100 * shared}
                )
            if shared > REAL_OVERLAP:
                refused |= {i, int(j)}
    return [t for i, t in enumerate(taken) if i not in refused]


def _layer(unit: Unit) -> tuple[bool, bool, bool]:
    return unit.kind in DISTRICTS, unit.kind == Unit.Kind.PROVINCE, unit.valid_to is not None


def _area(outcome: Outcome, unit: Unit, shape: Any) -> None:
    """An area far from the one in the books is told, not refused: lists and maps are measured differently."""
    measured = abs(GEOD.geometry_area_perimeter(shape)[0]) / 1e6
    if unit.area_km2 and abs(measured - unit.area_km2) > FAR_AREA * unit.area_km2:
        outcome.told.append(
            _("Diện tích đo được %(a).2f km², danh mục ghi %(b).2f km².")
            % {"a": measured, "b": unit.area_km2}
        )
