"""OGC API Features, each conformance class it claims: core, geojson, oas30; and read whole by GDAL."""

import json
import subprocess
import sys
from datetime import date
from typing import Any

import pytest
from django.test import Client

from baoton.kit.access import System
from baoton.kit.cells import point_keys
from baoton.kit.reading import extents
from baoton.kit.reading.filters import BadFilter
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write as writing
from baoton.observations.actions import verify
from baoton.observations.models import Dataset, Occurrence

pytestmark = [pytest.mark.django_db, pytest.mark.once]
BOOK = "observations.occurrence"
AT = "/api/collections/observations-occurrence"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
GEOJSON = "application/geo+json"
PLACES = [(103.1, 22.3, "2024-01-15"), (103.4, 22.4, "2024-06-01"), (102.6, 22.6, "2025-03-04")]


@pytest.fixture
def seen(db: None) -> list[Occurrence]:
    """Three verified records of a species nobody hides."""
    dataset = Dataset.objects.create(code="k", title="Khảo sát")
    made = []
    for number, (x, y, day) in enumerate(PLACES):
        row = Occurrence(
            dataset=dataset, occurrence_id=f"o{number}", scientific_name="Gallus gallus", event_date=day
        )
        row.day_start = row.day_end = date.fromisoformat(day)
        row.put_point(x, y)
        writing.create(REGISTERS[BOOK], System(), row)
        verify(System(), row, reason="đã xem")
        made.append(Occurrence.objects.get(pk=row.pk))
    return made


def get(path: str, **asked: str) -> Any:
    return Client().get(path, asked)


def found(**asked: str) -> set[str]:
    """The ids of the records that answer."""
    answer = get(f"{AT}/items", **asked)
    assert answer.status_code == 200, answer.content
    return {f["properties"]["occurrenceID"] for f in answer.json()["features"]}


def rels(body: dict[str, Any]) -> dict[str, dict[str, str]]:
    return {link["rel"]: link for link in body["links"]}


def test_the_landing_page_links_to_everything(seen: list[Occurrence]) -> None:
    answer = get("/api/")
    links = rels(answer.json())
    assert {"self", "service-desc", "service-doc", "conformance", "data"} <= set(links)
    assert links["service-desc"]["type"].startswith("application/vnd.oai.openapi+json")
    for rel in ("self", "service-desc", "conformance", "data"):
        assert get(links[rel]["href"]).status_code == 200


def test_the_conformance_classes_are_those_tested_here() -> None:
    told = get("/api/conformance").json()["conformsTo"]
    assert {c.rsplit("/", 1)[-1] for c in told} == {"core", "geojson", "oas30"}


def test_collections_and_one_of_them(seen: list[Occurrence]) -> None:
    listed = get("/api/collections").json()
    one = get(AT)
    assert one.status_code == 200 and rels(listed)["self"]["href"].endswith("/api/collections")
    body = one.json()
    assert body in listed["collections"] and body["id"] == "observations-occurrence" and body["title"]
    assert CRS84 in body["crs"] and body["itemType"] == "feature"
    items = rels(body)["items"]
    assert items["type"] == GEOJSON and get(items["href"]).status_code == 200
    assert get("/api/collections/no-such-book").status_code == 404


def test_items_are_geojson_with_counts_links_and_a_time(seen: list[Occurrence]) -> None:
    answer = get(f"{AT}/items", limit="2")
    body = answer.json()
    assert answer["Content-Type"] == GEOJSON and body["type"] == "FeatureCollection"
    assert (body["numberReturned"], body["numberMatched"]) == (2, 3) and body["timeStamp"].endswith("Z")
    links = rels(body)
    assert {"self", "next", "collection"} <= set(links) and links["next"]["type"] == GEOJSON
    rest = get(links["next"]["href"]).json()
    assert rest["numberReturned"] == 1 and "next" not in rels(rest) and "prev" in rels(rest)
    both = body["features"] + rest["features"]
    assert len({f["id"] for f in both}) == 3 and all(f["geometry"]["type"] == "Point" for f in both)


def test_one_feature_links_to_itself_and_its_collection(seen: list[Occurrence]) -> None:
    answer = get(f"{AT}/items/{seen[0].pk}")
    body = answer.json()
    assert answer["Content-Type"] == GEOJSON and body["type"] == "Feature" and body["id"] == str(seen[0].pk)
    assert {"self", "collection"} <= set(rels(body))
    assert get(f"{AT}/items/019e0000-0000-7000-8000-000000000000").status_code == 404


@pytest.mark.parametrize(("limit", "status", "n"), [
    ("1", 200, 1), ("3", 200, 3), ("10000", 200, 3), ("0", 400, 0), ("-1", 400, 0), ("x", 400, 0), ("1.5", 400, 0),
    ("", 400, 0), ("²", 400, 0),
])  # fmt: skip
def test_limit(limit: str, status: int, n: int, seen: list[Occurrence]) -> None:
    answer = get(f"{AT}/items", limit=limit)
    assert answer.status_code == status
    assert status == 400 or answer.json()["numberReturned"] == n


@pytest.mark.parametrize(("bbox", "ids"), [
    ("103,22,104,23", {"o0", "o1"}), ("103.1,22.3,103.1,22.3", {"o0"}), ("-180,-90,180,90", {"o0", "o1", "o2"}),
    ("102,22,0,103,23,1000", {"o2"}), ("170,-90,-170,90", set()), ("103.2,-90,-170,90", {"o1"}), ("0,0,1,1", set()),
])  # fmt: skip
def test_bbox_narrows(bbox: str, ids: set[str], seen: list[Occurrence]) -> None:
    assert found(bbox=bbox) == ids


