"""What the pages say in numbers is what eight animals of known fate and cost give: survival, cost, months, papers."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from django.test import Client
from docx import Document
from tests.rescue.cases import ago, do, let_go, ready, received, seen, told

from baoton.kit import blobs
from baoton.kit.kinds.words import as_text
from baoton.kit.reading.waiting import waiting
from baoton.kit.writing import clock
from baoton.rescue.actions import clocks
from baoton.rescue.models import Animal, Paper, Programme, Release
from baoton.rescue.queries import cost_of, stop_rule, survival, year_of
from baoton.rescue.simulate import simulate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
TODAY = date(2026, 11, 15)


@pytest.fixture
def truth(province: None) -> dict[str, Any]:
    drawn: dict[str, Any] = {}
    simulate(np.random.default_rng([654, 7]), 2026, TODAY, drawn)
    return drawn


@pytest.fixture
def lan(person: Callable[[str], Any]) -> Any:
    return person("lan")


def page_of(person: Any, address: str) -> str:
    page = Client()
    page.force_login(person)
    answer = page.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_each_simulated_animal_has_the_fate_and_the_cost_it_was_drawn_with(truth: dict[str, Any]) -> None:
    assert len(truth["rescue"]) == Animal.objects.count() == 8
    for one in truth["rescue"]:
        animal = Animal.objects.get(pk=one["id"])
        assert animal.status == one["fate"] and (cost_of([animal]).total or 0) == one["cost"]
        assert (animal.after == "dead") == (one["died_after"] is not None)


def test_survival_and_the_cost_of_a_survivor_are_those_of_the_drawn_fates(
    truth: dict[str, Any], lan: Any
) -> None:
    released = [t for t in truth["rescue"] if t["release"]]
    alive = 1.0
    for day in sorted({t["died_after"] for t in released if t["died_after"]}):  # Kaplan and Meier by hand
        at_risk = sum(1 for t in released if t["last_seen"] >= day)
        alive *= 1 - sum(1 for t in released if t["died_after"] == day) / at_risk
    told_ = survival(lan, Release.objects.all())
    assert told_.n == 4 and told_.dead == 1 and told_.curve is not None
    assert told_.curve.survival[-1] == pytest.approx(alive) == 0.75
    total = sum(t["cost"] for t in released)
    assert told_.cost.total == total and told_.survivor.startswith(f"{as_text(round(total / 3))} đ (")
    shown = page_of(lan, f"/so/rescue-programme/{Programme.objects.get().pk}/")
    assert "4 / 10" in shown and "2 / 3" in shown and "75,0 %" in shown and f"{as_text(total)} đ" in shown


@pytest.mark.parametrize(
    ("days", "share", "state"),
    [(60, 40, "clear"), (60, 70, "doubtful"), (200, 40, "unknown"), (24, 100, "clear")],
)
def test_a_stop_rule_says_what_it_can_and_no_more(
    truth: dict[str, Any], lan: Any, days: int, share: int, state: str
) -> None:
    first = Release.objects.get(code="ĐT-01")
    verdict = stop_rule(survival(lan, [first]), days, share)
    assert verdict is not None and verdict.state == state
    assert stop_rule(survival(lan, [first]), None, None) is None


def test_where_nobody_is_left_or_nobody_was_seen_again_the_page_says_so(lan: Any) -> None:
    one = ready(lan)
    do(lan, one, "food", day=ago(5), what="chuối", cost=50_000)
    release = let_go(lan, one, days=4)
    assert "chưa nói được tỷ lệ sống" in survival(lan, [release]).why_not
    seen(lan, one, "dead", 2)
    told_ = survival(lan, [release])
    assert told_.survivor == "không còn con nào sống" and told_.curve is not None
    verdict = stop_rule(told_, 2, 50)
    assert verdict is not None and verdict.state == "touched"
    assert "không còn con nào sống" in page_of(lan, f"/so/rescue-release/{release.pk}/")


def test_a_cost_nobody_knows_is_no_nought(lan: Any) -> None:
    one = received(lan)
    do(lan, one, "treatment", day=ago(3), what="thuốc")
    told_ = cost_of([one])
    assert told_.total is None and told_.unknown == 1 and told_.told == "–"
    do(lan, one, "food", day=ago(3), what="lá rừng", cost=0)
    assert cost_of([one]).total == 0
    shown = page_of(lan, f"/so/rescue-animal/{one.pk}/")
    assert "1 dòng cho ăn, điều trị chưa ghi chi phí" in shown


def test_the_year_counts_by_month_group_and_commune_what_its_reader_sees(
    truth: dict[str, Any], lan: Any
) -> None:
    told_ = year_of(lan, 2026, TODAY)
    books = truth["books"]
    for i, name in enumerate(("rescue.received", "rescue.released", "rescue.died")):
        months = [sum(1 for r in books[name] if int(r["day"][5:7]) == m) for m in range(1, 12)]
        assert [line[i] for line in told_.months[:11] if line] == months
        assert (
            sum(v[i] for v in told_.groups.values())
            == sum(v[i] for v in told_.communes.values())
            == len(books[name])
        )
    kept = sum(1 for r in books["rescue.kept"] if r["until"] > TODAY.isoformat())
    assert told_.months[10] is not None and told_.months[10][3] == kept and told_.months[11] is None
    shown = page_of(lan, "/cuu-ho/nam/?nam=2026")
    assert "Cứu hộ năm 2026" in shown and "?nam=2025" in shown


def test_the_papers_name_the_animal_and_its_giver_and_no_exact_place_nor_telephone(
    person: Callable[[str], Any], lan: Any
) -> None:
    sung = person("sung")
    one = told(sung, phone="0912345671", told_on=ago(0), note="bìa khe Bí Mật")
    do(sung, one, "receive", received_on=ago(0), health="healthy", receiver="Lò Văn Sùng")
    do(sung, one, "notify", noticed_on=ago(0))
    minute, notice = (Paper.objects.get(animal=one, kind=k) for k in ("handover", "notice"))
    words = ["\n".join(p.text for p in Document(BytesIO(blobs.path_of(x.paper).read_bytes())).paragraphs)
             for x in (minute, notice)]  # fmt: skip
    assert "Chang A Pó" in words[0] and "Macaca mulatta" in words[0] and "Chang A Pó" not in words[1]
    due = clock.opened(one.pk, clocks.NOTICE).due  # type: ignore[union-attr]
    assert f"đến hết ngày {as_text(due)}" in words[1] and "Mẫu do phần mềm soạn" in words[1]
    for text in words:
        assert "Bí Mật" not in text and "0912345671" not in text
    assert (minute.number, notice.number) == ("01/BB-UBND", "01/TB-UBND")
    page = Client()
    page.force_login(sung)
    assert page.get(f"/so/rescue-paper/{minute.pk}/van-ban.docx").status_code == 200
    for other in ("pao", "minh", "thanh"):
        page.force_login(person(other))
        assert page.get(f"/so/rescue-paper/{minute.pk}/van-ban.docx").status_code in {403, 404}


def test_what_is_due_stands_on_the_first_page_of_who_must_do_it(
    person: Callable[[str], Any], lan: Any
) -> None:
    sung = person("sung")
    one = told(sung, told_on=ago(0))
    quarantined = do(lan, received(lan, "hurt"), "quarantine", quarantine_until=ago(-3), reason="mới về")
    due = {w.clock.name: w.record.pk for w in waiting(sung, ago(-10), ago(0), 20)}
    assert due == {clocks.RECEIVE: one.pk, clocks.QUARANTINE: quarantined.pk}
    assert clock.opened(quarantined.pk, clocks.QUARANTINE).due == ago(-3)  # type: ignore[union-attr]
    assert "tiếp nhận con vật" in page_of(sung, "/")
    do(lan, quarantined, "clear", quarantine_ended=ago(0), reason="khoẻ")
    assert clock.opened(quarantined.pk, clocks.QUARANTINE) is None
    assert not waiting(person("pao"), ago(-10), ago(0), 20)
