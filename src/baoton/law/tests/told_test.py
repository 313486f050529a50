"""An indication as a page shows it: what holds and why, what is missing and where to enter it, nothing decided."""

from datetime import date
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils.translation import override

from baoton.law.queries import Told, tell
from rulebook.decisions import Facts, Item, Missing, deadlines, tables

pytestmark = [pytest.mark.once, pytest.mark.django_db]
JULY = date(2026, 7, 1)


def gibbon(**more: Any) -> Item:
    known: dict[str, Any] = {
        "kind": "animal",
        "group": "IB",
        "klass": "mammal",
        "state": "alive",
        "sort": "other",
    }
    return Item(**({"name": "Vượn", "number": 1} | known | more))


def civet(**more: Any) -> Item:
    known: dict[str, Any] = {
        "kind": "animal",
        "group": "IIB",
        "klass": "mammal",
        "state": "dead",
        "sort": "other",
    }
    return Item(**({"name": "Cầy hương", "number": 2, "value": 12_000_000} | known | more))


def told(*items: Item, **more: Any) -> Told:
    given: dict[str, Any] = {
        "day": JULY,
        "acts": {"hunting"},
        "offender": "person",
        "previous": "none",
    } | more
    return tell(Facts(items=items, **given), lambda m: f"/nhap/{m.name}")


def page(one: Told) -> str:
    return render_to_string("law/told.html", {"t": one})


def test_a_row_that_holds_says_the_fine_the_article_the_facts_and_the_goods() -> None:
    line = told(civet()).fines[0]
    assert line.then == "phạt tiền từ 25.000.000 đồng đến 50.000.000 đồng (cá nhân)"
    assert line.basis == "146/2026/NĐ-CP, Điều 24 khoản 4 điểm b" and line.items == ("Cầy hương",)
    assert "trị giá 12.000.000 đồng" in line.used and "tịch thu phương tiện vi phạm" in line.additional


def test_several_items_are_weighed_together_and_each_alone() -> None:
    both = told(gibbon(number=2), gibbon(name="Voọc"))
    assert both.crimes[0].basis.startswith("Bộ luật Hình sự, Điều 244") and both.fines == ()
    alone = {name: [line.row for line in lines] for name, lines in both.each}
    assert alone == {"Vượn": ["nd146_24.15.1"], "Voọc": ["nd146_24.14.1"]}
    assert told(gibbon()).each == ()


def test_an_act_without_a_day_asks_which_law_and_guesses_nothing() -> None:
    nothing = told(civet(), day=None)
    assert nothing.nothing and [(a.said, a.address) for a in nothing.asks] == [
        ("ngày xảy ra hành vi", "/nhap/day")
    ]
    assert "Chưa có ngày xảy ra hành vi" in page(nothing)


def test_a_fact_that_is_missing_leads_to_where_it_is_entered() -> None:
    asks = {a.said: a.address for a in told(civet(value=None)).asks}
    assert asks["trị giá (tang vật “Cầy hương”)"] == "/nhap/value"
    assert 'href="/nhap/value"' in page(told(civet(value=None)))


def test_what_is_not_verified_is_marked_and_the_words_say_that_it_suggests() -> None:
    shown = page(told(gibbon(number=3)))
    assert "Gợi ý" in shown and "người có thẩm quyền" in shown and "chưa xác minh:" in shown
    assert "chưa đối chiếu sửa đổi năm 2025" in shown


def test_nobody_is_told_that_nothing_was_done() -> None:
    nothing = told(civet(value=None))
    assert nothing.nothing and page(nothing).count("điều đó không có nghĩa là không") == 2


def test_a_circumstance_of_which_nobody_spoke_is_asked_and_one_that_was_there_is_told() -> None:
    one = told(gibbon(number=3), organised=True)
    assert {line.then for line in one.circumstances} >= {"có tổ chức", "vi phạm có tổ chức"}
    assert "có trong thời gian cấm hay không" in {a.said for a in one.unknown}
    assert "có tổ chức hay không" not in {a.said for a in one.unknown}


def test_offices_limits_hearing_and_clocks_stand_on_the_page() -> None:
    facts = Facts(
        day=JULY,
        acts=frozenset({"hunting"}),
        offender="person",
        previous="none",
        continuing=False,
        items=(civet(),),
    )
    one = tell(facts, lambda m: "", deadlines(JULY, seized=JULY))
    assert next(o.competent for o in one.offices) is False and any(o.competent is None for o in one.offices)
    assert one.limitation[0] == "01/07/2028" and one.hearing is not None and one.hearing[0] is True
    shown = page(one)
    assert (
        "Thời hạn tạm giữ tang vật" in shown
        and "Trạm trưởng Trạm Kiểm lâm" in shown
        and "01/07/2028" in shown
    )


def test_the_milder_law_is_told_when_the_law_changed_in_between() -> None:
    one = told(civet(group="ordinary", value=4_000_000), day=date(2026, 6, 24), decided=date(2026, 7, 10))
    assert one.comparisons[0][0] == "35/2019/NĐ-CP, Điều 21 → 146/2026/NĐ-CP, Điều 24"
    assert "hai khung bằng nhau" in one.comparisons[0][1]


def test_an_english_reader_reads_english_around_the_law() -> None:
    with override("en"):
        one = told(civet())
        assert one.fines[0].used == ("animal", "Group IIB", "value 12,000,000 VND")
        shown = page(one)
    assert "Suggestion: " in shown


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_table_has_a_page_that_anybody_may_read(language: str) -> None:
    browser = Client(headers={"accept-language": language})
    index = browser.get("/luat/bang-quyet-dinh/").content.decode()
    for name, table in tables().items():
        assert f"/luat/bang-quyet-dinh/{name}/" in index
        shown = browser.get(f"/luat/bang-quyet-dinh/{name}/").content.decode()
        assert all(f'id="{row.id}"' in shown for row in table.rows)
    assert browser.get("/luat/bang-quyet-dinh/khong-co/").status_code == 404
    assert browser.get("/luat/bang-quyet-dinh/?hanh_vi=khong_co").status_code == 404
    few = browser.get("/luat/bang-quyet-dinh/?hanh_vi=fire").content.decode()
    assert "nd146_20/" in few and "nd146_24/" not in few


def test_a_missing_fact_is_never_taken_for_no() -> None:
    assert {m.name for m in told(gibbon(number=1), previous=None).decision.missing} >= {"previous"}
    assert Missing("previous").said == "đã bị xử phạt, kết án về hành vi này hay chưa"
