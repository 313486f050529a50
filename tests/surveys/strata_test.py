"""Strata of height and of habitat, no ground too steep: where an office has laid its ground, else it is said."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from django.test import Client
from django.urls import reverse
from tests.surveys.results_test import campaign

from baoton.habitats.models import Parcel, Version
from baoton.kit.access import System
from baoton.kit.writing.refusal import NotNow
from baoton.people.models import Person
from baoton.places import relief, terrain
from baoton.places.queries import outlines
from baoton.surveys.design.facts import in_words
from baoton.surveys.design.sample import Wanted, draw
from baoton.surveys.models import Campaign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]


def lay(folder: Path) -> None:
    """Heights that rise to the east, with one steep step in the middle of the commune."""
    side = 400
    lon = 102.0 + (np.arange(side) + 0.5) * 0.005
    heights = np.tile(np.where(lon < middle(), 500.0, 1300.0) + 20 * (lon - 102), (side, 1))
    head = (
        f"ncols {side}\nnrows {side}\nxllcorner 102.0\nyllcorner 21.3\ncellsize 0.005\nnodata_value -9999\n"
    )
    rows = "\n".join(" ".join(f"{v:.0f}" for v in row) for row in heights)
    (folder / "cao.asc").write_text(head + rows)
    relief.lay(System(), "relief", folder / "cao.asc", (102.2, 21.6, 103.8, 22.8))


def area() -> Any:
    return outlines()[campaign_area()]


def campaign_area() -> str:
    return "12/03388" if "12/03388" in outlines() else sorted(outlines())[0]


def middle() -> float:
    return round(float(area().centroid.x) / 0.005) * 0.005


def test_strata_of_height_hold_their_own_sites_and_the_step_is_left_out(
    tmp_path: Path, settings: Any
) -> None:
    settings.VAR = tmp_path
    one = campaign()
    one.area_path, one.geom = campaign_area(), None
    high = Wanted(sites=8, reserve=1, seed=7, heights=(900.0,), slope=30.0)
    with pytest.raises(NotNow, match="Chưa có mô hình độ cao"):
        draw(one, high)
    lay(tmp_path)
    ground = terrain.terrain()
    assert ground is not None
    drawn = draw(one, high)
    assert {s.stratum for s in drawn.sites} == {"dưới 900 m", "từ 900 m"}
    for site in drawn.sites:
        assert (ground.height([site.lon], [site.lat])[0] < 900) == (site.stratum == "dưới 900 m")
        assert ground.slope([site.lon], [site.lat])[0] <= 30
        assert site.inclusion and site.inclusion > 0
    told = in_words(drawn.told)
    assert "km² dốc hơn 30 độ" in told and "dưới 900 m" in told
    again = draw(one, high).sites
    assert [(s.lon, s.lat) for s in again] == [(s.lon, s.lat) for s in drawn.sites]


@pytest.mark.parametrize("length", [2_000, 12_000])
def test_every_line_lies_in_its_stratum_and_off_the_step(tmp_path: Path, settings: Any, length: int) -> None:
    settings.VAR = tmp_path
    lay(tmp_path)
    one, ground = campaign(), terrain.terrain()
    one.area_path, one.geom = campaign_area(), None
    drawn = draw(
        one, Wanted(sites=6, reserve=2, seed=5, shape="line", size=length, heights=(900.0,), slope=30.0)
    )
    assert ground is not None and len([s for s in drawn.sites if s.status == "planned"]) == 6
    assert drawn.told.count("không tuyến nào qua đó nằm gọn trong tầng") == (length > 5_000)
    for site in drawn.sites:
        walked = shapely.get_coordinates(
            shapely.segmentize(shapely.from_wkb(bytes(site.geom or b"")), 0.0003)
        )
        low = ground.height(walked[:, 0], walked[:, 1]) < 900
        assert low.all() if site.stratum == "dưới 900 m" else not low.any()
        assert (ground.slope(walked[:, 0], walked[:, 1]) <= 30).all()


def test_strata_of_habitat_come_from_the_published_map_alone() -> None:
    one = campaign()
    one.area_path, one.geom = campaign_area(), None
    wanted = Wanted(sites=6, seed=3, habitat=True, shape="cell", size=500)
    version = Version.objects.create(title="Hiện trạng thử", source="thử", valid_from=date(2020, 1, 1))
    west, south, east, north = area().bounds
    for code, kind, box in (
        ("1", "rich", (west, south, middle(), north)), ("2", "bamboo", (middle(), south, east, (south + north) / 2))
    ):  # fmt: skip
        parcel = Parcel(version=version, code=code, forest_class=kind, area_path=one.area_path)
        parcel.put(shapely.box(*box))
        parcel.save()
    with pytest.raises(NotNow, match="Chưa có bản đồ rừng"):
        draw(one, wanted)
    Version.objects.filter(pk=version.pk).update(status=Version.Status.PUBLISHED)
    drawn = draw(one, wanted)
    assert {s.stratum for s in drawn.sites} == {"rừng gỗ tự nhiên", "rừng tre nứa, hỗn giao, cau dừa"}
    for site in drawn.sites:
        assert site.lon is not None and (site.lon < middle()) == (site.stratum == "rừng gỗ tự nhiên")
    assert "Hiện trạng thử" in drawn.told and "không nằm trong lô nào" in drawn.told


def test_the_page_asks_for_strata_of_height_and_says_what_it_lacks(tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path
    one, lan = campaign(), Client()
    lan.force_login(Person.objects.get(username="lan"))
    Campaign.objects.filter(pk=one.pk).update(status="draft")
    here = reverse("survey-draw", args=[one.pk])
    given = {"sites": "4", "reserve": "0", "strata": "height", "heights": "700; 600", "slope": "35"}
    page = lan.post(here, given, follow=True).content.decode()
    assert "các mốc độ cao tăng dần" in page and "Bỏ nơi dốc hơn" in page
    page = lan.post(here, given | {"heights": "600; 700"}, follow=True).content.decode()
    said = "".join(line for line in page.splitlines() if "message" in line)
    assert "Chưa có mô hình độ cao" in said, said
