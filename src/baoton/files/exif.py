"""What a photo says of its own place and time, and the photo without it."""

import io
import struct
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

import pyproj
from django.conf import settings
from PIL import ExifTags, Image, UnidentifiedImageError

SIDE = 1600
MOST_POINTS = 60_000_000
_GEOD = pyproj.Geod(ellps="WGS84")


@dataclass(frozen=True)
class Exif:
    """Longitude, latitude and moment as the camera wrote them; None where it did not."""

    lon: float | None = None
    lat: float | None = None
    taken: datetime | None = None


class NotAPhoto(ValueError):
    """The bytes are no picture that can be read."""


BROKEN = (
    UnidentifiedImageError, OSError, SyntaxError, ValueError, OverflowError, MemoryError, EOFError, struct.error,
    Image.DecompressionBombError, ArithmeticError, TypeError, KeyError, IndexError, AttributeError,
)  # fmt: skip


def read(path: Path | IO[bytes]) -> Exif:
    """The photo's own place and time; raises `NotAPhoto` for a corrupt or foreign file."""
    try:
        with Image.open(path) as picture:
            picture.verify()
        with Image.open(path) as picture:
            tags = picture.getexif()
            gps, inner = tags.get_ifd(ExifTags.IFD.GPSInfo), tags.get_ifd(ExifTags.IFD.Exif)
    except BROKEN as error:
        raise NotAPhoto(str(error)) from error
    lat = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), 90)
    lon = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), 180)
    if lat is None or lon is None or (lat, lon) == (0, 0):
        lat = lon = None  # half a place, or a camera that had none, is no place
    text = inner.get(ExifTags.Base.DateTimeOriginal) or tags.get(ExifTags.Base.DateTime)
    taken = None
    try:
        if text:
            zone = ZoneInfo(settings.TIME_ZONE)
            taken = datetime.strptime(str(text), "%Y:%m:%d %H:%M:%S").replace(tzinfo=zone)
    except ValueError:
        taken = None
    return Exif(lon, lat, taken)


def _degrees(parts: object, side: object, most: float) -> float | None:
    """Degrees of three parts and a hemisphere; None where there are none, or more than there can be."""
    try:
        d, m, s = (float(p) for p in parts)  # type: ignore[attr-defined]
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    value = d + m / 60 + s / 3600
    if not 0 <= value <= most:
        return None
    return -value if str(side).upper() in {"S", "W"} else value


def metres(a: Exif, lon: float, lat: float) -> float | None:
    """How far the photo's own place is from another; None where the photo has none."""
    if a.lon is None or a.lat is None:
        return None
    return float(_GEOD.inv(a.lon, a.lat, lon, lat)[2])


def without_place(path: Path) -> bytes:
    """The picture alone as JPEG, turned upright and at most 1,600 pixels wide: nothing of place or time is left.

    Raises `NotAPhoto` for what cannot be read, or has more points than may be decoded; a JPEG is decoded smaller.
    """
    from PIL import ImageOps

    try:
        with Image.open(path) as picture:
            picture.draft("RGB", (SIDE, SIDE))
            if picture.width * picture.height > MOST_POINTS:
                raise NotAPhoto(f"{picture.width} × {picture.height} points")
            picture.thumbnail((SIDE, SIDE))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            bare = Image.new("RGB", upright.size)
            bare.paste(upright)
            out = io.BytesIO()
            bare.save(out, "JPEG", quality=88)
            return out.getvalue()
    except BROKEN as error:
        raise NotAPhoto(type(error).__name__) from error
