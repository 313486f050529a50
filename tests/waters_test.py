"""Restocking: what the lists refuse and ask, who may know where guarded fish were let go, what was found after."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from tests.custody.cases import of

from baoton.kit.reading.register import REGISTERS
from baoton.kit.share import share
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.places.queries import outlines
from baoton.taxa.models import Taxon
from baoton.waters.models import Body, Check, Ground, Release, Season
from baoton.waters.queries import closed

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("province")]
READ, CARRIED = date(2025, 11, 20), date(2026, 3, 1)


def make(row: Any, who: str = "lan") -> Any:
    return write.create(REGISTERS[row._meta.label_lower], of(who), row)


def do(row: Any, verb: str, who: str = "lan", **said: Any) -> Any:
    return write.act(REGISTERS[row._meta.label_lower], of(who), type(row).objects.get(pk=row.pk), verb, said)


def water(kind: str = "stream") -> Body:
    row = Body(name="Suối Bí Mật", kind=kind, area_path="12/03451")
    row.put(outlines()["12/03451"].representative_point())
    made: Body = make(row)
    return made


def restock(name: str, planned: date = CARRIED, where: Body | None = None, **more: Any) -> Release:
    taxon = Taxon.objects.get(scientific_name=name)
    given = {"count": 500, "source": "Trại giống", "quarantine": "KD 1", **more}
    made: Release = make(Release(water=where or water(), taxon=taxon, planned=planned, **given))
    return made


def test_an_invasive_fish_is_refused_with_its_article_while_its_list_was_in_force() -> None:
    one = restock("Pterygoplichthys pardalis", READ)
    with pytest.raises(NotNow, match=r"35/2018/TT-BTNMT, Phụ lục 1: không thả ra nước tự nhiên"):
        do(one, "approve", despite="cứ thả")
    assert Release.objects.get(pk=one.pk).status == "proposed"


@pytest.mark.parametrize(
    ("name", "asked"),
    [("Pterygoplichthys pardalis", "69/2025"), ("Oreochromis niloticus", "không có tự nhiên ở Việt Nam")],
)
def test_what_is_not_read_in_a_list_in_force_is_asked_and_stands_with_its_reason(
    name: str, asked: str
) -> None:
    one = restock(name)
    with pytest.raises(ValidationError, match=asked):
        do(one, "approve")
    assert do(one, "approve", despite="Thử nghiệm có rào chắn").despite == "Thử nghiệm có rào chắn"


def test_a_native_fish_is_approved_without_question_and_let_go_with_its_paper() -> None:
    one = do(restock("Carassius auratus", quarantine=""), "approve")
    with pytest.raises(NotNow, match="giấy kiểm dịch"):
        do(one, "carry_out", on=CARRIED)
    write.edit(REGISTERS["waters.release"], of("lan"), Release.objects.get(pk=one.pk), {"quarantine": "KD 7"})
    with pytest.raises(ValidationError, match="Ngày này chưa đến"):
        do(one, "carry_out", on=timezone.localdate() + timedelta(1))
    done = do(one, "carry_out", on=CARRIED, attended="Xã Mù Cả")
    assert (done.status, done.day, done.area_path, done.attended) == ("done", CARRIED, "12/03451", "Xã Mù Cả")


def test_an_endangered_fish_asks_for_a_source_with_a_code() -> None:
    with pytest.raises(ValidationError, match="chưa có cơ sở có mã số"):
        do(restock("Semilabeo obscurus"), "approve")


def test_the_water_of_a_guarded_species_is_told_to_whoever_may_know_it(client: Client) -> None:
    Taxon.objects.filter(scientific_name="Semilabeo obscurus").update(sensitivity=2)
    one = restock("Semilabeo obscurus")
    assert one.disclosure == 2
    page = f"/so/waters-release/{one.pk}/"
    for name, told in (("dung", True), ("sung", False), ("thanh", False)):
        client.force_login(of(name))
        text = client.get(page).content.decode()
        assert ("Suối Bí Mật" in text) is told, name
        listed = client.get(f"/so/waters-body/{one.water_id}/").content.decode()
        assert ("Cá đã thả vào đây" in listed) is told, name


def test_looks_after_a_release_tell_catch_per_hour_and_who_lives_with_an_interval(client: Client) -> None:
    one = do(do(restock("Carassius auratus"), "approve"), "carry_out", on=CARRIED)
    with pytest.raises(ValidationError, match="không nhiều hơn"):
        make(Check(release=one, day=CARRIED, method="lồng", looked=10, alive=11))
    with pytest.raises(ValidationError, match="trước ngày thả"):
        make(Check(release=one, day=READ, method="lồng", looked=10, alive=1))
    make(Check(release=one, day=CARRIED, method="lưới", hours=4, caught=6, looked=50, alive=40))
    client.force_login(of("lan"))
    text = client.get(f"/so/waters-release/{one.pk}/").content.decode()
    assert "1,50" in text and "80 % (67–89 %)" in text
    assert [round(v, 1) for v in share(40, 50)] == [
        80.0,
        67.0,
        88.8,
    ]  # Wilson's, as R's prop.test without correction


def test_a_ground_says_whether_it_is_closed_today_and_by_what() -> None:
    one = make(Ground(name="Bãi đẻ", water=water(), kind="spawning"))
    assert closed(one, CARRIED) == "chưa nhập quyết định nào về kỳ cấm"
    make(Season(ground=one, since=date(2026, 4, 1), until=date(2026, 7, 31), basis="QĐ 1"))
    assert closed(one, CARRIED) == "chưa cấm; cấm từ 01/04/2026 (QĐ 1)"
    assert closed(one, date(2026, 5, 1)) == "đang cấm đến 31/07/2026 (QĐ 1)"
    assert closed(one, date(2026, 8, 1)) == "không cấm hôm nay theo các quyết định đã nhập"
