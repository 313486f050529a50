"""Works in the table of FERM: its columns and words, what is not known blank, no guarded place in any byte."""

from io import BytesIO
from pathlib import Path

import openpyxl
import pyogrio.raw
import pytest
import shapely
from django.test import Client
from tests.custody.cases import of
from tests.habitats.ground import square
from tests.habitats.works_test import DONE, done, planned

from baoton.habitats.models import Work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]


def test_works_stand_in_the_columns_of_ferm_and_guarded_ones_do_not(client: Client, tmp_path: Path) -> None:
    client.force_login(of("lan"))
    assert "Chỉ đếm công trình bạn được xem" in client.get("/phuc-hoi/ferm/").content.decode()
    first = done(0)
    second = planned(3, kind="corridor")
    secret = planned(6, kind="wetland")
    Work.objects.filter(pk=secret.pk).update(disclosure=1)
    client.force_login(of("lan"))
    page = client.get("/phuc-hoi/ferm/").content.decode()
    assert (
        "2 công trình đã khoanh vùng" in page
        and "Chỉ đếm" not in page
        and "1 công trình có loài được giữ kín" in page
    )
    book = openpyxl.load_workbook(BytesIO(b"".join(client.get("/phuc-hoi/ferm.xlsx").streaming_content)))
    head, *rows = [[c.value for c in r] for r in book["FERM"].iter_rows()]
    assert head[:10] == ["layer", "ID_CODE", "Restor_eco", "Restor_typ", "Category", "Ownership", "Source", "area_ha",
                         "Restor_str", "Restor_end"]  # fmt: skip
    by = {r[1]: dict(zip(head, r, strict=True)) for r in rows}
    assert set(by) == {str(first.pk), str(second.pk)}
    one, other = by[str(first.pk)], by[str(second.pk)]
    assert (one["Restor_typ"], one["Restor_end"]) == ("Assisted natural regeneration", f"{DONE:%d/%m/%Y}")
    assert one["area_ha"] == pytest.approx(first.hectares) and one["endYear"] == 2026
    assert other["restorationStatus"] == "In preparation" and not other["Restor_eco"] and not other["endYear"]
    path = tmp_path / "ferm.gpkg"
    path.write_bytes(b"".join(client.get("/phuc-hoi/ferm.gpkg").streaming_content))
    _meta, _index, wkb, _columns = pyogrio.raw.read(path)
    assert len(wkb) == 2 and shapely.from_wkb(wkb[0]).equals(square(0, 0))
    assert str(secret.pk).encode() not in path.read_bytes()
    client.force_login(of("minh"))
    assert client.get("/phuc-hoi/ferm.xlsx").status_code == 403
