"""What an administrator lays under the maps: shaded relief from an elevation raster, roads and rivers from map files.

Everything lies in the folder `ground` beside the database; without it the maps are plain.
"""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pyproj
import shapely
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from baoton.kit.access import Actor, require
from baoton.kit.writing import audit
from baoton.places.actions import GROUND
from baoton.places.terrain import folder, keep

LINES = ("roads", "rivers")
SIDE, MARGIN, TOLERANCE_DEG = 1800, 0.05, 0.0003
MOST_CELLS = 400_000_000
SUN, HEIGHT = np.radians(315), np.radians(45)
Grid = NDArray[np.float64]
Box = tuple[float, float, float, float]


def lay(actor: Actor, what: str, path: Path, bounds: Box) -> str:
    """The file lies under the maps as relief, roads or rivers; a sentence of what was laid. Raises `ValueError`."""
    require(actor, GROUND)
    folder().mkdir(parents=True, exist_ok=True)
    told = _relief(path, bounds) if what == "relief" else _lines(what, path, bounds)
    audit.write(actor, GROUND, new={"what": what, "file": path.name})
    return told


def _relief(path: Path, bounds: Box) -> str:
    heights, west, north, step_x, step_y = elevation(path)
    box = (bounds[0] - MARGIN, bounds[1] - MARGIN, bounds[2] + MARGIN, bounds[3] + MARGIN)
    rows, columns = heights.shape
    x0, x1 = (int(np.clip((x - west) / step_x, 0, columns)) for x in (box[0], box[2]))
    y0, y1 = (int(np.clip((north - y) / step_y, 0, rows)) for y in (box[3], box[1]))
    if x1 - x0 < 8 or y1 - y0 < 8:
        raise ValueError(_("Tệp độ cao không phủ lên tỉnh."))
    heights, west, north = heights[y0:y1, x0:x1], west + x0 * step_x, north - y0 * step_y
    south, east = north - step_y * (y1 - y0), west + step_x * (x1 - x0)
    keep(heights, west, north, step_x, step_y)
    thin = max(1, -(-max(heights.shape) // SIDE))
    heights = heights[::thin, ::thin]
    shade = shaded(heights, step_x * thin, step_y * thin, (north + south) / 2)
    picture = _toned(_mercator(shade, north, south))
    Image.fromarray(picture, "RGBA").save(folder() / "relief.png")
    corners = [[west, north], [east, north], [east, south], [west, south]]
    (folder() / "relief.json").write_text(json.dumps(corners), encoding="utf-8")
    return _("Đã dựng địa hình %(w)d × %(h)d điểm ảnh.") % {"w": picture.shape[1], "h": picture.shape[0]}


def elevation(path: Path) -> tuple[Grid, float, float, float, float]:
    """Heights in metres from north to south, the western and northern edge, and the steps in degrees.

    SRTM (.hgt), ESRI text grids (.asc) and GeoTIFF in longitude and latitude are read; NaN is unknown.
    """
    kind = path.suffix.lower()
    if kind == ".hgt":
        return _srtm(path)
    if kind == ".asc":
        return _text_grid(path)
    if kind in {".tif", ".tiff"}:
        return _geotiff(path)
    raise ValueError(_("Tệp độ cao phải là .tif, .hgt hoặc .asc."))


def _srtm(path: Path) -> tuple[Grid, float, float, float, float]:
    found = re.fullmatch(r"([NS])(\d{2})([EW])(\d{3})", path.stem.upper())
    data = np.fromfile(path, ">i2")
    side = int(np.sqrt(len(data)))
    if found is None or side * side != len(data) or side < 2:
        raise ValueError(_("Tệp .hgt phải tên như N22E102.hgt và là một ô vuông."))
    lat = int(found[2]) * (1 if found[1] == "N" else -1)
    lon = int(found[4]) * (1 if found[3] == "E" else -1)
    heights = np.where(data == -32768, np.nan, data).reshape(side, side)
    return heights, float(lon), float(lat + 1), 1 / (side - 1), 1 / (side - 1)


def _text_grid(path: Path) -> tuple[Grid, float, float, float, float]:
    head: dict[str, float] = {}
    with path.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            words = line.split()
            if len(words) != 2 or not words[0][:1].isalpha():
                break
            head[words[0].lower()] = float(words[1])
    try:
        step, west, south = head["cellsize"], head["xllcorner"], head["yllcorner"]
        heights = np.loadtxt(path, skiprows=len(head), ndmin=2)
    except (KeyError, ValueError) as error:
        raise ValueError(_("Không đọc được tệp .asc.")) from error
    heights[heights == head.get("nodata_value", -9999)] = np.nan
    return heights, west, south + step * len(heights), step, step


def _geotiff(path: Path) -> tuple[Grid, float, float, float, float]:
    Image.MAX_IMAGE_PIXELS = MOST_CELLS
    too_large = _("Tệp .tif có quá nhiều ô (nhiều nhất %(n)d triệu); cắt theo khung của tỉnh rồi nạp lại.")
    too_large %= {"n": MOST_CELLS // 1_000_000}
    try:
        with Image.open(path) as picture:
            tags: Any = picture.tag_v2  # type: ignore[attr-defined]
            scale, tie, keys = tags.get(33550), tags.get(33922), tags.get(34735, ())
            if picture.width * picture.height > MOST_CELLS:
                raise ValueError(too_large)
            if _turned(tags.get(34264)):
                raise ValueError(
                    _("Tệp .tif bị xoay so với hướng bắc; nắn về lưới kinh độ, vĩ độ rồi nạp lại.")
                )
            if not keys:
                raise ValueError(
                    _("Tệp .tif không có hệ toạ độ; xuất lại từ phần mềm bản đồ theo EPSG:4326.")
                )
            heights = np.asarray(picture, dtype=np.float64)
    except Image.DecompressionBombError as error:
        raise ValueError(too_large) from error
    except (UnidentifiedImageError, OSError, AttributeError) as error:
        raise ValueError(_("Không đọc được tệp .tif.")) from error
    model = dict(zip(keys[4::4], keys[7::4], strict=False)).get(1024)
    if scale is None or tie is None or model != 2 or heights.ndim != 2:
        raise ValueError(_("Tệp .tif phải là một lớp độ cao theo kinh độ, vĩ độ (EPSG:4326)."))
    heights[heights < -500] = np.nan
    return heights, tie[3] - tie[0] * scale[0], tie[4] + tie[1] * scale[1], scale[0], scale[1]


def _turned(matrix: Any) -> bool:
    """Whether the raster's own affine matrix turns or shears it."""
    return matrix is not None and len(matrix) >= 6 and (abs(matrix[1]) > 1e-12 or abs(matrix[4]) > 1e-12)


def shaded(heights: Grid, step_x: float, step_y: float, lat: float) -> Grid:
    """How lit each cell is, 0 to 1, with the sun in the north-west as on printed maps; unknown heights are flat."""
    metres = 111_320.0
    known = np.where(np.isnan(heights), np.nanmean(heights) if np.isfinite(heights).any() else 0.0, heights)
    down, right = np.gradient(known, step_y * metres, step_x * metres * np.cos(np.radians(lat)))
    slope, aspect = np.arctan(np.hypot(down, right)), np.arctan2(down, -right)
    light = np.sin(HEIGHT) * np.cos(slope) + np.cos(HEIGHT) * np.sin(slope) * np.cos(SUN - np.pi / 2 - aspect)
    lit: Grid = np.clip(light, 0, 1)
    return lit


def _mercator(shade: Grid, north: float, south: float) -> Grid:
    """The rows spaced as the map spaces them."""
    top, bottom = (np.arcsinh(np.tan(np.radians(v))) for v in (north, south))
    lat = np.degrees(np.arctan(np.sinh(np.linspace(top, bottom, len(shade)))))
    rows = np.clip(
        np.round((north - lat) / (north - south) * (len(shade) - 1)).astype(int), 0, len(shade) - 1
    )
    spaced: Grid = shade[rows]
    return spaced


def _toned(shade: Grid) -> NDArray[np.uint8]:
    """Shadow as dark, light as white, level ground as nothing."""
    level = np.sin(HEIGHT)
    dark, bright = np.clip(level - shade, 0, 1) / level, np.clip(shade - level, 0, 1) / (1 - level)
    out = np.zeros((*shade.shape, 4), np.uint8)
    out[..., :3] = np.where(bright[..., None] > 0, 255, 30)
    out[..., 3] = np.clip(150 * dark + 120 * bright, 0, 255).astype(np.uint8)
    return out


def _lines(what: str, path: Path, bounds: Box) -> str:
    if what not in LINES:
        raise ValueError(_("Nền bản đồ gồm relief, roads, rivers."))
    try:
        meta, _index, wkb, columns = pyogrio.raw.read(path)
    except Exception as error:
        raise ValueError(_("Không đọc được tệp bản đồ %(name)s.") % {"name": path.name}) from error
    shapes = shapely.force_2d(shapely.from_wkb(wkb))
    if meta["crs"] and pyproj.CRS(meta["crs"]) != pyproj.CRS(4326):
        move = pyproj.Transformer.from_crs(meta["crs"], 4326, always_xy=True)
        shapes = shapely.transform(shapes, lambda xy: np.column_stack(move.transform(xy[:, 0], xy[:, 1])))
    names = dict(zip([str(f).lower() for f in meta["fields"]], columns, strict=True)).get("name")
    clipped = shapely.simplify(shapely.clip_by_rect(shapes, *bounds), TOLERANCE_DEG)
    features = [
        {
            "name": str(names[i] or "") if names is not None else "",
            "geometry": json.loads(shapely.to_geojson(one)),
        }
        for i, one in enumerate(shapely.set_precision(clipped, 1e-5))
        if not shapely.is_empty(one) and one.geom_type in {"LineString", "MultiLineString"}
    ]
    if not features:
        raise ValueError(_("Tệp không có đường nào trong tỉnh."))
    (folder() / f"{what}.json").write_text(json.dumps(features, ensure_ascii=False), encoding="utf-8")
    return _("Đã nhận %(n)d đường.") % {"n": len(features)}
