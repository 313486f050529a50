"""A tip of a hurt animal becomes its record, which says from which tip it came to whoever may read the tip."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from baoton.custody.models import Lot
from baoton.enforcement.models import Case
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.rescue.models import Animal
from baoton.tips.models import Tip

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


def test_a_tip_of_a_hurt_animal_becomes_its_record(person: Callable[[str], Any]) -> None:
    lan, page = person("lan"), Client()
    page.force_login(lan)
    tip = Tip(kind="animal", what="khỉ con bị thương ở đầu bản", area_path="12/03451", channel="hotline")
    tip = write.create(REGISTERS["tips.tip"], lan, tip)
    shown = page.get(REGISTERS["tips.tip"].url(tip)).content.decode()
    assert "Lập hồ sơ con vật" in shown
    address = shown.split("/so/rescue-animal/moi/?")[1].split('"')[0].replace("&amp;", "&")
    form = page.get(f"/so/rescue-animal/moi/?{address}").content.decode()
    assert tip.code in form
    one = write.create(
        REGISTERS["rescue.animal"],
        lan,
        Animal(written="khỉ con", area_path="12/03451", tip=tip, source="tip"),
    )
    assert f'/so/tips-tip/{tip.pk}/"' in page.get(REGISTERS["rescue.animal"].url(one)).content.decode()
    page.force_login(person("sung"))
    other = page.get(REGISTERS["rescue.animal"].url(one))
    may_read = REGISTERS["tips.tip"].door(person("sung")).rows().filter(pk=tip.pk).exists()
    assert (tip.code in other.content.decode()) == may_read


def test_a_seized_living_animal_becomes_its_record_and_a_seized_gun_does_not(
    person: Callable[[str], Any],
) -> None:
    dung, page = person("dung"), Client()
    page.force_login(dung)
    book, today = REGISTERS["custody.lot"], timezone.localdate()
    alive, tool = (
        write.create(
            book, dung, Lot(kind=kind, written=written, day=today, count=1, place="trạm", area_path="12/03451"),
        )
        for kind, written in (("alive", "khỉ vàng"), ("tool", "súng kíp"))
    )  # fmt: skip
    assert "Lập hồ sơ con vật" not in page.get(book.url(tool)).content.decode()
    shown = page.get(book.url(alive)).content.decode()
    form = page.get(
        "/so/rescue-animal/moi/?"
        + shown.split("/so/rescue-animal/moi/?")[1].split('"')[0].replace("&amp;", "&")
    )
    assert 'value="khỉ vàng"' in form.content.decode() and alive.number in form.content.decode()
    one = Animal(written="khỉ vàng", area_path="12/03451", lot=alive, source="seized", told_on=today)
    one = write.create(REGISTERS["rescue.animal"], dung, one)
    assert alive.number in page.get(REGISTERS["rescue.animal"].url(one)).content.decode()
    page.force_login(person("sung"))
    assert alive.number not in page.get(REGISTERS["rescue.animal"].url(one)).content.decode()


def test_an_animal_of_a_case_tells_nothing_of_it_to_who_may_not_read_it(person: Callable[[str], Any]) -> None:
    dung, page = person("dung"), Client()
    case = Case(title="Vụ nhà ông Sình", day=timezone.localdate(), area_path="12/03451")
    case = write.create(REGISTERS["enforcement.case"], dung, case)
    assert case.code
    one = Animal(written="khỉ vàng", area_path="12/03451", case=case, source="seized")
    one = write.create(REGISTERS["rescue.animal"], dung, one)
    page.force_login(dung)
    assert "ông Sình" in page.get(REGISTERS["rescue.animal"].url(one)).content.decode()
    for name in ("sung", "thanh", "minh"):
        page.force_login(person(name))
        here = REGISTERS["rescue.animal"].url(one)
        for address in (here, f"{here}sua/", "/so/rescue-animal/", "/so/rescue-animal/xuat.csv",
                        f"/api/collections/rescue-animal/items/{one.pk}"):  # fmt: skip
            answer = page.get(address)
            got = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
            assert "ông Sình" not in got.decode() and case.code not in got.decode(), (name, address)


def test_a_clock_is_named_in_the_language_of_its_reader(person: Callable[[str], Any]) -> None:
    dung, page = person("dung"), Client()
    page.force_login(dung)
    one = write.create(REGISTERS["rescue.animal"], dung, Animal(written="khỉ", area_path="12/03451"))
    here = REGISTERS["rescue.animal"].url(one)
    assert "Tiếp nhận con vật:" in page.get(here).content.decode()
    page.cookies["django_language"] = "en"
    assert "Taking the animal in:" in page.get(here).content.decode()
