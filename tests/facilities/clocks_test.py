"""What is to be done by a day stands on the first page and turns red; papers and terms are those of the day."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from tests.facilities.cases import SYSTEM, act, book, facility, stock, taxon
from tests.facilities.dossiers_test import dossier
from tests.facilities.pages_test import signed_in
from tests.facilities.visits_test import visit

from baoton.facilities.actions import clocks, dossiers
from baoton.facilities.models import Application, Finding, Notice, Stock
from baoton.kit.writing import clock, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
TODAY = timezone.localdate()


def started(day: date = TODAY) -> Finding:
    one = act("inspection", visit(facility(), day), "start")
    made: Finding = write.create(
        book("finding"), SYSTEM, Finding(inspection=one, what="thiếu biển", due=day + timedelta(9))
    )
    return made


def test_a_finding_falls_due_on_its_own_day_is_extended_and_stops_when_it_is_closed() -> None:
    one = started(date(2026, 5, 5))
    running = clock.opened(one.pk, clocks.MEND)
    assert running is not None and (running.began, running.due) == (date(2026, 5, 5), date(2026, 5, 14))
    page = signed_in("dung").get("/").content.decode()
    assert "thiếu biển" in page and "quá hạn" in page
    later = TODAY + timedelta(12)
    one = act("finding", one, "extend", due=later, reason="mưa lũ")
    running = clock.opened(one.pk, clocks.MEND)
    assert running is not None and running.due == later
    act("finding", one, "close", closed_on=TODAY, how="đã lắp")
    assert clock.opened(one.pk, clocks.MEND) is None
    assert "thiếu biển" not in signed_in("dung").get("/").content.decode()


def test_differences_that_became_findings_run_too() -> None:
    held = act(
        "stock", stock(facility(), since=date(2024, 1, 5)), "opening", kind="dam", amount=4, note="kiểm đếm"
    )
    one = act("inspection", visit(held.facility, TODAY), "start")
    for c in one.counts.all():
        write.edit(book("counted"), SYSTEM, c, {"counted": 3 if c.kind == "dam" else 0})
    act("inspection", one, "finish", checklist="sổ", summary="x")
    assert clock.opened(Finding.objects.get().pk, clocks.MEND) is not None


def test_a_planned_visit_falls_due_on_its_day_moves_with_it_and_stops_when_it_begins() -> None:
    one = visit(facility(), TODAY)
    assert clock.opened(one.pk, clocks.VISIT).due == TODAY  # type: ignore[union-attr]
    one = act("inspection", one, "reschedule", day=TODAY + timedelta(6), reason="mưa lũ")
    assert clock.opened(one.pk, clocks.VISIT).due == TODAY + timedelta(6)  # type: ignore[union-attr]
    act("inspection", one, "start", day=TODAY)
    assert clock.opened(one.pk, clocks.VISIT) is None


def test_ordinary_animals_that_came_in_are_to_be_told_of_in_three_working_days() -> None:
    at = facility(kind="ordinary")
    held = stock(at, "Hystrix brachyura", form="ordinary", since=date(2026, 3, 2))
    said = {"kind": "female", "amount": 4, "partner": "trại khác", "paper": "HĐ"}
    act("stock", held, "bought", day=date(2026, 4, 1), **said)
    running = clock.opened(held.pk, clocks.TELL)
    assert running is not None and (running.days, running.due) == (3, date(2026, 4, 6))
    assert "quá hạn" in signed_in("dung").get(book("stock").url(held)).content.decode()
    notice = Notice(
        facility=at, taxon=taxon("Hystrix brachyura"), amount=4, brought=date(2026, 4, 1), told=TODAY
    )
    assert write.create(book("notice"), SYSTEM, notice).late
    assert clock.opened(held.pk, clocks.TELL) is None
    listed = stock(facility("Trại khác"))
    act("stock", listed, "bought", day=date(2026, 4, 1), **{**said, "kind": "dam"})
    assert clock.opened(listed.pk, clocks.TELL) is None


def test_papers_are_ticked_by_kind_and_day_and_unknown_where_no_rule_tells() -> None:
    browser, one = signed_in("dung"), dossier(facility())
    page = f"/ho-so/{one.pk}/giay-to/"
    browser.post(page, {"paper": ["Phương án nuôi, trồng", "Đơn đề nghị cấp mã số"]})
    one.refresh_from_db()
    assert one.ticked == ["Đơn đề nghị cấp mã số", "Phương án nuôi, trồng"]
    told = browser.get(book("application").url(one)).content.decode()
    assert "Giấy tờ về nguồn gốc giống." in told and "Còn thiếu" in told and "chưa đọc trong văn bản" in told
    browser.post(page, {"paper": ["Giấy lạ"]})
    one.refresh_from_db()
    assert len(one.ticked) == 2
    with pytest.raises(ValidationError, match="Giấy lạ"):
        dossiers.tick(SYSTEM, one, ["Giấy lạ"])
    assert signed_in("minh").post(page, {"paper": []}).status_code in {403, 404}
    unknown = dossier(facility("Trại khác"), "taking")
    assert dossiers.papers_of(unknown) is None
    told = browser.get(book("application").url(unknown)).content.decode()
    assert "Chưa có căn cứ về thành phần hồ sơ" in told and "không tính hạn" in told


@pytest.mark.parametrize(
    ("received", "chose", "old"),
    [
        (date(2025, 12, 20), False, True),
        (date(2025, 12, 20), True, False),
        (date(2026, 1, 1), False, False),
        (date(2026, 1, 1), True, False),
    ],
)
def test_a_dossier_of_before_stays_under_the_old_rule_unless_its_owner_chose(
    received: date, chose: bool, old: bool
) -> None:
    one = act("application", dossier(facility(), chose_new=chose), "accept", on=received)
    assert one.old_rule is old
    running = clock.opened(one.pk, dossiers.TERM)
    assert (running is None) is old
    assert (dossiers.papers_of(one) is None) is old
    page = signed_in("dung").get(book("application").url(one)).content.decode()
    if received < date(2026, 1, 1):
        assert ("theo quy định cũ." in page) is old and ("đã chọn quy định mới" in page) is chose
    assert Application.objects.count() == 1 and Stock.objects.count() == 0
