"""Parcels of one map version from a map file: codes read, shapes mended by one rule, areas measured."""

import csv
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import shapely
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from baoton.habitats.models import FORESTED, NATURAL, ForestClass, Function, Origin, Parcel, Version
from baoton.habitats.queries import province
from baoton.habitats.topology import Found, Laid, lay, sound, within_border
from baoton.kit.access import reach_of
from baoton.kit.cells import box_keys
from baoton.kit.importing.chunk import Chunk
from baoton.kit.importing.keys import source_ids
from baoton.kit.importing.rules import RULES
from baoton.kit.importing.run import Run
from baoton.kit.importing.target import Field, InDataset, Key, Suits, Target, Tells, register
from baoton.kit.kinds.words import as_text
from baoton.kit.pages.areas import areas as drawing
from baoton.kit.pages.charts import Row
from baoton.kit.place import Disclosure
from baoton.kit.text import fold
from baoton.places.queries import NO_CELL, assign, holder, outlines, place_columns, shares, unit_name
from formats import crs
from formats.placing import FOOTPRINT

NAME = "habitats.parcel"
DRAWN = 500
RULES.update(
    {
        "no_version": gettext_lazy("chưa rõ nạp vào bản đồ nào"),
        "version_closed": gettext_lazy("bản đồ đã công bố"),
        "no_shape": gettext_lazy("không có hình"),
        "no_system_of_shape": gettext_lazy("hình chưa rõ hệ toạ độ"),
        "not_an_area": gettext_lazy("hình không phải vùng"),
        "invalid_shape": gettext_lazy("hình không hợp lệ"),
        "outside_province": gettext_lazy("ngoài tỉnh"),
        "duplicate_shape": gettext_lazy("trùng hình"),
        "parcels_overlap": gettext_lazy("chồng lên lô khác"),
        "class_differs": gettext_lazy("nguồn gốc trái với trạng thái"),
    }
)
FUNCTIONS = {"dd": "special", "ph": "protection", "sx": "production", "ddung": "special", "phong ho": "protection",
             "dac dung": "special", "san xuat": "production", "ngoai 3 loai rung": "outside",
             "ngoai quy hoach": "outside"}  # fmt: skip
ORIGINS = {"tu nhien": "natural", "trong": "planted", "tn": "natural", "rt": "planted"}


@cache
def forest_codes() -> dict[str, tuple[str, str]]:
    """The class and origin of each code of the national forest status, as far as remembered."""
    path = Path(__file__).parent / "data" / "forest_codes.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {fold(row["code"]): (row["class"], row["origin"]) for row in csv.DictReader(file)}


def _said(choices: Any, more: dict[str, str]) -> dict[str, str]:
    return {**{fold(str(label)): value for value, label in choices.choices}, **more,
            **{value: value for value in choices.values}}  # fmt: skip


def prepare(chunk: Chunk) -> None:
    """Each row has its version, class, mended shape, measured area and commune, or is refused with the reason."""
    version = _version(chunk)
    _classes(chunk)
    codes = _codes(chunk)
    tolerance = version.tolerance if version is not None else 1.0
    found = sound(_shapes(chunk), tolerance)
    _unplaced(chunk, found)
    within_border(found, province())
    for i in np.flatnonzero(chunk.problems.refused).tolist():
        found.shapes[i] = None
    lay(found, [str(c) for c in codes.to_list()], _laid(chunk, version), tolerance)
    _refuse(chunk, found)
    _put(chunk, found)
    _count(chunk, found, version)


