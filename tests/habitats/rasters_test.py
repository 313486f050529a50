"""A raster sent to a page: hectares of each class by commune with what nobody knows, means by parcel, bad files."""

from io import BytesIO
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.custody.cases import of
from tests.habitats.ground import MU_CA, corner, loaded, row, square, version, written

from baoton.habitats.models import Version
from baoton.habitats.rasters import count
from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.places.queries import unit_name
from formats.tests.raster_test import keys, tif

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]


def test_classes_by_commune_and_means_by_parcel_keep_what_is_unknown(client: Client, tmp_path: Path) -> None:
    one = version()
    loaded(
        written(
            tmp_path / "a.geojson", [row("a", square(0, 0)), row("b", square(1, 0)), row("c", square(9, 9))]
        )
    )
    write.act(REGISTERS["habitats.version"], System(), Version.objects.get(pk=one.pk), "publish", {})
    west, south = corner()
    values = np.zeros((10, 20), np.uint8)  # over the two squares: class 3, class 5 with a corner of no data
    values[:, :10], values[:, 10:], values[:2, 15:] = 3, 5, 255
    path = tif(tmp_path / "a.tif", values, west, south + 0.005, 0.0005, keys(2, 2048, 4326), "255")
    told = count(path, "", False, Version.objects.get(pk=one.pk))
    by = {r.name: r for r in told.rows}
    assert told.columns == ["3", "5"] and told.without == 0
    assert by["a"].values == [pytest.approx(28.5, abs=0.3), 0.0] and by["a"].unknown == 0
    assert by["b"].values[1] == pytest.approx(0.9 * by["a"].values[0], rel=1e-3)
    assert by["b"].share == pytest.approx(10, abs=0.01) and by["c"].share == 100
    assert by["c"].values == [None, None], "of a place beyond the picture no class is 0 ha"
    means = {r.name: r for r in count(path, "", True, Version.objects.get(pk=one.pk)).rows}
    assert means["b"].values == [5.0, 5.0, 5.0] and means["c"].values == [None, None, None]
    client.force_login(of("lan"))
    sent = {"la": "ma", "theo": "xa", "he": ""}
    page = client.post("/rung/theo-anh/", sent | {"tep": SimpleUploadedFile("a.tif", path.read_bytes())})
    assert page.context["told"].whole.values[0] == pytest.approx(by["a"].values[0], rel=1e-3)
    words = page.content.decode()
    assert unit_name(MU_CA) in words and "không rõ (%)" in words
    file = client.post(
        "/rung/theo-anh/", sent | {"xlsx": "1", "tep": SimpleUploadedFile("a.tif", path.read_bytes())}
    )
    sheet = openpyxl.load_workbook(BytesIO(b"".join(file.streaming_content))).active
    assert sheet is not None
    rows = [[c.value for c in r] for r in sheet.iter_rows()]
    assert "không rõ (%)" in rows[0] and rows[-1][0] == "Cộng"
    assert rows[-1][3] == pytest.approx(by["a"].values[0], rel=1e-3)


def test_a_raster_that_cannot_be_counted_is_one_sentence(client: Client, tmp_path: Path) -> None:
    client.force_login(of("lan"))

    def asked(path: Path, **more: str) -> str:
        sent = {
            "la": "ma",
            "theo": "xa",
            "he": "",
            "tep": SimpleUploadedFile(path.name, path.read_bytes()),
        } | more
        return client.post("/rung/theo-anh/", sent).content.decode()

    west, south = corner()
    many = np.arange(400, dtype=np.uint16).reshape(20, 20)
    here = keys(2, 2048, 4326)
    assert "chọn tính trung bình" in asked(tif(tmp_path / "a.tif", many, west, south, 0.001, here))
    assert "kiểm tra hệ toạ độ" in asked(tif(tmp_path / "b.tif", many, 10.0, 50.0, 0.001, here))
    blind = tif(tmp_path / "c.tif", many, west, south, 0.001, keys(1, 3072, 32767))
    assert "chọn hệ toạ độ" in asked(blind) and "không có lô" in asked(blind, theo="lo")
    one = tif(tmp_path / "d.tif", np.ones((60, 60), np.uint8), 102.4, 22.5, 0.005, here)
    for system in ("vn2000-103-3", "utm48n", "vn2000-105-6"):
        assert "Ảnh không nằm trong tỉnh: kiểm tra hệ toạ độ" in asked(one, he=system)
    fine = tif(tmp_path / "e.tif", np.ones((60, 60), np.uint8), west, south, 1e-7, here)
    assert "Ô ảnh nhỏ bất thường" in asked(fine, la="so", he="wgs84")
    uneven = tif(tmp_path / "g.tif", np.full((20, 20), 1.5, np.float32), west, south, 0.001, here)
    assert "Ảnh có số lẻ (1,5) nên không phải mã lớp" in asked(uneven)
    (tmp_path / "rừng.tif").write_text("không phải ảnh")
    assert "Không đọc được “rừng.tif”: tệp hỏng" in asked(tmp_path / "rừng.tif")
    client.logout()
    assert client.get("/rung/theo-anh/").status_code == 302
