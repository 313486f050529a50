"""Where a tip is, what was told and who told it leave by no door to whoever may not know."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from zipfile import BadZipFile, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from PIL import Image
from tests.rescue.doors_test import CHANGING

from baoton.files.models import Evidence
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import outbox, write
from baoton.people.models import Duty, Person
from baoton.tips import actions
from baoton.tips.models import Tip

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
MU_CA = "12/03451"
READERS = ["pao", "minh", "thu", "hoa", ""]
SECRET = [s.encode() for s in ("khe Bí Mật", "Bí Mật", "102.41", "22.405", "0987654321", "102,41", "102°")]


def planted(lon: float = 102.4137, lat: float = 22.4057, where: str = "khe Bí Mật") -> Tip:
    tip = Tip(kind="snare", what=f"Bẫy ở {where}", locality=where, area_path=MU_CA)
    tip.put_point(lon, lat)
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x8825] = {
        1: "N",
        2: (22.0, 24.0, (lat - 22.4) * 3600),
        3: "E",
        4: (102.0, 24.0, (lon - 102.4) * 3600),
    }
    Image.new("RGB", (40, 30)).save(out, "JPEG", exif=exif)
    photo = SimpleUploadedFile("bi-mat.jpg", out.getvalue(), "image/jpeg")
    made, _code = actions.receive(tip, "khoá của mẫu", [photo], "0987654321")
    actions.add_word(made, f"Họ lại đến {where}")
    lan = Person.objects.get(username="lan")
    actions.say(lan, made, f"Mai đi {where}")
    done: Tip = write.act(REGISTERS["tips.tip"], lan, made, "patrol")
    return done


def addresses(tip: Tip) -> Iterator[str]:
    photo = Evidence.objects.get(about_id=tip.pk)
    rows = [tip, tip.sender, *tip.words.all(), photo, tip.patrol]
    for name in ("tips.tip", "tips.word", "tips.sender", "files.evidence", "patrols.patrol"):
        base, slug = REGISTERS[name].url(), REGISTERS[name].slug
        yield from (base, f"{base}?q=Bí+Mật", f"{base}goi-y/?q=Bí+Mật", f"{base}?box=102.3,22.3,102.5,22.5")
        yield from (f"{base}xuat.{kind}" for kind in ("csv", "xlsx", "geojson", "gpkg"))
        yield from (f"/api/collections/{slug}/items?limit=100", f"/tiles/{slug}/9/401/223.mvt")
        yield f"/api/collections/{slug}/items?bbox=102.3,22.3,102.5,22.5"
    for row in rows:
        book = REGISTERS[row._meta.label_lower]
        yield from (book.url(row), f"{book.url(row)}sua/", f"/api/collections/{book.slug}/items/{row.pk}")
        yield from (f"/vi-sao/{book.slug}/{row.pk}/", f"/nhat-ky/?record={row.pk}")
    yield from (f"/minh-chung/{photo.pk}/", f"/minh-chung/{photo.pk}/goc/", f"/minh-chung/{photo.pk}/anh.jpg")
    yield from ("/", "/tin-bao/so-lieu/", "/truc/lich/", "/tim/?q=Bí+Mật", "/api/changes?since=2020-01-01")
    yield from (
        "/ke-hoach/",
        "/chi-so/tips.received/",
        "/tuan-tra/lich/",
        f"/tuan-tra/{tip.patrol_id}/tuyen.gpx",
    )


def asked(page: Client, address: str) -> bytes:
    answer = page.get(address)
    got = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if got[:2] == b"PK":
        try:
            with ZipFile(io.BytesIO(got)) as packed:
                got = b"".join(packed.read(n) for n in packed.namelist())
        except BadZipFile:
            pass
    return re.sub(
        rb"q=B\S*|value=\"B\xc3\xad M\xe1\xba\xadt\"|\xe2\x80\x9cB\xc3\xad M\xe1\xba\xadt\xe2\x80\x9d",
        b"",
        got,
    )


@pytest.mark.parametrize("name", READERS)
def test_no_door_tells_place_words_or_sender(person: Callable[[str], Any], name: str) -> None:
    tip = planted()
    outbox.drain()
    page = Client()
    if name:
        page.force_login(person(name))
    for address in addresses(tip):
        told = asked(page, address)
        for secret in SECRET:
            assert secret not in told, (address, secret.decode())


def test_its_officer_reads_all_of_it(person: Callable[[str], Any]) -> None:
    write.create(
        REGISTERS["people.duty"], person("lan"),
        Duty(person=person("dung"), area_path=MU_CA, since=date(2020, 1, 1), until=date(2020, 6, 1)),
    )  # fmt: skip
    tip = planted()
    page = Client()
    page.force_login(person(tip.officer.username))
    told = asked(page, REGISTERS["tips.tip"].url(tip))
    assert "khe Bí Mật".encode() in told and b"102.41" in told
    assert b"0987654321" in asked(page, REGISTERS["tips.sender"].url(tip.sender))


@pytest.mark.parametrize("name", ["pao", "minh", ""])
def test_two_worlds_that_differ_in_place_and_sender_alone_answer_alike(
    person: Callable[[str], Any], name: str
) -> None:
    worlds = []
    for shift, where in ((0.0, "khe Bí Mật"), (0.03, "suối Vắng")):
        with transaction.atomic():
            tip = planted(102.4137 + shift, 22.4057, where)
            outbox.drain()
            page = Client()
            if name:
                page.force_login(person(name))
            kept = {str(tip.pk): b"TIP", str(tip.patrol_id): b"PATROL", tip.code: b"CODE"}
            told = {}
            for n, address in enumerate(addresses(tip)):
                if address.endswith(("xlsx", "gpkg")):
                    continue
                got = asked(page, address)
                for word, instead in kept.items():
                    got = got.replace(word.encode(), instead)
                got = re.sub(rb"TT?B?-\d{6,8}-\w{6}|\d+ B\b", b"", got)  # numbers made of ids, and sizes
                told[n, address.split("/")[1]] = CHANGING.sub(b"", got)
            worlds.append(told)
            transaction.set_rollback(True)
    for address, first in worlds[0].items():
        assert first == worlds[1][address], address
