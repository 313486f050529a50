"""A line or polygon in a form, in a commune, in a figure: it stays what it is and counts where it lies."""

import json
from typing import Any

import pytest
import shapely
from django.test import Client

from baoton.kit.access import Scope, System, in_area
from baoton.kit.models import Overlap
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import outbox, write
from baoton.observations.models import Dataset, Event, Status
from baoton.places.models import Unit
from baoton.places.queries import book, holder, shares
from baoton.plan import figures
from baoton.plan.models import IndicatorValue

pytestmark = pytest.mark.django_db
EVENTS = "observations.event"


@pytest.fixture
def land(db: None) -> None:
    from baoton.people.actions import load as load_people
    from baoton.places.actions import load
    from baoton.plan.actions import load as load_plan

    load()
    load_people("lai_chau")
    load_plan("lai_chau", "654/KH-UBND")


@pytest.fixture
def dataset(land: None) -> Dataset:
    return Dataset.objects.create(code="tuyến", title="Tuyến điều tra")


def two_communes() -> tuple[str, str, shapely.Geometry]:
    """Two communes that touch, and a polygon over their common border."""
    units = book().communes
    for i, one in enumerate(units.shapes):
        for j in units.tree.query(one, predicate="intersects").tolist():
            edge = shapely.intersection(one, units.shapes[j])
            if i != j and shapely.length(edge) > 0.01:
                spot = shapely.line_interpolate_point(shapely.get_parts(edge)[0], 0.5, normalized=True)
                return units.paths[i], units.paths[j], spot.buffer(0.01)
    raise AssertionError("no two communes touch")


def visit(dataset: Dataset, shape: shapely.Geometry, actor: Any = None, **more: Any) -> Event:
    fresh = Event(dataset=dataset, event_id=f"e{Event.objects.count()}", day_start="2026-05-01", **more)
    fresh.put(shape)
    fresh.full_clean(exclude=["dataset", "event_date", "area_path", "task", "parent"])
    made: Event = write.create(REGISTERS[EVENTS], actor or System(), fresh)
    return made


def test_editing_a_polygon_leaves_it_a_polygon(dataset: Dataset, client: Client) -> None:
    from baoton.people.actions import give
    from baoton.people.models import Person

    _a, _b, shape = two_communes()
    made = visit(dataset, shape)
    lan = Person.objects.create(username="lan")
    give(System(), lan, "officer")
    client.force_login(lan)
    address = f"{REGISTERS[EVENTS].url(made)}sua/"
    form = client.get(address).context["form"]
    given = {k: form.get_initial_for_field(f, k) for k, f in form.fields.items()}
    given = {k: "" if v is None else v for k, v in given.items()} | {
        "remarks": "đã sửa",
        "revision": made.revision,
    }
    answer = client.post(address, given)
    assert answer.status_code == 302, answer.context["form"].errors
    made.refresh_from_db()
    stored = shapely.from_wkb(bytes(made.geom))
    assert made.remarks == "đã sửa" and stored.equals_exact(shape, 1e-9)


@pytest.mark.parametrize(
    ("drawn", "word"),
    [
        ("LINESTRING (103.1 22.3, 103.2 22.4)", "km"),
        ("POLYGON ((103.1 22.3, 103.2 22.3, 103.2 22.4, 103.1 22.3))", "ha"),
        ("MULTIPOINT ((103.1 22.3), (103.2 22.4))", ""),
    ],
)
def test_a_drawn_shape_is_kept_and_measured(dataset: Dataset, drawn: str, word: str) -> None:
    shape = REGISTERS[EVENTS].field("geom")
    assert shape is not None
    value = shape.cell(shapely.to_geojson(shapely.from_wkt(drawn)), System())
    made = visit(dataset, value)
    assert shapely.from_wkb(bytes(made.geom)).equals(shapely.from_wkt(drawn))
    assert shape.text(made).endswith(word)


@pytest.mark.parametrize(
    "drawn",
    [
        "POLYGON ((103 22, 104 23, 104 22, 103 23, 103 22))",
        "POLYGON EMPTY",
        "POLYGON ((500000 2400000, 500100 2400000, 500100 2400100, 500000 2400000))",
        "không phải hình",
        '{"type": "Polygon"}',
    ],
)
def test_a_broken_shape_is_refused_with_a_sentence(drawn: str) -> None:
    from django.core.exceptions import ValidationError

    shape = REGISTERS[EVENTS].field("geom")
    assert shape is not None
    with pytest.raises(ValidationError) as told:
        shape.cell(drawn, System())
    assert " ".join(told.value.messages)


