"""The map of an option as a sheet of paper: VN-2000 grid, scale, legend, north, sources; PDF made on the server."""

from html import escape
from typing import Any

import numpy as np
import shapely

from baoton.habitats.models import FORESTED, Option, Parcel, Zone
from baoton.habitats.proposals import INSIDE, boundary, zones_of
from baoton.habitats.proposals.papers import INVENTED, meridian
from baoton.habitats.queries import published
from baoton.kit.paper.binder import typeset
from baoton.places.queries import outlines, schematic, unit_name
from formats import crs

PAPERS = (("A3", 420.0, 297.0), ("A1", 841.0, 594.0))
SCALES = (5_000, 10_000, 25_000)
SMALLER = (50_000, 100_000, 250_000)
EDGE, SIDE = 12.0, 82.0
FILL = {"natural": "#7fb77e", "planted": "#b9d98c", "none": "#efe6c8", "": "#f4f4f4"}
ZONE = {Zone.Kind.STRICT: "#8c1d18", Zone.Kind.RESTORATION: "#c46a00", Zone.Kind.SERVICE: "#5b3a8c",
        Zone.Kind.BUFFER: "#3a5f8c"}  # fmt: skip
LAYOUT = """#let d = json("data.json")
#set page(width: d.width * 1mm, height: d.height * 1mm, margin: 0mm)
#image("map.svg", width: d.width * 1mm, height: d.height * 1mm)
"""


def fitting(width: float, height: float) -> tuple[str, float, float, int]:
    """The paper and scale for a ground of so many metres: the largest scale on the smallest paper that holds it."""
    for scale in (*SCALES, *SMALLER):
        for name, wide, tall in PAPERS:
            if (
                width / scale * 1000 <= wide - SIDE - 2 * EDGE
                and height / scale * 1000 <= tall - 2 * EDGE - 16
            ):
                return name, wide, tall, scale
    return (*PAPERS[1], SMALLER[-1])


def pdf(option: Option) -> bytes:
    """The sheet as PDF; raises `ValueError` where no zone is drawn."""
    drawn, wide, tall = svg(option)
    return typeset(LAYOUT, {"width": wide, "height": tall}, {"map.svg": drawn})


def svg(option: Option) -> tuple[str, float, float]:
    """The sheet as a drawing in millimetres, with the width and height of its paper."""
    zones = zones_of(option)
    if not zones:
        raise ValueError("no zone is drawn")
    system = crs.vn2000(meridian())

    def flat(shape: Any) -> Any:
        return shapely.transform(
            shape, lambda xy: np.column_stack(crs.from_lonlat(xy[:, 0], xy[:, 1], system))
        )

    shapes = [flat(shapely.from_wkb(bytes(z.geom or b""))) for z in zones]
    west, south, east, north = shapely.total_bounds(np.array(shapes, dtype=object)).tolist()
    _name, wide, tall, scale = fitting((east - west) * 1.06, (north - south) * 1.06)
    x0, y0, x1, y1 = EDGE, EDGE + 16, wide - SIDE - EDGE, tall - EDGE
    middle = ((west + east) / 2, (south + north) / 2)
    unit = 1000 / scale

    def at(x: float, y: float) -> tuple[float, float]:
        return (x0 + x1) / 2 + (x - middle[0]) * unit, (y0 + y1) / 2 - (y - middle[1]) * unit

    def path(shape: Any) -> str:
        told = []
        for part in shapely.get_parts(shapely.simplify(shape, 0.1 / unit)):
            if part.geom_type != "Polygon":
                continue
            for ring in (part.exterior, *part.interiors):
                points = " L".join("{:.2f},{:.2f}".format(*at(*xy)) for xy in ring.coords)
                told.append(f"M{points}Z")
        return "".join(told)

    half = ((x1 - x0) / 2 / unit, (y1 - y0) / 2 / unit)
    frame = shapely.box(middle[0] - half[0], middle[1] - half[1], middle[0] + half[0], middle[1] + half[1])
    edge = shapely.get_coordinates(frame)
    lon, lat = crs.to_lonlat(edge[:, 0], edge[:, 1], system)
    seen = shapely.box(lon.min(), lat.min(), lon.max(), lat.max())
    parts = ['<g clip-path="url(#frame)">']
    version = next(iter(published()), None)
    if version is not None:
        parts += _parcels(version, seen, flat, path, unit)
    for area, shape in outlines().items():
        if shapely.intersects(shape, seen):
            parts.append(f'<path d="{path(flat(shape))}" fill="none" stroke="#444" stroke-width="0.35" '
                         'stroke-dasharray="3 1 0.6 1"/>')  # fmt: skip
            label = shapely.intersection(shape, seen).representative_point()
            parts.append(_text(*at(*flat(label).coords[0]), unit_name(area), 3.6, "middle", "#333"))
    for zone, shape in zip(zones, shapes, strict=True):
        colour = ZONE[Zone.Kind(zone.kind)]
        dash = ' stroke-dasharray="2 1.2"' if zone.kind not in INSIDE else ""
        parts.append(f'<path d="{path(shape)}" fill="{colour}" fill-opacity="0.16" stroke="{colour}" '
                     f'stroke-width="0.6"{dash}/>')  # fmt: skip
    core = boundary(option)
    if not core.is_empty:
        parts.append(f'<path d="{path(flat(core))}" fill="none" stroke="#000" stroke-width="0.9"/>')
    parts += _grid(middle, half, at)
    if option.proposal.invented:
        parts.append(
            f'<g transform="rotate(-24 {(x0 + x1) / 2:.1f} {(y0 + y1) / 2:.1f})" opacity="0.35">'
            + _text((x0 + x1) / 2, (y0 + y1) / 2, "RANH GIỚI GIẢ ĐỊNH", (x1 - x0) / 14, "middle", "#b00")
            + "</g>"
        )
    parts.append("</g>")
    parts += _around(option, zones, version, (x0, y0, x1, y1), wide, scale)
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}mm" height="{tall}mm" viewBox="0 0 {wide} {tall}">'
            f'<defs><clipPath id="frame"><rect x="{x0}" y="{y0}" width="{x1 - x0}" height="{y1 - y0}"/></clipPath>'
            "</defs>"
            f'<rect width="{wide}" height="{tall}" fill="#fff"/>')  # fmt: skip
    return head + "".join(parts) + "</svg>", wide, tall


