"""Drawn views of a planted slope, for the demonstration: the same hills every time, the trees grown; each says what
it is."""

import io
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import shapely
from django.utils import timezone
from PIL import ExifTags, Image

from baoton.files.actions import attach
from baoton.files.models import Evidence
from baoton.files.queries import picture_of
from baoton.habitats.models import PhotoPoint, Work
from baoton.kit import blobs
from baoton.kit.access import System
from baoton.kit.ids import source_id
from baoton.kit.paper.binder import typeset
from baoton.kit.writing.write import settle

WIDE, TALL = 900, 600
BANNER = "ẢNH MÔ PHỎNG (simulated picture)"
# a point is two dots of the picture
LAYOUT = """#set page(width: {wide}pt, height: {tall}pt, margin: 0pt)
#place(image("scene.svg", width: {wide}pt, height: {tall}pt))
#place(top + left, block(fill: rgb("#000000a0"), inset: 5pt, text(size: 10pt, fill: white)[{words}]))
"""
RIDGES = (("#9db7c4", 250, 60), ("#7d9c8e", 320, 50), ("#5f7f5a", 390, 36))
GROUND = {"dry": "#b59a6a", "wet": "#8fae62", "late": "#a3a566"}


def scene(seed: int, at: datetime, season: str, grown: float, lon: float, lat: float) -> bytes:
    """The view as a JPEG that carries its moment and place; `grown` is the height of the trees, 0 to 1."""
    words = f"{BANNER} · {at:%d/%m/%Y}"
    layout = LAYOUT.format(wide=WIDE / 2, tall=TALL / 2, words=words)
    png = typeset(layout, {}, {"scene.svg": drawn(seed, season, grown)}, ending="png")
    out = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        picture.convert("RGB").save(out, "JPEG", quality=82, exif=told(at, lon, lat))
    return out.getvalue()


def drawn(seed: int, season: str, grown: float) -> str:
    """Hills, ground and trees as SVG: hills and the places of trees follow from the seed alone."""
    rng = np.random.default_rng(seed)
    x = np.arange(0, WIDE + 1, 20)
    parts = ['<rect width="900" height="600" fill="#dbe9f2"/>']
    for colour, level, rise in RIDGES:
        waves = [np.sin(x / WIDE * np.pi * k + rng.uniform(0, 6.3)) / k for k in (2, 3, 5, 8)]
        wave = np.sum(waves, axis=0)
        line = " ".join(
            f"{a},{b:.0f}" for a, b in zip(x.tolist(), (level - rise * wave).tolist(), strict=True)
        )
        parts.append(f'<polygon points="0,{TALL} {line} {WIDE},{TALL}" fill="{colour}"/>')
    parts.append(f'<rect y="430" width="{WIDE}" height="170" fill="{GROUND[season]}"/>')
    deep = np.sort(rng.uniform(0, 1, 60))
    for depth, across, shade in zip(deep, rng.uniform(0, WIDE, 60), rng.uniform(0.8, 1.2, 60), strict=True):
        foot, high = 445 + 140 * depth, (0.3 + depth) * (14 + 120 * grown) * shade
        parts.append(
            f'<rect x="{across - 1.5:.0f}" y="{foot - high * 0.5:.0f}" width="3" height="{high * 0.5:.0f}" '
            f'fill="#5a4630"/><ellipse cx="{across:.0f}" cy="{foot - high * 0.65:.0f}" rx="{high * 0.3:.1f}" '
            f'ry="{high * 0.42:.1f}" fill="#2f6b35"/>'
        )
    stone = (
        '<path d="M60 560 q18 -46 52 -40 q36 6 40 40 z" fill="#777"/>'  # what to look for when standing there
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {TALL}">{"".join(parts)}{stone}</svg>'
    )


def told(at: datetime, lon: float, lat: float) -> Image.Exif:
    """What a camera would write of the moment and the place."""
    tags = Image.Exif()
    gps = tags.get_ifd(ExifTags.IFD.GPSInfo)
    for first, side, value in ((1, "N", lat), (3, "E", lon)):
        minutes = (value - int(value)) * 60
        gps[first], gps[first + 1] = side, (int(value), int(minutes), round((minutes - int(minutes)) * 60, 3))
    tags.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = f"{at:%Y:%m:%d %H:%M:%S}"
    return tags


VIEWS = ((5, "dry", 0.04), (110, "wet", 0.14), (230, "late", 0.28))  # days after the work, season, height
NOTE = "Đứng cạnh tảng đá, ảnh mô phỏng"


def photograph(works: Sequence[Work], until: date) -> list[dict[str, Any]]:
    """Two points of view in planted works, each photographed on up to three days; the photos by point and day."""
    from baoton.habitats.registers.growth import photo_point

    planted = [one for one in works if one.day and one.plants and not one.disclosure]
    points = []
    for n, work in enumerate(planted[:2], 1):
        west, south, east, north = shapely.bounds(shapely.from_wkb(bytes(work.geom or b""))).tolist()
        point = PhotoPoint(
            id=source_id("simulated.photo-point", f"{n}"), work=work, name=f"Điểm chụp mô phỏng {n}",
            bearing=(40 * n + 275) % 360, note=NOTE, organisation=work.organisation,
        )  # fmt: skip
        point.put_point(west + (east - west) / 4, (south + north) / 2)
        points.append(point)
    settle(photo_point, points)
    PhotoPoint.objects.bulk_create(points)
    zone, shown = timezone.get_default_timezone(), []
    for n, point in enumerate(points, 1):
        first = point.work.day or until
        for day in sorted({min(first + timedelta(days=after), until) for after, _s, _g in VIEWS}):
            _after, season, grown = max(v for v in VIEWS if v[0] <= max((day - first).days, VIEWS[0][0]))
            at = datetime.combine(day, time(8, 30), tzinfo=zone)
            picture = scene(n, at, season, grown, point.min_x or 0.0, point.min_y or 0.0)
            picture_of(
                Evidence(sha256=blobs.store([picture], "image/jpeg").sha256)
            )  # so that no job need make it
            attach(System(), point, [picture], f"{point.name}, {day:%d/%m/%Y}.jpg", creator="mô phỏng")
            shown.append({"point": str(point.pk), "bearing": point.bearing, "day": f"{day}"})
    return shown
