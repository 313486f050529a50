"""A case from the spot: few boxes, all of it or nothing, and what is wrong said with what was typed kept."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from baoton.enforcement.models import Case
from baoton.files.models import Evidence

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("province")]
QUICK, MU_CA = "/vu-viec/nhanh/", "12/03451"


@pytest.fixture
def phone(person: Callable[[str], Any]) -> Client:
    browser = Client()
    browser.force_login(person("dung"))
    return browser


def said(**more: Any) -> dict[str, Any]:
    told = {"act": "hunting", "name": "cầy vòi hương", "number": "2", "day": f"{timezone.localdate()}"}
    return told | {"area_path": MU_CA, "hour": "7h30"} | more


def test_a_ranger_opens_a_case_with_its_act_animal_and_photo_in_one_page(phone: Client) -> None:
    out = io.BytesIO()
    Image.new("RGB", (20, 20)).save(out, "JPEG")
    photo = SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg")
    sent = phone.post(QUICK, said(longitude="102.45", latitude="22.43", photos=[photo]))
    one = Case.objects.get()
    assert sent.status_code == 302 and (one.title, one.hour) == ("săn bắt: cầy vòi hương", "07:30")
    assert one.area_path == MU_CA and one.lon == 102.45 and one.organisation == "kiem_lam"
    item = one.items.get()
    assert (item.number, item.taxon.scientific_name) == (2, "Paradoxurus hermaphroditus")
    assert one.acts.get().act == "hunting" and Evidence.objects.filter(about_id=one.pk).count() == 1
    assert "ghi sau" in phone.get(sent["location"]).content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"act": ""}, "Chọn hành vi."),
        ({"hour": "25h"}, "Ghi giờ như 14:30."),
        ({"day": "2099-01-01"}, "Ngày xảy ra hành vi chưa tới."),
        ({"number": "-1"}, "1"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_stands(
    wrong: dict[str, str], sentence: str, phone: Client
) -> None:
    answer = phone.post(QUICK, said(**wrong))
    shown = answer.content.decode()
    assert answer.status_code == 422 and sentence in shown and "cầy vòi hương" in shown
    assert not Case.objects.exists()


def test_an_act_alone_is_enough_and_whoever_opens_no_cases_has_no_such_page(
    phone: Client, person: Callable[[str], Any]
) -> None:
    phone.post(QUICK, {"act": "logging", "area_path": MU_CA})
    one = Case.objects.get()
    assert (one.title, one.day, one.items.count()) == ("khai thác gỗ", None, 0)
    phone.force_login(person("minh"))
    assert phone.get(QUICK).status_code == 403
