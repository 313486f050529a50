"""What a photo says of itself is believed only where it can be true."""

from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image

from baoton.files.exif import NotAPhoto, read


def photo(path: Path, lat: Any, lon: Any, taken: str = "2025:03:15 07:30:00") -> Path:
    picture = Image.new("RGB", (8, 8))
    tags = picture.getexif()
    gps = tags.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitude], gps[ExifTags.GPS.GPSLatitudeRef] = lat, "N"
    gps[ExifTags.GPS.GPSLongitude], gps[ExifTags.GPS.GPSLongitudeRef] = lon, "E"
    tags[ExifTags.Base.DateTime] = taken
    picture.save(path, "JPEG", exif=tags)
    return path


def test_a_place_that_can_be_is_read(tmp_path: Path) -> None:
    told = read(photo(tmp_path / "a.jpg", (22.0, 24.0, 0.0), (103.0, 6.0, 0.0)))
    assert (told.lat, told.lon) == pytest.approx((22.4, 103.1)) and told.taken is not None


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        ((500.0, 0.0, 0.0), (103.0, 0.0, 0.0)),
        ((22.0, 0.0, 0.0), (181.0, 0.0, 0.0)),
        ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),
        ((22.0, 0.0), (103.0, 0.0)),
        ((89.0, 70.0, 0.0), (103.0, 0.0, 0.0)),
        ((22.0, 0.0, 0.0), (4_000_000.0, 0.0, 0.0)),
    ],
)
def test_a_place_that_cannot_be_is_none(lat: Any, lon: Any, tmp_path: Path) -> None:
    told = read(photo(tmp_path / "a.jpg", lat, lon))
    assert (told.lat, told.lon) == (None, None)


@pytest.mark.parametrize(
    "taken", ["0000:00:00 00:00:00", "2025:13:45 07:30:00", "hôm qua", "9999:99:99 99:99:99"]
)
def test_a_moment_that_cannot_be_is_none(taken: str, tmp_path: Path) -> None:
    assert read(photo(tmp_path / "a.jpg", (22.0, 0.0, 0.0), (103.0, 0.0, 0.0), taken)).taken is None


def test_half_a_photo_is_told(tmp_path: Path) -> None:
    path = photo(tmp_path / "a.jpg", (22.0, 0.0, 0.0), (103.0, 0.0, 0.0))
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(NotAPhoto):
        read(path)
