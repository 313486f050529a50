"""Boundaries of units from a file: present and former communes, districts, the province, each by its code."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
import shapely
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pyproj import Geod

from baoton.kit.importing.chunk import Chunk
from baoton.kit.importing.commit import Commit
from baoton.kit.importing.keys import source_ids
from baoton.kit.importing.rules import RULES
from baoton.kit.importing.target import Field, InDataset, Key, Steps, Suits, Target, register
from baoton.kit.kinds.words import as_text
from baoton.kit.models import AuditEvent, ImportBatch
from baoton.kit.reading.register import REGISTERS
from baoton.kit.text import fold
from baoton.kit.writing import outbox
from baoton.kit.writing.verb import declare
from baoton.places.actions import stand
from baoton.places.models import Boundary, Unit
from baoton.places.queries import province_path
from baoton.places.reassign import REASSIGN
from baoton.places.units import DISTRICTS
from formats.placing import FOOTPRINT
from rulebook.country import load_country

NAME = "places.boundary"
CODES = ("ma", "ma_xa", "maxa", "ma_huyen", "mahuyen", "ma_dvhc", "madvhc")
NAMES = ("ten", "ten_xa", "tenxa", "ten_huyen", "tenhuyen", "ten_dvhc", "tendvhc", "ten_tinh")
PROVINCES = ("ma_tinh", "matinh")
KIND_WORDS = ("thanh pho ", "thi tran ", "phuong ", "huyen ", "tinh ", "xa ")
REPAIRABLE, FAR_AREA, REAL_OVERLAP, WORTH_A_WORD = 0.001, 0.05, 0.01, 0.0001
declare(f"{NAME}.edit", gettext_lazy("thay ranh giới đơn vị hành chính"))
GEOD = Geod(ellps="WGS84")
RULES.update(
    {
        "other_province": gettext_lazy("của tỉnh khác"),
        "unknown_unit": gettext_lazy("mã không phải đơn vị của tỉnh"),
        "name_differs": gettext_lazy("tên không khớp mã"),
        "no_shape": gettext_lazy("không có hình"),
        "no_system_of_shape": gettext_lazy("hình chưa rõ hệ toạ độ"),
        "not_an_area": gettext_lazy("hình không phải vùng"),
        "outside_country": gettext_lazy("ngoài Việt Nam"),
        "invalid_shape": gettext_lazy("hình không hợp lệ"),
        "boundaries_overlap": gettext_lazy("chồng lên đơn vị khác"),
    }
)


def prepare(chunk: Chunk) -> None:
    """Each row has its unit and its boundary made valid, or is refused with the reason."""
    units = _units(chunk)
    shapes = _shapes(chunk)
    _apart(chunk, units, shapes)
    _tell_areas(chunk, units, shapes)
    good = ~chunk.problems.refused
    paths = [u.path if u and ok else None for u, ok in zip(units, good.tolist(), strict=True)]
    chunk.put("unit_id", pl.Series(paths, dtype=pl.String))
    chunk.put("area_path", pl.Series([p or "" for p in paths]), derived=True)
    wkb = [shapely.to_wkb(s) if s is not None and ok else None for s, ok in zip(shapes, good, strict=True)]
    chunk.put("geom", pl.Series(wkb, dtype=pl.Binary))
    measured = [None if s is None else round(area_km2(s), 4) for s in shapes]
    chunk.put("area_km2", pl.Series(measured, dtype=pl.Float64), derived=True)
    title = pl.Series([chunk.run.plan.title[:300]]).new_from_index(0, chunk.n)
    chunk.put("source", title, derived=True)


def _units(chunk: Chunk) -> list[Unit | None]:
    """For each row the one unit, present or former, with its code and name."""
    known = chunk.run.held.setdefault("units", Unit.objects.defer("geom").in_bulk())
    by_code: dict[str, list[Unit]] = {}
    for unit in known.values():
        by_code.setdefault(unit.code, []).append(unit)
    found: list[Unit | None] = []
    refused: dict[tuple[str, str], dict[int, str]] = {}
    cells = (chunk.text(t).to_list() for t in ("code", "name", "province_code"))
    for i, (code, name, province) in enumerate(zip(*cells, strict=True)):
        unit, term, rule, told = _unit(by_code, code, name, province)
        found.append(unit)
        if told:
            refused.setdefault((term, rule), {})[i] = told
    for (term, rule), rows in refused.items():
        chunk.refuse(_at(chunk.n, rows), term, rule, list(rows.values()))
    return found


def _unit(
    by_code: Mapping[str, Sequence[Unit]], code: str | None, name: str | None, province: str | None
) -> tuple[Unit | None, str, str, str]:
    """The unit of one row; else the cell, the rule and what is said."""
    if province and province != province_path():
        told = _("Thuộc tỉnh mã %(code)s, không phải tỉnh này.") % {"code": province}
        return None, "province_code", "other_province", told
    if not code:
        return None, "code", "", ""  # a required cell: the engine says so
    same = [*by_code.get(code, ()), *(by_code.get(code.zfill(5), ()) if len(code) < 5 else ())]
    if not same:
        told = _("Mã %(code)s không phải đơn vị hiện nay hay trước đây của tỉnh.") % {"code": code}
        return None, "code", "unknown_unit", told
    named = [u for u in same if not name or bare(u.name) == bare(name)]
    if not named:
        told = _("Mã %(code)s là của %(known)s, không khớp tên “%(name)s” trong tệp.") % {
            "code": code, "known": "; ".join(sorted(map(str, same))), "name": name,
        }  # fmt: skip
        return None, "name", "name_differs", told
    return min(named, key=lambda u: (u.valid_to is not None and u.kind not in DISTRICTS, u.path)), "", "", ""


def bare(name: str) -> str:
    """A unit's name folded and without its kind: `Xã Mù Cả` becomes `mu ca`."""
    folded = fold(name)
    return next((folded.removeprefix(w) for w in KIND_WORDS if folded.startswith(w)), folded)


