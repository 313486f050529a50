"""What is wrong with a file or a drawing is one sentence with its place: zones, vertices, overlaps, KML."""

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.custody.cases import of
from tests.habitats.ground import in_metres, loaded, row, square, version, written
from tests.habitats.map_in_test import refused

from baoton.habitats.models import Option, Parcel, Proposal, Work, Zone
from baoton.kit.access import System
from baoton.kit.importing import run_file
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from formats import crs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]


def shapefile(folder: Path, shape: Any, system: str | None) -> Path:
    """A zipped shapefile of one shape; without a system it has no .prj."""
    path = written(folder / "khu.shp", [{"ten": "khu", "shape": shape}], system, "Polygon")
    if system is None:
        path.with_suffix(".prj").unlink(missing_ok=True)
    packed = folder / "khu.zip"
    with zipfile.ZipFile(packed, "w") as out:
        for part in folder.glob("khu.*"):
            if part != packed:
                out.write(part, part.name)
    return packed


def option() -> Option:
    parts = {"title": "Khu thử", "kind": "reserve", "day": "2026-01-02", "invented": True}
    proposal = write.create(REGISTERS["habitats.proposal"], System(), Proposal(**parts))
    made: Option = write.create(REGISTERS["habitats.option"], System(), Option(proposal=proposal, name="A"))
    return made


def given(option: Option, path: Path, **more: Any) -> dict[str, Any]:
    upload = SimpleUploadedFile(path.name, path.read_bytes())
    return {"option": str(option.pk), "kind": "strict", "shape_file": upload, **more}


NEAR = crs.system("vn2000-105-3").definition


@pytest.mark.parametrize(
    ("stated", "word"),
    [
        ("EPSG:32650", "ngoài nước"),
        (None, "không nói hệ toạ độ"),
        (NEAR, "không nằm trong xã, phường nào của tỉnh"),
    ],
)
def test_a_boundary_in_the_wrong_zone_is_shown_where_it_falls_and_its_system_asked(
    client: Client, tmp_path: Path, stated: str | None, word: str
) -> None:
    true, true_system = square(0, 0), "vn2000-103-3"
    path = shapefile(tmp_path, in_metres(true), stated)
    client.force_login(of("lan"))
    one, address = option(), f"{REGISTERS['habitats.zone'].url()}moi/"
    answer = client.post(address, given(one, path))
    told = str(answer.context["form"].errors["shape_file"])
    assert word in told and "hệ toạ độ của tệp" in told and not Zone.objects.exists()
    assert 'value="vn2000-103-3"' in answer.content.decode()
    reads = client.post(
        f"{REGISTERS['habitats.zone'].url()}doc-hinh/", {"file": given(one, path)["shape_file"]}
    )
    assert [true_system, "VN-2000"] == [reads.json()["systems"][1][0], reads.json()["systems"][1][1][:7]]
    assert client.post(address, given(one, path, shape_system="nope")).status_code == 200
    answer = client.post(address, given(one, path, shape_system=true_system))
    assert answer.status_code == 302, answer.context["form"].errors
    stored = shapely.from_wkb(bytes(Zone.objects.get().geom or b""))
    assert shapely.hausdorff_distance(stored, true) < 1e-6


def test_ground_in_another_province_is_no_zone_and_no_work(client: Client) -> None:
    client.force_login(of("lan"))
    far = shapely.to_geojson(shapely.box(105.8, 21, 105.81, 21.01))
    one = option()
    for book, more in (("habitats.zone", {"option": str(one.pk), "kind": "strict"}),
                       ("habitats.work", {"name": "Xa", "kind": "native", "year": 2026})):  # fmt: skip
        answer = client.post(f"{REGISTERS[book].url()}moi/", {"shape": far, **more})
        assert "ngoài tỉnh, ở vĩ độ 21.0050, kinh độ 105.8050" in str(answer.context["form"].errors)
    assert not Zone.objects.exists() and not Work.objects.exists()


def test_a_parcel_of_900_000_vertices_comes_in_whole(tmp_path: Path) -> None:
    version()
    middle, n = square(0, 0).centroid, 900_000
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)
    far = 0.004 + 0.0001 * np.cos(turn * 5000)
    ring = shapely.Polygon(np.c_[middle.x + far * np.cos(turn), middle.y + far * np.sin(turn)])
    batch = loaded(written(tmp_path / "a.gpkg", [row("dày", ring)], kind="Polygon"))
    assert batch.counts["total"]["created"] == 1, refused(batch)
    stored = shapely.from_wkb(bytes(Parcel.objects.get().geom or b""))
    assert shapely.get_num_coordinates(stored) == n + 1


def test_a_work_that_overlaps_itself_is_refused_with_the_place(client: Client, tmp_path: Path) -> None:
    twice = shapely.MultiPolygon([square(0, 0), square(0.5, 0)])
    client.force_login(of("lan"))
    form = {"name": "Chồng", "kind": "native", "year": 2026, "shape": shapely.to_geojson(twice)}
    answer = client.post(f"{REGISTERS['habitats.work'].url()}moi/", form)
    told = str(answer.context["form"].errors["shape"])
    assert "tự cắt" in told and f"{square(0.5, 0).bounds[0]:.2f}" in told
    rows = [{"name": "Chồng", "kind": "native", "year": 2026.0, "shape": twice},
            {"name": "Rời", "kind": "native", "year": 2026.0, "shape": square(3, 0)}]  # fmt: skip
    batch = run_file(System(), written(tmp_path / "w.geojson", rows), target="habitats.work")
    assert batch.counts["total"]["created"] == 1 and batch.counts["total"]["refused"] == 1, batch.counts
    ((_rule, told),) = refused(batch).values()
    assert "tự cắt" in told and Work.objects.get().name == "Rời"
    batch = run_file(System(), shapefile(tmp_path, in_metres(square(5, 0)), None), target="habitats.work",
                     mapping={"columns": {"ten": "name"}, "constants": {"kind": "native", "year": "2026"}})  # fmt: skip
    ((_rule, told),) = refused(batch).values()
    assert "không nói hệ toạ độ" in told and Work.objects.count() == 1


