"""The printed field sheets (A4): an overview with the map, then a page a site with its place and a QR."""

import io
import math
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

import segno
import shapely
from django.utils.translation import gettext as _

from baoton.kit.paper.binder import typeset
from baoton.places.queries import outlines, unit_name
from baoton.surveys.models import Campaign, Site
from baoton.surveys.protocols.asked import DAY, ROUND, SITE, Form

WIDE, TALL = 1000.0, 700.0
BLANK_ROWS = 12


def sheets(campaign: Campaign, form: Form, sites: Sequence[Site]) -> bytes:
    """The PDF; the sites come with their true place, so only for whoever may know it."""
    shapes = {s.pk: shapely.from_wkb(bytes(s.geom)) for s in sites if s.geom is not None}
    pictures: dict[str, str | bytes] = {
        "all.svg": drawn(shapes.values(), [], [s.code for s in sites if s.pk in shapes])
    }
    pages = []
    for n, site in enumerate(sites):
        page = {
            "code": site.code, "qr": "", "map": "", "at": _("chưa có vị trí"), "team": site.team or "……",
            "where": unit_name(site.area_path) if site.area_path else "", "stratum": site.stratum,
            "reserve": site.status == Site.Status.RESERVE,
        }  # fmt: skip
        if (shape := shapes.get(site.pk)) is not None:
            middle = (
                shapely.point_on_surface(shape)
                if shape.geom_type != "LineString"
                else shapely.get_point(shape, 0)
            )
            page["at"] = f"{middle.y:.5f}, {middle.x:.5f}"
            page["qr"], page["map"] = f"qr{n}.svg", f"map{n}.svg"
            pictures[f"qr{n}.svg"] = _qr(
                f"geo:{middle.y:.5f},{middle.x:.5f}?q={middle.y:.5f},{middle.x:.5f}({site.code})"
            )
            pictures[f"map{n}.svg"] = drawn(shapes.values(), [shape])
        pages.append(page)
    about = [a for a in form.visit if a.name not in {SITE, ROUND, DAY}]
    data = {
        "title": campaign.name, "code": campaign.code, "question": campaign.question, "pages": pages,
        "protocol": _("%(name)s, phiên bản %(n)d") % {"name": form.name, "n": form.version},
        "source": form.source, "steps": form.steps.splitlines(), "rows": BLANK_ROWS,
        "season": f"{campaign.day_start:%d/%m/%Y} – {campaign.day_end:%d/%m/%Y}",
        "visit": [{"label": a.heading, "says": a.says} for a in about],
        "heads": [a.heading for a in form.rows], "lists": [f"{a.label}: {a.says}" for a in form.rows if a.among],
        "row": form.row_label,
        "say": {
            "sheet": _("Phiếu điều tra"), "site": _("Điểm"), "team": _("Tổ"), "reserve": _("dự phòng"),
            "at": _("Vĩ độ, kinh độ"), "source": _("Căn cứ"),
            "day": _("Ngày"), "round": _("Lượt"), "all": _("Bản đồ các điểm"), "steps": _("Các bước"),
            "season": _("Mùa điều tra"), "scan": _("Quét để dẫn đường"), "rows": _("Mỗi dòng là"), "where": _("Xã"),
            "none": _("không gặp gì: gạch chéo bảng"), "stratum": _("Tầng"), "list": _("Danh sách điểm"),
            "north": _("Hướng bắc ở trên. Điểm tô đậm là điểm của phiếu này."),
        },
    }  # fmt: skip
    return typeset(LAYOUT, data, pictures)


def _qr(text: str) -> str:
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", scale=4, border=2)
    return out.getvalue().decode()


