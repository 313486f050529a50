"""Places in their communes: schematic and official shapes, old and new units, what everybody is shown."""

from datetime import date

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import rulebook
from baoton.places import actions, queries
from baoton.places.models import Merge, Unit
from baoton.places.schematic import Fact, polygons
from baoton.places.units import book

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def units(db: None) -> None:
    actions.load()


def test_loading_twice_changes_nothing() -> None:
    before = list(Unit.objects.order_by("path").values_list("path", "changed"))
    assert actions.load() == 0
    assert list(Unit.objects.order_by("path").values_list("path", "changed")) == before
    assert Unit.objects.filter(valid_to=None, kind__in=["commune", "ward"]).count() == 38
    assert Unit.objects.filter(kind__in=["district", "city"]).count() == 8
    assert Merge.objects.count() == 106


def test_every_former_commune_leads_to_a_commune_of_today() -> None:
    old = Unit.objects.filter(valid_to=date(2025, 6, 30)).exclude(kind__in=["district", "city"])
    assert old.count() == 106
    assert not old.filter(went_into=None).exists()
    assert not Unit.objects.filter(valid_to=None, kind__in=["commune", "ward"], made_of=None).exists()
    assert len(queries.commune_choices()) == 38
    assert len(queries.former_choices()) == 114


def test_a_schematic_commune_holds_its_point_has_its_area_and_overlaps_none() -> None:
    facts = rulebook.province().schematic
    shapes = {u.code: shapely.from_wkb(bytes(u.geom)) for u in Unit.objects.exclude(lon=None)}
    assert len(shapes) == 38
    assert {g.geom_type for g in shapes.values()} == {"Polygon"}
    assert shapely.coverage_is_valid(list(shapes.values()))
    for fact in facts:
        shape = shapes[fact.code]
        assert shape.is_valid
        assert shape.contains(shapely.Point(fact.lon, fact.lat)), fact.code
        km2 = shape.area * 111.32**2 * np.cos(np.radians(22.3))
        assert km2 == pytest.approx(fact.area_km2, rel=0.03), fact.code


def test_the_schematic_picture_is_the_same_every_time() -> None:
    facts = [Fact(f.code, f.lon, f.lat, f.area_km2) for f in rulebook.province().schematic]
    assert {c: g.wkb for c, g in polygons(facts).items()} == {c: g.wkb for c, g in polygons(facts).items()}


def test_another_province_gets_its_picture_too() -> None:
    points = np.random.default_rng(1).uniform([105, 20], [106, 21], (12, 2))
    frame = shapely.box(104.8, 19.8, 106.2, 21.2)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=frame))
    seats = [c.intersection(frame).representative_point() for c in cells]
    facts = [
        Fact(str(i), s.x, s.y, c.intersection(frame).area * 11_500)
        for i, (s, c) in enumerate(zip(seats, cells, strict=True))
    ]
    shapes = polygons(facts)
    assert shapely.coverage_is_valid(list(shapes.values()))
    assert all(shapes[f.code].contains(shapely.Point(f.lon, f.lat)) for f in facts)


def test_a_province_without_a_picture_is_loaded_without_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(facts: object) -> None:
        raise ValueError("no picture")

    monkeypatch.setattr(actions, "polygons", none)
    Unit.objects.update(geom=None, shape="none")
    Merge.objects.all().delete()
    actions.load()
    assert not Unit.objects.exclude(geom=None).exists()
    assert list(queries.assign(102.46, 22.48)[0]) == [""]


def test_two_communes_at_one_point_are_refused() -> None:
    with pytest.raises(ValueError, match="point of its own"):
        polygons([Fact("1", 103, 22, 10), Fact("2", 103, 22, 10)])


def test_a_point_inside_a_commune_gets_that_commune() -> None:
    rng = np.random.default_rng(7)
    for unit in Unit.objects.exclude(lon=None):
        shape = shapely.from_wkb(bytes(unit.geom))
        west, south, east, north = shape.bounds
        x, y = rng.uniform(west, east, 60), rng.uniform(south, north, 60)
        inside = shapely.contains_xy(shape, x, y)
        now, _then = queries.assign(x, y)
        assert set(now[inside]) == {unit.path}
        assert unit.path not in set(now[~inside])


def test_outside_and_unknown_places_have_no_commune() -> None:
    now, then = queries.assign([105.8, np.nan, 0.0], [21.0, 22.0, 0.0])
    assert list(now) == ["", "", ""]
    assert list(then) == ["", "", ""]


def test_a_record_of_2023_counts_in_the_new_commune_and_the_former_unit() -> None:
    days = np.array(["2023-05-01", "2025-06-30", "2025-07-01", "NaT"], "datetime64[D]")
    found = queries.place_columns([102.46] * 4, [22.48] * 4, [0] * 4, days)
    assert list(found["area_path"]) == ["12/03451"] * 4
    assert list(found["area_path_then"]) == ["12/107", "12/107", "", ""]


