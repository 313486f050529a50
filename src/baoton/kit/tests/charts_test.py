"""Drawings say what their tables say, and draw nothing for what is unknown."""

import re
from collections.abc import Sequence

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from baoton.kit.pages.charts import Row, bars, lines

KNOWN = st.floats(0, 1e12, allow_subnormal=False) | st.integers(0, 10**12)


def page(kind: str, values: Sequence[float | None]) -> str:
    rows = [Row(f"năm {i}", v) for i, v in enumerate(values)]
    with override("vi"):
        return render_to_string("kit/chart.html", {"chart": (bars if kind == "bars" else lines)("Số", rows)})


@pytest.mark.parametrize("kind", ["bars", "lines"])
def test_every_length_is_one_that_svg_reads_in_vietnamese_too(kind: str) -> None:
    told = page(kind, [1.5, 2.25, 3333.3])
    lengths = re.findall(r'\b(?:x|y|width|cx|cy|y1|y2)="([^"]*)"', told)
    assert lengths and not [n for n in lengths if not re.fullmatch(r"\d+(\.\d)?", n)]
    assert "3.333,3" in told


@pytest.mark.parametrize("kind", ["bars", "lines"])
def test_what_is_unknown_is_neither_drawn_nor_a_zero(kind: str) -> None:
    told = page(kind, [5, None, 0])
    assert told.count('role="img"') == 2 and told.count("chưa có số liệu") == 1
    assert "<svg" not in page(kind, [None, None])


def test_a_line_is_not_drawn_across_what_is_unknown() -> None:
    made = lines("x", [Row(str(i), v) for i, v in enumerate([1, 2, None, 4, None, 3, 2])])
    assert [len(run.split()) for run in made.runs] == [2, 2]


@given(st.lists(KNOWN, min_size=1, max_size=20))
def test_a_bar_is_as_long_as_its_value_and_stays_inside(values: list[float]) -> None:
    made = bars("x", [Row(str(i), v) for i, v in enumerate(values)])
    lengths = [float(m.width) for m in made.marks]
    assert max(lengths) <= 330
    most = max(values)
    if most > 0:
        assert max(lengths) >= 131
        for long, value in zip(lengths, values, strict=True):
            assert long == pytest.approx(max(lengths) * value / most, abs=0.11)


def test_a_negative_value_is_refused() -> None:
    with pytest.raises(ValueError):
        bars("x", [Row("a", -1)])


def test_a_year_that_is_unknown_keeps_its_place_and_whole_numbers_are_told_whole() -> None:
    told = page("lines", [3.0, None, 9.5])
    assert told.count(">năm 1</text>") == 1 and ">3</text>" in told and "3,0" not in told
