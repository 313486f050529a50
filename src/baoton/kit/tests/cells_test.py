"""The cell key: every tile one range, every box covered."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from baoton.kit import cells

LON = st.floats(-180, 179.999)
LAT = st.floats(-85, 85)


@given(LON, LAT, st.integers(0, 22))
def test_a_point_lies_in_the_range_of_its_tile_and_of_no_neighbour(lon: float, lat: float, z: int) -> None:
    x, y = (float(v[0]) for v in cells.to_world([lon], [lat]))
    column, row = int(x * (1 << z)), int(y * (1 << z))
    key = int(cells.point_keys([lon], [lat])[0])
    first, last = cells.tile_range(z, column, row)
    assert first <= key <= last
    if z:
        first, last = cells.tile_range(z, column ^ 1, row)
        assert not first <= key <= last


@given(LON, LAT, st.integers(0, 22))
def test_a_key_gives_its_tile_back(lon: float, lat: float, z: int) -> None:
    x, y = (float(v[0]) for v in cells.to_world([lon], [lat]))
    column, row = cells.cell_xy(cells.point_keys([lon], [lat]), z)
    assert (int(column[0]), int(row[0])) == (int(x * (1 << z)), int(y * (1 << z)))


@given(LON, LAT, st.floats(0, 20), st.floats(0, 20), st.floats(0, 1), st.floats(0, 1))
def test_the_ranges_of_a_box_hold_every_point_in_it(
    west: float, south: float, wide: float, high: float, u: float, v: float
) -> None:
    east, north = min(west + wide, 179.999), min(south + high, 85)
    lon, lat = west + u * (east - west), south + v * (north - south)
    key = int(cells.point_keys([lon], [lat])[0])
    ranges = cells.cover(west, south, east, north)
    assert len(ranges) <= 16
    assert any(first <= key <= last for first, last in ranges)


@given(LON, LAT, st.floats(1e-6, 5), st.floats(0, 1), st.floats(0, 1))
def test_a_box_is_found_at_its_level_from_any_box_that_meets_it(
    west: float, south: float, side: float, u: float, v: float
) -> None:
    east, north = min(west + side, 179.9), min(south + side, 84.9)
    if east <= west or north <= south:
        return
    key = int(cells.box_keys([west], [south], [east], [north])[0])
    lon, lat = west + u * (east - west), south + v * (north - south)
    ranges = cells.cover(lon, lat, lon, lat, level=cells.level_of(key), loose=True)
    assert any(first <= key <= last for first, last in ranges)


def test_latitudes_beyond_the_map_are_clamped_in_the_key_alone() -> None:
    assert np.array_equal(cells.point_keys([10.0], [89.9]), cells.point_keys([10.0], [cells.MAX_LAT]))


def test_keys_stay_positive_in_one_signed_integer() -> None:
    keys = cells.point_keys([-180.0, 179.9999999], [-85.0, 85.0])
    assert (keys > 0).all() and keys.max() < 2**63