def test_a_polygon_over_two_communes_is_found_in_both_and_counted_once_for_the_province(
    dataset: Dataset,
) -> None:
    a, b, shape = two_communes()
    figures.compute([2026])
    made = visit(dataset, shape, status=Status.VERIFIED)
    outbox.drain()
    assert made.area_path == a.split("/")[0]
    told = {o.area_path: o.share for o in Overlap.objects.filter(record=made.pk)}
    assert {a, b} <= set(told) and sum(told.values()) == pytest.approx(1, abs=1e-6)
    for path in (a, b):
        assert Event.objects.filter(in_area(path, Event), pk=made.pk).exists()
        value = IndicatorValue.objects.get(indicator="observations.events", year=2026, area_path=path)
        asked = REGISTERS[EVENTS].filtered(REGISTERS[EVENTS].door(System()), value.query)
        assert value.value == asked.count() == 1
    assert IndicatorValue.objects.get(indicator="observations.events", year=2026, area_path="").value == 1
    assert figures.differences() == []
    figures.compute([2026])
    assert IndicatorValue.objects.get(indicator="observations.events", year=2026, area_path=b).value == 1


def test_the_officer_of_either_commune_sees_the_draft_and_a_third_does_not(dataset: Dataset) -> None:
    a, b, shape = two_communes()
    made = visit(dataset, shape)
    others = [p for p in book().present if not Overlap.objects.filter(record=made.pk, area_path=p).exists()]

    class Officer:
        actor_id = actor_name = "x"

        def __init__(self, path: str) -> None:
            self.path = path

        def scopes(self, verb: str) -> list[Scope]:
            return [Scope(self.path)]

    for path, sees in ((a, True), (b, True), (others[0], False)):
        assert REGISTERS[EVENTS].door(Officer(path)).rows().filter(pk=made.pk).exists() is sees


def test_a_polygon_inside_one_commune_belongs_to_it_alone(dataset: Dataset) -> None:
    path = book().present[0]
    unit = shapely.from_wkb(bytes(Unit.objects.get(path=path, valid_to=None).geom))
    made = visit(dataset, unit.representative_point().buffer(0.001))
    assert made.area_path == path
    assert holder(shares([unit.representative_point().buffer(0.001)])[0]) == path


def test_a_withdrawn_shape_counts_nowhere(dataset: Dataset) -> None:
    a, b, shape = two_communes()
    figures.compute([2026])
    made = visit(dataset, shape, status=Status.VERIFIED)
    outbox.drain()
    write.withdraw(REGISTERS[EVENTS], System(), made, "trùng")
    outbox.drain()
    assert not IndicatorValue.objects.filter(
        indicator="observations.events", year=2026, area_path__in=[a, b]
    ).exists()
    assert figures.differences() == []


def test_its_geojson_is_the_shape_itself_for_whoever_may_know_it(dataset: Dataset) -> None:
    from baoton.kit.reading.api import feature

    _a, _b, shape = two_communes()
    made = visit(dataset, shape, status=Status.VERIFIED)
    book_ = REGISTERS[EVENTS]
    told = feature(book_, book_.get(System(), made.pk))
    assert told["geometry"]["type"] == "Polygon"
    assert shapely.from_geojson(json.dumps(told["geometry"])).equals_exact(shape, 1e-6)


# — a shape out of a file, in the form itself —

HUT = shapely.box(103.1, 22.3, 103.11, 22.31)
TRACK = shapely.LineString([(103.1, 22.3), (103.12, 22.32)])


@pytest.fixture
def officer(land: None, client: Client) -> Client:
    from baoton.people.actions import give
    from baoton.people.models import Person

    lan = Person.objects.create(username="lan")
    give(System(), lan, "officer")
    client.force_login(lan)
    return client


def collection(*shapes: shapely.Geometry) -> bytes:
    features = [
        {"type": "Feature", "properties": {"ten": f"lô {i}"}, "geometry": json.loads(shapely.to_geojson(s))}
        for i, s in enumerate(shapes)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


GPX = (
    b'<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>'
    b'<trkpt lat="22.3" lon="103.1"/><trkpt lat="22.32" lon="103.12"/></trkseg></trk></gpx>'
)


def packed(suffix: str) -> bytes:
    """The hut as a zipped shapefile or a GeoPackage."""
    import io
    import tempfile
    import zipfile
    from pathlib import Path

    import numpy as np
    from pyogrio.raw import write

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"lo.{suffix}"
        write(
            path, np.array([shapely.to_wkb(HUT)], dtype=object), [np.array(["lô 1"], dtype=object)], ["ten"],
            geometry_type="Polygon", crs="EPSG:4326",
        )  # fmt: skip
        if suffix == "gpkg":
            return path.read_bytes()
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for one in Path(folder).iterdir():
                archive.write(one, one.name)
        return out.getvalue()


def given(dataset: Dataset, **more: Any) -> dict[str, Any]:
    return {
        "event_id": "e-tep",
        "dataset": dataset.code,
        "day_start": "01/05/2026",
        "event_type": "lô",
        **more,
    }


def upload(name: str, content: bytes) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("lo.geojson", collection(HUT), "Polygon"),
        ("lo.zip", packed("shp"), "Polygon"),
        ("lo.gpkg", packed("gpkg"), "Polygon"),
        ("tuyen.gpx", GPX, "LineString"),
    ],
)
def test_a_file_with_one_shape_gives_the_record_its_place(
    dataset: Dataset, officer: Client, name: str, content: bytes, kind: str
) -> None:
    address = f"{REGISTERS[EVENTS].url()}moi/"
    answer = officer.post(address, given(dataset, shape_file=upload(name, content)))
    assert answer.status_code == 302, answer.context["form"].errors
    stored = shapely.from_wkb(bytes(Event.objects.get(event_id="e-tep").geom))
    assert stored.geom_type == kind
    assert stored.equals_exact(HUT.normalize(), 1e-6) or stored.normalize().equals_exact(HUT.normalize(), 1e-6) or (
        stored.equals_exact(TRACK, 1e-6)
    )  # fmt: skip


