"""An animal from the first word to the forest: clocks, care, decision, release, and what is seen of it after."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from tests.rescue.cases import ago, do, let_go, planned, ready, received, seen, told

from baoton.kit.access import Denied
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import clock, write
from baoton.kit.writing.refusal import NotNow
from baoton.rescue.actions import clocks
from baoton.rescue.models import Animal, Care, Point

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


@pytest.fixture
def dung(person: Callable[[str], Any]) -> Any:
    return person("dung")


@pytest.fixture
def lan(person: Callable[[str], Any]) -> Any:
    return person("lan")


def test_a_stray_monkey_is_taken_in_its_owner_sought_and_it_goes_back_to_the_forest(
    person: Callable[[str], Any], dung: Any, lan: Any
) -> None:
    sung = person("sung")
    one = told(sung, told_on=ago(0))
    assert (
        one.taxon is not None
        and one.taxon.scientific_name == "Macaca mulatta"
        and one.taxon_group == "mammal"
    )
    assert clock.opened(one.pk, clocks.RECEIVE).days == 1  # type: ignore[union-attr]
    one = do(sung, one, "receive", received_on=ago(0), health="hurt", receiver="Sùng")
    assert clock.opened(one.pk, clocks.RECEIVE) is None
    one = do(sung, one, "notify", noticed_on=ago(0))
    assert clock.opened(one.pk, clocks.NOTICE).days == 5  # type: ignore[union-attr]
    do(sung, one, "treatment", day=ago(0), what="rửa vết thương", cost=120_000)
    with pytest.raises(NotNow, match="khoẻ mạnh"):
        do(lan, one, "decide_release", decided_by="Sở NN&MT", decision="12/QĐ")
    do(sung, one, "check", day=ago(0), what="leo trèo tốt", health="healthy")
    with pytest.raises(Denied):
        do(dung, one, "decide_release", decided_by="Chi cục", decision="1")
    one = do(lan, one, "decide_release", decided_by="Sở NN&MT", decision="12/QĐ")
    assert clock.opened(one.pk, clocks.NOTICE) is None
    let_go(dung, one, days=0)
    one.refresh_from_db()
    assert (one.status, one.released_on, one.ended) == ("released", ago(0), ago(0))
    seen(dung, one, "fix", 0)
    one.refresh_from_db()
    assert (one.after, one.after_on) == ("alive", ago(0))


def test_an_animal_released_once_is_never_released_again(dung: Any, lan: Any) -> None:
    one = ready(lan)
    let_go(lan, one)
    other = planned(lan)
    with pytest.raises(NotNow, match="không thả lần nữa"):
        do(lan, one, "join", release=other.pk)
    with pytest.raises(NotNow, match="không thả lần nữa"):
        do(lan, one, "release")
    with pytest.raises(NotNow):
        do(lan, Animal.objects.get(pk=one.pk).release, "carry_out", on=ago(1), report="lại")


def test_a_dead_animal_takes_no_care_and_its_bill_may_still_come(dung: Any) -> None:
    one = received(dung, "hurt")
    do(dung, one, "food", day=ago(8), what="chuối", cost=30_000)
    with pytest.raises(ValidationError, match="chăm sóc lần cuối"):
        do(dung, one, "die", died_on=ago(9), cause="nhiễm trùng")
    one = do(dung, one, "die", died_on=ago(7), cause="nhiễm trùng")
    for verb in ("food", "treatment", "weight", "check"):
        with pytest.raises(NotNow, match="đã chết ngày"):
            do(dung, one, verb, day=ago(8), what="chuối", weight_g=1200)
    with pytest.raises(ValidationError, match="rời nơi nuôi giữ"):
        do(dung, one, "other", day=ago(6), what="thuốc", cost=10_000)
    do(dung, one, "other", day=ago(7), what="thuốc", cost=10_000)
    one = do(dung, one, "dispose", way="science", decided_by="Sở NN&MT", ended_how="Viện Sinh thái")
    assert one.status == "science" and Care.objects.filter(book=one).count() == 2


def test_an_open_line_of_the_checklist_wants_its_reason(lan: Any) -> None:
    one, plan = ready(lan), planned(lan, answered=False)
    do(lan, one, "join", release=plan.pk)
    with pytest.raises(NotNow, match="11 nội dung"):
        do(lan, plan, "carry_out", on=ago(1), report="x")
    book = REGISTERS["rescue.point"]
    for point in Point.objects.filter(release=plan):
        if point.topic == "genetics":
            with pytest.raises(ValidationError, match="phải ghi lý do"):
                write.edit(book, lan, point, {"state": "open"})
            write.edit(book, lan, Point.objects.get(pk=point.pk), {"state": "open", "why": "chưa phân tích"})
        else:
            write.edit(book, lan, point, {"state": "met"})
    with pytest.raises(ValidationError, match="ghi vì sao vẫn thả"):
        do(lan, plan, "carry_out", on=ago(1), report="x")
    do(lan, plan, "carry_out", on=ago(1), report="x", reason="quần thể cùng nguồn")


def test_the_page_says_on_which_rule_a_term_rests_and_how_sure_that_is(person: Callable[[str], Any]) -> None:
    sung, page = person("sung"), Client()
    page.force_login(sung)
    one = told(sung, told_on=ago(0))
    shown = page.get(f"/so/rescue-animal/{one.pk}/").content.decode()
    assert (
        "Tiếp nhận: 1 ngày làm việc" in shown
        and "85/2025/TT-BNNMT" in shown
        and "theo nguồn thứ cấp" in shown
    )
    do(sung, one, "receive", received_on=ago(0), health="hurt", receiver="Sùng")
    shown = page.get(f"/so/rescue-animal/{one.pk}/").content.decode()
    assert "Thông báo tìm chủ: 5 ngày làm việc" in shown and "đưa vào cơ sở cứu hộ" in shown
    assert "chưa đối chiếu với văn bản đang có hiệu lực" in shown
