"""Charts and the map by commune as pictures of paper: drawn as on the pages, set in the typesetter's own type."""

import tempfile
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

import typst

from baoton.kit.pages.areas import AreaMap, areas
from baoton.kit.pages.charts import Chart, Row, bars
from baoton.places.queries import outlines, unit_name

GREEN, INK, SOFT, NONE = "#2c8566", "#1d2623", "#51635d", "#ececec"
SHADES = ("#dcefe6", "#a9d6c1", "#69b395", "#2c8566", "#0a4233")
FONT = 'font-family="Libertinus Serif" font-size="16"'
DOTS = 160


def bar_chart(rows: Mapping[str, float], unit: str) -> bytes:
    """One bar a row with its value, as PNG."""
    return png(_bars(bars("", [Row(label, value) for label, value in rows.items()], unit)))


def commune_map(values: Mapping[str, float]) -> bytes:
    """The communes coloured by class, the legend below, as PNG; what no record tells is grey."""
    rows = {path: Row(unit_name(path), value) for path, value in values.items()}
    return png(_map(areas("", rows, outlines())))


@lru_cache(maxsize=16)
def png(svg: str) -> bytes:
    """The drawing as a picture that prints sharp."""
    with tempfile.TemporaryDirectory(prefix="baoton-picture-") as folder:
        root = Path(folder)
        (root / "drawn.svg").write_text(svg, encoding="utf-8")
        (root / "drawn.typ").write_text(
            '#set page(width: 15.5cm, height: auto, margin: 0pt)\n#image("drawn.svg", width: 100%)\n'
        )
        typst.compile(
            str(root / "drawn.typ"), output=str(root / "drawn.png"), root=str(root), format="png", ppi=DOTS,
            ignore_system_fonts=True,
        )  # fmt: skip
        return (root / "drawn.png").read_bytes()


def _bars(chart: Chart) -> str:
    wide = 720
    drawn = []
    for one in chart.marks:
        label, told = escape(str(one.row.label)), escape(f"{one.row.told} {chart.unit}".strip())
        y = float(one.text_y) + 1
        drawn.append(
            f'<text x="292" y="{y}" text-anchor="end" fill="{INK}">{label}</text>'
            f'<rect x="300" y="{one.y}" width="{float(one.width) * 0.95:.1f}" height="16" fill="{GREEN}"/>'
            f'<text x="{306 + float(one.width) * 0.95:.1f}" y="{y}" fill="{INK}">{told}</text>'
        )
    return _svg(wide, float(chart.height), drawn)


def _map(chart: AreaMap) -> str:
    tall = float(chart.height)
    edge = 'stroke="#7d938a" stroke-width="0.8"'
    fills = [NONE if p.shade is None else SHADES[p.shade] for p in chart.patches]
    drawn = [f'<path d="{p.path}" fill="{f}" {edge}/>' for p, f in zip(chart.patches, fills, strict=True)]
    keys: list[tuple[str, str]] = [(SHADES[one.shade], one.told) for one in chart.legend]
    if chart.unknown:
        keys.append((NONE, "chưa có bản ghi"))
    x = 4.0
    for colour, told in keys:
        drawn.append(
            f'<rect x="{x}" y="{tall + 12}" width="30" height="20" fill="{colour}" stroke="#7d938a"/>'
            f'<text x="{x + 36}" y="{tall + 30}" font-size="24" fill="{SOFT}">{escape(told)}</text>'
        )
        x += 50 + 13 * len(told)
    return _svg(float(chart.width), tall + 40, drawn)


def _svg(width: float, height: float, drawn: list[Any]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" {FONT}>'
    return f"{head}{''.join(drawn)}</svg>"