def _version(chunk: Chunk) -> Version | None:
    """The one draft that the rows go into; every row is refused where none is named."""
    held = chunk.run.held
    if "versions" not in held:
        reach = reach_of(chunk.run.actor.scopes("habitats.version.see"), Version)
        rows = Version.objects.filter(withdrawn__isnull=True)
        rows = rows.none() if reach.none else rows if reach.all else rows.filter(reach.test)
        held["versions"] = {fold(v.title): v for v in rows}
    named = chunk.text("version")
    known: dict[str, Version] = held["versions"]
    words = named.drop_nulls().unique().to_list()
    meant = {w: known.get(fold(w)) for w in words}
    drafts = ", ".join(f"“{v.title}”" for v in known.values() if v.status == Version.Status.DRAFT)
    told = _("Ghi tên bản đồ mà các lô thuộc về, ở bước cột. Đang nạp được: %(drafts)s.") % {
        "drafts": drafts or "—"
    }
    chunk.refuse(
        named.is_null() | named.is_in([w for w in words if meant[w] is None]), "version", "no_version", told
    )
    shut = [w for w, v in meant.items() if v is not None and v.status != Version.Status.DRAFT]
    told = _("Bản đồ này đã công bố, không nạp thêm được; mở lại bản đồ, hoặc lập bản đồ mới.")
    chunk.refuse(named.is_in(shut), "version", "version_closed", told)
    good = {v.pk: v for v in meant.values() if v is not None}
    if len(good) > 1:
        told = _("Một tệp chỉ nạp vào một bản đồ; tách tệp theo bản đồ.")
        chunk.refuse(named.is_not_null(), "version", "no_version", told)
    one = next(iter(good.values()), None)
    ids = [None if w is None or meant.get(w) is None else meant[w].pk.hex for w in named.to_list()]  # type: ignore[union-attr]
    chunk.put("version_id", pl.Series(ids, dtype=pl.String))
    return one


def _codes(chunk: Chunk) -> pl.Series:
    """The parcel's code: the file's own, else compartment, block and plot, else the key made of the row."""
    parts = [chunk.text(t).str.strip_chars() for t in ("commune", "compartment", "block", "plot")]
    made = pl.Series(
        ["-".join(p for p in row if p) if row[3] or row[2] else None for row in zip(*parts, strict=True)],
        dtype=pl.String,
    )
    codes = chunk.text("code").fill_null(made).fill_null(chunk.keys)
    chunk.put("code", codes.str.slice(0, 80))
    return codes


def _classes(chunk: Chunk) -> None:
    """The class as words or as a code of the forest status; an origin that is not said follows from the class."""
    words = chunk.text("forest_class")
    codes, said = forest_codes(), _said(ForestClass, {})
    meant = {w: codes.get(fold(w)) or ((said[fold(w)], "") if fold(w) in said else None)
             for w in words.drop_nulls().unique().to_list()}  # fmt: skip
    coded = sorted(w for w in meant if fold(w) in codes)
    if coded:
        told = _("Nghĩa của mã trạng thái rừng như %(code)s ghi theo trí nhớ, chưa đối chiếu văn bản; xem lại ở bước "
                 "giá trị trước khi nạp.") % {"code": coded[0]}  # fmt: skip
        chunk.run.notes.add("codes_remembered", chunk.plan.table, "", told, n=int(words.is_in(coded).sum()))
    strange = [w for w, m in meant.items() if m is None]
    told = _("Trạng thái rừng không có trong danh sách: %(allowed)s, hoặc mã như TXG, TXB, RTG. Chỉ rõ nghĩa ở bước "
             "giá trị.") % {"allowed": ", ".join(str(x) for x in ForestClass.labels)}  # fmt: skip
    chunk.refuse(words.is_in(strange).fill_null(False), "forest_class", "unknown_value", told)
    classes = [None if w is None or meant[w] is None else meant[w][0] for w in words.to_list()]  # type: ignore[index]
    by_class = {**dict.fromkeys(NATURAL, "natural"), "plantation": "planted"}
    origin = chunk.out.get("origin")
    stated = [None] * chunk.n if origin is None else origin.to_list()
    follows = [None if c is None else by_class.get(c, "none") for c in classes]
    differs = [s is not None and f is not None and s != f and c in FORESTED
               for s, f, c in zip(stated, follows, classes, strict=True)]  # fmt: skip
    told = _("Nguồn gốc không khớp với trạng thái rừng của lô; sửa một trong hai ô.")
    chunk.refuse(pl.Series(differs), "origin", "class_differs", told)
    chunk.put("forest_class", pl.Series(classes, dtype=pl.String))
    both = [s if s is not None and c is None else f for s, f, c in zip(stated, follows, classes, strict=True)]
    chunk.put("origin", pl.Series(both, dtype=pl.String))