KML = """<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>
<Schema name="lo" id="lo"><SimpleField name="malo" type="string"/><SimpleField name="ldlr" type="string"/>
<SimpleField name="dtich" type="float"/></Schema><Folder><name>Lô rừng</name>{}</Folder></Document></kml>"""
PLACE = """<Placemark><name>{0}</name><ExtendedData><SchemaData schemaUrl="#lo"><SimpleData name="malo">{0}</SimpleData>
<SimpleData name="ldlr">{1}</SimpleData><SimpleData name="dtich">{2}</SimpleData></SchemaData></ExtendedData><Polygon>
<outerBoundaryIs><LinearRing><coordinates>{3}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"""


@pytest.mark.parametrize("suffix", ["kml", "kmz"])
def test_parcels_of_a_kml_are_loaded_like_those_of_any_map_file(tmp_path: Path, suffix: str) -> None:
    version()
    corners = [" ".join(f"{x},{y},0" for x, y in square(n, 0).exterior.coords) for n in range(2)]
    text = KML.format(PLACE.format("a", "TXB", 27.5, corners[0]) + PLACE.format("b", "RTG", 27.1, corners[1]))
    path = tmp_path / f"lo.{suffix}"
    if suffix == "kml":
        path.write_text(text, encoding="utf-8")
    else:
        with zipfile.ZipFile(path, "w") as out:
            out.writestr("doc.kml", text)
    batch = loaded(path)
    assert batch.counts["total"]["created"] == 2, (batch.counts, refused(batch))
    one, two = Parcel.objects.order_by("code")
    assert (one.code, one.forest_class, one.stated_ha, two.forest_class) == (
        "a",
        "medium",
        27.5,
        "plantation",
    )
    assert one.area_path == "12/03451" and json.dumps(batch.counts)


def test_a_file_of_mixed_shapes_is_told_what_it_holds(client: Client) -> None:
    client.force_login(of("lan"))
    mixed = shapely.GeometryCollection([square(0, 0), shapely.Point(102.5, 22.4)])
    shapes = [mixed, shapely.LineString([(102.5, 22.4), (102.6, 22.5)])]
    rows = [
        {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(s))} for s in shapes
    ]
    text = json.dumps({"type": "FeatureCollection", "features": rows})
    upload = SimpleUploadedFile("a.geojson", text.encode())
    form = {"name": "Gộp", "kind": "native", "year": 2026, "shape_file": upload}
    answer = client.post(f"{REGISTERS['habitats.work'].url()}moi/", form)
    told = str(answer.context["form"].errors["shape_file"])
    assert "Trong tệp có: 1 hình gộp (vùng, điểm), 1 đường" in told and not Work.objects.exists()


def test_a_row_refused_for_its_shape_is_not_told_to_lie_outside_as_well(
    client: Client, tmp_path: Path
) -> None:
    version()
    client.force_login(of("dung"))
    path = written(tmp_path / "a.geojson", [row("trùng", square(0, 0)), row("hai", square(0, 0))])
    mapping = {"constants": {"version": "Hiện trạng"}}
    batch = run_file(of("dung"), path, target="habitats.parcel", mapping=mapping)
    ((_rule, told),) = refused(batch).values()
    assert told.startswith("Trùng hình với lô trùng") and "ngoài địa bàn" not in told


def test_a_shape_in_no_commune_is_told_where_it_falls_whatever_the_book(client: Client) -> None:
    client.force_login(of("dung"))
    far = {"shape": shapely.to_geojson(shapely.box(105.8, 21, 105.81, 21.01))}
    day = {"since": "2026-03-01", "until": "2026-03-01", "from_hour": 8, "to_hour": 10, "given_by": "x"}
    for book, more in (("waters.body", {"name": "Hồ", "kind": "lake"}),
                       ("fire.permit", {"holder": "A", "what": "nương", **day}),
                       ("fire.quiet", {"name": "Lò", "why": "gạch", "since": "2026-03-01"})):  # fmt: skip
        answer = client.post(f"{REGISTERS[book].url()}moi/", far | more)
        told = str(answer.context["form"].errors)
        assert "không nằm trong xã, phường nào, ở vĩ độ 21.0050, kinh độ 105.8050" in told, book
        assert "không có quyền" not in told


def test_a_fault_of_a_shape_stands_under_a_word_and_in_vietnamese(client: Client, tmp_path: Path) -> None:
    client.force_login(of("dung"))
    corners = list(square(0, 0).exterior.coords)
    bow = shapely.Polygon([corners[i] for i in (0, 2, 1, 3)])
    rows = [{"name": "a", "kind": "native", "year": 2026.0, "shape": bow}]
    batch = run_file(of("dung"), written(tmp_path / "w.geojson", rows), target="habitats.work")
    page = client.get(f"/nhap/{batch.pk}/").content.decode()
    assert "Hình tự cắt hoặc hỏng tại" in page and "Hình không hợp lệ: đường bao tự cắt tại" in page
    assert "decimalLatitude" not in page and "_wkb" not in page and "Self-inter" not in page