def test_of_several_shapes_one_is_chosen_and_nothing_is_saved_before(
    dataset: Dataset, officer: Client
) -> None:
    address = f"{REGISTERS[EVENTS].url()}moi/"
    answer = officer.post(address, given(dataset, shape_file=upload("lo.geojson", collection(HUT, TRACK))))
    page = answer.content.decode()
    assert answer.status_code == 200 and not Event.objects.exists()
    assert "Tệp có 2 hình" in page and "1. lô 0 (vùng, " in page and "2. lô 1 (đường, " in page
    picked = answer.context["form"].fields["shape_pick"].widget.choices[2][0]
    assert officer.post(address, given(dataset, shape_pick=picked)).status_code == 302
    stored = shapely.from_wkb(bytes(Event.objects.get(event_id="e-tep").geom))
    assert stored.equals_exact(TRACK, 1e-9)


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("anh.zip", b"PK\x03\x04 broken", ""),
        ("x.geojson", b"{}", ""),
        ("lo.geojson", collection(shapely.box(500000, 2400000, 500100, 2400100)), "hệ mét"),
        ("lo.geojson", collection(shapely.Polygon([(103, 22), (104, 23), (104, 22), (103, 23)])), "tự cắt"),
        ("lo.geojson", collection(shapely.GeometryCollection([HUT, TRACK])), "không có hình nào"),
        ("bang.csv", b"a,b\n1,2\n", "không có hình nào"),
        ("lo.geojson", collection(*[HUT] * 201), "hơn 200 hình"),
    ],
)
def test_a_file_that_gives_no_shape_is_refused_with_a_sentence(
    dataset: Dataset, officer: Client, name: str, content: bytes, word: str
) -> None:
    answer = officer.post(f"{REGISTERS[EVENTS].url()}doc-hinh/", {"file": upload(name, content)})
    assert answer.status_code == 400 and word in answer.json()["told"] and len(answer.json()["told"]) > 10
    address = f"{REGISTERS[EVENTS].url()}moi/"
    answer = officer.post(address, given(dataset, shape_file=upload(name, content)))
    assert answer.status_code == 200 and word in str(answer.context["form"].errors["shape_file"])
    assert not Event.objects.exists()


def test_the_drawing_map_is_told_each_shape_with_its_measure(dataset: Dataset, officer: Client) -> None:
    answer = officer.post(
        f"{REGISTERS[EVENTS].url()}doc-hinh/", {"file": upload("a.geojson", collection(HUT, TRACK))}
    )
    labels = [one["label"] for one in answer.json()["shapes"]]
    assert labels[0].endswith(" ha)") and labels[1].endswith(" km)")
    assert answer.json()["shapes"][1]["geometry"]["type"] == "LineString"


def test_a_point_and_a_shape_at_once_are_refused(dataset: Dataset, officer: Client) -> None:
    both = given(dataset, longitude="103,1", latitude="22,3", shape=shapely.to_geojson(HUT))
    answer = officer.post(f"{REGISTERS[EVENTS].url()}moi/", both)
    assert "bỏ hình vẽ" in str(answer.context["form"].errors["longitude"])


def test_a_kind_of_shape_the_book_does_not_take_is_refused(dataset: Dataset) -> None:
    from django.core.exceptions import ValidationError

    from baoton.kit.kinds import Shape

    only = Shape("geom", drawn=("polygon",), point=False, required=True)
    for wrong in ("POINT (103 22)", "LINESTRING (103 22, 104 22)"):
        with pytest.raises(ValidationError, match="chỉ nhận vùng"):
            only.cell(wrong, System())
    with pytest.raises(ValidationError, match="chỉ nhận vùng"):
        only.typed("103,1", "22,3")
    assert "longitude" not in only.form_fields(System(), None)


def test_the_page_of_a_shape_draws_it_and_says_in_which_communes_it_lies(
    dataset: Dataset, officer: Client
) -> None:
    _a, _b, shape = two_communes()
    made = visit(dataset, shape, status=Status.VERIFIED)
    page = officer.get(REGISTERS[EVENTS].url(made)).content.decode()
    assert "Nằm trong:" in page and '"kind": "shape"' in page and " ha" in page
