"""VN-2000 and UTM to longitude and latitude, against the projection library's own definitions."""

import numpy as np
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats import crs

METRE = 1e-5  # of a degree, about


@pytest.mark.parametrize(
    ("code", "epsg"),
    [
        ("vn2000-103-3", 9205),
        ("vn2000-104.75-3", 9208),
        ("vn2000-105-3", 5897),
        ("vn2000-105-6", 3405),
        ("vn2000", 4756),
    ],
)
def test_vn2000_agrees_with_the_registry(code: str, epsg: int) -> None:
    lon, lat = np.array([103.2, 103.5]), np.array([22.3, 22.1])
    registry = pyproj.Transformer.from_crs(epsg, 4326, always_xy=True)
    x, y = registry.transform(lon, lat, direction="INVERSE")
    ours = crs.to_lonlat(x, y, code)
    assert np.abs(ours[0] - lon).max() < METRE / 100 and np.abs(ours[1] - lat).max() < METRE / 100


def test_the_datum_shift_moves_a_place_by_about_its_published_size() -> None:
    lon, lat = crs.to_lonlat(np.array([103.5]), np.array([22.3]), "vn2000")
    east = (lon[0] - 103.5) / METRE
    north = (lat[0] - 22.3) / METRE
    assert 50 < np.hypot(east, north) < 300


def test_lai_chau_is_the_first_projected_system_offered() -> None:
    assert crs.systems()[1].code == "vn2000-103-3" and "Lai Châu" in crs.systems()[1].note
    assert crs.vn2000().central_meridian == 103.0 and crs.vn2000().accuracy_m == 1.0


@given(
    st.lists(st.tuples(st.floats(102, 104), st.floats(21, 23)), min_size=1, max_size=10),
    st.sampled_from(
        ["vn2000-103-3", "vn2000-104.5-3", "vn2000-105-6", "utm47n", "utm48n", "vn2000", "EPSG:3857"]
    ),
)
def test_there_and_back_is_the_same_place(places: list[tuple[float, float]], code: str) -> None:
    lon, lat = np.array(places).T
    back = crs.to_lonlat(*crs.from_lonlat(lon, lat, code), code)
    assert np.allclose(back[0], lon, atol=1e-9) and np.allclose(back[1], lat, atol=1e-9)


def test_blank_stays_blank() -> None:
    lon, lat = crs.to_lonlat(
        np.array([np.nan, 550_000.0]), np.array([2_450_000.0, 2_450_000.0]), "vn2000-103-3"
    )
    assert np.isnan(lon[0]) and np.isnan(lat[0]) and 103 < lon[1] < 104


def test_a_meridian_outside_vietnam_is_refused() -> None:
    with pytest.raises(ValueError, match="meridian"):
        crs.vn2000(12.0)
    with pytest.raises(ValueError, match="zone"):
        crs.vn2000(103.0, 4)