@pytest.mark.parametrize("bbox", ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "103,23,104,22", "103,22,104,91", "181,0,182,1",
                                  "nan,0,1,1", "inf,0,1,1", "103 22 104 23"])  # fmt: skip
def test_a_wrong_bbox_is_refused(bbox: str, seen: list[Occurrence]) -> None:
    answer = get(f"{AT}/items", bbox=bbox)
    assert answer.status_code == 400 and answer.json()["description"]


@pytest.mark.parametrize(("asked", "ids"), [
    ("2024-01-15", {"o0"}), ("2024-01-15T08:00:00+07:00", {"o0"}), ("2024-01-14T18:00:00Z", {"o0"}),
    ("2024-01-01/2024-12-31", {"o0", "o1"}), ("2024-06-01T00:00:00Z/..", {"o1", "o2"}), ("../2024-02-01", {"o0"}),
    ("/2024-02-01", {"o0"}), ("2025-01-01/", {"o2"}), ("../..", {"o0", "o1", "o2"}), ("2023-01-01", set()),
])  # fmt: skip
def test_datetime_narrows(asked: str, ids: set[str], seen: list[Occurrence]) -> None:
    assert found(datetime=asked) == ids


@pytest.mark.parametrize("asked", ["", "hôm qua", "2024-13-01", "2024-02-30", "2024-12-31/2024-01-01",
                                   "2024-01-15T08:00:00", "2024-01-01/2024-02-01/2024-03-01", "20240115",
                                   "2024"])  # fmt: skip
def test_a_wrong_datetime_is_refused(asked: str, seen: list[Occurrence]) -> None:
    assert get(f"{AT}/items", datetime=asked).status_code == 400


def test_a_property_narrows_and_a_wrong_value_is_refused(seen: list[Occurrence]) -> None:
    assert found(status="verified") == {"o0", "o1", "o2"} and found(when="2024") == {"o0", "o1"}
    assert get(f"{AT}/items", status="x").status_code == 400


@pytest.mark.parametrize("path", [f"{AT}/items", AT, "/api/collections"])
def test_a_parameter_nobody_knows_is_refused(path: str, seen: list[Occurrence]) -> None:
    answer = get(path, foo="bar")
    assert answer.status_code == 400 and "foo" in answer.json()["description"]


@pytest.mark.parametrize(
    "path", ["/api/", "/api/conformance", "/api/collections", AT, f"{AT}/items", "/api/openapi.json"]
)
def test_head_answers_like_get(path: str, seen: list[Occurrence]) -> None:
    head, whole = Client().head(path), Client().get(path)
    assert head.status_code == whole.status_code == 200 and head["Content-Type"] == whole["Content-Type"]
    assert not head.content and Client().post(path).status_code == 405


def test_the_description_names_every_path_and_parameter(seen: list[Occurrence]) -> None:
    body = get("/api/openapi.json").json()
    assert body["openapi"].startswith("3.0") and {"/", "/conformance", "/collections"} <= set(body["paths"])
    asked = body["paths"]["/collections/observations-occurrence/items"]["get"]["parameters"]
    assert {"limit", "bbox", "datetime", "status", "when"} <= {p["name"] for p in asked}
    listed = {c["id"] for c in get("/api/collections").json()["collections"]}
    assert all(f"/collections/{one}/items" in body["paths"] for one in listed)
    names = [p["get"]["operationId"] for p in body["paths"].values()]
    assert len(names) == len(set(names))


def test_a_guarded_place_answers_by_what_is_shown_of_it(seen: list[Occurrence]) -> None:
    hidden = seen[0]
    cell = int(point_keys([103.05], [22.35])[0])
    Occurrence.objects.filter(pk=hidden.pk).update(
        disclosure=1, shown_x=103.05, shown_y=22.35, shown_cell=cell
    )
    true, shown = "103.09,22.29,103.11,22.31", "103.04,22.34,103.06,22.36"
    assert found(bbox=true) == set()
    (only,) = get(f"{AT}/items", bbox=shown).json()["features"]
    assert only["id"] == str(hidden.pk) and only["geometry"]["coordinates"] == [103.05, 22.35]


def test_the_box_may_have_heights_and_cross_the_date_line() -> None:
    assert extents.box("170,-10,0,-170,10,5") == (170, -10, -170, 10)
    with pytest.raises(BadFilter):
        extents.box("0,10,1,-10")


GDAL = """
import json, sys, pyogrio
if "OAPIF" not in pyogrio.list_drivers():
    sys.exit(77)
source = "OAPIF:" + sys.argv[1]
layers = [name for name, _kind in pyogrio.list_layers(source)]
meta, _ids, shapes, columns = pyogrio.raw.read(source, layer="observations-occurrence")
few = pyogrio.raw.read(source, layer="observations-occurrence", bbox=(103, 22, 104, 23))
held = dict(zip(meta["fields"], columns))
print(json.dumps([layers, sorted(held["occurrenceID"]), meta["geometry_type"], meta["crs"], len(shapes), len(few[2])]))
"""


@pytest.mark.django_db(transaction=True)
def test_gdal_reads_the_whole_collection(seen: list[Occurrence], live_server: Any) -> None:
    """In a process of its own, for GDAL lets no other thread of its process answer while it waits."""
    asked = [sys.executable, "-c", GDAL, f"{live_server.url}/api"]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode == 77:
        pytest.skip("this build of GDAL has no OAPIF driver")
    assert done.returncode == 0, done.stderr
    layers, ids, kind, crs, n, few = json.loads(done.stdout)
    assert "observations-occurrence" in layers and ids == ["o0", "o1", "o2"] and n == 3 and few == 2
    assert kind == "Point" and crs in {"OGC:CRS84", "EPSG:4326"}
