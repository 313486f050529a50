"""A new office: an installation made from nothing by `baoton init`, its people, and a browser they work in."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.browser import PHONE, Hand, visitors
from tests.installation import Installation, installations, prepared

__all__ = ["PHONE", "Hand", "Office", "number"]
Office = Installation


@pytest.fixture(scope="session")
def office(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """`baoton init` on an empty folder, the people of the office, and the server."""
    for site in installations(prepared(tmp_path_factory, "init")):
        site.python("from baoton.people.simulate import cast; cast()")
        site.serve()
        yield site


@pytest.fixture
def open_as(chromium: Any, office: Office) -> Iterator[Callable[..., Hand]]:
    """A person at a page, signed in by name; what the page tells of errors fails the test."""
    with visitors(chromium, office.base) as page:
        yield lambda *given, **more: Hand(page(*given, **more))


def number(text: str) -> int:
    """The first whole number of a text."""
    found = re.search(r"\d[\d.]*", text)
    assert found, text
    return int(found.group().replace(".", ""))


@pytest.fixture(scope="session")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture taken in Mù Cả, whose camera wrote the place and the day."""
    from PIL import ExifTags, Image

    picture = Image.new("RGB", (640, 480), "#356a3b")
    tags = Image.Exif()
    gps = tags.get_ifd(ExifTags.IFD.GPSInfo)
    for at, side, value in ((2, "N", 22.43), (4, "E", 102.45)):
        minutes = (value - int(value)) * 60
        gps[at - 1], gps[at] = side, (int(value), int(minutes), round((minutes - int(minutes)) * 60, 3))
    tags.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:11:20 08:30:00"
    path = tmp_path_factory.mktemp("photos") / "mu-ca.jpg"
    picture.save(path, exif=tags)
    return path