def test_words_sharpen_the_former_unit_but_never_contradict_the_map() -> None:
    where = rulebook.predecessors("03442")
    name = next(u for u in where if u.name != "Pa Ủ")
    day = np.array(["2023-05-01"] * 4, "datetime64[D]")
    words = [f"Bản Hà Xi, xã {name.name}", "gần suối", "xã Sùng Phài", f"bản {name.name}"]
    found = queries.place_columns([102.65] * 4, [22.63] * 4, [0] * 4, day, words)
    assert list(found["area_path_then"]) == [name.path, "12/107", "12/107", "12/107"]


def test_words_that_name_two_former_communes_decide_nothing() -> None:
    one, two = rulebook.predecessors("03388")[:2]
    day = np.array(["2023-05-01"], "datetime64[D]")
    words = [f"giữa {one.full_name} và {two.full_name}"]
    found = queries.place_columns([103.40], [22.44], [0], day, words)
    assert list(found["area_path_then"]) == [""]


def test_a_commune_of_two_districts_does_not_guess_which() -> None:
    day = np.array(["2023-05-01"] * 2, "datetime64[D]")
    found = queries.place_columns([103.40] * 2, [22.44] * 2, [0] * 2, day, ["", "xã Lản Nhì Thàng"])
    assert list(found["area_path"]) == ["12/03388"] * 2
    assert list(found["area_path_then"]) == ["", "12/109/03391"]


def test_a_name_that_the_new_commune_carries_too_tells_nothing_without_its_district() -> None:
    day = np.array(["2023-05-01"] * 2, "datetime64[D]")
    words = ["xã Bản Bo", "xã Bản Bo, huyện Tam Đường"]
    found = queries.place_columns([103.70] * 2, [22.28] * 2, [0] * 2, day, words)
    assert list(found["area_path_then"]) == ["12/106", "12/106/03424"]


@settings(max_examples=60, deadline=None)
@given(
    st.floats(102.3, 104.0),
    st.floats(21.6, 22.9),
    st.floats(0, 1, exclude_max=True),
    st.floats(0, 1, exclude_max=True),
)
def test_what_is_shown_depends_on_nothing_but_the_grid_cell(x: float, y: float, u: float, v: float) -> None:
    g = queries.GRID_DEG
    left, low = np.floor(x / g), np.floor(y / g)
    other = (left + min(max(u, 1e-6), 1 - 1e-6)) * g, (low + min(max(v, 1e-6), 1 - 1e-6)) * g
    found = queries.place_columns([x, other[0]], [y, other[1]], [1, 1])
    for column in ("shown_x", "shown_y", "shown_cell", "shown_area_path", "shown_uncertainty_m"):
        assert found[column][0] == found[column][1], column


def test_a_withheld_place_tells_nothing_but_whether_it_lies_in_the_province() -> None:
    found = queries.place_columns([103.4, 102.46, 105.8], [22.44, 22.48, 21.0], [2, 2, 2])
    assert np.isnan(found["shown_x"]).all()
    assert np.isnan(found["shown_uncertainty_m"]).all()
    assert list(found["shown_cell"]) == [queries.NO_CELL] * 3
    assert list(found["shown_area_path"]) == ["12", "12", ""]
    assert list(found["area_path"]) == ["12/03388", "12/03451", ""]


def test_a_changed_shape_is_seen_at_once() -> None:
    assert queries.assign(102.46, 22.48)[0][0] == "12/03451"
    unit = Unit.objects.get(path="12/03451")
    unit.geom = shapely.to_wkb(shapely.box(102.0, 21.0, 102.1, 21.1))
    unit.save()
    assert queries.assign(102.46, 22.48)[0][0] == ""
    assert queries.assign(102.05, 21.05)[0][0] == "12/03451"


def test_units_have_their_names() -> None:
    assert queries.unit_name("12/03451") == "Xã Mù Cả"
    assert queries.unit_name("12/105") == "Thành phố Lai Châu (đến 30/6/2025)"
    assert queries.unit_name("99/1") == "99/1"
    assert queries.is_former("12/107")
    assert not queries.is_former("12/03451")


def test_of_a_blurred_place_nothing_is_told_that_its_square_does_not_tell() -> None:
    """A square with its middle abroad is the province's as a whole: else a sliver of it would be told."""
    communes = book().communes
    west, south, _east, _north = shapely.unary_union(communes.shapes).bounds
    squares: dict[tuple[float, float], set[str]] = {}
    rng = np.random.default_rng(4)
    x, y = rng.uniform(west - 0.2, west + 0.4, 4000), rng.uniform(south, south + 1.2, 4000)
    found = queries.place_columns(x, y, np.ones(4000))
    for sx, sy, told in zip(found["shown_x"], found["shown_y"], found["shown_area_path"], strict=True):
        squares.setdefault((round(sx, 6), round(sy, 6)), set()).add(told)
    assert all(len(told) == 1 for told in squares.values())
    assert {"12"} in squares.values() and {""} in squares.values()
    assert all(
        t.split("/")[0] == "12"
        for t, c in zip(found["shown_area_path"], found["area_path"], strict=True)
        if c
    )