def _shapes(chunk: Chunk) -> list[Any]:
    """For each row its polygon, valid and in the country; None where the row is refused for it."""
    shapes: list[Any] = [None] * chunk.n
    if chunk.wkb is not None:
        shapes = [None if b is None else shapely.from_wkb(b) for b in chunk.wkb.to_list()]
    if chunk.has(FOOTPRINT):
        written = shapely.from_wkt(np.array(chunk.text(FOOTPRINT).to_list(), object), on_invalid="ignore")
        shapes = [s if s is not None else w for s, w in zip(shapes, written.tolist(), strict=True)]
    table = next((t for t in chunk.run.source.tables if t.name == chunk.plan.table), None)
    unplaced = chunk.wkb is not None and table is not None and bool(table.metadata.get("raw"))
    refused: dict[str, dict[int, str]] = {}
    mended: list[str] = []
    for i, shape in enumerate(shapes):
        shapes[i], rule, told = _sound(shape, unplaced)
        if rule:
            refused.setdefault(rule, {})[i] = told
        elif told:
            mended.append(f"{chunk.rows[i]}: {told}")
    for rule, rows in refused.items():
        chunk.refuse(_at(chunk.n, rows), "_wkb", rule, list(rows.values()))
    if mended:
        told = _("Đã sửa hình không hợp lệ, diện tích không đổi: dòng %(rows)s.") % {
            "rows": "; ".join(mended)
        }
        chunk.run.notes.add("shape_mended", chunk.plan.table, "", told, n=len(mended))
    return shapes


def _sound(shape: Any, unplaced: bool) -> tuple[Any, str, str]:
    """The polygon made valid and what was mended; else None, the rule and the reason."""
    if shape is None and unplaced:
        told = _("Tệp không ghi hệ toạ độ (thiếu tệp .prj); chọn hệ toạ độ ở bước cột rồi kiểm tra lại.")
        return None, "no_system_of_shape", told
    if shape is None or shape.is_empty:
        return None, "no_shape", _("Không có hình.")
    if shape.geom_type not in {"Polygon", "MultiPolygon"}:
        told = _("Hình là %(kind)s; ranh giới phải là vùng.") % {"kind": shape.geom_type}
        return None, "not_an_area", told
    west, south, east, north = shape.bounds
    extent = load_country().extent
    if not (extent[0] <= west and extent[1] <= south and east <= extent[2] and north <= extent[3]):
        told = _(
            "Toạ độ (%(x).4f; %(y).4f) nằm ngoài Việt Nam: hãy kiểm tra hệ toạ độ và thứ tự kinh, vĩ."
        ) % {"x": west, "y": south}
        return None, "outside_country", told
    if shape.is_valid:
        return shape, "", ""
    why = shapely.is_valid_reason(shape)
    whole = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    if whole.is_empty or abs(whole.area - shape.area) > REPAIRABLE * max(whole.area, 1e-12):
        told = _("Hình không hợp lệ (%(why)s) và sửa sẽ làm đổi diện tích.") % {"why": why}
        return None, "invalid_shape", told
    return whole, "", why


