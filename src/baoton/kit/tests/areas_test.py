"""A map of values says what its table says, hatches what is not known, and keeps nought apart from it."""

import re

import pytest
import shapely
from django.template.loader import render_to_string
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from baoton.kit.pages.areas import CLASSES, areas, breaks, shade
from baoton.kit.pages.charts import Row, lines

SHAPES = {f"12/{i}": shapely.box(103 + i / 10, 22, 103.1 + i / 10, 22.1) for i in range(6)}


def drawn(values: list[float | None]) -> str:
    rows = {
        k: Row(f"xã {i}", v, f"/so/x/?area={k}") for i, (k, v) in enumerate(zip(SHAPES, values, strict=True))
    }
    with override("vi"):
        return render_to_string("kit/areas.html", {"chart": areas("Số buổi", rows, SHAPES, "buổi")})


def test_each_area_is_a_link_that_tells_its_name_and_value() -> None:
    told = drawn([0, 1, 2.5, 40, 1000, None])
    assert len(re.findall(r"<a href=", told.split("</svg>")[0])) == 6
    assert 'aria-label="xã 4: 1.000"' in told and 'aria-label="xã 5: chưa có số liệu"' in told
    assert (
        'class="none" fill="url(#hatch)" d="M' in told
        and 'aria-label="xã 0: 0"' in told
        and told.count('class="shade s0" d=') == 1
    )
    assert not re.findall(r'd="[^"]*[^MLZ0-9.,"-]', told.split("</defs>")[1])  # lengths that SVG reads


def test_nothing_known_is_hatched_all_over_and_no_class_stands_in_the_legend() -> None:
    told = drawn([None] * 6)
    assert told.count('class="none" fill="url(#hatch)" d=') == 6 and "shade s" not in told


@given(st.lists(st.floats(0, 1e9, allow_subnormal=False), min_size=1, max_size=80))
def test_every_value_has_one_class_and_a_larger_one_never_a_lighter(values: list[float]) -> None:
    known = sorted(set(values))
    ends = breaks(known)
    shades = [shade(v, ends) for v in known]
    assert len(ends) <= CLASSES and shades == sorted(shades) and max(shades) < len(ends)


def test_equal_values_are_one_class() -> None:
    assert breaks([3.0]) == [3.0] and len(breaks([1.0, 1.0, 1.0])) == 1


@pytest.mark.parametrize("low", [2.0, None])
def test_an_interval_is_drawn_told_and_in_the_table_only_where_both_ends_are_known(low: float | None) -> None:
    with override("vi"):
        chart = lines("Ước lượng", [Row("2025", 5, "", low, 30.5), Row("2026", 6)])
        told = render_to_string("kit/chart.html", {"chart": chart})
    assert ("limits" in told) is (low is not None)
    assert ("2025: 5 (2–30,5)" in told) is (low is not None) and ("Khoảng tin cậy" in told) is (
        low is not None
    )
    tops = [float(y) for y in re.findall(r"(?:,|V)(-?[\d.]+)", " ".join(re.findall(r'd="([^"]+)"', told)))]
    assert all(0 <= y <= 240 for y in tops)
