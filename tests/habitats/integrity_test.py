"""How whole the habitats of a map are: patches, core and edge as a ruler gives them; gaps listed with their place."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.custody.cases import of
from tests.habitats.ground import MU_CA, loaded, row, square, version, written

from baoton.habitats import actions
from baoton.habitats.integrity import ground, joined, told
from baoton.habitats.models import Extent, Gap, Version
from baoton.kit import jobs
from baoton.kit.access import System
from baoton.kit.models import Job
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
SIDE_M = 0.005 * 111_000


def test_patches_core_edge_and_gaps_are_those_a_ruler_gives(client: Client, tmp_path: Path) -> None:
    one = version()
    hole = square(1.4, 0.4, 0.0005)
    rows = [row("a", square(0, 0)), row("b", square(1, 0).difference(hole)), row("c", square(4, 0)),
            row("d", square(0, 2), "NN")]  # fmt: skip
    book = REGISTERS["habitats.version"]
    with pytest.raises(NotNow, match="Chưa nạp lô nào"):
        write.act(book, System(), one, "look", {})
    loaded(written(tmp_path / "a.geojson", rows))
    client.force_login(of("lan"))
    assert "Toàn vẹn" not in client.get(book.url(one)).content.decode()
    write.act(book, of("dung"), Version.objects.get(pk=one.pk), "look", {"edge_m": 50})
    (gap,) = Gap.objects.all()
    assert gap.area_path == MU_CA and gap.m2 == pytest.approx(55.4 * 51.4, rel=0.01)
    assert shapely.hausdorff_distance(shapely.from_wkb(bytes(gap.geom or b"")), hole) < 1e-7
    look = told(Version.objects.get(pk=one.pk))
    assert look is not None and look["gaps"] == 1 and look["gap_m2"] == gap.m2
    with CaptureQueriesContext(connection) as asked:
        assert told(Version.objects.get(pk=one.pk)) == look
    assert not any("habitats_gap" in q["sql"] for q in asked), (
        "gaps are summed when they are found, not when read"
    )
    wood, farm = look["lines"]
    wide, high = 0.005 * 103_000, 0.005 * 110_750
    assert (wood["patches"], farm["patches"]) == (2, 1)
    assert wood["largest"] == pytest.approx(2 * wide * high / 1e4, rel=0.01)
    assert farm["core"] == pytest.approx((wide - 100) * (high - 100) / 1e4, rel=0.01)
    assert farm["edge"] == pytest.approx(2 * (wide + high) / 1000, rel=0.01)
    # two patches 1,030 m apart are not linked at 1,000 m: ECA² is the sum of squares
    assert wood["eca"] == pytest.approx(
        (wood["largest"] ** 2 + (wood["ha"] - wood["largest"]) ** 2) ** 0.5, rel=1e-3
    )
    write.act(book, of("dung"), Version.objects.get(pk=one.pk), "look", {"edge_m": 50, "link_m": 2000})
    assert Gap.objects.count() == 1, "a second look lists nothing twice"
    linked = told(Version.objects.get(pk=one.pk))
    assert linked is not None and linked["lines"][0]["eca"] > wood["eca"]
    page = client.get(book.url(one)).content.decode()
    assert "Rìa sâu 50 m" in page and "1 khe hở, cộng" in page and "Rừng gỗ tự nhiên" in page
    assert client.get(f"/so/habitats-gap/{Gap.objects.get().pk}/").status_code == 200


def test_parcels_that_overlap_or_miss_a_corner_are_joined_as_the_others() -> None:
    rng = np.random.default_rng(4)
    flat = np.array(
        [shapely.box(x, y, x + 100, y + 100) for x in range(0, 900, 100) for y in range(0, 900, 100)]
    )
    flat = flat[rng.random(len(flat)) < 0.7]
    moved = flat.copy()
    moved[::7] = shapely.transform(moved[::7], lambda xy: xy + 5)  # over its neighbours, or away from them
    bow = shapely.Polygon([(2000, 0), (2100, 100), (2100, 0), (2000, 100)])
    for shapes in (flat, moved, np.append(moved, bow)):
        parts, whole = joined(shapes, 0.01), shapely.union_all(shapely.make_valid(shapes))
        assert shapely.area(parts).sum() == pytest.approx(whole.area, abs=0.5)
        assert shapely.union_all(parts).symmetric_difference(whole).area < 0.5
    assert (
        len(joined(np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(5, 5, 6, 6)])))
        == 2
    )


def test_a_big_map_is_published_as_a_job_and_its_page_says_so(
    client: Client, tmp_path: Path, settings: Any, django_capture_on_commit_callbacks: Any, monkeypatch: Any
) -> None:
    one, book = version(), REGISTERS["habitats.version"]
    loaded(written(tmp_path / "a.geojson", [row("a", square(0, 0)), row("b", square(1, 0))]))
    monkeypatch.setattr(actions, "AT_ONCE", 1)
    settings.JOBS_INLINE = False
    client.force_login(of("lan"))
    with django_capture_on_commit_callbacks(execute=True):
        write.act(book, of("dung"), Version.objects.get(pk=one.pk), "publish", {})
    (job,) = Job.objects.filter(kind="habitats.tally")
    assert (
        "đang được cộng ở nền" in client.get(book.url(one)).content.decode() and not Extent.objects.exists()
    )
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result_url) == ("done", book.url(one)), job.message
    assert Extent.objects.get().parcels == 2
    assert "đang được cộng ở nền" not in client.get(book.url(one)).content.decode()


def test_a_map_read_in_neighbourhoods_tells_the_same(tmp_path: Path, monkeypatch: Any) -> None:
    one, book = version(), REGISTERS["habitats.version"]
    rng = np.random.default_rng(3)
    hole = square(2.4, 2.4, 0.0004)
    rows = [
        row(f"{i}-{j}", square(i, j).difference(hole), str(rng.choice(["TXB", "TXN", "NN"])))
        for i in range(6) for j in range(6)
    ]  # fmt: skip
    loaded(written(tmp_path / "a.geojson", rows))
    asked = {"edge_m": 60, "link_m": 800}

    def looked() -> dict[str, Any]:
        write.act(book, of("dung"), Version.objects.get(pk=one.pk), "look", asked)
        found = Version.objects.get(pk=one.pk).looked
        assert found is not None
        return {k: v for k, v in found.items() if k != "at"}

    whole = looked()
    monkeypatch.setattr(ground, "PART", 4)
    monkeypatch.setattr(ground, "CORNERS", 8)
    parts = looked()
    assert parts["gaps"] == whole["gaps"] == 1 and parts["gap_m2"] == whole["gap_m2"]
    for a, b in zip(whole["classes"], parts["classes"], strict=True):
        assert (a["key"], a["patches"], a["used"]) == (b["key"], b["patches"], b["used"])
        for name in ("m2", "core", "edge", "largest", "middle", "eca", "iic"):
            assert b[name] == pytest.approx(a[name], rel=1e-6), name
