"""The file of a case: everything once, pages numbered through, the same bytes for the same state."""

import io
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from tests.enforcement.indication_test import case, gibbon, put

from baoton.enforcement.court import bind
from baoton.enforcement.models import BoundFile, Case, Person
from baoton.files.actions import attach
from baoton.kit import blobs
from baoton.kit.access import Denied
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "darkgreen").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def one(person: Callable[[str], Any]) -> Case:
    dung = person("dung")
    made = case(dung)
    item = gibbon(dung, made)
    put(dung, "person", Person(case=made, name="Giàng A Lử", kind="person", identity="012345678901"))
    attach(dung, made, [photo()], "hien-truong.jpg")
    attach(dung, item, [photo() + b" "], "tang-vat.jpg")
    return made


def pages(row: BoundFile, tmp_path: Path) -> list[str]:
    told = subprocess.run(
        ["pdftotext", "-layout", blobs.path_of(row.sha256), "-"], capture_output=True, check=True
    )
    return told.stdout.decode().split("\f")[:-1]


def test_everything_stands_in_it_with_its_hash_and_the_head_of_the_log(
    one: Case, person: Callable[[str], Any], tmp_path: Path
) -> None:
    row = bind(person("dung"), one)
    told = pages(row, tmp_path)
    whole = "\n".join(told)
    for word in (
        "Giàng A Lử",
        "012345678901",
        "Nomascus concolor",
        "hien-truong.jpg",
        "tang-vat.jpg",
        row.head[:16],
    ):
        assert word in whole, word
    assert all(f"{n}/{len(told)}" in page.replace(" ", "") for n, page in enumerate(told, 1))
    assert "Mục lục" in told[1] and "Nhật ký vụ việc" in told[1]


def test_the_same_state_gives_the_same_bytes_and_another_state_others(
    one: Case, person: Callable[[str], Any]
) -> None:
    dung, browser = person("dung"), Client()
    first = bind(dung, one)
    browser.force_login(dung)
    browser.get(
        reverse("record", args=["enforcement-person", one.persons.get().pk])
    )  # an opening that is written down
    again = bind(dung, one)
    assert again.pk == first.pk and BoundFile.objects.count() == 1
    write.edit(REGISTERS["enforcement.case"], dung, Case.objects.get(pk=one.pk), {"title": "Bẫy thú rừng"})
    other = bind(dung, Case.objects.get(pk=one.pk))
    assert other.sha256 != first.sha256 and blobs.intact(first.sha256)


def test_only_the_body_of_the_case_binds_it_and_reads_what_was_bound(
    one: Case, person: Callable[[str], Any]
) -> None:
    from tests.enforcement.sharing_test import PARTS, lend

    row = bind(person("dung"), one)
    lend(person("dung"), one, "canh_sat_moi_truong", set(PARTS))
    with pytest.raises(Denied):
        bind(person("minh"), one)
    browser = Client()
    browser.force_login(person("minh"))
    assert browser.get(reverse("case-bound", args=[row.pk])).status_code in (403, 404)
    assert browser.post(reverse("case-bind", args=[one.pk])).status_code == 403


def test_it_is_asked_for_on_the_page_and_made_by_a_job(one: Case, person: Callable[[str], Any]) -> None:
    browser = Client()
    browser.force_login(person("dung"))
    browser.post(reverse("case-bind", args=[one.pk]))
    row = BoundFile.objects.get()
    got = browser.get(reverse("case-bound", args=[row.pk]))
    assert b"".join(got.streaming_content)[:5] == b"%PDF-"  # type: ignore[attr-defined]
