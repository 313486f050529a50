"""The way to a square: cheaper along a road, dearer over steep ground, straight where nothing is known."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client
from pyproj import Transformer

from baoton.kit.access import System
from baoton.people.models import Person
from baoton.places import relief
from baoton.places.queries import seats
from baoton.surveys.proposing import ground, of_the_way
from baoton.surveys.proposing.travel import LEVEL_KMH, ROAD_KMH, walking

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
BOX = (102.2, 21.6, 103.8, 22.8)
ROAD_LAT, STEEP_FROM = 22.2, 103.0


def lay_heights(folder: Path) -> None:
    """Level ground in the west; in the east a comb of 150 m up and down, some 15 degrees."""
    side = 400
    lon = 102.0 + (np.arange(side) + 0.5) * 0.005
    comb = np.where(np.arange(side) // 2 % 2 == 0, 400.0, 700.0)
    rows = np.tile(np.where(lon < STEEP_FROM, 400.0, comb), (side, 1))
    head = (
        f"ncols {side}\nnrows {side}\nxllcorner 102.0\nyllcorner 21.3\ncellsize 0.005\nnodata_value -9999\n"
    )
    (folder / "cao.asc").write_text(head + "\n".join(" ".join(f"{v:.0f}" for v in row) for row in rows))
    relief.lay(System(), "relief", folder / "cao.asc", BOX)


def lay_road(folder: Path) -> None:
    line = {"type": "LineString", "coordinates": [[102.2, ROAD_LAT], [103.8, ROAD_LAT]]}
    made = {"type": "Feature", "geometry": line, "properties": {"name": "Đường thử"}}
    (folder / "duong.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [made]}))
    relief.lay(System(), "roads", folder / "duong.geojson", BOX)


def page() -> str:
    dung = Client()
    dung.force_login(Person.objects.get(username="dung"))
    return dung.get("/dieu-tra/tiep/").content.decode()


def test_walking_is_as_tobler_has_it_and_goes_in_zigzags_where_it_is_too_steep() -> None:
    hours = walking(np.array([0.0, 10.0, 45.0, np.nan]))
    assert hours[0] == pytest.approx((1 / LEVEL_KMH + 1 / (6 * np.exp(-3.5 * 0.05))) / 2) == hours[3]
    assert hours[1] == pytest.approx((1 / 2.718 + 1 / 3.856) / 2, rel=1e-3)  # up and down
    assert hours[2] == pytest.approx(3.5 * walking(np.degrees(np.arctan(np.array([1 / 3.5]))))[0])


def test_the_road_makes_near_and_the_slope_makes_far(tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path
    plain = ground()
    assert not plain.known and "Đường đi tính thẳng từ giữa xã" in page()
    lay_heights(tmp_path)
    sloped = ground()
    assert sloped.known == {"slope"} and "Chưa đặt mạng đường" in page()
    lon, lat = Transformer.from_crs(plain.zone, 4326, always_xy=True).transform(plain.x, plain.y)
    west, east = lon < STEEP_FROM - 0.1, lon > STEEP_FROM + 0.1
    near = np.array(list(seats().values()))
    off = np.min(np.hypot((lon[:, None] - near[:, 0]) * 103, (lat[:, None] - near[:, 1]) * 111), axis=1)
    assert (sloped.km[west] / np.maximum(off[west], 1)).max() < 1.5, "level ground is about the way itself"
    assert np.median(sloped.km[east & (off > 3)] / off[east & (off > 3)]) > 1.6
    lay_road(tmp_path)
    both = ground()
    assert both.known == {"roads", "slope"} and "giả định 20 km mỗi giờ" in page()
    along, away = np.abs(lat - ROAD_LAT) < 0.004, np.abs(lat - ROAD_LAT) > 0.1
    far = east & (off > 4)
    assert (both.km <= sloped.km + 1e-9).all()
    assert both.km[along & far].mean() < 0.6 * sloped.km[along & far].mean()
    assert both.km[along & far].mean() < both.km[away & far].mean()
    assert ROAD_KMH > LEVEL_KMH and "đất bằng" in of_the_way({"roads"})
    for name in ("roads.json", "heights.npy", "heights.json"):
        (tmp_path / "ground" / name).unlink()
    assert np.array_equal(ground().km, plain.km)
