"""Who lies beside whom: grids against polygons drawn from them, and shapes no grid has."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ecostat.errors import EcostatError
from ecostat.planning import adjacency, boundary, grid_adjacency, grid_boundary, min_set


def cells(present: np.ndarray, width: float, height: float) -> np.ndarray:
    return np.array(
        [
            shapely.box(c * width, -r * height, (c + 1) * width, (1 - r) * height)
            for r, c in np.argwhere(present)
        ]
    )


@settings(max_examples=30, deadline=None)
@given(
    rows=st.integers(1, 5),
    columns=st.integers(1, 5),
    seed=st.integers(0, 999),
    sides=st.tuples(st.integers(1, 9), st.integers(1, 9)),
)
def test_a_grid_and_its_polygons_say_the_same(
    rows: int, columns: int, seed: int, sides: tuple[int, int]
) -> None:
    present = np.random.default_rng(seed).random((rows, columns)) < 0.7
    present[0, 0] = True
    width, height = sides
    shapes = cells(present, width, height)
    assert (
        grid_adjacency(rows, columns, present=present).toarray().tolist()
        == adjacency(shapes).toarray().tolist()
    )
    wide = grid_adjacency(rows, columns, diagonal=True, present=present)
    assert wide.toarray().tolist() == adjacency(shapes, corners=True).toarray().tolist()
    edges = grid_boundary(rows, columns, width=width, height=height, present=present).toarray()
    assert edges == pytest.approx(boundary(shapes).toarray())
    assert edges.sum(axis=1) == pytest.approx(2 * (width + height))  # each cell's whole perimeter


def test_the_perimeter_of_a_plan_is_that_of_the_polygons_it_selects() -> None:
    shapes = cells(np.ones((4, 4), bool), 1.0, 2.0)
    edges = boundary(shapes)
    amount = np.ones((1, 16))
    plan = min_set(np.ones(16), amount, 5.0, boundary=edges, boundary_penalty=0.1, edge_factor=1.0)
    assert plan.perimeter == pytest.approx(shapely.union_all(shapes[plan.selected]).length)


def test_a_hole_an_island_and_a_partly_shared_side_are_measured() -> None:
    ring = shapely.Polygon(shapely.box(0, 0, 3, 3).exterior, [shapely.box(1, 1, 2, 2).exterior])
    shapes = np.array([ring, shapely.box(1, 1, 2, 2), shapely.box(3, 1, 4, 5), shapely.box(9, 9, 10, 10)])
    found = boundary(shapes).toarray()
    assert found[0, 1] == pytest.approx(4) and found[0, 2] == pytest.approx(2)
    assert np.diag(found) == pytest.approx([16 - 6, 0, 10 - 2, 4])
    assert adjacency(shapes).toarray()[3].sum() == 0


@pytest.mark.parametrize(
    ("shapes", "says"),
    [
        ([shapely.box(0, 0, 2, 2), shapely.box(1, 0, 3, 2)], "0 and 1 overlap"),
        ([shapely.Point(0, 0)], r"polygons\[0\] is no valid polygon"),
        ([shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])], "Self-intersection"),
        ([None], "none missing"),
        ([1.0, 2.0], "shapely geometries"),
    ],
)
def test_what_is_no_side_by_side_is_refused(shapes: list, says: str) -> None:
    with pytest.raises(EcostatError, match=says):
        boundary(shapes)


def test_a_mask_of_another_shape_is_refused() -> None:
    with pytest.raises(EcostatError, match="mask of 2 × 3"):
        grid_adjacency(2, 3, present=np.ones((3, 2)))
    with pytest.raises(EcostatError, match="rows"):
        grid_boundary(0, 3)
