"""How a place stands in the columns of a file: longitude and latitude, what is unsure of them, a shape as WKT."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import shapely

LONGITUDE, LATITUDE, FOOTPRINT = "decimalLongitude", "decimalLatitude", "footprintWKT"
COLUMNS = {
    LONGITUDE: pa.float64(),
    LATITUDE: pa.float64(),
    "coordinateUncertaintyInMeters": pa.float64(),
    "dataGeneralizations": pa.string(),
    FOOTPRINT: pa.string(),
    "geodeticDatum": pa.string(),
}
DIGITS = 7


def in_terms(wkb: bytes) -> dict[str, Any]:
    """The terms of one geometry (longitude and latitude): two numbers of a point, the WKT of anything else."""
    shape = shapely.from_wkb(wkb)
    if shape.geom_type == "Point":
        return {LONGITUDE: round(shape.x, DIGITS), LATITUDE: round(shape.y, DIGITS)}
    return {FOOTPRINT: shapely.to_wkt(shape, rounding_precision=DIGITS)}