def drawn(
    shapes: Iterable[shapely.Geometry], chosen: Sequence[shapely.Geometry], codes: Sequence[str] = ()
) -> str:
    """Sites over the outlines of communes as an SVG; the chosen ones dark, and the picture closer around them."""
    held = list(shapes)
    if not held:
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE:.0f} {TALL:.0f}"/>'
    west, south, east, north = shapely.total_bounds(chosen or held)
    room = max(east - west, north - south, 0.02) * (4 if chosen else 0.15)
    cx, cy = (west + east) / 2, (south + north) / 2
    k = math.cos(math.radians(cy))
    half = max(((east - west) * k / 2 + room * k) / WIDE, ((north - south) / 2 + room) / TALL)

    def at(x: float, y: float) -> tuple[float, float]:
        return WIDE / 2 + (x - cx) * k / half / 2, TALL / 2 - (y - cy) / half / 2

    def path(ring: shapely.Geometry) -> str:
        return "M" + "L".join(
            f"{a:.1f},{b:.1f}" for a, b in (at(x, y) for x, y in shapely.get_coordinates(ring))
        )

    frame = shapely.box(cx - half * WIDE / k, cy - half * TALL, cx + half * WIDE / k, cy + half * TALL)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE:.0f} {TALL:.0f}">',
        f'<rect width="{WIDE:.0f}" height="{TALL:.0f}" fill="#f5f8f6"/>',
    ]
    for name, outline in outlines().items():
        seen = shapely.intersection(outline, frame)
        for part in shapely.get_parts(seen):
            if part.geom_type == "Polygon":
                out.append(
                    f'<path d="{path(part.exterior)}Z" fill="none" stroke="#8aa39a" stroke-width="2"/>'
                )
        if not seen.is_empty:
            x, y = at(seen.representative_point().x, seen.representative_point().y)
            out.append(
                f'<text x="{x:.0f}" y="{y:.0f}" font-size="20" fill="#51635d" text-anchor="middle" '
                f'font-family="Libertinus Serif">{escape(unit_name(name))}</text>'
            )
    for n, shape in enumerate(held):
        mine = any(shape is one for one in chosen)
        colour, size = ("#9c1c1c", 11) if mine else ("#0f5b46", 6)
        if shape.geom_type == "Point":
            x, y = at(shape.x, shape.y)
            out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size}" fill="{colour}"/>')
            if codes:
                out.append(_label(x + 10, y + 6, codes[n]))
        else:
            closed = "Z" if shape.geom_type == "Polygon" else ""
            ring = shape.exterior if shape.geom_type == "Polygon" else shape
            out.append(
                f'<path d="{path(ring)}{closed}" fill="none" stroke="{colour}" stroke-width="{size / 2:.0f}"/>'
            )
    return "".join([*out, "</svg>"])


def _label(x: float, y: float, code: str) -> str:
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="16" font-family="Libertinus Serif">{escape(code)}</text>'
    )


LAYOUT = """
#let d = json("data.json")
#let s = d.say
#set document(title: d.title, date: none)
#set page(paper: "a4", margin: (x: 1.6cm, top: 1.4cm, bottom: 1.6cm), footer: context {
  set text(8pt)
  d.code + " · " + d.protocol
  h(1fr)
  counter(page).display("1 / 1", both: true)
})
#set text(font: "Libertinus Serif", size: 11pt, lang: "vi")
#set par(justify: false)
#align(center)[#text(17pt, weight: "bold", d.title)]
#text(weight: "bold", d.code) · #d.protocol \\
#d.question \\
#s.season: #d.season \\
#if d.source != "" [#s.source: #d.source]
#v(4pt)
#text(weight: "bold", s.all)
#image("all.svg", width: 100%)
#if d.steps.len() > 0 {
  text(weight: "bold", s.steps)
  for line in d.steps { block(text(line)) }
}
#v(4pt)
#text(weight: "bold", s.list)
#set text(9pt)
#table(columns: (auto, 1fr, 1fr, auto, auto), inset: 3pt,
  table.header(strong(s.site), strong(s.where), strong(s.stratum), strong(s.at), strong(s.team)),
  ..d.pages.map(p => (text(p.code + if p.reserve { " (" + s.reserve + ")" } else { "" }), text(p.where),
    text(p.stratum), text(p.at), text(p.team))).flatten())
#for p in d.pages.filter(p => not p.reserve) {
  pagebreak()
  set text(10pt)
  grid(columns: (1fr, 3.2cm), gutter: 6pt, [
    #text(15pt, weight: "bold", s.sheet + " · " + s.site + " " + p.code) \\
    #d.title \\
    #p.where #if p.stratum != "" and p.stratum != p.where [ · #p.stratum] \\
    #s.at: #p.at \\
    #v(3pt)
    #s.day: ….. / ….. / …….… #h(8pt) #s.round: …… #h(8pt) #s.team: #p.team
  ], if p.qr != "" { align(center)[#image(p.qr, width: 2.7cm) #text(7.5pt, s.scan)] })
  if p.map != "" { align(center)[#image(p.map, height: 5.2cm) #text(7.5pt, s.north)] }
  table(columns: (1fr, 1fr), inset: 5pt, ..d.visit.map(q =>
    [#strong(text(q.label)): \\ #text(7.5pt, fill: luma(90), q.says) #v(7pt)]))
  if d.heads.len() > 0 {
    text(8.5pt)[#s.rows: #d.row (#s.none)]
    set text(8.5pt)
    table(columns: (auto,) + d.heads.map(h => 1fr), rows: (auto,) + (0.72cm,) * d.rows, inset: 3pt,
      table.header([#strong("TT")], ..d.heads.map(h => strong(text(h)))),
      ..range(d.rows).map(i => (text(str(i + 1)),) + d.heads.map(h => [])).flatten())
    for line in d.lists { block(spacing: 4pt, text(7.5pt, line)) }
  }
}
"""