def _shapes(chunk: Chunk) -> Any:
    shapes = np.full(chunk.n, None, dtype=object)
    if chunk.wkb is not None:
        shapes = np.array(shapely.from_wkb(np.array(chunk.wkb.to_list(), dtype=object)), dtype=object)
    if chunk.has(FOOTPRINT):
        written = shapely.from_wkt(np.array(chunk.text(FOOTPRINT).to_list(), object), on_invalid="ignore")
        blank = shapely.is_missing(shapes)
        shapes[blank] = written[blank]
    return shapes


def _unplaced(chunk: Chunk, found: Found) -> None:
    """A layer in a system nobody stated has no place: the person is asked, the likeliest are named."""
    table = next((t for t in chunk.run.source.tables if t.name == chunk.plan.table), None)
    raw = table.metadata.get("raw") if table is not None else None
    if not raw:
        return
    told = _("Lớp bản đồ không nói hệ toạ độ (thiếu tệp .prj); chọn hệ toạ độ ở bước cột rồi kiểm tra lại.")
    likely = chunk.run.held.setdefault("likely", systems_of(np.array(raw, float)))
    if likely:
        told += " " + _("Rơi vào tỉnh nếu đọc theo: %(systems)s.") % {"systems": "; ".join(likely)}
    for i, (rule, _why) in list(found.refused.items()):
        if rule == "no_shape":
            found.refused[i] = ("no_system_of_shape", told)


def systems_of(xy: Any) -> list[str]:
    """The systems in which most of the points (x, y) lie in the province, by name."""
    names = []
    for system in crs.systems():
        if system.kind == "projected" and not (np.abs(xy).max() > 1000):
            continue
        lon, lat = crs.to_lonlat(xy[:, 0], xy[:, 1], system)
        inside = np.isfinite(lon) & (np.abs(lat) < 90)
        paths, _then = assign(np.where(inside, lon, np.nan), np.where(inside, lat, np.nan))
        if np.mean(paths != "") > 0.7:
            names.append(system.en if get_language() == "en" else system.vi)
    return names[:3]


def _laid(chunk: Chunk, version: Version | None) -> Laid:
    """The parcels of the version that stand already; those this file brings again are left to the file."""
    held = chunk.run.held
    if "laid" not in held:
        held["laid"] = laid = Laid()
        rows = Parcel.objects.filter(version=version, withdrawn__isnull=True, geom__isnull=False)
        stored = list(rows.values_list("code", "geom")) if version is not None else []
        if stored:
            column = chunk.columns.get("code")
            table = next(t for t in chunk.run.source.tables if t.name == chunk.plan.table)
            here: set[str] = set()
            for batch in table.batches(25_000) if column in table.columns else ():
                here.update(str(c) for c in batch.column(column).to_pylist() if c is not None)
            if not here:
                here = set(chunk.out["code"].to_list())
            others = [(code, geom) for code, geom in stored if code not in here]
            shapes = shapely.from_wkb([bytes(g) for _c, g in others if g is not None])
            laid.add(shapes, [c for c, _g in others])
    return held["laid"]  # type: ignore[no-any-return]


def _refuse(chunk: Chunk, found: Found) -> None:
    by: dict[str, dict[int, str]] = {}
    for i, (rule, told) in found.refused.items():
        by.setdefault(rule, {})[i] = told
    for rule, rows in by.items():
        where = np.zeros(chunk.n, bool)
        where[sorted(rows)] = True
        chunk.refuse(where, "_wkb", rule, [rows[i] for i in sorted(rows)])


