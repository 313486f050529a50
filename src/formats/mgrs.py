"""Military grid references ("48QUJ4123449876") as easting and northing of their UTM zone."""

from __future__ import annotations

import re

_REFERENCE = re.compile(
    r"(\d{1,2})\s*([C-HJ-NP-X])\s*([A-HJ-NP-Z])([A-HJ-NP-V])\s*(\d{2,5})\s*(\d{2,5})", re.I
)
_RUN = re.compile(r"(\d{1,2})\s*([C-HJ-NP-X])\s*([A-HJ-NP-Z])([A-HJ-NP-V])\s*(\d{4,10})", re.I)
_COLUMNS = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ")
_ROWS = "ABCDEFGHJKLMNPQRSTUV"
_BANDS = "CDEFGHJKLMNPQRSTUVWX"


def read(text: str) -> tuple[int, float, float] | None:
    """Zone, easting, northing (north of the equator) of the middle of the square, or None."""
    text = text.strip()
    if (run := _RUN.fullmatch(text)) and len(run[5]) % 2 == 0:
        half = len(run[5]) // 2
        parts = (run[1], run[2], run[3], run[4], run[5][:half], run[5][half:])
    elif (found := _REFERENCE.fullmatch(text)) and len(found[5]) == len(found[6]):
        parts = (found[1], found[2], found[3], found[4], found[5], found[6])
    else:
        return None
    zone, band = int(parts[0]), parts[1].upper()
    columns = _COLUMNS[(zone - 1) % 3]
    if not 1 <= zone <= 60 or parts[2].upper() not in columns or band < "N":
        return None
    unit = 10 ** (5 - len(parts[4]))
    easting = (columns.index(parts[2].upper()) + 1) * 100_000 + (int(parts[4]) + 0.5 * (unit > 1)) * unit
    row = _ROWS.index(parts[3].upper()) - (5 if zone % 2 == 0 else 0)
    northing = row % 20 * 100_000 + (int(parts[5]) + 0.5 * (unit > 1)) * unit
    least = (
        _BANDS.index(band) - _BANDS.index("N")
    ) * 8 * 110_500 - 50_000  # metres to the band's southern edge
    while northing < least:
        northing += 2_000_000
    return zone, float(easting), float(northing)