def _apart(chunk: Chunk, units: Sequence[Unit | None], shapes: list[Any]) -> None:
    """Boundaries of one time and kind keep apart: a real overlap refuses both rows, a sliver is told."""
    earlier: list[tuple[Unit, Any]] = chunk.run.held.setdefault("boundaries", [])
    mine = [i for i in range(chunk.n) if units[i] is not None and not chunk.problems.refused[i]]
    taken = [*earlier, *((units[i], shapes[i]) for i in mine)]
    at = [None] * len(earlier) + mine
    tree = shapely.STRtree([shape for _u, shape in taken])
    refused: dict[int, list[str]] = {}
    slivers: list[str] = []
    for k in range(len(earlier), len(taken)):
        unit, shape = taken[k]
        for j in tree.query(shape, predicate="intersects").tolist():
            other, second = taken[j]
            if (
                j >= k
                or unit is None
                or other is None
                or other.path == unit.path
                or _layer(unit) != _layer(other)
            ):
                continue
            part = shape.intersection(second).area / min(shape.area, second.area)
            if part > REAL_OVERLAP:
                for place, name in ((at[k], other), (at[j], unit)):
                    if place is not None:
                        refused.setdefault(place, []).append(_overlap(name, part))
            elif part >= WORTH_A_WORD:
                slivers.append(f"{unit} – {other}: {as_text(round(100 * part, 2))} %")
    told = [" ".join(why) for _i, why in sorted(refused.items())]
    chunk.refuse(_at(chunk.n, refused), "_wkb", "boundaries_overlap", told)
    if slivers:
        sentence = _("Chồng lên nhau một dải hẹp, vẫn nhận: %(pairs)s.") % {"pairs": "; ".join(slivers)}
        chunk.run.notes.add("slivers", chunk.plan.table, "", sentence, n=len(slivers))
    earlier += [(units[i], shapes[i]) for i in mine if i not in refused]  # type: ignore[misc]


def _overlap(name: Unit, part: float) -> str:
    return _("Chồng lên %(name)s %(part).2f%% diện tích.") % {"name": name, "part": 100 * part}


def _layer(unit: Unit) -> tuple[bool, bool, bool]:
    return unit.kind in DISTRICTS, unit.kind == Unit.Kind.PROVINCE, unit.valid_to is not None


def area_km2(shape: Any) -> float:
    """Square kilometres on the WGS84 ellipsoid."""
    return abs(float(GEOD.geometry_area_perimeter(shape)[0])) / 1e6


def _tell_areas(chunk: Chunk, units: Sequence[Unit | None], shapes: Sequence[Any]) -> None:
    """An area far from the one in the books is told, not refused: lists and maps are measured differently."""
    far = []
    for i, (unit, shape) in enumerate(zip(units, shapes, strict=True)):
        if unit is None or shape is None or not unit.area_km2 or chunk.problems.refused[i]:
            continue
        measured = area_km2(shape)
        if abs(measured - unit.area_km2) > FAR_AREA * unit.area_km2:
            far.append(f"{unit} {as_text(round(measured, 2))} / {as_text(unit.area_km2)}")
    if far:
        told = _("Diện tích đo được khác danh mục (km², đo được / danh mục): %(units)s.") % {
            "units": "; ".join(far)
        }
        chunk.run.notes.add("area_differs", chunk.plan.table, "", told, n=len(far))


def _at(n: int, rows: Mapping[int, object] | dict[int, Any]) -> Any:
    where = np.zeros(n, bool)
    where[list(rows)] = True
    return where


def identify(chunk: Chunk, ids: pl.Series) -> pl.Series:
    """One boundary a unit: the row's id is made of the unit's path."""
    paths = chunk.out["unit_id"]
    own = source_ids(NAME, paths.fill_null(""))
    return ids.zip_with(paths.is_null(), own) if paths.null_count() else own


def finish(commit: Commit) -> None:
    """The units stand on the boundaries just written."""
    for frame in commit.stage.rows(NAME):
        stand(frame["unit_id"].to_list())


def undone(batch_id: str, ids: Sequence[str]) -> None:
    """The units stand as they did: on the boundary of before, else on the sketch."""
    stand(list(Boundary.objects.filter(pk__in=list(ids)).values_list("unit_id", flat=True)))


def afterwards(batch: ImportBatch) -> list[tuple[str, str]]:
    """Every located record lies in its commune again; how many moved, by book."""
    outbox.drain()
    event = AuditEvent.objects.filter(verb=REASSIGN, at__gte=batch.ended).order_by("-at").first()
    moved = event.new["moved"] if event is not None and event.new else {}
    return [
        (str(REGISTERS[name].label), _("%(n)s bản ghi đổi địa bàn") % {"n": as_text(n)})
        for name, n in moved.items()
        if n and name in REGISTERS
    ]


BOUNDARY = register(
    Target(
        name=NAME,
        model=Boundary,
        label=gettext_lazy("Ranh giới đơn vị hành chính"),
        key=Key(term="code", identify=identify),
        dataset=InDataset(held=False),
        suits=Suits(
            rank=40,
            aliases={
                **dict.fromkeys(CODES, "code"),
                **dict.fromkeys(NAMES, "name"),
                **dict.fromkeys(PROVINCES, "province_code"),
            },
        ),
        fields=(
            Field("code", gettext_lazy("mã đơn vị hành chính"), required=True),
            Field("name", gettext_lazy("tên đơn vị")),
            Field("province_code", gettext_lazy("mã tỉnh")),
            Field(FOOTPRINT, gettext_lazy("hình (WKT)")),
        ),
        prepare=prepare,
        steps=Steps(finish=finish, undone=undone, afterwards=afterwards),
    )
)
