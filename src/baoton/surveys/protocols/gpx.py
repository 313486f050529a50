"""The sites of a campaign as GPX 1.1: points as waypoints, lines and the edges of cells as routes."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

import shapely

from baoton.surveys.models import Site


def gpx(sites: Sequence[Site]) -> str:
    """Each site under its code; one without a place is left out by whoever asks."""
    points, routes = [], []
    for site in sites:
        name = escape(site.code)
        for part in shapely.get_parts(shapely.from_wkb(bytes(site.geom or b""))):
            if part.geom_type == "Point":
                points.append(f'<wpt lat="{part.y:.6f}" lon="{part.x:.6f}"><name>{name}</name></wpt>')
                continue
            ring = part.exterior if part.geom_type == "Polygon" else part
            corners = "".join(
                f'<rtept lat="{y:.6f}" lon="{x:.6f}"/>' for x, y in shapely.get_coordinates(ring).tolist()
            )
            routes.append(f"<rte><name>{name}</name>{corners}</rte>")
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="Bao Ton" xmlns="http://www.topografix.com/GPX/1/1">'
    return "".join([head, *points, *routes, "</gpx>\n"])