def _put(chunk: Chunk, found: Found) -> None:
    """The table's columns: geometry with box and key, commune, areas, and what was mended."""
    n, good = chunk.n, ~shapely.is_missing(found.shapes)
    chunk.put("geom", pl.Series(shapely.to_wkb(found.shapes).tolist(), dtype=pl.Binary))
    boxes = np.full((n, 4), np.nan)
    boxes[good] = shapely.bounds(found.shapes[good])
    for k, name in enumerate(("min_x", "min_y", "max_x", "max_y")):
        chunk.put(name, pl.Series(boxes[:, k], nan_to_null=True), derived=True)
    middle = shapely.point_on_surface(found.shapes)
    level = np.full(n, Disclosure.AS_IS)
    placed = place_columns(shapely.get_x(middle), shapely.get_y(middle), level)
    keys = np.full(n, NO_CELL, np.int64)
    if good.any():
        keys[good] = box_keys(*boxes[good].T)
    units = np.full(n, "", dtype=object)
    units[good] = [holder(told) for told in shares(found.shapes[good].tolist())]
    for name, values in (("cell", keys), ("shown_cell", placed["shown_cell"])):
        series = pl.Series(values)
        chunk.put(name, series.set(series == NO_CELL, None), derived=True)
    for name in ("shown_x", "shown_y", "shown_uncertainty_m"):
        chunk.put(name, pl.Series(placed[name], nan_to_null=True), derived=True)
    for name in ("area_path", "shown_area_path"):
        chunk.put(name, pl.Series(units.tolist(), dtype=pl.String), derived=True)
    chunk.put("hectares", pl.Series(np.round(found.m2 / 10_000, 4)), derived=True)
    chunk.put("flaw", pl.Series(found.flaw), derived=True)
    chunk.put("flaw_note", pl.Series(found.note), derived=True)
    changed = np.where(np.array(found.flaw) == "none", np.nan, np.round(found.change / 10_000, 4))
    chunk.put("flaw_ha", pl.Series(changed, nan_to_null=True), derived=True)


def _count(chunk: Chunk, found: Found, version: Version | None) -> None:
    """What the import's page sums up: hectares measured and of the sheet, flaws, where they are."""
    told = chunk.run.held.setdefault(
        "told", {"m2": 0.0, "both": 0.0, "sheet": 0.0, "change": 0.0, "flaws": {}, "points": [], "units": {}}
    )
    good = ~chunk.problems.refused
    stated = chunk.out["stated_ha"].to_numpy() if "stated_ha" in chunk.out else np.full(chunk.n, np.nan)
    stated = np.asarray(stated, float)
    told["m2"] += float(found.m2[good].sum())
    told["sheet"] += float(np.nansum(stated[good]))
    told["both"] += float(found.m2[good & np.isfinite(stated)].sum())
    told["change"] += float(found.change[good].sum())
    for flaw in found.flaw:
        if flaw != "none":
            told["flaws"][flaw] = told["flaws"].get(flaw, 0) + 1
    told["points"] += found.places[: max(0, DRAWN - len(told["points"]))]
    units, counts = np.unique(chunk.out["area_path"].filter(pl.Series(good)).to_numpy(), return_counts=True)
    for unit, count in zip(units.tolist(), counts.tolist(), strict=True):
        told["units"][unit] = told["units"].get(unit, 0) + count
    if version is not None:
        told["title"] = version.title


def summary(run: Run) -> list[tuple[str, str]]:
    """Hectares on the ellipsoid beside the sheet's own, and what was mended."""
    told = run.held.get("told")
    if not told:
        return []
    facts = [(_("Bản đồ"), told.get("title", "—")),
             (_("Diện tích đo trên ellipsoid (ha)"), as_text(round(told["m2"] / 10_000, 2)))]  # fmt: skip
    if told["sheet"]:
        differ = told["both"] / 10_000 - told["sheet"]
        facts.append((_("Diện tích ghi trong tờ bản đồ (ha)"), as_text(round(told["sheet"], 2))))
        facts.append((_("Chênh lệch (ha)"), as_text(round(differ, 2))))
    words = dict(Parcel.Flaw.choices)
    facts += [(str(words[flaw]).capitalize(), as_text(n)) for flaw, n in sorted(told["flaws"].items())]
    if told["change"]:
        facts.append((_("Sửa hình làm đổi (ha)"), as_text(round(told["change"] / 10_000, 4))))
    return facts


