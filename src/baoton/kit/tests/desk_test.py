"""The desk: one record after the other, each verb leads to the next, nothing is judged that one may not judge."""

from typing import Any

import pytest
from django.test import Client

from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.observations.models import Dataset, Occurrence, Status
from baoton.people.actions import give
from baoton.people.models import Person

pytestmark = pytest.mark.django_db
DESK = "/so/observations-occurrence/ban-lam-viec/?status=draft"


@pytest.fixture
def drafts(db: None) -> list[Occurrence]:
    dataset = Dataset.objects.create(code="thử", title="thử")
    return [
        Occurrence.objects.create(
            dataset=dataset, occurrence_id=str(i), scientific_name="Thử nghiệm", area_path="12/03451",
            shown_area_path="12/03451", sort_day=i,
        )
        for i in range(3)
    ]  # fmt: skip


def browser_of(role: str, area: str = "") -> Client:
    person = Person.objects.create(username=role)
    give(System(), person, role, area_path=area)
    browser = Client()
    browser.force_login(person)
    return browser


def act(browser: Client, page: Any, verb: str, **given: str) -> Any:
    record = page.context["record"]
    address = f"{REGISTERS['observations.occurrence'].url(record)}lam/{verb}/"
    return browser.post(
        address, {"next": page.context["next"], "wrong": page.context["here"], **given}, follow=True
    )


def test_a_verdict_leads_to_the_next_record(drafts: list[Occurrence]) -> None:
    browser = browser_of("officer")
    page = browser.get(DESK)
    assert page.context["record"].pk == drafts[2].pk and page.context["left"].number == 3
    page = act(browser, page, "verify", **{"verify-reason": "đã xem ảnh"})
    assert page.context["record"].pk == drafts[1].pk and page.context["last"].pk == drafts[2].pk
    assert Occurrence.objects.get(pk=drafts[2].pk).status == Status.VERIFIED
    page = act(browser, page, "refuse", **{"refuse-reason": "ảnh mờ"})
    assert page.context["record"].pk == drafts[0].pk
    page = browser.get(DESK)
    page = act(browser, page, "verify", **{"verify-reason": "rõ"})
    assert "Hết việc" in page.content.decode()


def test_what_is_left_for_later_stays_a_draft(drafts: list[Occurrence]) -> None:
    browser = browser_of("officer")
    page = browser.get(browser.get(DESK).context["skip"])
    assert page.context["record"].pk == drafts[1].pk
    assert Occurrence.objects.filter(status=Status.DRAFT).count() == 3


def test_a_verdict_without_its_reason_stays_on_the_record_and_says_why(drafts: list[Occurrence]) -> None:
    browser = browser_of("officer")
    page = act(browser, browser.get(DESK), "refuse")
    assert page.context["record"].pk == drafts[2].pk and "Ghi lý do" in page.content.decode()


def test_who_may_not_judge_is_offered_nothing(drafts: list[Occurrence]) -> None:
    page = browser_of("police").get(DESK)
    assert page.context.get("verbs", []) == []


def test_a_wrong_filter_or_cursor_ends_in_a_sentence_or_at_the_start(drafts: list[Occurrence]) -> None:
    browser = browser_of("officer")
    assert browser.get(DESK.replace("draft", "lạ")).status_code == 400
    assert browser.get(f"{DESK}&cursor=abc").status_code == 302
