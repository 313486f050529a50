"""What an administrator lays under the maps: shaded relief from an elevation raster, roads and rivers from map files.

Everything lies in the folder `ground` beside the database; without it the maps are plain.
"""

import json
import math
import re
from pathlib import Path

import numpy as np
import pyogrio.raw
import pyproj
import shapely
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from PIL import Image

from baoton.kit.access import Actor, require
from baoton.kit.writing import audit
from baoton.places.actions import GROUND
from baoton.places.terrain import MOST, folder, keep
from formats import FormatError
from formats.raster import open_raster, thinned

LINES = ("roads", "rivers")
SIDE, MARGIN, TOLERANCE_DEG = 1800, 0.05, 0.0003
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
    box = (bounds[0] - MARGIN, bounds[1] - MARGIN, bounds[2] + MARGIN, bounds[3] + MARGIN)
    heights, west, north, step_x, step_y = elevation(path, box)
    keep(heights, west, north, step_x, step_y)
    thin = max(1, -(-max(heights.shape) // SIDE))
    heights = heights[::thin, ::thin]
    south, east = north - step_y * thin * len(heights), west + step_x * thin * heights.shape[1]
    shade = shaded(heights, step_x * thin, step_y * thin, (north + south) / 2)
    picture = _toned(_mercator(shade, north, south))
    Image.fromarray(picture, "RGBA").save(folder() / "relief.png")
    corners = [[west, north], [east, north], [east, south], [west, south]]
    (folder() / "relief.json").write_text(json.dumps(corners), encoding="utf-8")
    return _("Đã dựng địa hình %(w)d × %(h)d điểm ảnh.") % {"w": picture.shape[1], "h": picture.shape[0]}


def elevation(path: Path, box: Box) -> tuple[Grid, float, float, float, float]:
    """Heights in metres of what lies in the box, from north to south, at most `MOST` a row or column; their western and
    northern edge and the steps in degrees. NaN is unknown.

    SRTM (.hgt), ESRI text grids (.asc) and GeoTIFF of any size in longitude and latitude are read; raises `ValueError`.
    """
    kind = path.suffix.lower()
    if kind == ".hgt":
        return _srtm(path, box)
    if kind not in {".asc", ".tif", ".tiff"}:
        raise ValueError(_("Tệp độ cao phải là .tif, .hgt hoặc .asc."))
    try:
        with open_raster(path, "wgs84" if kind == ".asc" else "") as raster:
            if raster.system.kind != "geographic":
                raise ValueError(_("Tệp .tif phải là một lớp độ cao theo kinh độ, vĩ độ (EPSG:4326)."))
            told = raster.west, raster.north, raster.step_x, raster.step_y
            top, bottom, left, right = _within(*raster.shape, told, box)
            heights, known = raster.read(top, bottom, left, right, MOST)
            thin = thinned(bottom - top, right - left, MOST)
    except FormatError as error:
        raise ValueError(error.en if get_language() == "en" else error.vi) from error
    heights[~known | (heights < -500)] = np.nan
    return heights, told[0] + left * told[2], told[1] - top * told[3], told[2] * thin, told[3] * thin


def _within(rows: int, columns: int, told: Box, box: Box) -> tuple[int, int, int, int]:
    """The rows and columns of the picture that lie in the box: from and to before."""
    west, north, step_x, step_y = told
    x0, x1 = (int(np.clip((x - west) / step_x, 0, columns)) for x in (box[0], box[2]))
    y0, y1 = (int(np.clip((north - y) / step_y, 0, rows)) for y in (box[3], box[1]))
    if x1 - x0 < 8 or y1 - y0 < 8:
        raise ValueError(_("Tệp độ cao không phủ lên tỉnh."))
    return y0, y1, x0, x1


def _srtm(path: Path, box: Box) -> tuple[Grid, float, float, float, float]:
    found = re.fullmatch(r"([NS])(\d{2})([EW])(\d{3})", path.stem.upper())
    side = math.isqrt(path.stat().st_size // 2)
    if found is None or 2 * side * side != path.stat().st_size or side < 2:
        raise ValueError(_("Tệp .hgt phải tên như N22E102.hgt và là một ô vuông."))
    lat = int(found[2]) * (1 if found[1] == "N" else -1)
    lon = int(found[4]) * (1 if found[3] == "E" else -1)
    step = 1 / (side - 1)
    top, bottom, left, right = _within(side, side, (float(lon), float(lat + 1), step, step), box)
    thin = thinned(bottom - top, right - left, MOST)
    data = np.memmap(path, ">i2", "r", shape=(side, side))[top:bottom:thin, left:right:thin]
    heights = np.where(data == -32768, np.nan, data)
    return heights, lon + left * step, lat + 1 - top * step, step * thin, step * thin


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