def places(run: Run) -> dict[str, Any]:
    told = run.held.get("told") or {}
    return {"units": told.get("units", {}), "points": told.get("points", [])}


def draw(told: dict[str, Any]) -> Any:
    """The communes by number of parcels, each place of a flaw a dot."""
    units = told.get("units", {})
    rows = {path: Row(unit_name(path), units.get(path)) for path in outlines()}
    shapes = outlines()
    points = [(x, y) for x, y in told.get("points", [])]
    return drawing(
        _("Các lô theo xã; chấm là chỗ hình bị sửa hoặc bị từ chối"), rows, shapes, _("lô"), points
    )


def propose(one: Any, table: Any) -> None:
    """Where one map alone is being loaded, the parcels are of that one."""
    drafts = Version.objects.filter(withdrawn__isnull=True, status=Version.Status.DRAFT)
    titles = list(drafts.values_list("title", flat=True)[:2])
    if len(titles) == 1 and "version" not in one.columns.values():
        one.constants.setdefault("version", titles[0])


def identify(chunk: Chunk, ids: pl.Series) -> pl.Series:
    """One parcel a code and version."""
    both = [f"{v}/{c}" for v, c in zip(chunk.out["version_id"], chunk.out["code"], strict=True)]
    return source_ids(NAME, pl.Series(both))


PARCEL = register(
    Target(
        name=NAME,
        model=Parcel,
        label=gettext_lazy("Lô rừng và sinh cảnh"),
        key=Key(term="code", identify=identify),
        dataset=InDataset(held=False),
        suits=Suits(
            rank=45,
            propose=propose,
            aliases={
                "thuad": "code", "ma_lo": "code", "malo": "code", "tk": "compartment", "tieukhu": "compartment",
                "khoanh": "block", "lo": "plot", "dtich": "stated_ha", "dien_tich": "stated_ha", "ldlr": "forest_class",
                "trang_thai": "forest_class", "nggocr": "origin", "nguon_goc": "origin", "mdsd": "function",
                "malr3": "function", "chuc_nang": "function", "maxa": "commune", "churung": "tenure",
            },
        ),
        fields=(
            Field("version", gettext_lazy("bản đồ")),
            Field("code", gettext_lazy("mã lô")),
            Field("commune", gettext_lazy("mã xã trong mã lô")),
            Field("compartment", gettext_lazy("tiểu khu"), "compartment"),
            Field("block", gettext_lazy("khoảnh"), "block"),
            Field("plot", gettext_lazy("lô"), "plot"),
            Field("function", gettext_lazy("chức năng"), "function", kind="code", values=_said(Function, FUNCTIONS)),
            Field("origin", gettext_lazy("nguồn gốc"), "origin", kind="code", values=_said(Origin, ORIGINS)),
            Field("forest_class", gettext_lazy("trạng thái"),
                  values={**_said(ForestClass, {}), **{k: v for k, (v, _o) in forest_codes().items()}}),
            Field("ecosystem", gettext_lazy("hệ sinh thái"), "ecosystem"),
            Field("tenure", gettext_lazy("chủ rừng"), "tenure", kind="code", values=_said(Parcel.Tenure, {})),
            Field("stated_ha", gettext_lazy("diện tích ghi trong tờ bản đồ (ha)"), "stated_ha", kind="number"),
            Field(FOOTPRINT, gettext_lazy("hình (WKT)")),
        ),
        prepare=prepare,
        tells=Tells(summary=summary, places=places, draw=draw),
    )
)  # fmt: skip