def _text(
    x: float,
    y: float,
    words: str,
    size: float,
    anchor: str = "start",
    colour: str = "#000",
    bold: bool = False,
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (f'<text x="{x:.2f}" y="{y:.2f}" font-family="Libertinus Serif" font-size="{size:.2f}" '
            f'text-anchor="{anchor}" '
            f'fill="{colour}"{weight}>{escape(words)}</text>')  # fmt: skip


def _parcels(version: Any, seen: Any, flat: Any, path: Any, unit: float) -> list[str]:
    """The parcels in the frame by origin; those of one origin are one path, so that the sheet stays small."""
    west, south, east, north = seen.bounds
    rows = Parcel.objects.filter(version=version, withdrawn__isnull=True, geom__isnull=False)
    rows = rows.filter(min_x__lte=east, max_x__gte=west, min_y__lte=north, max_y__gte=south)
    by: dict[str, list[str]] = {}
    for kind, origin, geom in rows.values_list("forest_class", "origin", "geom"):
        key = origin if kind in FORESTED or not kind else "none"
        by.setdefault(key, []).append(path(flat(shapely.from_wkb(bytes(geom or b"")))))
    return [
        f'<path d="{"".join(told)}" fill="{FILL.get(key, FILL[""])}" stroke="#fff" stroke-width="0.08"/>'
        for key, told in by.items()
    ]


def _grid(middle: tuple[float, float], half: tuple[float, float], at: Any) -> list[str]:
    """Lines of whole kilometres of VN-2000 with their numbers; so many that a sheet has about ten."""
    step = next(s for s in (200, 500, 1000, 2000, 5000, 10_000, 20_000) if 2 * max(half) / s <= 16)
    told = []
    for axis in (0, 1):
        first = int(np.ceil((middle[axis] - half[axis]) / step)) * step
        for value in range(first, int(middle[axis] + half[axis]) + 1, step):
            if axis == 0:
                (x, top), (_x, low) = at(value, middle[1] + half[1]), at(value, middle[1] - half[1])
                told.append(f'<path d="M{x:.2f},{top:.2f}V{low:.2f}" stroke="#2a6fb0" stroke-width="0.12"/>')
                told.append(_text(x + 0.6, low - 1, f"{value:,}".replace(",", " "), 2.6, "start", "#2a6fb0"))
            else:
                (left, y), (right, _y) = at(middle[0] - half[0], value), at(middle[0] + half[0], value)
                told.append(
                    f'<path d="M{left:.2f},{y:.2f}H{right:.2f}" stroke="#2a6fb0" stroke-width="0.12"/>'
                )
                told.append(_text(left + 1, y - 0.6, f"{value:,}".replace(",", " "), 2.6, "start", "#2a6fb0"))
    return told


def _around(
    option: Option,
    zones: list[Zone],
    version: Any,
    frame: tuple[float, float, float, float],
    wide: float,
    scale: int,
) -> list[str]:
    """The frame, the title, and on the right north, scale, legend, areas and sources."""
    x0, y0, x1, y1 = frame
    proposal = option.proposal
    told = [
        f'<rect x="{x0}" y="{y0}" width="{x1 - x0}" height="{y1 - y0}" fill="none" stroke="#000" stroke-width="0.5"/>'
    ]
    title = f"BẢN ĐỒ HIỆN TRẠNG VÀ QUY HOẠCH {proposal.get_kind_display().upper()} {proposal.title.upper()}"
    told.append(_text((x0 + x1) / 2, EDGE + 6, title, 5.2, "middle", bold=True))
    under = f"Phương án: {option.name}. {INVENTED if proposal.invented else ''}"
    told.append(
        _text((x0 + x1) / 2, EDGE + 12, under, 3.8, "middle", "#b00" if proposal.invented else "#000")
    )
    x, y = x1 + 6, y0 + 8
    told.append(
        f'<path d="M{x + 6},{y - 6}l4,14l-4,-3l-4,3Z" fill="#000"/>'
        + _text(x + 6, y + 13, "B", 4.5, "middle", bold=True)
    )
    y += 24
    shown = f"{scale:,}".replace(",", ".")
    told.append(_text(x, y, f"Tỷ lệ 1:{shown}", 4.6, bold=True))
    small = "" if scale in SCALES else "Khu quá rộng cho tỷ lệ 1:25.000 trên một tờ: bản này để xem chung."
    y += 5
    length = next(m for m in (10_000, 5_000, 2_000, 1_000, 500, 200, 100) if m * 1000 / scale <= 50)
    bar = length * 1000 / scale
    told.append(f'<path d="M{x},{y}h{bar}" stroke="#000" stroke-width="1.2"/>'
                f'<path d="M{x},{y}h{bar / 2}" stroke="#fff" stroke-width="0.7"/>')  # fmt: skip
    told.append(_text(x, y + 4.4, f"0 – {length / 1000:g} km", 3.2))
    y += 11
    lines = [*_wrapped(small, 44), f"Hệ VN-2000, kinh tuyến trục {meridian():g}°, múi 3°", "lưới ki-lô-mét"]
    for line in lines:
        told.append(_text(x, y, line, 3.2))
        y += 4.4
    y += 4
    told.append(_text(x, y, "CHÚ DẪN", 4.2, bold=True))
    y += 5
    sums: dict[str, float] = {}
    for zone in zones:
        sums[zone.kind] = sums.get(zone.kind, 0.0) + (zone.hectares or 0.0)
    for kind, ha in sums.items():
        colour = ZONE[Zone.Kind(kind)]
        told.append(f'<rect x="{x}" y="{y - 3}" width="7" height="4" fill="{colour}" fill-opacity="0.16" '
                    f'stroke="{colour}" stroke-width="0.5"/>')  # fmt: skip
        area = f"{ha:,.1f}".replace(",", " ").replace(".", ",")
        told.append(_text(x + 9, y, f"{dict(Zone.Kind.choices)[kind]}: {area} ha", 3.2))
        y += 5.6
    legend = (
        ("natural", "rừng tự nhiên"),
        ("planted", "rừng trồng"),
        ("none", "đất chưa có rừng"),
        ("", "chưa rõ"),
    )
    for key, words in legend if version is not None else ():
        told.append(
            f'<rect x="{x}" y="{y - 3}" width="7" height="4" fill="{FILL[key]}" stroke="#999" stroke-width="0.1"/>'
        )
        told.append(_text(x + 9, y, words, 3.2))
        y += 5.6
    told.append(f'<path d="M{x},{y - 1}h7" stroke="#444" stroke-width="0.35" stroke-dasharray="3 1 0.6 1"/>')
    told.append(_text(x + 9, y, "ranh giới xã, phường" + (" (sơ đồ)" if schematic() else ""), 3.2))
    y += 5.6
    told.append(
        f'<path d="M{x},{y - 1}h7" stroke="#000" stroke-width="0.9"/>' + _text(x + 9, y, "ranh giới khu", 3.2)
    )
    y += 9
    source = f"{version}: {version.source}" if version is not None else "chưa có bản đồ rừng được công bố"
    for line in ("NGUỒN", *_wrapped(f"Hiện trạng rừng: {source}.", 44), "Diện tích đo trên ellipsoid WGS84."):
        told.append(_text(x, y, line, 3.2, bold=line == "NGUỒN"))
        y += 4.4
    return told


def _wrapped(words: str, most: int) -> list[str]:
    lines: list[str] = []
    for word in words.split():
        if lines and len(lines[-1]) + len(word) < most:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
