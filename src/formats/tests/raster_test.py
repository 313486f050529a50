"""Rasters: every cell in the polygon that holds its middle, areas as the ellipsoid has them, bad files one sentence."""

import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import rasterio
import shapely
import tifffile
from PIL import Image
from rasterio.transform import from_origin

from formats import FormatError, crs
from formats.raster import BOX, WINDOW, cells_in, open_raster

LONLAT = (34735, "H", 8, (1, 1, 0, 1, 1024, 0, 1, 2), True)


def keys(model: int, name: int, code: int) -> tuple:
    return (34735, "H", 12, (1, 1, 0, 2, 1024, 0, 1, model, name, 0, 1, code), True)


def tif(
    path: Path,
    values: Any,
    west: float,
    north: float,
    step: float,
    system: tuple,
    nodata: str = "",
    **packed: Any,
) -> Path:
    tags = [(33550, "d", 3, (step, step, 0), True), (33922, "d", 6, (0, 0, 0, west, north, 0), True), system]
    tags += [(42113, "s", 0, nodata, True)] if nodata else []
    tifffile.imwrite(path, values, extratags=tags, **packed)
    return path


def test_cells_lie_in_the_polygon_that_holds_their_middle_and_add_up_to_its_area(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    values = rng.integers(1, 5, (60, 80)).astype(np.uint8)
    raster = open_raster(tif(tmp_path / "a.tif", values, 102.5, 22.4, 0.001, keys(2, 2048, 4326)))
    hole = shapely.Point(102.53, 22.37).buffer(0.005)
    shapes = [shapely.Point(102.53, 22.37).buffer(0.018).difference(hole), shapely.box(102.55, 22.35, 102.57, 22.36),
              shapely.box(102.57, 22.39, 102.6, 22.41)]  # fmt: skip
    parts = list(cells_in(raster, shapes))
    who, row, column = (np.concatenate([p[i] for p in parts]) for i in range(3))
    x, y = raster.west + (column + 0.5) * raster.step_x, raster.north - (row + 0.5) * raster.step_y
    for i, shape in enumerate(shapes):
        across, down = np.meshgrid(np.arange(-5, 110), np.arange(-20, 70))
        inside = shapely.contains_xy(shape, 102.5 + (across + 0.5) * 0.001, 22.4 - (down + 0.5) * 0.001)
        assert (who == i).sum() == inside.sum() and shapely.contains_xy(shape, x[who == i], y[who == i]).all()
        m2 = raster.m2(row[who == i], column[who == i]).sum()
        assert m2 == pytest.approx(
            abs(pyproj.Geod(ellps="WGS84").geometry_area_perimeter(shape)[0]), rel=0.02
        )
    told, known = raster.at(row, column)
    assert (told[known] == values[row[known], column[known]]).all()
    assert (~known).sum() > 0 and (who[~known] == 2).all(), "beyond the picture nothing is known"


def test_vn2000_no_data_and_a_system_somebody_chooses(tmp_path: Path) -> None:
    east, north = (float(v[0]) for v in crs.from_lonlat(np.array([102.5]), np.array([22.4]), "vn2000-103-3"))
    values = np.full((40, 40), 7, np.int16)
    values[:20] = -9999
    path = tif(tmp_path / "a.tif", values, east, north, 100.0, keys(1, 3072, 32767), "-9999")
    with pytest.raises(FormatError, match="chọn hệ toạ độ"):
        open_raster(path)
    raster = open_raster(path, "vn2000-103-3")
    row, column = (v.ravel() for v in np.mgrid[0:40, 0:40])
    _told, known = raster.at(row, column)
    assert known.sum() == 800 and known[800:].all()
    assert raster.m2(row, column).mean() == pytest.approx(10_000, rel=5e-4)
    utm = tif(tmp_path / "b.tif", values, 240_000.0, 2_480_000.0, 100.0, keys(1, 3072, 32648))
    assert open_raster(utm).system.definition == "EPSG:32648"


def test_a_bad_raster_is_one_sentence(tmp_path: Path) -> None:
    plain, one = np.ones((8, 8), np.uint8), keys(2, 2048, 4326)
    turned = [(34264, "d", 16, (1e-3, 4e-4, 0, 102, 4e-4, -1e-3, 0, 23, 0, 0, 0, 0, 0, 0, 0, 1), True), one]
    tifffile.imwrite(tmp_path / "turned.tif", plain, extratags=turned)
    tifffile.imwrite(tmp_path / "nowhere.tif", plain)
    tif(tmp_path / "bands.tif", np.ones((8, 8, 3), np.uint8), 102, 22, 0.1, one)
    (tmp_path / "text.tif").write_text("không phải ảnh")
    for name, told in (("turned", "bị xoay"), ("nowhere", "không ghi nằm ở đâu"), ("bands", "3 lớp màu"),
                       ("text", "Không đọc được “text.tif”: tệp hỏng")):  # fmt: skip
        with pytest.raises(FormatError, match=told):
            open_raster(tmp_path / f"{name}.tif")


PROVINCE = [shapely.box(102.3, 21.7, 103.0, 22.8), shapely.box(103.0, 21.7, 103.9, 22.8)]


def most_memory(run: Any) -> float:
    """Megabytes at the highest while something runs."""
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("system", ["vn2000-103-3", "vn2000-105-6", "utm48n"])
def test_degrees_read_as_metres_are_told_at_once(tmp_path: Path, system: str) -> None:
    path = tif(tmp_path / "a.tif", np.ones((60, 60), np.uint8), 102.4, 22.5, 0.005, keys(2, 2048, 4326))

    def asked() -> None:
        with pytest.raises(FormatError, match="Ảnh không nằm trong tỉnh: kiểm tra hệ toạ độ"):
            open_raster(path, system, PROVINCE)

    assert most_memory(asked) < 50


def test_absurd_cells_are_refused_before_any_is_counted(tmp_path: Path) -> None:
    here = keys(2, 2048, 4326)
    for step, told in ((1e-7, "nhỏ bất thường"), (1e-5, "Gộp ô cho cạnh lớn gấp"),
                       (1e-300, "không nằm|nhỏ bất thường"), (50.0, "lớn bất thường"),
                       (1e300, "lớn bất thường|không nằm"), (float("nan"), "không ghi nằm ở đâu")):  # fmt: skip
        path = tif(tmp_path / "a.tif", np.ones((60, 60), np.uint8), 102.4, 22.5, step, here)

        def asked(path: Path = path, told: str = told) -> None:
            with pytest.raises(FormatError, match=told):
                open_raster(path, "", PROVINCE)

        assert most_memory(asked) < 50


def test_a_large_count_comes_in_parts_that_add_up(tmp_path: Path) -> None:
    path = tif(tmp_path / "a.tif", np.ones((60, 60), np.uint8), 102.4, 22.5, 0.0003, keys(2, 2048, 4326))
    raster = open_raster(path, "", PROVINCE)
    sizes = [len(who) for who, _row, _column in cells_in(raster, PROVINCE)]
    assert len(sizes) > 3 and max(sizes) < 2 * WINDOW
    assert sum(sizes) == pytest.approx(1.6 * 1.1 / 0.0003**2, rel=2e-3)


def test_a_picture_of_another_kind_is_named_as_its_sender_calls_it(tmp_path: Path) -> None:
    Image.new("L", (4, 4)).save(tmp_path / "x.tif", "PNG")
    with pytest.raises(FormatError, match=r"“rừng\.png” là ảnh PNG, không phải GeoTIFF"):
        open_raster(tmp_path / "x.tif", name="rừng.png")


@pytest.mark.parametrize(
    "packed",
    [
        {"tile": (256, 256), "compression": "zlib"},
        {"rowsperstrip": 7},
        {"rowsperstrip": 5000},
        {"bigtiff": True},
    ],
)
def test_scattered_cells_of_a_large_picture_are_read_in_windows(
    tmp_path: Path, packed: dict[str, Any]
) -> None:
    side = 5_000
    assert side * side > 5 * BOX
    values = (
        np.arange(side, dtype=np.int16)[:, None] * 3 + np.arange(side, dtype=np.int16)[None, :] * 7
    ).astype(np.int16)
    values[::50] = -9999
    path = tif(tmp_path / "a.tif", values, 102.0, 23.0, 0.0003, keys(2, 2048, 4326), "-9999", **packed)
    rng = np.random.default_rng(5)
    row, column = rng.integers(-40, side + 40, 20_000), rng.integers(-40, side + 40, 20_000)
    raised: list[float] = []
    with open_raster(path) as raster:

        def asked() -> None:
            told, known = raster.at(row, column)
            inside = (row >= 0) & (row < side) & (column >= 0) & (column < side)
            there = values[row.clip(0, side - 1), column.clip(0, side - 1)]
            assert (known == inside & (there != -9999)).all() and (told[known] == there[known]).all()

        raised.append(most_memory(asked))
    assert raised[0] < 120


def test_a_mask_and_a_scale_in_the_file_are_heeded_and_a_cut_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    about = {"driver": "GTiff", "width": 600, "height": 500, "count": 1, "dtype": "int16", "crs": "EPSG:4326"}
    with (
        rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True),
        rasterio.open(path, "w", transform=from_origin(102.4, 22.5, 0.001, 0.001), **about) as picture,
    ):
        picture.write(np.full((500, 600), 40, np.int16), 1)
        picture.scales, picture.offsets = (0.5,), (100.0,)
        seen = np.full((500, 600), 255, np.uint8)
        seen[:100] = 0
        picture.write_mask(seen)
    with open_raster(path) as raster:
        told, known = raster.at(np.array([50, 100, 499]), np.array([5, 5, 5]))
        assert known.tolist() == [False, True, True] and told[1:].tolist() == [120, 120]
    path = tif(
        tmp_path / "b.tif",
        np.ones((2000, 2000), np.uint8),
        102.4,
        22.5,
        0.0005,
        keys(2, 2048, 4326),
        rowsperstrip=10,
    )
    path.write_bytes(path.read_bytes()[:2_000_000])
    with (
        open_raster(path, name="lớp phủ.tif") as raster,
        pytest.raises(FormatError, match=r"“lớp phủ\.tif”: tệp hỏng"),
    ):
        raster.at(np.array([1990]), np.array([7]))


def test_a_grid_of_text_is_read_as_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"  # known by what it holds
    path.write_text(
        "ncols 3\nnrows 2\nxllcenter 102.5\nyllcenter 22.5\ncellsize 0.1\nnodata_value 0\n1 2 3\n4 0 6\n"
    )
    with pytest.raises(FormatError, match="chọn hệ toạ độ"):
        open_raster(path)
    with open_raster(path, "wgs84") as raster:
        assert (
            raster.shape == (2, 3)
            and raster.west == pytest.approx(102.45)
            and raster.north == pytest.approx(22.65)
        )
        told, known = raster.at(np.array([0, 1, 1]), np.array([2, 1, 2]))
        assert known.tolist() == [True, False, True] and told[[0, 2]].tolist() == [3, 6]
