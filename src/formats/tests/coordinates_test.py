"""Coordinates as people write them, and the seven ways a pair is wrong."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats import coordinates

LAI_CHAU = (102.3, 21.6, 103.9, 22.9)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("22.3961", 22.3961),
        ("22,3961", 22.3961),
        ("-22.5", -22.5),
        ("−22,5", -22.5),
        ("22°23'46\"B", 22 + 23 / 60 + 46 / 3600),
        ("22°23'46\"N", 22 + 23 / 60 + 46 / 3600),
        ("22°23′46.5″ Bắc", 22 + 23 / 60 + 46.5 / 3600),
        ("103°12'00\"Đ", 103.2),
        ("N22°23.766'", 22.3961),
        ("22 23 46", 22 + 23 / 60 + 46 / 3600),
        ("22o23'46''", 22 + 23 / 60 + 46 / 3600),
        ("22:23:46", 22 + 23 / 60 + 46 / 3600),
        ("22d23m46s", 22 + 23 / 60 + 46 / 3600),
        ("22°23'46\"S", -(22 + 23 / 60 + 46 / 3600)),
        ("103 độ 12 phút 30 giây", 103 + 12 / 60 + 30 / 3600),
        ("104,5E", 104.5),
        ("73.5 W", -73.5),
        ("2.450.000", 2_450_000),
        ("2 450 000,5", 2_450_000.5),
        ("0", 0.0),
    ],
)
def test_a_coordinate_is_read(text: str, value: float) -> None:
    parsed = coordinates.parse([text])
    assert parsed.values[0] == pytest.approx(value, abs=1e-9) and parsed.codes == [None]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "blank"),
        ("", "blank"),
        ("  ", "blank"),
        ("abc", "unreadable"),
        ("22°75'", "unreadable"),
        ("22,3961,5", "unreadable"),
        ("khoảng 22", "unreadable"),
    ],
)
def test_blank_is_never_zero(text: str | None, code: str) -> None:
    parsed = coordinates.parse([text])
    assert np.isnan(parsed.values[0]) and parsed.codes == [code]


def test_a_latitude_in_the_longitude_column_is_told() -> None:
    assert coordinates.parse(["22°23'N", "103 E"], axis="lon").codes == ["wrong_axis", None]


@given(st.lists(st.floats(-180, 180).map(lambda v: round(v, 6)), max_size=30))
def test_numbers_come_back_with_point_or_comma(numbers: list[float]) -> None:
    texts = [f"{n:.6f}" for n in numbers]
    assert coordinates.parse(pa.array(texts, pa.string())).values.tolist() == pytest.approx(numbers)
    assert coordinates.parse([t.replace(".", ",") for t in texts]).values.tolist() == pytest.approx(numbers)


@given(st.integers(0, 89), st.integers(0, 59), st.integers(0, 59), st.sampled_from("NS"))
def test_degrees_minutes_seconds_come_back(d: int, m: int, s: int, hemisphere: str) -> None:
    expected = (d + m / 60 + s / 3600) * (1 if hemisphere == "N" else -1)
    forms = [f"{d}°{m}'{s}\"{hemisphere}", f"{d}° {m}' {s}'' {hemisphere}", f"{hemisphere} {d} {m} {s}"]
    assert coordinates.parse(forms).values.tolist() == pytest.approx([expected] * 3)


@pytest.mark.parametrize(
    ("lon", "lat", "code", "suggested"),
    [
        (103.2, 22.3, "ok", None),
        (0, 0, "zero_zero", None),
        (22.3, 103.2, "swapped", (103.2, 22.3)),
        (-103.2, 22.3, "sign_lost", (103.2, 22.3)),
        (103.2, -22.3, "sign_lost", (103.2, 22.3)),
        (550_000, 2_450_000, "looks_projected", None),
        (200, 22, "out_of_range", None),
        (110, 15, "outside_extent", None),
        (np.nan, 22, "missing_half", None),
        (103, np.nan, "missing_half", None),
        (np.nan, np.nan, "blank", None),
    ],
)
def test_a_pair_is_diagnosed(
    lon: float, lat: float, code: str, suggested: tuple[float, float] | None
) -> None:
    found = coordinates.diagnose(np.array([lon]), np.array([lat]), LAI_CHAU)
    assert found.codes.tolist() == [code]
    assert (found.suggestions[0] is None) == (code in ("ok", "blank"))
    pair = (found.lon[0], found.lat[0])
    assert pair == pytest.approx(suggested) if suggested else np.isnan(pair).all()


def test_without_an_extent_only_the_impossible_is_told() -> None:
    found = coordinates.diagnose(np.array([-70.0, 22.0, 5.0]), np.array([-30.0, 103.0, 5.0]))
    assert found.codes.tolist() == ["ok", "swapped", "ok"]
